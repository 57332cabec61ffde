"""Proofs by regions agree with trying every value."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guidegraph.kernel import (
    FALSE,
    TRUE,
    Agg,
    And,
    Arith,
    Assume,
    Cmp,
    Const,
    In,
    Meaning,
    Not,
    Or,
    Ref,
    Score,
)
from guidegraph.program import Setting
from guidegraph.regions import (
    TRUTHS,
    UNKNOWN,
    Needed,
    Regions,
    TooManyRegionsError,
    linear,
    put,
    setting_values,
    with_settings,
)

X = Ref("input", "x")
FLAGS = [Ref("input", name) for name in "abc"]
CODE = Ref("input", "status")
CODES = ("confirmed", "excluded", "suspected")


def at_least(number, limit):
    return Cmp(">=", number, Const(Fraction(limit)))


def codes_of(ref):
    return CODES


leaf = st.one_of(
    st.sampled_from(FLAGS),
    st.builds(
        Cmp,
        st.sampled_from(["<", "<=", ">", ">=", "=", "!="]),
        st.just(X),
        st.builds(Const, st.integers(0, 3).map(Fraction)),
    ),
    st.builds(
        In, st.just(CODE), st.lists(st.sampled_from(CODES), unique=True).map(sorted).map(tuple)
    ),
)
conditions = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, max_size=3).map(tuple)),
        st.builds(
            Score,
            st.integers(1, 4),
            st.lists(st.tuples(inner, st.integers(1, 3)), min_size=1, max_size=3).map(tuple),
        ),
        st.builds(Assume, inner, st.booleans(), st.just("because")),
    ),
    max_leaves=8,
)


def every_patient():
    numbers = [None, *(Fraction(n, 2) for n in range(-1, 9))]
    for x, a, b, c, status in product(numbers, *[[None, True, False]] * 3, [None, *CODES]):
        yield {"x": x, "a": a, "b": b, "c": c, "status": status}


PATIENTS = list(every_patient())


def truths(condition):
    return [Meaning(each, {}, {}).truth(condition) for each in PATIENTS]


@settings(max_examples=60, deadline=None)
@given(conditions, conditions)
def test_search_finds_a_difference_exactly_when_there_is_one(left, right):
    def differ(decided):
        if decided[0] == decided[1]:
            return False
        return True if all(each in TRUTHS for each in decided) else None

    found = Regions.of((left, right), codes_of).search((left, right), differ)
    assert (found is not None) == (truths(left) != truths(right))


@settings(max_examples=100, deadline=None)
@given(conditions, st.sampled_from(PATIENTS))
def test_putting_in_every_value_gives_the_reference_truth(condition, patient):
    decided = condition
    for name, value in patient.items():
        atom = ((X, Fraction(1)),) if name == "x" else Ref("input", name)
        decided = put(decided, atom, value)
    assert TRUTHS[decided] is Meaning(patient, {}, {}).truth(condition)


@settings(max_examples=100, deadline=None)
@given(conditions, conditions)
def test_what_is_plainly_for_nobody_is_true_of_nobody(left, right):
    named = {Ref("criterion", "left"): left, Ref("rule", "right"): right}
    if Needed(named).is_for_nobody(And(tuple(named))):
        assert not any(
            one is True and other is True
            for one, other in zip(truths(left), truths(right), strict=True)
        )


def below(number, limit):
    return Cmp("<", number, Const(Fraction(limit)))


@pytest.mark.parametrize(
    ("one", "other", "is_apart"),
    [
        (below(X, 2), at_least(X, 2), True),
        (Cmp("<=", X, Const(Fraction(2))), at_least(X, 2), False),
        (below(X, 2), Not(below(X, 2)), True),
        (below(X, 2), Not(at_least(X, 1)), False),
        (Or((below(X, 1), Cmp("=", X, Const(Fraction(3))))), at_least(X, 4), True),
        (Or((below(X, 1), FLAGS[0])), at_least(X, 4), False),
        (Cmp(">", Arith(((Fraction(-2), X),)), Const(Fraction(-4))), at_least(X, 2), True),
        (In(CODE, CODES[:2]), In(CODE, CODES[2:]), True),
        (In(CODE, CODES[:2]), In(CODE, CODES[1:]), False),
        (And((FLAGS[0], FLAGS[1])), Not(Or((FLAGS[1], FLAGS[2]))), True),
        (below(X, 2), below(Ref("input", "y"), 1), False),
        (Assume(below(X, 2), False, "because"), at_least(X, 2), True),
        (Assume(below(X, 2), True, "because"), at_least(X, 2), False),
    ],
)
def test_bands_that_lie_apart_are_seen_without_a_search(one, other, is_apart):
    assert Needed({}).is_for_nobody(And((one, other))) is is_apart


def test_a_difference_of_two_numbers_is_one_form():
    later, earlier = Agg("last", "s", 1, None), Agg("first", "s", None, 0)
    doubled = Cmp(">=", later, Arith(((Fraction(2), earlier),), Fraction(5)))
    form, cut, op = linear(doubled)
    assert {atom for atom, _ in form} == {later, earlier}
    assert (cut, op) in ((Fraction(5), ">="), (Fraction(-5, 2), "<="))


def test_a_setting_is_never_unknown():
    condition = at_least(Ref("setting", "limit"), 2)
    values = Regions.of((condition,), codes_of).values[((Ref("setting", "limit"), Fraction(1)),)]
    assert values == (Fraction(1), Fraction(2), Fraction(3))


def test_constants_are_recognised():
    assert put(And((TRUE, UNKNOWN)), None, None) == UNKNOWN
    assert put(Or((FALSE, Not(UNKNOWN))), None, None) == UNKNOWN
    assert put(Cmp("<", Const(Fraction(1)), Const(Fraction(2))), None, None) == TRUE


def test_too_many_regions_is_said_and_not_guessed():
    flags = [Ref("input", f"flag-{n}") for n in range(12)]
    some = Score(6, tuple((flag, 1) for flag in flags))
    with pytest.raises(TooManyRegionsError):
        Regions.of((some,), codes_of).search((And((some, Not(some))),), lambda decided: None)


# --- settings, also where limits are calculated from them ---------------------------------------

S, T = Ref("setting", "s"), Ref("setting", "t")


def chosen(name, low, high, **ends):
    """A numeric setting of a site; its default is its lower end."""
    low, high = Fraction(low), Fraction(high)
    return Setting(name=name, label=name, kind="quantity", default=low, low=low, high=high, **ends)


def differ_for_some_setting(left, right, settings):
    """Settings under which two conditions differ for some patient."""

    def differ(decided):
        if decided[0] == decided[1]:
            return False
        return True if all(each in TRUTHS for each in decided) else None

    for values in setting_values((left, right), settings):
        fixed = tuple(with_settings(each, values) for each in (left, right))
        if Regions.of(fixed, codes_of).search(fixed, differ) is not None:
            return values
    return None


limits = st.builds(
    lambda factor, setting, constant: Arith(((Fraction(factor), setting),), Fraction(constant)),
    st.sampled_from([0, 1, 2, -1]),
    st.just(S),
    st.integers(-1, 3),
)
limited = st.recursive(
    st.one_of(
        st.builds(Cmp, st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), st.just(X), limits),
        st.builds(Cmp, st.sampled_from(["<", ">=", "="]), st.just(S), limits),
    ),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=4,
)


@settings(max_examples=80, deadline=None)
@given(limited, limited, st.booleans(), st.booleans())
def test_a_difference_is_found_whatever_the_site_chooses(left, right, low, high):
    setting = chosen("s", 0, 2, low_inclusive=low, high_inclusive=high)
    steps = [Fraction(n, 12) for n in range(0 if low else 1, 25 if high else 24)]
    numbers = [None, *(Fraction(n, 24) for n in range(-80, 190))]
    expected = any(
        Meaning({"x": x}, {"s": s}, {}).truth(left)
        is not Meaning({"x": x}, {"s": s}, {}).truth(right)
        for s in steps
        for x in numbers
    )
    assert (differ_for_some_setting(left, right, [setting]) is not None) == expected


def test_two_settings_that_could_be_equal_are_tried_equal():
    both = And((Cmp(">=", X, S), Cmp("<=", X, T)))
    no_overlap = And((both, Cmp("!=", S, T)))
    found = differ_for_some_setting(both, no_overlap, [chosen("s", 1, 10), chosen("t", 5, 20)])
    assert found is not None
    assert found["s"] == found["t"]
    never = [chosen("s", 1, 5, high_inclusive=False), chosen("t", 5, 20)]
    assert differ_for_some_setting(both, no_overlap, never) is None


def test_a_calculated_limit_meets_a_fixed_one_where_it_should():
    doubled = Cmp(">=", X, Arith(((Fraction(2), S),), Fraction(0)))
    fixed = at_least(X, 1500)
    same = And((doubled, fixed))
    values = [each["s"] for each in setting_values((doubled, same), [chosen("s", 500, 1000)])]
    assert Fraction(750) in values
    assert differ_for_some_setting(doubled, same, [chosen("s", 750, 1000)]) is None
    assert differ_for_some_setting(doubled, same, [chosen("s", 500, 1000)]) is not None
