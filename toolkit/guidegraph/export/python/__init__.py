"""The guideline as one Python module that needs nothing but Python."""

from guidegraph.export.python.exporter import PythonExporter

__all__ = ["PythonExporter"]
