"""Deciding about many patients at once gives what the reference gives for each of them."""

from __future__ import annotations

import importlib.util
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import random_programs
from guidegraph.agree.reference import Reference
from guidegraph.batch import Coded, Decisions, Series, Written, blocks, decide_many
from guidegraph.errors import GuidelineError
from guidegraph.kernel import Const, In, Ref, compare
from guidegraph.lower import lower
from guidegraph.model import Guideline
from guidegraph.probe import patients
from guidegraph.program import Input, Program
from guidegraph.readings import all_readings
from guidegraph.wording import plain
from random_programs import program, rule
from refused_columns import AGE, WEIGHT, table

ENGINES = [
    "numpy",
    pytest.param(
        "numba",
        marks=[
            pytest.mark.slow,
            pytest.mark.skipif(
                importlib.util.find_spec("numba") is None, reason="numba is not installed"
            ),
        ],
    ),
]
Person = Mapping[str, Any]


def columns(source: Program, people: Iterable[Person]) -> dict[str, Any]:
    """Patients in wire form as columns."""
    facts = [each["facts"] for each in people]
    found: dict[str, Any] = {"now": whole([each.get("now") for each in facts])}
    for declared in source.inputs:
        held = [each.get(declared.name) for each in facts]
        match declared.kind:
            case "boolean":
                found[declared.name] = np.array([2 if e is None else int(e) for e in held], "int8")
            case "code":
                found[declared.name] = np.array(held, dtype=object)
            case "series":
                samples = [each for series in held for each in series or ()]
                found[declared.name] = Series(
                    offsets=np.cumsum([0, *(len(each or ()) for each in held)]),
                    minutes=np.array([minute for minute, _ in samples], dtype=np.int64),
                    values=np.array([value for _, value in samples], dtype=np.int64),
                    missing=[each is None for each in held],
                )
            case _:
                found[declared.name] = whole(held)
    return found


def whole(held: list[int | None]) -> Any:
    """Whole numbers, some of them missing."""
    gone = [each is None for each in held]
    return np.ma.array([each or 0 for each in held], mask=gone, dtype=np.int64)


def sites(people: Iterable[Person]) -> Iterable[tuple[dict[str, Any], list[Person]]]:
    """The patients of each choice of settings."""
    found: dict[str, tuple[dict[str, Any], list[Person]]] = defaultdict(lambda: ({}, []))
    for each in people:
        found[repr(each["settings"])][0].update(each["settings"])
        found[repr(each["settings"])][1].append(each)
    return found.values()


def assert_same(source: Program, people: Iterable[Person], engine: Any) -> None:
    """Every status of every patient is that of the reference."""
    reference = Reference(source)
    declared = {each.name: each for each in source.settings}
    for chosen, group in sites(people):
        told = {
            name: value
            if isinstance(value, str)
            else f"{plain(Fraction(value, 10 ** declared[name].scale))} {declared[name].unit or 1}"
            for name, value in chosen.items()
        }
        found = decide_many(source, columns(source, group), settings=told, engine=engine)
        words = {name: found.words(name) for name in found.recommendations}
        for place, person in enumerate(group):
            expected = reference.statuses(person)
            assert {name: str(each[place]) for name, each in words.items()} == expected
        assert found.statuses(len(group) - 1) == expected
        for name, each in words.items():
            assert found.counts(name) == {s: list(each).count(s) for s in found.counts(name)}


