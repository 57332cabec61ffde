"""The shapes of the ontology applied to a graph.

They are compiled once and see the guideline together with the few facts of the ontology that they
ask for: which class is under which, which code is in which list, what is a unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from rdflib import RDF, RDFS, SKOS, Graph, URIRef
from rdflib.term import Node

from guidegraph.columns.rdflib_terms import as_rdflib, from_rdflib
from guidegraph.read import Sources, Triple
from guidegraph.terms import expand

if TYPE_CHECKING:
    from guidegraph.columns.columns import Columns, Term
    from guidegraph.shacl.results import Result as Told
    from guidegraph.shacl.shapes import Shapes

UNIT = URIRef(expand("gg:Unit"))


@dataclass(frozen=True, slots=True)
class Result:
    """One validation result: the shape that is not met, by which node, at which value if any."""

    shape: Node
    component: Node
    focus: Node
    value: Node | None


def validated(sources: Sources) -> tuple[Result, ...]:
    """What the shapes of the ontology find in a guideline."""
    return results(sources.graph, sources.ontology)


def results(triples: Iterable[Triple], ontology: Graph) -> tuple[Result, ...]:
    """What the shapes of the ontology find in these triples, in no particular order."""
    if (shapes := _compiled(ontology)) is None:
        return results_by_pyshacl(triples, ontology)
    from guidegraph.shacl.data import Data
    from guidegraph.shacl.engine import Engine
    from guidegraph.shacl.results import results as told

    nodes, columns = _columns(chain(triples, _facts(ontology)))
    data = Data(columns)
    engine = Engine(data, shapes)
    found = _in_rdflib(told(data, engine.results()), nodes)
    return results_by_pyshacl(triples, ontology) if engine.findings else found


def results_by_pyshacl(triples: Iterable[Triple], ontology: Graph) -> tuple[Result, ...]:
    """The same by pySHACL, to which the other is held; it takes far longer."""
    from guidegraph.columns.reading import Loaded
    from guidegraph.shacl.reference import judged

    nodes, columns = _columns(chain(triples, _facts(ontology)))
    found = judged(Loaded(columns, ()), Loaded(_columns(ontology)[1], ()))
    return _in_rdflib(found, nodes)


def _in_rdflib(found: Iterable[Told], nodes: list[Node]) -> tuple[Result, ...]:
    """Results of nodes by their numbers."""

    def node(term: Term, number: int) -> Node:
        return nodes[number] if 0 <= number < len(nodes) else as_rdflib(term)

    return tuple(
        Result(
            shape=as_rdflib(each.shape),
            component=as_rdflib(each.component),
            focus=node(each.focus, each.rows[0]),
            value=None if each.value is None else node(each.value, each.rows[2]),
        )
        for each in found
    )


@lru_cache(maxsize=1)
def _compiled(ontology: Graph) -> Shapes | None:
    """The shapes of an ontology; None if one of them cannot be compiled.

    There is one ontology in a process, so this is done once.
    """
    from guidegraph.shacl import reading
    from guidegraph.shacl.queries.constraints import Sparql, defined

    _, columns = _columns(ontology)
    found = reading.read(columns, lambda *_: None, lambda graph: (Sparql, *defined(graph)))
    return None if found.findings or found.left else found


def _columns(triples: Iterable[Triple]) -> tuple[list[Node], Columns]:
    """Triples as columns, and the nodes by their numbers."""
    import numpy as np

    from guidegraph.columns.columns import Columns, Terms

    places: dict[Node, int] = {}
    numbers: dict[Term, int] = {}
    nodes: list[Node] = []
    codes: list[int] = []
    for node in chain.from_iterable(triples):
        if (place := places.get(node)) is None:
            place = places[node] = numbers.setdefault(from_rdflib(node), len(nodes))
            if place == len(nodes):  # a text with and without its datatype is the same
                nodes.append(node)
        codes.append(place)
    table = np.array(codes, dtype=np.int32).reshape(-1, 3)
    subjects, predicates, objects = (table[:, each].copy() for each in range(3))
    return nodes, Columns(Terms(numbers), subjects, predicates, objects)


def _facts(ontology: Graph) -> Iterator[Triple]:
    for predicate in (RDFS.subClassOf, SKOS.inScheme):
        yield from ontology.triples((None, predicate, None))
    for unit in ontology.subjects(RDF.type, UNIT):
        yield unit, RDF.type, UNIT
