"""What reading and writing share: the name of the form, and how a fault in it is told."""

from __future__ import annotations

FORMAT = "guidegraph-program/1"
"""The form and its version; a change that an older reader would misunderstand gets a new number."""

LARGEST = 2**53 - 1
"""The largest whole number, either side of 0, that every reader of JSON holds exactly."""


class InterchangeError(ValueError):
    """A program that is no program; ``pointer`` (RFC 6901) says where, ``problem`` what."""

    def __init__(self, pointer: str, problem: str) -> None:
        super().__init__(f"At {pointer or 'the top'}: {problem}")
        self.pointer = pointer
        self.problem = problem


def below(pointer: str, part: str | int) -> str:
    """The pointer of a part of what ``pointer`` points at."""
    return f"{pointer}/{str(part).replace('~', '~0').replace('/', '~1')}"
