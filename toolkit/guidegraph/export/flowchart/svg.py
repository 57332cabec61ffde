"""A flowchart as SVG: Graphviz says where things go, and we draw them.

All sizes are computed here from the letters, so that neither the fonts of a machine nor those of a
reader move anything. Shapes tell the kinds apart without colour, every text is a text, and each box
is a link. Colours are attributes, so that a style sheet may change them by class.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from guidegraph.export.flowchart.chart import Arrow, Box, Flowchart

SVG = "http://www.w3.org/2000/svg"
FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
POINTS = 72
MARGIN = 14
SIZE = 13.5
LEADING = 17
LABEL_SIZE = 12
LABEL_LEADING = 15
BOX_LETTERS = 24
LABEL_LETTERS = 18
HEXAGON = 16
MUCH_NARROWER = 0.9
INK, SOFT, PAPER = "#1b2328", "#3f4b53", "#ffffff"
COLOURS = {
    "start": ("#e3f0f1", "#0e5a64"),
    "decision": ("#fdf3d8", "#8a5a00"),
    "action": ("#ffffff", "#0e5a64"),
    "end": ("#eef0f2", "#4a5760"),
}
"""Fill and outline by kind; text on each fill has a contrast of more than 12 to 1."""
NARROW, WIDE = set("iljtfrI.,:;'|!()[] "), set("mwMWµ—@%")
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the parts of a flowchart go, in pixels from the top left corner."""

    width: float
    height: float
    centres: dict[str, Point]
    curves: tuple[tuple[Point, ...], ...]
    labels: tuple[Point | None, ...]


def draw(chart: Flowchart) -> str:
    """The flowchart as an SVG document."""
    placed = place(chart)
    name = f"flowchart-{_token(chart.id)}"
    ET.register_namespace("", SVG)
    root = _element(
        None,
        "svg",
        viewBox=f"0 0 {_n(placed.width)} {_n(placed.height)}",
        width=_n(placed.width),
        height=_n(placed.height),
        role="group",
        **{
            "class": "flowchart-drawing",
            "aria-labelledby": f"{name}-title",
            "aria-describedby": f"{name}-description",
            "font-family": FONT,
        },
    )
    _element(root, "title", id=f"{name}-title").text = chart.title
    _element(root, "desc", id=f"{name}-description").text = chart.description
    sheet = {"width": _n(placed.width), "height": _n(placed.height), "fill": PAPER}
    _element(root, "rect", **{"class": "sheet"}, **sheet)
    arrows = _element(root, "g", **{"class": "arrows", "aria-hidden": "true"})
    for arrow, curve, label in zip(chart.arrows, placed.curves, placed.labels, strict=True):
        _arrow(arrows, arrow, curve, label)
    boxes = _element(root, "g", **{"class": "boxes"})
    for box in chart.in_reading_order:
        _box(boxes, box, placed.centres[box.id])
    ET.indent(root)
    for line in root.iter(f"{{{SVG}}}tspan"):
        line.tail = None  # a space at the end of a line would move it from its centre
    for text in root.iter(f"{{{SVG}}}text"):
        text.text = None
    return ET.tostring(root, encoding="unicode") + "\n"


# --- layout ---------------------------------------------------------------------------------------


def place(chart: Flowchart) -> Placed:
    """The layout with every decision's branches from left to right, unless it is much wider."""
    in_order, free = (_placed(chart, ordering) for ordering in ("out", ""))
    return free if free.width < in_order.width * MUCH_NARROWER else in_order


def _placed(chart: Flowchart, ordering: str) -> Placed:
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
    sides = 2 * (HEXAGON + 11 if box.kind == "decision" else 14)
    return max(map(text_width, lines)) + sides, len(lines) * LEADING + 20


def wrapped(words: str, letters: int) -> list[str]:
    """Words in as few lines as fit, of about equal length; only a very long word is broken."""
    lines = textwrap.wrap(words, letters) or [""]
    longest = max(map(len, words.split()), default=0)
    for narrower in range(letters - 1, longest - 1, -1):
        tighter = textwrap.wrap(words, narrower)
        if len(tighter) != len(lines):
            break
        lines = tighter
    return lines


