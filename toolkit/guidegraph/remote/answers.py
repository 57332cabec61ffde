"""What a server answered, as terms: of the right kind, whole, and readable, or else a finding.

Servers have limits of their own. Virtuoso leaves out rows beyond ``ResultSetMaxRows`` and says so
in a header (of graphs it does not say so; see ``endpoint``); a query that ran out of time there is
answered with what there was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pyoxigraph as ox

from guidegraph.errors import RemoteError
from guidegraph.remote import faults
from guidegraph.remote.exchange import Reply

JSON = ("application/sparql-results+json", "application/json")
GRAPHS = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
}

_LABEL = re.compile(r"[A-Za-wyz][A-Za-z0-9]*")

Table = ox.QuerySolutions | ox.QueryBoolean


def check_whole(reply: Reply, place: str) -> None:
    """Refuse what the server itself calls a part.

    Raises:
        RemoteError: if it does.
    """
    most = reply.headers.get("X-SPARQL-MaxRows")
    if most:
        raise _part(place, f"the server sends {most} rows at most, and there were as many")
    if reply.status == 206 or (reply.headers.get("X-SQL-State") or "").strip() == "S1TAT":
        raise _part(place, "the server has broken off the query, and sent what it had")


def table(reply: Reply, place: str) -> Table:
    """Rows or a truth value (SPARQL 1.1 Query Results JSON). Rows can still be unreadable.

    Raises:
        RemoteError: if it is something else, or not whole.
    """
    check_whole(reply, place)
    if reply.media not in JSON:
        raise RemoteError([faults.other_kind(place, reply.media, "an answer to a query (JSON)")])
    try:
        told = json.loads(reply.body)
        _rename_blank_nodes(told)
        return ox.parse_query_results(json.dumps(told), format=ox.QueryResultsFormat.JSON)
    except (ValueError, SyntaxError, RecursionError, AttributeError, TypeError, KeyError):
        raise _part(place, "it cannot be read to its end") from None


def rows(reply: Reply, place: str) -> list[ox.QuerySolution]:
    """All rows of an answer.

    Raises:
        RemoteError: as ``table``.
    """
    found = table(reply, place)
    if isinstance(found, ox.QueryBoolean):
        raise _part(place, "rows were asked for")
    try:
        return list(found)
    except (SyntaxError, ValueError):
        raise _part(place, "it cannot be read to its end") from None


def truth(reply: Reply, place: str) -> bool:
    """The answer to an ASK.

    Raises:
        RemoteError: as ``table``.
    """
    found = table(reply, place)
    if not isinstance(found, ox.QueryBoolean):
        raise _part(place, "a truth value was asked for")
    return bool(found)


def triples(reply: Reply, place: str) -> list[ox.Triple]:
    """The statements of a graph, in the order in which they were sent.

    A line of N-Triples does not say that another follows: an answer whose end was not announced
    is not taken.

    Raises:
        RemoteError: if it is something else, or not whole.
    """
    check_whole(reply, place)
    form = GRAPHS.get(reply.media)
    if form is None:
        raise RemoteError([faults.other_kind(place, reply.media, "a graph (N-Triples or Turtle)")])
    if not reply.bounded:
        raise _part(place, "where it ends cannot be told")
    try:
        return [each.triple for each in ox.parse(reply.body, form)]
    except (SyntaxError, ValueError):
        raise _part(place, "it cannot be read to its end") from None


def statements(reply: Reply, place: str) -> list[ox.Triple]:
    """Rows of subject, predicate and object as statements.

    Raises:
        RemoteError: as ``rows``, and if a row is none.
    """
    try:
        return [ox.Triple(*each) for each in rows(reply, place)]
    except TypeError:
        raise _part(place, "statements were asked for") from None


def _part(place: str, how: str) -> RemoteError:
    return RemoteError([faults.not_whole(place, how)])


def _rename_blank_nodes(told: dict[str, object]) -> None:
    """Give blank nodes valid labels, the same for the same: some servers send ``nodeID://b1``."""
    for node in _blank_nodes(told):
        label = str(node["value"])
        if not _LABEL.fullmatch(label):
            node["value"] = f"x{label.encode().hex()}"


def _blank_nodes(told: dict[str, object]) -> Iterator[dict[str, object]]:
    results = told.get("results")
    bindings = results.get("bindings") if isinstance(results, dict) else None
    for row in bindings or ():
        for node in row.values():
            if node.get("type") == "bnode":
                yield node
