"""The generated CQL and ELM: one tree, two printers, the reference's answers on a real engine."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import pathway_example as example
import random_programs
import shipped_example
from guidegraph.agree.base import Runner
from guidegraph.agree.cql import CqlExecutor, ElmExecutor, libraries
from guidegraph.export import ExportInput, gaps
from guidegraph.export.cql import CqlExporter, definitions, elm, library_names, text
from guidegraph.export.cql.exporter import logic_library
from guidegraph.export.cql.tree import Apply, Literal, Named, decimal, integer, string
from guidegraph.kernel import (
    NOW,
    Agg,
    And,
    Arith,
    Assume,
    Bool,
    Cond,
    Const,
    In,
    Not,
    Or,
    Ref,
    Score,
    compare,
)
from guidegraph.program import Input, Program, Rule, Setting
from guidegraph.program import Named as Criterion

HOSTILE = 'a "b" \'c\' \\ */ /* // --> \n define "x": true \u2028 \u202e \x00 \U0001f9ea'


def loaded(program: Program) -> ExportInput:
    return ExportInput(guideline=example.guideline(), program=program)


def files(given: ExportInput) -> dict[str, str]:
    return {each.path: each.text for each in CqlExporter().export(given)}


def logic_of(program: Program) -> str:
    given = loaded(program)
    return files(given)[f"cql/{library_names(given).logic}.cql"]


def data_of(program: Program) -> str:
    given = loaded(program)
    return files(given)[f"cql/{library_names(given).data}.cql"]


def elm_of(program: Program) -> dict[str, Any]:
    given = loaded(program)
    content = json.loads(files(given)[f"cql/{library_names(given).logic}.elm.json"])
    return {each["name"]: each["expression"] for each in content["library"]["statements"]["def"]}


def rule(name: str, guard: Bool, *unless: Ref) -> Rule:
    return Rule(name=name, label=name, guard=guard, unless=unless, modality="Should", norm="should")


def program(*guards: Bool, **changes: Any) -> Program:
    fields: dict[str, Any] = {
        "guideline": "small",
        "version": "1.0",
        "anchor": "admission",
        "inputs": random_programs.INPUTS,
        "settings": random_programs.SETTINGS,
        "criteria": (),
        "rules": tuple(rule(f"R-{number}", guard) for number, guard in enumerate(guards)),
        "incompatible": (),
        "readings": {},
    }
    return Program(**{**fields, **changes})


def number(value: str) -> Const:
    return Const(Fraction(value))


MARKER, AGE, WEIGHT = Agg("first", "marker", -720, 720), Ref("input", "age"), Ref("input", "weight")
YES, BLEEDS = Ref("input", "in"), Ref("input", "bleeding")
STATE = Ref("input", "state")

EVERY_NODE = program(
    compare("<", MARKER, number("1000")),
    compare(">=", Agg("last", "marker"), Arith(((Fraction(2), Agg("min", "marker")),))),
    compare("!=", Agg("count", "marker", 0, None), number("0")),
    compare("=", Agg("run", "count", None, 2880), number("3")),
    compare("<=", Arith(((Fraction(0), AGE), (Fraction(1), WEIGHT))), Agg("max", "count")),
    compare(">", Cond(YES, AGE, number("65")), Ref("setting", "limit")),
    compare("<", NOW, Arith((), Fraction(7, 3))),
    compare("<", number("0"), number("0")),
    And((In(STATE, ("none", "c")), Not(In(STATE, ())), In(Ref("setting", "test"), ("y",)))),
    Or((And(()), Or(()), And((YES,)), Not(Not(BLEEDS)))),
    Score(2, ((YES, 1), (BLEEDS, 2), (Score(1, ()), 1))),
    Score(0, ()),
    Assume(BLEEDS, False, "seldom"),
)


@contextmanager
def running(given: ExportInput) -> Iterator[list[tuple[str, Runner]]]:
    """Our ELM and the translated text, both on cql-execution."""
    with ExitStack() as stack:
        found = []
        for executor in (ElmExecutor(), CqlExecutor()):
            if lacking := executor.missing():
                pytest.skip(f"needs cql-execution and the CQL translator: {lacking}")
            found.append((executor.name, stack.enter_context(executor.start(given))))
        yield found


def agrees(given: ExportInput, seed: int, count: int) -> None:
    program = given.program
    patients, expected = [], []
    for facts, chosen in random_programs.patients(program, seed, count):
        patients.append({"facts": facts, "settings": chosen})
        reference = random_programs.meaning(program, facts, chosen)
        expected.append(random_programs.statuses(program, reference))
    with running(given) as runners:
        for name, runner in runners:
            for patient, found, right in zip(
                patients, runner.statuses(patients), expected, strict=True
            ):
                assert found == right, (name, patient)


def status(guard: Bool, facts: dict[str, Any]) -> str:
    """On our ELM alone; that the text says the same is shown below."""
    executor = ElmExecutor()
    if lacking := executor.missing():
        pytest.skip(f"needs cql-execution: {lacking}")
    with executor.start(loaded(program(guard))) as runner:
        (answers,) = runner.statuses([{"facts": facts}])
    return answers["R-0"]


# --- the same decisions on a real engine ----------------------------------------------------------


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),  # Starting Node twice for each try is slow to shrink.
)
@given(random_programs.programs(), st.integers(0, 2**32))
def test_text_and_elm_decide_as_the_reference_does(program: Program, seed: int) -> None:
    agrees(loaded(program), seed, 25)


def test_every_kernel_node_decides_as_the_reference_does() -> None:
    agrees(loaded(EVERY_NODE), 20200401, 150)


@cache
def covid() -> ExportInput:
    return ExportInput(guideline=shipped_example.guideline(), program=shipped_example.program())


def test_shipped_guideline_decides_as_the_reference_does() -> None:
    agrees(covid(), 7, 100)


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        (None, "undetermined"),
        ([], "undetermined"),
        ([[0, 5]], "notApplicable"),
        ([[0, 5], [1, 6], [2, 7]], "applies"),
        ([[0, 9], [1, 6], [2, 7], [3, 7]], "notApplicable"),
        ([[0, 9], [1, 5], [2, 7], [3, 8]], "applies"),
    ],
)
def test_run_is_the_strictly_increasing_end(values: Any, answer: str) -> None:
    assert status(compare(">=", Agg("run", "count"), number("3")), {"count": values}) == answer


def test_samples_need_not_be_given_in_order() -> None:
    last = compare("=", Agg("last", "count"), number("9"))
    assert status(last, {"count": [[5, 9], [1, 3]]}) == "applies"


def test_whole_numbers_beyond_32_bits_are_computed() -> None:
    large = Arith(((Fraction(1000), AGE), (Fraction(1), WEIGHT)))
    facts = {"age": 9_000_001, "weight": 10}
    assert status(compare(">", large, number("9000001000")), facts) == "applies"
    assert status(compare(">", large, number("9000001001")), facts) == "notApplicable"


def test_what_the_engine_cannot_compute_is_told() -> None:
    bounded = Input(
        name="huge",
        label="",
        question="",
        kind="quantity",
        low=Fraction(0),
        high=Fraction(10**13),
    )
    huge = Ref("input", "huge")
    doubled = compare(">", Arith(((Fraction(2), huge),)), number("7"))
    plainly = compare(">", huge, number("7"))
    told = gaps(CqlExporter(), loaded(program(doubled, plainly, inputs=(bounded,))))
    assert [each.subject for each in told] == ["R-0"]
    assert gaps(CqlExporter(), covid()) == ()


def test_hostile_names_labels_and_codes_change_nothing() -> None:
    made = hostile()
    agrees(loaded(made), 3, 20)


# --- text -----------------------------------------------------------------------------------------


def hostile() -> Program:
    named = Criterion(name=f"C {HOSTILE}", label=HOSTILE, condition=In(Ref("input", "k"), ("'\\",)))
    codes = Input(name="k", label=HOSTILE, question=HOSTILE, kind="code", codes=("'\\", HOSTILE))
    guards = [
        Assume(Ref("criterion", named.name), True, HOSTILE),
        In(Ref("input", "k"), (HOSTILE, "x")),
    ]
    rules = (
        replace(rule(HOSTILE, guards[0]), action=HOSTILE),
        rule("Data", guards[1], Ref("criterion", named.name)),
        rule("Patient", Ref("rule", "Data")),
        rule("constructor", Ref("rule", "Patient")),
        rule("Data guard", Ref("input", "constructor")),
        rule("Recommendations", Not(Ref("rule", "constructor"))),
    )
    yes = Input(name="constructor", label="", question="", kind="boolean")
    return program(criteria=(named,), rules=rules, inputs=(codes, yes))


def test_hostile_texts_stay_in_their_comments_and_literals() -> None:
    made = logic_of(hostile())
    code = [line for line in made.splitlines() if not line.startswith("//")]
    assert made.isascii() or all(each.isprintable() or each == "\n" for each in made)
    assert not any('define "x": true' in re.sub(r"\\.", "", line) for line in code)
    assert all(line.lstrip().startswith("//") or "//" not in outside(line) for line in code)


def outside(line: str) -> str:
    """What of a line is in no literal."""
    return re.sub(r"\"(\\.|[^\"\\])*\"|'(\\.|[^'\\])*'", "", line)


def test_no_two_definitions_share_a_name() -> None:
    names = [each.name for each in logic_library(loaded(hostile()), "D").definitions]
    assert len(set(names)) == len(names)
    assert {"Data", "Patient", "constructor"}.isdisjoint(names)


@pytest.mark.parametrize("name", ["constructor", "toString"])
def test_datum_named_like_a_part_of_javascript_is_unknown_where_it_is_missing(name: str) -> None:
    yes = Input(name=name, label="", question="", kind="boolean")
    asked = program(rules=(rule("R", Ref("input", name)),), inputs=(yes,))
    with running(loaded(asked)) as engines:
        for executor, runner in engines:
            (told,) = runner.statuses([{"facts": {}, "settings": {}}])
            assert told == {"R": "undetermined"}, executor


def test_setting_whose_default_is_finer_than_known_is_refused() -> None:
    fine = Setting(name="fine", label="", kind="quantity", default=Fraction(1, 3), scale=3)
    with pytest.raises(ValueError, match="fine has more decimal places"):
        files(loaded(program(YES, settings=(fine,))))


def test_names_are_those_of_the_guideline() -> None:
    names = definitions(covid().program)
    assert names.guards["OUD-REC-4b"] == "OUD-REC-4b guard"
    assert names.effective["OUD-REC-4b"] == "OUD-REC-4b"
    assert names.statuses["OUD-REC-4b"] == "OUD-REC-4b status"
    assert library_names(covid()).logic == "Covid19CoagulopathyLogic"


def test_comparison_with_one_datum_is_plain_and_its_unit_beside_it() -> None:
    made = logic_of(program(compare("<", AGE, number("50"))))
    assert '// age < 50 years\ndefine "R-0 guard": Data."age" < 50.0\n' in made


def test_logic_is_the_same_over_every_data_library() -> None:
    one, other = (text.library(logic_library(covid(), name)) for name in ("OneData", "OtherData"))
    assert one.replace("include OneData ", "include OtherData ") == other
    assert one.count("OneData") == 1


def test_recommendation_text_version_passages_and_readings_are_there() -> None:
    made = files(covid())["cql/Covid19CoagulopathyLogic.cql"]
    flowing = made.replace("\n//  ", "")
    for expected in (
        "library Covid19CoagulopathyLogic version '0.1.0'",
        "Passage: OUD",
        'printed: "<1,000 µg/L"',
        "(IP-band-closure) =",
    ):
        assert expected in flowing
    for advice in covid().program.rules:
        assert f"// {advice.name}: " in made


def test_setting_has_its_default_in_wire_form() -> None:
    data = data_of(EVERY_NODE)
    assert 'parameter "setting limit" Decimal default 2000000.0\n' in data
    assert "parameter \"setting test\" String default 'x'\n" in data
    assert 'parameter "fact marker" List<Tuple { "minute" Integer, "value" Decimal }>\n' in data


@pytest.mark.parametrize(
    ("node", "written"),
    [
        (decimal(-7), "-7.0"),
        (decimal(1, 256), "0.00390625"),
        (decimal(-513, 256), "-2.00390625"),
        (integer(-720), "-720"),
        (string('it\'s "a" \\ \n'), "'it\\'s \\\"a\\\" \\\\ \\u000a'"),
        (Apply("Not", (Apply("Less", (Named("a"), Named("b"))),)), 'not ("a" < "b")'),
        (Apply("And", (Apply("Or", (Named("a"), Named("b"))), Named("c"))), '("a" or "b") and "c"'),
        (Apply("IsTrue", (Apply("Not", (Named("a"),)),)), '(not "a") is true'),
    ],
)
def test_text_of_an_expression(node: Any, written: str) -> None:
    assert text.expression(node) == written


def test_statement_wider_than_a_line_is_broken() -> None:
    made = files(covid())["cql/Covid19CoagulopathyLogic.cql"]
    assert max(map(len, made.splitlines())) <= 110


def test_equal_input_gives_equal_bytes() -> None:
    assert files(covid()) == files(covid())


# --- ELM ------------------------------------------------------------------------------------------


def test_every_definition_is_in_text_and_in_elm() -> None:
    written = set(re.findall(r'^define "([^"]+)":', logic_of(EVERY_NODE), re.MULTILINE))
    assert written | {"Patient"} == set(elm_of(EVERY_NODE))
    assert {"R-0", "R-0 guard", "R-0 status", "Recommendations"} <= written


def test_connectives_of_many_are_nested_in_pairs() -> None:
    made = elm_of(program(And((YES, BLEEDS, Not(YES)))))["R-0 guard"]
    assert made["type"] == "And"
    assert [each["type"] for each in made["operand"]] == ["And", "Not"]


def test_every_reference_names_a_definition() -> None:
    given = loaded(EVERY_NODE)
    both = [json.loads(each.text)["library"] for each in libraries(given, ".elm.json")]
    data, logic = ({each["name"] for each in one["statements"]["def"]} for one in both)
    for where, name in references(both[1]["statements"]):
        assert name in (data if where == "Data" else logic)


def references(node: Any) -> Iterator[tuple[str | None, str]]:
    if isinstance(node, dict):
        if node.get("type") == "ExpressionRef":
            yield node.get("libraryName"), node["name"]
        for each in node.values():
            yield from references(each)
    elif isinstance(node, list):
        for each in node:
            yield from references(each)


def test_no_list_operator_that_skips_unknowns_is_used() -> None:
    made = json.dumps(elm_of(EVERY_NODE))
    assert not re.search(r'"(AnyTrue|AllTrue|Exists|In|Contains)"', made)


def test_literal_in_elm_has_its_type() -> None:
    made = elm.expression(Literal("Decimal", "1.0"))
    assert made["valueType"] == "{urn:hl7-org:elm-types:r1}Decimal"


def test_our_elm_is_what_the_reference_translator_makes() -> None:
    """Apart from positions and annotations, and from empty lists, both are the same tree."""
    if lacking := CqlExecutor().missing():
        pytest.skip(f"needs the CQL translator: {lacking}")
    for exported in (loaded(EVERY_NODE), covid()):
        ours = [json.loads(each.text) for each in libraries(exported, ".elm.json")]
        theirs = translated(exported)
        assert [plain(each) for each in ours] == [plain(each) for each in theirs]


def test_translator_warns_only_of_codes_that_are_also_names() -> None:
    """The tuples name each recommendation by the same text as its definition: that is meant."""
    if lacking := CqlExecutor().missing():
        pytest.skip(f"needs the CQL translator: {lacking}")
    with CqlExecutor().start(covid()) as runner:
        (warnings,) = runner.ask(["warnings"])  # type: ignore[attr-defined]
    meant = re.compile(r"String literal '(.+)' matches the identifier \1\. Consider whether .*")
    assert [each for each in warnings if not meant.fullmatch(each)] == []


def translated(given: ExportInput) -> list[Any]:
    with CqlExecutor().start(given) as runner:
        (read,) = runner.ask(["elm"])  # type: ignore[attr-defined]
        return read


NOISE = {"localId", "locator", "annotation", "signature", "strict", "resultTypeName"}
NOISE |= {"resultTypeSpecifier"}


def plain(node: Any) -> Any:
    """Without what the translator adds; a type that is named is told one way."""
    if isinstance(node, list):
        return [plain(each) for each in node]
    if not isinstance(node, dict):
        return node
    kept = {name: plain(each) for name, each in node.items() if name not in NOISE}
    kept = {name: each for name, each in kept.items() if each != []}
    if "asType" in kept:
        named = {"type": "NamedTypeSpecifier", "name": kept.pop("asType")}
        kept["asTypeSpecifier"] = named
    return kept


def test_setting_without_default_is_a_parameter_without_one() -> None:
    open_ = Setting(name="open", label="Open", kind="code", default=None, codes=("a",))
    data = data_of(program(YES, settings=(open_,)))
    assert 'parameter "setting open" String\n' in data
