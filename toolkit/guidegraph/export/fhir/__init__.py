"""The guideline as FHIR R4 resources: plan, activities, questions, codes, logic, and CDS Hooks."""

from guidegraph.export.fhir.exporter import FhirExporter

__all__ = ["FhirExporter"]
