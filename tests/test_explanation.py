"""Why one recommendation stands as it does: what suffices, and what would change it."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import random_programs
from conftest import GUIDELINE
from guidegraph.evaluate.explanation import Change, Explanation, explain
from guidegraph.evaluate.status import meaning, standings
from guidegraph.kernel import NOW, Agg, And, Assume, Cmp, Const, Not, Ref, Value, walk
from guidegraph.patient import Patient
from guidegraph.program import Program
from guidegraph.wire import values
from program_example import datum, guideline_for, patient, program, rule, truth
from test_cli import invoke

once = pytest.mark.usefixtures("loaded_once")
PATIENT = GUIDELINE / "patient.json"
FIRST = Agg("first", "dimer", -720, 720)
LATER = Agg("max", "dimer", 721)


def explained(source: Program, name: str = "R", now: int | None = 0, **known: Value) -> Explanation:
    guideline = guideline_for(source)
    (found,) = explain(guideline, source, patient(source, now, **known), [name])
    return found


def kept(found: Explanation) -> list[str]:
    return [each.id for each in found.sufficient]


def told(flip: tuple[Change, ...]) -> list[tuple[str, object]]:
    return [(each.id, each.becomes) for each in flip]


def age_limit() -> Program:
    age = datum("age", "quantity", unit="a", low=Fraction(0), high=Fraction(130))
    old = Cmp(">=", Ref("input", "age"), Const(Fraction(65)))
    return program([age, datum("ill")], [rule("R", And((old, truth("ill"))))])


def dimer_program() -> Program:
    series = datum("dimer", "series", unit="ug/L", scale=3, low=Fraction(0), high=Fraction(100_000))
    low = Cmp("<", FIRST, Const(Fraction(1000)))
    risen = Cmp(">", LATER, Const(Fraction(2000)))
    return program([series], [rule("R", And((low, risen))), rule("S", Not(low))])


# --- what suffices --------------------------------------------------------------------------------


def test_one_false_part_is_enough_for_not_applicable():
    found = explained(age_limit(), age=Fraction(40), ill=False)
    assert found.advice.status == "notApplicable"
    assert len(kept(found)) == 1


def test_the_cheapest_datum_is_the_one_that_is_kept():
    costly = program([datum("scan", cost=9), datum("asked", cost=1)], [])
    source = replace(costly, rules=(rule("R", And((truth("scan"), truth("asked")))),))
    assert kept(explained(source, scan=False, asked=False)) == ["asked"]


def test_every_part_is_needed_for_applies():
    found = explained(age_limit(), age=Fraction(65), ill=True)
    assert (found.advice.status, kept(found)) == ("applies", ["age", "ill"])


def test_nothing_is_needed_to_be_undetermined():
    assert kept(explained(age_limit())) == []


def exceptions() -> Program:
    """R unless both signs; S if one sign and, where the other is not known, that one too."""
    both = And((truth("one"), truth("other")))
    taken = And((truth("one"), Assume(both, True, "an example")))
    return program(
        [datum("one"), datum("other"), datum("third")],
        [rule("R", truth("third"), unless=(both,)), rule("S", taken)],
    )


def test_no_part_of_an_unknown_exception_is_called_unknown_if_it_is_known():
    found = explained(exceptions(), third=True, one=True)
    assert found.advice.status == "provisional"
    assert [(each.label, each.value) for each in found.advice.unless] == [("other", None)]


def test_no_part_of_an_undetermined_condition_is_called_unknown_if_it_is_known():
    found = explained(age_limit(), age=Fraction(70))
    assert found.advice.status == "undetermined"
    assert [(each.label, each.value) for each in found.advice.because] == [("ill", None)]


def test_no_part_of_what_is_assumed_is_called_unknown_if_it_is_known():
    found = explained(exceptions(), "S", one=True)
    (assumed,) = (each for each in found.advice.because if each.kind == "assumption")
    assert [(each.label, each.value) for each in assumed.children] == [("other", None)]


def test_another_time_of_decision_is_told_from_the_anchor():
    later = program([], [rule("R", Cmp(">=", NOW, Const(Fraction(1440))))])
    ((change,),) = explained(later, now=720).flips
    assert change.words("admission") == (
        "Time of the decision: 24 h after admission (instead of 12 h after admission)"
    )


def test_of_a_series_only_the_sample_that_decides_is_told():
    found = explained(dimer_program(), dimer=((0, Fraction(1500)), (900, Fraction(3000))))
    assert [(each.selector, each.value) for each in found.sufficient] == [("first", Fraction(1500))]


def test_a_reason_that_rests_on_a_default_says_so():
    source = program([datum("ill")], [rule("R", Assume(truth("ill"), True, "usual"))])
    assert explained(source).rests_on_default
    assert not explained(source, ill=True).rests_on_default


# --- what would change it -------------------------------------------------------------------------


def test_the_nearest_value_on_the_other_side_of_a_limit_is_told():
    found = explained(age_limit(), age=Fraction(70), ill=True)
    assert told(found.flips[0]) == [("age", Fraction(64))]
    found = explained(age_limit(), age=Fraction(40), ill=True)
    assert [told(each) for each in found.flips] == [[("age", Fraction(65))]]


def test_two_facts_are_told_where_one_does_not_suffice():
    found = explained(age_limit(), age=Fraction(40), ill=False)
    assert [told(each) for each in found.flips] == [[("age", Fraction(65)), ("ill", True)]]


def test_one_step_beyond_the_limit_is_one_step_of_the_series():
    samples = ((0, Fraction(500)), (900, Fraction(1500)))
    (flip,) = explained(dimer_program(), dimer=samples).flips
    assert told(flip) == [("dimer", Fraction(2000001, 1000))]
    assert flip[0].words("admission") == (
        "dimer, 15 h after admission: 2,000.001 µg/L (instead of 1,500 µg/L)"
    )


def test_a_sample_that_was_not_taken_can_be_what_is_missing():
    (flip,) = explained(dimer_program(), dimer=((0, Fraction(500)),), now=60).flips
    assert (flip[0].minute, flip[0].was, flip[0].becomes) == (721, None, Fraction(2000001, 1000))


def test_where_nothing_near_changes_it_nothing_is_told():
    never = program([datum("a")], [rule("R", And((truth("a"), Not(truth("a")))))])
    assert explained(never, a=True).flips == ()


# --- of any program -------------------------------------------------------------------------------


def _patient(source: Program, facts: dict, chosen: dict) -> Patient:
    inputs, held = values(source, facts, chosen)
    unknown = {name: "missing" for name, value in inputs.items() if value is None}
    return Patient(inputs=inputs, settings=held, unknown=unknown, data={})


def _changed(known: Patient, flip: tuple[Change, ...]) -> dict[str, Value]:
    inputs = dict(known.inputs)
    for each in flip:
        if each.minute is None:
            inputs[each.id] = each.becomes
        else:
            samples = inputs[each.id] if isinstance(inputs[each.id], tuple) else ()
            others = [pair for pair in samples if pair[0] != each.minute]
            inputs[each.id] = tuple(sorted([*others, (each.minute, each.becomes)]))
    return inputs


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(random_programs.programs(), st.integers(0, 2**16))
def test_what_suffices_gives_the_same_status_and_what_would_change_it_does(source, seed):
    guideline = guideline_for(source)
    (facts, chosen), *_ = random_programs.patients(source, seed, 1)
    known = _patient(source, facts, chosen)
    for each in source.rules:
        (found,) = explain(guideline, source, known, [each.name])
        (now,) = standings([each], meaning(source, known.inputs, known.settings))
        assert found.advice.status == now.status
        for flip in found.flips:
            meant = meaning(source, _changed(known, flip), known.settings)
            (then,) = standings([each], meant)
            assert then.is_in_force != now.is_in_force


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(random_programs.programs(), st.integers(0, 2**16), st.integers(0, 2**16))
def test_whatever_else_is_true_what_suffices_decides(source, seed, other_seed):
    """Single data kept, all others replaced by another patient's: the status stays."""
    nodes = [node for each in source.criteria for node in walk(each.condition)]
    nodes += [node for each in source.rules for node in walk(each.guard)]
    assume(not any(isinstance(node, Assume | Agg) for node in nodes))
    guideline = guideline_for(source)
    (facts, chosen), *_ = random_programs.patients(source, seed, 1)
    (others, _), *_ = random_programs.patients(source, other_seed, 1)
    known, other = _patient(source, facts, chosen), _patient(source, others, chosen)
    for each in source.rules:
        (found,) = explain(guideline, source, known, [each.name])
        if None in (found.advice.standing.guard, found.advice.standing.effective):
            continue
        inputs = {
            **other.inputs,
            **{name: known.inputs[name] for name in kept(found) if name in known.inputs},
        }
        (then,) = standings([each], meaning(source, inputs, known.settings))
        assert then.status == found.advice.status


# --- the command ----------------------------------------------------------------------------------


@once
def test_why_tells_only_what_was_asked_down_to_the_passage():
    result = invoke("decide", PATIENT, GUIDELINE, "--why", "OUD-REC-4b", "--why-not", "OUD-REC-4d")
    assert result.stdout.startswith("OUD-REC-4b applies")
    assert "OUD-REC-4d does not apply" in result.stdout
    assert "OUD-REC-1 " not in result.stdout
    assert "source: OUD, recommendation 4b, level of the rise" in " ".join(result.stdout.split())


@once
def test_why_in_json_has_numbers_as_text():
    result = invoke("decide", PATIENT, GUIDELINE, "--why-not", "OUD-REC-4d", "--format", "json")
    (found,) = json.loads(result.stdout)["explanations"]
    assert [each["value"] for each in found["sufficient"]] == ["840"]
    assert found["wouldChange"][0][0]["becomes"] == "2000"


@once
def test_a_recommendation_that_does_not_exist_is_refused_with_a_suggestion():
    result = invoke("decide", PATIENT, GUIDELINE, "--why", "OUD-REC-4bb")
    assert result.exit_code == 2
    assert "Did you mean `OUD-REC-4b`?" in result.stderr
