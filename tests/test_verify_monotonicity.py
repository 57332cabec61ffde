"""Obligations: what is proved holds of every two patients, what is refuted is shown by two."""

from __future__ import annotations

import random

import pytest

from guidegraph.diagnostic import Severity
from guidegraph.lower import choose
from guidegraph.model import MonotonicityObligation
from guidegraph.verify.base import Held, Refuted, Unproved
from guidegraph.verify.kinds import any_rule
from guidegraph.verify.monotonicity import check_monotonicity, levels
from guidegraph.wire import values
from overlaid_example import advice, case_of, laid_over, truth_of

LEVEL = '\nd:LEVEL-{0} a gg:ObligationLevel ; rdfs:label "level {0}"@en ;\n'
LEVEL += "  schema:position {0} ; gg:recommendsAction {1} .\n"


def obligation(*levels: str, observable: str = "example-marker", more: str = "") -> str:
    """An obligation in Turtle; each level is its actions, the lowest first."""
    names = " , ".join(f"d:LEVEL-{place + 1}" for place in range(len(levels)))
    return f"""
d:OBL a gg:MonotonicityObligation ; rdfs:label "never less"@en ;
  gg:observable d:{observable} ; gg:hasLevel {names} ; {more}
  gg:rationale "Ours."@en ; prov:wasAttributedTo d:encoder ; gg:status code:Draft .
""" + "".join(LEVEL.format(place + 1, actions) for place, actions in enumerate(levels))


@pytest.fixture
def checked(tmp_path):
    """What the check says of the small guideline with an obligation, and the case."""

    def check(turtle, **options):
        case = case_of(laid_over(tmp_path / "example-marker", turtle), **options)
        return case, list(check_monotonicity(case))

    return check


def level_of(case, patient):
    """The level of a patient, worked out by the reference semantics."""
    (each,) = case.guideline.all(MonotonicityObligation)
    return max(
        (
            level.position
            for level, rules in levels(case, each)
            if truth_of(case, any_rule(rules), patient) is True
        ),
        default=0,
    )


def assert_shows(case, found, name, order=1):
    """The two differ in one datum only, in the right direction, and the second gets less."""
    one, other = found.patient, found.other
    first, second = one["facts"].pop(name), other["facts"].pop(name)
    assert one == other
    one["facts"][name], other["facts"][name] = first, second
    if isinstance(first, list):
        assert [minute for minute, _ in first] == [minute for minute, _ in second]
        first, second = [value for _, value in first], [value for _, value in second]
    else:
        first, second = [first], [second]
    assert all(order * a <= order * b for a, b in zip(first, second, strict=True))
    assert level_of(case, one) > level_of(case, other)


def test_more_treatment_for_a_higher_marker_is_proved(checked):
    _, (held,) = checked(obligation("d:ACT-treat"))
    assert held == Held(code="L441", subjects=("OBL",), what="never less", is_told=True)


def test_a_repeat_that_stops_above_the_band_is_refuted_by_the_smallest_pair(checked):
    case, (found,) = checked(obligation("d:ACT-repeat"))
    assert (found.code, found.severity) == ("L441", Severity.WARNING)
    assert found.subjects == ("OBL", "REC-4")
    assert_shows(case, found, "example-marker")
    assert found.witness.startswith("Admitted to the hospital: yes; Age 70 years; Infection")
    assert found.witness.endswith(
        "Example marker 50 µg/L at admission to the hospital: “level 1”; "
        "with Example marker 1,000 µg/L at admission to the hospital: none of it"
    )


def test_what_holds_in_one_direction_need_not_in_the_other(checked):
    more = "gg:monotonicDirection code:NonIncreasing ;"
    case, (found,) = checked(obligation("d:ACT-treat", more=more))
    assert isinstance(found, Refuted)
    assert_shows(case, found, "example-marker", order=-1)
    assert "with a lower Example marker" in found.message


def test_a_single_quantity_is_raised_like_a_series(checked):
    _, found = checked(obligation("d:ACT-repeat", observable="age"))
    assert isinstance(found[0], Held)


def test_a_quantity_that_ends_an_advice_is_found(checked):
    turtle = obligation("d:ACT-treat", observable="age") + advice(
        "REC-5", "CRIT-not-older", "ACT-treat"
    )
    case, (found,) = checked(turtle)
    assert_shows(case, found, "age")
    assert found.patient["facts"]["age"] < 70 <= found.other["facts"]["age"]


