"""The generated Python module: it decides as the reference does, and it can be read and trusted."""

from __future__ import annotations

import ast
import io
import json
import subprocess
import sys
import tokenize
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pathway_example as example
import random_programs
import shipped_example
from guidegraph.entity import Text
from guidegraph.export import ExportInput
from guidegraph.export.python import PythonExporter
from guidegraph.kernel import NOW, Agg, And, Assume, Const, Ref, Score, compare
from guidegraph.model import Guideline, Recommendation
from guidegraph.program import Input, Named, Program, Setting
from random_programs import program, rule

SHIPPED = Path(__file__).parents[1] / "guideline" / "covid19-coagulopathy"


def text_of(program: Program, guideline: Guideline | None = None) -> str:
    loaded = ExportInput(guideline=guideline or example.guideline(), program=program)
    (artifact,) = PythonExporter().export(loaded)
    return artifact.text


def module_of(program: Program, guideline: Guideline | None = None) -> ModuleType:
    module = ModuleType("generated")
    exec(compile(text_of(program, guideline), "generated.py", "exec"), module.__dict__)
    return module


MARKER = Ref("input", "marker")
LOW = Named(
    name="LOW",
    label="Marker is low",
    condition=compare("<", Agg("first", "marker", -720, 720), Const(Fraction(1000))),
)


def yes_no(name: str) -> Input:
    return Input(name=name, label=name, question="", kind="boolean")


ADVICE = program(
    LOW,
    Named(name="BLEEDS", label="Bleeding", condition=Ref("input", "bleeding")),
    rules=(rule("R", Ref("criterion", "LOW"), Ref("criterion", "BLEEDS")),),
)


# --- the same decisions ---------------------------------------------------------------------------


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(random_programs.programs(), st.integers(0, 2**32))
def test_generated_module_decides_as_the_reference_does(program: Program, seed: int) -> None:
    module = module_of(program)
    for facts, chosen in random_programs.patients(program, seed, 20):
        reference = random_programs.meaning(program, facts, chosen)
        assert module.decide(facts, chosen) == random_programs.statuses(program, reference)
        told = module.trace(facts, chosen)["criteria"]
        for named in program.criteria:
            assert told[named.name]["answer"] is reference.truth(named.condition)


def shipped() -> tuple[Guideline, Program]:
    return shipped_example.guideline(), shipped_example.program()


def test_module_of_the_shipped_guideline_decides_as_the_reference_does() -> None:
    guideline, program = shipped()
    module = module_of(program, guideline)
    met: dict[str, set[str]] = {}
    for facts, chosen in random_programs.patients(program, 20200401, 2500):
        reference = random_programs.meaning(program, facts, chosen)
        decided = module.decide(facts, chosen)
        assert decided == random_programs.statuses(program, reference)
        for name, status in decided.items():
            met.setdefault(name, set()).add(status)
        told = module.trace(facts, chosen)["criteria"]
        for named in program.criteria:
            assert told[named.name]["answer"] is reference.truth(named.condition)
    assert all({"applies", "notApplicable"} <= statuses for statuses in met.values())


def test_module_of_the_shipped_guideline_decides_in_the_order_of_its_files() -> None:
    guideline, program = shipped()
    order = [each.id for each in guideline.recommendations if each.is_executable]
    assert list(module_of(program, guideline).decide({})) == order


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
    assert module_of(ADVICE).decide(facts) == {"R": status}


def test_an_empty_series_is_unknown_except_for_its_count() -> None:
    count = compare("=", Agg("count", "marker"), Const(Fraction(0)))
    highest = compare("<", Agg("max", "marker"), Const(Fraction(1)))
    module = module_of(program(rules=(rule("COUNT", count), rule("MAX", highest))))
    assert module.decide({"marker": []}) == {"COUNT": "applies", "MAX": "undetermined"}
    assert module.decide({}) == {"COUNT": "undetermined", "MAX": "undetermined"}


def test_a_datum_that_cancels_out_still_has_to_be_known() -> None:
    same = compare("<=", Ref("input", "age"), Ref("input", "age"))
    module = module_of(program(rules=(rule("R", same),)))
    assert module.decide({"age": 3}) == {"R": "applies"}
    assert module.decide({"age": None}) == {"R": "undetermined"}


