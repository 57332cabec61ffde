"""Conditions and aggregates in FEEL, the expression language of DMN.

FEEL's *and*, *or* and *not* are three-valued, its equality is not: ``null = 5`` is false, and what
``null < 5`` is differs between engines. So every comparison is guarded against each datum it uses.
A value that is needed twice is named once, inside a context: ``{ answer: …, result: … }.result``.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from guidegraph.export.names import Names
from guidegraph.export.writer import Writer
from guidegraph.kernel import Agg, Cmp, Op, Ref
from guidegraph.wire import Linear, Wire

WORDS = """
    and or not if then else for return in some every satisfies between instance of function external
    true false null list context range number string boolean date time duration any all item element
    partial minute value values inside answer result least most breaks length count min max sum mean
    now today sort sublist append concatenate remove reverse union flatten product median stddev
    mode decimal floor ceiling abs modulo sqrt log exp odd even contains matches replace split
    before after meets overlaps finishes includes during starts started coincides day year month
    hour second offset is at years days months put merge days weekday
"""
RESERVED = frozenset((*WORDS.split(), *(f"item_{number}" for number in range(1, 100))))
MIRRORED: dict[Op, Op] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
SIMPLE = re.compile(r"\w+|not\(\w+\)")
INDENT = "  "


@dataclass(slots=True)
class Feel(Writer[str]):
    """Writes conditions; ``used`` collects the things whose names stand in what was written."""

    form: Wire
    names: Names
    used: dict[Hashable, None] = field(default_factory=dict)

    def name(self, thing: Hashable) -> str:
        """The name of a thing, which counts as used from now on."""
        self.used[thing] = None
        return self.names[thing]

    def answer(self, ref: Ref) -> str:
        """The answer to a yes/no input, or of a named criterion or rule."""
        return self.name(ref)

    def compared(self, line: Linear, node: Cmp) -> str:
        """``if x = null then null else 2 * x < 500``: no negative factor, nothing unknown."""
        data = [(factor, self.name(datum)) for factor, datum in line.terms]
        op, constant = line.op, line.constant
        if max((factor for factor, _ in data), default=0) <= 0 and any(f for f, _ in data):
            data = [(-factor, name) for factor, name in data]
            op, constant = MIRRORED[op], -constant
        left = [_product(factor, name) for factor, name in data if factor > 0]
        right = [_product(-factor, name) for factor, name in data if factor < 0]
        if constant > 0 and right:
            left.append(str(constant))
        elif constant:
            right.append(str(-constant))
        test = f"{' + '.join(left) or '0'} {op} {' + '.join(right) or '0'}"
        return guarded((name for _, name in data), test)

    def member(self, code: Ref, codes: tuple[str, ...]) -> str:
        """A chain of equalities behind a guard."""
        name = self.name(code)
        tests = " or ".join(f"{name} = {literal(each)}" for each in codes)
        return guarded([name], tests or "false")

    def negated(self, operand: str) -> str:
        """FEEL's own *not*."""
        return f"not({_indented(operand)})"

    def all_of(self, operands: tuple[str, ...]) -> str:
        """FEEL's own *and*."""
        return _joined("and", operands) or "true"

    def any_of(self, operands: tuple[str, ...]) -> str:
        """FEEL's own *or*."""
        return _joined("or", operands) or "false"

    def scored(self, at_least: int, items: tuple[tuple[str, int], ...]) -> str:
        """Two sums: of what is true, and of what is not false."""
        named = [
            (item if SIMPLE.fullmatch(item) else f"item_{number}", item, points)
            for number, (item, points) in enumerate(items, 1)
        ]
        entries = [(name, item) for name, item, _ in named if name != item]
        for entry, test, yes, no in (("least", "true", 1, 0), ("most", "false", 0, 1)):
            parts = [f"(if {name} = {test} then {p * yes} else {p * no})" for name, _, p in named]
            entries.append((entry, " +\n".join(parts) or "0"))
        answer = (
            f"if least >= {at_least} then true\nelse if most < {at_least} then false\nelse null"
        )
        return context(*entries, ("answer", answer))

    def assumed(self, operand: str, default: bool, why: str) -> str:
        """The default where the operand is null."""
        told = "true" if default else "false"
        if SIMPLE.fullmatch(operand):
            return f"if {operand} = null then {told} else {operand}"
        result = f"if answer = null then {told} else answer"
        return context(("answer", operand), ("result", result))


def aggregate(node: Agg, series: str) -> str:
    """The aggregate of a series of ``{minute, value}``, ascending; null where it is not known."""
    ends = [("item.minute >=", node.low), ("item.minute <=", node.high)]
    window = " and ".join(f"{test} {minute}" for test, minute in ends if minute is not None)
    inside = f"{series}[{window}]" if window else series
    if node.fn == "count":
        return guarded([series], f"count({inside})")
    made = {
        "first": "values[1]",
        "last": "values[-1]",
        "max": "max(values)",
        "min": "min(values)",
        "run": "length - max(breaks) + 1",
    }[node.fn]
    entries = [("inside", inside), ("values", "inside.value")]
    if node.fn == "run":
        breaks = "if i = 1 then 1 else if values[i] > values[i - 1] then 0 else i"
        made = context(
            ("length", "count(values)"),
            ("breaks", f"for i in 1..length return {breaks}"),
            ("result", made),
        )
    answer = guarded([], made, "count(inside) = 0")
    return guarded([series], context(*entries, ("answer", answer)))


def guarded(names: Iterable[str], expression: str, *tests: str) -> str:
    """``expression``, or null where a name is null (or a test holds)."""
    unknown = [*(f"{name} = null" for name in dict.fromkeys(names)), *tests]
    if not unknown:
        return expression
    return f"if {' or '.join(unknown)} then null\nelse {expression}"


def context(*entries: tuple[str, str]) -> str:
    """The last of some named values, each of which may use those before it."""
    lines = ",\n".join(f"{name}: {_indented(value)}" for name, value in entries)
    return f"{{\n{INDENT}{_indented(lines)}\n}}.{entries[-1][0]}"


def literal(text: str) -> str:
    """A string in FEEL; whatever is not plainly printable is escaped."""
    return '"' + "".join(map(_character, text)) + '"'


def _character(each: str) -> str:
    if each in '"\\':
        return "\\" + each
    if each.isprintable():
        return each
    code = ord(each)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:06x}"


def _product(factor: int, name: str) -> str:
    return name if factor == 1 else f"{factor} * {name}"


def _joined(word: str, operands: tuple[str, ...]) -> str:
    if len(operands) == 1:
        return operands[0]
    return f"\n{word} ".join(
        each if SIMPLE.fullmatch(each) else f"({_indented(each)})" for each in operands
    )


def _indented(text: str) -> str:
    return text.replace("\n", "\n" + INDENT)
