"""What shapes read: along which properties they walk from a node to what they judge it by.

All shapes together are one automaton. Its first state is the node that is judged; each property on
a path leads to a further state. Whoever knows it can tell which nodes an edit may concern, and what
has to be looked at to judge them anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from rdflib import RDF, SH, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

START = 0
K = TypeVar("K")

_ABOUT_THE_VALUE = frozenset(
    SH[each]
    for each in (
        *("minCount", "maxCount", "datatype", "nodeKind", "in", "hasValue", "languageIn"),
        *("uniqueLang", "pattern", "flags", "minLength", "maxLength", "minInclusive"),
        *("maxInclusive", "minExclusive", "maxExclusive", "qualifiedMinCount"),
        *("qualifiedMaxCount", "qualifiedValueShapesDisjoint", "ignoredProperties"),
    )
)
_ABOUT_THE_SHAPE = frozenset(
    SH[each]
    for each in (
        *("path", "message", "severity", "order", "name", "description", "group", "defaultValue"),
        *("deactivated", "targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf"),
    )
)
_SAME_FOCUS = (SH.node, SH["not"], SH.qualifiedValueShape)
_LISTS_OF_SHAPES = (SH["or"], SH["and"], SH.xone)
_OTHER_PROPERTY = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)


class CannotFollowError(Exception):
    """A shape asks for something whose reading cannot be told from the shape, such as SPARQL."""


_PLAIN = _ABOUT_THE_VALUE | _ABOUT_THE_SHAPE
_REPEATED = (
    (SH.zeroOrMorePath, True, True),
    (SH.oneOrMorePath, False, True),
    (SH.zeroOrOnePath, True, False),
)


@dataclass(frozen=True, slots=True)
class Step:
    """From a state along a property, or against it, to another; None stands for any property."""

    state: int
    predicate: Node | None
    backwards: bool
    after: int


@dataclass(frozen=True, slots=True)
class Footprint:
    """The automaton of all shapes, by what leaves a state, enters it, and reads a property.

    ``free`` are moves without a step, ``freed`` the same from their ends; ``uses`` are the
    properties whose values are judged for being that.
    """

    leaving: Mapping[int, tuple[Step, ...]]
    entering: Mapping[int, tuple[Step, ...]]
    reading: Mapping[Node | None, tuple[Step, ...]]
    free: Mapping[int, frozenset[int]]
    freed: Mapping[int, frozenset[int]]
    uses: frozenset[Node]


@lru_cache(maxsize=1)
def footprint(shapes: Graph) -> Footprint:
    """The automaton of all shapes in a graph. There is one ontology in a process.

    Raises:
        CannotFollowError: a shape asks for something that cannot be followed.
    """
    walker = _Walker(shapes)
    for shape in _aimed(shapes):
        walker.shape(shape, START)
    free = [*walker.free]
    return Footprint(
        leaving=_by(walker.steps, lambda step: step.state),
        entering=_by(walker.steps, lambda step: step.after),
        reading=_by(walker.steps, lambda step: step.predicate),
        free={at: frozenset(b for a, b in free if a == at) for at, _ in free},
        freed={to: frozenset(a for a, b in free if b == to) for _, to in free},
        uses=frozenset(shapes.objects(None, SH.targetObjectsOf)),
    )


def _aimed(shapes: Graph) -> Iterable[Node]:
    """Every shape that seeks its nodes itself."""
    aims = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
    named = (shape for kind in (SH.NodeShape, SH.PropertyShape) for shape in _typed(shapes, kind))
    return dict.fromkeys((*(each for aim in aims for each in shapes.subjects(aim)), *named))


def _typed(shapes: Graph, kind: Node) -> Iterable[Node]:
    return shapes.subjects(RDF.type, kind)


def _by(steps: Iterable[Step], key: Callable[[Step], K]) -> dict[K, tuple[Step, ...]]:
    found: dict[K, list[Step]] = {}
    for step in steps:
        found.setdefault(key(step), []).append(step)
    return {each: tuple(those) for each, those in found.items()}


class _Walker:
    """Follows each shape from the state of its focus node, making states as it goes."""

    def __init__(self, shapes: Graph) -> None:
        self.steps: list[Step] = []
        self.free: list[tuple[int, int]] = []
        self._shapes = shapes
        self._under: list[Node] = []
        self._states = START

    def shape(self, shape: Node, focus: int, *, is_told: bool = True) -> None:
        """Everything a shape reads of a node in the state ``focus``.

        ``is_told`` says whether results tell of this shape, and not only of one that it is part of.
        """
        if shape in self._under:
            raise CannotFollowError(f"{shape} speaks of itself")
        self._under.append(shape)
        path = self._shapes.value(shape, SH.path)
        at = focus
        if path is not None:
            at = self._state()
            self._walk(path, focus, at)
        for asked, value in self._shapes.predicate_objects(shape):
            if asked == SH.property:
                if is_told and at != focus:  # results would name another node than the judged one
                    raise CannotFollowError(f"{shape} has a property of a property")
                self.shape(value, at, is_told=is_told)
            else:
                self._constraint(asked, value, focus, at)
        self._under.pop()

    def _constraint(self, asked: Node, value: Node, focus: int, at: int) -> None:
        if asked in _SAME_FOCUS:
            self.shape(value, at, is_told=False)
        elif asked in _LISTS_OF_SHAPES:
            for each in Collection(self._shapes, value):
                self.shape(each, at, is_told=False)
        elif asked == SH["class"]:
            self.steps.append(Step(at, RDF.type, False, self._state()))
        elif asked in _OTHER_PROPERTY:
            self.steps.append(Step(focus, value, False, self._state()))
        elif asked == SH.closed:
            self.steps.append(Step(at, None, False, self._state()))
        elif str(asked).startswith(str(SH)) and asked not in _PLAIN:
            raise CannotFollowError(str(asked))

    def _walk(self, path: Node, start: int, end: int) -> None:
        """Steps along a path; against more than one property is left to pySHACL as a whole."""
        inner = self._shapes.value(path, SH.inversePath)
        either = self._shapes.value(path, SH.alternativePath)
        if (path, RDF.first, None) in self._shapes:
            *parts, last = Collection(self._shapes, path)
            for part in parts:
                after = self._state()
                self._walk(part, start, after)
                start = after
            self._walk(last, start, end)
        elif isinstance(path, URIRef):
            self.steps.append(Step(start, path, False, end))
        elif isinstance(inner, URIRef):
            self.steps.append(Step(start, inner, True, end))
        elif either is not None:
            for each in Collection(self._shapes, either):
                self._walk(each, start, end)
        else:
            self._repeated(path, start, end)

    def _repeated(self, path: Node, start: int, end: int) -> None:
        for kind, skips, repeats in _REPEATED:
            if (inner := self._shapes.value(path, kind)) is not None:
                middle = self._state()
                self.free += [(start, end)] if skips else []
                self._walk(inner, start, middle)
                if repeats:
                    self._walk(inner, middle, middle)
                self.free.append((middle, end))
                return
        raise CannotFollowError(f"the path {path}")

    def _state(self) -> int:
        self._states += 1
        return self._states
