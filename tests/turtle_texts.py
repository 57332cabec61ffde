"""Random Turtle texts, as odd as people write them, and random changes to what they say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

import pyoxigraph

from guidegraph.turtle.changes import Change, Create, Put, Remove, Rename
from guidegraph.turtle.document import Document
from guidegraph.turtle.values import (
    RDF_TYPE,
    XSD_BOOLEAN,
    XSD_DECIMAL,
    XSD_DOUBLE,
    XSD_INTEGER,
    Blank,
    Iri,
    Literal,
    Part,
    Sequence,
    Value,
    key,
)

D = "https://example.org/d/"
E = "https://example.org/e#"
DATE = "http://www.w3.org/2001/XMLSchema#date"
FIRST = pyoxigraph.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#first")
REST = pyoxigraph.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#rest")
NIL = pyoxigraph.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#nil")

SUBJECTS = ("d:a", "d:b", "d:c", f"<{D}a>", "<f>", "e:g.h", "d:\\-x", "_:n1", "_:n2", "d:naïve·x")
VERBS = ("a", "rdf:type", "d:p", "d:q", "e:r", f"<{D}p>", "d:s", "d:t")
WORDS = (
    '"word"',
    "'word'",
    '"with \\"quotes\\" and \\\\"',
    "'it # is no comment ; . , ]'",
    '"""long\nwith "one" and ""two\n\n# no comment\n  end\\""""',
    "'''other ' long '' one'''",
    '"\\u00e9\\U0001F600 \\t tab"',
    '"right \u202e left \u2066 bidi"',
    '""',
    '"é\u2028line"',
    '"d:a a d:C ."',
)
AFTER_WORDS = (
    "",
    "",
    "@en",
    "@nl-NL",
    "^^xsd:date",
    " ^^ d:type",
    "^^<http://x.example/t>",
    " @en",
)
NUMBERS = ("1", "-7", "+007", "1000.0", "1000.00", ".5", "1e3", "1.E-2", "true", "false")
NAMES = (
    "d:a",
    "d:b",
    "e:g.h",
    f"<{D}c>",
    "<f>",
    "_:n1",
    "_:n2",
    "d:%41",
    "d:",
    "e:\\,x",
    "rdf:nil",
)
REMARKS = ("# a word", "#", "# d:x a d:Y .", '# "quote', "# ---- head ----", "# <iri ] ; .")


