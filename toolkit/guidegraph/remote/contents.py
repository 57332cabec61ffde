"""What is published of a guideline, and how a graph that came back is held against it.

Servers rewrite what they store: 1.50 as 1.5, blank nodes under other labels. So statements without
blank nodes are compared one by one, numbers by their exact value; of those with blank nodes each is
compared without its labels, and they and their nodes are counted. That two such graphs have the
same form beyond this is not proved.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox

from guidegraph.query import graph
from guidegraph.terms import NAMESPACES

XSD = NAMESPACES["xsd"]
_NUMBER = re.compile(r'"[-+.0-9]+"(?=\^\^<[^>]*#(?:decimal|integer)>$)')
_WHOLE = frozenset(XSD + each for each in ("integer", "decimal"))


@dataclass(frozen=True, slots=True)
class Sums:
    """What a graph comes to: two that are the same have the same sums.

    ``ground`` statements have no blank node and the sum ``sha256``; ``blank`` have some, the sum
    ``shapes`` (of each without its labels), and ``nodes`` different nodes.
    """

    ground: int
    sha256: str
    blank: int
    nodes: int
    shapes: str

    @property
    def statements(self) -> int:
        """All statements."""
        return self.ground + self.blank


@dataclass(frozen=True, slots=True)
class Content:
    """The statements of a graph as N-Triples, each once and sorted, and what they come to."""

    data: bytes
    sums: Sums

    @property
    def sha256(self) -> str:
        """The hash of what is sent."""
        return sha256(self.data).hexdigest()

    @property
    def triples(self) -> Iterator[ox.Triple]:
        """The statements."""
        return (each.triple for each in ox.parse(self.data, ox.RdfFormat.N_TRIPLES))


def content(folder: Path) -> Content:
    """The graph that ``guidegraph query`` asks: a guideline and the ontology it is written in.

    Values are as they were written; blank nodes are numbered in the order of the files.

    Raises:
        ReadError: if the folder or one of its files cannot be read.
    """
    return of_triples(each.triple for each in graph.statements(folder))


def of_triples(triples: Iterable[ox.Triple]) -> Content:
    """Statements as content."""
    found = tuple(dict.fromkeys(triples))
    lines = sorted(f"{each.subject} {each.predicate} {each.object} .\n" for each in found)
    return Content("".join(lines).encode(), sums(found))


def sums(triples: Iterable[ox.Triple]) -> Sums:
    """What different statements come to."""
    ground: list[str] = []
    shapes: Counter[str] = Counter()
    nodes: set[str] = set()
    for each in triples:
        blank = [end for end in (each.subject, each.object) if isinstance(end, ox.BlankNode)]
        line = _line(each)
        if blank:
            nodes.update(end.value for end in blank)
            shapes[line] += 1
        else:
            ground.append(line)
    told = sorted(f"{count} {line}" for line, count in shapes.items())
    return Sums(len(ground), _hash(sorted(ground)), shapes.total(), len(nodes), _hash(told))


@dataclass(frozen=True, slots=True)
class Altered:
    """Statements that a server stores as others: as they were sent, and as they came back.

    ``numbers_only`` says that nothing but the values of numbers differs.
    """

    sent: tuple[str, ...]
    found: tuple[str, ...]
    numbers_only: bool


def altered(sent: Iterable[ox.Triple], found: Iterable[ox.Triple]) -> Altered:
    """Which statements differ, blank nodes without their labels."""
    was, now = (Counter(map(_line, each)) for each in (sent, found))
    lost, new = (sorted((each - other).elements()) for each, other in ((was, now), (now, was)))
    same = [_NUMBER.sub("", each) for each in lost] == [_NUMBER.sub("", each) for each in new]
    return Altered(tuple(lost), tuple(new), same)


def _line(each: ox.Triple) -> str:
    return f"{_plain(each.subject)} {each.predicate} {_plain(each.object)}"


def _plain(term: object) -> str:
    """A term as every server has it."""
    if isinstance(term, ox.BlankNode):
        return "_:"
    if not isinstance(term, ox.Literal):
        return str(term)
    if term.language:
        return f"{ox.Literal(term.value)}@{term.language.lower()}"
    datatype = term.datatype.value
    return f"{ox.Literal(_value(term.value, datatype))}^^<{datatype}>"


def _value(text: str, datatype: str) -> str:
    """Equal numbers and truth values in one spelling."""
    if datatype == XSD + "boolean":
        return {"1": "true", "0": "false"}.get(text, text)
    if datatype in _WHOLE:
        try:
            number = Decimal(text)
        except InvalidOperation:
            return text
        return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"
    return text


def _hash(lines: Iterable[str]) -> str:
    return sha256("\n".join(lines).encode()).hexdigest()


def differences(sent: Sums, found: Sums) -> Iterator[str]:
    """In words, how what was found differs from what was sent."""
    if sent.ground != found.ground:
        yield f"{found.ground} of {sent.ground} statements without blank nodes are there"
    elif sent.sha256 != found.sha256:
        yield "some statements are others"
    if sent.blank != found.blank:
        yield f"{found.blank} of {sent.blank} statements with blank nodes are there"
    elif sent.shapes != found.shapes:
        yield "some statements with blank nodes are others"
    if sent.nodes != found.nodes:
        yield f"{found.nodes} of {sent.nodes} blank nodes are there"
