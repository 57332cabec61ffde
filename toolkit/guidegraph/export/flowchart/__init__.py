"""Every care pathway as a flowchart: an accessible SVG, and the same as Mermaid and DOT text."""

from guidegraph.export.flowchart.exporter import FlowchartExporter

__all__ = ["FlowchartExporter"]
