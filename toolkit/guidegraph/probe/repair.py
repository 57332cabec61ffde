"""Making things true of a patient: change one datum after the other until all that is wanted holds.

A walk from the condition that is not as wanted down to one answer, number or code, which is then
changed. Nothing is proved by it: where the walk does not arrive, the patient is used as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from random import Random
from typing import Protocol

from guidegraph.kernel import (
    And,
    Assume,
    Bool,
    Cmp,
    In,
    Leaf,
    Meaning,
    Not,
    Or,
    Ref,
    Score,
    Truth,
    holds,
    negate,
)
from guidegraph.probe.draft import Draft
from guidegraph.probe.layout import Layout
from guidegraph.wire import Linear, values

STEPS = 40


class Aim(Protocol):
    """Something wanted of a patient."""

    def is_met(self, draft: Draft, meant: Meaning) -> bool:
        """Whether it holds."""

    def approach(self, draft: Draft, meant: Meaning) -> None:
        """Change one datum towards it."""


@dataclass(frozen=True, slots=True)
class Want:
    """A condition is to have a truth."""

    condition: Bool
    truth: Truth

    def is_met(self, draft: Draft, meant: Meaning) -> bool:
        """Whether it has."""
        return meant.truth(self.condition) is self.truth

    def approach(self, draft: Draft, meant: Meaning) -> None:
        """Change what makes it otherwise."""
        leaf, truth = _down(self.condition, self.truth, meant, draft.chance)
        if leaf is not None:
            _settle(draft, leaf, truth)

    @property
    def or_unknown(self) -> Aim:
        """The weaker aim that the condition is not known to be otherwise."""
        return Otherwise(self.condition, negate(self.truth))


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A condition is to have any truth but one."""

    condition: Bool
    truth: Truth

    def is_met(self, draft: Draft, meant: Meaning) -> bool:
        """Whether it has."""
        return meant.truth(self.condition) is not self.truth

    def approach(self, draft: Draft, meant: Meaning) -> None:
        """Make it unknown or the opposite."""
        wanted = draft.chance.choice((None, negate(self.truth)))
        Want(self.condition, wanted).approach(draft, meant)


@dataclass(frozen=True, slots=True)
class Brink:
    """The points of one item of a score are to decide: the others fall just short without them."""

    score: Score
    item: Bool
    points: int

    def is_met(self, draft: Draft, meant: Meaning) -> bool:
        """Whether they do."""
        return self._others(meant, None) == [] and 0 < self._missing(meant) <= self.points

    def approach(self, draft: Draft, meant: Meaning) -> None:
        """Settle an item that is unknown, or one that gives too much or too little."""
        wanted = self._missing(meant) > self.points
        open_items = self._others(meant, None) or self._others(meant, not wanted)
        if open_items:
            Want(draft.chance.choice(open_items), wanted).approach(draft, meant)

    def _missing(self, meant: Meaning) -> int:
        held = sum(n for e, n in self.score.items if e is not self.item and meant.truth(e))
        return self.score.at_least - held

    def _others(self, meant: Meaning, truth: Truth) -> list[Bool]:
        return [
            each
            for each, _ in self.score.items
            if each is not self.item and meant.truth(each) is truth
        ]


@dataclass(frozen=True, slots=True)
class Pin:
    """A comparison is to stand at its limit (0), or one step of a datum below (-1) or above (1)."""

    comparison: Cmp
    side: int

    def is_met(self, draft: Draft, meant: Meaning) -> bool:
        """Whether it does."""
        line = draft.layout.lines[self.comparison]
        held = excess(draft, line)
        if held is None or not self.side:
            return held == 0
        step = min((abs(each) for each, _ in line.terms if each), default=1)
        return 0 < held * self.side <= step

    def approach(self, draft: Draft, meant: Meaning) -> None:
        """Put one datum there."""
        pin(draft, draft.layout.lines[self.comparison], self.side)

    def is_possible(self, layout: Layout) -> bool:
        """Whether whole numbers can stand there."""
        line = layout.lines[self.comparison]
        factors = [each for each, _ in line.terms if each]
        return bool(factors) and (self.side != 0 or line.constant % gcd(*factors) == 0)


def reach(draft: Draft, aims: list[Aim]) -> bool:
    """Change the patient until all aims are met; False where that does not come about."""
    for _ in range(STEPS):
        meant = Meaning(*values(draft.layout.program, draft.facts, draft.settings), {})
        missed = [each for each in aims if not each.is_met(draft, meant)]
        if not missed:
            return True
        draft.chance.choice(missed).approach(draft, meant)
    return False


