"""The twelve nodes, and what stands in them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Op = Literal["<", "<=", ">", ">=", "=", "!="]
Fn = Literal["first", "last", "max", "min", "count", "run"]
Kind = Literal["input", "setting", "criterion", "rule"]
Truth = bool | None
Series = tuple[tuple[int, Fraction], ...]
Value = Fraction | bool | str | Series | None


@dataclass(frozen=True, slots=True)
class Const:
    """An exact number in canonical units."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Ref:
    """What is named: a patient's datum, a site setting, a named criterion or another rule."""

    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class Agg:
    """A number made of the samples of a series from minute ``low`` to ``high`` (None: open).

    ``run`` is the length of the strictly increasing run at the end; ``count`` of nothing is 0,
    everything else of nothing is unknown.
    """

    fn: Fn
    series: str
    low: int | None = None
    high: int | None = None

    def spans(self, minute: int) -> bool:
        """Whether a minute lies in the window; both ends belong to it."""
        after = self.low is None or minute >= self.low
        return after and (self.high is None or minute <= self.high)


@dataclass(frozen=True, slots=True)
class Arith:
    """``constant + sum(coefficient * number)``: linear, so that it can be proved about."""

    terms: tuple[tuple[Fraction, Num], ...]
    constant: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Cond:
    """One number if ``test`` holds, another if it does not. Only inside a comparison."""

    test: Bool
    then: Num
    otherwise: Num


@dataclass(frozen=True, slots=True)
class Cmp:
    """A comparison; unknown as soon as one side is."""

    op: Op
    left: Num
    right: Num


@dataclass(frozen=True, slots=True)
class In:
    """A code is one of some codes."""

    code: Ref
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not; unknown stays unknown."""

    operand: Bool


@dataclass(frozen=True, slots=True)
class And:
    """All of them; of nothing it is true."""

    operands: tuple[Bool, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them; of nothing it is false."""

    operands: tuple[Bool, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """At least ``at_least`` points, each item counting its (positive) points when it holds."""

    at_least: int
    items: tuple[tuple[Bool, int], ...]


@dataclass(frozen=True, slots=True)
class Assume:
    """The only closed-world construct: a stated default where the answer is unknown."""

    operand: Bool
    default: bool
    why: str


Num = Const | Ref | Agg | Arith | Cond
Bool = Ref | Cmp | In | Not | And | Or | Score | Assume
Node = Num | Bool
Datum = Ref | Agg
"""A number that is known of the patient or the site, not computed from others."""
Leaf = Ref | Cmp | In
"""What the connectives connect."""

TRUE: Bool = And(())
FALSE: Bool = Or(())
NOW = Ref("input", "now")
