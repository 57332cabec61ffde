"""A document as a tree of values, each with its place: what JSON and YAML have in common.

Numbers are kept as the text that was written, so that nothing is rounded on the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from guidegraph.diagnostic import Location
from guidegraph.patient.faults import Faults, shown

ScalarKind = Literal["string", "number", "boolean", "null"]

DEEPEST = 32
"""How many levels a document may be nested."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value. ``text`` is as written (without quotes): ``true``, ``840``, ``1.50``."""

    kind: ScalarKind
    text: str
    at: Location


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of values."""

    items: tuple[Node, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class Entry:
    """A name and its value; ``at`` is where the name stands."""

    key: str
    value: Node
    at: Location


@dataclass(frozen=True, slots=True)
class Mapping:
    """Names with values, in the order of the document."""

    entries: tuple[Entry, ...]
    at: Location

    def get(self, key: str) -> Node | None:
        """The value under a name, or None where the name does not occur."""
        return next((each.value for each in self.entries if each.key == key), None)


Node = Scalar | Sequence | Mapping


class TooDeepError(Exception):
    """The document is nested more deeply than ``DEEPEST``."""


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not been met yet."""

    at: Location
    is_mapping: bool
    items: list[Node]
    entries: list[Entry]
    key: tuple[str, Location] | None = None


class Builder:
    """Builds a tree from the parts of a document in their order, without recursion.

    Repeated names in one mapping are faults; the tree keeps both.
    """

    def __init__(self, faults: Faults) -> None:
        self.root: Node | None = None
        self._faults = faults
        self._open: list[_Open] = []

    @property
    def wants_key(self) -> bool:
        """Whether the next thing must be the name of an entry."""
        return bool(self._open) and self._open[-1].is_mapping and self._open[-1].key is None

    def begin(self, at: Location, *, is_mapping: bool) -> None:
        """A list or mapping begins.

        Raises:
            TooDeepError: inside too many others.
        """
        if len(self._open) >= DEEPEST:
            raise TooDeepError
        self._open.append(_Open(at, is_mapping, [], []))

    def end(self) -> None:
        """The innermost list or mapping ends."""
        done = self._open.pop()
        if done.is_mapping:
            self._report_repeats(done.entries)
            self.value(Mapping(tuple(done.entries), done.at))
        else:
            self.value(Sequence(tuple(done.items), done.at))

    def key(self, text: str, at: Location) -> None:
        """The name of the next value of the innermost mapping."""
        self._open[-1].key = (text, at)

    def value(self, node: Node) -> None:
        """A finished value takes its place."""
        if not self._open:
            self.root = node
            return
        inner = self._open[-1]
        if inner.key is None:
            inner.items.append(node)
        else:
            inner.entries.append(Entry(inner.key[0], node, inner.key[1]))
            inner.key = None

    def _report_repeats(self, entries: list[Entry]) -> None:
        first: dict[str, Location] = {}
        for each in entries:
            if each.key not in first:
                first[each.key] = each.at
                continue
            self._faults.add(
                "E006",
                each.at,
                f"The name {shown(each.key)} stands twice in the same place of the file.",
                why=f"It first stands in line {first[each.key].line}; which of the two is meant "
                "cannot be known.",
                help="Keep one of them. Several measurements belong into one list.",
            )
