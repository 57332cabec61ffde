"""Files of any RDF format, read into columns; what cannot be read or must not be is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from guidegraph.columns.reading import Loaded, format_of, read
from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.errors import ReadError

FORMATS = (
    "Turtle (.ttl), N-Triples (.nt), N-Quads (.nq), TriG (.trig), N3 (.n3), "
    "RDF/XML (.rdf, .owl, .xml), JSON-LD (.jsonld)"
)
_MORE = {".owl": ox.RdfFormat.RDF_XML, ".json": ox.RdfFormat.JSON_LD}
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)


def load(paths: Iterable[Path]) -> Loaded:
    """One graph of some files.

    Raises:
        ReadError: a file cannot be read, is not what its name says, or would reach for others.
    """
    files = [opened(each) for each in paths]
    with as_findings([each[0] for each in files]):
        return read(files)


@contextmanager
def as_findings(files: list[str]) -> Iterator[None]:
    """Faults of some files while they are read become a ``ReadError``."""
    try:
        yield
    except SyntaxError as fault:
        raise ReadError([_malformed(fault)]) from None
    except (ValueError, OSError) as fault:  # pyoxigraph says so of some encodings
        file = files[0] if len(files) == 1 else "A file"
        raise ReadError([_told("Z002", f"`{file}` cannot be read: {fault}.", None)]) from None


def opened(path: Path) -> tuple[str, bytes, ox.RdfFormat]:
    """Name, content and format of a file; raises ``ReadError`` as ``load`` does."""
    kind = _MORE.get(path.suffix.lower()) or format_of(path.name)
    if kind is None:
        raise ReadError(
            [_told("Z001", f"`{path}` has no ending that names a format of RDF.", None)]
        )
    try:
        data = path.read_bytes()
    except OSError as fault:
        words = f"`{path}` cannot be read: {fault.strerror}."
        raise ReadError([_told("Z001", words, None)]) from None
    if kind == ox.RdfFormat.RDF_XML and (found := _DTD.search(data.replace(b"\0", b""))):
        at = Location(str(path), data.count(b"\n", 0, found.start()) + 1)
        raise ReadError([_told("Z003", "The file has a document type definition.", at)])
    return str(path), data, kind


def _malformed(fault: SyntaxError) -> Diagnostic:
    words = re.sub(r"^Parser error .*?[0-9]: ", "", fault.msg).rstrip(".")
    at = Location(fault.filename or "", fault.lineno or 1, fault.offset or 0)
    if "remote" in words.lower() or "context" in words.lower():
        return _told("Z003", f"The file refers to another: {words}.", at)
    return _told("Z002", f"The file cannot be read beyond this place: {words}.", at)


def _told(code: str, message: str, at: Location | None) -> Diagnostic:
    why, advice = _WORDS[code]
    return Diagnostic(
        code=code, severity=Severity.ERROR, message=message, at=at, why=why, help=advice
    )


_WORDS = {
    "Z001": ("Data and shapes are read from files.", f"Give a file in one of these: {FORMATS}."),
    "Z002": ("Nothing is judged of a file that is read only in part.", "Correct the file."),
    "Z003": (
        "Definitions and contexts can make a small file endless, or fetch others from the network.",
        "Write the file without: expand entities, put the context into the file, or use Turtle.",
    ),
}
