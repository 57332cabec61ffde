"""Numbers and comparisons in words, for the comments of generated programs."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from guidegraph.kernel import (
    NOW,
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
    Op,
    Or,
    Ref,
    Score,
    walk,
)
from guidegraph.wire import Wire
from guidegraph.wording import amount, readable, stretch

SIGNS: dict[Op, str] = {"<=": "≤", ">=": "≥", "!=": "≠"}


@dataclass(frozen=True, slots=True)
class Words:
    """Speaks of the data of one program; ``anchor`` is the moment from which times are counted."""

    form: Wire
    anchor: str

    def comparison(self, node: Cmp) -> str:
        """A comparison in the canonical unit of its data: ``first d-dimer < 1,000 µg/L``."""
        data = [each for each in walk(node) if isinstance(each, Ref | Agg)]
        unit = next((each for each in map(self.unit, data) if each), None)
        left, right = self.number(node.left, unit), self.number(node.right, unit)
        return f"{left} {SIGNS.get(node.op, node.op)} {right}"

    def number(self, node: Num, unit: str | None = None) -> str:
        """A number; ``unit`` is written after constants."""
        match node:
            case Const(value):
                return amount(value, unit)
            case Ref(_, name):
                return name
            case Agg(fn, series, low, high):
                return f"{fn} {series} {stretch(low, high, self.anchor)}".strip()
            case Arith(terms, constant):
                return self._sum(terms, constant, unit)
            case Cond(test, then, otherwise):
                outcomes = self.number(then, unit), self.number(otherwise, unit)
                return f"({outcomes[0]} if {self.condition(test)}, otherwise {outcomes[1]})"

    def condition(self, node: Bool) -> str:
        """A condition: ``age > 50 years``, ``not (a or b)``; named things by their names."""
        match node:
            case Cmp():
                return self.comparison(node)
            case Ref(_, name):
                return name
            case In(code, codes):
                return f"{code.name} is {' or '.join(codes)}"
            case Not(operand):
                return f"not {self.condition(operand)}"
            case And(operands):
                return f"({' and '.join(map(self.condition, operands))})"
            case Or(operands):
                return f"({' or '.join(map(self.condition, operands))})"
            case Score(at_least, items):
                told = ", ".join(f"{self.condition(each)}: {points}" for each, points in items)
                return f"at least {at_least} points of ({told})"
            case Assume(operand, default):
                answer = "yes" if default else "no"
                return f"({self.condition(operand)}, {answer} where not known)"

    def _sum(
        self, terms: tuple[tuple[Fraction, Num], ...], constant: Fraction, unit: str | None
    ) -> str:
        """``10 × age − 2 × weight + 500 µg/L``."""
        words = ""
        for factor, part in terms:
            times = "" if abs(factor) == 1 else f"{readable(abs(factor))} × "
            words += _signed(words, factor < 0, times + self.number(part))
        if constant or not words:
            words += _signed(words, constant < 0, self.number(Const(abs(constant)), unit))
        return words

    def unit(self, datum: Datum) -> str | None:
        """The UCUM code of a datum's unit; None for counts."""
        if datum == NOW:
            return "min"
        if isinstance(datum, Agg):
            return None if datum.fn in ("count", "run") else self.form.inputs[datum.series].unit
        return self.form.declared(datum).unit


def _signed(before: str, is_negative: bool, words: str) -> str:
    """A further part of a sum with the sign that joins it to what stands before."""
    if not before:
        return f"−{words}" if is_negative else words
    return f" − {words}" if is_negative else f" + {words}"


def clean(text: str) -> str:
    """Text on one line, without characters that could hide something or end a comment."""
    line = " ".join(text.split())
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in line)
