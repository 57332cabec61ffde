"""A flowchart as a graph: that of the model, and that which a drawing shows."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import networkx
from networkx.algorithms.isomorphism import categorical_multiedge_match, categorical_node_match

from guidegraph import pathway
from guidegraph.export.flowchart.chart import KINDS
from guidegraph.export.words import clean
from guidegraph.model import Guideline
from guidegraph.pictures.svg import printable
from guidegraph.site.safe import slug
from test_flowchart import _box_at, _child, _points, classes_of, squeezed, tag, words_of

Graph = networkx.MultiDiGraph


def in_model(guideline: Guideline, pathway_id: str) -> Graph[Any]:
    """The pathway of the model; names are left out, so that only what is shown counts."""
    wanted: Graph[Any] = Graph()
    for node in pathway.nodes(guideline, pathway_id):
        kind = next(name for known, name in KINDS if isinstance(node, known))
        words = squeezed(printable(clean(str(node.label) or node.id)))
        wanted.add_node(node.id, words=words, kind=kind, leads=f"#{slug(node.id)}")
    for way in pathway.ways(guideline, pathway_id):
        place = slug(way.branch.id) if way.branch else ""
        said = squeezed(printable(clean(way.label)))
        edge = {"words": said, "dashed": way.is_when_unknown, "place": place}
        wanted.add_edge(way.source, way.target, **edge)
    return wanted


def on_page(root: ET.Element) -> Graph[Any]:
    """The pathway as the drawing shows it: an arrow leads where its ends lie."""
    found: Graph[Any] = Graph()
    for link in root.iter(tag("a")):
        kind = classes_of(link)[1]
        leads = link.get("href", "")
        found.add_node(
            link.get("data-node"), words=squeezed(words_of(link)), kind=kind, leads=leads
        )
    for arrow in arrows(root):
        line = _child(arrow, "path")
        found.add_edge(
            _box_at(root, _points(line.get("d"))[0]),
            _box_at(root, _points(_child(arrow, "polygon").get("points"))[1]),
            words=squeezed(words_of(arrow)),
            dashed=line.get("stroke-dasharray") is not None,
            place=arrow.get("data-place", ""),
        )
    return found


def arrows(root: ET.Element) -> list[ET.Element]:
    return [each for each in root.iter(tag("g")) if "arrow" in classes_of(each)]


def is_same(one: Graph[Any], other: Graph[Any]) -> bool:
    nodes = categorical_node_match(["words", "kind", "leads"], [None] * 3)
    edges = categorical_multiedge_match(["words", "dashed", "place"], [None] * 3)
    return bool(networkx.is_isomorphic(one, other, node_match=nodes, edge_match=edges))
