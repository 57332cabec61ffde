"""A part of a JSON value with its place, and the forms it may be asked to have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from guidegraph.interchange.base import LARGEST, InterchangeError, below
from guidegraph.suggestion import alike

S = TypeVar("S", bound=str)

EXACT = re.compile(r"(?:0|-?[1-9][0-9]*)(?:/[1-9][0-9]*)?", re.ASCII)
LONGEST_NUMBER = 1000
"""Characters of an exact number; more is refused, because reading it would take too long."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some JSON and the pointer to it. Every method raises ``InterchangeError`` if it is not so."""

    value: Any
    pointer: str = ""

    def fault(self, problem: str) -> InterchangeError:
        """A fault at this place."""
        return InterchangeError(self.pointer, problem)

    def has(self, key: str) -> bool:
        """Whether this is an object with such a key."""
        return isinstance(self.value, dict) and key in self.value

    def __getitem__(self, key: str) -> Part:
        """The part under a key of an object that ``keys`` has found to be there."""
        return Part(self.value[key], below(self.pointer, key))

    def keys(self, required: Iterable[str], optional: Iterable[str] = ()) -> None:
        """This is an object with these keys and no others."""
        needed, known = list(required), [*required, *optional]
        if not isinstance(self.value, dict):
            raise self.fault(f"an object is needed here, not {_kind(self.value)}.")
        for key in needed:
            if key not in self.value:
                raise self.fault(f"`{key}` is missing.")
        for key in self.value:
            if key not in known:
                near = alike(str(key), known)
                hint = f" Did you mean `{near[0]}`?" if near else f" Known: {', '.join(known)}."
                raise self.fault(f"`{str(key)[:60]}` is not known here.{hint}")

    def items(self) -> tuple[Part, ...]:
        """The parts of a list."""
        if not isinstance(self.value, list):
            raise self.fault(f"a list is needed here, not {_kind(self.value)}.")
        return tuple(Part(e, below(self.pointer, place)) for place, e in enumerate(self.value))

    def entries(self) -> dict[str, Part]:
        """The parts of an object whose keys are free."""
        if not isinstance(self.value, dict):
            raise self.fault(f"an object is needed here, not {_kind(self.value)}.")
        return {str(key): self[key] for key in self.value}

    def text(self) -> str:
        """A text."""
        if not isinstance(self.value, str):
            raise self.fault(f"a text is needed here, not {_kind(self.value)}.")
        return self.value

    def texts(self) -> tuple[str, ...]:
        """A list of texts, none of them twice."""
        found = tuple(each.text() for each in self.items())
        if len(set(found)) < len(found):
            raise self.fault("a text stands here twice.")
        return found

    def choice(self, known: Iterable[S]) -> S:
        """One of some words."""
        words = {str(each): each for each in known}
        if not isinstance(self.value, str) or self.value not in words:
            raise self.fault(f"one of {', '.join(words)} is needed here.")
        return words[self.value]

    def truth(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise self.fault(f"true or false is needed here, not {_kind(self.value)}.")
        return self.value

    def count(self, least: int = -LARGEST) -> int:
        """A whole number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise self.fault(f"a whole number is needed here, not {_kind(self.value)}.")
        if not least <= self.value <= LARGEST:
            raise self.fault(f"a whole number from {least} to {LARGEST} is needed here.")
        return self.value

    def exact(self) -> Fraction:
        """An exact number, written in one way only."""
        text = self.value
        if not isinstance(text, str) or not EXACT.fullmatch(text):
            raise self.fault('an exact number is needed here, as a text: "-2" or "7/3".')
        if len(text) > LONGEST_NUMBER:
            raise self.fault(f"a number has at most {LONGEST_NUMBER} characters.")
        number = Fraction(text)
        if str(number) != text:
            raise self.fault(f'write "{number}", in lowest terms.')
        return number


def _kind(value: Any) -> str:
    for form, words in (
        (bool, "true or false"),
        (int, "a number"),
        (float, "a number that is not whole"),
        (str, "a text"),
        (list, "a list"),
        (dict, "an object"),
    ):
        if isinstance(value, form):
            return words
    return "null"
