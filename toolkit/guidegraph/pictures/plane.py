"""Regions in two numbers at once: boxes on a plane, with edges that belong to them or do not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from xml.etree import ElementTree as ET

from guidegraph.pictures.bands import COLOURS, Kind, axis, cap, paint, patterns
from guidegraph.pictures.scale import Scale
from guidegraph.pictures.stretches import Stretch
from guidegraph.pictures.svg import (
    LINE,
    MARGIN,
    SOFT,
    element,
    label,
    n,
    sheet,
    text_width,
    token,
    wrapped,
    written,
)
from guidegraph.wording import readable, unit_label

WIDTH, HEIGHT = 420.0, 300.0
INSIDE = 26.0
"""The room outside the first and the last number, for what goes on without an end."""
LEADING, SIZE, LETTERS = 15.0, 12.5, 66


@dataclass(frozen=True, slots=True)
class Axis:
    """What one of the two numbers is, its unit, and numbers that are marked beside the edges."""

    words: str
    unit: str | None = None
    cuts: tuple[Fraction, ...] = ()

    @property
    def told(self) -> str:
        """The words of the axis with its unit."""
        unit = unit_label(self.unit)
        return f"{self.words}, {unit}" if unit else self.words


@dataclass(frozen=True, slots=True)
class Area:
    """A box: the stretch it covers along and that up the plane."""

    along: Stretch
    up: Stretch
    kind: Kind = "found"


@dataclass(frozen=True, slots=True)
class Plane:
    """Boxes in two numbers."""

    id: str
    title: str
    along: Axis
    up: Axis
    areas: tuple[Area, ...]

    @property
    def description(self) -> str:
        """Every box in words."""
        told = "; or ".join(
            f"{self.along.words} {each.along.told(self.along.unit)} and {self.up.words} "
            f"{each.up.told(self.up.unit)}"
            for each in self.areas
        )
        return f"A plane of {self.along.words} and {self.up.words}. Marked: {told}."

    def points(self, is_along: bool) -> tuple[Fraction, ...]:
        """Every marked number of an axis, in order."""
        own = self.along if is_along else self.up
        held = (each.along if is_along else each.up for each in self.areas)
        return tuple(sorted({*own.cuts, *(end for each in held for end in each.ends)}))


def draw(plane: Plane) -> str:
    """The plane as an SVG document."""
    words = wrapped(f"↑ {plane.up.told}", LETTERS)
    below = wrapped(f"→ {plane.along.told}", LETTERS)
    left = MARGIN + max(
        (text_width(readable(each), 11) for each in plane.points(is_along=False)), default=0
    )
    left += 8
    top = MARGIN + len(words) * LEADING + 6
    height = top + HEIGHT + 24 + len(below) * LEADING + MARGIN
    name = f"plane-{token(plane.id)}"
    root = sheet(name, plane.title, plane.description, left + WIDTH + MARGIN, height)
    patterns(root, name, {each.kind for each in plane.areas})
    across = axis(plane.points(is_along=True), left + INSIDE, WIDTH - 2 * INSIDE)
    upward = axis(plane.points(is_along=False), 0, HEIGHT - 2 * INSIDE)
    frame = _Frame(across, upward, left, top)
    _axes(root, plane, frame)
    for number, line in enumerate(words):
        label(root, line, (MARGIN, MARGIN + SIZE + number * LEADING), size=SIZE)
    for number, line in enumerate(below):
        label(root, line, (left, top + HEIGHT + 34 + number * LEADING), size=SIZE)
    for each in plane.areas:
        _area(root, name, each, frame)
    return written(root)


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where numbers stand: along from left to right, up from the bottom."""

    across: Scale
    upward: Scale
    left: float
    top: float

    def x(self, number: Fraction | None, is_low: bool) -> float:
        if number is None:
            return self.left if is_low else self.left + WIDTH
        return self.across.at(number)

    def y(self, number: Fraction | None, is_low: bool) -> float:
        if number is None:
            return self.top + HEIGHT if is_low else self.top
        return self.top + HEIGHT - INSIDE - self.upward.at(number)


def _axes(root: ET.Element, plane: Plane, frame: _Frame) -> None:
    group = element(root, "g", **{"class": "axis", "aria-hidden": "true"})
    left, right, top, foot = frame.left, frame.left + WIDTH, frame.top, frame.top + HEIGHT
    for ends in (((left, foot), (right, foot)), ((left, top), (left, foot))):
        _line(group, "base", SOFT, *ends)
    free = -1.0
    for point in plane.points(is_along=True):
        x = frame.x(point, is_low=True)
        _line(group, "grid", LINE, (x, top), (x, foot), dash="3 3")
        half = text_width(readable(point), 11) / 2
        if x - half > free:
            label(group, readable(point), (x, foot + 15), anchor="middle", colour=SOFT, size=11)
            free = x + half
    taken = foot + 20
    for point in plane.points(is_along=False):
        y = frame.y(point, is_low=True)
        _line(group, "grid", LINE, (left, y), (right, y), dash="3 3")
        if y + 12 < taken:
            label(group, readable(point), (left - 6, y + 4), anchor="end", colour=SOFT, size=11)
            taken = y


def _area(root: ET.Element, name: str, each: Area, frame: _Frame) -> None:
    """A box; an edge that belongs to it is drawn through, one that does not is broken."""
    group = element(root, "g", **{"class": f"plane-area {each.kind}"})
    x1, x2 = frame.x(each.along.low, is_low=True), frame.x(each.along.high, is_low=False)
    y1, y2 = frame.y(each.up.low, is_low=True), frame.y(each.up.high, is_low=False)
    if each.along.is_point and each.up.is_point:
        cap(group, each.kind, (x1, y1), is_inside=True)
        return
    size = {"x": n(x1), "y": n(y2), "width": n(x2 - x1), "height": n(y1 - y2)}
    element(group, "rect", **paint(name, each.kind), **size)
    for is_inside, start, end in _edges(each, (x1, y1), (x2, y2)):
        word = "closed" if is_inside else "open"
        dash = "" if is_inside else "5 4"
        if start != end:
            _line(group, f"edge {word} {each.kind}", COLOURS[each.kind], start, end, "2.4", dash)
        else:  # the end of a box that is a line
            cap(group, each.kind, start, is_inside)


Corner = tuple[float, float]


def _edges(each: Area, low: Corner, high: Corner) -> Iterable[tuple[bool, Corner, Corner]]:
    """The edges that there are, and whether each belongs to the box."""
    (x1, y1), (x2, y2) = low, high
    if each.along.low is not None:
        yield each.along.low_inclusive, (x1, y1), (x1, y2)
    if each.along.high is not None and not each.along.is_point:
        yield each.along.high_inclusive, (x2, y1), (x2, y2)
    if each.up.low is not None:
        yield each.up.low_inclusive, (x1, y1), (x2, y1)
    if each.up.high is not None and not each.up.is_point:
        yield each.up.high_inclusive, (x1, y2), (x2, y2)


def _line(
    group: ET.Element,
    kind: str,
    colour: str,
    start: Corner,
    end: Corner,
    width: str = "",
    dash: str = "",
) -> None:
    ends = {"x1": n(start[0]), "y1": n(start[1]), "x2": n(end[0]), "y2": n(end[1])}
    more = {"stroke-width": width, "stroke-dasharray": dash}
    given = {key: value for key, value in more.items() if value}
    element(group, "line", stroke=colour, **{"class": kind}, **ends, **given)
