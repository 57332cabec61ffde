"""Printed figures: read exactly as they stand, and nothing that is no figure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guidegraph.figures import decimals_of, numbers, read

PRINTED = {
    "≥500 mg/L": [("number", "≥", "500", "500", 0, "mg/L")],
    "1,000-2,000 µg/L": [("range", None, "1000", "2000", 0, "µg/L")],
    ">2,000-4,000 mg/L": [("range", ">", "2000", "4000", 0, "mg/L")],
    "≥10 000–100 000 ng/mL": [("range", "≥", "10000", "100000", 0, "ng/mL")],
    "1\N{THIN SPACE}234 and 5\N{NARROW NO-BREAK SPACE}678": [
        ("number", None, "1234", "1234", 0, None),
        ("number", None, "5678", "5678", 0, None),
    ],
    "15 of 21 (71%)": [
        ("fraction", None, "15", "21", 0, None),
        ("percent", None, "71", "71", 0, "%"),
    ],
    "117 (68%) of 172": [
        ("fraction", None, "117", "172", 0, None),
        ("percent", None, "68", "68", 0, "%"),
    ],
    "six (15%) of 41": [
        ("fraction", None, "6", "41", 0, None),
        ("percent", None, "15", "15", 0, "%"),
    ],
    "two out of the 14": [("fraction", None, "2", "14", 0, None)],
    "6/41": [("fraction", None, "6", "41", 0, None)],
    "22% of 449": [
        ("percent", None, "22", "22", 0, "%"),
        ("number", None, "449", "449", 0, None),
    ],
    "P<0.001": [("p", "<", "0.001", "0.001", 3, None)],
    "P=0.42": [("p", "=", "0.42", "0.42", 2, None)],
    "p < 0.0001": [("p", "<", "0.0001", "0.0001", 4, None)],
    "P=.03": [("p", "=", "0.03", "0.03", 2, None)],
    "n = 32": [("n", "=", "32", "32", 0, None)],
    ">0·5 ug/mL": [("number", ">", "0.5", "0.5", 1, "ug/mL")],
    "0,5 mg": [("number", None, "0.5", "0.5", 1, "mg")],
    "22.79 (−4.14–49.72)": [
        ("number", None, "22.79", "22.79", 2, None),
        ("range", None, "-4.14", "49.72", 2, None),
    ],
    "−28 to −3": [("range", None, "-28", "-3", 0, None)],
    "(–0.5 to 0.5)": [("range", None, "-0.5", "0.5", 1, None)],
    "12.5 (2–3)": [
        ("number", None, "12.5", "12.5", 1, None),
        ("range", None, "2", "3", 0, None),
    ],
    "M15/F17": [
        ("number", None, "15", "15", 0, None),
        ("number", None, "17", "17", 0, None),
    ],
    "10-fold": [("number", None, "10", "10", 0, "fold")],
    "twofold": [("number", None, "2", "2", 0, "fold")],
    "more than 3 mm": [("number", ">", "3", "3", 0, "mm")],
    "above 1 µg/mL": [("number", ">", "1", "1", 0, "µg/mL")],
    "no more than 5 days": [("number", "≤", "5", "5", 0, "days")],
    "7 days or longer": [("number", "≥", "7", "7", 0, "days")],
    "<7 pg/mL": [("number", "<", "7", "7", 0, "pg/mL")],
    "≥30/min": [("number", "≥", "30", "30", 0, "/min")],
    "(1.1–3.2) * 109/L": [("range", None, "1.1", "3.2", 1, "10*9/L")],
    "4.6 × 10⁹/L": [("number", None, "4.6", "4.6", 1, "10*9/L")],
    "between 1,000 and 2,000 µg/L": [("range", None, "1000", "2000", 0, "µg/L")],
    "20%–30%": [("range", None, "20", "30", 0, "%")],
    "sixty-four patients": [("number", None, "64", "64", 0, None)],
    "OR, 0.37 [95% CI, 0.15-0.90]": [
        ("number", None, "0.37", "0.37", 2, None),
        ("percent", None, "95", "95", 0, "%"),
        ("range", None, "0.15", "0.90", 2, None),
    ],
    # without any white space, as after normalisation
    "morethan3mm": [("number", ">", "3", "3", 0, "mm")],
    "above1µg/mL,": [("number", ">", "1", "1", 0, "µg/mL")],
    "between1,000and2,000µg/L": [("range", None, "1000", "2000", 0, "µg/L")],
    "onlysix(15%)of41patients": [
        ("fraction", None, "6", "41", 0, None),
        ("percent", None, "15", "15", 0, "%"),
    ],
}


@pytest.mark.parametrize("text", PRINTED)
def test_figures_are_read_as_printed(text):
    read_as = [
        (each.kind, each.comparator, each.low, each.high, each.decimals, each.unit)
        for each in read(text)
    ]
    assert read_as == [
        (kind, comparator, Fraction(low), Fraction(high), decimals, unit)
        for kind, comparator, low, high, decimals, unit in PRINTED[text]
    ]


@pytest.mark.parametrize(
    "text",
    [
        "COVID-19 and IL-6",
        "IL6andACE2inSARSCoV2",
        "linked to a poor prognosis.48 Similarly",
        "in SARS,20 others",
        "R version 3.6.2",
        "often attenuated",
        "one of the alternatives",
        "0.150.90",
        "1,0002,000µg/L",
    ],
)
def test_names_references_and_what_is_run_together_are_no_figures(text):
    assert read(text) == ()


def test_what_a_mark_belongs_to_is_settled_by_what_stands_around_it():
    assert [each.low for each in read("5 –3")] != [each.low for each in read("5 (–3)")]
    assert read("1990s")[0].unit is None
    assert read("12.5 s")[0].unit == "s"


amounts = st.fractions(min_value=0, max_value=10**6, max_denominator=1).map(int)
decimals = st.decimals(
    min_value=0, max_value=10**6, places=2, allow_nan=False, allow_infinity=False
)


@given(st.text(max_size=60))
@example("−−3–")
@example("0" * 50)
def test_any_text_can_be_read_and_every_figure_is_where_it_says(text):
    figures = read(text)
    for each in figures:
        assert each.text == text[each.start : each.end]
        assert 0 <= each.start < each.end <= len(text)
    assert [each.start for each in figures] == sorted(each.start for each in figures)


@given(decimals, st.sampled_from(["", ",", " ", "\N{NARROW NO-BREAK SPACE}"]))
def test_separators_never_change_a_value(value, separator):
    printed = f"{value:,.2f}".replace(",", separator)
    (figure,) = read(f"a mean of {printed} mg/L was found")
    assert (figure.low, figure.high, figure.decimals) == (Fraction(value), Fraction(value), 2)
    assert figure.unit == "mg/L"
    assert Fraction(value) in numbers(printed)


@given(decimals, decimals, st.booleans(), st.sampled_from(["–", "-", " to ", " – "]))
def test_a_range_keeps_both_ends_and_their_signs(low, high, negative, separator):
    printed = f"({'−' if negative and low else ''}{low}{separator}{high})"
    (figure,) = read(printed)
    sign = -1 if negative else 1
    assert figure.kind == "range"
    assert (figure.low, figure.high) == (sign * Fraction(low), Fraction(high))


@given(amounts, amounts, st.sampled_from(["{} of {}", "{} (9%) of {}", "{} out of the {}"]))
def test_a_share_as_counted_keeps_count_and_total(count, total, form):
    figure = read(form.format(count, total))[0]
    assert (figure.kind, figure.low, figure.high) == ("fraction", count, total)


def test_decimals_are_those_that_are_printed():
    assert decimals_of(Decimal("0.5"), "P=0.50 in 0.5") == 2
    assert decimals_of(Decimal("281.0"), "281 (−320.9–882.9)") == 0
    assert decimals_of(Decimal("-320.9"), "281 (−320.9–882.9)") == 1
    assert decimals_of(Decimal("281.0"), "not there") == 0
    assert decimals_of(Decimal("0.250"), "not there") == 2


def test_numbers_are_all_that_a_text_may_hold():
    assert numbers("1,000 or 0.5") == {Fraction(1000), Fraction(1), Fraction(5), Fraction("0.5")}
    assert Fraction(10000) in numbers("10 000–100 000 ng/mL")
    assert numbers("two or more") == frozenset()
