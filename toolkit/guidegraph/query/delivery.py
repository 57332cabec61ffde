"""Answers as bytes, in the forms of the SPARQL protocol, written by the engine itself.

No value becomes a Python object on the way. Rows are counted in the bytes as they are written, so
that an answer with too many rows is given up soon after it has become one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Literal, cast

import pyoxigraph as ox

Kind = Literal["table", "graph"]


@dataclass(frozen=True, slots=True)
class Form:
    """A form of answers: its name, its media types (the first is what it is sent as).

    ``kind`` says whether it is for rows and truth values or for graphs.
    """

    name: str
    kind: Kind
    media: tuple[str, ...]
    written: ox.QueryResultsFormat | ox.RdfFormat


FORMS = (
    Form(
        "json",
        "table",
        ("application/sparql-results+json", "application/json"),
        ox.QueryResultsFormat.JSON,
    ),
    Form(
        "xml",
        "table",
        ("application/sparql-results+xml", "application/xml", "text/xml"),
        ox.QueryResultsFormat.XML,
    ),
    Form("csv", "table", ("text/csv",), ox.QueryResultsFormat.CSV),
    Form("tsv", "table", ("text/tab-separated-values",), ox.QueryResultsFormat.TSV),
    Form("ttl", "graph", ("text/turtle", "application/x-turtle"), ox.RdfFormat.TURTLE),
    Form("nt", "graph", ("application/n-triples",), ox.RdfFormat.N_TRIPLES),
    Form("rdf", "graph", ("application/rdf+xml",), ox.RdfFormat.RDF_XML),
)
BY_NAME = {each.name: each for each in FORMS}


class TooManyError(Exception):
    """There are more rows than an answer may have."""


class TooLongError(Exception):
    """There are more bytes than an answer may have."""


class _Marks:
    """Rows that each end in a mark which can stand nowhere else."""

    def __init__(self, mark: bytes, beside: int = 0) -> None:
        self._mark = mark
        self._count = beside

    def at_least(self, data: bytearray, before: int) -> int:
        """How many rows there are up to now, of which none was counted beyond ``before``."""
        self._count += data.count(self._mark, max(0, before - len(self._mark) + 1))
        return self._count

    def exactly(self, data: bytearray) -> int:
        """How many rows there are in the end."""
        return self._count


class _Lines(_Marks):
    """Rows of CSV, where an end of a line may also stand in quotes."""

    def __init__(self) -> None:
        super().__init__(b"\n", -1)
        self._inside = 0

    def at_least(self, data: bytearray, before: int) -> int:
        """The same, told by whether a quotation mark is still open."""
        parts = data[before:].split(b'"')
        self._count += b"".join(parts[self._inside :: 2]).count(b"\n")
        self._inside ^= (len(parts) - 1) & 1
        return self._count


class _Objects(_Marks):
    """Rows of JSON. Between two of them stands a mark which can also stand in a text.

    It is certainly none of a text where a name follows: quotes in a text are escaped, and after one
    that ends there comes a comma or a brace. Only rows without any value have no name.
    """

    _NAMED = re.compile(rb'\},\{"[^,}]')
    _TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)

    def __init__(self, rows: int) -> None:
        super().__init__(b"},{", 1)
        self._rows = rows
        self._named = 1
        self._from = 0

    def at_least(self, data: bytearray, before: int) -> int:
        """The same; looked at closely only where there could be too many."""
        if super().at_least(data, before) <= self._rows:
            return self._count
        start = max(0, self._from - 4)
        self._named += sum(1 for _ in self._NAMED.finditer(data, start))
        self._from = len(data)
        return self._named

    def exactly(self, data: bytearray) -> int:
        """All of them, without what stands in texts."""
        if self._count <= self._rows:
            return self._count
        return self._TEXT.sub(b"", data).count(self._mark) + 1


def _marks(form: Form, rows: int) -> _Marks:
    """How the rows of a form are counted."""
    if form.name == "json":
        return _Objects(rows)
    if form.name == "csv":
        return _Lines()
    return _Marks(b"</result>") if form.name == "xml" else _Marks(b"\n", -1)


class _Written:
    """What the engine writes to; it stops the engine at the limit."""

    def __init__(self, form: Form, rows: int | None, most: int) -> None:
        self.data = bytearray()
        self._marks = None if rows is None else _marks(form, rows)
        self._rows = rows or 0
        self._most = most

    def write(self, chunk: bytes) -> int:
        """Take in some bytes."""
        before = len(self.data)
        self.data += chunk
        if len(self.data) > self._most:
            raise TooLongError
        if self._marks and self._marks.at_least(self.data, before) > self._rows:
            raise TooManyError
        return len(chunk)

    def flush(self) -> None:
        """There is nothing behind this."""

    def whole(self) -> bytes:
        """All of it, now that it has been written."""
        if self._marks and self._marks.exactly(self.data) > self._rows:
            raise TooManyError
        return bytes(self.data)


def written(
    answer: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples,
    form: Form,
    rows: int | None,
    most: int,
) -> bytes:
    """An answer in a form of its kind, if it has at most ``rows`` rows and ``most`` bytes.

    Raises:
        TooManyError: if it has more rows (a graph: statements).
        TooLongError: if it has more bytes.
    """
    if isinstance(answer, ox.QueryTriples):
        assert isinstance(form.written, ox.RdfFormat)
        return _checked(ox.serialize(_distinct(answer, rows), format=form.written), most)
    assert isinstance(form.written, ox.QueryResultsFormat)
    if isinstance(answer, ox.QueryBoolean):
        return _checked(answer.serialize(format=form.written), most)
    taken = _Written(form, rows, most)
    answer.serialize(cast("IO[bytes]", taken), form.written)
    return taken.whole()


def _distinct(answer: ox.QueryTriples, rows: int | None) -> Iterator[ox.Triple]:
    """Every statement once: a graph is a set."""
    met: set[ox.Triple] = set()
    for each in answer:
        if each not in met:
            met.add(each)
            if rows is not None and len(met) > rows:
                raise TooManyError
            yield each


def _checked(data: bytes | None, most: int) -> bytes:
    if data is None or len(data) > most:
        raise TooLongError
    return data
