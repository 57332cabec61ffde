"""The guideline's graph as Turtle, JSON-LD and N-Triples: the same bytes for the same triples.

rdflib's writers order things anew each time, so these are our own. Nothing of a literal changes:
``1000.0`` and ``2.30`` stay as they were written. The blank nodes (quantities, ranges, selectors
inside their owner) get labels made from what they hold and who holds them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from guidegraph.export.base import Artifact, ExportInput
from guidegraph.terms import NAMESPACES

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

SAFE_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
XSD = NAMESPACES["xsd"]
RDF_TYPE = NAMESPACES["rdf"] + "type"
PLAIN = {
    XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD + "boolean": re.compile(r"true|false"),
}
"""The literals that Turtle writes without quotes, by datatype."""


@dataclass(frozen=True, slots=True)
class GraphExporter:
    """``graph/<guideline>.ttl``, ``.jsonld`` and ``.nt``."""

    name: str = "graph"
    description: str = "the guideline's graph as Turtle, JSON-LD and N-Triples"

    def export(self, loaded: ExportInput) -> Iterator[Artifact]:
        """The graph in three syntaxes; nothing without sources."""
        if loaded.sources is None:
            return
        header = loaded.guideline.header
        own = {header.prefix or "d": header.namespace} if header.namespace else {}
        statements = Statements(loaded.sources.graph, {**NAMESPACES, **own})
        path = f"graph/{loaded.guideline_id}"
        yield Artifact(f"{path}.ttl", turtle(statements))
        yield Artifact(f"{path}.jsonld", json_ld(statements))
        yield Artifact(f"{path}.nt", n_triples(statements))


class Statements:
    """A graph in a fixed order, with short names where they are safe to write."""

    def __init__(self, graph: Graph, namespaces: Mapping[str, str]) -> None:
        self.graph = graph
        self.namespaces = dict(sorted(namespaces.items()))
        self._by_length = sorted(self.namespaces.items(), key=lambda each: -len(each[1]))

    @cached_property
    def subjects(self) -> list[Node]:
        """The subjects that stand on their own: IRIs in order, then blank nodes no one owns."""
        return sorted((each for each in self._out if each not in self.owned), key=self.key)

    @cached_property
    def owned(self) -> set[Node]:
        """The blank nodes that exactly one statement refers to, so that they can stand inside."""
        found = {node for node in self._labels if len(self._in[node]) == 1}
        return {node for node in found if not self._within_itself(node)}

    @cached_property
    def _out(self) -> dict[Node, list[tuple[Node, Node]]]:
        found: dict[Node, list[tuple[Node, Node]]] = {}
        for subject, predicate, value in self.graph:
            found.setdefault(subject, []).append((predicate, value))
        return found

    @cached_property
    def _in(self) -> dict[Node, list[tuple[Node, Node]]]:
        found: dict[Node, list[tuple[Node, Node]]] = {node: [] for node in self._labels}
        for subject, predicate, value in self.graph:
            if value in found:
                found[value].append((subject, predicate))
        return found

    @cached_property
    def _labels(self) -> dict[Node, str]:
        """A label for each blank node, from its surroundings: the same in every run.

        Colour refinement: a node's colour is made of its statements and its neighbours' colours,
        until no more nodes can be told apart. Equal nodes that are left are numbered.
        """
        from rdflib.term import BNode

        triples = list(self.graph)
        colours = {
            each: "" for triple in triples for each in (triple[0], triple[2])
            if isinstance(each, BNode)
        }  # fmt: skip
        kinds = 0
        while len(set(colours.values())) > kinds:
            kinds = len(set(colours.values()))
            around: dict[Node, list[str]] = {each: [] for each in colours}
            for subject, predicate, value in triples:
                ends = [colours.get(each) or _n3(each) for each in (subject, value)]
                if subject in around:
                    around[subject].append(f"> {predicate} {ends[1]}")
                if value in around:
                    around[value].append(f"< {predicate} {ends[0]}")
            colours = {each: _hashed(sorted(around[each])) for each in around}
        return _numbered(colours)
