"""Why: down to datum, threshold, passage and claim, pruned to what decides."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from guidegraph.entity import Code
from guidegraph.entity import Ref as Name
from guidegraph.evaluate import Advice, decide
from guidegraph.evaluate.text import render
from guidegraph.evaluate.trace import Reason
from guidegraph.kernel import Agg, And, Assume, Bool, Cmp, Const, Not, Or, Ref, Score, Truth
from guidegraph.lower import lower
from guidegraph.model import Recommendation
from guidegraph.patient import read_patient
from pathway_example import make
from program_example import datum, guideline_for, patient, program, rule, scaffold, truth

A, B, C = (Ref("criterion", each) for each in ("A", "B", "C"))


def why(guard: Bool, **known: Truth) -> list[str]:
    """The criteria in the trace of a rule with this guard."""
    names = ("a", "b", "c")
    source = program(
        [datum(each) for each in names],
        [rule("R", guard)],
        {each.upper(): truth(each) for each in names},
    )
    decision = decide(guideline_for(source), source, patient(source, **known))
    return [each.id or "" for each in decision.advice[0].because]


def example(recommendation: str, **facts: object) -> Advice:
    """The scaffold's recommendation for a patient."""
    content = {
        "now": "2026-01-01T20:00:00Z",
        "anchors": {"admission": "2026-01-01T08:00:00Z"},
        "facts": {"admitted": True, "infection-status": "confirmed", **facts},
    }
    source = lower(scaffold())
    read, findings = read_patient(json.dumps(content), source)
    assert read is not None
    decision = decide(scaffold(), source, read, findings)
    return next(each for each in decision.advice if each.recommendation.id == recommendation)


def find(reasons: tuple[Reason, ...], name: str) -> Reason:
    """The line of a criterion anywhere in a trace."""
    for each in reasons:
        if each.id == name:
            return each
        if each.children:
            try:
                return find(each.children, name)
            except LookupError:
                continue
    raise LookupError(name)


# --- pruning ------------------------------------------------------------------------------------


def test_a_true_conjunction_needs_every_part() -> None:
    assert why(And((A, B)), a=True, b=True) == ["A", "B"]


def test_a_false_conjunction_shows_only_what_is_false() -> None:
    assert why(And((A, B, C)), a=True, b=False, c=None) == ["B"]


def test_an_unknown_conjunction_shows_only_what_is_unknown() -> None:
    assert why(And((A, B)), a=True, b=None) == ["B"]


def test_a_true_disjunction_shows_only_what_is_true() -> None:
    assert why(Or((A, B, C)), a=False, b=True, c=None) == ["B"]


def test_a_false_disjunction_needs_every_part() -> None:
    assert why(Or((A, B)), a=False, b=False) == ["A", "B"]


def test_negation_shows_what_it_negates_with_its_own_truth() -> None:
    assert why(Not(Or((A, B))), a=True, b=False) == ["A"]
    assert why(Not(And((A, B))), a=True, b=False) == ["B"]


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        ({"a": True, "b": True, "c": False}, ["A", "B"]),
        ({"a": True, "b": None, "c": False}, ["A", "B"]),
        ({"a": True, "b": False, "c": False}, ["B", "C"]),
    ],
)
def test_a_score_shows_what_counts(known: dict[str, Truth], shown: list[str]) -> None:
    assert why(Score(2, ((A, 1), (B, 1), (C, 1))), **known) == shown


def test_the_same_criterion_is_shown_once() -> None:
    assert why(Or((And((A, B)), And((A, C)))), a=True, b=True, c=True) == ["A", "B", "C"]


def test_an_assumption_is_named_only_while_it_is_used() -> None:
    source = program(
        [datum("a")], [rule("R", Assume(A, False, "taken as absent"))], {"A": truth("a")}
    )
    known = guideline_for(source)
    assumed = decide(known, source, patient(source)).advice[0].because[0]
    assert (assumed.kind, assumed.label, assumed.value) == ("assumption", "taken as absent", False)
    assert [each.id for each in assumed.children] == ["A"]
    sure = decide(known, source, patient(source, a=True)).advice[0].because
    assert [each.id for each in sure] == ["A"]


def test_an_unnamed_comparison_is_traced_to_its_data() -> None:
    condition = Cmp(">", Ref("input", "age"), Const(Fraction(70)))
    source = program([datum("age", "quantity", unit="a")], [rule("R", condition)])
    known = patient(source, age=Fraction(71))
    reason = decide(guideline_for(source), source, known).advice[0].because[0]
    assert reason.to_json() == {
        "label": "age",
        "value": True,
        "data": [{"input": "age", "label": "age", "value": "71", "unit": "a"}],
    }


# --- data and thresholds ------------------------------------------------------------------------

MARKER = [
    {"minutes": 30, "value": "1.2", "unit": "mg/L"},
    {"minutes": 60, "value": "900", "unit": "ug/L"},
]


def test_a_comparison_shows_the_sample_as_executed_and_as_stated() -> None:
    reason = find(example("REC-2", **{"example-marker": MARKER}).because, "CRIT-high-from-limit")
    assert reason.data[0].to_json() == {
        "input": "example-marker",
        "label": "Example marker",
        "value": "1200",
        "unit": "ug/L",
        "selector": "first",
        "window": {"from": -720, "to": 720},
        "minute": 30,
        "stated": "1.2 mg/L",
        "line": 1,
    }


