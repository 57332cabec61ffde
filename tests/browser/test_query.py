"""A reader asks the graph: values, a query of their own, time that runs out, a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from guidegraph.site import asking, engine

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(engine.find() is None, reason=engine.MISSING),
]
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LONG = 60_000


@pytest.fixture
def page(visit: Any, shipped_site: Path) -> Iterator[Any]:
    yield visit.open(shipped_site, "queries/editor.html")


def run(page: Any, text: str | None = None) -> None:
    if text is not None:
        page.get_by_label("Query", exact=True).fill(text)
    page.get_by_role("button", name="Run", exact=True).click()


def status(page: Any) -> Any:
    return page.locator("#asking .query-status")


def done(page: Any) -> str:
    """The words when it is over."""
    page.locator("#asking button[type=submit]:not(:disabled)").wait_for(timeout=LONG)
    return str(status(page).inner_text())


def test_nothing_is_fetched_before_somebody_asks(visit: Any, shipped_site: Path):
    page = visit.open(shipped_site, "queries/thresholds.html")
    page.get_by_role("button", name="Run", exact=True).wait_for()
    assert not [each for each in visit.asked if each.endswith((asking.ENGINE, asking.GRAPH))]


@pytest.mark.parametrize("place", ["file", "served"])
def test_a_named_query_runs_with_a_value(visit: Any, shipped_site: Path, served: str, place: str):
    if place == "file":
        page = visit.open(shipped_site, "queries/thresholds.html")
    else:
        page = visit.page
        page.goto(served + "queries/thresholds.html")
    page.get_by_label("observable", exact=True).fill("d-dimer")
    run(page)
    assert "rows in" in done(page)
    rows = page.locator("#asking .query-answer tbody tr")
    assert 0 < rows.count() < page.locator("table.rows tbody tr").count() - rows.count()
    name = page.locator("#asking .query-answer tbody a").first
    name.click()
    page.wait_for_load_state()
    assert "/queries/" not in page.url
    assert page.locator("h1").count() == 1
    if place == "served":
        assert visit.strangers("http://127.0.0.1") == []


def test_a_value_that_is_misspelt_or_missing_is_explained(visit: Any, shipped_site: Path):
    page = visit.open(shipped_site, "queries/thresholds.html")
    page.get_by_label("observable", exact=True).fill("d-dimr")
    run(page)
    assert done(page) == "The query was not run."
    assert "Did you mean d-dimer" in page.locator(".faults").inner_text()
    page.get_by_role("button", name="Go to observable").click()
    assert page.evaluate("document.activeElement.name") == "observable"
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"


def test_a_query_of_ones_own_by_keyboard(page: Any, visit: Any):
    editor = page.get_by_label("Query", exact=True)
    editor.fill("SELECT ?thing ?label { ?thing a gg:Recommendation ; rdfs:label ?label }")
    editor.press("Control+Enter")
    assert "rows in" in done(page)
    assert page.locator("#asking .query-answer tbody tr").count() > 20
    assert page.locator("#asking .query-answer a").first.get_attribute("href").startswith("../")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SELECT * { SERVICE <http://e.org> { ?a ?b ?c } }", "another machine"),
        ("SELECT * FROM <http://e.org> { ?a ?b ?c }", "another set of data"),
        ("LOAD <http://e.org>", "LOAD fetches data"),
        ("SELECT ?a\nWHERE { ?a ?b } ORDER BY ?a", "cannot be understood"),
        ("SELECT ?a { ?a a gg:X", "never closed"),
        ("SELECT ?a { ?a ?b ?c FILTER(<http://e.org/f>(?a)) }", "function that does not exist"),
    ],
)
def test_what_cannot_run_is_explained_at_its_place(page: Any, text: str, words: str):
    run(page, text)
    assert done(page) == "The query was not run."
    assert words in page.locator(".faults").inner_text()
    page.get_by_role("button", name="Go to line").click()
    assert page.evaluate("document.activeElement.id") == "asking-text"


def test_a_query_can_be_cancelled_and_another_one_run(page: Any):
    run(page, SLOW)
    page.get_by_text("s of 20 s").wait_for(timeout=LONG)
    page.get_by_role("button", name="Cancel").click()
    assert done(page) == "Cancelled."
    run(page, "ASK { ?s ?p ?o }")
    assert done(page).startswith("The answer is yes")


def test_a_query_is_stopped_when_its_time_is_over(page: Any):
    page.get_by_label("Time limit in seconds").fill("2")
    run(page, SLOW)
    assert done(page) == "Stopped."
    assert "no answer after 2 s" in page.locator(".faults").inner_text()
    run(page, "ASK { ?s ?p ?s }")
    assert done(page).startswith("The answer is")


def test_the_answer_is_saved_as_csv(page: Any):
    run(page, 'SELECT ?a ?b { VALUES (?a ?b) { ("x,\\"y\\"" 1.50) ("=2" UNDEF) } }')
    assert done(page).startswith("2 rows")
    with page.expect_download() as saving:
        page.get_by_role("button", name="Download as CSV").click()
    text = Path(saving.value.path()).read_bytes().decode()
    assert saving.value.suggested_filename == "your-query.csv"
    assert text == 'a,b\r\n=2,\r\n"x,""y""",1.5\r\n'
    assert list(csv.reader(io.StringIO(text)))[1:] == [["=2", ""], ['x,"y"', "1.5"]]


def test_more_rows_than_are_shown_are_counted(page: Any):
    run(page, "SELECT * { ?s ?p ?o } LIMIT 3000")
    words = done(page)
    assert words.startswith("3,000 rows")
    assert "The first 500 are shown" in words
    assert page.locator("#asking .query-answer tbody tr").count() == 500


def test_a_value_that_looks_like_markup_stays_text(page: Any):
    run(page, 'SELECT ("<img src=x onerror=alert(1)>" AS ?x) (IRI("javascript:alert(1)") AS ?y) {}')
    assert done(page).startswith("1 row")
    assert page.locator("#asking .query-answer img").count() == 0
    assert page.locator("#asking .query-answer a").count() == 0
    assert "<img src=x" in page.locator("#asking .query-answer td").first.inner_text()


def test_a_named_query_is_put_into_the_editor(page: Any):
    page.get_by_label("Begin with a query").select_option(label="Thresholds")
    page.get_by_role("button", name="Put it into the editor").click()
    assert "gg:Threshold" in page.get_by_label("Query", exact=True).input_value()
    page.get_by_role("button", name="Fill in the example").click()
    assert page.get_by_label("observable", exact=True).input_value() == "d-dimer"
    page.get_by_label("Name", exact=True).select_option("gg:reportedText")
    page.get_by_role("button", name="Insert").click()
    assert "gg:reportedText " in page.get_by_label("Query", exact=True).input_value()


def test_the_pages_are_whole_without_scripts(chromium: Any, shipped_site: Path):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((shipped_site / "queries/thresholds.html").as_uri())
    assert page.locator("table.rows tbody tr").count() > 10
    assert "It needs scripts" in page.locator("#asking").inner_text()
    context.close()


def test_axe_finds_nothing(page: Any):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    run(page, "SELECT ?thing ?label { ?thing a gg:Recommendation ; rdfs:label ?label } LIMIT 3")
    done(page)
    script = Path(axe.__file__).parent / "axe.min.js"
    page.evaluate(script.read_text("utf-8"))
    found = page.evaluate("axe.run(document.querySelector('main'), {preload: false})")
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found["violations"]] == []
