"""The queries about evidence: claims, studies, mechanism, and what the advice rests on.

Each answer about the shipped guideline is compared with what the typed model gives when it is
worked out in another way, and with facts that were looked up in the sources.
"""

from __future__ import annotations

from collections import defaultdict

import pytest

from competency import names, ref, rows
from guidegraph.audit.index import Index
from guidegraph.audit.recommendations import audit_recommendations
from guidegraph.entity import references
from guidegraph.model import (
    CausalStep,
    EvidenceClaim,
    EvidenceRelation,
    Population,
    Recommendation,
    SourcePassage,
    Threshold,
)


@pytest.fixture(scope="module")
def index(guideline) -> Index:
    return Index(guideline)


def sources(guideline, thing) -> set[str]:
    """The documents that the passages of a thing stand in."""
    return {f"d:{guideline.get(each, SourcePassage).document}" for each in thing.passages}


# ---- behind the advice ---------------------------------------------------------------------------


def test_evidence_bears_directly_and_through_other_claims(asked):
    columns = "relation claim bears_on study paper source reference document"
    told = rows(asked, "evidence", columns, recommendation="OUD-REC-1")
    direct = {row[:2] for row in told if row[2] == "d:OUD-REC-1"}
    assert {
        ("partly supports", "d:OUD-CLM-30"),
        ("partly supports", "d:OUD-CLM-31"),
        ("partly supports", "d:OUD-CLM-32"),
        ("qualifies", "d:OUD-CLM-33"),
    } <= direct
    assert (
        "partly supports",
        "d:OUD-CLM-32",
        "d:OUD-REC-1",
        "d:STU-449",
        "d:DOC-tang-2020-heparin",
        "d:OUD",
        "30",
        "d:DOC-tang-2020-heparin",
    ) in told
    through = {row[:3] for row in told if row[2] != "d:OUD-REC-1"}
    assert ("disputes", "d:OUD-CLM-33", "d:GUO-CLM-22") in through


def test_all_evidence_of_every_recommendation_is_found(asked, guideline):
    """Followed backwards, link by link, from each recommendation and the limits it uses."""
    to = defaultdict(list)
    for each in guideline.all(EvidenceRelation):
        to[each.target].append(each)
    expected = set()
    for recommendation in guideline.recommendations:
        ahead = [recommendation.id, *used_limits(guideline, recommendation)]
        seen = set(ahead)
        while ahead:
            for link in to[ahead.pop()]:
                expected.add((f"d:{recommendation.id}", f"d:{link.target}", f"d:{link.evidence}"))
                if link.evidence not in seen:
                    seen.add(link.evidence)
                    ahead.append(link.evidence)
    told = set(rows(asked, "evidence", "recommendation bears_on claim"))
    assert told == expected
    assert any(limit.startswith("d:THR-") for _, limit, _ in told)


def used_limits(guideline, recommendation: Recommendation) -> set[str]:
    """The limits in the conditions of a recommendation and in what defines its patients."""
    population = guideline.get(recommendation.population, Population)
    begin = {
        name
        for term, name in references(recommendation)
        if term in ("gg:condition", "gg:exception", "gg:reinforcedBy")
    }
    if population:
        begin |= {name for term, name in references(population) if term == "gg:definingCriterion"}
    ahead, limits = list(begin), set()
    while ahead:
        for term, name in references(guideline.entities[ahead.pop()]):
            if term == "gg:operand":
                ahead.append(name)
            elif isinstance(guideline.entities[name], Threshold):
                limits.add(name)
    return limits


def test_conflicts_show_both_statements_and_sources(asked, guideline):
    told = rows(asked, "conflicts", "disputing disputed disputing_source disputed_source")
    disputes = [
        each for each in guideline.all(EvidenceRelation) if each.relation_type == "Disputes"
    ]
    assert {row[:2] for row in told} == {(f"d:{e.evidence}", f"d:{e.target}") for e in disputes}
    assert ("d:MCG-CLM-28", "d:OUD-CLM-19", "d:MCG", "d:OUD") in told
    statements = rows(asked, "conflicts", "disputing disputing_statement disputed_statement why")
    assert all(all(row) for row in statements)


def test_conflicts_of_one_claim_on_either_side(asked):
    assert rows(asked, "conflicts", "disputing", claim="OUD-CLM-19") == [
        ("d:MCG-CLM-28",),
        ("d:OUD-CLM-23",),
    ]
    assert ("d:OUD-CLM-19",) in rows(asked, "conflicts", "disputed", claim="OUD-CLM-23")


