"""Every representative patient of a small guideline, one by one: what proofs are held against.

Nothing of ``guidegraph.proof`` or ``guidegraph.regions`` is used here. What a small guideline can
tell apart is found by looking: every value of a datum with few values; of others the cut points
of its comparisons, one step to either side, and the ends of the plausible range; of a series
every way to fill each stretch between the ends of windows with few samples. ``kernel.Meaning``
says of each patient what is true.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product
from math import floor, prod
from typing import Any

from guidegraph.kernel import (
    NOW,
    Agg,
    And,
    Arith,
    Assume,
    Bool,
    Cmp,
    Cond,
    Const,
    Fn,
    In,
    Meaning,
    Node,
    Not,
    Num,
    Op,
    Or,
    Ref,
    Score,
    Truth,
    compare,
    linear_terms,
    walk,
)
from guidegraph.program import Input, Named, Program, Rule, Setting
from guidegraph.wire import TEN_YEARS, values

OPS: tuple[Op, ...] = ("<", "<=", ">", ">=", "=", "!=")
FUNCTIONS: tuple[Fn, ...] = ("first", "last", "max", "min", "count", "run")
WINDOWS = ((None, None), (None, 0), (0, 10), (1, None), (5, 10), (3, 3))
MOST = 1_200
"""How many patients a small guideline may tell apart; one with more is thrown away."""

X, Y = Ref("input", "x"), Ref("input", "y")
WIDE = Ref("input", "wide")
FLAGS = (Ref("input", "flag"), Ref("input", "sign"))
STATE = Ref("input", "state")
LIMIT, MODE = Ref("setting", "limit"), Ref("setting", "mode")


@dataclass(frozen=True, slots=True)
class Small:
    """A small guideline with the conditions that are asked about it."""

    program: Program
    asked: tuple[Bool, ...]


# --- made at random -------------------------------------------------------------------------------


def small(seed: int) -> Small:
    """The small guideline of a seed: always the same."""
    chance = random.Random(seed)
    while True:
        made = _Maker(chance).make()
        if count(made.program) <= MOST:
            return made


class _Maker:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.named: list[Ref] = []
        self.kinds = chance.sample(
            ["tiny", "wide", "flag", "code", "series", "now"], chance.randint(1, 3)
        )
        self.has_settings = chance.random() < 0.4
        self.functions = chance.sample(FUNCTIONS, 2)
        self.windows = chance.sample(WINDOWS, chance.randint(1, 2))
        self.cuts = [self.fraction(0, 100) for _ in range(2)]

    def fraction(self, low: int, high: int) -> Fraction:
        return Fraction(self.chance.randint(2 * low, 2 * high), 2)

    def make(self) -> Small:
        criteria = []
        for number in range(self.chance.randint(1, 3)):
            criteria.append(
                Named(name=f"C{number}", label=f"Criterion {number}", condition=self.condition(2))
            )
            self.named.append(Ref("criterion", f"C{number}"))
        rules = []
        for number in range(self.chance.randint(1, 3)):
            unless = self.chance.sample(self.named, self.chance.choice([0, 0, 1]))
            rules.append(
                Rule(
                    name=f"R{number}",
                    label=f"Rule {number}",
                    guard=self.condition(1),
                    unless=tuple(unless),
                    modality="Should",
                    norm="should",
                )
            )
            self.named.append(Ref("rule", f"R{number}"))
        asked = Named(name="asked", label="What else is asked", condition=self.condition(2))
        program = Program(
            guideline="small",
            version="1",
            anchor="admission",
            inputs=self.inputs(),
            settings=self.settings() if self.has_settings else (),
            criteria=(*criteria, asked),
            rules=tuple(rules),
            incompatible=(),
            readings={},
        )
        return Small(program, tuple(self.questions(program)))

    def inputs(self) -> tuple[Input, ...]:
        low, high = Fraction(0), Fraction(self.chance.choice([2, 3]))
        fixed: dict[str, Any] = {"label": "?", "question": "?"}
        number = {**fixed, "kind": "quantity"}
        ends: dict[str, Any] = self.chance.choice(
            [{}, {"low": low}, {"low": low, "high": Fraction(99)}]
        )
        return (
            Input(name="x", low=low, high=high, **number),
            Input(name="y", low=Fraction(1, 2), high=Fraction(5, 2), scale=0, **number),
            Input(name="wide", scale=self.chance.choice([0, 1]), **ends, **number),
            Input(name="flag", kind="boolean", **fixed),
            Input(name="sign", kind="boolean", **fixed),
            Input(name="state", kind="code", codes=("none", "some", "all"), **fixed),
            Input(name="series", kind="series", low=low, high=Fraction(2), **fixed),
        )

    def settings(self) -> tuple[Setting, ...]:
        return (
            Setting(
                name="limit",
                label="Limit",
                kind="quantity",
                default=Fraction(2),
                low=Fraction(1),
                high=Fraction(3),
                low_inclusive=self.chance.random() < 0.7,
                high_inclusive=self.chance.random() < 0.7,
            ),
            Setting(name="mode", label="Mode", kind="code", default="p", codes=("p", "q")),
        )

    # --- conditions ------------------------------------------------------------------------------

    def condition(self, depth: int) -> Bool:
        chance = self.chance
        if depth == 0 or chance.random() < 0.2:
            return self.leaf()
        kind = chance.choice(["and", "or", "not", "score", "assume", "leaf"])
        if kind == "not":
            return Not(self.condition(depth - 1))
        if kind == "assume":
            return Assume(self.condition(depth - 1), chance.random() < 0.5, "the usual case")
        if kind == "leaf":
            return self.leaf()
        parts = tuple(self.condition(depth - 1) for _ in range(chance.choice([0, 1, 2, 2, 2, 3])))
        if kind == "score":
            return Score(
                chance.randint(0, 3), tuple((each, chance.randint(1, 2)) for each in parts)
            )
        return And(parts) if kind == "and" else Or(parts)

    def leaf(self) -> Bool:
        chance = self.chance
        if self.named and chance.random() < 0.35:
            return chance.choice(self.named)
        if self.has_settings and chance.random() < 0.1:
            return In(MODE, ("q",))
        kind = chance.choice(self.kinds)
        if kind == "flag":
            return chance.choice(FLAGS)
        if kind == "code":
            return In(STATE, tuple(chance.sample(["none", "some", "all"], chance.randint(0, 2))))
        if kind == "now":
            return Cmp(chance.choice(OPS), NOW, Const(Fraction(chance.choice([0, 4, 11]))))
        if kind == "series":
            return self.of_series()
        if kind == "wide":
            return Cmp(chance.choice(OPS), WIDE, self.limit(Const(chance.choice(self.cuts))))
        return self.of_tiny()

    def limit(self, otherwise: Num) -> Num:
        """What a number is compared with: at times the setting."""
        if not self.has_settings or self.chance.random() < 0.5:
            return otherwise
        return Arith(((Fraction(1), LIMIT),), self.chance.choice([Fraction(0), Fraction(-1)]))

    def of_tiny(self) -> Bool:
        chance = self.chance
        op, cut = chance.choice(OPS), Const(self.fraction(-1, 4))
        number: Num = chance.choice([X, Y])
        if chance.random() < 0.4:
            factors = [Fraction(chance.choice([-1, 1, 2, 0])) for _ in range(2)]
            number = Arith(((factors[0], X), (factors[1], Y)), Fraction(chance.randint(-1, 1)))
        if chance.random() < 0.15:
            choice = Cond(self.condition(0), Const(Fraction(1)), Const(Fraction(2)))
            return compare(op, number, choice)
        return Cmp(op, number, self.limit(cut))

    def of_series(self) -> Bool:
        chance = self.chance
        fn = chance.choice(self.functions)
        node = Agg(fn, "series", *chance.choice(self.windows))
        op = chance.choice(OPS)
        if fn in ("count", "run"):
            return Cmp(op, node, Const(Fraction(chance.randint(0, 4), 2)))
        others = [each for each in self.functions if each not in ("count", "run")]
        if chance.random() < 0.4:
            other = Agg(chance.choice(others), "series", *chance.choice(self.windows))
            return Cmp(op, node, Arith(((Fraction(1), other),), Fraction(chance.randint(-1, 1))))
        return Cmp(op, node, self.limit(Const(self.fraction(-1, 3))))

    def questions(self, program: Program) -> Iterator[Bool]:
        """Gap, overlap, reachability, difference and whatever comes up, of this guideline."""
        chance = self.chance
        rules = [Ref("rule", each.name) for each in program.rules]
        held: list[Bool] = [Ref("criterion", "C0"), *rules]
        one, other = (chance.choice(held) for _ in range(2))
        yield And((held[0], *(Not(each) for each in rules)))
        yield And((chance.choice(rules), one))
        yield And((program.rules[-1].guard, Not(rules[-1])))
        yield Or((And((one, Not(other))), And((other, Not(one)))))
        yield Ref("criterion", "asked")


# --- every representative patient -----------------------------------------------------------------


def nodes(program: Program) -> Iterator[Node]:
    """Every node of every condition."""
    for named in program.criteria:
        yield from walk(named.condition)
    for rule in program.rules:
        yield from walk(rule.guard)


def count(program: Program) -> int:
    """How many patients ``patients`` gives at most, at all settings."""
    choices = [*_choices(program).values(), *_settings(program).values()]
    return prod(len(each) for each in choices)


def patients(program: Program) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Facts and settings in wire form: every patient that can be told apart from the others.

    Data that no condition speaks of have a value; of the others None, too, is one of the values.
    """
    choices, chosen = _choices(program), _settings(program)
    for setting in product(*chosen.values()):
        settings = dict(zip(chosen, setting, strict=True))
        for held in product(*choices.values()):
            facts = dict(zip(choices, held, strict=True))
            if all(at <= facts["now"] for at, _ in facts["series"] or ()):
                yield facts, settings


