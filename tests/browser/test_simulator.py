"""Trying a patient as people do: the answers of ``decide``, by keyboard, and to take away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import simulator_example as example
import site_example
from conftest import GUIDELINE
from guidegraph.cases import read_cases, run
from guidegraph.evaluate import decide
from guidegraph.lower import lower
from guidegraph.model import Guideline
from guidegraph.patient import from_node
from guidegraph.patient.document import read_document
from guidegraph.site.build import build_site
from guidegraph.site.pages.simulator import _plain

pytestmark = pytest.mark.browser

PAGE = "simulator.html"
SETTLED = 2_000
CASES = (
    "no-covid",
    "admitted-unknown",
    "admission-indicated",
    "just-admitted",
    "suspected-inpatient",
    "no-ddimer-key",
    "ddimer-null",
    "ddimer-none-taken",
    "covid-status-unknown",
    "nothing-known",
)
"""Ten patients of the shipped guideline's cases."""


@pytest.fixture(scope="session")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the small guideline that can be decided."""
    return build_site(example.content(), tmp_path_factory.mktemp("small")).folder


def address(patient: Mapping[str, Any]) -> str:
    return f"{PAGE}#patient={quote(json.dumps(patient))}"


def expected(guideline: Guideline, patient: object) -> dict[str, str]:
    """The same from the reference evaluator."""
    program = lower(guideline)
    node, _ = read_document(json.dumps(patient), "patient.json")
    held, found = from_node(node, program)
    assert held is not None
    decision = decide(guideline, program, held, found)
    return {str(each.recommendation.label): each.status for each in decision.advice}


@pytest.fixture(scope="module")
def patients(shipped: Any) -> dict[str, Any]:
    """The shipped guideline's cases as patient documents."""
    text = (GUIDELINE / "cases.yaml").read_text("utf-8")
    cases, _ = read_cases(text, "cases.yaml", shipped.guideline)
    return {each.id: _plain(each.patient) for each in cases}


@pytest.mark.parametrize("name", CASES)
def test_a_case_has_the_statuses_that_decide_gives(
    visit: Any, shipped_site: Path, shipped: Any, patients: dict[str, Any], name: str
) -> None:
    page = visit.open(shipped_site, address(patients[name]))
    assert example.statuses(page) == expected(shipped.guideline, patients[name])


def test_an_example_of_the_menu_is_the_case(
    visit: Any, shipped_site: Path, shipped: Any, patients: dict[str, Any]
) -> None:
    page = visit.open(shipped_site, PAGE)
    page.get_by_label("Start from an example").select_option(
        label="Suspected COVID-19 on the ward is treated like confirmed"
    )
    page.get_by_role("button", name="Show it").click()
    assert example.statuses(page) == expected(shipped.guideline, patients["suspected-inpatient"])


def test_a_patient_is_entered_by_keyboard_alone(visit: Any, small_site: Path) -> None:
    page = visit.open(small_site, PAGE)
    page.get_by_label("Now, Now: hours after admission").focus()
    keys = page.keyboard
    keys.type("24")
    keys.press("Tab")  # what the marker is
    keys.press("Tab")  # the series: not known
    keys.press("ArrowRight")  # none taken
    keys.press("ArrowRight")  # these results: a first row appears
    keys.press("Tab")
    keys.type("0:30")
    keys.press("Tab")
    keys.type("500.5")
    keys.press("Tab")  # unit
    keys.press("Tab")
    keys.type("FEU")
    keys.press("Tab")  # remove
    keys.press("Tab")  # add
    keys.press("Enter")
    assert page.evaluate("document.activeElement.className") == "time"
    keys.type("10")
    keys.press("Tab")
    keys.type("2500")
    assert page.locator(".rows > li").count() == 2
    assert page.locator(".rows select").nth(3).input_value() == "1"  # FEU, as in the row before
    page.get_by_role("radio", name="Suspected").focus()
    keys.press("Space")
    page.get_by_label("No", exact=True).first.focus()
    keys.press("Space")
    page.wait_for_selector(".advice.applies", timeout=SETTLED)
    document = page.evaluate("guidegraph.simulator.page.form.read()")
    assert document == {
        "now": {"minutes": 1440},
        "facts": {
            "marker": [
                {"minutes": 30, "value": "500.5", "unit": "ug/L", "basis": "FEU"},
                {"minutes": 600, "value": "2500", "unit": "ug/L", "basis": "FEU"},
            ],
            "illness": "suspected",
            "bleeding": False,
        },
    }
    assert example.statuses(page) == expected(example.guideline(), document)
    page.wait_for_selector(".summary:has-text('1 applies')", timeout=SETTLED)


