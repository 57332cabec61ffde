"""What a flowchart shows: the boxes and arrows of a care pathway with their words and links."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, urlsplit

from guidegraph.export.words import clean
from guidegraph.model import (
    ActionNode,
    CarePathway,
    DecisionNode,
    EndNode,
    Guideline,
    PathwayNode,
    StartNode,
)
from guidegraph.pathway import Way, layers, nodes, ways
from guidegraph.pictures.diagram import Arrow, Box, Diagram
from guidegraph.wording import plural

KINDS: tuple[tuple[type[PathwayNode], str], ...] = (
    (StartNode, "start"),
    (DecisionNode, "decision"),
    (ActionNode, "action"),
    (EndNode, "end"),
)
Address = Callable[[str], str]


def on_this_page(node_id: str) -> str:
    """The place of a node on the page that shows the flowchart."""
    return f"#{quote(node_id, safe='')}"


def flowchart(guideline: Guideline, pathway_id: str, href: Address = on_this_page) -> Diagram:
    """The flowchart of a pathway.

    Raises:
        ValueError: if ``href`` gives anything but a relative address.
    """
    pathway = guideline.one(pathway_id, CarePathway)
    following = ways(guideline, pathway_id)
    boxes = tuple(_box(each, following, href) for each in nodes(guideline, pathway_id))
    title = clean(str(pathway.label) or pathway.id)
    return Diagram(
        id=pathway_id,
        kind="flowchart",
        title=title,
        description=_description(boxes, pathway.start_node),
        rows=layers(guideline, pathway_id),
        boxes=boxes,
        arrows=tuple(
            Arrow(
                source=way.source,
                target=way.target,
                branch=way.branch.id if way.branch else "",
                words=clean(way.label),
                is_dashed=way.is_when_unknown,
            )
            for way in following
        ),
    )


def _box(node: PathwayNode, following: tuple[Way, ...], href: Address) -> Box:
    kind = next((name for known, name in KINDS if isinstance(node, known)), "action")
    words = clean(str(node.label) or node.id)
    in_full = f"{kind.capitalize()}: {words}"
    if isinstance(node, DecisionNode):
        answers = [clean(way.label) for way in following if way.source == node.id]
        asked = clean(str(node.question))
        question = f"{words} {asked}" if asked and asked != words else words
        in_full = f"Decision: {question} ({'; '.join(answers)})"
    return Box(
        id=node.id,
        kind=kind,
        words=words,
        in_full=in_full,
        href=relative(href(node.id)),
        is_silent=isinstance(node, EndNode) and node.end_reason == "NoGuidance",
    )


def relative(address: str) -> str:
    """The address itself, if it stays on the site: no scheme, no host, nothing hidden.

    Raises:
        ValueError: if it does not.
    """
    parts = urlsplit(address)
    hidden = not address.isprintable() or "\\" in address or " " in address
    if not address or parts.scheme or parts.netloc or address.startswith("//") or hidden:
        msg = f"{address!r} is not a relative address"
        raise ValueError(msg)
    return address


def _description(boxes: tuple[Box, ...], start: str) -> str:
    count = {name: sum(box.kind == name for box in boxes) for _, name in KINDS}
    begin = next((box.words for box in boxes if box.id == start), "")
    numbers = ", ".join(plural(number, name) for name, number in count.items() if name != "start")
    return (
        f"A flowchart of {len(boxes)} steps ({numbers}) that begins with “{begin}”. "
        "Each step is a link. A dashed arrow says how to find out what is not known."
    )
