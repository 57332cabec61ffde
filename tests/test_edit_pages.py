"""The pages of the editor: every class has a form, nothing stated is hidden, nothing runs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from lxml import html

from edit_pages_example import PAGES, PAYLOADS, SPACE, Bench, of_class, thing
from guidegraph.model import CLASSES
from guidegraph.terms import expand
from guidegraph.turtle.changes import Put
from guidegraph.turtle.values import Iri, Literal, Part, Sequence, Value

OWN = """
@prefix dash: <http://datashapes.org/dash#> .
@prefix ex: <https://example.org/own#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:Meeting a rdfs:Class , sh:NodeShape ; rdfs:label "meeting"@en ;
  sh:property [ sh:path ex:room ; sh:name "room"@en ; sh:datatype xsd:string ; sh:minCount 1 ;
    sh:description "Where it was."@en ; sh:group ex:Place ; sh:order 1 ] , [
    sh:path ex:mood ; sh:name "mood"@en ; sh:in ( "good" "bad" ) ; sh:maxCount 1 ] , [
    sh:path ex:day ; sh:name "day"@en ; sh:datatype xsd:date ; sh:maxCount 1 ] , [
    sh:path ex:after ; sh:name "after"@en ; sh:class ex:Meeting ; sh:maxCount 1 ] .
ex:Place rdfs:label "Where and how"@en ; sh:order 1 .

<https://example.org/guideline/example-marker/MEET-1> a ex:Meeting ;
  rdfs:label "First meeting"@en ; ex:room "B12" ; ex:mood "good" .
<https://example.org/guideline/example-marker/MEET-2> a ex:Meeting ;
  rdfs:label "Second meeting"@en ; ex:room "B13" ;
  ex:after <https://example.org/guideline/example-marker/MEET-1> ; ex:unasked "something else" .
"""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Only read."""
    yield from opened(tmp_path_factory.mktemp("read") / "example-marker")


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Bench]:
    """To be changed."""
    yield from opened(tmp_path / "example-marker", OWN)


def opened(folder: Path, *more: str) -> Iterator[Bench]:
    made = Bench(folder, *more)
    yield made
    made.desk.close()


# ---- every page ------------------------------------------------------------------------------


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_whole(bench: Bench, address: str) -> None:
    seen = bench.seen(address)
    names = Counter(seen.xpath("//@id"))
    assert [each for each, count in names.items() if count > 1] == []
    assert seen.xpath("//h1") and seen.xpath("//main") and seen.get("lang") == "en"
    for each in seen.xpath("//label/@for"):
        assert names[each] == 1, each
    for each in seen.xpath("//@aria-labelledby | //@aria-describedby | //@aria-controls"):
        assert all(names[one] == 1 for one in each.split()), each


@pytest.mark.parametrize("address", PAGES)
def test_no_page_has_anything_inline_or_from_elsewhere(bench: Bench, address: str) -> None:
    seen = bench.seen(address)
    assert (
        seen.xpath("//script[not(@src)] | //style | //@style | //@*[starts-with(name(),'on')]")
        == []
    )
    for each in seen.xpath("//script/@src | //link/@href | //img/@src | //form/@action"):
        assert each.startswith("/"), each


def test_a_thing_that_is_not_there_is_told_with_what_may_be_meant(bench: Bench) -> None:
    page = bench.get(thing("REC-22"), 404)
    assert "This is not in the guideline" in page
    assert bench.get(thing("PATH-marker", "/pathway", view="nothing"), 404)


# ---- forms -----------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", sorted({each.CLASS for each in CLASSES if each.CLASS}))
def test_every_class_has_a_form(bench: Bench, cls: str) -> None:
    seen = bench.seen(of_class(cls))
    there = set(seen.xpath("//*[contains(@class,'field')]/@data-path"))
    asked = {e.path for e in bench.desk.form(expand(cls)).fields if not e.read_only}
    assert asked - {expand("rdf:type")} <= there
    for each in seen.xpath("//*[@data-path and contains(@class,'field')]"):
        controls = ".//input | .//select | .//textarea | .//button | .//template"
        assert each.xpath(controls), each.get("data-path")


