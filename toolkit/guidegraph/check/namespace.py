"""The names in the files of a guideline: its own, those described, and how they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rdflib import DCTERMS, OWL, RDF, RDFS, URIRef
from rdflib.term import Node

from guidegraph.check.prefixes import mistaken_namespaces
from guidegraph.check.vocabulary import Vocabulary
from guidegraph.diagnostic import Diagnostic
from guidegraph.read import Sources
from guidegraph.terms import compact, expand, local_name

ELSEWHERE = {
    DCTERMS.isVersionOf,
    DCTERMS.replaces,
    OWL.priorVersion,
    OWL.versionIRI,
    RDFS.isDefinedBy,
    RDFS.seeAlso,
}
"""Properties that point at documents, also at ones under the guideline's own address."""

_NAMESPACE = URIRef(expand("vann:preferredNamespaceUri"))
_PREFIX = URIRef(expand("vann:preferredNamespacePrefix"))
_ADAPTATION = URIRef(expand("gg:LocalAdaptation"))
UNREAD = "Nothing reads a term that is not in the ontology, so what it says would be lost."


@dataclass(frozen=True)
class Names:
    """The sources together with what questions about names need to know of them."""

    sources: Sources
    vocabulary: Vocabulary

    @cached_property
    def header(self) -> URIRef | None:
        """The guideline's own node, if there is exactly one."""
        found = [
            each
            for each in self.sources.graph.subjects(RDF.type, URIRef(expand("gg:Guideline")))
            if isinstance(each, URIRef)
        ]
        return found[0] if len(found) == 1 else None

    @cached_property
    def own(self) -> str | None:
        """The guideline's own namespace, as its header states it."""
        found = list(self.sources.graph.objects(self.header, _NAMESPACE)) if self.header else []
        return str(found[0]) if len(found) == 1 and str(found[0]) else None

    @cached_property
    def spaces(self) -> dict[str, str]:
        """The namespaces of the guideline and of its local adaptations, with their prefixes."""
        local = {
            str(space): str(self.sources.graph.value(each, _PREFIX) or "l")
            for each in self.sources.graph.subjects(RDF.type, _ADAPTATION)
            for space in self.sources.graph.objects(each, _NAMESPACE)
        }
        return local | ({self.own: self.prefix} if self.own else {})

    def owns(self, iri: str) -> bool:
        """Whether a name belongs to the guideline or to a local adaptation."""
        return str(iri).startswith(self._beginnings)

    @cached_property
    def _beginnings(self) -> tuple[str, ...]:
        return tuple(self.spaces)

    def stands_in_known_space(self, subject: URIRef) -> bool:
        """Whether it is known with what a name must begin: an overlay may have forgotten to say."""
        at = self.sources.at(subject)
        return len(self.spaces) > 1 or at is None or at.file not in self.sources.local_files

    @cached_property
    def prefix(self) -> str:
        """The prefix of the guideline's own names, as its header states it."""
        own = self.sources.graph.value(self.header, _PREFIX) if self.header else None
        return str(own) if own is not None else "d"

    @cached_property
    def described(self) -> dict[str, URIRef]:
        """Local names of the guideline's own things that have a type."""
        mine = [each for each in self.sources.subjects if isinstance(each, URIRef)]
        return {local_name(each): each for each in mine if self.own and self.owns(each)}

    @cached_property
    def undescribed(self) -> set[Node]:
        """Names of the guideline's own that something points at and nothing describes."""
        triples = self.sources.places
        pointed = {each[2] for each in triples if type(each[2]) is URIRef}
        nowhere = pointed.difference(each[0] for each in triples)
        return {each for each in nowhere if self.owns(str(each)) and str(each) not in self.spaces}

    @cached_property
    def mistaken(self) -> dict[str, Diagnostic]:
        """Namespaces that a prefix stands for by mistake, with the finding that says so."""
        return mistaken_namespaces(self.sources.prefixes, self.own, self.prefix)

    def fitting(self, predicate: Node) -> dict[str, str]:
        """Names of the described things that are of a kind which ``predicate`` points at."""
        graph = self.sources.graph
        values = set(graph.objects(None, predicate))
        kinds = {kind for value in values for kind in graph.objects(value, RDF.type)}
        fit = {
            name: name
            for name, node in self.described.items()
            if not kinds.isdisjoint(graph.objects(node, RDF.type))
        }
        return fit if kinds else {name: name for name in self.described}

    def name(self, iri: str) -> str:
        """How an IRI is shown: ``d:name``, ``gg:term``, or in full."""
        for space, prefix in self.spaces.items():
            if iri.startswith(space):
                return f"{prefix}:{iri[len(space) :]}"
        return compact(iri)

    def lost(self, iri: str) -> bool:
        """Whether nothing can be said of an IRI: its statement or its prefix is broken."""
        return str(iri) in self.sources.broken or str(iri).startswith(tuple(self.mistaken))


def subject_of(node: Node) -> str | None:
    """The local name by which a finding says what it is about; None for a part without a name."""
    return local_name(node) if isinstance(node, URIRef) else None
