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
from typing import Any

from guidegraph.evaluate.compiled import Compiled
from guidegraph.evaluate.cuts import Cuts
from guidegraph.evaluate.fields import present
from guidegraph.evaluate.status import OPEN, Standing
from guidegraph.kernel import (
    NOW,
    Agg,
    And,
    Assume,
    Bool,
    Meaning,
    Node,
    Not,
    Or,
    Ref,
    Score,
    Value,
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
            return Need(name, True, low, high, earliest(low, high, now))
        case _:
            return None


def earliest(low: int | None, high: int | None, now: int | None) -> int | None:
    """The first minute of a window that is not past; None if it has passed altogether."""
    if now is None:
        return low if low is not None else min(0, high or 0)
    earliest = now if low is None else max(now, low)
    return earliest if high is None or earliest <= high else None


def questions(
    program: Program,
    found: Iterable[Standing],
    meant: Meaning,
    now: int | None,
    decided: Compiled,
) -> tuple[Question, ...]:
    """Every datum that can still be obtained and that an open rule needs; the best one first.

    ``decided`` is the function of the program: every answer that may be given is tried with it.
    """
    trial = _Trial(program, tuple(each.rule for each in found if each.is_open), meant, decided)
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
    decided: Compiled
    cuts: Cuts = field(init=False)

    def __post_init__(self) -> None:
        parts = tuple(part for rule in self.rules for part in (rule.guard, *rule.unless))
        self.cuts = Cuts(self.program, parts, self.meant)

    def question(self, need: Need) -> Question:
        """What answering ``need`` would settle."""
        declared = next(each for each in self.program.inputs if each.name == need.input)
        answers = self.cuts.answers(need.input, need.minute)
        settled = [self._settled(need, answer) for answer in answers]
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
        held = self.cuts.held(need.input, need.minute, answer)
        inputs = {**self.meant.inputs, need.input: held}
        statuses, _ = self.decided.answer(inputs, self.meant.settings)
        return frozenset(each.name for each in self.rules if statuses[each.name] not in OPEN)
