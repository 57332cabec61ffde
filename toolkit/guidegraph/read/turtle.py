"""Turtle with places: rdflib's parser, made to say where each triple stands.

Everything that leans on the inside of rdflib is in this module. rdflib 7.6 reads Turtle with
``plugins.parsers.notation3.SinkParser``, which hands triples to an ``RDFSink`` and forgets where
they stood. Here

* ``property_list`` and ``objectList`` remember the offset of each verb and each object, and
  ``_collection`` that of each member of ``( ... )``; offsets become lines and columns at the end
  (rdflib's own line counter is not used, it miscounts after some tokens);
* numbers keep the form in which they are written (``007``, ``1.50``), and no literal is normalised,
  whatever ``rdflib.NORMALIZE_LITERALS`` says;
* blank nodes are numbered in the order of the text, so that the same files give the same graph.

The parser is only given text that pyoxigraph has accepted (see ``syntax``): rdflib lets much pass
that is not Turtle.
"""

from __future__ import annotations

import logging
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, MutableSequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rdflib import RDF, XSD, BNode, Graph, Literal, URIRef
from rdflib.plugins.parsers.notation3 import BadSyntax, RDFSink, SinkParser
from rdflib.term import Node

from guidegraph.diagnostic import Location

Triple = tuple[Node, Node, Node]

DEPTH = 40
"""How deeply brackets may be nested; what people write has three or four levels."""

_BASE = "https://relative.invalid/"
"""rdflib refuses ``@base`` unless there is a base already; no IRI is ever resolved against this."""

_NUMBERS = (
    (re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)[eE][-+]?[0-9]+"), XSD.double),
    (re.compile(r"[-+]?[0-9]*\.[0-9]+"), XSD.decimal),
    (re.compile(r"[-+]?[0-9]+"), XSD.integer),
)
_COMMA_IN_NUMBER = re.compile(r"[-+]?[0-9]+,[0-9]+(?:[.,][0-9]+)*")


@dataclass(frozen=True, slots=True)
class Prefix:
    """A prefix as one file declares it."""

    name: str
    namespace: str
    at: Location


@dataclass(slots=True)
class Parsed:
    """What one file says: the place of each triple (its object) and of each verb."""

    places: dict[Triple, Location] = field(default_factory=dict)
    verbs: dict[Triple, Location] = field(default_factory=dict)
    subjects: dict[Node, list[Location]] = field(default_factory=dict)
    repeats: list[tuple[Triple, Location]] = field(default_factory=list)
    prefixes: list[Prefix] = field(default_factory=list)
    split: list[tuple[str, Location]] = field(default_factory=list)
    """Where a comma inside what was meant as one number (``2,000``) made two of it."""


@dataclass(frozen=True, slots=True)
class Misread:
    """rdflib could not read the text: where, in its own words."""

    offset: int
    reason: str


