"""What nobody meets, and what could be left out: proved, and no false alarms."""

from __future__ import annotations

import pytest

from guidegraph.criteria import (
    FindingCriterion,
    InterpretedCriterion,
    MembershipCriterion,
    ScoreCriterion,
    ScoreItem,
)
from guidegraph.diagnostic import Severity
from guidegraph.entity import Ref
from guidegraph.model import CarePathway, EndNode, Guideline, RecommendationGroup, StartNode
from guidegraph.verify import Held, Refuted
from guidegraph.verify.reachability import check_branches, check_criteria, check_recommendations
from guidegraph.verify.redundancy import check_dead_parts, check_restated
from pathway_example import decision, make, node
from program_example import scaffold
from reach_example import about, advice, compared, entries, found, limit, logical, with_things

ALL = (
    check_recommendations,
    check_branches,
    check_criteria,
    check_dead_parts,
    check_restated,
)


def test_the_scaffold_has_nothing_of_the_kind():
    assert [e for each in entries(scaffold(), *ALL) for e in each if isinstance(e, Refuted)] == []


# --- recommendations for nobody -------------------------------------------------------------------


def test_what_excludes_each_other_is_named_and_nothing_else():
    both = logical("both", "AllOf", "CRIT-older", "CRIT-low", "CRIT-high")
    (one,) = found(with_things(both, advice("new", "both")), check_recommendations)
    assert (one.code, one.severity, one.subjects) == ("L421", Severity.WARNING, ("new",))
    assert "“Marker low on admission” and “Marker high on admission” at once" in one.why
    assert "70 years" not in one.why and "Admitted" not in one.why


def test_a_condition_that_the_population_excludes():
    outside = make(FindingCriterion, "outside", observable=Ref("admitted"), expected=False)
    (one,) = found(with_things(outside, advice("new", "outside")), check_recommendations)
    assert one.why == "Nobody can have “Admitted to the hospital” and “outside” at once."


@pytest.mark.parametrize(("below", "is_told"), [("1500", False), ("1000", True), ("900", True)])
def test_what_is_possible_at_some_permitted_setting_is_possible(below, is_told):
    # The high limit is a choice of the site between 1,000 and 2,000 µg/L.
    things = (
        limit("below", below),
        compared("lower", "LessThan", "below"),
        logical("band", "AllOf", "CRIT-high", "lower"),
        advice("new", "band"),
    )
    told = found(with_things(*things), check_recommendations)
    assert about(told) == ({("L421", "new")} if is_told else set())


def test_what_no_plausible_value_reaches():
    things = (
        limit("huge", "100000"),
        compared("above", "GreaterThan", "huge"),
        compared("at", "AtLeast", "huge"),
    )
    told = with_things(*things, advice("more", "above"), advice("most", "at"))
    assert about(found(told, check_recommendations)) == {("L421", "more")}


def test_advice_where_only_an_unknown_leads():
    clarify = advice("new", None, implemented_by=(Ref("N-measure-first"),))
    (one,) = found(with_things(clarify), check_recommendations)
    assert one.why == "Its place in the pathway is reached only while something is not known."


# --- always set aside -----------------------------------------------------------------------------


def test_an_exception_that_always_holds_is_named_with_a_patient():
    things = (
        logical("not-high", "NoneOf", "CRIT-high"),
        logical("aside", "AnyOf", "CRIT-older", "not-high"),
        advice("new", "CRIT-low", exception=Ref("aside")),
    )
    (one,) = found(with_things(*things), check_recommendations)
    assert (one.code, one.subjects) == ("L422", ("new", "aside"))
    assert one.patient is not None
    ((_, value),) = one.patient["facts"]["example-marker"]
    assert value < 50_000  # below 50 µg/L, in thousandths


def test_an_exception_that_sometimes_holds_is_none():
    told = found(
        with_things(advice("new", "CRIT-low", exception=Ref("CRIT-older"))), check_recommendations
    )
    assert told == []


def test_of_those_that_override_only_the_needed_ones_are_named():
    things = (
        advice("new", "CRIT-low"),
        advice("older", "CRIT-older", overrides=(Ref("new"),)),
        advice("younger", "CRIT-not-older", overrides=(Ref("new"),)),
        advice("refused", "CRIT-treatment-refused", overrides=(Ref("new"),)),
    )
    (one,) = found(with_things(*things), check_recommendations)
    assert one.subjects == ("new", "older", "younger")


# --- branches -------------------------------------------------------------------------------------


def pathway(*things, population: str = "POP-inpatient") -> Guideline:
    way = make(CarePathway, "path", population=Ref(population), start_node=Ref("start"))
    start = node(StartNode, "start", leads_to=Ref("first"))
    return with_things(way, start, node(EndNode, "end"), *things)


