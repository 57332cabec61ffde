"""A release without its long steps: few targets, and a build that writes one file."""

from __future__ import annotations

from typing import Any

import pytest

from guidegraph import agree, solver
from guidegraph.agree import JavaScriptExecutor, PythonExecutor
from guidegraph.audit import audit
from guidegraph.build import Outcome
from guidegraph.cache import Cache, Visible, verified
from guidegraph.cases import run_folder
from guidegraph.read.folder import display
from guidegraph.release import making
from guidegraph.site.content import Built, SiteContent
from guidegraph.verify import verify


def few_targets(patch: pytest.MonkeyPatch) -> None:
    """Only the targets that need no other program."""
    patch.setattr(agree, "EXECUTORS", (PythonExecutor(), JavaScriptExecutor()))


def quick_build(patch: pytest.MonkeyPatch, proofs: Cache) -> None:
    """A build that finds everything, and writes one file in place of targets and site.

    ``proofs`` keep what was proved of the very same guideline before.
    """

    def quickly(
        loaded: Any, guideline: Any, program: Any, output: Any, *_: Any, **told: Any
    ) -> Any:
        folder = display(loaded.sources.root)
        found = (
            None if solver.missing() else verified(Visible.of(guideline, folder), proofs, verify)
        )
        output.mkdir()
        (output / "made.txt").write_text(f"{guideline.header.version}\n", "utf-8")
        content = SiteContent(
            guideline=guideline,
            audit=audit(guideline),
            cases=run_folder(guideline, loaded.sources.root),
            verification=found,
        )
        return Outcome(
            site=Built(folder=output, pages=()),
            content=content,
            artefacts=(),
            findings=(),
            gaps=(),
        )

    patch.setattr(making, "build", quickly)
