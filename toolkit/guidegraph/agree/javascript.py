"""The generated JavaScript module, in Node."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass

from guidegraph.agree import node
from guidegraph.agree.base import Runner
from guidegraph.export import ExportInput
from guidegraph.export.javascript import JavaScriptExporter


@dataclass(frozen=True, slots=True)
class JavaScriptExecutor:
    """``javascript/<guideline>.mjs``."""

    name: str = "javascript"
    is_fast: bool = True
    is_routine: bool = True

    def missing(self) -> str | None:
        """Node, if it is not there; no package is needed."""
        return node.missing()

    def start(self, loaded: ExportInput) -> AbstractContextManager[Runner]:
        """Node with the module imported."""
        (artifact,) = JavaScriptExporter().export(loaded)
        return node.node(self.name, "javascript.mjs", {"module": artifact.text})
