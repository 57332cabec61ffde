"""Shapes within shapes: ``sh:node``, ``sh:property``, ``sh:qualifiedValueShape``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from guidegraph.columns.columns import Term
from guidegraph.shacl.components.constraint import Asking, Bounded, Breaches, Shown, View
from guidegraph.shacl.wording import shown


@dataclass(frozen=True, slots=True)
class Node(Bounded):
    """Each value has a node shape."""

    PARAMETERS: ClassVar = ("node",)
    shape: Term

    @classmethod
    def read(cls, shape: Asking) -> Iterator[Node]:
        """One for each shape."""
        for each in shape.all("node"):
            if shape.path_of(each) is not None:
                raise shape.fault("node", f"refers to {shown(each)}, which is a property shape")
            yield cls(shape.refer(each, "node"))

    def breaches(self, view: View) -> Iterator[Breaches]:
        """The values that do not."""
        distinct, back = view.data.distinct(view.values)
        yield view.wrong("Node", view.judge.conform(self.shape, distinct)[back])

    def words(self, shown: Shown) -> str:
        """What is asked."""
        return f"The value does not have the shape {shown(self.shape)}."

    def needs(self) -> tuple[Term, ...]:
        """The shape."""
        return (self.shape,)


@dataclass(frozen=True, slots=True)
class Property(Bounded):
    """Each value is a focus node of a property shape, whose results are told as they are."""

    PARAMETERS: ClassVar = ("property",)
    shape: Term

    @classmethod
    def read(cls, shape: Asking) -> Iterator[Property]:
        """One for each property shape."""
        for each in shape.all("property"):
            if shape.path_of(each) is None:
                raise shape.fault("property", f"refers to {shown(each)}, which has no sh:path")
            yield cls(shape.refer(each, "property"))

    def breaches(self, view: View) -> Iterator[Breaches]:
        """None of its own."""
        view.judge.below(self.shape, view)
        return iter(())

    def words(self, shown: Shown) -> str:
        """Nothing of its own."""
        return ""

    def needs(self) -> tuple[Term, ...]:
        """The shape."""
        return (self.shape,)


@dataclass(frozen=True, slots=True)
class Qualified(Bounded):
    """At least or at most so many values have a shape (and none of the shapes beside it)."""

    PARAMETERS: ClassVar = (
        "qualifiedValueShape",
        "qualifiedMinCount",
        "qualifiedMaxCount",
        "qualifiedValueShapesDisjoint",
    )
    shape: Term
    low: int | None
    high: int | None
    siblings: tuple[Term, ...]

    @classmethod
    def read(cls, shape: Asking) -> Iterator[Qualified]:
        """One for each shape; a node shape has none, whatever it says."""
        found = shape.all("qualifiedValueShape")
        if not found or not shape.is_property:
            return
        low, high = shape.number("qualifiedMinCount"), shape.number("qualifiedMaxCount")
        if low is None and high is None:
            raise shape.fault("qualifiedValueShape", "has neither a least nor a greatest number")
        alone = shape.truth("qualifiedValueShapesDisjoint")
        for each in found:
            beside = shape.beside(each) if alone else ()
            siblings = tuple(shape.refer(other, "qualifiedValueShape") for other in beside)
            yield cls(shape.refer(each, "qualifiedValueShape"), low, high, siblings)

    def breaches(self, view: View) -> Iterator[Breaches]:
        """The focus nodes with too few or too many such values."""
        distinct, back = view.data.distinct(view.values)
        counted = view.judge.conform(self.shape, distinct)
        for sibling in self.siblings:
            counted[counted] = ~view.judge.conform(sibling, distinct[counted])
        counts = np.bincount(view.at[counted[back]], minlength=len(view.foci))
        if self.high is not None:
            yield Breaches.of("QualifiedMaxCount", np.flatnonzero(counts > self.high))
        if self.low is not None:
            yield Breaches.of("QualifiedMinCount", np.flatnonzero(counts < self.low))

    def words(self, shown: Shown) -> str:
        """What is asked."""
        low = "" if self.low is None else f" at least {self.low}"
        high = "" if self.high is None else f" at most {self.high}"
        both = f"{low}{' and' if low and high else ''}{high}"
        return f"Of the values{both} must have the shape {shown(self.shape)}."

    def needs(self) -> tuple[Term, ...]:
        """The shape and those beside it."""
        return (self.shape, *self.siblings)
