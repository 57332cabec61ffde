"""The guideline's graph as files that are the same, byte by byte, every time."""

from guidegraph.export.graph.exporter import GraphExporter

__all__ = ["GraphExporter"]
