"""What a guideline says about one patient: statuses, conflicts, silences, and their two forms."""

from __future__ import annotations

import json
from itertools import permutations

import pytest

from guidegraph.entity import Ref as Name
from guidegraph.evaluate import Decision, decide
from guidegraph.evaluate.text import render
from guidegraph.kernel import TRUE, And, Not, Ref, Truth
from guidegraph.lower import lower
from guidegraph.model import CarePathway, EndNode, Population, Recommendation, RecommendationGroup
from guidegraph.patient import read_patient
from guidegraph.program import Program
from pathway_example import make, node
from program_example import datum, guideline_for, patient, program, rule, scaffold, truth

X = Ref("criterion", "x")


def statuses(decision: Decision) -> dict[str, str]:
    return {each.recommendation.id: each.status for each in decision.advice}


def decided(source: Program, **known: Truth) -> Decision:
    return decide(guideline_for(source), source, patient(source, **known))


# --- the status table ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("guard", "exception", "expected"),
    [
        (True, False, "applies"),
        (True, None, "provisional"),
        (True, True, "defeated"),
        (None, False, "undetermined"),
        (None, None, "undetermined"),
        (None, True, "notApplicable"),
        (False, False, "notApplicable"),
        (False, None, "notApplicable"),
        (False, True, "notApplicable"),
    ],
)
def test_status_follows_from_guard_and_exception(
    guard: Truth, exception: Truth, expected: str
) -> None:
    source = program(
        [datum("g"), datum("e")], [rule("R", truth("g"), unless=(X,))], {"x": truth("e")}
    )
    assert statuses(decided(source, g=guard, e=exception)) == {"R": expected}


def chain() -> Program:
    """C overrides B, which overrides A."""
    return program(
        [datum("a"), datum("b"), datum("c")],
        [
            rule("C", truth("c")),
            rule("B", truth("b"), unless=(Ref("rule", "C"),)),
            rule("A", truth("a"), unless=(Ref("rule", "B"),)),
        ],
    )


def test_a_rule_that_is_overridden_itself_overrides_nothing() -> None:
    found = statuses(decided(chain(), a=True, b=True, c=True))
    assert found == {"A": "applies", "B": "defeated", "C": "applies"}


def test_an_overriding_rule_that_is_not_known_makes_the_other_provisional() -> None:
    found = statuses(decided(chain(), a=True, b=True, c=None))
    assert found == {"A": "provisional", "B": "provisional", "C": "undetermined"}


def test_the_order_of_rules_never_matters() -> None:
    names = [each.name for each in chain().rules]
    for order in permutations(chain().rules):
        source = program(chain().inputs, order)
        found = statuses(decided(source, a=True, b=True, c=None))
        assert [found[name] for name in names] == ["undetermined", "provisional", "provisional"]


def test_recommendations_stand_in_the_order_of_the_guideline() -> None:
    source = chain()
    known = guideline_for(program([], sorted(source.rules, key=lambda each: each.name)))
    decision = decide(known, source, patient(source))
    assert list(statuses(decision)) == ["A", "B", "C"]


# --- conflicts ----------------------------------------------------------------------------------


def clash(one: str, other: str, actions: tuple[str, str] = ("do", "leave"), **edge: object):
    source = program(
        [],
        [
            rule("A", TRUE, one, action=actions[0]),
            rule("B", TRUE, other, action=actions[1], **edge),
        ],
        incompatible=[("leave", "do")],
    )
    return [(each.rules, each.kind) for each in decided(source).conflicts]


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("must", "must", "hard"),
        ("must", "should", "hard"),
        ("should", "shouldConsider", "soft"),
        ("should", "may", "soft"),
        ("shouldConsider", "shouldConsider", "choice"),
        ("shouldConsider", "may", "choice"),
        ("may", "may", "choice"),
    ],
)
def test_incompatible_actions_clash_as_strongly_as_their_norms(
    one: str, other: str, kind: str
) -> None:
    assert clash(one, other) == [(("A", "B"), kind)]
    assert clash(other, one) == [(("A", "B"), kind)]


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("must", "mustNot", "hard"),
        ("shouldNot", "should", "hard"),
        ("shouldConsider", "mustNot", "soft"),
        ("shouldNot", "may", "soft"),
    ],
)
def test_advice_for_and_against_the_same_action_clashes(one: str, other: str, kind: str) -> None:
    assert clash(one, other, ("do", "do")) == [(("A", "B"), kind)]


