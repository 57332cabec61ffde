"""Names: every term is in the ontology, every thing is described, once, under a name of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from textwrap import shorten

from rdflib import DCTERMS, OWL, RDF, RDFS, BNode, Literal, URIRef
from rdflib.term import Node

from guidegraph.check.likeness import foreign_letter, hidden_sign, skeleton
from guidegraph.check.prefixes import mistaken_namespaces
from guidegraph.check.vocabulary import Vocabulary, closest
from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.read import Sources, Triple
from guidegraph.terms import compact, expand, local_name

_ELSEWHERE = {
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
_UNREAD = "Nothing reads a term that is not in the ontology, so what it says would be lost."


@dataclass(frozen=True)
class _Names:
    """The sources together with what every question below needs to know of them."""

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


def check_names(sources: Sources) -> Iterator[Diagnostic]:
    """Every finding about names, question by question."""
    names = _Names(sources, Vocabulary(sources.ontology))
    for question in QUESTIONS:
        yield from question(names)


def _subject(node: Node) -> str | None:
    return local_name(node) if isinstance(node, URIRef) else None


def unknown_terms(names: _Names) -> Iterator[Diagnostic]:
    """R101: a property, class or code that the ontology does not have."""
    vocabulary = names.vocabulary
    told: set[tuple[str, Location]] = set()
    first, passed = str(RDF.first), {str(RDF.rest), str(OWL.imports)}
    for triple in names.sources.places:  # every triple, far faster than the graph tells them
        subject, predicate, value = triple
        term = str(predicate)  # texts compare far faster than terms
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


def _unknown_value(names: _Names, triple: Triple) -> Iterator[Diagnostic]:
    vocabulary = names.vocabulary
    subject, predicate, value = triple[0], triple[1], str(triple[2])
    at = names.sources.places[triple]
    if not vocabulary.is_closed(value):
        return
    if predicate == RDF.type and value not in vocabulary.classes:
        yield _unknown(names, value, vocabulary.classes, at, subject)
    elif value not in vocabulary.terms and predicate not in _ELSEWHERE:
        yield _unknown(names, value, vocabulary.terms, at, subject)


def _unknown(
    names: _Names, term: str, among: frozenset[str], at: Location, subject: Node
) -> Diagnostic:
    near = names.vocabulary.nearest(term, among)
    kinds = {names.vocabulary.classes: "class", names.vocabulary.properties: "property"}
    kind = kinds.get(among, "term")
    return Diagnostic(
        code="R101",
        severity=Severity.ERROR,
        message=f"There is no {kind} `{names.name(term)}`.",
        at=at,
        why=_UNREAD,
        help=f"Did you mean `{near}`?" if near else f"Look up the {kind} in the ontology.",
        subject=_subject(subject),
    )


def _list(names: _Names, triple: Triple) -> Diagnostic:
    return Diagnostic(
        code="R101",
        severity=Severity.ERROR,
        message="A list in round brackets stands here, and no property takes one.",
        at=names.sources.places[triple],
        why=_UNREAD,
        help="Give several values with commas between them: `gg:operand d:A , d:B`.",
    )


def unknown_references(names: _Names) -> Iterator[Diagnostic]:
    """R102: a name of the guideline's own that nothing describes."""
    graph = names.sources.graph
    if names.own is None:
        return
    for triple in names.sources.places:
        subject, predicate, value = triple
        if not isinstance(value, URIRef) or not names.owns(value) or value in names.spaces:
            continue
        is_named = value in names.sources.subjects or (value, None, None) in graph
        if is_named or predicate == RDF.type or predicate in _ELSEWHERE or names.lost(value):
            continue
        near = closest(local_name(value), names.fitting(predicate))
        yield Diagnostic(
            code="R102",
            severity=Severity.ERROR,
            message=f"`{names.name(value)}` is used here but described nowhere.",
            at=names.sources.places[triple],
            why=f"`{names.name(str(predicate))}` points at nothing.",
            help=_advice(names, value, near),
            subject=_subject(subject),
        )


def _advice(names: _Names, value: URIRef, near: str | None) -> str:
    if near:
        return f"Did you mean `{names.name(names.described[near])}`?"
    return f"Describe it: `{names.name(value)} a ...`"


def described_twice(names: _Names) -> Iterator[Diagnostic]:
    """R103: two blocks that both say what a thing is."""
    for subject, places in names.sources.subjects.items():
        for at in places[1:] if isinstance(subject, URIRef) else ():
            yield Diagnostic(
                code="R103",
                severity=Severity.ERROR,
                message=f"`{names.name(str(subject))}` is described a second time.",
                at=at,
                why="Two things under one name run into each other, and one thing described in "
                "two places is changed in only one of them.",
                help="Give the second thing a name of its own, or put all that is said about one "
                "thing into one block.",
                subject=_subject(subject),
                related=((places[0], "it is described first here"),),
            )


