"""Which values and properties there may be: ``sh:in``, ``sh:hasValue``, ``sh:closed``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from guidegraph.columns.columns import Codes, Term
from guidegraph.shacl.components.constraint import Asking, Breaches, Edit, Shown, Simple, View
from guidegraph.shacl.data import once_said
from guidegraph.shacl.names import RESOURCE, TYPE
from guidegraph.shacl.wording import listed


@dataclass(frozen=True, slots=True)
class In(Simple):
    """Each value is one of a list."""

    PARAMETERS: ClassVar = ("in",)
    members: tuple[Term, ...]

    @classmethod
    def read(cls, shape: Asking) -> Iterator[In]:
        """One or none."""
        if (head := shape.one("in")) is not None:
            yield cls(shape.items(head, "in"))

    def breaches(self, view: View) -> Iterator[Breaches]:
        """The values that are not."""
        allowed = view.data.numbers(self.members)
        yield view.wrong("In", view.data.members(allowed)[view.values])

    def words(self, shown: Shown) -> str:
        """What is asked."""
        return f"The value is not one of {listed(self.members, shown)}."


@dataclass(frozen=True, slots=True)
class HasValue(Simple):
    """One of the values is this one."""

    PARAMETERS: ClassVar = ("hasValue",)
    value: Term

    @classmethod
    def read(cls, shape: Asking) -> Iterator[HasValue]:
        """One for each value."""
        return (cls(each) for each in shape.all("hasValue"))

    def breaches(self, view: View) -> Iterator[Breaches]:
        """The focus nodes that lack it."""
        having = view.at[view.values == view.data.number(self.value, foreign=True)]
        lacking = np.ones(len(view.foci), dtype=np.bool_)
        lacking[having] = False
        yield Breaches.of("HasValue", np.flatnonzero(lacking))

    def words(self, shown: Shown) -> str:
        """What is asked."""
        return f"The value {shown(self.value)} is missing."


@dataclass(frozen=True, slots=True)
class Closed(Simple):
    """Values have no properties but these."""

    PARAMETERS: ClassVar = ("closed", "ignoredProperties")
    allowed: tuple[Term, ...]

    @classmethod
    def read(cls, shape: Asking) -> Iterator[Closed]:
        """One or none."""
        ignored = [
            each
            for head in shape.all("ignoredProperties")
            for each in shape.items(head, "ignoredProperties")
        ]
        if shape.one("closed") is None:
            if ignored:
                raise shape.fault("ignoredProperties", "is of use only together with sh:closed")
            return
        if shape.truth("closed"):
            paths = (shape.path_of(each) for each in shape.all("property"))
            allowed = dict.fromkeys([*ignored, *(each for each in paths if each is not None)])
            yield cls(tuple(allowed))

    def breaches(self, view: View) -> Iterator[Breaches]:
        """Every statement about a value with another property."""
        data, columns = view.data, view.data.columns
        allowed = np.zeros(max(len(columns.terms), 1), dtype=np.bool_)
        known = [columns.terms.number(each) for each in self.allowed]
        allowed[[each for each in known if each >= 0]] = True
        at, rows = data.said(view.values)
        wrong = ~allowed[columns.predicates[rows]]
        kind, thing = columns.terms.number(TYPE), columns.terms.number(RESOURCE)
        wrong &= (columns.predicates[rows] != kind) | (columns.objects[rows] != thing)
        at, rows = once_said(columns, at[wrong], rows[wrong])
        found = Breaches.of("Closed", view.at[at], columns.objects[rows])
        yield replace(found, predicates=columns.predicates[rows])

    def values_after(self, edit: Edit) -> Codes:
        """Everything of which something else is said."""
        return edit.subjects()

    def words(self, shown: Shown) -> str:
        """What is asked."""
        return "The shape is closed, and this property is not among those that it names."
