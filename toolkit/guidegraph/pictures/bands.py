"""Bands on a number line: what each covers, what none covers, and what several do.

Whether an end belongs to a band is told by its mark (full or hollow) and in words; gaps, overlaps
and the region of a finding are told by a pattern as well as by a colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal
from xml.etree import ElementTree as ET

from guidegraph.pictures.scale import Scale, scale
from guidegraph.pictures.stretches import Stretch, gaps, overlaps
from guidegraph.pictures.svg import (
    ACCENT,
    BAD,
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
)
from guidegraph.wording import readable, unit_label

Kind = Literal["band", "gap", "overlap", "found"]
COLOURS: dict[Kind, str] = {"band": ACCENT, "gap": NOTE, "overlap": BAD, "found": BAD}
HATCHES: dict[Kind, str] = {
    "gap": "M0,8 L8,0",
    "overlap": "M0,8 L8,0 M0,0 L8,8",
    "found": "M0,8 L8,0 M0,0 L8,8",
}
"""The lines of each pattern; a band has none."""
PLOT, REACH, TIP = 520.0, 22.0, 7.0
BAR, LEADING, SIZE = 14.0, 15.0, 12.5
LETTERS = 78
LEAST = 5.0
"""A stretch is drawn no shorter than this."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: what it is called, and which stretches of the line it covers."""

    words: str
    stretches: tuple[Stretch, ...]
    kind: Kind = "band"

    def told(self, unit: str | None) -> str:
        """The row in words."""
        where = "; ".join(each.told(unit) for each in self.stretches) or "nowhere"
        return f"{self.words}: {where}"


@dataclass(frozen=True, slots=True)
class NumberLine:
    """Rows on one axis. ``cuts`` are numbers written below it beside the ends of the bars."""

    id: str
    title: str
    axis: str
    unit: str | None
    bars: tuple[Bar, ...]
    cuts: tuple[Fraction, ...] = ()

    @property
    def points(self) -> tuple[Fraction, ...]:
        """Every number that is marked, in order."""
        ends = {end for bar in self.bars for each in bar.stretches for end in each.ends}
        return tuple(sorted(ends | set(self.cuts)))

    @property
    def description(self) -> str:
        """Everything that is drawn, in words."""
        told = "; ".join(bar.told(self.unit) for bar in self.bars)
        return f"A number line of {self.axis}. {told}."


def with_faults(bars: Sequence[Bar], within: Stretch | None = None) -> tuple[Bar, ...]:
    """Bands with a row for what none of them covers, and one for what several do."""
    held = [bar.stretches for bar in bars]
    rows = list(bars)
    if found := gaps(held, within):
        rows.append(Bar("No band", found, "gap"))
    if found := overlaps(held, within):
        rows.append(Bar("More than one band", found, "overlap"))
    return tuple(rows)


def draw(line: NumberLine) -> str:
    """The number line as an SVG document."""
    rows = [(bar, wrapped(bar.told(line.unit), LETTERS)) for bar in line.bars]
    along = axis(line.points, MARGIN + REACH + TIP, PLOT - 2 * (REACH + TIP))
    height = MARGIN + sum(_height(lines) for _, lines in rows) + 44
    name = f"line-{token(line.id)}"
    root = sheet(name, line.title, line.description, PLOT + 2 * MARGIN, height)
    patterns(root, name, {bar.kind for bar in line.bars})
    foot = height - 40
    _cuts(root, line, along, foot)
    top = float(MARGIN)
    for bar, lines in rows:
        row = element(root, "g", **{"class": f"line-row {bar.kind}"})
        for number, words in enumerate(lines):
            label(row, words, (MARGIN, top + SIZE + number * LEADING), size=SIZE)
        middle = top + len(lines) * LEADING + 6 + BAR / 2
        for each in bar.stretches:
            _stretch(row, name, each, bar.kind, along, middle)
        top += _height(lines)
    return written(root)


def _height(lines: Sequence[str]) -> float:
    return len(lines) * LEADING + BAR + 18


def axis(points: Sequence[Fraction], start: float, length: float) -> Scale:
    """An axis on which every point has room on both sides."""
    if not points:
        return scale([Fraction(0), Fraction(1)], start, length)
    low, high = points[0], points[-1]
    room = (high - low) / 4 or abs(high) / 2 or Fraction(1)
    made = scale([low, high], start, length, False if low <= 0 else None)
    if made.is_logarithmic:
        return scale([low / 2, high * 2], start, length, True)
    below = low - room if low < 0 else max(low - room, Fraction(0))
    return scale([below, low, high, high + room], start, length, False)


