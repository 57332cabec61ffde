"""Terms: every property, class and code is one that the ontology declares."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import OWL, RDF, Literal, URIRef
from rdflib.term import Node

from guidegraph.check.namespace import ELSEWHERE, UNREAD, Names, subject_of
from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.read import Triple


def unknown_terms(names: Names) -> Iterator[Diagnostic]:
    """R101: a property, class or code that the ontology does not have."""
    vocabulary = names.vocabulary
    told: set[tuple[str, Location]] = set()
    first, passed = str(RDF.first), {str(RDF.rest), str(OWL.imports)}
    for triple in _doubtful(names):
        subject, predicate, value = triple
        term = str(predicate)
        if term in passed or names.lost(term):
            continue
        if term == first:
            yield _list(names, triple)
        elif term not in vocabulary.properties:
            at = names.sources.verbs[triple]
            if (term, at) not in told:
                told.add((term, at))
                yield _unknown(names, term, vocabulary.properties, at, subject)
        if isinstance(value, URIRef) and term != first and not names.lost(value):
            yield from _unknown_value(names, triple)


def _doubtful(names: Names) -> list[Triple]:
    """The triples with a property, or with a name of a closed vocabulary, that is not declared.

    Most triples say one of a few hundred things, so these are looked at before the triples are.
    """
    vocabulary = names.vocabulary
    triples = names.sources.places
    values = {each[2] for each in triples if type(each[2]) is URIRef}
    odd: set[Node] = {
        each for each in {triple[1] for triple in triples} if str(each) not in vocabulary.properties
    }
    closed = {each for each in values if vocabulary.is_closed(str(each))}
    other = {each for each in closed if str(each) not in vocabulary.terms}
    kinds = {each for each in closed if str(each) not in vocabulary.classes}
    if not odd and not other and not kinds:
        return []
    return [
        each
        for each in triples
        if each[1] in odd or each[2] in other or (each[1] == RDF.type and each[2] in kinds)
    ]


def _unknown_value(names: Names, triple: Triple) -> Iterator[Diagnostic]:
    vocabulary = names.vocabulary
    subject, predicate, value = triple[0], triple[1], str(triple[2])
    at = names.sources.places[triple]
    if not vocabulary.is_closed(value):
        return
    if predicate == RDF.type and value not in vocabulary.classes:
        yield _unknown(names, value, vocabulary.classes, at, subject)
    elif value not in vocabulary.terms and predicate not in ELSEWHERE:
        yield _unknown(names, value, vocabulary.terms, at, subject)


def _unknown(
    names: Names, term: str, among: frozenset[str], at: Location, subject: Node
) -> Diagnostic:
    near = names.vocabulary.nearest(term, among)
    kinds = {names.vocabulary.classes: "class", names.vocabulary.properties: "property"}
    kind = kinds.get(among, "term")
    return Diagnostic(
        code="R101",
        severity=Severity.ERROR,
        message=f"There is no {kind} `{names.name(term)}`.",
        at=at,
        why=UNREAD,
        help=f"Did you mean `{near}`?" if near else f"Look up the {kind} in the ontology.",
        subject=subject_of(subject),
    )


def _list(names: Names, triple: Triple) -> Diagnostic:
    return Diagnostic(
        code="R101",
        severity=Severity.ERROR,
        message="A list in round brackets stands here, and no property takes one.",
        at=names.sources.places[triple],
        why=UNREAD,
        help="Give several values with commas between them: `gg:operand d:A , d:B`.",
    )


def foreign_types(names: Names) -> Iterator[Diagnostic]:
    """R106: a class that is in none of the vocabularies of the ontology."""
    vocabulary = names.vocabulary
    for triple in names.sources.graph.triples((None, RDF.type, None)):
        subject, _, kind = triple
        known = str(kind) in vocabulary.classes or vocabulary.is_closed(str(kind))
        if known or names.lost(str(kind)):
            continue
        shown = "A text" if isinstance(kind, Literal) else f"`{names.name(str(kind))}`"
        near = vocabulary.nearest(str(kind), vocabulary.classes)
        yield Diagnostic(
            code="R106",
            severity=Severity.ERROR,
            message=f"{shown} is not a class that guidelines use.",
            at=names.sources.places[triple],
            why=UNREAD,
            help=f"Did you mean `{near}`?" if near else "Choose a class of the ontology.",
            subject=subject_of(subject),
        )
