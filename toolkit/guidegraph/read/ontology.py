"""The ontology as a graph: read once in a process, never written to."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyoxigraph as ox
from rdflib import XSD, BNode, Graph, Literal
from rdflib.term import Node

from guidegraph import resources
from guidegraph.read.memory import in_memory
from guidegraph.read.turtle import name


def ontology() -> Graph:
    """Every ``*.ttl`` of the ontology folder as one graph. A fault in there is a fault of ours.

    Nobody asks at which line of the ontology something stands, so the fastest parser reads it.
    """
    return _graph(resources.ontology_folder())


@cache
def _graph(folder: Path) -> Graph:
    whole = in_memory(())
    for number, path in enumerate(sorted(folder.rglob("*.ttl"))):
        parser = ox.parse(path.read_text(encoding="utf-8"), ox.RdfFormat.TURTLE)
        term = Terms(f"o{number:03}")
        for each in parser:
            whole.add((term(each.subject), term(each.predicate), term(each.object)))
        for prefix, namespace in parser.prefixes.items():
            whole.bind(prefix, namespace)
    return whole


class Terms:
    """Terms of one file as rdflib has them; blank nodes are numbered as they come."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._blank: dict[ox.BlankNode, BNode] = {}

    def __call__(self, term: object) -> Node:
        """The term of rdflib that says the same."""
        if isinstance(term, ox.NamedNode):
            return name(term.value)
        if isinstance(term, ox.Literal):
            kind = name(term.datatype.value)
            plain = term.language or kind == XSD.string  # rdflib tells plain texts from typed ones
            stated = None if plain else kind
            return Literal(term.value, datatype=stated, lang=term.language, normalize=False)
        assert isinstance(term, ox.BlankNode)
        if term not in self._blank:
            self._blank[term] = BNode(f"{self._file}b{len(self._blank) + 1:06}")
        return self._blank[term]