def test_settings_replace_the_defaults_within_their_range() -> None:
    limit = Setting(
        name="limit",
        label="Limit",
        kind="quantity",
        default=Fraction(2000),
        scale=3,
        low=Fraction(2000),
        high=Fraction(4000),
        high_inclusive=False,
    )
    above = compare(">", Agg("last", "marker"), Ref("setting", "limit"))
    module = module_of(program(rules=(rule("R", above),), settings=(limit,)))
    facts = {"marker": [[0, 2_500_000]]}
    assert module.decide(facts) == {"R": "applies"}
    assert module.decide(facts, {"limit": 3_999_999}) == {"R": "notApplicable"}
    for outside in (1_999_999, 4_000_000):
        with pytest.raises(ValueError, match=r"limit: .* outside the permitted range"):
            module.decide(facts, {"limit": outside})


def test_settings_given_out_can_be_changed_without_changing_the_defaults() -> None:
    module = module_of(ADVICE)
    module.check_settings()["limit"] = 0
    assert module.check_settings()["limit"] == 2_000_000


def test_checked_facts_name_every_input_and_decide_the_same_unchecked() -> None:
    module = module_of(ADVICE)
    facts = module.check_facts({"marker": [[0, 5]]})
    assert list(facts) == list(module.INPUTS)
    assert facts["bleeding"] is None
    assert module.decide_unchecked(facts) == {"R": "provisional"}


def test_a_setting_without_a_default_is_unknown_until_it_is_chosen() -> None:
    limit = Setting(name="limit", label="Limit", kind="quantity", default=None)
    above = compare(">", Ref("input", "age"), Ref("setting", "limit"))
    module = module_of(program(rules=(rule("R", above),), settings=(limit,)))
    assert module.decide({"age": 71}) == {"R": "undetermined"}
    assert module.decide({"age": 71}, {"limit": 70}) == {"R": "applies"}


# --- the trace ------------------------------------------------------------------------------------


def test_trace_names_what_settled_the_answer_and_what_is_in_the_way() -> None:
    module = module_of(ADVICE)
    told = module.trace({"marker": [[0, 5]], "bleeding": None})
    assert told["recommendations"]["R"]["because"] == ["LOW"]
    assert told["recommendations"]["R"]["unless"] == ["BLEEDS"]
    assert told["criteria"]["BLEEDS"]["answer"] is None


def test_trace_goes_down_to_data_and_limits() -> None:
    told = module_of(ADVICE).trace({"marker": [[-700, 999_999], [5, 7]], "bleeding": True})
    low = told["criteria"]["LOW"]
    window = {"input": "marker", "selector": "first", "from": -720, "to": 720}
    assert low["data"] == [{**window, "value": 999_999}]
    assert low["compared"] == [
        "first marker from 12 h before to 12 h after the reference anchor < 1,000 µg/L"
    ]
    assert told["criteria"]["BLEEDS"]["data"] == [{"input": "bleeding", "value": True}]


def test_trace_of_the_shipped_guideline_tells_what_stands_behind_a_criterion() -> None:
    guideline, program = shipped()
    told = module_of(program, guideline).trace({})
    low = told["criteria"]["CRIT-ddimer-low"]
    assert low["printed"] == ["<1,000 µg/L"]
    assert low["passages"]
    advice = told["recommendations"]["OUD-REC-4b"]
    assert advice["statement"] and advice["passages"]
    claims = {each["claims"] != [] for each in told["recommendations"].values()}
    assert claims == {True, False}


def test_trace_names_only_the_criteria_that_have_the_answers_value() -> None:
    names = ("A", "B", "C")
    parts = tuple(Ref("criterion", each) for each in names)
    inputs = tuple(
        Input(name=f"ask-{each}", label="", question="", kind="boolean") for each in names
    )
    criteria = [Named(name=n, label=n, condition=Ref("input", f"ask-{n}")) for n in names]
    module = module_of(program(*criteria, rules=(rule("R", And(parts)),), inputs=inputs))
    told = module.trace({"ask-A": True, "ask-B": False, "ask-C": None})
    assert told["recommendations"]["R"]["because"] == ["B"]
    told = module.trace({"ask-A": True, "ask-C": None, "ask-B": None})
    assert told["recommendations"]["R"]["because"] == ["B", "C"]
    told = module.trace({"ask-A": True, "ask-C": True, "ask-B": True})
    assert told["recommendations"]["R"]["because"] == ["A", "B", "C"]


