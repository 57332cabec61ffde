"""The search: everything with an address is in its index, and what people type finds it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import site_example as example
from guidegraph.agree import node
from guidegraph.entity import Text
from guidegraph.site.blocks import Item, Items, Page, Section, words
from guidegraph.site.build import THEME
from guidegraph.site.content import SiteContent
from guidegraph.site.pages import all_pages
from guidegraph.site.safe import data_block
from guidegraph.site.search import LONGEST, Entry, entries, search_index
from guidegraph.site.view import View, view

CALLS = example.__file__.replace("site_example.py", "search_calls.mjs")
Ask = Callable[..., list[Any]]


def index_of(content: SiteContent) -> tuple[View, tuple[Page, ...], tuple[Entry, ...]]:
    seen = view(content)
    pages = tuple(all_pages(seen))
    return seen, pages, tuple(entries(seen, pages))


@pytest.fixture(scope="module")
def found() -> dict[str, Entry]:
    """The entries of the example by their addresses."""
    return {each.address: each for each in index_of(example.content())[2]}


def ask(index: str, *calls: tuple[str, ...]) -> list[Any]:
    """What the search says to some calls."""
    if missing := node.missing():
        pytest.skip(missing)
    told = {"assets": str(THEME / "assets"), "index": index, "calls": calls}
    done = subprocess.run(
        [shutil.which("node") or "node", CALLS],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    assert isinstance(answers, list)
    return answers


def made(*given: dict[str, Any]) -> str:
    """An index of made-up entries."""
    rows = [
        [
            each.get("to", f"p/{place}.html"),
            each["title"],
            "",
            0,
            0,
            each.get("names", []),
            each.get("labels", []),
            each.get("figures", ""),
            each.get("text", ""),
        ]
        for place, each in enumerate(given)
    ]
    data = {"kinds": ["Thing"], "chapters": ["Chapter of things"], "entries": rows}
    return f"(globalThis.guidegraph ??= {{}}).searchIndex = {data_block(data)};"


# --- the index ------------------------------------------------------------------------------------


def test_everything_with_an_address_is_in_the_index(found: dict[str, Entry]) -> None:
    seen, pages, _ = index_of(example.content())
    for name in seen.guideline.entities:
        address = seen.addresses.of(name)
        assert address in found, name
        assert found[address].title
    for page in pages:
        assert page.path in found or page.path == "search.html"


def test_entries_name_titles_numbers_codes_figures_and_texts(found: dict[str, Entry]) -> None:
    marker = found["observables/marker.html"]
    assert (marker.title, marker.kind, marker.chapter) == (
        "Marker",
        "Biomarker",
        "Biomarkers and findings",
    )
    assert "marker" in marker.names
    assert any("48065-7" in each for each in marker.names)
    limit = found["thresholds/low.html"]
    assert "<1,000 mg/L" in limit.figures
    assert "1,000 µg/L" in limit.figures
    assert "7" in found["sources/doc.html#cite-7"].names
    assert "doi:10.1000/xyz123" in found["sources/doc.html"].names
    assert "First Marker (on admission) below" in found["criteria/c-low.html"].text
    assert found["recommendations/index.html"].kind == "Chapter"
    assert found["codes/F105.html"].names == ("F105",)
    assert found["vocabulary/index.html#Should"].kind == "Code term"
    assert found["pathways/path.html#n-ask"].kind == "Step of a pathway"


def test_labels_of_every_language_are_in_the_index() -> None:
    known = example.guideline()
    label = Text((("en", "Marker"), ("nl", "Merkstof"), ("fr", "Marqueur")))
    marker = replace(known.entities["marker"], label=label, alternative_labels=("Indicator",))
    changed = replace(known, entities={**known.entities, "marker": marker})
    found = {each.address: each for each in index_of(example.content(changed))[2]}
    held = found["observables/marker.html"]
    assert held.labels == (("nl", "Merkstof"), ("fr", "Marqueur"), ("", "Indicator"))
    (asset,) = search_index(*index_of(example.content(changed))[:2])
    hit, accented = ask(asset.text, ("find", "merkst"), ("find", "marqueur"))
    assert hit["hits"][0][0] == "observables/marker.html"
    assert accented["hits"][0][0] == "observables/marker.html"


def test_places_that_are_nothing_of_the_guideline_are_found_too() -> None:
    seen, pages, _ = index_of(example.content())
    item = Item(words("A finding"), (Item(words("and why")),), anchor="finding-1")
    page = Page(
        path="x/index.html",
        index="x/index.html",
        title="X",
        sections=(Section("", (Items((Item(words("outer"), (item,)),)),)),),
    )
    (held,) = (e for e in entries(seen, (*pages, page)) if e.address == "x/index.html#finding-1")
    assert (held.title, held.text, held.names) == ("A finding", "and why", ("finding-1",))


def test_handwritten_pages_are_found_by_their_words_and_headings(tmp_path: Any) -> None:
    (tmp_path / "about.md").write_text(
        "---\nx: y\n---\n# About *us*\n\nSee [the limits](thresholds/index.md), `code`.\n\n"
        "## Who pays { #money }\n\nNobody.\n",
        "utf-8",
    )
    found = {each.address: each for each in index_of(example.content(pages=tmp_path))[2]}
    held = found["about.html"]
    assert held.title == "About us"
    assert held.labels == (("", "Who pays"),)
    assert held.text.startswith("See the limits, code. Who pays")


def test_texts_are_short_and_cut_between_words(found: dict[str, Entry]) -> None:
    known = example.with_literals(example.guideline(), lambda _: "word " * 200)
    for each in index_of(example.content(known))[2]:
        assert len(each.text) <= LONGEST + 2
        assert not re.search(r"(wo|wor|w) …$", each.text)
    assert all(len(each.text) <= LONGEST + 2 for each in found.values())


def test_the_index_is_a_script_that_no_literal_can_leave() -> None:
    attack = "</script><img src=x onerror=alert(1)>\u2028'\"\\ \u202e<!--"
    known = example.with_literals(example.guideline(), lambda _: attack)
    seen, pages, _ = index_of(example.content(known, attack))
    (asset,) = search_index(seen, pages)
    assert asset.text.isascii()
    assert not set("<>&'") & set(asset.text)
    assert "\\u202e" not in asset.text  # a control character that turns words around
    (again,) = search_index(seen, pages)
    assert again == asset
    (hit,) = ask(asset.text, ("find", "onerror"))
    assert hit["hits"]


# --- what people type -----------------------------------------------------------------------------

THINGS = made(
    {"title": "Text only", "text": "It speaks of heparin and of the D-dimer at 2,000 µg/L."},
    {"title": "Low-dose heparin", "names": ["heparin-low"]},
    {"title": "Heparin in hospital", "names": ["EX-REC-3", "REC"], "to": "p/a.html#heparin"},
    {"title": "Heparin", "names": ["loinc:48065-7"]},
    {"title": "D-dimer", "names": ["ddimer-1"], "labels": ["nl", "D-dimeer", "de", "Dürchmüller"]},
    {"title": "Limit", "figures": "<1,000 mg/L · 1,000–2,000 µg/L"},
    {"title": "Half", "figures": "0.5 mg/L"},
    {"title": "Interleukin 6 and platelets ×10⁹/L", "text": "Naïve œdème, Sjögren."},
    {"title": "A1: something else", "names": ["A1"]},
)


def titles(query: str) -> list[int]:
    (answer,) = ask(THINGS, ("find", query))
    names = ["p/0", "p/1", "p/a", "p/3", "p/4", "p/5", "p/6", "p/7", "p/8"]
    return [names.index(to.partition(".")[0]) for to, _ in answer["hits"]]


def test_names_then_labels_then_words_then_text() -> None:
    assert titles("heparin") == [3, 2, 1, 0]
    assert titles("EX-REC-3")[0] == 2
    assert titles("rec 3")[0] == 2
    assert titles("48065-7") == [3]
    assert titles("LOINC:48065-7")[0] == 3
    assert titles("a1")[0] == 8


@pytest.mark.parametrize("query", ["d-dimer", "ddimer", "D dimer", "dimer", "D‐dimer", "d-dim"])
def test_hyphens_do_not_matter(query: str) -> None:
    assert titles(query)[0] == 4


@pytest.mark.parametrize(
    "query", ["2000", "2,000", "2.000", "2\u00a0000", "2000 ug/L", "2,000µg/l"]
)
def test_numbers_are_found_however_they_are_written(query: str) -> None:
    assert titles(query) == [5, 0]


@pytest.mark.parametrize("query", ["0.5", "0,5", "0.50", "0,5 mg/L", "0.5mg/l"])
def test_decimals_are_found_with_point_or_comma(query: str) -> None:
    assert titles(query) == [6]


@pytest.mark.parametrize(
    ("query", "thing"),
    [("naive oedeme", 7), ("sjogren", 7), ("Durchmuller", 4), ("d-dimeer", 4), ("10^9/L", 7)],
)
def test_accents_and_signs_do_not_matter(query: str, thing: int) -> None:
    assert titles(query) == [thing]


@pytest.mark.parametrize(
    "query", ["hepatin", "heparine", "heaprin", "eparin", "hparin", "xheparin"]
)
def test_one_letter_may_be_wrong(query: str) -> None:
    assert titles(query)[:3] == [3, 1, 2] or titles(query)[0] in (1, 2, 3)
    assert set(titles(query)) == {0, 1, 2, 3}


@pytest.mark.parametrize("query", ["hezazin", "hepp", "2001", "1.500", "xyzzy"])
def test_more_than_one_letter_or_a_wrong_number_may_not(query: str) -> None:
    assert titles(query) == []


def test_words_may_stand_in_any_order_and_be_unfinished() -> None:
    assert titles("hosp hepa") == [2]
    assert titles("low heparin")[0] == 1
    assert titles("heparin thing") == [1, 3, 2, 0]  # the kind of a thing is a word of it


def test_where_nothing_has_all_words_those_with_most_are_told() -> None:
    (answer,) = ask(THINGS, ("find", "heparin hospital bananas"))
    assert answer["some"] is True
    assert [to for to, _ in answer["hits"]] == ["p/a.html#heparin"]
    (nothing, blank, signs) = ask(THINGS, ("find", "bananas"), ("find", "  "), ("find", "<>!?"))
    for each in (nothing, blank, signs):
        assert (each["hits"], each["some"]) == ([], False)


def test_what_was_asked_for_is_marked_and_nothing_is_lost() -> None:
    text = "First D-dimer ≥2,000 µg/L, naïve heparin"
    (pieces,) = ask("", ("marked", text, "ddimer 2000 ug/l naive hepatin"))
    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, is_it in pieces if is_it] == [
        "D-dimer",
        "2,000",
        "µg/L",
        "naïve",
        "heparin",
    ]


def test_strange_words_are_searched_like_any_other() -> None:
    index = made({"title": "constructor __proto__"}, {"title": "toString"}, {"title": "<b>x</b>"})
    for query, to in (("constructor", "p/0"), ("tostring", "p/1"), ("<b>x", "p/2")):
        (answer,) = ask(index, ("find", query))
        assert answer["hits"][0][0].startswith(to), query


def test_the_work_depends_on_what_is_found_not_on_how_much_there_is() -> None:
    """5,000 entries cost a look-up no more than 500; a wrong letter costs one look at each word."""
    queries = ("needle", "needle pin", "nedle", "needle haystack")
    work = {}
    for many in (500, 5000):
        hay = [
            {"title": f"Straw s{n * 7919 % 9973}", "text": f"word{n} lies in the field"}
            for n in range(many)
        ]
        needles = [{"title": f"Needle {n}", "text": "pin"} for n in range(10)]
        told = ask(made(*hay, *needles), ("size",), *(("find", each) for each in queries))
        size, found = told[0], told[1:]
        assert [len(each["hits"]) for each in found] == [10, 10, 10, 10]
        work[many] = [each["work"] for each in found]
        assert work[many][2] <= size + 50
    assert work[5000][:2] == work[500][:2]
    assert max(work[5000][:2]) < 100
