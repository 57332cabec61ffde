"""The graph beside a published version: who put it there, when, with what; its hash (PROV-O)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pyoxigraph as ox

from guidegraph import __version__
from guidegraph.errors import RemoteError
from guidegraph.model import Header
from guidegraph.remote import faults
from guidegraph.remote.contents import XSD, Content, of_triples
from guidegraph.terms import expand

TOOLKIT = f"https://w3id.org/guidegraph/toolkit/{__version__}"
VOID = "http://rdfs.org/ns/void#"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What is told of a publication. ``when`` is a time with its zone, ``who`` a name or none."""

    header: Header
    when: str
    who: str | None = None


def version_graph(header: Header) -> str:
    """The IRI of the version, which is also the name of its graph.

    Raises:
        RemoteError: if the guideline does not say which version it is, or its IRI can be none.
    """
    if not header.version:
        raise RemoteError([faults.no_version()])
    try:
        return ox.NamedNode(f"{header.iri}/{quote(header.version)}").value
    except ValueError:
        raise RemoteError([faults.no_version()]) from None


def provenance(graph: str, content: Content, made: Made) -> Content:
    """The statements, without blank nodes."""
    return of_triples(_statements(ox.NamedNode(graph), content, made))


def _statements(graph: ox.NamedNode, content: Content, made: Made) -> Iterator[ox.Triple]:
    activity = ox.NamedNode(f"{graph.value}/publication/{content.sha256[:16]}")
    tool = ox.NamedNode(TOOLKIT)
    header = made.header

    def said(subject: ox.NamedNode, term: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
        iri = term if "//" in term else expand(term)
        return ox.Triple(subject, ox.NamedNode(iri), value)

    def kind(term: str) -> ox.NamedNode:
        return ox.NamedNode(expand(term))

    yield said(graph, "rdf:type", kind("gg:GuidelineVersion"))
    yield said(graph, "rdf:type", kind("prov:Entity"))
    yield said(graph, "dcterms:isVersionOf", ox.NamedNode(header.iri))
    yield said(graph, "owl:versionInfo", ox.Literal(header.version))
    yield said(graph, "schema:sha256", ox.Literal(content.sha256))
    yield said(graph, f"{VOID}triples", _number(content.sums.statements))
    yield said(graph, "prov:wasGeneratedBy", activity)
    yield said(activity, "rdf:type", kind("prov:Activity"))
    label = f"Publishing version {header.version}"
    yield said(activity, "rdfs:label", ox.Literal(label, language="en"))
    when = ox.Literal(made.when, datatype=ox.NamedNode(XSD + "dateTime"))
    yield said(activity, "prov:endedAtTime", when)
    yield said(activity, "prov:wasAssociatedWith", tool)
    yield said(tool, "rdf:type", kind("prov:SoftwareAgent"))
    yield said(tool, "rdfs:label", ox.Literal("guidegraph", language="en"))
    yield said(tool, "owl:versionInfo", ox.Literal(__version__))
    if made.who:
        agent = ox.NamedNode(f"{activity.value}/agent")
        yield said(activity, "prov:wasAssociatedWith", agent)
        yield said(agent, "rdf:type", kind("prov:Agent"))
        yield said(agent, "rdfs:label", ox.Literal(made.who))


def _number(count: int) -> ox.Literal:
    return ox.Literal(str(count), datatype=ox.NamedNode(XSD + "integer"))
