"""How large values are: ``sh:minInclusive`` and the three like it."""

from __future__ import annotations

import operator
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import pyoxigraph as ox

from guidegraph.columns.columns import Term
from guidegraph.shacl.components.constraint import Asking, Breaches, Shown, Simple, View
from guidegraph.shacl.literals import Holds
from guidegraph.shacl.wording import shown

_HOLDS: dict[str, Holds] = {
    "minInclusive": operator.ge,
    "minExclusive": operator.gt,
    "maxInclusive": operator.le,
    "maxExclusive": operator.lt,
}
_WORDS = {
    "minInclusive": "less than",
    "minExclusive": "not more than",
    "maxInclusive": "more than",
    "maxExclusive": "not less than",
}


@dataclass(frozen=True, slots=True)
class Range(Simple):
    """Each value can be compared with a limit and is on its right side."""

    PARAMETERS: ClassVar = tuple(_HOLDS)
    name: str
    limit: Term

    @classmethod
    def read(cls, shape: Asking) -> Iterator[Range]:
        """One for each limit."""
        for name in _HOLDS:
            for limit in shape.all(name):
                if not isinstance(limit, ox.Literal):
                    raise shape.fault(name, f"has the value {shown(limit)}, which is no literal")
                yield cls(name, limit)

    def breaches(self, view: View) -> Iterator[Breaches]:
        """The values that are not, or that cannot be compared with it."""
        right = view.literals.satisfying(view.values, self.limit, _HOLDS[self.name])
        yield view.wrong(self.name[0].upper() + self.name[1:], right)

    def words(self, shown: Shown) -> str:
        """What is asked."""
        limit = shown(self.limit)
        return f"The value is {_WORDS[self.name]} {limit}, or cannot be compared with it."
