"""What shapes do not find as they ask for it, told in plain words.

What is said about a result (code, message, hint) stands at the shape it comes from; this module
finds the place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from rdflib import RDF, SH, SKOS, XSD, BNode, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from guidegraph.check.literals import is_ill_typed
from guidegraph.check.validation import Result, validated
from guidegraph.diagnostic import Diagnostic, Location, Severity, in_order
from guidegraph.read import Sources, Triple
from guidegraph.terms import compact, expand, local_name

CODE = URIRef(expand("gg:code"))
HINT = URIRef(expand("gg:hint"))
SEVERITIES: dict[Node, Severity] = {SH.Warning: Severity.WARNING, SH.Info: Severity.NOTE}
TOO_MANY = (
    SH.MaxCountConstraintComponent,
    SH.QualifiedMaxCountConstraintComponent,
    SH.UniqueLangConstraintComponent,
)


Validated = Callable[[Sources], Iterable[Result]]


def check_shapes(sources: Sources, validated: Validated = validated) -> Iterator[Diagnostic]:
    """What does not have the shape its class asks for, each at the line that is to be changed.

    ``validated`` applies the shapes; who has done so before an edit may know a shorter way.
    """
    teller = _Teller(sources)
    yield from in_order(
        finding for result in validated(sources) for finding in teller.findings(result)
    )


class _Teller:
    """Turns results into findings: whom they are about, where, and in which words."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._graph = sources.graph
        self._ontology = sources.ontology

    def findings(self, result: Result) -> Iterator[Diagnostic]:
        """The findings of one result: one, or one for each statement that uses a wrong value."""
        if self._told_elsewhere(result):
            return
        uses = self._uses(result)
        if uses is not None:
            for triple in uses:
                yield self._finding(result, triple[0], self._sources.places.get(triple))
        elif (result.focus, None, None) in self._graph:
            yield self._finding(result, result.focus, self._place(result))

    def _told_elsewhere(self, result: Result) -> bool:
        """Whether names or literals are the fault, which other checks tell more precisely."""
        value = result.focus if result.value is None else result.value
        if isinstance(value, Literal):
            is_odd = bool(value.ill_typed) or is_ill_typed(value)
            return is_odd or value.datatype in (XSD.double, XSD.float)
        if str(result.focus) in self._sources.broken or str(value) in self._sources.broken:
            return True
        if result.component == SH.InConstraintComponent or isinstance(value, BNode):
            return False
        nowhere = (value, None, None)
        return nowhere not in self._graph and nowhere not in self._ontology

    def _uses(self, result: Result) -> list[Triple] | None:
        """The statements that use the focus node wrongly, if the shape is about uses of it."""
        owner = self._ontology.value(None, SH.property, result.shape) or result.shape
        predicates = list(self._ontology.objects(owner, SH.targetObjectsOf))
        if not predicates:
            return None
        return [
            triple
            for predicate in predicates
            for triple in self._graph.triples((None, predicate, result.focus))
        ]

    def _place(self, result: Result) -> Location | None:
        """Where the offending value stands, or the last one too many, or else the thing itself."""
        path = self._ontology.value(result.shape, SH.path)
        stands = [
            self._sources.places[triple]
            for predicate in self._first_steps(path)
            for triple in self._graph.triples((result.focus, predicate, None))
            if result.value in (None, triple[2]) or not self._is_direct(path)
        ]
        if stands and (result.value is not None or result.component in TOO_MANY):
            return max(stands)
        return self._at(result.focus)

    def _first_steps(self, path: Node | None) -> list[Node]:
        """The properties with which a path leaves its focus node; none for an inverse path."""
        if path is None or isinstance(path, URIRef):
            return [] if path is None else [path]
        if (path, RDF.first, None) in self._ontology:
            return self._first_steps(self._ontology.value(path, RDF.first))
        either = self._ontology.value(path, SH.alternativePath)
        if either is None:
            return []
        return list(Collection(self._ontology, either))

    def _is_direct(self, path: Node | None) -> bool:
        """Whether the values of a path are values of the focus node itself."""
        return (path, RDF.first, None) not in self._ontology

    def _at(self, node: Node) -> Location | None:
        """Where a thing is described; for one without a name, where its owner has it."""
        if isinstance(node, BNode):
            inside = [
                self._sources.places[each] for each in self._graph.triples((None, None, node))
            ]
            return min(inside, default=self._sources.at(node))
        return self._sources.at(node)

    def _finding(self, result: Result, subject: Node, at: Location | None) -> Diagnostic:
        severity = self._ontology.value(result.shape, SH.severity) or SH.Violation
        owner = self._owner(subject)
        message, help_ = self._wording(result)
        return Diagnostic(
            code=str(self._ontology.value(result.shape, CODE)),
            severity=SEVERITIES.get(severity, Severity.ERROR),
            message=f"`{self._name(result.focus)}`: {message}",
            at=at,
            help=help_,
            subject=None if isinstance(owner, BNode) else local_name(str(owner)),
        )

    def _wording(self, result: Result) -> tuple[str, str]:
        """What is wrong and what to do: as the shape says, or that one value is too many."""
        shape = result.shape
        name = self._ontology.value(shape, SH.name)
        asked_for_one = self._ontology.value(shape, SH.minCount) is not None
        if result.component == SH.MaxCountConstraintComponent and asked_for_one and name:
            path = compact(str(self._ontology.value(shape, SH.path)))
            return f"This has more than one {name}.", f"Keep the one {path} that is meant."
        return self._english(shape, SH.message), self._english(shape, HINT) + self._words(shape)

    def _english(self, shape: Node, predicate: URIRef) -> str:
        words = self._ontology.objects(shape, predicate)
        return next(str(each) for each in words if getattr(each, "language", None) == "en")

    def _words(self, shape: Node) -> str:
        """The words to choose from, where a shape asks for one of a code list."""
        scheme = self._ontology.value(shape, SH.hasValue)
        if self._ontology.value(shape, SH.path) != SKOS.inScheme or scheme is None:
            return ""
        words = sorted(
            compact(str(each)) for each in self._ontology.subjects(SKOS.inScheme, scheme)
        )
        return f" It has: {', '.join(words)}."

    def _name(self, node: Node) -> str:
        """How a message calls a node: by its own name or that of its owner, as in Turtle."""
        owner = self._owner(node)
        if isinstance(owner, URIRef) and (owner, None, None) in self._graph:
            return local_name(str(owner))
        return "[...]" if isinstance(owner, BNode) else compact(str(owner))

    def _owner(self, node: Node) -> Node:
        """The named thing that a node without a name belongs to, as far as there is one."""
        met: set[Node] = set()
        while isinstance(node, BNode) and node not in met:
            met.add(node)
            node = min(self._graph.subjects(None, node), key=str, default=node)
        return node
