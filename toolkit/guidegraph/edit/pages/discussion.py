"""What the committee says of a recommendation: comments, votes, dissent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdflib import RDF, URIRef
from rdflib.term import Node

from guidegraph.edit.pages.catalogue import words_of
from guidegraph.terms import expand

if TYPE_CHECKING:
    from guidegraph.edit.pages.catalogue import Catalogue

_COMMENT, _VOTE, _DISSENT = map(expand, ("gg:Comment", "gg:Vote", "gg:Dissent"))
_COUNTS = ("gg:votesFor", "gg:votesAgainst", "gg:abstentions", "gg:quorum")
_ABOUT = tuple(map(expand, ("gg:votedOn", "gg:concerns", "gg:commentsOn")))
_TEXTS = ("gg:rationale", "gg:statement", "rdfs:comment", "schema:text", "rdfs:label")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Something that was said: by whom, when, in which words."""

    iri: str
    who: str
    when: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Voted:
    """A vote with its numbers; ``quorum`` is empty where none is stated."""

    iri: str
    who: str
    when: str
    counts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Discussion:
    """All that was said of one thing."""

    comments: tuple[Said, ...]
    votes: tuple[Voted, ...]
    dissent: tuple[Said, ...]


def discussion(known: Catalogue, iri: str) -> Discussion:
    """All that was said of a thing, the oldest first."""
    return Discussion(
        comments=_said(known, iri, _COMMENT),
        votes=tuple(sorted(_votes(known, iri), key=lambda each: (each.when, each.iri))),
        dissent=_said(known, iri, _DISSENT),
    )


def _said(known: Catalogue, iri: str, cls: str) -> tuple[Said, ...]:
    found = [
        Said(
            iri=str(node),
            who=_who(known, node),
            when=words_of(known.graph, str(node), expand("dcterms:created")),
            words=next(
                (w for e in _TEXTS if (w := words_of(known.graph, str(node), expand(e)))), ""
            ),
        )
        for node in _about(known, iri, cls)
    ]
    return tuple(sorted(found, key=lambda each: (each.when, each.iri)))


def _votes(known: Catalogue, iri: str) -> Iterator[Voted]:
    for node in _about(known, iri, _VOTE):
        yield Voted(
            iri=str(node),
            who=_who(known, node),
            when=words_of(known.graph, str(node), expand("dcterms:created")),
            counts=tuple(words_of(known.graph, str(node), expand(each)) for each in _COUNTS),
        )


def _about(known: Catalogue, iri: str, cls: str) -> Iterator[Node]:
    seen: dict[Node, None] = {}
    for path in _ABOUT:
        for node in known.graph.subjects(URIRef(path), URIRef(iri)):
            if (node, RDF.type, URIRef(cls)) in known.graph:
                seen[node] = None
    yield from seen


def _who(known: Catalogue, node: Node) -> str:
    people = known.graph.objects(node, URIRef(expand("prov:wasAttributedTo")))
    return ", ".join(sorted(known.label(str(each)) for each in people))
