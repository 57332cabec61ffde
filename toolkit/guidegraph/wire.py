"""The core form of comparisons: whole numbers only, so that no target can be surprised.

A target sees each number as a whole count of the finest step its datum is known to (its *wire*
form: ``value * 10**scale``). Here every comparison becomes ``sum(coefficient * datum) + constant
OP 0`` with whole coefficients, and it is shown that no such sum can leave the numbers that a
double, a 64-bit integer and a FEEL or CQL number all hold exactly. Coefficients that cancel to 0
are kept: an unknown datum makes the comparison unknown all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, gcd, lcm
from typing import Any

from guidegraph.kernel import NOW, Agg, Bool, Cmp, Datum, Op, Value, linear_terms
from guidegraph.program import Input, Program, Setting

EXACT_LIMIT = 2**53
TEN_YEARS = 10 * 365 * 24 * 60
MANY_SAMPLES = 1_000_000


@dataclass(frozen=True, slots=True)
class Linear:
    """``sum(coefficient * datum) + constant OP 0`` over wire values."""

    terms: tuple[tuple[int, Datum], ...]
    constant: int
    op: Op


@dataclass(frozen=True, slots=True)
class Wire:
    """How the data of a program look on the wire."""

    inputs: Mapping[str, Input]
    settings: Mapping[str, Setting]

    def scale(self, datum: Datum) -> int:
        """The decimal places of a datum: its wire value is ``value * 10**scale``."""
        if datum == NOW or (isinstance(datum, Agg) and datum.fn in ("count", "run")):
            return 0
        return self.declared(datum).scale

    def limit(self, datum: Datum) -> int | None:
        """The largest wire value a datum can have, either sign; None where nothing bounds it."""
        if datum == NOW:
            return TEN_YEARS
        if isinstance(datum, Agg) and datum.fn in ("count", "run"):
            return MANY_SAMPLES
        declared = self.declared(datum)
        if declared.low is None or declared.high is None:
            return None
        largest = max(abs(declared.low), abs(declared.high))
        return ceil(largest * Fraction(10) ** declared.scale)

    def linear(self, comparison: Cmp) -> Linear:
        """A comparison in core form, with the smallest whole coefficients."""
        factors, constant = linear_terms(comparison)
        parts = [
            (each, factor.numerator, factor.denominator * 10 ** self.scale(each))
            for each, factor in factors.items()
        ]
        whole = lcm(constant.denominator, *(divisor for _, _, divisor in parts))
        terms = [(number * (whole // divisor), each) for each, number, divisor in parts]
        rest = constant.numerator * (whole // constant.denominator)
        common = gcd(rest, *(coefficient for coefficient, _ in terms)) or 1
        return Linear(
            tuple((size // common, each) for size, each in terms), rest // common, comparison.op
        )

    def largest(self, line: Linear) -> int | None:
        """The largest size any partial sum can have; None where a datum has no bound."""
        total = abs(line.constant)
        for coefficient, datum in line.terms:
            limit = self.limit(datum)
            if limit is None:
                return None
            total += abs(coefficient) * limit
        return total

    def declared(self, datum: Datum) -> Input | Setting:
        """The input or setting a datum is, or is made of (not ``now``)."""
        if isinstance(datum, Agg):
            return self.inputs[datum.series]
        return (self.inputs if datum.kind == "input" else self.settings)[datum.name]


def wire(program: Program) -> Wire:
    """The wire form of a program's data."""
    return Wire(
        inputs={each.name: each for each in program.inputs},
        settings={each.name: each for each in program.settings},
    )


def conditions(program: Program) -> Iterator[tuple[str, Bool]]:
    """Every condition of a program with the name of the criterion or rule it belongs to."""
    for named in program.criteria:
        yield named.name, named.condition
    for rule in program.rules:
        yield rule.name, rule.guard


def values(
    program: Program, facts: Mapping[str, Any], settings: Mapping[str, Any]
) -> tuple[dict[str, Value], dict[str, Value]]:
    """Facts and settings in wire form as exact values: what ``kernel.Meaning`` takes.

    What is missing among the facts is unknown; a missing setting has its default.
    """
    inputs = {"now": _exact(facts.get("now"), 0)}
    inputs.update((each.name, _exact(facts.get(each.name), each.scale)) for each in program.inputs)
    chosen = {
        each.name: _exact(settings[each.name], each.scale)
        if each.name in settings
        else each.default
        for each in program.settings
    }
    return inputs, chosen


def _exact(value: Any, scale: int) -> Value:
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int):
        return Fraction(value, 10**scale)
    return tuple((minute, Fraction(each, 10**scale)) for minute, each in value)