def excess(draft: Draft, line: Linear) -> int | None:
    """What a comparison holds against 0; None where a datum is unknown."""
    total = line.constant
    for factor, datum in line.terms:
        number = draft.number(datum)
        if number is None:
            return None
        total += factor * number
    return total


def pin(draft: Draft, line: Linear, side: int) -> bool:
    """Solve a comparison for one of its data, the others as they are (known, if need be made so).

    ``side`` 0 is the limit, -1 and 1 the nearest sums below and above it, ±2 and more further away.
    """
    movable = [(factor, datum) for factor, datum in line.terms if factor]
    if not movable:
        return False
    draft.chance.shuffle(movable)
    for _, datum in line.terms:
        if draft.number(datum) is None:
            draft.give(datum, draft.some(datum))
    for factor, datum in movable:
        held, number = excess(draft, line), draft.number(datum)
        if held is None or number is None:
            continue
        rest = held - factor * number
        if draft.give(datum, _solution(rest, factor, side)):
            return True
    return False


def _solution(rest: int, factor: int, side: int) -> int:
    """The whole number x for which ``rest + factor * x`` is 0, or next to 0 on a side."""
    direction = side if factor > 0 else -side
    below, remainder = divmod(-rest, factor)
    return below + direction + (1 if remainder and direction < 0 else 0)


def _down(node: Bool, wanted: Truth, meant: Meaning, chance: Random) -> tuple[Leaf | None, Truth]:
    """The leaf to change, and into what, so that a condition comes nearer to a truth."""
    while not isinstance(node, Leaf):
        if isinstance(node, Not):
            node, wanted = node.operand, negate(wanted)
        elif isinstance(node, Assume):
            if wanted is None:
                return None, None
            is_open = wanted is node.default and chance.random() < 0.3
            node, wanted = node.operand, None if is_open else wanted
        else:
            step = _part(node, wanted, meant, chance)
            if step is None:
                return None, None
            node, wanted = step
    return node, wanted


def _part(
    node: And | Or | Score, wanted: Truth, meant: Meaning, chance: Random
) -> tuple[Bool, Truth] | None:
    """Which part of a connective to change; None where none can help."""
    if isinstance(node, Score):
        return _item(node, wanted, meant, chance)
    decisive = isinstance(node, Or)
    parts = [(each, meant.truth(each)) for each in node.operands]
    if wanted is decisive:
        return (chance.choice(parts)[0], decisive) if parts else None
    deciding = [each for each, truth in parts if truth is decisive]
    if deciding:
        to = not decisive if wanted is not None or chance.random() < 0.7 else None
        return chance.choice(deciding), to
    if wanted is None:
        return (chance.choice(parts)[0], None) if parts else None
    unknown = [each for each, truth in parts if truth is None]
    return (chance.choice(unknown), wanted) if unknown else None


def _item(node: Score, wanted: Truth, meant: Meaning, chance: Random) -> tuple[Bool, Truth] | None:
    answers = [(each, meant.truth(each)) for each, _ in node.items]
    held = meant.truth(node)
    if wanted is None:
        other: Truth = held is True
        chosen = [each for each, truth in answers if truth is other]
    else:
        chosen = [each for each, truth in answers if truth is not wanted]
    return (chance.choice(chosen), wanted) if chosen else None


def _settle(draft: Draft, leaf: Leaf, truth: Truth) -> bool:
    """Change the data of one leaf so that it has a truth."""
    if isinstance(leaf, Ref):
        draft.facts[leaf.name] = truth
        return leaf.kind == "input"
    if isinstance(leaf, In):
        return _settle_code(draft, leaf, truth)
    line = draft.layout.lines[leaf]
    if truth is None:
        known = [datum for _, datum in line.terms if draft.number(datum) is not None]
        draft.chance.shuffle(known)
        return any(draft.forget(datum) for datum in known)
    sides = [-1, 0, 1, -1000, 1000, -2, 2]
    fitting = [each for each in sides if holds(leaf.op, Fraction(each), Fraction(0)) is truth]
    return pin(draft, line, draft.chance.choice(fitting))


def _settle_code(draft: Draft, leaf: In, truth: Truth) -> bool:
    name = leaf.code.name
    is_setting = leaf.code.kind == "setting"
    if truth is None:
        if not is_setting:
            draft.facts[name] = None
        return not is_setting
    declared = draft.layout.settings[name] if is_setting else draft.layout.inputs[name]
    fitting = [each for each in declared.codes if (each in leaf.codes) is truth]
    if fitting:
        (draft.settings if is_setting else draft.facts)[name] = draft.chance.choice(fitting)
    return bool(fitting)
