"""The CDS Hooks discovery document: what a service over this guideline would offer and need."""

from __future__ import annotations

from guidegraph.export import notes
from guidegraph.export.fhir.elements import Publication, Resource, stated
from guidegraph.export.words import clean
from guidegraph.model import Observable

LOINC = "http://loinc.org"


def services(told: Publication) -> Resource:
    """One service that is asked when a patient's record is opened."""
    codes = ",".join(_codes(told))
    patient = "{{context.patientId}}"
    return {
        "services": [
            stated(
                hook="patient-view",
                id=told.loaded.guideline_id,
                title=notes.title(told.guideline).rstrip("."),
                description=clean(" ".join(notes.about(told.loaded))),
                usageRequirements="What is not found counts as not known, never as no.",
                prefetch={
                    "patient": f"Patient/{patient}",
                    "observations": f"Observation?subject=Patient/{patient}&code={codes}",
                },
            )
        ]
    }


def _codes(told: Publication) -> list[str]:
    """The codes of all data, our own and those of LOINC that mean exactly the same."""
    inputs = {each.name for each in told.loaded.program.inputs}
    found = [f"{told.system}|{name}" for name in sorted(inputs)]
    for each in told.guideline.all(Observable):
        if each.id in inputs:
            matches = (str(iri) for iri in each.exact_matches)
            found += [
                f"{LOINC}|{m.rstrip('/').rpartition('/')[2]}" for m in matches if "loinc" in m
            ]
    return found
