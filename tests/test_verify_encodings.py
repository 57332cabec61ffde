"""Two encodings of one advice, and one action advised twice: what differs, for whom exactly."""

from __future__ import annotations

import random

import pytest

from guidegraph.diagnostic import Severity
from guidegraph.kernel import And, Not, Or
from guidegraph.lower import choose
from guidegraph.model import RecommendationGroup
from guidegraph.verify.base import Held, Refuted, rule
from guidegraph.verify.encodings import check_encodings
from guidegraph.verify.kinds import by_kind, encodings, members
from guidegraph.verify.modalities import check_modalities
from overlaid_example import advice, case_of, laid_over, truth_of
from test_verify_monotonicity import random_pair

TABLE = """
d:GROUP-table a gg:RecommendationGroup ; rdfs:label "Table 1"@en ;
  gg:restates {0} ; prov:wasDerivedFrom d:EX-P-2 .
"""
TREAT = {"group": "GROUP-table", "more": "gg:exception d:CRIT-treatment-refused ;"}
REFUSES = "gg:exception d:CRIT-treatment-refused ;"


@pytest.fixture
def case(tmp_path):
    """The small guideline with some Turtle laid over it."""
    return lambda turtle: case_of(laid_over(tmp_path / "example-marker", turtle))


def found_by(check, case):
    """What a check finds: code, and what the finding tells apart."""
    return [(each.code, each.detail) for each in check(case) if isinstance(each, Refuted)]


# ---- prose and table ---------------------------------------------------------------------------


def test_the_same_said_twice_is_no_finding(case):
    asked = case(TABLE.format("d:REC-2") + advice("REC-T", "CRIT-high", "ACT-treat", **TREAT))
    found = list(check_encodings(asked))
    assert found
    assert all(isinstance(each, Held) for each in found)


def test_who_is_left_out_is_told_in_one_direction_with_a_witness(case):
    turtle = TABLE.format("d:REC-2") + advice("REC-T", "CRIT-both", "ACT-treat", **TREAT)
    turtle += """
d:CRIT-both a gg:LogicalCriterion ; rdfs:label "high and older"@en ;
  gg:operator code:AllOf ; gg:operand d:CRIT-high , d:CRIT-older ; prov:wasDerivedFrom d:EX-P-2 .
"""
    asked = case(turtle)
    age, who = [each for each in check_encodings(asked) if isinstance(each, Refuted)]
    assert (who.code, who.severity) == ("L451", Severity.WARNING)
    assert who.subjects == ("REC-2", "GROUP-table")
    assert who.message.startswith("“2: high marker, the treatment can be considered” advises “Give")
    assert who.where == (
        "First Example marker (around admission) at least 1,000 µg/L, and Age below 70 years, "
        "and Treatment refused: no"
    )
    assert truth_of(asked, rule("REC-2"), who.patient) is True
    assert truth_of(asked, rule("REC-T"), who.patient) is False
    assert (age.code, age.subjects) == ("L416", ("REC-T", "REC-2", "age"))


def test_what_the_rest_of_the_guideline_advises_anyway_makes_no_difference(case):
    turtle = TABLE.format("d:REC-2") + advice(
        "REC-T", "CRIT-high", "ACT-treat", group="GROUP-table"
    )
    refused = ("L451", "who: “Give the example treatment”")
    assert refused in found_by(check_encodings, case(turtle))


def test_unless_it_advises_it_less_strongly(tmp_path):
    table = TABLE.format("d:REC-2")
    table += advice("REC-T", "CRIT-high", "ACT-treat", group="GROUP-table", modality="Should")
    refused = ("L451", "who: “Give the example treatment”")
    for modality, is_found in (("CanBeConsidered", True), ("Should", False)):
        turtle = table + advice("REC-7", "CRIT-admitted", "ACT-treat", modality=modality)
        asked = case_of(laid_over(tmp_path / modality / "example-marker", turtle))
        assert (refused in found_by(check_encodings, asked)) is is_found


def test_how_strongly_both_advise_is_compared(case):
    turtle = TABLE.format("d:REC-2")
    turtle += advice("REC-T", "CRIT-high", "ACT-treat", **TREAT, modality="Should")
    (found,) = [each for each in check_encodings(case(turtle)) if isinstance(each, Refuted)]
    assert found.detail == "how strongly: “Give the example treatment”"
    assert "“Table 1” says “should” of" in found.message
    assert "says “can be considered”" in found.message
    assert found.subjects == ("REC-T", "REC-2")