# --- what it refuses ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "complaint"),
    [
        ({"marker": 3}, r"marker: 3 is not a list of \[minute, number\]"),
        ({"marker": [[0, 1.5]]}, r"marker: \[0,1\.5\] is not"),
        ({"marker": [[5, 1], [5, 2]]}, r"marker: \[5,2\] is not .* in ascending order"),
        ({"marker": [7]}, "marker: 7 is not"),
        ({"age": 71.0}, r"age: 71\.0 is not a whole number"),
        ({"age": True}, "age: true is not a whole number"),
        ({"bleeding": 1}, "bleeding: 1 is not true or false"),
        ({"state": "d"}, r'state: "d" is not one of its codes \(none, a or b, c\)'),
        ({"markr": None}, "markr: there is no such fact; did you mean marker?"),
        ({"now": "noon"}, 'now: "noon" is not a whole number'),
        ([], "the facts must be an object"),
    ],
)
def test_facts_of_the_wrong_form_are_refused_by_name(facts: Any, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        module_of(ADVICE).decide(facts)


ODD = [
    *(True, 0, 1.0, Fraction(1), 2**53 - 1, 2**53, 1 - 2**53, -(2**53), "", "c", "d", "7", b"c"),
    *([], (), {}, [[0, 1]], [(0, 1)], ((0, 1),), [[0, 2**53]], [[1, 1], [0, 1]], [None], [[0]]),
    *([[0, 1], [0, 1]], [[0.0, 1]], [[True, 1]], [[0, True]], [[0, None]], [[2**53, 0]], object()),
]


@pytest.mark.parametrize("name", ["age", "bleeding", "state", "marker", "now", "unheard-of"])
def test_quick_look_at_facts_refuses_just_what_the_careful_look_refuses(name: str) -> None:
    module = module_of(ADVICE)
    outcomes = set()
    for value in (None, *ODD):
        quick, careful = (
            complaint(look, {name: value}) for look in (module.check_facts, module._refuse_first)
        )
        assert quick == careful
        outcomes.add(quick is None)
    assert outcomes == ({False} if name == "unheard-of" else {True, False})


def complaint(look: Callable[[Any], Any], facts: Any) -> str | None:
    try:
        look(facts)
    except ValueError as problem:
        return str(problem)
    return None


@pytest.mark.parametrize("names", list(permutations(("now", "age", "marker", "unheard-of"))))
def test_first_of_several_wrong_facts_is_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=f"^{names[0]}: "):
        module_of(ADVICE).decide(dict.fromkeys(names, "x"))


def test_long_names_are_checked_in_lines_that_are_not_too_long() -> None:
    long = Input(name="a-name-" * 6, label="", question="", kind="quantity")
    known = compare(">", Ref("input", long.name), Const(Fraction(1)))
    wide = program(rules=(rule("R", known),), inputs=(long,))
    text = text_of(wide)
    assert max(map(len, text.splitlines())) <= 100
    assert module_of(wide).decide({long.name: 2**53 - 1}) == {"R": "applies"}
    with pytest.raises(ValueError, match="not a whole number"):
        module_of(wide).decide({long.name: 2**53})


