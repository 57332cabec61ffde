"""What the endpoint is, in RDF: the SPARQL 1.1 Service Description."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from guidegraph.query.delivery import FORMS, Form
from guidegraph.terms import NAMESPACES

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
_NAMES = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "ttl": "Turtle",
    "nt": "N-Triples",
    "rdf": "RDF_XML",
}


def description(endpoint: str, statements: int, form: Form) -> bytes:
    """The description of an endpoint by its address; ``statements`` of 0 are not told."""
    prefixes = {"sd": SD, "void": VOID, "formats": _FORMATS}
    assert isinstance(form.written, ox.RdfFormat)
    told = ox.serialize(_triples(endpoint, statements), format=form.written, prefixes=prefixes)
    assert told is not None
    return told


def _triples(endpoint: str, statements: int) -> Iterator[ox.Triple]:
    service, address = ox.BlankNode("service"), ox.NamedNode(endpoint)
    dataset, graph = ox.BlankNode("dataset"), ox.BlankNode("graph")
    kind = ox.NamedNode(NAMESPACES["rdf"] + "type")
    yield ox.Triple(service, kind, _sd("Service"))
    yield ox.Triple(service, _sd("endpoint"), address)
    yield ox.Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    for each in FORMS:
        name = ox.NamedNode(_FORMATS + _NAMES[each.name])
        yield ox.Triple(service, _sd("resultFormat"), name)
    yield ox.Triple(service, _sd("defaultDataset"), dataset)
    yield ox.Triple(dataset, kind, _sd("Dataset"))
    yield ox.Triple(dataset, _sd("defaultGraph"), graph)
    yield ox.Triple(graph, kind, _sd("Graph"))
    if statements:
        yield ox.Triple(graph, ox.NamedNode(VOID + "triples"), ox.Literal(statements))


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(SD + name)
