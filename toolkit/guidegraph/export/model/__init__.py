"""The model as JSON, for whoever implements the language elsewhere, and its JSON Schema."""

from guidegraph.export.model.exporter import ModelExporter

__all__ = ["ModelExporter"]
