"""What the site tells of earlier versions, and that every address stays."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import history_example
import site_example
from guidegraph.entity import Text
from guidegraph.model import Guideline
from guidegraph.release import history, releases_in
from guidegraph.site.addresses import Addresses
from guidegraph.site.build import build_site
from guidegraph.site.content import SiteContent
from guidegraph.site.history import Gone, History
from guidegraph.site.links import Links
from guidegraph.site.pages import all_pages, changes, names, removed
from guidegraph.site.safe import slug
from guidegraph.site.view import view


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("history")


@pytest.fixture(scope="module")
def folders(place) -> tuple[Path, Path]:
    return history_example.versions(place)


@pytest.fixture(scope="module")
def guideline(folders) -> Guideline:
    return history_example.loaded(folders[0])


@pytest.fixture(scope="module")
def past(folders) -> History:
    return history_example.past(*folders)


@pytest.fixture(scope="module")
def pages(guideline, past) -> dict[str, str]:
    """Every page of the site by its address, as text."""
    from guidegraph.site.render import Renderer

    seen = view(SiteContent(guideline=guideline, history=past))
    renderer = Renderer()
    return {page.path: renderer.markdown(page) for page in all_pages(seen)}


# --- the history itself ---------------------------------------------------------------------------


def test_versions_come_newest_first_with_their_dates(past):
    told = [(each.version, each.date, each.is_first, each.is_released) for each in past.versions]
    assert told == [
        ("0.3.0", "2026-05-01", False, False),
        ("0.2.0", "2026-03-01", False, True),
        ("0.1.0", "2026-01-01", True, True),
    ]
    assert [each.before for each in past.versions] == ["0.2.0", "0.1.0", ""]


def test_changes_have_the_class_that_plan_gives_them(past):
    assert [each.rank for each in past.versions] == ["editorial", "behaviour", ""]
    limit = next(each for each in past.versions[1].events if each.name == "THR-older")
    assert limit.rank == "behaviour"
    assert "limit: 70 years → 75 years" in limit.details
    assert set(limit.advice) == {"REC-3", "REC-4"}


def test_patients_who_get_something_else_are_told(past):
    affected = {each.name: each for each in past.versions[1].affected}
    assert set(affected) == {"REC-3", "REC-4"}
    assert affected["REC-4"].title.endswith("stops for some patients")
    assert "Age from 70 and below 75 years" in affected["REC-4"].patients[0]


def test_a_thing_is_followed_through_its_renaming(past):
    ((version, event),) = past.of("ACT-take")
    assert (version.version, event.how, event.old_name) == ("0.3.0", "renamed", "ACT-measure")
    assert [each.version for each, _ in past.of("REC-1")] == ["0.2.0"]
    assert [each.version for each, _ in past.affecting("REC-4")] == ["0.2.0"]
    assert past.of("nothing") == ()


def test_what_is_gone_keeps_its_address_and_says_what_replaced_it(past):
    gone = {each.name: each for each in past.gone}
    assert gone["POP-children"].address == "populations/POP-children.html"
    assert (gone["POP-children"].version, gone["POP-children"].until) == ("0.1.0", "0.2.0")
    assert gone["ACT-measure"].replaced_by == ("ACT-take",)


def test_releases_of_the_same_or_a_later_version_say_nothing(folders):
    folder, releases = folders
    earlier = replace_version(history_example.loaded(folder), "0.2.0")
    told = history(earlier, folder, releases_in(releases))
    assert [each.version for each in told.versions] == ["0.2.0", "0.1.0"]


def test_releases_of_another_guideline_say_nothing(folders):
    folder, releases = folders
    guideline = history_example.loaded(folder)
    other = replace(guideline, header=replace(guideline.header, iri="https://example.org/other"))
    told = history(other, folder, releases_in(releases))
    assert [each.version for each in told.versions] == ["0.3.0"]
    assert told.versions[0].is_first


def test_without_the_solver_versions_are_told_and_not_compared(folders, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "z3", None)
    told = history_example.past(*folders)
    assert [each.version for each in told.versions] == ["0.3.0", "0.2.0", "0.1.0"]
    assert "solver" in told.versions[0].partial[0]
    assert told.versions[2].is_first


def test_the_history_is_the_same_twice(folders, past):
    assert history_example.past(*folders) == past


def replace_version(guideline: Guideline, number: str) -> Guideline:
    return replace(guideline, header=replace(guideline.header, version=number))


# --- pages ----------------------------------------------------------------------------------------


def test_the_page_of_changes_tells_every_version(pages):
    page = pages[changes.CHANGES.index]
    for heading in ("Version 0&#46;3.0", "Version 0&#46;2.0", "Version 0&#46;1.0"):
        assert heading.replace("&#46;", ".") in page.replace("&#46;", ".")
    assert "not yet released" in page
    assert "This is the first version" in page
    assert "Some patients get something else" in page
    assert 'id="section-version-0.2.0"' in page or "#section-version-0.2.0" in page


def test_the_overview_says_what_is_new(pages):
    assert "## What is new" in pages["index.html"]
    assert "changes/index.html#section-version-0.3.0" in pages["index.html"]


def test_the_overview_says_what_applies_to_whom(pages):
    assert "section-for-POP-inpatient" in pages["index.html"]
    assert "recommendations/REC-4.html" in pages["index.html"]


def test_a_removed_thing_leaves_a_page_at_its_old_address(pages):
    page = pages["populations/POP-children.html"]
    assert "No longer part of this guideline" in page
    assert "Children" in page
    assert "population" in page
    assert "0.1.0" in page
    assert "section-version-0.2.0" in page


def test_a_replaced_thing_leads_to_what_replaced_it(pages):
    assert "ACT-take.html" in pages["actions/ACT-measure.html"]


def test_a_withdrawn_name_has_the_page_of_what_it_was(pages):
    page = pages["populations/POP-adults.html"]
    assert "No advice speaks of all adults" in page
    assert "POP-inpatient.html" in page


def test_a_page_that_an_earlier_site_had_is_still_there(pages):
    assert "This page is no longer made" in pages["lost/page.html"]


def test_a_page_people_wrote_is_not_taken_for_a_lost_one(guideline, tmp_path):
    (tmp_path / "method.md").write_text("# Method\n", "utf-8")
    past = History(pages=(("method.html", "0.1.0"), ("other.html", "0.1.0")))
    seen = view(SiteContent(guideline=guideline, history=past, pages=tmp_path))
    made = {page.path for page in all_pages(seen)}
    assert "other.html" in made
    assert "method.html" not in made


def test_a_removed_place_stays_on_the_page_it_was_on(guideline):
    gone = Gone(
        name="N-gone",
        iri="x",
        label="Gone <step>",
        kind="action node",
        address="pathways/PATH-marker.html#N-gone",
        version="0.1.0",
    )
    seen = view(SiteContent(guideline=guideline, history=History(gone=(gone,))))
    (page,) = (each for each in all_pages(seen) if each.path == "pathways/PATH-marker.html")
    section = page.sections[-1]
    assert section.title == removed.HEADING
    assert section.blocks[0].items[0].anchor == "N-gone"


def test_the_history_of_a_thing_is_told_in_words(guideline, past):
    seen = view(SiteContent(guideline=guideline, history=past))
    ((day, line),) = changes.of_thing(seen, "REC-4")
    assert day == "2026-03-01"
    assert "stops for some patients" in "".join(each.text for each in line)
    assert line[0].to == "changes/index.html#section-version-0.2.0"


def test_where_no_version_is_known_nothing_is_new():
    seen = view(site_example.content())
    assert changes.news(seen) is None
    (page,) = changes.pages(seen)
    assert "No earlier version is known" in page.lead[0].text


# --- addresses ------------------------------------------------------------------------------------


def test_the_place_of_a_name_follows_from_the_name_alone(guideline, past):
    """Of each IRI, also of those that are gone; whatever else the guideline holds and says."""
    seen = view(SiteContent(guideline=guideline, history=past))
    (page,) = names.pages(seen)
    anchors = {
        item.anchor for section in page.sections for block in section.blocks for item in block.items
    }
    every = {*guideline.entities, *(each.name for each in past.gone)}
    assert {slug(each) for each in every} == anchors
    assert {names.place(each) for each in every} == {f"names.html#{slug(each)}" for each in every}


def test_the_page_of_names_says_no_more_than_is_needed(guideline, past):
    """What has a page of its own stands with its label, a part of something else without."""
    seen = view(SiteContent(guideline=guideline, history=past))
    (page,) = names.pages(seen)
    items = {
        item.anchor: item.line
        for section in page.sections
        for block in section.blocks
        for item in block.items
    }
    for name, thing in guideline.entities.items():
        link, *rest = items[slug(name)]
        assert (link.text, link.to) == (name, removed.link(seen, name))
        is_part = "#" in (link.to or "")
        assert [each.text for each in rest] == ([] if is_part else [f" {thing.label}"])


def test_addresses_do_not_depend_on_anything_else(guideline):
    """Other words, another order and other things leave every address as it is."""
    before = {name: Addresses(guideline).of(name) for name in guideline.entities}
    spoken = {
        name: replace(each, label=Text((("en", f"Other words {place}"),)), notation=())
        for place, (name, each) in enumerate(reversed(guideline.entities.items()))
    }
    turned = replace(guideline, entities=spoken)
    assert {name: Addresses(turned).of(name) for name in turned.entities} == before
    fewer = dict(list(guideline.entities.items())[::2])
    less = replace(guideline, entities=fewer)
    for name in fewer:
        if "#" not in (before[name] or ""):
            assert Addresses(less).of(name) == before[name]


def test_every_address_of_an_earlier_release_leads_somewhere(folders, pages):
    _, releases = folders
    for release in releases_in(releases):
        old = history_example.loaded(release.path / "guideline")
        addresses = Addresses(old)
        for name in old.entities:
            path, _, anchor = (addresses.of(name) or "").partition("#")
            assert not path or path in pages, name
            if anchor and path:
                assert re.search(rf'id="{re.escape(anchor)}"|#{re.escape(anchor)} }}', pages[path])


def test_links_of_things_that_are_gone_are_not_followed_by_rules(guideline):
    assert Links(guideline).to("POP-adults") == ()


# --- the command ----------------------------------------------------------------------------------


def test_build_finds_the_releases_beside_the_guideline(folders, monkeypatch, tmp_path):
    from guidegraph.cli.group import cli

    told = {}

    def quickly(*given, **more):
        told["history"] = next(e for e in (*given, *more.values()) if isinstance(e, History))
        raise OSError("enough")

    monkeypatch.setattr("guidegraph.build.build", quickly)
    folder, releases = folders
    done = CliRunner().invoke(cli, ["build", str(folder), "--output", str(tmp_path / "out")])
    assert "enough" in done.output
    assert [each.version for each in told["history"].versions] == ["0.3.0", "0.2.0", "0.1.0"]
    empty = tmp_path / "none"
    empty.mkdir()
    arguments = ["build", str(folder), "--releases", str(empty), "--output", str(tmp_path / "out")]
    CliRunner().invoke(cli, arguments)
    assert [each.version for each in told["history"].versions] == ["0.3.0"]
    assert json.loads((releases / "example-marker-0.1.0" / "release.json").read_text("utf-8"))


def test_help_has_an_example_with_releases():
    from guidegraph.cli.group import cli

    told = CliRunner().invoke(cli, ["build", "--help"]).output
    assert "--releases" in told
    assert "--releases releases" in " ".join(told.split())


def test_the_site_with_a_history_is_the_same_twice(guideline, past, tmp_path):
    content = SiteContent(guideline=guideline, history=past)
    one, other = (build_site(content, tmp_path / each).folder for each in ("one", "other"))
    files = sorted(each.relative_to(one) for each in one.rglob("*") if each.is_file())
    assert files == sorted(each.relative_to(other) for each in other.rglob("*") if each.is_file())
    for each in files:
        assert (one / each).read_bytes() == (other / each).read_bytes(), each
