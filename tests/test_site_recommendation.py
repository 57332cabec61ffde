"""The page of a recommendation: what it holds, in which order, and how much it weighs."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import site_example as example
from guidegraph.entity import Code, Iri, Quantity, Ref, Ucum
from guidegraph.model import Appraisal, Guideline, Threshold
from guidegraph.site.blocks import Fold, Page, Section, Table
from guidegraph.site.content import Built
from guidegraph.site.history import Event, History, Version
from guidegraph.site.pages import recommendations
from guidegraph.site.pages.printed import sameness
from guidegraph.site.render import Renderer
from guidegraph.site.view import grade, view
from site_reader import Reader, read, words

ORDER = (
    "At a glance",
    "When it applies",
    "Not for whom",
    "Practical remarks",
    "Where it sits",
    "Related advice",
    "Evidence",
    "Evidence as a picture",
    "The passage, as printed and as executed",
    "Open questions",
    "Appraisal",
    "History",
    "Cite this",
    "Report a problem",
    "Record",
)
OWN = Path(__file__).resolve().parents[1] / "site"
LIMIT = 150_000
PROOFS = 12_000
"""What the findings of proofs add to the page on which there are most."""


def changed(**given: dict[str, Any]) -> Guideline:
    """The example with other values in some of its things."""
    known = example.guideline()
    entities = dict(known.entities)
    for name, values in given.items():
        entities[name] = replace(entities[name], **values)
    header = entities["guideline"]
    return replace(known, header=header, entities=entities)


def page_of(name: str, known: Guideline | None = None, **given: Any) -> Page:
    """The page of one recommendation, as blocks."""
    seen = view(example.content(known, **given))
    path = f"recommendations/{name}.html"
    return next(each for each in recommendations.pages(seen) if each.path == path)


def said(page: Page, title: str = "") -> str:
    """The words of a page, or of one section, as a reader meets them."""
    chosen = tuple(each for each in page.sections if not title or each.title == title)
    text = Renderer().markdown(replace(page, sections=chosen, structured={}))
    plain = re.sub(r"<[^>]+>", " ", text)
    return " ".join(html.unescape(plain).split())


def section(page: Page, title: str) -> Section:
    return next(each for each in page.sections if each.title == title)


@pytest.fixture(scope="module")
def first() -> Page:
    """A recommendation with everything."""
    return page_of("rec-1")


@pytest.fixture(scope="module")
def shipped_pages(shipped_site: Built) -> dict[str, Reader]:
    return read(shipped_site.folder)


# --- what stands on it ----------------------------------------------------------------------------


def test_the_short_answer_comes_first_and_the_record_last(first: Page) -> None:
    titles = [each.title for each in first.sections]
    assert [each for each in titles if each in ORDER] == [each for each in ORDER if each in titles]
    assert titles[0] == "At a glance"
    assert titles[-1] == "Record"


def test_grades_are_word_shape_and_colour() -> None:
    seen = view(example.content())
    told = {code: grade(seen, "Certainty", code) for code in ("High", "Low", "NotStated")}
    assert told["NotStated"].text == "Certainty: not stated by the source"
    assert len({each.mark for each in told.values()}) == 3
    assert len({each.style for each in told.values()}) == 3
    assert all(each.mark for each in told.values())


def test_for_whom_not_names_population_exception_and_what_sets_it_aside(first: Page) -> None:
    told = said(first, "Not for whom")
    assert "Anybody outside the population: Patients who may be ill" in told
    assert "It does not apply if" in told
    assert "Contraindications that the source does not mention are not listed here" in told
    assert "1 recorded exclusion, see below" in said(first, "At a glance")
    third = said(page_of("rec-3"), "Not for whom")
    assert "It gives way while this one applies: Scan instead" in third


def test_what_is_not_recorded_is_said_and_nothing_is_made_up() -> None:
    second = page_of("rec-2")
    assert "Not for whom" not in [each.title for each in second.sections]
    glance = said(second, "At a glance")
    assert "No exception is recorded, and no other advice sets this one aside." in glance
    assert "Contraindications that the source does not mention are not listed." in glance
    assert "No claim of this graph was judged to bear on this." in said(second, "Evidence")
    third = page_of("rec-3")
    assert "No practical remark is recorded." in said(third, "Practical remarks")
    assert "No open question is recorded" in said(third, "Open questions")
    assert "No passage is recorded" in said(third, "The passage, as printed and as executed")


def test_remarks_tell_dose_times_repetition_and_what_follows() -> None:
    note = changed(**{"rec-1": {"note": example.en("Mind the kidneys."), "action": Ref("measure")}})
    told = said(page_of("rec-1", note), "Practical remarks")
    for part in (
        "Mind the kidneys.",
        "24 to 48 h",
        "Not together with Scan",
        "All the more so if (not required)",
        "Afterwards Done",
    ):
        assert part in told, part


def test_the_evidence_table_has_study_design_size_result_and_bearing(first: Page) -> None:
    told = said(first, "Evidence")
    assert "1 claim : partly supports 1." in told
    assert "97 of 1,449 in the study" in told
    assert "Only in some." in told
    assert "not stated" in told
    fold = next(each for each in section(first, "Evidence").blocks if isinstance(each, Fold))
    table = next(each for each in fold.blocks if isinstance(each, Table))
    assert {"Study", "Design", "n", "Bearing", "Directness", "Certainty"} <= set(table.columns)
    row = dict(zip(table.columns, table.rows[0].cells, strict=True))
    assert row["Study"][0].to == "studies/study.html"
    assert row["Directness"][0].text == "not stated"


def test_directness_and_certainty_stand_where_somebody_judged_them() -> None:
    known = example.guideline()
    judged = {
        name: example.make(
            Appraisal, name, appraises=Ref(about), domain=Code(domain), judgement=Code(judgement)
        )
        for name, about, domain, judgement in (
            ("a1", "claim", "Indirectness", "Serious"),
            ("a2", "study", "CertaintyOfEvidence", "Low"),
        )
    }
    more = replace(known, entities={**known.entities, **judged})
    told = said(page_of("rec-1", more), "Evidence")
    assert "Serious" in told
    assert "●●○○" in told


def test_printed_and_executed_stand_side_by_side_with_why(first: Page) -> None:
    told = said(first, "The passage, as printed and as executed")
    for part in ("<1,000 mg/L", "1,000 µg/L", "A misprint.", "Executed in µg/L.", "lines 1-2"):
        assert part in told, part
    assert "Site setting" in told
    assert "On admission" in told
    assert "Blood is taken then." in told


def test_words_of_the_source_stand_there_only_with_quotes() -> None:
    assert "stolen" not in said(page_of("rec-1"))
    quoted = page_of("rec-1", quotes={"passage-1": ("stolen words",)})
    assert "“stolen words”" in said(quoted, "The passage, as printed and as executed")


@pytest.mark.parametrize(
    ("printed", "runs", "told"),
    [
        ("<1,000 µg/L", "1000", "They do not differ."),
        ("1 mg/L", "1000", "The unit only: the amount is the same."),
        ("<1,000 mg/L", "1000", ""),
        ("2,000-4,000 µg/L", "2000", ""),
        ("1,000", "1000", ""),
        ("elevated", "1000", ""),
        ("1000 mmHg", "1000", ""),
    ],
)
def test_sameness_is_claimed_only_where_it_can_be_read(printed: str, runs: str, told: str) -> None:
    limit: Threshold = example.make(
        Threshold,
        "limit",
        comparator=Code("LessThan"),
        reported_text=printed,
        executable_quantity=Quantity(value=Decimal(runs), unit=Ucum("ug/L")),
    )
    assert sameness(limit) == told


def test_each_reading_says_what_it_would_change_here(first: Page) -> None:
    told = said(first, "Open questions")
    assert "the reading that runs Reaching a level" in told
    assert "instead Doubling" in told
    assert "at least 2 times the first" in told
    assert "mg/L is printed" in told


def test_history_names_dates_judges_and_versions() -> None:
    event = Event(
        how="changed",
        name="rec-1",
        old_name="",
        label="Treat when low",
        kind="recommendation",
        rank="editorial",
        effect="words",
        details=("label",),
    )
    past = History(
        versions=(Version(version="2.1", date="2024-05-06", before="2.0", events=(event,)),)
    )
    told = said(page_of("rec-1", history=past), "History")
    assert "2020-04-01" in told
    assert "Changed in version 2.1" in told
    assert "No earlier version" not in told
    alone = said(page_of("rec-1"), "History")
    assert "No earlier version is at hand" in alone
    assert "Voted on" in alone
    assert "The encoder" in alone


# --- citing and reporting -------------------------------------------------------------------------


def test_a_problem_is_reported_to_whom_the_guideline_names_and_to_nobody_else() -> None:
    nobody = page_of("rec-1")
    assert "does not state to whom" in said(nobody, "Report a problem")
    assert "mailto:?subject=Marker" in html.unescape(Renderer().markdown(nobody))
    mailbox = changed(guideline={"problems_to": Iri("mailto:desk@example.org")})
    page = page_of("rec-1", mailbox)
    shown = html.unescape(Renderer().markdown(page))
    subject = "Marker%20in%20hospital%3A%20rec-1%2C%20version%202.1"
    assert f"mailto:desk@example.org?subject={subject}" in shown
    web = changed(guideline={"problems_to": Iri("https://example.org/issues/new?label=site#top")})
    shown = html.unescape(Renderer().markdown(page_of("rec-1", web)))
    assert f"https://example.org/issues/new?label=site&title={subject}#top" in shown


# --- every page -----------------------------------------------------------------------------------


def test_every_recommendation_of_the_shipped_guideline_is_light(shipped_site: Built) -> None:
    site = shipped_site.folder
    pages = sorted((site / "recommendations").glob("*.html"))
    weights = {each.stem: weight(site, each) for each in pages}
    assert len(weights) > 25
    assert {name: size for name, size in weights.items() if size + PROOFS >= LIMIT} == {}


def weight(site: Path, page: Path) -> int:
    """A page and every style sheet and script it names, in bytes."""
    shown = page.read_text("utf-8")
    named = re.findall(r'(?:<link rel="stylesheet" href|<script defer src)="([^"]+)"', shown)
    assert named
    files = [(page.parent / each).resolve() for each in named]
    return len(shown.encode()) + sum(each.stat().st_size for each in files)


def test_a_heavy_drawing_has_a_page_of_its_own(shipped_pages: dict[str, Reader]) -> None:
    pages = shipped_pages
    leads = {target for _, _, target in pages["recommendations/OUD-REC-4.html"].links}
    assert "../drawings/OUD-REC-4.html" in leads
    back = {target for _, _, target in pages["drawings/OUD-REC-4.html"].links}
    assert {"../recommendations/OUD-REC-4.html", "../claims/OUD-CLM-16.html"} <= back


def test_every_page_says_what_state_it_is_of(shipped_pages: dict[str, Reader]) -> None:
    pages = shipped_pages
    assert {"about.html", "index.html", "recommendations/OUD-REC-1.html"} <= set(pages)
    for address in pages:
        told = words(pages, address)
        for part in (
            "Draft.",
            "For reviewing guidelines and for teaching.",
            "version 0.1.0",
            "last changed 2026-11-21",
            "review by 2027-05-21",
            "as of 2020",
        ):
            assert part in told, (address, part)


def test_every_page_holds_valid_structured_data(shipped_pages: dict[str, Reader]) -> None:
    for address, page in shipped_pages.items():
        data = described(page, address)
        kinds = data["@type"]
        assert kinds[1] == "CreativeWork", address
        assert kinds[0] in ("MedicalGuideline", "MedicalGuidelineRecommendation"), address
        assert set(data) <= KNOWN | (GRADED if kinds[0].endswith("Recommendation") else set())
        assert data["inLanguage"] == "en"
        assert data["version"] == "0.1.0"
        assert "evidenceLevel" not in data, "the source states none"
        works = data["isBasedOn"]
        assert all(each["@type"] == "CreativeWork" for each in works)
        if address.startswith("recommendations/OUD-"):
            assert kinds[0] == "MedicalGuidelineRecommendation"
            assert any(each.get("sameAs", "").startswith("https://doi.org/10.") for each in works)


KNOWN = {
    "@context",
    "@id",
    "@type",
    "creativeWorkStatus",
    "creditText",
    "dateModified",
    "datePublished",
    "description",
    "evidenceOrigin",
    "guidelineDate",
    "guidelineSubject",
    "inLanguage",
    "isBasedOn",
    "license",
    "name",
    "publisher",
    "spatialCoverage",
    "version",
}
"""Properties that schema.org gives a guideline that is also a work."""

GRADED = {"recommendationStrength", "evidenceLevel", "isPartOf", "identifier"}


def described(page: Reader, address: str) -> dict[str, Any]:
    """The guideline as the structured data of a page describe it."""
    found = [json.loads(each) for each in page.data]
    told = [each for each in found if isinstance(each, dict) and "@context" in each]
    assert len(told) == 1, address
    assert told[0]["@context"] == "https://schema.org"
    data: dict[str, Any] = told[0]
    return data


def test_a_stated_grade_reaches_the_structured_data() -> None:
    graded = changed(**{"rec-1": {"strength": Code("Strong"), "certainty": Code("High")}})
    data = page_of("rec-1", graded).structured
    assert data["evidenceLevel"] == "High"
    assert data["recommendationStrength"] == "Strong (should)"
    assert "evidenceLevel" not in page_of("rec-1").structured


def test_what_is_copied_and_pasted_is_no_use_on_paper(first: Page) -> None:
    plain, *forms = section(first, "Cite this").blocks
    assert [each.summary for each in forms if isinstance(each, Fold)] == [
        "BibTeX",
        "CSL-JSON",
        "RIS",
    ]
    assert not any(each.is_printed for each in forms if isinstance(each, Fold))
    assert "guidegraph" in said(first, "Cite this") or plain
    marked = Renderer().markdown(replace(first, structured={}))
    assert marked.count('<details class="fold unprinted">') == len(forms)
