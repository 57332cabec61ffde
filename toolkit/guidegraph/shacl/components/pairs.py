"""Values against those of another property: ``sh:equals``, ``sh:disjoint``, ``sh:lessThan``."""

from __future__ import annotations

import operator
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyoxigraph as ox

from guidegraph.columns.columns import Codes
from guidegraph.shacl.components.constraint import Asking, Breaches, Edit, Shown, Simple, View
from guidegraph.shacl.data import Index, join
from guidegraph.shacl.literals import Holds
from guidegraph.shacl.paths import Step
from guidegraph.shacl.wording import shown


class _Beside(Simple):
    """A constraint that looks at the values of another property, too."""

    other: ox.NamedNode

    def foci_after(self, edit: Edit) -> Codes:
        """Nodes that have other values of it."""
        return edit.subjects(self.other)


@dataclass(frozen=True, slots=True)
class Equals(_Beside):
    """The values are those of another property, no fewer and no more."""

    PARAMETERS: ClassVar = ("equals",)
    other: ox.NamedNode

    @classmethod
    def read(cls, shape: Asking) -> Iterator[Equals]:
        """One for each property."""
        return (cls(each) for each in _properties(shape, "equals"))

    def breaches(self, view: View) -> Iterator[Breaches]:
        """Values that only one of the two has."""
        ours = view.at << 32 | view.values
        at, values = Step(self.other).follow(view.data, view.foci)
        yield _of("Equals", np.setxor1d(ours, at << 32 | values, assume_unique=True))

    def words(self, shown: Shown) -> str:
        """What is asked."""
        return f"The values are not the same as those of {shown(self.other)}."


@dataclass(frozen=True, slots=True)
class Disjoint(_Beside):
    """No value is one of another property."""

    PARAMETERS: ClassVar = ("disjoint",)
    other: ox.NamedNode

    @classmethod
    def read(cls, shape: Asking) -> Iterator[Disjoint]:
        """One for each property."""
        return (cls(each) for each in _properties(shape, "disjoint"))

    def breaches(self, view: View) -> Iterator[Breaches]:
        """Values that both have."""
        ours = view.at << 32 | view.values
        at, values = Step(self.other).follow(view.data, view.foci)
        yield _of("Disjoint", np.intersect1d(ours, at << 32 | values, assume_unique=True))

    def words(self, shown: Shown) -> str:
        """What is asked."""
        return f"The value is also one of {shown(self.other)}."


_HOLDS: dict[str, Holds] = {
    "lessThan": operator.lt,
    "lessThanOrEquals": operator.le,
}


@dataclass(frozen=True, slots=True)
class LessThan(_Beside):
    """Each value is less than each of another property (or equal, by its name)."""

    PARAMETERS: ClassVar = tuple(_HOLDS)
    name: str
    other: ox.NamedNode

    @classmethod
    def read(cls, shape: Asking) -> Iterator[LessThan]:
        """One for each property."""
        for name in _HOLDS:
            for each in _properties(shape, name):
                if not shape.is_property:
                    raise shape.fault(name, "needs a path, and this shape has no sh:path")
                yield cls(name, each)

    def breaches(self, view: View) -> Iterator[Breaches]:
        """Each pair of values that are not so, or cannot be compared."""
        at, others = Step(self.other).follow(view.data, view.foci)
        rows, right = join(view.at, at, others)
        left = view.values[rows]
        wrong = ~view.literals.compared(left, right, _HOLDS[self.name])
        name = self.name[0].upper() + self.name[1:]
        yield Breaches.of(name, view.at[rows[wrong]], left[wrong])

    def words(self, shown: Shown) -> str:
        """What is asked."""
        equal = " or equal to" if self.name == "lessThanOrEquals" else ""
        return f"The value is not less than{equal} that of {shown(self.other)}."


def _properties(shape: Asking, name: str) -> Iterator[ox.NamedNode]:
    for each in shape.all(name):
        if not isinstance(each, ox.NamedNode):
            raise shape.fault(name, f"has the value {shown(each)}, which is no property")
        yield each


def _of(component: str, both: Index) -> Breaches:
    values: Codes = (both & 0xFFFFFFFF).astype(np.int32)
    return Breaches.of(component, both >> 32, values)