def test_a_branch_excluded_on_the_way():
    guideline = pathway(
        *decision("first", "Low?", ("CRIT-low", "second"), ("Otherwise", "end")),
        *decision(
            "second", "High?", ("CRIT-high", "end"), ("Otherwise", "end"), ("WhenUnknown", "end")
        ),
    )
    (one,) = found(guideline, check_branches)
    assert (one.code, one.severity, one.subjects) == (
        "L423",
        Severity.WARNING,
        ("second-1", "second"),
    )
    assert "“Marker low on admission” and “Marker high on admission”" in one.why


def test_behind_a_branch_for_nobody_nothing_more_is_told():
    guideline = pathway(
        *decision("first", "Low?", ("CRIT-low", "second"), ("Otherwise", "end")),
        *decision("second", "High?", ("CRIT-high", "third"), ("Otherwise", "end")),
        *decision("third", "Old?", ("CRIT-older", "end"), ("Otherwise", "end")),
    )
    assert about(found(guideline, check_branches)) == {("L423", "second-1", "second")}


def test_an_otherwise_for_nobody_is_a_note():
    ways = (("CRIT-older", "end"), ("CRIT-not-older", "end"), ("Otherwise", "end"))
    (one,) = found(pathway(*decision("first", "Age", *ways)), check_branches)
    assert (one.severity, one.subjects) == (Severity.NOTE, ("first-3", "first"))


def test_an_otherwise_that_another_reading_needs_is_none():
    # Whoever is exactly at the limit is left over if high begins above it.
    below = compared("below-high", "LessThan", "THR-high")
    ways = (("CRIT-high", "end"), ("below-high", "end"), ("Otherwise", "end"))
    for each in entries(pathway(below, *decision("first", "Level", *ways)), check_branches):
        assert not [e for e in each if isinstance(e, Refuted)]


def test_a_pathway_that_nobody_enters():
    both = logical("nobody", "AllOf", "CRIT-older", "CRIT-not-older")
    population = scaffold().entities["POP-inpatient"]
    nobody = type(population)(
        id="POP-nobody", iri="x", at=population.at, defining_criterion=Ref("nobody")
    )
    ways = (("CRIT-older", "end"), ("Otherwise", "end"))
    guideline = pathway(both, nobody, *decision("first", "Age", *ways), population="POP-nobody")
    assert about(found(guideline, check_branches)) == {("L423", "path")}


# --- criteria -------------------------------------------------------------------------------------


def test_criteria_that_never_and_always_hold_are_told_at_their_root():
    things = (
        logical("never", "AllOf", "CRIT-older", "CRIT-not-older", is_illustrative=True),
        logical("built-on-it", "AllOf", "never", "CRIT-low"),
        logical("always", "AnyOf", "CRIT-older", "CRIT-not-older"),
    )
    told = found(with_things(*things), check_criteria)
    assert about(told) == {("L424", "never"), ("L424", "always")}
    assert "never true" in told[0].message and "true of every" in told[1].message
    assert "“70 years or older” or “Younger than 70 years”" in told[1].why


def test_all_codes_of_an_observable_tell_nobody_apart():
    status = scaffold().entities["CRIT-infection"]
    assert isinstance(status, MembershipCriterion)
    codes = tuple(map(Ref, ("infection-suspected", "infection-confirmed", "infection-excluded")))
    every = make(MembershipCriterion, "every", observable=status.observable, coded_values=codes)
    assert about(found(with_things(every), check_criteria)) == {("L424", "every")}


def test_scores_are_left_to_check():
    things = (
        make(ScoreItem, "item", operand=Ref("CRIT-older"), points=1),
        make(ScoreCriterion, "score", score_items=(Ref("item"),), minimum_score=2),
    )
    assert found(with_things(*things), check_criteria) == []


# --- dead parts -----------------------------------------------------------------------------------


def test_an_operand_that_the_others_bring_with_them():
    things = (
        logical("not-high", "NoneOf", "CRIT-high"),
        logical("three", "AllOf", "CRIT-older", "CRIT-low", "not-high"),
    )
    (one,) = found(with_things(*things), check_dead_parts)
    assert (one.code, one.subjects) == ("L425", ("three", "not-high"))
    assert one.why == "Whoever has “Marker low on admission” has “not-high” anyway."


@pytest.mark.parametrize("operator", ["AnyOf", "NoneOf"])
def test_an_operand_within_another(operator):
    within = logical("within", "AllOf", "CRIT-older", "CRIT-low")
    either = logical("either", operator, "within", "CRIT-treatment-refused", "CRIT-low")
    (one,) = found(with_things(within, either), check_dead_parts)
    assert one.subjects == ("either", "within")
    assert one.why == "Whoever has “within” has “Marker low on admission” anyway."


def test_at_least_so_many_needs_each_of_them():
    two = logical("two", "AtLeast", "CRIT-older", "CRIT-low", "CRIT-high", minimum_count=2)
    assert found(with_things(two), check_dead_parts) == []


