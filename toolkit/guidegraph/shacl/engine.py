"""Shapes applied to a graph: whole columns of focus nodes at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from guidegraph.columns.columns import Codes, Term
from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.shacl.components.constraint import Breaches, Constraint, View
from guidegraph.shacl.data import Data, Index, Mask
from guidegraph.shacl.literals import Literals
from guidegraph.shacl.shapes import Shape, Shapes, UnjudgedError
from guidegraph.shacl.wording import shown


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Results of one constraint: positions of the nodes first judged, and what ``Breaches`` say."""

    shape: Shape
    constraint: Constraint
    roots: Index
    foci: Codes
    breaches: Breaches

    def __len__(self) -> int:
        return len(self.foci)

    def at(self, rows: Index, roots: Index) -> Batch:
        """Some of the results, for other nodes."""
        told = self.breaches
        chosen = replace(
            told,
            at=told.at[rows],
            values=told.values[rows],
            predicates=None if told.predicates is None else told.predicates[rows],
            messages=told.messages and tuple(told.messages[each] for each in rows.tolist()),
        )
        return replace(self, roots=roots, foci=self.foci[rows], breaches=chosen)


class Engine:
    """Applies the shapes of a graph to the nodes of another."""

    def __init__(self, data: Data, shapes: Shapes) -> None:
        self._data = data
        self._shapes = shapes.by_node
        self._literals = Literals(data)
        self.findings: tuple[Diagnostic, ...] = ()
        """Shapes that could not be applied to these data; known when all results are."""

    def results(self) -> Iterator[Batch]:
        """Everything that is found by shapes that seek nodes."""
        for shape in self._shapes.values():
            if shape.targets and not shape.deactivated:
                try:
                    yield from list(self.judged(shape, self.targets(shape)))
                except UnjudgedError as fault:
                    self.findings += (unjudged(shape, fault),)

    def targets(self, shape: Shape) -> Codes:
        """The nodes that a shape seeks, ordered."""
        data, aims = self._data, shape.targets
        found = [data.numbers(aims.nodes)]
        found += [data.instances(each) for each in aims.classes]
        found += [data.pairs(each).subjects for each in aims.subjects_of]
        found += [data.pairs(each).objects for each in aims.objects_of]
        return data.ordered(np.concatenate(found))

    def sought(self, shape: Shape, nodes: Codes) -> Codes:
        """Those of a few nodes (ordered, each once) that a shape seeks."""
        data, aims = self._data, shape.targets
        is_sought = _is_in(nodes, data.numbers(aims.nodes))
        for kind in aims.classes:
            is_sought |= _is_in(nodes, data.instances(kind))
        for each in aims.subjects_of:
            is_sought |= _is_in(nodes, data.pairs(each).subjects)
        for each in aims.objects_of:
            is_sought |= _is_in(nodes, data.pairs(each).inverse.subjects)
        return nodes[is_sought]

    def judged(self, shape: Shape, foci: Codes) -> Iterator[Batch]:
        """What a shape finds in some nodes (ordered, each once)."""
        if shape.deactivated or not len(foci):
            return
        if shape.path is None:
            at, values = np.arange(len(foci)), foci
        else:
            at, values = shape.path.follow(self._data, foci)
        view = View(
            self._data, self._literals, foci, at, values, _Judge(self), shape.node, shape.path
        )
        for constraint in shape.constraints:
            for each in constraint.breaches(view):
                if len(each.at):
                    told = foci[each.at] if each.foci is None else each.foci
                    yield Batch(shape, constraint, each.at, told, each)
        yield from view.found

    def conform(self, node: Term, nodes: Codes) -> Mask:
        """Which of some nodes (ordered, each once) have a shape."""
        right = np.ones(len(nodes), dtype=np.bool_)
        for batch in self.judged(self._shapes[node], nodes):
            right[batch.roots] = False
        return right

    def below(self, node: Term, view: View) -> Iterator[Batch]:
        """What a property shape finds in the values of a view, for the focus nodes of the view."""
        distinct = self._data.ordered(view.values)
        order = np.argsort(view.values, kind="stable")
        starts = np.searchsorted(view.values[order], distinct)
        counts = np.searchsorted(view.values[order], distinct, side="right") - starts
        for batch in self.judged(self._shapes[node], distinct):
            often = counts[batch.roots]
            rows = np.repeat(np.arange(len(batch)), often)
            within = np.arange(len(rows)) - np.repeat(np.cumsum(often) - often, often)
            owners = view.at[order[np.repeat(starts[batch.roots], often) + within]]
            yield batch.at(rows, owners)


def _is_in(nodes: Codes, ordered: Codes) -> Mask:
    """Which of some nodes are among many that are ordered."""
    starts, stops = (np.searchsorted(ordered, nodes, side=each) for each in ("left", "right"))
    found: Mask = starts < stops
    return found


def unjudged(shape: Shape, fault: UnjudgedError) -> Diagnostic:
    """What is told of a shape that could not be applied."""
    return Diagnostic(
        code="Z107",
        severity=Severity.ERROR,
        message=f"The shape {shown(shape.node)} could not be applied to these data: {fault}.",
        why="What it would have found is not known.",
        help="Write its pattern or query so that it can be, or use `--engine pyshacl`.",
    )


@dataclass(frozen=True, slots=True)
class _Judge:
    engine: Engine

    def conform(self, shape: Term, nodes: Codes) -> Mask:
        """Which nodes have a shape."""
        return self.engine.conform(shape, nodes)

    def below(self, shape: Term, view: View) -> None:
        """What a property shape finds in the values."""
        view.found.extend(self.engine.below(shape, view))
