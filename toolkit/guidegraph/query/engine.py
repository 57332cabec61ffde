"""Asking: refused or understood, its parameters bound, answered in a stable order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import pyoxigraph as ox

from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.errors import QueryError
from guidegraph.query import delivery, refuse, results
from guidegraph.query.binding import called, functions, with_parameters
from guidegraph.query.graph import Graph
from guidegraph.query.named import NamedQuery
from guidegraph.query.parameters import bind
from guidegraph.query.tokens import Token, place, tokens
from guidegraph.terms import NAMESPACES

ROWS = 10_000
_AT = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


class LostError(QueryError):
    """There is no answer, and it may be the graph which cannot be read any more."""


Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


def run(
    query: NamedQuery,
    graph: Graph,
    params: Mapping[str, str] | None = None,
    rows: int | None = ROWS,
) -> results.Result:
    """The answer to a query, with at most ``rows`` rows (None: all of them).

    Raises:
        QueryError: if the query is refused or cannot be understood, if a parameter is wrong, or if
            the query cannot be carried out.
    """
    answer = ask(query, graph, params or {})
    with carried_out(query):
        return collected(answer, query, graph.prefixes, rows)


def ask(query: NamedQuery, graph: Graph, params: Mapping[str, str]) -> Answer:
    """The answer of the engine, of which nothing is worked out before it is taken.

    Whoever takes it does so under ``carried_out``.

    Raises:
        QueryError: as ``run``.
    """
    faults = refuse.faults(query.text, query.file, tuple(graph.prefixes))
    if faults:
        raise QueryError(faults)
    bound = bind(query, params, graph.vocabulary)
    text = _with_parameters(query.text, tuple(bound)) if bound else query.text
    try:
        with carried_out(query):
            return graph.store.query(
                text, prefixes=graph.prefixes, custom_functions=functions(bound)
            )
    except SyntaxError:
        check_syntax(query, graph.prefixes)
        raise QueryError([unbindable(query)]) from None


@lru_cache(maxsize=256)
def _with_parameters(text: str, names: tuple[str, ...]) -> str:
    """The query with some parameters bound: the text is the same whatever their values."""
    return with_parameters(text, tokens(text), called(names))


def kind_of(answer: Answer) -> Literal["table", "graph"]:
    """Whether an answer is rows (or a truth value), or a graph."""
    return "graph" if isinstance(answer, ox.QueryTriples) else "table"


@contextmanager
def carried_out(query: NamedQuery) -> Iterator[None]:
    """What goes wrong while a query is answered is told as a finding."""
    try:
        yield
    except OSError as stop:  # the engine opens nothing but its own files
        raise LostError([_failed(query, str(stop))]) from None
    except (RuntimeError, ValueError) as stop:
        raise QueryError([_failed(query, str(stop))]) from None


def _is_ordered(words: tuple[Token, ...]) -> bool:
    """Whether the outermost query says in which order its rows come."""
    depth = 0
    for token in words:
        depth += token.is_sign("{") - token.is_sign("}")
        if depth == 0 and token.kind == "word" and "ORDER" in token.text.upper():
            return True
    return False


def check_syntax(query: NamedQuery, prefixes: Mapping[str, str]) -> Literal["table", "graph"]:
    """Try the query on nothing: the engine then only reads it. Says what its answer will be.

    Raises:
        QueryError: if it cannot be understood.
    """
    try:
        with carried_out(query):
            return kind_of(ox.Store().query(query.text, prefixes=dict(prefixes)))
    except SyntaxError as fault:
        raise QueryError([_misread(query, str(fault))]) from None


def _misread(query: NamedQuery, told: str) -> Diagnostic:
    """What the engine says about a query it cannot read, in words."""
    match = _AT.match(told)
    line, column = (int(match[1]), int(match[2])) if match else (1, 1)
    expected = sorted(set(re.findall(r"\"([^\"\s\w\\]+)\"", told)))
    lines = query.text.splitlines() or [""]
    at_end = line > len(lines) or (line == len(lines) and column > len(lines[-1].rstrip()))
    return Diagnostic(
        code="Q001",
        severity=Severity.ERROR,
        message="The query ends too early."
        if at_end
        else "The query cannot be understood from here on.",
        at=Location(query.file, min(line, len(lines)), column),
        why=f"Here could stand: {'  '.join(expected)}"
        if expected
        else "The words here do not fit together.",
        help="Look at this place and at what comes just before it; "
        "`guidegraph query --list` names queries to begin from.",
    )


def unbindable(query: NamedQuery) -> Diagnostic:
    """Q006: a parameter whose value has no place in the query."""
    return Diagnostic(
        code="Q006",
        severity=Severity.ERROR,
        message="A parameter is also given a value inside the query, or stands where it cannot be "
        "bound.",
        at=query.at(query.parameters[0].line if query.parameters else 1),
        why="A parameter has its value before the query begins, in every group that speaks of it.",
        help="Give the variable of BIND or `AS` another name; write out the template of CONSTRUCT.",
    )


def _failed(query: NamedQuery, told: str) -> Diagnostic:
    function = re.search(r"function (<[^>]+>)", told)
    at = place(query.file, query.text, max(query.text.find(function[1]), 0)) if function else None
    return Diagnostic(
        code="Q012",
        severity=Severity.ERROR,
        message=f"The query uses a function that does not exist: {function[1]}."
        if function
        else "The query cannot be carried out.",
        at=at or query.at(),
        why="Only the functions of SPARQL 1.1 are there." if function else told,
        help="Use one of the functions of SPARQL 1.1." if function else "Change the query.",
    )


def collected(
    answer: Answer | Iterable[ox.Triple],
    query: NamedQuery,
    prefixes: Mapping[str, str],
    limit: int | None,
    most: int | None = None,
) -> results.Result:
    """The answer as values, its rows in the order of the query, or else in a stable one.

    With ``most`` it has at most so many bytes, and is whole.

    Raises:
        TooManyError: if it is to be whole and has more rows than the limit.
        TooLongError: if it has more bytes than ``most``.
    """
    if isinstance(answer, ox.QueryBoolean):
        return results.Result(form="ask", truth=bool(answer))
    show = _Shown(prefixes)
    if isinstance(answer, ox.QuerySolutions):
        columns = tuple(each.value for each in answer.variables)
    else:
        columns = ("subject", "predicate", "object")
    is_graph = not isinstance(answer, ox.QuerySolutions)
    rows: list[results.Row] = []
    cut, size = False, 0
    for each in answer:
        if limit is not None and len(rows) == limit:
            cut = True
            break
        row = tuple(show.cell(term) for term in each)
        rows.append(row)
        size += sum(len(cell.value) for cell in row if cell)
        if most is not None and size > most:
            raise delivery.TooLongError
    if cut and most is not None:
        raise delivery.TooManyError
    if is_graph:
        rows = list(dict.fromkeys(rows))
    return results.Result(
        form="graph" if is_graph else "select",
        columns=columns,
        rows=tuple(rows if _is_ordered(tokens(query.text)) else results.in_stable_order(rows)),
        cut=cut,
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """Terms as cells; an IRI is shown by its prefixed name where that is valid."""

    prefixes: Mapping[str, str]
    _met: dict[str, results.Cell] = field(default_factory=dict)

    def cell(self, term: object) -> results.Cell | None:
        """A value of the answer, or None where there is none."""
        if term is None:
            return None
        if isinstance(term, ox.NamedNode):
            iri = term.value
            if iri not in self._met:
                self._met[iri] = results.Cell("iri", iri, short(iri, self.prefixes))
            return self._met[iri]
        if isinstance(term, ox.BlankNode):
            return results.Cell("blank", term.value, f"_:{term.value}")
        if not isinstance(term, ox.Literal):
            return results.Cell("literal", str(term), str(term))
        datatype = None if term.language else term.datatype.value
        if datatype == NAMESPACES["xsd"] + "string":
            datatype = None
        return results.Cell("literal", term.value, term.value, datatype, term.language)


def short(iri: str, prefixes: Mapping[str, str]) -> str:
    """How an IRI is shown: by its prefixed name where that is valid."""
    for name, namespace in prefixes.items():
        local = iri[len(namespace) :]
        if iri.startswith(namespace) and re.fullmatch(r"[\w][\w.\-]*", local):
            return f"{name}:{local}"
    return f"<{iri}>"
