"""A program as one Python function: the answer to every criterion and rule, for one patient.

The meaning is the kernel's, written out once: a local for each datum and each condition, in order
of need, with no call and no look-up between them. Numbers stay exact fractions, taken apart once
and compared crosswise as whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
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
    walk,
)
from guidegraph.program import Named, Program

Answered = tuple[dict[str, Status], tuple[Truth, ...]]
"""The status of every rule by name, and the distinct truths (see ``Compiled.places``)."""
Operand = tuple[str, bool]
"""A local, and whether it counts as it is (or negated)."""
Ratio = tuple[str, str]
"""Numerator and denominator: whole numbers written out, or locals."""


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """The function of a program, and the conditions that it answers, with all their parts.

    ``places`` says where among the truths each of the ``nodes`` is, by its ``id``: to compare big
    conditions would cost more than it saves.
    """

    answer: Callable[[Mapping[str, Value], Mapping[str, Value]], Answered]
    nodes: tuple[Bool, ...]
    places: Mapping[int, int]


def compiled(program: Program) -> Compiled:
    """The function of a program. It takes the inputs and settings of a patient."""
    writing = _Writing()
    nodes: list[tuple[Bool, str]] = []
    for each in program.definitions:
        kind = "criterion" if isinstance(each, Named) else "rule"
        ref = Ref("criterion" if isinstance(each, Named) else "rule", each.name)
        if not isinstance(each, Named):
            nodes.append((each.guard, writing.guard(each.name, each.guard)))
        condition = program.conditions[ref]
        nodes.append((condition, writing.named(kind, ref, condition)))
    truths = {
        each.name: (writing.guards[each.name], writing.known[Ref("rule", each.name)])
        for each in program.rules
    }
    rules = (f"{name!r}: {_status(*pair)}" for name, pair in truths.items())
    distinct = {name: n for n, name in enumerate(dict.fromkeys(local for _, local in nodes))}
    nodes += [(each, writing.known[each]) for each in _parts(nodes) if each in writing.known]
    told = {id(node): (node, distinct[local]) for node, local in nodes if local in distinct}
    lines = [
        "def answer(inputs, settings):",
        *_fetched(writing.held),
        *(f"    {line}" for line in writing.lines),
        f"    return {{{', '.join(rules)}}}, ({''.join(f'{each}, ' for each in distinct)})",
    ]
    names = {"Fraction": Fraction, "aggregate": aggregate}
    space: dict[str, Any] = {**names, **writing.constants}
    exec(compile("\n".join(lines), "<program>", "exec"), space)  # noqa: S102
    return Compiled(
        answer=space["answer"],
        nodes=tuple(node for node, _ in told.values()),
        places={key: place for key, (_, place) in told.items()},
    )


def _parts(nodes: Iterable[tuple[Bool, str]]) -> Iterator[Bool]:
    """Everything inside conditions that can be true or false."""
    for condition, _ in nodes:
        for part in walk(condition):
            if not isinstance(part, Const | Agg | Arith | Cond):
                yield part


def _fetched(held: dict[Ref, str]) -> Iterator[str]:
    """Lines that fetch what is stated. What is not known is there as None, or not there."""
    if not held:
        return
    places = {
        local: ("inputs" if ref.kind == "input" else "settings", repr(ref.name))
        for ref, local in held.items()
    }
    yield "    try:"
    yield from (f"        {local} = {place}[{name}]" for local, (place, name) in places.items())
    yield "    except KeyError:"
    yield from (f"        {local} = {place}.get({name})" for local, (place, name) in places.items())


def _status(guard: str, effective: str) -> str:
    """The status table as one expression over the locals of a rule's two truths."""

    def chosen(local: str, said: Mapping[Truth, str]) -> str:
        if len(set(said.values())) == 1:
            return said[None]
        return f"({said[True]} if {local} else {said[None]} if {local} is None else {said[False]})"

    truths: tuple[Truth, ...] = (True, None, False)
    if guard == effective:
        return chosen(guard, {truth: repr(STATUS_OF[truth, truth]) for truth in truths})
    rows = {
        truth: chosen(effective, {each: repr(STATUS_OF[truth, each]) for each in truths})
        for truth in truths
    }
    return chosen(guard, rows)


