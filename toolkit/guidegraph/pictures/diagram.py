"""Boxes and arrows as SVG: Graphviz says where things go, and we draw them.

Shapes tell the kinds of boxes apart without colour, and each box is a link.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from guidegraph.pictures.svg import (
    INK,
    LABEL_LEADING,
    LABEL_SIZE,
    LEADING,
    MARGIN,
    SIZE,
    SOFT,
    Point,
    element,
    lines_of_text,
    n,
    sheet,
    text_width,
    token,
    wrapped,
    written,
    xy,
)

POINTS = 72
BOX_LETTERS = 24
LABEL_LETTERS = 18
HEXAGON = 16
MUCH_NARROWER = 0.9
HEXAGONS = ("decision", "recommendation")
SQUARE = ("action", "claim", "concept")
"""Boxes with six corners and with four; all others have round ends."""
COLOURS = {
    "recommendation": ("#fdf3d8", "#8a5a00"),
    "claim": ("#ffffff", "#0e5a64"),
    "study": ("#e3f0f1", "#0e5a64"),
    "document": ("#eef0f2", "#4a5760"),
    "concept": ("#ffffff", "#0e5a64"),
    "observable": ("#e3f0f1", "#0e5a64"),
    "start": ("#e3f0f1", "#0e5a64"),
    "decision": ("#fdf3d8", "#8a5a00"),
    "action": ("#ffffff", "#0e5a64"),
    "end": ("#eef0f2", "#4a5760"),
}
"""Fill and outline by kind; text on each fill has a contrast of more than 12 to 1."""


@dataclass(frozen=True, slots=True)
class Box:
    """One node as it is drawn: its kind, its words, what it says in full and where it links to."""

    id: str
    kind: str
    words: str
    in_full: str
    href: str
    is_silent: bool = False
    """Drawn with a broken outline: an end without guidance, a study that is not identified."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """One arrow as it is drawn; there may be several between the same boxes."""

    source: str
    target: str
    words: str
    branch: str = ""
    is_dashed: bool = False


@dataclass(frozen=True, slots=True)
class Diagram:
    """What a diagram shows, before it is laid out."""

    id: str
    kind: str
    """What sort of diagram it is (``flowchart``); part of the ids in the drawing."""
    title: str
    description: str
    rows: tuple[tuple[str, ...], ...]
    """The ids of the boxes, each row below all that lead to it."""
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]

    @property
    def in_reading_order(self) -> tuple[Box, ...]:
        """The boxes from the start downwards: the order for keyboards and screen readers."""
        known = {box.id: box for box in self.boxes}
        return tuple(known[name] for row in self.rows for name in row)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the parts of a diagram go, in pixels from the top left corner."""

    width: float
    height: float
    centres: dict[str, Point]
    curves: tuple[tuple[Point, ...], ...]
    labels: tuple[Point | None, ...]


def draw(chart: Diagram) -> str:
    """The diagram as an SVG document."""
    placed = place(chart)
    name = f"{chart.kind}-{token(chart.id)}"
    root = sheet(name, chart.title, chart.description, placed.width, placed.height)
    arrows = element(root, "g", **{"class": "arrows", "aria-hidden": "true"})
    for arrow, curve, label in zip(chart.arrows, placed.curves, placed.labels, strict=True):
        _arrow(arrows, arrow, curve, label)
    boxes = element(root, "g", **{"class": "boxes"})
    for box in chart.in_reading_order:
        _box(boxes, box, placed.centres[box.id])
    return written(root)


# --- layout ---------------------------------------------------------------------------------------


def place(chart: Diagram) -> Placed:
    """The layout with every decision's branches from left to right, unless it is much wider."""
    in_order, free = (_placed(chart, ordering) for ordering in ("out", ""))
    return free if free.width < in_order.width * MUCH_NARROWER else in_order


def _placed(chart: Diagram, ordering: str) -> Placed:
    """Graphviz's ``dot`` layout, told nothing but sizes."""
    import pygraphviz

    drawn = pygraphviz.AGraph(strict=False, directed=True)
    drawn.graph_attr.update(rankdir="TB", ordering=ordering, nodesep="0.3", ranksep="0.42")
    names = {box.id: f"n{number}" for number, box in enumerate(chart.boxes)}
    for box in chart.boxes:
        width, height = map(_inches, size(box))
        fixed = {"shape": "box", "fixedsize": "true", "label": ""}
        drawn.add_node(names[box.id], width=width, height=height, **fixed)
    for number, arrow in enumerate(chart.arrows):
        ends = names[arrow.source], names[arrow.target]
        drawn.add_edge(*ends, key=f"e{number}", label=_room(arrow), tailport="s", headport="n")
    drawn.layout(prog="dot")
    low_x, low_y, high_x, high_y = map(float, drawn.graph_attr["bb"].split(","))

    def point(text: str) -> Point:
        x, y = map(float, text.split(","))
        return x - low_x + MARGIN, high_y - y + MARGIN

    edges = [
        drawn.get_edge(names[arrow.source], names[arrow.target], key=f"e{number}")
        for number, arrow in enumerate(chart.arrows)
    ]
    return Placed(
        width=high_x - low_x + 2 * MARGIN,
        height=high_y - low_y + 2 * MARGIN,
        centres={name: point(drawn.get_node(short).attr["pos"]) for name, short in names.items()},
        curves=tuple(_curve(edge.attr["pos"], point) for edge in edges),
        labels=tuple(point(edge.attr["lp"]) if edge.attr["lp"] else None for edge in edges),
    )


