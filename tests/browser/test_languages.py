"""A reader chooses a language, comes back, and is told how old the evidence is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import history_example
from guidegraph.scaffold import new
from guidegraph.site.build import build_site
from guidegraph.site.content import SiteContent

pytestmark = pytest.mark.browser

MARKER = "observables/example-marker.html"


@pytest.fixture(scope="module")
def dutch_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the small guideline, which has one Dutch label."""
    place = tmp_path_factory.mktemp("languages")
    new(place / history_example.NAME)
    guideline = history_example.loaded(place / history_example.NAME)
    return build_site(SiteContent(guideline=guideline), place / "site").folder


def test_a_language_is_chosen_by_keyboard_and_remembered(visit: Any, dutch_site: Path) -> None:
    page = visit.open(dutch_site, MARKER)
    heading = page.locator("h1")
    assert heading.inner_text() == "Example marker"
    button = page.get_by_role("button", name="Nederlands")
    button.focus()
    page.keyboard.press("Enter")
    assert heading.inner_text() == "Voorbeeldmarker"
    assert page.locator("h1 [lang=nl]").is_visible()
    assert page.evaluate("document.documentElement.dataset.language") == "nl"
    assert button.get_attribute("aria-pressed") == "true"
    page = visit.open(dutch_site, "observables/index.html")
    assert page.locator("html").get_attribute("data-language") == "nl"
    assert page.get_by_role("link", name="Voorbeeldmarker").first.is_visible()
    assert page.get_by_role("link", name="Age", exact=True).first.is_visible()
    page.get_by_role("button", name="English").click()
    assert page.get_by_role("link", name="Example marker").first.is_visible()


def test_without_storage_the_choice_holds_for_the_page(visit: Any, dutch_site: Path) -> None:
    visit.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no'); }})"
    )
    page = visit.open(dutch_site, MARKER)
    page.get_by_role("button", name="Nederlands").click()
    assert page.locator("h1").inner_text() == "Voorbeeldmarker"
    assert visit.open(dutch_site, MARKER).locator("h1").inner_text() == "Example marker"


def test_a_choice_that_is_none_is_ignored(visit: Any, dutch_site: Path) -> None:
    visit.page.add_init_script("localStorage.setItem('guidegraph-language', '<img src=x>')")
    page = visit.open(dutch_site, MARKER)
    assert page.locator("html").get_attribute("data-language") is None
    assert page.locator("h1").inner_text() == "Example marker"


def test_without_scripts_there_is_english_and_no_chooser(chromium: Any, dutch_site: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((dutch_site / MARKER).as_uri())
    assert page.locator("h1").inner_text() == "Example marker"
    assert not page.locator(".languages").is_visible()
    assert "To be reviewed by" in page.locator(".banner .age").inner_text()
    context.close()


@pytest.mark.parametrize(("now", "is_past"), [("2026-12-31", False), ("2027-01-02", True)])
def test_a_review_that_is_past_due_is_told(
    visit: Any, dutch_site: Path, now: str, is_past: bool
) -> None:
    visit.page.clock.set_fixed_time(datetime.fromisoformat(f"{now}T12:00:00"))
    for address in ("index.html", MARKER):
        told = visit.open(dutch_site, address).locator(".banner .age").inner_text()
        assert ("Review past due since 2027-01-01." in told) is is_past


def test_the_age_of_the_evidence_is_told(visit: Any, example_site: Path) -> None:
    visit.page.clock.set_fixed_time(datetime(2028, 6, 1))
    page = visit.open(example_site, "index.html")
    years = page.locator(".banner .age").get_attribute("data-years")
    if not years:
        pytest.skip("the example states no year")
    age = 2028 - int(years.split()[-1])
    assert f"{age} years before today" in page.locator(".banner .age").inner_text()
