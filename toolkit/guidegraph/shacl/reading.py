"""Shapes read from a graph. What is not well-formed is told, and no shape that needs it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

import pyoxigraph as ox

from guidegraph.columns.columns import Columns, Term
from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.shacl import names
from guidegraph.shacl.components import ALL
from guidegraph.shacl.components.constraint import Component
from guidegraph.shacl.graph import Graph
from guidegraph.shacl.lexical import WHOLE
from guidegraph.shacl.names import sh
from guidegraph.shacl.paths import Alternative, Path, Repeat, Sequence, Step
from guidegraph.shacl.shapes import Shape, Shapes, Targets
from guidegraph.shacl.slips import slips
from guidegraph.shacl.wording import shown

Place = Callable[[Term, Term | None], Location | None]
"""Where a node is described, or where it has a property."""

TARGETS = ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf")
_NESTED = ("property", "node", "not", "qualifiedValueShape")
_LISTS = ("and", "or", "xone")
_REPEATS = {
    "zeroOrMorePath": (True, True),
    "oneOrMorePath": (False, True),
    "zeroOrOnePath": (True, False),
}
MOST = 10**18
"""Stands for every greater number: nothing has as many values or characters."""
DEEPEST = 50
"""How deeply paths and lists of them may be nested."""
DEEPEST_SHAPES = 80
"""How deeply shapes may be: to judge by one takes some calls within each other for each level."""


class ShapeError(Exception):
    """A shape is not written as SHACL wants it; says what of it, and where."""

    def __init__(self, node: Term, name: str, says: str, code: str = "Z101") -> None:
        super().__init__(f"`sh:{name}` {says}." if name else f"{says}.")
        self.node = node
        self.name = name
        self.code = code


def read(
    columns: Columns, place: Place, more: Callable[[Graph], tuple[Component, ...]] | None = None
) -> Shapes:
    """The shapes of a graph. ``place`` says where a node stands, ``more`` further components."""
    graph = Graph(columns)
    return _Reader(graph, place, (*ALL, *(more(graph) if more else ()))).shapes()


class _Reader:
    def __init__(self, graph: Graph, place: Place, kinds: tuple[Component, ...]) -> None:
        self.graph = graph
        self._place = place
        self._kinds = kinds
        self._known = frozenset(each for kind in kinds for each in kind.PARAMETERS)
        self._found: dict[Term, Shape] = {}
        self._findings: list[Diagnostic] = []

    def shapes(self) -> Shapes:
        """All of them."""
        for node in self._nodes():
            try:
                self._found[node] = self._shape(node)
            except ShapeError as fault:
                self._tell(fault)
        self._slips()
        self._without_lacking()
        left = self._circles()
        return Shapes(self._found, tuple(self._findings), left)

    def _nodes(self) -> tuple[Term, ...]:
        """Everything that is a shape, by its type or by how it is used."""
        graph = self.graph
        found: dict[Term, None] = {}
        for kind in ("NodeShape", "PropertyShape"):
            found |= dict.fromkeys(graph.subjects(names.TYPE, sh(kind)))
        for name in (*TARGETS, "property", "node"):
            found |= dict.fromkeys(graph.subjects(sh(name)))
        for name in _NESTED:
            found |= dict.fromkeys(self._values(name))
        for name in _LISTS:
            for head in self._values(name):
                found |= dict.fromkeys(graph.items(head) or ())
        return tuple(found)

    def _values(self, name: str) -> Iterator[Term]:
        columns = self.graph.columns
        for each in columns.pairs(columns.terms.number(sh(name))).objects.tolist():
            yield columns.terms[each]

    def _shape(self, node: Term) -> Shape:
        asking = _Asking(self.graph, node)
        if isinstance(node, ox.Literal):
            raise asking.fault("", f"The literal {shown(node)} stands where a shape is asked for")
        path = asking.path()
        types = self.graph.objects(node, names.TYPE)
        if sh("PropertyShape") in types and path is None:
            raise asking.fault("", "A property shape needs `sh:path`")
        if sh("NodeShape") in types and path is not None:
            raise asking.fault("path", "stands at a node shape, which has none")
        severity = asking.iri("severity")
        return Shape(
            node=node,
            targets=self._targets(asking, types),
            path=path,
            path_node=asking.one("path"),
            constraints=tuple(each for kind in self._kinds for each in kind.read(asking)),
            severity=names.VIOLATION if severity is None else severity,
            messages=tuple(sorted(asking.all("message"), key=str)),
            deactivated=asking.truth("deactivated"),
        )

    def _targets(self, asking: _Asking, types: tuple[Term, ...]) -> Targets:
        for name in TARGETS[1:]:
            for each in asking.all(name):
                asking.as_iri(each, name)
        classes = asking.all("targetClass")
        if not self._class_types.isdisjoint(types):
            classes = tuple(dict.fromkeys((*classes, asking.node)))
        subjects_of, objects_of = asking.all("targetSubjectsOf"), asking.all("targetObjectsOf")
        return Targets(asking.all("targetNode"), classes, subjects_of, objects_of)

    @cached_property
    def _class_types(self) -> frozenset[Term]:
        """Types of what is a class."""
        below = self.graph.subjects(names.SUBCLASS, names.CLASS)
        return frozenset((names.CLASS, names.OWL_CLASS, *below))

    def _slips(self) -> None:
        """Parameters that nobody knows, or that are not judged here."""
        for slip in slips(self.graph, frozenset(self._nodes()), self._known):
            at = self._place(slip.node, slip.predicate) or self._place(slip.node, None)
            told = Diagnostic(
                code="Z102",
                severity=slip.severity,
                message=slip.says,
                at=at,
                why=slip.why,
                help=slip.help,
            )
            self._findings.append(told)

    def _circles(self) -> tuple[Shape, ...]:
        """Shapes that need themselves, and those that need them: what they mean is not said."""
        needs = {node: _needs(each) for node, each in self._found.items()}
        depths = _depths(needs)
        for node, depth in depths.items():
            if depth == DEEPEST_SHAPES + 1:
                says = f"Shapes refer to each other more than {DEEPEST_SHAPES} deep"
                self._tell(ShapeError(node, "", says))
                del self._found[node]
        self._without_lacking()
        before = dict(self._found)
        for node in _in_circles({node: needs[node] for node in before if node not in depths}):
            del self._found[node]
        self._without_lacking()
        return tuple(shape for node, shape in before.items() if node not in self._found)

    def _without_lacking(self) -> None:
        """No shape is applied that needs one that is not there."""
        users = _users({node: _needs(each) for node, each in self._found.items()})
        waiting = [each for each in users if each not in self._found]
        while waiting:
            lacking = [each for each in users.get(waiting.pop(), ()) if each in self._found]
            for node in lacking:
                del self._found[node]
            waiting += lacking

    def _tell(self, fault: ShapeError) -> None:
        predicate = sh(fault.name) if fault.name else None
        at = self._place(fault.node, predicate) or self._place(fault.node, None)
        told = Diagnostic(
            code=fault.code,
            severity=Severity.ERROR,
            message=str(fault),
            at=at,
            why=_NOT_APPLIED,
            help=_HELP[fault.code],
        )
        self._findings.append(told)


_NOT_APPLIED = "This shape, and every shape that refers to it, is not applied."
_HELP = {
    "Z101": "Correct the shape; https://www.w3.org/TR/shacl/ says how each parameter is written.",
    "Z104": "Correct the query; https://www.w3.org/TR/shacl/#sparql-constraints says how.",
}


def _needs(shape: Shape) -> tuple[Term, ...]:
    return tuple(each for constraint in shape.constraints for each in constraint.needs())


def _users(needs: dict[Term, tuple[Term, ...]]) -> dict[Term, list[Term]]:
    """Who needs each shape."""
    users: dict[Term, list[Term]] = {}
    for node, needed in needs.items():
        for each in dict.fromkeys(needed):
            users.setdefault(each, []).append(node)
    return users


def _depths(needs: dict[Term, tuple[Term, ...]]) -> dict[Term, int]:
    """How deeply shapes stand in each other; nothing of those from which one comes to a circle."""
    users, left = _users(needs), {node: len(set(needed)) for node, needed in needs.items()}
    depths = {node: 0 for node, count in left.items() if not count}
    waiting = list(depths)
    while waiting:
        for user in users.get(waiting.pop(), ()):
            left[user] -= 1
            if not left[user]:
                depths[user] = 1 + max(depths[each] for each in needs[user])
                waiting.append(user)
    return depths


def _in_circles(needs: dict[Term, tuple[Term, ...]]) -> list[Term]:
    """The nodes from which one comes back to themselves."""
    found = []
    for start in needs:
        waiting, met = list(needs[start]), set[Term]()
        while waiting:
            each = waiting.pop()
            if each not in met:
                met.add(each)
                waiting += needs.get(each, ())
        if start in met:
            found.append(start)
    return found


class _Asking:
    """One shape as it is written."""

    def __init__(self, graph: Graph, node: Term) -> None:
        self.graph = graph
        self.node = node
        self.is_property = bool(self.all("path"))

    def fault(self, name: str, says: str) -> ShapeError:
        """Something is not as SHACL wants it."""
        return ShapeError(self.node, name, says)

    def query_fault(self, name: str, says: str) -> ShapeError:
        """A query is not as SHACL wants it."""
        return ShapeError(self.node, name, says, "Z104")

    def all(self, name: str) -> tuple[Term, ...]:
        """All values of a parameter."""
        return self.graph.objects(self.node, sh(name))

    def one(self, name: str) -> Term | None:
        """The one value of a parameter, if there is one."""
        found = self.all(name)
        if len(found) > 1:
            raise self.fault(name, f"has {len(found)} values where one is allowed")
        return found[0] if found else None

    def iri(self, name: str) -> Term | None:
        """The same, which must be an IRI."""
        found = self.one(name)
        return None if found is None else self.as_iri(found, name)

    def as_iri(self, found: Term, name: str) -> Term:
        """A value that must be an IRI."""
        if not isinstance(found, ox.NamedNode):
            raise self.fault(name, f"has the value {shown(found)} where an IRI is asked for")
        return found

    def number(self, name: str) -> int | None:
        """The same, a whole number that is not negative."""
        found = self.one(name)
        if found is None:
            return None
        is_whole = isinstance(found, ox.Literal) and found.datatype.value in WHOLE
        digits = found.value.strip().removeprefix("+")
        if not (is_whole and digits.isascii() and digits.isdigit()):
            raise self.fault(
                name, f"has the value {shown(found)} where a whole number is asked for"
            )
        return int(digits) if len(digits.lstrip("0")) < 19 else MOST

    def truth(self, name: str) -> bool:
        """The same, true or false; false if there is none."""
        found = self.one(name)
        if found is None:
            return False
        is_boolean = isinstance(found, ox.Literal) and found.datatype.value == f"{names.XSD}boolean"
        if not is_boolean or found.value not in ("true", "false", "1", "0"):
            raise self.fault(name, f"has the value {shown(found)} where true or false is asked for")
        return found.value in ("true", "1")

    def items(self, head: Term, name: str) -> tuple[Term, ...]:
        """The members of a list."""
        found = self.graph.items(head)
        if found is None:
            raise self.fault(name, "has a value that is no list, or a list without an end")
        return tuple(found)

    def refer(self, shape: Term, name: str) -> Term:
        """A shape that this one refers to."""
        if isinstance(shape, ox.Literal):
            raise self.fault(name, f"has the value {shown(shape)} where a shape is asked for")
        return shape

    def beside(self, shape: Term) -> tuple[Term, ...]:
        """The other qualified value shapes of the shapes that this one is a property of."""
        graph = self.graph
        found = (
            each
            for owner in graph.subjects(sh("property"), self.node)
            for part in graph.objects(owner, sh("property"))
            for each in graph.objects(part, sh("qualifiedValueShape"))
        )
        return tuple(dict.fromkeys(each for each in found if each != shape))

    def path_of(self, shape: Term) -> Term | None:
        """The path of another shape."""
        return next(iter(self.graph.objects(shape, sh("path"))), None)

    def path(self) -> Path | None:
        """The path along which this shape looks."""
        node = self.one("path")
        return None if node is None else self._path(node, 0)

    def _path(self, node: Term, depth: int) -> Path:
        if isinstance(node, ox.NamedNode):
            return Step(node)
        if isinstance(node, ox.Literal) or depth > DEEPEST:
            raise self.fault("path", "has a value that is no path")
        if self.graph.objects(node, names.FIRST):
            return Sequence(self._paths(node, depth))
        for name in ("inversePath", "alternativePath", *_REPEATS):
            if found := self.graph.objects(node, sh(name)):
                if len(found) > 1:
                    raise self.fault("path", f"has a `sh:{name}` with several values")
                return self._special(name, found[0], depth)
        raise self.fault("path", "has a value that is no path")

    def _special(self, name: str, node: Term, depth: int) -> Path:
        if name == "alternativePath":
            return Alternative(self._paths(node, depth))
        inner = self._path(node, depth + 1)
        if name == "inversePath":
            return inner.backwards()
        return Repeat(inner, *_REPEATS[name])

    def _paths(self, head: Term, depth: int) -> tuple[Path, ...]:
        parts = self.items(head, "path")
        if len(parts) < 2:
            raise self.fault("path", "has a list with fewer than two members")
        return tuple(self._path(each, depth + 1) for each in parts)
