"""The guideline as frozen values: what every stage after reading works on.

Each class is one class of the ontology and each field one property, read by name (see ``entity``).
Things refer to each other by local name (``Ref``); ``Guideline`` looks them up. Nothing here knows
how the guideline was written down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, TypeVar

from guidegraph.criteria import FORMS, Criterion
from guidegraph.diagnostic import Location
from guidegraph.entity import (
    Code,
    Entity,
    Iri,
    Part,
    Quantity,
    QuantityRange,
    Ref,
    Text,
    Ucum,
    many,
    of,
)

E = TypeVar("E", bound=Entity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header(Entity):
    """The guideline itself: title, version, dates, licence, intended use."""

    CLASS: ClassVar[str] = "gg:Guideline"

    title: Text = of("dcterms:title", Text())
    description: Text = of("dcterms:description", Text())
    version: str = of("owl:versionInfo", "")
    namespace: str = of("vann:preferredNamespaceUri", "")
    prefix: str = of("vann:preferredNamespacePrefix", "")
    issued: str | None = of("dcterms:issued")
    modified: str | None = of("dcterms:modified")
    review_by: str | None = of("gg:reviewBy")
    license: Iri | None = of("dcterms:license")
    creators: tuple[str, ...] = many("dcterms:creator")
    publisher: str | None = of("dcterms:publisher")
    jurisdiction: Text = of("dcterms:spatial", Text())
    intended_use: Text = of("gg:intendedUse", Text())
    sources: tuple[Ref, ...] = many("dcterms:source")
    reference_anchor: Ref | None = of("gg:referenceAnchor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor(Entity):
    """A moment in a patient's course from which times are counted (admission)."""

    CLASS: ClassVar[str] = "gg:Anchor"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWindow(Entity):
    """A stretch of time counted from the reference anchor; its ends are whole minutes."""

    CLASS: ClassVar[str] = "gg:TimeWindow"

    time_range: QuantityRange = of("gg:timeRange")
    rationale: Text = of("gg:rationale", Text())


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept(Entity):
    """A disease, substance, exposure or outcome that other things are about."""

    CLASS: ClassVar[str] = "skos:Concept"

    matches: tuple[Iri, ...] = many("skos:exactMatch")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedValue(Concept):
    """One value of a coded observable or site parameter; its notation is what patient files use."""

    CLASS: ClassVar[str] = "gg:CodedValue"

    @property
    def wire_code(self) -> str:
        """The string that stands for this value in patient files and targets."""
        return self.notation[0] if self.notation else self.id


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
    """A named limit: as printed (text and comparator) and as executed (one quantity or setting)."""

    CLASS: ClassVar[str] = "gg:Threshold"

    observable: Ref | None = of("gg:observable")
    reported_text: str = of("gg:reportedText", "")
    comparator: Code = of("gg:comparator")
    executable_quantity: Quantity | None = of("gg:executableQuantity")
    site_parameter: Ref | None = of("gg:siteParameter")
    rationale: Text = of("gg:rationale", Text())


@dataclass(frozen=True, slots=True, kw_only=True)
class Population(Entity):
    """Who a recommendation, study or claim is about."""

    CLASS: ClassVar[str] = "gg:Population"

    defining_criterion: Ref | None = of("gg:definingCriterion")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicalDefinition(Entity):
    """A term defined by a source; where it is a rule, by a criterion."""

    CLASS: ClassVar[str] = "gg:ClinicalDefinition"

    statement: Text = of("gg:statement", Text())
    defining_criterion: Ref | None = of("gg:definingCriterion")
    observable: Ref | None = of("gg:observable")


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
    """Recommendations printed together: a numbered list, a table."""

    CLASS: ClassVar[str] = "gg:RecommendationGroup"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CarePathway(Entity):
    """A directed graph of nodes a patient passes through."""

    CLASS: ClassVar[str] = "gg:CarePathway"

    start_node: Ref = of("gg:startNode")
    population: Ref | None = of("gg:appliesTo")


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayNode(Entity):
    """A node of a care pathway."""

    CLASS: ClassVar[str] = "gg:PathwayNode"

    pathway: Ref = of("dcterms:isPartOf")


@dataclass(frozen=True, slots=True, kw_only=True)
class StartNode(PathwayNode):
    """Where a pathway begins; its entry condition is the pathway's population."""

    CLASS: ClassVar[str] = "gg:StartNode"

    leads_to: Ref = of("gg:leadsTo")


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionNode(PathwayNode):
    """A node that asks one question and has two or more branches."""

    CLASS: ClassVar[str] = "gg:DecisionNode"

    question: Text = of("gg:question", Text())
    hit_policy: Code = of("gg:hitPolicy", Code("Collect"))
    branches: tuple[Ref, ...] = many("gg:hasBranch")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionNode(PathwayNode):
    """A node where one or more actions are offered."""

    CLASS: ClassVar[str] = "gg:ActionNode"

    actions: tuple[Ref, ...] = many("gg:performsAction")
    leads_to: Ref | None = of("gg:leadsTo")


