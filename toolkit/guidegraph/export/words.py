"""Numbers and comparisons in words, for the comments of generated programs."""

from __future__ import annotations

from dataclasses import dataclass

from guidegraph.kernel import NOW, Agg, Arith, Cmp, Cond, Const, Datum, Num, Op, Ref, walk
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
                parts = [
                    self.number(part)
                    if factor == 1
                    else f"{readable(factor)} × {self.number(part)}"
                    for factor, part in terms
                ]
                if constant or not parts:
                    parts.append(self.number(Const(constant), unit))
                return " + ".join(parts)
            case Cond(_, then, otherwise):
                return f"({self.number(then, unit)} or {self.number(otherwise, unit)})"

    def unit(self, datum: Datum) -> str | None:
        """The UCUM code of a datum's unit; None for counts."""
        if datum == NOW:
            return "min"
        if isinstance(datum, Agg):
            return None if datum.fn in ("count", "run") else self.form.inputs[datum.series].unit
        return self.form.declared(datum).unit


def clean(text: str) -> str:
    """Text on one line, without characters that could hide something or end a comment."""
    line = " ".join(text.split())
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in line)
