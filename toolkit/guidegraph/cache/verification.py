"""The verification of a guideline, kept by all that it can see.

What a claim says is none of that: ``seen`` gives the things of the evidence only their names and
what they refer to. Anything else of them is not there at all, so that a check which asked for it
would fail, and could not be answered from an entry that does not depend on it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from guidegraph.cache.store import Cache
from guidegraph.cache.toolkit import digest, toolkit
from guidegraph.cache.values import UnfitError, from_json, to_json
from guidegraph.cache.values import key as key_of
from guidegraph.entity import Entity, references, referring
from guidegraph.model import (
    AnnouncedResult,
    Appraisal,
    Assay,
    CausalStep,
    Citation,
    DeclaredInterest,
    Dissent,
    EvidenceClaim,
    EvidenceRelation,
    FeatureRating,
    Guideline,
    Omission,
    ReferenceInterval,
    SourceTable,
    StatisticalResult,
    Study,
    StudyArm,
    Vote,
)

if TYPE_CHECKING:  # the solver may be missing
    from guidegraph.verify import VerificationReport

STAGE = "verification"
NOWHERE = "//"
"""The folder of what lies in no folder of the guideline: code lists come with the ontology."""
EVIDENCE: tuple[type[Entity], ...] = (
    *(EvidenceClaim, EvidenceRelation, StatisticalResult, FeatureRating, CausalStep),
    *(Study, StudyArm, Assay, ReferenceInterval, SourceTable, AnnouncedResult, Omission, Citation),
    *(Appraisal, DeclaredInterest, Vote, Dissent),
)
"""What no proof is about."""


def verified(
    guideline: Guideline,
    folder: str,
    cache: Cache | None,
    verify: Callable[[Guideline], VerificationReport],
) -> VerificationReport:
    """What ``verify`` says of a guideline in ``folder``, from the cache where it is there."""
    if cache is None:
        return verify(guideline)
    visible = seen(guideline)
    try:
        codes = key_of(dict(visible.codes), NOWHERE)
        key = digest(toolkit(), key_of(_parts(visible), folder), codes)
    except UnfitError:
        return verify(guideline)
    if (told := cache.get(STAGE, key)) is not None:
        try:
            return cast("VerificationReport", from_json(told, folder))
        except UnfitError:
            cache.drop(STAGE)
    try:
        report = verify(visible)
    except AttributeError:  # a check looked at more: then its answer is not kept
        return verify(guideline)
    if not any("time" in each.reasons for each in report.open):  # more time would give more
        cache.put(STAGE, key, to_json(report, folder))
    return report


def seen(guideline: Guideline) -> Guideline:
    """The guideline as far as a proof may look at it."""
    entities = {
        name: _bare(thing) if isinstance(thing, EVIDENCE) else thing
        for name, thing in guideline.entities.items()
    }
    return replace(guideline, entities=entities)


def _bare(thing: Entity) -> Entity:
    """A thing with its name and its references, and nothing else."""
    bare = object.__new__(type(thing))
    for name in ("id", "iri", *referring(type(thing))):
        object.__setattr__(bare, name, getattr(thing, name))
    return bare


def _parts(visible: Guideline) -> tuple[object, ...]:
    """All of what is seen but the code lists, as values."""
    things = tuple(
        (type(thing).__qualname__, name, tuple(references(thing)))
        if isinstance(thing, EVIDENCE)
        else (name, thing)
        for name, thing in visible.entities.items()
    )
    return (visible.header, things, visible.adaptation)
