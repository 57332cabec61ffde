"""Finding the draft again after the editor or the computer stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guidegraph.diagnostic import Diagnostic
from guidegraph.edit import faults
from guidegraph.edit.drafts import Kept, found, set_aside
from guidegraph.edit.history import History
from guidegraph.edit.state import base_of, workspace_of
from guidegraph.edit.steps import step_of
from guidegraph.errors import GuidelineError
from guidegraph.workspace.workspace import Workspace


@dataclass(frozen=True)
class Again:
    """The draft as it was: its files, its steps, and whether its saving had come to an end."""

    base: Workspace
    history: History = field(default_factory=History)
    count: int = 0
    findings: tuple[Diagnostic, ...] = ()
    saving: dict[str, Any] | None = None
    is_saved: bool = False


def found_again(folder: Path, now: Workspace) -> Again | None:
    """The draft of a folder that was kept, if there is one; ``now`` are its files as they are."""
    kept = found(folder)
    if kept is None:
        return None
    if not kept.files and not kept.records:
        return Again(now, findings=kept.findings)
    try:
        return _replayed(folder, now, kept)
    except (GuidelineError, KeyError, ValueError, TypeError, IndexError):
        return Again(now, findings=(*kept.findings, faults.damaged(set_aside(folder))))


def _replayed(folder: Path, now: Workspace, kept: Kept) -> Again:
    base = workspace_of(folder, kept.files, now)
    if base_of(base) == base_of(now):
        base = now
    history, saving = History(), None
    for record in kept.records:
        at = history.results[-1] if history.results else base
        if "step" in record:
            step = step_of(record["step"])
            history.add(step, at.draft(step.changes).result)
        elif "undo" in record:
            history.undo()
        elif "redo" in record:
            last = history.undone[-1]
            history.redo(None if history.is_redo_back else at.draft(last.changes).result)
        elif "saving" in record:
            saving = record["saving"]
    done = saving is not None and is_saved(saving, base, now)
    return Again(
        base=base,
        history=history,
        count=len(kept.records) + 1,
        findings=kept.findings,
        saving=saving,
        is_saved=done,
    )


def is_saved(saving: Mapping[str, Any], base: Workspace, now: Workspace) -> bool:
    """Whether a saving took place: it is all or nothing, so one of its files tells of all."""
    there, before = base_of(now), base_of(base)
    return any(
        there.get(file) == known != before.get(file) for file, known in saving["files"].items()
    )
