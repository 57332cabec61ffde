"""``guidegraph serve`` in a browser: a page says what it is, and is another soon after a change."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette", reason="the extra `edit` is not installed")

from edit_pages_example import KEY, NOW, Open, Person
from guidegraph.edit.app import application
from guidegraph.edit.desk import Desk
from guidegraph.edit.pages.routes import ROUTES
from guidegraph.serve import site as serving
from guidegraph.serve.routes import ROUTES as PAGES
from guidegraph.serve.site import Site

pytestmark = pytest.mark.browser

ADDRESS = "/site/thresholds/THR-older.html"
OLD = "Older patient (lower limit, included)"
NEW = "Older patient (from this age on)"
BUILD = 120_000
"""Milliseconds that a whole build may take."""


class Served(Open):
    """The small guideline as a site that listens."""

    def _open(self, folder: Path) -> None:
        self.folder = folder
        self.desk = Desk(folder, lambda: NOW)
        self.site = Site(self.desk, folder.parent / "build")
        self.app = application(self.desk, KEY, [*PAGES, *ROUTES])
        self.app.state.site = self.site

    def end(self) -> None:
        self.site.close()
        super().end()


@pytest.fixture(scope="module")
def reader(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    """Somebody who reads a page of the site, which is built whole."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serving, "PATIENCE", 4.0)
        bench = Served(tmp_path_factory.mktemp("served") / "example-marker")
        look = {"width": 1240, "height": 720}
        person = Person(chromium, bench, bypass_csp=True, viewport=look)
        person.page.set_default_timeout(BUILD)
        person.open("/site/index.html")
        person.page.locator("h1", has_text="Example marker").first.wait_for()
        person.open(ADDRESS)
        assert all("503" in each for each in person.complaints), "but for the page that says: wait"
        person.complaints.clear()
        yield person
        person.context.close()
        bench.end()


def test_a_page_becomes_another_when_a_file_is_changed(reader: Person) -> None:
    page, bar = reader.page, reader.page.locator(".live-bar")
    page.get_by_role("heading", level=1, name=OLD).wait_for()
    bar.get_by_text("As saved.", exact=True).wait_for()
    file = reader.bench.folder / "thresholds.ttl"
    file.write_text(file.read_text("utf-8").replace(OLD, NEW), "utf-8")
    page.get_by_role("heading", level=1, name=NEW).wait_for()
    bar.get_by_text("those of the last whole build").wait_for()
    if told := os.environ.get("GUIDEGRAPH_SCREENSHOTS"):
        page.screenshot(path=str(Path(told) / "serve-page.png"))
    bar.get_by_text("As saved.", exact=True).wait_for()
    page.get_by_role("heading", level=1, name=NEW).wait_for()
    assert reader.complaints == []
    assert [each for each in reader.asked if not each.startswith(reader.bench.root)] == []


def test_axe_finds_nothing_on_a_page_with_its_bar(reader: Person) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    )
    page = reader.open(ADDRESS)
    page.locator(".live-bar").get_by_text("As saved").wait_for()
    page.evaluate(axe.Axe().axe_script)
    found = page.evaluate("axe.run({resultTypes: ['violations'], preload: false})")
    faults = [(each["id"], each["nodes"][0]["html"][:300]) for each in found["violations"]]
    assert faults == []


def test_the_bar_leads_to_the_form_of_what_the_page_is_about(reader: Person) -> None:
    page = reader.open(ADDRESS)
    page.locator('.live-bar a[href^="/thing"]').click()
    page.get_by_role("heading", level=1, name=NEW).wait_for()
    assert page.locator(".number").count() > 0
