"""The generated DMN model: it decides as the reference does, is valid, and opens in a modeller."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pathway_example as example
import random_programs
import shipped_example
from guidegraph.agree import node
from guidegraph.agree.dmn import DmnExecutor
from guidegraph.entity import Text
from guidegraph.export import ExportInput
from guidegraph.export.dmn import DmnExporter
from guidegraph.export.dmn.feel import Feel, literal
from guidegraph.export.dmn.layout import layout
from guidegraph.export.names import Names
from guidegraph.kernel import (
    NOW,
    Agg,
    And,
    Arith,
    Assume,
    Bool,
    Cmp,
    Const,
    In,
    Not,
    Or,
    Ref,
    Score,
    compare,
)
from guidegraph.model import Guideline, Recommendation
from guidegraph.program import Input, Named, Program, Setting
from guidegraph.wire import wire
from random_programs import program, rule

MODEL = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
DMNDI = "{https://www.omg.org/spec/DMN/20191111/DMNDI/}"
BOUNDS = "{http://www.omg.org/spec/DMN/20180521/DC/}Bounds"
WAYPOINT = "{http://www.omg.org/spec/DMN/20180521/DI/}waypoint"
HREFS = ("requiredInput", "requiredDecision", "requiredAuthority")
DRG = {f"{MODEL}{name}" for name in ("inputData", "decision", "knowledgeSource")}
HOSTILE = [
    '"',
    "'",
    "]]>",
    "-->",
    "<a & b>",
    "a\x00b\x0b",
    "\u202eetalf",
    "a\u2028b",
    "\ufffe",
    "{",
]


def loaded(program: Program, guideline: Guideline | None = None) -> ExportInput:
    return ExportInput(guideline=guideline or example.guideline(), program=program)


def text_of(program: Program, guideline: Guideline | None = None) -> str:
    (artifact,) = DmnExporter().export(loaded(program, guideline))
    return artifact.text


LOW = Named(
    name="LOW",
    label="Marker is low",
    condition=compare("<", Agg("first", "marker", -720, 720), Const(Fraction(1000))),
)
BLEEDS = Named(name="BLEEDS", label="Bleeding", condition=Ref("input", "bleeding"))
ADVICE = program(
    LOW, BLEEDS, rules=(rule("R", Ref("criterion", "LOW"), Ref("criterion", "BLEEDS")),)
)


def shipped() -> tuple[Guideline, Program]:
    return shipped_example.guideline(), shipped_example.program()


@cache
def shipped_text() -> str:
    guideline, program = shipped()
    return text_of(program, guideline)


# --- the same decisions ---------------------------------------------------------------------------


def need_engine() -> None:
    if why := DmnExecutor().missing():
        pytest.skip(f"needs a FEEL engine: {why}")


def decided(program: Program, *patients: tuple[dict[str, Any], dict[str, Any]]) -> list[Any]:
    need_engine()
    with DmnExecutor().start(loaded(program)) as runner:
        return list(runner.statuses([{"facts": f, "settings": s} for f, s in patients]))


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(random_programs.programs(), st.integers(0, 2**32))
def test_model_decides_as_the_reference_does(program: Program, seed: int) -> None:
    patients = list(random_programs.patients(program, seed, 80))
    expected = [
        random_programs.statuses(program, random_programs.meaning(program, facts, chosen))
        for facts, chosen in patients
    ]
    assert decided(program, *patients) == expected


def test_model_of_the_shipped_guideline_decides_as_the_reference_does() -> None:
    need_engine()
    guideline, program = shipped()
    patients = list(random_programs.patients(program, 20200401, 300))
    with DmnExecutor().start(loaded(program, guideline)) as runner:
        found = runner.statuses([{"facts": f, "settings": s} for f, s in patients])
    expected = [
        random_programs.statuses(program, random_programs.meaning(program, facts, chosen))
        for facts, chosen in patients
    ]
    assert list(found) == expected
    assert len({status for each in expected for status in each.values()}) == 5


@pytest.mark.parametrize(
    ("first", "bleeding", "status"),
    [
        (999_999, False, "applies"),
        (1_000_000, False, "notApplicable"),
        (999_999, None, "provisional"),
        (999_999, True, "defeated"),
        (None, False, "undetermined"),
        (None, True, "notApplicable"),
    ],
)
def test_status_follows_the_table(first: int | None, bleeding: bool | None, status: str) -> None:
    facts = {"marker": None if first is None else [[10, first]], "bleeding": bleeding}
    assert decided(ADVICE, (facts, {})) == [{"R": status}]


def test_an_empty_series_is_unknown_except_for_its_count() -> None:
    count = compare("=", Agg("count", "marker"), Const(Fraction(0)))
    highest = compare("<", Agg("max", "marker"), Const(Fraction(1)))
    small = program(rules=(rule("COUNT", count), rule("MAX", highest)))
    found = decided(small, ({"marker": []}, {}), ({}, {}))
    assert found[0] == {"COUNT": "applies", "MAX": "undetermined"}
    assert found[1] == {"COUNT": "undetermined", "MAX": "undetermined"}


def test_an_absent_setting_has_its_default_and_one_without_default_is_unknown() -> None:
    bare = Setting(name="bare", label="Bare", kind="quantity", default=None)
    small = program(
        rules=(
            rule("LIMIT", compare(">", Agg("last", "marker"), Ref("setting", "limit"))),
            rule("TEST", In(Ref("setting", "test"), ("y",))),
            rule("BARE", compare(">", Ref("input", "age"), Ref("setting", "bare"))),
        ),
        settings=(*random_programs.SETTINGS, bare),
    )
    facts = {"marker": [[0, 2_500_000]], "age": 71}
    chosen = {"limit": 2_500_000, "test": "y", "bare": 70}
    first, second = decided(small, (facts, {}), (facts, chosen))
    assert first == {"LIMIT": "applies", "TEST": "notApplicable", "BARE": "undetermined"}
    assert second == {"LIMIT": "notApplicable", "TEST": "applies", "BARE": "applies"}


def test_names_and_codes_that_feel_could_not_use_are_made_usable() -> None:
    names = ("item", "4b", "β", "a-b", "a_b", "now", "recommendations", "if", "status_R", "least")
    inputs = tuple(Input(name=e, label=e, question="", kind="boolean") for e in names)
    code = Input(name="code", label="", question="", kind="code", codes=('"\\', "\u202e\n", "😀"))
    parts = tuple(Ref("input", each) for each in names)
    small = program(
        rules=(
            rule("R", Score(len(parts), tuple((And((each, each)), 1) for each in parts))),
            *(rule(f"C-{n}", In(Ref("input", "code"), (c,))) for n, c in enumerate(code.codes)),
        ),
        inputs=(*inputs, code),
    )
    known = dict.fromkeys(names, True)
    patients = [({**known, "code": each}, {}) for each in code.codes]
    for number, found in enumerate(decided(small, *patients, ({**known, "a_b": False}, {}))):
        assert found["R"] == ("applies" if number < 3 else "notApplicable")
        assert [found[f"C-{n}"] == "applies" for n in range(3)] == [n == number for n in range(3)]


def test_a_program_without_rules_says_nothing() -> None:
    assert decided(program(LOW), ({}, {})) == [{}]


# --- the expressions ------------------------------------------------------------------------------


AGE, WEIGHT, STATE = (Ref("input", each) for each in ("age", "weight", "state"))
IN, BLEEDING = Ref("input", "in"), Ref("input", "bleeding")


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (Cmp("<", AGE, Const(Fraction(65))), "if age = null then null\nelse age < 65"),
        (Cmp("<", Const(Fraction(65)), AGE), "if age = null then null\nelse age > 65"),
        (
            Cmp("<=", AGE, Arith(((Fraction(1, 2), WEIGHT),), Fraction(3))),
            "if age = null or weight = null then null\nelse 20 * age <= weight + 60",
        ),
        (Cmp("<=", AGE, AGE), "if age = null then null\nelse 0 <= 0"),
        (In(STATE, ()), "if state = null then null\nelse false"),
        (
            In(STATE, ("none", "c")),
            'if state = null then null\nelse state = "none" or state = "c"',
        ),
        (And((IN, Not(BLEEDING))), "admitted\nand not(bleeding)"),
        (Or((And((IN, BLEEDING)), IN)), "(admitted\n  and bleeding)\nor admitted"),
        (And(()), "true"),
        (Or(()), "false"),
        (
            Assume(IN, default=False, why="so it is"),
            "if admitted = null then false else admitted",
        ),
    ],
)
def test_conditions_are_written_with_explicit_guards(condition: Bool, text: str) -> None:
    names = Names()
    for each, wanted in [(AGE, "age"), (WEIGHT, "weight"), (STATE, "state"), (IN, "admitted")]:
        names.give(each, wanted)
    names.give(BLEEDING, "bleeding")
    assert Feel(wire(program()), names).write(condition) == text


def test_string_literals_hold_no_raw_control_or_direction_character() -> None:
    assert literal('a"\\\n\u202e\U000e0001') == '"a\\"\\\\\\u000a\\u202e\\U0e0001"'


def test_an_expression_names_nothing_that_its_decision_does_not_require() -> None:
    root = ET.fromstring(shipped_text())
    names = {each.get("name") for each in root if each.tag in DRG}
    for decision in root.iter(f"{MODEL}decision"):
        text = decision.findtext(f"{MODEL}literalExpression/{MODEL}text")
        if text is None:
            continue
        plain = re.sub(r"[^\w.]", " ", re.sub(r'"[^"]*"', "", text))
        required = {href[1:] for _, href in hrefs(decision) if not href.startswith("#source_")}
        assert names & set(plain.split()) == required


# --- the document ---------------------------------------------------------------------------------


def hrefs(node: ET.Element) -> Iterator[tuple[str, str]]:
    for tag in HREFS:
        for each in node.iter(f"{MODEL}{tag}"):
            yield tag, each.attrib["href"]


def check_document(text: str) -> ET.Element:
    """Ids are unique, references resolve to the right kind, and every diagram is whole."""
    root = ET.fromstring(text)
    ids = [each.attrib["id"] for each in root.iter() if "id" in each.attrib]
    assert len(ids) == len(set(ids))
    kinds = {
        each.attrib["id"]: each.tag.removeprefix(MODEL) for each in root if "id" in each.attrib
    }
    fitting = dict(zip(HREFS, ("inputData", "decision", "knowledgeSource"), strict=True))
    assert all(kinds[href[1:]] == fitting[tag] for tag, href in hrefs(root))
    diagrams = list(root.iter(f"{DMNDI}DMNDiagram"))
    elements = {each.attrib["id"] for each in root if each.tag in DRG}
    edges = {
        each.attrib["id"]: (next(hrefs(each))[1][1:], decision.attrib["id"])
        for decision in root.iter(f"{MODEL}decision")
        for each in decision
        if each.tag.endswith("Requirement")
    }
    boxes = [check_diagram(each, edges) for each in diagrams]
    assert set(boxes[0]) == elements
    return root


def check_diagram(diagram: ET.Element, edges: dict[str, tuple[str, str]]) -> set[str]:
    boxes = {}
    for shape in diagram.iter(f"{DMNDI}DMNShape"):
        bounds = shape.find(BOUNDS)
        assert bounds is not None
        x, y, width, height = (int(bounds.attrib[k]) for k in ("x", "y", "width", "height"))
        assert min(x, y) >= 0
        assert min(width, height) > 0
        boxes[shape.attrib["dmnElementRef"]] = (x, y, x + width, y + height)
    for one, other in combinations(boxes.values(), 2):
        beside = one[2] <= other[0] or other[2] <= one[0]
        assert beside or one[3] <= other[1] or other[3] <= one[1]
    drawn = {each.attrib["dmnElementRef"]: each for each in diagram.iter(f"{DMNDI}DMNEdge")}
    expected = {ident for ident, ends in edges.items() if set(ends) <= set(boxes)}
    assert set(drawn) == expected
    for ident, edge in drawn.items():
        points = [(int(p.attrib["x"]), int(p.attrib["y"])) for p in edge.iter(WAYPOINT)]
        start, end = (boxes[each] for each in edges[ident])
        assert points[0][0] == start[2]
        assert start[1] < points[0][1] < start[3]
        assert points[-1][0] == end[0]
        assert end[1] < points[-1][1] < end[3]
    return set(boxes)


def test_shipped_model_is_whole_and_drawn_without_overlaps() -> None:
    guideline, program = shipped()
    root = check_document(shipped_text())
    diagrams = list(root.iter(f"{DMNDI}DMNDiagram"))
    assert len(diagrams) == 1 + len(program.rules)
    decisions = {each.get("name") for each in root.iter(f"{MODEL}decision")}
    assert {"recommendations", "undetermined", "defeated"} <= decisions
    text = " ".join("".join(root.itertext()).split())
    for each in guideline.recommendations:
        if each.is_executable:
            assert " ".join(str(each.statement).split()) in text
    assert 'printed: "' in text
    assert "Reading in force: " in text


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(random_programs.programs())
def test_any_model_is_whole(program: Program) -> None:
    assert check_document(text_of(program)) is not None


@pytest.mark.parametrize("label", HOSTILE)
def test_no_label_can_break_out(label: str) -> None:
    hostile = program(
        replace(LOW, label=label),
        replace(BLEEDS, condition=Assume(Ref("input", "bleeding"), default=True, why=label)),
        rules=(replace(rule("R", Ref("criterion", "LOW")), label=label, modality=label),),
        inputs=tuple(replace(e, label=label, question=label) for e in random_programs.INPUTS),
        readings={label: label},
    )
    small = example.guideline(example.make(Recommendation, "R", statement=Text((("en", label),))))
    root = check_document(text_of(hostile, small))
    plain = check_document(text_of(replace(hostile, readings={"a": "b"})))
    kinds = [each.tag for each in root.iter() if not each.tag.endswith("description")]
    expected = [each.tag for each in plain.iter() if not each.tag.endswith("description")]
    assert kinds == expected
    assert "\u202e" not in text_of(hostile, small)
    if DmnExecutor().missing() is None:
        with DmnExecutor().start(loaded(hostile, small)) as runner:
            assert runner.statuses([{"facts": {"marker": [[0, 5]]}}]) == [{"R": "applies"}]


def test_equal_programs_give_equal_text() -> None:
    guideline, program = shipped()
    assert text_of(program, guideline) == shipped_text()


def schema() -> Any:
    etree = pytest.importorskip("lxml.etree", reason="needs lxml: pip install guidegraph[targets]")
    if why := node.missing("dmn-moddle"):
        pytest.skip(f"needs the DMN schema: {why}")
    folder = node.engines_folder() / "node_modules" / "dmn-moddle" / "resources" / "dmn" / "xsd"
    return etree.XMLSchema(file=str(folder / "DMN13.xsd"))


def test_models_are_valid_by_the_schema_of_dmn_1_3() -> None:
    from lxml import etree

    valid = schema()
    late = rule("LATE", compare(">", NOW, Const(Fraction(2880))))
    for text in (
        shipped_text(),
        text_of(ADVICE),
        text_of(program()),
        text_of(program(rules=(late,))),
    ):
        valid.assertValid(etree.fromstring(text.encode()))


def test_gaps_are_told_by_name() -> None:
    parts = (
        rule("A", Ref("input", "in"), Ref("rule", "B")),
        replace(rule("B", Ref("input", "in")), alternative_to=("A",)),
    )
    small = program(rules=parts, incompatible=(("x", "y"),), readings={"POINT": "READING"})
    gaps = list(DmnExporter().gaps(loaded(small)))
    assert [each.subject for each in gaps] == ["A", "B", "x"]
    assert list(DmnExporter().gaps(loaded(ADVICE))) == []


# --- the layout -----------------------------------------------------------------------------------


@st.composite
def graphs(draw: st.DrawFn) -> tuple[dict[str, tuple[int, int]], list[tuple[str, str]]]:
    names = [f"n{number}" for number in range(draw(st.integers(1, 14)))]
    sizes = {each: (100, draw(st.integers(10, 91))) for each in names}
    pairs = list(combinations(names, 2))
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=40)) if pairs else []
    return sizes, chosen


@settings(deadline=None)
@given(graphs())
def test_no_line_runs_through_a_box(
    graph: tuple[dict[str, tuple[int, int]], list[tuple[str, str]]],
) -> None:
    boxes, lines = layout(*graph)
    for (start, end), points in lines.items():
        assert boxes[start].x + boxes[start].width < boxes[end].x
        for name, box in boxes.items():
            for x, y in points[1:-1]:
                assert not (box.x <= x <= box.x + box.width and box.y <= y <= box.y + box.height), (
                    name
                )
