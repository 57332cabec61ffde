"""Comparisons in plain forms: without a choice of numbers in them, and as a sum against zero."""

from __future__ import annotations

from fractions import Fraction
from typing import assert_never

from guidegraph.kernel.nodes import (
    Agg,
    And,
    Arith,
    Bool,
    Cmp,
    Cond,
    Const,
    Datum,
    Not,
    Num,
    Op,
    Or,
    Ref,
)


def compare(op: Op, left: Num, right: Num) -> Bool:
    """A comparison with every ``Cond`` resolved.

    ``CMP(COND(g, a, b))`` becomes ``(g and p) or (not g and q) or (p and q)``: the third part, the
    consensus term, makes the answer known where both outcomes agree though ``g`` is unknown.
    """
    if split := _first_cond(left):
        test, then, otherwise = split
        p, q = compare(op, then, right), compare(op, otherwise, right)
    elif split := _first_cond(right):
        test, then, otherwise = split
        p, q = compare(op, left, then), compare(op, left, otherwise)
    else:
        return Cmp(op, left, right)
    return Or((And((test, p)), And((Not(test), q)), And((p, q))))


def _first_cond(number: Num) -> tuple[Bool, Num, Num] | None:
    """The first ``Cond`` in a number: its test, and the number with either outcome in its place."""
    if isinstance(number, Cond):
        return number.test, number.then, number.otherwise
    if isinstance(number, Arith):
        for place, (factor, part) in enumerate(number.terms):
            if split := _first_cond(part):
                before, after = number.terms[:place], number.terms[place + 1 :]
                then, otherwise = (
                    Arith((*before, (factor, outcome), *after), number.constant)
                    for outcome in split[1:]
                )
                return split[0], then, otherwise
    return None


def linear_terms(comparison: Cmp) -> tuple[dict[Datum, Fraction], Fraction]:
    """A comparison as ``sum(coefficient * datum) + constant OP 0``: coefficients and constant.

    Coefficients that cancel to 0 are kept: an unknown datum makes the comparison unknown all the
    same.
    """
    left, right = comparison.left, comparison.right
    if isinstance(left, Ref | Agg) and isinstance(right, Const):  # most comparisons are like this
        return {left: Fraction(1)}, -right.value
    into: dict[Datum, Fraction] = {}
    constant = _collect(left, Fraction(1), into)
    constant += _collect(right, Fraction(-1), into)
    return into, constant


def _collect(number: Num, factor: Fraction, into: dict[Datum, Fraction]) -> Fraction:
    """Add ``factor * number`` to the coefficients; what is returned is its constant part."""
    match number:
        case Const(value):
            return factor * value
        case Ref() | Agg():
            into[number] = into.get(number, Fraction(0)) + factor
            return Fraction(0)
        case Arith(terms, constant):
            inner = (_collect(part, factor * each, into) for each, part in terms)
            return sum(inner, factor * constant)
        case Cond():
            msg = "Cond stands only inside a comparison: build comparisons with compare()"
            raise TypeError(msg)
        case _:
            assert_never(number)
