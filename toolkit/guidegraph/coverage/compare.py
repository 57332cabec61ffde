"""Comparing an inventory with a guideline: encoded, left out with a reason, or missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from guidegraph.coverage.inventory import Inventory, Row, is_id
from guidegraph.diagnostic import Location
from guidegraph.entity import Entity
from guidegraph.model import Guideline, Omission, SourcePassage
from guidegraph.suggestion import alike


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one group: how many there are and how many the inventory counts itself."""

    name: str
    rows: int
    counted: int | None
    encoded: int
    left_out: int

    @property
    def missing(self) -> int:
        """How many rows are neither encoded nor left out."""
        return self.rows - self.encoded - self.left_out

    @property
    def miscounted(self) -> bool:
        """Whether the inventory counts another number of rows than it has."""
        return self.counted is not None and self.counted != self.rows


@dataclass(frozen=True, slots=True)
class Left:
    """A row that was deliberately left out, and the reason that is given."""

    row: Row
    omission: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A notation of a thing that looks like an id of the inventory and is none."""

    notation: str
    thing: str
    at: Location
    meant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of every row; ``both`` are rows that are encoded and left out."""

    groups: tuple[Group, ...]
    total: int | None
    missing: tuple[Row, ...]
    left_out: tuple[Left, ...]
    both: tuple[Row, ...]
    repeated: tuple[Row, ...]
    unknown: tuple[Unknown, ...]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(each.rows for each in self.groups)

    @property
    def complete(self) -> bool:
        """Whether nothing is missing and the inventory has as many rows as it says."""
        counted = self.total is None or self.total == self.rows
        return not self.missing and counted and not any(each.miscounted for each in self.groups)


def coverage(listed: Inventory, guideline: Guideline) -> Coverage:
    """What became of every row of an inventory in a guideline.

    A passage says where a row stands in the source, so it does not count as encoding it.
    """
    encoded: dict[str, Entity] = {}
    omitted: dict[str, Omission] = {}
    for thing in guideline.entities.values():
        for notation in thing.notation:
            if isinstance(thing, Omission):
                omitted.setdefault(notation, thing)
            elif not isinstance(thing, SourcePassage):
                encoded.setdefault(notation, thing)
    rows = tuple({each.id: each for each in reversed(listed.rows)}.values())[::-1]
    counts = Counter(each.id for each in listed.rows)
    left_out = tuple(
        Left(each, omitted[each.id].id, str(omitted[each.id].rationale))
        for each in rows
        if each.id in omitted and each.id not in encoded
    )
    return Coverage(
        groups=tuple(_groups(listed, rows, encoded, {each.row.id for each in left_out})),
        total=listed.total,
        missing=tuple(each for each in rows if each.id not in encoded and each.id not in omitted),
        left_out=left_out,
        both=tuple(each for each in rows if each.id in encoded and each.id in omitted),
        repeated=tuple(each for each in rows if counts[each.id] > 1),
        unknown=tuple(_unknown(listed, guideline)),
    )


def _groups(
    listed: Inventory, rows: Iterable[Row], encoded: Iterable[str], left_out: set[str]
) -> list[Group]:
    """The groups in the order of the counts, then of the rows."""
    members: dict[str, list[str]] = {name: [] for name in listed.counts}
    for each in rows:
        members.setdefault(listed.group(each.id), []).append(each.id)
    there = set(encoded)
    return [
        Group(
            name=name,
            rows=len(ids),
            counted=listed.counts.get(name),
            encoded=sum(each in there for each in ids),
            left_out=sum(each in left_out for each in ids),
        )
        for name, ids in members.items()
    ]


def _unknown(listed: Inventory, guideline: Guideline) -> Iterable[Unknown]:
    """Notations of the form of an id, of a source the inventory knows, that are no row of it."""
    known = {each.id for each in listed.rows}
    sources = {each.split("-")[0] for each in known}
    for thing in guideline.entities.values():
        for notation in thing.notation:
            ours = is_id(notation) and notation.split("-")[0] in sources
            if ours and notation not in known:
                yield Unknown(notation, thing.id, thing.at, alike(notation, known, 0.8))
