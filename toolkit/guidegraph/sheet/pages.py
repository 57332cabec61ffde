"""A book laid out: what stands in every cell of its sheets, how it looks, what its lists offer.

Both types of workbook are drawn from this and decide nothing of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from math import ceil

from guidegraph.sheet import ledger, readme
from guidegraph.sheet.book import (
    COLUMNS,
    ID,
    LEDGER,
    LISTS,
    READ_ME,
    STATE,
    Book,
    choices,
    row_state,
)
from guidegraph.sheet.cells import plain
from guidegraph.sheet.columns import Column
from guidegraph.sheet.scene import Scene
from guidegraph.sheet.tables import Table

TITLE, BANDS, HEADINGS, FIRST = 1, 2, 3, 4
"""The rows of a sheet: title, bands of columns, headings, and the first row of data."""

HIDDEN = 2
"""Columns that are hidden, before the first one that is seen."""

FONT, LETTERS = "Calibri", 11
"""The letters of all cells, and their usual size in points."""

PRINTED = 60
"""The size of a printed form in percent: all of its columns on one page could not be read."""

NOT_LISTED = "Choose one of the list; other words are refused when the workbook is read."
"""What a program says where something else is typed into a cell with a list."""

_RAGGED = 1.05
"""How much more room words take than their letters: a line is not full where one does not fit."""

_SPARE = 200
"""Empty rows below the last one that offer the drop-down lists."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks: colours as RRGGBB, the size of its letters (0 is the usual one)."""

    fill: str = ""
    ink: str = ""
    bold: bool = False
    size: int = 0
    wraps: bool = True
    is_lined: bool = False


_PLAIN = Look()
_BARE = Look(wraps=False)
_TITLE = Look(bold=True, size=13, wraps=False)
_GREAT = Look(bold=True, size=16)
_STRONG = Look(bold=True)
_BAND = Look(fill="1F3864", ink="FFFFFF", bold=True, wraps=False)
_HEAD = Look(fill="D9E2F3", bold=True, is_lined=True)
_TOP = Look(fill="D9E2F3", bold=True)
_OPEN = Look(is_lined=True)
_BLOCK = Look(fill="FFF2CC", bold=True, is_lined=True)
_SHUT = Look(fill="E7E6E6", ink="595959", is_lined=True)


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell: its text, always taken as text, and its look."""

    text: str = ""
    look: Look = _PLAIN


class Sight(Enum):
    """Who sees a sheet: everybody, whoever asks for hidden sheets, or only programs."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    BURIED = "buried"


class Strictness(Enum):
    """What a program does when something is typed that is not in a list."""

    SUGGESTS = "suggests"
    WARNS = "warns"
    STOPS = "stops"


@dataclass(frozen=True, slots=True)
class Offer:
    """A drop-down list for the rows of a column: its values stand in a column of the lists."""

    column: int
    first: int
    last: int
    listed: int
    length: int
    strictness: Strictness


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One sheet; rows and columns count from 1.

    ``widths`` are in characters, 0 for the usual one. The first ``hidden`` columns are hidden, the
    last ``folded`` ones are folded away. ``stays`` says how many columns and rows stay in sight,
    and rows from ``filtered`` on can be filtered (0 for none). A ``form`` is filled in: its empty
    cells are texts too, and on paper its headings and its first column stand on each page.
    """

    name: str
    rows: tuple[tuple[Spot | None, ...], ...]
    widths: tuple[float, ...] = ()
    hidden: int = 0
    folded: int = 0
    offers: tuple[Offer, ...] = ()
    stays: tuple[int, int] = (0, 0)
    filtered: int = 0
    sight: Sight = Sight.SHOWN
    is_form: bool = False
    has_grid: bool = True

    @property
    def width(self) -> int:
        """How many columns it has."""
        return max(len(self.widths), max(map(len, self.rows), default=0))

    def lines(self, row: tuple[Spot | None, ...]) -> int:
        """About how many lines a row takes: more than one where a text is wider than its column."""
        return max(map(_lines, row, self.widths), default=1)


def _lines(spot: Spot | None, wide: float) -> int:
    if spot is None or not spot.look.wraps or not wide:
        return 1
    high = ceil((spot.look.size or LETTERS) / LETTERS)
    size = _RAGGED * (1.1 if spot.look.bold else 1)
    told = (ceil(len(each) * size / wide) for each in spot.text.split("\n"))
    return high * sum(max(each, 1) for each in told)


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole workbook, ready to be drawn."""

    title: str
    made_by: str
    pages: tuple[Page, ...]


def laid_out(book: Book, scene: Scene) -> Layout:
    """The sheets of a book with their looks and drop-down lists."""
    places = {values: number for number, values in enumerate(book.lists, 1)}
    tables = [_form(each, _offers(each, scene, places)) for each in book.tables]
    pages = (_read_me(book), *tables, _columns(book), _lists(book), _ledger(book))
    return Layout(book.title, book.made_by, pages)