def size(box: Box) -> Point:
    """Width and height of a box, from its words."""
    lines = wrapped(box.words, BOX_LETTERS)
    sides = 2 * (HEXAGON + 11 if box.kind in HEXAGONS else 14)
    return max(map(text_width, lines)) + sides, len(lines) * LEADING + 20


def _inches(length: float) -> str:
    return f"{length / POINTS:.4f}"


def _room(arrow: Arrow) -> str:
    """An empty table as large as the words on an arrow (Graphviz would measure with a font)."""
    if not arrow.words:
        return ""
    lines = wrapped(arrow.words, LABEL_LETTERS)
    width = int(max(text_width(each, LABEL_SIZE) for each in lines)) + 10
    height = len(lines) * LABEL_LEADING + 4
    table = f'BORDER="0" CELLBORDER="0" FIXEDSIZE="TRUE" WIDTH="{width}" HEIGHT="{height}"'
    return f"<<TABLE {table}><TR><TD></TD></TR></TABLE>>"


def _curve(written: str, point: Callable[[str], Point]) -> tuple[Point, ...]:
    """The points of a Graphviz spline, with the arrow's tip at the end."""
    parts = written.split()
    tips = [point(each[2:]) for each in parts if each.startswith("e,")]
    return (*(point(each) for each in parts if each[0] not in "se"), *tips)


# --- drawing --------------------------------------------------------------------------------------


def _arrow(parent: ET.Element, arrow: Arrow, curve: tuple[Point, ...], at: Point | None) -> None:
    kind = "arrow dashed" if arrow.is_dashed else "arrow"
    group = element(parent, "g", **{"class": kind})
    for name, value in (("from", arrow.source), ("to", arrow.target), ("branch", arrow.branch)):
        if value:
            group.set(f"data-{name}", value)
    first, *rest = curve[:-1]
    path = f"M{xy(first)} C{' '.join(map(xy, rest))}"
    line = element(group, "path", d=path, fill="none", stroke=SOFT, **{"stroke-width": "1.4"})
    if arrow.is_dashed:
        line.set("stroke-dasharray", "5 4")
    element(group, "polygon", points=_head(curve[-2], curve[-1]), fill=SOFT)
    if at:
        lines = wrapped(arrow.words, LABEL_LETTERS)
        lines_of_text(group, lines, at, LABEL_SIZE, LABEL_LEADING, SOFT)


def _head(base: Point, tip: Point) -> str:
    """A slim triangle from the end of the line to the box."""
    across = (tip[1] - base[1]) * 0.35, (base[0] - tip[0]) * 0.35
    left = base[0] + across[0], base[1] + across[1]
    right = base[0] - across[0], base[1] - across[1]
    return " ".join(map(xy, (left, tip, right)))


def _box(parent: ET.Element, box: Box, centre: Point) -> None:
    width, height = size(box)
    fill, outline = COLOURS[box.kind]
    kind = f"box {box.kind}" + (" no-guidance" if box.is_silent else "")
    link = element(
        parent,
        "a",
        href=box.href,
        **{"class": kind, "aria-label": box.in_full, "data-node": box.id},
    )
    element(link, "title").text = box.in_full
    paint = {"fill": fill, "stroke": outline, "stroke-width": "1.6"}
    if box.is_silent:
        paint["stroke-dasharray"] = "3 3"
    left, top = centre[0] - width / 2, centre[1] - height / 2
    if box.kind in HEXAGONS:
        corners = (
            (left, centre[1]), (left + HEXAGON, top), (left + width - HEXAGON, top),
            (left + width, centre[1]), (left + width - HEXAGON, top + height),
            (left + HEXAGON, top + height),
        )  # fmt: skip
        element(link, "polygon", points=" ".join(map(xy, corners)), **paint)
    else:
        radius = 4 if box.kind in SQUARE else min(height / 2, 24)
        frame = {"x": left, "y": top, "width": width, "height": height, "rx": radius}
        element(link, "rect", **{name: n(value) for name, value in frame.items()}, **paint)
    weight = "600" if box.kind in HEXAGONS else "400"
    lines = wrapped(box.words, BOX_LETTERS)
    lines_of_text(link, lines, centre, SIZE, LEADING, INK, weight)
