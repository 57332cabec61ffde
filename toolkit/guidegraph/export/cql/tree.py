"""Expressions and libraries of CQL as values: one tree, printed as text and as ELM.

Only what guidelines need is here. ``text`` writes the tree as people read it, ``elm`` as engines
do; both go through the same nodes, so that they cannot say different things.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf

from guidegraph.kernel import Op

Simple = OneOf["Boolean", "Integer", "Decimal", "String"]


@dataclass(frozen=True, slots=True)
class TupleType:
    """A tuple: the names of its elements and their simple types."""

    elements: tuple[tuple[str, Simple], ...]


@dataclass(frozen=True, slots=True)
class ListType:
    """A list of tuples."""

    element: TupleType


Type = Simple | TupleType | ListType

SERIES = ListType(TupleType((("minute", "Integer"), ("value", "Decimal"))))
"""Samples: minutes from the anchor, and whole counts of the finest step as decimals."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant that is not negative; ``value`` is its text without quotes."""

    kind: Simple
    value: str


@dataclass(frozen=True, slots=True)
class Null:
    """Unknown, of a stated type."""

    type: Type


@dataclass(frozen=True, slots=True)
class Named:
    """The value of a definition, here or in the library included under that name."""

    name: str
    library: str | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """The value of a parameter of this library."""

    name: str


@dataclass(frozen=True, slots=True)
class Alias:
    """The element a query is at."""

    name: str


@dataclass(frozen=True, slots=True)
class Folded:
    """What a fold has made of the elements so far."""

    name: str


@dataclass(frozen=True, slots=True)
class Property:
    """An element of a tuple; null of null."""

    source: Node
    path: str


Operator = OneOf[
    "And",
    "Or",
    "Not",
    "IsTrue",
    "IsFalse",
    "IsNull",
    "Less",
    "LessOrEqual",
    "Greater",
    "GreaterOrEqual",
    "Equal",
    "NotEqual",
    "Add",
    "Multiply",
    "Negate",
    "Coalesce",
    "ToDecimal",
]
COMPARISONS: dict[Op, Operator] = {
    "<": "Less",
    "<=": "LessOrEqual",
    ">": "Greater",
    ">=": "GreaterOrEqual",
    "=": "Equal",
    "!=": "NotEqual",
}


@dataclass(frozen=True, slots=True)
class Apply:
    """An operator on its operands; And, Or and Add take two or more."""

    operator: Operator
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One value of a list; null of a list of nothing, but ``Count`` is 0 then."""

    function: OneOf["First", "Last", "Max", "Min", "Count"]
    source: Node


@dataclass(frozen=True, slots=True)
class If:
    """A choice by ``test``. The test must never be null: CQL would take that for no."""

    test: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Case:
    """The first item whose test holds. No test may be null."""

    items: tuple[tuple[Node, Node], ...]
    otherwise: Node


@dataclass(frozen=True, slots=True)
class TupleOf:
    """A tuple."""

    elements: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list."""

    elements: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Fold:
    """From ``start``, ``step`` for each element in turn; it may use ``Folded(name)``."""

    name: str
    start: Node
    step: Node


@dataclass(frozen=True, slots=True)
class Query:
    """The elements of a list that ``where`` keeps: each returned (all), sorted, or folded."""

    source: Node
    alias: str
    where: Node | None = None
    returned: Node | None = None
    sort_by: str | None = None
    fold: Fold | None = None


Node = (
    Literal
    | Null
    | Named
    | Parameter
    | Alias
    | Folded
    | Property
    | Apply
    | Aggregate
    | If
    | Case
    | TupleOf
    | ListOf
    | Query
)


@dataclass(frozen=True, slots=True)
class Definition:
    """A named expression, with the comments that stand above it."""

    name: str
    expression: Node
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParameterDefinition:
    """A parameter of a library, with the comments that stand above it."""

    name: str
    type: Type
    default: Node | None = None
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """A library in the context of a FHIR patient. ``includes`` gives name and local name."""

    name: str
    version: str
    comments: tuple[str, ...]
    includes: tuple[tuple[str, str], ...] = ()
    parameters: tuple[ParameterDefinition, ...] = ()
    definitions: tuple[Definition, ...] = ()


TRUE = Literal("Boolean", "true")
FALSE = Literal("Boolean", "false")


def string(value: str) -> Literal:
    """A text."""
    return Literal("String", value)


def integer(value: int) -> Node:
    """A whole number of 32 bits: minutes and points."""
    return _signed("Integer", str(abs(value)), value < 0)


def decimal(value: int, parts: int = 1) -> Node:
    """A whole number, or so many ``parts``-ths (1 or 256): CQL has eight decimal places."""
    whole, rest = divmod(abs(value), parts)
    places = str(rest * 10**8 // parts).rjust(8, "0").rstrip("0") or "0"
    return _signed("Decimal", f"{whole}.{places}", value < 0)


def _signed(kind: Simple, digits: str, is_negative: bool) -> Node:
    number = Literal(kind, digits)
    return Apply("Negate", (number,)) if is_negative else number
