"""What of a guideline those can see who do not ask what its evidence says, and a key for it.

What a claim says is none of that: the things of the evidence have only their names and what they
refer to. Anything else of them is not there at all, so that who asked for it would fail, and could
not be answered from an entry that does not depend on it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from guidegraph.cache.toolkit import digest, toolkit
from guidegraph.cache.values import UnfitError
from guidegraph.cache.values import key as key_of
from guidegraph.entity import Entity, references, referring
from guidegraph.model import (
    AnnouncedResult,
    Appraisal,
    Assay,
    CausalStep,
    Citation,
    Comment,
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

NOWHERE = "//"
"""The folder of what lies in no folder of the guideline: code lists come with the ontology."""
EVIDENCE: tuple[type[Entity], ...] = (
    *(EvidenceClaim, EvidenceRelation, StatisticalResult, FeatureRating, CausalStep),
    *(Study, StudyArm, Assay, ReferenceInterval, SourceTable, AnnouncedResult, Omission, Citation),
    *(Appraisal, DeclaredInterest, Vote, Dissent, Comment),
)
"""What is not seen."""


@dataclass(frozen=True, eq=False)
class Visible:
    """The guideline of ``folder`` without what its evidence says; ``whole`` has that too."""

    whole: Guideline
    guideline: Guideline
    folder: str

    @classmethod
    def of(cls, guideline: Guideline, folder: str) -> Visible:
        """What can be seen of a guideline."""
        entities = {
            name: _bare(thing) if isinstance(thing, EVIDENCE) else thing
            for name, thing in guideline.entities.items()
        }
        return cls(guideline, replace(guideline, entities=entities), folder)

    @cached_property
    def key(self) -> str | None:
        """The digest of all that can be seen and of this toolkit; None where there is none."""
        try:
            codes = key_of(dict(self.guideline.codes), NOWHERE)
            return digest(toolkit(), key_of(_parts(self.guideline), self.folder), codes)
        except UnfitError:
            return None


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
