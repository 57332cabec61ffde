"""Asking: the graph in memory, the parameters bound, the answer in a stable order.

Parameters never become part of the text. Every group of the query that speaks of one begins with
``BIND(<urn:guidegraph:parameter:NAME>() AS ?NAME)``, a function that answers with the term. (The
engine's own substitution leaves variables free in FILTER and in subqueries, and demands that they
are among the columns.)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from guidegraph import resources
from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.errors import QueryError, ReadError
from guidegraph.query import refuse, results
from guidegraph.query.named import NamedQuery
from guidegraph.query.parameters import Term, Vocabulary, bind
from guidegraph.query.tokens import Token, place, tokens
from guidegraph.terms import NAMESPACES

FUNCTION = "urn:guidegraph:parameter:"
ROWS = 10_000
PREFIXES = (
    *("gg", "code", "u", "rdf", "rdfs", "skos", "prov", "dcterms", "oa", "cito", "xsd"),
    *("schema", "sh", "bibo", "fabio", "owl", "vann"),
)
_AT = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Graph:
    """A guideline and the ontology, ready to be asked. ``namespace`` is that of ``d:``."""

    store: ox.Store
    namespace: str | None

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that need no declaration."""
        known = {name: NAMESPACES[name] for name in PREFIXES}
        return known | ({"d": self.namespace} if self.namespace else {})

    @property
    def vocabulary(self) -> Vocabulary:
        """What names in parameters may mean."""
        found = {
            each.subject.value
            for each in self.store.quads_for_pattern(None, None, None)
            if isinstance(each.subject, ox.NamedNode)
        }
        return Vocabulary(self.prefixes, tuple(sorted(found)))


def load(folder: Path) -> Graph:
    """The graph of a guideline folder and of the ontology.

    Raises:
        ReadError: if the folder or one of its files cannot be read.
    """
    store = ox.Store()
    number = _Numbers()
    try:
        for path in sorted(folder.rglob("*.ttl")):
            store.extend(number.quads(path))
    except (OSError, SyntaxError, ValueError):
        raise _unreadable(folder) from None
    namespace = _namespace(store)
    if namespace is None and not len(store):
        raise _unreadable(folder)
    for path in sorted(resources.ontology_folder().rglob("*.ttl")):
        store.extend(number.quads(path))
    return Graph(store, namespace)


def _unreadable(folder: Path) -> ReadError:
    """What reading has to say about a folder that cannot be asked."""
    from guidegraph.read import read

    findings = [each for each in read(folder).findings if each.severity is Severity.ERROR]
    return ReadError(findings or [_nothing(folder)])


def _nothing(folder: Path) -> Diagnostic:
    return Diagnostic(
        code="Q011",
        severity=Severity.ERROR,
        message=f"There is nothing to ask: `{folder.name}` holds no statements that can be read.",
        why="A query is answered from the Turtle files of a guideline folder.",
        help="Name the folder of a guideline; `guidegraph check` says what is wrong with it.",
    )


@dataclass(slots=True)
class _Numbers:
    """Names for blank nodes that are the same on every run: counted in the order of the files."""

    count: int = 0
    names: dict[ox.BlankNode, ox.BlankNode] = field(default_factory=dict)

    def quads(self, path: Path) -> Iterator[ox.Quad]:
        """The statements of a Turtle file."""
        self.names.clear()
        with path.open("rb") as source:
            for each in ox.parse(source, ox.RdfFormat.TURTLE):
                subject, value = each.subject, each.object
                if isinstance(subject, ox.BlankNode):
                    subject = self._name(subject)
                if isinstance(value, ox.BlankNode):
                    value = self._name(value)
                yield ox.Quad(subject, each.predicate, value)

    def _name(self, node: ox.BlankNode) -> ox.BlankNode:
        if node not in self.names:
            self.count += 1
            self.names[node] = ox.BlankNode(f"b{self.count}")
        return self.names[node]


