"""A patient and a condition as formulas for the solver, over whole numbers and three truths.

A condition becomes two formulas, *is true* and *is false*; where neither holds it is unknown.
Numbers are wire values (see ``wire``), so nothing is ever rounded. ``Meaning`` is the reference:
whatever the solver finds is put to it again before anybody is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, TypeAlias, assert_never

import z3

from guidegraph.kernel import (
    NOW,
    Agg,
    And,
    Assume,
    Bool,
    Cmp,
    Datum,
    In,
    Leaf,
    Not,
    Op,
    Or,
    Ref,
    Score,
)
from guidegraph.program import Input, Setting
from guidegraph.proof.samples import Layout
from guidegraph.wire import TEN_YEARS, Wire

Formula: TypeAlias = Any
"""A yes/no formula of the solver (z3 has no types)."""
Whole: TypeAlias = Any
"""A whole number of the solver."""
Pair = tuple[Formula, Formula]
"""That a condition is true, and that it is false."""
YES, NO = True, False
"""What is decided already: z3 takes it for a formula wherever a variable stands beside it."""


def all_of(*parts: Formula) -> Formula:
    """A conjunction; of nothing it is true."""
    kept = [each for each in parts if each is not YES]
    if any(each is NO for each in kept):
        return NO
    return _joined(z3.Z3_mk_and, kept) if len(kept) > 1 else kept[0] if kept else YES


def any_of(*parts: Formula) -> Formula:
    """A disjunction; of nothing it is false."""
    kept = [each for each in parts if each is not NO]
    if any(each is YES for each in kept):
        return YES
    return _joined(z3.Z3_mk_or, kept) if len(kept) > 1 else kept[0] if kept else NO


def _joined(make: Callable[..., Any], parts: list[Formula]) -> Formula:
    """``z3.And`` or ``z3.Or`` of formulas: those look at every part several times before."""
    context = parts[0].ctx
    asts = (z3.Ast * len(parts))(*(each.ast for each in parts))
    return z3.BoolRef(make(context.ref(), len(parts), asts), context)


def negation(part: Formula) -> Formula:
    """Not; a double one falls away."""
    if isinstance(part, bool):
        return not part
    if z3.is_not(part):
        return part.arg(0)
    return z3.BoolRef(z3.Z3_mk_not(part.ctx.ref(), part.ast), part.ctx)


def _decided(part: Formula) -> Formula:
    """YES or NO where that is what a formula of the solver says."""
    if isinstance(part, bool):
        return part
    simple = z3.simplify(part)
    return YES if z3.is_true(simple) else NO if z3.is_false(simple) else simple


def _either(test: Formula, then: Whole, otherwise: Whole) -> Whole:
    """One number if a formula holds, else the other."""
    if isinstance(test, bool):
        return then if test else otherwise
    return z3.If(test, then, otherwise)


def _at_least(counted: Iterable[tuple[Formula, int]], points: int) -> Formula:
    """The points of those that hold are at least so many."""
    held = [(each, worth) for each, worth in counted if each is not NO]
    missing = points - sum(worth for each, worth in held if each is YES)
    free = [(each, worth) for each, worth in held if each is not YES]
    if missing <= 0:
        return YES
    return z3.PbGe(free, missing) if sum(worth for _, worth in free) >= missing else NO


class Person:
    """One patient, not yet decided: a variable for each datum, each sample and each setting.

    With ``total`` every single datum is known and every series is: what may still be unknown is an
    aggregate over a window without samples. ``mark`` keeps the variables of two persons apart,
    ``context`` those of two provers: what one has been asked must not change what another answers.
    """

    def __init__(
        self, wire: Wire, layout: Layout, context: z3.Context, *, total: bool, mark: str = ""
    ) -> None:
        self.context = context
        self.wire = wire
        self.layout = layout
        self.total = total
        self.mark = mark
        self._numbers: dict[Datum, tuple[Formula, Whole]] = {}
        self._leaves: dict[Leaf, Pair] = {}
        self._variables: dict[str, Any] = {}

    # --- variables -------------------------------------------------------------------------------

    def known(self, name: str) -> Formula:
        """Whether a datum is known at all."""
        return YES if self.total else self._variable(z3.Bool, f"known {name}")

    def answer(self, name: str) -> Formula:
        """A yes/no datum."""
        return self._variable(z3.Bool, f"yes {name}")

    def code(self, name: str, code: str) -> Formula:
        """A coded datum or setting has this code."""
        return self._variable(z3.Bool, f"code {name} {code}")

    def whole(self, name: str) -> Whole:
        """A quantity, a numeric setting or ``now``, as its wire value."""
        return self._variable(z3.Int, f"value {name}")

    def taken(self, series: str, minute: int) -> Formula:
        """Whether there is a sample of a series at this minute."""
        return self._variable(z3.Bool, f"taken {series} {minute}")

    def sample(self, series: str, minute: int) -> Whole:
        """The wire value of that sample."""
        return self._variable(z3.Int, f"sample {series} {minute}")

    def _variable(self, make: Callable[[str, z3.Context], Any], name: str) -> Any:
        """The variable of this name, made once."""
        if (found := self._variables.get(name)) is None:
            found = self._variables[name] = make(self.mark + name, self.context)
        return found

    def at_most(self, most: int, series: str) -> Formula:
        """That a series has no more samples than this."""
        minutes = self.layout.minutes(series)
        if len(minutes) <= most:
            return YES
        return z3.Sum([z3.If(self.taken(series, each), 1, 0) for each in minutes]) <= most

    # --- what every patient is like --------------------------------------------------------------

    def rules(self, settings: Mapping[str, int | str] | None = None) -> Iterator[Formula]:
        """Plausible values, permitted settings (or just these), samples in time order, not later
        than now."""
        now = self.whole("now")
        yield z3.And(now >= -TEN_YEARS, now <= TEN_YEARS)
        for each in self.wire.inputs.values():
            if each.kind == "series":
                yield from self._series_rules(each)
            elif each.kind == "quantity":
                yield from self._within(self.whole(each.name), each)
            elif each.kind == "code":
                yield self._one_code(each)
        for setting in self.wire.settings.values():
            yield from self._setting_rules(setting, (settings or {}).get(setting.name))

    def _series_rules(self, each: Input) -> Iterator[Formula]:
        for stretch in self.layout.stretches[each.name]:
            for place, minute in enumerate(stretch.minutes):
                if place:
                    before = self.taken(each.name, stretch.minutes[place - 1])
                    yield any_of(negation(self.taken(each.name, minute)), before)
                is_past = self.whole("now") >= minute
                yield any_of(negation(self.taken(each.name, minute)), is_past)
                yield from self._within(self.sample(each.name, minute), each)

    def _within(self, number: Whole, each: Input | Setting) -> Iterator[Formula]:
        steps = 10**each.scale
        strict_low = isinstance(each, Setting) and not each.low_inclusive
        strict_high = isinstance(each, Setting) and not each.high_inclusive
        if each.low is not None:
            low = _ceiling(each.low * steps, strict_low)
            yield number >= low
        if each.high is not None:
            high = -_ceiling(-each.high * steps, strict_high)
            yield number <= high

    def _one_code(self, each: Input | Setting) -> Formula:
        return z3.PbEq([(self.code(each.name, code), 1) for code in each.codes], 1)

    def _setting_rules(self, each: Setting, fixed: int | str | None) -> Iterator[Formula]:
        if each.kind == "code":
            yield self._one_code(each)
            if isinstance(fixed, str):
                yield self.code(each.name, fixed)
        elif isinstance(fixed, int):
            yield self.whole(each.name) == fixed
        else:
            if each.low is None and each.high is None and isinstance(each.default, Fraction):
                yield self.whole(each.name) == int(each.default * 10**each.scale)
            yield from self._within(self.whole(each.name), each)

    # --- conditions ------------------------------------------------------------------------------

    def truth(self, condition: Bool, named: Callable[[Ref], Pair]) -> Pair:
        """A condition as a pair; ``named`` gives the pairs of criteria and rules."""
        match condition:
            case Ref(kind) if kind in ("criterion", "rule"):
                return named(condition)
            case Ref() | Cmp() | In():
                found = self._leaves.get(condition)
                if found is None:
                    found = self._leaves[condition] = self._leaf(condition)
                return found
            case Not(operand):
                yes, no = self.truth(operand, named)
                return no, yes
            case And(operands):
                pairs = [self.truth(each, named) for each in operands]
                return all_of(*(yes for yes, _ in pairs)), any_of(*(no for _, no in pairs))
            case Or(operands):
                pairs = [self.truth(each, named) for each in operands]
                return any_of(*(yes for yes, _ in pairs)), all_of(*(no for _, no in pairs))
            case Score(at_least, items):
                counted = [(self.truth(item, named), points) for item, points in items]
                sure = _at_least(((yes, points) for (yes, _), points in counted), at_least)
                possible = ((negation(no), points) for (_, no), points in counted)
                return sure, negation(_at_least(possible, at_least))
            case Assume(operand, default):
                yes, no = self.truth(operand, named)
                return (negation(no), no) if default else (yes, negation(yes))
            case _:
                assert_never(condition)

    def _leaf(self, leaf: Leaf) -> Pair:
        match leaf:
            case Ref(_, name):
                known, holds = self.known(name), self.answer(name)
            case In(code, codes):
                known = YES if code.kind == "setting" else self.known(code.name)
                holds = any_of(*(self.code(code.name, each) for each in codes))
            case Cmp():
                return self._compared(leaf)
        return all_of(known, holds), all_of(known, negation(holds))

    def _compared(self, comparison: Cmp) -> Pair:
        line = self.wire.linear(comparison)
        numbers = [(factor, *self.number(datum)) for factor, datum in line.terms]
        known = all_of(*(is_known for _, is_known, _ in numbers))
        parts = [
            number if factor == 1 else factor * number for factor, _, number in numbers if factor
        ]
        if len(parts) == 1 and parts[0] is numbers[0][2] and _is_variable(parts[0]):
            holds = bound(line.op, parts[0], -line.constant)
        else:
            holds = _decided(relation(line.op, sum(parts, line.constant), 0))
        return all_of(known, holds), all_of(known, negation(holds))

    def number(self, datum: Datum) -> tuple[Formula, Whole]:
        """Whether a number is known, and its wire value."""
        found = self._numbers.get(datum)
        if found is None:
            found = self._numbers[datum] = self._number(datum)
        return found

    def _number(self, datum: Datum) -> tuple[Formula, Whole]:
        if isinstance(datum, Agg):
            return self._aggregate(datum)
        if datum == NOW or datum.kind == "setting":
            return YES, self.whole(datum.name)
        return self.known(datum.name), self.whole(datum.name)

    def _aggregate(self, node: Agg) -> tuple[Formula, Whole]:
        minutes = [each for each in self.layout.minutes(node.series) if node.spans(each)]
        inside = [(self.taken(node.series, at), self.sample(node.series, at)) for at in minutes]
        known = self.known(node.series)
        if node.fn == "count":
            return known, sum(_either(taken, 1, 0) for taken, _ in inside)
        some = all_of(known, any_of(*(taken for taken, _ in inside)))
        if not inside:
            return NO, 0
        if node.fn == "run":
            return some, _run(inside)
        ordered = inside if node.fn != "first" else inside[::-1]
        result = ordered[0][1]
        has = ordered[0][0]
        for taken, value in ordered[1:]:
            better: Any = {"max": value > result, "min": value < result}.get(node.fn, YES)
            result = _either(all_of(taken, any_of(negation(has), better)), value, result)
            has = any_of(has, taken)
        return some, result


def _run(inside: list[tuple[Formula, Whole]]) -> Whole:
    """The length of the strictly rising run at the end of samples in time order."""
    length: Whole = 0
    last, has = inside[0][1], NO
    for taken, value in inside:
        rising = all_of(has, value > last)
        length = _either(taken, _either(rising, length + 1, 1), length)
        last = _either(taken, value, last)
        has = any_of(has, taken)
    return length


def _is_variable(number: Whole) -> bool:
    """Whether a number is not decided and not made of others."""
    return not isinstance(number, int) and bool(
        z3.Z3_get_app_num_args(number.ctx_ref(), number.ast) == 0
    )


def bound(op: Op, number: Whole, limit: int) -> Formula:
    """A variable against a number, in the form that the solver brings it to by itself."""
    if op in ("=", "!="):
        return _decided(relation(op, number, limit))
    context = number.ctx
    sort = z3.Z3_get_sort(context.ref(), number.ast)
    end = z3.Z3_mk_numeral(context.ref(), str(limit), sort)
    if op == ">=":
        return z3.BoolRef(z3.Z3_mk_ge(context.ref(), number.ast, end), context)
    sides = (end, number.ast) if op == "<" else (number.ast, end)
    holds = z3.BoolRef(z3.Z3_mk_le(context.ref(), *sides), context)
    return holds if op == "<=" else negation(holds)


def relation(op: Op, left: Whole, right: Whole) -> Formula:
    """``left OP right``."""
    match op:
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
        case "=":
            return left == right
        case "!=":
            return left != right
        case _:
            assert_never(op)


def _ceiling(value: Fraction, strictly: bool) -> int:
    """The least whole number that is not below a value, or is above it."""
    least = -(-value.numerator // value.denominator)
    return least + 1 if strictly and least == value else least
