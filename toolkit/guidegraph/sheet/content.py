"""The cells of an ODS file, read piece by piece from the one part that holds them.

Source: OASIS OpenDocument 1.3, part 3, chapters 6 (white space) and 9 (tables). No library is
asked: those for Python either build the whole file in memory or leave out formulas and percent
signs, and all of them make binary numbers of decimal ones.
"""

from __future__ import annotations

import re
import zipfile
from functools import lru_cache
from pathlib import Path
from xml.parsers import expat

from guidegraph.sheet import faults, guard
from guidegraph.sheet.guard import MOST_PARTS, ODS, Extent
from guidegraph.sheet.incoming import (
    DATE,
    EMPTY,
    FORMULA,
    NUMBER,
    TRUTH,
    Raw,
    RawBook,
    RawSheet,
    text,
)

_PART = "content.xml"
_MANIFEST = "META-INF/manifest.xml"
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_MOST_SPACES = 2 * 2**20
"""Spaces that a book says by their number."""

_SPACES = re.compile(r"[ \t\r\n]+")
_TIME = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")

_NOTHING = Raw()
_CELLS = ("table:table-cell", "table:covered-table-cell")
_LINKS = (
    "table:table-source",
    "table:cell-range-source",
    "table:dde-link",
    "office:dde-source",
    "table:database-source-sql",
    "table:database-source-query",
    "table:database-source-table",
)
_RUNS = ("script:event-listener", "office:script", "form:form")
_NAMES = {
    f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0": name
    for name in ("office", "table", "text", "script", "form")
}


def opened(path: Path) -> RawBook:
    """What an ODS workbook holds; a ``UsageError`` where it cannot or must not be opened."""
    file = str(path)
    with guard.looked_at(path, file, ODS) as archive:
        _is_plain(archive, file)
        for name in archive.namelist():
            if name != _PART:
                with archive.open(name) as source:
                    guard.pass_over(source, name.lower().endswith((".xml", ".rdf")), file)
        follower = _Content(file)
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = follower.begin
        parser.EndElementHandler = follower.end
        parser.CharacterDataHandler = follower.words
        with archive.open(_PART) as source:
            for piece in guard.pieces(source, file):
                parser.Parse(piece, False)
        parser.Parse(b"", True)
        return RawBook(file, follower.sheets)


def _is_plain(archive: zipfile.ZipFile, file: str) -> None:
    """Refuse other types and files with a password."""
    if b"encryption-data" in archive.read(_MANIFEST):
        raise guard.locked(file)
    if archive.read("mimetype").strip() != _SPREADSHEET:
        raise guard.another(file, ODS)


class _Content:
    """Follows the markup; every number that says how often something is repeated is held small."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.sheets: dict[str, RawSheet] = {}
        self.path: list[str] = []
        self.sheet: _Sheet | None = None
        self.extents: list[Extent] = []
        self.paragraphs = _Paragraphs(file)
        self.passing = 0
        """How deep inside something that is no cell: a comment, a picture, old changes."""

    def begin(self, name: str, said: dict[str, str]) -> None:
        """An element begins."""
        name, above = _short(name), self.path[-1] if self.path else ""
        self.path.append(name)
        if name in _LINKS:
            raise guard.linked(self.file)
        if name in _RUNS:
            raise guard.running(self.file)
        if name == "table:table" and self.sheet is not None and not self.passing:
            raise ValueError("a table within a table")
        if self.passing or not _is_followed(name, above):
            self.passing += 1
        elif name == "table:table":
            self._table(_own(said))
        elif self.sheet is None:
            pass
        elif name == "table:table-row":
            self.sheet.begin_row(_often(_own(said), "table:number-rows-repeated"))
        elif name in _CELLS:
            self.sheet.begin_cell(_own(said))
        else:
            self.paragraphs.begin(name, _own(said))

    def _table(self, said: dict[str, str]) -> None:
        name = said.get("table:name", "")
        if name in self.sheets:
            raise ValueError("two sheets of one name")
        if len(self.sheets) >= MOST_PARTS:
            raise guard.crowded(self.file, f"it has more than {MOST_PARTS} sheets")
        self.sheet = _Sheet(name, self.file)

    def end(self, _: str) -> None:
        """The element that began last ends."""
        name = self.path.pop()
        if self.passing:
            self.passing -= 1
        elif self.sheet is None:
            pass
        elif name == "table:table":
            self.extents.append(self.sheet.extent)
            guard.hold_together(self.extents, self.file)
            made = self.sheet.made()
            self.sheets[made.name], self.sheet = made, None
        elif name == "table:table-row":
            self.sheet.end_row()
        elif name in _CELLS:
            self.sheet.end_cell(self.paragraphs.told())
        else:
            self.paragraphs.end(name)

    def words(self, told: str) -> None:
        """Words between elements."""
        if not self.passing:
            self.paragraphs.words(told)


@lru_cache(1024)
def _short(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return f"{_NAMES.get(space, space)}:{local}"


def _own(said: dict[str, str]) -> dict[str, str]:
    return {_short(name): value for name, value in said.items()}


def _is_followed(name: str, above: str) -> bool:
    """Whether an element belongs to the cells, or can hold them."""
    room, _, local = name.partition(":")
    if room == "table":
        return above == "office:spreadsheet" if local == "table" else local != "tracked-changes"
    if room == "text":
        return local not in ("note", "ruby-text", "bookmark-ref")
    return room == "office" and local in ("document-content", "body", "spreadsheet")


def _often(said: dict[str, str], name: str) -> int:
    number = int(said.get(name, "1"))
    if number < 1:
        raise ValueError(f"{name} is {number}")
    return number


class _Paragraphs:
    """The words of a cell: a line for each paragraph, white space as OpenDocument has it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.spaces = 0
        self.lines: list[str] = []
        self.line: list[str] | None = None
        self.runs: list[str] = []

    def begin(self, name: str, said: dict[str, str]) -> None:
        if name in ("text:p", "text:h"):
            self._close()
            self.line = []
        elif self.line is not None and name in ("text:s", "text:tab", "text:line-break"):
            self._flow()
            if name == "text:s":
                self.line.append(" " * self._count(_often(said, "text:c")))
            else:
                self.line.append("\t" if name == "text:tab" else "\n")

    def _count(self, spaces: int) -> int:
        self.spaces += spaces
        if self.spaces > _MOST_SPACES:
            raise guard.crowded(self.file, "its cells unfold to nothing but spaces")
        return spaces

    def end(self, name: str) -> None:
        if name in ("text:p", "text:h"):
            self._close()

    def words(self, told: str) -> None:
        if self.line is not None:
            self.runs.append(told)

    def _flow(self) -> None:
        """Words in a row: white space of the markup is one space, and none at the start.

        At the end, and alone, it is kept against the letter of the format: so LibreOffice has it.
        """
        assert self.line is not None
        told = _SPACES.sub(" ", "".join(self.runs))
        self.runs = []
        self.line.append(told.lstrip(" ") if not self.line and told != " " else told)

    def _close(self) -> None:
        if self.line is not None:
            self._flow()
            self.lines.append("".join(self.line))
            self.line = None

    def told(self) -> str:
        """All lines; the next cell begins."""
        self._close()
        told, self.lines = "\n".join(self.lines), []
        return told


