"""A book as an XLSX file: every cell a text, the same bytes for the same book."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from guidegraph.sheet import ledger, readme
from guidegraph.sheet.book import COLUMNS, ID, LEDGER, LISTS, READ_ME, STATE, Book, row_state
from guidegraph.sheet.cells import plain
from guidegraph.sheet.columns import Column
from guidegraph.sheet.scene import Scene
from guidegraph.sheet.tables import Table

TITLE, BANDS, HEADINGS, FIRST = 1, 2, 3, 4
"""The rows of a sheet: title, bands of columns, headings, and the first row of data."""

HIDDEN = 2
"""Columns that are hidden, before the first one that is seen."""

TEXT = "@"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_WHEN = datetime(2020, 1, 1)
_STAMP = (2020, 1, 1, 0, 0, 0)
_SPARE = 200
"""Empty rows below the last one that offer the drop-down lists."""

_GREY = PatternFill("solid", fgColor="E7E6E6")
_BAND = PatternFill("solid", fgColor="1F3864")
_HEAD = PatternFill("solid", fgColor="D9E2F3")
_BLOCK = PatternFill("solid", fgColor="FFF2CC")
_LINE = Border(bottom=Side("thin", color="BFBFBF"), right=Side("thin", color="D9D9D9"))
_WRAP = Alignment(wrap_text=True, vertical="top")
_WHITE = Font(bold=True, color="FFFFFF")
_BOLD = Font(bold=True)
_SHADED = Font(color="595959")


def written(book: Book, offers: dict[Column, tuple[str, ...]]) -> bytes:
    """The file; ``offers`` says what the drop-down list of a column holds."""
    made = Workbook()
    made.remove(made.worksheets[0])
    _read_me(made.create_sheet(READ_ME), book)
    places = _places(book)
    for table in book.tables:
        _table(made.create_sheet(table.name), table, offers, places)
    _columns(made.create_sheet(COLUMNS), book)
    _lists(made.create_sheet(LISTS), book)
    _ledger(made.create_sheet(LEDGER), book)
    for (values, _), name in zip(book.lists.items(), places.values(), strict=True):
        letter = get_column_letter(int(name.rpartition("_")[2]))
        where = f"{quote_sheetname(LISTS)}!${letter}$2:${letter}${len(values) + 1}"
        made.defined_names[name] = DefinedName(name, attr_text=where)
    made.properties.creator = book.made_by
    made.properties.title = book.title
    made.properties.created = made.properties.modified = _WHEN
    return _zipped(made)


def _places(book: Book) -> dict[tuple[str, ...], str]:
    """The name under which each list can be found."""
    return {values: f"list_{number}" for number, values in enumerate(book.lists, 1)}


def _put(cell: SheetCell | MergedCell, text: str) -> None:
    """Write a text so that no program takes it for a formula, a number or a date."""
    assert isinstance(cell, SheetCell)
    cell.value = text
    cell.data_type = "s"
    cell.number_format = TEXT
    cell.alignment = _WRAP
    if text.startswith(_DANGEROUS):
        cell.quotePrefix = True


# ---- sheets ----------------------------------------------------------------------------------


def _table(
    sheet: Worksheet,
    table: Table,
    offers: dict[Column, tuple[str, ...]],
    places: dict[tuple[str, ...], str],
) -> None:
    last = HIDDEN + len(table.columns)
    bottom = FIRST + len(table.rows) - 1
    for number in range(1, last + 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].number_format = TEXT
        sheet.column_dimensions[letter].alignment = _WRAP
    _head(sheet, table)
    for number, row in enumerate(table.rows, FIRST):
        _put(sheet.cell(number, 1), row.iri)
        _put(sheet.cell(number, 2), row_state(table, row))
        for at, column in enumerate(table.columns, HIDDEN + 1):
            each = row.cells[column.key]
            cell = sheet.cell(number, at)
            if each.text:
                _put(cell, each.text)
            cell.number_format, cell.alignment, cell.border = TEXT, _WRAP, _LINE
            if row.is_head:
                cell.fill, cell.font = _BLOCK, _BOLD
            if not each.is_open:
                cell.fill, cell.font = _GREY, _SHADED
    for at, column in enumerate(table.columns, HIDDEN + 1):
        if not column.is_worked_out and offers.get(column):
            letter = get_column_letter(at)
            area = f"{letter}{FIRST}:{letter}{bottom + _SPARE}"
            sheet.add_data_validation(_offer(column, offers[column], places, area))
    _fold(sheet, table)
    sheet.freeze_panes = f"{get_column_letter(HIDDEN + 2)}{FIRST}"
    sheet.auto_filter.ref = f"A{HEADINGS}:{get_column_letter(last)}{max(bottom, FIRST)}"
    sheet.sheet_view.zoomScale = 90
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{HEADINGS}:{HEADINGS}"


def _head(sheet: Worksheet, table: Table) -> None:
    """Title, bands and headings."""
    _put(sheet.cell(TITLE, HIDDEN + 1), plain(table.title))
    sheet.cell(TITLE, HIDDEN + 1).font = Font(bold=True, size=13)
    sheet.cell(TITLE, HIDDEN + 1).alignment = Alignment(wrap_text=False, vertical="center")
    sheet.row_dimensions[TITLE].height = 24
    before = ""
    for at, column in enumerate(table.columns, HIDDEN + 1):
        band = sheet.cell(BANDS, at)
        if column.band != before:
            _put(band, plain(column.band))
            before = column.band
        band.fill, band.font = _BAND, _WHITE
        band.alignment = Alignment(wrap_text=False)
        heading = sheet.cell(HEADINGS, at)
        _put(heading, plain(column.heading))
        heading.fill, heading.font, heading.border = _HEAD, _BOLD, _LINE
        sheet.column_dimensions[get_column_letter(at)].width = _width(table, column)
    for at, words in ((1, ID), (2, STATE)):
        _put(sheet.cell(HEADINGS, at), words)
        sheet.column_dimensions[get_column_letter(at)].hidden = True


def _fold(sheet: Worksheet, table: Table) -> None:
    """Fold columns away in which nothing stands, where they stand together at the end."""
    idle = table.idle
    count = 0
    for column in reversed(table.columns):
        if column.key not in idle:
            break
        count += 1
    if count:
        last = HIDDEN + len(table.columns)
        for at in range(last - count + 1, last + 1):
            dimension = sheet.column_dimensions[get_column_letter(at)]
            dimension.outlineLevel, dimension.hidden = 1, True
        sheet.column_dimensions[get_column_letter(last + 1)].collapsed = True


def _width(table: Table, column: Column) -> float:
    """As wide as most of what stands there, within bounds in which one can still read."""
    lengths = sorted(
        max(map(len, each.text.split("\n")))
        for row in table.rows
        if (each := row.cells[column.key]).text
    )
    usual = lengths[len(lengths) * 9 // 10] if lengths else 0
    return float(min(max(usual * 0.7, len(column.heading) * 0.8, 10), 45))


def _offer(
    column: Column, values: tuple[str, ...], places: dict[tuple[str, ...], str], area: str
) -> DataValidation:
    """A drop-down list; where several values may stand, it only suggests."""
    made = DataValidation(type="list", formula1=places[values], allow_blank=True, sqref=area)
    made.showErrorMessage = not column.splits
    made.errorStyle = "stop" if column.asks and column.asks.choices else "warning"
    made.errorTitle = "Not in the list"
    made.error = "Choose one of the list; other words are refused when the workbook is read."
    return made


def _read_me(sheet: Worksheet, book: Book) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 100
    for number, (word, told) in enumerate(readme.lines(book), 1):
        for at, text in ((1, word), (2, told)):
            if text:
                _put(sheet.cell(number, at), plain(text))
        if number == 1:
            sheet.cell(number, 2).font = Font(bold=True, size=16)
        elif word and not told:
            sheet.cell(number, 1).font = _BOLD
    sheet.sheet_view.showGridLines = False


def _columns(sheet: Worksheet, book: Book) -> None:
    widths = (22, 34, 70, 36, 16)
    for at, (words, width) in enumerate(zip(readme.HEADINGS, widths, strict=True), 1):
        _put(sheet.cell(1, at), words)
        sheet.cell(1, at).fill, sheet.cell(1, at).font = _HEAD, _BOLD
        sheet.column_dimensions[get_column_letter(at)].width = width
    for number, line in enumerate(readme.explained(book), 2):
        for at, text in enumerate(line, 1):
            _put(sheet.cell(number, at), plain(text))
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:E{sheet.max_row}"


def _lists(sheet: Worksheet, book: Book) -> None:
    for at, (values, heading) in enumerate(book.lists.items(), 1):
        _fill(sheet, at, (heading, *values))
    sheet.sheet_state = "hidden"


def _fill(sheet: Worksheet, at: int, values: Iterable[str]) -> None:
    for number, each in enumerate(values, 1):
        _put(sheet.cell(number, at), plain(each))


def _ledger(sheet: Worksheet, book: Book) -> None:
    for number, line in enumerate(ledger.lines(book), 1):
        for at, text in enumerate(line, 1):
            cell = sheet.cell(number, at)
            cell.value, cell.data_type, cell.number_format = text, "s", TEXT
    sheet.sheet_state = "veryHidden"


# ---- bytes -----------------------------------------------------------------------------------


def _zipped(made: Workbook) -> bytes:
    """The workbook with fixed times, so that one book has one form."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        writer = ExcelWriter(made, archive)
        writer.write_data()
    final = io.BytesIO()
    with zipfile.ZipFile(raw) as found, zipfile.ZipFile(final, "w") as archive:
        for name in found.namelist():
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            archive.writestr(entry, found.read(name))
    return final.getvalue()


def file_of(book: Book, scene: Scene) -> bytes:
    """The workbook of a book with its drop-down lists."""
    from guidegraph.sheet.book import choices

    offers = {column: choices(scene, column) for table in book.tables for column in table.columns}
    return written(book, offers)
