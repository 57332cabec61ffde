"""Names of the vocabularies that shapes are written in."""

from __future__ import annotations

from functools import cache

import pyoxigraph as ox

SH = "http://www.w3.org/ns/shacl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"

TYPE = ox.NamedNode(RDF + "type")
FIRST = ox.NamedNode(RDF + "first")
REST = ox.NamedNode(RDF + "rest")
NIL = ox.NamedNode(RDF + "nil")
SUBCLASS = ox.NamedNode(RDFS + "subClassOf")
CLASS = ox.NamedNode(RDFS + "Class")
RESOURCE = ox.NamedNode(RDFS + "Resource")
OWL_CLASS = ox.NamedNode(OWL + "Class")
IMPORTS = ox.NamedNode(OWL + "imports")
ONTOLOGY = ox.NamedNode(OWL + "Ontology")


@cache
def sh(name: str) -> ox.NamedNode:
    """A term of SHACL."""
    return ox.NamedNode(SH + name)


VIOLATION = sh("Violation")
