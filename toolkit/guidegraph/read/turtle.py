"""Turtle with places, as rdflib has its terms.

``turtle.triples`` reads; here its terms become those of rdflib. Numbers keep the form in which they
are written (``007``, ``1.50``), no literal is normalised, and blank nodes are numbered in the order
of the text, so that the same files give the same graph.

The text is one that pyoxigraph has accepted (see ``recovery``).
"""

from __future__ import annotations

import logging
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache

from rdflib import BNode, Literal, URIRef
from rdflib.term import Node

from guidegraph.diagnostic import Location
from guidegraph.turtle.names import Names
from guidegraph.turtle.triples import UnreadError, read_triples

Triple = tuple[Node, Node, Node]

DEPTH = 40
"""How deeply brackets may be nested; what people write has three or four levels."""


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
    """The text could not be read: where, and why."""

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
    """Read Turtle whose line ends are all ``\n``.

    ``name`` begins the names of the blank nodes, ``prefixes`` are known before the text begins.
    """
    taker = _Terms(name, Places(text, file))
    try:
        with _quiet():
            read_triples(text, taker, Names(prefixes or {}), DEPTH)
    except UnreadError as fault:
        return Misread(fault.offset, fault.reason)
    return taker.parsed


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


name = lru_cache(maxsize=200_000)(URIRef)
"""The term for an IRI: one object for each, for comparing two that are equal takes far longer."""


class _Terms:
    """Makes the terms of one file and writes down where each triple stands."""

    def __init__(self, file: str, places: Places) -> None:
        self.file = file
        self.at = places.at
        self.parsed = Parsed()
        self.count = 0
        self.labels: dict[str, BNode] = {}

    def iri(self, iri: str) -> Node:
        return name(iri)

    def literal(self, lexical: str, datatype: str, language: str) -> Node:
        kind = name(datatype) if datatype else None
        return Literal(lexical, datatype=kind, lang=language or None, normalize=False)

    def blank(self, label: str) -> Node:
        if (known := self.labels.get(label)) is not None:
            return known
        self.count += 1
        made = BNode(f"{self.file}b{self.count:06}")
        if label:
            self.labels[label] = made
        return made

    def put(self, triple: Triple, verb: int, at: int, turn: int) -> None:
        parsed, place = self.parsed, self.at(at)
        if triple in parsed.places:
            parsed.repeats.append((triple, place))
            return
        parsed.places[triple] = place
        parsed.verbs[triple] = self.at(verb)

    def prefix(self, name: str, namespace: str, at: int) -> None:
        self.parsed.prefixes.append(Prefix(name, namespace, self.at(at)))

    def described(self, subject: Node, at: int) -> None:
        self.parsed.subjects.setdefault(subject, []).append(self.at(at))

    def split(self, written: str, at: int) -> None:
        self.parsed.split.append((written, self.at(at)))
