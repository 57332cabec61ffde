"""From the graph to the typed guideline, by name.

Each class of the model says which RDF class it is read from, each field which property; this module
only knows the handful of forms a field can have. A thing that lacks something its class cannot do
without is left out and reported; so is a value of the wrong form. Nothing is guessed.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Hashable, Iterator
from dataclasses import MISSING, dataclass, field, fields
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, cast

from rdflib import RDF, RDFS, Literal, URIRef
from rdflib.term import Node

from guidegraph.diagnostic import Diagnostic, Location, Severity, in_order
from guidegraph.entity import Code, Entity, Iri, Part, Ref, Text, Ucum
from guidegraph.model import CLASSES, PARTS, CodeTerm, Guideline, Header
from guidegraph.read import Sources
from guidegraph.terms import compact, expand, local_name

NOTATION = URIRef(expand("skos:notation"))
IN_SCHEME = URIRef(expand("skos:inScheme"))
MODEL: tuple[type[Entity | Part], ...] = (*CLASSES, *PARTS)
KINDS: dict[Node, type[Entity | Part]] = {URIRef(expand(kind.CLASS)): kind for kind in MODEL}


class _UnfitError(Exception):
    """A value does not have the form its field needs."""


@dataclass(frozen=True, slots=True)
class _Slot:
    """One field of a model class: its property, the form of its values, and how many it holds."""

    name: str
    predicate: URIRef
    form: Any
    collects: bool
    required: bool


def lift(sources: Sources) -> tuple[Guideline | None, tuple[Diagnostic, ...]]:
    """The typed guideline, and what in the graph does not fit the model.

    Returns None for the guideline if the graph describes none, or more than one.
    """
    reader = _Lifter(sources)
    header = reader.header()
    if header is None:
        return None, in_order(reader.findings)
    guideline = Guideline(
        header=header,
        entities={entity.id: entity for entity in reader.entities()},
        codes=_codes(sources),
    )
    return guideline, in_order(reader.findings)


@dataclass(slots=True)
class _Lifter:
    sources: Sources
    findings: list[Diagnostic] = field(default_factory=list)
    namespace: str = ""

    def header(self) -> Header | None:
        """The one guideline the graph describes."""
        kind = URIRef(expand(Header.CLASS))
        subjects = sorted(self.sources.graph.subjects(RDF.type, kind), key=self._where)
        if len(subjects) != 1:
            self._report_headers(subjects)
            return None
        namespace = self.sources.graph.value(
            subjects[0], URIRef(expand("vann:preferredNamespaceUri"))
        )
        self.namespace = str(namespace or "")
        found = self._entity(subjects[0], Header)
        return found if isinstance(found, Header) else None

    def entities(self) -> Iterator[Entity]:
        """Everything that has a class of the model, in the order of the files."""
        typed = {subject for subject in self.sources.graph.subjects(RDF.type) if _is_iri(subject)}
        taken: dict[str, Entity] = {}
        for subject in sorted(typed, key=self._where):
            kind = self._kind(subject)
            entity = self._entity(subject, kind) if kind else None
            if entity is None:
                continue
            if first := taken.get(entity.id):
                self._report_same_name(entity, first)
                continue
            taken[entity.id] = entity
            yield entity

    def _kind(self, subject: Node) -> type[Entity] | None:
        """The most specific model class of a thing."""
        found = {
            KINDS[kind] for kind in self.sources.graph.objects(subject, RDF.type) if kind in KINDS
        }
        specific = [
            kind for kind in found if not any(o is not kind and issubclass(o, kind) for o in found)
        ]
        specific.sort(key=lambda kind: kind.CLASS)
        if len(specific) > 1:
            self.findings.append(
                Diagnostic(
                    code="F103",
                    severity=Severity.ERROR,
                    message=f"`{self._id(subject)}` is said to be several things at once: "
                    + ", ".join(kind.CLASS for kind in specific)
                    + ".",
                    at=self._where_typed(subject),
                    why="One thing has one kind; otherwise nobody knows which rules hold for it.",
                    help="Keep the class that is meant, or describe two things.",
                    subject=self._id(subject),
                )
            )
        return specific[0] if specific and issubclass(specific[0], Entity) else None

    def _entity(self, subject: Node, kind: type[Entity]) -> Entity | None:
        values = self._values(subject, kind)
        if values is None:
            return None
        places = {
            compact(str(predicate)): self.sources.places[subject, predicate, value]
            for _, predicate, value in sorted(
                self.sources.graph.triples((subject, None, None)), key=self._place, reverse=True
            )
            if (subject, predicate, value) in self.sources.places
        }
        return kind(
            id=self._id(subject),
            iri=str(subject),
            at=self._where_typed(subject),
            places=tuple(sorted(places.items())),
            **values,
        )

    def _part(self, node: Node, kind: type[Part]) -> Part:
        values = self._values(node, kind)
        if values is None:
            raise _UnfitError(f"is not a complete {kind.CLASS}")
        return kind(**values)

    def _values(self, subject: Node, kind: type[Any]) -> dict[str, Any] | None:
        """The fields of a thing; None if one it cannot do without is missing."""
        values: dict[str, Any] = {}
        complete = True
        for slot in _slots(cast("Hashable", kind)):
            found = self._slot(subject, slot)
            if found:
                values[slot.name] = tuple(found) if slot.collects else found[0]
            elif slot.required:
                complete = False
                self._report_missing(subject, kind, slot)
        return values if complete else None

    def _slot(self, subject: Node, slot: _Slot) -> list[Any]:
        graph = self.sources.graph
        triples = sorted(graph.triples((subject, slot.predicate, None)), key=self._place)
        if slot.form is Text:
            words = [v for _, _, v in triples if isinstance(v, Literal)]
            return (
                [Text(tuple((word.language or "", str(word)) for word in words))] if words else []
            )
        found = []
        for triple in triples:
            try:
                found.append(self._value(triple[2], slot.form))
            except _UnfitError as unfit:
                self._report_unfit(triple, unfit)
        return found

    def _value(self, node: Node, form: Any) -> Any:
        if isinstance(form, type) and issubclass(form, Part):
            return self._part(node, form)
        if form in (Ref, Code, Iri, Ucum):
            if not isinstance(node, URIRef):
                raise _UnfitError("should be a name (an IRI), not a text or number")
            return self._named(node, form)
        if not isinstance(node, Literal):
            if form is str and isinstance(node, URIRef):
                return str(node)
            raise _UnfitError("should be a text or number, not a name")
        return _literal(str(node), form)

    def _named(self, node: URIRef, form: Any) -> str:
        if form is Iri:
            return str(node)
        if form is Code:
            return local_name(node)
        if form is Ucum:
            for graph in (self.sources.ontology, self.sources.graph):
                if (notation := graph.value(node, NOTATION)) is not None:
                    return str(notation)
            raise _UnfitError("is not a known unit")
        return self._id(node)

    def _id(self, node: Node) -> str:
        iri = str(node)
        if self.namespace and iri.startswith(self.namespace):
            return iri[len(self.namespace) :]
        return local_name(iri)

    def _place(self, triple: Any) -> tuple[object, ...]:
        at = self.sources.places.get(triple)
        return (at.file, at.line, at.column, triple[2]) if at else ("", 0, 0, triple[2])

    def _where(self, subject: Node) -> tuple[object, ...]:
        at = self._where_typed(subject)
        return (at.file, at.line, at.column, str(subject))

    def _where_typed(self, subject: Node) -> Location:
        places = self.sources.subjects.get(subject, ())
        return places[0] if places else Location(str(self.sources.root), 1)

    def _report_headers(self, subjects: list[Node]) -> None:
        one = len(subjects) > 1
        self.findings.append(
            Diagnostic(
                code="F101",
                severity=Severity.ERROR,
                message="This folder describes several guidelines."
                if one
                else "This folder describes no guideline.",
                at=self._where_typed(subjects[1]) if one else Location(str(self.sources.root), 1),
                why="A guideline folder holds exactly one thing of class gg:Guideline: its header.",
                help="Keep one header, or put the other guideline into a folder of its own."
                if one
                else "Add a header; `guidegraph new DIR` writes a small guideline to start from.",
            )
        )

    def _report_same_name(self, entity: Entity, first: Entity) -> None:
        self.findings.append(
            Diagnostic(
                code="F104",
                severity=Severity.ERROR,
                message=f"Two different things are called `{entity.id}`.",
                at=entity.at,
                why=f"<{entity.iri}> and <{first.iri}> have the same local name, which is what "
                "patient files, cases and pages use.",
                help="Give one of them another name.",
                subject=entity.id,
                related=((first.at, "the first one is here"),),
            )
        )

    def _report_missing(self, subject: Node, kind: type[Any], slot: _Slot) -> None:
        if not _is_iri(subject):
            return
        self.findings.append(
            Diagnostic(
                code="F102",
                severity=Severity.ERROR,
                message=f"`{self._id(subject)}` lacks {compact(str(slot.predicate))}, "
                f"which every {kind.CLASS} needs.",
                at=self._where_typed(subject),
                why="Without it this thing cannot be used and is left out.",
                help=f"Add {compact(str(slot.predicate))}, or remove `{self._id(subject)}`.",
                subject=self._id(subject),
            )
        )

    def _report_unfit(self, triple: Any, unfit: _UnfitError) -> None:
        subject, predicate, value = triple
        shown = str(value) if isinstance(value, Literal) else compact(str(value))
        self.findings.append(
            Diagnostic(
                code="F105",
                severity=Severity.ERROR,
                message=f"{compact(str(predicate))} of `{self._id(subject)}`: `{shown}` {unfit}.",
                at=self.sources.places.get(triple) or self._where_typed(subject),
                why="The value does not have the form this property needs.",
                help="See the property's definition in the ontology reference.",
                subject=self._id(subject) if _is_iri(subject) else None,
            )
        )


def _is_iri(node: Node) -> bool:
    return isinstance(node, URIRef)


def _literal(text: str, form: Any) -> Any:
    """A literal's value, exactly; numbers never become binary floats."""
    if form is bool:
        if text in ("true", "1"):
            return True
        if text in ("false", "0"):
            return False
        raise _UnfitError("should be true or false")
    if form in (int, Decimal):
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise _UnfitError("should be a number") from None
        if form is int and number != number.to_integral_value():
            raise _UnfitError("should be a whole number")
        return form(number)
    return text


