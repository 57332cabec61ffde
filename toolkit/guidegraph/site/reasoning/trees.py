"""Conditions as JSON, with whole numbers only: what the reasoning in a browser goes through.

A condition is a list with its form first:

* ``["yes", d]``: the yes/no datum ``d`` holds (``d`` is a place in the list of data)
* ``["criterion", name]``, ``["rule", name]``: a named criterion holds, a recommendation is in force
* ``["cmp", op, [[c, d], ...], k, order]``: ``sum(c * datum) + k OP 0`` over wire values; ``order``,
  where it is there, is how the data are nested in the sums of the condition
* ``["in", d, codes]``, ``["not", x]``, ``["and", [x, ...]]``, ``["or", [x, ...]]``
* ``["score", least, [[x, points], ...]]``, ``["assume", x, default, why]``

A number (only in limits by formula) is in canonical units: ``["const", text]``, ``["datum", d]``,
``["sum", constant, [[factor, number], ...]]``, ``["cond", x, then, otherwise]``.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, assert_never

from guidegraph.kernel import (
    Agg,
    And,
    Arith,
    Assume,
    Bool,
    Cmp,
    Cond,
    Const,
    Datum,
    In,
    Not,
    Num,
    Or,
    Ref,
    Score,
)
from guidegraph.wire import EXACT_LIMIT, Wire

Json = list[Any]


class Trees:
    """Writes conditions and numbers; ``data`` are the data that occurred, each once."""

    def __init__(self, form: Wire) -> None:
        self._form = form
        self._places: dict[Datum, int] = {}

    @property
    def data(self) -> list[dict[str, Any]]:
        """``{"input"}``, ``{"setting"}``, or ``{"input", "fn", "low", "high"}`` of a series."""
        return [_datum(each) for each in self._places]

    def place(self, datum: Datum) -> int:
        """The place of a datum in the list."""
        return self._places.setdefault(datum, len(self._places))

    def condition(self, node: Bool) -> Json:
        """A condition."""
        match node:
            case Ref("criterion" | "rule" as kind, name):
                return [kind, name]
            case Ref():
                return ["yes", self.place(node)]
            case Cmp():
                return self._comparison(node)
            case In(code, codes):
                return ["in", self.place(code), list(codes)]
            case Not(operand):
                return ["not", self.condition(operand)]
            case And(operands):
                return ["and", [self.condition(each) for each in operands]]
            case Or(operands):
                return ["or", [self.condition(each) for each in operands]]
            case Score(at_least, items):
                return ["score", at_least, [[self.condition(e), points] for e, points in items]]
            case Assume(operand, default, why):
                return ["assume", self.condition(operand), default, why]
            case _:
                assert_never(node)

    def number(self, node: Num) -> Json:
        """A number in canonical units, as exact text."""
        match node:
            case Const(value):
                return ["const", str(value)]
            case Ref() | Agg():
                return ["datum", self.place(node)]
            case Arith(terms, constant):
                parts = [[str(factor), self.number(part)] for factor, part in terms]
                return ["sum", str(constant), parts]
            case Cond(test, then, otherwise):
                outcomes = (self.number(then), self.number(otherwise))
                return ["cond", self.condition(test), *outcomes]
            case _:
                assert_never(node)

    def _comparison(self, node: Cmp) -> Json:
        line = self._form.linear(node)
        terms = [[whole(factor), self.place(datum)] for factor, datum in line.terms]
        order = [each for side in (node.left, node.right) for each in self._nested(side)]
        is_plain = order == [place for _, place in terms]
        return ["cmp", node.op, terms, whole(line.constant), *([] if is_plain else [order])]

    def _nested(self, number: Num) -> Iterator[Any]:
        """The data of a number; those inside a sum are a list of their own."""
        match number:
            case Ref() | Agg():
                yield self.place(number)
            case Arith(terms):
                yield [each for _, part in terms for each in self._nested(part)]


def whole(number: int) -> int | str:
    """A whole number for JSON: as text where a double could not hold it."""
    return number if abs(number) < EXACT_LIMIT else str(number)


def exact(value: Fraction) -> str:
    """An exact number as text: ``1000``, ``7/3``."""
    return str(value)


def _datum(datum: Datum) -> dict[str, Any]:
    if isinstance(datum, Agg):
        return {"input": datum.series, "fn": datum.fn, "low": datum.low, "high": datum.high}
    return {datum.kind: datum.name}
