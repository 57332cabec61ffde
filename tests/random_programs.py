"""Random programs of all twelve kernel nodes, and random patients: for tests of targets."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from hypothesis import strategies as st

from guidegraph.kernel import (
    NOW,
    Agg,
    And,
    Arith,
    Assume,
    Bool,
    Cond,
    Const,
    In,
    Meaning,
    Node,
    Not,
    Num,
    Or,
    Ref,
    Score,
    Truth,
    compare,
    walk,
)
from guidegraph.program import Input, Named, Program, Rule, Setting
from guidegraph.wire import values

INPUTS = (
    Input(name="marker", label="Marker", question="?", kind="series", unit="ug/L", scale=3),
    Input(name="count", label="Count", question="?", kind="series", unit="10*9/L", scale=0),
    Input(name="age", label="Age", question="?", kind="quantity", unit="a", scale=0),
    Input(name="weight", label="Weight", question="?", kind="quantity", unit="kg", scale=1),
    Input(name="in", label="Admitted", question="?", kind="boolean"),
    Input(name="bleeding", label="Bleeding", question="?", kind="boolean"),
    Input(name="state", label="State", question="?", kind="code", codes=("none", "a or b", "c")),
)
SETTINGS = (
    Setting(name="limit", label="Limit", kind="quantity", default=Fraction(2000), scale=3),
    Setting(name="test", label="Test", kind="code", default="x", codes=("x", "y")),
)
CONSTANTS = [Fraction(each) for each in ("0", "1", "7/3", "-2", "500", "1999.999", "65")]


def program(*criteria: Named, rules: tuple[Rule, ...] = (), **changes: Any) -> Program:
    """A program of these criteria and rules over the inputs and settings above."""
    fields: dict[str, Any] = {
        "guideline": "small",
        "version": "1.0",
        "anchor": "admission",
        "inputs": INPUTS,
        "settings": SETTINGS,
        "criteria": criteria,
        "rules": rules,
        "incompatible": (),
        "readings": {},
    }
    return Program(**{**fields, **changes})


def rule(name: str, guard: Bool, *unless: Ref) -> Rule:
    """A rule that says what should be done."""
    return Rule(name=name, label=name, guard=guard, unless=unless, modality="Should", norm="should")


def _numbers(tests: st.SearchStrategy[Bool]) -> st.SearchStrategy[Num]:
    ends = st.sampled_from([None, -720, 0, 721, 2880])
    functions = st.sampled_from(["first", "last", "max", "min", "count", "run"])
    series = st.sampled_from(["marker", "count"])
    atoms = st.one_of(
        st.sampled_from(CONSTANTS).map(Const),
        st.sampled_from(
            [NOW, Ref("input", "age"), Ref("input", "weight"), Ref("setting", "limit")]
        ),
        st.builds(Agg, functions, series, ends, ends),
    )
    factors = st.sampled_from([Fraction(each) for each in ("1", "-1", "2", "1/3", "0", "10")])
    sums = st.builds(
        Arith,
        st.lists(st.tuples(factors, atoms), max_size=3).map(tuple),
        st.sampled_from(CONSTANTS),
    )
    return st.one_of(atoms, sums, st.builds(Cond, tests, sums, atoms))


@cache
def _conditions(*named: Ref) -> st.SearchStrategy[Bool]:
    """Conditions over what has a name by now; kept, because making a strategy takes its time."""
    refs = st.sampled_from([Ref("input", "in"), Ref("input", "bleeding"), *named])
    memberships = st.one_of(
        st.builds(
            In,
            st.just(Ref("input", "state")),
            st.lists(st.sampled_from(["none", "a or b", "c"]), max_size=2, unique=True).map(tuple),
        ),
        st.just(In(Ref("setting", "test"), ("y",))),
    )
    operators = st.sampled_from(["<", "<=", ">", ">=", "=", "!="])

    def nest(inner: st.SearchStrategy[Bool]) -> st.SearchStrategy[Bool]:
        several = st.lists(inner, max_size=3).map(tuple)
        items = st.lists(st.tuples(inner, st.integers(1, 3)), max_size=3).map(tuple)
        return st.one_of(
            st.builds(compare, operators, _numbers(inner), _numbers(inner)),
            st.builds(Not, inner),
            st.builds(And, several),
            st.builds(Or, several),
            st.builds(Score, st.integers(0, 5), items),
            st.builds(Assume, inner, st.booleans(), st.just("the usual case")),
        )

    return st.recursive(st.one_of(refs, memberships), nest, max_leaves=8)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """A program of a few criteria and rules, each of which may use those before it."""
    known: list[Ref] = []
    criteria: list[Named] = []
    for number in range(draw(st.integers(1, 3))):
        condition = draw(_conditions(*known))
        criteria.append(Named(name=f"C-{number}", label=f"Criterion {number}", condition=condition))
        known.append(Ref("criterion", f"C-{number}"))
    rules: list[Rule] = []
    for number in range(draw(st.integers(1, 3))):
        unless = draw(st.lists(st.sampled_from(known), max_size=2, unique=True))
        rules.append(
            Rule(
                name=f"R-{number}",
                label=f"Rule {number}",
                guard=draw(_conditions(*known)),
                unless=tuple(unless),
                modality="Should",
                norm="should",
            )
        )
        known.append(Ref("rule", f"R-{number}"))
    return Program(
        guideline="random",
        version="1",
        anchor="admission",
        inputs=INPUTS,
        settings=SETTINGS,
        criteria=tuple(criteria),
        rules=tuple(rules),
        incompatible=(),
        readings={},
    )


def patients(
    program: Program, seed: int, count: int
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Facts and settings in wire form: values at the program's limits, beside them, or unknown."""
    chance = random.Random(seed)
    scales = {each.name: each.scale for each in program.inputs}
    marks = list(_marks(program)) or [Fraction(1)]
    minutes = sorted({0, *_minutes(program)})

    def number(scale: int) -> int:
        exact = chance.choice(marks) * 10**scale * chance.choice([1, 1, 1, 2])
        return round(exact) + chance.choice([-1, 0, 0, 1])

    def datum(each: Input) -> Any:
        if chance.random() < 0.2:
            return None
        match each.kind:
            case "boolean":
                return chance.random() < 0.5
            case "code":
                return chance.choice(each.codes)
            case "quantity":
                return number(scales[each.name])
            case _:
                taken = {chance.choice(minutes) + chance.choice([-1, 0, 1, 60]) for _ in range(4)}
                kept = sorted(chance.sample(sorted(taken), chance.randint(0, len(taken))))
                return [[minute, number(scales[each.name])] for minute in kept]

    for _ in range(count):
        facts = {each.name: datum(each) for each in program.inputs if chance.random() < 0.95}
        if chance.random() < 0.8:
            facts["now"] = chance.choice(minutes) + chance.choice([-1, 0, 1])
        yield facts, dict(_settings(program, chance))