def test_support_by_one_study_agrees_with_the_audit(asked, guideline):
    """The audit counts studies and cited works by itself (A602 and A603)."""
    found = {
        f"d:{each.diagnostic.subject}"
        for each in audit_recommendations(guideline)
        if each.diagnostic.code in ("A602", "A603")
    }
    told = {row[0] for row in rows(asked, "single-study-support", "recommendation")}
    assert told == found
    columns = "work design size claims without"
    one = rows(asked, "single-study-support", "recommendation " + columns)
    assert (
        *("d:OUD-REC-4b-TX", "d:STU-449", "retrospective cohort study", "449", "1", "0"),
    ) in one


def test_support_by_hedged_claims_agrees_with_the_audit(asked, guideline):
    found = {
        f"d:{each.diagnostic.subject}"
        for each in audit_recommendations(guideline)
        if each.diagnostic.code == "A604"
    }
    told = rows(asked, "hedged-support", "recommendation certainty")
    assert {name for name, _ in told} == found
    assert {certainty for _, certainty in told} <= {"hedged", "speculative"}


def test_populations_of_the_evidence(asked, guideline, index):
    told = rows(asked, "evidence-populations", "recommendation claim fit")
    expected = set()
    for link in guideline.all(EvidenceRelation):
        recommendation = guideline.get(link.target, Recommendation)
        claim = guideline.get(link.evidence, EvidenceClaim)
        if recommendation and recommendation.population and claim:
            fit = compared(index, recommendation.population, whose(index, claim))
            expected.add((f"d:{recommendation.id}", f"d:{claim.id}", fit))
    assert set(told) == expected
    assert len({fit for *_, fit in told}) > 3
    assert (
        *("d:OUD-REC-1", "partly supports", "d:OUD-CLM-30", "Patients with severe COVID-19"),
        "others",
    ) in rows(
        asked,
        "evidence-populations",
        "recommendation relation claim is_from fit",
        recommendation="OUD-REC-1",
    )


def whose(index: Index, claim: EvidenceClaim) -> str | None:
    """The population of the study of a claim, or else the one the claim speaks of."""
    study = index.study(claim)
    return (study.population if study else None) or claim.population


def compared(index: Index, wanted: str, found: str | None) -> str:
    if found is None:
        return "not stated"
    if found == wanted:
        return "the same"
    if found in index.wider(wanted):
        return "wider"
    return "a part" if wanted in index.wider(found) else "others"


# ---- claims and studies --------------------------------------------------------------------------


def test_claims_are_all_there(asked, guideline):
    told = rows(asked, "claims", "claim sort wording study source")
    assert set(told) == {
        (
            f"d:{each.id}",
            guideline.words(each.claim_type),
            guideline.words(each.assertion_certainty),
            ref(each.study),
            source,
        )
        for each in guideline.all(EvidenceClaim)
        for source in sources(guideline, each)
    }


@pytest.mark.parametrize(
    ("params", "holds"),
    [
        ({"type": "EvidenceGap"}, lambda each: each.claim_type == "EvidenceGap"),
        ({"certainty": "Speculative"}, lambda each: each.assertion_certainty == "Speculative"),
        ({"observable": "d-dimer"}, lambda each: "d-dimer" in each.observables),
    ],
)
def test_claims_of_one_kind(asked, guideline, params, holds):
    told = rows(asked, "claims", "claim", **params)
    assert {row[0] for row in told} == names(filter(holds, guideline.all(EvidenceClaim)))
    assert told


def test_order_in_time(asked, guideline):
    told = rows(asked, "time-order", "first then claim")
    assert set(told) == {
        (ref(first), ref(then), f"d:{each.id}")
        for each in guideline.all(EvidenceClaim)
        if each.earlier or each.later
        for first in each.earlier or (None,)
        for then in each.later or (None,)
    }
    columns = "first then claim study certainty source"
    of_d_dimer = rows(asked, "time-order", columns, thing="d-dimer")
    assert ("d:d-dimer", "d:interleukin-6", "d:OUD-CLM-28", "d:STU-zhou", "hedged", "d:OUD") in (
        of_d_dimer
    )
    assert {source for *_, source in of_d_dimer} == {"d:GUO", "d:OUD"}
    assert all("d:d-dimer" in row[:2] for row in of_d_dimer)


