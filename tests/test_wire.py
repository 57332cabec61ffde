"""Core form: comparisons of whole numbers that no target can get wrong."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pathway_example as example
import random_programs
from guidegraph.check.exactness import check_exactness
from guidegraph.criteria import JudgementCriterion
from guidegraph.kernel import NOW, Agg, Arith, Cmp, Const, Ref, holds, walk
from guidegraph.program import Input, Named, Program
from guidegraph.wire import EXACT_LIMIT, wire

AGE, WEIGHT = Ref("input", "age"), Ref("input", "weight")


def program(*conditions: Cmp, inputs: tuple[Input, ...] = random_programs.INPUTS) -> Program:
    return Program(
        guideline="small",
        version="1",
        inputs=inputs,
        settings=random_programs.SETTINGS,
        criteria=tuple(
            Named(name=f"C{number}", label=f"Criterion {number}", condition=each)
            for number, each in enumerate(conditions)
        ),
        rules=(),
        incompatible=(),
        readings={},
        anchor="admission",
    )


def ranged(scale: int, high: Fraction | None) -> tuple[Input, ...]:
    age = Input(
        name="age",
        label="Age",
        question="?",
        kind="quantity",
        scale=scale,
        low=Fraction(0),
        high=high,
    )
    return (age,)


FORM = wire(program())


def test_a_limit_becomes_a_count_of_the_finest_step() -> None:
    line = FORM.linear(Cmp("<", Agg("first", "marker"), Const(Fraction(1000))))
    assert line.terms == ((1, Agg("first", "marker")),)
    assert line.constant == -1_000_000
    assert line.op == "<"


def test_fractions_are_cleared_and_common_factors_removed() -> None:
    third = Arith(((Fraction(1, 3), AGE), (Fraction(10), WEIGHT)), Fraction(2))
    line = FORM.linear(Cmp(">=", third, Const(Fraction(0))))
    assert line.terms == ((1, AGE), (3, WEIGHT))
    assert line.constant == 6


def test_a_datum_that_cancels_out_keeps_its_place() -> None:
    line = FORM.linear(Cmp("<=", AGE, AGE))
    assert line.terms == ((0, AGE),)
    assert line.constant == 0


def test_counts_and_times_have_no_decimal_places() -> None:
    line = FORM.linear(Cmp(">", NOW, Arith(((Fraction(1), Agg("count", "marker")),))))
    assert line.terms == ((1, NOW), (-1, Agg("count", "marker")))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(random_programs.programs(), st.integers(0, 2**32))
def test_core_form_means_what_the_comparison_means(program: Program, seed: int) -> None:
    chance = random.Random(seed)
    form = wire(program)
    for named in program.criteria:
        for node in walk(named.condition):
            if isinstance(node, Cmp):
                line = form.linear(node)
                known = {datum: chance.randint(-5000, 5000) for _, datum in line.terms}
                total = sum(c * known[datum] for c, datum in line.terms) + line.constant
                exact = {d: Fraction(v, 10 ** form.scale(d)) for d, v in known.items()}
                sides = (_valued(side, exact) for side in (node.left, node.right))
                assert holds(line.op, Fraction(total), Fraction(0)) is holds(node.op, *sides)


def _valued(number: object, known: dict[Ref | Agg, Fraction]) -> Fraction:
    match number:
        case Const(value):
            return value
        case Ref() | Agg():
            return known[number]
        case Arith(terms, constant):
            return constant + sum(factor * _valued(part, known) for factor, part in terms)
    raise AssertionError(number)


@pytest.mark.parametrize(("high", "finds"), [(EXACT_LIMIT - 2, 0), (EXACT_LIMIT - 1, 1)])
def test_the_largest_sum_must_stay_below_the_exact_limit(high: int, finds: int) -> None:
    large = program(Cmp("<", AGE, Const(Fraction(1))), inputs=ranged(0, Fraction(high)))
    found = list(check_exactness(example.guideline(), large))
    assert [each.code for each in found] == ["U109"] * finds


def test_decimal_places_count_towards_the_limit() -> None:
    fine = program(Cmp("<", AGE, Const(Fraction(1))), inputs=ranged(14, Fraction(100)))
    (finding,) = check_exactness(example.guideline(), fine)
    assert "10,100,000,000,000,000 steps" in str(finding.why)


def test_a_datum_without_a_range_is_named() -> None:
    criterion = example.make(JudgementCriterion, "C0", "Old", observable=Ref("input", "age"))
    open_ended = program(Cmp("<", AGE, Const(Fraction(1))), inputs=ranged(0, None))
    (finding,) = check_exactness(example.guideline(criterion), open_ended)
    assert finding.subject == "C0"
    assert finding.at == criterion.at
    assert "“Old”" in finding.message
    assert "`age`" in str(finding.help)


def test_times_and_counts_need_no_range() -> None:
    timed = program(
        Cmp(">", NOW, Const(Fraction(2880))), Cmp("=", Agg("run", "marker"), Const(Fraction(3)))
    )
    assert not list(check_exactness(example.guideline(), timed))


def test_settings_count_with_their_permitted_range() -> None:
    above = program(Cmp(">", AGE, Ref("setting", "limit")), inputs=ranged(0, Fraction(125)))
    (finding,) = check_exactness(example.guideline(), above)
    assert "`limit`" in str(finding.why)
    limit = replace(random_programs.SETTINGS[0], low=Fraction(1), high=Fraction(9))
    assert not list(check_exactness(example.guideline(), replace(above, settings=(limit,))))
