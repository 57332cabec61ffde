"""Where a triple stands: its piece of the file is read again, by a reader that knows places."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyoxigraph as ox

from guidegraph.columns.reading import Loaded, Text
from guidegraph.diagnostic import Location
from guidegraph.turtle.names import Names
from guidegraph.turtle.triples import UnreadError, read_triples

DEPTH = 200
"""How deeply brackets may be nested where a place is looked up."""

Spot = tuple[int, int]
"""Line and column, from 1; column 0 where only the line is known."""


@dataclass(frozen=True)
class Places:
    """Places of the triples of a graph; no piece of a file is read more than once or twice."""

    loaded: Loaded
    _spots: dict[tuple[int, int], tuple[int, Sequence[tuple[Spot, Spot]]]] = field(
        default_factory=dict
    )

    def of_object(self, row: int) -> Location:
        """Where the object of a triple stands; in formats other than those of ``SPOTS`` its line.

        Of JSON-LD not even that is known: then it is the first.
        """
        return self._place(row, 1)

    def of_verb(self, row: int) -> Location:
        """Where the predicate of a triple stands."""
        return self._place(row, 0)

    def of_node(self, number: int) -> Location | None:
        """Where the first triple about a node stands: its predicate."""
        columns = self.loaded.columns
        order = columns.by_subject
        first = int(np.searchsorted(columns.subjects, np.int32(number), sorter=order))
        if first >= len(order) or columns.subjects[order[first]] != number:
            return None
        return self.of_verb(int(order[first]))

    def of_triple(self, subject: int, predicate: int, value: int) -> Location | None:
        """Where the object of the first triple that says this stands."""
        pairs = self.loaded.columns.pairs(predicate)
        at = pairs.place(subject, value)
        return self.of_object(int(pairs.rows[at])) if pairs.has(at, subject, value) else None

    def _place(self, row: int, part: int) -> Location:
        texts = self.loaded.texts
        number = bisect_right(texts, row, key=lambda each: each.first_row) - 1
        text = texts[number]
        if not text.has_places:
            return Location(text.file, _known_at(text, row))
        piece = int(np.searchsorted(text.rows, row, side="right")) - 1
        if (kept := self._spots.get((number, piece))) is None:
            kept = self._spots[number, piece] = self._read(text, piece)
        first, spots = kept
        line, column = spots[row - first][part] if spots else (self._line(text, piece), 0)
        return Location(text.file, line, column)

    def _read(self, text: Text, piece: int) -> tuple[int, Sequence[tuple[Spot, Spot]]]:
        """The first row of some pieces around this one, and the places of all their triples.

        A piece may begin inside a long string or a comment that looks like statements; then it does
        not say as many triples as pyoxigraph found, and more is read.
        """
        width = 0
        while True:
            begin, end = max(piece - width, 0), min(piece + width + 1, len(text.rows))
            first = int(text.rows[begin])
            last = int(text.rows[end]) if end < len(text.rows) else text.last_row
            found = _spots(text, begin, end, self._line(text, begin))
            if found is not None and len(found) == last - first:
                return first, found
            if begin == 0 and end == len(text.rows):
                return 0, ()
            width = max(1, width * 4)

    def _line(self, text: Text, piece: int) -> int:
        """In which line a piece begins."""
        return int(np.searchsorted(text.line_ends, text.pieces[piece])) + 1

    def line(self, at: Location) -> str | None:
        """A line of a file, without its end; None if the file is not one of these."""
        for text in self.loaded.texts:
            if text.file == at.file:
                ends = text.line_ends
                first = int(ends[at.line - 2]) + 1 if at.line > 1 else 0
                last = int(ends[at.line - 1]) if at.line <= len(ends) else len(text.data)
                return text.data[first:last].decode(errors="replace").rstrip("\r")
        return None


def _known_at(text: Text, row: int) -> int:
    """In which line a triple is known; 1 if its format does not say."""
    if text.kind == ox.RdfFormat.JSON_LD:
        return 1
    starts, rows = text.by_line
    start = starts[int(np.searchsorted(rows, row, side="right")) - 1]
    return int(np.searchsorted(text.line_ends, start)) + 1


def _spots(text: Text, begin: int, end: int, line: int) -> Sequence[tuple[Spot, Spot]] | None:
    """Places of verb and object of each triple of some pieces, in the order of pyoxigraph."""
    stop = int(text.pieces[end]) if end < len(text.pieces) else len(text.data)
    told = _Told()
    try:
        piece = text.data[int(text.pieces[begin]) : stop].decode()
        if text.kind == ox.RdfFormat.N_QUADS:
            return _spots_of_quads(piece, line)
        read_triples(piece, told, Names(text.prefixes), DEPTH)
    except (UnicodeDecodeError, UnreadError):
        return None
    starts = [0]
    while found := piece.find("\n", starts[-1]) + 1:
        starts.append(found)

    def spot(offset: int) -> Spot:
        here = bisect_right(starts, offset)
        return line + here - 1, offset - starts[here - 1] + 1

    return [(spot(verb), spot(at)) for _, _, verb, at in sorted(told.found)]


def _spots_of_quads(piece: str, line: int) -> Sequence[tuple[Spot, Spot]]:
    """The same of N-Quads, which have a statement in each line or none."""
    found = ((at, _QUAD.match(each)) for at, each in enumerate(piece.split("\n"), line))
    return [((at, quad.start(1) + 1), (at, quad.end() + 1)) for at, quad in found if quad]


_QUAD = re.compile(r"[ \t]*(?:<[^>]*>|_:[^ \t<]+)[ \t]*(<[^>]*>)[ \t]*")


class _Told:
    """Takes only where triples stand; which terms they have does not matter here."""

    def __init__(self) -> None:
        self.found: list[tuple[int, int, int, int]] = []

    def iri(self, iri: str) -> object:
        """The IRI itself."""
        return iri

    def literal(self, lexical: str, datatype: str, language: str) -> object:
        """The words themselves."""
        return lexical

    def blank(self, label: str) -> object:
        """Something new."""
        return object()

    def put(self, triple: tuple[object, object, object], verb: int, at: int, turn: int) -> None:
        """Keep the place of one triple."""
        self.found.append((turn, -len(self.found), verb, at))

    def prefix(self, name: str, namespace: str, at: int) -> None:
        """Not needed."""

    def described(self, subject: object, at: int) -> None:
        """Not needed."""

    def split(self, written: str, at: int) -> None:
        """Not needed."""
