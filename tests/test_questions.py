"""Which datum to find out next."""

from __future__ import annotations

from fractions import Fraction

import pytest

from guidegraph.evaluate import Decision, decide
from guidegraph.evaluate.questions import needs
from guidegraph.evaluate.status import meaning
from guidegraph.evaluate.text import render
from guidegraph.kernel import NOW, Agg, And, Arith, Cmp, Const, In, Not, Ref, Value
from guidegraph.program import Program
from program_example import datum, guideline_for, patient, program, rule, truth

X = Ref("criterion", "x")
FIRST = Agg("first", "dimer", -720, 720)
LATER = Agg("max", "dimer", 721)


def at_most(left, limit: int):
    return Cmp("<=", left, Const(Fraction(limit)))


def dimer(**fields):
    low, high = Fraction(0), Fraction(10000)
    return datum("dimer", "series", unit="ug/L", scale=3, low=low, high=high, **fields)


def decided(source: Program, now: int | None = 0, **known: Value) -> Decision:
    return decide(guideline_for(source), source, patient(source, now, **known))


def asked(source: Program, now: int | None = 0, **known: Value) -> list[str]:
    return [each.input.name for each in decided(source, now, **known).questions]


def serial() -> Program:
    """Low on admission: continue if it stays low, look further if it rises strongly."""
    low = Cmp("<", FIRST, Const(Fraction(1000)))
    return program(
        [dimer(), datum("feasible")],
        [
            rule("continue", And((low, at_most(LATER, 2000)))),
            rule("image", And((low, Not(at_most(LATER, 2000))))),
            rule("treat", And((low, Not(at_most(LATER, 2000)), Not(truth("feasible"))))),
        ],
    )


# --- what is asked ------------------------------------------------------------------------------


def test_a_fresh_low_admission_asks_for_a_later_sample_first() -> None:
    first, second = decided(serial(), 60, dimer=((30, Fraction(400)),)).questions
    assert first.to_json() == {
        "id": "dimer",
        "label": "dimer",
        "question": "dimer?",
        "kind": "series",
        "unit": "ug/L",
        "window": {"from": 721, "to": None, "earliest": 721},
        "settles": {"atLeast": 2, "onAverage": "2.7", "rules": ["continue", "image", "treat"]},
    }
    assert second.input.name == "feasible"


def test_nothing_is_asked_once_everything_is_settled() -> None:
    samples = ((30, Fraction(400)), (1500, Fraction(500)))
    assert asked(serial(), 2000, dimer=samples) == []


def test_a_datum_that_cannot_change_an_answer_is_not_asked() -> None:
    source = program([datum("a"), datum("b")], [rule("R", And((truth("a"), truth("b"))))])
    assert asked(source, a=False) == []
    assert asked(source, a=True) == ["b"]


def test_an_unknown_exception_is_asked_for() -> None:
    source = program([datum("e")], [rule("R", And(()), unless=(X,))], {"x": truth("e")})
    decision = decided(source)
    assert [each.input.name for each in decision.questions] == ["e"]
    assert [each.input.name for each in decision.advice[0].ask] == ["e"]


def test_the_time_of_the_decision_is_never_asked() -> None:
    source = program(
        [datum("a")], [rule("R", And((Cmp(">", NOW, Const(Fraction(5))), truth("a"))))]
    )
    assert asked(source, None) == ["a"]


def test_a_window_that_has_passed_is_never_asked_and_says_so() -> None:
    source = program([dimer()], [rule("R", at_most(FIRST, 500))])
    decision = decided(source, 721, dimer=())
    assert decision.questions == ()
    assert decision.advice[0].ask[0].to_json()["indeterminable"] is True
    assert decision.advice[0].because[0].data[0].is_indeterminable
    assert "can no longer be measured" in " ".join(render(decision).split())


def test_a_window_can_be_asked_up_to_its_last_minute() -> None:
    source = program([dimer()], [rule("R", at_most(FIRST, 500))])
    decision = decided(source, 720, dimer=())
    assert [each.need.minute for each in decision.questions] == [720]


def test_a_window_in_the_future_is_asked_for_its_first_minute() -> None:
    source = program([dimer()], [rule("R", at_most(LATER, 500))])
    assert [each.need.minute for each in decided(source, 0).questions] == [721]


def test_without_a_known_time_no_window_has_passed() -> None:
    source = program([dimer()], [rule("R", at_most(FIRST, 500))])
    assert [each.need.is_indeterminable for each in decided(source, None).questions] == [False]


def test_two_windows_of_a_series_are_two_questions() -> None:
    source = program([dimer()], [rule("R", at_most(FIRST, 500)), rule("S", at_most(LATER, 500))])
    needed = [each.need for each in decided(source, 0).questions]
    assert sorted((each.low, each.minute) for each in needed if each.minute is not None) == [
        (-720, 0),
        (721, 721),
    ]


def test_every_unknown_input_of_a_comparison_is_needed() -> None:
    difference = Arith(((Fraction(1), Ref("input", "p")), (Fraction(-1), Ref("input", "q"))))
    source = program(
        [datum("p", "quantity"), datum("q", "quantity")], [rule("R", at_most(difference, 0))]
    )
    meant = meaning(source, {"now": Fraction(0)}, {})
    assert [each.input for each in needs(source.rules[0].guard, meant, 0)] == ["p", "q"]


