"""A saving that is refused or cut off, and what is told then."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from guidegraph.errors import GuidelineError
from guidegraph.report import render
from guidegraph.workspace import lock
from guidegraph.workspace.journal import Entry, Journal, begin
from guidegraph.workspace.saving import save
from guidegraph.workspace.workspace import Workspace
from guidegraph.workspace.writing import digest
from saving_example import FILES, at_call, draft, full, make, text


def told(example: Path, place: Path) -> str:
    """What a person is told of the saving that a file names in one word."""
    folder = make(place / "own")
    try:
        SAVINGS[example.read_text(encoding="utf-8").strip()](folder)
    except GuidelineError as refused:
        return render(refused.findings, "text")
    return ""


def _changed(folder: Path) -> None:
    made = draft(folder, 1)
    (folder / "b.ttl").write_text(text("b.ttl", 7), encoding="utf-8")
    save(folder, made)


def _locked(folder: Path) -> None:
    made = draft(folder, 1)
    with lock.saving(folder), patch.object(lock, "PATIENCE", 1):
        owner = lock.lock_of(folder)
        owner.write_text('{"process": 4711, "computer": "ward-3"}', encoding="utf-8")
        os.utime(owner, (1767686400, 1767686400))
        save(folder, made)


def _full(folder: Path) -> None:
    made = draft(folder, 1)
    with patch.object(os, "write", at_call(3, os.write, full)):
        save(folder, made)


def _half(folder: Path) -> None:
    made = draft(folder, 1)
    with patch.object(Path, "replace", at_call(3, Path.replace, full)):
        save(folder, made)


def _cut(folder: Path) -> None:
    lock.hidden_folder(folder)
    before = [digest(text(each, 0).encode()) for each in FILES]
    entries = [Entry(*each, text(each[0], 1)) for each in zip(FILES, before, strict=True)]
    begin(folder, Journal("0" * 16, tuple(entries)))
    (folder / "a.ttl").write_text(text("a.ttl", 1), encoding="utf-8")
    (folder / "b.ttl").write_text(text("b.ttl", 7), encoding="utf-8")
    Workspace.open(folder)


def _link(folder: Path) -> None:
    (folder.parent / "elsewhere").mkdir()
    (folder / lock.HIDDEN).symlink_to(folder.parent / "elsewhere")
    save(folder, draft(folder, 1))


SAVINGS: dict[str, Callable[[Path], None]] = {
    "changed": _changed,
    "locked": _locked,
    "full": _full,
    "half": _half,
    "cut": _cut,
    "link": _link,
}
