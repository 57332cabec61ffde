"""Tables as people use them: sorted by their headings, filtered, and never without a linked row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en" data-root="."><head><meta charset="utf-8">
<link rel="stylesheet" href="assets/site.css"><link rel="stylesheet" href="assets/tables.css">
<script defer src="assets/table-values.js"></script><script defer src="assets/tables.js"></script>
</head><body><main><h1>Things</h1>{tables}</main></body></html>"""


def table(name: str, count: int) -> str:
    rows = "".join(
        f'<tr id="{name}-{n}"><th scope="row">Thing {(n * 7) % count}</th>'
        f'<td data-label="Amount">{"<" if n % 2 else ""}{n * 13 % 17},000 µg/L</td>'
        f'<td data-label="Note">remark{n}</td></tr>'.replace("<,", "&lt;,")
        for n in range(count)
    )
    return (
        f'<div class="scroll" role="region" aria-label="{name}" tabindex="0"><table id="{name}">'
        f"<caption>{name}</caption><thead><tr><th>Name</th><th>Amount</th><th>Note</th></tr>"
        f"</thead><tbody>{rows}</tbody></table></div>"
    )


@pytest.fixture
def folder(tmp_path: Path, example_site: Path) -> Path:
    """A page with a short, a middling and a long table, beside the styles of the site."""
    (tmp_path / "assets").symlink_to(example_site / "assets")
    tables = table("short", 4) + table("middle", 6) + table("long", 12)
    (tmp_path / "page.html").write_text(PAGE.format(tables=tables), "utf-8")
    return tmp_path


def names(page: Any, which: str) -> list[str]:
    found = page.locator(f"#{which} tbody tr:visible th").all_inner_texts()
    return [each.strip() for each in found]


def test_only_tables_that_are_long_enough_get_controls(visit: Any, folder: Path) -> None:
    page = visit.open(folder, "page.html")
    assert page.locator("#short .sort").count() == 0
    assert page.locator("#middle .sort").count() == 3
    assert page.locator(".table-filter").count() == 1
    assert page.locator("[role=group][aria-label='Order and filter of: long']").is_visible()


def test_a_heading_sorts_up_down_and_back_by_keyboard(visit: Any, folder: Path) -> None:
    page = visit.open(folder, "page.html")
    before = names(page, "long")
    button = page.locator("#long .sort").first
    button.focus()
    head = page.locator("#long thead th").first
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert names(page, "long") == [f"Thing {n}" for n in range(12)]
    page.keyboard.press("Space")
    assert head.get_attribute("aria-sort") == "descending"
    assert names(page, "long") == [f"Thing {n}" for n in reversed(range(12))]
    page.locator("#long .sort").nth(1).click()
    assert head.get_attribute("aria-sort") is None
    amounts = page.locator("#long tbody td:nth-child(2)").all_inner_texts()
    figures = [int(each.strip("<").partition(",")[0]) for each in amounts]
    assert figures == sorted(figures)
    for _ in range(2):
        page.locator("#long .sort").nth(1).click()
    assert names(page, "long") == before
    assert page.locator("#long [aria-sort]").count() == 0


def test_a_filter_hides_rows_and_says_how_many_are_left(visit: Any, folder: Path) -> None:
    page = visit.open(folder, "page.html")
    page.fill(".table-filter input", "remark1")
    assert page.locator(".table-told").inner_text() == "3 of 12 rows"
    assert page.locator(".table-told").get_attribute("role") == "status"
    assert page.locator("#long tbody tr:visible").count() == 3
    page.locator("#long .sort").nth(2).click()
    assert page.locator("#long tbody tr:visible").count() == 3
    page.fill(".table-filter input", "no such thing")
    assert page.locator(".table-told").inner_text() == "0 of 12 rows"
    page.focus(".table-filter input")
    page.keyboard.press("Escape")
    assert page.locator("#long tbody tr:visible").count() == 12
    assert page.locator(".table-told").inner_text() == ""


def test_a_row_that_is_linked_is_never_hidden(visit: Any, folder: Path) -> None:
    page = visit.open(folder, "page.html#long-5")
    page.fill(".table-filter input", "remark1")
    assert page.locator("#long-5").is_visible()
    assert page.locator(".table-told").inner_text() == "3 of 12 rows"
    page.evaluate("location.hash = '#long-7'")
    page.locator("#long-7").wait_for()
    assert page.locator("#long-7").is_visible()
    assert not page.locator("#long-5").is_visible()


def test_on_a_narrow_screen_a_list_does_what_the_headings_do(chromium: Any, folder: Path) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto((folder / "page.html").as_uri())
    assert page.locator("#middle .sort").first.is_disabled()
    page.get_by_label("Sorted by").first.select_option(label="Name, falling")
    assert names(page, "middle") == [f"Thing {n}" for n in reversed(range(6))]
    page.get_by_label("Sorted by").first.select_option(label="Original order")
    assert names(page, "middle")[0] == "Thing 0"
    page.fill(".table-filter input", "remark1")
    assert page.locator("#long tbody tr:visible").count() == 3
    context.close()


def test_paper_shows_every_row(visit: Any, folder: Path) -> None:
    page = visit.open(folder, "page.html")
    page.fill(".table-filter input", "remark1")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#long tbody tr:visible").count() == 12
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#long tbody tr:visible").count() == 3


def test_tables_of_the_site_can_be_sorted_and_lose_no_row(visit: Any, shipped_site: Path) -> None:
    page = visit.open(shipped_site, "observables/index.html")
    rows = page.locator("main tbody tr")
    many = rows.count()
    before = rows.all_inner_texts()
    for button in page.locator(".sort").all():
        button.click()
    after = page.locator("main tbody tr").all_inner_texts()
    assert len(after) == many
    assert sorted(after) == sorted(before)
    assert page.locator(".table-filter").count() >= 1


def test_long_names_of_columns_do_not_widen_a_phone(visit: Any, shipped_site: Path) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 800})
    page = visit.open(shipped_site, "tables/TAB-MCG-1.html")
    page.wait_for_selector(".table-sort select")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
