"""Limits that tell nobody apart, as executed and as printed, and patients exactly at a limit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from guidegraph.criteria import RangeCriterion, TrendCriterion
from guidegraph.diagnostic import Severity
from guidegraph.entity import Code, Quantity, Ref, Ucum
from guidegraph.kernel import Ref as KernelRef
from guidegraph.lower import lower
from guidegraph.proof import Prover
from guidegraph.proof.witness import is_true_of
from guidegraph.regions import Between
from guidegraph.verify import Held, Refuted
from guidegraph.verify.boundaries import check_boundaries
from guidegraph.verify.limits import check_limits, check_printed_limits
from guidegraph.verify.reachability import check_criteria
from pathway_example import make
from program_example import scaffold
from reach_example import (
    ON_ADMISSION,
    about,
    advice,
    compared,
    entries,
    first,
    found,
    limit,
    logical,
    with_things,
)

AGE = {"observable": Ref("age"), "observation_selector": None, "time_window": None}

# --- as executed ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "comparator", "effect"),
    [
        ("100000", "GreaterThan", "never true"),
        ("100000", "AtLeast", None),
        ("100000", "AtMost", "always true"),
        ("1", "LessThan", "never true"),
        ("1", "AtMost", None),
        ("1", "AtLeast", "always true"),
        ("500", "AtLeast", None),
    ],
)
def test_a_limit_at_the_end_of_what_is_plausible(value, comparator, effect):
    # The marker is plausible from 1 to 100,000 µg/L, both ends included.
    guideline = with_things(limit("edge", value), compared("new", comparator, "edge"))
    told = found(guideline, check_limits)
    assert about(told) == ({("L427", "new", "edge")} if effect else set())
    assert all(f"“new” is {effect}" in each.message for each in told)
    assert found(guideline, check_criteria) == []  # one finding, not two


def test_a_unit_is_converted():
    guideline = with_things(limit("edge", "0.1", "g/L"), compared("new", "GreaterThan", "edge"))
    (one,) = found(guideline, check_limits)
    assert "plausible value of Example marker (1 to 100,000 µg/L) is above 0.1 g/L" in one.message


def test_a_choice_of_the_site_is_asked_at_every_permitted_value():
    parameter = scaffold().entities["marker-high"]
    free = compared("new", "GreaterThan", "THR-high")
    assert found(with_things(free), check_limits) == []
    beyond = replace(
        parameter,
        permitted_range=replace(
            parameter.permitted_range, low=Decimal(100_000), high=Decimal(200_000)
        ),
    )
    told = about(found(with_things(free, beyond), check_limits))
    assert ("L427", "new", "THR-high") in told
    partly = replace(
        parameter, permitted_range=replace(parameter.permitted_range, high=Decimal(200_000))
    )
    assert found(with_things(free, partly), check_limits) == []


@pytest.mark.parametrize(("change", "is_told"), [("99999", False), ("100000", True)])
def test_a_change_greater_than_two_plausible_values_can_differ(change, is_told):
    rise = make(
        TrendCriterion,
        "rise",
        observable=Ref("example-marker"),
        observation_selector=Code("Latest"),
        comparator=Code("AtLeast"),
        trend_baseline=Code("First"),
        minimum_change=Quantity(value=Decimal(change), unit=Ucum("ug/L")),
    )
    told = found(with_things(rise), check_limits)
    assert about(told) == ({("L427", "rise")} if is_told else set())


@pytest.mark.parametrize(("high", "is_told"), [("50", False), ("125", False), ("-1", True)])
def test_of_a_range_only_an_end_that_nobody_meets_is_told(high, is_told):
    ends = [limit("low", "0", "a", observable=Ref("age"))]
    ends.append(limit("high", high, "a", observable=Ref("age")))
    ages = make(
        RangeCriterion,
        "ages",
        observable=Ref("age"),
        low_threshold=Ref("low"),
        high_threshold=Ref("high"),
        low_inclusive=True,
        high_inclusive=True,
    )
    told = found(with_things(*ends, ages), check_limits)
    assert about(told) == ({("L427", "ages", "high")} if is_told else set())


def test_more_samples_than_are_looked_at_are_not_called_impossible():
    ten = limit("ten", "10", "1")
    many = compared("many", "AtLeast", "ten", observation_selector=Code("Count"))
    assert found(with_things(ten, many), check_limits) == []
    none = compared("none", "LessThan", "zero", observation_selector=Code("Count"))
    (one,) = found(with_things(limit("zero", "0", "1"), none), check_limits)
    assert one.message.startswith("No number of measurements of Example marker is below 0")


def test_every_limit_of_the_shipped_guideline_tells_patients_apart(guideline):
    told = first(guideline, check_limits)
    assert len(told) > 20
    assert all(isinstance(each, Held) for each in told)


# --- as printed -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "comparator", "told"),
    [
        ("≥500 mg/L", "AtLeast", "500,000 µg/L: no plausible value"),
        ("<500 mg/L", "LessThan", "everybody would meet it"),
        ("500-600 mg/L", "ComparatorNotStated", "500,000 to 600,000 µg/L"),
        ("500 mg/L", "ComparatorNotStated", "reaches it, so it would tell no patients apart"),
        (">0.5 ng/L", "GreaterThan", "every plausible value of Example marker"),
        ("<0.5 ng/L", "LessThan", "nobody would meet it"),
        ("≥0.5 mg/L", "AtLeast", None),
        ("≥500 µg/L", "AtLeast", None),
        ("50-500 mg/L", "ComparatorNotStated", None),
        ("≥500", "AtLeast", None),
        ("≥500 mmol/L", "AtLeast", None),
    ],
)
def test_what_is_printed_is_converted(text, comparator, told):
    threshold = limit("slip", "500", reported_text=text, comparator=Code(comparator))
    printed = found(with_things(threshold), check_printed_limits)
    assert [each.subjects for each in printed] == ([("slip",)] if told else [])
    assert all(told in each.message for each in printed)


def test_a_printed_number_of_measurements_has_no_unit_of_the_observable():
    many = limit("many", "3", "1", reported_text="3")
    assert found(with_things(many), check_printed_limits) == []


def test_what_is_executed_as_printed_is_left_to_the_executed_limit():
    threshold = limit("far", "500", "mg/L", reported_text="≥500 mg/L")
    assert found(with_things(threshold), check_printed_limits) == []


def test_the_slips_of_the_dutch_report_are_found_and_all_on_record(guideline):
    told = found(guideline, check_printed_limits)
    assert {each.subjects for each in told} == {
        ("THR-ddimer-pe-fixed",),
        ("THR-ddimer-pe-no-years-item",),
        ("THR-T3-below-1000",),
        ("THR-T3-from-1000", "THR-T3-to-2000"),
        ("THR-T3-above-2000",),
        ("THR-T3-strong-rise",),
        ("THR-guo-ddimer-death",),
    }
    assert all(set(each.subjects) <= guideline.in_discrepancies for each in told)
    messages = [each.message for each in told]
    assert any(
        "“≥500 mg/L” is 500,000 µg/L: no plausible value of D-dimer (10 to 200,000 µg/L) reaches it"
        in each
        for each in messages
    )


# --- exactly at the limit -------------------------------------------------------------------------


def at_limit(**fields):
    return (
        limit("edge", "9000", comparator=Code("ComparatorNotStated"), reported_text="9,000 µg/L"),
        compared("new", "AtLeast", "edge"),
        advice("advice", "new", **fields),
    )


def test_a_side_that_nobody_chose_is_a_warning():
    told = {e.subjects: e for e in found(with_things(*at_limit()), check_boundaries)}
    one = told["edge",]
    assert one.severity is Severity.WARNING
    assert "whose first Example marker (around admission) is exactly 9,000 µg/L" in one.message
    assert one.message.endswith("would no longer get “advice”.")
    assert one.patient is not None
    assert one.patient["facts"]["example-marker"] == [[0, 9_000_000]]
    assert one.region is not None
    (box,) = one.region.boxes
    (side,) = box.sides
    assert isinstance(side, Between) and side.low == side.high == 9000


def test_a_stated_comparator_and_an_unused_limit_are_no_choice():
    threshold, criterion, given = at_limit()
    stated = replace(threshold, comparator=Code("AtLeast"))
    assert ("L431", "edge") not in about(
        found(with_things(stated, criterion, given), check_boundaries)
    )
    unused = with_things(threshold, criterion)
    assert ("L431", "edge") not in about(found(unused, check_boundaries))


def test_a_side_that_changes_no_advice_is_none():
    # Whoever is exactly at the limit is refused the advice anyway.
    exactly = make(
        RangeCriterion,
        "exactly",
        observable=Ref("example-marker"),
        low_threshold=Ref("edge-again"),
        high_threshold=Ref("edge-again"),
        low_inclusive=True,
        high_inclusive=True,
        **ON_ADMISSION,
    )
    things = (*at_limit(exception=Ref("exactly")), exactly, limit("edge-again", "9000"))
    told = first(with_things(*things), check_boundaries)
    assert Held(code="L431", subjects=("edge",)) in told


def test_a_side_that_a_reading_chose_is_a_note():
    default, other = (
        [e for e in each if isinstance(e, Refuted)]
        for each in entries(scaffold(), check_boundaries)
    )
    for (one,) in (default, other):
        assert (one.severity, one.subjects) == (Severity.NOTE, ("THR-high", "IP-high"))
    assert "“No: high begins above the limit” the other way" in default[0].why
    assert "no longer “2: high marker" in default[0].message
    assert "would get “2: high marker" in other[0].message


def test_changes_that_no_one_patient_has_are_told_of_several():
    # "3" and "4" are for younger and for older patients: nobody is said to get both.
    default, other = (
        [e for e in each if isinstance(e, Refuted)]
        for each in entries(scaffold(), check_boundaries)
    )
    three, four = "“3: marker neither low nor high, no clear guidance”", "“4: older patient, marker"
    for (one,) in (default, other):
        assert "some patients whose first Example marker" in one.message
        assert f"{three} or {four}" in one.message
    assert default[0].patient is not None
    assert default[0].patient["facts"]["age"] < 70  # who shows it gains "3" and loses "2"
    assert default[0].patient["facts"]["treatment-refused"] is False


def test_changes_that_one_patient_has_are_told_of_one():
    under = compared("under", "LessThan", "edge")
    things = with_things(*at_limit(), under, advice("other", "under"))
    one = {each.subjects: each for each in found(things, check_boundaries)}["edge",]
    assert one.message.endswith(
        "a patient whose first Example marker (around admission) is exactly 9,000 µg/L would get "
        "“other”, and no longer “advice”."
    )


def test_nothing_changes_where_nobody_is_shown_to_whom_it_would():
    # More samples than are looked at leave open who there is: that somebody changes is not guessed.
    things = (
        limit("ten", "10", "1"),
        compared("many", "AtLeast", "ten", observation_selector=Code("Count")),
        limit("low", "400"),
        compared("below", "LessThan", "low"),
        logical("all", "AllOf", "many", "below", "new"),
    )
    threshold, criterion, given = at_limit()
    held = replace(given, condition=Ref("all"))
    told = first(with_things(*things, threshold, criterion, held), check_boundaries)
    assert Held(code="L431", subjects=("edge",)) in told


def test_a_printed_limit_beside_it_leaves_no_choice():
    beside = limit("below", "9", "mg/L", comparator=Code("LessThan"), reported_text="<9 mg/L")
    lower = compared("lower", "LessThan", "below")
    told = {e.subjects: e for e in found(with_things(*at_limit(), beside, lower), check_boundaries)}
    assert told["edge",].severity is Severity.NOTE
    assert "“below”, is printed (“<9 mg/L”)" in told["edge",].why
    latest = compared("lower", "LessThan", "below", observation_selector=Code("Latest"))
    told = {
        e.subjects: e for e in found(with_things(*at_limit(), beside, latest), check_boundaries)
    }
    assert told["edge",].severity is Severity.WARNING


@pytest.fixture(scope="module")
def at_limits(guideline):
    return {each.subjects[0]: each for each in found(guideline, check_boundaries)}


def test_who_is_at_a_limit_in_the_shipped_guideline(at_limits):
    told = at_limits
    assert set(told) == {
        "THR-ddimer-band-low",
        "THR-ddimer-band-high",
        "THR-ddimer-strong-2000",
        "THR-T3-from-1000",
        "THR-T3-to-2000",
    }
    assert {each.severity for each in told.values()} == {Severity.NOTE}
    assert told["THR-ddimer-band-high"].where == "First D-dimer (on admission) exactly 2,000 µg/L"
    assert "Which ends belong" in told["THR-ddimer-band-high"].why
    assert "“<1,000 mg/L”" in told["THR-T3-from-1000"].why


@pytest.mark.parametrize(
    ("limit_name", "point", "reading"),
    [
        ("THR-ddimer-band-high", "IP-band-closure", "half-open"),
        ("THR-ddimer-strong-2000", "IP-strongly-increased", "above-2000"),
    ],
)
def test_the_other_side_is_what_the_other_reading_says(
    guideline, at_limits, limit_name, point, reading
):
    one = at_limits[limit_name]
    programs = [lower(guideline), lower(guideline, {point: reading})]
    prover = Prover.of(programs)
    now, then = (
        {
            each.label
            for each in program.rules
            if is_true_of(prover.theory(program), KernelRef("rule", each.name), one.patient)
        }
        for program in programs
    )
    assert now - then
    assert then <= now
    assert all(f"“{each}”" in one.message for each in now - then)
