"""What each thing of a guideline rests on, and what becomes of it when that goes.

The general rule for rules of care is their references: a criterion rests on its threshold, a step
on its branches. Evidence has rules of its own, because a claim that cites three papers does not go
with one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from guidegraph.criteria import Criterion, ScoreItem
from guidegraph.entity import Entity, references
from guidegraph.model import (
    SUPPORTING,
    Action,
    AnnouncedResult,
    Appraisal,
    Assay,
    Branch,
    CausalStep,
    Citation,
    ClinicalDefinition,
    EvidenceClaim,
    EvidenceRelation,
    FeatureRating,
    Guideline,
    InterpretationPoint,
    PathwayNode,
    Population,
    Reading,
    Recommendation,
    ReferenceInterval,
    SiteParameter,
    SourcePassage,
    SourceTable,
    StatisticalResult,
    Study,
    StudyArm,
    Threshold,
)

RULES = (
    Recommendation,
    Threshold,
    SiteParameter,
    ClinicalDefinition,
    Criterion,
    ScoreItem,
    Population,
    Action,
    PathwayNode,
    Branch,
    InterpretationPoint,
    Reading,
)
"""What care is given by: its meaning rests on all it refers to."""

EVIDENCE = (
    Study,
    StudyArm,
    Assay,
    ReferenceInterval,
    SourceTable,
    SourcePassage,
    Citation,
    EvidenceClaim,
    StatisticalResult,
    FeatureRating,
    EvidenceRelation,
    CausalStep,
    AnnouncedResult,
    Appraisal,
)
"""What the advice rests on: what it mentions is missed only when it is gone."""

ASIDE = frozenset(
    (
        "gg:alternativeTo",
        "gg:continuesIn",
        "gg:implementedBy",
        "gg:incompatibleWith",
        "gg:leadsTo",
        "gg:overrides",
        "gg:recommendation",
        "gg:targetCondition",
        "dcterms:isPartOf",
        "skos:broader",
    )
)
"""Properties by which a rule points at a neighbour and does not rest on it."""


NEVER = frozenset(("gg:concerns", "prov:wasAttributedTo", "rdfs:seeAlso"))
"""Properties that say who judged, or what else there is to read."""

How = Literal["needs", "belongs", "leans", "mentions"]
Way = tuple[How, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Rest:
    """One thing, or several of which one is enough, that something rests on.

    ``needs``: it goes when all of them are gone, and is weakened when one is gone or weakened.
    ``belongs``: it goes when they are gone, and nothing less touches it. ``leans``: it is weakened
    when one is gone or weakened. ``mentions``: it is weakened only when one is gone. ``term`` is
    the property; with ``^`` before it, that of the others which leads here.
    """

    how: How
    term: str
    names: tuple[str, ...]


def rests(guideline: Guideline) -> dict[str, tuple[Rest, ...]]:
    """Everything that rests on something, in the order of the files."""
    found: dict[str, list[Rest]] = {name: [] for name in guideline.entities}
    for name, thing in guideline.entities.items():
        for how, term, names in _own(thing):
            known = tuple(dict.fromkeys(each for each in names if each in guideline.entities))
            if known:
                found[name].append(Rest(how, term, known))
        for other, rest in _of_others(thing, guideline):
            if other in found:
                found[other].append(rest)
    return {name: tuple(each) for name, each in found.items() if each}


def _own(thing: Entity) -> Iterator[Way]:
    """What a thing rests on by its own properties."""
    told: set[str] = set()
    for way in _ways(thing):
        told.add(way[1])
        yield way
    for term, other in references(thing):
        if term in told or term in NEVER:
            continue
        if isinstance(thing, RULES) and term not in ASIDE:
            yield "leans", term, (other,)
        elif isinstance(thing, EVIDENCE + RULES):
            yield "mentions", term, (other,)


def _ways(thing: Entity) -> Iterator[Way]:
    """What evidence and printed rules cannot do without."""
    match thing:
        case SourcePassage():
            yield "needs", "oa:hasSource", (thing.document,)
        case SourceTable():
            yield "needs", "oa:hasSource", (thing.document,)
        case Citation():
            yield "needs", "cito:hasCitedEntity", _one(thing.cited)
            yield "needs", "cito:hasCitingEntity", _one(thing.citing)
        case Study():
            yield from _reported(thing)
        case StudyArm():
            yield "needs", "gg:armOf", (thing.study,)
        case Assay():
            yield "needs", "gg:aboutStudy", _one(thing.study)
        case EvidenceClaim():
            yield "needs", "gg:aboutStudy", _one(thing.study)
            yield "needs", "gg:citation", thing.citations
            yield "needs", "prov:wasDerivedFrom", thing.passages
            yield "belongs", "dcterms:isPartOf", _one(thing.table)
        case StatisticalResult():
            yield from (("needs", "gg:arm", (each,)) for each in thing.arms)
            yield "needs", "gg:referenceArm", _one(thing.reference_arm)
            yield "needs", "gg:assay", _one(thing.assay)
            yield "needs", "prov:wasDerivedFrom", thing.passages
        case EvidenceRelation():
            yield "needs", "gg:evidence", (thing.evidence,)
            yield "belongs", "gg:target", (thing.target,)
        case CausalStep():
            yield "needs", "gg:assertedBy", thing.asserted_by
        case AnnouncedResult():
            yield "leans", "gg:givenBy", thing.given_by
            yield "needs", "prov:wasDerivedFrom", thing.passages
        case Appraisal():
            yield "leans", "gg:appraises", (thing.appraises,)
        case FeatureRating() | ReferenceInterval():
            yield "needs", "prov:wasDerivedFrom", thing.passages
        case Recommendation() | Threshold() | SiteParameter() | ClinicalDefinition():
            yield from _stated(thing)


def _reported(study: Study) -> Iterator[Way]:
    """A study goes with the papers that report it; one that names none, with what tells of it."""
    if study.reported_in:
        yield "needs", "gg:reportedIn", study.reported_in
        return
    yield "needs", "prov:wasDerivedFrom", study.passages


def _stated(thing: Entity) -> Iterator[Way]:
    """A rule goes with the source that prints it; one from outside, with the works it cites."""
    if thing.passages:
        yield "needs", "prov:wasDerivedFrom", thing.passages
    elif thing.citations:
        yield "needs", "gg:citation", thing.citations


def _of_others(thing: Entity, guideline: Guideline) -> Iterator[tuple[str, Rest]]:
    """What others rest on by a property of this thing."""
    here = (thing.id,)
    match thing:
        case EvidenceClaim():
            for each in thing.results:
                yield each, Rest("belongs", "^gg:hasResult", here)
            for each in thing.ratings:
                yield each, Rest("belongs", "^gg:hasRating", here)
        case EvidenceRelation() if thing.relation_type in SUPPORTING:
            yield thing.target, Rest("leans", "^gg:target", here)
        case Recommendation():
            for each in thing.implemented_by:
                if guideline.get(each, PathwayNode):
                    yield each, Rest("leans", "^gg:implementedBy", here)


def _one(name: str | None) -> tuple[str, ...]:
    return (name,) if name else ()
