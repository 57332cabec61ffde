"""The ActivityDefinitions: what can be done, as resources a plan can point to."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.export.fhir.elements import Publication, Resource
from guidegraph.export.words import clean
from guidegraph.model import Action, ImagingAction, LaboratoryTestAction, MedicationAction

KINDS: tuple[tuple[type[Action], str], ...] = (
    (MedicationAction, "MedicationRequest"),
    (ImagingAction, "ServiceRequest"),
    (LaboratoryTestAction, "ServiceRequest"),
)
"""What request an action becomes; every other one becomes a task."""


def activities(told: Publication) -> Iterator[Resource]:
    """An ActivityDefinition for each action that a recommendation speaks of."""
    used = {each.action for each in told.loaded.program.rules}
    for action in told.guideline.all(Action):
        if action.id not in used:
            continue
        kind = next((name for form, name in KINDS if isinstance(action, form)), "Task")
        label = str(action.label) or action.id
        yield told.resource(
            "ActivityDefinition",
            action.id,
            label,
            description=clean(str(action.definition or action.note or action.label)),
            kind=kind,
            intent="proposal",
            code=told.concept(action.id, label),
        )
