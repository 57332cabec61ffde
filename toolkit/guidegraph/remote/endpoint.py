"""A question to another machine (SPARQL 1.1 Protocol), refused and understood as one to our own.

A query is read here before anything is sent: what ``guidegraph query`` refuses is refused, a slip
is told at its place, and values of parameters are checked terms. What comes back are the same typed
cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

import pyoxigraph as ox

from guidegraph.errors import QueryError, RemoteError
from guidegraph.query import engine, refuse
from guidegraph.query.binding import with_parameters, written_out
from guidegraph.query.graph import PREFIXES
from guidegraph.query.named import NamedQuery
from guidegraph.query.parameters import Vocabulary, bind
from guidegraph.query.results import Result
from guidegraph.query.tokens import Token, tokens
from guidegraph.remote import answers, faults
from guidegraph.remote.exchange import Exchange, Reply, Request
from guidegraph.remote.places import Address
from guidegraph.terms import NAMESPACES

FORM = "application/x-www-form-urlencoded"
_NAMESPACES = (
    f"SELECT DISTINCT ?n {{ ?g a <{NAMESPACES['gg']}Guideline> ; "
    f"<{NAMESPACES['vann']}preferredNamespaceUri> ?n }}"
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where questions go, and which ``graphs`` are asked; none: those that the server chooses."""

    address: Address
    exchange: Exchange
    graphs: tuple[str, ...] = ()

    def send(self, text: str, accept: str) -> Reply:
        """What comes back to a query.

        Raises:
            RemoteError: if there is no answer.
        """
        values = [("query", text), *(("default-graph-uri", each) for each in self.graphs)]
        body = urlencode(values).encode()
        asked = Request(method="POST", to=self.address, accept=accept, body=body, media=FORM)
        return self.exchange.send(asked)

    def rows(self, text: str) -> list[ox.QuerySolution]:
        """The rows of a SELECT.

        Raises:
            RemoteError: if there is no answer, or none that is whole.
        """
        return answers.rows(self.send(text, answers.JSON[0]), str(self.address))

    def triples(self, text: str) -> list[ox.Triple]:
        """The statements of a CONSTRUCT or DESCRIBE, each once.

        Raises:
            RemoteError: if there is no answer, or none that is whole.
        """
        place = str(self.address)
        reply = self.send(text, "application/n-triples")
        found = answers.triples(reply, place)
        if "virtuoso" in (reply.headers.get("Server") or "").lower():
            # Virtuoso shortens graphs without a word, but says when it shortens the rows behind.
            as_rows = _as_rows(text)
            if as_rows is None:
                how = "this make of server may shorten what DESCRIBE yields, without saying so"
                raise RemoteError([faults.not_whole(place, how)])
            answers.check_whole(self.send(as_rows, answers.JSON[0]), place)
        return list(dict.fromkeys(found))

    def holds(self, text: str) -> bool:
        """The answer to an ASK.

        Raises:
            RemoteError: if there is no answer.
        """
        return answers.truth(self.send(text, answers.JSON[0]), str(self.address))


class _Things(Set[str]):
    """The IRIs of everything that is described there; the server says whether one is."""

    def __init__(self, endpoint: Endpoint, namespaces: tuple[str, ...]) -> None:
        self._endpoint = endpoint
        self._namespaces = namespaces

    def __contains__(self, iri: object) -> bool:
        try:
            thing = ox.NamedNode(str(iri))
        except ValueError:
            return False
        return self._endpoint.holds(f"ASK {{ {thing} ?p ?o }}")

    @cached_property
    def _all(self) -> tuple[str, ...]:
        """The names in the namespaces from which one could be meant (for suggestions)."""
        starts = " || ".join(f"STRSTARTS(STR(?s), {ox.Literal(each)})" for each in self._namespaces)
        try:
            found = self._endpoint.rows(
                f"SELECT DISTINCT ?s {{ ?s ?p ?o FILTER(ISIRI(?s) && ({starts})) }} LIMIT 5000"
            )
        except RemoteError:
            return ()
        return tuple(sorted(each[0].value for each in found if each[0] is not None))

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