@cache
def _slots(kind: Hashable) -> tuple[_Slot, ...]:
    """The fields of a model class that are read from the graph."""
    assert isinstance(kind, type)
    hints = typing.get_type_hints(kind)
    found = []
    for each in fields(cast("Any", kind)):
        if "term" not in each.metadata:
            continue
        form, collects, optional = _form(hints[each.name])
        required = not (optional or collects or each.default not in (None, MISSING))
        predicate = URIRef(expand(each.metadata["term"]))
        found.append(_Slot(each.name, predicate, form, collects, required))
    return tuple(found)


def _form(hint: Any) -> tuple[Any, bool, bool]:
    """The form of a field's values, whether it collects them, and whether it may be absent."""
    origin = typing.get_origin(hint)
    if origin is tuple:
        return typing.get_args(hint)[0], True, False
    if origin in (typing.Union, types.UnionType):
        inner = next(each for each in typing.get_args(hint) if each is not type(None))
        return inner, False, True
    return hint, False, False


def _codes(sources: Sources) -> dict[str, CodeTerm]:
    """The terms of the ontology's code lists by local name."""
    graph = sources.ontology
    norm, position = URIRef(expand("gg:norm")), URIRef(expand("schema:position"))
    definition = URIRef(expand("skos:definition"))
    found = {}
    for term in sorted({s for s in graph.subjects(IN_SCHEME) if isinstance(s, URIRef)}):
        rank = graph.value(term, position)
        stated = graph.value(term, norm)
        found[local_name(str(term))] = CodeTerm(
            id=local_name(str(term)),
            iri=str(term),
            at=Location("ontology", 1),
            label=_words(graph.objects(term, RDFS.label)),
            definition=_words(graph.objects(term, definition)),
            scheme=local_name(min(str(each) for each in graph.objects(term, IN_SCHEME))),
            norm=None if stated is None else str(stated),
            rank=None if rank is None else int(str(rank)),
        )
    return found


def _words(values: Iterator[Node]) -> Text:
    literals = sorted(value for value in values if isinstance(value, Literal))
    return Text(tuple((each.language or "", str(each)) for each in literals))
