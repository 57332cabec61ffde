"""What can be known about a patient, and the limits it is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from guidegraph.entity import (
    Code,
    Entity,
    Formula,
    Iri,
    Quantity,
    QuantityRange,
    Ref,
    Text,
    Ucum,
    many,
    of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observable(Entity):
    """Anything that can be observed or asked. ``value_kind`` says in which form it is known."""

    CLASS: ClassVar[str] = "gg:Observable"

    value_kind: Code | None = of("gg:valueKind")
    question: Text = of("gg:question", Text())
    canonical_unit: Ucum | None = of("gg:canonicalUnit")
    decimal_places: int = of("gg:decimalPlaces", 0)
    plausible_range: QuantityRange | None = of("gg:plausibleRange")
    needs_calibration: bool = of("gg:needsCalibration", False)
    calibration: Code | None = of("gg:calibration")
    coded_values: tuple[Ref, ...] = many("gg:codedValue")
    valid_for: Quantity | None = of("gg:validFor")
    asking_cost: int = of("gg:askingCost", 1)
    exact_matches: tuple[Iri, ...] = many("skos:exactMatch")
    narrow_matches: tuple[Iri, ...] = many("skos:narrowMatch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Biomarker(Observable):
    """A laboratory or physiological measurement."""

    CLASS: ClassVar[str] = "gg:Biomarker"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientCharacteristic(Observable):
    """What a patient is or has been through: age, admission, infection status."""

    CLASS: ClassVar[str] = "gg:PatientCharacteristic"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicalFinding(Observable):
    """A symptom, sign, imaging finding or diagnosis: present, absent or not known."""

    CLASS: ClassVar[str] = "gg:ClinicalFinding"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicalJudgement(Observable):
    """A question only a clinician can answer, because the source gives no rule."""

    CLASS: ClassVar[str] = "gg:ClinicalJudgement"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicalScore(Observable):
    """A score or named rule (SIC, ISTH DIC, YEARS, Padua, CO-RADS)."""

    CLASS: ClassVar[str] = "gg:ClinicalScore"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteParameter(Entity):
    """What a hospital may or must choose: a number in a permitted range, or one of some codes."""

    CLASS: ClassVar[str] = "gg:SiteParameter"

    value_kind: Code = of("gg:valueKind")
    observable: Ref | None = of("gg:observable")
    default_quantity: Quantity | None = of("gg:defaultQuantity")
    permitted_range: QuantityRange | None = of("gg:permittedRange")
    default_coded_value: Ref | None = of("gg:defaultCodedValue")
    coded_values: tuple[Ref, ...] = many("gg:codedValue")
    rationale: Text = of("gg:rationale", Text())


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold(Entity):
    """A named limit: as printed (text and comparator) and as executed.

    What is executed is one of three: a quantity, a site's setting, or a formula over the patient's
    data (see ``formula``) that gives a quantity in the unit of the observable.
    """

    CLASS: ClassVar[str] = "gg:Threshold"

    observable: Ref | None = of("gg:observable")
    reported_text: str = of("gg:reportedText", "")
    comparator: Code = of("gg:comparator")
    executable_quantity: Quantity | None = of("gg:executableQuantity")
    site_parameter: Ref | None = of("gg:siteParameter")
    formula: Formula | None = of("gg:formula")
    rationale: Text = of("gg:rationale", Text())