def test_what_only_one_encoding_speaks_of_is_told_without_patients(case):
    turtle = TABLE.format("d:REC-2") + advice("REC-T", "CRIT-high", "ACT-treat", **TREAT)
    turtle += advice("REC-M", "CRIT-high", "ACT-measure", group="GROUP-table")
    (found,) = [each for each in check_encodings(case(turtle)) if isinstance(each, Refuted)]
    assert found.detail == "only: the measurement of Example marker"
    assert (found.patient, found.where, found.region) == (None, "", None)
    assert found.message.startswith("Only “Table 1” advises the measurement of Example marker; ")


def test_a_condition_that_one_encoding_drops_is_shown_by_two_patients(case):
    asked = case(
        TABLE.format("d:REC-2") + advice("REC-T", "CRIT-high", "ACT-treat", group="GROUP-table")
    )
    (found,) = [
        each for each in check_encodings(asked) if each.code == "L416" and isinstance(each, Refuted)
    ]
    assert found.subjects == ("REC-2", "GROUP-table", "treatment-refused")
    assert "never asks for that" in found.message
    one, other = found.patient, found.other
    assert one["facts"].pop("treatment-refused") is False
    assert other["facts"].pop("treatment-refused") is True
    assert one == other
    assert (
        truth_of(
            asked,
            rule("REC-2"),
            found.patient | {"facts": one["facts"] | {"treatment-refused": False}},
        )
        is True
    )


def test_a_datum_that_changes_nothing_is_no_dropped_condition(case):
    """The criterion speaks of age, but whatever the age it is true."""
    turtle = (
        TABLE.format("d:REC-2")
        + advice("REC-T", "CRIT-idle", "ACT-treat", **TREAT)
        + """
d:CRIT-idle a gg:LogicalCriterion ; rdfs:label "high, of any age"@en ; gg:operator code:AllOf ;
  gg:operand d:CRIT-high , d:CRIT-any-age ; prov:wasDerivedFrom d:EX-P-2 .
d:CRIT-any-age a gg:LogicalCriterion ; rdfs:label "of any age"@en ; gg:operator code:AnyOf ;
  gg:operand d:CRIT-older , d:CRIT-not-older ; prov:wasDerivedFrom d:EX-P-2 .
"""
    )
    assert found_by(check_encodings, case(turtle)) == []


# ---- one action, two modalities ------------------------------------------------------------------


def test_one_action_advised_twice_and_not_equally_strongly(case):
    asked = case(advice("REC-5", "CRIT-older", "ACT-treat", modality="Should"))
    (found,) = [each for each in check_modalities(asked) if isinstance(each, Refuted)]
    assert (found.code, found.subjects) == ("L415", ("REC-2", "REC-5"))
    assert "“can be considered” and “should”" in found.message
    both = And((rule("REC-2"), rule("REC-5")))
    assert truth_of(asked, both, found.patient) is True


@pytest.mark.parametrize(
    ("modality", "more"),
    [
        ("CanBeConsidered", ""),
        ("Should", "gg:alternativeTo d:REC-2 ;"),
        ("Should", "gg:overrides d:REC-2 ;"),
        ("CautionWarranted", ""),
        ("MustNot", ""),
    ],
)
def test_no_finding_for_the_same_strength_an_order_a_remark_or_a_conflict(case, modality, more):
    asked = case(advice("REC-5", "CRIT-older", "ACT-treat", modality=modality, more=more))
    assert [
        each
        for each in check_modalities(asked)
        if "REC-5" in each.subjects and isinstance(each, Refuted)
    ] == []


def test_two_encodings_are_not_compared_pair_by_pair(case):
    turtle = TABLE.format("d:REC-2")
    turtle += advice("REC-T", "CRIT-older", "ACT-treat", modality="Should", group="GROUP-table")
    assert found_by(check_modalities, case(turtle)) == []


# ---- the shipped guideline ---------------------------------------------------------------------


def test_table_3_restates_recommendation_4_and_all_of_its_parts(guideline):
    assert encodings(guideline) == (("OUD-T3", "OUD-REC-4"),)
    assert set(members(guideline, "OUD-REC-4")) == {
        each.id for each in guideline.recommendations if each.id.startswith("OUD-REC-4")
    }
    assert guideline.one("OUD-T3", RecommendationGroup).restates == ("OUD-REC-4",)


