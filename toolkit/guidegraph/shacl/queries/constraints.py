"""Constraints in SPARQL: ``sh:sparql``, and components that shapes define for themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import pyoxigraph as ox

from guidegraph.columns.columns import Term
from guidegraph.shacl import names
from guidegraph.shacl.components.constraint import (
    Asking,
    Breaches,
    Constraint,
    Edit,
    EverythingError,
    Shown,
    Simple,
    View,
)
from guidegraph.shacl.graph import Graph
from guidegraph.shacl.names import sh
from guidegraph.shacl.queries.answers import REWRITTEN, Answer, answers
from guidegraph.shacl.queries.binding import Prepared, prepared
from guidegraph.shacl.queries.predicates import predicates
from guidegraph.shacl.queries.tokens import MalformedError

_HOLES = re.compile(r"\{[?$](\w+)\}")
COMPONENT = "SPARQL"


@dataclass(frozen=True, slots=True, eq=False)
class Select(Simple):
    """Each answer to a query is a breach."""

    query: Prepared
    prefixes: Mapping[str, str]
    messages: tuple[Term, ...]
    source: Term | None = None
    name: Term | None = None
    fixed: Mapping[str, Term] = field(default_factory=dict)

    def breaches(self, view: View) -> Iterator[Breaches]:
        """One for each answer."""
        data = view.data
        rows = np.arange(len(view.foci))
        found = list(answers(data, self.query, self.prefixes, {"this": view.foci[rows]}))
        values = [_value(view, each) for each in found]
        said = [self._said(view, each) for each in found]
        told = self.messages or any(each is not None for each in said)
        yield Breaches(
            component=COMPONENT,
            at=np.array([each.row for each in found], dtype=np.int64),
            values=np.array(values, dtype=np.int32),
            predicates=np.array([_property(view, each) for each in found], dtype=np.int32),
            messages=tuple(each or () for each in said) if told else None,
            source=self.source,
            name=self.name,
        )

    def foci_after(self, edit: Edit) -> None:
        """None, or all: also numbers anywhere matter, since answers write them as the data do."""
        reads = predicates(self.query.plain, tuple(self.prefixes.items()))
        if edit.reaches(reads) or not edit.datatypes().isdisjoint(REWRITTEN):
            raise EverythingError

    def _said(self, view: View, answer: Answer) -> tuple[Term, ...] | None:
        own = answer.values.get("message")
        if own is None and not self.messages:
            return None
        focus = view.data.term(int(view.foci[answer.row]))
        value = {} if view.path is not None else {"value": focus}
        known = {"this": focus, **value, **self.fixed, **answer.values}
        return filled(self.messages if own is None else (own,), known)

    def words(self, shown: Shown) -> str:
        """What is asked."""
        return "The query of this shape finds something that should not be."


@dataclass(frozen=True, slots=True, eq=False)
class Ask(Simple):
    """Each value for which a question is answered with no is a breach."""

    query: Prepared
    prefixes: Mapping[str, str]
    messages: tuple[Term, ...]
    name: Term
    fixed: Mapping[str, Term]

    def breaches(self, view: View) -> Iterator[Breaches]:
        """The values that are not as they should be."""
        bound = {"this": view.foci[view.at], "value": view.values}
        met = answers(view.data, self.query, self.prefixes, bound)
        wrong = np.ones(len(view.values), dtype=np.bool_)
        wrong[[each.row for each in met]] = False
        at, values = view.at[wrong], view.values[wrong]
        term = view.data.term
        said = [
            filled(self.messages, {**self.fixed, "this": term(focus), "value": term(value)})
            for focus, value in zip(view.foci[at].tolist(), values.tolist(), strict=True)
        ]
        told = tuple(said) if self.messages else None
        yield Breaches("", at, values, messages=told, name=self.name)

    def foci_after(self, edit: Edit) -> None:
        """None, or all."""
        if edit.reaches(predicates(self.query.plain, tuple(self.prefixes.items()))):
            raise EverythingError

    def words(self, shown: Shown) -> str:
        """What is asked."""
        return "The query of this shape does not find what should be."


def _value(view: View, answer: Answer) -> int:
    """What is wrong: as the query says, or at a node shape the focus node."""
    if (found := answer.values.get("value")) is not None:
        return view.data.number(found)
    return -1 if view.path is not None else int(view.foci[answer.row])


def _property(view: View, answer: Answer) -> int:
    found = answer.values.get("path")
    return view.data.number(found) if isinstance(found, ox.NamedNode) else -1


def filled(messages: tuple[Term, ...], known: Mapping[str, Term]) -> tuple[Term, ...]:
    """Messages with the values of variables in their places."""

    def value(hole: re.Match[str]) -> str:
        term = known.get(hole.group(1))
        return hole.group() if term is None else term.value

    return tuple(
        ox.Literal(_HOLES.sub(value, each.value), language=each.language)
        if isinstance(each, ox.Literal)
        else each
        for each in messages
    )


class Sparql:
    """``sh:sparql``."""

    PARAMETERS: ClassVar = ("sparql",)

    @classmethod
    def read(cls, shape: Asking) -> Iterator[Constraint]:
        """One for each query that is not deactivated."""
        for node in shape.all("sparql"):
            graph = shape.graph
            if ox.Literal("true", datatype=_BOOLEAN) in graph.objects(node, sh("deactivated")):
                continue
            query = _prepared(shape, "sparql", node, ("this",), {"currentShape": shape.node})
            messages = _messages(shape, node)
            yield Select(query, prefixes(graph, node), messages, source=node)


_BOOLEAN = ox.NamedNode(f"{names.XSD}boolean")


def _messages(shape: Asking, node: Term) -> tuple[Term, ...]:
    """What a query or validator says of itself, or else what its shape says."""
    own = shape.graph.objects(node, sh("message")) or shape.all("message")
    return tuple(sorted(own, key=str))


def _text(shape: Asking, graph: Graph, node: Term, name: str) -> str:
    found = graph.objects(node, sh(name))
    if len(found) != 1 or not isinstance(found[0], ox.Literal):
        raise shape.fault("sparql", f"needs one `sh:{name}` with the text of a query")
    return found[0].value


def _prepared(
    shape: Asking, name: str, node: Term, bound: tuple[str, ...], fixed: Mapping[str, Term]
) -> Prepared:
    kind = "ask" if name == "ask" else "select"
    text, known = _text(shape, shape.graph, node, kind), prefixes(shape.graph, node)
    path = shape.path()
    try:
        query = prepared(text, bound, fixed, "" if path is None else path.sparql)
        if query.asks != (kind == "ask"):
            raise MalformedError(f"is no {kind.upper()} query, as `sh:{kind}` wants it")
        return _tried(query, known)
    except MalformedError as fault:
        raise shape.query_fault(name, f"has a query that {fault}") from None


def _tried(query: Prepared, known: Mapping[str, str]) -> Prepared:
    """The same query, if Oxigraph can read it."""
    try:
        ox.Store().query(query.text, prefixes=dict(known))
    except (SyntaxError, ValueError, RuntimeError) as fault:
        words = str(fault).partition("\n")[0]
        raise MalformedError(f"cannot be read: {words.rstrip('.')}") from None
    return query


def prefixes(graph: Graph, node: Term) -> dict[str, str]:
    """The prefixes that a query may use: those that are declared for it."""
    found = dict(_ALWAYS)
    waiting, met = list(graph.objects(node, sh("prefixes"))), set[Term]()
    while waiting:
        each = waiting.pop()
        if each in met:
            continue
        met.add(each)
        waiting += graph.objects(each, names.IMPORTS)
        for declared in graph.objects(each, sh("declare")):
            prefix = graph.objects(declared, sh("prefix"))
            namespace = graph.objects(declared, sh("namespace"))
            if prefix and namespace:
                found[prefix[0].value] = namespace[0].value
    return found


_ALWAYS = {"rdf": names.RDF, "rdfs": names.RDFS, "owl": names.OWL, "xsd": names.XSD, "sh": names.SH}


@dataclass(frozen=True, slots=True)
class Defined:
    """A component that shapes define: its parameters, and its queries for each kind of shape."""

    graph: Graph
    node: Term
    required: tuple[ox.NamedNode, ...]
    optional: tuple[ox.NamedNode, ...]
    PARAMETERS: ClassVar = ()

    def read(self, shape: Asking) -> Iterator[Constraint]:
        """One for each value of the parameter, if it has but one; else one."""
        graph = self.graph
        given = {each: graph.objects(shape.node, each) for each in (*self.required, *self.optional)}
        if not all(given[each] for each in self.required):
            return
        if len(self.required) == 1:
            choices = [{self.required[0]: each} for each in given[self.required[0]]]
        else:
            choices = [{each: given[each][0] for each in self.required}]
        more = {each: given[each][0] for each in self.optional if given[each]}
        for choice in choices:
            fixed = {_local(each): value for each, value in (choice | more).items()}
            yield self._constraint(shape, fixed)

    def _constraint(self, shape: Asking, fixed: Mapping[str, Term]) -> Constraint:
        graph = self.graph
        own = "propertyValidator" if shape.is_property else "nodeValidator"
        validators = graph.objects(self.node, sh(own)) or graph.objects(self.node, sh("validator"))
        if not validators:
            raise shape.query_fault("", f"The component {self.node} has no query for this shape")
        node = validators[0]
        messages = _messages(shape, node)
        known = {**fixed, "currentShape": shape.node}
        if graph.objects(node, sh("ask")):
            query = _prepared(shape, "ask", node, ("value", "this"), known)
            return Ask(query, prefixes(graph, node), messages, self.node, fixed)
        query = _prepared(shape, "select", node, ("this",), known)
        declared = prefixes(graph, node)
        return Select(query, declared, messages, name=self.node, fixed=fixed)


def _local(parameter: ox.NamedNode) -> str:
    return re.split(r"[#/:]", parameter.value)[-1]


def defined(graph: Graph) -> tuple[Defined, ...]:
    """The components that a graph defines."""
    kinds: list[Term] = [sh("ConstraintComponent")]
    for kind in kinds:
        kinds += [each for each in graph.subjects(names.SUBCLASS, kind) if each not in kinds]
    nodes = dict.fromkeys(each for kind in kinds for each in graph.subjects(names.TYPE, kind))
    return tuple(_defined(graph, each) for each in nodes if not each.value.startswith(names.SH))


def _defined(graph: Graph, node: Term) -> Defined:
    required: list[ox.NamedNode] = []
    optional: list[ox.NamedNode] = []
    for parameter in graph.objects(node, sh("parameter")):
        path = next(iter(graph.objects(parameter, sh("path"))), None)
        if isinstance(path, ox.NamedNode):
            lax = ox.Literal("true", datatype=_BOOLEAN)
            is_optional = lax in graph.objects(parameter, sh("optional"))
            (optional if is_optional else required).append(path)
    return Defined(graph, node, tuple(sorted(required, key=str)), tuple(sorted(optional, key=str)))