# --- the same as the reference ------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_the_shipped_guideline_in_several_readings(guideline: Guideline, engine: str) -> None:
    choices = all_readings(guideline).choices
    for choice in (choices[0], choices[-1], choices[len(choices) // 2]):
        source = lower(guideline, choice)
        assert_same(source, list(patients(source, 11, 250)), engine)


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=25, deadline=None)
@given(source=random_programs.programs(), seed=st.integers(0, 1000))
def test_random_programs(source: Program, seed: int, engine: str) -> None:
    made = random_programs.patients(source, seed, 70)
    people = [{"facts": facts, "settings": chosen} for facts, chosen in made]
    assert_same(source, people, engine)


def test_blocks_meet_without_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK", 64)
    ages = np.arange(0, 300) % 120
    found = decide_many(old(), {"age": ages})
    assert (found.effective("OLD") == (ages >= 65)).all()


def test_no_patients_are_no_fault() -> None:
    found = decide_many(table(), {"age": np.array([], dtype=np.int64)})
    assert found.patients == 0
    assert found.counts("R")["applies"] == 0


# --- exact numbers ------------------------------------------------------------------------------


def old() -> Program:
    """A rule at a limit of 65 years, another at 60.1 kg."""
    rules = (
        rule("OLD", compare(">=", Ref("input", "age"), Const(Fraction(65)))),
        rule("LIGHT", compare("<", Ref("input", "weight"), Const(Fraction(601, 10)))),
    )
    return program(rules=rules, inputs=(AGE, WEIGHT))


def light(weights: Any, **written: Any) -> list[str]:
    stated = {"weight": Written(**{"unit": "kg", **written})}
    return [str(e) for e in decide_many(old(), {"weight": weights}, written=stated).words("LIGHT")]


@pytest.mark.parametrize(
    "weights",
    [
        ["60.0", "60.1", "60.2"],
        [Decimal("60.0"), Decimal("60.1"), Decimal("60.20")],
        np.array(["60", "60.1", "60.2"]),
    ],
)
def test_decimals_are_compared_exactly_at_the_limit(weights: Any) -> None:
    assert light(weights) == ["applies", "notApplicable", "notApplicable"]


def test_another_unit_is_converted_exactly() -> None:
    assert light(np.array([60_000, 60_100]), unit="g") == ["applies", "notApplicable"]


def test_what_is_finer_than_declared_is_unknown_and_told() -> None:
    found = decide_many(
        old(), {"weight": np.array([60_001, 60_000])}, written={"weight": Written(unit="g")}
    )
    assert [str(each) for each in found.words("LIGHT")] == ["undetermined", "applies"]
    assert [each.code for each in found.findings] == ["M108"]


def test_doubles_stand_for_the_decimals_they_were_printed_as() -> None:
    weights = np.array([60.0, 60.1, 60.2, np.nan])
    expected = ["applies", "notApplicable", "notApplicable", "undetermined"]
    assert light(weights, decimals=1) == expected


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1), st.integers(0, 5))
def test_every_printed_decimal_comes_back_from_its_double(numbers: list[int], places: int) -> None:
    from guidegraph.batch.exact import from_array

    doubles = np.array([float(Decimal(each).scaleb(-places)) for each in numbers])
    assert from_array("x", doubles, None, places).values.tolist() == numbers


@pytest.mark.parametrize("value", [60.12, 0.1 + 0.2, np.inf, 1e300])
def test_a_double_that_is_no_such_decimal_is_refused_with_its_row(value: float) -> None:
    with pytest.raises(GuidelineError, match="row 2"):
        light(np.array([60.1, value]), decimals=1)


def test_an_implausible_number_is_unknown_and_told() -> None:
    found = decide_many(old(), {"age": np.array([64, 65, 500, 121, 120])})
    assert found.effective("OLD").tolist() == [0, 1, 2, 2, 1]
    (finding,) = found.findings
    assert (finding.code, finding.at and finding.at.line) == ("M107", 3)
    assert "2 rows" in finding.message


@pytest.mark.parametrize("number", [2**62 + 1, -(2**63)])
def test_a_number_beyond_every_exact_sum_is_refused(number: int) -> None:
    with pytest.raises(GuidelineError, match="M105"):
        decide_many(old(), {"weight": np.array([700, number])})


