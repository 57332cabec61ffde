"""Whether claims say no more than what stands behind them."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.audit.base import Finding, finding
from guidegraph.audit.index import Index, listed
from guidegraph.diagnostic import Severity
from guidegraph.model import EvidenceClaim, Guideline
from guidegraph.wording import plural

FEW = 10
"""Fewer participants than this carry no general statement (ours; a convention, not a rule)."""
GENERAL = ("Mechanism", "Hypothesis", "Opinion", "TherapeuticConsideration")
"""Claim types that say how things are, not what was seen in some patients."""
FINDINGS = ("StudyFinding", "Mechanism")
"""Claim types that report what was found; what is hoped or planned may look further."""
SINGLE_CASES = ("CaseReport",)
UNSURE = ("Hedged", "Speculative")


def audit_claims(guideline: Guideline) -> Iterator[Finding]:
    """Everything this module audits."""
    index = Index(guideline)
    for claim in index.claims:
        wider = _is_wider(index, claim)
        if wider:
            yield _wider(index, claim)
        if claim.assertion_certainty == "Asserted" and (claim.claim_type in GENERAL or wider):
            yield from _on_few(index, claim)
    yield from _firmer(index)


def _is_wider(index: Index, claim: EvidenceClaim) -> bool:
    """Whether a claim without a hedge reports a finding for more people than were studied."""
    study = index.study(claim)
    firm = claim.claim_type in FINDINGS and claim.assertion_certainty == "Asserted"
    return firm and study is not None and claim.population in index.wider(study.population)


def _wider(index: Index, claim: EvidenceClaim) -> Finding:
    study = index.study(claim)
    assert study is not None
    return finding(
        "A501",
        Severity.WARNING,
        f"`{claim.id}` speaks of {index.label(claim.population)}; the study behind it "
        f"(`{study.id}`) was of {index.label(study.population)}.",
        at=claim.place_of("gg:appliesTo"),
        why="What was found in a narrower group need not hold for the wider one.",
        remedy="Compare with the source. If the source goes that far, record it as a "
        "gg:Discrepancy or accept the finding; if not, give the claim the population of the study.",
        subject=claim.id,
        involved=(study.id,),
    )


def _on_few(index: Index, claim: EvidenceClaim) -> Iterator[Finding]:
    """A general statement without a hedge that rests on a handful of patients.

    What stands behind it are the claims of its own document that support it, or else its study.
    """
    documents = index.documents(claim)
    own = [each for each in index.supporters(claim.id) if index.documents(each) & documents]
    behind = own or ([claim] if claim.study else list(index.supporters(claim.id)))
    sizes = [index.size(each) for each in behind]
    cases = bool(behind) and all(index.design(each) in SINGLE_CASES for each in behind)
    few = bool(behind) and all(sizes) and sum(filter(None, sizes)) < FEW
    if not (few or cases):
        return
    total = sum(filter(None, sizes))
    resting = "case reports" if cases and not few else plural(total, "participant")
    yield finding(
        "A502",
        Severity.WARNING,
        f"`{claim.id}` is stated without a hedge and rests on {resting}.",
        at=claim.place_of("gg:assertionCertainty"),
        why="So few patients show that something can happen, not that it does in general.",
        remedy="Compare with the source. If it is worded as firmly, record it as a gg:Discrepancy "
        "or accept the finding; if it is hedged, correct gg:assertionCertainty; if more evidence "
        "stands behind it, link it with a gg:EvidenceRelation.",
        subject=claim.id,
        involved=(each.id for each in behind),
        arithmetic=(
            f"{each.id}: {plural(size, 'participant') if size else 'size not stated'}"
            for each, size in zip(behind, sizes, strict=True)
        ),
    )


def _firmer(index: Index) -> Iterator[Finding]:
    """Claims of one source that restate each other, one of them hedged and the other not."""
    for a, b, relation in index.pairs("Restates"):
        shared = index.documents(a) & index.documents(b)
        firm, hedged = (a, b) if a.assertion_certainty == "Asserted" else (b, a)
        apart = firm.assertion_certainty == "Asserted" and hedged.assertion_certainty in UNSURE
        if not (shared and apart):
            continue
        yield finding(
            "A503",
            Severity.WARNING,
            f"{index.titles(shared)} states `{firm.id}` without a hedge and says the same with "
            f"one in `{hedged.id}`.",
            at=firm.place_of("gg:assertionCertainty"),
            why="The evidence is the same for both, so one wording is too strong or too weak.",
            remedy="Compare both with the source. If it is worded so, record it as a "
            "gg:Discrepancy or accept the finding.",
            subject=firm.id,
            involved=(hedged.id, relation.id),
            arithmetic=(
                listed(
                    f"`{each.id}` is {index.guideline.words(each.assertion_certainty)}"
                    for each in (firm, hedged)
                ),
            ),
        )
