"""What the shipped and the example guideline lower to."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from guidegraph.entity import Quantity, QuantityRange
from guidegraph.kernel import Agg, Cmp, Const, Not, Ref
from guidegraph.lift import lift
from guidegraph.lower import (
    GuidelineScope,
    UnknownReadingError,
    choose,
    lower,
)
from guidegraph.model import Observable
from guidegraph.program import CircleError, sort_by_need
from guidegraph.read import read
from guidegraph.scaffold import new


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lower") / "example-marker"
    new(folder)
    guideline, findings = lift(read(folder))
    assert guideline is not None
    assert not findings
    return guideline


def hours(low, high, low_inclusive=True, high_inclusive=True):
    return QuantityRange(
        low=None if low is None else Decimal(low),
        high=None if high is None else Decimal(high),
        unit="h",
        low_inclusive=low_inclusive,
        high_inclusive=high_inclusive,
    )


@pytest.mark.parametrize(
    ("stretch", "minutes"),
    [
        (hours("24", "48"), (1440, 2880)),
        (hours("24", "48", False, False), (1441, 2879)),
        (hours("12", None, False), (721, None)),
        (hours(None, "-1"), (None, -60)),
        (hours("0.01", "0.99"), (1, 59)),
        (hours("-0.01", "-0.01"), (0, -1)),
    ],
)
def test_a_window_becomes_a_closed_interval_of_whole_minutes(stretch, minutes):
    assert stretch.closed_minutes == minutes


def condition(program, name):
    return next(each.condition for each in program.criteria if each.name == name)


def test_a_comparison_is_in_canonical_units(example):
    first = Agg("first", "example-marker", -720, 720)
    assert condition(lower(example), "CRIT-low") == Cmp("<", first, Const(Fraction(50)))


@pytest.mark.parametrize(
    ("value", "unit", "observable", "selector", "expected"),
    [
        ("0.93", "1", "oxygen-saturation-at-rest", None, Fraction(93)),
        ("93", "%", "oxygen-saturation-at-rest", None, Fraction(93)),
        ("0.5", "mg/L", "d-dimer", "Highest", Fraction(500)),
        ("2", "1", "d-dimer", "Count", Fraction(2)),
        ("2", "1", "oxygen-saturation-at-rest", "RisingRun", Fraction(2)),
    ],
)
def test_a_pure_number_is_converted_unless_it_counts_samples(
    guideline, value, unit, observable, selector, expected
):
    scope = GuidelineScope(guideline, choose(guideline, {}))
    quantity = Quantity(value=Decimal(value), unit=unit)
    assert scope.amount(quantity, observable, selector) == expected


@pytest.mark.parametrize(
    ("low", "low_inclusive", "high", "high_inclusive", "expected"),
    [
        ("10", True, "200", True, (Fraction(10), Fraction(200))),
        ("10", False, "200", False, (Fraction(10001, 1000), Fraction(199999, 1000))),
        ("10.0005", False, "200.0005", False, (Fraction(10001, 1000), Fraction(200))),
    ],
)
def test_an_excluded_end_of_what_is_plausible_moves_by_one_step(
    guideline, low, low_inclusive, high, high_inclusive, expected
):
    plausible = QuantityRange(
        low=Decimal(low),
        high=Decimal(high),
        unit="ug/L",
        low_inclusive=low_inclusive,
        high_inclusive=high_inclusive,
    )
    marker = replace(guideline.one("d-dimer", Observable), plausible_range=plausible)
    changed = replace(guideline, entities={**guideline.entities, "d-dimer": marker})
    found = next(each for each in lower(changed).inputs if each.name == "d-dimer")
    assert (found.low, found.high) == expected


def test_a_site_parameter_stays_open(example):
    program = lower(example)
    high = condition(program, "CRIT-high-from-limit")
    assert isinstance(high, Cmp)
    assert high.right == Ref("setting", "marker-high")
    (setting,) = program.settings
    assert (setting.default, setting.low, setting.high) == (1000, 1000, 2000)


def test_a_reading_chooses_the_meaning(example):
    default = condition(lower(example), "CRIT-high")
    other = condition(lower(example, {"IP-high": "above-limit"}), "CRIT-high")
    assert default == Ref("criterion", "CRIT-high-from-limit")
    assert other == Ref("criterion", "CRIT-high-above-limit")


def test_a_reading_may_be_named_by_its_local_name(example):
    assert choose(example, {"IP-high": "READ-above-limit"}) == {"IP-high": "READ-above-limit"}


@pytest.mark.parametrize("readings", [{"IP-hihg": "from-limit"}, {"IP-high": "from-limti"}])
def test_an_unknown_reading_is_refused_with_what_is_known(example, readings):
    with pytest.raises(UnknownReadingError) as refused:
        lower(example, readings)
    assert refused.value.known


def test_criteria_stand_after_what_they_need(example):
    seen = set()
    for each in lower(example).criteria:
        stack = [each.condition]
        while stack:
            node = stack.pop()
            if isinstance(node, Ref) and node.kind == "criterion":
                assert node.name in seen
            stack += getattr(node, "operands", ())
            stack += [node.operand] if isinstance(node, Not) else []
        seen.add(each.name)


def test_an_exception_is_an_unless(example):
    rule = next(each for each in lower(example).rules if each.name == "REC-2")
    assert rule.unless == (Ref("criterion", "CRIT-treatment-refused"),)
    assert rule.norm == "may"


def test_a_circle_is_named():
    with pytest.raises(CircleError, match="a → b → a"):
        sort_by_need(["a", "b"], lambda name: {"a": ["b"], "b": ["a"]}[name])


def test_all_72_combinations_of_readings_lower(guideline):
    from itertools import product

    from guidegraph.model import InterpretationPoint

    points = guideline.all(InterpretationPoint)
    combinations = list(product(*(point.readings for point in points)))
    assert len(combinations) == 72
    programs = {
        tuple(each.condition for each in lower(guideline, choice).criteria)
        for choice in (
            {point.id: reading for point, reading in zip(points, chosen, strict=True)}
            for chosen in combinations
        )
    }
    assert len(programs) == 72
