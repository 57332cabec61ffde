"""Which numbers terms have that were read anew, blank nodes above all."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyoxigraph as ox

from guidegraph.columns.columns import BLANK, Codes, Columns, Term, Terms, Triples
from guidegraph.columns.reading import LINES, Text

_LABEL = re.compile(rb"_:([\w\-.\x80-\xff]+)")
Triple = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels of blank nodes in a piece of a file; None where all blank nodes may have one."""

    before: frozenset[str]
    now: frozenset[str] | None

    @classmethod
    def of(cls, text: Text, before: bytes, now: bytes) -> Labels:
        """Those of a piece before a change of it and after."""
        return cls(_labels(before), _labels(now) if text.kind in LINES else None)

    def has(self, term: Term) -> bool:
        """Whether a term has a label in the new piece."""
        if not isinstance(term, ox.BlankNode):
            return False
        return self.now is None or term.value in self.now


def _labels(piece: bytes) -> frozenset[str]:
    found = (each.rstrip(b".").decode(errors="replace") for each in _LABEL.findall(piece))
    return frozenset(found)


class Naming:
    """Gives numbers to terms that were read anew in a piece of a file.

    A blank node with a label is the one that has it in the file. One without a label is new, but
    takes the place of one that was there as long as all that is said before or behind is the same:
    so an edit of one statement does not touch the nodes of another.
    """

    def __init__(self, columns: Columns, text: Text, labels: Labels) -> None:
        self._columns = columns
        self._terms = columns.terms
        self._text = text
        self._labels = labels
        self.renamed = dict(text.renamed)

    def named(
        self, found: Columns, rows: tuple[int, int]
    ) -> tuple[Terms, Codes, dict[str, ox.BlankNode]]:
        """All terms, the number of each of ``found``, and blank nodes that are called otherwise.

        ``rows`` are those in the place of which the triples of ``found`` stand.
        """
        read = found.terms.all
        named = self._labelled(read)
        known = (self._known(each, named) for each in read)
        codes = np.fromiter(known, np.int32, len(read))
        self._pair(found, codes, self._columns.triples_of(*rows))
        more = [named.get(read[each], read[each]) for each in np.flatnonzero(codes < 0).tolist()]
        terms = self._terms.grown(more)
        codes[codes < 0] = [terms.number(each) for each in more]
        return terms, codes, self.renamed

    def _known(self, term: Term, named: dict[Term, Term]) -> int:
        if isinstance(term, ox.BlankNode) and term not in named:
            return -1
        return self._terms.number(named.get(term, term))

    def _labelled(self, read: list[Term]) -> dict[Term, Term]:
        """Blank nodes with a label, and what they are called here."""
        labelled = [each for each in read if self._labels.has(each)]
        if not labelled:
            return {}
        own = self._own_nodes()
        named: dict[Term, Term] = {}
        for each in labelled:
            node = self.renamed.get(each.value, each)
            number = self._terms.number(node)
            if node in self._terms.numbers and not (number >= 0 and own[number]):
                node = self.renamed[each.value] = ox.BlankNode()  # the name is of another
            named[each] = node
        return named

    def _own_nodes(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """For each number whether the term is subject or object in this file."""
        own = np.zeros(len(self._terms), dtype=np.bool_)
        subjects, _, objects = self._columns.triples_of(self._text.first_row, self._text.last_row)
        own[subjects] = own[objects] = True
        return own

    def _pair(self, found: Columns, codes: Codes, old: Triples) -> None:
        """Let blank nodes without labels take the numbers of those that stood in their places."""
        free = (found.terms.kinds == BLANK) & (codes < 0)
        free[[number for number, each in enumerate(found.terms.all) if self._labels.has(each)]] = (
            False
        )
        if not free.any():
            return
        taken = {*codes.tolist(), *self._labelled_before()}
        ours = list(zip(*(each.tolist() for each in old), strict=True))
        theirs = list(zip(*(each.tolist() for each in found.triples_of()), strict=True))
        for left, right in ((ours, theirs), (ours[::-1], theirs[::-1])):
            for before, now in zip(left, right, strict=False):
                if not self._fits(before, now, codes, free, taken):
                    break
                codes[list(now)] = before
                taken.update(before)

    def _labelled_before(self) -> set[int]:
        """Nodes that had a label in the piece as it was."""
        nodes = (self._text.renamed.get(each) or _blank(each) for each in self._labels.before)
        return {self._terms.number(each) for each in nodes if each is not None}

    def _fits(
        self, before: Triple, now: Triple, codes: Codes, free: Codes, taken: set[int]
    ) -> bool:
        """Whether two triples are the same, perhaps after blank nodes took each other's place."""
        for number, code in zip(before, now, strict=True):
            if codes[code] >= 0:
                if codes[code] != number:
                    return False
            elif not free[code] or number in taken or self._terms.kinds[number] != BLANK:
                return False
        return before[0] != before[2] or now[0] == now[2]


def _blank(label: str) -> ox.BlankNode | None:
    try:
        return ox.BlankNode(label)
    except ValueError:  # it only looks like one, in a text perhaps
        return None