class Places:
    """Turns an offset in a text into a line and a column, both counted from 1."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.starts = [0, *(each.end() for each in re.finditer("\n", text))]

    def at(self, offset: int) -> Location:
        """The place of the character at ``offset``."""
        line = bisect_right(self.starts, offset)
        return Location(self.file, line, offset - self.starts[line - 1] + 1)

    def offset(self, line: int, column: int) -> int:
        """The reverse of ``at``."""
        return self.starts[min(line, len(self.starts)) - 1] + column - 1


def parse(
    text: str, file: str, name: str, prefixes: Mapping[str, str] | None = None
) -> Parsed | Misread:
    """Read Turtle whose line ends are all ``\\n``.

    ``name`` begins the names of the blank nodes, ``prefixes`` are known before the text begins.
    """
    sink = _Sink(name, Places(text, file))
    parser = _Parser(sink)
    parser._bindings.update(prefixes or {})
    padded = text + "\n"
    try:
        with _quiet():
            parser.loadBuf(padded)
    except BadSyntax as fault:
        return Misread(min(max(fault._i, 0), len(text)), fault._why)
    except Exception as fault:  # rdflib also fails with bare assertions and index errors
        return Misread(min(parser.reached, len(text)), str(fault))
    return sink.parsed


@contextmanager
def _quiet() -> Iterator[None]:
    """rdflib logs a traceback for each ill-typed literal; ``check.literals`` says it properly."""
    logger = logging.getLogger("rdflib.term")
    before = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = before


class _Sink(RDFSink):
    """Takes the triples of one file and writes down where each of them stands."""

    def __init__(self, name: str, places: Places) -> None:
        super().__init__(Graph())
        self.name = name
        self.where = places
        self.parsed = Parsed()

    def newBlankNode(self, arg: Any = None, uri: Any = None, why: Any = None) -> BNode:  # noqa: N802
        self.counter += 1
        return BNode(f"{self.name}b{self.counter:06}")

    def newLiteral(self, s: str, dt: URIRef | None = None, lang: str | None = None) -> Literal:  # noqa: N802
        return Literal(s, datatype=dt, lang=None if dt else lang, normalize=False)

    def put(self, triple: tuple[Any, Any, Any], verb: int, thing: int) -> None:
        """Add a triple whose verb and whose object begin at these offsets."""
        parsed = self.parsed
        subject, predicate, value = (self.normalise(None, each) for each in triple)
        stated: Triple = (subject, predicate, value)
        place = self.where.at(thing)
        if stated in parsed.places:
            parsed.repeats.append((stated, place))
            return
        parsed.places[stated] = place
        parsed.verbs[stated] = self.where.at(verb)

    def split(self, written: str, offset: int) -> None:
        """Note a number with a comma in it, which Turtle reads as several numbers."""
        self.parsed.split.append((written, self.where.at(offset)))

    def describe(self, subject: Node, offset: int) -> None:
        """Note that a description of ``subject`` with a type begins here."""
        self.parsed.subjects.setdefault(subject, []).append(self.where.at(offset))


class _Parser(SinkParser):
    """rdflib's Turtle parser, which remembers the offsets that rdflib forgets.

    ``opened`` holds where the brackets and the statement around begin, ``objects`` where each
    object of the list just read begins, ``reached`` where the statement being read begins.
    """

    def __init__(self, sink: _Sink) -> None:
        super().__init__(sink, baseURI=_BASE, turtle=True)
        self.sink = sink
        self.reached = 0
        self.opened: list[int] = []
        self.objects: list[int] = []

    def directiveOrStatement(self, argstr: str, h: int) -> int:  # noqa: N802
        self.reached = max(self.skipSpace(argstr, h), self.reached)
        return super().directiveOrStatement(argstr, h)

    def bind(self, qn: str, uri: bytes) -> None:
        namespace = str(self._bindings[qn])
        self.sink.parsed.prefixes.append(Prefix(qn, namespace, self.sink.where.at(self.reached)))

    def statement(self, argstr: str, i: int) -> int:
        with self._block(argstr, self.skipSpace(argstr, i)):
            found: list[Any] = []
            end = self.object(argstr, i, found)
            return self.property_list(argstr, end, found[0]) if end >= 0 else end

    def node(self, argstr: str, i: int, res: MutableSequence[Any], *already: Node | None) -> int:
        start = self.skipSpace(argstr, i)
        if start >= 0 and argstr[start] in "[(":
            with self._block(argstr, start):
                if argstr[start] == "(":
                    return self._collection(argstr, start, res)
                return super().node(argstr, start, res, *already)
        return super().node(argstr, i, res, *already)

    def nodeOrLiteral(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:  # noqa: N802
        start = self.skipSpace(argstr, i)
        if start >= 0 and argstr[start] in "0123456789+-.":
            for form, datatype in _NUMBERS:
                if written := form.match(argstr, start):
                    res.append(self.sink.newLiteral(written.group(), datatype))
                    return written.end()
        return super().nodeOrLiteral(argstr, i, res)

    def property_list(self, argstr: str, i: int, subj: Node) -> int:
        has_type = False
        while True:
            i = self._past_semicolons(argstr, i)
            verb: list[Any] = []
            end = self.verb(argstr, i, verb)
            if end <= 0:
                break
            _, predicate = verb[0]
            has_type |= self.sink.normalise(None, predicate) == RDF.type
            values: list[Any] = []
            stop = self.objectList(argstr, end, values)
            if stop < 0:
                self.BadSyntax(argstr, end, "objectList expected")
            for value, offset in zip(values, self.objects, strict=True):
                self.sink.put((subj, predicate, value), i, offset)
            i = stop
            if argstr[i] != ";":
                break
        if has_type:
            self.sink.describe(subj, self.opened[-1])
        return i

    def objectList(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:  # noqa: N802
        starts = []
        while True:
            starts.append(self.skipSpace(argstr, i))
            i = self.object(argstr, i, res)
            if i < 0:
                return i
            if broken := _COMMA_IN_NUMBER.match(argstr, starts[-1]):
                self.sink.split(broken.group(), starts[-1])
            i = self._expect(argstr, i)
            if argstr[i] != ",":
                self.objects = starts
                return i
            i += 1

    def _past_semicolons(self, argstr: str, i: int) -> int:
        while argstr[i := self._expect(argstr, i)] == ";":
            i += 1
        return i

    def _expect(self, argstr: str, i: int) -> int:
        """Where the next token begins; there must be one."""
        start = self.skipSpace(argstr, i)
        if start < 0:
            self.BadSyntax(argstr, i, "unexpected end of the file")
        return start

    def _collection(self, argstr: str, start: int, res: MutableSequence[Any]) -> int:
        """Read ``( ... )`` into cells, each of which stands where its member stands."""
        members: list[tuple[Any, int]] = []
        i = self._expect(argstr, start + 1)
        while argstr[i] != ")":
            found: list[Any] = []
            end = self.object(argstr, i, found)
            if end < 0:
                self.BadSyntax(argstr, i, "expected item in list or ')'")
            members.append((found[0], i))
            i = self._expect(argstr, end)
        cells: list[Node] = [self.sink.newBlankNode() for _ in members]
        for n, (member, offset) in enumerate(members):
            rest = cells[n + 1] if n + 1 < len(cells) else RDF.nil
            self.sink.put((cells[n], RDF.first, member), offset, offset)
            self.sink.put((cells[n], RDF.rest, rest), offset, offset)
        res.append(cells[0] if cells else RDF.nil)
        return i + 1

    @contextmanager
    def _block(self, argstr: str, start: int) -> Iterator[None]:
        """A statement, a blank node or a collection that begins at ``start``."""
        if len(self.opened) >= DEPTH:
            self.BadSyntax(argstr, start, "nested too deeply")
        self.opened.append(start)
        try:
            yield
        finally:
            self.opened.pop()