def said(value: Value) -> Iterator[str]:
    match value:
        case Iri(iri):
            yield iri
        case Literal(lexical):
            yield lexical
        case Part(statements):
            for path, each in statements:
                if path != expand("rdf:type"):
                    yield from said(each)
        case Sequence(members):
            for each in members:
                yield from said(each)


def test_every_thing_is_shown_with_all_that_is_stated_of_it(bench: Bench) -> None:
    for iri in bench.desk.workspace.subjects:
        seen = bench.seen(f"/thing?iri={quote(iri, safe='')}")
        shown = set(seen.xpath("//input/@value | //input/@data-iri | //option[@selected]/@value"))
        shown |= {each.text.lstrip("\n") for each in seen.xpath("//textarea") if each.text}
        shown |= set(seen.xpath("//dd/text() | //*[@class='kept']/text()"))
        for path, values in bench.desk.describe(iri).items():
            for value in values if path != expand("rdf:type") else ():
                for text in said(value):
                    known = bench.desk.known.by_iri(text)
                    names = {text, known.label if known else text}
                    assert any(name in each for name in names for each in shown), (iri, path, text)


def test_a_shape_of_the_users_own_has_a_form(fresh: Bench) -> None:
    seen = fresh.seen(thing("MEET-2"))
    text = seen.text_content()
    assert "Where and how" in text and "Where it was." in text
    paths = set(seen.xpath("//*[contains(@class,'field')]/@data-path"))
    assert {f"https://example.org/own#{each}" for each in ("room", "mood", "day", "after")} <= paths
    assert "something else" in text  # what no form asks for is not hidden
    after = seen.xpath("//*[@data-path='https://example.org/own#after']//input[@role='combobox']")
    assert after[0].get("data-iri") == SPACE + "MEET-1" and after[0].get("value") == "First meeting"
    told = fresh.post(
        "put", subject=SPACE + "MEET-2", predicate="https://example.org/own#mood", typed=["bad"]
    )
    assert told["undo"] == 1
    chosen = fresh.seen(thing("MEET-2")).xpath(
        "//*[@data-path='https://example.org/own#mood']//option[@selected]/@value"
    )
    assert chosen == ["bad"]
    assert "New meeting" in fresh.get(
        f"/new?class={quote('https://example.org/own#Meeting', safe='')}"
    )


def test_a_recommendation_is_asked_about_in_the_order_of_its_sentence(bench: Bench) -> None:
    headings = bench.seen(of_class("gg:Recommendation")).xpath("//legend//h2/text()")
    wanted = ["When?", "Who does what?", "To whom?", "How strongly?", "Why?", "Its name"]
    assert headings[: len(wanted)] == wanted


# ---- pathways --------------------------------------------------------------------------------


def fields(seen: Any, name: str, term: str) -> list[Any]:
    return list(seen.xpath(f"//*[@data-subject='{SPACE}{name}' and @data-path='{expand(term)}']"))


@pytest.mark.parametrize("view", ["table", "tree"])
def test_what_a_pathway_asks_is_edited_where_it_stands(bench: Bench, view: str) -> None:
    seen = bench.seen(thing("PATH-marker", "/pathway", view=view))
    for name, term in (
        ("THR-low", "gg:executableQuantity"),
        ("CRIT-low", "gg:comparator"),
        ("marker-high", "gg:defaultQuantity"),
        ("REC-2", "gg:modality"),
        ("N-treat", "gg:performsAction"),
        ("B-level-low", "rdfs:label"),
        ("B-level-low", "gg:leadsTo"),
        ("B-level-between", "gg:branchRole"),
        ("N-level", "gg:hitPolicy"),
    ):
        assert fields(seen, name, term), (name, term)
    limit = fields(seen, "THR-low", "gg:executableQuantity")[0]
    assert "50.0" in limit.xpath(".//input/@value")
    assert limit.xpath(".//option[@selected]/text()") == ["µg/L"]