def _choices(program: Program) -> dict[str, Sequence[Any]]:
    used = {n.name for n in nodes(program) if isinstance(n, Ref)}
    used |= {n.series for n in nodes(program) if isinstance(n, Agg)}
    choices: dict[str, Sequence[Any]] = {"now": _moments(program)}
    for each in program.inputs:
        held: Sequence[Any]
        if each.kind == "boolean":
            held = (True, False)
        elif each.kind == "code":
            held = each.codes
        elif each.kind == "series":
            held = tuple(_series(program, each))
        else:
            held = tuple(_numbers(program, each))
        choices[each.name] = (None, *held) if each.name in used else held[:1]
    return choices


def _settings(program: Program) -> dict[str, Sequence[Any]]:
    return {
        each.name: each.codes if each.kind == "code" else tuple(_permitted(each))
        for each in program.settings
    }


def _permitted(each: Setting) -> Iterator[int]:
    assert each.low is not None and each.high is not None and each.scale == 0
    for value in range(int(each.low), int(each.high) + 1):
        is_left_out = (value == each.low and not each.low_inclusive) or (
            value == each.high and not each.high_inclusive
        )
        if not is_left_out:
            yield value


def _numbers(program: Program, each: Input) -> list[int]:
    """Every value of a small range; of a wide one the cuts, one step beside them, and the ends."""
    steps = 10**each.scale
    if each.low is not None and each.high is not None and (each.high - each.low) * steps < 10:
        least, most = -floor(-each.low * steps), floor(each.high * steps)
        return list(range(least, most + 1))
    found = {int(end * steps) for end in (each.low, each.high) if end is not None}
    for cut in _cuts(program, Ref("input", each.name)):
        below = floor(cut * steps)
        found |= {below - 1, below, below + 1, below + 2}
    low, high = (None if end is None else end * steps for end in (each.low, each.high))
    kept = [v for v in found if (low is None or v >= low) and (high is None or v <= high)]
    return sorted(kept) or [0]


