"""The shapes of the ontology applied to a graph, by pySHACL.

pySHACL sees the guideline together with the few facts of the ontology that shapes ask for: which
class is under which, which code is in which list, what is a unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from rdflib import RDF, RDFS, SH, SKOS, BNode, Graph, URIRef
from rdflib.term import Node

from guidegraph.read import Sources, Triple
from guidegraph.read.memory import in_memory
from guidegraph.terms import expand

UNIT = URIRef(expand("gg:Unit"))
AIMS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)


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
    from pyshacl import validate

    _less_words()
    _, report, _ = validate(
        _described(triples, ontology),
        shacl_graph=_direct(ontology),
        inference="none",
        advanced=False,
        meta_shacl=False,
        allow_infos=True,
        allow_warnings=True,
        inplace=True,
    )
    assert isinstance(report, Graph)
    return tuple(
        Result(
            shape=_one(report, each, SH.sourceShape),
            component=_one(report, each, SH.sourceConstraintComponent),
            focus=_one(report, each, SH.focusNode),
            value=report.value(each, SH.value),
        )
        for each in report.objects(None, SH.result)  # not those that only explain another
    )


@cache
def _less_words() -> None:
    """Everything that leans on the inside of pySHACL (0.40), to the same results in half the time.

    It keeps the parameters it knows in a list that it searches for every triple of every shape; the
    map holds the same names and is searched at once. And it describes each result in sentences,
    also those of the alternatives of an ``sh:or`` that it then throws away; nobody reads them here.
    """
    from pyshacl import shape
    from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP as PARAMETERS
    from pyshacl.constraints.constraint_component import ConstraintComponent

    vars(shape)["CONSTRAINT_PARAMS"] = (PARAMETERS, PARAMETERS)
    setattr(ConstraintComponent, "make_v_result", _bare_result)  # noqa: B010 (mypy: a method)


def _bare_result(
    self: Any,
    datagraph: object,
    focus_node: Node,
    value_node: Node | None = None,
    result_path: object = None,
    constraint_component: Node | None = None,
    *_: object,
    **__: object,
) -> tuple[str, Node, list[Triple]]:
    """What ``results`` asks for, in the form in which pySHACL passes results on."""
    result = BNode()
    stated: list[Triple] = [
        (result, RDF.type, SH.ValidationResult),
        (result, SH.sourceShape, self.shape.node),
        (
            result,
            SH.sourceConstraintComponent,
            constraint_component or self.shacl_constraint_component,
        ),
        (result, SH.resultSeverity, self.shape.severity),  # by it some are let pass
        (result, SH.focusNode, focus_node),
    ]
    if value_node is not None:
        stated.append((result, SH.value, value_node))
    return "", result, stated


@lru_cache(maxsize=1)
def _direct(shapes: Graph) -> Graph:
    """The same shapes, with every property shape aimed at what its node shape aims at.

    There is one ontology in a process, so this is done once.

    pySHACL validates a property shape below a node shape once for each node, which takes four times
    as long as once for all of them. Results name the property shape and the node either way.
    """
    direct = in_memory(shapes)
    for shape, part in shapes.subject_objects(SH.property):
        aims = [(aim, at) for aim in AIMS for at in shapes.objects(shape, aim)]
        if aims:
            direct.remove((shape, SH.property, part))
        for aim, at in aims:
            direct.add((part, aim, at))
    return direct


def _one(report: Graph, result: Node, predicate: URIRef) -> Node:
    found = report.value(result, predicate)
    assert found is not None
    return found


def _described(triples: Iterable[Triple], ontology: Graph) -> Graph:
    """The triples, with what shapes need to know of the ontology."""
    whole = Graph()  # pySHACL asks for a store with contexts
    for triple in triples:
        whole.add(triple)
    for triple in _facts(ontology):
        whole.add(triple)
    return whole


def _facts(ontology: Graph) -> Iterator[Triple]:
    for predicate in (RDFS.subClassOf, SKOS.inScheme):
        yield from ontology.triples((None, predicate, None))
    for unit in ontology.subjects(RDF.type, UNIT):
        yield unit, RDF.type, UNIT
