"""The terms a guideline may use: those of the ontology, and what a mistyped one probably means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef

from guidegraph.suggestion import alike
from guidegraph.terms import NAMESPACES, compact, local_name

_CLASSES = (OWL.Class, RDFS.Class)
_PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDF.Property)


@dataclass(frozen=True)
class Vocabulary:
    """What the ontology declares, as plain strings (an rdflib term is never equal to one)."""

    ontology: Graph

    @cached_property
    def classes(self) -> frozenset[str]:
        """IRIs of every class, reused ones included."""
        return self._of(_CLASSES)

    @cached_property
    def properties(self) -> frozenset[str]:
        """IRIs of every property, reused ones included."""
        return self._of(_PROPERTIES)

    @cached_property
    def datatypes(self) -> frozenset[str]:
        """IRIs of the datatypes that literals may have."""
        return self._of((RDFS.Datatype,))

    @cached_property
    def terms(self) -> frozenset[str]:
        """Everything declared."""
        return frozenset(
            str(each) for each in self.ontology.subjects(RDF.type) if isinstance(each, URIRef)
        )

    @cached_property
    def closed(self) -> tuple[str, ...]:
        """Namespaces of which only the declared terms may be used."""
        return tuple(
            namespace
            for namespace in NAMESPACES.values()
            if any(term.startswith(namespace) for term in self.terms)
        )

    def is_closed(self, iri: str) -> bool:
        """Whether an IRI lies in a vocabulary of which every usable term is declared."""
        return iri.startswith(self.closed)

    def nearest(self, iri: str, among: Iterable[str]) -> str | None:
        """The declared term, as a compact name, that a wrong one probably means."""
        near = self._same_name(iri, among) or closest(local_name(iri), self._names(iri, among))
        return compact(near) if near else None

    def _same_name(self, iri: str, among: Iterable[str]) -> str | None:
        """The same local name in another namespace, or with other capitals."""
        wanted = local_name(iri).casefold()
        same = sorted(each for each in among if local_name(each).casefold() == wanted)
        space = iri[: len(iri) - len(local_name(iri))]
        return next((each for each in same if each.startswith(space)), next(iter(same), None))

    def _names(self, iri: str, among: Iterable[str]) -> dict[str, str]:
        """Local names and English labels of the terms in the namespace of an IRI (or of all)."""
        space = next((each for each in self.closed if iri.startswith(each)), "")
        names: dict[str, str] = {}
        for term in sorted(among):
            if term.startswith(space):
                for label in self.ontology.objects(URIRef(term), RDFS.label):
                    if isinstance(label, Literal) and label.language == "en":
                        names.setdefault(str(label).replace(" ", ""), term)
        return names | {local_name(each): each for each in among if each.startswith(space)}

    def _of(self, kinds: Iterable[URIRef]) -> frozenset[str]:
        return frozenset(
            str(each) for kind in kinds for each in self.ontology.subjects(RDF.type, kind)
        )


@lru_cache(maxsize=1)
def vocabulary_of(ontology: Graph) -> Vocabulary:
    """What an ontology declares: there is one in a process, and it is looked through once."""
    return Vocabulary(ontology)


def closest(name: str, known: Mapping[str, str]) -> str | None:
    """The value whose key is most like ``name``, if any is much like it; capitals do not count."""
    near = alike(name, known, 0.75)
    return known[near[0]] if near else None
