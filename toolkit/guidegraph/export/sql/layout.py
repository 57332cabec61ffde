"""Columns of a SELECT as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from guidegraph.export.sql.dialect import WIDTH, comment
from guidegraph.export.sql.logic import Computed

OWN_LINE = ("AND ", "OR ", "WHEN", "THEN", "ELSE", "AS ")
"""How a piece starts that begins a line of its own."""


def select(columns: Sequence[Computed]) -> Iterator[str]:
    """The columns of a SELECT; one that does not fit on a line is broken between its pieces."""
    for place, each in enumerate(columns, 1):
        if each.comments:
            yield ""
        for said in each.comments:
            yield from comment(said, "  ", width=WIDTH - 2)
        yield from _column(each, "," if place < len(columns) else "")


def _column(each: Computed, end: str) -> Iterator[str]:
    first, *rest = each.expression.pieces
    if each.expression.text.rpartition(".")[2] != each.column:
        rest.append(f"AS {each.column}")
    line = f"  {' '.join([first, *rest])}{end}"
    if len(line) <= WIDTH - 2:
        yield line
        return
    written = f"  {first}"
    for piece in rest:
        if piece.startswith(OWN_LINE) or len(written) + len(piece) > WIDTH - 4:
            yield written
            written = f"    {piece}"
        else:
            written += f" {piece}"
    yield written + end
