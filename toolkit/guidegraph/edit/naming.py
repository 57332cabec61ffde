"""What can be named in a folder, and with what new names begin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rdflib import RDF, Graph, URIRef

from guidegraph.edit import faults
from guidegraph.edit.live import Looked
from guidegraph.errors import UsageError
from guidegraph.forms import shacl
from guidegraph.forms.known import Known, Thing, known
from guidegraph.terms import expand
from guidegraph.turtle.values import RDF_TYPE, Iri, Literal
from guidegraph.workspace.workspace import Workspace

_NAMES = tuple(map(expand, ("rdfs:label", "skos:notation", "skos:prefLabel", "skos:altLabel")))


def namespace_of(looked: Looked) -> str:
    """With what the names of a guideline begin; a ``UsageError`` where it does not say it."""
    graph = looked.sources.graph
    header = graph.value(None, RDF.type, URIRef(expand("gg:Guideline")))
    space = URIRef(expand("vann:preferredNamespaceUri"))
    named = graph.value(header, space) if header is not None else None
    if named is None:
        told = "The guideline does not say with what its names begin."
        hint = "Add vann:preferredNamespaceUri to its description."
        raise UsageError([faults.unknown(told, hint)])
    return str(named)


def known_in(workspace: Workspace, looked: Looked) -> Known:
    """Everything that can be named, and the prefixes that the files declare."""
    prefixes = {
        name: space
        for each in workspace.documents.values()
        for name, space in each.prefixes.items()
    }
    return known(looked.sources.graph, looked.sources.ontology, prefixes)


def known_after(
    before: Known, workspace: Workspace, subjects: Iterable[str], ontology: Graph
) -> Known | None:
    """The same after some things changed; None where all has to be read anew."""
    touched = set(subjects)
    if any((URIRef(each), None, None) in ontology for each in touched):
        return None
    made = {each.iri: each for iri in touched for each in _things(workspace, iri, ontology)}
    kept = [made.pop(e.iri, None) if e.iri in touched else e for e in before.things]
    return Known((*(e for e in kept if e is not None), *made.values()), before.prefixes)


def _things(workspace: Workspace, iri: str, ontology: Graph) -> Iterator[Thing]:
    said = workspace.describe(iri)
    kinds = [each.iri for each in said.get(RDF_TYPE, ()) if isinstance(each, Iri)]
    if not kinds:
        return
    classes = {str(one) for each in kinds for one in shacl.above(ontology, URIRef(each))}
    names: dict[str, None] = {}
    for path in _NAMES:
        words = [each for each in said.get(path, ()) if isinstance(each, Literal)]
        words.sort(key=lambda each: (each.language.lower() != "en", each.lexical))
        names.update(dict.fromkeys(each.lexical for each in words))
    yield Thing(iri, frozenset(classes), tuple(names))