class Maker:
    """Writes Turtle with a random hand."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.tidy = random.random() < 0.4
        self.newline = random.choice(["\n", "\n", "\r\n", "\r"])

    def text(self) -> str:
        """A whole file."""
        head = [
            f"@prefix d: <{D}> .",
            f"PREFIX e: <{E}>",
            "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .",
            "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .",
            "@base <https://example.org/base/x> .",
        ]
        parts = [
            self.random.choice(["", "\ufeff"]),
            self.gap() if self.random.random() < 0.3 else "",
        ]
        parts += [each + self.gap() for each in head]
        for _ in range(self.random.randint(0, 6)):
            parts += [self.statement(), self.gap()]
            if self.random.random() < 0.1:
                parts.append(f"@prefix d: <{self.random.choice([D, E])}> .{self.gap()}")
        return "".join(parts)

    def gap(self) -> str:
        """Between statements."""
        n = self.newline
        if self.tidy and self.random.random() < 0.6:
            return n + n
        one, two, three = self.remark(), self.remark(), self.remark()
        own = [f"{n}{n}{one}{n}", f"{n}{one}{n}", f"  {one}{n}"]
        own.append(f" {one}{n}{n}{two}{n}  {three}{n}{n}")
        return self.random.choice([n, n + n, n + n + n, " ", "", *own])

    def remark(self) -> str:
        """A comment."""
        return self.random.choice(REMARKS)

    def space(self, usual: str = " ") -> str:
        """Between the words of a statement."""
        if self.tidy or self.random.random() < 0.7:
            return usual
        n = self.newline
        return self.random.choice(
            [" ", "\t", n, f"{n}    ", f" {self.remark()}{n}  ", f"{n}{self.remark()}{n}", "   "]
        )

    def statement(self) -> str:
        """A block."""
        if self.random.random() < 0.1:
            part = self.part(2)
            more = self.properties(2) if part == "[]" or self.random.random() < 0.5 else ""
            return f"{part}{self.space()}{more} ."
        subject = self.random.choice(SUBJECTS)
        said = self.properties(2)
        end = self.space("" if said[-1] in "\"'])" else " ")
        return f"{subject}{self.space()}{said}{end}."

    def properties(self, depth: int) -> str:
        """Verbs and values."""
        indent = self.newline + "  " * (3 - depth)
        found = []
        for _ in range(self.random.randint(1, 4)):
            values = [self.value(depth) for _ in range(self.random.choice([1, 1, 1, 2, 3, 7]))]
            between = f"{self.space()},{self.space()}"
            found.append(f"{self.random.choice(VERBS)}{self.space()}{between.join(values)}")
        ends = [f"{self.space()};{self.space(indent)}", " ;" + indent, f" ; ; {indent}"]
        text = self.random.choice(ends[:2] if self.tidy else ends).join(found)
        return text + (" ;" if self.random.random() < 0.15 else "")

    def value(self, depth: int) -> str:
        """An object."""
        choice = self.random.random()
        if choice < 0.3:
            return self.random.choice(NAMES)
        if choice < 0.5:
            return self.random.choice(NUMBERS)
        if choice < 0.8 or not depth:
            after = self.random.choice(AFTER_WORDS)
            words = self.random.choice(WORDS)
            return (words if self.newline == "\n" else words.replace("\n", " ")) + after
        if choice < 0.93:
            return self.part(depth)
        members = [self.value(depth - 1) for _ in range(self.random.choice([0, 1, 3]))]
        return f"({self.space()}{self.space().join(members)}{self.space()})"

    def part(self, depth: int) -> str:
        """Something in square brackets."""
        if self.random.random() < 0.15:
            return "[]"
        return f"[{self.space()}{self.properties(depth - 1)}{self.space()}]"


# ---- changes ---------------------------------------------------------------------------------


def some_value(random: Random, depth: int = 2) -> Value:
    """A new value."""
    kind = random.randrange(8 if depth else 5)
    if kind == 0:
        return Iri(
            random.choice([D + "a", D + "new", E + "x", "https://other.example/x#y", D + "a/b"])
        )
    if kind == 1:
        text = random.choice(
            ["", 'a "b"', "two\nlines\r\n", "back\\slash\t", "\x01\x7f", "\u202ebidi"]
        )
        return Literal(text + random.choice(["", "é😀", "'''", '"""']))
    if kind == 2:
        return Literal("words", language=random.choice(["en", "nl", "en-GB"]))
    if kind == 3:
        number = ["1.50", "007", "1E3", "true", "+.5", "1.", "x", ""]
        types = [XSD_DECIMAL, XSD_INTEGER, XSD_DOUBLE, XSD_BOOLEAN, DATE]
        return Literal(random.choice(number), random.choice(types))
    if kind == 4:
        return Literal(random.choice(["1", "2", "3.0"]), XSD_DECIMAL)
    if kind == 7:
        return Sequence(tuple(some_value(random, depth - 1) for _ in range(random.randrange(3))))
    return Part(
        tuple(
            (some_predicate(random), some_value(random, depth - 1))
            for _ in range(random.randrange(4))
        )
    )


def some_predicate(random: Random) -> str:
    """A property that may stand in the text already."""
    return random.choice([RDF_TYPE, D + "p", D + "q", E + "r", D + "s", D + "u", "urn:x:y"])


def changed(random: Random, value: Value) -> Value:
    """Nearly the same value."""
    match value:
        case Part(statements) if statements:
            n = random.randrange(len(statements))
            predicate, old = statements[n]
            action = random.randrange(4)
            new = {
                0: ((predicate, changed(random, old)),),
                1: (),
                2: ((predicate, old), (some_predicate(random), some_value(random))),
                3: ((predicate, changed(random, old)), (predicate, some_value(random, 0))),
            }[action]
            return Part((*statements[:n], *new, *statements[n + 1 :]))
        case Sequence(members) if members:
            n = random.randrange(len(members))
            new_members: tuple[Value, ...] = random.choice(
                [(), (changed(random, members[n]),), (members[n], some_value(random))]
            )
            return Sequence((*members[:n], *new_members, *members[n + 1 :]))
        case Literal(lexical, _, language) if not language:
            return replace(value, lexical=lexical + "0")
        case Blank():
            return value
    return some_value(random, 1)


