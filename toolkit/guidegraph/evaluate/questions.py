"""Which datum to find out next.

A rule is *open* while its status is undetermined or provisional. What it needs are the unknown
data in its unknown conditions. Each one that can still be obtained is tried out: with yes and no,
with every code, or with the values just below, at and just above every limit it is compared with.
The best question settles the most open rules in the worst case, then on average, then costs least.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from typing import Any

from guidegraph.evaluate.fields import present
from guidegraph.evaluate.status import Standing, standings
from guidegraph.kernel import (
    NOW,
    Agg,
    And,
    Arith,
    Assume,
    Bool,
    Cmp,
    Const,
    Meaning,
    Node,
    Not,
    Num,
    Or,
    Ref,
    Score,
    Series,
    Value,
    aggregate,
    children,
    walk,
)
from guidegraph.program import Input, Program, Rule
from guidegraph.wording import one_decimal


@dataclass(frozen=True, slots=True)
class Need:
    """A datum that is not known: an input or, for a series, a sample in a window of minutes.

    ``minute`` is when a sample can be taken at the earliest; None where nothing can be obtained
    any more, because the window has passed.
    """

    input: str
    is_series: bool = False
    low: int | None = None
    high: int | None = None
    minute: int | None = None

    @property
    def is_indeterminable(self) -> bool:
        """Whether the datum lies in the past and can no longer be obtained."""
        return self.is_series and self.minute is None

    def window_json(self) -> dict[str, int | None] | None:
        """``{"from", "to", "earliest"}`` in minutes; None for a single datum."""
        if not self.is_series:
            return None
        return {"from": self.low, "to": self.high, "earliest": self.minute}


@dataclass(frozen=True, slots=True)
class Question:
    """A datum to find out, and how many of the open rules its answer settles."""

    need: Need
    input: Input
    at_least: int
    on_average: Fraction
    rules: tuple[str, ...]
    """The rules that some answer settles."""

    def to_json(self) -> dict[str, Any]:
        """``{"id", "label", "question", "kind", "unit", "codes", "window", "settles"}``."""
        return present(
            id=self.input.name,
            label=self.input.label,
            question=self.input.question,
            kind=self.input.kind,
            unit=self.input.unit,
            codes=list(self.input.codes),
            window=self.need.window_json(),
            settles={
                "atLeast": self.at_least,
                "onAverage": one_decimal(self.on_average),
                "rules": list(self.rules),
            },
        )


def needs(node: Bool, meant: Meaning, now: int | None) -> tuple[Need, ...]:
    """The unknown data behind a condition that is unknown; nothing if it is known."""
    found: dict[Need, None] = {}
    for atom in _unknown_atoms(node, meant):
        for part in walk(atom):
            if (need := _need(part, meant, now)) is not None:
                found[need] = None
    return tuple(found)


def _unknown_atoms(node: Bool, meant: Meaning) -> Iterator[Bool]:
    """The comparisons and answers that make a condition unknown."""
    if meant.truth(node) is not None:
        return
    match node:
        case Ref(kind) if kind in ("criterion", "rule"):
            yield from _unknown_atoms(meant.named[node], meant)
        case And(operands) | Or(operands):
            for each in operands:
                yield from _unknown_atoms(each, meant)
        case Not(operand) | Assume(operand):
            yield from _unknown_atoms(operand, meant)
        case Score(_, items):
            for item, _ in items:
                yield from _unknown_atoms(item, meant)
        case _:
            yield node


def _need(part: Node, meant: Meaning, now: int | None) -> Need | None:
    match part:
        case Ref("input", name) if part != NOW and meant.inputs.get(name) is None:
            return Need(name)
        case Agg(_, name, low, high) if meant.number(part) is None:
            return Need(name, True, low, high, _earliest(low, high, now))
        case _:
            return None


def _earliest(low: int | None, high: int | None, now: int | None) -> int | None:
    """The first minute of a window that is not past; None if it has passed altogether."""
    if now is None:
        return low if low is not None else min(0, high or 0)
    earliest = now if low is None else max(now, low)
    return earliest if high is None or earliest <= high else None


def questions(
    program: Program, found: Iterable[Standing], meant: Meaning, now: int | None
) -> tuple[Question, ...]:
    """Every datum that can still be obtained and that an open rule needs; the best one first."""
    trial = _Trial(program, tuple(each.rule for each in found if each.is_open), meant)
    wanted: dict[Need, None] = {}
    for rule in trial.rules:
        for part in (rule.guard, *rule.unless):
            wanted.update(dict.fromkeys(needs(part, meant, now)))
    place = {each.name: position for position, each in enumerate(program.inputs)}
    asked = [trial.question(need) for need in wanted if _can_ask(need, place)]

    def rank(each: Question) -> tuple[Any, ...]:
        need = each.need
        window = (need.minute or 0, need.high is None, need.high or 0)
        return (-each.at_least, -each.on_average, each.input.cost, place[need.input], *window)

    return tuple(sorted(asked, key=rank))


def _can_ask(need: Need, inputs: Mapping[str, int]) -> bool:
    return need.input in inputs and not need.is_indeterminable


@dataclass(slots=True)
class _Trial:
    """Tries hypothetical answers on the open rules."""

    program: Program
    rules: tuple[Rule, ...]
    meant: Meaning
    comparisons: tuple[Cmp, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.comparisons = tuple(self._comparisons())

    def question(self, need: Need) -> Question:
        """What answering ``need`` would settle."""
        declared = next(each for each in self.program.inputs if each.name == need.input)
        settled = [self._settled(need, answer) for answer in self._answers(need, declared)]
        by_any = {name for names in settled for name in names}
        return Question(
            need=need,
            input=declared,
            at_least=min(len(names) for names in settled),
            on_average=Fraction(sum(len(names) for names in settled), len(settled)),
            rules=tuple(rule.name for rule in self.rules if rule.name in by_any),
        )

    def _settled(self, need: Need, answer: Value) -> frozenset[str]:
        """The open rules that are open no longer once the answer is known."""
        inputs = {**self.meant.inputs, need.input: self._held(need, answer)}
        meant = Meaning(inputs, self.meant.settings, self.meant.named)
        now_standing = standings(self.rules, meant)
        return frozenset(each.rule.name for each in now_standing if not each.is_open)

    def _held(self, need: Need, answer: Value) -> Value:
        """What the input holds with the answer: a series gains (or has changed) one sample."""
        if need.minute is None or not isinstance(answer, Fraction):
            return answer
        samples = dict(self._samples(need.input))
        samples[need.minute] = answer
        return tuple(sorted(samples.items()))

    def _samples(self, name: str) -> Series:
        held = self.meant.inputs.get(name)
        return held if isinstance(held, tuple) else ()

    def _answers(self, need: Need, declared: Input) -> tuple[Value, ...]:
        if declared.kind == "boolean":
            return (True, False)
        if declared.kind == "code":
            return declared.codes or ("",)
        quantum = Fraction(1, 10**declared.scale)
        values: set[Fraction] = set()
        for cut in self._cuts(need):
            below = quantum * floor(cut / quantum)
            values |= {below, below + quantum} | ({below - quantum} if below == cut else set())
        low, high = declared.low, declared.high
        plausible = [
            each
            for each in sorted(values)
            if (low is None or each >= low) and (high is None or each <= high)
        ]
        return tuple(plausible) or (low if low is not None else Fraction(0),)

    def _comparisons(self) -> Iterator[Cmp]:
        """Every comparison the open rules can come to, each once."""
        seen: set[Node] = set()
        stack: list[Node] = [part for rule in self.rules for part in (rule.guard, *rule.unless)]
        while stack:
            node = stack.pop(0)
            if node in seen:
                continue
            seen.add(node)
            if isinstance(node, Cmp):
                yield node
            elif isinstance(node, Ref) and node.kind in ("criterion", "rule"):
                stack.append(self.meant.named[node])
            else:
                stack.extend(children(node))

    def _cuts(self, need: Need) -> Iterator[Fraction]:
        """The values at which a comparison that depends on the datum changes its answer."""
        for each in self.comparisons:
            yield from self._cut(each, need)
            for part in walk(each):
                if isinstance(part, Agg) and part.fn == "run" and _is_inside(part, need):
                    yield from self._last_before(part, need)

    def _cut(self, comparison: Cmp, need: Need) -> Iterator[Fraction]:
        """Where both sides are equal, if everything else they depend on is known."""
        factor, rest = Fraction(0), Fraction(0)
        right = _linear(comparison.right, Fraction(-1))
        for coefficient, part in (*_linear(comparison.left), *right):
            if _is_decided_by(part, need):
                factor += coefficient
            elif (value := self.meant.number(part)) is not None:
                rest += coefficient * value
            else:
                return
        if factor:
            yield -rest / factor

    def _last_before(self, part: Agg, need: Need) -> Iterator[Fraction]:
        """The sample before the hypothetical one: a rising run goes on above it."""
        before = Agg("last", part.series, part.low, (need.minute or 0) - 1)
        value = aggregate(before, self._samples(need.input))
        if value is not None:
            yield value


def _is_inside(part: Agg, need: Need) -> bool:
    """Whether the hypothetical sample lies in the window of an aggregate."""
    if part.series != need.input or need.minute is None:
        return False
    after = part.low is None or need.minute >= part.low
    return after and (part.high is None or need.minute <= part.high)


def _is_decided_by(part: Num, need: Need) -> bool:
    """Whether a number has the value of the datum (counts and runs only depend on it)."""
    if isinstance(part, Agg):
        return part.fn not in ("count", "run") and _is_inside(part, need)
    return part == Ref("input", need.input)


def _linear(value: Num, factor: Fraction = Fraction(1)) -> tuple[tuple[Fraction, Num], ...]:
    """A number as a sum of factors and parts that are not sums themselves."""
    if not isinstance(value, Arith):
        return ((factor, value),)
    constant = (factor * value.constant, Const(Fraction(1)))
    inner = (pair for scale, part in value.terms for pair in _linear(part, factor * scale))
    return (constant, *inner)
