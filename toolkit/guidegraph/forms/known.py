"""The things there are, and finding one by what people call it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from rdflib import RDF, RDFS, SKOS, Graph, Literal, URIRef

from guidegraph.forms import shacl
from guidegraph.terms import NAMESPACES, local_name

_NAMES = (RDFS.label, SKOS.notation, SKOS.prefLabel, SKOS.altLabel)


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing with its classes (those above included) and all names under which it is known."""

    iri: str
    classes: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What it is called first, or else its local name."""
        return self.names[0] if self.names else self.local

    @property
    def local(self) -> str:
        """What follows the last slash or hash of its IRI."""
        return local_name(self.iri)


@dataclass(frozen=True)
class Known:
    """Things of a guideline and terms of the ontology, and the prefixes people may write."""

    things: tuple[Thing, ...] = ()
    prefixes: dict[str, str] = field(default_factory=lambda: dict(NAMESPACES))

    def of(self, classes: Iterable[str]) -> tuple[Thing, ...]:
        """The things of any of these classes."""
        wanted = set(classes)
        return tuple(each for each in self.things if wanted & each.classes)

    def by_iri(self, iri: str) -> Thing | None:
        """The thing of this name."""
        return self._by_iri.get(iri)

    @cached_property
    def _by_iri(self) -> dict[str, Thing]:
        return {each.iri: each for each in self.things}

    def with_more(self, *things: Thing) -> Known:
        """These and others."""
        return Known((*self.things, *things), self.prefixes)

    def full(self, typed: str) -> str | None:
        """The IRI that ``<...>``, ``https://...`` or ``d:name`` stands for, if it is one."""
        if typed.startswith("<") and typed.endswith(">"):
            return typed[1:-1]
        if "://" in typed or typed.startswith(("urn:", "mailto:")):
            return typed
        prefix, colon, local = typed.partition(":")
        if colon and prefix in self.prefixes and " " not in local:
            return self.prefixes[prefix] + local
        return None


def known(graph: Graph, ontology: Graph, prefixes: dict[str, str] | None = None) -> Known:
    """Every thing with a name that a guideline or the ontology describes."""
    above = {
        cls: frozenset(map(str, shacl.above(ontology, cls)))
        for source in (graph, ontology)
        for cls in set(source.objects(None, RDF.type))
    }
    found = []
    for source in (ontology, graph):
        for node in sorted({s for s in source.subjects(RDF.type) if isinstance(s, URIRef)}):
            classes = {one for cls in source.objects(node, RDF.type) for one in above[cls]}
            found.append(Thing(str(node), frozenset(classes), _names(source, node)))
    return Known(tuple(found), NAMESPACES | (prefixes or {}))


def _names(graph: Graph, node: URIRef) -> tuple[str, ...]:
    told: dict[str, None] = {}
    for predicate in _NAMES:
        said = [each for each in graph.objects(node, predicate) if isinstance(each, Literal)]
        said.sort(key=lambda each: (each.language != "en", str(each)))
        told.update(dict.fromkeys(map(str, said)))
    return tuple(told)


def called(things: Iterable[Thing], typed: str) -> tuple[Thing, ...]:
    """The things that are called so: by local name, or else by a label or notation.

    Capitals and spaces at the ends do not count; what is closest to the letter comes first alone.
    """
    among = tuple(things)
    wanted = folded(typed)
    for same in (
        [each for each in among if each.local == typed.strip()],
        [each for each in among if folded(each.local) == wanted],
        [each for each in among if wanted in map(folded, each.names)],
    ):
        if same:
            return tuple(same)
    return ()


def folded(text: str) -> str:
    """Words without what does not tell names apart."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
