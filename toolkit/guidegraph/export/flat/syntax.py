"""How a flat program is written in a language: one method for each kind of test and value."""

from __future__ import annotations

import textwrap
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, assert_never

from guidegraph.export.flat.steps import (
    Answer,
    Choice,
    Chosen,
    Comparison,
    Comparisons,
    Enough,
    Expression,
    Fact,
    Is,
    IsEmpty,
    Joined,
    Member,
    Pick,
    Same,
    Step,
    Sum,
    Test,
    Value,
    Window,
)
from guidegraph.export.words import clean

WIDTH = 99
Pieces = tuple[str, ...]
"""Text that may be broken between its pieces."""


class Syntax(ABC):
    """Writes steps and constants.

    ``indent`` is one step inwards, ``comment`` begins a comment that ends with its line, ``signs``
    are the words for *and*, *or*, ``=`` and ``!=``, ``truths`` those for True, False and None.
    """

    indent: str
    comment: str
    signs: Mapping[str, str]
    truths: Mapping[Any, str]
    tuple_ends: tuple[str, str]

    # --- steps ------------------------------------------------------------------------------------

    def step(self, step: Step, depth: int) -> str:
        """The comments of a step and its assignment, ``depth`` steps inwards."""
        indent = self.indent * depth
        lines = [""] if step.starts_section else []
        lines += [line for each in step.comments for line in self.commented(each, indent)]
        return "\n".join([*lines, *self.assignment(step.local, self.pieces(step), indent)])

    def pieces(self, step: Step) -> Pieces:
        """What a step assigns."""
        return tuple(self._expression(step.expression))

    def commented(self, text: str, indent: str = "", hanging: str = "  ") -> list[str]:
        """Text as comments, wrapped; further lines are indented by ``hanging``."""
        start = f"{indent}{self.comment} "
        return textwrap.wrap(
            self.harmless(clean(text)),
            WIDTH,
            initial_indent=start,
            subsequent_indent=start + hanging,
            break_long_words=False,
            break_on_hyphens=False,
        )

    def harmless(self, text: str) -> str:
        """One line of text as it may stand in a comment."""
        return text

    @abstractmethod
    def assignment(self, local: str, pieces: Pieces, indent: str) -> Iterator[str]:
        """The lines that give a local its value."""

    @abstractmethod
    def choice(self, cases: Sequence[tuple[Pieces, Pieces]], otherwise: Pieces) -> Iterator[str]:
        """The value of the first test that is met: tests with their values, then the last value."""

    def _expression(self, expression: Expression) -> Iterable[str]:
        if not isinstance(expression, Choice):
            return self._value(expression)
        cases = [(self._test(test), self._value(value)) for test, value in expression.cases]
        return self.choice(cases, self._value(expression.otherwise))

    # --- tests ------------------------------------------------------------------------------------

    def _test(self, test: Test) -> Pieces:
        match test:
            case Is():
                return (self.asked(test),)
            case IsEmpty(local):
                return (self.empty(local),)
            case Joined(joint, tests):
                return self._joined(joint, [self.asked(each) for each in tests])
            case Enough(items, at_least):
                points = [self.points(each, count) for each, count in items] or ["0"]
                return (*_with_sign("+", points), f">= {at_least}")
            case _:
                assert_never(test)

    def _joined(self, joint: str, parts: Sequence[str]) -> Pieces:
        return tuple(_with_sign(self.signs[joint], parts))

    @abstractmethod
    def asked(self, test: Is) -> str:
        """A local has, or has not, an answer."""

    @abstractmethod
    def empty(self, local: str) -> str:
        """A list is unknown or empty."""

    @abstractmethod
    def points(self, test: Is, count: int) -> str:
        """``count`` if a test is met, else 0; safe inside a sum."""

    # --- values -----------------------------------------------------------------------------------

    def _value(self, value: Value) -> Pieces:
        match value:
            case Answer(truth):
                return (self.truths[truth],)
            case Same(local, is_so):
                return (local if is_so else self.opposite(local),)
            case Fact(name):
                return (f"facts[{self.quoted(name)}]",)
            case Chosen(name):
                return (f"settings[{self.quoted(name)}]",)
            case Window():
                return (self.window(value),)
            case Pick():
                return (self.picked(value),)
            case Member(local, codes):
                return self.member(local, tuple(map(self.quoted, codes)))
            case Comparisons(joint, parts):
                return self._joined(joint, [self._comparison(each) for each in parts])
            case _:
                assert_never(value)

    def _comparison(self, comparison: Comparison) -> str:
        sign = self.signs.get(comparison.op, comparison.op)
        return f"{_sum(comparison.left)} {sign} {_sum(comparison.right)}"

    @abstractmethod
    def opposite(self, local: str) -> str:
        """Not, of a local that is known."""

    @abstractmethod
    def window(self, window: Window) -> str:
        """The values inside a window of a series that is known."""

    @abstractmethod
    def picked(self, pick: Pick) -> str:
        """A number made of values."""

    @abstractmethod
    def member(self, local: str, codes: Sequence[str]) -> Pieces:
        """A known code is one of ``codes``, which are quoted already."""

    @abstractmethod
    def status(self, guard: str, effective: str) -> str:
        """The status of a rule, from the locals of its guard and of its effectiveness."""

    @abstractmethod
    def check(self, name: str, declared: Mapping[str, Any]) -> str:
        """A test of the form of a fact, from what is declared of it, as its template wants it."""

    # --- constants --------------------------------------------------------------------------------

    @abstractmethod
    def prose(self, text: str) -> str:
        """Lines of text as they may stand in the words above a module."""

    @abstractmethod
    def quoted(self, text: str) -> str:
        """Text as a string of the language."""

    def key(self, text: str) -> str:
        """A name in a table of constants."""
        return self.quoted(text)

    def constant(self, value: Any, indent: str = "", room: int = 40) -> str:
        """Strings, numbers, answers, tuples and dictionaries of them as a constant.

        One entry a line where it does not fit; ``room`` is what stands before it on its line.
        """
        if isinstance(value, str):
            return self.quoted(value)
        if value is None or isinstance(value, bool):
            return self.truths[value]
        if isinstance(value, int):
            return str(value)
        inner = indent + self.indent
        if isinstance(value, dict):
            heads = [f"{self.key(name)}: " for name in value]
            opening, closing = "{", "}"
        else:
            heads = [""] * len(value)
            opening, closing = self.tuple_ends
        parts = value.values() if isinstance(value, dict) else value
        written = [
            head + self.constant(each, inner, len(inner + head))
            for head, each in zip(heads, parts, strict=True)
        ]
        comma = "," if len(written) == 1 and opening == "(" else ""
        line = f"{opening}{', '.join(written)}{comma}{closing}"
        if room + len(line) < WIDTH and "\n" not in line:
            return line
        return f"{opening}\n" + "".join(f"{inner}{each},\n" for each in written) + indent + closing


def _with_sign(sign: str, parts: Sequence[str]) -> Iterator[str]:
    for place, part in enumerate(parts):
        yield f"{sign} {part}" if place else part


def _sum(side: Sum) -> str:
    parts = [local if each == 1 else f"{each} * {local}" for each, local in side.terms]
    return " + ".join(parts + ([str(side.constant)] if side.constant or not parts else []))