def test_what_makes_an_answer_known_earlier_is_not_dead():
    # From the limit on, the answer is the same for older and younger patients: for whomever the
    # age is known "high" says nothing new, and without the age only "high" gives the answer.
    things = (
        logical("not-low", "NoneOf", "CRIT-low"),
        logical("old-part", "AllOf", "CRIT-older", "not-low"),
        logical("young-part", "AllOf", "CRIT-not-older", "CRIT-high"),
        logical("whole", "AnyOf", "CRIT-high", "old-part", "young-part"),
    )
    told = about(found(with_things(*things), check_dead_parts))
    assert told == {("L425", "whole", "young-part")}
    without = logical("whole", "AnyOf", "old-part", "young-part")
    assert found(with_things(*things, without), check_dead_parts) == []


def test_what_another_reading_needs_is_not_dead():
    both = logical("both", "AllOf", "CRIT-high", "CRIT-high-from-limit")
    for each in entries(with_things(both), check_dead_parts):
        told = about(e for e in each if isinstance(e, Refuted))
        assert told == {("L425", "both", "CRIT-high-from-limit")}


def test_two_that_say_the_same_are_not_both_called_dead():
    again = logical("again", "AllOf", "CRIT-low")
    both = logical("both", "AllOf", "CRIT-low", "again")
    assert about(found(with_things(again, both), check_dead_parts)) == {
        ("L425", "both", "CRIT-low")
    }


def test_a_part_that_the_population_has_anyway():
    condition = logical("condition", "AllOf", "CRIT-older", "CRIT-admitted")
    (one,) = found(with_things(condition, advice("new", "condition")), check_dead_parts)
    assert (one.code, one.subjects, one.detail) == ("L425", ("new",), "“Admitted to the hospital”")


def test_a_part_that_others_of_another_population_need_is_not_dead():
    condition = logical("condition", "AllOf", "CRIT-older", "CRIT-admitted")
    everybody = advice("other", "condition", population=None)
    told = found(with_things(condition, advice("new", "condition"), everybody), check_dead_parts)
    assert told == []


def test_a_condition_that_repeats_the_population():
    told = found(with_things(advice("new", "CRIT-admitted")), check_dead_parts)
    assert about(told) == {("L425", "new")}


# --- recommendations that add nothing -------------------------------------------------------------


def test_advice_within_other_advice():
    wide = advice("wide", "CRIT-between", "ACT-repeat")
    narrow = advice("narrow", "CRIT-between-older", "ACT-repeat")
    (one,) = found(with_things(wide, narrow), check_restated)
    assert (one.code, one.severity, one.subjects) == ("L426", Severity.NOTE, ("narrow", "wide"))


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "ACT-treat"},
        {"overrides": (Ref("wide"),)},
        {"alternative_to": (Ref("wide"),)},
        {"reinforced_by": Ref("CRIT-treatment-refused")},
        {"part_of": (Ref("GROUP-table"),)},
        {"modality": "CanBeConsidered"},
    ],
    ids=lambda each: next(iter(each)),
)
def test_advice_that_adds_something(fields):
    table = make(RecommendationGroup, "GROUP-table")
    wide = advice("wide", "CRIT-between", "ACT-repeat")
    narrow = advice("narrow", "CRIT-between-older", **{"action": "ACT-repeat", **fields})
    assert found(with_things(table, wide, narrow), check_restated) == []


def test_advice_that_is_known_earlier_adds_something():
    # Whoever is older or younger is everybody, but only once the age is known.
    things = (
        logical("any-age", "AnyOf", "CRIT-older", "CRIT-not-older"),
        logical("wide-condition", "AllOf", "CRIT-low", "any-age"),
        advice("wide", "wide-condition", "ACT-repeat"),
        advice("narrow", "CRIT-low", "ACT-repeat"),
    )
    (one,) = found(with_things(*things), check_restated)
    assert one.subjects == ("wide", "narrow")  # not the other way round
    assert "adds nothing" in one.message


# --- the shipped guideline ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def in_all_readings(guideline):
    return entries(guideline, *ALL)


def test_in_the_shipped_guideline_everything_is_reached_and_needed_under_all_readings(
    in_all_readings,
):
    assert len(in_all_readings) == 72
    assert [e for each in in_all_readings for e in each if not isinstance(e, Held)] == []


def test_a_part_that_one_reading_makes_needless_is_not_told(guideline, in_all_readings):
    # "Significant increase" and "to above the level" coincide by default, and do not if doubling is
    # meant: leaving one of them out would change that reading.
    assert isinstance(guideline.entities["CRIT-significant-increase"], InterpretedCriterion)
    held = {e.subjects for e in in_all_readings[0] if isinstance(e, Held) and e.code == "L425"}
    assert ("CRIT-significant-increase-to-level", "CRIT-rise-reaches-level") in held
