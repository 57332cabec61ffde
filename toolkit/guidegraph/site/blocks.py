"""What pages are made of. Pages are built as these values; only templates know HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from guidegraph.site.parts import Part


@dataclass(frozen=True, slots=True)
class Other:
    """The same words in another language; ``is_stale``: made from words that are others now."""

    lang: str
    text: str
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words. ``to`` is an address of the site, ``out`` one outside; ``style`` a class.

    ``mark`` is a sign shown before the words for those who cannot tell colours apart, ``others``
    are the words in other languages, shown to readers who choose one.
    """

    text: str
    to: str | None = None
    out: str | None = None
    style: str = ""
    lang: str = ""
    mark: str = ""
    others: tuple[Other, ...] = ()


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list, and the lines under it. ``label`` stands before it, as on a branch."""

    line: Line
    parts: tuple[Item, ...] = ()
    label: Line = ()
    anchor: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and what is said about it."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts under each other."""

    kind: ClassVar[str] = "facts"
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A nested list."""

    kind: ClassVar[str] = "items"
    items: tuple[Item, ...]
    style: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; ``anchor`` makes it a place that can be linked."""

    cells: tuple[Line, ...]
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one heading per column; the first cell of a row names the row."""

    kind: ClassVar[str] = "table"
    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    style: str = ""


@dataclass(frozen=True, slots=True)
class Prose:
    """Paragraphs."""

    kind: ClassVar[str] = "prose"
    lines: tuple[Line, ...]
    style: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing as SVG text (made by us, already safe) with a caption.

    ``zooms`` says that it is too large to be read at a glance (see ``parts.DRAWING``), ``lies``
    that it is printed on a page that lies.
    """

    kind: ClassVar[str] = "figure"
    svg: str
    caption: str
    zooms: bool = False
    lies: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """Preformatted text: a query, a file."""

    kind: ClassVar[str] = "listing"
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Card:
    """A large link: where it leads, how many things are there, and what they are."""

    title: str
    to: str
    count: str
    words: str


@dataclass(frozen=True, slots=True)
class Cards:
    """Large links side by side."""

    kind: ClassVar[str] = "cards"
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Markdown:
    """Markdown that ships with guidegraph (never a literal of a guideline)."""

    kind: ClassVar[str] = "markdown"
    text: str


@dataclass(frozen=True, slots=True)
class Details:
    """A list that is folded away until somebody opens it, and what is shown under it."""

    kind: ClassVar[str] = "details"
    summary: str
    block: Items
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Fold:
    """Blocks that are folded away until somebody opens them; on paper they stand open.

    ``is_printed`` is false for what is of no use on paper, such as text to be copied.
    """

    kind: ClassVar[str] = "fold"
    summary: str
    blocks: tuple[Block, ...]
    is_printed: bool = True


@dataclass(frozen=True, slots=True)
class Reporting:
    """A link to whoever takes reports of problems ("": not stated), with the subject."""

    kind: ClassVar[str] = "reporting"
    address: str
    subject: str


@dataclass(frozen=True, slots=True)
class Beside:
    """A drawing and the same in words: side by side where there is room, else in this order."""

    kind: ClassVar[str] = "beside"
    figure: Figure
    title: str
    anchor: str
    note: str
    block: Items


@dataclass(frozen=True, slots=True)
class Panel:
    """A place that a script fills from ``data``; ``lines`` stand there until it does."""

    kind: ClassVar[str] = "panel"
    name: str
    lines: tuple[Line, ...]
    data: Mapping[str, object] = field(default_factory=dict)


Block = (
    Facts
    | Items
    | Table
    | Prose
    | Figure
    | Listing
    | Cards
    | Markdown
    | Details
    | Panel
    | Beside
    | Fold
    | Reporting
)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it. ``note`` explains the section in small print.

    ``thing`` is the address of the one thing the section is about; it is then the heading's id.
    """

    title: str
    blocks: tuple[Block, ...]
    anchor: str = ""
    note: str = ""
    style: str = ""
    thing: str = ""

    @property
    def id(self) -> str:
        """The id of the heading; those of sections and of things never meet."""
        return self.thing or (self.anchor and f"section-{self.anchor}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page. ``path`` is its address under the site's root, ``index`` that of its chapter.

    ``parts`` are what runs on it in the reader's browser, beside ``parts.EVERYWHERE``.
    """

    path: str
    title: str
    index: str
    eyebrow: Line = ()
    heading: Line = ()
    lead: Line = ()
    badges: Line = ()
    sections: tuple[Section, ...] = ()
    structured: Mapping[str, object] = field(default_factory=dict)
    style: str = ""
    parts: tuple[Part, ...] = ()


def words(
    text: str,
    *,
    to: str | None = None,
    out: str | None = None,
    style: str = "",
    lang: str = "",
    mark: str = "",
) -> Line:
    """A line of one run; no line at all where there is nothing to say."""
    return (Span(text, to=to, out=out, style=style, lang=lang, mark=mark),) if text else ()


def fact(name: str, *lines: Line) -> Fact:
    """A name and what is said about it; lines without words are left out."""
    return Fact(name, tuple(line for line in lines if line))


def facts(*found: Fact) -> Facts:
    """The facts that say something."""
    return Facts(tuple(each for each in found if each.lines))


def filled(table: Table) -> Table:
    """The table without the columns in which no row says anything; the first always stays."""
    kept = [
        place
        for place in range(len(table.columns))
        if not place or any(row.cells[place] for row in table.rows)
    ]
    rows = (replace(row, cells=tuple(row.cells[place] for place in kept)) for row in table.rows)
    return replace(table, columns=tuple(table.columns[e] for e in kept), rows=tuple(rows))


def sections(*found: Section | None) -> tuple[Section, ...]:
    """The sections that have something to show."""
    return tuple(each for each in found if each is not None and any(map(_shows, each.blocks)))


def _shows(block: Block) -> bool:
    match block:
        case Facts(facts=held) | Items(items=held) | Table(rows=held) | Cards(cards=held):
            return bool(held)
        case Prose(lines=held):
            return any(held)
        case Details(block=inner, figures=drawn):
            return bool(drawn) or _shows(inner)
        case Fold(blocks=inside):
            return any(map(_shows, inside))
        case _:
            return True
