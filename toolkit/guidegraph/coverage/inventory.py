"""Reading an inventory: the tables of a Markdown file, by what stands in their first column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_ID = re.compile(r"[A-Z][A-Z0-9]*(?:-\w+){2,}", re.ASCII)
_CELLS = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"\|?[\s|:-]+\|?")
_TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing of a source that has to be encoded, and the line of the inventory it stands in."""

    id: str
    line: int


@dataclass(frozen=True, slots=True)
class Inventory:
    """The rows of an inventory in their order; ``counts`` are those it gives for its groups.

    ``total`` is the sum it gives itself, if any.
    """

    rows: tuple[Row, ...]
    counts: Mapping[str, int]
    total: int | None = None

    def group(self, row_id: str) -> str:
        """The group an id belongs to: a counted one, or else its first two parts."""
        counted = [each for each in self.counts if row_id.startswith(f"{each}-")]
        if not counted:
            counted = [each for each in self.counts if each in row_id.split("-")]
        return max(counted, key=len) if counted else "-".join(row_id.split("-")[:2])


def inventory(text: str) -> Inventory:
    """The rows and counts of an inventory. Tables that are neither are passed over."""
    rows: list[Row] = []
    counts: dict[str, int] = {}
    total = None
    for header, cells, line in _table_rows(text):
        first = cells[0].strip("*` ")
        if header[:2] == ["group", "rows"] and len(cells) > 1:
            number = cells[1].strip("*` ").replace(",", "")
            if not number.isdecimal():
                continue
            if first.casefold() == _TOTAL:
                total = int(number)
            else:
                counts[first] = int(number)
        elif is_id(first):
            rows.append(Row(first, line))
    return Inventory(tuple(rows), counts, total)


def is_id(text: str) -> bool:
    """Whether a text has the form of a row's id: ``ABC-CLM-01``."""
    return _ID.fullmatch(text) is not None


def _table_rows(text: str) -> Iterator[tuple[list[str], list[str], int]]:
    """Every row of every table: the header of its table, its cells, its line."""
    header: list[str] = []
    fenced = False
    for number, line in enumerate(text.splitlines(), start=1):
        told = line.strip()
        if told.startswith(("```", "~~~")):
            fenced = not fenced
        if fenced or not told.startswith("|"):
            header = []
        elif _RULE.fullmatch(told):
            continue
        elif not header:
            header = [each.casefold() for each in _cells(told)]
        else:
            yield header, _cells(told), number


def _cells(line: str) -> list[str]:
    """The cells of a table row, without the strokes at its ends."""
    return [each.strip() for each in _CELLS.split(line.strip().strip("|"))]
