"""The two sides of a comparison, read as fast as a comparison allows.

Nobody asks here at which line something stands, so the fastest parser reads the files. Only where
that finds a fault does the ordinary way follow, which can say what is wrong and where.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF, URIRef
from rdflib.term import Node

from guidegraph.collecting import without_collecting
from guidegraph.diagnostic import Diagnostic, Location, Severity, has_errors
from guidegraph.lift import lift
from guidegraph.model import Guideline
from guidegraph.read import Sources, Triple, display, read
from guidegraph.read.folder import load, turtle_files
from guidegraph.read.memory import in_memory
from guidegraph.read.ontology import Terms, ontology
from guidegraph.terms import NAMESPACES, compact

OURS = (NAMESPACES["gg"], NAMESPACES["code"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A guideline as far as it could be read, and what is wrong with it.

    ``unknown`` are terms of the ontology's namespaces that the ontology does not have, and
    ``incomplete`` the things that lack something the model needs: signs of another ontology.
    """

    guideline: Guideline | None
    findings: tuple[Diagnostic, ...] = ()
    unknown: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()


def load_side(folder: Path, shown: str | None = None) -> Side:
    """Read and lift a guideline folder without the checks of shapes.

    ``shown`` takes the place of the folder's name in what is said about it (a temporary folder has
    no name that means anything).
    """
    with without_collecting():
        sources = _quickly(folder)
        guideline, findings = lift(sources) if sources else (None, ())
        if sources is None or guideline is None or findings:
            sources = read(folder)
            guideline, unfit = lift(sources)
            findings = (*sources.findings, *unfit)
    if shown is not None:
        findings = tuple(_renamed(each, display(folder), shown) for each in findings)
    return Side(
        guideline=None if has_errors(sources.findings) else guideline,
        findings=findings,
        unknown=_unknown(sources),
        incomplete=_incomplete(sources, guideline),
    )


def same_files(one: Path, other: Path) -> bool:
    """Whether two folders hold the same Turtle files, byte for byte."""
    held = [
        {each.relative_to(folder): each.read_bytes() for each in turtle_files(folder)[0]}
        for folder in (one, other)
    ]
    return held[0] == held[1]


def _quickly(folder: Path) -> Sources | None:
    """The files as one graph, each thing at the number of its first statement; None if faulty."""
    files, findings = turtle_files(folder)
    if findings or not files:
        return None
    places: dict[Triple, Location] = {}
    subjects: dict[Node, tuple[Location, ...]] = {}
    for number, path in enumerate(files):
        text, faults = load(path)
        if text is None or faults:
            return None
        terms, file = Terms(f"f{number:04}"), display(path)
        try:
            for place, each in enumerate(ox.parse(text, ox.RdfFormat.TURTLE), start=1):
                triple = terms(each.subject), terms(each.predicate), terms(each.object)
                at = Location(file, place)
                places.setdefault(triple, at)
                if triple[1] == RDF.type:
                    subjects.setdefault(triple[0], (at,))
        except SyntaxError:
            return None
    return Sources(
        root=folder,
        files=tuple(display(each) for each in files),
        graph=in_memory(places),
        ontology=ontology(),
        places=places,
        subjects=subjects,
    )


def _renamed(finding: Diagnostic, folder: str, shown: str) -> Diagnostic:
    """A finding that tells of another place than the temporary one."""

    def moved(at: Location) -> Location:
        inside = at.file.removeprefix(folder).lstrip("/")
        return replace(at, file=f"{shown}:{inside}") if at.file.startswith(folder) else at

    return replace(
        finding,
        message=finding.message.replace(folder, shown),
        at=moved(finding.at) if finding.at else None,
        related=tuple((moved(at), words) for at, words in finding.related),
    )


def _unknown(sources: Sources) -> tuple[str, ...]:
    """Our terms that the guideline uses and the ontology does not describe."""
    used: set[Node] = set()
    for _, predicate, value in sources.graph:
        used.add(predicate)
        if isinstance(value, URIRef):
            used.add(value)
    known = set(sources.ontology.subjects())
    return tuple(sorted(compact(str(each)) for each in used - known if str(each).startswith(OURS)))


def _incomplete(sources: Sources, guideline: Guideline | None) -> tuple[str, ...]:
    """The things with a class of the ontology that could not be read."""
    if guideline is None:
        return ()
    known = {each.iri for each in guideline.entities.values()}
    lacking = set()
    for subject, kind in sources.graph.subject_objects(RDF.type):
        ours = isinstance(subject, URIRef) and str(kind).startswith(OURS[0])
        if ours and str(subject) not in known:
            lacking.add(compact(str(subject)).rpartition("/")[2].rstrip(">"))
    return tuple(sorted(lacking))


def older_ontology(side: Side, shown: str) -> Iterator[Diagnostic]:
    """D111 where a side was written for another ontology than this toolkit knows."""
    told = [f"`{each}`" for each in (*side.unknown, *side.incomplete)]
    if not told:
        return
    more = f" and {len(told) - 5} others" if len(told) > 5 else ""
    yield Diagnostic(
        code="D111",
        severity=Severity.WARNING,
        message=f"`{shown}` was written for another version of the ontology: "
        f"{', '.join(told[:5])}{more} cannot be read.",
        why="What cannot be read is compared as if it were not there, so the plan is partial.",
        help="Read as added or removed what is named here with care; compare it by hand, or use "
        "the version of guidegraph with which the guideline was written.",
    )
