"""The diagrams of a model: one of everything, then one for each recommendation."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element as Node
from xml.etree.ElementTree import SubElement

from guidegraph.export.dmn.drg import Drg, Element, Source
from guidegraph.export.dmn.layout import Box, Edge, Point, layout
from guidegraph.export.words import clean

WIDTH = 220
LINE = 18
LETTERS_IN_LINE = 26
LOWEST = 50


def diagrams(drg: Drg) -> Node:
    """The layout of a model, as a modeller reads it."""
    root = Node("dmndi:DMNDI")
    elements = {each.name: each for each in drg.elements}
    edges = [(needed, needing) for needing, needed in drg.requirements()]
    _diagram(root, "diagram", "Everything", elements, edges)
    for recommendation, status in drg.statuses.items():
        shown = _reached(status, edges)
        part = {name: each for name, each in elements.items() if name in shown}
        lines = [each for each in edges if each[1] in shown]
        _diagram(root, f"diagram.{status}", clean(recommendation), part, lines)
    return root


def requirement_id(needing: str, needed: str) -> str:
    """The id of a requirement. Names hold no dots, so it is no other's."""
    return f"{needing}.needs.{needed}"


def _reached(goal: str, edges: list[Edge]) -> set[str]:
    """What a decision rests on, itself included."""
    needed: dict[str, list[str]] = {}
    for start, end in edges:
        needed.setdefault(end, []).append(start)
    found, open_ones = {goal}, [goal]
    while open_ones:
        new = [each for each in needed.get(open_ones.pop(), ()) if each not in found]
        found.update(new)
        open_ones += new
    return found


def _diagram(
    root: Node, ident: str, title: str, elements: dict[str, Element], edges: list[Edge]
) -> None:
    boxes, lines = layout({name: _size(each) for name, each in elements.items()}, edges)
    diagram = SubElement(root, "dmndi:DMNDiagram", {"id": ident, "name": title})
    right = max((each.x + each.width for each in boxes.values()), default=0)
    bottom = max((each.y + each.height for each in boxes.values()), default=0)
    SubElement(diagram, "dmndi:Size", {"width": str(right + 40), "height": str(bottom + 40)})
    for name, box in boxes.items():
        _shape(diagram, f"{ident}.shape.{name}", elements[name], box)
    for (needed, needing), points in lines.items():
        _edge(diagram, ident, requirement_id(needing, needed), points)


def _size(element: Element) -> tuple[int, int]:
    lines = -(-len(clean(element.label)) // LETTERS_IN_LINE)
    return WIDTH, max(LOWEST, LINE * lines + 24 + (14 if isinstance(element, Source) else 0))


def _shape(diagram: Node, ident: str, element: Element, box: Box) -> None:
    attributes = {"id": ident, "dmnElementRef": element.name}
    shape = SubElement(diagram, "dmndi:DMNShape", attributes)
    SubElement(shape, "dc:Bounds", dict(_numbers(box)))
    label = SubElement(shape, "dmndi:DMNLabel")
    SubElement(label, "dmndi:Text").text = clean(element.label)


def _numbers(box: Box) -> Iterator[tuple[str, str]]:
    for name in ("x", "y", "width", "height"):
        yield name, str(getattr(box, name))


def _edge(diagram: Node, ident: str, requirement: str, points: tuple[Point, ...]) -> None:
    attributes = {"id": f"{ident}.edge.{requirement}", "dmnElementRef": requirement}
    edge = SubElement(diagram, "dmndi:DMNEdge", attributes)
    for x, y in points:
        SubElement(edge, "di:waypoint", {"x": str(x), "y": str(y)})
