"""The things of the guideline as people look for them: by name, by class, by what names them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from rdflib import RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from guidegraph.edit.pages.frame import desk_of
from guidegraph.forms import shacl
from guidegraph.forms.known import Known, Thing, folded
from guidegraph.terms import expand, local_name

if TYPE_CHECKING:
    from starlette.requests import Request

_GG = expand("gg:")
_LABELS = (RDFS.label, SKOS.prefLabel, SKOS.notation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A thing of the guideline in a list: what it is called, and what it is."""

    iri: str
    label: str
    local: str
    cls: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A place in which a thing is named: by which thing, under which property."""

    by: Listed
    words: str


class Catalogue:
    """Everything the drafted guideline describes, made once for each state of it."""

    def __init__(self, graph: Graph, ontology: Graph, known: Known) -> None:
        self.graph, self.ontology, self.known = graph, ontology, known
        self._kinds: dict[frozenset[Node], str] = {}
        self._depth: dict[Node, int] = {}

    @cached_property
    def things(self) -> tuple[Listed, ...]:
        """Every thing with a name and a class, in the order of their names."""
        own = {each for each in self.graph.subjects(RDF.type) if isinstance(each, URIRef)}
        found = [self._listed(each) for each in own]
        return tuple(sorted(found, key=lambda each: (each.kind, each.label.casefold(), each.iri)))

    @cached_property
    def by_iri(self) -> Mapping[str, Listed]:
        """The same by IRI."""
        return {each.iri: each for each in self.things}

    @cached_property
    def by_local(self) -> Mapping[str, str]:
        """The IRI of each local name, as findings give it."""
        return {each.local: each.iri for each in self.things}

    @cached_property
    def classes(self) -> Mapping[str, int]:
        """How many things there are of each class."""
        return Counter(each.cls for each in self.things)

    def kind(self, cls: str) -> str:
        """What a thing of a class is called: ``recommendation``."""
        for source in (self.ontology, self.graph):
            if said := shacl.words(source, URIRef(cls), RDFS.label, "en"):
                return said
        return local_name(cls)

    def property_words(self, path: str) -> str:
        """What a property is called."""
        for source in (self.ontology, self.graph):
            if said := shacl.words(source, URIRef(path), RDFS.label, "en"):
                return said
        return local_name(path)

    def label(self, iri: str) -> str:
        """What a thing or a term is called."""
        there = self.by_iri.get(iri)
        known = None if there else self.known.by_iri(iri)
        return there.label if there else known.label if known else local_name(iri) or iri

    def class_of(self, iri: str) -> str:
        """The class whose form a thing has: ours before others, the most special one."""
        classes = frozenset(self.graph.objects(URIRef(iri), RDF.type))
        if classes not in self._kinds:
            best = max(classes, key=self._weight, default=None)
            self._kinds[classes] = str(best) if best is not None else ""
        return self._kinds[classes]

    def is_a(self, iri: str, cls: str) -> bool:
        """Whether a thing is of this class or one below it."""
        kind = self.class_of(iri)
        return bool(kind) and URIRef(cls) in shacl.above(self.ontology, URIRef(kind))

    def found(self, words: str, cls: str = "") -> tuple[Listed, ...]:
        """The things of which every one of these words is in a name; the closest come first."""
        wanted = folded(words).split()
        among = [each for each in self.things if not cls or each.cls == cls]
        if not wanted:
            return tuple(among)
        ranked = []
        for each in among:
            place = _rank(wanted, self._names(each))
            if place is not None:
                ranked.append((place, each.label.casefold(), each))
        return tuple(each for *_, each in sorted(ranked, key=lambda one: one[:2]))

    def choices(self, classes: Iterable[str], words: str, most: int) -> list[Thing]:
        """What may be named by a field that names things of these classes."""
        asked = tuple(classes)
        among = self.known.of(asked) if asked else self.known.things
        own = self.by_iri
        wanted = folded(words).split()
        ranked = []
        for each in among:
            if not asked and each.iri not in own:
                continue
            names = [folded(one) for one in (each.label, each.local, *each.names)]
            place = _rank(wanted, names) if wanted else 0
            if place is not None:
                ranked.append((place, each.iri not in own, each.label.casefold(), each))
        return [each for *_, each in sorted(ranked, key=lambda one: one[:3])[:most]]

    def uses(self, iri: str) -> tuple[Use, ...]:
        """Where a thing is named, each place once."""
        found: dict[tuple[str, str], None] = {}
        for subject, predicate in self.graph.subject_predicates(URIRef(iri)):
            owner = self._owner(subject)
            if isinstance(owner, URIRef) and str(owner) in self.by_iri:
                found[str(owner), str(predicate)] = None
        made = (
            Use(by=self.by_iri[owner], words=self.property_words(path)) for owner, path in found
        )
        return tuple(sorted(made, key=lambda each: (each.by.kind, each.by.label, each.words)))

    def _owner(self, node: Node) -> Node:
        """The thing inside which a part stands."""
        seen: set[Node] = set()
        while not isinstance(node, URIRef) and node not in seen:
            seen.add(node)
            node = next(self.graph.subjects(None, node), node)
        return node

    def _weight(self, cls: Node) -> tuple[bool, int, str]:
        if cls not in self._depth:
            self._depth[cls] = len(shacl.above(self.ontology, cls))
        is_ours = str(cls).startswith(_GG) or (cls, RDF.type, None) in self.graph
        return is_ours, self._depth[cls], str(cls)

    def _listed(self, node: URIRef) -> Listed:
        cls = self.class_of(str(node))
        label = next((w for each in _LABELS if (w := self._said(node, each))), "")
        local = local_name(str(node))
        return Listed(
            iri=str(node), label=label or local, local=local, cls=cls, kind=self.kind(cls)
        )

    def _said(self, node: Node, predicate: Node) -> str:
        return shacl.words(self.graph, node, predicate, "en")

    def _names(self, thing: Listed) -> list[str]:
        known = self.known.by_iri(thing.iri)
        return [
            folded(each) for each in (thing.label, thing.local, *(known.names if known else ()))
        ]


def _rank(wanted: list[str], names: list[str]) -> int | None:
    """How close names are to the words that are wanted: 0 is best; None: a word is in no name."""
    every = " ".join(names)
    if any(each not in every for each in wanted):
        return None
    whole = " ".join(wanted)
    if whole in names:
        return 0
    if any(each.startswith(whole) for each in names):
        return 1
    return 2 if any(whole in each for each in names) else 3


def catalogue(request: Request) -> Catalogue:
    """The things of the guideline as drafted now."""
    desk, state = desk_of(request), request.app.state
    revision = desk.revision
    held: tuple[str, Catalogue] | None = getattr(state, "catalogue", None)
    if held is None or held[0] != revision:
        sources = desk.looked.sources
        held = (revision, Catalogue(sources.graph, sources.ontology, desk.known))
        state.catalogue = held
    return held[1]


def words_of(graph: Graph, iri: str, path: str) -> str:
    """What a thing says under a property, in English if it does."""
    said = [e for e in graph.objects(URIRef(iri), URIRef(path)) if isinstance(e, Literal)]
    best = sorted(said, key=lambda each: each.language != "en")
    return str(best[0]) if best else ""