def patterns(root: ET.Element, name: str, kinds: set[Kind]) -> None:
    """The patterns that fill gaps, overlaps and regions of findings."""
    held = element(root, "defs")
    for kind, path in HATCHES.items():
        if kind not in kinds:
            continue
        made = element(
            held,
            "pattern",
            id=f"{name}-{kind}",
            width="8",
            height="8",
            patternUnits="userSpaceOnUse",
        )
        element(made, "rect", width="8", height="8", fill=PAPER, **{"class": "sheet"})
        hatch = {"class": f"hatch {kind}", "stroke-width": "1.2", "fill": "none"}
        element(made, "path", d=path, stroke=COLOURS[kind], **hatch)


def paint(name: str, kind: Kind) -> dict[str, str]:
    """How an area of a kind is filled and outlined."""
    fill = f"url(#{name}-{kind})" if kind in HATCHES else COLOURS[kind]
    solid = {} if kind in HATCHES else {"fill-opacity": "0.25"}
    return {"fill": fill, "class": f"area {kind}", **solid}


def _cuts(root: ET.Element, line: NumberLine, along: Scale, foot: float) -> None:
    """The marked numbers, as far as their words have room; the words of the axis."""
    group = element(root, "g", **{"class": "axis", "aria-hidden": "true"})
    ends = {"x1": n(MARGIN), "x2": n(MARGIN + PLOT), "y1": n(foot), "y2": n(foot)}
    element(group, "line", stroke=SOFT, **{"class": "base"}, **ends)
    free = -1.0
    for point in line.points:
        x = along.at(point)
        upright = {"x1": n(x), "x2": n(x), "y1": n(MARGIN), "y2": n(foot)}
        dashed = {"class": "grid", "stroke-dasharray": "3 3"}
        element(group, "line", stroke=LINE, **dashed, **upright)
        words = readable(point)
        half = text_width(words, 11) / 2
        if x - half > free:
            label(group, words, (x, foot + 15), anchor="middle", colour=SOFT, size=11)
            free = x + half
    unit = unit_label(line.unit)
    shown = f"{line.axis}, {unit}" if unit else line.axis
    label(group, shown, (MARGIN + PLOT / 2, foot + 32), anchor="middle", colour=SOFT)


def _stretch(
    row: ET.Element, name: str, each: Stretch, kind: Kind, along: Scale, middle: float
) -> None:
    """A bar with its ends: full where the end belongs to it, hollow where not, an arrow if none."""
    colour = COLOURS[kind]
    left = along.start - REACH if each.low is None else along.at(each.low)
    right = along.start + along.length + REACH if each.high is None else along.at(each.high)
    if not each.is_point:
        width = max(right - left, LEAST)
        size = {"x": n(left), "y": n(middle - BAR / 2), "width": n(width), "height": n(BAR)}
        element(row, "rect", stroke=colour, **paint(name, kind), **size)
    for end, x, is_inside, outward in (
        (each.low, left, each.low_inclusive, -1),
        (each.high, right, each.high_inclusive, 1),
    ):
        if end is None:
            _arrow(row, kind, x, outward, middle)
        elif outward < 0 or not each.is_point:
            cap(row, kind, (x, middle), is_inside)


def _arrow(row: ET.Element, kind: Kind, x: float, outward: int, middle: float) -> None:
    corners = ((x, middle - BAR / 2), (x + outward * TIP, middle), (x, middle + BAR / 2))
    points = " ".join(f"{n(a)},{n(b)}" for a, b in corners)
    element(row, "polygon", points=points, fill=COLOURS[kind], **{"class": f"endless {kind}"})


def cap(row: ET.Element, kind: Kind, at: tuple[float, float], is_inside: bool) -> None:
    """The mark of an end: full if it belongs to the bar, hollow if not."""
    word = "closed" if is_inside else "open"
    colours = {"fill": COLOURS[kind] if is_inside else PAPER, "stroke": COLOURS[kind]}
    place = {"cx": n(at[0]), "cy": n(at[1]), "r": "4.5", "stroke-width": "1.8"}
    element(row, "circle", **{"class": f"cap {word} {kind}"}, **colours, **place)
