"""Making changes to the files of a folder: each goes to the file where it belongs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from guidegraph.diagnostic import Location
from guidegraph.errors import TurtleError, UsageError
from guidegraph.read.folder import display
from guidegraph.turtle.changes import Change, Create, Put, Remove, Rename, rewritten
from guidegraph.turtle.document import Document
from guidegraph.turtle.values import RDF_TYPE, Iri
from guidegraph.workspace import faults
from guidegraph.workspace.places import (
    Documents,
    classes,
    file_of,
    header,
    in_order,
    new_file,
    shared_out,
)


def drafted(folder: Path, documents: Documents, changes: Iterable[Change]) -> dict[str, Document]:
    """The files after these changes; a ``UsageError`` where one cannot be made."""
    work = _Drafting(folder, documents)
    for each in changes:
        work.make(each)
    return work.finished()


class _Drafting:
    """The files of a folder while they are being changed."""

    def __init__(self, folder: Path, documents: Documents) -> None:
        self.folder = folder
        self.documents = dict(documents)
        self.header = header(documents)
        self.added: list[str] = []
        self.classes: dict[Document, dict[str, tuple[int, str]]] = {}

    def finished(self) -> dict[str, Document]:
        """The changed files; a new one declares only the prefixes that it uses."""
        for file in self.added:
            self.documents[file] = _without_idle_prefixes(self.documents[file], self.header)
        return in_order(self.documents)

    def make(self, change: Change) -> None:
        """Make one change."""
        match change:
            case Put():
                self._put(change)
            case Create():
                self._create(change)
            case Remove():
                for file in self.documents:
                    self._apply(file, change)
            case Rename():
                self._rename(change)

    def _apply(self, file: str, change: Change) -> None:
        self.documents[file] = rewritten(self.documents[file], [change])

    def _put(self, change: Put) -> None:
        said = {file: each.describe(change.subject) for file, each in self.documents.items()}
        stated = {
            file: each[change.predicate] for file, each in said.items() if change.predicate in each
        }
        home = file_of(self.documents, change.subject)
        if len(stated) > 1:
            for file, values in shared_out(stated, change.values).items():
                self._apply(file, replace(change, values=values))
        elif stated or home:
            self._apply(next(iter(stated), home or ""), change)
        elif change.values:
            self._create(Create(change.subject, ((change.predicate, change.values),)))

    def _create(self, change: Create) -> None:
        self._hold_free(change.subject)
        beside = change.after and file_of(self.documents, change.after)
        if beside:
            self._apply(beside, change)
            return
        kind = next(
            (
                value.iri
                for predicate, values in change.statements
                for value in values
                if predicate == RDF_TYPE and isinstance(value, Iri)
            ),
            None,
        )
        if kind is None:
            raise UsageError([faults.classless(change.subject)])
        file, last = self._home(kind)
        self._apply(file, replace(change, after=last))

    def _home(self, kind: str) -> tuple[str, str | None]:
        """The file in which most things of a class stand, and the last of them there."""
        found = {file: self._classes(each).get(kind) for file, each in self.documents.items()}
        counts = {file: each for file, each in found.items() if each}
        if counts:
            file = max(counts, key=lambda each: counts[each][0])
            return file, counts[file][1]
        file = new_file(self.documents, kind)
        if file not in self.documents:
            self.documents[file] = Document.parse(self.header, display(self.folder / file))
            self.added.append(file)
        return file, None

    def _classes(self, document: Document) -> dict[str, tuple[int, str]]:
        if document not in self.classes:
            self.classes[document] = classes(document)
        return self.classes[document]

    def _rename(self, change: Rename) -> None:
        if change.old == change.new:
            return
        self._hold_free(change.new)
        for file in self.documents:
            self._apply(file, change)

    def _hold_free(self, iri: str) -> None:
        file = file_of(self.documents, iri)
        if file is not None:
            first, _ = self.documents[file].lines(iri)[0]
            at = Location(display(self.folder / file), first)
            raise UsageError([faults.taken(iri, at)])


def _without_idle_prefixes(document: Document, declared: str) -> Document:
    for line in declared.splitlines(keepends=True):
        try:
            document = Document.parse(document.text.replace(line, "", 1), document.file)
        except TurtleError:
            continue
    return document
