"""A program as JSON and back is the same program, and what is no program is told where."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from guidegraph import resources
from guidegraph.agree.reference import Reference
from guidegraph.interchange import InterchangeError, from_json, to_json
from guidegraph.kernel import And, Cmp, Cond, Const, Ref, Score
from guidegraph.program import Program
from program_example import datum, rule
from program_example import program as program_of
from random_programs import patients, programs

SCHEMA = json.loads((resources.schemas_folder() / "model.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator({"$ref": "#/$defs/program", "$defs": SCHEMA["$defs"]})
SLOW = [HealthCheck.too_slow]


def turned(program: Program) -> Program:
    return from_json(json.loads(json.dumps(to_json(program))))


@given(programs(), st.integers(0, 9))
@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
def test_a_random_program_survives(program: Program, seed: int) -> None:
    back = turned(program)
    assert back == program
    assert VALIDATOR.is_valid(to_json(program))
    for facts, chosen in patients(program, seed, 5):
        patient = {"facts": facts, "settings": chosen}
        assert Reference(back).statuses(patient) == Reference(program).statuses(patient)


def test_the_shipped_program_survives(program: Program) -> None:
    assert turned(program) == program
    assert len(to_json(program)["rules"]) == len(program.rules) > 0


def small() -> dict[str, Any]:
    """A program as JSON that has every form in it."""
    age, weight = {"input": "age"}, {"setting": "weight"}
    marker = {"aggregate": "max", "series": "marker", "from": -5, "to": 7}
    total = {"sum": [{"times": "7/3", "of": age}, {"times": "-1", "of": weight}], "plus": "1/2"}
    chosen = {"if": {"input": "in"}, "then": {"number": "2"}, "else": age}
    item = {"if": {"criterion": "sum"}, "points": 2}
    conditions = {
        "sum": {"compare": "<=", "left": total, "right": marker},
        "chosen": {"compare": "<", "left": chosen, "right": {"number": "10"}},
        "code": {"in": ["a", "b"], "code": {"input": "state"}},
        "logic": {"and": [{"not": {"input": "in"}}, {"or": [{"rule": "first"}]}]},
        "score": {"score": [item], "atLeast": 2},
        "assumed": {"assume": False, "of": {"criterion": "sum"}, "why": "usual"},
    }
    first = {"name": "first", "label": "First", "guard": {"input": "in"}}
    norm = {"modality": "Should", "norm": "should"}
    exceptions = {"unless": [{"criterion": "logic"}, {"rule": "first"}]}
    second = {"name": "second", "label": "", "guard": {"criterion": "assumed"}, **exceptions}

    def declared(name: str, kind: str, **more: Any) -> dict[str, Any]:
        told = {"name": name, "label": name, "question": "?", "kind": kind, "scale": 0, "cost": 1}
        return {**told, **more}

    ends = {"low": "1", "high": "200", "lowInclusive": True, "highInclusive": False}
    return {
        "format": "guidegraph-program/1",
        "guideline": "small",
        "version": "1",
        "anchor": "admission",
        "inputs": [
            declared("in", "boolean", validFor=60),
            declared("age", "quantity", unit="a", low="0", high="130"),
            declared("marker", "series", unit="ug/L", basis="FEU", scale=3),
            declared("state", "code", codes=["a", "b"]),
        ],
        "settings": [
            {"name": "weight", "label": "w", "kind": "quantity", "scale": 1, "default": "70"} | ends
        ],
        "criteria": [
            {"name": name, "label": name, "condition": each} for name, each in conditions.items()
        ],
        "rules": [first | norm, second | norm | {"action": "A", "alternativeTo": ["first"]}],
        "incompatible": [["A", "B"]],
        "readings": {"point": "reading"},
    }


def test_the_small_program_is_accepted_by_reader_and_schema() -> None:
    VALIDATOR.validate(small())
    read = from_json(small())
    assert turned(read) == read
    assert Reference(read).statuses({"facts": {"in": True}, "settings": {}})["first"] == "applies"


def test_a_number_that_depends_on_a_condition_is_resolved_with_the_consensus_term() -> None:
    told = Reference(from_json(small())).truths({"facts": {"age": 9}, "settings": {}})
    assert told["chosen"] is True  # 2 and 9 are both below 10, so it does not matter which


CONDITION = ("criteria", 0, "condition")
Break = tuple[tuple[Any, ...], Any, str, str]
BROKEN: dict[str, Break] = {
    "not an object": ((), [], "", "an object is needed"),
    "other format": (("format",), "guidegraph-program/2", "/format", "is needed here"),
    "part missing": (("rules",), ..., "", "`rules` is missing"),
    "part unknown": (("ruels",), [], "", "Did you mean `rules`?"),
    "no list": (("rules",), {}, "/rules", "a list is needed"),
    "float": (("inputs", 2, "scale"), 1.5, "/inputs/2/scale", "a whole number is needed"),
    "truth as number": (("inputs", 2, "scale"), True, "/inputs/2/scale", "not true or false"),
    "negative scale": (("inputs", 2, "scale"), -1, "/inputs/2/scale", "from 0"),
    "too large": (("inputs", 2, "cost"), 2**53, "/inputs/2/cost", "9007199254740991"),
    "unknown kind": (("inputs", 0, "kind"), "truth", "/inputs/0/kind", "quantity, boolean"),
    "null": (("inputs", 0, "label"), None, "/inputs/0/label", "not null"),
    "number for a text": (("version",), 1, "/version", "not a number"),
    "JSON number": (("inputs", 1, "low"), 0, "/inputs/1/low", '"-2" or "7/3"'),
    "decimal": (("inputs", 1, "low"), "0.5", "/inputs/1/low", '"-2" or "7/3"'),
    "minus nothing": (("inputs", 1, "low"), "-0", "/inputs/1/low", "exact number"),
    "endless": (("inputs", 1, "low"), "1" * 1001, "/inputs/1/low", "at most 1000"),
    "code twice": (("inputs", 3, "codes"), ["a", "a"], "/inputs/3/codes", "twice"),
    "input called now": (("inputs", 0, "name"), "now", "/inputs/0/name", "`now` is taken"),
    "word for a default": (("settings", 0, "default"), "x", "/settings/0/default", "exact"),
    "pair of three": (("incompatible", 0), ["a", "b", "c"], "/incompatible/0", "two actions"),
    "reading": (("readings", "a/b~c"), 1, "/readings/a~1b~0c", "a text is needed"),
    "no condition": (CONDITION, {}, "/criteria/0/condition", "one of input, criterion"),
    "unknown form": (CONDITION, {"xor": []}, "/criteria/0/condition", "a condition is needed"),
    "two forms": (CONDITION, {"and": [], "or": []}, "/criteria/0/condition", "`or` is not known"),
    "unknown sign": ((*CONDITION, "compare"), "==", "/criteria/0/condition/compare", "<, <="),
    "condition as number": (
        (*CONDITION, "left"), {"not": {"input": "in"}}, "/criteria/0/condition/left", "a number"
    ),
    "number as condition": (CONDITION, {"setting": "weight"}, "/criteria/0/condition", "needed"),
    "unknown aggregate": (
        (*CONDITION, "right", "aggregate"), "mean", "/criteria/0/condition/right/aggregate", "run"
    ),
    "window of words": (
        (*CONDITION, "right", "from"), "now", "/criteria/0/condition/right/from", "whole number"
    ),
    "no points": (
        ("criteria", 4, "condition", "score", 0, "points"), 0,
        "/criteria/4/condition/score/0/points", "from 1",
    ),
    "assumed unknown": (
        ("criteria", 5, "condition", "assume"), None, "/criteria/5/condition/assume", "true or"
    ),
    "datum as exception": (
        ("rules", 1, "unless", 0), {"input": "in"}, "/rules/1/unless/0", "one of criterion, rule"
    ),
    "unknown norm": (("rules", 0, "norm"), "could", "/rules/0/norm", "must, should"),
}  # fmt: skip
"""Where the small program is changed, to what (... removes it), and what is told of it."""

BROKEN_BY_NAME: dict[str, Break] = {
    "no lowest terms": (("inputs", 1, "low"), "2/4", "/inputs/1/low", 'write "1/2"'),
    "name twice": (("rules", 1, "name"), "first", "/rules/1/name", "`first` is taken"),
    "unknown criterion": (CONDITION, {"criterion": "scor"}, "/criteria/0/condition", "`score`"),
    "unknown series": (
        (*CONDITION, "right", "series"), "marke", "/criteria/0/condition", "`marker`"
    ),
    "quantity as condition": (
        CONDITION, {"input": "age"}, "/criteria/0/condition", "used as boolean, but is quantity"
    ),
    "code as number": (
        (*CONDITION, "left"), {"input": "state"}, "/criteria/0/condition", "but is code"
    ),
    "quantity as series": (
        (*CONDITION, "right", "series"), "age", "/criteria/0/condition", "used as series"
    ),
    "boolean as code": (
        ("criteria", 2, "condition", "code"), {"input": "in"}, "/criteria/2/condition", "as code"
    ),
    "exception unknown": (
        ("rules", 1, "unless", 0), {"rule": "third"}, "/rules/1/unless/0", "no rule `third`"
    ),
    "circle": (CONDITION, {"rule": "second"}, "", "circle: "),
}  # fmt: skip
"""What only a reader can see, because it takes knowledge of names or arithmetic."""


def broken(where: tuple[Any, ...], what: Any) -> Any:
    value = copy.deepcopy(small())
    if not where:
        return what
    part: Any = value
    for key in where[:-1]:
        part = part[key]
    if what is ...:
        del part[where[-1]]
    else:
        part[where[-1]] = what
    return value


@pytest.mark.parametrize("case", BROKEN, ids=str)
def test_what_is_no_program_is_refused_by_reader_and_schema(case: str) -> None:
    where, what, pointer, told = BROKEN[case]
    value = broken(where, what)
    with pytest.raises(InterchangeError) as refused:
        from_json(value)
    assert refused.value.pointer == pointer
    assert told in refused.value.problem
    assert not VALIDATOR.is_valid(value)


@pytest.mark.parametrize("case", BROKEN_BY_NAME, ids=str)
def test_what_names_cannot_mean_is_refused_by_the_reader(case: str) -> None:
    where, what, pointer, told = BROKEN_BY_NAME[case]
    with pytest.raises(InterchangeError) as refused:
        from_json(broken(where, what))
    assert refused.value.pointer == pointer
    assert told in refused.value.problem


def test_deep_nesting_is_refused_and_not_a_crash() -> None:
    deep: dict[str, Any] = {"input": "in"}
    for _ in range(100_000):
        deep = {"not": deep}
    value = small()
    value["criteria"][0]["condition"] = deep
    with pytest.raises(InterchangeError, match="nested too deeply"):
        from_json(value)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=8), inner)
)


def places(value: Any, so_far: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside: Any = ()
    if isinstance(value, dict):
        inside = value.items()
    elif isinstance(value, list):
        inside = enumerate(value)
    found = [so_far] if so_far else []
    for key, part in inside:
        found += places(part, (*so_far, key))
    return found


@given(st.sampled_from(places(small())), JSON | st.just(...))
@settings(max_examples=100, deadline=None)
def test_any_change_is_read_or_told(where: tuple[Any, ...], what: Any) -> None:
    value = broken(where, what)
    try:
        read = from_json(value)
    except InterchangeError as refused:
        assert str(refused).startswith("At ")
    else:
        VALIDATOR.validate(value)
        assert turned(read) == read


def unwritable() -> list[tuple[type[Exception], Callable[[], Program]]]:
    chosen = Cond(Ref("input", "in"), Const(1), Const(2))  # type: ignore[arg-type]
    compared = Cmp("<", chosen, Const(3))  # type: ignore[arg-type]
    return [
        (ValueError, lambda: program_of([datum("in")], [rule("r", Score(2**53, ()))])),
        (TypeError, lambda: program_of([datum("in")], [rule("r", And((compared,)))])),
    ]


@pytest.mark.parametrize(("fault", "make"), unwritable())
def test_what_has_no_form_is_not_written(fault: type[Exception], make: Any) -> None:
    with pytest.raises(fault):
        to_json(make())
