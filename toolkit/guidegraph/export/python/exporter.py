"""The guideline as one Python module that needs nothing but Python.

The module decides about a patient exactly as the reference does, says how, and carries what a
reader needs to check it by eye: labels, printed figures, passages, units. It has no floating-point
number in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from guidegraph.export.base import Artifact, ExportInput
from guidegraph.export.module import module
from guidegraph.export.python.syntax import PythonSyntax


@dataclass(frozen=True, slots=True)
class PythonExporter:
    """``python/<guideline>.py``."""

    name: str = "python"
    description: str = "a Python module of the decision logic, standard library only"

    def export(self, loaded: ExportInput) -> Iterator[Artifact]:
        """The module of a guideline under the readings in force."""
        file_name = loaded.guideline_id.replace("-", "_") + ".py"
        text = module(loaded, file_name, PythonSyntax(), __package__, "module.py.j2")
        yield Artifact(f"python/{file_name}", text)