def _cuts(program: Program, number: Ref) -> Iterator[Fraction]:
    """What a number is compared with, at every setting."""
    limits = _settings(program).get("limit", (0,))
    for node in nodes(program):
        if isinstance(node, Cmp):
            factors, constant = linear_terms(node)
            if factors.get(number):
                for limit in limits:
                    yield -(constant + factors.get(LIMIT, Fraction(0)) * limit) / factors[number]


def _moments(program: Program) -> tuple[int, ...]:
    """Times of the decision that differ: the cuts, and as soon as one more sample may stand."""
    if NOW not in set(nodes(program)):
        return (1_000,)
    found = {-TEN_YEARS, 1_000}
    for cut in _cuts(program, NOW):
        found |= {int(cut) - 1, int(cut), int(cut) + 1}
    found |= {minute for stretch in _stretches(program) for minute in stretch}
    return tuple(sorted(found))


def _series(program: Program, each: Input) -> Iterator[tuple[tuple[int, int], ...]]:
    """Every series with so many samples in each stretch that no aggregate asks for more."""
    assert each.low is not None and each.high is not None
    span = range(int(each.low), int(each.high) + 1)
    ways = [
        [
            tuple(zip(minutes, sampled, strict=False))
            for size in range(len(minutes) + 1)
            for sampled in product(span, repeat=size)
        ]
        for minutes in _stretches(program)
    ]
    for parts in product(*ways):
        yield tuple(sample for part in parts for sample in part)


