"""Means with intervals in the audit: what the intervals are, and whether P follows from them."""

from __future__ import annotations

import math
import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence_example import Evidence, codes, outcomes, report, rounded
from guidegraph.audit.means import audit_means
from guidegraph.audit.readings import READINGS, Row, cell_of
from guidegraph.audit.reported import by_claim
from guidegraph.entity import Code, Ref

calm = settings(deadline=None, max_examples=60)

ARMS = {"mild": 32, "moderate": 23, "severe": 9}
T = {32: 2.0395, 23: 2.0739, 9: 2.3060}
"""97.5 % quantiles of the t distribution with n − 1 degrees of freedom, as tabulated."""


def means_of(*rows, **sizes):
    """Rows of three means with intervals and a printed P value, in one table."""
    evidence = Evidence()
    evidence.study(64, **(sizes or ARMS))
    evidence.table("TAB")
    for number, (cells, p) in enumerate(rows):
        names = [
            evidence.mean(arm, *cell, row=str(number))
            for arm, cell in zip(ARMS, cells, strict=True)
        ]
        test = evidence.result(
            f"P{number}",
            "ComparisonTest",
            p,
            p_value=p,
            arms=tuple(ARMS),
            method=Code("OneWayAnova"),
        )
        evidence.claim(f"C{number}", [*names, test], table=Ref("TAB"))
    return report(audit_means(evidence.guideline))


def row_of(means, deviations, half_width, places: int = 2):
    """The cells of a row as a paper prints them, and the P value of the unrounded numbers."""
    from scipy.stats import f

    sizes = list(ARMS.values())
    centre = sum(n * m for n, m in zip(sizes, means, strict=True)) / sum(sizes)
    between = sum(n * (m - centre) ** 2 for n, m in zip(sizes, means, strict=True)) / 2
    within = sum((n - 1) * s**2 for n, s in zip(sizes, deviations, strict=True)) / (sum(sizes) - 3)
    cells = []
    for size, mean, deviation in zip(sizes, means, deviations, strict=True):
        half = half_width(size, deviation)
        cells.append(tuple(rounded(each, places) for each in (mean, mean - half, mean + half)))
    return cells, rounded(float(f.sf(between / within, 2, sum(sizes) - 3)), 4)


def confidence(size: int, deviation: float) -> float:
    return T[size] * deviation / math.sqrt(size)


HALF_WIDTHS = {
    "a 95 % confidence interval of the mean (t distribution)": confidence,
    "the mean ± one standard deviation": lambda _, deviation: deviation,
    "the mean ± one standard error": lambda size, deviation: deviation / math.sqrt(size),
}


def rows_of(half_width, number: int = 12):
    chance = random.Random(20)
    for _ in range(number):
        means = [100 + chance.gauss(0, 6) for _ in ARMS]
        yield row_of(means, [chance.uniform(8, 14) for _ in ARMS], half_width)


@pytest.mark.parametrize("reading", HALF_WIDTHS)
def test_the_reading_by_which_a_table_was_made_is_inferred_and_its_rows_are_consistent(reading):
    found = means_of(*rows_of(HALF_WIDTHS[reading]))
    assert codes(found) == []
    assert outcomes(found, "P value") == ["consistent"] * 12
    (inference,) = found.inferences
    votes = dict(inference.votes)
    assert votes[reading] == inference.cast == 12
    assert all(count < 12 for name, count in votes.items() if name != reading)
    assert reading in inference.text
    assert "conclusion of the audit" in inference.text


def test_a_wrong_p_value_in_a_table_is_found_and_the_others_are_left_alone():
    rows = list(rows_of(confidence))
    rows[4] = (rows[4][0], "0.0007")
    found = means_of(*rows)
    assert codes(found) == ["A210"]
    assert found.findings[0].diagnostic.subject == "P4"
    assert outcomes(found, "P value").count("consistent") == 11


def test_a_misprinted_end_of_an_interval_is_found():
    rows = list(rows_of(confidence))
    mean, low, high = rows[3][0][1]
    rows[3][0][1] = (mean, low, rounded(Decimal(high) + Decimal("0.08"), 2))
    found = means_of(*rows)
    assert codes(found) == ["A202"]
    assert found.findings[0].diagnostic.subject == "mean-3moderate"


def test_a_mean_with_fewer_decimals_than_its_interval_is_not_taken_for_a_misprint():
    evidence = Evidence()
    evidence.study(64, **ARMS)
    evidence.claim("C", [evidence.mean("mild", "0.04", "0.029", "0.045", "ConfidenceInterval95")])
    found = report(audit_means(evidence.guideline))
    assert (outcomes(found), codes(found)) == (["consistent"], [])


