"""The targets a guideline is generated into. A new target is a module here and a line below."""

from __future__ import annotations

from guidegraph.export.base import (
    Artifact,
    Exporter,
    ExportInput,
    Gap,
    gap_notes,
    gap_summary,
    gaps,
)
from guidegraph.export.cql import CqlExporter
from guidegraph.export.dmn import DmnExporter
from guidegraph.export.fhir import FhirExporter
from guidegraph.export.flowchart import FlowchartExporter
from guidegraph.export.graph import GraphExporter
from guidegraph.export.javascript import JavaScriptExporter
from guidegraph.export.model import ModelExporter
from guidegraph.export.pictures import PicturesExporter
from guidegraph.export.python import PythonExporter
from guidegraph.export.sql import SqlExporter

EXPORTERS: tuple[Exporter, ...] = (
    GraphExporter(),
    PythonExporter(),
    JavaScriptExporter(),
    SqlExporter(),
    CqlExporter(),
    DmnExporter(),
    FhirExporter(),
    ModelExporter(),
    FlowchartExporter(),
    PicturesExporter(),
)

__all__ = [
    "EXPORTERS",
    "Artifact",
    "ExportInput",
    "Exporter",
    "Gap",
    "gap_notes",
    "gap_summary",
    "gaps",
]
