"""A formula means exactly what it says: calculated, in words, and where it is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forms_example as forms
from guidegraph.formula import (
    FormulaError,
    Meant,
    meaning,
    names,
    parse,
    picked,
    said,
    value,
    worked,
)
from guidegraph.kernel import (
    Agg,
    Arith,
    Cmp,
    Cond,
    Const,
    Meaning,
    Num,
    Ref,
    Value,
    compare,
    holds,
)
from guidegraph.wording import amount

AGE_ADJUSTED = "if \"age\" > 50 'a' then \"age\" * 10 'ug/L/a' else 500 'ug/L'"
KNOWN = {
    "age": Meant("number", "a quantity", "a"),
    "marker": Meant("series", "a series", "ug/L"),
    "limit": Meant("setting", "a site parameter", "mg/L"),
    "pregnant": Meant("criterion", "a criterion"),
    "ward": Meant("window", "a time window", window=(0, 1440)),
    "ill": Meant("other", "not a number"),
}


class Names:
    """What the formulas of these tests may name."""

    def meant(self, name: str) -> Meant | None:
        return KNOWN.get(name)

    def numbers(self) -> Iterable[str]:
        return ("age", "marker", "limit")


def number(text: str, unit: str = "ug/L") -> Num:
    return meaning(parse(text), Names(), unit)


def for_patient(**known: Value) -> Meaning:
    """What is known of a patient: age in years, marker as one value, limit in mg/L."""
    marker = known.get("marker")
    series: Value = ((0, marker),) if isinstance(marker, Fraction) else None
    truth = known.get("pregnant")
    inputs: dict[str, Value] = {"age": known.get("age"), "marker": series, "pregnant": truth}
    named = {Ref("criterion", "pregnant"): Ref("input", "pregnant")}
    return Meaning(inputs, {"limit": known.get("limit", Fraction(1, 2))}, named)


# --- what it means ------------------------------------------------------------------------------


def test_the_age_adjusted_limit_lowers_to_a_choice_in_the_units_of_its_data() -> None:
    assert number(AGE_ADJUSTED) == Cond(
        Cmp(">", Ref("input", "age"), Const(Fraction(50))),
        Arith(((Fraction(10), Ref("input", "age")),)),
        Const(Fraction(500)),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", Const(Fraction(7))),
        ("(1 + 2) * 3", Const(Fraction(9))),
        ("7 - 2 - 1", Const(Fraction(4))),
        ("8 / 2 / 2", Const(Fraction(2))),
        ("--3 - -1", Const(Fraction(4))),
        ("50 'a' / 5 'a'", Const(Fraction(10))),
        ("0.1 + 0.2", Const(Fraction(3, 10))),
    ],
)
def test_signs_bind_as_in_arithmetic_and_nothing_is_rounded(text: str, expected: Num) -> None:
    assert number(text, "1") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"limit"', Arith(((Fraction(1000), Ref("setting", "limit")),))),
        ("\"limit\" * 2 + 1 'mg/L'", Arith(((Fraction(2000), Ref("setting", "limit")),), 1000)),
        ('First("marker")', Agg("first", "marker")),
        ('Lowest("marker", "ward")', Agg("min", "marker", 0, 1440)),
        ('Latest("marker") - Latest("marker")', Arith(((Fraction(0), Agg("last", "marker")),))),
        ('0 * Highest("marker")', Arith(((Fraction(0), Agg("max", "marker")),))),
    ],
)
def test_data_keep_their_place_even_where_they_cancel(text: str, expected: Num) -> None:
    assert number(text) == expected


def test_a_whole_result_stays_whole_in_another_unit() -> None:
    assert number("1 'ug/L'", "mg/L") == Const(Fraction(1, 1000))


def test_the_names_of_a_formula_are_those_in_double_quotes() -> None:
    text = 'if "pregnant" or "age" > 3 \'a\' then First("marker", "ward") else "limit"'
    assert names(parse(text)) == ("pregnant", "age", "marker", "ward", "limit")


# --- against an independent calculation ---------------------------------------------------------

Env = Mapping[str, Value]


@dataclass(frozen=True)
class Piece:
    """A piece of a formula as text, and what it comes to, calculated independently."""

    text: str
    of: Callable[[Env], object]


def fixed(unit: str, per: Fraction) -> st.SearchStrategy[Piece]:
    """A number in a unit of which ``per`` make one of the unit calculated in."""

    def piece(tenths: int) -> Piece:
        shown = f"{tenths // 10}.{tenths % 10}"
        exact = Fraction(tenths, 10) * per
        return Piece(f"{shown} '{unit}'", lambda env: exact)

    return st.integers(0, 9999).map(piece)


def named(text: str, name: str, per: Fraction = Fraction(1)) -> Piece:
    def of(env: Env) -> Fraction | None:
        held = env[name]
        return held * per if isinstance(held, Fraction) else None

    return Piece(text, of)


def both(sign: str, left: Piece, right: Piece) -> Piece:
    def of(env: Env) -> Fraction | None:
        one, other = left.of(env), right.of(env)
        if one is None or other is None:
            return None
        return one + other if sign == "+" else one - other  # type: ignore[operator]

    return Piece(f"({left.text} {sign} {right.text})", of)


def times(factor: int, part: Piece, before: bool) -> Piece:
    text = f"{factor} * {part.text}" if before else f"{part.text} * {factor}"

    def of(env: Env) -> Fraction | None:
        held = part.of(env)
        return None if held is None else factor * held  # type: ignore[operator]

    return Piece(f"({text})", of)


def divided(part: Piece, divisor: int) -> Piece:
    def of(env: Env) -> Fraction | None:
        held = part.of(env)
        return None if held is None else held / divisor  # type: ignore[operator]

    return Piece(f"({part.text} / {divisor})", of)


def by_age(rate: int, part: Piece) -> Piece:
    """An amount per year of something in years."""

    def of(env: Env) -> Fraction | None:
        held = part.of(env)
        return None if held is None else rate * held  # type: ignore[operator]

    return Piece(f"({part.text} * {rate} 'ug/L/a')", of)


def chosen(test: Piece, then: Piece, otherwise: Piece) -> Piece:
    def of(env: Env) -> Fraction | None:
        known = test.of(env)
        one, other = then.of(env), otherwise.of(env)
        if known is None:
            return one if one == other else None  # type: ignore[return-value]
        return one if known else other  # type: ignore[return-value]

    return Piece(f"(if {test.text} then {then.text} else {otherwise.text})", of)


def compared(sign: str, left: Piece, right: Piece) -> Piece:
    def of(env: Env) -> bool | None:
        return holds(sign, left.of(env), right.of(env))  # type: ignore[arg-type]

    return Piece(f"{left.text} {sign} {right.text}", of)


def joined(sign: str, left: Piece, right: Piece) -> Piece:
    decisive = sign == "or"

    def of(env: Env) -> bool | None:
        one, other = left.of(env), right.of(env)
        if decisive in (one, other):
            return decisive
        return None if None in (one, other) else not decisive

    return Piece(f"({left.text} {sign} {right.text})", of)


def negated(part: Piece) -> Piece:
    def of(env: Env) -> bool | None:
        held = part.of(env)
        return None if held is None else not held

    return Piece(f"not ({part.text})", of)


SIGNS = st.sampled_from(["+", "-"])
COMPARISONS = st.sampled_from(["<", "<=", ">", ">=", "=", "!="])
times_of_life = st.one_of(
    st.just(named('"age"', "age")),
    fixed("a", Fraction(1)),
    fixed("mo", Fraction(1, 12)),
    fixed("d", Fraction(4, 1461)),
)
ages = st.recursive(
    times_of_life,
    lambda inner: st.one_of(
        st.builds(both, SIGNS, inner, inner),
        st.builds(times, st.integers(-3, 9), inner, st.booleans()),
    ),
    max_leaves=3,
)
plain_amounts = st.one_of(
    st.just(named('Latest("marker")', "marker")),
    st.just(named('"limit"', "limit", Fraction(1000))),
    fixed("ug/L", Fraction(1)),
    fixed("mg/L", Fraction(1000)),
    st.builds(by_age, st.integers(0, 30), ages),
)
sums = st.recursive(
    plain_amounts,
    lambda inner: st.one_of(
        st.builds(both, SIGNS, inner, inner),
        st.builds(times, st.integers(-3, 9), inner, st.booleans()),
        st.builds(divided, inner, st.integers(1, 7)),
    ),
    max_leaves=4,
)
tests = st.recursive(
    st.one_of(
        st.builds(compared, COMPARISONS, ages, ages),
        st.builds(compared, COMPARISONS, sums, sums),
        st.just(Piece('"pregnant"', lambda env: env["pregnant"])),
    ),
    lambda inner: st.one_of(
        st.builds(joined, st.sampled_from(["and", "or"]), inner, inner), st.builds(negated, inner)
    ),
    max_leaves=3,
)
choices = st.one_of(sums, st.builds(chosen, tests, sums, sums))
formulas = st.one_of(
    choices, st.builds(chosen, tests, choices, choices), st.builds(both, SIGNS, choices, choices)
)
amounts = st.one_of(st.none(), st.integers(0, 200_000).map(lambda n: Fraction(n, 100)))
environments = st.fixed_dictionaries(
    {
        "age": st.one_of(st.none(), st.integers(0, 120).map(Fraction)),
        "marker": amounts,
        "limit": st.integers(1, 5000).map(lambda n: Fraction(n, 1000)),
        "pregnant": st.one_of(st.none(), st.booleans()),
    }
)


@settings(max_examples=300, deadline=None)
@given(formulas, environments)
def test_a_formula_comes_to_what_an_independent_calculation_gives(piece: Piece, env: Env) -> None:
    try:
        found = number(piece.text)
    except FormulaError as error:
        assert "more than" in str(error)
        return
    assert value(found, for_patient(**env)) == piece.of(env)


@settings(max_examples=150, deadline=None)
@given(formulas, environments, amounts)
def test_comparing_with_a_formula_is_comparing_with_its_value(
    piece: Piece, env: Env, measured: Fraction | None
) -> None:
    try:
        found = number(piece.text)
    except FormulaError:
        return
    expected = holds(">=", measured, piece.of(env))  # type: ignore[arg-type]
    left: Num = Agg("first", "marker") if measured is None else Const(measured)
    known = {**env, "marker": None} if measured is None else env
    told = for_patient(**known).truth(compare(">=", left, found))
    if expected is not None and measured is not None:
        assert told is expected
    if None not in env.values() and measured is not None:
        assert told is not None


# --- where it is wrong --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "piece"),
    [
        ("", "L110", ""),
        ("1 +", "L110", ""),
        ("1 'ug/L' 2", "L110", "2"),
        ("0,5 'mg/L'", "L110", "0,5"),
        ("1,000", "L110", "1,000"),
        ('Frist("marker")', "L110", "Frist"),
        ("age", "L110", "age"),
        ("“age”", "L110", "“"),
        ("2 × 3", "L110", "×"),
        ('"age', "L110", '"'),
        ("(1 'ug/L'", "L110", ""),
        ("if then", "L110", "then"),
        ("if \"pregnant\" then 1 'ug/L'", "L110", ""),
        ("1 < 2 < 3", "L110", "<"),
        ("3 'ugg/L'", "U101", "3 'ugg/L'"),
        ("\"aeg\" + 1 'a'", "L112", '"aeg"'),
        ('"marker"', "L112", '"marker"'),
        ('"pregnant"', "L112", '"pregnant"'),
        ('"ward"', "L112", '"ward"'),
        ('First("age")', "L112", '"age"'),
        ('First("marker", "age")', "L112", '"age"'),
        ("if \"ill\" then 1 'ug/L' else 2 'ug/L'", "L112", '"ill"'),
        ("if 3 then 1 'ug/L' else 2 'ug/L'", "L112", "3"),
        ("\"age\" > 50 'a'", "L112", "\"age\" > 50 'a'"),
        ("not 1", "L112", "not 1"),
        ('"age" * "age"', "L111", '"age" * "age"'),
        ('2 * ("limit" * Highest("marker"))', "L111", '("limit" * Highest("marker"))'),
        ("1 'ug/L' / \"age\"", "L111", "1 'ug/L' / \"age\""),
        ("1 'ug/L' / 0", "L113", "0"),
        ("1 'ug/L' / (3 - 2 - 1)", "L113", "(3 - 2 - 1)"),
        ("5 'a'", "U114", "5 'a'"),
        ("\"age\" * 10 'ug/L'", "U114", "\"age\" * 10 'ug/L'"),
        ("1 'a' + 1 'ug/L'", "U114", "1 'a' + 1 'ug/L'"),
        ("if \"age\" > 50 then 1 'ug/L' else 2 'ug/L'", "U114", '"age" > 50'),
        ("if \"pregnant\" then 1 'ug/L' else 2 'a'", "U114", None),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, code: str, piece: str | None) -> None:
    with pytest.raises(FormulaError) as told:
        number(text)
    error = told.value
    assert error.code == code
    assert text[error.start : error.end] == (text if piece is None else piece)
    assert error.why


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100 + "1" + ")" * 100,
        "-" * 300 + "1",
        "not " * 150 + '"pregnant"',
        "1" + " + 1" * 5000,
        'if "pregnant" then 1 else ' * 7 + "1",
        '"' * 999,
        "((((((((((((((((((((((((((((((",
    ],
)
def test_what_is_too_large_is_refused_and_never_crashes(text: str) -> None:
    with pytest.raises(FormulaError):
        number(text, "1")


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.sampled_from("if then else and or not \"age\" 'a' 10 + - * / ( ) <= ,"), max_size=60)
)
def test_no_text_does_anything_but_mean_something_or_be_refused(text: str) -> None:
    try:
        number(text)
    except FormulaError as error:
        assert 0 <= error.start <= error.end <= len(text)


# --- in words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (AGE_ADJUSTED, "Age × 10 µg/L/a if Age > 50 years, otherwise 500 µg/L"),
        ("2 * (\"limit\" - 1 'ug/L')", "2 × (Limit − 1 µg/L)"),
        ("7 - (2 - 1)", "7 − (2 − 1)"),
        ('Highest("marker", "ward") / 2', "highest Marker (Ward) / 2"),
        ('(if not "pregnant" then 1 else -2) + 1', "(1 if not Pregnant, otherwise −2) + 1"),
    ],
)
def test_a_formula_reads_as_arithmetic(text: str, expected: str) -> None:
    assert said(parse(text), lambda each: picked(each, str.capitalize)) == expected


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (71, "= age 71 years × 10 µg/L/a, as age 71 years > 50 years"),
        (50, "as age 50 years ≤ 50 years"),
        (None, "= age ? × 10 µg/L/a if age ? > 50 years, otherwise 500 µg/L"),
    ],
)
def test_the_working_shows_the_outcome_taken_and_why(age: int | None, expected: str) -> None:
    known = None if age is None else Fraction(age)
    shown = "?" if known is None else amount(known, "a")
    told = worked(parse(AGE_ADJUSTED), lambda each: f"age {shown}", Names(), for_patient(age=known))
    assert told == expected


# --- from end to end ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "marker", "status"),
    [
        ("71", "709.999", "notApplicable"),
        ("71", "710", "applies"),
        ("51", "509.999", "notApplicable"),
        ("51", "510", "applies"),
        ("50", "499.999", "notApplicable"),
        ("50", "500", "applies"),
    ],
)
def test_the_age_adjusted_limit_decides_at_its_boundary(age: str, marker: str, status: str) -> None:
    decided = forms.decision(
        age={"value": age, "unit": "a"}, example_marker=forms.marker((30, marker))
    )
    found = next(each for each in decided.advice if each.recommendation.id == "REC-above")
    assert found.status == status


def test_the_trace_shows_what_the_limit_came_to() -> None:
    decided = forms.decision(
        age={"value": "71", "unit": "a"}, example_marker=forms.marker((30, "720"))
    )
    found = next(each for each in decided.advice if each.recommendation.id == "REC-above")
    (limit,) = next(each for each in found.because if each.id == "CRIT-above").thresholds
    assert limit.to_json()["value"] == "710"
    assert limit.words == "710 µg/L"
    assert limit.working == "= Age (71 years) × 10 µg/L/a, as Age (71 years) > 50 years"


def test_an_unknown_age_leaves_the_limit_open_and_is_asked_for() -> None:
    decided = forms.decision(example_marker=forms.marker((30, "720")))
    found = next(each for each in decided.advice if each.recommendation.id == "REC-above")
    assert found.status == "undetermined"
    assert "age" in [each.input.name for each in found.ask]
    (limit,) = next(each for each in found.because if each.id == "CRIT-above").thresholds
    assert (limit.value, limit.words) == (None, "")


@pytest.mark.parametrize(
    ("test", "codes"),
    [
        ("\"age\" >= 0 'a'", ["U103"]),
        ("\"age\" > 0 'a'", []),
        ("\"age\" < 126 'a'", ["U103"]),
        ("\"age\" = 125 'a'", []),
        ("\"age\" = 126 'a'", ["U103"]),
        ("\"age\" != 60 'a'", []),
        ('"age" - "age" < 1 \'a\'', ["U103"]),
        ('First("example-marker") > "marker-high"', []),
    ],
)
def test_a_choice_that_every_plausible_patient_meets_is_told(test: str, codes: list[str]) -> None:
    turtle = forms.text().replace("if \"age\" > 50 'a' then", f"if {test} then")
    assert test in turtle
    assert [each.code for each in forms.laid_over(turtle).findings] == codes


@pytest.mark.parametrize(
    ("outcome", "codes"),
    [
        ("500 'mg/L'", ["U103"]),
        ("100 'mg/L'", []),
        ("100.001 'mg/L'", ["U103"]),
        ("0.5 'ug/L'", ["U103"]),
        ("\"age\" * 0.007 'ug/L/a'", ["U103"]),
        ("\"age\" * 0.008 'ug/L/a'", []),
        ("\"marker-high\" - 900 'ug/L'", []),
        ("\"marker-high\" - 2000 'ug/L'", ["U103"]),
        ("-500 'ug/L'", ["U103"]),
    ],
)
def test_an_outcome_that_no_plausible_patient_meets_is_told(outcome: str, codes: list[str]) -> None:
    turtle = forms.text().replace("else 500 'ug/L'", f"else {outcome}")
    assert f"else {outcome}" in turtle
    assert [each.code for each in forms.laid_over(turtle).findings] == codes
