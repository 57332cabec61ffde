"""Findings where people can do something about them: at a field, at a thing, on the first page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdflib import BNode, URIRef

from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.terms import expand, local_name

if TYPE_CHECKING:
    from guidegraph.edit.live import Looked
    from guidegraph.edit.pages.catalogue import Catalogue, Listed
    from guidegraph.forms.form import Field

HEADINGS = {
    Severity.ERROR: ("To be corrected", "Nothing can be published before these are gone."),
    Severity.WARNING: ("To be looked at", "These do not stop anything; they may be mistakes."),
    Severity.NOTE: ("Notes", "Worth knowing."),
}
"""What each severity is called for people who are no programmers, and what it means."""


_MOST_INSIDE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A finding with the thing that it is about, if that is in the guideline."""

    finding: Diagnostic
    thing: Listed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """All findings of one severity."""

    severity: str
    heading: str
    note: str
    found: tuple[Found, ...]


def by_severity(looked: Looked, known: Catalogue) -> Iterator[Kind]:
    """The findings, the gravest first."""
    for severity, (heading, note) in HEADINGS.items():
        found = [each for each in looked.findings if each.severity is severity]
        if found:
            told = tuple(Found(finding=e, thing=_about(e, known)) for e in found)
            yield Kind(severity=str(severity), heading=heading, note=note, found=told)


def _about(finding: Diagnostic, known: Catalogue) -> Listed | None:
    iri = known.by_local.get(finding.subject or "")
    return known.by_iri.get(iri) if iri else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """How many points are to be corrected, and how many to be looked at."""

    id: str
    errors: int
    warnings: int


class OfThings:
    """Which finding belongs to which field of which thing."""

    def __init__(self, looked: Looked) -> None:
        self._looked = looked
        self._places = 0
        self._by_subject: dict[str, list[Diagnostic]] = {}
        for each in looked.findings:
            if each.subject:
                self._by_subject.setdefault(each.subject, []).append(each)

    def of(self, iri: str) -> tuple[Diagnostic, ...]:
        """What is told of a thing."""
        return tuple(self._by_subject.get(local_name(iri), ()))

    def of_field(self, iri: str, field: Field) -> tuple[Diagnostic, ...]:
        """What is told of a property of a thing: by the code of its rules, or by its line."""
        told = self.of(iri)
        if not told:
            return ()
        codes = {rule.code for rule in (*field.rules, *field.value_rules) if rule.code}
        lines = self._lines(iri, field.path)
        return tuple(
            each for each in told if each.code in codes or (each.at and _line(each.at) in lines)
        )

    def points(self, iri: str) -> Points:
        """How many points there are in a thing, for one place of the page."""
        told = [each.severity for each in self.of(iri)]
        self._places += 1
        return Points(
            id=f"p{self._places}",
            errors=told.count(Severity.ERROR),
            warnings=told.count(Severity.WARNING),
        )

    def _lines(self, iri: str, path: str) -> set[tuple[str, int]]:
        """The lines on which a property stands, with what is inside its values."""
        sources = self._looked.sources
        subject, found = URIRef(iri), set()
        waiting = list(sources.graph.triples((subject, URIRef(path), None)))
        for triple in waiting:
            for places in (sources.places, sources.verbs):
                if at := places.get(triple):
                    found.add(_line(at))
            if isinstance(triple[2], BNode) and len(waiting) < _MOST_INSIDE:
                waiting += sources.graph.triples((triple[2], None, None))
        own = sources.at(subject)
        # On the line on which the thing begins, any property may stand: nothing is said by it.
        return found - ({_line(own)} if own and path != expand("rdf:type") else set())


def _line(at: Location) -> tuple[str, int]:
    """A line; the same file may be seen from several folders."""
    return at.file.rsplit("/", 1)[-1], at.line


def rest(findings: Iterable[Diagnostic], shown: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings that stand at no field."""
    there = set(shown)
    return tuple(each for each in findings if each not in there)
