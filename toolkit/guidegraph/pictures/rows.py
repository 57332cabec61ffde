"""Rows of numbers along one axis, as forest plots have them: a mark, its interval, its words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree as ET

from guidegraph.pictures.scale import Number, Scale, scale
from guidegraph.pictures.svg import (
    ACCENT,
    INK,
    LINE,
    MARGIN,
    NOTE,
    PAPER,
    SOFT,
    Point,
    element,
    label,
    n,
    sheet,
    text_width,
    token,
    wrapped,
    written,
    xy,
)
from guidegraph.wording import readable

ROW, HEADING, AXIS = 30, 34, 46
PLOT = 400
NAME_LETTERS, PRINTED_LETTERS = 36, 26
NAME_SIZE, NOTE_SIZE = 12.5, 11.5
LINE_HEIGHT = 15
GAP = 14
"""Between words and the plot."""
REACH = 26
"""How far the line of a limit reaches to the side it lets through."""
TIP = 7
INSIDE = REACH + TIP + 3
"""The room left between the ends of the axis and those of the plot: no arrow reaches the words."""

Side = Literal["", "above", "below"]
SIDES: dict[str, Side] = {
    "LessThan": "below",
    "AtMost": "below",
    "AtLeast": "above",
    "GreaterThan": "above",
}
"""The side of a number that each comparator means."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One row: a number with its interval, or a limit (``is_limit``).

    ``side`` is the side a limit lets through, or where a number "above 80 %" lies.

    ``name`` is the thing the row leads to; ``printed`` stands beside it as the source prints it.
    ``is_open`` marks an interval of which the source does not say what it is.
    """

    name: str
    words: str
    printed: str
    value: Number | None = None
    low: Number | None = None
    high: Number | None = None
    side: Side = ""
    is_limit: bool = False
    is_open: bool = False

    @property
    def numbers(self) -> tuple[Number, ...]:
        """Every number of the row."""
        return tuple(each for each in (self.value, self.low, self.high) if each is not None)

    @property
    def told(self) -> str:
        """Everything that the row shows, for those who do not see it."""
        side = f" and {self.side}" if self.side else ""
        is_drawn_open = self.is_open and self.low is not None and self.high is not None
        kind = ", an interval of a kind that is not stated" if is_drawn_open else ""
        return f"{self.words}: {self.printed}{side}{kind}"


@dataclass(frozen=True, slots=True)
class Plot:
    """Groups of rows on one axis.

    ``reference`` is where "no difference" stands; ``ends`` are numbers the axis holds in any case.
    """

    id: str
    title: str
    description: str
    axis: str
    groups: tuple[tuple[str, tuple[Mark, ...]], ...]
    reference: Number | None = None
    ends: tuple[Number, ...] = ()
    logarithmic: bool | None = None

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Every row."""
        return tuple(mark for _, marks in self.groups for mark in marks)

    def along(self, start: float, length: float) -> Scale:
        """The axis. It is never logarithmic by itself where a value is not positive."""
        numbers = [*self.ends, *(each for mark in self.marks for each in mark.numbers)]
        if self.reference is not None:
            numbers.append(self.reference)
        is_low = any(mark.value is not None and mark.value <= 0 for mark in self.marks)
        logarithmic = False if self.logarithmic is None and is_low else self.logarithmic
        return scale(numbers, start, length, logarithmic)


def told(groups: tuple[tuple[str, tuple[Mark, ...]], ...]) -> str:
    """Every row of every group in words."""
    return " ".join(
        f"{heading}: {'; '.join(mark.told for mark in marks)}." for heading, marks in groups
    )


def draw(plot: Plot) -> str:
    """The plot as an SVG document."""
    names = max(text_width(line, NAME_SIZE) for mark in plot.marks for line in _names(mark))
    printed = max(text_width(line, NOTE_SIZE) for mark in plot.marks for line in _printed(mark))
    left = MARGIN + names + GAP
    along = plot.along(left + INSIDE, PLOT - 2 * INSIDE)
    headings = HEADING * sum(bool(heading) for heading, _ in plot.groups)
    width = left + PLOT + GAP + printed + MARGIN
    height = MARGIN + sum(map(_height, plot.marks)) + headings + AXIS
    root = sheet(f"plot-{token(plot.id)}", plot.title, plot.description, width, height)
    _axis(root, plot, along, height - AXIS)
    top = float(MARGIN)
    for heading, marks in plot.groups:
        if heading:
            _heading(root, heading, top)
            top += HEADING
        for mark in marks:
            _row(root, heading, mark, along, (4, top, width - 8, _height(mark)))
            top += _height(mark)
    return written(root)


def _names(mark: Mark) -> tuple[str, ...]:
    return wrapped(mark.words, NAME_LETTERS)


def _printed(mark: Mark) -> tuple[str, ...]:
    return wrapped(mark.printed, PRINTED_LETTERS)


def _height(mark: Mark) -> float:
    """The height of a row, from the lines of its words."""
    return max(ROW, LINE_HEIGHT * max(len(_names(mark)), len(_printed(mark))) + 12)


# --- axis and headings ----------------------------------------------------------------------------


def _axis(root: ET.Element, plot: Plot, along: Scale, bottom: float) -> None:
    group = element(root, "g", **{"class": "axis", "aria-hidden": "true"})
    upright = {"y1": n(MARGIN), "y2": n(bottom)}
    for tick in along.ticks:
        at = along.at(tick)
        _line(group, "grid", LINE, x1=n(at), x2=n(at), **upright)
        below = (at, bottom + 16)
        label(group, readable(tick), below, anchor="middle", colour=SOFT, size=11)
    if plot.reference is not None:
        x = n(along.at(plot.reference))
        _line(group, "reference", SOFT, x1=x, x2=x, **upright, **{"stroke-dasharray": "4 3"})
    start, end = along.start - INSIDE, along.start + along.length + INSIDE
    _line(group, "base", SOFT, x1=n(start), x2=n(end), y1=n(bottom), y2=n(bottom))
    middle = (start + end) / 2, bottom + 36
    label(group, plot.axis, middle, anchor="middle", colour=SOFT)


