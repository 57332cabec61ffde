"""Parts inside parts: what the form shows of them, and every change of one and back."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

pytest.importorskip("starlette", reason="the extra `edit` is not installed")

import pyoxigraph
from rdflib import Graph

from edit_example import Browser, Plain, desk
from guidegraph.edit.pages.catalogue import Catalogue
from guidegraph.edit.pages.cells import Cell, Cells
from guidegraph.turtle.values import (
    RDF_TYPE,
    XSD_DECIMAL,
    XSD_INTEGER,
    Iri,
    Literal,
    Part,
    Value,
    key,
)
from insides_example import EX, FILE, OTHER, PLAN, PLANS, SHAPES

DOSE, THEN, MG, REMARK = EX + "dose", EX + "then", EX + "mg", EX + "remark"
PAUSE, HOURS, UNKNOWN = EX + "pause", EX + "hours", EX + "unknown"
RULE, OF, LIMIT = EX + "rule", EX + "of", EX + "limit"


def opened_in(folder: Path) -> Browser:
    (folder / "shapes.ttl").write_text(SHAPES, "utf-8")
    (folder / FILE).write_text(PLANS, "utf-8")
    return Browser(desk(folder, Plain(folder, Graph())))


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    made = opened_in(tmp_path)
    yield made
    made.desk.close()


def drafted(browser: Browser) -> str:
    return str(browser.desk.draft.texts.get(FILE, PLANS))


def lines_changed(browser: Browser) -> list[str]:
    """What is another in the file, as `diff` tells it."""
    found = difflib.ndiff(PLANS.splitlines(), drafted(browser).splitlines())
    return [each for each in found if each[0] in "-+"]


# ---- what is shown ---------------------------------------------------------------------------


@pytest.fixture
def cells(browser: Browser) -> Cells:
    desk = browser.desk
    sources = desk.looked.sources
    known = Catalogue(sources.graph, sources.ontology, desk.known)
    return Cells(desk.form, desk.describe, known)


def shown(cells: Cells, path: str) -> Cell:
    field = cells.form_of(PLAN).field(path)
    assert field is not None
    return cells.of_field(PLAN, field)


def inner(cell: Cell, number: int, path: str) -> Cell:
    return next(each for each in cell.shown[number].parts if each.path == path)


def test_parts_are_shown_as_deep_as_the_file_has_them(cells: Cells) -> None:
    dose = shown(cells, DOSE)
    then = inner(dose, 0, THEN)
    assert then.label == "next dose"
    assert inner(then, 0, MG).values[0].text == "20.50"
    last = inner(then, 0, THEN)
    assert inner(last, 0, MG).values[0].text == "30.0"
    assert inner(last, 0, THEN).shown == ()
    assert [each.text for each in inner(dose, 0, REMARK).shown] == ["with food", "slowly"]


def test_what_may_be_added_inside_is_there_once_however_deep_it_goes(cells: Cells) -> None:
    dose = shown(cells, DOSE)
    names = [each.template for each in dose.templates]
    assert {each.path for each in dose.templates} == {PAUSE, THEN}
    assert len(names) == len(set(names)) == 2
    (blank,) = [each for each in dose.templates if each.path == THEN]
    again = [each.template for each in blank.blank.parts if each.path == THEN]
    assert again == [blank.template]
    ids = [each.id for each in _all(dose)]
    assert len(ids) == len(set(ids))


def _all(cell: Cell) -> Iterator[Cell]:
    yield cell
    for each in (one for value in (*cell.values, cell.blank) for one in value.parts):
        yield from _all(each)
    for each in cell.templates:
        yield from _all(each)


def test_a_part_has_the_fields_of_its_kind(cells: Cells) -> None:
    rule = shown(cells, RULE)
    kind = inner(rule, 0, RDF_TYPE)
    assert (kind.widget, kind.values[0].text) == ("select", EX + "AllOf")
    assert [each.label for each in kind.choices] == ["all of these", "below a limit", "rule"]
    of = inner(rule, 0, OF)
    assert inner(of, 0, LIMIT).values[0].text == "50.0"
    assert {each.path for each in of.shown[1].parts} == {RDF_TYPE, OF}
    assert {each.path for each in rule.blank.parts} == {RDF_TYPE}


# ---- what is changed -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "way",
    [
        {"predicate": MG, "inside": [DOSE, 0, THEN, 0, THEN, 0], "typed": ["31"]},
        {
            "predicate": DOSE,
            "typed": [
                {
                    "of": 0,
                    "parts": {
                        THEN: [{"of": 0, "parts": {THEN: [{"of": 0, "parts": {MG: ["31"]}}]}}]
                    },
                },
                {"same": 1},
            ],
        },
    ],
    ids=["by its way", "by the whole field"],
)
def test_a_number_three_parts_deep_is_one_line(browser: Browser, way: dict[str, Any]) -> None:
    browser.does("put", subject=PLAN, **way)
    assert lines_changed(browser) == [
        "-       ex:then [ ex:mg 30.0 ]",
        "+       ex:then [ ex:mg 31.0 ]",
    ]
    browser.does("undo")
    assert browser.desk.draft.is_empty


def test_a_part_without_parts_gets_one_with_another_inside(browser: Browser) -> None:
    new = {"parts": {MG: ["2"], THEN: [{"parts": {MG: ["3"]}}]}}
    typed = [{"same": 0}, {"of": 1, "parts": {THEN: [new]}}]
    browser.does("put", subject=PLAN, predicate=DOSE, typed=typed)
    (dose,) = [e for e in browser.desk.describe(PLAN)[DOSE] if _mg(e) == "5.0"]
    assert isinstance(dose, Part)
    two = dict(dose.statements)[THEN]
    assert isinstance(two, Part)
    assert (_mg(two), _mg(dict(two.statements)[THEN])) == ("2.0", "3.0")
    assert [each[0] for each in lines_changed(browser)] == ["-", *"+" * len(added(browser))]


def added(browser: Browser) -> list[str]:
    return [each for each in lines_changed(browser) if each[0] == "+"]


def _mg(part: Value) -> str:
    assert isinstance(part, Part)
    found = dict(part.statements)[MG]
    assert isinstance(found, Literal)
    return found.lexical


def test_a_kind_is_chosen_first_and_its_fields_follow(browser: Browser) -> None:
    new = {"parts": {RDF_TYPE: [EX + "Below"]}}
    browser.does("put", subject=PLAN, predicate=RULE, typed=[new])
    assert browser.desk.describe(PLAN)[RULE] == (Part(((RDF_TYPE, Iri(EX + "Below")),)),)
    limit = {"of": 0, "parts": {LIMIT: ["8"]}}
    browser.does("put", subject=PLAN, predicate=RULE, typed=[limit])
    (rule,) = browser.desk.describe(PLAN)[RULE]
    assert isinstance(rule, Part)
    assert dict(rule.statements)[LIMIT] == Literal("8.0", XSD_DECIMAL)
    wrong = {"parts": {RDF_TYPE: [EX + "Below"], LIMIT: ["x"]}}
    whole = {"parts": {RDF_TYPE: [EX + "AllOf"], OF: [new, wrong]}}
    found = browser.refused("put", subject=PLAN, predicate=RULE, typed=[whole])
    assert found == (422, ["N102"])


def test_what_is_wrong_inside_is_told_and_nothing_is_made(browser: Browser) -> None:
    wrong = {"of": 0, "parts": {THEN: [{"of": 0, "parts": {MG: ["1.000"]}}]}}
    found = browser.refused("put", subject=PLAN, predicate=DOSE, typed=[wrong, {"same": 1}])
    assert found == (422, ["N101"])
    gone = {"of": 0, "parts": {THEN: [{"of": 7, "parts": {MG: ["1"]}}]}}
    assert browser.refused("put", subject=PLAN, predicate=DOSE, typed=[gone])[1] == ["G109"]
    assert browser.desk.steps == ()


def test_what_is_nested_too_deep_is_refused(browser: Browser) -> None:
    def nested(levels: int) -> dict[str, Any]:
        typed: dict[str, Any] = {"parts": {MG: ["1"]}}
        for _ in range(levels):
            typed = {"parts": {THEN: [typed]}}
        return typed

    put = {"subject": PLAN, "predicate": DOSE}
    assert browser.refused("put", **put, typed=[nested(150)]) == (400, ["G102"])
    within = {"subject": PLAN, "predicate": THEN, "inside": [DOSE, 0, THEN, 0]}
    assert browser.refused("put", **within, typed=[nested(98)]) == (422, ["W001"])
    assert browser.desk.steps == ()
    browser.does("put", **put, typed=[nested(60)])


# ---- at random -------------------------------------------------------------------------------


class Edits:
    """Random edits: what is sent for a property, and the values that are meant by it."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.count = 0

    def new_number(self) -> str:
        self.count += 1
        return f"{self.count}.5"

    def doses(self, now: tuple[Value, ...], depth: int = 0) -> tuple[list[Any], tuple[Value, ...]]:
        """Some stay, go, are changed inside, and some are new."""
        typed: list[Any] = []
        meant: list[Value] = []
        for number, each in enumerate(now):
            chance = self.random.random()
            if chance < 0.15:
                continue
            if chance < 0.45 or not isinstance(each, Part):
                typed.append({"same": number})
                meant.append(each)
                continue
            inside, part = self.changed(each, depth)
            typed.append({"of": number, "parts": inside})
            meant.append(part)
        while self.random.random() < (0.3 if depth < 3 else 0):
            inside, part = self.changed(Part(), depth)
            if inside and part.statements:
                typed.append({"parts": {k: v for k, v in inside.items() if v}})
                meant.append(part)
        return typed, tuple(meant)

    def changed(self, part: Part, depth: int) -> tuple[dict[str, Any], Part]:
        """A dose with other values for some of its properties."""
        inside: dict[str, Any] = {}
        statements = list(part.statements)
        for path in (MG, REMARK, PAUSE, THEN):
            if self.random.random() < 0.4:
                now = tuple(value for name, value in statements if name == path)
                typed, meant = self.values(path, now, depth)
                inside[path] = typed
                statements = [each for each in statements if each[0] != path]
                statements += [(path, each) for each in meant]
        return inside, Part(tuple(statements))

    def values(
        self, path: str, now: tuple[Value, ...], depth: int
    ) -> tuple[list[Any], tuple[Value, ...]]:
        if path == THEN:
            return self.doses(now, depth + 1)
        new = self.new_number()
        if path == MG:
            return [new], (Literal(new, XSD_DECIMAL),)
        if path == REMARK:
            kept = [n for n in range(len(now)) if self.random.random() < 0.6]
            words = (*(now[each] for each in kept), Literal(f"remark {new}"))
            return [*({"same": each} for each in kept), f"remark {new}"], words
        if self.random.random() < 0.3:
            return [], ()
        hours = (HOURS, Literal(str(self.count), XSD_INTEGER))
        told = {"of": 0} if now else {}
        return [{**told, "parts": {HOURS: [str(self.count)]}}], (Part((hours,)),)


