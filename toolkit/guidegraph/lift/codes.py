"""The terms of the ontology's code lists, with their labels, norms and ranks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rdflib import RDFS, Graph, Literal, URIRef
from rdflib.term import Node

from guidegraph.diagnostic import Location
from guidegraph.entity import Text
from guidegraph.model import CodeTerm
from guidegraph.terms import expand, local_name

IN_SCHEME = URIRef(expand("skos:inScheme"))
NORM = URIRef(expand("gg:norm"))
POSITION = URIRef(expand("schema:position"))
ALLOWS = URIRef(expand("gg:allowsJudgement"))
DEFINITION = URIRef(expand("skos:definition"))
ALTERNATIVE = URIRef(expand("skos:altLabel"))


def code_terms(ontology: Graph) -> dict[str, CodeTerm]:
    """Every term of a code list by local name."""
    return dict(_code_terms(ontology))


@lru_cache(maxsize=1)
def _code_terms(ontology: Graph) -> dict[str, CodeTerm]:
    """There is one ontology in a process, so this is done once."""
    terms = {each for each in ontology.subjects(IN_SCHEME) if isinstance(each, URIRef)}
    return {local_name(each): _term(ontology, each) for each in sorted(terms)}


def _term(ontology: Graph, term: URIRef) -> CodeTerm:
    rank, norm = ontology.value(term, POSITION), ontology.value(term, NORM)
    schemes = sorted(local_name(str(each)) for each in ontology.objects(term, IN_SCHEME))
    return CodeTerm(
        id=local_name(term),
        iri=str(term),
        at=Location("ontology", 1),
        label=_words(ontology.objects(term, RDFS.label)),
        definition=_words(ontology.objects(term, DEFINITION)),
        alternative_labels=tuple(sorted(map(str, ontology.objects(term, ALTERNATIVE)))),
        schemes=tuple(schemes),
        allows=tuple(sorted(local_name(str(each)) for each in ontology.objects(term, ALLOWS))),
        norm=None if norm is None else str(norm),
        rank=None if rank is None else int(str(rank)),
    )


def _words(values: Iterable[Node]) -> Text:
    literals = sorted(value for value in values if isinstance(value, Literal))
    return Text(tuple((each.language or "", str(each)) for each in literals))
