"""The page of downloads: every target with its use, its files and what it cannot say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import site_example as example
from guidegraph.export import EXPORTERS, Gap
from guidegraph.site.build import build_site
from guidegraph.site.content import Download
from guidegraph.site.pages.downloads import USES
from site_reader import Reader, broken, read

ROOT = Path(__file__).resolve().parents[1]
PAGE = "downloads/index.html"
DOWNLOADS = (
    Download(path="python/marker.py", title="python/marker.py", text="1", target="python"),
    Download(
        path="dmn/marker.dmn", title="dmn/marker.dmn", text="2", target="dmn", about="a model"
    ),
    Download(
        path="fhir/ActivityDefinition-a.json",
        title="fhir/ActivityDefinition-a.json",
        text="3",
        target="fhir",
    ),
    Download(path="new/x.bin", title="new/x.bin", text="4", target="novel", about="something new"),
)
GAPS = (
    Gap("dmn", "rec-1", "That Rec-2 or `rec-2` overrides it is left out."),
    Gap("dmn", "rec-1", "only half of it is there"),
    Gap("fhir", "NoSuchThing", "It is <b>missing</b>."),
)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reader]:
    content = example.content(downloads=DOWNLOADS, gaps=GAPS)
    folder = build_site(content, tmp_path_factory.mktemp("downloads")).folder
    found = read(folder)
    assert list(broken(folder, found)) == []
    return found


def shown(pages: dict[str, Reader]) -> str:
    return re.sub(r"\s+", " ", "".join(pages[PAGE].words))


def test_every_target_of_a_build_has_a_use_and_an_audience() -> None:
    assert {each.name for each in EXPORTERS} == set(USES)
    assert all(use.audience for use in USES.values())


def test_a_target_is_told_with_its_use_and_the_lines_to_type(pages: dict[str, Reader]) -> None:
    told = shown(pages)
    assert "A model. Open the file in an editor for DMN 1.3" in told
    assert "python marker.py --trace wire.json" in told
    assert "Activity definition" in told


def test_a_target_without_words_of_its_own_is_offered_all_the_same(
    pages: dict[str, Reader],
) -> None:
    assert "Something new." in shown(pages)
    assert "section-novel" in pages[PAGE].ids


def test_what_a_target_cannot_say_stands_under_it_by_name(pages: dict[str, Reader]) -> None:
    told = shown(pages)
    assert told.count("What it cannot say:") == 2
    assert "That Rec-2 or rec-2 overrides it is left out. Only half of it is there." in told
    assert "NoSuchThing" in told
    assert "It is <b>missing</b>." in told
    leads = [target for _, _, target in pages[PAGE].links]
    assert "../recommendations/rec-1.html" in leads
    assert "../recommendations/rec-2.html" in leads


def test_the_page_about_targets_names_each_and_each_way_to_run_it() -> None:
    from guidegraph.agree import EXECUTORS
    from guidegraph.evaluate.status import STATUSES

    text = (ROOT / "site" / "targets.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    exported, stated, run = (
        {each.name for each in EXPORTERS},
        set(STATUSES),
        {each.name for each in EXECUTORS},
    )
    assert exported | stated | run == set(rows)
