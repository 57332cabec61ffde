"""Queries of shapes put to Oxigraph, for all rows at once where that says the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pyoxigraph as ox

from guidegraph.columns.columns import Codes, Term
from guidegraph.shacl.data import STORED_AS, Data, Index
from guidegraph.shacl.queries.binding import ROW, ROWS, Prepared, with_values
from guidegraph.shacl.shapes import UnjudgedError

_GRAPH = ox.NamedNode(ROWS)


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """One answer: the row that it is about, and what the query says of it."""

    row: int
    values: Mapping[str, Term]


def answers(
    data: Data, query: Prepared, prefixes: Mapping[str, str], bound: Mapping[str, Codes]
) -> Iterator[Answer]:
    """Each different answer to a query; of a question the rows for which it is yes.

    ``bound`` has for each variable its value in each row. Terms that are not in the graph are asked
    about one by one: a path without steps leads from them, too, which a pattern cannot say.
    """
    if query.of_datatypes and (lost := sorted(data.datatypes & STORED_AS.keys())):
        name = lost[0].rpartition("#")[2]
        raise UnjudgedError(f"its query asks for datatypes, and the store keeps no xsd:{name}")
    columns = [bound[each] for each in query.variables]
    known = np.ones(len(columns[0]), dtype=np.bool_)
    for column in columns:
        known &= data.in_graph(column)
    together = known if query.together else np.zeros_like(known)
    asking = _Asking(data, query, prefixes, columns)
    if together.any():
        yield from asking.together(np.flatnonzero(together))
    for row in np.flatnonzero(~together).tolist():
        yield from asking.alone(row)


@dataclass(frozen=True, slots=True, eq=False)
class _Asking:
    data: Data
    query: Prepared
    prefixes: Mapping[str, str]
    columns: list[Codes]

    def together(self, rows: Index) -> Iterator[Answer]:
        """The answers about all rows."""
        with self._loaded(rows):
            solutions = self._solutions(self.query.text)
            start = len(ROWS) + 1
            for told in solutions:
                row = int(told.pop(ROW).value[start:])
                yield Answer(row, self._original(row, told))

    def alone(self, row: int) -> Iterator[Answer]:
        """The answers about one row, with its values in the text where they have names."""
        terms = [self.data.term(int(column[row])) for column in self.columns]
        named = {
            name: term
            for name, term in zip(self.query.variables, terms, strict=True)
            if isinstance(term, ox.NamedNode)
        }
        if len(named) == len(terms):
            found = self._solutions(with_values(self.query, named))
        else:
            with self._loaded(np.array([row])):
                found = self._solutions(self.query.text)
        for told in found:
            told.pop(ROW, None)
            yield Answer(row, self._original(row, told))

    @contextmanager
    def _loaded(self, rows: Index) -> Iterator[None]:
        """While the rows are in a graph of the store."""
        store = self.data.store
        try:
            for variable, column in zip(self.query.variables, self.columns, strict=True):
                predicate = ox.NamedNode(f"{ROWS}/{variable}")
                terms = self.data.terms(column[rows])
                store.extend(
                    ox.Quad(ox.NamedNode(f"{ROWS}/{row}"), predicate, term, _GRAPH)
                    for row, term in zip(rows.tolist(), terms, strict=True)
                )
            yield
        finally:
            store.remove_graph(_GRAPH)

    def _solutions(self, text: str) -> list[dict[str, Term]]:
        """Each different solution; of a question one without values if the answer is yes."""
        found = _asked(self.data.store, text, self.prefixes)
        if isinstance(found, ox.QueryBoolean):
            return [{}] if found else []
        assert isinstance(found, ox.QuerySolutions)
        names = [each.value for each in found.variables]
        distinct = dict.fromkeys(map(tuple, found))
        return [
            {name: term for name, term in zip(names, each, strict=True) if term is not None}
            for each in distinct
        ]

    def _original(self, row: int, told: dict[str, Term]) -> dict[str, Term]:
        """The terms as the data write them: the store writes 1.50 as 1.5."""
        for name, term in told.items():
            if isinstance(term, ox.Literal) and term.datatype.value in REWRITTEN:
                told[name] = self.data.as_written(term, int(self.columns[0][row]))
        return told


def _asked(
    store: ox.Store, text: str, prefixes: Mapping[str, str]
) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    try:
        return store.query(text, prefixes=dict(prefixes))
    except (SyntaxError, ValueError, OSError, RuntimeError) as fault:
        raise UnjudgedError(str(fault)) from None


REWRITTEN = frozenset(
    f"http://www.w3.org/2001/XMLSchema#{each}"
    for each in (
        *("integer", "decimal", "double", "float", "boolean", "dateTime", "date", "time"),
        *("duration", "dayTimeDuration", "yearMonthDuration", "long", "int", "short", "byte"),
        *("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
        *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
)
"""Datatypes of which a store does not keep the spelling."""
