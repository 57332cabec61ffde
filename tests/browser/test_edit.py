"""The editor in a real browser: by keyboard alone, with what people hear, with nothing running."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edit_pages_example import PAGES, PAYLOADS, SPACE, Open, Person, of_class, thing
from guidegraph.terms import expand
from guidegraph.turtle.changes import Put
from guidegraph.turtle.values import Literal

pytestmark = pytest.mark.browser

TABLE = thing("PATH-marker", "/pathway", view="table")
OPTION = ".list [role=option]"
LOW = "executable quantity: Low marker (upper limit, not included)"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Open]:
    made = Open(tmp_path / "example-marker")
    yield made
    made.end()


@pytest.fixture
def person(chromium: Any, bench: Open) -> Iterator[Person]:
    found = Person(chromium, bench)
    yield found
    found.context.close()
    assert found.complaints == []
    assert [each for each in found.asked if not each.startswith((bench.root, "data:"))] == []


# ---- by keyboard -----------------------------------------------------------------------------


def test_a_limit_is_edited_undone_done_again_and_saved_by_keyboard(
    person: Person, bench: Open
) -> None:
    page = person.open(TABLE)
    person.tab_to(f"{LOW} Value")
    person.typed("60")
    page.keyboard.press("Enter")
    person.unsaved(1)
    page.wait_for_selector("#plan .otherwise")
    assert "from 50 and below 60 µg/L" in page.locator("#plan").inner_text()
    assert "Recorded" in page.locator("#spoken").text_content()
    assert page.locator(":focus").input_value() == "60.0"
    person.tab_to("limit: Low marker")
    page.keyboard.press("Control+z")
    person.unsaved(0)
    page.locator('.number[value="50.0"]').first.wait_for()
    page.keyboard.press("Control+y")
    person.unsaved(1)
    page.locator('.number[value="60.0"]').first.wait_for()
    page.keyboard.press("Control+s")
    page.wait_for_url("**/changes#save")
    person.tab_to("Who made the changes?")
    page.keyboard.type("A. Secretary")
    page.keyboard.press("Tab")
    page.keyboard.type("The committee decided so.")
    person.tab_to("Save 1 change")
    page.keyboard.press("Enter")
    page.locator("#saved").get_by_text("Saved").wait_for()
    person.unsaved(0)
    assert "gg:value 60.0" in (bench.folder / "thresholds.ttl").read_text("utf-8")


def test_what_is_wrong_is_said_while_somebody_types_and_escape_puts_it_back(
    person: Person, bench: Open
) -> None:
    page = person.open(thing("THR-low"))
    person.tab_to("Value")
    person.typed("1.000")
    told = page.locator('.field[data-path$="#executableQuantity"] .told')
    told.get_by_text("can be read in two ways").wait_for()
    assert "--decimal" not in told.inner_text()
    focused = page.locator(":focus")
    assert focused.get_attribute("aria-invalid") == "true"
    assert told.get_attribute("id") in (focused.get_attribute("aria-describedby") or "").split()
    page.keyboard.press("Enter")
    page.locator("#spoken").get_by_text("not recorded").wait_for(state="attached")
    assert bench.desk.steps == ()
    page.keyboard.press("Escape")
    assert page.locator(":focus").input_value() == "50.0"
    assert told.inner_text() == ""
    assert bench.desk.steps == ()


def test_a_thing_is_named_by_some_of_its_words(person: Person, bench: Open) -> None:
    page = person.open(thing("REC-4"))
    box = page.get_by_role("combobox", name="Condition")
    box.focus()
    person.typed("marker low")
    page.locator(OPTION).first.wait_for()
    page.keyboard.press("ArrowDown")
    option = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    assert option.get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    assert box.input_value() == "Marker low on admission"
    assert box.get_attribute("aria-expanded") == "false"
    page.keyboard.press("Tab")
    person.unsaved(1)
    said = bench.desk.describe(SPACE + "REC-4")[expand("gg:condition")]
    assert [each.iri for each in said] == [SPACE + "CRIT-low"]


def test_words_in_another_language_are_added_moved_and_removed(person: Person, bench: Open) -> None:
    page = person.open(thing("REC-2"))
    field = page.locator('.field[data-path$="#label"]')
    field.get_by_role("button", name="Add another language").press("Enter")
    page.keyboard.type("2: hoge marker")
    field.locator("select.language").nth(1).select_option("nl")
    page.locator("#thing-title").click()
    person.unsaved(1)

    def labels() -> list[str]:
        return [e.language for e in bench.desk.describe(SPACE + "REC-2")[expand("rdfs:label")]]

    assert sorted(labels()) == ["en", "nl"]
    page.get_by_role("button", name="Remove 2: hoge marker").press("Enter")
    person.unsaved(2)
    assert labels() == ["en"]


def test_a_claim_is_made(person: Person, bench: Open) -> None:
    page = person.open(of_class("gg:EvidenceClaim"))
    page.get_by_role("textbox", name="What is claimed?").fill(
        "The marker is higher in those who are older."
    )
    page.get_by_label("What sort of statement is it?").select_option(index=1)
    passages = page.get_by_role("combobox", name="Passages of the source")
    passages.focus()
    page.keyboard.type("background")
    page.locator(OPTION).first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add this").press("Enter")
    page.locator("#creating-told").get_by_text("label").wait_for()  # it has no name yet
    page.get_by_role("textbox", name="Short name, by which").fill("Marker and age")
    page.get_by_role("button", name="Add this").press("Enter")
    page.get_by_role("heading", name="Marker and age", level=1).wait_for()
    person.unsaved(1)
    made = [each for each in bench.desk.steps[0].subjects if "age" in each]
    assert made and bench.desk.describe(made[0])


def test_a_branch_is_added_to_a_decision(person: Person, bench: Open) -> None:
    page = person.open(TABLE)
    page.get_by_role("link", name="Add a branch").first.click()
    page.get_by_role("textbox", name="Label required").fill("Very high")
    target = page.get_by_role("combobox", name="Leads to")
    target.focus()
    page.keyboard.type("The treatment can")
    page.locator(OPTION).first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add this").click()
    page.get_by_role("heading", name="Marker on admission", level=1).wait_for()
    person.unsaved(2)
    assert len(bench.desk.describe(SPACE + "N-level")[expand("gg:hasBranch")]) == 5


def test_the_committee_says_something(person: Person, bench: Open) -> None:
    page = person.open(thing("REC-2"))
    page.locator("summary", has_text="Record dissent").click()
    page.get_by_label("Who disagrees").fill("B. Member")
    page.get_by_label("With what, and why").fill("The limit is too high.")
    page.get_by_role("button", name="Record dissent").click()
    person.unsaved(1)
    page.locator("#discussion-of").get_by_text("The limit is too high.").wait_for()


def test_a_thing_is_renamed_and_retired(person: Person, bench: Open) -> None:
    page = person.open(thing("REC-4"))
    page.get_by_role("button", name="Rename…").press("Enter")
    page.keyboard.press("Control+A")
    page.keyboard.type("REC-older")
    page.keyboard.press("Enter")
    page.locator("code", has_text="REC-older").first.wait_for()
    person.unsaved(1)
    page.get_by_role("button", name="Retire…").click()
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    assert page.locator(":focus").inner_text() == "Retire…"
    page.keyboard.press("Enter")
    page.get_by_label("Why?").fill("No longer used.")
    page.get_by_role("button", name="Retire", exact=True).click()
    page.wait_for_url("**/changes")
    person.unsaved(2)


def test_another_window_does_not_lose_what_is_typed(person: Person, bench: Open) -> None:
    page = person.open(thing("REC-2"))
    said = (Literal("1: another", language="en"),)
    bench.desk.apply([Put(SPACE + "REC-1", expand("rdfs:label"), said)])
    field = page.locator('.field[data-path$="#label"] input').first
    field.fill("2: mine")
    field.press("Enter")
    page.locator("#notice").get_by_text("another window").wait_for()
    assert field.input_value() == "2: mine"
    field.press("Enter")
    person.unsaved(2)
    assert "2: mine" in str(bench.desk.describe(SPACE + "REC-2")[expand("rdfs:label")])


# ---- nothing runs, nothing is hidden from anybody --------------------------------------------


def test_words_of_a_guideline_never_run(chromium: Any, bench: Open) -> None:
    said = tuple(Literal(each, language="en") for each in PAYLOADS[:3])
    for name in ("REC-2", "N-treat", "THR-low", "PATH-marker", "B-level-low", "CRIT-low"):
        bench.desk.apply([Put(SPACE + name, expand("rdfs:label"), said[:1])])
        bench.desk.apply([Put(SPACE + name, expand("skos:definition"), said[1:2])])
    person = Person(chromium, bench)
    for address in (*PAGES[:14], "/changes"):
        page = person.open(address)
        page.wait_for_load_state("networkidle")
        assert (
            page.evaluate("document.querySelectorAll('main img, main script, [onload]').length")
            == 0
        )
    box = person.open(thing("REC-2")).get_by_role("combobox", name="Condition")
    box.focus()
    person.typed("img")
    person.page.locator(OPTION).first.wait_for()
    assert person.complaints == []
    person.context.close()
