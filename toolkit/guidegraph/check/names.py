"""Names: every term is in the ontology, every thing is described, once, under a name of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from textwrap import shorten

from rdflib import RDF, BNode, Literal, URIRef

from guidegraph.check.declared import foreign_types, unknown_terms
from guidegraph.check.likeness import foreign_letter, hidden_sign, skeleton
from guidegraph.check.namespace import ELSEWHERE, Names, subject_of
from guidegraph.check.vocabulary import closest, vocabulary_of
from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.read import Sources
from guidegraph.terms import local_name


def check_names(sources: Sources) -> Iterator[Diagnostic]:
    """Every finding about names, question by question."""
    names = Names(sources, vocabulary_of(sources.ontology))
    for question in QUESTIONS:
        yield from question(names)


def unknown_references(names: Names) -> Iterator[Diagnostic]:
    """R102: a name of the guideline's own that nothing describes."""
    if names.own is None:
        return
    nowhere = names.undescribed
    for triple in names.sources.places if nowhere else ():
        subject, predicate, value = triple
        if value not in nowhere or not isinstance(value, URIRef):
            continue
        if predicate == RDF.type or predicate in ELSEWHERE or names.lost(value):
            continue
        near = closest(local_name(value), names.fitting(predicate))
        yield Diagnostic(
            code="R102",
            severity=Severity.ERROR,
            message=f"`{names.name(value)}` is used here but described nowhere.",
            at=names.sources.places[triple],
            why=f"`{names.name(str(predicate))}` points at nothing.",
            help=_advice(names, value, near),
            subject=subject_of(subject),
        )


def _advice(names: Names, value: URIRef, near: str | None) -> str:
    if near:
        return f"Did you mean `{names.name(names.described[near])}`?"
    return f"Describe it: `{names.name(value)} a ...`"


def described_twice(names: Names) -> Iterator[Diagnostic]:
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
                subject=subject_of(subject),
                related=((places[0], "it is described first here"),),
            )


def outside_namespace(names: Names) -> Iterator[Diagnostic]:
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


def _outside(names: Names, subject: URIRef, own: str) -> Diagnostic:
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


def without_type(names: Names) -> Iterator[Diagnostic]:
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
            subject=subject_of(subject),
        )


def look_alikes(names: Names) -> Iterator[Diagnostic]:
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


def odd_letters(names: Names) -> Iterator[Diagnostic]:
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


def wrong_prefixes(names: Names) -> Iterator[Diagnostic]:
    """R109: a prefix that stands for another namespace than it seems to."""
    yield from names.mistaken.values()


def said_twice(names: Names) -> Iterator[Diagnostic]:
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
            subject=subject_of(subject),
            related=((sources.places[triple], "it is said first here"),),
        )


QUESTIONS: tuple[Callable[[Names], Iterator[Diagnostic]], ...] = (
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