def text_width(text: str, size: float = SIZE) -> float:
    """A generous estimate of a text's width in a common sans-serif."""
    ems = (0.36 if each in NARROW else 0.95 if each in WIDE else 0.6 for each in text)
    capitals = sum(0.1 for each in text if each.isupper())
    return (sum(ems) + capitals) * size


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
    kind = "arrow when-unknown" if arrow.is_when_unknown else "arrow"
    group = _element(parent, "g", **{"class": kind})
    for name, value in (("from", arrow.source), ("to", arrow.target), ("branch", arrow.branch)):
        if value:
            group.set(f"data-{name}", value)
    first, *rest = curve[:-1]
    path = f"M{_xy(first)} C{' '.join(map(_xy, rest))}"
    line = _element(group, "path", d=path, fill="none", stroke=SOFT, **{"stroke-width": "1.4"})
    if arrow.is_when_unknown:
        line.set("stroke-dasharray", "5 4")
    _element(group, "polygon", points=_head(curve[-2], curve[-1]), fill=SOFT)
    if at:
        lines = wrapped(arrow.words, LABEL_LETTERS)
        _text(group, lines, at, LABEL_SIZE, LABEL_LEADING, SOFT)


def _head(base: Point, tip: Point) -> str:
    """A slim triangle from the end of the line to the box."""
    across = (tip[1] - base[1]) * 0.35, (base[0] - tip[0]) * 0.35
    left = base[0] + across[0], base[1] + across[1]
    right = base[0] - across[0], base[1] - across[1]
    return " ".join(map(_xy, (left, tip, right)))


def _box(parent: ET.Element, box: Box, centre: Point) -> None:
    width, height = size(box)
    fill, outline = COLOURS[box.kind]
    kind = f"box {box.kind}" + (" no-guidance" if box.is_silent else "")
    link = _element(
        parent,
        "a",
        href=box.href,
        **{"class": kind, "aria-label": box.in_full, "data-node": box.id},
    )
    _element(link, "title").text = box.in_full
    paint = {"fill": fill, "stroke": outline, "stroke-width": "1.6"}
    if box.is_silent:
        paint["stroke-dasharray"] = "3 3"
    left, top = centre[0] - width / 2, centre[1] - height / 2
    if box.kind == "decision":
        corners = (
            (left, centre[1]), (left + HEXAGON, top), (left + width - HEXAGON, top),
            (left + width, centre[1]), (left + width - HEXAGON, top + height),
            (left + HEXAGON, top + height),
        )  # fmt: skip
        _element(link, "polygon", points=" ".join(map(_xy, corners)), **paint)
    else:
        radius = 4 if box.kind == "action" else min(height / 2, 24)
        frame = {"x": left, "y": top, "width": width, "height": height, "rx": radius}
        _element(link, "rect", **{name: _n(value) for name, value in frame.items()}, **paint)
    weight = "600" if box.kind == "decision" else "400"
    lines = wrapped(box.words, BOX_LETTERS)
    _text(link, lines, centre, SIZE, LEADING, INK, weight)


def _text(
    parent: ET.Element,
    lines: list[str],
    centre: Point,
    size: float,
    leading: float,
    colour: str,
    weight: str = "400",
) -> None:
    """Lines of text around a centre."""
    text = _element(
        parent,
        "text",
        fill=colour,
        **{"text-anchor": "middle", "font-size": _n(size), "font-weight": weight},
    )
    top = centre[1] - (len(lines) - 1) * leading / 2 + size * 0.35
    for number, line in enumerate(lines):
        if number:  # keeps words apart for those who do not see lines; it takes no room
            _element(text, "tspan", **{"font-size": "0"}).text = " "
        span = _element(text, "tspan", x=_n(centre[0]), y=_n(top + number * leading))
        span.text = line


def _element(parent: ET.Element | None, tag: str, **attributes: str) -> ET.Element:
    name = f"{{{SVG}}}{tag}"
    if parent is None:
        return ET.Element(name, attributes)
    return ET.SubElement(parent, name, attributes)


def _xy(point: Point) -> str:
    return f"{_n(point[0])},{_n(point[1])}"


def _n(number: float) -> str:
    """A number with at most one decimal place."""
    return f"{round(number, 1) + 0:.1f}".removesuffix(".0")


def _token(name: str) -> str:
    """A name as part of an id."""
    return "".join(each if each.isascii() and each.isalnum() else "-" for each in name)