def turtle(value: Value) -> str:
    """A value in the plainest Turtle there is."""
    match value:
        case Iri(iri):
            return f"<{iri}>"
        case Literal(lexical, datatype, language):
            return f'"{lexical}"@{language}' if language else f'"{lexical}"^^<{datatype}>'
        case Part(statements):
            return f"[ {' ; '.join(f'<{path}> {turtle(each)}' for path, each in statements)} ]"
    raise AssertionError(value)


def canonical(text: str) -> pyoxigraph.Dataset:
    triples = pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE)
    found = pyoxigraph.Dataset(pyoxigraph.Quad(*each) for each in triples)
    found.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    return found


def wanted(browser: Browser, meant: tuple[Value, ...]) -> pyoxigraph.Dataset:
    """The graph of the file as it should be: the doses as they are meant, all else as it was."""
    said = [
        f"<{subject}> <{path}> {turtle(each)} ."
        for subject in (PLAN, OTHER)
        for path, values in browser.desk.workspace.describe(subject).items()
        for each in (meant if (subject, path) == (PLAN, DOSE) else values)
    ]
    return canonical("\n".join(said))


@pytest.mark.parametrize("seed", range(8))
def test_random_edits_inside_parts_and_back_lose_nothing(seed: int, browser: Browser) -> None:
    edits = Edits(Random(seed))
    head, _, tail = PLANS.partition("# The plan.\n")
    end = tail[tail.index("# The end.") :]
    states = [PLANS]
    for _ in range(5):
        now = browser.desk.describe(PLAN).get(DOSE, ())
        typed, meant = edits.doses(now)
        browser.does("put", subject=PLAN, predicate=DOSE, typed=typed)
        after = browser.desk.describe(PLAN).get(DOSE, ())
        assert sorted(map(repr, map(key, after))) == sorted(map(repr, map(key, meant)))
        text = drafted(browser)
        assert canonical(text) == wanted(browser, meant)
        assert text.startswith(f"{head}# The plan.\n")
        assert text.endswith(end)
        if len(browser.desk.steps) == len(states):
            states.append(text)
    for before in reversed(states[:-1]):
        browser.does("undo")
        assert drafted(browser) == before
