"""Impact as people read it, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from guidegraph.criteria import Criterion, ScoreItem
from guidegraph.entity import Entity
from guidegraph.impact import REMOVING, Impact, Remaining, Step, Support
from guidegraph.model import (
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
    SourceDocument,
    SourcePassage,
    SourceTable,
    StatisticalResult,
    Study,
    StudyArm,
    Threshold,
)
from guidegraph.wording import plural

KINDS: tuple[tuple[type[Entity], str, str], ...] = (
    (Recommendation, "recommendation", "recommendations"),
    (PathwayNode, "step of a pathway", "steps of pathways"),
    (Branch, "branch", "branches"),
    (Threshold, "threshold", "thresholds"),
    (SiteParameter, "site setting", "site settings"),
    (ClinicalDefinition, "definition", "definitions"),
    (Population, "population", "populations"),
    (Criterion, "criterion", "criteria"),
    (ScoreItem, "score item", "score items"),
    (InterpretationPoint, "interpretation point", "interpretation points"),
    (Reading, "reading", "readings"),
    (Action, "action", "actions"),
    (EvidenceRelation, "relation", "relations"),
    (EvidenceClaim, "claim", "claims"),
    (StatisticalResult, "statistical result", "statistical results"),
    (FeatureRating, "rating", "ratings"),
    (CausalStep, "causal step", "causal steps"),
    (AnnouncedResult, "announced result", "announced results"),
    (Appraisal, "appraisal", "appraisals"),
    (Study, "study", "studies"),
    (StudyArm, "study arm", "study arms"),
    (Assay, "assay", "assays"),
    (ReferenceInterval, "reference interval", "reference intervals"),
    (SourceTable, "printed table", "printed tables"),
    (Citation, "citation", "citations"),
    (SourcePassage, "passage", "passages"),
    (SourceDocument, "document", "documents"),
    (Entity, "other thing", "other things"),
)
"""The kinds of things in the order in which they are told, and what one and several are called."""

WAYS = {
    "^gg:hasRating": "is a cell of",
    "^gg:hasResult": "is a number of",
    "^gg:implementedBy": "carries out",
    "^gg:target": "is supported by",
    "cito:hasCitedEntity": "stands for",
    "cito:hasCitingEntity": "is a reference of",
    "dcterms:isPartOf": "is part of",
    "gg:aboutStudy": "is about",
    "gg:appliesTo": "is for",
    "gg:appraises": "judges",
    "gg:arm": "was measured in",
    "gg:armOf": "is a group of",
    "gg:assay": "was measured by",
    "gg:assertedBy": "is asserted by",
    "gg:branchCriterion": "asks",
    "gg:citation": "cites",
    "gg:condition": "holds on the condition",
    "gg:definingCriterion": "is defined by",
    "gg:evidence": "has the evidence",
    "gg:exception": "has the exception",
    "gg:givenBy": "is given by",
    "gg:hasBranch": "has the branch",
    "gg:operand": "asks for",
    "gg:performsAction": "offers",
    "gg:recommendsAction": "advises",
    "gg:referenceArm": "was compared with",
    "gg:reportedIn": "is reported in",
    "gg:target": "bears on",
    "gg:threshold": "uses the limit",
    "oa:hasSource": "stands in",
    "prov:wasDerivedFrom": "comes from",
}
"""How one thing rests on another; other properties are named as they are."""


def kind_of(thing: Entity) -> tuple[str, str]:
    """What one thing of this kind, and several of them, are called."""
    return next((one, several) for kind, one, several in KINDS if isinstance(thing, kind))


def way(steps: Iterable[Step]) -> str:
    """Why: ``is supported by REL-1, which has the evidence CLM-1, which is about STU-1``."""
    return ", which ".join(
        f"{WAYS.get(each.term, f'has {each.term}')} {each.cause}" for each in steps
    )


def in_words(
    guideline: Guideline, found: Impact, change: str, pages: Mapping[str, str]
) -> Iterator[str]:
    """What is touched, kind by kind, line by line; ``pages`` are the addresses on the site."""
    for name in found.removed:
        thing = guideline[name]
        yield f"{name} ({kind_of(thing)[0]}): {_label(thing)}"
        yield f"  {thing.at}"
    yield _summary(found, change)
    yield from _advice(guideline, found)
    headings = ("Lost", "Weakened")
    if change not in REMOVING:
        headings = ("Rests on it alone", "Rests on it among others")
    for heading, names in zip(headings, (found.lost, found.weakened), strict=True):
        yield from _listed(guideline, found, heading, names)
    shown = page_list(found, pages)
    if shown:
        yield ""
        yield f"Pages of the site ({len(shown)})"
        yield from (f"  {each}" for each in shown)


def page_list(found: Impact, pages: Mapping[str, str]) -> list[str]:
    """The pages on which something touched stands, without the places on them."""
    touched = (*found.removed, *found.dependants)
    return sorted({pages[each].partition("#")[0] for each in touched if each in pages})


def _summary(found: Impact, change: str) -> str:
    lost, weakened = len(found.lost), len(found.weakened)
    if not lost + weakened:
        return f"If it were {change}: nothing in the guideline depends on it."
    if change in REMOVING:
        return (
            f"If it were {change}: {plural(lost, 'thing')} would be lost with it, and "
            f"{plural(weakened, 'thing')} would rest on less."
        )
    return (
        f"If it were {change}: {plural(lost + weakened, 'thing')} would have to be looked at "
        f"again; {lost} of them rest on it alone."
    )


def _advice(guideline: Guideline, found: Impact) -> Iterator[str]:
    """Every touched recommendation, with what would be left of its support."""
    left = {each.recommendation: each for each in found.remaining}
    names = [each.id for each in guideline.recommendations if each.id in found.dependants]
    if not names:
        return
    yield ""
    yield f"Recommendations ({len(names)})"
    for name in names:
        yield f"  {name}  {_label(guideline[name])}"
        if name in left:
            yield f"    {support_in_words(left[name])}"
        else:
            gone = name in found.lost
            yield f"    {'no source prints it any more' if gone else 'support as before'}"
        yield f"    {way(found.spread.path(name))}"


def support_in_words(each: Remaining) -> str:
    """``no supporting evidence without it (now 3 claims from 1 study)``."""
    before = _counted(each.before)
    if each.verdict == "nothing":
        return f"no supporting evidence without it (now {before})"
    cautions = "".join(f"; {caution}" for caution in each.after.cautions)
    weak = f"; {plural(len(each.weakened), 'claim')} weakened" if each.weakened else ""
    if each.verdict == "less":
        return f"less support without it: {_counted(each.after)} (now {before}){weak}{cautions}"
    return f"support of {before}, weaker without it{weak}{cautions}"


def _counted(support: Support) -> str:
    studies = plural(len(support.studies), "study", "studies") if support.studies else "no study"
    return f"{plural(len(support.claims), 'claim')} from {studies}"


def _listed(
    guideline: Guideline, found: Impact, heading: str, names: Iterable[str]
) -> Iterator[str]:
    """Things that are no recommendations, under the names of their kinds."""
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(kind_of(guideline[name])[1], []).append(name)
    for _, _, several in KINDS[1:]:
        if several not in groups:
            continue
        yield ""
        yield f"{heading}: {several} ({len(groups[several])})"
        for name in groups[several]:
            yield f"  {name}  {_label(guideline[name])}".rstrip()
            yield f"    {way(found.spread.path(name))}"


def _label(thing: Entity) -> str:
    return str(thing.label)


def as_json(
    guideline: Guideline, found: Impact, change: str, pages: Mapping[str, str]
) -> dict[str, Any]:
    """Everything that is known about the impact."""
    effects = dict.fromkeys(found.lost, "lost") | dict.fromkeys(found.weakened, "weakened")
    return {
        "entities": [_thing(guideline[name], pages) for name in found.removed],
        "change": change,
        "meaning": "removed" if change in REMOVING else "to be looked at again",
        "counts": _counts(guideline, found),
        "dependants": [
            {
                **_thing(guideline[name], pages),
                "effect": effect,
                "path": [
                    {"thing": each.thing, "property": each.term, "restsOn": each.cause}
                    for each in found.spread.path(name)
                ],
            }
            for name, effect in effects.items()
        ],
        "recommendations": [
            {
                "id": each.recommendation,
                "label": _label(guideline[each.recommendation]),
                "verdict": each.verdict,
                "before": _support(each.before),
                "after": _support(each.after),
                "weakenedClaims": list(each.weakened),
            }
            for each in found.remaining
        ],
        "pages": page_list(found, pages),
    }


def _counts(guideline: Guideline, found: Impact) -> dict[str, dict[str, int]]:
    """How many of each kind are lost and weakened."""
    counts: dict[str, dict[str, int]] = {}
    for _, one, _ in KINDS:
        told = {
            effect: sum(kind_of(guideline[name])[0] == one for name in names)
            for effect, names in (("lost", found.lost), ("weakened", found.weakened))
        }
        if any(told.values()):
            counts[one] = told
    return counts


def _thing(thing: Entity, pages: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": thing.id,
        "iri": thing.iri,
        "kind": kind_of(thing)[0],
        "label": _label(thing),
        "file": thing.at.file,
        "line": thing.at.line,
        "page": pages.get(thing.id),
    }


def _support(support: Support) -> dict[str, Any]:
    return {
        "claims": list(support.claims),
        "studies": list(support.studies),
        "hedgedClaims": list(support.hedged),
        "cautions": list(support.cautions),
    }
