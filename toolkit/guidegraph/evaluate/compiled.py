"""A program as one Python function: the answer to every criterion and rule, for one patient.

The meaning is the kernel's, written out once: a local for each datum and each condition, in order
of need, with no call and no look-up between them. Numbers stay exact fractions, compared crosswise
as whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, assert_never

from guidegraph.evaluate.status import STATUS_OF, Status
from guidegraph.kernel import (
    COMPARED,
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
    Or,
    Ref,
    Score,
    Truth,
    Value,
    aggregate,
)
from guidegraph.program import Named, Program

Answered = tuple[dict[str, Status], tuple[Truth, ...]]
"""The status of every rule by name, and the truths in the order of ``Compiled.nodes``."""
Operand = tuple[str, bool]
"""A local, and whether it counts as it is (or negated)."""


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """The function of a program, and the conditions whose truths it gives, in their order."""

    answer: Callable[[Mapping[str, Value], Mapping[str, Value]], Answered]
    nodes: tuple[Bool, ...]


def compiled(program: Program) -> Compiled:
    """The function of a program. It takes the inputs and settings of a patient."""
    writing = _Writing()
    nodes: list[Bool] = []
    locals_: list[str] = []
    for each in program.definitions:
        kind = "criterion" if isinstance(each, Named) else "rule"
        ref = Ref("criterion" if isinstance(each, Named) else "rule", each.name)
        if not isinstance(each, Named):
            nodes.append(each.guard)
            locals_.append(writing.guard(each.name, each.guard))
        condition = program.conditions[ref]
        nodes.append(condition)
        locals_.append(writing.named(kind, ref, condition))
    rules = (
        f"{each.name!r}: STATUS_OF[{writing.guards[each.name]}, "
        f"{writing.known[Ref('rule', each.name)]}]"
        for each in program.rules
    )
    lines = [
        "def answer(inputs, settings):",
        *(f"    {line}" for line in writing.lines),
        f"    return {{{', '.join(rules)}}}, ({''.join(f'{each}, ' for each in locals_)})",
    ]
    names = {"STATUS_OF": STATUS_OF, "Fraction": Fraction, "aggregate": aggregate}
    space: dict[str, Any] = {**names, **writing.constants}
    exec(compile("\n".join(lines), "<program>", "exec"), space)  # noqa: S102
    return Compiled(space["answer"], tuple(nodes))


@dataclass(slots=True)
class _Writing:
    """The lines of a function in the making. Equal nodes have one local."""

    lines: list[str] = field(default_factory=list)
    constants: dict[str, Any] = field(default_factory=dict)
    known: dict[Bool | tuple[str, Num], str] = field(default_factory=dict)
    guards: dict[str, str] = field(default_factory=dict)

    def guard(self, name: str, node: Bool) -> str:
        """The local of the guard of a rule."""
        self.guards[name] = self._truth(node)
        return self.guards[name]

    def named(self, kind: str, ref: Ref, condition: Bool) -> str:
        """The local of a criterion or of the effectiveness of a rule."""
        self.known[ref] = self._truth(condition)
        return self.known[ref]

    # --- truths -----------------------------------------------------------------------------------

    def _truth(self, node: Bool) -> str:
        if node not in self.known:
            text = self._text(node)
            self.known[node] = text if text.isidentifier() else self._write(text)
        return self.known[node]

    def _text(self, node: Bool) -> str:
        match node:
            case Ref():
                x = self._held(node)
                return f"{x} if {x} is True or {x} is False else None"
            case Cmp(op, left, right):
                return self._compared(op, left, right)
            case In(code, codes):
                x = self._held(code)
                return f"({x} in {self._constant(codes)}) if type({x}) is str else None"
            case Not(operand):
                x = self._truth(operand)
                return f"None if {x} is None else not {x}"
            case And(operands):
                return self._all(operands, decides=False)
            case Or(operands):
                return self._all(operands, decides=True)
            case Score(at_least, items):
                return self._score(at_least, items)
            case Assume(operand, default):
                x = self._truth(operand)
                return f"{default} if {x} is None else {x}"
            case _:
                assert_never(node)

    def _all(self, nodes: tuple[Bool, ...], decides: bool) -> str:
        """All of some, or any of them: the answer that one of them gives, else unknown, else not"""
        operands = dict.fromkeys(self._operand(each) for each in nodes)
        if not operands:
            return f"{not decides}"
        if len(operands) == 1 and (only := next(iter(operands)))[1]:
            return only[0]
        one = " or ".join(f"{x} is {decides is so}" for x, so in operands)
        none = " or ".join(f"{x} is None" for x, _ in operands)
        return f"{decides} if {one} else None if {none} else {not decides}"

    def _operand(self, node: Bool) -> Operand:
        if isinstance(node, Not):
            local, is_so = self._operand(node.operand)
            return local, not is_so
        return self._truth(node), True

    def _score(self, at_least: int, items: tuple[tuple[Bool, int], ...]) -> str:
        counted = [(self._truth(item), points) for item, points in items]
        sure = " + ".join(f"{points} * ({x} is True)" for x, points in counted) or "0"
        possible = " + ".join(f"{points} * ({x} is not False)" for x, points in counted) or "0"
        return f"True if {sure} >= {at_least} else None if {possible} >= {at_least} else False"

    # --- numbers ----------------------------------------------------------------------------------

    def _compared(self, op: str, left: Num, right: Num) -> str:
        sign = "==" if op == "=" else op
        if isinstance(left, Const) and isinstance(right, Const):
            return f"{COMPARED[op](left.value, right.value)}"  # type: ignore[index]
        parts = [self._crosswise(each) for each in (left, right)]
        (above, below), (over, under) = (each[1:] for each in parts)
        asked = " or ".join(f"{each[0]} is None" for each in parts if each[0])
        lower = " * ".join(each for each in (above, under) if each != "1") or "1"
        upper = " * ".join(each for each in (over, below) if each != "1") or "1"
        return f"None if {asked} else {lower} {sign} {upper}"

    def _crosswise(self, number: Num) -> tuple[str | None, str, str]:
        """The local of a number (None: it is a constant), its numerator and its denominator."""
        if isinstance(number, Const):
            value = number.value
            return None, f"({value.numerator})", f"{value.denominator}"
        x = self._number(number)
        return x, f"{x}.numerator", f"{x}.denominator"

    def _number(self, node: Num) -> str:
        key = ("number", node)
        if key not in self.known:
            self.known[key] = self._write(self._made(node))
        return self.known[key]

    def _made(self, node: Num) -> str:
        match node:
            case Const(value):
                return self._constant(value)
            case Ref():
                x = self._held(node)
                return f"{x} if type({x}) is Fraction else None"
            case Agg():
                return self._aggregate(node)
            case Arith(terms, constant):
                parts = [(factor, self._number(part)) for factor, part in terms]
                total = [self._constant(constant)]
                total += (f"{self._constant(factor)} * {x}" for factor, x in parts)
                asked = " or ".join(f"{x} is None" for _, x in parts)
                return f"None if {asked} else {' + '.join(total)}" if asked else total[0]
            case Cond():
                msg = "Cond stands only inside a comparison: build comparisons with compare()"
                raise TypeError(msg)
            case _:
                assert_never(node)

    def _aggregate(self, node: Agg) -> str:
        x = self._held(Ref("input", node.series))
        if node.fn in ("count", "run", "min", "max"):
            return f"aggregate({self._constant(node)}, {x})"
        tests = [f"m >= {node.low}" if node.low is not None else ""]
        tests += [f"m <= {node.high}" if node.high is not None else ""]
        asked = " and ".join(each for each in tests if each) or "True"
        order = x if node.fn == "first" else f"reversed({x})"
        picked = f"next((v for m, v in {order} if {asked}), None)"
        return f"{picked} if type({x}) is tuple else None"

    # --- locals -----------------------------------------------------------------------------------

    def _held(self, ref: Ref) -> str:
        """The local of what is stated of a patient or a site."""
        key = ("held", ref)
        if key not in self.known:
            place = "inputs" if ref.kind == "input" else "settings"
            self.known[key] = self._write(f"{place}.get({ref.name!r})")
        return self.known[key]

    def _constant(self, value: Any) -> str:
        name = f"K{len(self.constants)}"
        self.constants[name] = value
        return name

    def _write(self, text: str) -> str:
        local = f"x{len(self.lines)}"
        self.lines.append(f"{local} = {text}")
        return local
