"""The guideline as one JavaScript module that needs nothing but JavaScript."""

from guidegraph.export.javascript.exporter import JavaScriptExporter

__all__ = ["JavaScriptExporter"]
