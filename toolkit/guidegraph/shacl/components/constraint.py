"""What every constraint is: read from a shape, it says which focus nodes break it, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from guidegraph.columns.columns import Codes, Term
from guidegraph.shacl.data import NONE, Data, Index, Mask
from guidegraph.shacl.graph import Graph
from guidegraph.shacl.literals import Literals
from guidegraph.shacl.paths import Path


@dataclass(frozen=True, slots=True, eq=False)
class Breaches:
    """Where a constraint is broken: the position of a focus node and a value (or none), by rows.

    ``component`` is its name without "ConstraintComponent". ``predicates`` are what is found wrong
    instead of the path of the shape; ``foci`` are told instead of the focus nodes.
    """

    component: str
    at: Index
    values: Codes
    predicates: Codes | None = None
    foci: Codes | None = None
    path: Term | None = None
    messages: tuple[tuple[Term, ...], ...] | None = None
    source: Term | None = None
    name: Term | None = None

    @classmethod
    def of(cls, component: str, at: Index, values: Codes | None = None) -> Breaches:
        """Breaches at values; at none if none are given."""
        if values is None:
            values = np.full(len(at), NONE, dtype=np.int32)
        return cls(component, at, values)


class Judge(Protocol):
    """Says of nodes whether they have a shape, and where they lack it."""

    def conform(self, shape: Term, nodes: Codes) -> Mask:
        """Which nodes have a shape."""

    def below(self, shape: Term, view: View) -> None:
        """Judge the values of a view by a property shape; what is found is told as it is."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What a shape looks at: focus nodes, and pairs of the position of one and a value of it.

    Focus nodes are ordered and distinct, so are the pairs.
    """

    data: Data
    literals: Literals
    foci: Codes
    at: Index
    values: Codes
    judge: Judge
    shape: Term
    path: Path | None
    found: list[Any] = field(default_factory=list)

    @property
    def counts(self) -> Index:
        """How many values each focus node has."""
        return np.bincount(self.at, minlength=len(self.foci))

    def wrong(self, component: str, right: Mask) -> Breaches:
        """The values that are not right."""
        return Breaches.of(component, self.at[~right], self.values[~right])


class Asking(Protocol):
    """A shape as it is written, asked for the parameters of a constraint.

    Whoever asks for something that is not written as SHACL wants it gets a ``ShapeError``.
    """

    is_property: bool
    node: Term
    graph: Graph

    def all(self, name: str) -> tuple[Term, ...]:
        """All values of a parameter."""

    def one(self, name: str) -> Term | None:
        """The one value of a parameter, if there is one."""

    def iri(self, name: str) -> Term | None:
        """The same, which must be an IRI."""

    def number(self, name: str) -> int | None:
        """The same, a whole number that is not negative."""

    def truth(self, name: str) -> bool:
        """The same, true or false; false if there is none."""

    def items(self, head: Term, name: str) -> tuple[Term, ...]:
        """The members of a list."""

    def refer(self, shape: Term, name: str) -> Term:
        """A shape that this one refers to."""

    def beside(self, shape: Term) -> tuple[Term, ...]:
        """The other qualified value shapes of the shapes that this one is a property of."""

    def path_of(self, shape: Term) -> Term | None:
        """The path of another shape."""

    def path(self) -> Path | None:
        """The path along which this shape looks."""

    def query_fault(self, name: str, says: str) -> Exception:
        """A query is not as SHACL wants it."""

    def fault(self, name: str, says: str) -> Exception:
        """Something is not as SHACL wants it."""


Shown = Callable[[Term], str]
"""How a message calls a term."""


class Edit(Protocol):
    """What an edit of the data did; numbers are those after it."""

    def subjects(self, predicate: Term | None = None) -> Codes:
        """Of what something else is said than before, with one predicate or with any."""

    def instances(self, kind: Term) -> Codes:
        """What became an instance of a class, or is none any more; perhaps a few others too."""

    def reaches(self, reads: frozenset[str] | None) -> bool:
        """Whether something else is said with some predicates (None: with any)."""

    def datatypes(self) -> frozenset[str]:
        """The datatypes of the literals in what came or went."""


class EverythingError(Exception):
    """What an edit did to a constraint cannot be told of single nodes."""


class Constraint(Protocol):
    """One constraint of a shape."""

    def breaches(self, view: View) -> Iterable[Breaches]:
        """Where it is broken."""

    def words(self, shown: Shown) -> str:
        """What it asks for, in English."""

    def needs(self) -> tuple[Term, ...]:
        """The shapes that it refers to."""

    def foci_after(self, edit: Edit) -> Codes | None:
        """Focus nodes that it may judge otherwise after an edit though they have the same values.

        Raises ``EverythingError`` where it may judge any node otherwise.
        """

    def values_after(self, edit: Edit) -> Codes | None:
        """Values that it may judge otherwise, without those of which a shape that it needs does."""


class Component(Protocol):
    """A kind of constraint."""

    @property
    def PARAMETERS(self) -> tuple[str, ...]:  # noqa: N802
        """Names in SHACL's vocabulary that belong to it."""

    def read(self, shape: Asking) -> Iterator[Constraint]:
        """The constraints of this kind that a shape has."""


class Bounded:
    """A constraint that looks at nothing but the values, and at what its shapes look at."""

    def foci_after(self, edit: Edit) -> Codes | None:
        """None."""
        return None

    def values_after(self, edit: Edit) -> Codes | None:
        """None."""
        return None


class Simple(Bounded):
    """A constraint that refers to no other shape."""

    def needs(self) -> tuple[Term, ...]:
        """No shape."""
        return ()
