"""Which nodes an edit may concern: shapes followed backwards from what changed.

A value is reached through triples. If it is reached otherwise after an edit, there is a first
triple on the way that changed; those before it did not, so they are there after the edit, and
leading back along them finds every node from which the way began. What a shape asks of its values
is followed back in the same way. More nodes may be found than the edit concerns, never fewer.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyoxigraph as ox

from guidegraph.columns.columns import Codes, Term, Triples
from guidegraph.shacl.data import Data
from guidegraph.shacl.names import SUBCLASS, TYPE
from guidegraph.shacl.paths import Against, Alternative, Path, Repeat, Sequence, Step
from guidegraph.shacl.shapes import Shape, Shapes


class Reach:
    """What an edit of some data may concern. ``touched`` are the triples that came or went."""

    def __init__(self, before: Data, after: Data, shapes: Shapes, touched: Triples) -> None:
        self._before = before
        self._after = after
        self.size_before = len(before.columns.terms)
        self._shapes = shapes.by_node
        self._touched = touched
        self._found: dict[Term, Codes] = {}
        names = map(after.term, np.unique(touched[1]).tolist())
        self._predicates = frozenset(each.value for each in names)

    def foci(self, shape: Shape) -> Codes:
        """Nodes that a shape with targets may judge otherwise, or seeks only before or after.

        Raises ``EverythingError`` where it may be all.
        """
        aims = shape.targets
        found = [self.of_shape(shape)]
        found += [self.instances(each) for each in aims.classes]
        found += [self.subjects(each) for each in aims.subjects_of]
        found += [self.objects(each) for each in aims.objects_of]
        numbers = ((each, self._before.number(each, foreign=True)) for each in aims.nodes)
        unknown = self._after.numbers(
            each for each, number in numbers if number >= self.size_before
        )
        return self._joined([*found, unknown])

    def of_shape(self, shape: Shape) -> Codes:
        """Nodes that a shape may judge otherwise."""
        if (found := self._found.get(shape.node)) is None:
            found = self._found[shape.node] = self._joined(self._of_shape(shape))
        return found

    def _of_shape(self, shape: Shape) -> Iterable[Codes]:
        if shape.path is not None:
            yield self.changed(shape.path)
        values = []
        for constraint in shape.constraints:
            values.append(constraint.values_after(self))
            values += [self.of_shape(self._shapes[each]) for each in constraint.needs()]
            if (foci := constraint.foci_after(self)) is not None:
                yield foci
        concerned = self._joined(each for each in values if each is not None)
        if len(concerned):
            yield concerned if shape.path is None else self.leading_to(shape.path, concerned)

    def _joined(self, found: Iterable[Codes]) -> Codes:
        return np.unique(np.concatenate([np.empty(0, dtype=np.int32), *found]))

    def changed(self, path: Path) -> Codes:
        """Nodes from which a path may lead elsewhere."""
        if isinstance(path, Step):
            return self.subjects(path.predicate)
        if isinstance(path, Against):
            return self.objects(path.predicate)
        if isinstance(path, Alternative):
            return self._joined(map(self.changed, path.parts))
        if isinstance(path, Repeat):
            inner = self.changed(path.part)
            again = Repeat(path.part, skips=True, repeats=True)
            return self.leading_to(again, inner) if path.repeats else inner
        found = [self.changed(path.parts[0])]
        for number, part in enumerate(path.parts[1:], 1):
            found.append(self.leading_to(Sequence(path.parts[:number]), self.changed(part)))
        return self._joined(found)

    def leading_to(self, path: Path, nodes: Codes) -> Codes:
        """Nodes from which a path leads to some others after the edit."""
        if not len(nodes):
            return nodes
        return np.unique(path.backwards().follow(self._after, nodes)[1])

    def subjects(self, predicate: Term | None = None) -> Codes:
        """Of what something else is said, with one predicate or with any."""
        return self._ends(0, predicate)

    def objects(self, predicate: Term) -> Codes:
        """Of what something else is a value."""
        return self._ends(2, predicate)

    def _ends(self, part: int, predicate: Term | None) -> Codes:
        ends = self._touched[part]
        if predicate is not None:
            ends = ends[self._touched[1] == self._after.columns.terms.number(predicate)]
        return np.unique(ends)

    def instances(self, kind: Term) -> Codes:
        """What became an instance of a class, or is none any more; perhaps a few others too."""
        if SUBCLASS.value in self._predicates:
            return np.setxor1d(self._before.instances(kind), self._after.instances(kind))
        return self.subjects(TYPE)

    def reaches(self, reads: frozenset[str] | None) -> bool:
        """Whether something else is said with some predicates (None: with any)."""
        return reads is None or not self._predicates.isdisjoint(reads)

    def datatypes(self) -> frozenset[str]:
        """The datatypes of the literals in what came or went."""
        terms = self._after.terms(np.unique(self._touched[2]))
        return frozenset(each.datatype.value for each in terms if isinstance(each, ox.Literal))
