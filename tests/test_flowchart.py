"""Flowcharts: the picture shows the pathway, everyone can read it, and no label can break it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import networkx
import pygraphviz
import pytest

import pathway_example as example
import shipped_example
from guidegraph import pathway
from guidegraph.entity import Code, Text
from guidegraph.export.base import ExportInput
from guidegraph.export.flowchart import FlowchartExporter
from guidegraph.export.flowchart.chart import flowchart
from guidegraph.export.flowchart.text import dot, mermaid
from guidegraph.model import CarePathway, Guideline
from guidegraph.pictures import diagram, svg
from guidegraph.pictures.diagram import Diagram, draw
from guidegraph.pictures.svg import SVG

HOSTILE = [
    "<1,000 µg/L",
    "<b>bold</b>",
    "<<TABLE>>",
    '" onload="alert(1)',
    "]]>",
    "&amp; &lt;",
    "a\\nb \\N \\G",
    "end",
    "`x` {y} [z] | #35;",
    "\u202ereversed",
    "ends -->|x| n1",
]


shipped = shipped_example.guideline


def pathways() -> list[tuple[str, str]]:
    found = [("small", "path")]
    return found + [("shipped", each.id) for each in shipped().all(CarePathway)]


def guideline_of(which: str) -> Guideline:
    return shipped() if which == "shipped" else example.small()


def renamed(label: str) -> Guideline:
    """The small guideline with one label everywhere."""
    small = example.small()
    words = Text((("en", label),))
    entities = {
        name: replace(
            each, label=words, **({"question": words} if hasattr(each, "question") else {})
        )
        for name, each in small.entities.items()
    }
    return replace(small, entities=entities)


def root_of(chart: Diagram) -> ET.Element:
    return ET.fromstring(draw(chart))


def tag(name: str) -> str:
    return f"{{{SVG}}}{name}"


def words_of(element: ET.Element) -> str:
    return " ".join(span.text or "" for span in element.iter(tag("tspan")))


def classes_of(element: ET.Element) -> list[str]:
    return (element.get("class") or "").split()


def squeezed(text: str) -> str:
    return "".join(text.split())


# --- the picture is the pathway -------------------------------------------------------------------


@pytest.mark.parametrize(("which", "pathway_id"), pathways())
def test_svg_read_back_is_the_pathway_graph(which: str, pathway_id: str) -> None:
    guideline = guideline_of(which)
    wanted = networkx.MultiDiGraph()
    for node in pathway.nodes(guideline, pathway_id):
        wanted.add_node(node.id, words=squeezed(str(node.label)))
    for way in pathway.ways(guideline, pathway_id):
        dashed = way.is_when_unknown
        wanted.add_edge(way.source, way.target, words=squeezed(way.label), dashed=dashed)
    drawn = networkx.MultiDiGraph()
    root = root_of(flowchart(guideline, pathway_id))
    for link in root.iter(tag("a")):
        drawn.add_node(link.get("data-node"), words=squeezed(words_of(link)))
    for arrow in (
        each for each in root.iter(tag("g")) if "arrow" in (each.get("class") or "").split()
    ):
        line = arrow.find(tag("path"))
        assert line is not None
        drawn.add_edge(
            _box_at(root, _points(line.get("d"))[0]),
            _box_at(root, _points(_child(arrow, "polygon").get("points"))[1]),
            words=squeezed(words_of(arrow)),
            dashed=line.get("stroke-dasharray") is not None,
        )
    assert dict(drawn.nodes(data=True)) == dict(wanted.nodes(data=True))
    assert _edges(drawn) == _edges(wanted)


def _edges(graph: networkx.MultiDiGraph[Any]) -> list[Any]:
    return sorted((a, b, data["words"], data["dashed"]) for a, b, data in graph.edges(data=True))


def _child(element: ET.Element, name: str) -> ET.Element:
    found = element.find(tag(name))
    assert found is not None
    return found


def _points(written: str | None) -> list[tuple[float, float]]:
    numbers = [float(each) for each in re.findall(r"-?[\d.]+", written or "")]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _frame(link: ET.Element) -> tuple[float, float, float, float]:
    frame = link.find(tag("rect"))
    if frame is not None:
        x, y, width, height = (
            float(frame.get(each) or 0) for each in ("x", "y", "width", "height")
        )
        return x, y, x + width, y + height
    corners = _points(_child(link, "polygon").get("points"))
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _box_at(root: ET.Element, point: tuple[float, float]) -> str | None:
    """The box whose outline a point lies on, give or take two pixels."""
    found = []
    for link in root.iter(tag("a")):
        left, top, right, bottom = _frame(link)
        if left - 2 <= point[0] <= right + 2 and top - 2 <= point[1] <= bottom + 2:
            found.append(link.get("data-node"))
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(("which", "pathway_id"), pathways())
def test_no_two_boxes_overlap_and_all_lie_on_the_sheet(which: str, pathway_id: str) -> None:
    root = root_of(flowchart(guideline_of(which), pathway_id))
    frames = [_frame(link) for link in root.iter(tag("a"))]
    width, height = float(root.get("width") or 0), float(root.get("height") or 0)
    for number, (left, top, right, bottom) in enumerate(frames):
        assert left >= 0 and top >= 0 and right <= width and bottom <= height
        for other in frames[number + 1 :]:
            apart = right < other[0] or other[2] < left or bottom < other[1] or other[3] < top
            assert apart


def test_two_branches_to_one_node_are_two_arrows() -> None:
    small = example.small()
    branch = replace(small.entities["second-2"], leads_to="image")  # type: ignore[call-arg]
    twice = replace(small, entities={**small.entities, "second-2": branch})
    arrows = [each for each in flowchart(twice, "path").arrows if each.source == "second"]
    assert [each.target for each in arrows] == ["image", "image", "measure"]
    root = root_of(flowchart(twice, "path"))
    lines = {each.get("d") for each in root.iter(tag("path"))}
    assert len(lines) == len(list(root.iter(tag("path"))))


# --- everyone can read it -------------------------------------------------------------------------


def test_svg_says_what_it_is_and_every_box_is_a_named_link() -> None:
    root = root_of(flowchart(example.small(), "path"))
    assert root.get("role") == "group"
    by_id = {each.get("id"): each for each in root.iter() if each.get("id")}
    assert by_id[root.get("aria-labelledby")].text == "D-dimer on the ward"
    description = by_id[root.get("aria-describedby")].text
    assert description is not None
    assert "7 steps (2 decisions, 2 actions, 2 ends)" in description
    assert "begins with “Admitted”" in description
    links = {each.get("data-node"): each for each in root.iter(tag("a"))}
    assert links["first"].get("href") == "#first"
    assert links["first"].get("aria-label") == (
        "Decision: Is D-dimer <1,000 µg/L & stable? (low; Otherwise; WhenUnknown)"
    )
    assert links["image"].get("aria-label") == "Action: Image the chest"
    for link in links.values():
        seen = " ".join(
            "".join(part for each in link.iter(tag("text")) for part in each.itertext()).split()
        )
        assert seen in (link.get("aria-label") or "")
    assert root.find(f"{tag('g')}[@class='arrows']").get("aria-hidden") == "true"  # type: ignore[union-attr]


def test_kinds_differ_in_shape_and_class_and_not_in_colour_alone() -> None:
    root = root_of(flowchart(example.small(), "path"))
    rounding = {}
    for link in root.iter(tag("a")):
        frame = link.find(tag("rect"))
        rounding[classes_of(link)[1]] = None if frame is None else float(frame.get("rx") or 0)
    assert rounding["decision"] is None
    assert rounding["action"] == 4
    assert min(rounding["start"] or 0, rounding["end"] or 0) > 15


def test_an_end_without_guidance_is_marked() -> None:
    small = example.small()
    end = replace(small.entities["done"], end_reason=Code("NoGuidance"))  # type: ignore[call-arg]
    root = root_of(flowchart(replace(small, entities={**small.entities, "done": end}), "path"))
    marked = [
        each.get("data-node")
        for each in root.iter(tag("a"))
        if "no-guidance" in str(each.get("class"))
    ]
    assert marked == ["done"]


def test_text_stands_out_from_what_is_behind_it() -> None:
    fills = {fill for fill, _ in diagram.COLOURS.values()}
    pairs = [(svg.INK, fill) for fill in fills]
    pairs.append((svg.SOFT, svg.PAPER))
    assert all(_contrast(*pair) >= 4.5 for pair in pairs)
    outlines = [(outline, svg.PAPER) for _, outline in diagram.COLOURS.values()]
    assert all(_contrast(*pair) >= 3 for pair in outlines)


def _contrast(one: str, other: str) -> float:
    light = sorted(map(_luminance, (one, other)))
    return (light[1] + 0.05) / (light[0] + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_long_labels_are_wrapped_between_words() -> None:
    lines = svg.wrapped("Therapeutic anticoagulation is an option", 24)
    assert lines == ("Therapeutic", "anticoagulation", "is an option")
    assert "".join(svg.wrapped("x" * 60, 24)) == "x" * 60
    assert svg.wrapped("", 24) == ("",)


# --- nothing can break it -------------------------------------------------------------------------


@pytest.mark.parametrize("label", HOSTILE)
def test_svg_shows_every_label_as_it_is(label: str) -> None:
    chart = flowchart(renamed(label), "path")
    root = root_of(chart)
    shown = label.replace("\u202e", "\N{REPLACEMENT CHARACTER}")
    for link in root.iter(tag("a")):
        assert squeezed(words_of(link)) == squeezed(shown)
    names = {each.tag.removeprefix(f"{{{SVG}}}") for each in root.iter()}
    drawn = {"svg", "title", "desc", "rect", "g", "path", "polygon", "text", "tspan", "a"}
    assert names <= drawn
    attributes = {name for each in root.iter() for name in each.attrib}
    assert not {each for each in attributes if each.startswith("on") or "src" in each}


@pytest.mark.parametrize("label", HOSTILE)
def test_dot_text_is_read_back_with_every_label_as_it_is(label: str) -> None:
    chart = flowchart(renamed(label), "path")
    drawn = pygraphviz.AGraph(string=dot(chart))
    assert sorted(map(str, drawn.nodes())) == sorted(each.id for each in chart.boxes)
    assert len(drawn.edges()) == len({(each.source, each.target) for each in chart.arrows})
    svg = drawn.draw(format="svg", prog="dot").decode()
    shown = squeezed(chart.boxes[0].words)
    root = ET.fromstring(svg)
    groups = [each for each in root.iter(tag("g")) if each.get("class") == "node"]
    for group in groups:
        assert squeezed("".join(each.text or "" for each in group.iter(tag("text")))) == shown


@pytest.mark.parametrize("label", HOSTILE)
def test_mermaid_text_has_one_line_for_each_part_whatever_the_label(label: str) -> None:
    chart = flowchart(renamed(label), "path")
    plain = flowchart(renamed("plain"), "path")
    lines, expected = mermaid(chart).splitlines(), mermaid(plain).splitlines()
    assert len(lines) == len(expected)
    for line in lines:
        if match := re.fullmatch(r'  n\d+ *[\[({]+"(.*)"[\])}]+:::\w+', line):
            inner = match.group(1).replace("<br>", "")
            assert not set('"<>`[]{}|') & set(inner)
            written = re.sub(r"#(\d+);", lambda code: chr(int(code.group(1))), inner)
            assert squeezed(written) == squeezed(chart.boxes[0].words)


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "https://example.org", "//example.org", "", "a b", "\\\\x", "x\ny"],
)
def test_only_relative_addresses_are_linked(address: str) -> None:
    with pytest.raises(ValueError, match="not a relative address"):
        flowchart(example.small(), "path", lambda name: address)


def test_links_go_where_the_caller_says() -> None:
    chart = flowchart(example.small(), "path", lambda name: f"../nodes/{name}.html")
    assert {each.get("href") for each in root_of(chart).iter(tag("a"))} == {
        f"../nodes/{each.id}.html" for each in chart.boxes
    }


def test_exporter_makes_three_files_for_each_pathway_the_same_every_time() -> None:
    loaded = ExportInput(guideline=example.small(), program=None)  # type: ignore[arg-type]
    made = list(FlowchartExporter().export(loaded))
    assert [each.path for each in made] == [
        "flowcharts/path.svg",
        "flowcharts/path.mmd",
        "flowcharts/path.dot",
    ]
    assert made == list(FlowchartExporter().export(loaded))


def test_svg_refers_to_nothing_outside_itself() -> None:
    text = draw(flowchart(example.small(), "path"))
    assert text.count("http") == 1
    assert f'xmlns="{SVG}"' in text
    assert "url(" not in text


@pytest.mark.parametrize(("which", "pathway_id"), pathways())
def test_boxes_are_met_from_the_start_downwards(which: str, pathway_id: str) -> None:
    guideline = guideline_of(which)
    met = re.findall(r'data-node="([^"]+)"', draw(flowchart(guideline, pathway_id)))
    place = {name: number for number, name in enumerate(met)}
    assert len(place) == len(met) == len(pathway.nodes(guideline, pathway_id))
    assert all(place[w.source] < place[w.target] for w in pathway.ways(guideline, pathway_id))
