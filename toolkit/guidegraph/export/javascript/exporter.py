"""The guideline as one JavaScript module that needs nothing but JavaScript.

It has the same functions, tables and comments as the Python module and tells the same trace: both
are written from one list of steps (``export.flat``) and one set of tables (``export.tables``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from guidegraph.export.base import Artifact, ExportInput
from guidegraph.export.javascript.syntax import JavaScriptSyntax
from guidegraph.export.module import module


@dataclass(frozen=True, slots=True)
class JavaScriptExporter:
    """``javascript/<guideline>.mjs``."""

    name: str = "javascript"
    description: str = "a JavaScript module of the decision logic, for browsers and Node.js"

    def export(self, loaded: ExportInput) -> Iterator[Artifact]:
        """The module of a guideline under the readings in force."""
        file_name = f"{loaded.guideline_id}.mjs"
        yield Artifact(f"javascript/{file_name}", _written(loaded, file_name, is_classic=False))


def classic(loaded: ExportInput, file_name: str) -> str:
    """The same as a classic script, which browsers also run from a file system.

    It exports nothing but sets ``guidegraph.model`` to an object with what the module exports.
    """
    return _written(loaded, file_name, is_classic=True)


def _written(loaded: ExportInput, file_name: str, *, is_classic: bool) -> str:
    return module(
        loaded,
        file_name,
        JavaScriptSyntax(),
        __package__,
        "module.mjs.j2",
        is_classic=is_classic,
        exported="" if is_classic else "export ",
    )
