"""A patient with thousands of results: shown in a moment, all of it counted, none of it lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import simulator_example as example
from guidegraph.evaluate import decide
from guidegraph.lower import lower
from guidegraph.patient import from_node
from guidegraph.patient.document import read_document
from guidegraph.site.build import build_site

pytestmark = pytest.mark.browser

PAGE = "simulator.html"
SETTLED = 20_000
LONGEST = 2_500
"""Milliseconds for which the page may not answer: ten times what it takes, for a busy machine."""
WATCH = """
globalThis.longest = 0;
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) globalThis.longest = Math.max(longest, each.duration);
}).observe({ type: "longtask", buffered: true });
"""


@pytest.fixture(scope="session")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the small guideline that can be decided."""
    return build_site(example.content(), tmp_path_factory.mktemp("small")).folder


def patient(size: int) -> dict[str, Any]:
    results = [
        {"minutes": place, "value": str(500 + place % 97 * 25), "unit": "ug/L", "basis": "FEU"}
        for place in range(size)
    ]
    facts = {"marker": results, "illness": "suspected", "bleeding": False}
    return {"now": {"minutes": size}, "facts": facts}


def address(told: dict[str, Any]) -> str:
    """A link as the page itself writes it."""
    return f"{PAGE}#patient={quote(json.dumps(told, separators=(',', ':')))}"


def expected(told: dict[str, Any]) -> dict[str, str]:
    """What the reference evaluator says."""
    guideline = example.guideline()
    program = lower(guideline)
    node, _ = read_document(json.dumps(told), "patient.json")
    assert node is not None
    held, found = from_node(node, program)
    assert held is not None
    decision = decide(guideline, program, held, found)
    return {str(each.recommendation.label): each.status for each in decision.advice}


def document(page: Any) -> Any:
    return page.evaluate("guidegraph.simulator.page.form.read()")


def wait(page: Any, holds: Callable[[], bool]) -> None:
    """Until something holds. (The policy of the page lets nobody evaluate text within it.)"""
    for _ in range(SETTLED // 50):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError


def test_two_thousand_results_are_decided_shown_and_kept(visit: Any, small_site: Path) -> None:
    told = patient(2_000)
    visit.page.add_init_script(WATCH)
    page = visit.open(small_site, address(told))
    page.wait_for_selector(".advice", timeout=SETTLED)
    assert example.statuses(page) == expected(told)
    rows = page.locator(".rows > li")
    assert rows.count() == 20
    assert "the last 20 of 2,000 results" in page.locator(".earlier").text_content()
    assert rows.first.get_attribute("aria-label") == "Result 1981"
    assert document(page) == told
    page.get_by_role("button", name="Show 100 before them").click()
    wait(page, lambda: rows.count() == 120)
    page.get_by_role("button", name="Show all").click()
    wait(page, lambda: rows.count() == 2_000)
    assert page.locator(".earlier").is_hidden()
    assert document(page) == told
    first = rows.first.get_by_label("Marker: value")
    first.fill("99")
    told["facts"]["marker"][0]["value"] = "99"
    assert document(page) == told
    rows.nth(1).locator(".remove").click()
    del told["facts"]["marker"][1]
    assert document(page) == told
    assert rows.nth(1).get_attribute("aria-label") == "Result 2"
    page.wait_for_timeout(300)
    page.locator(".advice .change > summary").first.click()
    page.locator(".advice .change > p").first.wait_for(timeout=SETTLED)
    assert page.evaluate("longest") < LONGEST


def test_what_is_wrong_with_a_result_that_is_not_shown_is_told(
    visit: Any, small_site: Path
) -> None:
    told = patient(300)
    for each in told["facts"]["marker"][2:8]:
        del each["basis"]
    page = visit.open(small_site, address(told))
    page.wait_for_selector(".advice", timeout=SETTLED)
    problems = page.locator(".field.series > .problems > .problem")
    assert problems.count() == 4
    assert "Result 3: " in problems.first.text_content()
    assert "3 more such remarks" in problems.last.text_content()
    assert example.statuses(page) == expected(told)
    page.get_by_role("button", name="Show all").click()
    wait(page, lambda: page.locator(".rows .problem").count() == 6)
    assert problems.count() == 0


def test_a_patient_that_is_too_long_can_be_taken_away(visit: Any, small_site: Path) -> None:
    told = patient(6_000)
    page = visit.open(small_site, address(told))
    refused = page.get_by_role("status").filter(has_text="too long for this page (6,000 results)")
    refused.wait_for(timeout=SETTLED)
    assert "up to 5,000 results" in refused.text_content()
    assert page.locator(".form").is_hidden()
    assert page.locator(".answer-side").is_hidden()
    with page.expect_download() as caught:
        page.get_by_role("button", name="Save the patient as a file").click()
    assert json.loads(Path(caught.value.path()).read_text("utf-8")) == told
    page.get_by_role("button", name="Clear all").click()
    assert page.locator(".form").is_visible()
    assert page.locator(".answer-side").is_visible()
    assert refused.count() == 0 or refused.is_hidden()
    assert document(page) == {"facts": {}}


TIMES = ({"minutes": 1.5}, {"minutes": "1:30"}, {"minutes": "12"}, {"at": "2024-01-01T08:00Z"})


@pytest.mark.parametrize("place", range(len(TIMES)))
@pytest.mark.parametrize("size", [1, 40])
def test_no_time_of_a_link_is_read_as_another(
    visit: Any, small_site: Path, place: int, size: int
) -> None:
    told = patient(size)
    del told["facts"]["marker"][0]["minutes"]
    told["facts"]["marker"][0].update(TIMES[place])
    page = visit.open(small_site, address(told))
    both = page.evaluate(
        """(told) => [told, guidegraph.simulator.page.form.read()].map((each) => {
          const { facts, problems } = guidegraph.patient.read(each);
          return [facts, problems.map((one) => one.code).sort()];
        })""",
        told,
    )
    assert both[0] == both[1]
