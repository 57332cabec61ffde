"""Numbers, units, amounts and times in words: exact, and the same everywhere."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from guidegraph.wording import (
    amount,
    duration,
    moment,
    one_decimal,
    plain,
    plural,
    readable,
    span,
    stretch,
    unit_label,
)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("1000", "1,000"),
        ("1000.0", "1,000"),
        ("1E+3", "1,000"),
        ("0.50", "0.5"),
        ("-4.14", "−4.14"),
        ("-0.0", "0"),
        ("0.0001", "0.0001"),
        ("12345678.9", "12,345,678.9"),
    ],
)
def test_readable_numbers_are_exact_and_have_no_trailing_zeros(value: str, written: str) -> None:
    assert readable(Decimal(value)) == written


def test_a_number_without_an_end_stays_a_fraction() -> None:
    assert plain(Fraction(-1000, 3)) == "-1000/3"
    assert readable(Fraction(-1000, 3)) == "−1,000/3"


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("ug/L", "µg/L"),
        ("umol/L", "µmol/L"),
        ("U/L", "U/L"),
        ("u[IU]/mL", "µIU/mL"),
        ("mm[Hg]", "mmHg"),
        ("10*9/L", "× 10⁹/L"),
        ("10*3/uL", "× 10³/µL"),
        ("kg/m2", "kg/m²"),
        ("mL/min/{1.73_m2}", "mL/min/1.73 m²"),
        ("a", "years"),
        ("1", ""),
        (None, ""),
    ],
)
def test_units_are_written_as_people_write_them(code: str | None, label: str) -> None:
    assert unit_label(code) == label


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (Decimal("1000.0"), "ug/L", "1,000 µg/L"),
        (Decimal("93.0"), "%", "93%"),
        (120, "/min", "120/min"),
        (4, "1", "4"),
        (4, None, "4"),
        (70, "a", "70 years"),
        (1, "a", "1 year"),
        (1, "h", "1 h"),
    ],
)
def test_an_amount_is_a_number_with_its_unit(
    value: Decimal | int, unit: str | None, words: str
) -> None:
    assert amount(value, unit) == words


def test_an_end_outside_its_range_says_so() -> None:
    assert span(2000, 4000, "ug/L", True, True) == "2,000 to 4,000 µg/L"
    assert span(2000, 4000, "ug/L", False, False) == (
        "2,000 (not included) to 4,000 µg/L (not included)"
    )
    assert span(12, None, "h", False, True) == "from 12 (not included) h"
    assert span(None, 48, "h", True, True) == "up to 48 h"
    assert span(None, None, "h", True, True) == "not limited"


def test_counts_have_their_noun() -> None:
    assert plural(1, "case") == "1 case"
    assert plural(1200, "case") == "1,200 cases"
    assert plural(2, "entry", "entries") == "2 entries"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Fraction(840), "840"),
        (Fraction("2.4"), "2.4"),
        (Fraction("0.0005"), "0.0005"),
        (Fraction("-0.25"), "-0.25"),
        (Fraction(7, 3), "7/3"),
        (Fraction(10**15 + 1, 1000), "1000000000000.001"),
    ],
)
def test_plain_numbers_are_exact_and_have_no_commas(value: Fraction, words: str) -> None:
    assert plain(value) == words


@pytest.mark.parametrize(
    ("value", "words"), [(Fraction(1, 3), "0.3"), (Fraction(5, 4), "1.3"), (Fraction(2), "2.0")]
)
def test_averages_are_rounded_half_up(value: Fraction, words: str) -> None:
    assert one_decimal(value) == words


def test_times_are_worded_from_the_anchor() -> None:
    assert [duration(each) for each in (5, 60, 721)] == ["5 min", "1 h", "12 h 1 min"]
    assert moment(0, "admission") == "at admission"
    assert moment(-90, "admission") == "1 h 30 min before admission"
    assert stretch(-720, 720, "admission") == "from 12 h before to 12 h after admission"
    assert stretch(721, None, "admission") == "from 12 h 1 min after admission"
    assert stretch(1440, 2880, "admission") == "from 24 h to 48 h after admission"
    assert stretch(-2880, -1440, "admission") == "from 48 h to 24 h before admission"
    assert stretch(0, 60, "admission") == "from admission to 1 h after it"
    assert stretch(-60, 0, "admission") == "from 1 h before admission up to it"
    assert stretch(None, 60, "admission") == "until 1 h after admission"
    assert stretch(0, None, "admission") == "from admission"
    assert stretch(None, None, "admission") == ""
