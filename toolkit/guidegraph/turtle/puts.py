"""One property of a block gets other values: what stays keeps its very characters.

A value that is there already is not touched; a new value takes the place of one that goes, where
there is one, so that a changed number is a change of these characters only. Inside a part the same
holds for each of its properties.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain

from guidegraph.turtle import parsing
from guidegraph.turtle.names import Names
from guidegraph.turtle.splices import (
    Holder,
    gap,
    replaced,
    with_entry,
    with_value,
    without_entry,
    without_value,
)
from guidegraph.turtle.tree import Block, Node
from guidegraph.turtle.values import RDF_TYPE, Literal, Part, Sequence, Value, is_nameless, key
from guidegraph.turtle.writing import grouped, verb, written

Path = tuple[int, ...]
"""Which of the objects or members, from the block down to a part inside parts."""

Place = tuple[int, ...]
"""Which block (where there are several), which of its properties, which value of that."""

Position = Callable[[Block, str], int]
"""Where a block that does not have a property yet gets it: before the property now there."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What happens to the values of one property: other words, gone, and one more."""

    changed: tuple[tuple[Place, Value], ...]
    gone: tuple[Place, ...]
    more: tuple[Value, ...]

    @property
    def is_empty(self) -> bool:
        """Whether all stays."""
        return not (self.changed or self.gone or self.more)


def distinct(values: Iterable[Value]) -> tuple[Value, ...]:
    """Each value once; parts and sequences are things of their own and may be alike."""
    found: dict[object, Value] = {}
    for number, each in enumerate(values):
        found.setdefault(number if is_nameless(each) else key(each), each)
    return tuple(found.values())


def plan(places: list[tuple[Place, Value]], values: tuple[Value, ...]) -> Plan:
    """How the values at these places become these values with the fewest changes."""
    new = list(distinct(values))
    wanted = Counter(key(each) for each in new)
    kept: Counter[object] = Counter()
    old = []
    for place, value in places:
        name = key(value)
        if kept[name] < wanted[name] or (wanted[name] and not is_nameless(value)):
            kept[name] += 1
        else:
            old.append((place, value))
    missing = []
    for each in new:
        if kept[key(each)] > 0:
            kept[key(each)] -= 1
        else:
            missing.append(each)
    pairs = _pairs([value for _, value in old], missing)
    return Plan(
        tuple((old[was][0], missing[will]) for was, will in sorted(pairs.items())),
        tuple(place for number, (place, _) in enumerate(old) if number not in pairs),
        tuple(each for number, each in enumerate(missing) if number not in pairs.values()),
    )


def _pairs(old: list[Value], new: list[Value]) -> dict[int, int]:
    """Which old value makes room for which new one: those most alike first, then in order."""
    mine, other = [_features(each) for each in old], [_features(each) for each in new]
    alike = sorted(
        (-shared, was, will)
        for was, left in enumerate(mine)
        for will, right in enumerate(other)
        if (shared := (left & right).total())
    )
    found: dict[int, int] = {}
    taken: set[int] = set()
    rest = ((0, was, will) for was in range(len(old)) for will in range(len(new)))
    for _, was, will in chain(alike, rest):
        if was not in found and will not in taken:
            found[was] = will
            taken.add(will)
    return found


def _features(value: Value) -> Counter[object]:
    match value:
        case Literal(_, datatype, language):
            return Counter([Literal, datatype, language.lower()])
        case Part(statements):
            return Counter([Part, *((each, key(one)) for each, one in statements)])
    return Counter([type(value)])


