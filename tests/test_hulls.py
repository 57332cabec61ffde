"""Conditions whose hulls do not meet are never true together; of plain boxes the reverse holds."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

import random_programs
from guidegraph.kernel import FALSE, TRUE, And, Assume, Cmp, Const, In, Not, Or, Ref
from guidegraph.proof import Prover
from guidegraph.regions import Hulls, meeting

NUMBERS = [Ref("input", each) for each in ("a", "b", "c")]
CODE = Ref("input", "k")
ANSWER = Ref("input", "q")
PLAIN = Hulls({})


def limit(op: str, number: Ref, value: Fraction | int) -> Cmp:
    return Cmp(op, number, Const(Fraction(value)))


def apart(*conditions) -> bool:
    return not list(meeting([PLAIN.of(each) for each in conditions]))


limits = st.builds(
    limit,
    st.sampled_from(["<", "<=", "=", ">=", ">"]),
    st.sampled_from(NUMBERS),
    st.fractions(0, 3, max_denominator=3),
)
members = st.builds(
    lambda codes: In(CODE, tuple(sorted(codes))), st.sets(st.sampled_from("xyz"), min_size=1)
)
answers = st.sampled_from([ANSWER, Not(ANSWER)])
boxes = st.lists(st.one_of(limits, members, answers), max_size=5).map(lambda it: And(tuple(it)))


def holds(box: And, point: dict[Ref, object]) -> bool:
    ops = {
        "<": Fraction.__lt__,
        "<=": Fraction.__le__,
        "=": Fraction.__eq__,
        ">=": Fraction.__ge__,
        ">": Fraction.__gt__,
    }
    for part in box.operands:
        match part:
            case Cmp(op, left, Const(value)):
                met = ops[op](point[left], value)
            case In(code, codes):
                met = point[code] in codes
            case Not(operand):
                met = not point[operand]
            case _:
                met = point[part]
        if not met:
            return False
    return True


def points(*of: And):
    """A point for each combination of answers, and of numbers at, between and beside the limits."""
    cuts = sorted({p.right.value for box in of for p in box.operands if isinstance(p, Cmp)})
    steps = sorted({*cuts, *((a + b) / 2 for a, b in pairwise(cuts))})
    line = [Fraction(-1), *steps, Fraction(9)]
    for a in line:
        for b in line:
            for c in line:
                for code in "xyz":
                    for answer in (True, False):
                        yield {
                            **dict(zip(NUMBERS, (a, b, c), strict=True)),
                            CODE: code,
                            ANSWER: answer,
                        }


@given(boxes, boxes)
@settings(max_examples=60, deadline=None)
def test_boxes_meet_exactly_where_some_point_lies_in_both(one, other):
    in_both = any(holds(one, each) and holds(other, each) for each in points(one, other))
    assert apart(one, other) is not in_both


@given(random_programs.programs())
@settings(max_examples=40, deadline=None)
def test_no_patient_meets_two_conditions_that_are_told_apart(program):
    hulls = Hulls(program.conditions)
    refs = [Ref("rule", each.name) for each in program.rules]
    refs += [Ref("criterion", each.name) for each in program.criteria]
    conditions = [*refs, *map(Not, refs)]
    near = set(meeting([hulls.of(each) for each in conditions]))
    theory = Prover.of([program]).theory(program)
    for (i, one), (j, other) in combinations(enumerate(conditions), 2):
        if (i, j) not in near:
            assert theory.prover.find(theory, And((one, other)), total=False) is None


def test_open_and_closed_ends_at_the_same_number():
    a = NUMBERS[0]
    assert apart(limit("<", a, 2), limit(">=", a, 2))
    assert apart(limit("<", a, 2), limit(">", a, 2))
    assert not apart(limit("<=", a, 2), limit(">=", a, 2))
    assert not apart(limit("<", a, 2), limit(">", a, 1))


def test_either_of_two_ranges_reaches_from_the_first_to_the_last():
    a = NUMBERS[0]
    either = Or((limit("=", a, 1), limit("=", a, 3)))
    assert not apart(either, limit("=", a, 2))
    assert apart(either, limit(">", a, 3))
    assert apart(Not(either), And((limit("=", a, 1), ANSWER, Not(ANSWER))))


def test_what_is_assumed_may_be_true_without_being_known():
    high = limit(">", NUMBERS[0], 2)
    low = limit("<", NUMBERS[0], 1)
    assert apart(high, low)
    assert apart(Assume(high, default=False, why=""), low)
    assert not apart(Assume(high, default=True, why=""), low)


def test_false_meets_nothing_and_true_meets_everything():
    assert apart(FALSE, TRUE)
    assert not apart(TRUE, limit("=", NUMBERS[0], 1))


def test_a_thousand_conditions_are_told_apart_beyond_one_block():
    a = NUMBERS[0]
    bands = [And((limit(">=", a, n), limit("<=", a, n + 1))) for n in range(1200)]
    found = list(meeting([PLAIN.of(each) for each in bands]))
    assert found == [(n, n + 1) for n in range(1199)]


def test_names_that_need_themselves_say_nothing():
    loop = Ref("criterion", "loop")
    hulls = Hulls({loop: And((loop, limit(">", NUMBERS[0], 2)))})
    assert list(meeting([hulls.of(loop), hulls.of(limit("=", NUMBERS[0], 3))])) == [(0, 1)]
