"""The guideline as one DMN 1.3 model: decisions in FEEL, tables and diagrams."""

from guidegraph.export.dmn.exporter import DmnExporter

__all__ = ["DmnExporter"]