def ask(
    query: NamedQuery,
    endpoint: Endpoint,
    params: Mapping[str, str],
    rows: int | None = engine.ROWS,
) -> Result:
    """The answer of an endpoint to a query, with at most ``rows`` rows (None: all of them).

    Raises:
        QueryError: if the query is refused or cannot be understood, or a parameter is wrong. In
            the first two cases nothing has been sent.
        RemoteError: if there is no answer, or none that is whole.
    """
    known = {name: NAMESPACES[name] for name in PREFIXES}
    _refuse(query, (*known, "d"))
    engine.check_syntax(query, {**known, "d": NAMESPACES["gg"]})
    known |= _namespace(endpoint)
    _refuse(query, tuple(known))
    kind = engine.check_syntax(query, known)
    things = _Things(endpoint, tuple(known[each] for each in ("d", "code") if each in known))
    bound = bind(query, params, Vocabulary(known, things))
    text = with_parameters(query.text, tokens(query.text), written_out(bound))
    if bound:
        _check_bound(query, text, known)
    text = _prologue(query, text, known)
    if kind == "graph":
        return engine.collected(endpoint.triples(text), query, known, rows)
    answer = answers.table(endpoint.send(text, answers.JSON[0]), str(endpoint.address))
    wants_truth = "ASK" in _outermost(tokens(query.text))
    if isinstance(answer, ox.QueryBoolean) is not wants_truth:
        wanted = "a truth value was asked for" if wants_truth else "rows were asked for"
        raise _part(endpoint, wanted)
    try:
        found = engine.collected(answer, query, known, None)
    except (SyntaxError, ValueError):
        raise _part(endpoint, "it cannot be read to its end") from None
    return _limited(_distinct(query, endpoint, found), rows)


def _distinct(query: NamedQuery, endpoint: Endpoint, found: Result) -> Result:
    """An answer to SELECT DISTINCT without the equal rows that Virtuoso may leave in it."""
    outer = _outermost(tokens(query.text))
    if "DISTINCT" not in outer:
        return found
    different = tuple(dict.fromkeys(found.rows))
    if len(different) < len(found.rows) and {"LIMIT", "OFFSET"} & outer:
        raise _part(endpoint, "rows are repeated in the place of others")
    return replace(found, rows=different)


def _limited(found: Result, rows: int | None) -> Result:
    if rows is None or len(found.rows) <= rows:
        return found
    return replace(found, rows=found.rows[:rows], cut=True)


def _outermost(words: tuple[Token, ...]) -> set[str]:
    """The words of a query that stand in no braces."""
    depth, met = 0, set()
    for token in words:
        depth += token.is_sign("{") - token.is_sign("}")
        if depth == 0 and token.kind == "word":
            met.add(token.text.upper())
    return met


def _part(endpoint: Endpoint, how: str) -> RemoteError:
    return RemoteError([faults.not_whole(str(endpoint.address), how)])


def _refuse(query: NamedQuery, prefixes: tuple[str, ...]) -> None:
    found = refuse.faults(query.text, query.file, prefixes)
    if found:
        raise QueryError(found)


def _namespace(endpoint: Endpoint) -> dict[str, str]:
    """The prefix ``d:``, where the graph has one guideline."""
    found = [each[0] for each in endpoint.rows(_NAMESPACES)]
    named = {each.value for each in found if isinstance(each, ox.Literal | ox.NamedNode)}
    return {"d": named.pop()} if len(named) == 1 else {}


def _check_bound(query: NamedQuery, text: str, prefixes: Mapping[str, str]) -> None:
    try:
        engine.check_syntax(replace(query, text=text), prefixes)
    except QueryError:
        raise QueryError([engine.unbindable(query)]) from None


def _prologue(query: NamedQuery, text: str, prefixes: Mapping[str, str]) -> str:
    """The query with the prefixes that it uses, all on its first line."""
    used = {each.text.partition(":")[0] for each in tokens(query.text) if each.kind == "name"}
    lines = (f"PREFIX {each}: <{prefixes[each]}> " for each in sorted(used & set(prefixes)))
    return "".join(lines) + text


def _as_rows(text: str) -> str | None:
    """The rows from which a CONSTRUCT makes its statements; None for a DESCRIBE."""
    words = tokens(text)
    for at, token in enumerate(words):
        if token.kind == "word" and token.text.upper().startswith("CONSTRUCT"):
            after = at + 1
            if words[after].is_sign("{"):
                after = _closing(words, after) + 1
            return f"{text[: token.start]}SELECT * {text[words[after].start :]}"
    return None


def _closing(words: tuple[Token, ...], opening: int) -> int:
    depth = 0
    for at in range(opening, len(words)):
        depth += words[at].is_sign("{") - words[at].is_sign("}")
        if depth == 0:
            return at
    return len(words) - 1
