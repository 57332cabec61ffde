"""Tables in the browser: what their cells are compared by, without a page."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from guidegraph.agree import node
from guidegraph.site.build import THEME

CALLS = Path(__file__).parent / "tables_calls.mjs"


def ask(*calls: tuple[Any, ...]) -> list[Any]:
    """What the script says to some calls."""
    if missing := node.missing():
        pytest.skip(missing)
    done = subprocess.run(
        [shutil.which("node") or "node", str(CALLS)],
        input=json.dumps({"assets": str(THEME / "assets"), "calls": calls}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    assert isinstance(answers, list)
    return answers


def order(texts: list[str], falling: bool = False, language: str = "en") -> list[str]:
    (places,) = ask(("order", texts, falling, language))
    assert sorted(places) == list(range(len(texts)))
    return [texts[each] for each in places]


def test_the_first_number_of_a_printed_figure_is_read() -> None:
    printed = {
        "1,000–2,000 mg/L": 1000,
        "<1,000 mg/L": 1000,
        "≥ 2.5": 2.5,
        "12,345,678": 12345678,
        "40% vs 64%": 40,
        "−3 °C": -3,
        "-3": -3,
        "12 to 48 h": 12,
        "2\u202f000": 2000,
        "": None,
        "none": None,
        "a lot (3)": None,
    }
    assert ask(*(("number", each) for each in printed)) == list(printed.values())


def test_units_of_one_family_are_compared_by_what_they_mean() -> None:
    texts = ["2.4 mg/L", "840 µg/L", "1 g/L", "<500 ng/mL", "0.5 mg/L", "5 pg/mL"]
    assert order(texts) == [
        "5 pg/mL",
        "<500 ng/mL",
        "0.5 mg/L",
        "840 µg/L",
        "2.4 mg/L",
        "1 g/L",
    ]
    assert order(["2 d", "47 h", "1 week", "90 min"]) == ["90 min", "47 h", "2 d", "1 week"]


def test_other_units_stand_together() -> None:
    texts = ["5 %", "3 points", "4 %", "9 points", "10 %"]
    assert order(texts) == ["4 %", "5 %", "10 %", "3 points", "9 points"]
    assert order(["3 of 40", "21 of 30", "10 of 10"]) == ["3 of 40", "10 of 10", "21 of 30"]


def test_dates_and_years_are_in_time() -> None:
    assert order(["2024-05-06", "2020-12-31", "2020-04"]) == ["2020-04", "2020-12-31", "2024-05-06"]
    assert order(["2021", "1999"]) == ["1999", "2021"]


def test_words_are_in_the_order_of_the_language_and_their_numbers_count() -> None:
    assert order(["10: j", "9: i", "4b: b", "4a: a"]) == ["4a: a", "4b: b", "9: i", "10: j"]
    assert order(["Zebra", "épine", "eagle", "Äpfel"]) == ["Äpfel", "eagle", "épine", "Zebra"]
    assert order(["z", "ä"], language="sv") == ["z", "ä"]
    assert order(["z", "ä"], language="de") == ["ä", "z"]


def test_cells_that_say_nothing_are_last_both_ways_and_words_after_figures() -> None:
    texts = ["", "3", "–", "1", "none", "2", "4", "5", "6", "7"]
    assert order(texts) == ["1", "2", "3", "4", "5", "6", "7", "none", "", "–"]
    assert order(texts, falling=True) == ["7", "6", "5", "4", "3", "2", "1", "none", "", "–"]


def test_equal_rows_keep_their_places_both_ways() -> None:
    texts = ["b", "a", "B", "A", "b"]
    (up, down) = ask(("order", texts, False, "en"), ("order", texts, True, "en"))
    assert up == [1, 3, 0, 2, 4]
    assert down == [0, 2, 4, 1, 3]


def test_what_a_column_holds() -> None:
    asked = (
        (["1", "2", "x"], "text"),
        (["1", "2", "3", "none"], "figure"),
        (["2020-01-01", ""], "date"),
        (["2020-01-01", "soon"], "text"),
        (["", " – "], "text"),
        (["3: CT when PE is suspected", "4a: low"], "text"),
        (["25 hydroxy things that go on and on, and are a sentence, not a figure at all"], "text"),
    )
    assert ask(*(("form", texts) for texts, _ in asked)) == [form for _, form in asked]


def test_sorting_any_figures_agrees_with_the_numbers() -> None:
    chance = random.Random(7)
    numbers = [chance.randrange(1, 10**7) for _ in range(300)]
    texts = [f"{chance.choice(['', '<', '≥ ', '~'])}{each:,} µg/L" for each in numbers]
    (places,) = ask(("order", texts, False, "en"))
    assert [numbers[each] for each in places] == sorted(numbers)


def test_a_filter_takes_words_in_any_order_without_accents_and_numbers_as_typed() -> None:
    row = "First D-dimer Naïve 2,000 µg/L"
    asked = {
        "ddimer": False,
        "d-dimer FIRST": True,
        "naive": True,
        "2000": True,
        "2,000": True,
        "2.000": True,
        "ug/l": True,
        "3000": False,
        "": True,
        "  ": True,
    }
    assert ask(*(("has", row, each) for each in asked)) == list(asked.values())
