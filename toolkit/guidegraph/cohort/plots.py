"""The plots of a report as SVG: who gets what, and what a site parameter changes."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree as ET

from guidegraph.cohort.report import TITLES, Line, Report, Sweep, share
from guidegraph.evaluate.status import STATUSES
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
    written,
)

BAR, ROW, NAMES = 420.0, 26.0, 170.0
HEIGHT, HEAD = 150.0, 40.0
FILLS = {
    "applies": ACCENT,
    "provisional": "#6fa9b0",
    "undetermined": "#f0c674",
    "defeated": "#b9c2c8",
    "notApplicable": "#eef0f2",
}
"""Light and dark take turns, so that the parts are told apart without colour."""


def who_gets_what(report: Report) -> str:
    """A bar for each recommendation, divided by status; each bar says its counts in words."""
    told = "; ".join(
        f"{each.recommendation}: {_told(each, report.persons)}" for each in report.lines
    )
    height = HEAD + 2 * MARGIN + ROW * len(report.lines)
    root = sheet(
        "who-gets-what",
        "Who gets what: persons by recommendation and status",
        told,
        NAMES + BAR + 3 * MARGIN,
        height,
    )
    _legend(root)
    for place, line in enumerate(report.lines):
        _bar(root, line, report.persons, MARGIN + HEAD + place * ROW)
    return written(root)


def _told(line: Line, persons: int) -> str:
    return ", ".join(f"{TITLES[each]} {share(line.counts[each], persons)}" for each in STATUSES)


def _legend(root: ET.Element) -> None:
    x = NAMES + 2 * MARGIN
    for status in STATUSES:
        words = "not applicable" if status == "notApplicable" else status
        _box(root, x, MARGIN, 12, 12, FILLS[status])
        label(root, words, (x + 16, MARGIN + 11), size=11)
        x += 16 + text_width(words, 11) + 10


def _bar(root: ET.Element, line: Line, persons: int, top: float) -> None:
    words = f"{line.recommendation}: {_told(line, persons)}"
    group = element(root, "g", role="img", **{"aria-label": words})
    element(group, "title").text = words
    label(group, line.recommendation[:26], (NAMES + MARGIN, top + 15), anchor="end")
    x = NAMES + 2 * MARGIN
    for status in STATUSES:
        width = BAR * line.counts[status] / persons if persons else 0.0
        if width > 0:
            _box(group, x, top, width, ROW - 7, FILLS[status])
            count = f"{line.counts[status]:,}"
            if text_width(count, 10.5) + 6 < width:
                ink = PAPER if status == "applies" else INK
                label(
                    group, count, (x + width / 2, top + 14), anchor="middle", size=10.5, colour=ink
                )
        x += width


def _box(parent: ET.Element, x: float, y: float, width: float, height: float, fill: str) -> None:
    frame = {"x": n(x), "y": n(y), "width": n(width), "height": n(height)}
    element(parent, "rect", fill=fill, stroke=SOFT, **{"stroke-width": "0.7"}, **frame)


def moved(sweep: Sweep, persons: int) -> str:
    """A line for each recommendation that changes: persons to whom it applies, by value."""
    told = "; ".join(
        f"{name}: "
        + ", ".join(f"{c['applies']:,} at {v}" for v, c in zip(sweep.steps, counts, strict=True))
        for name, _, counts in sweep.lines
    )
    height = MARGIN + len(sweep.lines) * HEIGHT + MARGIN
    unit = f", {sweep.unit}" if sweep.unit else ""
    title = f"Persons to whom it applies, by {sweep.label}{unit}"
    name = f"moved-{token(sweep.setting)}"
    root = sheet(name, title, told, NAMES + BAR + 4 * MARGIN, height)
    for place, (rule, _, counts) in enumerate(sweep.lines):
        values = [each["applies"] for each in counts]
        _line(root, sweep, rule, values, MARGIN + place * HEIGHT)
    return written(root)


def _line(root: ET.Element, sweep: Sweep, rule: str, values: list[int], top: float) -> None:
    """One recommendation: an axis from 0, a step line and its counts."""
    words = (
        f"{rule}: {', '.join(f'{v:,} at {s}' for s, v in zip(sweep.steps, values, strict=True))}"
    )
    group = element(root, "g", role="img", **{"aria-label": words})
    element(group, "title").text = words
    left, floor, room = NAMES + 2 * MARGIN, top + HEIGHT - 34, HEIGHT - 60
    most = max(*values, 1)
    apart = BAR / max(len(values) - 1, 1)
    label(group, rule[:26], (NAMES + MARGIN, top + HEIGHT / 2), anchor="end", weight="600")
    axis = {"x1": n(left), "x2": n(left + BAR), "y1": n(floor), "y2": n(floor)}
    element(group, "line", stroke=LINE, **axis)
    points = [(left + apart * i, floor - room * v / most) for i, v in enumerate(values)]
    for before, after in pairwise(points):
        ends = {"x1": n(before[0]), "y1": n(before[1]), "x2": n(after[0]), "y2": n(after[1])}
        element(group, "line", stroke=ACCENT, **{"stroke-width": "2"}, **ends)
    for (x, y), value, step in zip(points, values, sweep.steps, strict=True):
        element(group, "circle", cx=n(x), cy=n(y), r="3.5", fill=ACCENT)
        label(group, f"{value:,}", (x, y - 8), anchor="middle", size=10.5)
        is_usual = sweep.usual.split(" ")[0] == step
        weight, ink = ("600", NOTE) if is_usual else ("400", SOFT)
        label(group, step, (x, floor + 15), anchor="middle", size=10.5, weight=weight, colour=ink)
