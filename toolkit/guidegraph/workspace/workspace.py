"""The Turtle files of one guideline folder, and changes to them that are not saved yet.

What saving needs besides (a lock, a journal) stands in the hidden folder ``.guidegraph``, which
reading passes over and which tells git itself to ignore it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from guidegraph.diagnostic import Diagnostic, has_errors
from guidegraph.errors import TurtleError, UsageError
from guidegraph.read.folder import display, load, turtle_files
from guidegraph.read.recovery import recover as slips
from guidegraph.turtle.changes import Change
from guidegraph.turtle.document import Document
from guidegraph.turtle.values import Value
from guidegraph.workspace import places
from guidegraph.workspace.drafting import drafted
from guidegraph.workspace.journal import journal_of, recover
from guidegraph.workspace.lock import HIDDEN, lock_of, reading, saving
from guidegraph.workspace.writing import digest


@dataclass(frozen=True)
class Workspace:
    """The files of a folder as they were read; ``findings`` stop nobody."""

    folder: Path
    documents: Mapping[str, Document] = field(repr=False)
    findings: tuple[Diagnostic, ...] = ()

    @classmethod
    def open(cls, folder: Path | str) -> Workspace:
        """Read a folder, after finishing or undoing a saving that was cut off.

        A ``UsageError`` where a file cannot be read or changed in place.
        """
        folder = Path(folder)
        recovered = False
        while True:
            known = lock_of(folder).exists()
            with reading(folder) as was_cut_off:
                if not _needs_recovery(folder, was_cut_off and not recovered):
                    found = read_folder(folder)
                    if known or not lock_of(folder).exists():
                        return found
                    continue  # the first saving ever was under way
            with saving(folder) as was_cut_off:
                recover(folder, was_cut_off)
            recovered = True

    @property
    def subjects(self) -> tuple[str, ...]:
        """The IRIs of all things described, each once."""
        return tuple(dict.fromkeys(i for each in self.documents.values() for i in each.subjects))

    def file_of(self, iri: str) -> str | None:
        """Where a thing stands: its first block with a class, else its first."""
        return places.file_of(self.documents, iri)

    def describe(self, iri: str) -> dict[str, tuple[Value, ...]]:
        """All that the files state of a thing; no value twice."""
        return places.described(self.documents, iri)

    def draft(self, changes: Iterable[Change]) -> Draft:
        """The folder after these changes, one after the other; nothing is written yet.

        Values go to the file that states the property (else to the file of the thing), a new thing
        after the last of its class, in the file where most of these stand, or into a new file
        named after the class. Removing and renaming go over all files. A ``UsageError`` where a
        change cannot be made.
        """
        made = tuple(changes)
        after = drafted(self.folder, self.documents, made)
        texts = {
            file: each.text
            for file, each in after.items()
            if file not in self.documents or each.text != self.documents[file].text
        }
        before = {
            file: digest(self.documents[file].text.encode()) if file in self.documents else ""
            for file in texts
        }
        return Draft(made, texts, before, self, Workspace(self.folder, after, self.findings))


@dataclass(frozen=True)
class Draft:
    """Changes that are not saved yet: the new texts, and by what the old ones are recognised.

    ``before`` holds the SHA-256 of each file that changes, nothing for a new one; ``base`` is the
    folder as it was read, ``result`` what it will be.
    """

    changes: tuple[Change, ...]
    texts: Mapping[str, str] = field(repr=False)
    before: Mapping[str, str] = field(repr=False)
    base: Workspace = field(repr=False, compare=False)
    result: Workspace = field(repr=False, compare=False)

    @property
    def is_empty(self) -> bool:
        """Whether no file changes."""
        return not self.texts


def read_folder(folder: Path, known: Mapping[str, Document] | None = None) -> Workspace:
    """The files of a folder as they are; what is ``known`` and has not changed is not read anew."""
    files, findings = turtle_files(folder)
    told = list(findings)
    documents: dict[str, Document] = {}
    for path in files:
        file = path.relative_to(folder).as_posix()
        for each in _document(path, folder.name, (known or {}).get(file)):
            if isinstance(each, Document):
                documents[file] = each
            else:
                told.append(each)
    if has_errors(told):
        raise UsageError(told)
    return Workspace(folder, places.in_order(documents), tuple(told))


def _document(path: Path, name: str, known: Document | None) -> Iterator[Document | Diagnostic]:
    plain, findings = load(path)
    yield from findings
    if plain is None or has_errors(findings):
        return
    try:
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        same = known is not None and known.text == text
        yield known if known is not None and same else Document.parse(text, display(path))
    except OSError:  # removed a moment ago: `load` has words for it
        yield from load(path)[1]
    except TurtleError as stop:
        yield from slips(plain, display(path), name).findings or stop.findings


def _needs_recovery(folder: Path, was_cut_off: bool) -> bool:
    """A folder that may not be written can still be read after a saving that did not begin."""
    return journal_of(folder).exists() or (was_cut_off and os.access(folder / HIDDEN, os.W_OK))