def test_a_condition_that_is_no_comparison_is_told_in_words(bench: Bench) -> None:
    seen = bench.seen(thing("PATH-marker", "/pathway", view="table"))
    phrases = [each.text_content() for each in seen.xpath("//*[@class='phrase']")]
    assert "Marker high on admission several readings" in phrases
    assert "Does the patient refuse the example treatment? yes" in phrases or any(
        "refuse" in each for each in phrases
    )


def test_the_flowchart_marks_the_step_of_what_is_edited(bench: Bench) -> None:
    drawn = html.fragment_fromstring(bench.get(thing("REC-2", "/flow")), create_parent=True)
    marked = drawn.xpath("//*[@aria-current='true']/@data-node")
    assert marked == ["N-treat"]
    hrefs = drawn.xpath("//*[@data-node='N-treat']/@href")
    assert hrefs == [thing("N-treat")]


def test_a_pathway_that_names_what_is_not_there_says_so(fresh: Bench) -> None:
    iri, lost = SPACE + "B-level-low", SPACE + "N-nowhere"
    fresh.desk.apply([Put(iri, expand("gg:leadsTo"), (Iri(lost),))])
    for view in ("table", "tree", "flowchart"):
        assert "branch" in fresh.get(thing("PATH-marker", "/pathway", view=view)).lower()


# ---- changes, plan, settling -----------------------------------------------------------------


def test_a_step_is_told_with_the_patients_who_get_something_else(fresh: Bench) -> None:
    assert "Nothing is changed since the last save" in fresh.get("/panel")
    said = {"of": 0, "parts": {expand("gg:value"): ["60"]}}
    told = fresh.post(
        "put", subject=SPACE + "THR-low", predicate=expand("gg:executableQuantity"), typed=[said]
    )
    page = fresh.get("/changes")
    assert told["step"]["what"] in html.document_fromstring(page).text_content()
    plan = html.fragment_fromstring(fresh.get("/panel"), create_parent=True).text_content()
    assert "STOPS for some patients" in plan and "from 50 and below 60 µg/L" in plan
    assert re.search(r"Cases: \d+ of \d+ gets? something else", plan)
    assert "thresholds.ttl" in page


def test_what_both_sides_changed_can_be_settled(fresh: Bench) -> None:
    label = expand("rdfs:label")
    fresh.post("put", subject=SPACE + "REC-1", predicate=label, typed=["1: mine"])
    path = fresh.folder / "recommendations.ttl"
    text = path.read_text("utf-8")
    path.write_text(text.replace('"1: measure the marker on admission"@en', '"1: theirs"@en'))
    seen = fresh.seen("/merge")
    row = seen.xpath("//tbody/tr")[0].text_content()
    assert "1: mine" in row and "1: theirs" in row and "1: measure the marker on admission" in row
    told = fresh.post("settle", subject=SPACE + "REC-1", predicate=label, choice="yours")
    assert told["settled"]
    assert "nothing to settle" in fresh.get("/merge")


def test_a_finding_stands_at_its_thing_and_on_the_first_page(fresh: Bench) -> None:
    fresh.desk.apply([Put(SPACE + "REC-1", expand("gg:statement"), ())])
    page = fresh.seen(thing("REC-1"))
    told = page.xpath("//*[contains(@class,'told')]/p | //*[contains(@class,'finding')]")
    assert told
    first = fresh.seen("/?all=1")
    assert first.xpath("//*[@class='findings']//a[@href=$it]", it=thing("REC-1"))


# ---- what people write is never run ----------------------------------------------------------


