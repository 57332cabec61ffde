"""The site on paper, A4 and Letter: all of it is there, labelled, and nothing for the mouse."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed"),
]
SIZES = ("A4", "Letter")
MILLIMETRE = 96 / 25.4
LETTER_HEIGHT = 279.4 - 18 - 20
"""What is left of the smaller of the two heights between the margins, in millimetres."""


def sheets(page: Any, folder: Path, size: str) -> list[str]:
    """The words of each sheet of a page on paper."""
    file = folder / "printed.pdf"
    page.pdf(path=str(file), format=size, prefer_css_page_size=False, print_background=False)
    command = ["pdftotext", "-layout", str(file), "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.split("\f")[:-1]


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "address", ["index.html", "recommendations/rec-1.html", "thresholds/index.html"]
)
def test_every_sheet_says_what_it_is_part_of(
    visit: Any, example_site: Path, tmp_path: Path, address: str, size: str
) -> None:
    page = visit.open(example_site, address)
    found = sheets(page, tmp_path, size)
    for number, sheet in enumerate(found, start=1):
        label = f"Marker in hospital, version 2.1 · last changed 2024-05-06 · {address}"
        assert label in plain(sheet)
        assert re.search(rf"\b{number} of {len(found)}\b", plain(sheet))


def test_nothing_for_the_mouse_is_printed(visit: Any, example_site: Path, tmp_path: Path) -> None:
    page = visit.open(example_site, "vocabulary/index.html")
    words = plain(" ".join(sheets(page, tmp_path, "A4")))
    assert "Words used" in words
    for gone in ("Skip to content", "Biomarkers and findings", "Menu", "On this page", "Filter"):
        assert gone not in words, gone
    page.emulate_media(media="print")
    for each in (".search", ".chapters", ".menu", ".skip"):
        assert not page.locator(each).first.is_visible(), each


def test_what_is_folded_away_is_printed_and_folded_again(
    visit: Any, tmp_path: Path, example_site: Path
) -> None:
    (tmp_path / "assets").symlink_to(example_site / "assets")
    (tmp_path / "page.html").write_text(
        '<!doctype html><html data-foot="Foot"><meta charset="utf-8">'
        '<link rel="stylesheet" href="assets/site.css">'
        '<script defer src="assets/paper.js"></script>'
        "<main><h1>X</h1><details><summary>More</summary><p>Hidden words</p></details>"
        "<details open><summary>Open</summary><p>Seen words</p></details></main>",
        "utf-8",
    )
    page = visit.open(tmp_path, "page.html")
    words = plain(" ".join(sheets(page, tmp_path, "A4")))
    assert "Hidden words" in words
    assert "Foot" in words
    assert page.evaluate("[...document.querySelectorAll('details')].map((e) => e.open)") == [
        False,
        True,
    ]


def test_addresses_of_works_outside_are_printed(
    visit: Any, example_site: Path, tmp_path: Path
) -> None:
    page = visit.open(example_site, "sources/doc.html")
    words = "".join("".join(sheets(page, tmp_path, "A4")).split())
    assert "<https://doi.org/10.1000/xyz123>" in words


@pytest.mark.parametrize("size", SIZES)
def test_long_tables_repeat_their_headings(
    visit: Any, shipped_site: Path, tmp_path: Path, size: str
) -> None:
    page = visit.open(shipped_site, "criteria/index.html")
    found = sheets(page, tmp_path, size)
    assert len(found) > 2
    for sheet in found[:-1]:
        assert re.search(r"Criterion +In words", sheet)


@pytest.mark.parametrize("size", SIZES)
def test_a_flowchart_fits_one_sheet(
    visit: Any, shipped_site: Path, tmp_path: Path, size: str
) -> None:
    page = visit.open(shipped_site, "pathways/PATH-ddimer-course.html")
    page.emulate_media(media="print")
    for box in page.locator("figure.drawing").all():
        held = box.bounding_box()
        assert held["height"] <= LETTER_HEIGHT * MILLIMETRE
    assert sheets(page, tmp_path, size)


def test_no_word_is_cut_off_at_the_edge(visit: Any, shipped_site: Path) -> None:
    """At the width of A4 between its margins nothing is wider than the sheet."""
    for address in ("index.html", "thresholds/index.html", "recommendations/OUD-REC-3.html"):
        page = visit.open(shipped_site, address)
        page.set_viewport_size({"width": round((210 - 32) * MILLIMETRE), "height": 900})
        page.emulate_media(media="print")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 1, address


@pytest.mark.parametrize("size", SIZES)
def test_a_recommendation_on_paper_is_to_be_read_not_copied(
    visit: Any, shipped_site: Path, tmp_path: Path, size: str
) -> None:
    page = visit.open(shipped_site, "recommendations/OUD-REC-4c-MON.html")
    found = sheets(page, tmp_path, size)
    words = plain(" ".join(found))
    assert "Cite this" in words and "What is recorded, and by whom" in words
    for gone in ("BibTeX", "CSL-JSON", "@misc", "To settle it", "gg:"):
        assert gone not in words, gone
    assert len(found) <= 9
    assert len(plain(found[-1])) > 300


def test_a_wide_table_lies(visit: Any, shipped_site: Path, tmp_path: Path) -> None:
    page = visit.open(shipped_site, "tables/TAB-GUO-1.html")
    file = tmp_path / "table.pdf"
    page.pdf(path=str(file), format="A4", prefer_css_page_size=True)
    told = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True).stdout
    width, height = map(float, re.findall(r"Page size: +([\d.]+) x ([\d.]+)", told)[0])
    assert width > height
