"""A request of the SPARQL 1.1 Protocol: what is asked, and in which form the answer is wanted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

from guidegraph.diagnostic import Diagnostic
from guidegraph.endpoint import faults, negotiation
from guidegraph.query.delivery import FORMS, Kind
from guidegraph.query.named import NamedQuery
from guidegraph.query.worker import Asked
from guidegraph.suggestion import did_you_mean

LARGEST = 1024 * 1024
"""Bytes of a request at most."""
FORM, QUERY, UPDATE = (
    "application/x-www-form-urlencoded",
    "application/sparql-query",
    "application/sparql-update",
)
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)
Pairs = list[tuple[str, str]]


class RequestError(Exception):
    """A request that is refused with a status and findings."""

    def __init__(self, status: int, *findings: Diagnostic) -> None:
        self.status = status
        self.findings = findings
        super().__init__(findings[0].message)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The forms in which rows and graphs are wanted; None where none of them is made."""

    table: str | None
    graph: str | None
    said: str

    def asked(self, query: NamedQuery, params: dict[str, str]) -> Asked:
        """A question with these forms."""
        return Asked(query=query, params=params, table=self.table, graph=self.graph)


def wanted(request: Request, name: str = "") -> Wanted:
    """What the headers ask for, or a form by its name.

    A name that fits only one kind of answer says nothing of the other.
    """
    accept = accepted(request)
    if name and not any(negotiation.named(name, kind) for kind in _KINDS):
        near = did_you_mean(name, [each.name for each in FORMS])
        told = f"`{name}` is not the name of a form."
        raise RequestError(400, faults.unreadable(told, near or _THERE_ARE))
    table, graph = (
        (negotiation.named(name, kind) if name else None) or negotiation.form_for(accept, kind)
        for kind in _KINDS
    )
    if table is None and graph is None:
        raise RequestError(406, faults.no_form(accept, _THERE_ARE))
    return Wanted(table, graph, name or accept)


def accepted(request: Request) -> str:
    """What is said of the forms that are wanted."""
    return ", ".join(request.headers.getlist("accept"))


def unfit(said: str, kind: str) -> RequestError:
    """There is an answer, but not in the form that is wanted."""
    there_are = ", ".join(each.media[0] for each in FORMS if each.kind == kind)
    return RequestError(406, faults.no_form(said, f"{there_are}, {negotiation.HTML}"))


async def read(request: Request) -> dict[str, str]:
    """The query of a request as ``query`` (missing: the service itself is meant), and ``format``.

    Raises:
        RequestError: if this is no request to read, or to another graph.
    """
    pairs = pairs_of(request.url.query)
    if request.method == "POST":
        pairs += await _posted(request)
    _check(pairs)
    found = {name: value for name, value in pairs if name in ("query", "format")}
    if request.method == "POST" and "query" not in found:
        told = "There is no query in this request."
        raise RequestError(400, faults.unreadable(told, "Send it as `query`."))
    return found


def pairs_of(text: str) -> Pairs:
    """The names and values of a query string, or of a form that was sent."""
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100)
    except (UnicodeDecodeError, ValueError):
        told = "What follows the `?` of this address cannot be read."
        raise RequestError(
            400, faults.unreadable(told, "Write it in UTF-8 with percent signs.")
        ) from None


def once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Each name with its value; one that is given twice is refused."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            told = f"`{name}` is given twice."
            raise RequestError(400, faults.unreadable(told, "Give it once."))
        found[name] = value
    return found


def _check(pairs: Pairs) -> None:
    once(each for each in pairs if each[0] in ("query", "format"))
    for name, value in pairs:
        if name in ("update", "using-graph-uri", "using-named-graph-uri"):
            raise RequestError(400, faults.read_only())
        if name in ("default-graph-uri", "named-graph-uri"):
            raise RequestError(400, faults.other_graph(value))


async def _posted(request: Request) -> Pairs:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == UPDATE:
        raise RequestError(400, faults.read_only())
    if kind not in (FORM, QUERY):
        told = f"A query is not sent as `{kind or 'nothing that is said'}`."
        hint = f"Send it as {QUERY}, or as {FORM} with the field `query`."
        raise RequestError(415, faults.unreadable(told, hint))
    charset = _CHARSET.search(request.headers["content-type"])
    if charset and charset[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        told = f"A query is not sent in `{charset[1]}`."
        raise RequestError(415, faults.unreadable(told, "Send it in UTF-8."))
    try:
        text = (await _body(request)).decode("utf-8-sig")
    except UnicodeDecodeError:
        told = "What was sent is not text in UTF-8."
        raise RequestError(400, faults.unreadable(told, "Send it in UTF-8.")) from None
    return [("query", text)] if kind == QUERY else pairs_of(text)


async def _body(request: Request) -> bytes:
    found = bytearray()
    async for each in request.stream():
        found += each
        if len(found) > LARGEST:
            told = f"This is more than is taken at once ({LARGEST // 1024 // 1024} MB)."
            raise RequestError(413, faults.unreadable(told, "Send a shorter query."))
    return bytes(found)


_KINDS: tuple[Kind, Kind] = ("table", "graph")
_THERE_ARE = f"{', '.join(each.media[0] for each in FORMS)}, {negotiation.HTML}"
