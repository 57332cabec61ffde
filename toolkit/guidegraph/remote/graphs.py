"""Named graphs of another machine as wholes (SPARQL 1.1 Graph Store HTTP Protocol)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from guidegraph.errors import RemoteError
from guidegraph.remote import answers, faults
from guidegraph.remote.endpoint import Endpoint
from guidegraph.remote.exchange import Exchange, Request
from guidegraph.remote.places import Addresses

N_TRIPLES = "application/n-triples"
UPDATE = "application/sparql-update"
PAGE = 5000
"""Rows that are asked for at once where a graph does not come whole."""


@dataclass(frozen=True, slots=True)
class Graphs:
    """The named graphs of one server."""

    addresses: Addresses
    exchange: Exchange

    def put(self, graph: str, data: bytes) -> Request:
        """The request that makes these N-Triples the whole of a graph."""
        to = self.addresses.graphs.with_query(graph=graph)
        if "sparql-graph-crud" in to.path:  # Virtuoso calls it otherwise, too
            to = self.addresses.graphs.with_query(**{"graph-uri": graph})
        return Request(method="PUT", to=to, body=data, media=N_TRIPLES)

    def update(self, text: str) -> Request:
        """The request for a change in SPARQL. It is not repeated: what was moved is gone."""
        to = self.addresses.update
        body = text.encode()
        return Request(method="POST", to=to, body=body, media=UPDATE, repeatable=False)

    def delete(self, graph: str) -> Request:
        """The request that removes a graph; none is there afterwards, however often it is sent."""
        text = f"DROP SILENT GRAPH <{graph}>".encode()
        return Request(method="POST", to=self.addresses.update, body=text, media=UPDATE)

    def send(self, request: Request) -> None:
        """Send one of these.

        Raises:
            RemoteError: if it is not accepted.
        """
        self.exchange.send(request)

    def read(self, graph: str) -> tuple[ox.Triple, ...]:
        """All statements of a graph, of which there are as many as the server counts.

        Raises:
            RemoteError: if they cannot be had whole.
        """
        endpoint = Endpoint(self.addresses.query, self.exchange, ())
        count = self._count(endpoint, graph)
        found = self._fetched(graph)
        if len(found) < count:
            # Virtuoso leaves out what is beyond its limit without a word.
            found = tuple(dict.fromkeys(_pages(endpoint, graph, count)))
        if len(found) != count:
            how = f"of {count} statements that it counts, {len(found)} were sent"
            raise RemoteError([faults.not_whole(str(self.addresses.graphs), how)])
        return found

    def _count(self, endpoint: Endpoint, graph: str) -> int:
        rows = endpoint.rows(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
        first = rows[0][0] if rows else None
        if not isinstance(first, ox.Literal) or not first.value.isdigit():
            how = "how many statements there are was asked for"
            raise RemoteError([faults.not_whole(str(endpoint.address), how)])
        return int(first.value)

    def _fetched(self, graph: str) -> tuple[ox.Triple, ...]:
        to = self.put(graph, b"").to
        asked = Request(method="GET", to=to, accept=f"{N_TRIPLES}, text/turtle;q=0.5")
        reply = self.exchange.send(asked, expected=(404,))
        if reply.status == 404 or not reply.body:
            return ()
        return tuple(dict.fromkeys(answers.triples(reply, str(to))))


def _pages(endpoint: Endpoint, graph: str, count: int) -> Iterator[ox.Triple]:
    """A graph in pages. Their order is the server's own: whoever uses them compares sums."""
    for start in range(0, count, PAGE):
        text = (
            f"SELECT ?s ?p ?o WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} "
            f"LIMIT {PAGE} OFFSET {start}"
        )
        reply = endpoint.send(text, answers.JSON[0])
        yield from answers.statements(reply, str(endpoint.address))
