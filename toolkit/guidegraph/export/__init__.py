"""The targets a guideline is generated into. A new target is a module here and a line below."""

from __future__ import annotations

from guidegraph.export.base import Artifact, Exporter, ExportInput
from guidegraph.export.flowchart import FlowchartExporter
from guidegraph.export.graph import GraphExporter
from guidegraph.export.python import PythonExporter

EXPORTERS: tuple[Exporter, ...] = (GraphExporter(), PythonExporter(), FlowchartExporter())

__all__ = ["EXPORTERS", "Artifact", "ExportInput", "Exporter"]