def _settings(program: Program, chance: random.Random) -> Iterator[tuple[str, Any]]:
    for each in program.settings:
        if chance.random() < 0.5:
            continue
        if each.kind == "code":
            yield each.name, chance.choice(each.codes)
        elif each.low is not None and each.high is not None:
            ends = [each.low] * each.low_inclusive + [each.high] * each.high_inclusive
            value = chance.choice([*ends, (each.low + each.high) / 2])
            yield each.name, int(value * 10**each.scale)


def _nodes(program: Program) -> Iterator[Node]:
    for named in program.criteria:
        yield from walk(named.condition)
    for rule in program.rules:
        yield from walk(rule.guard)


def _marks(program: Program) -> Iterator[Fraction]:
    yield from (node.value for node in _nodes(program) if isinstance(node, Const))
    for setting in program.settings:
        for each in (setting.low, setting.high, setting.default):
            if isinstance(each, Fraction):
                yield each


def _minutes(program: Program) -> Iterator[int]:
    for node in _nodes(program):
        if isinstance(node, Agg):
            yield from (end for end in (node.low, node.high) if end is not None)


def meaning(program: Program, facts: Mapping[str, Any], settings: Mapping[str, Any]) -> Meaning:
    """The reference semantics for a patient in wire form; ``Ref("rule", ...)`` is effectiveness."""
    inputs, chosen = values(program, facts, settings)
    named: dict[Ref, Bool] = {Ref("criterion", c.name): c.condition for c in program.criteria}
    for rule in program.rules:
        effective = And((rule.guard, *(Not(each) for each in rule.unless)))
        named[Ref("rule", rule.name)] = effective
    return Meaning(inputs=inputs, settings=chosen, named=named)


STATUS: dict[tuple[Truth, Truth], str] = {
    (False, False): "notApplicable",
    (None, False): "notApplicable",
    (None, None): "undetermined",
    (True, True): "applies",
    (True, None): "provisional",
    (True, False): "defeated",
}


def statuses(program: Program, reference: Meaning) -> dict[str, str]:
    """The status of every rule by the table of the semantics."""
    return {
        each.name: STATUS[reference.truth(each.guard), reference.truth(Ref("rule", each.name))]
        for each in program.rules
    }