def _line(parent: ET.Element, kind: str, colour: str, **attributes: str) -> ET.Element:
    return element(parent, "line", stroke=colour, **{"class": kind}, **attributes)


def _heading(root: ET.Element, words: str, top: float) -> None:
    """A heading over the lines of the axis: the paper shows around its letters."""
    made = label(root, words, (MARGIN, top + 22), size=NAME_SIZE, weight="600")
    around = {"stroke": PAPER, "stroke-width": "6", "stroke-linejoin": "round"}
    made.attrib |= {"class": "heading", "paint-order": "stroke", **around}


# --- rows -----------------------------------------------------------------------------------------

Frame = tuple[float, float, float, float]


def _row(root: ET.Element, heading: str, mark: Mark, along: Scale, frame: Frame) -> None:
    """A row is one link: its words, its mark, and what is printed."""
    in_full = f"{heading}: {mark.told}" if heading else mark.told
    link = element(
        root,
        "a",
        href=f"#{mark.name}",
        **{"class": "row", "data-node": mark.name, "aria-label": in_full},
    )
    field = dict(zip(("x", "y", "width", "height"), map(n, frame), strict=True))
    paint = {"class": "field", "rx": "4", "fill": PAPER, "fill-opacity": "0"}
    element(link, "rect", **field, **paint)
    y = frame[1] + frame[3] / 2
    left, right = along.start - INSIDE, along.start + along.length + INSIDE
    _lines(link, _names(mark), (left - GAP, y), "end", NAME_SIZE, INK)
    if mark.is_limit:
        _limit(link, mark, along, y)
    else:
        _estimate(link, mark, along, y)
    kind, colour = ("limit", NOTE) if mark.is_limit else ("estimate", ACCENT)
    for begin, direction in _reaches(mark, along):
        _arrow(link, kind, begin, direction, y, colour)
    _lines(link, _printed(mark), (right + GAP, y), "start", NOTE_SIZE, SOFT)


def _lines(
    link: ET.Element, lines: Sequence[str], at: Point, anchor: str, size: float, ink: str
) -> None:
    """Lines of text, one below another, around a height."""
    first = at[1] - (len(lines) - 1) * LINE_HEIGHT / 2 + 4
    for number, line in enumerate(lines):
        where = at[0], first + number * LINE_HEIGHT
        made = label(link, line, where, anchor=anchor, size=size, colour=ink)
        made.set("class", "words" if ink == INK else "figures")


def _estimate(link: ET.Element, mark: Mark, along: Scale, y: float) -> None:
    """A number as a square, its interval as a line."""
    if mark.low is not None and mark.high is not None:
        ends = along.at(mark.low), along.at(mark.high)
        across = {"x1": n(ends[0]), "x2": n(ends[1]), "y1": n(y), "y2": n(y), "stroke-width": "2"}
        line = _line(link, "estimate", ACCENT, **across)
        if mark.is_open:
            line.set("stroke-dasharray", "6 3")
        for value, x, outward in ((mark.low, ends[0], -1), (mark.high, ends[1], 1)):
            _end(link, x, y, outward if not along.holds(value) else 0)
    if mark.value is None:
        return
    x = along.at(mark.value)
    if not along.holds(mark.value):
        _end(link, x, y, -1 if mark.value < along.low else 1)
        return
    square = {"x": n(x - 4.5), "y": n(y - 4.5), "width": "9", "height": "9"}
    element(link, "rect", fill=ACCENT, stroke=PAPER, **{"class": "estimate"}, **square)


def _end(link: ET.Element, x: float, y: float, outward: int) -> None:
    """The end of an interval: a stroke, or an arrow where it goes on beyond the axis."""
    if outward:
        _head(link, "estimate beyond", (x + 5 * outward, y), outward, ACCENT)
    else:
        _line(link, "estimate", ACCENT, x1=n(x), x2=n(x), y1=n(y - 5), y2=n(y + 5))


def _limit(link: ET.Element, mark: Mark, along: Scale, y: float) -> None:
    """A limit as an upright stroke."""
    for value in mark.numbers:
        x = n(along.at(value))
        upright = {"y1": n(y - 9), "y2": n(y + 9), "stroke-width": "2.4"}
        _line(link, "limit", NOTE, x1=x, x2=x, **upright)


def _arrow(
    link: ET.Element, kind: str, begin: float, direction: int, y: float, colour: str
) -> None:
    """To the side on which more values lie."""
    end = begin + direction * REACH
    _line(link, kind, colour, x1=n(begin), x2=n(end), y1=n(y), y2=n(y))
    _head(link, f"{kind} side", (end + direction * TIP, y), direction, colour)


def _head(link: ET.Element, kind: str, tip: Point, direction: int, colour: str) -> None:
    back = tip[0] - direction * TIP
    corners = ((back, tip[1] - 4), tip, (back, tip[1] + 4))
    points = " ".join(map(xy, corners))
    element(link, "polygon", points=points, fill=colour, **{"class": kind})


def _reaches(mark: Mark, along: Scale) -> Iterator[tuple[float, int]]:
    """Where the arrow to a side begins, and which way it points."""
    numbers = mark.numbers
    if mark.side and numbers:
        edge = mark.value if mark.value is not None else numbers[0]
        yield along.at(edge), 1 if mark.side == "above" else -1
