"""The flowchart of a pathway, with the steps that an edit concerns marked."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import Markup

from guidegraph.edit.pages.rendering import drawing
from guidegraph.export.flowchart.chart import flowchart
from guidegraph.pictures.diagram import Diagram, draw

if TYPE_CHECKING:
    from collections.abc import Collection

    from guidegraph.model import Guideline

_BOX = re.compile(r'class="box ([^"]*)"([^>]*) data-node="([^"]*)"')
_drawn = lru_cache(maxsize=64)(draw)


def drawn(guideline: Guideline, pathway: str, marked: Collection[str]) -> Markup | None:
    """The drawing; None where the pathway cannot be drawn as it is."""
    chart = chart_of(guideline, pathway)
    if chart is None:
        return None
    svg = _drawn(chart)

    def box(found: re.Match[str]) -> str:
        kind, rest, node = found.groups()
        here = ' aria-current="true"' if node in marked else ""
        return f'class="box {kind}{" marked" if here else ""}"{rest} data-node="{node}"{here}'

    return drawing(_BOX.sub(box, svg))


def chart_of(guideline: Guideline, pathway: str) -> Diagram | None:
    """What the drawing shows; each step leads to its form."""
    import networkx

    def href(name: str) -> str:
        there = guideline.entities.get(name)
        return f"/thing?iri={quote(there.iri if there else name, safe='')}"

    try:
        return flowchart(guideline, pathway, href)
    except (KeyError, TypeError, ValueError, networkx.NetworkXException):
        return None