def _stretches(program: Program) -> list[tuple[int, ...]]:
    """Minutes to take samples at, between the ends of windows: as early as can be."""
    asked = [node for node in nodes(program) if isinstance(node, Agg)]
    starts = {each.low for each in asked if each.low is not None}
    starts |= {each.high + 1 for each in asked if each.high is not None}
    cuts = [-500, *sorted(starts), 1_000]
    found = []
    for low, after in pairwise(cuts):
        seen = [each for each in asked if each.spans(low)]
        extremes = {each.fn for each in seen} - {"count", "run"}
        counted = [_most(program, each) for each in seen if each.fn in ("count", "run")]
        needed = len(extremes) + max(counted, default=0)
        found.append(tuple(range(low, min(low + needed, after))))
    return found


def _most(program: Program, node: Agg) -> int:
    """One sample more than the largest number that a count is compared with."""
    limits = [
        floor(abs(constant / factors[node]))
        for each in nodes(program)
        if isinstance(each, Cmp)
        for factors, constant in [linear_terms(each)]
        if node in factors
    ]
    return max(limits) + 1


# --- what is true of them -------------------------------------------------------------------------


def definitions(program: Program) -> dict[Ref, Bool]:
    """What every criterion and rule is."""
    named: dict[Ref, Bool] = {
        Ref("criterion", each.name): each.condition for each in program.criteria
    }
    for rule in program.rules:
        effective = And((rule.guard, *(Not(each) for each in rule.unless)))
        named[Ref("rule", rule.name)] = effective
    return named


@dataclass(frozen=True, slots=True)
class Seen:
    """One patient, and what is true of it: one truth for each condition that is asked about."""

    facts: Mapping[str, Any]
    settings: Mapping[str, Any]
    truths: tuple[Truth, ...]
    meaning: Meaning

    @property
    def is_total(self) -> bool:
        """Whether all data are known."""
        return all(each is not None for each in self.facts.values())


def seen(made: Small) -> list[Seen]:
    """Every representative patient with the truth of every question."""
    named = definitions(made.program)
    found = []
    for facts, settings in patients(made.program):
        inputs, chosen = values(made.program, facts, settings)
        meaning = Meaning(inputs, chosen, named)
        truths = tuple(meaning.truth(each) for each in made.asked)
        found.append(Seen(facts, settings, truths, meaning))
    return found