def _namespace(store: ox.Store) -> str | None:
    """The namespace of the one guideline in the store."""
    kind, says = ox.NamedNode(NAMESPACES["rdf"] + "type"), NAMESPACES["vann"]
    for header in store.quads_for_pattern(None, kind, ox.NamedNode(NAMESPACES["gg"] + "Guideline")):
        told = ox.NamedNode(says + "preferredNamespaceUri")
        for each in store.quads_for_pattern(header.subject, told, None):
            if isinstance(each.object, ox.Literal | ox.NamedNode):
                return each.object.value
    return None


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
    faults = refuse.faults(query.text, query.file, tuple(graph.prefixes))
    if faults:
        raise QueryError(faults)
    _check_syntax(query, graph)
    bound = bind(query, params or {}, graph.vocabulary)
    words = tokens(query.text)
    text = with_parameters(query.text, words, tuple(bound))
    try:
        answer = graph.store.query(
            text, prefixes=graph.prefixes, custom_functions=_functions(bound)
        )
        return _collected(answer, _is_ordered(words), graph.prefixes, rows)
    except SyntaxError:
        raise QueryError([_unbindable(query)]) from None
    except (OSError, RuntimeError, ValueError) as stop:
        raise QueryError([_failed(query, str(stop))]) from None


Function = Callable[..., ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None]


def _functions(bound: Mapping[str, Term]) -> dict[ox.NamedNode, Function]:
    return {ox.NamedNode(FUNCTION + name): (lambda term=term: term) for name, term in bound.items()}


def with_parameters(text: str, words: tuple[Token, ...], names: tuple[str, ...]) -> str:
    """The query with every parameter bound in each group that speaks of it (on the same line)."""
    insertions: list[tuple[int, str]] = []
    for opening, first, last in _groups(words):
        used = {each.text[1:] for each in words[first:last] if each.kind == "variable"}
        bindings = "".join(f" BIND(<{FUNCTION}{n}>() AS ?{n})" for n in names if n in used)
        if bindings:
            insertions.append((opening.end, bindings))
    for offset, bindings in sorted(insertions, reverse=True):
        text = text[:offset] + bindings + text[offset:]
    return text


def _groups(words: tuple[Token, ...]) -> Iterator[tuple[Token, int, int]]:
    """Each group of patterns: its opening brace, and the stretch of words it must answer for.

    The group of a query or subquery answers for that query's columns and order, too.
    """
    closing = _partners(words)
    outer: list[tuple[int, int, bool]] = [(0, len(words), True)]
    for at, token in enumerate(words):
        if not token.is_sign("{"):
            continue
        while at >= outer[-1][1]:
            outer.pop()
        first, last, is_query = outer[-1]
        is_subquery = at + 1 < len(words) and words[at + 1].text.upper().startswith("SELECT")
        is_group = not is_subquery and not _is_data(words, at)
        if is_group:
            yield (token, first, last) if is_query else (token, at, closing[at])
        outer.append((at, closing[at], is_subquery))


def _partners(words: tuple[Token, ...]) -> dict[int, int]:
    """The place of each opening brace and that of the brace which closes it."""
    partners, opened = {}, []
    for at, token in enumerate(words):
        if token.is_sign("{"):
            opened.append(at)
        elif token.is_sign("}"):
            partners[opened.pop()] = at
    return partners


def _is_data(words: tuple[Token, ...], at: int) -> bool:
    """Whether a brace opens the data of VALUES or the template of CONSTRUCT."""
    back = at - 1
    if back >= 0 and words[back].text.upper().endswith("CONSTRUCT"):
        return True
    while back >= 0 and (words[back].kind == "variable" or words[back].text in ("(", ")")):
        back -= 1
    return back >= 0 and words[back].text.upper().endswith("VALUES")


def _is_ordered(words: tuple[Token, ...]) -> bool:
    """Whether the outermost query says in which order its rows come."""
    depth = 0
    for token in words:
        depth += token.is_sign("{") - token.is_sign("}")
        if depth == 0 and token.kind == "word" and "ORDER" in token.text.upper():
            return True
    return False


