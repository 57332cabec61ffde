"""A graph of shapes, asked for the values of a property."""

from __future__ import annotations

from collections.abc import Iterable

from guidegraph.columns.columns import Columns, Term
from guidegraph.shacl import names


class Graph:
    """A graph of shapes, asked for the values of a property."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns

    def objects(self, node: Term, predicate: Term) -> tuple[Term, ...]:
        """All values, in no order that matters."""
        terms = self.columns.terms
        pairs = self.columns.pairs(terms.number(predicate))
        start, stop = pairs.of(terms.number(node))
        return tuple(map(terms.__getitem__, pairs.objects[start:stop].tolist()))

    def subjects(self, predicate: Term, value: Term | None = None) -> tuple[Term, ...]:
        """Everything that has a property, or a value of it."""
        terms = self.columns.terms
        pairs = self.columns.pairs(terms.number(predicate))
        if value is None:
            found: Iterable[int] = pairs.subjects.tolist()
        else:
            start, stop = pairs.inverse.of(terms.number(value))
            found = pairs.inverse.objects[start:stop].tolist()
        return tuple(dict.fromkeys(terms[each] for each in found))

    def predicates(self, node: Term) -> tuple[Term, ...]:
        """All properties of a node."""
        columns, number = self.columns, self.columns.terms.number(node)
        used = columns.used_predicates.tolist()
        bounds = ((each, *columns.pairs(each).of(number)) for each in used)
        return tuple(columns.terms[each] for each, start, stop in bounds if stop > start)

    def items(self, head: Term) -> list[Term] | None:
        """The members of a list; None where it is none."""
        found: list[Term] = []
        met = set()
        while head != names.NIL:
            first, rest = self.objects(head, names.FIRST), self.objects(head, names.REST)
            if head in met or len(first) != 1 or len(rest) != 1:
                return None
            met.add(head)
            found.append(first[0])
            head = rest[0]
        return found
