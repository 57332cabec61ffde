"""What must hold of single data wherever a condition is true, read off without any search.

Most pairs of rules speak of bands that lie apart. That is seen here at once, by shared data and
their intervals; the solver is asked only about the rest. Nothing is claimed but that a condition is
true for nobody: where nothing is read off, nothing follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from guidegraph.kernel import (
    And,
    Assume,
    Bool,
    Cmp,
    Datum,
    In,
    Not,
    Num,
    Op,
    Or,
    Ref,
    linear_terms,
)

NEGATED: Mapping[Op, Op] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}
MIRRORED: Mapping[Op, Op] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}

End = tuple[Fraction, int] | None
"""An end of a stretch: the number, and 1 just above it, -1 just below it; None is open."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The numbers from one end to another."""

    low: End = None
    high: End = None

    def __and__(self, other: Stretch) -> Stretch:
        lows = [each.low for each in (self, other) if each.low is not None]
        highs = [each.high for each in (self, other) if each.high is not None]
        return Stretch(max(lows, default=None), min(highs, default=None))

    def __or__(self, other: Stretch) -> Stretch:
        low = None if self.low is None or other.low is None else min(self.low, other.low)
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        return Stretch(low, high)

    @property
    def is_empty(self) -> bool:
        """Whether no number lies in it."""
        return self.low is not None and self.high is not None and self.low > self.high


Codes = frozenset[str]
Need = Stretch | Codes | bool
"""What a datum must be: within a stretch, one of some codes, or this answer."""
Needs = Mapping[Datum, Need]


class Needed:
    """What conditions need, each worked out once; ``named`` are those that they refer to."""

    def __init__(self, named: Mapping[Ref, Bool]) -> None:
        self._conditions = named
        self._known: dict[tuple[int, bool], tuple[Bool, Needs | None]] = {}

    def is_for_nobody(self, condition: Bool) -> bool:
        """Whether it is plain that a condition is never true, whatever is known of a patient."""
        return self.of(condition) is None

    def of(self, condition: Bool, answer: bool = True) -> Needs | None:
        """What every patient has for whom the condition is true (or false, if that is the
        ``answer``); None: nobody has this answer. Where it is not plain, nothing is needed.
        """
        # By the node itself: to compare big conditions would cost more than it saves.
        key = (id(condition), answer)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = (condition, self._of(condition, answer))
        return found[1]

    def _of(self, condition: Bool, answer: bool) -> Needs | None:
        match condition:
            case Ref() if condition in self._conditions:
                return self.of(self._conditions[condition], answer)
            case Ref():
                return {condition: answer}
            case Cmp(op, left, right):
                return _compared(op if answer else NEGATED[op], left, right)
            case In(code, codes) if answer:
                return {code: frozenset(codes)} if codes else None
            case And(operands) | Or(operands) if isinstance(condition, And) is answer:
                held: Needs | None = {}
                for each in operands:
                    held = _both(held, self.of(each, answer))
                    if held is None:
                        return None
                return held
            case And(operands) | Or(operands):
                ways = [self.of(each, answer) for each in operands]
                possible = [each for each in ways if each is not None]
                return _either(possible) if possible else None
            case Not(operand):
                return self.of(operand, not answer)
            case Assume(operand, False) if answer:
                return self.of(operand)
        return {}


def _compared(op: Op, left: Num, right: Num) -> Needs | None:
    """What a comparison of one datum with a fixed number needs; of others, nothing is said."""
    terms, constant = linear_terms(Cmp(op, left, right))
    if len(terms) != 1:
        return {}
    ((datum, factor),) = terms.items()
    if factor == 0:
        return {}
    return _within(datum, op if factor > 0 else MIRRORED[op], -constant / factor)


def _within(datum: Datum, op: Op, limit: Fraction) -> Needs:
    """On which side of a number a datum must be."""
    match op:
        case "<":
            return {datum: Stretch(high=(limit, -1))}
        case "<=":
            return {datum: Stretch(high=(limit, 0))}
        case ">":
            return {datum: Stretch(low=(limit, 1))}
        case ">=":
            return {datum: Stretch(low=(limit, 0))}
        case "=":
            return {datum: Stretch((limit, 0), (limit, 0))}
    return {}


def _both(one: Needs | None, other: Needs | None) -> Needs | None:
    """What both need together; None where no datum can be as both need it."""
    if one is None or other is None:
        return None
    both = dict(one)
    for datum, need in other.items():
        shared = _shared(both[datum], need) if datum in both else need
        if shared is None:
            return None
        both[datum] = shared
    return both


def _either(ways: list[Needs]) -> Needs:
    """What each of several ways needs."""
    either = dict(ways[0])
    for needs in ways[1:]:
        joined = {each: _joined(held, needs.get(each)) for each, held in either.items()}
        either = {datum: need for datum, need in joined.items() if need is not None}
    return either


def _shared(one: Need, other: Need) -> Need | None:
    """What fits both; None if nothing does."""
    if isinstance(one, Stretch) and isinstance(other, Stretch):
        return None if (one & other).is_empty else one & other
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        return one & other or None
    return one if one == other else None


def _joined(one: Need, other: Need | None) -> Need | None:
    """What fits one of the two; None if that says nothing."""
    if isinstance(one, Stretch) and isinstance(other, Stretch):
        return one | other
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        return one | other
    return one if one == other else None
