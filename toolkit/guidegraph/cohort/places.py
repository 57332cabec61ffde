"""Where each input of a program stands among the numbers that are gathered of a person.

Answers are bits: one for yes and one for no of a yes/no input, one for each code. So one aggregate
gathers all answers of a person, and an input with two bits has been answered in two ways.
"""

from __future__ import annotations

from dataclasses import dataclass

from guidegraph.program import Input, Program

WORD = 60
"""How many bits share a column of 64."""


@dataclass(frozen=True, slots=True)
class Place:
    """An input, its number, and the bit of each of its answers as ``(column, bit)``."""

    declared: Input
    number: int
    answers: dict[str, tuple[int, int]]

    @property
    def name(self) -> str:
        """The local name of the input, as files have it."""
        return self.declared.name

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers with a unit."""
        return self.declared.kind in ("quantity", "series")

    @property
    def flag(self) -> tuple[int, int]:
        """Column and bit that stand for the whole input."""
        column, place = divmod(self.number, WORD)
        return column, 1 << place


@dataclass(frozen=True, slots=True)
class Places:
    """All inputs of a program. ``anchor`` is the moment from which its times are counted."""

    all: tuple[Place, ...]
    anchor: str

    @property
    def by_name(self) -> dict[str, Place]:
        """Every input by its name."""
        return {each.name: each for each in self.all}

    @property
    def clocks(self) -> tuple[str, str]:
        """The names under which files state the moments of a person."""
        return self.anchor, "now"

    @property
    def answer_columns(self) -> int:
        """How many columns the answers take."""
        return 1 + max(
            (column for each in self.all for column, _ in each.answers.values()), default=0
        )

    @property
    def flag_columns(self) -> int:
        """How many columns a bit for each input takes."""
        return len(self.all) // WORD + 1


def places(program: Program) -> Places:
    """The places of a program's inputs; all answers of one input share a column."""
    found: list[Place] = []
    column = used = 0
    for number, each in enumerate(one for one in program.inputs if one.name != "now"):
        words = {"boolean": ("true", "false"), "code": each.codes}.get(each.kind, ())
        if used + len(words) > WORD:
            column, used = column + 1, 0
        bits = {word: (column, 1 << (used + place)) for place, word in enumerate(words)}
        used += len(words)
        found.append(Place(each, number, bits))
    return Places(tuple(found), program.anchor)
