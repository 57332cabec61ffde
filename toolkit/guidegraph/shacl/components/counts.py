"""How many values there are: ``sh:minCount``, ``sh:maxCount``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from guidegraph.shacl.components.constraint import Asking, Breaches, Shown, Simple, View


@dataclass(frozen=True, slots=True)
class MinCount(Simple):
    """There are at least so many values."""

    PARAMETERS: ClassVar = ("minCount",)
    count: int

    @classmethod
    def read(cls, shape: Asking) -> Iterator[MinCount]:
        """One or none."""
        return (cls(each) for each in _count(shape, "minCount"))

    def breaches(self, view: View) -> Iterator[Breaches]:
        """The focus nodes with fewer."""
        if self.count:
            yield Breaches.of("MinCount", np.flatnonzero(view.counts < self.count))

    def words(self, shown: Shown) -> str:
        """What is asked."""
        return f"There are fewer values than {self.count}." if self.count > 1 else "It is missing."


@dataclass(frozen=True, slots=True)
class MaxCount(Simple):
    """There are at most so many values."""

    PARAMETERS: ClassVar = ("maxCount",)
    count: int

    @classmethod
    def read(cls, shape: Asking) -> Iterator[MaxCount]:
        """One or none."""
        return (cls(each) for each in _count(shape, "maxCount"))

    def breaches(self, view: View) -> Iterator[Breaches]:
        """The focus nodes with more."""
        yield Breaches.of("MaxCount", np.flatnonzero(view.counts > self.count))

    def words(self, shown: Shown) -> str:
        """What is asked."""
        return f"There are more values than {self.count}."


def _count(shape: Asking, name: str) -> Iterator[int]:
    count = shape.number(name)
    if count is not None:
        if not shape.is_property:
            raise shape.fault(name, "counts values along a path, and this shape has no sh:path")
        yield count
