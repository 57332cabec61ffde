"""How the editor looks: axe finds nothing on any type of page; pictures for the page about it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edit_pages_example import PAGES, SPACE, Open, Person, faults, thing
from guidegraph.terms import expand
from guidegraph.turtle.changes import Put

pytestmark = pytest.mark.browser

LOOKS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": {"width": 1360, "height": 900}},
    "narrow": {"viewport": {"width": 390, "height": 800}},
    "dark": {"viewport": {"width": 1360, "height": 900}, "color_scheme": "dark"},
}
TABLE = thing("PATH-marker", "/pathway", view="table")
TREE = thing("PATH-marker", "/pathway", view="tree")
OPTION = ".list [role=option]"


@pytest.fixture(scope="module", params=LOOKS)
def looker(
    request: pytest.FixtureRequest, chromium: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Person, str]]:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    )
    bench = Open(tmp_path_factory.mktemp(f"axe-{request.param}") / "example-marker")
    value = {"of": 0, "parts": {expand("gg:value"): ["60"]}}
    predicate = expand("gg:executableQuantity")
    bench.post("put", subject=SPACE + "THR-low", predicate=predicate, typed=[value])
    bench.desk.apply([Put(SPACE + "REC-1", expand("gg:modality"), ())])
    person = Person(chromium, bench, bypass_csp=True, **LOOKS[request.param])
    yield person, axe.Axe().axe_script
    person.context.close()
    bench.end()


@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing(looker: tuple[Person, str], address: str) -> None:
    person, script = looker
    page = person.open(address)
    assert faults(person, script) == []
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1], "the page is wider than the window"


def test_axe_finds_nothing_in_lists_dialogs_and_findings(looker: tuple[Person, str]) -> None:
    person, script = looker
    page = person.open(thing("REC-2"))
    page.get_by_role("combobox", name="Condition").focus()
    person.typed("marker")
    page.locator(OPTION).first.wait_for()
    page.keyboard.press("ArrowDown")
    assert faults(person, script) == []
    for name in ("rename", "retire"):
        page = person.open(thing("REC-2"))
        page.locator(f'[data-opens="{name}"]').click()
        assert faults(person, script) == []
    page = person.open(thing("THR-low"))
    page.locator(".number").first.fill("1.000")
    page.locator(".told .error").first.wait_for()
    assert faults(person, script) == []


# ---- pictures for the page about the editor --------------------------------------------------


def test_pictures(chromium: Any, tmp_path: Path) -> None:
    """Screenshots, where ``GUIDEGRAPH_SCREENSHOTS`` names a folder for them."""
    told = os.environ.get("GUIDEGRAPH_SCREENSHOTS")
    if not told:
        pytest.skip("GUIDEGRAPH_SCREENSHOTS names no folder")
    folder = Path(told)
    folder.mkdir(parents=True, exist_ok=True)
    bench = Open(tmp_path / "example-marker")
    person = Person(chromium, bench, viewport={"width": 1240, "height": 720})
    page = person.page

    def shot(name: str) -> None:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=str(folder / f"editor-{name}.png"))

    def bring(place: str) -> None:
        page.locator(place).first.evaluate(
            "(e) => window.scrollTo(0, e.getBoundingClientRect().top + window.scrollY - 130)"
        )

    person.open("/")
    shot("overview")
    person.open(thing("REC-2"))
    shot("form")
    person.open(thing("THR-low"))
    number = page.locator(".number").first
    number.fill("1.000")
    page.locator(".told .error").first.wait_for()
    bring(".field:has(.number)")
    shot("check")
    number.press("Escape")
    person.open(TABLE)
    shot("table")
    number = page.locator(".number").first
    number.fill("60")
    number.press("Enter")
    page.wait_for_selector("#plan .otherwise")
    page.locator("#plan-work").wait_for(state="hidden")
    page.locator("#plan").evaluate(
        "(e) => { e.closest('section').scrollIntoView({block: 'start'}); window.scrollTo(0, 255); }"
    )
    shot("patients")
    person.open(TREE)
    page.wait_for_selector("#plan .otherwise")
    shot("tree")
    person.open("/changes")
    page.wait_for_selector("#plan .otherwise")
    page.locator("#save-who").fill("A. Secretary")
    page.locator("#save-why").fill("Decided in the meeting of 20 November.")
    bring("#save-form")
    shot("save")
    label = expand("rdfs:label")
    bench.post(
        "put", subject=SPACE + "REC-1", predicate=label, typed=["1: the marker on admission"]
    )
    path = bench.folder / "recommendations.ttl"
    text = path.read_text("utf-8").replace("1: measure the marker on", "1: measure it on")
    path.write_text(text, "utf-8")
    bench.desk.refresh()
    person.open("/merge")
    page.set_viewport_size({"width": 1240, "height": 470})
    shot("merge")
    person.context.close()
    bench.end()
