"""Terms of columns as rdflib has them, and back: a plain text has no datatype there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
from rdflib import XSD, BNode, Literal, URIRef
from rdflib.term import Node

if TYPE_CHECKING:  # who only reads a guideline does not load numpy for it
    from guidegraph.columns.columns import Term


def as_rdflib(term: Term) -> Node:
    """The term of rdflib that says the same, in the spelling of the text."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if term.language is not None:
        return Literal(term.value, lang=term.language)
    kind = URIRef(term.datatype.value)
    return Literal(term.value, datatype=None if kind == XSD.string else kind, normalize=False)


def from_rdflib(node: Node) -> Term:
    """The reverse of ``as_rdflib``."""
    if isinstance(node, URIRef):
        return ox.NamedNode(str(node))
    if not isinstance(node, Literal):
        return ox.BlankNode(str(node))
    if node.language is not None:
        return ox.Literal(str(node), language=node.language)
    return ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype or XSD.string)))
