"""Saving what was edited: the files, what speaks of them, and the branch of the repository.

What is about to happen is written into the draft first, so that the rest is done when the editor
is started again, if it stops in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guidegraph.diagnostic import Diagnostic
from guidegraph.edit import branches, faults
from guidegraph.edit.message import message
from guidegraph.edit.provenance import Record, recorded
from guidegraph.edit.references import references
from guidegraph.edit.words import both
from guidegraph.errors import UsageError
from guidegraph.workspace import saving
from guidegraph.workspace.faults import not_saved
from guidegraph.workspace.stale import Stale
from guidegraph.workspace.workspace import Draft
from guidegraph.workspace.writing import digest, replace_file

if TYPE_CHECKING:
    from guidegraph.edit.desk import Desk

_TRIES = 3


@dataclass(frozen=True)
class Done:
    """What was saved, and what git has of it; ``words`` say it in a sentence."""

    files: tuple[str, ...]
    commit: str | None = None
    branch: str | None = None
    words: str = ""
    findings: tuple[Diagnostic, ...] = ()


def save(desk: Desk, who: str, why: str, branch: str = "") -> Done:
    """Save all steps; a ``Stale`` or ``UsageError`` keeps the draft as it is."""
    record = Record(who.strip(), why.strip(), desk.now(), desk.steps)
    if found := record.against():
        raise UsageError(found)
    repository = branches.around(desk.folder)
    chosen = branches.chosen(desk.folder, repository, branch, record)
    for tried in range(_TRIES):
        desk.refresh()
        _hold_settled(desk)
        try:
            pending = _begin(desk, replace(record, steps=desk.steps), chosen)
            saved = saving.save(desk.folder, pending.draft)
        except Stale:
            if tried == _TRIES - 1:
                raise
            continue
        break
    done = finish(desk.folder, pending.data)
    desk.saved(saved.workspace)
    return done


@dataclass(frozen=True)
class _Pending:
    draft: Draft
    data: dict[str, Any]


def _hold_settled(desk: Desk) -> None:
    if desk.conflicts:
        raise _stale(desk)
    if desk.refused:
        raise UsageError(desk.refused)
    if desk.draft.is_empty:
        told = "There is nothing to save: nothing is changed."
        raise UsageError([faults.nothing(told, "Go on editing.")])


def _stale(desk: Desk) -> Stale:
    """What is to be settled, to be raised."""
    told = [both(each, desk.workspace, desk.draft.result) for each in desk.conflicts]
    found = Stale(desk.folder, (), desk.conflicts, None)
    found.findings = (faults.unsettled(told),)
    return found


def _begin(desk: Desk, record: Record, branch: str) -> _Pending:
    """Make the texts, and write down what is going to happen."""
    draft = recorded(desk.draft, record, desk.known, desk.namespace)
    also = references(desk.workspace, [one for each in desk.steps for one in each.changes])
    data = {
        "last": record.steps[-1].number,
        "files": {file: digest(text.encode()) for file, text in draft.texts.items()},
        "also": [[each.file, each.before, each.text] for each in also.also],
        "left": list(also.left),
        "who": record.who,
        "when": record.when.isoformat(),
        "branch": branch,
        "message": message(desk, record),
    }
    desk.note({"saving": data})
    return _Pending(draft, data)


def finish(folder: Path, data: Mapping[str, Any]) -> Done:
    """Do what is left after the Turtle files are saved; doing it twice changes nothing more."""
    findings: list[Diagnostic] = []
    files = list(data["files"])
    for file, before, text in data["also"]:
        try:
            _write(folder, file, before, text)
            files.append(file)
        except OSError as stop:
            findings.append(not_saved(folder / file, stop))
    if data["left"]:
        findings.append(faults.still_named(data["left"]))
    git = branches.commit(folder, files, data)
    return Done(tuple(files), git.commit, git.branch, git.words, (*findings, *git.findings))


def _write(folder: Path, file: str, before: str, text: str) -> None:
    path = folder / file
    now = path.read_bytes()
    if now == text.encode():
        return
    if digest(now) != before:
        raise OSError(0, "it was changed meanwhile; write the new name there by hand")
    replace_file(path, now, text.encode())
