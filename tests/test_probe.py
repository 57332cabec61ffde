"""Patients for tests: every limit, window end, code and unknown, each deciding where it can."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

import random_programs
from guidegraph.agree.reference import Reference
from guidegraph.evaluate.status import STATUSES
from guidegraph.kernel import NOW, Agg, And, Arith, Cmp, Const, In, Meaning, Ref, Score, compare
from guidegraph.probe import Layout, Probe, marks, patients
from guidegraph.probe.draft import Draft
from guidegraph.probe.goals import Goal, goals
from guidegraph.probe.repair import Pin, excess
from guidegraph.program import Input, Named, Program, Rule
from guidegraph.wire import EXACT_LIMIT, values

FIRST = 2000


def rule(name: str, guard: Any) -> Rule:
    return Rule(name=name, label=name, guard=guard, modality="Should", norm="should")


def small(*conditions: Any) -> Program:
    series = {"kind": "series", "label": "Marker", "question": "?", "unit": "ug/L"}
    return Program(
        guideline="small",
        version="1",
        anchor="admission",
        inputs=(
            Input(name="marker", low=Fraction(0), high=Fraction(5000), **series),
            Input(name="age", label="Age", question="?", kind="quantity", unit="a"),
            Input(name="in", label="In", question="?", kind="boolean"),
            Input(name="state", label="S", question="?", kind="code", codes=("a", "b", "c")),
        ),
        settings=(),
        criteria=(),
        rules=tuple(rule(f"R-{place}", each) for place, each in enumerate(conditions)),
        incompatible=(),
        readings={},
    )


def seen(program: Program, count: int, seed: int = 0) -> Iterator[Draft]:
    layout = Layout(program)
    for each in patients(program, seed, count):
        yield Draft(layout, Random(0), each["facts"], each["settings"])


# --- what may be in a patient ---


def faults(layout: Layout, patient: dict[str, Any]) -> Iterator[str]:
    """What normalisation would not have let through."""
    for name, value in patient["facts"].items():
        low, high = layout.bounds.get(name, (0, 0))
        if isinstance(value, list):
            minutes = [minute for minute, _ in value]
            if any(one >= other for one, other in pairwise(minutes)):
                yield f"{name}: {minutes}"
            if not all(low <= each <= high for _, each in value):
                yield f"{name}: {value}"
        elif isinstance(value, str):
            if value not in layout.inputs[name].codes:
                yield f"{name}: {value}"
        elif isinstance(value, int) and not isinstance(value, bool) and not low <= value <= high:
            yield f"{name}: {value}"
        if abs(high) > EXACT_LIMIT:
            yield f"{name} may be {high}"
    for name, value in patient["settings"].items():
        if value is None or (name in layout.bounds and not _within(layout, name, value)):
            yield f"{name}: {value}"


def _within(layout: Layout, name: str, value: int) -> bool:
    low, high = layout.bounds[name]
    return low <= value <= high


def test_patients_of_the_shipped_guideline_are_as_after_normalisation(program):
    layout = Layout(program)
    for each in patients(program, 4, 12_000):
        assert list(faults(layout, each)) == []


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(random_programs.programs())
def test_patients_of_any_program_are_as_after_normalisation(program):
    layout = Layout(program)
    for each in patients(program, 4, 120):
        assert list(faults(layout, each)) == []
        json.dumps(each)


# --- the sequence ---


def test_a_seed_gives_the_same_patients_and_another_seed_others(program):
    assert list(patients(program, 7, 300)) == list(patients(program, 7, 300))
    assert list(patients(program, 7, 300)) != list(patients(program, 8, 300))


@pytest.mark.parametrize("start", [0, 5, 1999, 2750])
def test_any_stretch_of_the_sequence_can_be_made_on_its_own(start):
    source = small(
        compare(">", Agg("max", "marker", 0, 60), Const(Fraction(10))),
        In(Ref("input", "state"), ("a",)),
    )
    whole = list(patients(source, 1, 3000))
    assert list(Probe(source, 1).patients(start, 250)) == whole[start : start + 250]


def test_later_patients_do_not_change_earlier_ones(program):
    probe = Probe(program, 1)
    early = json.dumps(list(probe.patients(0, 500)))
    list(probe.patients(0, 12_000))
    assert json.dumps(list(probe.patients(0, 500))) == early


# --- what is hit ---


def test_every_limit_of_the_shipped_guideline_is_met_at_and_beside_it(program):
    layout = Layout(program)
    wanted = {
        (comparison, side)
        for comparison in layout.lines
        for side in (-1, 0, 1)
        if Pin(comparison, side).is_possible(layout)
    }
    assert len(wanted) > 60
    for draft in seen(program, FIRST):
        for comparison, side in list(wanted):
            if Pin(comparison, side).is_met(draft, Meaning({}, {}, {})):
                wanted.discard((comparison, side))
    assert wanted == set()


def test_every_rule_of_the_shipped_guideline_has_every_status_it_can_have(program):
    reference = Reference(program)
    found: dict[str, set[str]] = {each.name: set() for each in program.rules}
    for patient in patients(program, 0, FIRST):
        for name, status in reference.statuses(patient).items():
            found[name].add(status)
    usual = {"applies", "undetermined", "notApplicable"}
    for each in program.rules:
        assert found[each.name] == (set(STATUSES) if each.unless else usual), each.name


def test_nearly_every_limit_and_answer_decides_every_rule_it_is_in(program):
    """What is left is said twice in one condition, so that it never decides alone."""
    met, total = 0, 0
    layout = Layout(program)
    waiting: list[Goal] = list(goals(layout))
    total = len(waiting)
    for patient in patients(program, 0, 8000):
        draft = Draft(layout, Random(0), patient["facts"], patient["settings"])
        meant = Meaning(*values(program, patient["facts"], patient["settings"]), {})
        met_now = [
            each
            for each in waiting
            if all(aim.is_met(draft, meant) for aim in (*each.must, *each.beside))
        ]
        met += len(met_now)
        waiting = [each for each in waiting if each not in met_now]
        if met >= total * 97 // 100:
            return
    pytest.fail(f"{met} of {total}")


def test_every_input_is_unknown_and_every_answer_and_code_is_given(program):
    found: dict[str, set[Any]] = {each.name: set() for each in program.inputs}
    for patient in patients(program, 0, 9000):
        for name, value in patient["facts"].items():
            if name in found:
                found[name].add(repr(value) if isinstance(value, list) else value)
    for each in program.inputs:
        assert None in found[each.name]
        if each.kind == "boolean":
            assert {True, False} <= found[each.name]
        if each.kind == "code":
            assert set(each.codes) <= found[each.name]
        if each.kind == "series":
            assert "[]" in found[each.name]


def test_settings_take_their_ends_their_default_and_every_code(program):
    found: dict[str, set[Any]] = {each.name: set() for each in program.settings}
    for patient in patients(program, 0, 9000):
        for each in program.settings:
            found[each.name].add(patient["settings"].get(each.name))
    layout = Layout(program)
    for each in program.settings:
        assert None in found[each.name]
        wanted = each.codes if each.kind == "code" else layout.bounds[each.name]
        assert set(wanted) <= found[each.name]


def test_samples_lie_at_and_beside_the_ends_of_windows(program):
    layout = Layout(program)
    minutes = {
        minute
        for patient in patients(program, 0, 4000)
        for value in patient["facts"].values()
        if isinstance(value, list)
        for minute, _ in value
    }
    ends = {end for each in layout.aggregates for end in (each.low, each.high) if end is not None}
    assert ends
    for end in ends:
        assert {end - 1, end, end + 1} <= minutes


def test_now_lies_at_and_beside_a_limit_of_time():
    source = small(compare(">", NOW, Const(Fraction(2880))))
    nows = {patient["facts"].get("now") for patient in patients(source, 0, 200)}
    assert {2879, 2880, 2881, None} <= nows


def test_a_ratio_is_met_at_and_beside_its_limit():
    first, later = Agg("first", "marker", 0, 60), Agg("max", "marker", 61, None)
    rise = Cmp(">=", later, Arith(((Fraction(2), first),)))
    source = small(And((Ref("input", "in"), rise)))
    line = Layout(source).lines[rise]
    sums = {excess(draft, line) for draft in seen(source, 100) if draft.facts.get("in") is True}
    assert {-1, 0, 1, None} <= sums


def test_counts_and_runs_are_met_at_their_limits():
    count, run = Agg("count", "marker", 0, 600), Agg("run", "marker", None, None)
    source = small(compare(">=", count, Const(Fraction(2))), compare(">=", run, Const(Fraction(3))))
    drafts = list(seen(source, 150))
    assert {1, 2, 3} <= {each.number(count) for each in drafts}
    assert {2, 3, 4} <= {each.number(run) for each in drafts}


def test_an_item_of_a_score_decides_it():
    items = tuple(
        (Ref("input", "in") if n == 0 else In(Ref("input", "state"), (c,)), p)
        for n, (c, p) in enumerate((("", 1), ("a", 2), ("b", 3)))
    )
    source = small(Score(3, items))
    found = {
        (patient["facts"].get("in"), patient["facts"].get("state"))
        for patient in patients(source, 0, 60)
    }
    assert {(True, "a"), (False, "a")} <= found


def test_limits_that_no_plausible_number_reaches_do_no_harm():
    source = small(compare(">", Agg("last", "marker"), Const(Fraction(9_000_000))))
    assert len(list(patients(source, 0, 400))) == 400


def test_a_program_without_anything_has_patients():
    empty = Program(
        guideline="empty",
        version="1",
        anchor="",
        inputs=(),
        settings=(),
        criteria=(Named(name="C", label="C", condition=And(())),),
        rules=(),
        incompatible=(),
        readings={},
    )
    assert len(list(patients(empty, 0, 20))) == 20


def test_marks_are_whole_numbers_of_the_wire():
    source = small(compare("<", Agg("first", "marker", 0, 60), Const(Fraction(1000))))
    assert marks(source)["marker"] == (1000,)
    assert set(marks(source)["now"]) == {0, 60}
