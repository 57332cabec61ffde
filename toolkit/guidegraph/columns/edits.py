"""A graph of which some triples were replaced, made out of the one before without reading it again.

What an edit does not touch is taken over: copied as a whole, never looked at triple by triple.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from guidegraph.columns.columns import Codes, Columns, Pairs, Rows, Terms, Triples

FEW = 500
"""Triples of an edit after which known pairs are changed one by one, and not found anew."""


@dataclass(frozen=True, slots=True, eq=False)
class Splice:
    """The triples from row ``start`` up to ``stop`` are replaced by others."""

    start: int
    stop: int
    triples: Triples

    @property
    def longer(self) -> int:
        """How many more triples there are than before."""
        return len(self.triples[0]) - (self.stop - self.start)

    def moved(self, rows: Rows) -> Rows:
        """The new positions of rows that were not replaced."""
        return np.where(rows >= self.stop, rows + self.longer, rows) if self.longer else rows

    def taking(self, old: Triples) -> Splice:
        """The same without what was replaced by itself at its begin and at its end."""
        new = self.triples
        head = _same(old, new)
        most = min(len(old[0]), len(new[0])) - head
        tail = _same(_last(old, most), _last(new, most))
        kept = slice(head, len(new[0]) - tail)
        return Splice(
            self.start + head, self.stop - tail, (new[0][kept], new[1][kept], new[2][kept])
        )


def _last(triples: Triples, most: int) -> Triples:
    """So many of the last triples, the last first."""
    subjects, predicates, objects = (each[::-1][:most] for each in triples)
    return subjects, predicates, objects


def _same(left: Triples, right: Triples) -> int:
    """How many triples at the begin of both are the same."""
    size = min(len(left[0]), len(right[0]))
    differs = np.zeros(size, dtype=np.bool_)
    for one, other in zip(left, right, strict=True):
        differs |= one[:size] != other[:size]
    return int(differs.argmax()) if differs.any() else size


def spliced(columns: Columns, terms: Terms, splice: Splice) -> Columns:
    """The graph after an edit."""
    subjects, predicates, objects = (
        np.concatenate([each[: splice.start], more, each[splice.stop :]])
        for each, more in zip(columns.triples_of(), splice.triples, strict=True)
    )
    found = Columns(terms, subjects, predicates, objects, {}, edited=True)
    if "by_subject" in columns.__dict__:
        found.__dict__["by_subject"] = _ordered(columns, splice)
    gone = columns.predicates[splice.start : splice.stop]
    touched = set(np.concatenate([gone, splice.triples[1]]).tolist())
    for predicate, pairs in columns.kept.items():
        moved = _moved(pairs, splice)
        if predicate not in touched:
            found.kept[predicate] = moved
        elif len(splice.triples[0]) + len(gone) < FEW:
            old = columns.triples_of(splice.start, splice.stop)
            said = {each for part in (old, splice.triples) for each in _said(part, predicate)}
            found.kept[predicate] = _restated(moved, found, predicate, said)
    return found


def _said(triples: Triples, predicate: int) -> Iterator[tuple[int, int]]:
    """Subjects and objects of the triples with a predicate."""
    rows = np.flatnonzero(triples[1] == predicate)
    return zip(triples[0][rows].tolist(), triples[2][rows].tolist(), strict=True)


def _restated(pairs: Pairs, columns: Columns, predicate: int, said: set[tuple[int, int]]) -> Pairs:
    """Pairs of which some are there or not, as the columns say."""
    there = {}
    for subject, value in sorted(said):
        rows = columns.rows_about(subject)
        says = (columns.predicates[rows] == predicate) & (columns.objects[rows] == value)
        if says.any():
            there[subject, value] = int(rows[says].min())
    found = _exchanged(pairs, said, there)
    if "inverse" in pairs.__dict__:
        back = {(value, subject) for subject, value in said}
        there = {(value, subject): row for (subject, value), row in there.items()}
        found.__dict__["inverse"] = _exchanged(pairs.inverse, back, there)
    return found


def _exchanged(
    pairs: Pairs, gone: Iterable[tuple[int, int]], come: dict[tuple[int, int], int]
) -> Pairs:
    """Pairs without some, and with some others and their rows."""
    subjects, objects, rows = [pairs.subjects[:0]], [pairs.objects[:0]], [pairs.rows[:0]]
    last = 0
    for each in sorted(gone):
        at = pairs.place(*each)
        new = [(*each, come[each])] if each in come else []
        table = np.array(new, dtype=np.int32).reshape(-1, 3)
        subjects += pairs.subjects[last:at], table[:, 0]
        objects += pairs.objects[last:at], table[:, 1]
        rows += pairs.rows[last:at], table[:, 2].astype(np.int64)
        last = at + pairs.has(at, *each)
    return Pairs(
        np.concatenate([*subjects, pairs.subjects[last:]]),
        np.concatenate([*objects, pairs.objects[last:]]),
        np.concatenate([*rows, pairs.rows[last:]]),
    )


def _moved(pairs: Pairs, splice: Splice) -> Pairs:
    if not splice.longer:
        return pairs
    found = Pairs(pairs.subjects, pairs.objects, splice.moved(pairs.rows))
    if "inverse" in pairs.__dict__:
        back = pairs.inverse
        found.__dict__["inverse"] = Pairs(back.subjects, back.objects, splice.moved(back.rows))
    return found


def _ordered(columns: Columns, splice: Splice) -> Rows:
    """Rows in the order of their subjects after an edit."""
    order, new = columns.by_subject, splice.triples[0]
    old = columns.subjects[splice.start : splice.stop]
    if np.array_equal(old, new):
        return order
    gone = np.sort(_places(columns, old, np.arange(splice.start, splice.stop)))
    at = _places(columns, new, np.full(len(new), splice.start))
    by_subject = np.argsort(new, kind="stable")
    at = (at - np.searchsorted(gone, at))[by_subject]
    order = splice.moved(np.delete(order, gone))
    return np.insert(order, at, by_subject + splice.start)


def _places(columns: Columns, subjects: Codes, rows: Rows) -> Rows:
    """Where in the order of subjects rows about some subjects stand, or would stand."""
    order = columns.by_subject
    starts = np.searchsorted(columns.subjects, subjects, sorter=order)
    stops = np.searchsorted(columns.subjects, subjects, side="right", sorter=order)
    bounds = zip(starts.tolist(), stops.tolist(), rows.tolist(), strict=True)
    within = (int(np.searchsorted(order[start:stop], row)) for start, stop, row in bounds)
    return starts + np.fromiter(within, np.int64, len(rows))
