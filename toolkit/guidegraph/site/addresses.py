"""Where everything stands on the site: one address for each thing of a guideline, for good.

Most kinds have a page for each thing, in the chapter's folder. Smaller things (nodes, branches,
readings, passages) are places on the page of what they belong to.
"""

from __future__ import annotations

from functools import cached_property

from guidegraph.criteria import Criterion
from guidegraph.entity import Entity
from guidegraph.model import (
    CLASSES,
    AcceptedFinding,
    Action,
    Agent,
    Anchor,
    AnnouncedResult,
    Appraisal,
    Assay,
    Branch,
    CarePathway,
    CausalStep,
    Citation,
    ClinicalDefinition,
    Concept,
    DecisionNode,
    DeclaredInterest,
    Discrepancy,
    Dissent,
    EvidenceClaim,
    EvidenceRelation,
    FeatureRating,
    Guideline,
    Header,
    InterpretationPoint,
    LocalAdaptation,
    LocalChange,
    MonotonicityObligation,
    ObligationLevel,
    Observable,
    Omission,
    PathwayNode,
    Population,
    Reading,
    Recommendation,
    RecommendationGroup,
    ReferenceInterval,
    SiteParameter,
    SourceDocument,
    SourcePassage,
    SourceTable,
    StatisticalResult,
    Study,
    StudyArm,
    Threshold,
    TimeWindow,
    Vote,
    Withdrawn,
)
from guidegraph.site.safe import slug
from guidegraph.terms import compact

FOLDERS: tuple[tuple[type[Entity], str], ...] = (
    (Recommendation, "recommendations"),
    (CarePathway, "pathways"),
    (Threshold, "thresholds"),
    (SiteParameter, "settings"),
    (Observable, "observables"),
    (Action, "actions"),
    (Population, "populations"),
    (ClinicalDefinition, "definitions"),
    (Criterion, "criteria"),
    (InterpretationPoint, "questions"),
    (Discrepancy, "questions"),
    (EvidenceClaim, "claims"),
    (Study, "studies"),
    (SourceDocument, "sources"),
    (SourceTable, "tables"),
)
"""Kinds whose things have a page of their own, and its folder."""

SHARED: tuple[tuple[type[Entity], str], ...] = (
    (RecommendationGroup, "recommendations/index.html"),
    (Concept, "concepts/index.html"),
    (Anchor, "concepts/index.html"),
    (TimeWindow, "concepts/index.html"),
    (Agent, "guideline.html"),
    (CausalStep, "mechanism/index.html"),
    (AcceptedFinding, "audit/index.html"),
    (LocalAdaptation, "local/index.html"),
    (LocalChange, "local/index.html"),
    (Withdrawn, "changes/index.html"),
    (MonotonicityObligation, "verification/index.html"),
    (ObligationLevel, "verification/index.html"),
)
"""Kinds whose things share one page, each with its place on it."""


def page_path(thing: Entity) -> str | None:
    """The page of a thing that has one of its own."""
    if isinstance(thing, Header):
        return "index.html"
    kind = former_kind(thing) if isinstance(thing, Withdrawn) else type(thing)
    for above, folder in FOLDERS:
        if kind is not None and issubclass(kind, above):
            return f"{folder}/{slug(thing.id)}.html"
    return None


def former_kind(thing: Withdrawn) -> type[Entity] | None:
    """What a withdrawn name stood for, as a class of the model."""
    name = compact(thing.former_class)
    return next((each for each in CLASSES if name == each.CLASS), None)


class Addresses:
    """The addresses of one guideline's things, relative to the root of the site."""

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline
        self._known: dict[str | None, str | None] = {}

    def of(self, name: str | None) -> str | None:
        """The address of the thing with this local name; None if it has no place on the site."""
        if name not in self._known:
            self._known[name] = self._found(name)
        return self._known[name]

    def _found(self, name: str | None) -> str | None:
        thing = self.guideline.entities.get(name) if name else None
        if thing is None:
            return None
        if own := page_path(thing):
            return own
        for kind, page in SHARED:
            if isinstance(thing, kind):
                return f"{page}#{slug(thing.id)}"
        owner = self._owner(thing)
        within = self.of(owner) if owner != name else None
        return f"{within.partition('#')[0]}#{slug(thing.id)}" if within else None

    def name_of(self, iri: str) -> str | None:
        """The local name of the thing with this IRI."""
        return self._names.get(iri)

    def _owner(self, thing: Entity) -> str | None:
        """The thing on whose page a smaller thing has its place."""
        match thing:
            case PathwayNode():
                return thing.pathway
            case Branch() | Reading() | StatisticalResult() | FeatureRating():
                return self._owners.get(thing.id)
            case SourcePassage():
                return thing.document
            case Citation():
                return thing.citing or thing.cited
            case EvidenceRelation():
                return thing.evidence
            case StudyArm() | Assay():
                return thing.study
            case ReferenceInterval():
                return thing.observable
            case AnnouncedResult() | Omission():
                return next(iter(self.guideline.documents_of(thing)), None)
            case Appraisal():
                return thing.appraises
            case Vote():
                return thing.voted_on
            case DeclaredInterest() | Dissent():
                return next((each for each in thing.concerns if self._is_appraised(each)), None)
            case _:
                return None

    def _is_appraised(self, name: str) -> bool:
        """Whether the page of a thing shows how it was appraised."""
        kinds = (Recommendation, EvidenceClaim, Study, Appraisal)
        return isinstance(self.guideline.entities.get(name), kinds)

    @cached_property
    def _owners(self) -> dict[str, str]:
        """The pathway of each branch, the point of each reading, the claim of each number."""
        owners: dict[str, str] = {}
        for point in self.guideline.all(InterpretationPoint):
            owners.update(dict.fromkeys(point.readings, point.id))
        for node in self.guideline.all(DecisionNode):
            owners.update(dict.fromkeys(node.branches, node.pathway))
        for claim in self.guideline.all(EvidenceClaim):
            owners.update(dict.fromkeys((*claim.results, *claim.ratings), claim.id))
        return owners

    @cached_property
    def _names(self) -> dict[str, str]:
        return {thing.iri: name for name, thing in self.guideline.entities.items()}
