"""What is known while a workbook is made or read: the files, their things, forms and words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from rdflib import RDF, Graph, URIRef

from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.errors import UsageError
from guidegraph.forms.form import Field, Form
from guidegraph.forms.known import Known, known
from guidegraph.forms.shapes import form, with_own
from guidegraph.read.folder import display
from guidegraph.read.ontology import ontology
from guidegraph.sheet.names import Names
from guidegraph.terms import compact, expand
from guidegraph.turtle.values import RDF_TYPE, Iri, Literal, Value
from guidegraph.workspace.graph import graph_of
from guidegraph.workspace.workspace import Workspace

_LABEL = expand("rdfs:label")
Said = dict[str, tuple[Value, ...]]


@dataclass(frozen=True)
class Scene:
    """A folder as it is now, with everything that is needed to show it and to read about it."""

    workspace: Workspace
    shapes: Graph = field(repr=False)
    known: Known = field(repr=False)
    names: Names = field(repr=False)
    namespace: str
    _forms: dict[str, Form] = field(default_factory=dict, repr=False)
    _said: dict[str, Said] = field(default_factory=dict, repr=False)

    def said(self, iri: str) -> Said:
        """All that the files state of a thing."""
        if iri not in self._said:
            self._said[iri] = self.workspace.describe(iri)
        return self._said[iri]

    def iris(self, iri: str, path: str) -> Iterator[str]:
        """The things that a property of a thing names."""
        for each in self.said(iri).get(path, ()):
            if isinstance(each, Iri):
                yield each.iri

    def form(self, cls: str) -> Form:
        """The form of a class; the shapes of the folder count, too."""
        if cls not in self._forms:
            self._forms[cls] = form(self.shapes, cls)
        return self._forms[cls]

    def fields(self, iri: str) -> dict[str, Field]:
        """What can be said about a thing, from the forms of all its classes."""
        found: dict[str, Field] = {}
        for cls in self.iris(iri, RDF_TYPE):
            for each in self.form(cls).fields:
                if not each.read_only:
                    found.setdefault(each.path, each)
        return found

    def things(self, cls: str) -> tuple[str, ...]:
        """The things of a class that the folder describes, in the order of its files."""
        return tuple(each for each in self._ours if cls in self._classes.get(each, ()))

    def is_a(self, iri: str, cls: str) -> bool:
        """Whether a thing is of this class or of one below it."""
        return cls in self._classes.get(iri, ())

    def label(self, iri: str) -> str:
        """What people call a thing."""
        there = self.known.by_iri(iri)
        said = [e for e in self.said(iri).get(_LABEL, ()) if isinstance(e, Literal)]
        english = [each.lexical for each in said if each.language == "en"]
        return english[0] if english else there.label if there else compact(iri)

    @cached_property
    def _ours(self) -> tuple[str, ...]:
        return self.workspace.subjects

    @cached_property
    def _classes(self) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for each in self.known.things:
            found[each.iri] = found.get(each.iri, frozenset()) | each.classes
        return found


def scene(workspace: Workspace) -> Scene:
    """Everything about a folder; a ``UsageError`` where it holds no guideline."""
    graph = graph_of(workspace)
    header = graph.value(None, RDF.type, URIRef(expand("gg:Guideline")))
    space = URIRef(expand("vann:preferredNamespaceUri"))
    namespace = graph.value(header, space) if header is not None else None
    if namespace is None:
        raise UsageError([_no_guideline(workspace)])
    prefixes = {
        name: space
        for each in workspace.documents.values()
        for name, space in each.prefixes.items()
    }
    there = known(graph, ontology(), prefixes)
    shapes = with_own(ontology(), graph)
    return Scene(workspace, shapes, there, Names(there), str(namespace))


def _no_guideline(workspace: Workspace) -> Diagnostic:
    return Diagnostic(
        code="H104",
        severity=Severity.ERROR,
        message=f"The folder `{display(workspace.folder)}` does not say with what its names begin.",
        why="A workbook belongs to one guideline, and it is told by the beginning of its names.",
        help="Add vann:preferredNamespaceUri to the description of the guideline; "
        "`guidegraph check` says more.",
    )
