"""The triples of a graph as columns, and the index of each predicate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyoxigraph as ox

Codes = npt.NDArray[np.int32]
"""Numbers of terms."""
Rows = npt.NDArray[np.int64]
"""Positions of triples, in the order in which they were read."""
Triples = tuple[Codes, Codes, Codes]
"""Subjects, predicates and objects, row by row."""
Term = ox.NamedNode | ox.BlankNode | ox.Literal

IRI, BLANK, LITERAL = 0, 1, 2
_KINDS = {ox.NamedNode: IRI, ox.BlankNode: BLANK, ox.Literal: LITERAL}


@dataclass(frozen=True, eq=False)
class Terms:
    """Terms and their numbers, from 0 in the order in which they first came.

    An edited graph shares ``numbers`` with the one before it and puts what is new behind; each
    knows only the first ``size`` of them.
    """

    numbers: dict[Term, int]
    size: int = -1

    def __post_init__(self) -> None:
        if self.size < 0:
            object.__setattr__(self, "size", len(self.numbers))

    @cached_property
    def all(self) -> list[Term]:
        """Every term, by its number; behind them perhaps some of later graphs."""
        return list(self.numbers)

    @cached_property
    def kinds(self) -> npt.NDArray[np.uint8]:
        """IRI, BLANK or LITERAL for each number."""
        return _kinds(self.all[: self.size])

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, number: int) -> Term:
        return self.all[number]

    def number(self, term: Term) -> int:
        """The number of a term; -1 where no triple has it."""
        found = self.numbers.get(term, -1)
        return found if found < self.size else -1

    def grown(self, terms: Iterable[Term]) -> Terms:
        """The same and some terms that may be new; nothing here changes its number."""
        numbers, listed, kinds = self.numbers, self.all, self.kinds
        for each in terms:
            if numbers.setdefault(each, len(numbers)) == len(listed):
                listed.append(each)
        found = Terms(numbers)
        more = _kinds(listed[self.size :])
        found.__dict__.update(all=listed, kinds=np.concatenate([kinds, more]))
        return found


def _kinds(terms: list[Term]) -> npt.NDArray[np.uint8]:
    return np.fromiter(map(_KINDS.__getitem__, map(type, terms)), np.uint8, len(terms))


@dataclass(frozen=True, eq=False)
class Pairs:
    """Subjects and objects of one predicate: ordered by subject, then by object, none twice.

    ``rows`` is, for each pair, the first triple that says it.
    """

    subjects: Codes
    objects: Codes
    rows: Rows

    @cached_property
    def inverse(self) -> Pairs:
        """The same with subjects and objects exchanged."""
        order = np.lexsort((self.subjects, self.objects))
        return Pairs(self.objects[order], self.subjects[order], self.rows[order])

    def place(self, subject: int, value: int) -> int:
        """Where a pair stands, or would stand."""
        start, stop = self.of(subject)
        return start + int(np.searchsorted(self.objects[start:stop], np.int32(value)))

    def has(self, at: int, subject: int, value: int) -> bool:
        """Whether a pair stands at a place."""
        return at < len(self) and self.subjects[at] == subject and self.objects[at] == value

    def of(self, subject: int) -> tuple[int, int]:
        """From where to where the pairs of a subject stand."""
        start, stop = np.searchsorted(self.subjects, np.array([subject, subject + 1], np.int32))
        return int(start), int(stop)

    def __len__(self) -> int:
        return len(self.subjects)


@dataclass(frozen=True, eq=False)
class Columns:
    """A graph. Triples stand in the order in which they were read; one may be there twice.

    ``kept`` are pairs that are known already. ``edited`` says that they are so of most predicates,
    and that there may be terms that no triple has any more.
    """

    terms: Terms
    subjects: Codes
    predicates: Codes
    objects: Codes
    kept: dict[int, Pairs] = field(default_factory=dict)
    edited: bool = False

    def __len__(self) -> int:
        return len(self.subjects)

    def pairs(self, predicate: int) -> Pairs:
        """Who is connected to what by a predicate; nobody where no triple has it."""
        if (found := self.kept.get(predicate)) is None:
            found = self.kept[predicate] = self._pairs(predicate)
        return found

    def _pairs(self, predicate: int) -> Pairs:
        rows = self._rows(predicate)
        pairs = self.subjects[rows].astype(np.int64) << 32 | self.objects[rows]
        distinct, first = np.unique(pairs, return_index=True)
        return Pairs(
            (distinct >> 32).astype(np.int32),
            (distinct & 0xFFFFFFFF).astype(np.int32),
            rows[first],
        )

    def _rows(self, predicate: int) -> Rows:
        """The rows that have a predicate."""
        if self.edited:
            return np.flatnonzero(self.predicates == predicate)
        order, starts = self._by_predicate
        if not 0 <= predicate < len(starts) - 1:
            return order[:0]
        return order[starts[predicate] : starts[predicate + 1]]

    @cached_property
    def _by_predicate(self) -> tuple[Rows, Rows]:
        """Rows in the order of their predicates, and where in it each predicate begins."""
        order = np.argsort(self.predicates, kind="stable")
        counts = np.bincount(self.predicates, minlength=len(self.terms))
        return order, np.concatenate(([0], np.cumsum(counts)))

    @cached_property
    def used_predicates(self) -> Codes:
        """Every predicate, once."""
        return np.flatnonzero(np.bincount(self.predicates)).astype(np.int32)

    @cached_property
    def used(self) -> npt.NDArray[np.bool_]:
        """For each number whether a triple has the term as its subject or object."""
        used = np.zeros(len(self.terms), dtype=np.bool_)
        used[self.subjects] = used[self.objects] = True
        return used

    @cached_property
    def by_subject(self) -> Rows:
        """Rows in the order of their subjects; those of one subject as they were read."""
        return np.argsort(self.subjects, kind="stable")

    def rows_about(self, subject: int) -> Rows:
        """The rows of one subject, in their order."""
        if "by_subject" not in self.__dict__:
            return np.flatnonzero(self.subjects == subject)
        order, ends = self.by_subject, np.array([subject, subject + 1], dtype=np.int32)
        start, stop = np.searchsorted(self.subjects, ends, sorter=order).tolist()
        return order[start:stop]

    def triples(self) -> Iterator[tuple[Term, Term, Term]]:
        """Every triple once, in the order of reading."""
        terms = self.terms.all
        seen = set()
        for each in zip(*map(np.ndarray.tolist, self.triples_of()), strict=True):
            if each not in seen:
                seen.add(each)
                yield terms[each[0]], terms[each[1]], terms[each[2]]

    def triples_of(self, start: int = 0, stop: int | None = None) -> Triples:
        """The triples from one row up to another, without it."""
        return self.subjects[start:stop], self.predicates[start:stop], self.objects[start:stop]
