"""What the advice rests on: studies, their numbers, claims, and the judged links between them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from guidegraph.entity import Code, Entity, Ref, Text, Ucum, many, of

SUPPORTING = ("Supports", "PartlySupports")
"""Relations by which a claim speaks for its target, wholly or partly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Study(Entity):
    """A study or data set, apart from the papers that report it."""

    CLASS: ClassVar[str] = "gg:Study"

    design: Code | None = of("gg:studyDesign")
    sample_size: int | None = of("gg:sampleSize")
    population: Ref | None = of("gg:appliesTo")
    setting: Text = of("dcterms:spatial", Text())
    reported_in: tuple[Ref, ...] = many("gg:reportedIn")


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyArm(Entity):
    """A group of participants inside a study."""

    CLASS: ClassVar[str] = "gg:StudyArm"

    study: Ref = of("gg:armOf")
    sample_size: int | None = of("gg:sampleSize")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assay(Entity):
    """How observables were measured in a study: method, platform, calibration."""

    CLASS: ClassVar[str] = "gg:Assay"

    observables: tuple[Ref, ...] = many("gg:observable")
    study: Ref | None = of("gg:aboutStudy")
    platform: str = of("gg:platform", "")
    calibration: Code | None = of("gg:calibration")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceInterval(Entity):
    """The normal range of an observable as one source or laboratory gives it."""

    CLASS: ClassVar[str] = "gg:ReferenceInterval"

    observable: Ref = of("gg:observable")
    low: Decimal | None = of("gg:low")
    high: Decimal | None = of("gg:high")
    low_inclusive: bool = of("gg:lowInclusive", True)
    high_inclusive: bool = of("gg:highInclusive", True)
    unit: Ucum = of("gg:unit")
    reported_text: str = of("gg:reportedText")
    assay: Ref | None = of("gg:assay")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTable(Entity):
    """A table of a source document; the claims read from its rows are part of it."""

    CLASS: ClassVar[str] = "gg:SourceTable"

    document: Ref = of("oa:hasSource")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticalResult(Entity):
    """One number of a claim: its kind, group, interval and P value, and how it is printed.

    ``value``, ``low`` and ``high`` are in ``unit`` (for shares: percent). ``comparator`` says how
    the value is printed (">80%"). ``count`` of ``sample_size`` is a share as counted.
    """

    CLASS: ClassVar[str] = "gg:StatisticalResult"

    statistic_type: Code = of("gg:statisticType")
    reported_text: str = of("gg:reportedText")
    observables: tuple[Ref, ...] = many("gg:observable")
    comparator: Code | None = of("gg:comparator")
    value: Decimal | None = of("gg:value")
    unit: Ucum | None = of("gg:unit")
    low: Decimal | None = of("gg:low")
    high: Decimal | None = of("gg:high")
    interval_type: Code | None = of("gg:intervalType")
    count: int | None = of("gg:count")
    sample_size: int | None = of("gg:sampleSize")
    arms: tuple[Ref, ...] = many("gg:arm")
    reference_arm: Ref | None = of("gg:referenceArm")
    p_value: Decimal | None = of("gg:pValue")
    p_value_comparator: Code | None = of("gg:pValueComparator")
    method: Code | None = of("gg:statisticalMethod")
    assay: Ref | None = of("gg:assay")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureRating(Entity):
    """One cell of a table that compares conditions: how far a feature is present in one."""

    CLASS: ClassVar[str] = "gg:FeatureRating"

    feature: Ref = of("gg:feature")
    rated_for: Ref = of("gg:ratedFor")
    rating: Code = of("gg:rating")
    reported_text: str = of("gg:reportedText", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceClaim(Entity):
    """One statement made by a source that can be supported or disputed.

    ``design`` and ``sample_size`` are those its passage states, which may differ from what other
    passages say of the same study. ``earlier`` and ``later`` give an order in time it claims.
    """

    CLASS: ClassVar[str] = "gg:EvidenceClaim"

    statement: Text = of("gg:statement", Text())
    claim_type: Code = of("gg:claimType")
    assertion_certainty: Code | None = of("gg:assertionCertainty")
    table: Ref | None = of("dcterms:isPartOf")
    study: Ref | None = of("gg:aboutStudy")
    design: Code | None = of("gg:studyDesign")
    population: Ref | None = of("gg:appliesTo")
    observables: tuple[Ref, ...] = many("gg:observable")
    exposure: Ref | None = of("gg:exposure")
    outcome: Ref | None = of("gg:outcome")
    earlier: tuple[Ref, ...] = many("gg:earlier")
    later: tuple[Ref, ...] = many("gg:later")
    sample_size: int | None = of("gg:sampleSize")
    thresholds: tuple[Ref, ...] = many("gg:threshold")
    results: tuple[Ref, ...] = many("gg:hasResult")
    ratings: tuple[Ref, ...] = many("gg:hasRating")
    reported_texts: tuple[str, ...] = many("gg:reportedText")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRelation(Entity):
    """A judged link from a claim to a claim, threshold or recommendation."""

    CLASS: ClassVar[str] = "gg:EvidenceRelation"

    evidence: Ref = of("gg:evidence")
    target: Ref = of("gg:target")
    relation_type: Code = of("gg:relationType")
    rationale: Text = of("gg:rationale", Text())
    attributed_to: tuple[Ref, ...] = many("prov:wasAttributedTo")


@dataclass(frozen=True, slots=True, kw_only=True)
class CausalStep(Entity):
    """One arrow of a mechanism as a source proposes it."""

    CLASS: ClassVar[str] = "gg:CausalStep"

    cause: Ref = of("gg:cause")
    effect: Ref = of("gg:effect")
    causal_type: Code = of("gg:causalType")
    asserted_by: tuple[Ref, ...] = many("gg:assertedBy")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncedResult(Entity):
    """A result, table or figure a source announces; never given if no claim gives it."""

    CLASS: ClassVar[str] = "gg:AnnouncedResult"

    given_by: tuple[Ref, ...] = many("gg:givenBy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Omission(Entity):
    """Something a source contains that was deliberately not encoded, and why."""

    CLASS: ClassVar[str] = "gg:Omission"

    rationale: Text = of("gg:rationale", Text())
    attributed_to: tuple[Ref, ...] = many("prov:wasAttributedTo")


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedFinding(Entity):
    """A finding of audit or verification that somebody accepted: who, when and why."""

    CLASS: ClassVar[str] = "gg:AcceptedFinding"

    finding_code: str = of("gg:findingCode")
    concerns: tuple[Ref, ...] = many("gg:concerns")
    rationale: Text = of("gg:rationale", Text())
    attributed_to: tuple[Ref, ...] = many("prov:wasAttributedTo")
    accepted_on: str | None = of("dcterms:created")

    @property
    def told(self) -> str:
        """Why it was accepted, by whom and when: ``As printed. (encoder, 2026-11-21; ACC-1)``."""
        who = ", ".join(self.attributed_to) or "nobody named"
        return f"{self.rationale} ({who}, {self.accepted_on or 'no date'}; {self.id})"