def test_actions_are_compared_by_kind(guideline):
    case = case_of(guideline)
    names = (*members(guideline, "OUD-T3"), *members(guideline, "OUD-REC-4"))
    kinds = {
        each.label: {held.action for held in rules} for each, rules in by_kind(case, names).items()
    }
    assert kinds["imaging for deep vein thrombosis or pulmonary embolism"] == {
        "ACT-image-for-dvt-or-pe"
    }
    assert kinds["a therapeutic dose"] == {
        "ACT-therapeutic-anticoagulation",
        "ACT-therapeutic-lmwh",
    }
    assert kinds["“Exclude venous thromboembolism”"] == {"ACT-exclude-vte"}
    assert len(kinds["the measurement of D-dimer"]) == 6


FOUND = [
    ("L416", "a therapeutic dose", "bleeding-risk-acceptable"),
    ("L416", "a therapeutic dose", "progressive-increase"),
    ("L416", "imaging for deep vein thrombosis or pulmonary embolism", "progressive-increase"),
    ("L416", "imaging for deep vein thrombosis or pulmonary embolism", "signs-of-vte"),
    ("L451", "how strongly: the measurement of D-dimer", "OUD-T3-MON-B1"),
    ("L451", "only: “Exclude venous thromboembolism”", "OUD-REC-4c-VTE"),
    ("L451", "who: a therapeutic dose", "OUD-REC-4b-TX"),
    ("L451", "who: a therapeutic dose", "OUD-T3-ACG-B2-TX"),
    ("L451", "who: imaging for deep vein thrombosis or pulmonary embolism", "OUD-REC-4b"),
    ("L451", "who: imaging for deep vein thrombosis or pulmonary embolism", "OUD-T3-IMG-ALL"),
]


@pytest.fixture(
    scope="module",
    params=[{}, {"IP-covid-status": "READ-covid-strict", "IP-band-timing": "READ-band-latest"}],
)
def shipped_case(guideline, request):
    """The shipped guideline under two choices of readings."""
    return case_of(guideline, choose(guideline, request.param))


def test_prose_and_table_differ_in_ten_ways(shipped_case):
    found = [each for each in check_encodings(shipped_case) if isinstance(each, Refuted)]
    told = ((each.code, each.detail, each.subjects[_place(each.code)]) for each in found)
    assert sorted(told) == FOUND


def _place(code):
    """Where the telling subject of a finding stands: a dropped datum comes last."""
    return -1 if code == "L416" else 0


def test_regions_hold_exactly_those_for_whom_the_two_differ(shipped_case):
    """On random patients with all data known, among them some of every region and some of none."""
    chance = random.Random(2)
    regions = [
        each for each in check_encodings(shipped_case) if isinstance(each, Refuted) and each.region
    ]
    assert len(regions) == 5
    patients = [random_pair(shipped_case, chance)[0] for _ in range(1500)]
    for found in regions:
        if found.detail.startswith("how"):
            continue
        inside = Or(tuple(box.condition for box in found.region.boxes))
        *advising, silent = found.subjects
        others = [rule(each) for each in by_names(shipped_case, silent, found.detail)]
        differs = And((Or(tuple(rule(each) for each in advising)), Not(Or(tuple(others)))))
        seen = set()
        for each in patients:
            expected = truth_of(shipped_case, differs, each)
            within = truth_of(shipped_case, inside, each)
            if expected is not None and within is not None and is_measured(each):
                assert within is expected, (found.where, each)
                seen.add(expected)
        assert seen == {True, False}


def by_names(case, encoding, detail):
    """The rules of an encoding that advise the kind of action a finding is about."""
    for kind, rules in by_kind(case, members(case.guideline, encoding)).items():
        if detail.endswith(kind.label):
            yield from (each.name for each in rules)


def is_measured(patient):
    """Whether there is a D-dimer on admission, one of the follow-up and one of the repeat test."""
    minutes = [minute for minute, _ in patient["facts"]["d-dimer"]]
    return minutes[0] <= 720 and any(1440 <= each <= 2880 for each in minutes)


def test_a_confirmed_embolism_meets_two_modalities_of_one_dose(guideline):
    found = [each for each in check_modalities(case_of(guideline)) if isinstance(each, Refuted)]
    assert [each.subjects for each in found] == [
        ("OUD-REC-3-TX", "OUD-T3-ACG-B2-TX"),
        ("OUD-REC-3-TX", "OUD-T3-ACG-B3-TX"),
    ]