def test_doing_one_and_not_doing_what_is_incompatible_with_it_agree() -> None:
    assert clash("should", "mustNot") == []


@pytest.mark.parametrize("quiet", ["noClearGuidance", "remark"])
def test_what_binds_nobody_is_in_no_conflict(quiet: str) -> None:
    assert clash("must", quiet) == []


def test_two_advices_for_or_against_the_same_action_agree() -> None:
    assert clash("should", "may", ("do", "do")) == []
    assert clash("shouldNot", "mustNot", ("do", "do")) == []


def test_an_alternative_is_no_conflict() -> None:
    assert clash("should", "may", alternative_to=("A",)) == []


def test_an_override_is_no_conflict_even_while_it_is_not_known() -> None:
    source = program(
        [datum("b")],
        [
            rule("B", truth("b"), action="do"),
            rule("A", TRUE, action="leave", unless=(Ref("rule", "B"),)),
        ],
        incompatible=[("do", "leave")],
    )
    assert decided(source, b=True).conflicts == ()
    assert decided(source, b=None).conflicts == ()


def test_a_provisional_rule_can_be_in_conflict_and_an_undetermined_one_cannot() -> None:
    source = program(
        [datum("g"), datum("e")],
        [rule("A", truth("g"), action="do", unless=(X,)), rule("B", TRUE, action="leave")],
        {"x": truth("e")},
        incompatible=[("do", "leave")],
    )
    assert [each.kind for each in decided(source, g=True).conflicts] == ["hard"]
    assert decided(source, g=None).conflicts == ()


# --- three kinds of silence ---------------------------------------------------------------------


def silent(norm: str = "should") -> tuple[Program, object]:
    """One rule in a pathway for a population."""
    inside = Ref("criterion", "in")
    source = program(
        [datum("p"), datum("c"), datum("e")],
        [rule("R", And((inside, truth("c"))), norm, unless=(X,))],
        {"in": truth("p"), "x": truth("e")},
    )
    known = guideline_for(
        source,
        make(Population, "POP", defining_criterion=Name("in")),
        make(CarePathway, "path", "The pathway", start_node=Name("n"), population=Name("POP")),
        node(EndNode, "n"),
        make(Recommendation, "R", direction="For", modality="Should", implemented_by=(Name("n"),)),
    )
    return source, known


def outcome(norm: str = "should", **known: Truth) -> tuple[bool, list[str], list[str]]:
    source, found = silent(norm)
    decision = decide(found, source, patient(source, **known))
    gaps = [each.scope for each in decision.gaps]
    return decision.is_not_covered, gaps, list(statuses(decision).values())


def test_outside_the_population_the_guideline_does_not_cover_the_patient() -> None:
    assert outcome(p=False, c=True) == (True, [], ["notApplicable"])


def test_inside_the_population_without_advice_there_is_a_gap() -> None:
    assert outcome(p=True, c=False) == (True, ["path"], ["notApplicable"])


def test_no_clear_guidance_is_advice_not_a_gap() -> None:
    assert outcome("noClearGuidance", p=True, c=True, e=False) == (False, [], ["applies"])


def test_undetermined_is_neither_a_gap_nor_not_covered() -> None:
    assert outcome(p=True, c=None, e=False) == (False, [], ["undetermined"])


def test_a_defeated_advice_covers_the_patient() -> None:
    assert outcome(p=True, c=True, e=True) == (False, [], ["defeated"])


def test_an_unknown_population_is_no_gap() -> None:
    assert outcome(p=None, c=False, e=False) == (True, [], ["notApplicable"])