def _check_syntax(query: NamedQuery, graph: Graph) -> None:
    """Try the query on nothing: the engine then only reads it."""
    try:
        ox.Store().query(query.text, prefixes=graph.prefixes)
    except SyntaxError as fault:
        raise QueryError([_misread(query, str(fault))]) from None
    except (OSError, RuntimeError, ValueError) as stop:
        raise QueryError([_failed(query, str(stop))]) from None


def _misread(query: NamedQuery, told: str) -> Diagnostic:
    """What the engine says about a query it cannot read, in words."""
    match = _AT.match(told)
    line, column = (int(match[1]), int(match[2])) if match else (1, 1)
    expected = sorted(set(re.findall(r"\b[A-Z]{2,}(?: [A-Z]{2,})*\b|\"[^\"\s]+\"", told)))
    lines = query.text.splitlines() or [""]
    at_end = line > len(lines) or (line == len(lines) and column > len(lines[-1].rstrip()))
    return Diagnostic(
        code="Q001",
        severity=Severity.ERROR,
        message="The query ends too early."
        if at_end
        else "The query cannot be understood from here on.",
        at=Location(query.file, min(line, len(lines)), column),
        why=f"Here could stand: {', '.join(expected)}."
        if expected
        else "The words here do not fit together.",
        help="Look at this place and at what comes just before it; "
        "`guidegraph query --list` names queries to begin from.",
    )


def _unbindable(query: NamedQuery) -> Diagnostic:
    return Diagnostic(
        code="Q006",
        severity=Severity.ERROR,
        message="A parameter is also given a value inside the query, or stands where it cannot be "
        "bound.",
        at=Location(query.file, query.parameters[0].line if query.parameters else 1),
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
        at=at or Location(query.file, 1),
        why="Only the functions of SPARQL 1.1 are there." if function else told,
        help="Use one of the functions of SPARQL 1.1." if function else "Change the query.",
    )


def _collected(
    answer: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples,
    ordered: bool,
    prefixes: Mapping[str, str],
    limit: int | None,
) -> results.Result:
    """The answer as values, its rows in a stable order."""
    if isinstance(answer, ox.QueryBoolean):
        return results.Result(form="ask", truth=bool(answer))
    show = _Shown(prefixes)
    if isinstance(answer, ox.QuerySolutions):
        columns = tuple(each.value for each in answer.variables)
    else:
        columns = ("subject", "predicate", "object")
    is_graph = isinstance(answer, ox.QueryTriples)
    rows: list[results.Row] = []
    cut = False
    for each in answer:
        if limit is not None and len(rows) == limit:
            cut = True
            break
        rows.append(tuple(show.cell(term) for term in each))
    if is_graph:
        rows = list(dict.fromkeys(rows))
    return results.Result(
        form="graph" if is_graph else "select",
        columns=columns,
        rows=tuple(rows if ordered else results.in_stable_order(rows)),
        cut=cut,
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """Terms as cells; an IRI is shown by its prefixed name where that is valid."""

    prefixes: Mapping[str, str]

    def cell(self, term: object) -> results.Cell | None:
        """A value of the answer, or None where there is none."""
        if term is None:
            return None
        if isinstance(term, ox.NamedNode):
            return results.Cell("iri", term.value, self._short(term.value))
        if isinstance(term, ox.BlankNode):
            return results.Cell("blank", term.value, f"_:{term.value}")
        if not isinstance(term, ox.Literal):
            return results.Cell("literal", str(term), str(term))
        datatype = None if term.language else term.datatype.value
        if datatype == NAMESPACES["xsd"] + "string":
            datatype = None
        return results.Cell("literal", term.value, term.value, datatype, term.language)

    def _short(self, iri: str) -> str:
        for name, namespace in self.prefixes.items():
            local = iri[len(namespace) :]
            if iri.startswith(namespace) and re.fullmatch(r"[\w][\w.\-]*", local):
                return f"{name}:{local}"
        return f"<{iri}>"
