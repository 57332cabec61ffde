"""What there is to ask about: the kinds of things in a graph, and what is said of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

import pyoxigraph as ox

from guidegraph.query.graph import Graph
from guidegraph.terms import NAMESPACES

TYPE = ox.NamedNode(NAMESPACES["rdf"] + "type")
LABEL = ox.NamedNode(NAMESPACES["rdfs"] + "label")


@dataclass(frozen=True, slots=True)
class Property:
    """A property by its IRI, and of how many things of a kind it says something."""

    iri: str
    count: int


@dataclass(frozen=True, slots=True)
class Kind:
    """A class by its IRI: what it is called, how many things are of it, what is said of them."""

    iri: str
    label: str
    count: int
    properties: tuple[Property, ...]


def kinds(graph: Graph, namespace: str) -> tuple[Kind, ...]:
    """The classes in a namespace that have members, the most numerous first."""
    said: dict[ox.NamedNode | ox.BlankNode | ox.Triple, set[str]] = defaultdict(set)
    of: dict[str, list[ox.NamedNode | ox.BlankNode | ox.Triple]] = defaultdict(list)
    for each in graph.store.quads_for_pattern(None, None, None):
        said[each.subject].add(each.predicate.value)
        if each.predicate != TYPE or not isinstance(each.object, ox.NamedNode):
            continue
        if each.object.value.startswith(namespace):
            of[each.object.value].append(each.subject)
    found = []
    for iri, things in of.items():
        used = Counter(predicate for thing in things for predicate in said[thing])
        del used[TYPE.value]
        properties = tuple(
            Property(name, count)
            for name, count in sorted(used.items(), key=lambda each: (-each[1], each[0]))
        )
        found.append(Kind(iri, _label(graph, iri), len(things), properties))
    return tuple(sorted(found, key=lambda each: (-each.count, each.iri)))


def _label(graph: Graph, iri: str) -> str:
    """The English label of a class; its IRI's last part where it has none."""
    for each in graph.store.quads_for_pattern(ox.NamedNode(iri), LABEL, None):
        if isinstance(each.object, ox.Literal) and each.object.language in ("en", None):
            return each.object.value
    return iri.removeprefix(NAMESPACES["gg"])
