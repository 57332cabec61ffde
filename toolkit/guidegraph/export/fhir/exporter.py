"""Every FHIR resource of a guideline as a file, and what FHIR cannot say of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from guidegraph.export.base import Artifact, ExportInput, Gap
from guidegraph.export.cql import CqlExporter
from guidegraph.export.fhir.activity import activities
from guidegraph.export.fhir.elements import Publication, Resource
from guidegraph.export.fhir.hooks import services
from guidegraph.export.fhir.library import libraries
from guidegraph.export.fhir.plan import plan
from guidegraph.export.fhir.questions import code_system, questionnaire, questionnaire_name
from guidegraph.model import Discrepancy
from guidegraph.wording import plural

HOOKS = "fhir/cds-services.json"
OVER_FHIR = "cql/fhir/"
"""Where the CQL libraries are that read FHIR resources."""


@dataclass(frozen=True, slots=True)
class FhirExporter:
    """``fhir/<type>-<id>.json`` and ``fhir/cds-services.json``."""

    name: str = "fhir"
    description: str = "FHIR R4: plan, activities, questionnaire, codes, logic, CDS Hooks manifest"

    def export(self, loaded: ExportInput) -> Iterator[Artifact]:
        """Every resource, and the manifest of the service."""
        told = Publication(loaded)
        logic = [each for each in CqlExporter().export(loaded) if each.path.startswith(OVER_FHIR)]
        made = [
            plan(told, questionnaire_name(told)),
            *activities(told),
            questionnaire(told),
            code_system(told),
            *libraries(told, logic),
        ]
        for each in made:
            yield Artifact(f"fhir/{each['resourceType']}-{each['id']}.json", _text(each))
        yield Artifact(HOOKS, _text(services(told)))

    def gaps(self, loaded: ExportInput) -> Iterator[Gap]:
        """What has no place in FHIR R4: overrides, alternatives, discrepancies, other readings."""
        for rule in loaded.program.rules:
            for each in rule.unless:
                if each.kind == "rule":
                    what = f"that `{each.name}` overrides it is only in its logic."
                    yield Gap(self.name, rule.name, what)
            for other in rule.alternative_to:
                what = f"that it is an alternative to `{other}` is not said; both are shown."
                yield Gap(self.name, rule.name, what)
        data = Publication(loaded).libraries.fhir_data
        what = "it is CQL only; its ELM needs the FHIR model of a translator."
        yield Gap(self.name, data, what)
        if count := len(loaded.guideline.all(Discrepancy)):
            what = f"{plural(count, 'discrepancy', 'discrepancies')} of the source are left out."
            yield Gap(self.name, loaded.guideline.header.id, what)


def _text(resource: Resource) -> str:
    return json.dumps(resource, indent=2, ensure_ascii=False) + "\n"
