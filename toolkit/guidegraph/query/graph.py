"""The graph that is asked: a guideline and the ontology, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from guidegraph import resources
from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.errors import ReadError
from guidegraph.query.parameters import Vocabulary
from guidegraph.terms import NAMESPACES

PREFIXES = (
    *("gg", "code", "u", "rdf", "rdfs", "skos", "prov", "dcterms", "oa", "cito", "xsd"),
    *("schema", "sh", "bibo", "fabio", "owl", "vann"),
)


@dataclass(frozen=True)
class Graph:
    """A guideline and the ontology, ready to be asked. ``namespace`` is that of ``d:``."""

    store: ox.Store
    namespace: str | None

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that need no declaration."""
        known = {name: NAMESPACES[name] for name in PREFIXES}
        return known | ({"d": self.namespace} if self.namespace else {})

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What names in parameters may mean."""
        return Vocabulary(self.prefixes, _Things(self.store))


class _Things(Set[str]):
    """The IRIs of everything that is described. Whether one is among them is seen at once."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    @cached_property
    def _all(self) -> tuple[str, ...]:
        quads = self._store.quads_for_pattern(None, None, None)
        found = {each.subject.value for each in quads if isinstance(each.subject, ox.NamedNode)}
        return tuple(sorted(found))

    def __contains__(self, iri: object) -> bool:
        try:
            thing = ox.NamedNode(str(iri))
        except ValueError:
            return False
        return next(self._store.quads_for_pattern(thing, None, None), None) is not None

    def __iter__(self) -> Iterator[str]:
        """In the order of their names."""
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


def load(folder: Path, overlay: Path | None = None) -> Graph:
    """The graph of a guideline folder, of an overlay if there is one, and of the ontology.

    Raises:
        ReadError: if the folder or one of its files cannot be read.
    """
    number = _Numbers()
    store = ox.Store()
    try:
        for text in (*_texts(folder), *(_texts(overlay) if overlay else ())):
            store.extend(number.quads(text))
    except (SyntaxError, ValueError):
        store = ox.Store()
        store.extend(number.quads(_as_read(folder, overlay)))
    return _with_ontology(store, number)


def statements(folder: Path) -> tuple[ox.Quad, ...]:
    """The statements of a guideline folder and of the ontology, with values as they are written.

    Raises:
        ReadError: if the folder or one of its files cannot be read.
    """
    number = _Numbers()
    try:
        own = [each for text in _texts(folder) for each in number.quads(text)]
    except (SyntaxError, ValueError):
        own = [*number.quads(_as_read(folder, None))]
    return (*own, *(each for text in ontology_texts() for each in number.quads(text)))


def published(turtle: str) -> Graph:
    """The graph of a guideline that was written as one Turtle file, and of the ontology."""
    number = _Numbers()
    store = ox.Store()
    store.extend(number.quads(turtle))
    return _with_ontology(store, number)


def ontology_texts() -> tuple[str, ...]:
    """The files of the ontology as Turtle, in order."""
    folder = resources.ontology_folder()
    return tuple(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.ttl")))


def texts(folder: Path) -> tuple[str, ...]:
    """Every text that the graph of a guideline folder is made of, in order.

    Raises:
        ReadError: if the folder or one of its files cannot be read.
    """
    return (*_texts(folder), *ontology_texts())


def _with_ontology(store: ox.Store, number: _Numbers) -> Graph:
    namespace = _namespace(store)
    for text in ontology_texts():
        store.extend(number.quads(text))
    return Graph(store, namespace)


def _texts(folder: Path) -> Iterator[str]:
    """The files of a guideline, in order."""
    from guidegraph.read.folder import load as text_of
    from guidegraph.read.folder import turtle_files

    files, findings = turtle_files(folder)
    read = [text_of(path) for path in files]
    for _, faults in read:
        findings += faults
    _refuse(findings)
    yield from (text for text, _ in read if text is not None)


def _as_read(folder: Path, overlay: Path | None) -> str:
    """The statements as the reader finds them; it knows best what is wrong with a file."""
    from guidegraph.read import read

    sources = read(folder, overlay)
    _refuse(sources.findings)
    return "".join(sorted(sources.graph.serialize(format="nt").splitlines(keepends=True)))


def _refuse(findings: Iterable[Diagnostic]) -> None:
    errors = [each for each in findings if each.severity is Severity.ERROR]
    if errors:
        raise ReadError(errors)


@dataclass(slots=True)
class _Numbers:
    """Names for blank nodes that are the same on every run: counted in the order of the files."""

    count: int = 0
    names: dict[ox.BlankNode, ox.BlankNode] = field(default_factory=dict)

    def quads(self, turtle: str) -> Iterator[ox.Quad]:
        """The statements of a Turtle file."""
        self.names.clear()
        for each in ox.parse(turtle, ox.RdfFormat.TURTLE):
            subject, value = each.subject, each.object
            if isinstance(subject, ox.BlankNode):
                subject = self._name(subject)
            if isinstance(value, ox.BlankNode):
                value = self._name(value)
            yield ox.Quad(subject, each.predicate, value)

    def _name(self, node: ox.BlankNode) -> ox.BlankNode:
        if node not in self.names:
            self.count += 1
            self.names[node] = ox.BlankNode(f"b{self.count}")
        return self.names[node]


def _namespace(store: ox.Store) -> str | None:
    """The namespace of the one guideline in the store."""
    kind, says = ox.NamedNode(NAMESPACES["rdf"] + "type"), NAMESPACES["vann"]
    for header in store.quads_for_pattern(None, kind, ox.NamedNode(NAMESPACES["gg"] + "Guideline")):
        told = ox.NamedNode(says + "preferredNamespaceUri")
        for each in store.quads_for_pattern(header.subject, told, None):
            if isinstance(each.object, ox.Literal | ox.NamedNode):
                return each.object.value
    return None