def test_nothing_is_concluded_from_two_rows():
    found = means_of(*rows_of(confidence, 2))
    assert (outcomes(found), found.inferences, codes(found)) == (["not checkable"] * 2, (), [])


def test_a_table_that_no_reading_reproduces():
    found = means_of(*((cells, "0.9999") for cells, _ in rows_of(confidence, 5)))
    assert codes(found) == ["A211"]
    assert set(outcomes(found)) == {"not checkable"}


def test_a_range_says_nothing_about_the_spread():
    evidence = Evidence()
    evidence.study(64, **ARMS)
    names = [evidence.mean(arm, "54", "33", "73", "LowestToHighest") for arm in ARMS]
    names.append(evidence.result("P", "ComparisonTest", "0.07", p_value="0.07", arms=tuple(ARMS)))
    evidence.claim("C", names)
    found = report(audit_means(evidence.guideline))
    assert (outcomes(found), codes(found)) == (["not checkable"], [])


def test_a_few_missing_values_turn_a_doubt_into_a_note():
    """56 ± 16 among 40 and 50 ± 1 among 60 give P = 0.356; with 56 instead of 60, 0.373."""
    evidence = Evidence()
    evidence.study(100, high=40, other=60)
    names = [
        evidence.mean("high", "56.00", "40.00", "72.00", "ConfidenceInterval95"),
        evidence.mean("other", "50.00", "49.00", "51.00", "ConfidenceInterval95"),
    ]
    method = Code("OneWayAnova")
    names.append(evidence.result("P", "ComparisonTest", "0.373", p_value="0.373", method=method))
    evidence.claim("C", names)
    found = report(audit_means(evidence.guideline))
    assert codes(found) == ["A212"]
    assert "n = 40, 56" in found.findings[0].arithmetic[-1]


@calm
@given(
    st.lists(st.integers(-5000, 5000), min_size=3, max_size=3),
    st.lists(st.integers(300, 3000), min_size=3, max_size=3),
    st.integers(0, 2),
)
def test_a_row_printed_with_any_rounding_holds_the_true_p_value(means, deviations, places):
    cells, p = row_of(
        [each / 100 for each in means], [each / 100 for each in deviations], confidence, places
    )
    evidence = Evidence()
    evidence.study(64, **ARMS)
    names = [
        evidence.mean(arm, *cell, kind="ConfidenceInterval95")
        for arm, cell in zip(ARMS, cells, strict=True)
    ]
    names.append(evidence.result("P", "ComparisonTest", p, p_value=p, arms=tuple(ARMS)))
    evidence.claim("C", names)
    found = report(audit_means(evidence.guideline))
    assert outcomes(found, "P value") == ["consistent"]
    assert codes(found) == []


def test_a_p_value_with_nothing_to_check_it_against_is_counted_as_such():
    evidence = Evidence()
    evidence.study(64, **ARMS)
    evidence.claim("C", [evidence.result("P", "ComparisonTest", "p = 0.0002", p_value="0.0002")])
    assert outcomes(report(audit_means(evidence.guideline))) == ["not checkable"]


def test_numbers_that_would_be_printed_like_a_table_of_the_shipped_guideline_stay_inside(guideline):
    """Means and intervals are drawn that round to the printed ones; none gives another P value."""
    from scipy.stats import f, t

    chance = random.Random(4)
    drawn = 0
    for results in by_claim(guideline).values():
        cells = [cell for each in results if each.kind == "Mean" and (cell := cell_of(each))]
        tests = [each for each in results if each.kind == "ComparisonTest" and each.p is not None]
        if len(cells) < 2 or len(tests) != 1 or not all(each.is_symmetric for each in cells):
            continue
        computed = Row(tests[0], tests[0].p, tuple(cells)).comparison(READINGS[0]).p
        sizes = [cell.size for cell in cells]
        for _ in range(20):
            means, deviations = [], []
            while len(means) < len(cells):
                cell = cells[len(means)]
                low, high = (
                    chance.uniform(float(end.low), float(end.high)) for end in (cell.low, cell.high)
                )
                if (low + high) / 2 in cell.mean:
                    error = (high - low) / 2 / t.ppf(0.975, cell.size - 1)
                    means.append((low + high) / 2)
                    deviations.append(error * math.sqrt(cell.size))
            freedom = sum(sizes) - len(sizes)
            centre = sum(n * m for n, m in zip(sizes, means, strict=True)) / sum(sizes)
            between = sum(n * (m - centre) ** 2 for n, m in zip(sizes, means, strict=True))
            within = sum((n - 1) * s**2 for n, s in zip(sizes, deviations, strict=True)) / freedom
            p = f.sf(between / (len(sizes) - 1) / within, len(sizes) - 1, freedom)
            assert computed.low <= p <= computed.high
            drawn += 1
    assert drawn > 0