def test_one_study_told_by_several_sources(asked, guideline):
    told = rows(asked, "retold-studies", "study source claim")
    telling = defaultdict(set)
    for each in guideline.all(EvidenceClaim):
        if each.study:
            telling[each.study] |= {(s, f"d:{each.id}") for s in sources(guideline, each)}
    assert set(told) == {
        (f"d:{study}", source, claim)
        for study, found in telling.items()
        if len({source for source, _ in found}) > 1
        for source, claim in found
    }
    assert {"d:STU-449", "d:STU-zhou"} <= {row[0] for row in told}
    sizes = dict(rows(asked, "retold-studies", "claim size", study="STU-zhou"))
    assert sizes["d:MCG-CLM-49"] == "172"


def test_claims_without_a_reference(asked, guideline, index):
    told = rows(asked, "uncited-claims", "claim source")
    expected = set()
    for each in guideline.all(EvidenceClaim):
        study = index.study(each)
        reported = {f"d:{name}" for name in study.reported_in} if study else set()
        if not each.citations:
            expected |= {(f"d:{each.id}", s) for s in sources(guideline, each) - reported}
    assert set(told) == expected
    assert {row[0] for row in told} >= {"d:OUD-CLM-47"}
    assert "d:GUO-T1-DDIMER" not in {row[0] for row in told}


# ---- mechanism -----------------------------------------------------------------------------------


def reached(steps, begin: str, *, backwards: bool) -> set[str]:
    """What can be reached along the steps, the beginning itself among it."""
    found, ahead = {begin}, [begin]
    while ahead:
        here = ahead.pop()
        for each in steps:
            tail, head = (each.effect, each.cause) if backwards else (each.cause, each.effect)
            if tail == here and head not in found:
                found.add(head)
                ahead.append(head)
    return found


def test_causes_and_effects_of_everything_in_the_mechanism(asked, guideline):
    steps = guideline.all(CausalStep)
    for node in ("MECH-immunothrombosis", "MECH-ace2-downregulation", "d-dimer"):
        upstream = reached(steps, node, backwards=True)
        downstream = reached(steps, node, backwards=False)
        causes = set(rows(asked, "causes", "step distance", of=node))
        effects = set(rows(asked, "effects", "step distance", of=node))
        assert causes == {
            (f"d:{each.id}", "directly" if each.effect == node else "through other steps")
            for each in steps
            if each.effect in upstream
        }
        assert effects == {
            (f"d:{each.id}", "directly" if each.cause == node else "through other steps")
            for each in steps
            if each.cause in downstream
        }


def test_ways_from_one_thing_to_another(asked, guideline):
    steps = guideline.all(CausalStep)
    start, end = "MECH-alveolar-infection", "d-dimer"
    after = reached(steps, start, backwards=False)
    before = reached(steps, end, backwards=True)
    told = rows(asked, "causal-paths", "step does", start=start, end=end)
    assert {row[0] for row in told} == names(
        each for each in steps if each.cause in after and each.effect in before
    )
    assert ("d:STEP-alveolar-infection--alveolar-damage", "leads to") in told
    assert rows(asked, "causal-paths", "step", start=end, end=start) == []


def test_evidence_behind_the_mechanism(asked, guideline):
    told = set(rows(asked, "mechanism-evidence", "step claim how"))
    stated = {
        (f"d:{step.id}", f"d:{claim}", "states it")
        for step in guideline.all(CausalStep)
        for claim in step.asserted_by
    }
    bearing = {
        (step, f"d:{link.evidence}", guideline.words(link.relation_type))
        for step, claim, _ in stated
        for link in guideline.all(EvidenceRelation)
        if f"d:{link.target}" == claim
    }
    assert told == stated | bearing
    assert bearing


def test_evidence_from_animals_behind_the_mechanism(asked, guideline, index):
    told = rows(asked, "mechanism-evidence", "step claim is_from study", population="POP-animals")
    assert (
        "d:STEP-ace2-downregulation--alveolar-damage",
        "d:MCG-CLM-22",
        "Mice without the ACE2 gene",
        "d:STU-ace2-acid-mice",
    ) in told
    animals = {
        f"d:{each.id}"
        for each in guideline.all(EvidenceClaim)
        if (found := whose(index, each)) and "POP-animals" in {found, *index.wider(found)}
    }
    behind = {row[0] for row in rows(asked, "mechanism-evidence", "claim")}
    assert {row[1] for row in told} == animals & behind
