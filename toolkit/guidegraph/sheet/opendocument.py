"""A workbook as an ODS file: every cell a text, the same bytes for the same book."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from odf import config, dc, meta, style, table, text
from odf.element import Element
from odf.namespaces import STYLENS
from odf.number import TextContent, TextStyle
from odf.opendocument import OpenDocumentSpreadsheet

from guidegraph.sheet.book import LISTS
from guidegraph.sheet.faults import letters
from guidegraph.sheet.packing import packed
from guidegraph.sheet.pages import (
    FONT,
    HEADINGS,
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

_USUAL_WIDTH = 8.43
_TEXT, _CELL = "text", "words"
_LINES = {"borderbottom": "0.05pt solid #bfbfbf", "borderright": "0.05pt solid #d9d9d9"}
_SHEETS = (("form", "Form", "true"), ("beside", "Whole", "true"), ("unseen", "Whole", "false"))
_ANSWERS = {
    Strictness.SUGGESTS: None,
    Strictness.WARNS: "warning",
    Strictness.STOPS: "stop",
}


def written(layout: Layout) -> bytes:
    """The file."""
    made = _Drawing()
    for page in layout.pages:
        made.page(page)
    return made.data(layout)


def _element(make: Any, **said: Any) -> Element:
    """An element without the long check of each attribute and child against the grammar."""
    return make(check_grammar=False, **said)


def _within(parent: Element, *children: Element) -> Element:
    for each in children:
        parent.addElement(each, check_grammar=False)
    return parent


class _Drawing:
    """A document while its sheets are added; styles are made when they are first needed."""

    def __init__(self) -> None:
        self.document: Any = OpenDocumentSpreadsheet()
        self.looks: dict[Look, str] = {}
        self.strips: dict[float, str] = {}
        self.validations = _element(table.ContentValidations)
        self.ranges = _element(table.DatabaseRanges)
        self.pages: list[Page] = []
        self.sheets: list[Element] = []
        self._styles()

    def data(self, layout: Layout) -> bytes:
        """The whole as a file."""
        book = self.document.spreadsheet
        if self.validations.childNodes:
            _within(book, self.validations)
        _within(book, *self.sheets, self.ranges)
        self._views()
        about = self.document.meta
        _within(about, dc.Title(text=layout.title), meta.InitialCreator(text=layout.made_by))
        raw = io.BytesIO()
        self.document.write(raw)
        return packed(raw.getvalue())

    # ---- sheets ------------------------------------------------------------------------------

    def page(self, page: Page) -> None:
        """Add a sheet."""
        is_seen = page.sight is Sight.SHOWN
        look = "form" if page.is_form else "beside" if is_seen else "unseen"
        sheet = _element(table.Table, name=page.name, stylename=look)
        _within(sheet, *self._columns(page))
        named = self._offered(page)
        for at, row in enumerate(page.rows, 1):
            drawn = self._row(at, row, page, named)
            if page.is_form and at == HEADINGS:
                drawn = _within(_element(table.TableHeaderRows), drawn)
            _within(sheet, drawn)
        spare = max((each.last for each in page.offers), default=0) - len(page.rows)
        if spare > 0:
            cells = [Spot() for _ in range(page.width)]
            _within(sheet, self._row(len(page.rows) + 1, cells, page, named, spare))
        if page.filtered:
            self._filter(page)
        self.pages.append(page)
        self.sheets.append(sheet)

    def _columns(self, page: Page) -> Iterator[Element]:
        """The columns; those that are folded away stand in a group that can be opened."""
        folded = _element(table.TableColumnGroup, display="false")
        for at in range(1, page.width + 1):
            is_folded = at > page.width - page.folded
            wide = page.widths[at - 1] if at <= len(page.widths) else 0
            said = {"stylename": self._strip(wide or _USUAL_WIDTH)}
            if page.is_form:
                said["defaultcellstylename"] = _CELL
            if at <= page.hidden or is_folded:
                said["visibility"] = "collapse"
            column = _element(table.TableColumn, **said)
            if is_folded:
                _within(folded, column)
            elif page.is_form and at == page.hidden + 1:
                yield _within(_element(table.TableHeaderColumns), column)
            else:
                yield column
        if page.folded:
            yield folded

    def _row(
        self,
        at: int,
        row: Iterable[Spot | None],
        page: Page,
        named: dict[int, str],
        often: int = 1,
    ) -> Element:
        """A row of cells, or as many like it; equal empty cells beside each other are one."""
        is_title = page.is_form and at == TITLE
        said: dict[str, Any] = {"stylename": "title" if is_title else "row"}
        if often > 1:
            said["numberrowsrepeated"] = often
        made = _element(table.TableRow, **said)
        for (spot, offered), same in groupby(
            (each, named.get(number, "") if at > HEADINGS else "")
            for number, each in enumerate(row, 1)
        ):
            count = len(list(same))
            if spot is not None and spot.text:
                _within(made, *(self._cell(spot, offered) for _ in range(count)))
            else:
                more = {"numbercolumnsrepeated": count} if count > 1 else {}
                _within(made, self._cell(spot, offered, **more))
        return made

    def _cell(self, spot: Spot | None, offered: str, **said: Any) -> Element:
        if spot is not None:
            said["stylename"] = self._look(spot.look)
        if offered:
            said["contentvalidationname"] = offered
        if spot is None or not spot.text:
            return _element(table.TableCell, **said)
        cell = _element(table.TableCell, valuetype="string", **said)
        return _within(cell, *map(_paragraph, spot.text.split("\n")))

    def _filter(self, page: Page) -> None:
        last = max(len(page.rows), page.filtered + 1)
        name = _quoted(page.name)
        area = f"{name}.A{page.filtered}:{name}.{letters(page.width)}{last}"
        said = {"targetrangeaddress": area, "displayfilterbuttons": "true"}
        known = f"__Anonymous_Sheet_DB__{len(self.pages)}"
        _within(self.ranges, _element(table.DatabaseRange, name=known, **said))

    def _offered(self, page: Page) -> dict[int, str]:
        """The names of the drop-down lists by their columns."""
        return {each.column: self._offer(each, page) for each in page.offers}

    def _offer(self, offer: Offer, page: Page) -> str:
        name = f"list{len(self.validations.childNodes) + 1}"
        letter = letters(offer.listed)
        area = f"${LISTS}.${letter}$2:.${letter}${offer.length + 1}"
        rule = _element(
            table.ContentValidation,
            name=name,
            condition=f"of:cell-content-is-in-list([{area}])",
            allowemptycell="true",
            displaylist="unsorted",
            basecelladdress=f"{_quoted(page.name)}.{letters(offer.column)}{offer.first}",
        )
        answer = _ANSWERS[offer.strictness]
        said = {"messagetype": answer} if answer else {}
        shown = _element(
            table.ErrorMessage,
            title="Not in the list",
            display="true" if answer else "false",
            **said,
        )
        _within(self.validations, _within(rule, _within(shown, _paragraph(NOT_LISTED))))
        return name

    # ---- looks -------------------------------------------------------------------------------

    def _styles(self) -> None:
        """The styles that are always there: texts, sheets, rows and the paper."""
        automatic = self.document.automaticstyles
        words = TextStyle(name=_TEXT)
        words.addElement(TextContent())
        usual = style.DefaultStyle(family="table-cell")
        usual.addElement(style.TextProperties(fontfamily=FONT, fontsize=f"{LETTERS}pt"))
        self.document.styles.addElement(usual)
        automatic.addElement(words)
        for name, paper, display in _SHEETS:
            sheet = style.Style(name=name, family="table", masterpagename=paper)
            sheet.addElement(style.TableProperties(display=display))
            automatic.addElement(sheet)
        for name, height in (("row", {}), ("title", {"rowheight": "0.85cm"})):
            row = style.Style(name=name, family="table-row")
            is_free = "false" if height else "true"
            row.addElement(style.TableRowProperties(useoptimalrowheight=is_free, **height))
            automatic.addElement(row)
        self._paper("Form", scaleto=f"{PRINTED}%")
        self._paper("Whole").setAttrNS(STYLENS, "scale-to-X", "1")  # new in OpenDocument 1.3
        self.looks[Look()] = _CELL
        self._made(_CELL, Look())

    def _paper(self, name: str, **said: str) -> Element:
        """A page that lies on its side; whose properties are returned."""
        paper = style.PageLayout(name=f"{name}Layout")
        lying: Element = style.PageLayoutProperties(
            printorientation="landscape",
            pagewidth="29.7cm",
            pageheight="21cm",
            margin="1.5cm",
            **said,
        )
        paper.addElement(lying)
        self.document.automaticstyles.addElement(paper)
        master = style.MasterPage(name=name, pagelayoutname=f"{name}Layout")
        self.document.masterstyles.addElement(master)
        return lying

    def _strip(self, wide: float) -> str:
        """The style of a column of so many characters."""
        if wide not in self.strips:
            name = self.strips[wide] = f"column{len(self.strips) + 1}"
            made = style.Style(name=name, family="table-column")
            inches = (7 * wide + 5) / 96
            made.addElement(style.TableColumnProperties(columnwidth=f"{inches:.3f}in"))
            self.document.automaticstyles.addElement(made)
        return self.strips[wide]

    def _look(self, look: Look) -> str:
        if look not in self.looks:
            self.looks[look] = f"cell{len(self.looks)}"
            self._made(self.looks[look], look)
        return self.looks[look]

    def _made(self, name: str, look: Look) -> None:
        said = dict(_LINES) if look.is_lined else {}
        if look.fill:
            said["backgroundcolor"] = f"#{look.fill.lower()}"
        made = style.Style(name=name, family="table-cell", datastylename=_TEXT)
        made.addElement(
            style.TableCellProperties(
                wrapoption="wrap" if look.wraps else "no-wrap",
                verticalalign="top" if look.wraps else "middle",
                **said,
            )
        )
        letters_: dict[str, str] = {}
        if look.ink:
            letters_["color"] = f"#{look.ink.lower()}"
        if look.bold:
            letters_["fontweight"] = "bold"
        if look.size:
            letters_["fontsize"] = f"{look.size}pt"
        if letters_:
            made.addElement(style.TextProperties(**letters_))
        self.document.automaticstyles.addElement(made)

    # ---- what stays in sight -----------------------------------------------------------------

    def _views(self) -> None:
        """For each sheet the rows and columns that stay in sight, and whether it has a grid."""
        sheets = config.ConfigItemMapNamed(name="Tables")
        for page in self.pages:
            columns, rows = page.stays
            entry = config.ConfigItemMapEntry(name=page.name)
            for what, kept in (("Horizontal", columns), ("Vertical", rows)):
                if kept:
                    _say(entry, f"{what}SplitMode", "short", 2)
                    _say(entry, f"{what}SplitPosition", "int", kept)
            _say(entry, "ActiveSplitRange", "short", 3 if columns else 2)
            _say(entry, "PositionRight", "int", columns)
            _say(entry, "PositionBottom", "int", rows)
            _say(entry, "ZoomValue", "int", 90 if page.is_form else 100)
            _say(entry, "ShowGrid", "boolean", str(page.has_grid).lower())
            sheets.addElement(entry)
        view = config.ConfigItemMapEntry()
        _say(view, "ViewId", "string", "view1")
        view.addElement(sheets)
        _say(view, "ActiveTable", "string", self.pages[0].name)
        views = config.ConfigItemMapIndexed(name="Views")
        views.addElement(view)
        settings = config.ConfigItemSet(name="ooo:view-settings")
        settings.addElement(views)
        self.document.settings.addElement(settings)


def _say(entry: Element, name: str, kind: str, value: object) -> None:
    entry.addElement(config.ConfigItem(name=name, type=kind, text=str(value)))


def _quoted(sheet: str) -> str:
    doubled = sheet.replace("'", "''")
    return f"'{doubled}'"


_GAPS = re.compile(r"(^ +| +$|  +)")
"""Spaces in a row, and at the ends of a line."""


def _paragraph(line: str) -> Element:
    """A line of a cell; white space that would be lost is an element of its own."""
    made = _element(text.P)
    for each in filter(None, _GAPS.split(line)):
        if _GAPS.fullmatch(each):
            _within(made, _element(text.S, c=len(each)))
        else:
            made.addText(each, check_grammar=False)
    return made
