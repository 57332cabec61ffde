"""Numbers, figures and words of a guideline that cannot be used are told, whatever they are."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from guidegraph.check.printed import numbers
from guidegraph.pipeline import load
from guidegraph.scaffold import new


@pytest.fixture
def told(tmp_path):
    """Change one text in one file of the small guideline; the codes that are found."""

    def change(file: str, old: str, by: str) -> list[str]:
        folder: Path = tmp_path / "example-marker"
        new(folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, by, 1), encoding="utf-8")
        return [each.code for each in load(folder).findings]

    return change


@pytest.mark.parametrize(
    "value",
    [
        '"1e999999999"^^<http://www.w3.org/2001/XMLSchema#decimal>',
        '"Infinity"^^<http://www.w3.org/2001/XMLSchema#decimal>',
        '"NaN"^^<http://www.w3.org/2001/XMLSchema#decimal>',
        "9" * 5000,
    ],
)
def test_a_number_that_nobody_can_calculate_with_is_a_finding(told, value):
    assert "F105" in told("thresholds.ttl", "gg:value 50.0", f"gg:value {value}")


@pytest.mark.parametrize("places", ["-1", "1000000"])
def test_impossible_decimal_places_are_a_finding(told, places):
    codes = told("observables.ttl", "gg:decimalPlaces 0", f"gg:decimalPlaces {places}")
    assert codes == ["U110"]


def test_a_range_in_a_unit_of_another_kind_is_told_wherever_it_is_used(told):
    unit = "gg:canonicalUnit {}"
    codes = told("observables.ttl", unit.format("u:ug-per-L"), unit.format("u:hour"))
    assert set(codes) == {"U102"}


@pytest.mark.parametrize(
    ("value", "code"), [("24.0 ; gg:unit u:mg-per-L", "U108"), ("-24.0 ; gg:unit u:hour", "U105")]
)
def test_how_long_an_answer_holds_is_a_time(told, value, code):
    assert told("observables.ttl", "gg:value 24.0 ; gg:unit u:hour", f"gg:value {value}") == [code]


def test_a_name_in_place_of_a_text_is_a_finding(told):
    codes = told(
        "guideline.ttl",
        'gg:rationale "The report says \\"on admission\\" without hours. '
        "Twelve hours is the authors' choice.\"@en",
        "gg:rationale d:EX",
    )
    assert codes == ["F105"]


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("<50 µg/L", "50"),
        ("1,000-2,000", "2000"),
        ("0,5 mg/L", "1/2"),
        ("1.5", "3/2"),
        ("≥1.000", "1000"),
    ],
)
def test_printed_numbers_are_found_in_every_way_of_writing(printed, number):
    assert Fraction(number) in numbers(printed)


def test_words_hold_no_number():
    assert not numbers("two consecutive days")
