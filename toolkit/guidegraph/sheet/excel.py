"""A workbook as an XLSX file: every cell a text, the same bytes for the same book."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from functools import cache
from typing import Literal

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from guidegraph.sheet.book import LISTS
from guidegraph.sheet.packing import packed
from guidegraph.sheet.pages import (
    FONT,
    HEADINGS,
    HIDDEN,
    LETTERS,
    NOT_LISTED,
    PRINTED,
    TITLE,
    Layout,
    Look,
    Offer,
    Page,
    Sight,
    Spot,
    Strictness,
)

_TEXT = "@"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_WHEN = datetime(2020, 1, 1)
_LINE_HEIGHT, _HIGHEST = 15, 405
_LINE = Border(bottom=Side("thin", color="BFBFBF"), right=Side("thin", color="D9D9D9"))
_STATES: dict[Sight, Literal["visible", "hidden", "veryHidden"]] = {
    Sight.SHOWN: "visible",
    Sight.HIDDEN: "hidden",
    Sight.BURIED: "veryHidden",
}


def written(layout: Layout) -> bytes:
    """The file."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for page in layout.pages:
        _sheet(made.create_sheet(page.name), page)
    offers = {each.listed: each for page in layout.pages for each in page.offers}
    for number, each in sorted(offers.items()):
        letter = get_column_letter(number)
        where = f"{quote_sheetname(LISTS)}!${letter}$2:${letter}${each.length + 1}"
        name = _list_name(number)
        made.defined_names[name] = DefinedName(name, attr_text=where)
    made.properties.creator = layout.made_by
    made.properties.title = layout.title
    made.properties.created = made.properties.modified = _WHEN
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        ExcelWriter(made, archive).write_data()
    return packed(raw.getvalue())


class _Row(RowDimension):
    """A row that begins with a height of ours and grows with what is typed into it.

    Of an XLSX file LibreOffice (7.4) makes no row higher than a line by itself.
    """

    customHeight = False  # noqa: N815 - the name is that of the format


def _list_name(number: int) -> str:
    return f"list_{number}"


# ---- sheets ----------------------------------------------------------------------------------


def _sheet(sheet: Worksheet, page: Page) -> None:
    _strips(sheet, page)
    for number, row in enumerate(page.rows, 1):
        if (lines := page.lines(row)) > 1:
            high = min(lines * _LINE_HEIGHT, _HIGHEST)
            sheet.row_dimensions[number] = _Row(sheet, index=number, ht=high)
        for at, spot in enumerate(row, 1):
            if spot is not None:
                _put(sheet, number, at, spot)
    for each in page.offers:
        sheet.add_data_validation(_offer(each))
    sheet.sheet_state = _STATES[page.sight]
    sheet.sheet_view.showGridLines = page.has_grid
    columns, rows = page.stays
    if rows:
        sheet.freeze_panes = f"{get_column_letter(columns + 1)}{rows + 1}"
    if page.filtered:
        last = max(len(page.rows), page.filtered + 1)
        sheet.auto_filter.ref = f"A{page.filtered}:{get_column_letter(page.width)}{last}"
    if page.is_form:
        sheet.row_dimensions[TITLE].height = 24
        sheet.sheet_view.zoomScale = 90
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    if page.is_form:
        sheet.page_setup.scale = PRINTED
        sheet.print_title_rows = f"{HEADINGS}:{HEADINGS}"
        sheet.print_title_cols = f"{get_column_letter(HIDDEN + 1)}:{get_column_letter(HIDDEN + 1)}"
    else:
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _strips(sheet: Worksheet, page: Page) -> None:
    """Widths, what is hidden or folded, and text as the form of all empty cells."""
    for number in range(1, page.width + 1):
        strip = sheet.column_dimensions[get_column_letter(number)]
        if number <= len(page.widths) and page.widths[number - 1]:
            strip.width = page.widths[number - 1]
        if page.is_form:
            strip.number_format, strip.alignment = _TEXT, _alignment(True)
        strip.hidden = number <= page.hidden
        if number > page.width - page.folded:
            strip.outlineLevel, strip.hidden = 1, True
    if page.folded:
        sheet.column_dimensions[get_column_letter(page.width + 1)].collapsed = True


def _put(sheet: Worksheet, row: int, column: int, spot: Spot) -> None:
    """Write a text so that no program takes it for a formula, a number or a date."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, SheetCell)
    look = spot.look
    if spot.text:
        cell.value, cell.data_type = spot.text, "s"
    cell.number_format, cell.alignment = _TEXT, _alignment(look.wraps)
    if look.fill:
        cell.fill = _fill(look.fill)
    if look.bold or look.ink or look.size:
        cell.font = _font(look)
    if look.is_lined:
        cell.border = _LINE
    if spot.text.startswith(_DANGEROUS):
        cell.quotePrefix = True


def _offer(each: Offer) -> DataValidation:
    letter = get_column_letter(each.column)
    area = f"{letter}{each.first}:{letter}{each.last}"
    named = _list_name(each.listed)
    made = DataValidation(type="list", formula1=named, allow_blank=True, sqref=area)
    made.showErrorMessage = each.strictness is not Strictness.SUGGESTS
    made.errorStyle = "stop" if each.strictness is Strictness.STOPS else "warning"
    made.errorTitle = "Not in the list"
    made.error = NOT_LISTED
    return made


# ---- looks -----------------------------------------------------------------------------------


@cache
def _alignment(wraps: bool) -> Alignment:
    return Alignment(wrap_text=wraps, vertical="top" if wraps else "center")


@cache
def _fill(colour: str) -> PatternFill:
    return PatternFill("solid", fgColor=colour)


@cache
def _font(look: Look) -> Font:
    colour = look.ink or None
    return Font(name=FONT, size=look.size or LETTERS, bold=look.bold, color=colour)
