"""Axe finds nothing on any type of page: wide, narrow and dark, everything unfolded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import history_example
from guidegraph.scaffold import new
from guidegraph.site import engine
from guidegraph.site.build import build_site
from guidegraph.site.content import SiteContent
from test_overlay import OLDER, VERY_OLD, Bench

pytestmark = pytest.mark.browser

LOOKS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": {"width": 1280, "height": 900}},
    "narrow": {"viewport": {"width": 390, "height": 800}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
}
ROWS = 25
SHORTENED = """(many) => {
  document.querySelectorAll("details").forEach((each) => { each.open = true; each.fill?.(); });
  for (const each of document.querySelectorAll("main tbody, main ul, main ol, main dl")) {
    [...each.children].slice(many).forEach((row) => row.remove());
  }
}"""
"""Opens every fold, and keeps the first rows of long tables and lists: the others are as they."""

PAGES = (
    "index.html",
    "guideline.html",
    "intended-use.html",
    "method.html",
    "names.html",
    "proofs.html",
    "search.html",
    "simulator.html",
    "actions/index.html",
    "actions/ACT-therapeutic-lmwh.html",
    "audit/index.html",
    "changes/index.html",
    "claims/index.html",
    "claims/GUO-T1-DDIMER.html",
    "codes/index.html",
    "codes/L413.html",
    "concepts/index.html",
    "criteria/index.html",
    "criteria/CRIT-4a.html",
    "definitions/index.html",
    "definitions/DEF-CORADS.html",
    "downloads/index.html",
    "drawings/OUD-REC-0.html",
    "estimates/index.html",
    "mechanism/index.html",
    "observables/index.html",
    "ontology/index.html",
    "ontology/core.html",
    "observables/d-dimer.html",
    "pathways/index.html",
    "pathways/PATH-admission.html",
    "populations/index.html",
    "populations/POP-covid-inpatient.html",
    "queries/index.html",
    "queries/editor.html",
    "queries/thresholds.html",
    "questions/index.html",
    "questions/DISC-above-4000.html",
    "recommendations/index.html",
    "recommendations/OUD-REC-3.html",
    "settings/ddimer-algorithm.html",
    "sources/index.html",
    "sources/DOC-ai-2020.html",
    "steps/NODE-T3-B1-rise.html",
    "studies/index.html",
    "studies/STU-1008.html",
    "tables/index.html",
    "tables/TAB-GUO-1.html",
    "thresholds/index.html",
    "thresholds/THR-T3-above-2000.html",
    "verification/index.html",
    "vocabulary/index.html",
)
"""One page or two of every folder of the shipped site, and every kind of handwritten one."""

PATIENT = {
    "now": "2020-04-04T08:00:00Z",
    "anchors": {"admission": "2020-04-01T08:00:00Z"},
    "facts": {"covid-status": "confirmed", "admitted": True},
}


class Looker:
    """Shows pages in one of the looks and lets axe look at them."""

    def __init__(self, chromium: Any, look: str) -> None:
        axe = pytest.importorskip(
            "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
        )
        # Axe comes as a script in the page, which the policy of ours forbids.
        self.context = chromium.new_context(bypass_csp=True, reduced_motion="reduce", **LOOKS[look])
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.script = axe.Axe().axe_script

    def open(self, folder: Path, address: str) -> Any:
        path, mark, rest = address.partition("#")
        self.page.goto("about:blank")
        self.page.goto((folder / path).as_uri() + mark + rest)
        return self.page

    def faults(self) -> list[tuple[str, int, str]]:
        """What axe finds: the rule, how often, and the first place."""
        self.page.evaluate(SHORTENED, ROWS)
        self.page.evaluate(self.script)
        found = self.page.evaluate("axe.run({resultTypes: ['violations'], preload: false})")
        return [
            (each["id"], len(each["nodes"]), each["nodes"][0]["html"][:300])
            for each in found["violations"]
        ]


@pytest.fixture(scope="module", params=LOOKS)
def looker(request: pytest.FixtureRequest, chromium: Any) -> Iterator[Looker]:
    found = Looker(chromium, request.param)
    yield found
    found.context.close()


@pytest.mark.parametrize("address", PAGES)
def test_every_type_of_page(looker: Looker, shipped_site: Path, address: str) -> None:
    looker.open(shipped_site, address)
    assert looker.faults() == []


def test_every_folder_of_the_site_is_looked_at(shipped_site: Path) -> None:
    folders = {each.parent.name for each in shipped_site.glob("*/*.html")}
    assert folders == {each.partition("/")[0] for each in PAGES if "/" in each}


def test_the_simulator_with_an_example_and_everything_unfolded(
    looker: Looker, shipped_site: Path
) -> None:
    page = looker.open(shipped_site, "simulator.html")
    page.locator("#example").select_option(index=1)
    page.get_by_role("button", name="Show it").click()
    for name in ("Share as a link", "Save as a test case"):
        page.get_by_role("button", name=name).click()
    assert page.locator(".advice.applies").count() > 0
    assert looker.faults() == []


def test_the_simulator_with_what_is_wrong(looker: Looker, shipped_site: Path) -> None:
    facts = {"d-dimer": [{"minutes": 30, "value": "1,500", "unit": "ug/L"}], "nothing-such": 1}
    page = looker.open(
        shipped_site, f"simulator.html#patient={quote(json.dumps({'facts': facts}))}"
    )
    assert page.locator(".problem").count() > 0
    assert looker.faults() == []


def test_a_pathway_with_the_way_of_a_patient(looker: Looker, shipped_site: Path) -> None:
    page = looker.open(
        shipped_site, f"pathways/PATH-admission.html#patient={quote(json.dumps(PATIENT))}"
    )
    page.locator(".place-mark").first.wait_for(state="attached")
    assert looker.faults() == []


def test_a_search_with_results(looker: Looker, shipped_site: Path) -> None:
    page = looker.open(shipped_site, "search.html#q=d-dimer")
    page.wait_for_selector(".results li")
    assert looker.faults() == []
    page = looker.open(shipped_site, "index.html")
    page.fill("#site-search", "d-dimer")
    page.wait_for_selector("#site-search-list [role=option]")
    assert looker.faults() == []


@pytest.mark.skipif(engine.find() is None, reason=engine.MISSING)
@pytest.mark.parametrize("text", ["", "SELECT ?a { ?a ?b"], ids=["answer", "fault"])
def test_a_query_with_its_answer(looker: Looker, shipped_site: Path, text: str) -> None:
    page = looker.open(shipped_site, "queries/thresholds.html")
    if text:
        page.get_by_label("Query", exact=True).fill(text)
    page.get_by_role("button", name="Run", exact=True).click()
    page.locator("#asking button[type=submit]:not(:disabled)").wait_for()
    assert page.locator(".faults" if text else "#asking .query-answer tbody tr").count() > 0
    assert looker.faults() == []


def test_the_small_example(looker: Looker, example_site: Path) -> None:
    for address in ("index.html", "recommendations/rec-1.html", "sources/doc.html"):
        looker.open(example_site, address)
        assert looker.faults() == [], address


@pytest.fixture(scope="module")
def aged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a guideline with three versions, and of things that are gone."""
    place = tmp_path_factory.mktemp("aged")
    folders = history_example.versions(place)
    content = SiteContent(
        guideline=history_example.loaded(folders[0]), history=history_example.past(*folders)
    )
    return build_site(content, place / "out").folder


@pytest.mark.parametrize(
    "address",
    ["changes/index.html", "populations/POP-children.html", "populations/POP-adults.html"],
)
def test_what_changed_and_what_is_gone(looker: Looker, aged: Path, address: str) -> None:
    page = looker.open(aged, address)
    if page.locator("[data-choose=nl]").count():
        page.locator("[data-choose=nl]").click()
    assert looker.faults() == []


@pytest.fixture(scope="module")
def adapted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a local adaptation."""
    place = tmp_path_factory.mktemp("adapted")
    bench = Bench(place / "example-marker", place / "hospital")
    new(bench.guideline)
    bench.overlay.mkdir()
    content = SiteContent(guideline=bench.lay(OLDER, VERY_OLD).local())
    return build_site(content, place / "out").folder


@pytest.mark.parametrize("address", ["local/index.html", "index.html", "thresholds/THR-older.html"])
def test_a_local_adaptation(looker: Looker, adapted: Path, address: str) -> None:
    looker.open(adapted, address)
    assert looker.faults() == []
