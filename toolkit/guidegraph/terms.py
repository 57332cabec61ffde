"""The namespaces the code speaks of, and how a compact name (``gg:label``) becomes an IRI."""

from __future__ import annotations

from functools import lru_cache

NAMESPACES = {
    "gg": "https://w3id.org/guidegraph/ns#",
    "code": "https://w3id.org/guidegraph/code/",
    "u": "https://w3id.org/guidegraph/unit/",
    "bibo": "http://purl.org/ontology/bibo/",
    "cito": "http://purl.org/spar/cito/",
    "dash": "http://datashapes.org/dash#",
    "dcterms": "http://purl.org/dc/terms/",
    "fabio": "http://purl.org/spar/fabio/",
    "loinc": "http://loinc.org/rdf/",
    "mod": "https://w3id.org/mod#",
    "oa": "http://www.w3.org/ns/oa#",
    "obo": "http://purl.obolibrary.org/obo/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qudt": "http://qudt.org/schema/qudt/",
    "qunit": "http://qudt.org/vocab/unit/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sct": "http://snomed.info/id/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "uniprot": "http://purl.uniprot.org/uniprot/",
    "vann": "http://purl.org/vocab/vann/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def expand(name: str) -> str:
    """``gg:unit`` to the full IRI. A name with an unknown prefix is a ``KeyError``: our bug."""
    prefix, _, local = name.partition(":")
    return NAMESPACES[prefix] + local


@lru_cache(maxsize=20_000)
def compact(iri: str) -> str:
    """The shortest readable form: ``gg:unit`` where the namespace is known, else ``<iri>``."""
    best = ""
    for prefix, namespace in NAMESPACES.items():
        if iri.startswith(namespace) and len(namespace) > len(NAMESPACES.get(best, "")):
            best = prefix
    return f"{best}:{iri[len(NAMESPACES[best]) :]}" if best else f"<{iri}>"


def local_name(iri: str) -> str:
    """What follows the last ``#`` or ``/``: the name people and patient files use."""
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
