"""``provenance.ttl``: in PROV-O, what a release is, what it was made of and with what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, RDFS, XSD
from rdflib.term import Node

from guidegraph import __version__
from guidegraph.export.graph.exporter import Writer
from guidegraph.export.graph.statements import Statements
from guidegraph.model import Guideline
from guidegraph.release.record import Record, sha256
from guidegraph.terms import NAMESPACES, expand

FILE = "provenance.ttl"
TOOLKIT = f"https://w3id.org/guidegraph/toolkit/{__version__}"
"""The name of the program that made a release."""


def provenance(
    guideline: Guideline,
    version_iri: str,
    used: Mapping[str, bytes],
    made: Mapping[str, bytes],
    previous: Record | None,
) -> bytes:
    """The file. ``used`` are the guideline's files, ``made`` what was generated from them."""
    said = _Said()
    released, activity = URIRef(version_iri), URIRef(f"{version_iri}/making")
    _release(said, guideline, released, previous)
    said(released, "prov:wasGeneratedBy", activity)
    said(activity, "rdf:type", URIRef(expand("prov:Activity")))
    said(activity, "rdfs:label", Literal(f"Making version {guideline.header.version}", lang="en"))
    said(activity, "prov:wasAssociatedWith", URIRef(TOOLKIT))
    said(URIRef(TOOLKIT), "rdf:type", URIRef(expand("prov:SoftwareAgent")))
    said(URIRef(TOOLKIT), "rdfs:label", Literal("guidegraph", lang="en"))
    said(URIRef(TOOLKIT), "owl:versionInfo", Literal(__version__))
    for name in guideline.header.sources:
        said(activity, "prov:used", URIRef(guideline.entities[name].iri))
    for file in _files(said, version_iri, used):
        said(activity, "prov:used", file)
    for file in _files(said, version_iri, made):
        said(file, "prov:wasGeneratedBy", activity)
        said(file, "dcterms:isPartOf", released)
    return Writer(Statements(said.graph), NAMESPACES).turtle().encode()


class _Said:
    """Statements, with properties by their compact names."""

    def __init__(self) -> None:
        self.graph = Graph()

    def __call__(self, subject: Node, term: str, value: Node) -> None:
        self.graph.add((subject, URIRef(expand(term)), value))


def _release(said: _Said, guideline: Guideline, released: URIRef, previous: Record | None) -> None:
    header = guideline.header
    whole = URIRef(header.iri)
    said(whole, "owl:versionIRI", released)
    said(released, "rdf:type", URIRef(expand("gg:GuidelineVersion")))
    said(released, "dcterms:isVersionOf", whole)
    said(released, "owl:versionInfo", Literal(header.version))
    for language, text in header.label.words:
        said(released, "rdfs:label", Literal(f"{text} {header.version}", lang=language or None))
    for language, text in header.title.words:
        said(released, "dcterms:title", Literal(text, lang=language or None))
    days = {
        "dcterms:issued": header.issued,
        "dcterms:modified": header.modified,
        "gg:reviewBy": header.review_by,
    }
    for term, day in days.items():
        said(released, term, Literal(day, datatype=XSD.date))
    for creator in header.creators:
        said(released, "dcterms:creator", Literal(creator))
    if header.license:
        said(released, "dcterms:license", URIRef(header.license))
    if previous is not None:
        said(released, "prov:wasRevisionOf", URIRef(previous.version_iri))


def _files(said: _Said, version_iri: str, content: Mapping[str, bytes]) -> Iterable[URIRef]:
    """Files of the release, each with its name and its hash."""
    for path in sorted(content):
        file = URIRef(f"{version_iri}/{quote(path)}")
        said.graph.add((file, RDF.type, URIRef(expand("prov:Entity"))))
        said.graph.add((file, RDFS.label, Literal(path)))
        said(file, "schema:sha256", Literal(sha256(content[path])))
        yield file