class Editing:
    """One block being changed; ``block`` is None once nothing of it is left."""

    def __init__(self, block: Block, newline: str, position: Position) -> None:
        self.block: Block | None = block
        self.newline = newline
        self.position = position

    def put(self, path: Path, predicate: str, values: tuple[Value, ...]) -> None:
        """Give a property of the block, or of the part at a path, these values."""
        found = plan(self.places(path, predicate), values)
        self.apply(path, predicate, found)

    def places(self, path: Path, predicate: str) -> list[tuple[Place, Value]]:
        """Where the values of a property stand now."""
        return [
            ((number, position), each.value)
            for number, entry in enumerate(self._holder(path).entries)
            if entry.predicate == predicate
            for position, each in enumerate(entry.objects)
        ]

    def apply(self, path: Path, predicate: str, wanted: Plan) -> None:
        """Do what a plan says."""
        for place, value in wanted.changed:
            self._change((*path, self._flat(path, place)), value)
        for place in sorted(wanted.gone, reverse=True):
            self._take_away(path, place)
        if wanted.more:
            self._add(path, predicate, wanted.more)

    # ---- one value -----------------------------------------------------------------------

    def _change(self, path: Path, value: Value) -> None:
        node = self._node(path)
        match node.value, value:
            case Part(statements), Part(new) if statements and new:
                self._change_part(path, node, new)
            case Sequence(members), Sequence(new_members) if members and new_members:
                self._change_sequence(path, node, new_members)
            case _:
                self._write(((node.start, node.end, written(value, self._names())),))

    def _change_part(self, path: Path, node: Node, new: tuple[tuple[str, Value], ...]) -> None:
        wanted = dict(grouped(new))
        for predicate, values in wanted.items():
            self.put(path, predicate, values)
        for predicate in dict.fromkeys(each.predicate for each in node.entries):
            if predicate not in wanted:
                self.put(path, predicate, ())

    def _change_sequence(self, path: Path, node: Node, new: tuple[Value, ...]) -> None:
        old = [key(each.value) for each in node.members]
        names = [key(each) for each in new]
        first = 0
        while first < min(len(old), len(names)) and old[first] == names[first]:
            first += 1
        last = 0
        while last < min(len(old), len(names)) - first and old[-1 - last] == names[-1 - last]:
            last += 1
        if len(old) == len(names):
            for number in range(first, len(old) - last):
                if old[number] != names[number]:
                    self._change((*path, number), new[number])
            return
        text = [written(each, self._names()) for each in new[first : len(new) - last]]
        gone = node.members[first : len(old) - last]
        if gone and text:
            self._write(((gone[0].start, gone[-1].end, " ".join(text)),))
        elif gone and first:
            self._splice(node.members[first - 1].end, gone[-1].end, "")
        elif gone:
            self._splice(gone[0].start, node.members[len(gone)].start, " ")
        elif first:
            at = node.members[first - 1].end
            self._splice(at, at, " " + " ".join(text))
        else:
            at = node.members[0].start
            self._splice(at, at, " ".join(text) + " ")

    # ---- values that come and go -----------------------------------------------------------

    def _take_away(self, path: Path, place: Place) -> None:
        holder = self._holder(path)
        number, position = place[-2:]
        entry = holder.entries[number]
        if len(entry.objects) > 1:
            self._read(without_value(holder.text, entry, position))
        elif len(holder.entries) > 1:
            self._read(without_entry(holder, number))
        elif path:
            self._write(((holder.opened - 1, holder.close + 1, "[]"),))
        else:
            self.block = None

    def _add(self, path: Path, predicate: str, values: tuple[Value, ...]) -> None:
        texts = [written(each, self._names()) for each in values]
        holder = self._holder(path)
        there = [n for n, each in enumerate(holder.entries) if each.predicate == predicate]
        if there:
            for text in texts:
                holder = self._holder(path)
                self._read(with_value(holder, holder.entries[there[-1]], text))
            return
        word = verb(predicate, self._names())
        if not holder.entries:
            new = f"[ {word} {' , '.join(texts)} ]"
            self._write(((holder.opened - 1, holder.close + 1, new),))
        else:
            self._read(with_entry(holder, self._position(path, predicate), word, texts))

    def _position(self, path: Path, predicate: str) -> int:
        if path:
            return 0 if predicate == RDF_TYPE else len(self._holder(path).entries)
        assert self.block is not None
        return self.position(self.block, predicate)

    # ---- the text ----------------------------------------------------------------------------

    def _names(self) -> Names:
        assert self.block is not None
        return self.block.names

    def _write(self, edits: Iterable[tuple[int, int, str]]) -> None:
        assert self.block is not None
        self._read(replaced(self.block.text, edits))

    def _splice(self, start: int, end: int, new: str) -> None:
        assert self.block is not None
        text = self.block.text
        space = "" if new.endswith(" ") else gap(new, text[end:])
        self._read(text[:start] + new + space + text[end:])

    def _read(self, text: str) -> None:
        assert self.block is not None
        self.block = parsing.block(text, self.block.names)

    def _node(self, path: Path) -> Node:
        assert self.block is not None
        here: Block | Node = self.block
        for step in path:
            inside = [each for entry in here.entries for each in entry.objects]
            here = (inside or list(getattr(here, "members", ())))[step]
        assert isinstance(here, Node)
        return here

    def _holder(self, path: Path) -> Holder:
        assert self.block is not None
        return Holder.of(self.block, self._node(path) if path else None, self.newline)

    def _flat(self, path: Path, place: Place) -> int:
        before = self._holder(path).entries[: place[0]]
        return sum(len(each.objects) for each in before) + place[1]