def test_a_threshold_shows_print_execution_and_passage() -> None:
    reason = find(example("REC-2", **{"example-marker": MARKER}).because, "CRIT-high-from-limit")
    limit = reason.thresholds[0].to_json()
    assert (limit["printed"], limit["value"], limit["unit"]) == ("1,000-2,000 µg/L", "1000", "ug/L")
    assert limit["setting"] == "marker-high"
    assert limit["passages"][0]["document"] == "EX"
    assert limit["passages"][0]["locator"].startswith("recommendation 2")


def test_a_fixed_threshold_is_shown_in_the_unit_of_the_source() -> None:
    low = find(example("REC-3", **{"example-marker": MARKER}).because, "CRIT-high")
    assert low.value is True
    limit = find(example("REC-4", age={"value": "69", "unit": "a"}).because, "CRIT-older")
    assert limit.thresholds[0].words == "70 years"


def test_an_interpreted_criterion_names_its_reading() -> None:
    reason = find(example("REC-2", **{"example-marker": MARKER}).because, "CRIT-high")
    assert reason.reading == ("IP-high", "READ-from-limit", "Yes: high begins at the limit")
    assert [each.id for each in reason.children] == ["CRIT-high-from-limit"]


def test_a_logical_criterion_says_how_its_parts_combine() -> None:
    reason = example("REC-1").because[0]
    assert (reason.id, reason.form) == ("CRIT-population", "all of")
    assert [each.id for each in reason.children] == ["CRIT-admitted", "CRIT-infection"]


def test_a_recommendation_shows_its_passages_and_judged_claims() -> None:
    advice = example("REC-2").to_json()
    assert advice["passages"][0]["document"] == "EX"
    claim = advice["claims"][0]
    assert {"id", "statement", "relation", "study", "citations"} <= set(claim)


def test_an_unknown_datum_says_why_it_is_unknown() -> None:
    late = find(example("REC-2").because, "CRIT-high-from-limit").data[0]
    assert (late.value, late.reason) == (None, "not stated")
    none = find(example("REC-2", **{"example-marker": []}).because, "CRIT-high-from-limit").data[0]
    assert (none.value, none.reason) == (None, "no result in this time")
    wrong = [{"minutes": 30, "value": "1", "unit": "mmol/L"}]
    unit = find(example("REC-2", **{"example-marker": wrong}).because, "CRIT-high-from-limit")
    assert unit.data[0].reason == "the unit cannot be used"


@pytest.mark.parametrize(("refused", "shown"), [(True, True), (None, None), (False, False)])
def test_the_exception_that_gives_the_status_is_shown(refused: Truth, shown: Truth) -> None:
    advice = example("REC-2", **{"example-marker": MARKER, "treatment-refused": refused})
    assert [each.value for each in advice.unless] == [shown]


def test_an_overriding_recommendation_is_traced_to_its_own_reasons() -> None:
    source = program(
        [datum("a"), datum("b")],
        [rule("Over", B), rule("Under", A, unless=(Ref("rule", "Over"),))],
        {"A": truth("a"), "B": truth("b")},
    )
    decision = decide(guideline_for(source), source, patient(source, a=True, b=True))
    reason = next(each for each in decision.advice if each.status == "defeated").unless[0]
    assert (reason.kind, reason.id, reason.value) == ("recommendation", "Over", True)
    assert [each.id for each in reason.children] == ["B"]


def test_a_reinforcing_criterion_is_shown_with_its_truth_and_decides_nothing() -> None:
    source = program([datum("a"), datum("b")], [rule("R", A)], {"A": truth("a"), "B": truth("b")})
    known = guideline_for(
        source,
        make(
            Recommendation,
            "R",
            direction=Code("For"),
            modality=Code("Should"),
            reinforced_by=Name("B"),
        ),
    )
    present = decide(known, source, patient(source, a=True, b=True))
    absent = decide(known, source, patient(source, a=True, b=False))
    assert present.advice[0].reinforced_by is not None
    assert present.advice[0].reinforced_by.value is True
    assert "in particular because" in render(present)
    assert absent.advice[0].status == "applies"
    assert "in particular because" not in render(absent)


def test_a_count_and_a_run_have_no_unit_and_no_moment() -> None:
    condition = And(
        (
            Cmp(">=", Agg("count", "s"), Const(Fraction(2))),
            Cmp(">=", Agg("run", "s"), Const(Fraction(2))),
            Cmp("=", Agg("last", "s"), Const(Fraction(2))),
        )
    )
    source = program([datum("s", "series", unit="ug/L")], [rule("R", A)], {"A": condition})
    samples = ((0, Fraction(1)), (5, Fraction(2)))
    decision = decide(guideline_for(source), source, patient(source, s=samples))
    told = [(each.selector, each.words, each.minute) for each in decision.advice[0].because[0].data]
    assert told == [
        ("number of results", "2", None),
        ("rising results in a row", "2", None),
        ("latest", "2 µg/L", 5),
    ]