@pytest.mark.parametrize(
    ("chosen", "complaint"),
    [
        ({"limt": 1}, "limt: there is no such setting; did you mean limit?"),
        ({"limit": 2.0}, r"limit: 2\.0 is not a whole number"),
        ({"limit": None}, "limit: null is not a whole number"),
        ({"test": "z"}, r'test: "z" is not one of its codes \(x, y\)'),
        ([1], "the settings must be an object"),
    ],
)
def test_settings_of_the_wrong_form_are_refused_by_name(chosen: Any, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        module_of(ADVICE).decide({}, chosen)


# --- the command ----------------------------------------------------------------------------------


def run(tmp_path: Path, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = tmp_path / "generated.py"
    path.write_text(text_of(ADVICE), encoding="utf-8")
    command = [sys.executable, "-I", "-S", str(path), *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, encoding="utf-8")


PATIENT = '{"facts": {"marker": [[0, 5]], "bleeding": false}}'


def test_module_runs_alone_on_standard_input(tmp_path: Path) -> None:
    done = run(tmp_path, PATIENT)
    assert json.loads(done.stdout) == {"R": "applies"}
    assert done.returncode == 0


def test_module_reads_a_file_and_tells_its_trace(tmp_path: Path) -> None:
    patient = tmp_path / "patient.json"
    patient.write_text(PATIENT, encoding="utf-8")
    done = run(tmp_path, "", "--trace", str(patient))
    assert json.loads(done.stdout)["recommendations"]["R"]["because"] == ["LOW"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{"facts": {"age": 7.5}}', "age: 7.5 is not a whole number"),
        ('{"facts": {"age": 7, "age": 8}}', "age: stands twice"),
        ('{"age": 7}', 'expected {"facts"'),
        ("[", "Expecting value"),
        ("[" * 100_000, "recursion"),
    ],
)
def test_module_refuses_bad_input_without_a_traceback(
    tmp_path: Path, text: str, complaint: str
) -> None:
    done = run(tmp_path, text)
    assert done.returncode == 1
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


# --- the text -------------------------------------------------------------------------------------


def test_module_is_python_3_9_with_short_lines_and_no_binary_float() -> None:
    text = text_of(ADVICE)
    ast.parse(text, feature_version=(3, 9))
    assert max(map(len, text.splitlines())) <= 100
    numbers = [
        token.string
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.NUMBER
    ]
    assert all(each.isdigit() for each in numbers)
    assert "float" not in text


def test_equal_programs_give_equal_text() -> None:
    assert text_of(ADVICE) == text_of(ADVICE)


def test_comparison_is_explained_in_the_unit_of_the_datum() -> None:
    text = text_of(ADVICE)
    assert "# Marker is low\n    # first marker from 12 h before" in text
    assert "the reference anchor < 1,000 µg/L\n" in text
    assert "first_marker_from_m720_to_720 < 1000000" in text


@pytest.mark.parametrize(
    "label",
    ['"""\nimport os\n', "x\nraise SystemExit", "\\", "a\u2028b", "\u202eetalf", '"', "'", "\x00"],
)
def test_no_label_can_break_out_of_its_comment_or_string(label: str) -> None:
    hostile = program(
        replace(LOW, label=label),
        rules=(replace(rule("R", Ref("criterion", "LOW")), label=label, modality=label),),
        inputs=tuple(replace(e, label=label, question=label) for e in random_programs.INPUTS),
    )
    small = example.guideline(example.make(Recommendation, "R", statement=Text((("en", label),))))
    text = text_of(hostile, small)
    assert "\u202e" not in text
    plain = text_of(program(LOW, rules=(rule("R", Ref("criterion", "LOW")),)))
    kinds = [type(each) for each in ast.parse(text).body]
    assert kinds == [type(each) for each in ast.parse(plain).body]
    module = module_of(hostile, small)
    assert module.CRITERIA["LOW"]["label"] == label
    assert module.RECOMMENDATIONS["R"]["statement"] == label


def test_names_that_python_could_not_use_are_made_usable() -> None:
    inputs = tuple(map(yes_no, ("class", "known", "4b", "β", "a-b", "a_b", "seen")))
    guard = And(tuple(Ref("input", each.name) for each in inputs))
    module = module_of(program(rules=(rule("R", guard),), inputs=inputs))
    assert module.decide({each.name: True for each in inputs}) == {"R": "applies"}
    assert module.decide({each.name: each.name != "a_b" for each in inputs})["R"] == "notApplicable"


def test_large_scores_and_conjunctions_are_broken_over_lines() -> None:
    names = [f"a-rather-long-question-{number}" for number in range(30)]
    inputs = tuple(map(yes_no, names))
    refs = tuple(Ref("input", each) for each in names)
    score = Score(30, tuple((each, 1) for each in refs))
    assumed = Assume(And(refs), default=False, why="the source says so")
    wide = program(rules=(rule("R", score), rule("S", assumed)), inputs=inputs)
    assert max(map(len, text_of(wide).splitlines())) <= 100
    assert module_of(wide).decide(dict.fromkeys(names, True)) == {"R": "applies", "S": "applies"}
    assert module_of(wide).decide({}) == {"R": "undetermined", "S": "notApplicable"}


def test_now_is_a_fact_in_minutes() -> None:
    late = compare(">", NOW, Const(Fraction(2880)))
    module = module_of(program(rules=(rule("R", late),)))
    assert module.decide({"now": 2881}) == {"R": "applies"}
    assert module.decide({"now": 2880}) == {"R": "notApplicable"}
