"""The ontology as it is shown to people: its files in their order, with classes, properties, rules.

Everything is read from the Turtle itself; nothing about a term is written a second time here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

import pyoxigraph as ox

from guidegraph import resources
from guidegraph.entity import Text
from guidegraph.terms import compact, expand

CLASSES = ("owl:Class", "rdfs:Class")
PROPERTIES = ("owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty")
REUSED = "rdf:Property"
DEFINITIONS = ("skos:definition", "rdfs:comment")


@dataclass(frozen=True, slots=True)
class Rule:
    """What a shape asks of one property of a class. ``most`` is None where there is no limit."""

    path: str
    least: int = 0
    most: int | None = None
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A class or property by its compact name; ``of`` are the classes a property is meant for."""

    name: str
    label: Text
    definition: Text
    is_class: bool
    broader: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    code_lists: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file of the ontology: its name, what its first lines say of it, and its terms in order."""

    name: str
    about: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ontology:
    """The whole, with what it says of itself."""

    iri: str
    version: str
    title: str
    description: str
    license: str
    parts: tuple[Part, ...]

    @property
    def terms(self) -> dict[str, Term]:
        """Every term by its compact name."""
        return {each.name: each for part in self.parts for each in part.terms}


@dataclass(slots=True)
class _Said:
    """The statements of the ontology, by subject and property."""

    said: dict[tuple[str, str], list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def names(self, subject: str, *properties: str) -> Iterator[str]:
        for each in properties:
            for value in self.said.get((subject, expand(each)), ()):
                if isinstance(value, ox.NamedNode):
                    yield compact(value.value)

    def text(self, subject: str, *properties: str) -> Text:
        """The words of the first of these properties that has any."""
        for each in properties:
            found = self.said.get((subject, expand(each)), ())
            words = [(e.language or "en", e.value) for e in found if isinstance(e, ox.Literal)]
            if words:
                return Text(tuple(sorted(words, key=lambda said: said[0] != "en")))
        return Text()

    def value(self, subject: str, name: str) -> str:
        """One value as text; empty where there is none."""
        found = self.said.get((subject, expand(name)), ())
        return next((_plain(each) for each in found), "")

    def nodes(self, subject: str, name: str) -> Iterator[str]:
        yield from (_plain(each) for each in self.said.get((subject, expand(name)), ()))


@cache
def ontology() -> Ontology:
    """The ontology that travels with the package. A fault in there is a fault of ours."""
    said, parts = _Said(), []
    for path in sorted(resources.ontology_folder().rglob("*.ttl")):
        text = path.read_text("utf-8")
        subjects = []
        for each in ox.parse(text, ox.RdfFormat.TURTLE):
            subject = _node(each.subject, path.stem)
            said.said[subject, each.predicate.value].append(_named(each.object, path.stem))
            subjects.append(subject)
        parts.append((path.stem, _about(text), tuple(dict.fromkeys(subjects))))
    rules = _rules(said, [each for _, _, subjects in parts for each in subjects])
    own = next(s for _, _, found in parts for s in found if "owl:Ontology" in _kinds(said, s))
    return Ontology(
        iri=own,
        version=said.value(own, "owl:versionInfo"),
        title=str(said.text(own, "dcterms:title")),
        description=str(said.text(own, "dcterms:description")),
        license=said.value(own, "dcterms:license"),
        parts=tuple(
            Part(name=name, about=about, terms=found)
            for name, about, subjects in parts
            if (found := tuple(_terms(said, subjects, rules)))
        ),
    )


def _terms(said: _Said, subjects: Iterable[str], rules: dict[str, list[Rule]]) -> Iterator[Term]:
    for each in subjects:
        kinds = _kinds(said, each)
        is_class = not kinds.isdisjoint(CLASSES)
        if not is_class and kinds.isdisjoint((*PROPERTIES, REUSED)):
            continue
        yield Term(
            name=compact(each),
            label=said.text(each, "rdfs:label"),
            definition=said.text(each, *DEFINITIONS),
            is_class=is_class,
            broader=tuple(said.names(each, "rdfs:subClassOf", "rdfs:subPropertyOf")),
            of=tuple(dict.fromkeys(said.names(each, "rdfs:domain", "schema:domainIncludes"))),
            values=tuple(dict.fromkeys(said.names(each, "rdfs:range", "schema:rangeIncludes"))),
            code_lists=tuple(said.names(each, "gg:codeList")),
            rules=tuple(rules.get(compact(each), ())),
        )


def _rules(said: _Said, subjects: Iterable[str]) -> dict[str, list[Rule]]:
    """What the shapes ask of the properties of each class, in the order they are written."""
    found: dict[str, list[Rule]] = defaultdict(list)
    for shape in subjects:
        for kind in said.names(shape, "sh:targetClass"):
            for each in said.nodes(shape, "sh:property"):
                path = next(said.names(each, "sh:path"), "")
                if path:
                    found[kind].append(_rule(said, each, path))
    return found


def _rule(said: _Said, shape: str, path: str) -> Rule:
    least = said.value(shape, "sh:minCount") or said.value(shape, "sh:qualifiedMinCount")
    most = said.value(shape, "sh:maxCount") or said.value(shape, "sh:qualifiedMaxCount")
    return Rule(
        path=path,
        least=int(least or 0),
        most=int(most) if most else None,
        code=said.value(shape, "gg:code"),
        message=str(said.text(shape, "sh:message")),
    )


def _kinds(said: _Said, subject: str) -> set[str]:
    return set(said.names(subject, "rdf:type"))


def _about(text: str) -> str:
    """The first paragraph of the comment at the head of a file."""
    lines = []
    for line in text.splitlines():
        told = line.removeprefix("#").strip()
        if not line.startswith("#") or not told:
            break
        lines.append(told)
    return re.sub(r"\s+", " ", " ".join(lines))


Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def _node(node: Node, file: str) -> str:
    """A node by its IRI; one without, by its file and number."""
    return f"{file}:{node.value}" if isinstance(node, ox.BlankNode) else _plain(node)


def _named(node: Node, file: str) -> Node:
    return ox.Literal(_node(node, file)) if isinstance(node, ox.BlankNode) else node


def _plain(node: Node) -> str:
    return "" if isinstance(node, ox.Triple) else node.value