def test_rows_are_removed_by_keyboard(visit: Any, small_site: Path) -> None:
    page = visit.open(small_site, PAGE)
    page.get_by_role("radio", name="These results").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Remove result 1 of Marker").focus()
    page.keyboard.press("Enter")
    assert page.locator(".rows > li").count() == 0
    assert page.evaluate("document.activeElement.textContent") == "Add a result"


def test_not_known_is_an_answer_and_the_default(visit: Any, small_site: Path) -> None:
    page = visit.open(small_site, PAGE)
    for each in page.locator(".form > fieldset.boolean, .form > fieldset.code").all():
        assert each.get_by_role("radio", checked=True).count() == 1
    assert page.get_by_role("radio", name="Not known", checked=True).count() >= 3
    group = page.get_by_role("group", name="Does the patient bleed?")
    group.get_by_label("Yes").check()
    assert page.evaluate("guidegraph.simulator.page.form.read().facts") == {"bleeding": True}
    group.get_by_label("Not known").check()
    assert page.evaluate("guidegraph.simulator.page.form.read().facts") == {}


def test_a_question_leads_to_its_answer(visit: Any, small_site: Path) -> None:
    page = visit.open(small_site, PAGE)
    page.locator(".next button", has_text="What is the marker?").first.click()
    inside = "document.activeElement.closest('fieldset').querySelector('legend').textContent"
    assert page.evaluate(inside) == "What is the marker?"


def test_what_is_wrong_stands_beside_its_field(visit: Any, small_site: Path) -> None:
    sample = {"minutes": 30, "value": "1,500", "unit": "ug/L"}
    page = visit.open(small_site, address({"facts": {"marker": [sample]}}))
    told = page.locator(".rows .problem")
    assert told.count() == 2
    assert any("comma" in each for each in told.all_text_contents())
    assert any("FEU" in each for each in told.all_text_contents())
    row = page.locator(".rows > li")
    assert row.get_by_label("Marker: value").get_attribute("aria-invalid") == "true"
    row.get_by_label("Marker: value").fill("1500")
    row.get_by_label("Marker: expressed in").select_option("FEU")
    page.wait_for_selector(".rows .problem", state="detached", timeout=SETTLED)


def test_why_and_what_would_change_are_told_on_demand(visit: Any, small_site: Path) -> None:
    case = {each.case.id: each.case for each in example.report(example.guideline()).outcomes}["low"]
    page = visit.open(small_site, address(_plain(case.patient)))
    advice = page.locator(".advice.applies").first
    assert advice.locator(".reasons").count() == 0
    advice.locator(".why > summary").click()
    advice.locator(".reasons .reason.yes").first.wait_for()
    advice.locator(".change > summary").click()
    advice.locator(".change > p").first.wait_for()
    assert "no longer apply" in advice.locator(".change").text_content()
    page.get_by_role("group", name="Does the patient bleed?").get_by_label("Yes").check()
    page.wait_for_selector(".advice.defeated", timeout=SETTLED)
    set_aside = page.locator(".advice.defeated").first
    assert "Set aside by" in set_aside.text_content()
    assert set_aside.locator(".why").get_attribute("open") is not None  # as the reader left it


def test_hours_and_dates_say_the_same(visit: Any, small_site: Path) -> None:
    case = {each.case.id: each.case for each in example.report(example.guideline()).outcomes}["low"]
    page = visit.open(small_site, address(_plain(case.patient)))
    before = example.statuses(page)
    page.get_by_role("radio", name="Dates and times").check()
    document = page.evaluate("guidegraph.simulator.page.form.read()")
    assert document["now"] == "2024-01-02T08:00+01:00"
    assert [each["at"] for each in document["facts"]["marker"]] == [
        "2024-01-01T08:30+01:00",
        "2024-01-01T18:00+01:00",
    ]
    assert example.statuses(page) == before == expected(example.guideline(), document)
    page.get_by_role("radio", name="Hours from admission").check()
    document = page.evaluate("guidegraph.simulator.page.form.read()")
    assert document["now"] == {"minutes": 1440}
    assert [each["minutes"] for each in document["facts"]["marker"]] == [30, 600]


STRANGE = (
    {"facts": {"marker": "high", "bleeding": {"value": True, "minutes": -5000, "by": "A"}}},
    {"facts": {"marker": [{"minutes": 1, "value": 7, "unit": "furlong", "basis": "X"}]}},
    {"facts": {"illness": 7, "unheard-of": True, "weight": {"value": "80", "unit": "kg", "x": 1}}},
    {"now": 7, "facts": {"bleeding": "yes", "marker": []}, "settings": {"strong": "lots"}},
    {"now": "2024-01-02T08:00Z", "facts": {"marker": [{"at": "yesterday", "value": "1"}]}},
    {"facts": [], "more": {"a": 1}},
)


