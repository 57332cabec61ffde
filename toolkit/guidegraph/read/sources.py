"""What reading a guideline folder yields: one graph, and where each part of it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rdflib import Graph
from rdflib.term import Node

from guidegraph.diagnostic import Diagnostic, Location
from guidegraph.read.turtle import Prefix, Triple


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sources:
    """The files of a guideline folder as one graph.

    ``places`` says where the object of each triple stands, ``verbs`` where its predicate stands.
    ``subjects`` lists every place where a description with an ``rdf:type`` begins; ``repeats`` are
    triples that are written a second time; ``broken`` are the IRIs named in statements that could
    not be read, about which nothing can be said. ``ontology`` is ours, the same for every
    guideline. ``local_files`` are those of the ``overlay``, if one is laid over the folder.
    """

    root: Path
    files: tuple[str, ...]
    graph: Graph
    ontology: Graph
    places: Mapping[Triple, Location]
    subjects: Mapping[Node, tuple[Location, ...]]
    findings: tuple[Diagnostic, ...] = ()
    verbs: Mapping[Triple, Location] = field(default_factory=dict)
    repeats: tuple[tuple[Triple, Location], ...] = ()
    prefixes: tuple[Prefix, ...] = ()
    broken: frozenset[str] = frozenset()
    overlay: Path | None = None
    local_files: frozenset[str] = frozenset()

    def at(self, node: Node) -> Location | None:
        """Where a node is described: its first typed description, or else its first triple."""
        if node in self.subjects:
            return self.subjects[node][0]
        stands = [self.verbs[each] for each in self.graph.triples((node, None, None))]
        return min(stands, default=None)
