"""The texts of the sources, as a reader has them in a folder: which file is which document."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from guidegraph.model import Guideline, SourceDocument, SourcePassage
from guidegraph.passages.normal import Normal


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of one document: its file, the hash of the file and what is in it."""

    file: Path
    sha256: str
    normal: Normal


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a folder by the name of their document; ``unused`` files are of no document.

    ``unreadable`` are files of which the text is not UTF-8.
    """

    by_document: Mapping[str, SourceText]
    unused: tuple[Path, ...] = ()
    unreadable: tuple[Path, ...] = ()


def texts_in(folder: Path, guideline: Guideline) -> Texts:
    """The texts of the documents that have passages, among the ``.txt`` files of a folder.

    A file is known by its hash or else by its name: a notation or the local name of the document,
    or the whole file name if the document is identified by that.
    """
    files = _files(folder)
    found = _matched(documents_with_passages(guideline), files)
    texts, unreadable = {}, []
    for name, path in found.items():
        if text := _text(path, files[path]):
            texts[name] = text
        else:
            unreadable.append(path)
    unused = tuple(path for path in files if path not in found.values())
    return Texts(texts, unused, tuple(unreadable))


def text_of(document: SourceDocument, folder: Path) -> SourceText | None:
    """The text of one document in a folder, whether or not it has passages."""
    files = _files(folder)
    path = _matched((document,), files).get(document.id)
    return _text(path, files[path]) if path else None


def documents_with_passages(guideline: Guideline) -> Iterator[SourceDocument]:
    """Every document that passages are taken from."""
    named = {each.document for each in guideline.all(SourcePassage)}
    return (each for each in guideline.all(SourceDocument) if each.id in named)


def _files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.glob("*.txt"))}


def _matched(documents: Iterable[SourceDocument], files: Mapping[Path, bytes]) -> dict[str, Path]:
    """The file of each document: first by hash, then by name among those that are left."""
    wanted = tuple(documents)
    hashes = {hashlib.sha256(content).hexdigest(): path for path, content in files.items()}
    found = {
        each.id: hashes[each.sha256.lower()]
        for each in wanted
        if each.sha256 and each.sha256.lower() in hashes
    }
    for document in wanted:
        names = {document.id.casefold(), *(each.casefold() for each in document.notation)}
        whole = {each.casefold() for each in document.identifiers}
        for path in files:
            known = path.stem.casefold() in names or path.name.casefold() in whole
            if known and path not in found.values():
                found.setdefault(document.id, path)
    return found


def _text(path: Path, content: bytes) -> SourceText | None:
    """A file as a text; None where it is not UTF-8."""
    try:
        return SourceText(path, hashlib.sha256(content).hexdigest(), Normal(content.decode()))
    except UnicodeDecodeError:
        return None