# --- which comes first --------------------------------------------------------------------------


def test_the_question_that_settles_more_in_the_worst_case_comes_first() -> None:
    source = program(
        [datum("often"), datum("sure")],
        [
            rule("R", And((truth("sure"), truth("often")))),
            rule("S", truth("sure")),
        ],
    )
    assert asked(source) == ["sure", "often"]


def test_then_the_one_that_settles_more_on_average() -> None:
    source = program(
        [datum("few"), datum("many")],
        [
            rule("R", And((truth("few"), truth("many")))),
            rule("S", And((truth("many"), truth("other")))),
        ],
    )
    source = program((*source.inputs, datum("other")), source.rules)
    assert asked(source)[0] == "many"


def test_then_the_cheaper_one_then_the_one_declared_first() -> None:
    def both(*inputs):
        return program(inputs, [rule("R", And((truth("a"), truth("b"))))])

    assert asked(both(datum("a", cost=3), datum("b"))) == ["b", "a"]
    assert asked(both(datum("a"), datum("b"))) == ["a", "b"]
    assert asked(both(datum("b"), datum("a"))) == ["b", "a"]


# --- what is tried out --------------------------------------------------------------------------


def band() -> Program:
    """Three bands of age; only ages from 50 to 70 leave the second rule open."""
    age = Ref("input", "age")
    middle = And((Cmp(">=", age, Const(Fraction(50))), Cmp("<=", age, Const(Fraction(70)))))
    return program(
        [datum("age", "quantity", unit="a"), datum("b")],
        [rule("R", And((middle, truth("b"))))],
    )


def test_numbers_are_tried_below_at_and_above_every_limit() -> None:
    question = next(each for each in decided(band()).questions if each.input.name == "age")
    # 49 and 71 settle the rule; 50, 51, 69 and 70 do not.
    assert question.on_average == Fraction(2, 6)
    assert question.at_least == 0


def test_implausible_numbers_are_not_tried() -> None:
    source = band()
    narrow = datum("age", "quantity", unit="a", low=Fraction(50), high=Fraction(125))
    question = next(
        each
        for each in decided(program([narrow, datum("b")], source.rules)).questions
        if each.input.name == "age"
    )
    # 49 is not plausible: 50, 51, 69 and 70 stay open, 71 settles.
    assert question.on_average == Fraction(1, 5)


def test_the_quantum_is_that_of_the_input() -> None:
    limit = And(
        (at_most(Ref("input", "v"), 5), Cmp(">", Ref("input", "v"), Const(Fraction("4.9"))))
    )
    source = program(
        [datum("v", "quantity", scale=1), datum("b")], [rule("R", And((limit, truth("b"))))]
    )
    question = next(each for each in decided(source).questions if each.input.name == "v")
    # 4.8, 4.9 and 5.1 settle; 5.0 does not.
    assert question.on_average == Fraction(3, 4)


def test_codes_are_tried_one_by_one() -> None:
    asks = In(Ref("input", "status"), ("confirmed",))
    source = program(
        [datum("status", "code", codes=("suspected", "confirmed", "excluded")), datum("b")],
        [rule("R", And((asks, truth("b"))))],
    )
    question = next(each for each in decided(source).questions if each.input.name == "status")
    assert question.on_average == Fraction(2, 3)
    assert question.to_json()["codes"] == ["suspected", "confirmed", "excluded"]


def test_a_limit_relative_to_another_value_is_solved_for() -> None:
    doubled = Cmp(">=", LATER, Arith(((Fraction(2), FIRST),)))
    source = program([dimer()], [rule("R", doubled), rule("S", And((doubled, truth("b"))))])
    source = program((*source.inputs, datum("b")), source.rules)
    question = decided(source, 800, dimer=((0, Fraction(300)),)).questions[0]
    assert question.input.name == "dimer"
    # 599.999 settles both rules, 600 and 600.001 only the first.
    assert (question.at_least, question.on_average) == (1, Fraction(4, 3))


def test_a_rising_run_is_tried_around_the_last_value() -> None:
    risen = Cmp(">=", Agg("run", "dimer", 0), Const(Fraction(2)))
    high = Cmp(">", Agg("last", "dimer", 721), Const(Fraction(100)))
    source = program([dimer(), datum("b")], [rule("R", And((high, Not(risen), truth("b"))))])
    question = decided(source, 0, dimer=((0, Fraction(300)),)).questions[0]
    # 99.999, 100 (not high) and 300.001 (risen) settle; 100.001, 299.999 and 300 leave b open.
    assert (question.input.name, question.on_average) == ("dimer", Fraction(3, 6))


def test_a_datum_that_is_useful_only_with_another_is_still_asked() -> None:
    doubled = Cmp(">=", LATER, Arith(((Fraction(2), FIRST),)))
    source = program([dimer()], [rule("R", doubled)])
    asks = decided(source, 0).questions
    assert [each.at_least for each in asks] == [0, 0]


@pytest.mark.parametrize("held", [None, ()])
def test_no_samples_and_unknown_samples_are_asked_alike(held: Value) -> None:
    source = program([dimer()], [rule("R", at_most(FIRST, 500))])
    assert asked(source, 0, dimer=held) == ["dimer"]
