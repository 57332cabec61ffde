"""The guideline as one JavaScript module that needs nothing but JavaScript."""

from guidegraph.export.javascript.exporter import JavaScriptExporter, classic

__all__ = ["JavaScriptExporter", "classic"]
