"""What the files of a folder state, as one graph."""

from __future__ import annotations

import pyoxigraph
from rdflib import Graph

from guidegraph.read.memory import in_memory
from guidegraph.read.ontology import Terms
from guidegraph.workspace.workspace import Workspace


def graph_of(workspace: Workspace) -> Graph:
    """The statements of all files; nobody asks here at which line they stand."""
    whole = in_memory(())
    for number, each in enumerate(workspace.documents.values()):
        term = Terms(f"w{number:03}")
        text = each.text.removeprefix("\ufeff")
        for triple in pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE):
            whole.add((term(triple.subject), term(triple.predicate), term(triple.object)))
    return whole
