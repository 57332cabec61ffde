"""The pages of the evidence: numbers, tables, studies, estimates and mechanism."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest

import site_example as example
from guidegraph.model import Biomarker, EvidenceClaim
from guidegraph.site.blocks import Row, Table, filled, words
from guidegraph.site.build import build_site
from guidegraph.site.content import Download
from guidegraph.site.links import Links
from guidegraph.site.pages.drawn import normal
from guidegraph.site.view import view
from site_reader import Reader, broken, read
from site_reader import words as words_of

PICTURES = ("estimates-ratios", "levels-marker", "evidence-rec-1", "mechanism")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the example with its pictures to take away."""
    known = example.guideline()
    downloads = tuple(
        Download(path=f"pictures/{name}.svg", title=name, text=svg, target="pictures")
        for name, svg in example.pictures(known).items()
    )
    content = example.content(known, downloads=downloads)
    return build_site(content, tmp_path_factory.mktemp("evidence")).folder


@pytest.fixture(scope="module")
def pages(built: Path) -> dict[str, Reader]:
    return read(built)


def cells(built: Path, address: str, anchor: str) -> list[list[str]]:
    """The rows of the first table below a heading, its head first."""
    page = (built / address).read_text("utf-8")
    table = page.partition(f'id="section-{anchor}"')[2].partition("<table")[2]
    table = table.partition("</table>")[0]
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    ]


def shown(text: str) -> str:
    return " ".join(html.unescape(text).split())


def test_every_link_of_the_evidence_leads_somewhere(built: Path, pages: dict[str, Reader]) -> None:
    assert list(broken(built, pages)) == []


def test_a_table_has_a_column_for_each_group_with_unit_and_normal_range(built: Path) -> None:
    head, row = (
        [shown(cell) for cell in line] for line in cells(built, "tables/table-1.html", "cells")
    )
    assert dict(zip(head, row, strict=True)) == {
        "Row": "Marker by severity",
        "Mild cases (n = 32)": "650 (420–870)",
        "Severe cases (n = 9)": "22790",
        "Between groups": "P 0.0002 · 18-fold",
        "Unit": "µg/L",
        "Normal range": "0–550 µg/L",
    }


def test_a_comparing_table_shows_signs_with_their_meaning_and_words_in_ours(built: Path) -> None:
    head, row = cells(built, "tables/table-2.html", "cells")
    assert head == ["Feature", "Suspected", "Excluded"]
    assert [shown(cell) for cell in row] == ["Clots", "++ Marked", "Seldom and late."]


def test_columns_that_no_row_fills_are_left_out(built: Path) -> None:
    assert cells(built, "studies/study.html", "groups")[0] == ["Group", "Patients"]
    full = Table("T", ("A", "B", "C"), (Row((words("a"), (), words("c"))),))
    assert filled(full).columns == ("A", "C")
    assert filled(full).rows == (Row((words("a"), words("c"))),)
    bare = Table("T", ("A", "B"), (Row(((), ()), anchor="here"),))
    assert filled(bare).columns == ("A",)
    assert filled(bare).rows[0].anchor == "here"


def test_claims_are_listed_by_source_and_kind_with_their_figures(
    pages: dict[str, Reader],
) -> None:
    told = words_of(pages, "claims/index.html")
    assert "DOC: StudyFinding" in told
    assert "DOC: Background" in told
    assert "Without a passage: StudyFinding" in told
    assert "All about A cohort" in told
    assert "650 (420–870)" in told
    leads = [target for _, _, target in pages["claims/index.html"].links]
    assert "#section-doc-StudyFinding" in leads


def test_a_study_lists_its_groups_its_methods_and_its_claims(
    pages: dict[str, Reader],
) -> None:
    told = words_of(pages, "studies/study.html")
    for said in ("Mild cases", "Analyser 5000", "Marker by severity", "Fewer deaths"):
        assert said in told


def test_a_method_without_a_normal_range_is_named_as_one() -> None:
    known = example.guideline()
    bare = {name: each for name, each in known.entities.items() if name != "normal"}
    seen = view(example.content(replace(known, entities=bare)))
    (table,) = normal(seen, known.one("marker", Biomarker)).blocks
    assert isinstance(table, Table)
    (row,) = table.rows
    by_column = dict(zip(table.columns, row.cells, strict=True))
    assert by_column["Measured by"][0].text == "Marker by machine"
    assert "Printed" not in by_column


@pytest.mark.parametrize(
    ("address", "anchor"),
    [
        ("estimates/index.html", "ratios"),
        ("mechanism/index.html", "drawing"),
        ("observables/marker.html", "levels"),
        ("recommendations/rec-1.html", "evidence-drawing"),
    ],
)
def test_pictures_stand_on_their_pages_and_their_links_on_the_site(
    built: Path, pages: dict[str, Reader], address: str, anchor: str
) -> None:
    page = (built / address).read_text("utf-8")
    figure = page.partition(f'id="section-{anchor}"')[2].partition("</figure>")[0]
    assert "<svg" in figure
    assert "<desc" in figure
    assert re.findall(r'<a href="(?!#)[^"]+\.html', figure)


def test_the_mechanism_can_be_opened_by_itself(built: Path, pages: dict[str, Reader]) -> None:
    leads = [target for _, _, target in pages["mechanism/index.html"].links]
    assert "../downloads/pictures/mechanism.svg" in leads
    assert (
        (built / "downloads" / "pictures" / "mechanism.svg").read_text("utf-8").startswith("<svg")
    )


def test_pictures_to_take_away_are_listed_kind_by_kind(pages: dict[str, Reader]) -> None:
    told = words_of(pages, "downloads/index.html")
    kinds = ("Estimates:", "Levels and limits:", "The mechanism:", "Evidence around an advice:")
    assert all(kind in told for kind in kinds)
    assert "levels-marker Marker" in told
    assert "evidence-rec-1 Treat when low" in told


def test_every_kind_of_picture_is_made_of_the_example() -> None:
    assert set(PICTURES) <= set(example.pictures(example.guideline()))


def test_things_that_refer_to_a_thing_are_found_by_kind_in_file_order() -> None:
    known = example.guideline()
    found = Links(known).of(EvidenceClaim, "study", "gg:aboutStudy")
    assert [each.id for each in found] == ["claim", "row-1"]
    assert Links(known).of(EvidenceClaim, "study", "gg:reportedIn") == ()
    assert Links(known).of(EvidenceClaim, "nothing") == ()