@dataclass(frozen=True, slots=True, kw_only=True)
class EndNode(PathwayNode):
    """Where a pathway stops, including "the source gives no guidance"."""

    CLASS: ClassVar[str] = "gg:EndNode"

    end_reason: Code | None = of("gg:endReason")
    continues_in: Ref | None = of("gg:continuesIn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch(Entity):
    """One way out of a decision: a criterion or a role ("otherwise", "when unknown")."""

    CLASS: ClassVar[str] = "gg:Branch"

    position: int = of("schema:position", 0)
    criterion: Ref | None = of("gg:branchCriterion")
    role: Code | None = of("gg:branchRole")
    leads_to: Ref = of("gg:leadsTo")


@dataclass(frozen=True, slots=True, kw_only=True)
class InterpretationPoint(Entity):
    """A phrase of the source with several defensible meanings; one reading is the default."""

    CLASS: ClassVar[str] = "gg:InterpretationPoint"

    readings: tuple[Ref, ...] = many("gg:hasReading")
    default_reading: Ref = of("gg:defaultReading")
    rationale: Text = of("gg:rationale", Text())
    attributed_to: tuple[Ref, ...] = many("prov:wasAttributedTo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Entity):
    """One meaning of an interpretation point, and the criteria it selects."""

    CLASS: ClassVar[str] = "gg:Reading"

    selects: tuple[Ref, ...] = many("gg:selects")


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy(Entity):
    """A recorded error, gap, contradiction or ambiguity of the source, with what was decided."""

    CLASS: ClassVar[str] = "gg:Discrepancy"

    discrepancy_type: Code = of("gg:discrepancyType")
    concerns: tuple[Ref, ...] = many("gg:concerns")
    resolution: Text = of("gg:resolution", Text())
    rationale: Text = of("gg:rationale", Text())
    attributed_to: tuple[Ref, ...] = many("prov:wasAttributedTo")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument(Entity):
    """A document quoted or cited, in a stated version."""

    CLASS: ClassVar[str] = "gg:SourceDocument"

    title: Text = of("dcterms:title", Text())
    identifiers: tuple[str, ...] = many("dcterms:identifier")
    citation: str = of("dcterms:bibliographicCitation", "")
    sha256: str | None = of("schema:sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector(Part):
    """Where a passage stands: code points from ``start`` to ``end``, and the hash of its text."""

    CLASS: ClassVar[str] = "oa:TextPositionSelector"

    start: int = of("oa:start")
    end: int = of("oa:end")
    sha256: str = of("schema:sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePassage(Entity):
    """A passage of a source: where it stands and the figures printed in it, never its words."""

    CLASS: ClassVar[str] = "gg:SourcePassage"

    document: Ref = of("oa:hasSource")
    locator: str = of("bibo:locator", "")
    selectors: tuple[Selector, ...] = many("oa:hasSelector")
    reported_texts: tuple[str, ...] = many("gg:reportedText")


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation(Entity):
    """One numbered reference of a source document and what it points to."""

    CLASS: ClassVar[str] = "gg:Citation"

    citing: Ref = of("cito:hasCitingEntity")
    cited: Ref | None = of("cito:hasCitedEntity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Study(Entity):
    """A study or data set, apart from the papers that report it."""

    CLASS: ClassVar[str] = "gg:Study"

    design: Code | None = of("gg:studyDesign")
    sample_size: int | None = of("gg:sampleSize")
    setting: Text = of("dcterms:spatial", Text())
    reported_in: tuple[Ref, ...] = many("gg:reportedIn")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceClaim(Entity):
    """One statement made by a source that can be supported or disputed."""

    CLASS: ClassVar[str] = "gg:EvidenceClaim"

    statement: Text = of("gg:statement", Text())
    claim_type: Code = of("gg:claimType")
    assertion_certainty: Code | None = of("gg:assertionCertainty")
    study: Ref | None = of("gg:aboutStudy")
    population: Ref | None = of("gg:appliesTo")
    observable: Ref | None = of("gg:observable")
    sample_size: int | None = of("gg:sampleSize")
    reported_texts: tuple[str, ...] = many("gg:reportedText")
    citations: tuple[Ref, ...] = many("gg:citation")


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
class Agent(Entity):
    """Who encoded, judged or reviewed something."""

    CLASS: ClassVar[str] = "prov:Agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTerm(Entity):
    """A term of one of the ontology's code lists, with its label and, for modalities, its norm."""

    scheme: str = ""
    norm: str | None = None
    rank: int | None = None


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
    EvidenceClaim,
    EvidenceRelation,
    Agent,
    *FORMS,
)
"""Every class the model is read into. A thing is read into the most specific one it has."""

PARTS: tuple[type[Part], ...] = (Quantity, QuantityRange, Selector)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guideline:
    """A whole guideline: its header, everything it describes by local name, and the code lists."""

    header: Header
    entities: Mapping[str, Entity]
    codes: Mapping[str, CodeTerm] = field(default_factory=dict)

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
        return tuple(each for each in self.entities.values() if isinstance(each, kind))

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

    def location(self, name: str) -> Location:
        """Where a thing is described."""
        return self.entities[name].at