@pytest.mark.parametrize(
    "turn", [0, *(pytest.param(each, marks=pytest.mark.slow) for each in range(1, len(PAYLOADS)))]
)
def test_words_stay_words(fresh: Bench, turn: int) -> None:
    """Every thing is called by another payload, in each turn by the next one."""
    names = ("REC-2", "N-treat", "THR-low", "PATH-marker", "B-level-low", "CRIT-low")
    said = [PAYLOADS[(turn + place) % len(PAYLOADS)] for place in range(len(names))]
    given = zip(names, said, strict=True)
    label = expand("rdfs:label")
    fresh.desk.apply([Put(SPACE + n, label, (Literal(s, language="en"),)) for n, s in given])
    sought = [f"/things?q={quote(each)}" for each in PAYLOADS]
    for address in (*PAGES, thing("REC-2", "/flow"), "/panel", *sought):
        answer = fresh.client.get(address)
        page = answer.text
        for bad in ("<img src=x", "<script>alert", "<svg onload", "49{%", "onerror=alert(1)>"):
            assert bad not in page, (address, bad)
        seen = html.document_fromstring(page)
        assert seen.xpath("//@onerror | //@onload | //a[starts-with(@href,'javascript')]") == []


def test_what_is_asked_in_the_address_stays_words(bench: Bench) -> None:
    for payload in PAYLOADS:
        asked = quote(payload, safe="")
        for address in (f"/thing?iri={asked}", f"/things?q={asked}", f"/new?class={asked}"):
            page = bench.client.get(address).text
            assert "<" not in payload or payload not in page, address
        assert "49" not in bench.client.get(f"/help?code={asked}").text


def test_a_field_is_offered_what_it_may_name(bench: Bench) -> None:
    of = quote(expand("gg:Criterion"), safe="")
    told = bench.client.get(f"/options?of={of}&q=low").json()
    assert told["found"][0]["iri"] == SPACE + "CRIT-low"
    assert all(each["iri"].startswith(SPACE + "CRIT") for each in told["found"])
    everything = bench.client.get("/options?of=&q=").json()
    assert everything["more"] and len(everything["found"]) == 20


def test_a_draft_that_was_found_again_is_told_until_something_is_done(fresh: Bench) -> None:
    said = (Literal("1: another", language="en"),)
    fresh.desk.apply([Put(SPACE + "REC-1", expand("rdfs:label"), said)])
    fresh.desk.close()
    again = Bench.again(fresh.folder)
    assert "A draft with 1 change was found" in again.get("/")
    again.desk.undo()
    assert "was found" not in again.get("/")
    again.desk.close()


def test_what_is_wrong_with_a_limit_stands_beside_it_in_the_table(fresh: Bench) -> None:
    said = {"of": 0, "parts": {expand("gg:value"): ["60"]}}
    path = expand("gg:executableQuantity")
    fresh.post("put", subject=SPACE + "THR-low", predicate=path, typed=[said])
    seen = fresh.seen(thing("PATH-marker", "/pathway", view="table"))
    cell = fields(seen, "THR-low", "gg:executableQuantity")[0]
    assert "a number that is not in what is printed" in cell.text_content()
    assert cell.xpath(".//input/@aria-invalid") == ["true"]
    assert "1 point to correct" in seen.text_content()


def test_words_in_other_languages_stay_on_the_form(fresh: Bench) -> None:
    label = expand("rdfs:label")
    words = [{"same": 0}, {"text": "Laag", "language": "nl"}]
    fresh.post("put", subject=SPACE + "B-level-low", predicate=label, typed=words)
    table = fresh.seen(thing("PATH-marker", "/pathway", view="table"))
    rows = fields(table, "B-level-low", "rdfs:label")[0].xpath("./div[@class='values']/div")
    assert [each.get("hidden") is not None for each in rows] == [False, True]
    form = fresh.seen(thing("B-level-low"))
    rows = fields(form, "B-level-low", "rdfs:label")[0].xpath("./div[@class='values']/div")
    assert [each.get("hidden") is not None for each in rows] == [False, False]
