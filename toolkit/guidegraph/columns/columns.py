"""The triples of a graph as columns, and the index of each predicate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyoxigraph as ox

Codes = npt.NDArray[np.int32]
"""Numbers of terms."""
Rows = npt.NDArray[np.int64]
"""Positions of triples, in the order in which they were read."""
Term = ox.NamedNode | ox.BlankNode | ox.Literal

IRI, BLANK, LITERAL = 0, 1, 2
_KINDS = {ox.NamedNode: IRI, ox.BlankNode: BLANK, ox.Literal: LITERAL}


@dataclass(frozen=True, eq=False)
class Terms:
    """Terms and their numbers, from 0 in the order in which they first came."""

    numbers: dict[Term, int]

    @cached_property
    def all(self) -> Sequence[Term]:
        """Every term, by its number."""
        return list(self.numbers)

    @cached_property
    def kinds(self) -> npt.NDArray[np.uint8]:
        """IRI, BLANK or LITERAL for each number."""
        kinds = (_KINDS[type(each)] for each in self.numbers)
        return np.fromiter(kinds, np.uint8, len(self.numbers))

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, number: int) -> Term:
        return self.all[number]

    def number(self, term: Term) -> int:
        """The number of a term; -1 where no triple has it."""
        return self.numbers.get(term, -1)


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

    def of(self, subject: int) -> tuple[int, int]:
        """From where to where the pairs of a subject stand."""
        start, stop = np.searchsorted(self.subjects, np.array([subject, subject + 1], np.int32))
        return int(start), int(stop)

    def __len__(self) -> int:
        return len(self.subjects)


@dataclass(frozen=True, eq=False)
class Columns:
    """A graph. Triples stand in the order in which they were read; one may be there twice."""

    terms: Terms
    subjects: Codes
    predicates: Codes
    objects: Codes
    _kept: dict[int, Pairs] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.subjects)

    def pairs(self, predicate: int) -> Pairs:
        """Who is connected to what by a predicate; nobody where no triple has it."""
        if (found := self._kept.get(predicate)) is None:
            found = self._kept[predicate] = self._pairs(predicate)
        return found

    def _pairs(self, predicate: int) -> Pairs:
        order, starts = self._by_predicate
        if not 0 <= predicate < len(starts) - 1:
            rows = order[:0]
        else:
            rows = order[starts[predicate] : starts[predicate + 1]]
        pairs = self.subjects[rows].astype(np.int64) << 32 | self.objects[rows]
        distinct, first = np.unique(pairs, return_index=True)
        return Pairs(
            (distinct >> 32).astype(np.int32),
            (distinct & 0xFFFFFFFF).astype(np.int32),
            rows[first],
        )

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
    def by_subject(self) -> Rows:
        """Rows in the order of their subjects; those of one subject as they were read."""
        return np.argsort(self.subjects, kind="stable")

    def triples(self) -> Iterator[tuple[Term, Term, Term]]:
        """Every triple once, in the order of reading."""
        terms = self.terms.all
        seen = set()
        for each in zip(*map(np.ndarray.tolist, self._triple_columns), strict=True):
            if each not in seen:
                seen.add(each)
                yield terms[each[0]], terms[each[1]], terms[each[2]]

    @property
    def _triple_columns(self) -> tuple[Codes, Codes, Codes]:
        return self.subjects, self.predicates, self.objects
