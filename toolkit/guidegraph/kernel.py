"""The small language every rule is lowered to, and what it means.

Twelve node types, no more: numbers are ``Const Ref Agg Arith Cond``, conditions are
``Ref Cmp In Not And Or Score Assume``. Their meaning is strong Kleene logic over exact rationals:
a condition is True, False or None (*unknown*). ``Meaning`` is the reference: every target must
agree with it. Quantities are in the canonical unit of their input, times in whole minutes from the
first anchor, and window ends belong to the window.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, assert_never

Op = Literal["<", "<=", ">", ">=", "=", "!="]
COMPARED: Mapping[Op, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
Fn = Literal["first", "last", "max", "min", "count", "run"]
Kind = Literal["input", "setting", "criterion", "rule"]
Truth = bool | None
Series = tuple[tuple[int, Fraction], ...]
Value = Fraction | bool | str | Series | None


@dataclass(frozen=True, slots=True)
class Const:
    """An exact number in canonical units."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Ref:
    """What is named: a patient's datum, a site setting, a named criterion or another rule."""

    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class Agg:
    """A number made of the samples of a series from minute ``low`` to ``high`` (None: open).

    ``run`` is the length of the strictly increasing run at the end; ``count`` of nothing is 0,
    everything else of nothing is unknown.
    """

    fn: Fn
    series: str
    low: int | None = None
    high: int | None = None

    def spans(self, minute: int) -> bool:
        """Whether a minute lies in the window; both ends belong to it."""
        after = self.low is None or minute >= self.low
        return after and (self.high is None or minute <= self.high)


@dataclass(frozen=True, slots=True)
class Arith:
    """``constant + sum(coefficient * number)``: linear, so that it can be proved about."""

    terms: tuple[tuple[Fraction, Num], ...]
    constant: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Cond:
    """One number if ``test`` holds, another if it does not. Only inside a comparison."""

    test: Bool
    then: Num
    otherwise: Num


@dataclass(frozen=True, slots=True)
class Cmp:
    """A comparison; unknown as soon as one side is."""

    op: Op
    left: Num
    right: Num


@dataclass(frozen=True, slots=True)
class In:
    """A code is one of some codes."""

    code: Ref
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not; unknown stays unknown."""

    operand: Bool


@dataclass(frozen=True, slots=True)
class And:
    """All of them; of nothing it is true."""

    operands: tuple[Bool, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them; of nothing it is false."""

    operands: tuple[Bool, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """At least ``at_least`` points, each item counting its (positive) points when it holds."""

    at_least: int
    items: tuple[tuple[Bool, int], ...]


@dataclass(frozen=True, slots=True)
class Assume:
    """The only closed-world construct: a stated default where the answer is unknown."""

    operand: Bool
    default: bool
    why: str


Num = Const | Ref | Agg | Arith | Cond
Bool = Ref | Cmp | In | Not | And | Or | Score | Assume
Node = Num | Bool
Datum = Ref | Agg
"""A number that is known of the patient or the site, not computed from others."""
Leaf = Ref | Cmp | In
"""What the connectives connect."""

TRUE: Bool = And(())
FALSE: Bool = Or(())
NOW = Ref("input", "now")


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
    into: dict[Datum, Fraction] = {}
    constant = _collect(comparison.left, Fraction(1), into)
    constant += _collect(comparison.right, Fraction(-1), into)
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


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly inside ``node``."""
    match node:
        case Ref() | Const() | Agg():
            return ()
        case And(operands) | Or(operands):
            return operands
        case Cmp(_, left, right):
            return left, right
        case Not(operand) | Assume(operand):
            return (operand,)
        case In(code):
            return (code,)
        case Score(_, items):
            return tuple(item for item, _ in items)
        case Arith(terms):
            return tuple(part for _, part in terms)
        case Cond(test, then, otherwise):
            return test, then, otherwise
        case _:
            assert_never(node)


def walk(node: Node) -> Iterator[Node]:
    """``node`` and everything inside it, parents first."""
    waiting = [node]
    while waiting:
        yield (each := waiting.pop())
        waiting += reversed(children(each))


def replace_leaves(node: Bool, change: Callable[[Leaf], Bool]) -> Bool:
    """The condition with each comparison, membership and reference replaced by ``change`` of it."""
    match node:
        case Ref() | Cmp() | In():
            return change(node)
        case Not(operand):
            return Not(replace_leaves(operand, change))
        case And(operands):
            return And(tuple(replace_leaves(each, change) for each in operands))
        case Or(operands):
            return Or(tuple(replace_leaves(each, change) for each in operands))
        case Score(at_least, items):
            return Score(at_least, tuple((replace_leaves(e, change), p) for e, p in items))
        case Assume(operand, default, why):
            return Assume(replace_leaves(operand, change), default, why)
        case _:
            assert_never(node)


def replace_refs(node: Bool, change: Callable[[Ref], Bool]) -> Bool:
    """The condition with every reference to a criterion or rule replaced by ``change`` of it."""

    def changed(leaf: Leaf) -> Bool:
        named = isinstance(leaf, Ref) and leaf.kind in ("criterion", "rule")
        return change(leaf) if named and isinstance(leaf, Ref) else leaf

    return replace_leaves(node, changed)


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
