"""The reference semantics: three-valued logic over exact numbers and time-stamped samples."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidegraph.kernel import (
    FALSE,
    TRUE,
    Agg,
    And,
    Arith,
    Assume,
    Bool,
    Cmp,
    Cond,
    Const,
    Fn,
    In,
    Meaning,
    Not,
    Num,
    Op,
    Or,
    Ref,
    Score,
    Truth,
    Value,
    aggregate,
    compare,
    holds,
    replace_refs,
    walk,
)

TRUTHS: tuple[Truth, ...] = (True, None, False)
A, B, C = (Ref("input", name) for name in "abc")


def truth(node: Bool, **inputs: Value) -> Truth:
    return Meaning(inputs, {}, {}).truth(node)


def number(value: str | int) -> Fraction:
    return Fraction(value)


# --- truth tables -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (True, True, True),
        (True, None, None),
        (True, False, False),
        (None, True, None),
        (None, None, None),
        (None, False, False),
        (False, True, False),
        (False, None, False),
        (False, False, False),
    ],
)
def test_and_is_strong_kleene(a: Truth, b: Truth, expected: Truth) -> None:
    assert truth(And((A, B)), a=a, b=b) is expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (True, True, True),
        (True, None, True),
        (True, False, True),
        (None, True, True),
        (None, None, None),
        (None, False, None),
        (False, True, True),
        (False, None, None),
        (False, False, False),
    ],
)
def test_or_is_strong_kleene(a: Truth, b: Truth, expected: Truth) -> None:
    assert truth(Or((A, B)), a=a, b=b) is expected


@pytest.mark.parametrize(("a", "expected"), [(True, False), (False, True), (None, None)])
def test_not_keeps_unknown(a: Truth, expected: Truth) -> None:
    assert truth(Not(A), a=a) is expected


def test_all_of_nothing_holds_and_any_of_nothing_does_not() -> None:
    assert truth(TRUE) is True
    assert truth(FALSE) is False


@pytest.mark.parametrize("default", [True, False])
def test_assume_speaks_only_where_the_answer_is_unknown(default: bool) -> None:
    assert truth(Assume(A, default, "why"), a=None) is default
    assert truth(Assume(A, default, "why"), a=True) is True
    assert truth(Assume(A, default, "why"), a=False) is False


def test_a_missing_name_is_unknown_not_false() -> None:
    assert truth(A) is None
    assert truth(In(A, ("x",))) is None
    assert truth(Cmp("<", A, Const(Fraction(1)))) is None


def test_in_asks_whether_a_code_is_one_of_some() -> None:
    assert truth(In(A, ("x", "y")), a="y") is True
    assert truth(In(A, ("x", "y")), a="z") is False


# --- scores -------------------------------------------------------------------------------------

POINTS = Score(3, ((A, 2), (B, 1), (C, 1)))


@pytest.mark.parametrize(
    ("a", "b", "c", "expected"),
    [
        (True, True, None, True),
        (True, None, None, None),
        (True, None, False, None),
        (True, False, False, False),
        (False, None, None, False),
        (None, True, True, None),
        (None, False, True, None),
        (None, False, False, False),
        (True, False, True, True),
    ],
)
def test_a_score_counts_what_is_sure_and_what_is_possible(
    a: Truth, b: Truth, c: Truth, expected: Truth
) -> None:
    assert truth(POINTS, a=a, b=b, c=c) is expected


def test_a_score_answers_exactly_when_every_completion_agrees() -> None:
    for answers in product(TRUTHS, repeat=3):
        completions = {
            truth(POINTS, a=a, b=b, c=c)
            for a, b, c in product(*((True, False) if x is None else (x,) for x in answers))
        }
        expected = completions.pop() if len(completions) == 1 else None
        assert truth(POINTS, **dict(zip("abc", answers, strict=True))) is expected


# --- comparisons --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("op", "below", "at", "above"),
    [
        ("<", True, False, False),
        ("<=", True, True, False),
        (">", False, False, True),
        (">=", False, True, True),
        ("=", False, True, False),
        ("!=", True, False, True),
    ],
)
def test_each_comparison_below_at_and_above(op: Op, below: bool, at: bool, above: bool) -> None:
    limit = Fraction("1000")
    step = Fraction("0.001")
    assert holds(op, limit - step, limit) is below
    assert holds(op, limit, limit) is at
    assert holds(op, limit + step, limit) is above


@pytest.mark.parametrize("op", ["<", "<=", ">", ">=", "=", "!="])
def test_a_comparison_is_unknown_as_soon_as_one_side_is(op: Op) -> None:
    assert holds(op, None, Fraction(1)) is None
    assert holds(op, Fraction(1), None) is None


def test_a_number_compared_with_itself_is_unknown_if_it_is() -> None:
    difference = Arith(((Fraction(1), A), (Fraction(-1), A)))
    assert truth(Cmp("<=", difference, Const(Fraction(0)))) is None
    assert truth(Cmp("<=", difference, Const(Fraction(0))), a=Fraction(7)) is True


def test_sums_are_exact() -> None:
    third = Arith(((Fraction(1, 3), A), (Fraction(2, 3), A)))
    assert truth(Cmp("=", third, Const(Fraction("0.1"))), a=Fraction("0.1")) is True


def test_a_setting_is_looked_up_apart_from_inputs() -> None:
    node = Cmp(">", A, Ref("setting", "a"))
    assert Meaning({"a": Fraction(3)}, {"a": Fraction(2)}, {}).truth(node) is True
    assert Meaning({"a": Fraction(3)}, {}, {}).truth(node) is None


def age_adjusted() -> Bool:
    """D-dimer at least: ten times the age above fifty, 500 otherwise."""
    limit = Cond(
        Cmp(">", B, Const(Fraction(50))), Arith(((Fraction(10), B),)), Const(Fraction(500))
    )
    return compare(">=", A, limit)


@pytest.mark.parametrize(
    ("dimer", "age", "expected"),
    [
        (499, 50, False),
        (500, 50, True),
        (709, 71, False),
        (710, 71, True),
        (500, 51, False),
        (510, 51, True),
    ],
)
def test_an_age_adjusted_limit_switches_at_its_boundary(
    dimer: int, age: int, expected: bool
) -> None:
    assert truth(age_adjusted(), a=Fraction(dimer), b=Fraction(age)) is expected


def test_a_conditional_limit_is_known_where_both_outcomes_agree() -> None:
    limit = Cond(B, Const(Fraction(1000)), Const(Fraction(500)))
    node = compare(">=", A, limit)
    assert truth(node, a=Fraction(1200)) is True
    assert truth(node, a=Fraction(400)) is False
    assert truth(node, a=Fraction(700)) is None


def test_conditions_inside_sums_and_on_the_left_are_resolved() -> None:
    inner = Cond(B, Const(Fraction(1)), Const(Fraction(2)))
    doubled = Arith(((Fraction(2), inner), (Fraction(1), A)), Fraction(1))
    node = compare("=", doubled, Const(Fraction(8)))
    assert not any(isinstance(part, Cond) for part in walk(node))
    assert truth(node, a=Fraction(5), b=True) is True
    assert truth(node, a=Fraction(3), b=False) is True
    assert truth(node, a=Fraction(3), b=True) is False


def test_an_unresolved_condition_is_a_fault_of_ours() -> None:
    left = Cond(B, Const(Fraction(1)), Const(Fraction(2)))
    with pytest.raises(TypeError, match="compare"):
        truth(Cmp("<", left, A), a=Fraction(1), b=True)


# --- series -------------------------------------------------------------------------------------

SAMPLES: Value = (
    (-60, Fraction(800)),
    (0, Fraction(500)),
    (1440, Fraction(900)),
    (2880, Fraction(2400)),
)


@pytest.mark.parametrize(
    ("fn", "low", "high", "expected"),
    [
        ("first", None, None, 800),
        ("last", None, None, 2400),
        ("max", None, 1440, 900),
        ("min", None, None, 500),
        ("count", 0, 1440, 2),
        ("run", None, None, 3),
        ("run", 1440, None, 2),
        ("run", None, 0, 1),
        ("first", 0, 0, 500),
        ("last", 1, 1439, None),
        ("max", 2881, None, None),
        ("min", None, -61, None),
        ("run", 1, 2, None),
        ("count", 1, 2, 0),
    ],
)
def test_an_aggregate_sees_its_closed_window(
    fn: Fn, low: int | None, high: int | None, expected: int | None
) -> None:
    result = aggregate(Agg(fn, "x", low, high), SAMPLES)
    assert result == (None if expected is None else Fraction(expected))


def test_no_samples_taken_differs_from_not_known() -> None:
    assert aggregate(Agg("count", "x"), ()) == 0
    assert aggregate(Agg("count", "x"), None) is None


def test_no_sample_in_the_window_is_unknown_not_normal() -> None:
    no_rise = Not(Cmp(">", Agg("max", "x", 721), Const(Fraction(1000))))
    assert truth(no_rise, x=((0, Fraction(400)),)) is None
    assert truth(no_rise, x=((0, Fraction(400)), (721, Fraction(1000)))) is True


def test_equal_neighbours_end_a_rising_run() -> None:
    plateau: Value = ((0, Fraction(1)), (1, Fraction(2)), (2, Fraction(2)), (3, Fraction(3)))
    assert aggregate(Agg("run", "x"), plateau) == 2


# --- names and memory ---------------------------------------------------------------------------


def test_a_named_criterion_means_its_condition() -> None:
    name = Ref("criterion", "c")
    meant = Meaning({"a": True}, {}, {name: Not(A)})
    assert meant.truth(name) is False
    assert meant.truth(Or((name, A))) is True


def test_replacing_references_leaves_data_alone() -> None:
    name = Ref("criterion", "c")
    node = And((name, Not(Or((A, Score(1, ((name, 1),)), Assume(name, True, "why"))))))
    replaced = replace_refs(node, lambda ref: B)
    assert name not in set(walk(replaced))
    assert A in set(walk(replaced))


_SERIES = ("s", "t")
_NUMBERS = ("p", "q")
_ANSWERS = ("a", "b", "c")
_small = st.integers(-3, 3).map(Fraction)
_windows = st.one_of(st.none(), st.integers(-2, 6))


def _numbers() -> st.SearchStrategy[Num]:
    fns: tuple[Fn, ...] = ("first", "last", "max", "min", "count", "run")
    leaves: st.SearchStrategy[Num] = st.one_of(
        st.builds(Const, _small),
        st.builds(lambda name: Ref("input", name), st.sampled_from(_NUMBERS)),
        st.builds(Agg, st.sampled_from(fns), st.sampled_from(_SERIES), _windows, _windows),
    )
    sums = st.lists(st.tuples(_small, leaves), max_size=3).map(tuple)
    return st.one_of(leaves, st.builds(Arith, sums, _small))


def _compared(op: Op, left: Num, test: Bool, then: Num, otherwise: Num) -> Bool:
    return compare(op, left, Cond(test, then, otherwise))


def _conditions() -> st.SearchStrategy[Bool]:
    ops: tuple[Op, ...] = ("<", "<=", ">", ">=", "=", "!=")
    answers = st.sampled_from(_ANSWERS).map(lambda name: Ref("input", name))
    leaves: st.SearchStrategy[Bool] = st.one_of(
        answers,
        st.builds(Cmp, st.sampled_from(ops), _numbers(), _numbers()),
        st.just(In(Ref("input", "k"), ("x", "y"))),
        st.builds(_compared, st.sampled_from(ops), _numbers(), answers, _numbers(), _numbers()),
    )

    def extend(inner: st.SearchStrategy[Bool]) -> st.SearchStrategy[Bool]:
        several = st.lists(inner, max_size=3).map(tuple)
        items = st.lists(st.tuples(inner, st.integers(1, 3)), min_size=1, max_size=3).map(tuple)
        return st.one_of(
            st.builds(Not, inner),
            st.builds(And, several),
            st.builds(Or, several),
            st.builds(Score, st.integers(1, 5), items),
        )

    return st.recursive(leaves, extend, max_leaves=8)


def _patients() -> st.SearchStrategy[dict[str, Value]]:
    samples = st.dictionaries(st.integers(-2, 6), _small, max_size=3)
    series: st.SearchStrategy[Value] = samples.map(lambda found: tuple(sorted(found.items())))
    return st.fixed_dictionaries(
        {
            **dict.fromkeys(_ANSWERS, st.booleans()),
            **dict.fromkeys(_NUMBERS, _small),
            **dict.fromkeys(_SERIES, series),
            "k": st.sampled_from("xyz"),
        }
    )


_NAMES = (*_ANSWERS, *_NUMBERS, *_SERIES, "k")


@given(_conditions(), _patients(), st.sets(st.sampled_from(_NAMES)), st.sampled_from(_NAMES))
def test_learning_a_datum_never_changes_a_known_answer(
    node: Bool, patient: dict[str, Value], hidden: set[str], learned: str
) -> None:
    before = {name: None if name in hidden else value for name, value in patient.items()}
    after = {**before, learned: patient[learned]}
    known = truth(node, **before)
    assert known is None or truth(node, **after) is known


def test_assume_can_change_when_a_datum_is_learned() -> None:
    node = Assume(A, True, "why")
    assert truth(node) is True
    assert truth(node, a=False) is False


@given(st.lists(_conditions(), min_size=1, max_size=4), _patients())
def test_what_was_asked_before_does_not_change_an_answer(
    nodes: list[Bool], patient: dict[str, Value]
) -> None:
    shared = Meaning(patient, {}, {})
    forward = [shared.truth(node) for node in nodes]
    assert [shared.truth(node) for node in reversed(nodes)] == forward[::-1]
    assert [truth(node, **patient) for node in nodes] == forward
