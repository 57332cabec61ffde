"""The guideline as frozen values: what every stage after reading works on.

Each class is one class of the ontology and each field one property, read by name (see ``entity``).
Things refer to each other by local name (``Ref``); ``Guideline`` looks them up. Nothing here knows
how the guideline was written down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

from guidegraph.criteria import FORMS, Criterion, ScoreItem
from guidegraph.diagnostic import Location
from guidegraph.entity import Entity, Part, Quantity, QuantityRange, Ref, Translation
from guidegraph.model.adaptation import (
    Adaptation,
    Applied,
    LocalAdaptation,
    LocalCalibration,
    LocalChange,
    LocalException,
    LocalSetting,
    LocalThreshold,
    ThresholdReplacement,
)
from guidegraph.model.advice import (
    Action,
    ClinicalDefinition,
    ImagingAction,
    LaboratoryTestAction,
    MedicationAction,
    Population,
    Recommendation,
    RecommendationGroup,
)
from guidegraph.model.appraisal import Appraisal, Comment, DeclaredInterest, Dissent, Vote
from guidegraph.model.evidence import (
    SUPPORTING,
    AcceptedFinding,
    AnnouncedResult,
    Assay,
    CausalStep,
    EvidenceClaim,
    EvidenceRelation,
    FeatureRating,
    Omission,
    ReferenceInterval,
    SourceTable,
    StatisticalResult,
    Study,
    StudyArm,
)
from guidegraph.model.general import (
    Agent,
    Anchor,
    CodedValue,
    CodeTerm,
    Concept,
    Header,
    TimeWindow,
)
from guidegraph.model.observables import (
    Biomarker,
    ClinicalFinding,
    ClinicalJudgement,
    ClinicalScore,
    Observable,
    PatientCharacteristic,
    SiteParameter,
    Threshold,
)
from guidegraph.model.pathways import (
    ActionNode,
    Branch,
    CarePathway,
    DecisionNode,
    EndNode,
    PathwayNode,
    StartNode,
)
from guidegraph.model.release import Withdrawn
from guidegraph.model.sources import (
    Citation,
    Discrepancy,
    InterpretationPoint,
    Reading,
    Selector,
    SourceDocument,
    SourcePassage,
)
from guidegraph.model.verification import MonotonicityObligation, ObligationLevel

E = TypeVar("E", bound=Entity)

CLASSES: tuple[type[Entity], ...] = (
    Header,
    Anchor,
    TimeWindow,
    Concept,
    CodedValue,
    Biomarker,
    PatientCharacteristic,
    ClinicalFinding,
    ClinicalJudgement,
    ClinicalScore,
    SiteParameter,
    Threshold,
    Population,
    ClinicalDefinition,
    Action,
    MedicationAction,
    ImagingAction,
    LaboratoryTestAction,
    RecommendationGroup,
    Recommendation,
    CarePathway,
    StartNode,
    DecisionNode,
    ActionNode,
    EndNode,
    Branch,
    InterpretationPoint,
    Reading,
    Discrepancy,
    SourceDocument,
    SourcePassage,
    Citation,
    Study,
    StudyArm,
    Assay,
    ReferenceInterval,
    SourceTable,
    EvidenceClaim,
    StatisticalResult,
    FeatureRating,
    EvidenceRelation,
    CausalStep,
    AnnouncedResult,
    Omission,
    AcceptedFinding,
    MonotonicityObligation,
    ObligationLevel,
    Appraisal,
    DeclaredInterest,
    Vote,
    Dissent,
    Comment,
    Agent,
    Withdrawn,
    LocalAdaptation,
    LocalSetting,
    ThresholdReplacement,
    LocalException,
    LocalCalibration,
    LocalThreshold,
    ScoreItem,
    *FORMS,
)
"""Every class the model is read into. A thing is read into the most specific one it has."""

PARTS: tuple[type[Part], ...] = (Quantity, QuantityRange, Selector, Translation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guideline:
    """A whole guideline: its header, everything it describes by local name, and the code lists.

    ``adaptation`` is what was changed locally; None where the guideline is as published.
    """

    header: Header
    entities: Mapping[str, Entity]
    codes: Mapping[str, CodeTerm] = field(default_factory=dict)
    adaptation: Adaptation | None = None
    _by_kind: dict[type[Entity], tuple[Entity, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __getitem__(self, name: str) -> Entity:
        """The thing with this local name; a ``KeyError`` if there is none."""
        return self.entities[name]

    def get(self, name: str | None, kind: type[E]) -> E | None:
        """The thing with this name if there is one and it is of this kind."""
        found = self.entities.get(name) if name else None
        return found if isinstance(found, kind) else None

    def one(self, name: str, kind: type[E]) -> E:
        """The thing of this name and kind, which the checks have shown to exist."""
        found = self.entities[name]
        if not isinstance(found, kind):
            msg = f"{name} is a {type(found).__name__}, not a {kind.__name__}"
            raise TypeError(msg)
        return found

    def all(self, kind: type[E]) -> tuple[E, ...]:
        """Everything of a kind, in the order of the files."""
        if kind not in self._by_kind:
            found = (each for each in self.entities.values() if isinstance(each, kind))
            self._by_kind[kind] = tuple(found)
        return cast("tuple[E, ...]", self._by_kind[kind])

    @property
    def recommendations(self) -> tuple[Recommendation, ...]:
        """Every recommendation, in the order of the files."""
        return self.all(Recommendation)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """Every named criterion."""
        return self.all(Criterion)

    def words(self, code: str | None) -> str:
        """The label of a code-list term ("should be considered"), or the code itself."""
        term = self.codes.get(code or "")
        return str(term.label) if term else (code or "")

    @property
    def anchor_words(self) -> str:
        """What times are counted from, as it stands in a sentence: ``admission to hospital``."""
        found = self.get(self.header.reference_anchor, Anchor)
        return str(found.label).lower() if found else "the reference anchor"

    def passages_of(self, thing: Entity) -> tuple[SourcePassage, ...]:
        """The passages a thing was encoded from."""
        found = (self.get(name, SourcePassage) for name in thing.passages)
        return tuple(each for each in found if each is not None)

    def documents_of(self, thing: Entity) -> tuple[Ref, ...]:
        """The documents whose passages a thing was encoded from, each once."""
        return tuple(dict.fromkeys(each.document for each in self.passages_of(thing)))

    @property
    def in_discrepancies(self) -> frozenset[str]:
        """The names of all that a recorded discrepancy concerns."""
        return frozenset(name for each in self.all(Discrepancy) for name in each.concerns)

    def is_local(self, name: str | None) -> bool:
        """Whether an adaptation describes the thing of this name, or changes it."""
        return self.adaptation is not None and name in self.adaptation.names

    def location(self, name: str) -> Location:
        """Where a thing is described."""
        return self.entities[name].at


__all__ = [
    "CLASSES",
    "PARTS",
    "SUPPORTING",
    "AcceptedFinding",
    "Action",
    "ActionNode",
    "Adaptation",
    "Agent",
    "Anchor",
    "AnnouncedResult",
    "Applied",
    "Appraisal",
    "Assay",
    "Biomarker",
    "Branch",
    "CarePathway",
    "CausalStep",
    "Citation",
    "ClinicalDefinition",
    "ClinicalFinding",
    "ClinicalJudgement",
    "ClinicalScore",
    "CodeTerm",
    "CodedValue",
    "Comment",
    "Concept",
    "DecisionNode",
    "DeclaredInterest",
    "Discrepancy",
    "Dissent",
    "EndNode",
    "EvidenceClaim",
    "EvidenceRelation",
    "FeatureRating",
    "Guideline",
    "Header",
    "ImagingAction",
    "InterpretationPoint",
    "LaboratoryTestAction",
    "LocalAdaptation",
    "LocalCalibration",
    "LocalChange",
    "LocalException",
    "LocalSetting",
    "LocalThreshold",
    "MedicationAction",
    "MonotonicityObligation",
    "ObligationLevel",
    "Observable",
    "Omission",
    "PathwayNode",
    "PatientCharacteristic",
    "Population",
    "Reading",
    "Recommendation",
    "RecommendationGroup",
    "ReferenceInterval",
    "Selector",
    "SiteParameter",
    "SourceDocument",
    "SourcePassage",
    "SourceTable",
    "StartNode",
    "StatisticalResult",
    "Study",
    "StudyArm",
    "Threshold",
    "ThresholdReplacement",
    "TimeWindow",
    "Translation",
    "Vote",
    "Withdrawn",
]
