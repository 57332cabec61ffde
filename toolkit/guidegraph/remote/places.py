"""Which places may be called: addresses of the web that a user named, with no password in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit

from guidegraph.errors import RemoteError
from guidegraph.remote import faults

PORTS = {"http": 80, "https": 443}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_PLAIN = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class Address:
    """A place of the web. Its text leaves out what follows the path: a key can stand there."""

    scheme: str
    host: str
    port: int
    path: str
    query: str = ""

    @property
    def origin(self) -> tuple[str, str, int]:
        """What a login and a password belong to."""
        return (self.scheme, self.host, self.port)

    @property
    def target(self) -> str:
        """What is asked of the machine."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def is_private(self) -> bool:
        """Whether nobody on the way can read what is sent."""
        return self.scheme == "https" or self.host in LOOPBACK

    def with_query(self, **values: str) -> Address:
        """The same with more parameters."""
        return replace(self, query="&".join(filter(None, (self.query, urlencode(values)))))

    def __str__(self) -> str:
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{port}{self.path}"


def address(text: str) -> Address:
    """An address as it was given.

    Raises:
        RemoteError: if it is none of the web, or a password stands in it.
    """
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise RemoteError([faults.no_address("it cannot be read as one")]) from None
    if parts.username is not None or parts.password is not None:
        raise RemoteError([faults.password_in_address()])
    if parts.scheme not in PORTS or not host:
        raise RemoteError([faults.no_address("it does not begin with http:// or https://")])
    if not _PLAIN.fullmatch(text) or parts.fragment:
        raise RemoteError([faults.no_address("there are signs in it that no address has")])
    if not _is_name(host):
        raise RemoteError([faults.no_address("no machine can have this name")])
    port = PORTS[parts.scheme] if port is None else port
    return Address(parts.scheme, host, port, parts.path or "/", parts.query)


def _is_name(host: str) -> bool:
    """Whether a name can be looked up: it has no part that is empty or too long."""
    try:
        host.encode("idna")
    except UnicodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where one server takes graphs, queries and updates."""

    graphs: Address
    query: Address
    update: Address


_SERVERS = (
    (r"/sparql-graph-crud(-auth)?", "/sparql", "/sparql-auth"),
    (r"(/repositories/[^/]+)/rdf-graphs/service", r"\1", r"\1/statements"),
    (r"/sparql/gsp/", "/sparql", "/sparql"),
    (r"(.*)/store", r"\1/query", r"\1/update"),
    (r"(/.+)/(?:data|get)", r"\1/query", r"\1/update"),
)
"""The path for graphs, and those for queries and updates: Virtuoso, GraphDB and RDF4J, Neptune,
Oxigraph, Fuseki."""


def addresses(graphs: str, query: str | None = None, update: str | None = None) -> Addresses:
    """The addresses of a server; those that are not given follow from the first where it is known.

    Raises:
        RemoteError: if one is no address, or cannot be told.
    """
    place = address(graphs)
    for known, asks, changes in _SERVERS:
        if match := re.fullmatch(known, place.path):
            guessed = (match.expand(asks), match.expand(changes))
            break
    else:
        if query is None or update is None:
            raise RemoteError([faults.unknown_server(str(place))])
        guessed = ("", "")
    return Addresses(
        place,
        address(query) if query else replace(place, path=guessed[0]),
        address(update) if update else replace(place, path=guessed[1]),
    )
