"""Whether every property of ours stands with a thing of a kind that has it.

A thing with the wrong class drops out of the guideline as silently as if it had been deleted: a
recommendation that is called an observable is none. Its properties give it away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import lru_cache

from rdflib import RDF, RDFS, Graph, URIRef
from rdflib.term import Node

from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.entity import Entity
from guidegraph.read import Sources
from guidegraph.terms import NAMESPACES, compact, expand, local_name

DOMAIN = URIRef(expand("schema:domainIncludes"))
COMMON = {
    URIRef(expand(each.metadata["term"])) for each in fields(Entity) if "term" in each.metadata
}
"""Properties that things of every kind have."""


def check_domains(sources: Sources) -> Iterator[Diagnostic]:
    """A finding for the first property of each thing that things of its kind do not have."""
    homes = _homes(sources.ontology)
    first: dict[Node, tuple[Location, Node]] = {}
    classes: dict[Node, set[Node]] = {}
    for (subject, term, _), at in sources.verbs.items():
        if term not in homes or str(subject) in sources.broken:
            continue
        if (above := classes.get(subject)) is None:
            above = classes[subject] = _above(sources, _kinds(sources, subject))
        if above and not above & homes[term]:
            first[subject] = min(first.get(subject, (at, term)), (at, term))
    for subject, (at, term) in first.items():
        yield _misplaced(sources, subject, term, _kinds(sources, subject), homes[term], at)


def _kinds(sources: Sources, subject: Node) -> set[Node]:
    return {each for each in sources.graph.objects(subject, RDF.type) if _is_ours(each)}


@lru_cache(maxsize=1)
def _homes(ontology: Graph) -> dict[Node, frozenset[Node]]:
    """The classes that each property of ours belongs to, but for what everything can have."""
    terms = {each for each in ontology.subjects(DOMAIN) if _is_ours(each)} - COMMON
    return {each: frozenset(ontology.objects(each, DOMAIN)) for each in terms}


def _is_ours(node: Node) -> bool:
    return str(node).startswith(NAMESPACES["gg"])


def _above(sources: Sources, kinds: set[Node]) -> set[Node]:
    """Classes, and all classes above them."""
    return {
        above
        for each in kinds
        for above in sources.ontology.transitive_objects(each, RDFS.subClassOf)
        if above is not None
    }


def _misplaced(
    sources: Sources,
    subject: Node,
    term: Node,
    kinds: set[Node],
    homes: frozenset[Node],
    at: Location,
) -> Diagnostic:
    name = local_name(str(subject)) if isinstance(subject, URIRef) else None
    kind = " and ".join(sorted(compact(str(each)) for each in kinds))
    fitting = ", ".join(sorted(compact(str(each)) for each in homes))
    begins = sources.at(subject)
    return Diagnostic(
        code="R111",
        severity=Severity.ERROR,
        message=f"`{name or 'This part'}` is a {kind}, which has no {compact(str(term))}.",
        at=at,
        why="What does not fit the class of a thing is never read; or the class is wrong, and the "
        "thing is not read as what it is.",
        help=f"Correct the class or the property. {compact(str(term))} belongs to: {fitting}.",
        subject=name,
        related=((begins, "its class is given here"),) if begins else (),
    )
