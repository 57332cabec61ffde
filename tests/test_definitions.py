"""Definitions as criteria: what the source prints, what came from outside, and what they decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from conftest import SHARED
from guidegraph.entity import Entity
from guidegraph.evaluate import decide
from guidegraph.evaluate.status import meaning
from guidegraph.evaluate.text import render
from guidegraph.kernel import Ref, Truth, walk
from guidegraph.lower import lower
from guidegraph.model import Citation, ClinicalDefinition, SourceDocument, Threshold
from guidegraph.patient import read_patient

BIBLIOGRAPHY = SHARED / "design" / "bibliography.md"
Steps = list[tuple[Any, int | None]]
"""Values of a datum, each with the points it earns (None: not known)."""

PLATELETS_SIC: Steps = [(None, None), ("99.9", 2), ("100", 1), ("149.9", 1), ("150", 0)]
INR: Steps = [(None, None), ("1.2", 0), ("1.21", 1), ("1.4", 1), ("1.41", 2)]
SOFA: Steps = [(None, None), ("0", 0), ("1", 1), ("2", 2), ("3", 2)]
PLATELETS_DIC: Steps = [(None, None), ("49.9", 2), ("50", 1), ("100", 1), ("100.1", 0)]
FIBRIN: Steps = [(None, None), ("none", 0), ("moderate", 2), ("strong", 3)]
PROTHROMBIN: Steps = [(None, None), ("2.9", 0), ("3", 1), ("6", 1), ("6.1", 2)]
FIBRINOGEN: Steps = [(None, None), ("0.99", 1), ("1", 0)]
SCORES: dict[str, tuple[int, dict[str, Steps]]] = {
    "CRIT-sic": (4, {"platelets": PLATELETS_SIC, "pt-inr": INR, "sofa-score": SOFA}),
    "CRIT-dic": (
        5,
        {
            "platelets": PLATELETS_DIC,
            "fibrin-marker": FIBRIN,
            "pt-prolongation": PROTHROMBIN,
            "fibrinogen": FIBRINOGEN,
        },
    ),
}
ITEMS = ("signs-of-dvt", "haemoptysis", "pe-most-likely")
PATIENT = """
{"now": "2020-04-02T08:00:00Z",
 "anchors": {"admission": "2020-04-01T08:00:00Z"},
 "facts": {"covid-status": "confirmed", "admitted": true,
           "respiratory-rate": {"value": "32", "unit": "/min"},
           "platelets": {"value": "90", "unit": "10*9/L"},
           "pt-inr": {"value": "1.3", "unit": "1"},
           "sofa-score": {"value": "3", "unit": "1"},
           "fibrin-marker": "none"}}
