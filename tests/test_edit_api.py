"""What pages ask for: what is typed, new things, other names, withdrawal, what is said of them."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edit_example import Browser, D, desk, make, texts
from guidegraph.edit.desk import Desk
from guidegraph.edit.live import Live
from guidegraph.edit.naming import known_in
from guidegraph.edit.things import FORMULAS
from guidegraph.edit.typed import shown
from guidegraph.model import CLASSES, PARTS
from guidegraph.pipeline import load
from guidegraph.terms import expand
from guidegraph.turtle.document import Document
from guidegraph.turtle.values import Iri, Literal, Part, key
from guidegraph.workspace.workspace import Workspace

GG = expand("gg:x")[:-1]
THR, REC = D + "THR-low", D + "REC-1"
EXECUTED, VALUE = expand("gg:executableQuantity"), expand("gg:value")
LABEL = expand("rdfs:label")


@pytest.fixture
def folder(tmp_path) -> Path:
    return make(tmp_path)


@pytest.fixture
def browser(folder) -> Browser:
    return Browser(desk(folder))


def codes(told: dict[str, Any]) -> list[str]:
    return [each["code"] for each in told["findings"]]


# ---- what is typed ---------------------------------------------------------------------------


def test_a_value_is_checked_and_put(browser, folder):
    told = browser.does("check", subject=THR, predicate=EXECUTED, typed=["60 ug/L"])
    assert told["shown"] == ["60.0 µg/L"]
    assert (told["undo"], told["findings"]) == (0, [])
    told = browser.does("put", subject=THR, predicate=EXECUTED, typed=["60 ug/L"])
    assert told["step"]["what"] == "Low marker (upper limit, not included): limit 50.0 → 60.0"
    assert (told["undo"], told["redo"]) == (1, 0)
    (quantity,) = browser.desk.describe(THR)[EXECUTED]
    assert dict(quantity.statements)[VALUE] == Literal("60.0", expand("xsd:decimal"))
    old = (folder / "thresholds.ttl").read_text(encoding="utf-8").split("\n")
    new = browser.desk.draft.texts["thresholds.ttl"].split("\n")
    assert sum(a != b for a, b in zip(old, new, strict=True)) == 1


@pytest.mark.parametrize("typed", ["1.000 ug/L", "1,000 ug/L", "1.500 ug/L"])
def test_what_may_be_two_numbers_is_asked(browser, typed):
    assert browser.refused("put", subject=THR, predicate=EXECUTED, typed=[typed]) == (422, ["N101"])
    assert codes(browser.does("check", subject=THR, predicate=EXECUTED, typed=[typed])) == ["N101"]
    assert browser.desk.steps == ()


@pytest.mark.parametrize(
    ("typed", "mark", "meant"),
    [
        ("1.000 ug/L", "point", "1.0"),
        ("1.000 ug/L", "comma", "1000.0"),
        ("1,5 ug/L", "comma", "1.5"),
        ("1,500 ug/L", "point", "1500.0"),
    ],
)
def test_the_habit_of_a_person_decides(browser, typed, mark, meant):
    habits = {"decimal": mark}
    told = browser.does("put", subject=THR, predicate=EXECUTED, typed=[typed], habits=habits)
    assert re.match(rf"{re.escape(meant)}0* µg/L", told["shown"][0]), told


@pytest.mark.parametrize(
    ("predicate", "typed", "code"),
    [
        ("rdfs:label", "A \N{RIGHT-TO-LEFT OVERRIDE}label", "N108"),
        ("rdfs:label", "A lab\N{ZERO WIDTH SPACE}el", "N108"),
        ("rdfs:label", "<p>A label</p>", "N109"),
        ("rdfs:label", "A&nbsp;label", "N109"),
        ("gg:observable", "no-such-thing", "N105"),
        ("gg:observable", "CRIT-\N{ZERO WIDTH JOINER}low", "N108"),
        ("gg:comparator", "Perhaps", "N105"),
        ("gg:executableQuantity", "60", "N111"),
        ("gg:executableQuantity", "60 parsec", "N105"),
    ],
)
def test_what_cannot_be_read_is_told_and_not_made(browser, predicate, typed, code):
    before = browser.desk.revision
    answer = browser.refused("put", subject=THR, predicate=expand(predicate), typed=[typed])
    assert answer == (422, [code])
    assert browser.desk.revision == before


def test_what_is_shown_can_be_sent_again_without_a_change(browser):
    """Every value of every thing, as it is shown, is the same value to the letter."""
    at = browser.desk
    seen = 0
    for subject in at.workspace.subjects:
        said = at.describe(subject)
        for predicate, values in said.items():
            from guidegraph.edit.places import place

            field, now = place(at, subject, predicate, ())
            typed = [shown(each, field, at.known) or {"same": n} for n, each in enumerate(now)]
            if field.worded:
                typed = [
                    {"text": each.lexical, "language": each.language}
                    if isinstance(each, Literal)
                    else {"same": n}
                    for n, each in enumerate(now)
                ]
            if field.read_only:
                continue
            told = browser.does("put", subject=subject, predicate=predicate, typed=typed)
            assert told["step"] is None, (subject, predicate, typed)
            seen += len(values)
    assert at.steps == () and seen > 300


def test_other_languages_stay(browser):
    put = {"subject": REC, "predicate": LABEL}
    browser.does("put", **put, typed=["One", {"text": "Een", "language": "nl"}])
    browser.does("put", **put, typed=["Two"])
    assert set(browser.desk.describe(REC)[LABEL]) == {
        Literal("Two", language="en"),
        Literal("Een", language="nl"),
    }
    browser.does("put", **put, typed=[{"same": 0}])
    assert len(browser.desk.describe(REC)[LABEL]) == 1
    assert browser.refused("put", **put, typed=[{"text": "x", "language": "English!"}])[0] == 422


@pytest.mark.parametrize(
    "way",
    [
        {"predicate": VALUE, "inside": [EXECUTED, 0], "typed": ["60"]},
        {"predicate": "gg:value", "inside": [["gg:executableQuantity", 0]], "typed": ["60"]},
        {"predicate": EXECUTED, "typed": [{"of": 0, "parts": {"gg:value": ["60"]}}]},
    ],
)
def test_a_value_inside_a_part(browser, folder, way):
    told = browser.does("put", subject=THR, **way)
    assert told["step"]["what"].endswith("limit 50.0 → 60.0")
    old = (folder / "thresholds.ttl").read_text(encoding="utf-8")
    assert browser.desk.draft.texts["thresholds.ttl"] == old.replace("50.0", "60.0", 1)


def test_a_new_part_and_one_that_goes(browser):
    new = {"parts": {"gg:value": ["7"], "gg:unit": ["ug/L"]}}
    browser.does("put", subject=THR, predicate=EXECUTED, typed=[new])
    (part,) = browser.desk.describe(THR)[EXECUTED]
    assert isinstance(part, Part)
    assert Literal("7.0", expand("xsd:decimal")) in dict(part.statements).values()
    browser.does("put", subject=THR, predicate=EXECUTED, typed=[])
    assert EXECUTED not in browser.desk.describe(THR)
    assert browser.refused("put", subject=THR, predicate=EXECUTED, typed=[{"parts": {}}])[0] == 422


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"subject": D + "nothing", "predicate": LABEL, "typed": ["x"]}, 422, "G109"),
        (
            {"subject": THR, "predicate": VALUE, "inside": [EXECUTED, 5], "typed": ["1"]},
            422,
            "G109",
        ),
        ({"subject": THR, "predicate": VALUE, "inside": [EXECUTED], "typed": ["1"]}, 400, "G102"),
        ({"subject": THR, "predicate": VALUE, "inside": [EXECUTED, "x"], "typed": []}, 400, "G102"),
        ({"subject": THR, "predicate": LABEL, "typed": "x"}, 400, "G102"),
        ({"subject": THR, "predicate": LABEL, "typed": [3]}, 400, "G102"),
        ({"subject": THR, "predicate": LABEL, "typed": [{"same": 9}]}, 422, "G109"),
        ({"subject": THR, "predicate": LABEL, "typed": [{"parts": {"gg:x": []}}]}, 422, "G109"),
        ({"subject": THR, "typed": ["x"]}, 400, "G102"),
        ({"subject": 3, "predicate": LABEL, "typed": ["x"]}, 400, "G102"),
        ({"subject": THR, "predicate": LABEL, "typed": ["x"], "habits": 3}, 400, "G102"),
        (
            {"subject": THR, "predicate": LABEL, "typed": ["x"], "habits": {"decimal": "?"}},
            400,
            "G102",
        ),
        ({"subject": THR, "predicate": "not an iri", "typed": ["x"]}, 422, "W002"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused_and_changes_nothing(browser, body, status, code):
    assert browser.refused("put", **body) == (status, [code])
    assert browser.desk.steps == ()


def test_a_page_that_shows_an_older_state_is_refused(browser):
    old = browser.desk.revision
    browser.does("put", subject=REC, predicate=LABEL, typed=["One"])
    status, told = browser.post("put", subject=REC, predicate=LABEL, typed=["Two"], revision=old)
    assert (status, codes(told)) == (409, ["G103"])
    assert told["revision"] == browser.desk.revision
    assert browser.desk.describe(REC)[LABEL] == (Literal("One", language="en"),)
    assert browser.post("undo", revision=None)[0] == 409


def test_undo_redo_and_discard(browser, folder):
    before = texts(folder)
    browser.does("put", subject=REC, predicate=LABEL, typed=["One"])
    browser.does("put", subject=REC, predicate=LABEL, typed=["Two"])
    assert browser.does("undo")["undo"] == 1
    assert browser.does("redo")["step"]["number"] == 2
    told = browser.does("discard")
    assert (told["undo"], told["redo"]) == (0, 0)
    assert texts(folder) == before


# ---- new things ------------------------------------------------------------------------------


def test_a_recommendation_begins_as_a_draft_with_what_is_missing(browser):
    told = browser.does("create", cls="gg:Recommendation", typed={"rdfs:label": ["Ask twice"]})
    assert told["iri"] == D + "REC-ask-twice"
    assert told["address"].startswith("/thing?iri=https%3A")
    assert "N113" in codes(told)
    said = browser.desk.describe(told["iri"])
    assert said[expand("gg:status")] == (Iri(expand("code:Draft")),)
    assert said[expand("gg:strength")] == (Iri(expand("code:NotStated")),)
    again = browser.does("create", cls="gg:Recommendation", typed={"rdfs:label": ["Ask twice"]})
    assert again["iri"] == D + "REC-ask-twice-2"


def test_what_belongs_to_a_pathway_is_made_with_it(browser):
    typed = {
        "rdfs:label": ["Another way"],
        "gg:appliesTo": ["POP-inpatient"],
        "gg:performsAction": [browser.desk.known.of([GG + "Action"])[0].local],
        "gg:endReason": ["Completed"],
        "prov:wasDerivedFrom": ["EX-P-1"],
    }
    told = browser.does("create", cls="gg:CarePathway", typed=typed)
    start = browser.desk.describe(told["iri"])[expand("gg:startNode")][0]
    assert expand("gg:leadsTo") in browser.desk.describe(start.iri)
    assert browser.refused("create", cls="gg:CarePathway", typed={"rdfs:label": ["x"]})[0] == 422


def test_any_class_can_be_made_also_one_of_the_folder(browser, folder):
    told = browser.does("create", cls="gg:TimeWindow", typed={"rdfs:label": ["Some time"]})
    assert told["iri"] == D + "WIN-some-time"
    (folder / "own.ttl").write_text(
        f"@prefix d: <{D}> .\n@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "d:OwnShape a sh:NodeShape ; sh:targetClass d:WardRule ;\n"
        "  sh:property [ sh:path rdfs:label ; sh:minCount 1 ] ,\n"
        '    [ sh:path d:beds ; sh:datatype xsd:integer ; sh:name "beds"@en ] .\n'
    )
    browser.desk.refresh()
    typed = {"rdfs:label": [{"text": "Ward 3", "language": "en"}], D + "beds": ["12"]}
    told = browser.does("create", cls=D + "WardRule", typed=typed, name="ward-3")
    assert browser.desk.describe(D + "ward-3")[D + "beds"] == (
        Literal("12", expand("xsd:integer")),
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"cls": "gg:NoSuchClass", "typed": {}}, "G109"),
        ({"cls": "gg:Recommendation", "typed": {}}, "N113"),
        ({"cls": "gg:Recommendation", "typed": {"rdfs:label": ["x"]}, "name": "REC-1"}, "N115"),
        ({"cls": "gg:Recommendation", "typed": {"rdfs:label": ["x"]}, "name": "REC_l"}, ""),
        ({"cls": "gg:Recommendation", "typed": {"rdfs:label": ["x"]}, "name": "a b"}, "N115"),
        ({"cls": "gg:Recommendation", "typed": {"rdfs:label": ["<b>x</b>"]}}, "N109"),
        ({"cls": "gg:Recommendation", "typed": {"rdfs:label": "x"}}, "G102"),
        ({"cls": "gg:Recommendation", "typed": []}, "G102"),
    ],
)
def test_a_new_thing_that_cannot_be_made(browser, body, code):
    if not code:
        browser.does("create", **body)
        return
    assert code in browser.refused("create", **body)[1]
    assert browser.desk.steps == ()


# ---- other names, withdrawal -----------------------------------------------------------------


def test_another_name_goes_through_all_files(browser, folder):
    files = {
        name: data
        for name, data in texts(folder).items()
        if name.endswith(".ttl") and b"THR-low" in data
    }
    assert len(files) > 1
    told = browser.does("rename", old=THR, new="THR-lower")
    assert told["iri"] == D + "THR-lower"
    changed = browser.desk.draft.texts
    assert set(changed) == set(files)
    for name, data in files.items():
        assert changed[name] == re.sub(r"\bTHR-low\b", "THR-lower", data.decode())
    browser.does("undo")
    assert browser.desk.draft.is_empty


def test_formulas_get_the_new_name(folder):
    (folder / "more.ttl").write_text(
        f"@prefix d: <{D}> .\n@prefix gg: <{GG}> .\n"
        'd:THR-age a gg:Threshold ; gg:formula \'"age" * 10 + "age-2"\' .\n'
    )
    browser = Browser(desk(folder))
    browser.does("rename", old=D + "age", new="age-in-years")
    (formula,) = browser.desk.describe(D + "THR-age")[expand("gg:formula")]
    assert formula.lexical == '"age-in-years" * 10 + "age-2"'


def test_every_formula_of_the_model_is_known():
    found = {
        expand(each.metadata["term"])
        for kind in (*CLASSES, *PARTS)
        for each in fields(kind)
        if "Formula" in str(each.type) and "term" in each.metadata
    }
    assert found == set(FORMULAS)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (THR, "THR-high", "N115"),
        (THR, "THR low", "N115"),
        (THR, "", "G102"),
        (D + "nothing", "THR-x", "G109"),
        (THR, "https://example.org/a b", "G109"),
    ],
)
def test_a_name_that_cannot_be(browser, old, new, code):
    assert browser.refused("rename", old=old, new=new)[1] == [code]


def test_a_name_may_differ_in_one_letter_only_from_its_own(browser):
    browser.does("rename", old=THR, new="THR-Low")
    assert browser.desk.describe(D + "THR-Low")


def test_a_withdrawn_thing_says_what_it_was_and_why(folder):
    browser = Browser(desk(folder, Live(folder)))
    made = browser.does("create", cls="gg:TimeWindow", typed={"rdfs:label": ["Some time"]})
    told = browser.does("retire", iri=made["iri"], why="It was never used")
    assert told["mentionedBy"] == []
    assert told["findings"] == []
    said = browser.desk.describe(made["iri"])
    assert said == {
        expand("rdf:type"): (Iri(GG + "Withdrawn"),),
        LABEL: (Literal("Some time", language="en"),),
        GG + "formerClass": (Iri(GG + "TimeWindow"),),
        GG + "rationale": (Literal("It was never used", language="en"),),
        expand("owl:deprecated"): (Literal("true", expand("xsd:boolean")),),
    }
    browser.does("save", who="Ann", why="Tidy")
    assert load(folder).findings == ()
    assert browser.refused("retire", iri=made["iri"], why="Again")[1] == ["G108"]
    told = browser.does("retire", iri=THR, why="Another one holds", replacedBy="THR-high")
    assert browser.desk.describe(THR)[expand("dcterms:isReplacedBy")] == (Iri(D + "THR-high"),)
    assert told["mentionedBy"] == [D + "CRIT-low"]
    assert browser.refused("retire", iri=REC, why=" ")[1] == ["G110"]
    assert browser.refused("retire", iri=REC, why="x", replacedBy=D + "nothing")[1] == ["G109"]


# ---- what is said about advice ---------------------------------------------------------------


def test_comments_votes_and_dissent_are_things_without_findings(folder):
    browser = Browser(desk(folder, Live(folder)))
    about = {"about": REC}
    said = browser.does("discuss", **about, kind="comment", text="At night, too?", by="Ann Example")
    assert said["findings"] == []
    ann = browser.desk.describe(said["iri"])[expand("prov:wasAttributedTo")]
    vote = {"for": "7", "against": "1", "abstained": "0", "quorum": "5"}
    told = browser.does(
        "discuss", **about, kind="vote", by="The committee", on="2026-11-20", **vote
    )
    assert told["findings"] == []
    assert browser.desk.describe(told["iri"])[expand("gg:votesFor")][0].lexical == "7"
    told = browser.does("discuss", **about, kind="dissent", text="Too early.", by="Ann Example")
    assert browser.desk.describe(told["iri"])[expand("prov:wasAttributedTo")] == ann
    browser.does("save", who="Ann Example", why="The meeting")
    assert load(folder).findings == ()
    assert set(texts(folder)) >= {"comment.ttl", "edits.ttl"}
    assert "vote.ttl" not in texts(folder)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"kind": "comment", "text": "", "by": "Ann"}, "G110"),
        ({"kind": "comment", "text": "x", "by": ""}, "G110"),
        ({"kind": "comment", "text": "<b>x</b>", "by": "Ann"}, "N109"),
        ({"kind": "comment", "text": "x", "by": "A\N{ZERO WIDTH SPACE}nn"}, "N108"),
        ({"kind": "praise", "text": "x", "by": "Ann"}, "G109"),
        ({"kind": "vote", "for": "", "against": "1", "abstained": "0", "by": "All"}, "G110"),
        ({"kind": "vote", "for": "-1", "against": "1", "abstained": "0", "by": "All"}, "N110"),
        ({"kind": "vote", "for": "1.5", "against": "1", "abstained": "0", "by": "All"}, "N102"),
        ({"kind": "dissent", "text": "x", "by": "Ann", "on": "03/04/2026"}, "N103"),
    ],
)
def test_what_cannot_be_said(browser, body, code):
    assert code in browser.refused("discuss", about=REC, **body)[1]
    assert browser.desk.steps == ()
    assert browser.refused("discuss", about=D + "x", kind="comment", text="x", by="A")[0] == 422


# ---- plan and saving -------------------------------------------------------------------------


def test_a_plan_tells_who_gets_something_else(folder):
    browser = Browser(desk(folder, Live(folder)))
    assert browser.does("plan")["data"]["class"] == "none"
    browser.does("put", subject=THR, predicate=EXECUTED, typed=["60 ug/L"])
    told = browser.does("plan")
    assert told["data"]["class"] in ("behaviour", "breaking")


def test_a_plan_is_the_same_whether_the_cases_were_decided_before_or_not(folder):
    file = folder / "thresholds.ttl"
    drafted = {file.name: file.read_text("utf-8").replace("gg:value 50", "gg:value 60")}
    prepared, plain = Live(folder), Live(folder)
    saved = prepared.look()
    nothing = prepared.plan(saved, saved)
    assert nothing is not None and not nothing.changes
    assert prepared._decided.sides, "the cases as they are saved are decided about"
    plans = [
        live.plan(before, live.look(drafted))
        for live, before in ((prepared, saved), (plain, plain.look()))
    ]
    one, other = (each.cases for each in plans if each)
    assert one == other
    assert one and one.changed


def test_two_sides_meet_and_are_settled_over_the_page(browser, folder):
    browser.does("put", subject=THR, predicate=expand("gg:reportedText"), typed=["<60 µg/L"])
    path = folder / "thresholds.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("<50 µg/L", "<55 µg/L"), "utf-8")
    browser.desk.refresh()
    status, told = browser.post("save", who="Ann", why="Why")
    assert (status, codes(told)) == (409, ["G111"])
    (met,) = told["conflicts"]
    assert met["file"] == "thresholds.ttl"
    sides = [met[each][0]["text"] for each in ("base", "yours", "theirs")]
    assert sides == ["<50 µg/L", "<60 µg/L", "<55 µg/L"]
    where = {"file": met["file"], "subject": met["subject"], "predicate": met["predicate"]}
    assert browser.refused("settle", **where, choice="mine")[0] == 400
    told = browser.does("settle", **where, choice="yours")
    assert (told["settled"], told["conflicts"]) == (True, [])
    assert browser.does("save", who="Ann", why="Why")["saved"] == ["edits.ttl", "thresholds.ttl"]
    assert "<60 µg/L" in path.read_text(encoding="utf-8")


# ---- random edits ----------------------------------------------------------------------------


def untouched(before: Document, after: Document, touched: set[str]) -> bool:
    """Whether all blocks of other things are the same, to the letter and in the same order."""
    kept = [
        [b.text.strip() for iri in d.subjects if iri not in touched for b in d.blocks(iri)]
        for d in (before, after)
    ]
    return kept[0] == kept[1]


WORDS = st.text("abc é<µ\"\\'1.,-\N{GREEK SMALL LETTER ALPHA}", min_size=1, max_size=12).filter(
    lambda each: each.strip()
)
NUMBERS = st.integers(0, 99999).map(lambda n: f"{n} ug/L")
EDITS = st.one_of(
    st.tuples(st.just("label"), st.integers(0, 999), WORDS),
    st.tuples(st.just("words"), st.integers(0, 999), WORDS),
    st.tuples(st.just("limit"), st.integers(0, 9), NUMBERS),
    st.tuples(st.just("inside"), st.integers(0, 9), st.integers(1, 9999).map(str)),
    st.tuples(st.just("gone"), st.integers(0, 999), st.just("")),
    st.tuples(st.just("new"), st.integers(0, 3), WORDS),
    st.tuples(st.just("undo"), st.just(0), st.just("")),
    st.tuples(st.just("redo"), st.just(0), st.just("")),
)


def edited(browser: Browser, kind: str, number: int, text: str) -> set[str]:
    """Make one call; the things that it touches."""
    at = browser.desk
    own = [each for each in at.draft.result.subjects if each.startswith(D)]
    subject = own[number % len(own)]
    limits = [each for each in own if EXECUTED in at.describe(each)]
    limit = limits[number % len(limits)]
    match kind:
        case "label":
            browser.post("put", subject=subject, predicate=LABEL, typed=[text])
        case "words":
            note = expand("skos:scopeNote")
            words = [{"text": text, "language": "nl"}]
            browser.post("put", subject=subject, predicate=note, typed=words)
        case "limit":
            subject = limit
            browser.post("put", subject=limit, predicate=EXECUTED, typed=[text])
        case "inside":
            subject = limit
            way = {"inside": [EXECUTED, 0], "predicate": VALUE}
            browser.post("put", subject=limit, **way, typed=[text], habits={"decimal": "point"})
        case "gone":
            browser.post("put", subject=subject, predicate=expand("gg:rationale"), typed=[])
        case "new":
            kinds = ("gg:TimeWindow", "gg:Threshold", "gg:Study", "gg:Recommendation")
            _, told = browser.post("create", cls=kinds[number], typed={"rdfs:label": [text]})
            subject = told.get("iri", subject)
        case _:
            browser.post(kind)
            return {one for e in (*at.steps, *at.undone) for one in e.subjects}
    return {subject}


def described(at: Desk, iri: str) -> bool:
    """Whether the same is said of a thing as before."""
    before, after = at.workspace.describe(iri), at.draft.result.describe(iri)
    return {p: [key(e) for e in v] for p, v in before.items()} == {
        p: [key(e) for e in v] for p, v in after.items()
    }


def check_random_edits(edits: list[tuple[str, int, str]], place: Path) -> None:
    folder = make(place)
    files = texts(folder)
    browser = Browser(desk(folder))
    at: Desk = browser.desk
    touched: set[str] = set()
    for kind, number, text in edits:
        before = at.draft.result
        mine = edited(browser, kind, number, text)
        touched |= mine
        again = known_in(at.draft.result, at.looked)
        assert set(at.known.things) == set(again.things)
        for file, document in at.draft.result.documents.items():
            if file in before.documents:
                assert untouched(before.documents[file], document, mine), (kind, file)
    base, result = at.workspace, at.draft.result
    for file, text in at.draft.texts.items():
        if file in base.documents:
            assert untouched(base.documents[file], result.documents[file], touched)
        assert {s for s in result.documents[file].subjects if not described(at, s)} <= touched
        assert Document.parse(text, file).text == text
    shown = dict(at.draft.texts)
    at.close()
    later = desk(folder)
    assert later.draft.texts == shown
    while later.steps:
        later.undo()
    assert later.draft.is_empty and later.workspace.documents.keys() == base.documents.keys()
    while later.undone and len(later.steps) < len(at.steps):
        later.redo()
    assert later.draft.texts == shown
    assert texts(folder) == files
    if shown:
        later.save("Ann", "Why")
        after = texts(folder)
        for file in files:
            assert after[file] == shown.get(file, files[file].decode()).encode()
        assert Workspace.open(folder).documents.keys() == {*base.documents, *shown, "edits.ttl"}
    later.close()


SLOW_TOO = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]


@settings(max_examples=8, deadline=None, suppress_health_check=SLOW_TOO)
@given(st.lists(EDITS, min_size=1, max_size=8))
def test_random_edits_and_back_are_lossless(tmp_path_factory, edits):
    check_random_edits(edits, tmp_path_factory.mktemp("random"))


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=SLOW_TOO)
@given(st.lists(EDITS, min_size=1, max_size=30))
def test_many_random_edits_and_back_are_lossless(tmp_path_factory, edits):
    check_random_edits(edits, tmp_path_factory.mktemp("random"))
