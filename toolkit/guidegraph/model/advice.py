"""Who should get what: populations, definitions, actions and recommendations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from guidegraph.entity import Code, Entity, QuantityRange, Ref, Text, many, of


@dataclass(frozen=True, slots=True, kw_only=True)
class Population(Entity):
    """Who a recommendation, study or claim is about."""

    CLASS: ClassVar[str] = "gg:Population"

    defining_criterion: Ref | None = of("gg:definingCriterion")
    broader: tuple[Ref, ...] = many("skos:broader")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicalDefinition(Entity):
    """A term defined by a source; where it is a rule, by a criterion."""

    CLASS: ClassVar[str] = "gg:ClinicalDefinition"

    statement: Text = of("gg:statement", Text())
    defining_criterion: Ref | None = of("gg:definingCriterion")
    observable: Ref | None = of("gg:observable")
    rationale: Text = of("gg:rationale", Text())
    see_also: tuple[Ref, ...] = many("rdfs:seeAlso")


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Entity):
    """Something to be done for the patient."""

    CLASS: ClassVar[str] = "gg:Action"

    target_conditions: tuple[Ref, ...] = many("gg:targetCondition")
    incompatible_with: tuple[Ref, ...] = many("gg:incompatibleWith")


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicationAction(Action):
    """Start, continue or stop a medicine."""

    CLASS: ClassVar[str] = "gg:MedicationAction"

    medication_class: Ref | None = of("gg:medicationClass")
    dose_intensity: Code | None = of("gg:doseIntensity")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagingAction(Action):
    """Imaging for a target condition."""

    CLASS: ClassVar[str] = "gg:ImagingAction"

    imaging_modality: Code | None = of("gg:imagingModality")


@dataclass(frozen=True, slots=True, kw_only=True)
class LaboratoryTestAction(Action):
    """Measure an observable, once or repeated in a time window."""

    CLASS: ClassVar[str] = "gg:LaboratoryTestAction"

    observable: Ref | None = of("gg:observable")
    repeat_after: QuantityRange | None = of("gg:repeatAfter")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationGroup(Entity):
    """Recommendations printed together: a numbered list, a table.

    ``restates`` names what this is a second encoding of.
    """

    CLASS: ClassVar[str] = "gg:RecommendationGroup"

    restates: tuple[Ref, ...] = many("gg:restates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation(Entity):
    """One advice: one population, one condition, one action, one modality."""

    CLASS: ClassVar[str] = "gg:Recommendation"

    statement: Text = of("gg:statement", Text())
    direction: Code = of("gg:direction")
    modality: Code = of("gg:modality")
    strength: Code = of("gg:strength", Code("NotStated"))
    certainty: Code = of("gg:certainty", Code("NotStated"))
    population: Ref | None = of("gg:appliesTo")
    condition: Ref | None = of("gg:condition")
    exception: Ref | None = of("gg:exception")
    reinforced_by: Ref | None = of("gg:reinforcedBy")
    action: Ref | None = of("gg:recommendsAction")
    implemented_by: tuple[Ref, ...] = many("gg:implementedBy")
    overrides: tuple[Ref, ...] = many("gg:overrides")
    alternative_to: tuple[Ref, ...] = many("gg:alternativeTo")
    is_executable: bool = of("gg:isExecutable", True)
    part_of: tuple[Ref, ...] = many("dcterms:isPartOf")
    rationale: Text = of("gg:rationale", Text())