def test_a_group_outside_pathways_can_have_a_gap() -> None:
    source, _ = silent()
    known = guideline_for(
        source,
        make(Population, "POP", defining_criterion=Name("in")),
        make(RecommendationGroup, "G", "The list"),
        make(
            Recommendation,
            "R",
            direction="For",
            modality="Should",
            population=Name("POP"),
            part_of=(Name("G"),),
        ),
    )
    decision = decide(known, source, patient(source, p=True, c=False))
    assert [each.message for each in decision.gaps] == [
        "The patient is one of those “The list” is about, but none of it applies."
    ]


# --- the two forms ------------------------------------------------------------------------------

PATIENT = {
    "now": "2026-01-01T20:00:00Z",
    "anchors": {"admission": "2026-01-01T08:00:00Z"},
    "facts": {
        "admitted": True,
        "infection-status": "confirmed",
        "age": {"value": "71", "unit": "a"},
        "example-marker": [{"minutes": 30, "value": "1.2", "unit": "mg/L"}],
    },
}


def example(readings: dict[str, str] | None = None, **facts: object) -> Decision:
    """The scaffold's guideline for its patient, with other facts."""
    source = lower(scaffold(), readings)
    content = {**PATIENT, "facts": {**PATIENT["facts"], **facts}}  # type: ignore[dict-item]
    read, findings = read_patient(json.dumps(content), source, name="patient.json")
    assert read is not None
    return decide(scaffold(), source, read, findings)


def test_json_has_the_published_form() -> None:
    answer = example().to_json()
    assert list(answer) == [
        "guideline",
        "version",
        "readings",
        "recommendations",
        "definitions",
        "conflicts",
        "gaps",
        "notCovered",
        "questions",
        "messages",
    ]
    first = answer["recommendations"][0]
    assert set(first) >= {"id", "status", "modality", "action", "because", "unless", "ask"}
    assert answer["guideline"] == scaffold().header.iri
    assert answer["notCovered"] is False


def test_json_is_the_same_bytes_every_time_and_holds_no_binary_numbers() -> None:
    text = json.dumps(example().to_json())
    assert text == json.dumps(example().to_json())

    def refuse(number: str) -> None:
        raise AssertionError(number)

    json.loads(text, parse_float=refuse)


def test_findings_of_the_patient_file_are_messages() -> None:
    marker = [{"minutes": 30, "value": "1.2", "unit": "mmol/L"}]
    messages = example(**{"example-marker": marker}).to_json()["messages"]
    assert [each["file"] for each in messages] == ["patient.json"]
    assert {"code", "severity", "message", "line"} <= set(messages[0])


def test_text_groups_by_status_and_hides_reasons_of_what_does_not_apply() -> None:
    text = render(example())
    places = [text.index(each) for each in ("Applies (1)", "exception not yet known", "REC-3  ")]
    assert places == sorted(places)
    assert "the report gives no clear guidance" not in text
    assert "the report gives no clear guidance" in render(example(), show_all=True)


def test_text_says_when_the_guideline_does_not_cover_the_patient() -> None:
    assert "Not covered by this guideline" in render(example(**{"infection-status": "excluded"}))
    assert "Not covered by this guideline" not in render(example())


def test_text_names_the_reading_in_force_and_whether_it_is_the_default() -> None:
    assert "(IP-high=READ-from-limit)" in render(example())
    other = render(example({"IP-high": "above-limit"}))
    assert "(IP-high=READ-above-limit, not the default)" in other


def test_text_shows_what_was_printed_beside_what_was_executed() -> None:
    assert "printed “1,000-2,000 µg/L”, executed 1,000 µg/L (site setting marker-high)" in render(
        example()
    )


def test_text_fits_a_terminal() -> None:
    assert max(map(len, render(example(), show_all=True).splitlines())) <= 100


def test_a_negated_guard_is_read_with_three_values() -> None:
    source = program([datum("g")], [rule("R", Not(truth("g")))])
    assert statuses(decided(source, g=None)) == {"R": "undetermined"}
    assert statuses(decided(source, g=False)) == {"R": "applies"}
