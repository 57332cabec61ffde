"""The ontology as a graph: read once in a process, never written to."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rdflib import Graph

from guidegraph import resources
from guidegraph.read import turtle


def ontology() -> Graph:
    """Every ``*.ttl`` of the ontology folder as one graph. A fault in there is a fault of ours."""
    return _graph(resources.ontology_folder())


@cache
def _graph(folder: Path) -> Graph:
    whole = Graph()
    for number, path in enumerate(sorted(folder.rglob("*.ttl"))):
        text = path.read_text(encoding="utf-8")
        parsed = turtle.parse(text, path.name, f"o{number:03}")
        if isinstance(parsed, turtle.Misread):
            at = turtle.Places(text, path.name).at(parsed.offset)
            msg = f"the ontology cannot be read: {at}: {parsed.reason}"
            raise RuntimeError(msg)
        for triple in parsed.graph:
            whole.add(triple)
        for prefix in parsed.prefixes:
            whole.bind(prefix.name, prefix.namespace)
    return whole
