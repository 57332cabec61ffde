"""The site in a real browser, wherever there is one; the rest is ``pytest -m browser``."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import simulator_example as example
from guidegraph.site.build import build_site

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

LOW = [
    {"minutes": 30, "value": "500.5", "unit": "ug/L", "basis": "FEU"},
    {"minutes": 600, "value": "2500", "unit": "ug/L", "basis": "FEU"},
]
FACTS: dict[str, Any] = {"illness": "suspected", "bleeding": False, "marker": LOW}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        options = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        browser = started.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the small guideline that can be decided."""
    return build_site(example.content(), tmp_path_factory.mktemp("site")).folder


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page that may neither complain nor ask anybody."""
    context = browser.new_context()
    page = context.new_page()
    told: list[str] = []
    page.on("console", lambda said: told.append(said.text))
    page.on("pageerror", lambda fault: told.append(str(fault)))
    page.on("request", lambda asked: told.append(asked.url))
    yield page
    context.close()
    assert [each for each in told if not each.startswith("file:")] == []


def test_home_opens_from_a_file_system_and_is_styled(page: Any, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    assert page.locator("h1").is_visible()
    shown = "getComputedStyle(document.querySelector('.frame')).display"
    assert page.evaluate(shown) == "grid"


def test_a_page_that_asks_somebody_is_noticed(browser: Any, tmp_path: Path) -> None:
    asked: list[str] = []
    file = tmp_path / "page.html"
    file.write_text('<!doctype html><img src="http://attack.example/x.png">', "utf-8")
    context = browser.new_context()
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    context.close()
    assert "http://attack.example/x.png" in asked


def test_the_search_finds_a_thing(page: Any, site: Path) -> None:
    page.goto((site / "recommendations" / "rec-1.html").as_uri())
    page.fill("#site-search", "low limit")
    page.locator("#site-search-list [role=option]").first.click()
    page.wait_for_url("**/thresholds/low.html")


@pytest.mark.parametrize(("bleeds", "status"), [(False, "applies"), (True, "defeated")])
def test_a_patient_has_the_status_that_decide_gives(
    page: Any, site: Path, bleeds: bool, status: str
) -> None:
    document = {"now": {"minutes": 1440}, "facts": {**FACTS, "bleeding": bleeds}}
    page.goto((site / "simulator.html").as_uri() + "#patient=" + quote(json.dumps(document)))
    page.evaluate("document.querySelectorAll('details.folded').forEach((each) => each.fill())")
    advice = page.locator(".advice", has=page.get_by_role("heading", name="Treat when low"))
    assert status in (advice.first.get_attribute("class") or "").split()


def test_axe_finds_nothing_on_a_recommendation(browser: Any, site: Path) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    )
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto((site / "recommendations" / "rec-1.html").as_uri())
    found = axe.Axe().run(page).response["violations"]
    context.close()
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found] == []
