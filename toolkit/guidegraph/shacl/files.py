"""Files of any RDF format, read into columns; what cannot be read or must not be is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.parsers import expat

import numpy as np
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
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.S)
DEEPEST = 500
"""How deeply objects and lists of JSON-LD may stand in each other: pyoxigraph dies of thousands."""


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
    except (ValueError, OSError, MemoryError) as fault:  # so of encodings and very long literals
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
    _refuse_unsound(str(path), data, kind)
    return str(path), data, kind


def _refuse_unsound(file: str, data: bytes, kind: ox.RdfFormat) -> None:
    """Refuse what pyoxigraph would read in part or could not bear."""
    if kind == ox.RdfFormat.RDF_XML:
        try:
            expat.ParserCreate().Parse(data, True)
        except expat.ExpatError as fault:  # pyoxigraph takes the end of a file for that of the text
            at = Location(file, fault.lineno, fault.offset + 1)
            words = f"The file is not whole XML: {expat.ErrorString(fault.code)}."
            raise ReadError([_told("Z002", words, at)]) from None
    if kind == ox.RdfFormat.JSON_LD and (line := _too_deep(data)):
        words = f"Objects and lists stand in each other more than {DEEPEST} deep."
        raise ReadError([_told("Z002", words, Location(file, line))])


def _too_deep(data: bytes) -> int:
    """The line in which brackets of JSON get too deep; 0 where they do not."""
    text = np.frombuffer(_STRING.sub(lambda found: b"_" * len(found.group()), data), np.uint8)
    deeper = np.isin(text, np.frombuffer(b"[{", np.uint8)).astype(np.int8)
    deeper -= np.isin(text, np.frombuffer(b"]}", np.uint8)).astype(np.int8)
    deep = np.cumsum(deeper, dtype=np.int64) > DEEPEST
    return data.count(b"\n", 0, int(deep.argmax())) + 1 if deep.any() else 0


def _malformed(fault: SyntaxError) -> Diagnostic:
    words = re.sub(r"^Parser error .*?[0-9]: ", "", fault.msg).rstrip(".")
    at = Location(fault.filename or "", fault.lineno or 1, fault.offset or 0)
    if "remote" in words.lower():
        words = words.replace(_NOT_LOADED, "a context stands elsewhere")
        return _told("Z003", f"The file refers to another: {words}.", at)
    return _told("Z002", f"The file cannot be read beyond this place: {words}.", at)


def _told(code: str, message: str, at: Location | None) -> Diagnostic:
    why, advice = _WORDS[code]
    return Diagnostic(
        code=code, severity=Severity.ERROR, message=message, at=at, why=why, help=advice
    )


_NOT_LOADED = "No LoadDocumentCallback has been set to load remote contexts"
_WORDS = {
    "Z001": ("Data and shapes are read from files.", f"Give a file in one of these: {FORMATS}."),
    "Z002": ("Nothing is judged of a file that is read only in part.", "Correct the file."),
    "Z003": (
        "Definitions and contexts can make a small file endless, or fetch others from the network.",
        "Write the file without: expand entities, put the context into the file, or use Turtle.",
    ),
}
