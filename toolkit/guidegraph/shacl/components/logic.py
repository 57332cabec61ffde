"""Shapes put together: ``sh:not``, ``sh:and``, ``sh:or``, ``sh:xone``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, TypeVar

import numpy as np

from guidegraph.columns.columns import Codes, Term
from guidegraph.shacl.components.constraint import Asking, Bounded, Breaches, Shown, View
from guidegraph.shacl.data import Mask

L = TypeVar("L", bound="_OfList")


@dataclass(frozen=True, slots=True)
class Not(Bounded):
    """No value has a shape."""

    PARAMETERS: ClassVar = ("not",)
    shape: Term

    @classmethod
    def read(cls, shape: Asking) -> Iterator[Not]:
        """One for each shape."""
        return (cls(shape.refer(each, "not")) for each in shape.all("not"))

    def breaches(self, view: View) -> Iterator[Breaches]:
        """The values that have it."""
        distinct, back = view.data.distinct(view.values)
        yield view.wrong("Not", ~view.judge.conform(self.shape, distinct)[back])

    def words(self, shown: Shown) -> str:
        """What is asked."""
        return "The value has a shape that it must not have."

    def needs(self) -> tuple[Term, ...]:
        """The shape."""
        return (self.shape,)


@dataclass(frozen=True, slots=True)
class _OfList(Bounded):
    """A constraint with a list of shapes."""

    shapes: tuple[Term, ...]

    @classmethod
    def _lists(cls: type[L], shape: Asking, name: str) -> Iterator[L]:
        for head in shape.all(name):
            members = shape.items(head, name)
            if not members:
                raise shape.fault(name, "has an empty list")
            yield cls(tuple(shape.refer(each, name) for each in members))

    def needs(self) -> tuple[Term, ...]:
        """The shapes of the list."""
        return self.shapes


@dataclass(frozen=True, slots=True)
class And(_OfList):
    """Each value has all of some shapes."""

    PARAMETERS: ClassVar = ("and",)

    @classmethod
    def read(cls, shape: Asking) -> Iterator[And]:
        """One for each list."""
        return cls._lists(shape, "and")

    def breaches(self, view: View) -> Iterator[Breaches]:
        """The values that lack one."""
        distinct, back = view.data.distinct(view.values)
        right = np.ones(len(distinct), dtype=np.bool_)
        for shape in self.shapes:
            right[right] = view.judge.conform(shape, distinct[right])
        yield view.wrong("And", right[back])

    def words(self, shown: Shown) -> str:
        """What is asked."""
        return "The value does not have all of the shapes that it must have."


@dataclass(frozen=True, slots=True)
class Or(_OfList):
    """Each value has at least one of some shapes."""

    PARAMETERS: ClassVar = ("or",)

    @classmethod
    def read(cls, shape: Asking) -> Iterator[Or]:
        """One for each list."""
        return cls._lists(shape, "or")

    def breaches(self, view: View) -> Iterator[Breaches]:
        """The values that have none."""
        distinct, back = view.data.distinct(view.values)
        wrong = np.ones(len(distinct), dtype=np.bool_)
        for shape in self.shapes:
            wrong[wrong] = ~view.judge.conform(shape, distinct[wrong])
        yield view.wrong("Or", ~wrong[back])

    def words(self, shown: Shown) -> str:
        """What is asked."""
        return "The value has none of the shapes of which it must have one."


@dataclass(frozen=True, slots=True)
class Xone(_OfList):
    """Each value has exactly one of some shapes."""

    PARAMETERS: ClassVar = ("xone",)

    @classmethod
    def read(cls, shape: Asking) -> Iterator[Xone]:
        """One for each list."""
        return cls._lists(shape, "xone")

    def breaches(self, view: View) -> Iterator[Breaches]:
        """The values that have none, or several."""
        distinct, back = view.data.distinct(view.values)
        yield view.wrong("Xone", (self._count(view, distinct) == 1)[back])

    def _count(self, view: View, nodes: Codes) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        masks: list[Mask] = [view.judge.conform(each, nodes) for each in self.shapes]
        return np.sum(masks, axis=0, dtype=np.int64)  # type: ignore[no-any-return]

    def words(self, shown: Shown) -> str:
        """What is asked."""
        return "The value does not have exactly one of the shapes of which it must have one."
