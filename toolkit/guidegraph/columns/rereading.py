"""A file that was saved again: only what differs is read, and the result is that of reading all.

The piece that is read begins and ends where a statement ends for certain (``lexing``), so that
nothing outside can mean anything else than before. What it said before is read too and held
against the columns. Where one of this fails the whole file is read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyoxigraph as ox

from guidegraph.collecting import without_collecting
from guidegraph.columns.columns import BLANK, Columns, Rows, Triples
from guidegraph.columns.edits import Splice, spliced
from guidegraph.columns.lexing import ends_statement, last_directive, long_strings
from guidegraph.columns.naming import Labels, Naming
from guidegraph.columns.reading import LINES, MARK, Loaded, Text, read

_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True, eq=False)
class Reread:
    """The graph after a file was saved, and the triples that only one of the two has.

    Some may be among them that both have, if they are written several times.
    """

    loaded: Loaded
    touched: Triples


@dataclass(frozen=True, slots=True)
class _Piece:
    """From where to where bytes were replaced, and by which; numbers of pieces likewise."""

    begin: int
    end: int
    new: bytes
    first: int
    last: int


def reread(loaded: Loaded, number: int, data: bytes) -> Reread:
    """The graph after one of its files got another content.

    Raises ``SyntaxError`` as ``reading.read`` does; ``loaded`` stays as it was in any case.
    """
    text, data = loaded.texts[number], data.removeprefix(MARK)
    piece = _changed(text, data)
    if piece is None:
        return Reread(loaded, loaded.columns.triples_of(0, 0))
    with without_collecting():
        found = _of_piece(loaded, text, piece)
        if found is None:
            piece = _Piece(0, len(text.data), data, 0, len(text.pieces))
            found = read([(text.file, data, text.kind)])
        return _replaced(loaded, number, data, piece, found)


def _changed(text: Text, data: bytes) -> _Piece | None:
    """What differs, as whole statements; None if nothing does."""
    old = text.data
    begin = _same(old, data)
    if begin == len(old) == len(data):
        return None
    most = min(len(old), len(data)) - begin
    end = len(old) - _same_at_end(old, data, most)
    first = int(np.searchsorted(text.pieces, begin, side="right")) - 1
    while first > 0 and not _is_safe(text, int(text.pieces[first])):
        first -= 1
    last = int(np.searchsorted(text.pieces, end, side="right"))
    while last < len(text.pieces) and not _is_safe(text, int(text.pieces[last])):
        last += 1
    first = max(first, 0)
    begin = int(text.pieces[first]) if first else 0
    end = int(text.pieces[last]) if last < len(text.pieces) else len(old)
    return _Piece(begin, end, data[begin : end + len(data) - len(old)], first, last)


def _same(left: bytes, right: bytes) -> int:
    """How many bytes at the begin of both are the same."""
    size, at = min(len(left), len(right)), 0
    while at < size and left[at : at + _BLOCK] == right[at : at + _BLOCK]:
        at += _BLOCK
    one, other = (
        np.frombuffer(each[at : min(at + _BLOCK, size)], np.uint8) for each in (left, right)
    )
    differs = one != other
    return at + int(differs.argmax()) if differs.any() else size


def _same_at_end(left: bytes, right: bytes, most: int) -> int:
    """How many bytes at the end of both are the same, at most so many."""
    ends, found = (len(left), len(right)), 0
    while found < most:
        size = min(_BLOCK, most - found)
        one, other = (
            each[end - found - size : end - found]
            for each, end in zip((left, right), ends, strict=True)
        )
        if one != other:
            differs = np.frombuffer(one, np.uint8) != np.frombuffer(other, np.uint8)
            return found + int(differs[::-1].argmax())
        found += size
    return most


def _is_safe(text: Text, offset: int) -> bool:
    return ends_statement(text.data, offset, text.strings)


def _of_piece(loaded: Loaded, text: Text, piece: _Piece) -> Loaded | None:
    """What the new piece says; None if this cannot be known without reading the whole file."""
    if text.kind not in LINES or text.last_directive >= piece.begin:
        return None
    if last_directive(piece.new, long_strings(piece.new)) >= 0:
        return None
    head = _head(text) if text.kind == ox.RdfFormat.TURTLE else b""
    try:
        before = read([(text.file, head + text.data[piece.begin : piece.end], text.kind)])
        now = read([(text.file, head + piece.new, text.kind)])
    except (SyntaxError, ValueError, OSError):
        return None
    start, stop = _bounds(text, piece)
    if not _says(before.columns, loaded.columns, start, stop):
        return None
    return _without(now, len(head))


def _head(text: Text) -> bytes:
    """The directives of a text."""
    base = "" if text.base is None else f"@base <{text.base}> .\n"
    known = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in text.prefixes.items())
    return (base + known).encode()


def _without(found: Loaded, head: int) -> Loaded:
    """What was read, told of the text without what was put before it."""
    (text,) = found.texts
    pieces, first = np.unique(np.maximum(text.pieces - head, 0), return_index=True)
    return Loaded(found.columns, (replace(text, pieces=pieces, rows=text.rows[first]),))


def _bounds(text: Text, piece: _Piece) -> tuple[int, int]:
    """From which row to which a piece goes."""
    start = int(text.rows[piece.first]) if piece.first else text.first_row
    stop = int(text.rows[piece.last]) if piece.last < len(text.rows) else text.last_row
    return start, stop


def _says(read_again: Columns, columns: Columns, start: int, stop: int) -> bool:
    """Whether some rows are what was read again, whatever blank nodes are called."""
    if len(read_again) != stop - start:
        return False
    names = columns.terms
    known = np.array([names.number(each) for each in read_again.terms.all], dtype=np.int32)
    blank = read_again.terms.kinds == BLANK
    for ours, theirs in zip(columns.triples_of(start, stop), read_again.triples_of(), strict=True):
        differs = ours != known[theirs]
        if (differs & ~(blank[theirs] & (names.kinds[ours] == BLANK))).any():
            return False
    return True


def _replaced(loaded: Loaded, number: int, data: bytes, piece: _Piece, found: Loaded) -> Reread:
    """The graph with what was found in a piece instead of what stood there."""
    text, columns = loaded.texts[number], loaded.columns
    start, stop = _bounds(text, piece)
    labels = Labels.of(text, text.data[piece.begin : piece.end], piece.new)
    naming = Naming(columns, text, labels)
    terms, codes, renamed = naming.named(found.columns, (start, stop))
    subjects, predicates, objects = (codes[each] for each in found.columns.triples_of())
    whole = Splice(start, stop, (subjects, predicates, objects))
    splice = whole.taking(columns.triples_of(start, stop))
    gone = columns.triples_of(splice.start, splice.stop)
    touched = _either(gone, splice.triples)
    new = replace(found.texts[0], data=data, renamed=renamed)
    texts = (
        *loaded.texts[:number],
        _text(text, piece, new, whole),
        *(_further_on(each, whole.longer) for each in loaded.texts[number + 1 :]),
    )
    declared = {name: iri for each in texts for name, iri in each.prefixes.items()}
    return Reread(Loaded(spliced(columns, terms, splice), texts, declared), touched)


def _either(gone: Triples, come: Triples) -> Triples:
    """The triples that only one of the two has."""
    ours, theirs = (
        set(zip(*(each.tolist() for each in triples), strict=True)) for triples in (gone, come)
    )
    table = np.array(sorted(ours ^ theirs), dtype=np.int32).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def _text(text: Text, piece: _Piece, new: Text, splice: Splice) -> Text:
    """The file after the change; ``new`` has its content and what was read of the piece."""
    longer = len(piece.new) - (piece.end - piece.begin)
    whole = piece.begin == 0 and piece.end == len(text.data)

    def joined(old: Rows, first: int, last: int, own: Rows, moved: int) -> Rows:
        return np.concatenate([old[:first], own, old[last:] + moved])

    changed = replace(
        text,
        data=new.data,
        renamed=new.renamed,
        last_row=text.last_row + splice.longer,
        pieces=joined(text.pieces, piece.first, piece.last, new.pieces + piece.begin, longer),
        rows=joined(text.rows, piece.first, piece.last, new.rows + splice.start, splice.longer),
        prefixes=new.prefixes if whole else text.prefixes,
        base=new.base if whole else text.base,
    )
    if whole:
        return changed
    strings = text.strings.spliced(piece.begin, piece.end, long_strings(piece.new), longer)
    changed.__dict__.update(strings=strings, last_directive=text.last_directive)
    if "line_ends" in text.__dict__:
        ends = np.flatnonzero(np.frombuffer(piece.new, dtype=np.uint8) == ord("\n"))
        first, last = np.searchsorted(text.line_ends, [piece.begin, piece.end]).tolist()
        changed.__dict__["line_ends"] = joined(
            text.line_ends, first, last, ends + piece.begin, longer
        )
    return changed


def _further_on(text: Text, longer: int) -> Text:
    """A file behind the one that was changed."""
    first, last = text.first_row + longer, text.last_row + longer
    moved = replace(text, first_row=first, last_row=last, rows=text.rows + longer)
    if "line_ends" in text.__dict__:
        moved.__dict__["line_ends"] = text.line_ends
    return moved
