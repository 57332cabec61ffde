"""The PlanDefinition: for each recommendation what to do when it applies, and when too little is
known.

In FHIR a condition that is unknown counts as not met. So every recommendation has, beside the
action for when it applies, one for when it applies provisionally and one for when it cannot be
determined, each with its own condition on the status.
"""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.entity import Entity
from guidegraph.evaluate.evidence import Evidence
from guidegraph.evaluate.status import Conflict, Standing, conflicts
from guidegraph.export import notes
from guidegraph.export.cql.text import identifier
from guidegraph.export.fhir.elements import EXTENSIONS, NOT_STATED, Publication, Resource, stated
from guidegraph.export.words import clean
from guidegraph.model import Recommendation, SourceDocument
from guidegraph.program import Rule

TYPE = "http://terminology.hl7.org/CodeSystem/plan-definition-type"
TOPIC = "http://terminology.hl7.org/CodeSystem/definition-topic"
CONFLICTS = {
    "hard": "These recommendations cannot both be followed, and the guideline does not say which "
    "goes first.",
    "soft": "These recommendations compete, and the guideline does not say which goes first.",
    "choice": "These recommendations are options that exclude each other: a choice is left open.",
}


def plan(told: Publication, questionnaire: str) -> Resource:
    """The whole guideline as one plan."""
    header = told.guideline.header
    place = {each.id: number for number, each in enumerate(told.guideline.recommendations)}
    rules = sorted(told.loaded.program.rules, key=lambda rule: place.get(rule.name, len(place)))
    clashes = conflicts(told.loaded.program, [Standing(each, True, True) for each in rules])
    return told.resource(
        "PlanDefinition",
        told.loaded.guideline_id,
        notes.title(told.guideline).rstrip("."),
        type={"coding": [{"system": TYPE, "code": "eca-rule"}]},
        description=_about(told),
        purpose=clean(str(header.description)),
        usage=clean(str(header.intended_use)),
        topic=[{"coding": [{"system": TOPIC, "code": "treatment"}]}],
        effectivePeriod=stated(start=header.issued, end=header.review_by),
        relatedArtifact=[
            *_documents(told),
            {"type": "depends-on", "resource": told.versioned("Questionnaire", questionnaire)},
        ],
        library=[told.versioned("Library", told.libraries.logic)],
        action=[
            *(_recommendation(told, each, questionnaire) for each in rules),
            *(_conflict(told, each) for each in clashes),
        ],
    )


def _about(told: Publication) -> str:
    """Where the plan comes from and in which readings of the unclear phrases."""
    readings = "; ".join(notes.readings(told.loaded))
    about = " ".join(notes.about(told.loaded))
    return clean(f"{about} Readings in force: {readings}." if readings else about)


def _documents(told: Publication) -> Iterator[Resource]:
    for each in told.guideline.all(SourceDocument):
        label = clean(str(each.label)) or each.id
        yield {"type": "derived-from", "label": each.id[:64], "display": label}


def _recommendation(told: Publication, rule: Rule, questionnaire: str) -> Resource:
    guideline = told.guideline
    found = guideline.get(rule.name, Recommendation)
    statement = clean(str(found.statement)) if found else ""
    return stated(
        id=rule.name,
        extension=list(_grades(told, found)) if found else None,
        prefix=_printed_number(found),
        title=clean(rule.label) or rule.name,
        description=statement,
        code=[
            told.concept(rule.name, rule.label),
            told.concept(rule.modality, guideline.words(rule.modality)),
        ],
        documentation=list(_documentation(told, found)) if found else None,
        groupingBehavior="logical-group",
        action=list(_statuses(told, rule, questionnaire)),
    )


def _printed_number(found: Recommendation | None) -> str | None:
    return found.notation[0] if found and found.notation else None


def _grades(told: Publication, found: Recommendation) -> Iterator[Resource]:
    """Strength and certainty, where the source states them."""
    for name, code in (
        ("strengthOfRecommendation", found.strength),
        ("qualityOfEvidence", found.certainty),
    ):
        if code and code != NOT_STATED:
            concept = told.concept(code, told.guideline.words(code))
            yield {"url": f"{EXTENSIONS}cqf-{name}", "valueCodeableConcept": concept}


def _documentation(told: Publication, found: Entity) -> Iterator[Resource]:
    """The passages and the claims a recommendation rests on."""
    for each in notes.passages(told.guideline, found):
        yield {"type": "citation", "display": clean(each)}
    for claim in Evidence(told.guideline).claims(found.id):
        words = clean(f"{claim.relation}: {claim.id}, {claim.statement}")
        yield {"type": "justification", "label": claim.id[:64], "display": words}


def _statuses(told: Publication, rule: Rule, questionnaire: str) -> Iterator[Resource]:
    """What to do when a recommendation applies, might, or cannot be determined."""
    action = told.guideline.entities.get(rule.action or "")
    doing = clean(str(action.label)) if action else clean(rule.label)
    words = clean(told.guideline.words(rule.modality))
    definition = told.versioned("ActivityDefinition", rule.action) if rule.action else None
    is_advice = rule.norm not in ("noClearGuidance", "remark", "shouldNot", "mustNot")
    yield stated(
        id=f"{rule.name}-applies",
        title=f"{words}: {doing}",
        textEquivalent=clean(rule.label),
        condition=[_when(told, rule, "applies")],
        definitionCanonical=definition if is_advice else None,
    )
    if rule.unless:
        unless = ", ".join(_label(told, each.name) for each in rule.unless)
        yield stated(
            id=f"{rule.name}-provisional",
            title=f"{words}, unless an exception holds: {doing}",
            description=clean(f"It is not known whether one of these holds: {unless}."),
            condition=[_when(told, rule, "provisional")],
            definitionCanonical=told.versioned("Questionnaire", questionnaire),
        )
    yield stated(
        id=f"{rule.name}-undetermined",
        title=f"Find out whether this applies: {clean(rule.label)}",
        description="Too little is known about the patient to say. Unknown is not the same as no.",
        condition=[_when(told, rule, "undetermined")],
        definitionCanonical=told.versioned("Questionnaire", questionnaire),
    )


def _when(told: Publication, rule: Rule, status: str) -> Resource:
    return _applicability(f"{_status(told, rule.name)} = '{status}'")


def _applicability(expression: str) -> Resource:
    return {
        "kind": "applicability",
        "expression": {"language": "text/cql", "expression": expression},
    }


def _status(told: Publication, rule: str) -> str:
    """The status of a recommendation in the logic library, as a CQL identifier."""
    return identifier(told.definitions.statuses[rule])


def _conflict(told: Publication, each: Conflict) -> Resource:
    both = " and ".join(
        f"({_status(told, rule)} in {{ 'applies', 'provisional' }})" for rule in each.rules
    )
    return stated(
        title=f"Conflict: {' and '.join(each.rules)}",
        description=CONFLICTS[each.kind],
        condition=[_applicability(both)],
    )


def _label(told: Publication, name: str) -> str:
    entity = told.guideline.entities.get(name)
    return str(entity.label) if entity and entity.label else name