# ---- forms -----------------------------------------------------------------------------------


def _form(table: Table, offers: tuple[Offer, ...]) -> Page:
    return Page(
        name=table.name,
        rows=(*_head(table), *(_row(table, number) for number in range(len(table.rows)))),
        widths=(0.0,) * HIDDEN + tuple(_width(table, each) for each in table.columns),
        hidden=HIDDEN,
        folded=_folded(table),
        offers=offers,
        stays=(HIDDEN + 1, HEADINGS),
        filtered=HEADINGS,
        is_form=True,
    )


def _head(table: Table) -> tuple[tuple[Spot | None, ...], ...]:
    """Title, bands and headings."""
    before = ""
    bands: list[Spot | None] = [None] * HIDDEN
    for column in table.columns:
        bands.append(Spot("" if column.band == before else plain(column.band), _BAND))
        before = column.band
    headings = (Spot(plain(each.heading), _HEAD) for each in table.columns)
    return (
        (*[None] * HIDDEN, Spot(plain(table.title), _TITLE)),
        tuple(bands),
        (Spot(ID, _BARE), Spot(STATE, _BARE), *headings),
    )


def _row(table: Table, number: int) -> tuple[Spot, ...]:
    row = table.rows[number]
    told = [Spot(row.iri, _BARE), Spot(row_state(table, row), _BARE)]
    for column in table.columns:
        each = row.cells[column.key]
        look = _SHUT if not each.is_open else _BLOCK if row.is_head else _OPEN
        told.append(Spot(each.text, look))
    return tuple(told)


def _folded(table: Table) -> int:
    """How many columns at the end have nothing in them and need nothing."""
    idle = table.idle
    used = [at for at, each in enumerate(table.columns, 1) if each.key not in idle]
    return len(table.columns) - (used[-1] if used else 0)


def _width(table: Table, column: Column) -> float:
    """As wide as most of what stands there, within bounds in which one can still read."""
    lengths = sorted(
        max(map(len, each.text.split("\n")))
        for row in table.rows
        if (each := row.cells[column.key]).text
    )
    usual = lengths[len(lengths) * 9 // 10] if lengths else 0
    on_one_line = min(usual, 20) + 1
    return float(min(max(usual * 0.7, on_one_line, len(column.heading) * 0.8, 10), 45))


def _offers(table: Table, scene: Scene, places: dict[tuple[str, ...], int]) -> tuple[Offer, ...]:
    """The drop-down lists of a sheet; where several values may stand, they only suggest."""
    bottom = FIRST + len(table.rows) - 1 + _SPARE
    found = []
    for at, column in enumerate(table.columns, HIDDEN + 1):
        values = () if column.is_worked_out else choices(scene, column)
        if values:
            is_closed = bool(column.asks and column.asks.choices)
            strictness = (
                Strictness.SUGGESTS
                if column.splits
                else Strictness.STOPS
                if is_closed
                else Strictness.WARNS
            )
            found.append(Offer(at, FIRST, bottom, places[values], len(values), strictness))
    return tuple(found)


# ---- the sheets beside them ------------------------------------------------------------------


def _read_me(book: Book) -> Page:
    rows = []
    for number, (word, told) in enumerate(readme.lines(book), 1):
        is_heading = word and not told
        rows.append(
            (
                Spot(plain(word), _STRONG if is_heading else _PLAIN),
                Spot(plain(told), _GREAT if number == 1 else _PLAIN),
            )
        )
    return Page(name=READ_ME, rows=tuple(rows), widths=(26, 100), has_grid=False)


def _columns(book: Book) -> Page:
    return Page(
        name=COLUMNS,
        rows=(_line(readme.HEADINGS, _TOP), *map(_line, readme.explained(book))),
        widths=(22, 34, 70, 36, 16),
        stays=(0, 1),
        filtered=1,
    )


def _lists(book: Book) -> Page:
    told = [(heading, *values) for values, heading in book.lists.items()]
    longest = max(map(len, told), default=0)
    rows = (
        tuple(Spot(plain(each[at])) if at < len(each) else None for each in told)
        for at in range(longest)
    )
    return Page(name=LISTS, rows=tuple(rows), sight=Sight.HIDDEN)


def _ledger(book: Book) -> Page:
    rows = tuple(tuple(Spot(each, _BARE) for each in line) for line in ledger.lines(book))
    return Page(name=LEDGER, rows=rows, sight=Sight.BURIED)


def _line(words: Iterable[str], look: Look = _PLAIN) -> tuple[Spot, ...]:
    return tuple(Spot(plain(each), look) for each in words)
