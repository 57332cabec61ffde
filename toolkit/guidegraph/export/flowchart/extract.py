"""A piece of a flowchart: one step, and the decisions that lead to it."""

from __future__ import annotations

from guidegraph.export.flowchart.chart import Address, flowchart, on_this_page
from guidegraph.model import DecisionNode, Guideline, PathwayNode, StartNode
from guidegraph.pathway import ways
from guidegraph.pictures.diagram import Diagram
from guidegraph.wording import plural


def extract(guideline: Guideline, node_id: str, href: Address = on_this_page) -> Diagram:
    """The step, every way back from it to the nearest decision or the start, and nothing else.

    Raises:
        ValueError: if ``href`` gives anything but a relative address.
    """
    node = guideline.one(node_id, PathwayNode)
    whole = flowchart(guideline, node.pathway, href)
    kept = {node_id, *_before(guideline, node)}
    boxes = tuple(each for each in whole.boxes if each.id in kept)
    arrows = tuple(each for each in whole.arrows if {each.source, each.target} <= kept)
    words = {each.id: each.words for each in boxes}
    told = " ".join(
        f"{words[each.source]} {each.words} → {words[each.target]}.".replace("  ", " ")
        for each in arrows
    )
    return Diagram(
        id=node_id,
        kind="extract",
        title=f"{words[node_id]}: where it sits in {whole.title}",
        description=f"{plural(len(boxes), 'step')} of the flowchart. {told}".strip(),
        rows=tuple(
            row for each in whole.rows if (row := tuple(name for name in each if name in kept))
        ),
        boxes=boxes,
        arrows=arrows,
    )


def _before(guideline: Guideline, node: PathwayNode) -> set[str]:
    """What leads to a step, back to the nearest decisions."""
    leading: dict[str, list[str]] = {}
    for way in ways(guideline, node.pathway):
        leading.setdefault(way.target, []).append(way.source)
    found: set[str] = set()
    ahead = [node.id]
    while ahead:
        for name in leading.get(ahead.pop(), ()):
            if name in found or name == node.id:
                continue
            found.add(name)
            if not isinstance(guideline.entities[name], DecisionNode | StartNode):
                ahead.append(name)
    return found