def outside_namespace(names: _Names) -> Iterator[Diagnostic]:
    """R104: a thing described under a name that is not the guideline's own."""
    own, header = names.own, names.header
    if own is None or header is None:
        return
    if not header.startswith(own):
        yield _outside(names, header, own)
        return
    subjects = {each[0] for each in names.sources.places if isinstance(each[0], URIRef)}
    for subject in sorted(filter(names.stands_in_known_space, subjects)):
        if not names.owns(subject) and not str(subject).startswith(tuple(names.mistaken)):
            yield _outside(names, subject, own)


def _outside(names: _Names, subject: URIRef, own: str) -> Diagnostic:
    return Diagnostic(
        code="R104",
        severity=Severity.ERROR,
        message=f"`{names.name(subject)}` is described here under a name not the guideline's own.",
        at=names.sources.at(subject),
        why=f"Everything a guideline describes has a name that begins with `{own}` "
        "(its vann:preferredNamespaceUri).",
        help=f"Use the prefix of that namespace: `{names.prefix}:{local_name(subject)}`. "
        "To say which outside concept is meant, point at it with skos:exactMatch.",
        subject=local_name(subject),
    )


def without_type(names: _Names) -> Iterator[Diagnostic]:
    """R105: something described without saying what it is."""
    kinds = {RDF.type, RDF.first}
    typed = {each[0] for each in names.sources.places if each[1] in kinds}
    for subject in sorted({each[0] for each in names.sources.places} - typed, key=str):
        if names.lost(str(subject)):
            continue
        shown = "This" if isinstance(subject, BNode) else f"`{names.name(str(subject))}`"
        yield Diagnostic(
            code="R105",
            severity=Severity.ERROR,
            message=f"{shown} does not say what kind of thing it is.",
            at=names.sources.at(subject),
            why="Without a class it is read as nothing, and no shape checks it.",
            help="Begin its description with its class: `d:name a gg:Biomarker ; ...`, or "
            "`[ a gg:Quantity ; ... ]`.",
            subject=_subject(subject),
        )


def foreign_types(names: _Names) -> Iterator[Diagnostic]:
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
            why=_UNREAD,
            help=f"Did you mean `{near}`?" if near else "Choose a class of the ontology.",
            subject=_subject(subject),
        )


def look_alikes(names: _Names) -> Iterator[Diagnostic]:
    """R107: two names that people take for one."""
    seen: dict[str, str] = {}
    for name in sorted(
        names.described, key=lambda each: (names.sources.at(names.described[each]), each)
    ):
        first = seen.setdefault(skeleton(name), name)
        if first == name:
            continue
        at = names.sources.at(names.described[first])
        shown, other = (names.name(names.described[each]) for each in (name, first))
        yield Diagnostic(
            code="R107",
            severity=Severity.WARNING,
            message=f"The names `{shown}` and `{other}` look alike.",
            at=names.sources.at(names.described[name]),
            why="They differ only in capitals, hyphens or letters of the same shape, so one is "
            "easily written for the other.",
            help="Rename one of them; if both mean the same thing, keep one description.",
            subject=name,
            related=((at, f"`{other}` is described here"),) if at else (),
        )


def odd_letters(names: _Names) -> Iterator[Diagnostic]:
    """R108: a name with an invisible character, or letters of two alphabets."""
    for name, node in names.described.items():
        sign = hidden_sign(name)
        letter = foreign_letter(name)
        if sign is None and letter is None:
            continue
        what = (
            f"an invisible character ({sign})"
            if sign
            else f"a letter of another alphabet ({letter})"
        )
        yield Diagnostic(
            code="R108",
            severity=Severity.ERROR,
            message=f"The name `{names.name(node)}` contains {what}.",
            at=names.sources.at(node),
            why="Patient files repeat names letter by letter; this one cannot be typed from sight.",
            help="Type the name again with the letters a to z, digits, hyphens and underscores.",
            subject=name,
        )


def wrong_prefixes(names: _Names) -> Iterator[Diagnostic]:
    """R109: a prefix that stands for another namespace than it seems to."""
    yield from names.mistaken.values()


def said_twice(names: _Names) -> Iterator[Diagnostic]:
    """R110: the same statement written twice."""
    sources = names.sources
    for triple, at in sources.repeats:
        subject, predicate, value = triple
        if len(sources.subjects.get(subject, ())) > 1:
            continue
        shown = (
            f'"{shorten(value, 60)}"'
            if isinstance(value, Literal)
            else f"`{names.name(str(value))}`"
        )
        yield Diagnostic(
            code="R110",
            severity=Severity.WARNING,
            message=f"`{names.name(str(predicate))}` {shown} is said twice of the same thing.",
            at=at,
            why="The second time changes nothing; often another value was meant.",
            help="Remove it, or write the value that was meant.",
            subject=_subject(subject),
            related=((sources.places[triple], "it is said first here"),),
        )


QUESTIONS: tuple[Callable[[_Names], Iterator[Diagnostic]], ...] = (
    wrong_prefixes,
    unknown_terms,
    unknown_references,
    described_twice,
    outside_namespace,
    without_type,
    foreign_types,
    look_alikes,
    odd_letters,
    said_twice,
)
