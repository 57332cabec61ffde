"""What a condition means for one patient: the reference that every target must agree with."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import assert_never

from guidegraph.kernel.nodes import (
    Agg,
    And,
    Arith,
    Assume,
    Bool,
    Cmp,
    Cond,
    Const,
    In,
    Not,
    Num,
    Op,
    Or,
    Ref,
    Score,
    Truth,
    Value,
)

COMPARED: Mapping[Op, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}


def negate(operand: Truth) -> Truth:
    """Strong Kleene *not*."""
    return None if operand is None else not operand


@dataclass(slots=True)
class Meaning:
    """The reference semantics of the kernel for one patient.

    ``inputs`` and ``settings`` give the normalised data (a missing name is unknown), ``named`` the
    condition behind each criterion or rule that a ``Ref`` may name. Answers are remembered by the
    node itself, not by what it looks like: comparing big trees would cost more than it saves.
    """

    inputs: Mapping[str, Value]
    settings: Mapping[str, Value]
    named: Mapping[Ref, Bool]
    _known: dict[int, tuple[Bool, Truth]] = field(default_factory=dict, init=False, repr=False)

    def truth(self, node: Bool) -> Truth:
        """True, False or None (unknown)."""
        known = self._known.get(id(node))
        if known is None:
            known = self._known[id(node)] = (node, self._truth(node))
        return known[1]

    def number(self, node: Num) -> Fraction | None:
        """An exact number, or None (unknown)."""
        match node:
            case Const(value):
                return value
            case Ref(kind, name):
                held = (self.inputs if kind == "input" else self.settings).get(name)
                return held if isinstance(held, Fraction) else None
            case Agg():
                return aggregate(node, self.inputs.get(node.series))
            case Arith(terms, constant):
                total = constant
                for coefficient, part in terms:
                    each = self.number(part)
                    if each is None:
                        return None
                    total += coefficient * each
                return total
            case Cond():
                msg = "Cond stands only inside a comparison: build comparisons with compare()"
                raise TypeError(msg)
            case _:
                assert_never(node)

    def _truth(self, node: Bool) -> Truth:
        match node:
            case Ref(kind, name):
                if kind in ("criterion", "rule"):
                    return self.truth(self.named[node])
                value = (self.inputs if kind == "input" else self.settings).get(name)
                return value if isinstance(value, bool) else None
            case Cmp(op, left, right):
                return holds(op, self.number(left), self.number(right))
            case In(code, codes):
                held = self.inputs if code.kind == "input" else self.settings
                value = held.get(code.name)
                return value in codes if isinstance(value, str) else None
            case Not(operand):
                return negate(self.truth(operand))
            case And(operands):
                return kleene_all(self.truth(each) for each in operands)
            case Or(operands):
                return negate(kleene_all(negate(self.truth(each)) for each in operands))
            case Score(at_least, items):
                answers = [(self.truth(item), points) for item, points in items]
                if sum(points for answer, points in answers if answer is True) >= at_least:
                    return True
                possible = sum(points for answer, points in answers if answer is not False)
                return None if possible >= at_least else False
            case Assume(operand, default):
                answer = self.truth(operand)
                return default if answer is None else answer
            case _:
                assert_never(node)


def kleene_all(answers: Iterator[Truth]) -> Truth:
    """Strong Kleene *all of*; what comes after the first false one is not asked."""
    result: Truth = True
    for each in answers:
        if each is False:
            return False
        if each is None:
            result = None
    return result


def holds(op: Op, left: Fraction | None, right: Fraction | None) -> Truth:
    """One comparison of exact numbers; unknown if either is."""
    if left is None or right is None:
        return None
    return COMPARED[op](left, right)


def aggregate(node: Agg, series: Value) -> Fraction | None:
    """The aggregate of the samples inside the window, or None where it is not known."""
    if not isinstance(series, tuple):
        return None
    inside = [value for minute, value in series if node.spans(minute)]
    if node.fn == "count":
        return Fraction(len(inside))
    if not inside:
        return None
    match node.fn:
        case "first":
            return inside[0]
        case "last":
            return inside[-1]
        case "max":
            return max(inside)
        case "min":
            return min(inside)
        case "run":
            length = 1
            while length < len(inside) and inside[-length - 1] < inside[-length]:
                length += 1
            return Fraction(length)
        case _:
            assert_never(node.fn)
