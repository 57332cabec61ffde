"""The search as people use it: from files and from a server, by keyboard and by mouse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from guidegraph.site.broken import addresses

pytestmark = pytest.mark.browser

FIELD = "#site-search"
OPTION = "#site-search-list [role=option]"


def expect(locator: Any) -> Any:
    from playwright.sync_api import expect as expected

    return expected(locator)


def search(page: Any, query: str) -> None:
    page.fill(FIELD, query)
    page.wait_for_selector(f"{OPTION}, .search [role=status]:not(.unseen)")
    page.wait_for_timeout(50)


def test_the_index_is_loaded_when_the_field_is_used_and_not_before(
    visit: Any, example_site: Path
) -> None:
    page = visit.open(example_site, "recommendations/rec-1.html")
    page.wait_for_selector(FIELD)
    assert not [each for each in visit.asked if "search-index" in each]
    page.focus(FIELD)
    page.wait_for_selector("script[src$='search-index.js']", state="attached")
    page.locator(FIELD).blur()
    search(page, "marker")
    assert len([each for each in visit.asked if "search-index" in each]) == 1


def test_a_thing_is_found_by_keyboard_alone(visit: Any, example_site: Path) -> None:
    page = visit.open(example_site, "thresholds/index.html")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "site-search"
    page.keyboard.type("mark")
    page.wait_for_selector(OPTION)
    field = page.locator(FIELD)
    assert field.get_attribute("aria-expanded") == "true"
    assert field.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowDown")
    chosen = page.locator(f"{OPTION}[aria-selected=true]")
    assert chosen.count() == 1
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowUp")
    assert page.locator(OPTION).last.get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert "Biomarker" in page.locator(f"{OPTION}[aria-selected=true]").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/observables/marker.html")


def test_escape_closes_then_empties_and_leaving_closes(visit: Any, example_site: Path) -> None:
    page = visit.open(example_site, "index.html")
    search(page, "marker")
    page.keyboard.press("Escape")
    assert not page.locator(OPTION).first.is_visible()
    assert page.input_value(FIELD) == "marker"
    page.keyboard.press("ArrowDown")
    page.wait_for_selector(OPTION)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.input_value(FIELD) == ""
    search(page, "marker")
    page.keyboard.press("Tab")
    assert not page.locator(OPTION).first.is_visible()
    page.locator("h1").click()
    page.keyboard.press("Tab")
    assert page.locator(FIELD).get_attribute("aria-expanded") == "false"


def test_results_say_what_they_are_and_mark_what_was_asked(visit: Any, example_site: Path) -> None:
    page = visit.open(example_site, "index.html")
    search(page, "low limit")
    first = page.locator(OPTION).first
    assert "Threshold · Thresholds" in first.inner_text()
    assert [each.lower() for each in first.locator("mark").all_inner_texts()][:2] == [
        "low",
        "limit",
    ]
    found = page.locator(OPTION).count() - 1  # the last leads to the page with all of them
    told = "1 result" if found == 1 else f"{found} results"
    expect(page.locator(".search [role=status]")).to_have_text(told)
    first.click()
    page.wait_for_url("**/thresholds/low.html")
    search(page, "xyzzyx")
    assert page.locator(".search [role=status]").inner_text() == "Nothing found."


def test_a_place_on_a_page_is_reached_from_deep_in_the_site(visit: Any, example_site: Path) -> None:
    page = visit.open(example_site, "recommendations/rec-1.html")
    search(page, "DOC passage-1")
    search(page, "passage-1")
    page.locator(OPTION).first.click()
    page.wait_for_url("**/sources/doc.html#passage-1")


def test_the_key_stays_out_of_other_fields_and_can_be_switched_off(
    visit: Any, example_site: Path
) -> None:
    page = visit.open(example_site, "search.html")
    words = page.locator("#search-words")
    words.focus()
    page.keyboard.type("a/b")
    assert words.input_value() == "a/b"
    page.uncheck("#search-key")
    page.locator("#search-key").blur()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "site-search"
    visit.open(example_site, "index.html")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "site-search"
    visit.open(example_site, "search.html")
    assert not page.is_checked("#search-key")
    page.check("#search-key")
    page.locator("#search-key").blur()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "site-search"


def test_all_results_have_an_address_that_can_be_passed_on(visit: Any, example_site: Path) -> None:
    page = visit.open(example_site, "search.html#q=marker")
    page.wait_for_selector(".results li")
    many = page.locator(".results li").count()
    assert page.locator("[role=status].note").inner_text() == f"{many} results"
    page.select_option("#search-kind", "Biomarker")
    page.wait_for_url("**&kind=Biomarker")
    assert page.locator(".results li").count() == 1
    assert page.locator("[role=status].note").inner_text() == "1 result"
    page.fill("#search-words", "low & limit")
    page.wait_for_url("**#q=low%20%26%20limit*")
    assert page.input_value("#search-words") == "low & limit"
    visit.open(example_site, "search.html#q=marker&kind=Biomarker")
    page.wait_for_selector(".results li")
    assert page.input_value("#search-kind") == "Biomarker"
    page.evaluate("location.hash = '#q=heparin'")
    expect(page.locator("#search-words")).to_have_value("heparin")


def test_enter_shows_all_results(visit: Any, example_site: Path) -> None:
    page = visit.open(example_site, "observables/marker.html")
    search(page, "limit")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html#q=limit")
    page.wait_for_selector(".results li")


def test_without_a_script_there_is_a_way_to_look(chromium: Any, example_site: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((example_site / "recommendations" / "rec-1.html").as_uri())
    page.locator(".search a").click()
    page.wait_for_url("**/search.html")
    assert page.locator("#search-results a", has_text="Words used").is_visible()
    context.close()


def test_nothing_typed_or_found_becomes_markup(visit: Any, example_site: Path) -> None:
    attack = "<img src=x onerror=document.documentElement.dataset.ran=1>"
    page = visit.open(example_site, "search.html")
    search(page, attack)
    page.fill("#search-words", attack)
    page.wait_for_timeout(300)
    page.evaluate(
        """(attack) => {
          const entry = guidegraph.searchIndex.entries[0];
          entry[1] = entry[8] = attack + " onerror";
          entry[6] = ["nl", attack];
        }""",
        attack,
    )
    search(page, "onerror")
    assert page.evaluate("document.documentElement.dataset.ran ?? ''") == ""
    assert page.locator(".search img, .results img").count() == 0


def test_below_any_path_of_a_server_it_finds_the_same(
    visit: Any, served: str, shipped_site: Path
) -> None:
    visit.page.goto(served + "recommendations/index.html")
    page = visit.page
    search(page, "2.000")
    assert page.locator(OPTION).count() > 5
    search(page, "OUD-REC-3")
    page.locator(OPTION).first.click()
    page.wait_for_url(served + "recommendations/OUD-REC-3.html")
    assert len(addresses(shipped_site)) > 2500
