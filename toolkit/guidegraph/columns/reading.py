"""Files of RDF into columns, with what is needed to say later where a triple stands.

pyoxigraph parses, and keeps no lines. It asks for the text piece by piece, though, and gives every
triple as soon as it knows it; so a Turtle text is handed over a few statements at a time, and how
many triples there were before each piece is written down. Which triple stands where inside a piece
is looked up only when somebody asks (``places``).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, cast

import numpy as np
import pyoxigraph as ox

from guidegraph.collecting import without_collecting
from guidegraph.columns.columns import Codes, Columns, Rows, Term, Terms
from guidegraph.columns.lexing import Spans, last_directive, long_strings

PIECE = 512
"""Bytes of a piece at least: some statements, so that few pieces are read again in vain."""

MARK = b"\xef\xbb\xbf"
"""What some programs write before a text in UTF-8."""

_CHUNK = 100_000
_NEW_LINE, _RETURN, _STOP, _SPACE, _TAB = b"\n\r. \t"
LINES = (ox.RdfFormat.TURTLE, ox.RdfFormat.N_TRIPLES)
"""Formats of which single pieces can be read, and give line and column of a triple."""
SPOTS = (*LINES, ox.RdfFormat.N_QUADS)
"""Formats of which line and column are known."""


@dataclass(frozen=True, eq=False)
class Text:
    """One file as it was read.

    ``rows`` says, for each piece that begins at an offset of ``pieces``, which triple is the first
    in it; the triples of the file are those from ``first_row`` up to ``last_row``, without it.
    ``prefixes`` and ``base`` are those at its end (None: its own address). ``renamed`` has the
    blank nodes that are called otherwise here, because another file has the same label.
    """

    file: str
    kind: ox.RdfFormat
    data: bytes
    first_row: int
    last_row: int
    pieces: Rows
    rows: Rows
    prefixes: dict[str, str]
    base: str | None = None
    renamed: dict[str, ox.BlankNode] = field(default_factory=dict)

    @property
    def has_places(self) -> bool:
        """Whether it can be told where in a line a triple stands."""
        return self.kind in SPOTS

    @cached_property
    def line_ends(self) -> Rows:
        """Where its lines end."""
        return np.flatnonzero(np.frombuffer(self.data, dtype=np.uint8) == _NEW_LINE)

    @cached_property
    def by_line(self) -> tuple[Rows, Rows]:
        """Where its lines begin, and which triple is the first that is known after that.

        The whole text is read once more: to hand over each line takes longer than to parse many.
        For formats that are read so that a triple is known at the line it ends in; JSON-LD is none.
        """
        starts = np.concatenate([[0], self.line_ends + 1])
        pieces = _Pieces(self.data, starts[(starts > 0) & (starts < len(self.data))].tolist())
        pieces.before = self.first_row
        source, base = cast("IO[bytes]", pieces), address_of(self.file)
        for _ in ox.parse(source, format=self.kind, base_iri=base):
            pieces.before += 1
        return np.array(pieces.starts, dtype=np.int64), np.array(pieces.rows, dtype=np.int64)

    @cached_property
    def strings(self) -> Spans:
        """Its strings of several lines."""
        return long_strings(self.data)

    @cached_property
    def last_directive(self) -> int:
        """Where the last directive begins."""
        return last_directive(self.data, self.strings)


@dataclass(frozen=True, eq=False)
class Loaded:
    """A graph, the files it was read from, and the prefixes that they declare."""

    columns: Columns
    texts: tuple[Text, ...]
    prefixes: dict[str, str] = field(default_factory=dict)


def format_of(file: str) -> ox.RdfFormat | None:
    """The format that the ending of a name stands for."""
    return ox.RdfFormat.from_extension(Path(file).suffix.removeprefix("."))


def address_of(file: str) -> str:
    """The address of a file, against which its relative IRIs are resolved (RFC 3986, 5.1.3)."""
    return Path(file).absolute().as_uri()


def read(files: Iterable[tuple[str, bytes, ox.RdfFormat]]) -> Loaded:
    """Read files, each with its name, content and format, into one graph.

    A blank node belongs to its file. Graph names of TriG, N-Quads and JSON-LD are left out. Raises
    ``SyntaxError`` with the name of the file, line and offset where a file is not what it says.
    """
    reading = _Reading()
    with without_collecting():
        for name, data, kind in files:
            reading.read(name, data, kind)
        return reading.loaded()


class _Reading:
    """The columns as they grow."""

    def __init__(self) -> None:
        self.numbers = _counting()
        self.done: tuple[list[Codes], list[Codes], list[Codes]] = ([], [], [])
        self.count = 0
        self.texts: list[Text] = []
        self.prefixes: dict[str, str] = {}

    def read(self, name: str, data: bytes, kind: ox.RdfFormat) -> None:
        """Take one file in."""
        data = data.removeprefix(MARK)
        first_row, before = self.count, len(self.done[0])
        pieces = _Pieces(data, _cuts(data, _size(kind)) if kind in SPOTS else ())
        source = cast("IO[bytes]", pieces)  # all that is asked of it is to `read`
        address = address_of(name)
        parser = ox.parse(source, format=kind, base_iri=address)
        numbers = _counting() if self.texts else self.numbers
        try:
            self._take(parser, pieces, numbers)
            if ox.Triple in set(map(type, numbers)):
                raise SyntaxError(_TRIPLE_TERM)
        except SyntaxError as fault:
            fault.filename = name
            raise
        renamed = self._joined(numbers, before) if self.texts else {}
        declared = dict(parser.prefixes)
        self.prefixes |= declared
        self.texts.append(
            Text(
                file=name,
                kind=kind,
                data=data,
                first_row=first_row,
                last_row=self.count,
                pieces=np.array(pieces.starts, dtype=np.int64),
                rows=np.array(pieces.rows, dtype=np.int64),
                prefixes=declared,
                base=None if parser.base_iri == address else parser.base_iri,
                renamed=renamed,
            )
        )

    def _joined(self, numbers: dict[Term, int], before: int) -> dict[str, ox.BlankNode]:
        """Give the terms of a further file the numbers of all; says which have another name."""
        renamed: dict[str, ox.BlankNode] = {}
        codes = []
        for each in numbers:
            term = each
            if isinstance(term, ox.BlankNode) and term in self.numbers:
                renamed[term.value] = term = ox.BlankNode()
            codes.append(self.numbers[term])
        known = np.array(codes, dtype=np.int32)
        for column in self.done:
            column[before:] = [known[each] for each in column[before:]]
        return renamed

    def _take(self, parser: ox.QuadParser, pieces: _Pieces, numbers: dict[Term, int]) -> None:
        number = numbers.__getitem__
        subjects: list[int] = []
        predicates: list[int] = []
        objects: list[int] = []
        chunk = (subjects, predicates, objects)
        pieces.taken, pieces.before = objects, self.count
        last: object = None
        code = 0
        for triple in parser:
            if (subject := triple.subject) != last:
                last, code = subject, number(subject)
            subjects.append(code)
            predicates.append(number(triple.predicate))
            objects.append(number(triple.object))
            if len(objects) >= _CHUNK:
                pieces.before = self._flush(chunk)
        self._flush(chunk)

    def _flush(self, chunk: tuple[list[int], list[int], list[int]]) -> int:
        self.count += len(chunk[2])
        for done, column in zip(self.done, chunk, strict=True):
            done.append(np.array(column, dtype=np.int32))
            column.clear()
        return self.count

    def loaded(self) -> Loaded:
        """What was read, finished."""
        self.numbers.default_factory = None
        empty = np.empty(0, dtype=np.int32)
        subjects, predicates, objects = (np.concatenate([empty, *each]) for each in self.done)
        columns = Columns(Terms(self.numbers), subjects, predicates, objects)
        return Loaded(columns, tuple(self.texts), self.prefixes)


def _counting() -> defaultdict[Term, int]:
    """Gives each new term the next number."""
    numbers: defaultdict[Term, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    return numbers


class _Pieces:
    """A file that pyoxigraph reads; it notes how many triples were there before each piece.

    ``taken`` is where the triples go, ``before`` is how many have been taken out of there.
    """

    def __init__(self, data: bytes, cuts: Iterable[int]) -> None:
        self.data = memoryview(data)
        self.cuts = [*cuts, len(data)]
        self.next = 0
        self.position = 0
        self.starts: list[int] = []
        self.rows: list[int] = []
        self.taken: list[int] = []
        self.before = 0

    def read(self, size: int = -1) -> bytes:
        """The next piece, or what of it there is room for: never more than ``size`` bytes."""
        begin = self.position
        if begin == (self.cuts[self.next - 1] if self.next else 0):
            if self.next >= len(self.cuts):
                return b""
            self.next += 1
            self.starts.append(begin)
            self.rows.append(self.before + len(self.taken))
        end = self.cuts[self.next - 1]
        self.position = end if size < 0 else min(end, begin + size)
        return self.data[begin : self.position].tobytes()


_TRIPLE_TERM = "a triple stands where a term is asked for, as only RDF 1.2 has it"
_HEAD = re.compile(rb"(?:\s|#[^\n]*\n|@?(?:prefix|base)\b[^\n]*\n)*", re.I)
"""What stands before the first statement, as it is usually written."""


def _size(kind: ox.RdfFormat) -> int:
    """Bytes of a piece at least. Statements of N-Quads are long, and found again by the line."""
    return 8 * PIECE if kind == ox.RdfFormat.N_QUADS else PIECE


def _cuts(data: bytes, size: int) -> Iterator[int]:
    """Where pieces end: after a full stop at the end of a line if the next has no indent.

    The first ends behind the directives; so a change of a statement is no change of a directive.
    """
    text = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(text == _NEW_LINE)
    ends = ends[(ends > 1) & (ends < len(text) - 1)]
    last = text[ends - 1]
    last = np.where(last == _RETURN, text[ends - 2], last)
    following = text[ends + 1]
    margin = (following != _SPACE) & (following != _TAB)
    cuts = (ends[(last == _STOP) & margin] + 1).tolist()
    head = _HEAD.match(data)
    position = max(bisect_right(cuts, head.end() if head else 0) - 1, 0)
    while position < len(cuts):
        yield (cut := cuts[position])
        position = bisect_left(cuts, cut + size, position)