def test_only_what_the_obligation_concerns_counts(checked):
    _, (held,) = checked(obligation("d:ACT-repeat", more="gg:concerns d:REC-1 , d:REC-2 ;"))
    assert isinstance(held, Held)


def test_the_parts_of_a_group_are_concerned(checked):
    _, (found,) = checked(obligation("d:ACT-repeat", more="gg:concerns d:GROUP-marker ;"))
    assert isinstance(found, Refuted)


def test_a_step_down_between_two_levels_is_told_with_both(checked):
    turtle = obligation("d:ACT-measure", "d:ACT-repeat")
    case, (found,) = checked(turtle)
    assert found.detail == "level 2"
    assert ": “level 2”; with " in found.witness
    assert found.witness.endswith(": “level 1”")
    assert_shows(case, found, "example-marker")


def test_advice_against_an_action_is_no_level(checked):
    turtle = obligation("d:ACT-repeat", more="gg:concerns d:REC-5 ;")
    turtle += advice("REC-5", "CRIT-low", "ACT-repeat", modality="ShouldNot").replace(
        "code:For", "code:Against"
    )
    _, (held,) = checked(turtle)
    assert isinstance(held, Held)


def test_too_little_effort_is_told_as_not_proved(checked):
    _, found = checked(obligation("d:ACT-repeat"), effort=1)
    assert found == [Unproved(code="L441", subjects=("OBL",), reason="effort")]


# ---- the shipped guideline ---------------------------------------------------------------------

PROSE = {"OBL-imaging-prose", "OBL-search-prose", "OBL-dose-prose"}
TABLE = {"OBL-monitoring-table", "OBL-imaging-table", "OBL-dose-table"}
BY_DEFAULT = {"IP-strongly-increased": "READ-strong-from-2000"}
FROM_4000 = {"IP-strongly-increased": "READ-strong-from-4000"}


@pytest.mark.parametrize(
    ("readings", "more"), [(BY_DEFAULT, set()), (FROM_4000, {"OBL-monitoring-prose"})]
)
def test_the_table_keeps_its_obligations_and_the_prose_does_not(guideline, readings, more):
    case = case_of(guideline, choose(guideline, readings))
    found = list(check_monotonicity(case))
    refuted = {each.subjects[0] for each in found if isinstance(each, Refuted)}
    held = {each.subjects[0] for each in found if isinstance(each, Held)}
    assert refuted == PROSE | more
    assert held == TABLE | ({"OBL-monitoring-prose"} - more)


def test_random_pairs_find_no_more_and_no_less_than_the_proof(guideline):
    """Of 4,000 pairs none speaks against what is proved, and some against each refuted one."""
    case = case_of(guideline)
    found = list(check_monotonicity(case))
    refuted = {each.subjects[0] for each in found if isinstance(each, Refuted)}
    chance = random.Random(1)
    broken = set()
    obligations = guideline.all(MonotonicityObligation)
    for _ in range(4000):
        one, other = random_pair(case, chance)
        for each in obligations:
            for _, rules in levels(case, each):
                condition = any_rule(rules)
                if truth_of(case, condition, one) is True:
                    broken |= {each.id} if truth_of(case, condition, other) is not True else set()
    assert broken == refuted


LIMITS = (400_000, 999_999, 1_000_000, 1_500_000, 2_000_000, 2_000_001, 2_500_000, 4_000_000)
MINUTES = (0, 600, 1000, 1500, 2000, 5000)


def random_pair(case, chance):
    """Two patients of the population who differ in D-dimer, the second nowhere lower."""
    facts = {"now": 6000, "age": 50, "covid-status": "confirmed", "admitted": True}
    for each in case.program.inputs:
        if each.kind == "boolean" and each.name != "admitted":
            facts[each.name] = chance.random() < 0.5
    facts["pe-confirmed"] = chance.random() < 0.2
    facts["high-suspicion-of-pe"] = chance.random() < 0.2
    minutes = sorted(chance.sample(MINUTES, chance.randint(1, 4)))
    low, high = [], []
    for minute in minutes:
        first, second = sorted((chance.choice(LIMITS), chance.choice(LIMITS)))
        low.append([minute, first])
        high.append([minute, chance.choice((first, second))])
    settings = case.theory.prover.defaults()
    one, other = (
        {"facts": {**facts, "d-dimer": each}, "settings": settings} for each in (low, high)
    )
    assert values(case.program, one["facts"], settings)
    return one, other
