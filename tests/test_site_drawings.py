"""Drawings on the published pages: the flowchart is the pathway, and every part leads somewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import pathway_example as example
import random_pathways
import site_example
import site_reader
from flowchart_graphs import arrows, in_model, is_same, on_page
from guidegraph import pathway
from guidegraph.export import ExportInput
from guidegraph.export.flowchart import FlowchartExporter
from guidegraph.export.flowchart.extract import extract
from guidegraph.export.words import clean
from guidegraph.lower import lower
from guidegraph.model import (
    Branch,
    CarePathway,
    Guideline,
    Observable,
    PathwayNode,
    Recommendation,
    Threshold,
)
from guidegraph.pictures.levels import limits
from guidegraph.pictures.svg import SVG
from guidegraph.site import pages
from guidegraph.site.blocks import Beside, Figure, Fold, Page, Section
from guidegraph.site.build import build_site
from guidegraph.site.content import SiteContent
from guidegraph.site.drawings import drawn_at
from guidegraph.site.pages import drawn, front, pathways, recommendations, thresholds
from guidegraph.site.safe import slug
from guidegraph.site.view import view
from test_flowchart import _child, classes_of, squeezed, tag, words_of

MADE_UP = 16


@dataclass(frozen=True)
class Published:
    """A guideline and the folder of its site, of which only some chapters were made."""

    guideline: Guideline
    folder: Path

    def page(self, address: str) -> str:
        return (self.folder / address).read_text("utf-8")

    def drawing(self, pathway_id: str) -> ET.Element:
        """The flowchart as it stands on the page of a pathway."""
        html = self.page(f"pathways/{slug(pathway_id)}.html")
        (svg,) = re.findall(r"<svg .*?</svg>", html, re.DOTALL)
        return ET.fromstring(svg)


def flowcharts(guideline: Guideline) -> dict[str, str]:
    made = FlowchartExporter().export(ExportInput(guideline=guideline, program=None))  # type: ignore[arg-type]
    return {Path(each.path).stem: each.text for each in made if each.path.endswith(".svg")}


def published(guideline: Guideline, folder: Path, **given: Any) -> Published:
    """The chapters with drawings alone: the rest of a site would take a minute."""
    content = SiteContent(guideline=guideline, flowcharts=flowcharts(guideline), **given)
    with pytest.MonkeyPatch.context() as patch:
        shown = (front.home, pathways.pages, thresholds.pages, drawn.mechanism)
        patch.setattr(pages, "KINDS", (*shown, recommendations.pages))
        return Published(guideline, build_site(content, folder).folder)


@pytest.fixture(scope="module")
def shipped_pages(guideline: Guideline, tmp_path_factory: pytest.TempPathFactory) -> Published:
    told = {"pictures": site_example.pictures(guideline), "program": lower(guideline)}
    return published(guideline, tmp_path_factory.mktemp("shipped"), **told)


@pytest.fixture(scope="module")
def made_up_pages(tmp_path_factory: pytest.TempPathFactory) -> Published:
    folder = tmp_path_factory.mktemp("made-up")
    return published(random_pathways.guideline(2026, MADE_UP), folder)


@pytest.fixture(scope="module", params=["shipped_pages", "made_up_pages"])
def site(request: pytest.FixtureRequest) -> Published:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Published)
    return found


# --- the published picture is the pathway ---------------------------------------------------------


def test_every_published_flowchart_is_isomorphic_to_its_pathway(site: Published) -> None:
    found = site.guideline.all(CarePathway)
    assert len(found) in (4, MADE_UP)
    for each in found:
        wanted = in_model(site.guideline, each.id)
        read = on_page(site.drawing(each.id))
        assert is_same(wanted, read), each.id
        assert sorted(wanted.edges()) == sorted(read.edges())


def _without_an_arrow(root: ET.Element) -> None:
    (group,) = (each for each in root.iter(tag("g")) if each.get("class") == "arrows")
    group.remove(arrows(root)[-1])


def _without_a_box(root: ET.Element) -> None:
    (group,) = (each for each in root.iter(tag("g")) if each.get("class") == "boxes")
    group.remove(next(root.iter(tag("a"))))


def _arrow_elsewhere(root: ET.Element) -> None:
    arrow, other = arrows(root)[0], arrows(root)[-1]
    _child(arrow, "polygon").set("points", _child(other, "polygon").get("points") or "")


def _other_answer(root: ET.Element) -> None:
    span = next(each for arrow in arrows(root) for each in arrow.iter(tag("tspan")))
    span.text = f"{span.text} not"


def _other_way(root: ET.Element) -> None:
    next(root.iter(tag("a"))).set("href", "#elsewhere")


def _other_kind(root: ET.Element) -> None:
    link = next(each for each in root.iter(tag("a")) if "decision" in classes_of(each))
    link.set("class", "box action")


def _not_dashed(root: ET.Element) -> None:
    for arrow in arrows(root):
        _child(arrow, "path").attrib.pop("stroke-dasharray", None)


FAULTS = (
    _without_an_arrow, _without_a_box, _arrow_elsewhere, _other_answer, _other_way, _other_kind,
    _not_dashed,
)  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_drawing_would_be_noticed(
    shipped_pages: Published, fault: Callable[[ET.Element], None]
) -> None:
    for each in shipped_pages.guideline.all(CarePathway):
        root = shipped_pages.drawing(each.id)
        wanted = in_model(shipped_pages.guideline, each.id)
        assert is_same(wanted, on_page(root))
        fault(root)
        try:
            seen = on_page(root)
        except AssertionError:  # an arrow without a box at its end
            continue
        assert not is_same(wanted, seen)


# --- every part of it leads to its words, and back ------------------------------------------------


def test_every_box_and_branch_has_its_place_in_the_list_and_the_list_leads_back(
    site: Published,
) -> None:
    for each in site.guideline.all(CarePathway):
        address = f"pathways/{slug(each.id)}.html"
        html = site.page(address)
        page = site_reader.Reader(html)
        assert len(page.ids) == len(set(page.ids))
        items = set(re.findall(r'<li id="([^"]+)"', html))
        root = site.drawing(each.id)
        within = [node for node in site.guideline.all(PathwayNode) if node.pathway == each.id]
        places = {link.get("data-place") for link in root.iter(tag("a"))}
        assert places == {slug(node.id) for node in within} <= items
        branches = {arrow.get("data-place") for arrow in arrows(root)} - {None}
        drawn_ways = pathway.ways(site.guideline, each.id)
        assert branches == {slug(way.branch.id) for way in drawn_ways if way.branch} <= items
        back = {target for kind, _, target in page.links if kind == "a"}
        for node in within:
            assert drawn_at(node.id) in page.ids
            reached = f"#{drawn_at(node.id)}" in back
            assert reached or not str(node.label)


def test_no_link_of_a_drawing_or_list_is_broken(site: Published) -> None:
    found = site_reader.read(site.folder)
    for each in site.guideline.all(CarePathway):
        address = f"pathways/{slug(each.id)}.html"
        page = found[address]
        here = [target for _, _, target in page.links if target.startswith("#")]
        assert here
        assert {target[1:] for target in here} <= set(page.ids)


def test_ids_of_boxes_meet_no_id_of_a_thing() -> None:
    for name in ("x-a", "drawn_x-a", "drawn-a", "_x-a", "drawn_x_"):
        assert not slug(f"drawn_x-{name}").startswith("drawn_x-")


def test_the_list_stands_beside_the_drawing_and_without_a_drawing_alone() -> None:
    guideline = example.small()
    drawn_page = list(
        pathways.pages(view(SiteContent(guideline=guideline, flowcharts=flowcharts(guideline))))
    )[-1]
    (beside,) = (
        block for each in drawn_page.sections for block in each.blocks if isinstance(block, Beside)
    )
    assert beside.figure.zooms
    told = list(pathways.pages(view(SiteContent(guideline=guideline))))[-1]
    (words,) = (each for each in told.sections if each.anchor == "in-words")
    assert [block.kind for block in words.blocks] == ["items"]


# --- the way of a patient, as data ----------------------------------------------------------------


def test_a_pathway_carries_itself_as_data_where_the_site_decides_about_patients(
    shipped_pages: Published,
) -> None:
    for each in shipped_pages.guideline.all(CarePathway):
        html = shipped_pages.page(f"pathways/{slug(each.id)}.html")
        held = re.search(r'id="patient-path-data">(.*?)</script>', html)
        assert held
        data = json.loads(held[1])
        known = {node["id"]: node for node in data["nodes"]}
        assert data["start"] in known
        edges = {(n["id"], n["leadsTo"], None) for n in known.values() if n["leadsTo"]}
        edges |= {(n["id"], b["target"], b["id"]) for n in known.values() for b in n["branches"]}
        wanted = {
            (way.source, way.target, way.branch.id if way.branch else None)
            for way in pathway.ways(shipped_pages.guideline, each.id)
        }
        assert edges == wanted
        branches = [branch for node in known.values() for branch in node["branches"]]
        for branch in branches:
            held_in_model = shipped_pages.guideline.one(branch["id"], Branch)
            assert (branch["criterion"], branch["role"]) == (
                held_in_model.criterion,
                held_in_model.role,
            )
            assert not branch["criterion"] or branch["criterion"] in data["criteria"]
        assert data["population"] in data["criteria"]
        for name in ("path.js", "pathway.js", "drawing.js"):
            assert f'src="../assets/{name}"' in html
        onward = [node["continuesIn"]["page"] for node in known.values() if "continuesIn" in node]
        assert all((shipped_pages.folder / page).is_file() for page in onward)


def test_no_pathway_asks_about_patients_where_the_simulator_is_switched_off(
    guideline: Guideline,
) -> None:
    header = replace(guideline.header, publishes_simulator=False)
    entities = {**guideline.entities, header.id: header}
    off = replace(guideline, header=header, entities=entities)
    charts = {each.id: site_example.SVG for each in off.all(CarePathway)}
    content = SiteContent(guideline=off, flowcharts=charts, program=lower(guideline))
    found = list(pathways.pages(view(content)))
    assert len(found) == 5
    assert not [block for page in found for block in _blocks(page) if block.kind == "panel"]
    assert not any("path.js" in part.scripts for page in found for part in page.parts)


def _blocks(page: Page) -> Iterator[Any]:
    for section in page.sections:
        yield from section.blocks


# --- what zooms -----------------------------------------------------------------------------------


def test_only_pages_with_a_large_drawing_carry_what_it_needs(shipped_pages: Published) -> None:
    needing = {
        file.relative_to(shipped_pages.folder).as_posix()
        for file in shipped_pages.folder.rglob("*.html")
        if "drawing.js" in file.read_text("utf-8")
    }
    zooming = {
        file.relative_to(shipped_pages.folder).as_posix()
        for file in shipped_pages.folder.rglob("*.html")
        if '<figure class="drawing zooms' in file.read_text("utf-8")
    }
    assert needing == zooming
    assert "mechanism/index.html" in zooming
    assert "pathways/PATH-admission.html" in zooming
    assert "index.html" not in zooming


def test_a_drawing_that_is_folded_away_is_found() -> None:
    large = Figure("<svg/>", "Large", zooms=True)
    page = Page(path="a.html", title="A", index="a.html")
    folded = replace(page, sections=(Section("S", (Fold("More", (large,)),)),))
    assert drawn.with_parts(folded).parts
    assert not drawn.with_parts(page).parts


# --- where a recommendation sits ------------------------------------------------------------------


def test_a_recommendation_shows_its_step_and_the_decisions_before_it(
    shipped_pages: Published,
) -> None:
    guideline = shipped_pages.guideline
    shown = 0
    for advice in guideline.all(Recommendation):
        html = shipped_pages.page(f"recommendations/{slug(advice.id)}.html")
        for name in advice.implemented_by:
            (svg,) = (
                each
                for each in re.findall(r"<svg .*?</svg>", html, re.DOTALL)
                if f"extract-{name}-title" in each
            )
            root = ET.fromstring(svg)
            names = [link.get("data-node") for link in root.iter(tag("a"))]
            assert names[-1] == name
            assert len(names) > 1
            node = guideline.one(name, PathwayNode)
            for link in root.iter(tag("a")):
                place = slug(link.get("data-node") or "")
                assert link.get("href") == f"../pathways/{slug(node.pathway)}.html#{place}"
            leading = [w for w in pathway.ways(guideline, node.pathway) if w.target == name]
            said = {squeezed(words_of(arrow)) for arrow in arrows(root)}
            assert {squeezed(clean(way.label)) for way in leading} <= said
            shown += 1
    assert shown > 20


def test_an_extract_goes_back_to_the_nearest_decisions_and_no_further() -> None:
    chart = extract(example.small(), "image")
    assert {box.id for box in chart.boxes} == {"first", "second", "image"}
    assert [(arrow.source, arrow.target) for arrow in chart.arrows] == [
        ("first", "second"),
        ("first", "image"),
        ("second", "image"),
    ]
    assert "→ Image the chest." in chart.description
    chart = extract(example.small(), "wait")
    assert {box.id for box in chart.boxes} == {"first", "second", "measure", "wait"}
    assert {box.id for box in extract(example.small(), "start").boxes} == {"start"}


# --- the limits of one marker on one line ---------------------------------------------------------


def test_every_limit_with_a_number_stands_on_the_line_of_its_marker(
    shipped_pages: Published,
) -> None:
    guideline = shipped_pages.guideline
    html = shipped_pages.page("thresholds/index.html")
    drawings = {
        name: svg
        for svg in re.findall(r"<svg .*?</svg>", html, re.DOTALL)
        for name in re.findall(r'id="plot-limits-([^"]+)-title"', svg)
    }
    assert {"d-dimer", "ferritin", "platelets"} <= set(drawings)
    for observable in guideline.all(Observable):
        held = {
            each.id
            for each in guideline.all(Threshold)
            if each.observable == observable.id and each.executable_quantity
        }
        if observable.id not in drawings:
            assert len(held) < 2
            continue
        root = ET.fromstring(drawings[observable.id])
        rows = list(root.iter(tag("a")))
        assert {link.get("data-node") for link in rows} == held
        assert all(
            (link.get("href") or "").startswith(f"{slug(link.get('data-node') or '')}")
            for link in rows
        )
        (told,) = root.iter(f"{{{SVG}}}desc")
        for link in rows:
            assert (link.get("aria-label") or "").split(": ", 1)[1] in (told.text or "")


def test_limits_are_grouped_by_source_and_stand_in_order(guideline: Guideline) -> None:
    plot = limits(guideline, "d-dimer")
    assert plot is not None
    assert len(plot.groups) > 2
    assert plot.groups[-1][0] == "From outside the sources"
    for _, marks in plot.groups:
        values = [mark.value for mark in marks]
        assert values == sorted(values)  # type: ignore[type-var]
    assert limits(guideline, "dic-score") is None
    assert limits(guideline, "nothing") is None