"""
LEVELS = [None, *(Fraction(each) for each in ("499.999", "500", "999.999", "1000", "1000.001"))]


@pytest.fixture(scope="module")
def program(guideline):
    return lower(guideline)


def truth(program, name: str, inputs: Mapping[str, Any], **settings: str) -> Truth:
    chosen = {each.name: each.default for each in program.settings} | settings
    return meaning(program, inputs, chosen).truth(Ref("criterion", name))


def external(guideline) -> Iterator[Entity]:
    return (each for each in guideline.entities.values() if each.is_external)


# --- what they decide ---------------------------------------------------------------------------


def reaches(minimum: int, earned: list[tuple[int | None, int]]) -> Truth:
    """Whether points reach a minimum; each as earned and as the most it can earn."""
    least = sum(points or 0 for points, _ in earned)
    most = sum(best if points is None else points for points, best in earned)
    return True if least >= minimum else False if most < minimum else None


@pytest.mark.parametrize("name", sorted(SCORES))
def test_a_score_adds_up_its_points_with_what_is_not_known_left_open(program, name):
    minimum, steps = SCORES[name]
    best = [max(points or 0 for _, points in each) for each in steps.values()]
    seen = set()
    for chosen in product(*steps.values()):
        inputs = {
            datum: Fraction(value) if value and datum != "fibrin-marker" else value
            for datum, (value, _) in zip(steps, chosen, strict=True)
        }
        points = [points for _, points in chosen]
        expected = reaches(minimum, list(zip(points, best, strict=True)))
        assert truth(program, name, inputs) is expected, inputs
        seen.add(expected)
    assert seen == {True, False, None}


def test_years_rules_pe_out_exactly_where_recommendation_3_does_not_find_it_elevated(program):
    for answers, level in product(product((True, False), repeat=3), LEVELS):
        inputs = dict(zip(ITEMS, answers, strict=True)) | {"years-item-present": any(answers)}
        inputs["d-dimer"] = None if level is None else ((60, level),)
        ruled_out = truth(program, "CRIT-years-rules-out-pe", inputs)
        elevated = truth(program, "CRIT-ddimer-elevated", inputs, **{"ddimer-algorithm": "years"})
        assert (ruled_out is None) == (elevated is None) == (level is None)
        assert ruled_out is None or ruled_out is not elevated


# --- what is external ---------------------------------------------------------------------------


def test_no_recommendation_depends_on_what_is_external(guideline, program):
    named = {Ref("criterion", each.name): each.condition for each in program.criteria}
    waiting = [
        part for rule in program.rules for each in (rule.guard, *rule.unless) for part in walk(each)
    ]
    reached: set[str] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, Ref) and node.name not in reached:
            reached.add(node.name)
            waiting += walk(named[node]) if node in named else ()
    assert {each.id for each in external(guideline)} & reached == set()
    assert len(reached) > 50


def test_what_is_external_has_a_work_of_its_own_and_no_passage(guideline):
    found = [each for each in external(guideline) if not isinstance(each, Citation)]
    assert len(found) > 40
    for each in found:
        works = [guideline.one(name, Citation) for name in each.citations]
        assert works and all(work.is_external and work.cited for work in works), each.id
        assert not each.passages, each.id
        assert not getattr(each, "reported_text", ""), each.id


def test_what_is_external_is_known_no_more_surely_than_its_work(guideline):
    for each in external(guideline):
        if each.status and each.citations:
            works = {guideline.one(name, Citation).status for name in each.citations}
            assert works == {each.status}, each.id
    assert {each.status for each in external(guideline) if isinstance(each, Threshold)} == {
        "Verified",
        "GeneralKnowledge",
    }


def test_how_surely_a_work_is_known_is_what_the_bibliography_says(guideline):
    if not BIBLIOGRAPHY.is_file():
        pytest.skip("needs the bibliography of the sources: ../shared/design/bibliography.md")
    listed = BIBLIOGRAPHY.read_text("utf-8").partition("## 4 ")[2].splitlines()
    rows = {line.split("|")[1].strip()[:8]: line.split("|")[3] for line in listed if "|" in line}
    kinds = {"YEARS: 3": "YEARS", "SIC scor": "SIC", "ISTH ove": "DIC", "Severity": "SEVERE"}
    for begins, name in kinds.items():
        status = guideline.one(f"EXT-CIT-{name}", Citation).status
        assert (status == "Verified") == rows[begins].strip().startswith("verified"), name
        assert (status == "GeneralKnowledge") == ("general knowledge" in rows[begins]), name


def test_every_definition_that_is_a_rule_is_decided_by_a_criterion(guideline, program):
    defined = {
        each.id: each.defining_criterion
        for each in guideline.all(ClinicalDefinition)
        if each.defining_criterion
    }
    assert defined == {
        "DEF-SEVERE": "CRIT-severe-covid",
        "DEF-SIC": "CRIT-sic-positive",
        "DEF-DIC": "CRIT-overt-dic",
        "DEF-SIC-ITEMS": "CRIT-sic",
        "DEF-DIC-ITEMS": "CRIT-dic",
        "DEF-YEARS-RULE": "CRIT-years-rules-out-pe",
    }
    assert set(defined.values()) <= {each.name for each in program.criteria}


def test_external_works_are_told_apart_from_the_references_of_the_report(guideline):
    for each in guideline.all(Citation):
        assert each.is_external == (each.citing is None), each.id
        if each.is_external:
            assert guideline.one(each.cited or "", SourceDocument).citation


# --- what is said about a patient ---------------------------------------------------------------


@pytest.fixture(scope="module")
def decision(guideline, program):
    patient, findings = read_patient(PATIENT, program)
    return decide(guideline, program, patient, findings)


def test_a_decision_answers_every_definition_with_its_reason(decision):
    told = {each["id"]: each for each in decision.to_json()["definitions"]}
    assert {name: each["value"] for name, each in told.items()} == {
        "DEF-SEVERE": True,
        "DEF-SIC": None,
        "DEF-DIC": None,
        "DEF-SIC-ITEMS": True,
        "DEF-DIC-ITEMS": False,
        "DEF-YEARS-RULE": None,
    }
    assert told["DEF-SIC-ITEMS"]["isExternal"] and not told["DEF-SEVERE"]["isExternal"]
    items = told["DEF-SIC-ITEMS"]["because"]["children"]
    assert [(each["label"], each["points"]) for each in items] == [
        ("Platelets below 100 ×10⁹/L", 2),
        ("INR above 1.2", 1),
        ("SOFA points of four organs 2 or more", 2),
    ]


def test_the_text_shows_what_holds_and_where_an_external_limit_comes_from(decision):
    text = " ".join(render(decision).split())
    assert "DEF-SIC-ITEMS Sepsis-induced coagulopathy (SIC), worked out from its items" in text
    assert "DEF-DIC-ITEMS" not in text
    assert (
        "limit: not printed, executed 1.2; from outside: Iba and others 2017: SIC score "
        "(general knowledge, not looked up)" in text
    )


def test_the_text_shows_every_definition_on_request(decision):
    text = render(decision, show_all=True)
    assert all(each.definition.id in text for each in decision.definitions)
