"""Whether a local adaptation stands in an overlay of its own and changes nothing but by its items.

An overlay is read together with the guideline it adapts. What it said of a thing of the guideline
directly would change the guideline without a reason, an author or a mark.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rdflib import RDF, RDFS, URIRef
from rdflib.term import Node

from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.read import Sources
from guidegraph.terms import compact, expand, local_name

_ADAPTATION = URIRef(expand("gg:LocalAdaptation"))
_CHANGE = URIRef(expand("gg:LocalChange"))
_GUIDELINE = URIRef(expand("gg:Guideline"))
_NAMESPACE = URIRef(expand("vann:preferredNamespaceUri"))
_THRESHOLD = URIRef(expand("gg:Threshold"))
ALLOWED = frozenset(
    URIRef(expand(each))
    for each in (
        "gg:LocalAdaptation",
        "gg:LocalChange",
        "gg:LocalThreshold",
        "gg:Criterion",
        "gg:ScoreItem",
        "gg:Observable",
        "gg:TimeWindow",
        "gg:Citation",
        "gg:SourceDocument",
        "skos:Concept",
        "prov:Agent",
    )
)
"""What an overlay may hold: its items, and what the conditions of its exceptions are made of."""


@dataclass(frozen=True)
class _Overlay:
    """The sources together with what the questions below need to know of them."""

    sources: Sources

    @cached_property
    def headers(self) -> list[Node]:
        """Every local adaptation that is described, in the order of the files."""
        found = self.sources.graph.subjects(RDF.type, _ADAPTATION)
        return sorted(found, key=lambda each: (self.place(each), str(each)))

    @property
    def misplaced(self) -> list[Location]:
        """Where something of a local adaptation is described, as seen without an overlay."""
        kinds = (_ADAPTATION, *self.sources.ontology.subjects(RDFS.subClassOf, _CHANGE))
        found = {each for kind in kinds for each in self.sources.graph.subjects(RDF.type, kind)}
        return sorted(map(self.place, found))[:1]

    @cached_property
    def guideline_space(self) -> str:
        """The namespace of the guideline; empty if it states none."""
        headers = self.sources.graph.subjects(RDF.type, _GUIDELINE)
        stated = (self.sources.graph.value(each, _NAMESPACE) for each in headers)
        return next((str(each) for each in stated if each), "")

    @cached_property
    def local(self) -> dict[URIRef, Location]:
        """Every name of which a file of the overlay says something, and where it begins to."""
        found: dict[URIRef, Location] = {}
        for triple, at in sorted(self.sources.verbs.items(), key=lambda each: each[1]):
            if at.file in self.sources.local_files and isinstance(triple[0], URIRef):
                found.setdefault(triple[0], at)
        return found

    @cached_property
    def space(self) -> str:
        """The namespace of the adaptation; empty if it states none."""
        stated = (self.sources.graph.value(each, _NAMESPACE) for each in self.headers)
        return next((str(each) for each in stated if each), "")

    @cached_property
    def upstream(self) -> dict[str, URIRef]:
        """The things of the guideline by their local names."""
        return {
            local_name(each): each
            for each, places in self.sources.subjects.items()
            if isinstance(each, URIRef) and places[0].file not in self.sources.local_files
        }

    def place(self, node: Node) -> Location:
        """Where a thing is described."""
        return self.sources.at(node) or Location(str(self.sources.root), 1)


def check_adaptation(sources: Sources) -> Iterator[Diagnostic]:
    """Everything this module checks."""
    overlay = _Overlay(sources)
    if sources.overlay is None:
        yield from map(_not_here, overlay.misplaced)
        return
    if len(overlay.headers) != 1:
        yield _headers([overlay.place(each) for each in overlay.headers])
        return
    yield from _collisions(overlay)
    yield from _direct(overlay)
    yield from _kinds(overlay)


def _not_here(at: Location) -> Diagnostic:
    return Diagnostic(
        code="L701",
        severity=Severity.ERROR,
        message="A local adaptation stands among the files of the guideline that is read.",
        at=at,
        why="The guideline would be changed for everybody; an adaptation is laid over it by the "
        "organisation that answers for it.",
        help="Keep the adaptation in a folder of its own, and use `guidegraph overlay check DIR`.",
    )


def _headers(places: list[Location]) -> Diagnostic:
    what = "several local adaptations" if places else "no local adaptation"
    return Diagnostic(
        code="L701",
        severity=Severity.ERROR,
        message=f"The overlay describes {what}.",
        at=places[1] if places else None,
        why="An overlay holds exactly one gg:LocalAdaptation: it says who adapts which version of "
        "which guideline.",
        help="Keep one, or lay one overlay over the guideline at a time."
        if places
        else "Add one; `guidegraph overlay new DIR --of GUIDELINE` writes an overlay to start "
        "from.",
    )


def _collisions(overlay: _Overlay) -> Iterator[Diagnostic]:
    """A local thing with a name that the guideline has already given."""
    if overlay.space and overlay.guideline_space.startswith(overlay.space):
        yield _same_namespace(overlay)
        return
    for node, at in overlay.local.items():
        known = overlay.upstream.get(local_name(node))
        if known is None or not overlay.space or not node.startswith(overlay.space):
            continue
        yield Diagnostic(
            code="L703",
            severity=Severity.ERROR,
            message=f"`{local_name(node)}` is the name of something local and of something in the "
            "guideline.",
            at=at,
            why="Patient files, cases and pages speak of things by what follows the namespace, so "
            "nobody could tell the two apart.",
            help=f"Give the local one another name, such as `local-{local_name(node)}`.",
            subject=local_name(node),
            related=((overlay.place(known), "the guideline's own is described here"),),
        )


def _same_namespace(overlay: _Overlay) -> Diagnostic:
    return Diagnostic(
        code="L703",
        severity=Severity.ERROR,
        message=f"The overlay's names are in the namespace of the guideline, `{overlay.space}`.",
        at=overlay.place(overlay.headers[0]),
        why="Nobody could tell what the guideline says from what was added locally.",
        help="Use a namespace of your own as vann:preferredNamespaceUri of the overlay.",
    )


def _direct(overlay: _Overlay) -> Iterator[Diagnostic]:
    """A statement of the overlay about a thing of the guideline."""
    known = set(overlay.upstream.values())
    for node, at in overlay.local.items():
        if node not in known:
            continue
        yield Diagnostic(
            code="L704",
            severity=Severity.ERROR,
            message=f"The overlay says something of `{local_name(node)}`, which is the "
            "guideline's.",
            at=at,
            why="The guideline would be changed without a reason, without an author and without "
            "a mark that it is local.",
            help="Describe the change as a gg:LocalSetting, gg:ThresholdReplacement, "
            "gg:LocalException or gg:LocalCalibration, or propose it to the authors of the "
            "guideline.",
            subject=local_name(node),
            related=((overlay.place(known_at), "the guideline's own description"),)
            if (known_at := overlay.upstream.get(local_name(node)))
            else (),
        )


def _kinds(overlay: _Overlay) -> Iterator[Diagnostic]:
    """A local thing of a kind that only the guideline has."""
    ontology = overlay.sources.ontology
    for node, at in overlay.local.items():
        for kind in sorted(overlay.sources.graph.objects(node, RDF.type), key=str):
            declared = (kind, RDF.type, None) in ontology
            above = set(ontology.transitive_objects(kind, RDFS.subClassOf))
            if not declared or above & ALLOWED or node in overlay.upstream.values():
                continue
            limit = "; for a limit use gg:LocalThreshold" if kind == _THRESHOLD else ""
            yield Diagnostic(
                code="L705",
                severity=Severity.ERROR,
                message=f"`{local_name(node)}` is a {compact(str(kind))}, which an overlay cannot "
                "hold.",
                at=at,
                why="An overlay sets, replaces and excepts; what else it added would be advice "
                "that no source of the guideline gives.",
                help="Write a guideline of your own for advice of your own, or propose it to the "
                f"authors of this one{limit}.",
                subject=local_name(node),
            )
