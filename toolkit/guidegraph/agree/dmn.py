"""The DMN model of a guideline, run in Node by a FEEL engine."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass

from guidegraph.agree import node
from guidegraph.agree.base import Runner
from guidegraph.export import ExportInput
from guidegraph.export.dmn import DmnExporter


@dataclass(frozen=True, slots=True)
class DmnExecutor:
    """``dmn/<guideline>.dmn``, read by dmn-moddle and evaluated by feelin."""

    name: str = "dmn"
    is_fast: bool = False
    is_routine: bool = True

    def missing(self) -> str | None:
        """What must be installed, and how."""
        return node.missing("dmn-moddle", "feelin")

    def start(self, loaded: ExportInput) -> AbstractContextManager[Runner]:
        """Node with the model read and its expressions parsed."""
        (artifact,) = DmnExporter().export(loaded)
        return node.node(self.name, "dmn.mjs", {"xml": artifact.text})