def unaligned(numbers: list[int]) -> Any:
    """Whole numbers of 64 bits that begin at an odd address."""
    packed = np.zeros(8 * len(numbers) + 1, dtype=np.uint8)
    found = packed[1:].view(np.int64)
    found[:] = numbers
    return found


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "made",
    [
        lambda numbers: np.array(numbers, dtype=np.int8),
        lambda numbers: np.array(numbers, dtype=np.uint8),
        lambda numbers: np.array(numbers, dtype=">i2"),
        lambda numbers: np.array(numbers, dtype=np.int32),
        lambda numbers: np.array(numbers, dtype=">i8"),
        lambda numbers: np.repeat(np.array(numbers, dtype=np.int64), 3)[::3],
        unaligned,
    ],
)
def test_whole_numbers_of_every_width_and_form(made: Any, engine: Any) -> None:
    ages = [64, 65, 121, 0, 120] * 30
    found = decide_many(old(), {"age": made(ages), "weight": made(ages)}, engine=engine)
    assert found.effective("OLD").tolist() == [0, 1, 2, 0, 1] * 30
    assert found.effective("LIGHT").tolist() == [1] * 150


# --- three values -------------------------------------------------------------------------------


def test_an_input_without_a_column_is_unknown_of_everybody() -> None:
    found = decide_many(old(), {"age": np.array([70, 40])})
    assert found.absent == ("weight",)
    assert found.counts("LIGHT")["undetermined"] == 2


@pytest.mark.parametrize(
    "answers",
    [
        np.array([0, 1, 2], dtype=np.int8),
        np.array([0, 1, 2], dtype=np.int64),
        np.array([False, True, None], dtype=object),
        np.ma.array([False, True, True], mask=[False, False, True]),
    ],
)
def test_answers_are_no_yes_or_unknown(answers: Any) -> None:
    source = program(rules=(rule("IN", Ref("input", "in")),))
    assert decide_many(source, {"in": answers}).guard("IN").tolist() == [0, 1, 2]


@pytest.mark.parametrize("kind", [np.int8, np.int32])
def test_another_number_is_no_answer(kind: type) -> None:
    source = program(rules=(rule("IN", Ref("input", "in")),))
    with pytest.raises(GuidelineError, match="row 3"):
        decide_many(source, {"in": np.array([0, 1, 3], dtype=kind)})


def test_codes_in_another_order_mean_the_same() -> None:
    found = statuses_of_state(Coded(places=[0, 1, -1], codes=["c", "none"]))
    assert found == statuses_of_state(np.array(["c", "none", None], dtype=object))


def statuses_of_state(column: Any) -> list[int]:
    source = program(rules=(rule("C", In(Ref("input", "state"), ("c",))),))
    return decide_many(source, {"state": column}).guard("C").tolist()


@pytest.mark.parametrize("place", [-(2**31), -(2**15), -256])
def test_every_negative_place_is_unknown(place: int) -> None:
    declared = Input(name="state", label="s", question="?", kind="code", codes=("c", "d"))
    source = program(rules=(rule("C", In(Ref("input", "state"), ("c",))),), inputs=(declared,))
    column = Coded(places=np.array([0, place], dtype=np.int32), codes=["c", "d"])
    assert decide_many(source, {"state": column}).guard("C").tolist() == [1, 2]


@pytest.mark.parametrize("places", [[0.0, 1.0], [None, 0]])
def test_places_that_are_no_integers_are_refused(places: Any) -> None:
    with pytest.raises(GuidelineError, match="M103"):
        statuses_of_state(Coded(places=places, codes=["c", "none"]))


def test_one_long_number_does_not_blame_the_others() -> None:
    with pytest.raises(GuidelineError, match="row 2: 17 decimal places"):
        light(["60.0", "0.30000000000000004", "200"])


def test_a_single_value_is_no_column() -> None:
    with pytest.raises(GuidelineError, match="M102"):
        light(60)


