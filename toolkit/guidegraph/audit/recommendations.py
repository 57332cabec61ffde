"""What stands under each recommendation: nothing, one small study, hedged words, other patients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from guidegraph.audit.base import Finding, finding
from guidegraph.audit.claims import UNSURE
from guidegraph.audit.index import Index, listed, quoted
from guidegraph.diagnostic import Severity
from guidegraph.model import EvidenceClaim, Guideline, Recommendation, SourceDocument
from guidegraph.wording import plural

SMALL = 100
"""A single study with fewer participants than this is called small (ours)."""
NO_FINDING = (
    *("Mechanism", "Opinion", "Background", "Hypothesis", "TherapeuticConsideration"),
    *("EvidenceGap", "Limitation", "Definition"),
)
"""Claim types that are not what a study found."""
WEAK = ("ExpressionOfConcern", "Withdrawn", "Retracted")
"""What becomes of publications that can no longer be relied on."""
RECORD = "record it as a gg:Discrepancy or accept the finding"


def audit_recommendations(guideline: Guideline) -> Iterator[Finding]:
    """Everything this module audits."""
    index = Index(guideline)
    for each in guideline.recommendations:
        if _gives_no_guidance(guideline, each):
            continue
        support = index.supporters(each.id)
        if support:
            yield from _one_study(index, each, support)
            yield from _unsure(index, each, support)
            yield from _others(index, each, support)
            yield from _no_finding(index, each, support)
            yield from _retracted(index, each, support)
        else:
            yield _unsupported(index, each)


def _gives_no_guidance(guideline: Guideline, recommendation: Recommendation) -> bool:
    """Whether it only says that there is no clear guidance, which takes no evidence to say."""
    modality = guideline.codes.get(recommendation.modality)
    return modality is not None and modality.norm == "noClearGuidance"


def _unsupported(index: Index, recommendation: Recommendation) -> Finding:
    bearing = [each for each in index.relations if each.target == recommendation.id]
    also = (
        f"; {quoted(dict.fromkeys(each.evidence for each in bearing))} "
        f"{'bears' if len(bearing) == 1 else 'bear'} on it without supporting it"
        if bearing
        else ""
    )
    return finding(
        "A601",
        Severity.WARNING,
        f"No claim was judged to support `{recommendation.id}` ({recommendation.label}){also}.",
        at=recommendation.at,
        why="Nothing in the source was found that carries this recommendation, or nobody has "
        "linked it.",
        remedy="Link the claims that support it with a gg:EvidenceRelation; if the source gives "
        f"none, {RECORD}.",
        subject=recommendation.id,
        involved=(each.evidence for each in bearing),
        arithmetic=(
            f"{each.evidence}: {index.guideline.words(each.relation_type)}" for each in bearing
        ),
    )


def _works(index: Index, claim: EvidenceClaim) -> set[str]:
    """The studies or cited works behind a claim; what is not identified counts by its number."""
    if claim.study:
        return {claim.study}
    return {*index.cited(claim), *(each.id for each in index.unidentified(claim))}


def _one_study(
    index: Index, recommendation: Recommendation, support: Sequence[EvidenceClaim]
) -> Iterator[Finding]:
    works = set().union(*(_works(index, each) for each in support))
    if len(works) != 1:
        return
    (work,) = works
    sizes = [size for each in support if (size := index.size(each)) is not None]
    small = bool(sizes) and max(sizes) < SMALL
    told = f" of {plural(max(sizes), 'participant')}" if sizes else ""
    yield finding(
        "A603" if small else "A602",
        Severity.WARNING if small else Severity.NOTE,
        f"`{recommendation.id}` ({recommendation.label}) rests on one "
        f"{'small ' if small else ''}study{told}: `{work}`.",
        at=recommendation.at,
        why="If that one study is wrong, or does not hold elsewhere, nothing is left.",
        remedy=f"Link other evidence if there is any; otherwise {RECORD}.",
        subject=recommendation.id,
        involved=(work, *(each.id for each in support)),
        arithmetic=(_behind(index, each) for each in support),
    )


def _behind(index: Index, claim: EvidenceClaim) -> str:
    works = listed(sorted(_works(index, claim))) or "no study named"
    size = index.size(claim)
    return f"{claim.id}: {works}" + (f", {plural(size, 'participant')}" if size else "")


def _unsure(
    index: Index, recommendation: Recommendation, support: Sequence[EvidenceClaim]
) -> Iterator[Finding]:
    if not all(each.assertion_certainty in UNSURE for each in support):
        return
    yield finding(
        "A604",
        Severity.WARNING,
        f"All that supports `{recommendation.id}` ({recommendation.label}) is worded with a hedge.",
        at=recommendation.at,
        why="The advice is firmer than the evidence it is based on.",
        remedy=f"Link firmer evidence if there is any; otherwise {RECORD}.",
        subject=recommendation.id,
        involved=(each.id for each in support),
        arithmetic=(
            f"{each.id}: {index.guideline.words(each.assertion_certainty)}" for each in support
        ),
    )


def _others(
    index: Index, recommendation: Recommendation, support: Sequence[EvidenceClaim]
) -> Iterator[Finding]:
    """All evidence is from groups that do not include everyone the recommendation is for."""
    wanted = recommendation.population
    found = [_population(index, each) for each in support]
    if not wanted or not all(found):
        return
    covering = {wanted, *index.wider(wanted)}
    if any(each in covering for each in found):
        return
    yield finding(
        "A605",
        Severity.WARNING,
        f"`{recommendation.id}` is for {index.label(wanted)}; its evidence is from a group that "
        "does not include them all: "
        f"{listed(dict.fromkeys(index.label(each) for each in found))}.",
        at=recommendation.place_of("gg:appliesTo"),
        why="What was found in one group need not hold for another.",
        remedy="Link evidence from the population of the recommendation if there is any, or say "
        f"with skos:broader that the one includes the other; otherwise {RECORD}.",
        subject=recommendation.id,
        involved=(each.id for each in support),
        arithmetic=(
            f"{claim.id}: {index.label(each)}" for claim, each in zip(support, found, strict=True)
        ),
    )


def _population(index: Index, claim: EvidenceClaim) -> str | None:
    """Whom the evidence is from: the patients of the study, or else those the claim speaks of."""
    study = index.study(claim)
    return (study.population if study else None) or claim.population


def _no_finding(
    index: Index, recommendation: Recommendation, support: Sequence[EvidenceClaim]
) -> Iterator[Finding]:
    if not all(each.claim_type in NO_FINDING for each in support):
        return
    yield finding(
        "A606",
        Severity.WARNING,
        f"Nothing that supports `{recommendation.id}` ({recommendation.label}) is the finding of a "
        "study.",
        at=recommendation.at,
        why="Opinions, mechanisms and textbook knowledge say what is plausible, not what happens.",
        remedy=f"Link findings of studies if there are any; otherwise {RECORD}.",
        subject=recommendation.id,
        involved=(each.id for each in support),
        arithmetic=(f"{each.id}: {index.guideline.words(each.claim_type)}" for each in support),
    )


def _retracted(
    index: Index, recommendation: Recommendation, support: Sequence[EvidenceClaim]
) -> Iterator[Finding]:
    """Evidence from works that were retracted, withdrawn or put under concern."""
    fallen = {each.id: names for each in support if (names := _fallen(index, each))}
    if not fallen:
        return
    yield finding(
        "A607",
        Severity.WARNING,
        f"`{recommendation.id}` ({recommendation.label}) has {len(fallen)} of {len(support)} "
        "supporting claims from works that were retracted or are under concern.",
        at=recommendation.at,
        why="What nobody stands by any more is no evidence.",
        remedy="Reconsider the recommendation; remove the relations of what no longer holds.",
        subject=recommendation.id,
        involved=(*fallen, *(name for names in fallen.values() for name, _ in names)),
        arithmetic=(
            f"{claim}: `{name}` {index.guideline.words(status)}"
            for claim, names in fallen.items()
            for name, status in names
        ),
    )


def _fallen(index: Index, claim: EvidenceClaim) -> list[tuple[str, str]]:
    """The works behind a claim that were retracted or are under concern."""
    study = index.study(claim)
    names = dict.fromkeys((*(study.reported_in if study else ()), *sorted(index.cited(claim))))
    found = [index.guideline.get(name, SourceDocument) for name in names]
    return [
        (each.id, each.publication_status)
        for each in found
        if each and each.publication_status in WEAK
    ]
