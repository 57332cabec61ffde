"""Rows of numbers along one axis, as forest plots have them: a mark, its interval, its words."""

from __future__ import annotations

from collections.abc import Iterator
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
PLOT = 430
NAME_LETTERS = 42
NAME_SIZE, NOTE_SIZE = 12.5, 11.5
LINE_HEIGHT = 15
REACH = 26
"""How far the line of a limit reaches to the side it lets through."""

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


@dataclass(frozen=True, slots=True)
class Plot:
    """Groups of rows on one axis. ``reference`` is where "no difference" stands."""

    id: str
    title: str
    description: str
    axis: str
    groups: tuple[tuple[str, tuple[Mark, ...]], ...]
    reference: Number | None = None
    logarithmic: bool | None = None

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Every row."""
        return tuple(mark for _, marks in self.groups for mark in marks)


def draw(plot: Plot) -> str:
    """The plot as an SVG document."""
    names = max(
        text_width(line, NAME_SIZE)
        for mark in plot.marks
        for line in wrapped(mark.words, NAME_LETTERS)
    )
    printed = max(text_width(mark.printed, NOTE_SIZE) for mark in plot.marks)
    left = MARGIN + names + 18
    numbers = [each for mark in plot.marks for each in mark.numbers]
    if plot.reference is not None:
        numbers.append(plot.reference)
    along = scale(numbers, left, PLOT, plot.logarithmic)
    heights = [max(ROW, LINE_HEIGHT * len(wrapped(m.words, NAME_LETTERS)) + 10) for m in plot.marks]
    height = MARGIN + sum(heights) + HEADING * sum(bool(head) for head, _ in plot.groups) + AXIS
    width = left + PLOT + 18 + printed + MARGIN
    root = sheet(f"plot-{token(plot.id)}", plot.title, plot.description, width, height)
    bottom = height - AXIS
    _axis(root, plot, along, bottom)
    top = float(MARGIN)
    sizes = iter(heights)
    for heading, marks in plot.groups:
        if heading:
            label(root, heading, (MARGIN, top + 20), size=NAME_SIZE, weight="600")
            top += HEADING
        for mark in marks:
            size = next(sizes)
            _row(root, mark, along, top + size / 2, left)
            top += size
    return written(root)


def _axis(root: ET.Element, plot: Plot, along: Scale, bottom: float) -> None:
    group = element(root, "g", **{"class": "axis", "aria-hidden": "true"})
    for tick in along.ticks:
        x = n(along.at(tick))
        element(group, "line", x1=x, x2=x, y1=n(MARGIN), y2=n(bottom), stroke=LINE)
        words = readable(tick)
        label(group, words, (along.at(tick), bottom + 16), anchor="middle", colour=SOFT, size=11)
    if plot.reference is not None:
        x = n(along.at(plot.reference))
        element(
            group, "line", x1=x, x2=x, y1=n(MARGIN), y2=n(bottom), stroke=INK,
            **{"stroke-dasharray": "4 3"},
        )  # fmt: skip
    ends = {"x1": n(along.start), "x2": n(along.start + along.length)}
    element(group, "line", y1=n(bottom), y2=n(bottom), stroke=SOFT, **ends)
    middle = along.start + along.length / 2
    label(group, plot.axis, (middle, bottom + 36), anchor="middle", colour=SOFT)


def _row(root: ET.Element, mark: Mark, along: Scale, y: float, left: float) -> None:
    """A row is one link: its words, its mark, and what is printed."""
    link = element(
        root,
        "a",
        href=f"#{mark.name}",
        **{"class": "row", "data-node": mark.name, "aria-label": f"{mark.words}: {mark.printed}"},
    )
    lines = wrapped(mark.words, NAME_LETTERS)
    first = y - (len(lines) - 1) * LINE_HEIGHT / 2 + 4
    for number, line in enumerate(lines):
        at = (left - 14, first + number * LINE_HEIGHT)
        label(link, line, at, anchor="end", size=NAME_SIZE)
    if mark.is_limit:
        _limit(link, mark, along, y)
    else:
        _estimate(link, mark, along, y)
    colour = NOTE if mark.is_limit else ACCENT
    for begin, direction in _reaches(mark, along):
        _arrow(link, begin, direction, y, colour)
    after = along.start + along.length + 14
    label(link, mark.printed, (after, y + 4), size=NOTE_SIZE, colour=SOFT)


def _estimate(link: ET.Element, mark: Mark, along: Scale, y: float) -> None:
    if mark.low is not None and mark.high is not None:
        ends = along.at(mark.low), along.at(mark.high)
        line = element(
            link, "line", x1=n(ends[0]), x2=n(ends[1]), y1=n(y), y2=n(y), stroke=ACCENT,
            **{"stroke-width": "2"},
        )  # fmt: skip
        if mark.is_open:
            line.set("stroke-dasharray", "6 3")
        for value, x, outward in ((mark.low, ends[0], -1), (mark.high, ends[1], 1)):
            _end(link, x, y, outward if not along.holds(value) else 0)
    if mark.value is not None:
        x = along.at(mark.value)
        square = {"x": n(x - 4.5), "y": n(y - 4.5), "width": "9", "height": "9"}
        element(link, "rect", fill=ACCENT, stroke=PAPER, **square)


def _end(link: ET.Element, x: float, y: float, outward: int) -> None:
    """The end of an interval: a stroke, or an arrow where it goes on beyond the axis."""
    if not outward:
        element(link, "line", x1=n(x), x2=n(x), y1=n(y - 5), y2=n(y + 5), stroke=ACCENT)
        return
    tip = (x + 2 * outward, y)
    corners = (tip, (x - 7 * outward, y - 5), (x - 7 * outward, y + 5))
    element(link, "polygon", points=" ".join(map(xy, corners)), fill=ACCENT)


def _limit(link: ET.Element, mark: Mark, along: Scale, y: float) -> None:
    """A limit as an upright stroke."""
    for value in (mark.value, mark.low, mark.high):
        if value is not None:
            x = n(along.at(value))
            element(
                link, "line", x1=x, x2=x, y1=n(y - 9), y2=n(y + 9), stroke=NOTE,
                **{"stroke-width": "2.4"},
            )  # fmt: skip


def _arrow(link: ET.Element, begin: float, direction: int, y: float, colour: str) -> None:
    """To the side on which more values lie."""
    end = begin + direction * REACH
    element(link, "line", x1=n(begin), x2=n(end), y1=n(y), y2=n(y), stroke=colour)
    corners = ((end, y - 4), (end + direction * 7, y), (end, y + 4))
    element(link, "polygon", points=" ".join(map(xy, corners)), fill=colour)


def _reaches(mark: Mark, along: Scale) -> Iterator[tuple[float, int]]:
    if mark.side == "above":
        highest = mark.value if mark.value is not None else mark.low
        if highest is not None:
            yield along.at(highest), 1
    elif mark.side == "below":
        lowest = mark.value if mark.value is not None else mark.high
        if lowest is not None:
            yield along.at(lowest), -1