class _Sheet:
    """The rows of one sheet while they are read."""

    def __init__(self, name: str, file: str) -> None:
        self.name = name
        self.file = file
        self.extent = Extent()
        self.rows: dict[int, tuple[Raw, ...]] = {}
        self.row, self.rows_more = 0, 1
        self.cells: list[Raw] = []
        self.column = 0
        self.said: dict[str, str] = {}

    def begin_row(self, often: int) -> None:
        self.row += 1
        self.rows_more = often
        self.cells, self.column = [], 0

    def begin_cell(self, said: dict[str, str]) -> None:
        self.said = said

    def end_cell(self, words: str) -> None:
        often = _often(self.said, "table:number-columns-repeated")
        wide = _often(self.said, "table:number-columns-spanned")
        high = _often(self.said, "table:number-rows-spanned")
        first, self.column = self.column + 1, self.column + often
        if (wide, high) != (1, 1):
            told = f"{faults.letters(min(first + wide - 1, 2**14))}{self.row + high - 1}"
            self.extent.merge(f"{faults.letters(min(first, 2**14))}{self.row}:{told}", self.file)
        raw = _raw(self.said, words)
        if raw.kind != EMPTY:
            self.extent.hold(
                self.row + self.rows_more - 1, self.column, self.file, often * self.rows_more
            )
            self.cells += [_NOTHING] * (first - 1 - len(self.cells))
            self.cells += [raw] * often

    def end_row(self) -> None:
        if self.cells:
            told = tuple(self.cells)
            self.rows.update((self.row + each, told) for each in range(self.rows_more))
        self.row += self.rows_more - 1

    def made(self) -> RawSheet:
        """The sheet."""
        return RawSheet(self.name, self.rows, tuple(self.extent.merged))


def _raw(said: dict[str, str], words: str) -> Raw:
    """What stands in a cell, by its type and the value that the program keeps for it."""
    formula = said.get("table:formula")
    if formula is not None:
        return Raw(FORMULA, re.sub(r"^[a-z]+:(?==)", "", formula))
    kind = said.get("office:value-type", "string")
    value = said.get("office:value", "")
    if kind in ("float", "currency", "percentage"):
        return Raw(NUMBER, value, "0%" if kind == "percentage" else kind)
    if kind == "date":
        return Raw(DATE, said.get("office:date-value", words).replace("T", " "))
    if kind == "time":
        return Raw(DATE, _TIME.sub(r"\1:\2:\3", said.get("office:time-value", words)))
    if kind == "boolean":
        return Raw(TRUTH, said.get("office:boolean-value", words).upper())
    return text(said.get("office:string-value", words))
