"""The arithmetic of the audit: rounding, tests of significance, analysis of variance.

What is computed is held against published values and against scipy's own tests on raw data.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from guidegraph.audit import distributions, rounding, variance
from guidegraph.audit.correlations import p_of_correlation
from guidegraph.audit.fourfold import Fourfold, Side, possible_tables
from guidegraph.audit.intervals import p_of_interval
from guidegraph.audit.rounding import Interval, exactly
from guidegraph.audit.variance import Group

calm = settings(deadline=None)
"""The first call loads scipy, which takes longer than Hypothesis likes."""

decimals = st.integers(min_value=0, max_value=4)
numbers = st.decimals(
    min_value=-1000, max_value=1000, places=6, allow_nan=False, allow_infinity=False
)
intervals = st.tuples(
    st.fractions(min_value=0, max_value=100, max_denominator=1000),
    st.fractions(min_value=0, max_value=100, max_denominator=1000),
).map(lambda ends: Interval(min(ends), max(ends)))
counts = st.integers(min_value=0, max_value=60)


def printed(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def within(interval: Interval, share: float = 0.5) -> Fraction:
    return Fraction(interval.low) + (Fraction(interval.high) - Fraction(interval.low)) * Fraction(
        share
    )


# ---- rounding --------------------------------------------------------------------------------


@calm
@given(numbers, decimals)
def test_a_printed_number_stands_for_the_number_it_was_rounded_from(value, places):
    figure = printed(value, places)
    assert Fraction(value) in rounding.as_printed(figure, f"{figure:f}")


@calm
@given(numbers, decimals)
def test_a_printed_number_does_not_stand_for_one_that_is_further_off(value, places):
    figure = printed(value, places) + Decimal(2).scaleb(-places)
    assert Fraction(value) not in rounding.as_printed(figure, f"{figure:f}")


def test_the_decimals_are_those_of_the_text_not_those_of_the_stored_number():
    whole = rounding.as_printed(Decimal("281.0"), "281 (−320.9–882.9)")
    assert (whole.low, whole.high) == (Fraction("280.5"), Fraction("281.5"))
    precise = rounding.as_printed(Decimal("0.9"), "0.37 (0.15–0.90)")
    assert (precise.low, precise.high) == (Fraction("0.895"), Fraction("0.905"))


def test_a_limit_stands_for_everything_on_its_side():
    below = rounding.compared(Decimal("0.001"), "P<0.001", "LessThan")
    assert 1e-9 in below
    assert 0.002 not in below
    above = rounding.compared(Decimal("80"), ">80%", "GreaterThan")
    assert 99 in above
    assert 79 not in above


@calm
@given(intervals, intervals, st.floats(0, 1), st.floats(0, 1))
def test_what_is_computed_from_members_is_a_member(one, two, left, right):
    a, b = within(one, left), within(two, right)
    assert a + b in one + two
    assert a - b in one - two
    assert a * b in one * two
    if b:
        assert a / b in one / two


@calm
@given(intervals, intervals)
def test_intervals_meet_if_and_only_if_they_have_something_in_common(one, two):
    assert one.meets(two) == (one.common(two) is not None)
    assert one.meets(one.span(two))


@pytest.mark.parametrize(
    ("number", "words"),
    [(0.02857, "0.0286"), (97, "97"), (-4.14, "−4.14"), (0.5, "0.5"), (math.inf, "no limit")],
)
def test_numbers_are_shown_to_three_digits(number, words):
    assert rounding.shown(number) == words


def test_an_interval_shows_as_many_digits_as_tell_its_ends_apart():
    assert str(Interval(18.825, 18.835)) == "18.82 to 18.84"
    assert str(exactly(Fraction(57, 7))) == "8.143"


# ---- tests of significance ---------------------------------------------------------------------


def test_the_lady_tasting_tea():
    """Fisher, The Design of Experiments: three of four cups right on each side, 34 of 70 ways."""
    assert distributions.fisher(3, 1, 1, 3) == Fraction(34, 70)
    assert distributions.fisher(4, 0, 0, 4) == Fraction(2, 70)


@pytest.mark.parametrize(("statistic", "p"), [(3.841, 0.05), (6.635, 0.01), (10.828, 0.001)])
def test_chi_squared_as_tabulated(statistic, p):
    assert distributions.chi_squared_one(statistic) == pytest.approx(p, rel=2e-3)


@pytest.mark.parametrize(("freedom", "t"), [(8, 2.306), (9, 2.262), (22, 2.074), (31, 2.040)])
def test_t_as_tabulated(freedom, t):
    assert distributions.t_975(freedom) == pytest.approx(t, abs=5e-4)
    assert distributions.t_two_sided(t, freedom) == pytest.approx(0.05, abs=5e-4)


@pytest.mark.parametrize(
    ("between", "within", "f"), [(2, 12, 3.885), (3, 20, 3.098), (2, 60, 3.150)]
)
def test_f_as_tabulated(between, within, f):
    assert distributions.f_upper(f, between, within) == pytest.approx(0.05, abs=5e-5)


@calm
@given(counts, counts, counts, counts)
def test_two_by_two_tables_as_scipy_tests_them(a, b, c, d):
    from scipy.stats import chi2_contingency, fisher_exact

    assume(min(a + b, c + d, a + c, b + d) > 0)
    table = [[a, b], [c, d]]
    assert float(distributions.fisher(a, b, c, d)) == pytest.approx(
        fisher_exact(table).pvalue, rel=1e-6
    )
    for corrected in (True, False):
        expected = chi2_contingency(table, correction=corrected).pvalue
        assert distributions.chi_squared(a, b, c, d, corrected) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(("size", "r", "p"), [(10, "0.632", 0.05), (10, "0.765", 0.01)])
def test_correlations_as_tabulated(size, r, p):
    _, found = p_of_correlation(exactly(Fraction(r)), size)
    assert float(found.low) == pytest.approx(p, rel=0.01)


@calm
@given(st.fractions(0, 1), st.integers(4, 200))
def test_a_stronger_correlation_has_a_smaller_p_value(r, size):
    weaker = p_of_correlation(exactly(r / 2), size)[1]
    stronger = p_of_correlation(exactly(r), size)[1]
    both = p_of_correlation(Interval(r / 2, r), size)[1]
    assert stronger.low <= weaker.high
    assert both.low <= stronger.low
    assert both.high >= weaker.high


def test_a_ratio_with_its_interval_gives_its_p_value():
    """ln 0.5 over (ln 1 − ln 0.25) / 3.92 is 1.96: the interval ends at no effect, P is 0.05."""
    ends = (exactly(Fraction(1, 2)), exactly(Fraction(1, 4)), exactly(Fraction(1)))
    z, p = p_of_interval(*ends, ratio=True)
    assert float(z.low) == pytest.approx(1.96, abs=1e-3)
    assert float(p.low) == pytest.approx(0.05, abs=1e-4)


# ---- two by two tables that fit what is printed ------------------------------------------------


@calm
@given(st.integers(1, 40), st.integers(1, 40), st.data())
def test_the_true_table_is_among_the_possible_ones(first, second, data):
    one = data.draw(st.integers(0, first))
    two = data.draw(st.integers(0, second))
    shares = []
    for count, size in ((one, first), (two, second)):
        figure = printed(Decimal(count) * 100 / Decimal(size), 0)
        shares.append(rounding.as_printed(figure, str(figure)).scaled(Fraction(1, 100)))
    sides = [Side(share, None, None) for share in shares]
    found = set(possible_tables(*sides, first + second))
    assert Fourfold(one, first, two, second) in found
    for table in found:
        assert Fraction(table.one, table.first) in shares[0]
        assert Fraction(table.two, table.second) in shares[1]
        assert table.first + table.second == first + second


def test_odds_and_risk_ratio_of_a_table():
    """12 of 40 against 3 of 60: odds (12 × 57) / (28 × 3), risks 0.30 / 0.05."""
    table = Fourfold(12, 40, 3, 60)
    assert table.ratio("OddsRatio") == Fraction(12 * 57, 28 * 3)
    assert table.ratio("RiskRatio") == 6
    assert Fourfold(1, 2, 0, 5).ratio("OddsRatio") is None
    assert Fourfold(1, 2, 0, 5).interval("OddsRatio") is None


# ---- analysis of variance ----------------------------------------------------------------------

TEXTBOOK = ((6, 8, 4, 5, 3, 4), (8, 12, 9, 11, 6, 8), (13, 9, 11, 8, 7, 12))
"""Means 5, 9 and 10; sums of squares 84 between and 16 + 24 + 28 = 68 within; F = 42 / 4.533."""


def summary(values) -> tuple[int, float, float]:
    mean = sum(values) / len(values)
    squares = sum((each - mean) ** 2 for each in values)
    return len(values), mean, math.sqrt(squares / (len(values) - 1))


def exact_groups(samples) -> list[Group]:
    found = []
    for size, mean, deviation in map(summary, samples):
        found.append(Group(size, exactly(Fraction(mean)), exactly(deviation)))
    return found


def test_analysis_of_variance_of_a_textbook():
    computed = variance.analysis_of_variance(tuple(exact_groups(TEXTBOOK)))
    assert computed.squares_between == exactly(84)
    assert float(computed.squares_within.low) == pytest.approx(68)
    assert (computed.between, computed.within) == (2, 15)
    assert float(computed.statistic.low) == pytest.approx(42 / (68 / 15))
    assert float(computed.p.low) == pytest.approx(0.0024, abs=5e-5)


samples = st.lists(st.lists(st.integers(-50, 50), min_size=3, max_size=8), min_size=2, max_size=4)


@calm
@given(samples)
def test_summaries_give_what_the_raw_data_give(data):
    from scipy.stats import f_oneway, ttest_ind

    assume(all(len(set(each)) > 1 for each in data))
    assume(len({Fraction(sum(each), len(each)) for each in data}) > 1)
    computed = variance.analysis_of_variance(tuple(exact_groups(data)))
    assert float(computed.p.low) == pytest.approx(f_oneway(*data).pvalue, rel=1e-4, abs=1e-12)
    if len(data) == 2:
        sizes, means, deviations = zip(*map(summary, data), strict=True)
        expected = ttest_ind(*data, equal_var=False).pvalue
        assert variance.welch(sizes, means, deviations) == pytest.approx(expected, rel=1e-6)
        bounds = variance.welch_of_two(*exact_groups(data))
        assert float(bounds.low) <= expected * (1 + 1e-6)
        assert float(bounds.high) >= expected * (1 - 1e-6)


boxes = st.lists(
    st.tuples(st.integers(2, 40), intervals, intervals).map(lambda each: Group(*each)),
    min_size=2,
    max_size=4,
)


def squares(groups, means) -> Fraction:
    centre = sum(
        (each.size * mean for each, mean in zip(groups, means, strict=True)), Fraction(0)
    ) / sum(each.size for each in groups)
    return sum(
        (each.size * (mean - centre) ** 2 for each, mean in zip(groups, means, strict=True)),
        Fraction(0),
    )


@calm
@given(boxes, st.data())
def test_no_choice_of_means_leaves_the_computed_interval(groups, data):
    means = [within(each.mean, data.draw(st.floats(0, 1))) for each in groups]
    least, greatest = variance.least_between(groups), variance.greatest_between(groups)
    assert least <= squares(groups, means) <= greatest


@calm
@given(boxes)
def test_the_least_sum_of_squares_is_reached(groups):
    """The interval is no wider than it has to be: a search finds means with this little spread."""

    def nearest(centre: float) -> list[Fraction]:
        ends = ((each.mean.low, each.mean.high) for each in groups)
        return [Fraction(min(max(centre, low), high)) for low, high in ends]

    def spread(centre: float) -> float:
        means = zip(groups, nearest(centre), strict=True)
        return sum(each.size * (float(mean) - centre) ** 2 for each, mean in means)

    low, high = 0.0, 100.0
    for _ in range(100):
        third = (high - low) / 3
        if spread(low + third) <= spread(high - third):
            high -= third
        else:
            low += third
    found = squares(groups, nearest((low + high) / 2))
    assert float(found) == pytest.approx(float(variance.least_between(groups)), rel=1e-6, abs=1e-6)


@calm
@given(boxes)
def test_wider_figures_give_a_wider_p_value(groups):
    narrow = tuple(
        Group(each.size, exactly(within(each.mean)), exactly(within(each.deviation)))
        for each in groups
    )
    assume(all(float(each.deviation.low) > 0 for each in narrow))
    inner = variance.analysis_of_variance(narrow).p
    outer = variance.analysis_of_variance(tuple(groups)).p
    assert outer.low <= float(inner.low) * (1 + 1e-6) + 1e-12
    assert outer.high >= float(inner.high) * (1 - 1e-6) - 1e-12
