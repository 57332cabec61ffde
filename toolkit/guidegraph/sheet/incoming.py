"""A workbook as somebody sends it back: what stands in each cell, and of what kind it is."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from guidegraph.errors import UsageError
from guidegraph.sheet import faults, guard
from guidegraph.sheet.faults import CellPlace

EMPTY, TEXT, NUMBER, DATE, TRUTH, ERROR, FORMULA = (
    "empty",
    "text",
    "number",
    "date",
    "truth",
    "error",
    "formula",
)
_RETURN = re.compile(r"_x000[Dd]_(?=\n|$)|\r(?=\n|$)")


@dataclass(frozen=True, slots=True)
class Raw:
    """What stands in a cell: its kind, and its text, number, date or formula in words."""

    kind: str = EMPTY
    text: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class RawSheet:
    """The rows of a sheet by their numbers, each with its cells from the first column on."""

    name: str
    rows: Mapping[int, tuple[Raw, ...]] = field(repr=False)
    merged: tuple[str, ...] = ()


@dataclass(frozen=True)
class RawBook:
    """All sheets of a workbook by their names."""

    file: str
    sheets: Mapping[str, RawSheet]

    def place(self, sheet: str, row: int, column: int) -> CellPlace:
        """A cell, for people."""
        return CellPlace(f"{self.file}:{sheet}", row, column)


def text(typed: str) -> Raw:
    """A cell with words."""
    plain = _RETURN.sub("", typed)
    return Raw(TEXT, plain) if plain else Raw()


def opened(path: Path) -> RawBook:
    """What a workbook holds; a ``UsageError`` where it cannot or must not be opened."""
    file = str(path)
    extents = guard.held_against(path, file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return RawBook(file, dict(_sheets(path, extents)))
    except UsageError:
        raise
    except Exception as fault:  # whatever the library cannot read, it says so in its own way
        reason = "a part of it is not as it should be"
        help = "Open it in a spreadsheet program, and save it anew as XLSX."
        raise UsageError([faults.unreadable(file, reason, help)]) from fault


def _sheets(path: Path, extents: Mapping[str, guard.Extent]) -> Iterator[tuple[str, RawSheet]]:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, keep_links=False)
    try:
        for sheet in book.worksheets:
            part = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
            extent = extents.get(part) or guard.Extent()
            rows: dict[int, tuple[Raw, ...]] = {}
            if extent.cells:
                area = sheet.iter_rows(
                    min_row=1, max_row=extent.rows, min_col=1, max_col=extent.columns
                )
                for number, cells in enumerate(area, 1):
                    told = tuple(_raw(each) for each in cells)
                    if any(each.kind != EMPTY for each in told):
                        rows[number] = told
            yield sheet.title, RawSheet(sheet.title, rows, tuple(extent.merged))
    finally:
        book.close()


def _raw(cell: Any) -> Raw:
    value = cell.value
    if value is None:
        return Raw()
    kind = cell.data_type
    if kind == "f":
        return Raw(FORMULA, str(getattr(value, "text", value)))
    if kind == "e":
        return Raw(ERROR, str(value))
    if isinstance(value, bool):
        return Raw(TRUTH, "TRUE" if value else "FALSE")
    if isinstance(value, datetime | date | time) or kind == "d":
        return Raw(DATE, str(value))
    if isinstance(value, int | float):
        return Raw(NUMBER, repr(value), str(cell.number_format))
    return text(str(value))


def lines_of(sheet: RawSheet) -> Iterable[tuple[str, ...]]:
    """The texts of a sheet, row by row, without the empty cells at the end of each."""
    for _, cells in sorted(sheet.rows.items()):
        told = [each.text for each in cells]
        while told and not told[-1]:
            told.pop()
        yield tuple(told)
