"""What a flat program assigns: choices between values, made by tests that are true or false.

A Kleene value (True, False or None for unknown) is never joined with another as it is. Only tests
are: ``Is`` asks a value for one of its three answers, and that question has two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from guidegraph.kernel import Datum, Fn, Op, Truth
from guidegraph.wire import Linear

Joint = Literal["and", "or"]
MIRRORED: dict[Op, Op] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


# --- tests: true or false, never unknown ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Is:
    """The local has this answer (or, if not ``is_so``, another one)."""

    local: str
    answer: Truth
    is_so: bool = True


@dataclass(frozen=True, slots=True)
class IsEmpty:
    """The local, a list of samples, is unknown or has none."""

    local: str


@dataclass(frozen=True, slots=True)
class Enough:
    """The points of the tests that are met reach ``at_least``."""

    items: tuple[tuple[Is, int], ...]
    at_least: int


@dataclass(frozen=True, slots=True)
class Joined:
    """All or any of the tests (at least one) are met."""

    joint: Joint
    tests: tuple[Is, ...]


Test = Is | IsEmpty | Enough | Joined


# --- values ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """True, False or None."""

    value: Truth


@dataclass(frozen=True, slots=True)
class Same:
    """The value of a local; if not ``is_so``, its opposite (the local is then known)."""

    local: str
    is_so: bool = True


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of a patient under this name."""

    name: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """A setting of the site."""

    name: str


@dataclass(frozen=True, slots=True)
class Window:
    """The values of a series from minute ``low`` to ``high`` (None: open), in their order."""

    series: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Pick:
    """A number made of a list of values that is not empty (``count``: that is known)."""

    fn: Fn
    values: str


@dataclass(frozen=True, slots=True)
class Member:
    """A known code is one of these."""

    local: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """``sum(coefficient * local) + constant``: whole, no coefficient and no constant below 0."""

    terms: tuple[tuple[int, str], ...]
    constant: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sums of known numbers compared."""

    op: Op
    left: Sum
    right: Sum


@dataclass(frozen=True, slots=True)
class Comparisons:
    """One or more comparisons of known numbers, joined."""

    joint: Joint
    parts: tuple[Comparison, ...]


Value = Answer | Same | Fact | Chosen | Window | Pick | Member | Comparisons


@dataclass(frozen=True, slots=True)
class Choice:
    """The value of the first test that is met, else ``otherwise``."""

    cases: tuple[tuple[Test, Value], ...]
    otherwise: Value


Expression = Value | Choice


@dataclass(frozen=True, slots=True)
class Step:
    """One assignment to a local name, with the comments that stand above it."""

    local: str
    expression: Expression
    comments: tuple[str, ...] = ()
    starts_section: bool = False


@dataclass(frozen=True, slots=True)
class Sides:
    """A comparison of whole numbers, nothing negative, its data on the left where it has any."""

    op: Op
    left: tuple[tuple[int, Datum], ...]
    low: int
    right: tuple[tuple[int, Datum], ...]
    high: int


def sides(line: Linear) -> Sides:
    """``sum + constant OP 0`` with each term on the side where it is positive.

    A datum with the coefficient 0 stands on neither side.
    """
    left = tuple((each, datum) for each, datum in line.terms if each > 0)
    right = tuple((-each, datum) for each, datum in line.terms if each < 0)
    low, high = max(line.constant, 0), max(-line.constant, 0)
    if right and not left:
        return Sides(MIRRORED[line.op], right, high, left, low)
    return Sides(line.op, left, low, right, high)