def some_change(random: Random, document: Document) -> Change:
    """A change that can be made."""
    there = document.subjects
    subject = random.choice(there) if there and random.random() < 0.9 else D + "fresh"
    match random.randrange(8):
        case 0:
            fresh = next(each for n in range(99) if (each := f"{D}new-{n}") not in there)
            statements = tuple(
                (some_predicate(random), (some_value(random), some_value(random)))
                for _ in range(random.randint(1, 3))
            )
            return Create(fresh, statements, random.choice([None, subject, D + "nowhere"]))
        case 1:
            return Remove(subject)
        case 2:
            return Rename(
                random.choice([subject, D + "p", DATE, D + "b"]), random.choice([D + "z", "urn:z"])
            )
    said = document.describe(subject)
    predicate = random.choice([*said, *said, some_predicate(random)])
    values = list(said.get(predicate, ()))
    match random.randrange(5):
        case 0:
            values = []
        case 1:
            values.append(some_value(random))
        case 2 if values:
            values.pop(random.randrange(len(values)))
            values.insert(0, some_value(random))
        case 3 if values:
            values.pop(random.randrange(len(values)))
    values = [changed(random, each) if random.random() < 0.3 else each for each in values]
    return Put(subject, predicate, tuple(values))


# ---- what a text says, worked out without the toolkit ------------------------------------------


@dataclass
class Facts:
    """The triples of a text; things without a label have long random names."""

    triples: set[pyoxigraph.Triple]
    fresh: int = 0

    @classmethod
    def of(cls, text: str) -> Facts:
        found = pyoxigraph.parse(text.removeprefix("\ufeff"), format=pyoxigraph.RdfFormat.TURTLE)
        return cls({each.triple for each in found})

    def canonical(self) -> set[pyoxigraph.Quad]:
        """The same with names for blank nodes that depend on nothing but the graph."""
        quads = pyoxigraph.Dataset(pyoxigraph.Quad(*each) for each in self.triples)
        quads.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
        return set(quads)

    def after(self, change: Change) -> Facts:
        """The facts after a change."""
        new = Facts(set(self.triples))
        match change:
            case Put(subject, predicate, values):
                new.take_away(pyoxigraph.NamedNode(subject), pyoxigraph.NamedNode(predicate))
                new.state(pyoxigraph.NamedNode(subject), predicate, values)
            case Create(subject, statements, _):
                for predicate, values in statements:
                    new.state(pyoxigraph.NamedNode(subject), predicate, values)
            case Remove(subject):
                new.take_away(pyoxigraph.NamedNode(subject), None)
            case Rename(old, other):
                new.triples = {_renamed(each, old, other) for each in new.triples}
        return new

    def take_away(self, subject: object, predicate: object | None) -> None:
        found = [
            each
            for each in self.triples
            if each.subject == subject and predicate in (None, each.predicate)
        ]
        self.triples -= set(found)
        for each in found:
            value = each.object
            if isinstance(value, pyoxigraph.BlankNode) and len(value.value) > 10:
                self.take_away(value, None)

    def state(self, subject: object, predicate: str, values: tuple[Value, ...]) -> None:
        known = set()
        for each in values:
            if not isinstance(each, Part | Sequence):
                if key(each) in known:
                    continue
                known.add(key(each))
            self.add(subject, pyoxigraph.NamedNode(predicate), self.term(each))

    def add(self, subject: object, predicate: object, value: object) -> None:
        self.triples.add(pyoxigraph.Triple(subject, predicate, value))  # type: ignore[arg-type]

    def node(self) -> pyoxigraph.BlankNode:
        return pyoxigraph.BlankNode()

    def term(self, value: Value) -> object:
        match value:
            case Iri(iri):
                return pyoxigraph.NamedNode(iri)
            case Literal(lexical, datatype, language):
                if language:
                    return pyoxigraph.Literal(lexical, language=language.lower())
                return pyoxigraph.Literal(lexical, datatype=pyoxigraph.NamedNode(datatype))
            case Blank(label):
                return pyoxigraph.BlankNode(label)
            case Part(statements):
                part = self.node()
                for predicate in dict.fromkeys(each for each, _ in statements):
                    self.state(part, predicate, tuple(v for p, v in statements if p == predicate))
                return part
            case Sequence(members):
                rest: object = NIL
                for each in reversed(members):
                    cell = self.node()
                    self.add(cell, FIRST, self.term(each))
                    self.add(cell, REST, rest)
                    rest = cell
                return rest


def _renamed(triple: pyoxigraph.Triple, old: str, new: str) -> pyoxigraph.Triple:
    def other(term: object) -> object:
        if term == pyoxigraph.NamedNode(old):
            return pyoxigraph.NamedNode(new)
        if isinstance(term, pyoxigraph.Literal) and term.datatype.value == old:
            return pyoxigraph.Literal(term.value, datatype=pyoxigraph.NamedNode(new))
        return term

    return pyoxigraph.Triple(*(other(each) for each in triple))  # type: ignore[arg-type]
