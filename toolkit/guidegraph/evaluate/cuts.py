"""The answers to try for a datum: yes and no, every code, or the values beside each limit.

A number changes what is decided only where a comparison that depends on it changes. So of all its
values only those just below, at and just above such a limit are worth trying.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import floor

from guidegraph.kernel import (
    Agg,
    Arith,
    Bool,
    Cmp,
    Const,
    Meaning,
    Node,
    Num,
    Ref,
    Series,
    Value,
    aggregate,
    children,
    walk,
)
from guidegraph.program import Input, Program


class Cuts:
    """Answers that can make a difference to some conditions, for one patient.

    A datum is the name of an input and, for a series, the minute of one sample, which may be there
    already or be new. ``now`` is an input like any other.
    """

    def __init__(self, program: Program, conditions: Iterable[Bool], meant: Meaning) -> None:
        self._inputs = {each.name: each for each in program.inputs}
        self._meant = meant
        self.nodes = tuple(_nodes(conditions, meant))
        self._comparisons = [each for each in self.nodes if isinstance(each, Cmp)]

    def answers(self, name: str, minute: int | None) -> tuple[Value, ...]:
        """The answers to try, each plausible; numbers ascend."""
        declared = self._inputs.get(name)
        if declared is not None and declared.kind == "boolean":
            return (True, False)
        if declared is not None and declared.kind == "code":
            return declared.codes or ("",)
        plausible = tuple(_plausible(self._beside(name, minute), declared))
        lowest = declared.low if declared is not None and declared.low is not None else Fraction(0)
        return plausible or (lowest,)

    def held(self, name: str, minute: int | None, answer: Value) -> Value:
        """What the input holds with the answer: a series gains (or has changed) one sample."""
        if minute is None or not isinstance(answer, Fraction):
            return answer
        samples = dict(self.samples(name))
        samples[minute] = answer
        return tuple(sorted(samples.items()))

    def samples(self, name: str) -> Series:
        """What is known of a series; nothing if it is unknown."""
        held = self._meant.inputs.get(name)
        return held if isinstance(held, tuple) else ()

    def _beside(self, name: str, minute: int | None) -> Iterator[Fraction]:
        """The values a datum can have that are nearest to each cut: below, at and above it."""
        scale = self._inputs[name].scale if name in self._inputs else 0
        quantum = Fraction(1, 10**scale)
        for cut in self._cuts(name, minute):
            below = quantum * floor(cut / quantum)
            yield from (below, below + quantum)
            if below == cut:
                yield below - quantum

    def _cuts(self, name: str, minute: int | None) -> Iterator[Fraction]:
        """The values at which a comparison that depends on the datum changes its answer."""
        for each in self._comparisons:
            yield from self._cut(each, name, minute)
            for part in walk(each):
                if isinstance(part, Agg) and part.fn == "run" and _is_inside(part, name, minute):
                    yield from self._last_before(part, minute or 0)

    def _cut(self, comparison: Cmp, name: str, minute: int | None) -> Iterator[Fraction]:
        """Where both sides are equal, if everything else they depend on is known."""
        factor, rest = Fraction(0), Fraction(0)
        right = _linear(comparison.right, Fraction(-1))
        for coefficient, part in (*_linear(comparison.left), *right):
            if _is_decided_by(part, name, minute):
                factor += coefficient
            elif (value := self._meant.number(part)) is not None:
                rest += coefficient * value
            else:
                return
        if factor:
            yield -rest / factor

    def _last_before(self, part: Agg, minute: int) -> Iterator[Fraction]:
        """The sample before the hypothetical one: a rising run goes on above it."""
        before = Agg("last", part.series, part.low, minute - 1)
        value = aggregate(before, self.samples(part.series))
        if value is not None:
            yield value


def _nodes(conditions: Iterable[Bool], meant: Meaning) -> Iterator[Node]:
    """Every node that conditions can come to, through what they refer to, each once."""
    seen: set[Node] = set()
    stack: list[Node] = list(conditions)
    while stack:
        node = stack.pop(0)
        if node in seen:
            continue
        seen.add(node)
        yield node
        if isinstance(node, Ref) and node.kind in ("criterion", "rule"):
            stack.append(meant.named[node])
        else:
            stack.extend(children(node))


def _plausible(values: Iterable[Fraction], declared: Input | None) -> Iterator[Fraction]:
    low, high = (declared.low, declared.high) if declared else (None, None)
    for each in sorted(set(values)):
        if (low is None or each >= low) and (high is None or each <= high):
            yield each


def _is_inside(part: Agg, name: str, minute: int | None) -> bool:
    """Whether a sample lies in the window of an aggregate."""
    return part.series == name and minute is not None and part.spans(minute)


def _is_decided_by(part: Num, name: str, minute: int | None) -> bool:
    """Whether a number has the value of the datum (counts and runs only depend on it)."""
    if isinstance(part, Agg):
        return part.fn not in ("count", "run") and _is_inside(part, name, minute)
    return part == Ref("input", name)


def _linear(value: Num, factor: Fraction = Fraction(1)) -> tuple[tuple[Fraction, Num], ...]:
    """A number as a sum of factors and parts that are not sums themselves."""
    if not isinstance(value, Arith):
        return ((factor, value),)
    constant = (factor * value.constant, Const(Fraction(1)))
    inner = (pair for scale, part in value.terms for pair in _linear(part, factor * scale))
    return (constant, *inner)