@pytest.mark.parametrize("place", range(len(STRANGE)))
def test_whatever_a_link_says_is_neither_lost_nor_believed(
    visit: Any, small_site: Path, place: int
) -> None:
    page = visit.open(small_site, address(STRANGE[place]))
    both = page.evaluate(
        """(told) => [told, guidegraph.simulator.page.form.read()].map((each) => {
          const { facts, settings, problems } = guidegraph.patient.read(each);
          return [facts, settings, problems.map((one) => one.code).sort()];
        })""",
        STRANGE[place],
    )
    assert both[0] == both[1]


def test_a_link_holds_the_patient(visit: Any, shipped_site: Path, patients: dict[str, Any]) -> None:
    page = visit.open(shipped_site, address(patients["suspected-inpatient"]))
    page.get_by_role("button", name="Share as a link").click()
    link = page.get_by_label("Link to this patient").input_value()
    first, before = page.evaluate("guidegraph.simulator.page.form.read()"), example.statuses(page)
    page.goto("about:blank")
    page.goto(link)
    assert page.evaluate("guidegraph.simulator.page.form.read()") == first
    assert example.statuses(page) == before


def test_nothing_is_kept(visit: Any, small_site: Path) -> None:
    page = visit.open(small_site, PAGE)
    page.get_by_role("radio", name="Suspected").check()
    page.wait_for_timeout(300)
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [
        0,
        0,
        "",
    ]
    assert "#" not in page.url
    assert "not for the care of any patient" in page.locator(".care").text_content()


def saved(page: Any) -> str:
    """The test case that the page hands over."""
    page.get_by_role("button", name="Save as a test case").click()
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download").click()
    text = Path(caught.value.path()).read_text("utf-8")
    assert text == page.get_by_label("Test case").input_value()
    return text


BENEATH = """
defaults:
  patient:
    now: "1999-01-02T08:00:00Z"
    anchors: {admission: "1999-01-01T08:00:00Z"}
    facts: {illness: excluded, bleeding: true, marker: []}
"""


@pytest.mark.parametrize("defaults", ["", BENEATH], ids=["alone", "beneath"])
@pytest.mark.parametrize("name", ["low", "bleeds", "unknown", "strange"])
def test_a_saved_case_passes(visit: Any, small_site: Path, name: str, defaults: str) -> None:
    known = example.guideline()
    cases = {each.case.id: _plain(each.case.patient) for each in example.report(known).outcomes}
    cases["strange"] = STRANGE[1]
    page = visit.open(small_site, address(cases[name]))
    found, faults = read_cases(defaults + saved(page), "cases.yaml", known)
    assert faults == ()
    report = run(known, found)
    assert len(report.outcomes) == 1
    assert [each.findings for each in report.outcomes] == [()]


def test_a_saved_case_of_the_shipped_guideline_passes(
    visit: Any, shipped_site: Path, shipped: Any, patients: dict[str, Any]
) -> None:
    page = visit.open(shipped_site, address(patients["just-admitted"]))
    found, faults = read_cases(saved(page), "cases.yaml", shipped.guideline)
    assert faults == ()
    assert run(shipped.guideline, found).failed == ()


def test_the_way_through_a_flowchart_has_the_patient(visit: Any, small_site: Path) -> None:
    case = {each.case.id: each.case for each in example.report(example.guideline()).outcomes}["low"]
    page = visit.open(small_site, address(_plain(case.patient)))
    link = page.locator(".drawn").first
    link.evaluate("(each) => each.addEventListener('click', (event) => event.preventDefault())")
    link.click()
    assert "/pathways/" in link.get_attribute("href")
    assert "#patient=" in link.get_attribute("href")


def test_no_literal_becomes_markup(visit: Any, tmp_path: Path) -> None:
    pwned = "document.documentElement.dataset.pwned=1"
    payload = f"\"'><img src=x onerror={pwned}></script><script>{pwned}</script>"
    known = site_example.with_literals(example.guideline(), lambda said: said + payload)
    folder = build_site(example.content(known, cases=None), tmp_path).folder
    patient = {"facts": {"bleeding": True, payload: payload}, payload: 1}
    page = visit.open(folder, address(patient))
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    page.get_by_role("button", name="Save as a test case").click()
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.dataset.pwned") is None
    assert page.locator("main img").count() == 0
    assert payload in page.locator(".advice h3").first.text_content()


def test_on_paper_the_reasons_are_there(visit: Any, small_site: Path) -> None:
    case = {each.case.id: each.case for each in example.report(example.guideline()).outcomes}["low"]
    page = visit.open(small_site, address(_plain(case.patient)))
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".advice.applies .why .reasons").count() > 0
    assert page.pdf().startswith(b"%PDF")


def test_without_scripts_the_page_says_so(chromium: Any, small_site: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((small_site / PAGE).as_uri())
    assert "guidegraph decide" in page.locator("#simulator").text_content()
    context.close()
