"""From the graph to the typed guideline, by name.

Each class of the model says which RDF class it is read from, each field which property; this room
only knows the handful of forms a field can have (``slots``). A thing that lacks something its class
cannot do without is left out (a shape reports it: every such property is demanded by one), and a
value of the wrong form is reported. Nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, cast

from rdflib import RDF, RDFS, Literal, URIRef
from rdflib.term import Node

from guidegraph.diagnostic import Diagnostic, Location, in_order
from guidegraph.entity import Code, Entity, Iri, Part, Ref, Text, Ucum
from guidegraph.lift import faults
from guidegraph.lift.codes import code_terms
from guidegraph.lift.slots import Slot, UnfitError, literal, slots
from guidegraph.model import CLASSES, PARTS, Guideline, Header
from guidegraph.read import Sources, display
from guidegraph.terms import compact, expand, local_name

NOTHING: Mapping[Node, Entity] = MappingProxyType({})
NOTATION = URIRef(expand("skos:notation"))
NAMESPACE = URIRef(expand("vann:preferredNamespaceUri"))
HEADER = URIRef(expand(Header.CLASS))
MODEL: tuple[type[Entity | Part], ...] = (*CLASSES, *PARTS)
KINDS: dict[Node, type[Entity | Part]] = {URIRef(expand(kind.CLASS)): kind for kind in MODEL}
NAME = re.compile(r"[\w.-]+")
Triple = tuple[Node, Node, Node]


def lift(
    sources: Sources, known: Mapping[Node, Entity] = NOTHING
) -> tuple[Guideline | None, tuple[Diagnostic, ...]]:
    """The typed guideline, and what in the graph does not fit the model.

    ``known`` are things that were lifted before, of which nothing has changed since, their places
    included. Returns None for the guideline if the graph describes none, or more than one.
    """
    reader = _Lifter(sources, known)
    header = reader.header()
    if header is None:
        return None, in_order(reader.findings)
    guideline = Guideline(
        header=header,
        entities={entity.id: entity for entity in reader.entities()},
        codes=code_terms(sources.ontology),
    )
    return guideline, in_order(reader.findings)


@dataclass(slots=True)
class _Lifter:
    """Reads one graph. ``owner`` is the thing being read, also while reading its parts.

    ``stated`` has the statements about each thing by property: most properties of the model are not
    stated of most things, and to ask the graph for each of them takes longer than all the rest.
    """

    sources: Sources
    known: Mapping[Node, Entity]
    findings: list[Diagnostic] = field(default_factory=list)
    namespace: str = ""
    owner: str = ""
    stated: dict[Node, dict[Node, list[Triple]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for triple in self.sources.places:
            if triple[0] in self.known:
                continue
            self.stated.setdefault(triple[0], {}).setdefault(triple[1], []).append(triple)
        for of in self.stated.values():
            for triples in of.values():
                if len(triples) > 1:
                    triples.sort(key=lambda each: (self._place(each), each[2]))

    def header(self) -> Header | None:
        """The one guideline the graph describes."""
        graph = self.sources.graph
        subjects = sorted(graph.subjects(RDF.type, HEADER), key=self._order)
        if len(subjects) != 1:
            places = [self._begin(each) for each in subjects]
            self.findings.append(faults.headers(places, display(self.sources.root)))
            return None
        self.namespace = str(graph.value(subjects[0], NAMESPACE) or "")
        found = self.known.get(subjects[0]) or self._entity(subjects[0], Header)
        return found if isinstance(found, Header) else None

    def entities(self) -> Iterator[Entity]:
        """Everything that has a class of the model, in the order of the files."""
        typed = {s for s in self.sources.graph.subjects(RDF.type) if isinstance(s, URIRef)}
        for subject in sorted(typed, key=self._order):
            if (known := self.known.get(subject)) is not None:
                yield known
                continue
            kind = self._kind(subject)
            entity = self._entity(subject, kind) if kind else None
            if entity is None:
                continue
            if not NAME.fullmatch(entity.id):
                self.findings.append(faults.unusable_name(entity.id, entity.at))
            yield entity

    def _kind(self, subject: URIRef) -> type[Entity] | None:
        """The most specific model class of a thing."""
        classes = self.sources.graph.objects(subject, RDF.type)
        found = {kind for each in classes for kind in self._model_classes(each)}
        specific = [
            kind
            for kind in found
            if not any(other is not kind and issubclass(other, kind) for other in found)
        ]
        specific.sort(key=lambda kind: kind.CLASS)
        if len(specific) > 1:
            names = [kind.CLASS for kind in specific]
            name = self._id(subject)
            self.findings.append(faults.several_kinds(name, names, self._begin(subject)))
        chosen = specific[0] if specific else None
        return chosen if chosen and issubclass(chosen, Entity) else None

    def _model_classes(self, of: Node) -> Iterable[type[Entity | Part]]:
        """The model's class for an RDF class, or those of the classes above it."""
        if of in KINDS:
            return (KINDS[of],)
        above = self.sources.ontology.transitive_objects(of, RDFS.subClassOf)
        return [KINDS[each] for each in above if each in KINDS]

    def _entity(self, subject: Node, kind: type[Entity]) -> Entity | None:
        self.owner = self._id(subject)
        values = self._values(subject, kind)
        if values is None:
            return None
        known = self.sources.places
        places = {
            compact(str(predicate)): next(known[each] for each in triples if each in known)
            for predicate, triples in self.stated[subject].items()
            if any(each in known for each in triples)
        }
        return kind(
            id=self._id(subject),
            iri=str(subject),
            at=self._begin(subject),
            places=tuple(sorted(places.items())),
            **values,
        )

    def _part(self, node: Node, kind: type[Part]) -> Part:
        values = self._values(node, kind)
        if values is None:
            raise UnfitError(f"is not a complete {kind.CLASS}")
        return kind(**values)

    def _values(self, subject: Node, kind: type[Entity | Part]) -> dict[str, Any] | None:
        """The fields of a thing; None if one it cannot do without is missing."""
        values: dict[str, Any] = {}
        complete = True
        for slot in slots(cast("Hashable", kind)):
            found = self._slot(subject, slot)
            if found:
                values[slot.name] = tuple(found) if slot.collects else found[0]
            elif slot.required:
                complete = False
        return values if complete else None

    def _slot(self, subject: Node, slot: Slot) -> list[Any]:
        triples = self.stated.get(subject, {}).get(slot.predicate, [])
        if slot.form is Text:
            return self._text(triples)
        if len(triples) > 1 and not slot.collects:
            places = [self._place(each) for each in triples]
            term = compact(slot.predicate)
            self.findings.append(faults.several_values(self.owner, term, places))
        found = []
        for triple in triples:
            try:
                found.append(self._value(triple[2], slot.form))
            except UnfitError as unfit:
                self._report(triple, unfit)
        return found

    def _text(self, triples: Iterable[Triple]) -> list[Any]:
        """One text in all its languages."""
        words = []
        for triple in triples:
            if isinstance(value := triple[2], Literal):
                words.append((value.language or "", str(value)))
            else:
                self._report(triple, UnfitError("should be a text, not a name"))
        return [Text(tuple(words))] if words else []

    def _report(self, triple: Triple, unfit: UnfitError) -> None:
        _, predicate, value = triple
        shown = compact(str(value)) if isinstance(value, URIRef) else str(value)
        if not isinstance(value, URIRef | Literal):
            shown = "[ … ]"
        place = self._place(triple)
        self.findings.append(
            faults.unfit(self.owner, compact(str(predicate)), shown, str(unfit), place)
        )

    def _value(self, node: Node, form: Any) -> Any:
        if isinstance(form, type) and issubclass(form, Part):
            return self._part(node, form)
        if form in (Ref, Code, Iri, Ucum):
            if not isinstance(node, URIRef):
                raise UnfitError("should be a name (an IRI), not a text or number")
            return self._named(node, form)
        if not isinstance(node, Literal):
            if form is str and isinstance(node, URIRef):
                return str(node)
            raise UnfitError("should be a text or number, not a name")
        return literal(str(node), form)

    def _named(self, node: URIRef, form: Any) -> str:
        if form is Iri:
            return str(node)
        if form is Code:
            return local_name(node)
        if form is Ucum:
            for graph in (self.sources.ontology, self.sources.graph):
                if (notation := graph.value(node, NOTATION)) is not None:
                    return str(notation)
            raise UnfitError("is not a known unit")
        return self._id(node)

    def _id(self, node: Node) -> str:
        iri = str(node)
        if self.namespace and iri.startswith(self.namespace):
            return iri[len(self.namespace) :]
        return local_name(iri)

    def _place(self, triple: Triple) -> Location:
        return self.sources.places.get(triple) or self._begin(triple[0])

    def _order(self, subject: Node) -> tuple[Location, str]:
        return self._begin(subject), str(subject)

    def _begin(self, subject: Node) -> Location:
        """Where the description of a thing begins."""
        places = self.sources.subjects.get(subject, ())
        return places[0] if places else Location(str(self.sources.root), 1)
