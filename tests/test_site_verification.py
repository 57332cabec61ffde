"""The findings of the proofs on the site: the chapter, the pages of things, the page by itself."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

import site_example
import verify_example as example
from guidegraph.criteria import ComparisonCriterion
from guidegraph.diagnostic import Location, Severity
from guidegraph.entity import Text
from guidegraph.explain import explanation
from guidegraph.model import AcceptedFinding, Guideline, InterpretationPoint
from guidegraph.regions import Box, Region
from guidegraph.site.alone import verification
from guidegraph.site.build import build_site
from guidegraph.verify import VerificationReport
from guidegraph.verify.drawn import Picture, Pictures
from site_reader import Reader, broken, read, words

CHAPTER = "verification/index.html"
HOSTILE = "<script>alert(1)</script> *x* `y`"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="10"><text>band</text></svg>'


def accepted(*concerns: str) -> AcceptedFinding:
    return AcceptedFinding(
        id="acc-1",
        iri="https://example.org/acc-1",
        at=Location("marker/accepted.ttl", 3),
        label=Text((("en", "Accepted"),)),
        finding_code="L414",
        concerns=concerns,
        rationale=Text((("en", "Both are meant."),)),
        attributed_to=("encoder",),
        accepted_on="2026-11-21",
    )


@pytest.fixture(scope="module")
def guideline() -> Guideline:
    return example.with_entry(site_example.guideline(), accepted("rec-1"))


@pytest.fixture(scope="module")
def report(guideline: Guideline) -> VerificationReport:
    return made(guideline)


def made(guideline: Guideline) -> VerificationReport:
    (point, *_) = guideline.all(InterpretationPoint)
    reading = point.readings[0]
    clash = example.refuted("L413", Severity.WARNING, "rec-1", "low", message=HOSTILE)
    other = example.refuted(
        "L413", Severity.WARNING, "rec-1", "low", message=HOSTILE, where="There"
    )
    third = example.refuted(
        "L413", Severity.WARNING, "rec-1", "low", message=HOSTILE, where="Here; or There"
    )
    option = example.refuted("L414", Severity.NOTE, "rec-1")
    return example.report(
        ({point.id: reading}, {point.id: point.readings[1]}),
        (
            example.finding(clash, example.decided(point.id, reading), other, third),
            example.finding(
                option, example.everywhere(2), accepted=accepted("rec-1"), recorded=("fault",)
            ),
        ),
        proved=(example.proved("L441", "A higher marker never means less", "rec-1"),),
        open=(example.unproved("L421", "rec-1"),),
    )


@pytest.fixture(scope="module")
def built(
    tmp_path_factory: pytest.TempPathFactory, guideline: Guideline, report: VerificationReport
) -> Path:
    bands = (Picture(SVG, "The bands of the marker."),)
    known = tuple(explanation(code) for code in ("F105", "L413", "L414", "L491"))
    content = site_example.content(guideline, verification=report, bands=bands, explanations=known)
    return build_site(content, tmp_path_factory.mktemp("site")).folder


@pytest.fixture(scope="module")
def pages(built: Path) -> dict[str, Reader]:
    return read(built)


def test_every_link_leads_somewhere_and_every_id_is_one(
    built: Path, pages: dict[str, Reader]
) -> None:
    assert list(broken(built, pages)) == []
    for address, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), address


def test_the_chapter_begins_with_what_was_proved(pages: dict[str, Reader]) -> None:
    told = words(pages, CHAPTER)
    places = [
        told.index(each)
        for each in ("To be looked at", "Bands", "Proved as declared", "Findings of the checks")
    ]
    assert places == sorted(places)
    assert "choices of interpretations looked at" in told


def test_a_finding_says_all_about_itself(pages: dict[str, Reader]) -> None:
    told = words(pages, CHAPTER)
    for part in (
        HOSTILE,
        "Where: Where of L413",
        "For example: Witness of L413",
        "in 1 of 2 readings",
        "only with “",
        "But in 1 of them: There",
        "Why of L413.",
        "What to do: Help of L413.",
    ):
        assert part in told, part


def test_a_region_of_several_boxes_is_a_list(built: Path) -> None:
    page = (built / CHAPTER).read_text("utf-8")
    assert "<li>Here</li><li>There</li>" in page
    assert "Here; or There" not in page


def test_the_kinds_of_findings_and_what_decides_them_come_first(
    guideline: Guideline, pages: dict[str, Reader]
) -> None:
    told = words(pages, CHAPTER)
    (point, *_) = guideline.all(InterpretationPoint)
    assert told.index("At a glance") < told.index("Interpretations that decide")
    decided = told.partition("Interpretations that decide")[2].partition("To be looked at")[0]
    assert str(point.label) in decided
    assert "L413-1" in decided
    inside = [target for tag, _, target in pages[CHAPTER].links if tag == "a"]
    assert inside.count("#finding-L413-1") + inside.count("index.html#finding-L413-1") == 2


def test_what_a_committee_need_not_see_at_once_is_folded(built: Path) -> None:
    page = (built / CHAPTER).read_text("utf-8")
    before, _, folded = page.partition('id="finding-L413-1"')[2].partition("<details>")
    assert "Witness of L413" in before
    assert "Why of L413" not in before
    assert "Why of L413" in folded.partition("</details>")[0]


def test_readings_are_a_bar_for_eyes_and_words_for_all(built: Path) -> None:
    page = (built / CHAPTER).read_text("utf-8")
    assert '<span class="mark" aria-hidden="true">▮▮▮▮▯▯▯▯</span> in 1 of 2 readings' in page
    assert "▮▮▮▮▮▮▮▮</span> in 2 of 2 readings" in page


def test_what_was_accepted_says_by_whom_when_and_why(pages: dict[str, Reader]) -> None:
    told = words(pages, CHAPTER)
    assert "Accepted by The encoder , 2026-11-21: Both are meant." in told
    assert "Help of L414" not in told


def test_what_is_not_proved_is_listed_with_the_reason(pages: dict[str, Reader]) -> None:
    told = words(pages, CHAPTER)
    assert "What is not proved is neither right nor wrong." in told
    assert "more steps than allowed" in told


def test_bands_are_drawn(built: Path) -> None:
    page = (built / CHAPTER).read_text("utf-8")
    assert "<text>band</text>" in page
    assert "The bands of the marker." in page


@pytest.mark.parametrize("address", ["recommendations/rec-1.html", "thresholds/low.html"])
def test_the_page_of_a_thing_shows_its_findings(pages: dict[str, Reader], address: str) -> None:
    told = words(pages, address)
    assert "Proofs" in told
    assert HOSTILE in told
    targets = [target for tag, _, target in pages[address].links if tag == "a"]
    assert "../verification/index.html#finding-L413-1" in targets
    assert "finding-L413-1" in pages[CHAPTER].ids


def test_the_page_of_a_thing_is_for_its_readers(pages: dict[str, Reader]) -> None:
    """What encoders can do, and in which readings a finding holds, stands in the chapter."""
    told = words(pages, "recommendations/rec-1.html")
    assert "In which readings, and what to do" in told
    assert "What to do:" not in told
    assert " only with " not in told


def test_a_thing_without_findings_has_no_such_section(pages: dict[str, Reader]) -> None:
    others = [each for each in pages if each.startswith("thresholds/") and "low" not in each]
    assert others
    assert not any("section-proofs" in pages[each].ids for each in others)


def test_what_proofs_accepted_is_no_stale_entry_of_the_audit(pages: dict[str, Reader]) -> None:
    told = words(pages, "audit/index.html")
    assert "a finding of the proofs" in told
    assert "no such finding" not in told


def test_without_a_verification_nothing_is_claimed(tmp_path: Path) -> None:
    made = build_site(site_example.content(), tmp_path)
    told = words(read(made.folder), CHAPTER)
    assert "Proved" not in told
    assert "choices of interpretations" not in told


# --- the page by itself ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(guideline: Guideline, report: VerificationReport) -> dict[str, str]:
    bands = (Picture(SVG, "The bands of the marker."),)
    return {each.path: each.text for each in verification(guideline, report, bands)}


def test_the_page_needs_no_other_file(files: dict[str, str]) -> None:
    page = files["verification/index.html"]
    seen = Reader(page)
    inside = {target for _, _, target in seen.links}
    assert all(target.startswith("#") for target in inside), inside
    assert {target[1:] for target in inside if len(target) > 1} <= set(seen.ids)
    assert len(seen.ids) == len(set(seen.ids))


def test_its_policy_admits_just_its_own_style(files: dict[str, str]) -> None:
    page = files["verification/index.html"]
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page
    assert "unsafe" not in page.partition("<style>")[0]


def test_hostile_words_stay_words(files: dict[str, str]) -> None:
    page = files["verification/index.html"]
    assert "<script" not in page
    assert HOSTILE in " ".join(" ".join(Reader(page).words).split())


def test_json_and_sarif_tell_the_same(files: dict[str, str]) -> None:
    data = json.loads(files["verification/verification.json"])
    results = json.loads(files["verification/verification.sarif"])["runs"][0]["results"]
    open_ones = {each["code"] for each in data["findings"] if not each["accepted"]}
    besides = {each["code"] for each in data["shortfalls"]}
    assert {each["ruleId"] for each in results} == open_ones | besides == {"L413", "L491"}


# --- pictures of findings -------------------------------------------------------------------------


def drawn(
    marker: Guideline, region: Region | None, *subjects: str, named: str = ""
) -> list[Picture]:
    message = f"Lies outside “{named}”."
    shown = example.refuted("L413", Severity.WARNING, *subjects, region=region, message=message)
    found = example.finding(shown, example.everywhere(1))
    choices = ({"IP-high": "READ-from-limit"},)
    return list(Pictures(marker, example.report(choices, (found,))).of(found, "f"))


@pytest.fixture(scope="module")
def marker(tmp_path_factory: pytest.TempPathFactory) -> Guideline:
    from guidegraph.pipeline import load
    from guidegraph.scaffold import new

    folder = tmp_path_factory.mktemp("drawn") / "example-marker"
    new(folder)
    found = load(folder).guideline
    assert found is not None
    return found


def test_one_number_gives_a_line_with_the_advice_beside_it(marker: Guideline) -> None:
    region = example.region(example.between("age", 60, 80, high_inclusive=False))
    (picture,) = drawn(marker, region, "REC-4", "REC-1")
    assert "“4: older patient, marker neither low nor high" in picture.svg
    assert "can hold: at least 70 years" in picture.svg.replace("\n", " ")
    assert "Found: from 60 to below 80 years" in picture.svg
    assert "“1: measure" not in picture.svg  # it does not ask for the age


def test_two_numbers_give_a_plane_too(marker: Guideline) -> None:
    first = example.between("age", 70, None)
    now = example.between("now", 0, 60)
    (picture, line) = drawn(marker, example.region(first, now), "REC-4")
    assert "A plane of Age and Time of the decision" in picture.svg
    assert "A number line of Age" in line.svg


def test_criteria_of_a_finding_are_drawn_beside_it(marker: Guideline) -> None:
    (name, label) = next(
        (each.id, str(each.label))
        for each in marker.all(ComparisonCriterion)
        if each.observable == "age"
    )
    region = example.region(example.between("age", 60, 80, high_inclusive=False))
    for picture in (drawn(marker, region, name)[0], drawn(marker, region, "PATH", named=label)[0]):
        assert f"“{label}” can hold" in " ".join(picture.svg.split())


def test_any_value_is_no_picture(marker: Guideline) -> None:
    either = Region((Box((example.between("age", 0, 60),)), Box((example.between("now", 0, 9),))))
    assert [each.svg.count("A number line of") for each in drawn(marker, either, "PATH")] == [0]


def test_a_region_without_numbers_is_not_drawn(marker: Guideline) -> None:
    assert drawn(marker, Region((Box(()),)), "REC-1") == []
    assert drawn(marker, None, "REC-1") == []
