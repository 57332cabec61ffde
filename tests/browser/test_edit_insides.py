"""Parts inside parts in a real browser: by keyboard alone, and as axe sees them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from edit_pages_example import Open, Person, faults
from guidegraph.turtle.values import Literal
from insides_example import EX, PLAN, PLANS, SHAPES

pytestmark = pytest.mark.browser

ADDRESS = f"/thing?iri={quote(PLAN, safe='')}"
DOSE = f'.field[data-path="{EX}dose"]'


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Open]:
    made = Open(tmp_path / "example-marker", SHAPES, PLANS)
    yield made
    made.end()


@pytest.fixture
def person(chromium: Any, bench: Open) -> Iterator[Person]:
    found = Person(chromium, bench)
    found.page.set_default_timeout(8000)
    yield found
    found.context.close()
    assert found.complaints == []


def inner(part: Any, *names: str) -> Any:
    """What stands in a part, the way of these names down; the last one of each."""
    for name in names:
        part = [each for path, each in part.statements if path == EX + name][-1]
    return part.lexical if isinstance(part, Literal) else part


def inside(row: Any, *names: str) -> Any:
    """The property inside the parts of a row, the way of these names down."""
    for name in names:
        row = row.locator(f':scope .inner[data-path="{EX}{name}"]').first
    return row


def test_a_part_is_added_three_parts_deep_changed_put_back_and_removed(
    person: Person, bench: Open
) -> None:
    page = person.open(ADDRESS)
    dose = page.locator(f"{DOSE} > .values > .value").first
    inside(dose, "then", "then", "then").locator(":scope > .add").press("Enter")
    assert person.name().startswith("next dose Milligrams")
    page.keyboard.type("40")
    page.keyboard.press("Enter")
    person.unsaved(1)
    first = bench.desk.describe(PLAN)[EX + "dose"][0]
    assert inner(first, "then", "then", "then", "mg") == "40.0"
    again = inside(dose, "then", "then", "then", "mg").locator('input[value="40.0"]')
    again.wait_for()
    assert again.input_value() == "40.0"
    assert page.evaluate("document.activeElement.value") == "40.0"
    person.typed("4,000")
    told = page.locator(f"{DOSE} > .told")
    told.get_by_text("can be read in two ways").wait_for()
    page.keyboard.press("Escape")
    assert again.input_value() == "40.0"
    row = inside(dose, "then", "then", "then").locator(":scope > .values > .value")
    row.locator(':scope > .arrange [data-act="remove"]').press("Enter")
    person.unsaved(2)
    first = bench.desk.describe(PLAN)[EX + "dose"][0]
    assert {path for path, _ in inner(first, "then", "then").statements} == {EX + "mg"}
    assert "# in the morning" in bench.desk.draft.texts.get("more-1.ttl", PLANS)


def test_a_new_part_is_filled_with_parts_before_it_is_recorded(person: Person, bench: Open) -> None:
    page = person.open(ADDRESS)
    page.locator(f"{DOSE} > .add").press("Enter")
    row = page.locator(f"{DOSE} > .values > .value").last
    inside(row, "mg").locator("input").fill("2")
    inside(row, "then").locator(":scope > .add").press("Enter")
    page.keyboard.type("3")
    inside(row, "then", "pause").locator(":scope > .add").press("Enter")
    page.keyboard.type("6")
    inside(row, "then", "remark").locator(":scope > .add").press("Enter")
    page.keyboard.type("late")
    assert bench.desk.steps == ()
    page.locator("#thing-title").click()
    person.unsaved(1)
    last = bench.desk.describe(PLAN)[EX + "dose"][-1]
    assert inner(last, "then", "mg") == "3.0"
    assert inner(last, "then", "pause", "hours") == "6"
    assert inner(last, "then", "remark") == "late"


def test_a_kind_is_chosen_and_its_fields_follow(person: Person, bench: Open) -> None:
    page = person.open(ADDRESS)
    rule = page.locator(f'.field[data-path="{EX}rule"] > .values > .value')
    rules = inside(rule, "of").locator(":scope > .values > .value")
    inside(rule, "of").locator(":scope > .add").press("Enter")
    page.locator(":focus").select_option(label="below a limit")
    page.keyboard.press("Enter")
    person.unsaved(1)
    limit = inside(rules.nth(2), "limit").locator("input")
    limit.fill("9")
    limit.press("Enter")
    person.unsaved(2)
    whole = bench.desk.describe(PLAN)[EX + "rule"][0]
    assert inner(whole, "of", "limit") == "9.0"


@pytest.mark.parametrize(
    "look", [{}, {"viewport": {"width": 390, "height": 800}}, {"color_scheme": "dark"}]
)
def test_axe_finds_nothing(chromium: Any, bench: Open, look: dict[str, Any]) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    )
    person = Person(chromium, bench, bypass_csp=True, **look)
    page = person.open(ADDRESS)
    dose = page.locator(f"{DOSE} > .values > .value").first
    inside(dose, "then", "then").locator(":scope > .add").click()
    page.keyboard.type("1.000")
    assert faults(person, axe.Axe().axe_script) == []
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1]
    if told := os.environ.get("GUIDEGRAPH_SCREENSHOTS"):
        page.screenshot(path=f"{told}/parts-{len(look)}-{width[1]}.png", full_page=True)
    person.context.close()