def test_an_empty_list_is_an_empty_column() -> None:
    assert light([]) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_more_codes_than_a_byte_counts(engine: Any) -> None:
    codes = tuple(f"c{place}" for place in range(300))
    declared = Input(name="state", label="state", question="Which?", kind="code", codes=codes)
    asked = In(Ref("input", "state"), ("c1", "c130", "c299"))
    source = program(rules=(rule("C", asked),), inputs=(declared,))
    places = np.array([0, 1, 129, 130, 257, 299, -1] * 20)
    found = decide_many(source, {"state": Coded(places=places, codes=codes)}, engine=engine)
    assert found.guard("C").tolist() == [0, 1, 0, 1, 0, 1, 2] * 20


# --- series -------------------------------------------------------------------------------------


def first_samples(series: Series) -> Decisions:
    from guidegraph.kernel import Agg

    guard = compare(">", Agg("first", "marker"), Const(Fraction(500)))
    return decide_many(program(rules=(rule("HIGH", guard),)), {"marker": series})


def test_minutes_are_whole_or_refused() -> None:
    whole = Series(offsets=[0, 2], minutes=["60", "2.0"], values=[0, 600_000])
    assert first_samples(whole).guard("HIGH").tolist() == [1]
    with pytest.raises(GuidelineError, match="M104"):
        first_samples(Series(offsets=[0, 1], minutes=["1.5"], values=[600_000]))


def test_rows_of_patients_are_integers() -> None:
    with pytest.raises(ValueError, match="integers"):
        Series.of_rows([0.5], [1], [1], 1)


def test_rows_of_a_long_table_come_in_any_order() -> None:
    series = Series.of_rows([1, 0, 1], [90, 5, 10], np.array([400_000, 600_000, 700_000]), 3)
    assert first_samples(series).guard("HIGH").tolist() == [1, 1, 2]


def test_unordered_samples_are_put_in_order_and_equal_ones_are_one() -> None:
    series = Series(
        offsets=[0, 3], minutes=[90, 10, 10], values=np.array([400_000, 700_000, 700_000])
    )
    assert first_samples(series).guard("HIGH").tolist() == [1]


def test_two_values_for_one_minute_make_the_series_unknown() -> None:
    series = Series(offsets=[0, 2, 3], minutes=[10, 10, 5], values=np.array([7, 8, 900_000]))
    found = first_samples(series)
    assert found.guard("HIGH").tolist() == [2, 1]
    assert [each.code for each in found.findings] == ["M109"]


@pytest.mark.parametrize("offsets", [[0, 1, 4], [0, 3, 2], [1, 2, 3], [0.0, 1.0, 3.0]])
def test_offsets_that_do_not_fit_are_refused(offsets: list[float]) -> None:
    series = Series(offsets=offsets, minutes=[1, 2, 3], values=np.array([1, 2, 3]))
    with pytest.raises(GuidelineError, match="M102"):
        first_samples(series)


# --- Arrow --------------------------------------------------------------------------------------


def test_arrow_columns_mean_the_same_as_arrays() -> None:
    pa = pytest.importorskip("pyarrow")
    sample = pa.list_(pa.struct([("minute", pa.int64()), ("value", pa.int64())]))
    arrow = pa.table(
        {
            "age": pa.array([71, None, 40, 90]),
            "d-dimer": pa.array(
                [[{"minute": 10, "value": 840_000}], [], None, [{"minute": 1, "value": 10_000}]],
                sample,
            ),
            "weight": pa.array([600, 600, 600, None]),
            "state": pa.array(["c", "c", "none", "c"]).dictionary_encode(),
            "in": pa.array([True, True, None, False]),
        }
    )
    found = decide_many(table(), arrow)
    assert found.guard("R").tolist() == [1, 2, 0, 0]
    assert found.to_arrow().column("R").to_pylist() == [str(each) for each in found.words("R")]


def test_an_arrow_decimal_is_exact() -> None:
    pa = pytest.importorskip("pyarrow")
    weights = pa.array([Decimal("60.0"), Decimal("60.1"), None], pa.decimal128(6, 1))
    assert light(weights) == ["applies", "notApplicable", "undetermined"]