@dataclass(slots=True)
class _Writing:
    """The lines of a function in the making. Equal nodes have one local."""

    lines: list[str] = field(default_factory=list)
    held: dict[Ref, str] = field(default_factory=dict)
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
        if len(operands) == 1:
            ((only, is_so),) = operands
            return only if is_so else f"None if {only} is None else not {only}"
        if decides:
            one = " or ".join(x if so else f"{x} is False" for x, so in operands)
            none = " or ".join(f"{x} is None" for x, _ in operands)
            return f"True if {one} else None if {none} else False"
        *others, (last, is_so) = operands
        every = " and ".join(x if so else f"{x} is False" for x, so in others)
        decided = last if is_so else f"(None if {last} is None else not {last})"
        open_ = " and ".join(f"({x} or {x} is None)" if so else f"not {x}" for x, so in operands)
        return f"{decided} if {every} else None if {open_} else False"

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
        parts = [self._ratio(each) for each in (left, right)]
        (above, below), (over, under) = parts
        asked = _is_unknown(n for n, _ in parts)
        return f"None if {asked} else {_product(above, under)} {sign} {_product(over, below)}"

    def _ratio(self, number: Num) -> Ratio:
        """Numerator and denominator of a number: written out, or locals (None if not known)."""
        if isinstance(number, Const):
            return tuple(map(str, number.value.as_integer_ratio()))  # type: ignore[return-value]
        key = ("number", number)
        if key not in self.known:
            self.known[key] = f"n{len(self.known)}"
            self._make(number, self.known[key])
        return self.known[key], f"{self.known[key]}d"

    def _make(self, node: Ref | Agg | Arith | Cond, n: str) -> None:
        match node:
            case Ref():
                x = self._held(node)
                self._taken_apart(x, f"type({x}) is Fraction", n)
            case Agg():
                x = self._write(self._aggregate(node))
                self._taken_apart(x, f"{x} is not None", n)
            case Arith():
                self._sum(node, n)
            case Cond():
                msg = "Cond stands only inside a comparison: build comparisons with compare()"
                raise TypeError(msg)
            case _:
                assert_never(node)

    def _taken_apart(self, x: str, known: str, n: str) -> None:
        self.lines.append(f"{n}, {n}d = {x}.as_integer_ratio() if {known} else (None, None)")

    def _sum(self, node: Arith, n: str) -> None:
        """A sum over one denominator: that of all constants, times those of all parts."""
        terms = [(factor, *self._ratio(part)) for factor, part in node.terms]
        common = lcm(node.constant.denominator, *(factor.denominator for factor, _, _ in terms))
        total = [_product(str(node.constant * common), *(d for _, _, d in terms))]
        for place, (factor, above, _) in enumerate(terms):
            others = (d for other, (_, _, d) in enumerate(terms) if other != place)
            total.append(_product(str(factor * common), above, *others))
        asked = _is_unknown(above for _, above, _ in terms)
        below = _product(str(common), *(d for _, _, d in terms))
        self.lines.append(
            f"{n}, {n}d = (None, None) if {asked} else ({' + '.join(total)}, {below})"
        )

    def _aggregate(self, node: Agg) -> str:
        x = self._held(Ref("input", node.series))
        if node.fn in ("count", "run", "min", "max"):
            return f"aggregate({self._constant(node)}, {x})"
        tests = [f"m >= {node.low}" if node.low is not None else ""]
        tests += [f"m <= {node.high}" if node.high is not None else ""]
        asked = " and ".join(each for each in tests if each) or "True"
        if asked == "True":
            return (
                f"{x}[{0 if node.fn == 'first' else -1}][1] if type({x}) is tuple and {x} else None"
            )
        order = x if node.fn == "first" else f"reversed({x})"
        picked = f"next((v for m, v in {order} if {asked}), None)"
        return f"{picked} if type({x}) is tuple else None"

    # --- locals -----------------------------------------------------------------------------------

    def _held(self, ref: Ref) -> str:
        """The local of what is stated of a patient or a site."""
        return self.held.setdefault(ref, f"h{len(self.held)}")

    def _constant(self, value: Any) -> str:
        name = f"K{len(self.constants)}"
        self.constants[name] = value
        return name

    def _write(self, text: str) -> str:
        local = f"x{len(self.lines)}"
        self.lines.append(f"{local} = {text}")
        return local


def _product(*factors: str) -> str:
    """A product of whole numbers and locals, without the factors that are 1."""
    return " * ".join(each for each in factors if each != "1") or "1"


def _is_unknown(numerators: Iterable[str]) -> str:
    """Whether one of some numerators is not known; those written out are."""
    asked = dict.fromkeys(each for each in numerators if each.isidentifier())
    return " or ".join(f"{each} is None" for each in asked) or "False"
