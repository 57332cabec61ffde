"""By what the state of a folder and of a draft is recognised."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from guidegraph.edit.steps import Step
from guidegraph.read.folder import display, turtle_files
from guidegraph.turtle.changes import Change
from guidegraph.turtle.document import Document
from guidegraph.workspace.journal import journal_of
from guidegraph.workspace.lock import reading
from guidegraph.workspace.places import in_order
from guidegraph.workspace.workspace import Draft, Workspace, read_folder
from guidegraph.workspace.writing import digest

Base = Mapping[str, str]
"""The SHA-256 of each file."""

Signature = tuple[tuple[str, int, int, int], ...]
"""By what a file that changed is noticed without reading it."""


def base_of(workspace: Workspace) -> Base:
    """The files of a folder, each by its SHA-256."""
    return {file: digest(each.text.encode()) for file, each in workspace.documents.items()}


def texts_of(workspace: Workspace) -> dict[str, str]:
    """The files of a folder, each with its text."""
    return {file: each.text for file, each in workspace.documents.items()}


def workspace_of(folder: Path, texts: Mapping[str, str], known: Workspace) -> Workspace:
    """The folder as it was when its files had these texts."""
    there = known.documents
    documents = {
        file: there[file]
        if file in there and there[file].text == text
        else Document.parse(text, display(folder / file))
        for file, text in texts.items()
    }
    return Workspace(folder, in_order(documents))


def signature(folder: Path) -> Signature:
    """How the files of a folder look from outside."""
    found = []
    for path in turtle_files(folder)[0]:
        try:
            seen = path.stat()
        except OSError:
            continue
        found.append((str(path), seen.st_mtime_ns, seen.st_size, seen.st_ino))
    return tuple(found)


def read_again(folder: Path, known: Workspace) -> Workspace:
    """The folder as it is now; only what changed is taken apart anew."""
    if journal_of(folder).exists():
        return Workspace.open(folder)
    with reading(folder):
        return read_folder(folder, known.documents)


def composed(base: Workspace, result: Workspace, changes: Iterable[Change]) -> Draft:
    """Changes that were made one after the other, as one draft on the files as they are saved."""
    texts = {
        file: each.text
        for file, each in result.documents.items()
        if file not in base.documents or each.text != base.documents[file].text
    }
    before = {
        file: digest(base.documents[file].text.encode()) if file in base.documents else ""
        for file in texts
    }
    return Draft(tuple(changes), texts, before, base, result)


def revision_of(base: Base, draft: Draft, steps: Iterable[Step], undone: Iterable[Step]) -> str:
    """Another name for every state; the same after a restart."""
    told = [
        sorted(base.items()),
        sorted((file, digest(text.encode())) for file, text in draft.texts.items()),
        [[each.number, each.when.isoformat()] for each in steps],
        [[each.number, each.when.isoformat()] for each in undone],
    ]
    return digest(json.dumps(told).encode())[:16]
