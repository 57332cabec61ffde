"""Proofs agree with trying every patient, and what they show is small, exact and always the same.

1,000 small guidelines are compared here; 100,000 with ``pytest -m slow tests/test_proof.py`` (each
of the 100 parts can be run by itself: ``-k "part-17"``; ``-n 2`` runs two at a time).
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from enumerator import Seen, Small, definitions, seen, small
from guidegraph.kernel import (
    NOW,
    TRUE,
    Agg,
    And,
    Assume,
    Bool,
    Cmp,
    Const,
    In,
    Meaning,
    Not,
    Or,
    Ref,
)
from guidegraph.program import Input, Named, Program, Rule, Setting
from guidegraph.proof import Prover, Theory, UnprovedError, WirePatient, region, smallest
from guidegraph.proof.encoding import negation
from guidegraph.proof.prover import aggregates
from guidegraph.regions import Answered, Between, Region, Unmeasured
from guidegraph.wire import values

PART = 1_000
PARTS = 100


# --- every patient, one by one --------------------------------------------------------------------


def disagreements(seed: int) -> Iterator[str]:
    """Where solver and enumeration differ about the small guideline of a seed."""
    made = small(seed)
    everybody = seen(made)
    prover = Prover.of([made.program])
    theory = prover.theory(made.program)
    for place, asked in enumerate(made.asked):
        total = (seed + place) % 3 > 0
        found = prover.find(theory, asked, total=total)
        is_there = any(
            each.truths[place] is True and (each.is_total or not total) for each in everybody
        )
        if (found is not None) != is_there:
            yield f"{seed}: question {place}, {total=}: solver {found}, enumeration {is_there}"
    yield from _unknown(seed, made, theory, everybody)
    if seed % 3 == 0:
        yield from _region(seed, made, theory, everybody)


def _unknown(seed: int, made: Small, theory: Theory, everybody: list[Seen]) -> Iterator[str]:
    """Somebody for whom a condition is unknown: to the solver it is neither true nor false."""
    place = seed % len(made.asked)
    person = theory.prover.person(total=False)
    yes, no = theory.truth(made.asked[place], person)
    found = theory.prover.model(person, negation(yes), negation(no))
    if (found is not None) != any(each.truths[place] is None for each in everybody):
        yield f"{seed}: unknown {place}: solver {found}"


def _region(seed: int, made: Small, theory: Theory, everybody: list[Seen]) -> Iterator[str]:
    """The boxes hold everybody who is meant (of an exact region), and nobody else."""
    place = (seed // 3) % len(made.asked)
    condition = made.asked[place]
    given = made.asked[place - 1] if seed % 2 else TRUE
    found = theory.prover.find(theory, And((given, condition)))
    if found is None:
        return
    shown = region(theory, condition, found, given)
    boxes = [each.condition for each in shown.boxes]
    numbers = list(aggregates(theory, And((condition, given))))
    measured = _is_measured(meaning(made.program, found), numbers)
    for each in everybody:
        if not each.is_total or each.settings != found["settings"]:
            continue
        if each.meaning.truth(given) is not True:
            continue
        if measured and not _is_measured(each.meaning, numbers):
            continue
        is_inside = any(each.meaning.truth(box) is True for box in boxes)
        is_meant = each.truths[place] is True
        if is_inside and not is_meant:
            yield f"{seed}: region {place} holds {each.facts}, who is not meant"
        if is_meant and not is_inside and shown.is_exact:
            yield f"{seed}: exact region {place} misses {each.facts}"


def _is_measured(meant: Meaning, numbers: list[Agg]) -> bool:
    return all(meant.number(each) is not None for each in numbers)


def meaning(program: Program, patient: WirePatient) -> Meaning:
    inputs, chosen = values(program, patient["facts"], patient["settings"])
    return Meaning(inputs, chosen, definitions(program))


@pytest.mark.parametrize(
    "part", [0, *(pytest.param(each, marks=pytest.mark.slow) for each in range(1, 8))]
)
def test_the_solver_agrees_with_trying_every_patient(part):
    seeds = range(part * 125, (part + 1) * 125)
    assert [each for seed in seeds for each in disagreements(seed)] == []


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS), ids=lambda part: f"part-{part}")
def test_the_solver_agrees_on_a_hundred_thousand_guidelines(part):
    seeds = range(part * PART, (part + 1) * PART)
    assert [each for seed in seeds for each in disagreements(seed)] == []


def test_the_comparison_finds_what_the_questions_are_about():
    """Both answers come up often, with settings, series and unknown data."""
    answers = [
        any(each.truths[place] is True and each.is_total for each in everybody)
        for seed in range(60)
        for made in [small(seed)]
        for everybody in [seen(made)]
        for place in range(len(made.asked))
    ]
    assert 0.25 < sum(answers) / len(answers) < 0.75
    programs = [small(seed).program for seed in range(60)]
    assert sum(bool(each.settings) for each in programs) > 10
    assert sum(any(rule.unless for rule in each.rules) for each in programs) > 10


def test_the_comparison_notices_a_fault_of_the_solver(monkeypatch):
    from guidegraph.proof import encoding

    right = encoding.relation
    monkeypatch.setattr(
        encoding, "relation", lambda op, *sides: right(">" if op == ">=" else op, *sides)
    )
    assert any(each for seed in range(60) for each in disagreements(seed))


def test_the_comparison_notices_a_sample_too_few(monkeypatch):
    from guidegraph.proof import samples

    right = samples._stretch

    def fewer(asked, low, high, early):
        stretch, is_short = right(asked, low, high, early)
        return samples.Stretch(stretch.minutes[:1]), is_short

    monkeypatch.setattr(samples, "_stretch", fewer)
    assert any(each for seed in range(200) for each in disagreements(seed))


# --- few samples stand for many -------------------------------------------------------------------


def many_samples(program: Program, chance: random.Random) -> WirePatient:
    """A patient with far more samples than a proof looks at."""
    facts: dict[str, object] = {"now": 1_000}
    for each in program.inputs:
        if each.kind == "boolean":
            facts[each.name] = chance.random() < 0.5
        elif each.kind == "code":
            facts[each.name] = chance.choice(each.codes)
        elif each.kind == "series":
            minutes = sorted(chance.sample(range(-12, 24), chance.randint(5, 30)))
            facts[each.name] = [[minute, chance.randint(0, 2)] for minute in minutes]
        else:
            facts[each.name] = chance.choice([1, 2])
    settings: dict[str, object] = {
        each.name: chance.choice(each.codes) if each.kind == "code" else 2
        for each in program.settings
    }
    return {"facts": facts, "settings": settings}


def test_every_patient_can_be_thinned_out_without_any_condition_noticing():
    chance = random.Random(7)
    looked_at = 0
    for seed in range(400):
        program = small(seed).program
        named = definitions(program)
        if not any(list(aggregates_of(condition)) for condition in named.values()):
            continue
        prover = Prover.of([program])
        assert not prover.layout.cut_short
        theory = prover.theory(program)
        person = prover.person()
        for _ in range(3):
            patient = many_samples(program, chance)
            meant = meaning(program, patient)
            wanted = []
            for ref in named:
                yes, no = theory.truth(ref, person)
                truth = meant.truth(ref)
                wanted += [yes if truth is True else negation(yes)]
                wanted += [no if truth is False else negation(no)]
            settings = patient["settings"]
            assert prover.model(person, *wanted, settings=settings) is not None, (seed, patient)
            looked_at += 1
    assert looked_at > 150


def aggregates_of(condition: Bool) -> Iterator[Agg]:
    from guidegraph.kernel import walk

    return (node for node in walk(condition) if isinstance(node, Agg))


# --- a guideline to look at closely ---------------------------------------------------------------

HIGHEST = Agg("max", "marker", 721, None)
FIRST = Agg("first", "marker", -720, 720)
AGE, LIMIT = Ref("input", "age"), Ref("setting", "limit")


def at_least(number, limit) -> Bool:
    return Cmp(">=", number, Const(Fraction(limit)) if isinstance(limit, int) else limit)


def program(*criteria: Bool, limit: Setting | None = None, guards: tuple[Bool, ...] = ()):
    fixed = {"question": "?", "low": Fraction(0)}
    return Program(
        guideline="close",
        version="1",
        anchor="admission",
        inputs=(
            Input(name="age", label="Age", kind="quantity", high=Fraction(120), **fixed),
            Input(
                name="marker", label="Marker", kind="series", high=Fraction(9_000), scale=1, **fixed
            ),
            Input(name="in", label="Admitted", kind="boolean", question="?"),
            Input(name="spare", label="Spare", kind="boolean", question="?", cost=5),
            Input(name="state", label="State", kind="code", codes=("a", "b", "c"), question="?"),
        ),
        settings=(limit or Setting(name="limit", label="Limit", kind="quantity", default=None),),
        criteria=tuple(
            Named(name=f"C{place}", label="?", condition=each)
            for place, each in enumerate(criteria)
        ),
        rules=tuple(
            Rule(name=f"R{place}", label="?", guard=each, modality="Should", norm="should")
            for place, each in enumerate(guards)
        ),
        incompatible=(),
        readings={},
    )


def theory_of(*criteria: Bool, **changes) -> Theory:
    made = program(*criteria, **changes)
    return Prover.of([made]).theory(made)


def shown(theory: Theory, condition: Bool, given: Bool = TRUE) -> Region:
    found = theory.prover.find(theory, And((given, condition)))
    assert found is not None
    return region(theory, condition, found, given)


C0, C1 = Ref("criterion", "C0"), Ref("criterion", "C1")


def test_a_witness_has_nothing_that_it_does_without():
    rise = And((at_least(HIGHEST, 2_000), Not(at_least(FIRST, 1_000)), Ref("input", "in")))
    theory = theory_of(Or((rise, And((rise, Ref("input", "spare"))))))
    found = theory.prover.find(theory, C0)
    assert found is not None
    least = smallest(theory, C0, found)
    known = {name: each for name, each in least["facts"].items() if each is not None}
    assert set(known) == {"now", "marker", "in"}
    for name in ("marker", "in"):
        without = {**least, "facts": {**least["facts"], name: None}}
        assert meaning(theory.program, without).truth(C0) is not True
    for sample in known["marker"]:
        rest = [each for each in known["marker"] if each != sample]
        fewer = {**least, "facts": {**least["facts"], "marker": rest}}
        assert meaning(theory.program, fewer).truth(C0) is not True


def test_as_few_samples_are_taken_as_will_do():
    last = Agg("last", "marker")
    hardly = Or(
        (And((at_least(HIGHEST, 2_000), Not(at_least(last, 1_000)))), at_least(last, 3_000))
    )
    theory = theory_of(hardly, And((at_least(HIGHEST, 2_000), Not(at_least(FIRST, 1_000)))))
    for condition, samples in ((C0, 1), (C1, 2)):
        found = theory.prover.find(theory, condition)
        assert found is not None
        assert len(found["facts"]["marker"]) == samples


def test_what_is_to_be_kept_in_a_witness_stays():
    theory = theory_of(Ref("input", "in"))
    found = theory.prover.find(theory, C0)
    assert found is not None
    kept = smallest(theory, C0, found, keep=frozenset({"spare"}))
    assert kept["facts"]["spare"] is not None
    assert smallest(theory, C0, found)["facts"]["spare"] is None


def test_numbers_of_a_witness_are_round():
    theory = theory_of(And((at_least(AGE, 18), Not(at_least(AGE, 65)))))
    found = {"facts": {"now": 0, "age": 37}, "settings": {"limit": 0}}
    assert smallest(theory, C0, found)["facts"]["age"] in (20, 30, 40, 50, 60)


def test_a_witness_about_whom_the_reference_says_otherwise_is_no_witness():
    theory = theory_of(at_least(AGE, 18))
    with pytest.raises(AssertionError, match="disagree"):
        smallest(theory, C0, {"facts": {"now": 0, "age": 17}, "settings": {}})


def test_a_region_says_from_which_number_to_which():
    theory = theory_of(And((at_least(FIRST, 1_000), Not(at_least(FIRST, 2_000)))))
    (box,) = shown(theory, C0).boxes
    (side,) = box.sides
    assert isinstance(side, Between)
    assert (side.low, side.high) == (1_000, 2_000)
    assert (side.low_inclusive, side.high_inclusive) == (True, False)


def test_a_region_of_patients_of_whom_nothing_was_measured_says_so():
    """A box without sides would say that it is everybody."""
    never = Not(Assume(at_least(HIGHEST, 0), default=False, why="no sample was taken"))
    theory = theory_of(And((never, Ref("input", "in"))))
    (box,) = shown(theory, C0).boxes
    assert box.sides == (Unmeasured(HIGHEST), Answered(Ref("input", "in"), True))


def test_a_region_with_too_many_boxes_is_not_exact():
    odd = Or(tuple(Cmp("=", AGE, Const(Fraction(each))) for each in range(1, 40, 2)))
    theory = theory_of(odd)
    found = theory.prover.find(theory, C0)
    assert found is not None
    few = region(theory, C0, found, most=3)
    assert len(few.boxes) == 3
    assert not few.is_exact


def test_a_region_is_told_at_the_settings_of_the_patient():
    limit = Setting(
        name="limit",
        label="Limit",
        kind="quantity",
        default=Fraction(50),
        low=Fraction(50),
        high=Fraction(70),
    )
    theory = theory_of(at_least(AGE, LIMIT), Not(at_least(AGE, 51)), limit=limit)
    at_default = shown(theory, And((C0, C1)))
    assert at_default.settings == ()
    elsewhere = shown(theory, And((Not(C0), Not(C1))))
    assert dict(elsewhere.settings)["limit"] > 51


@pytest.mark.parametrize("is_inclusive", [True, False])
def test_an_end_of_the_permitted_range_belongs_to_it_as_stated(is_inclusive):
    limit = Setting(
        name="limit",
        label="Limit",
        kind="quantity",
        default=Fraction(60),
        low=Fraction(50),
        high=Fraction(70),
        low_inclusive=is_inclusive,
    )
    theory = theory_of(Not(Cmp(">", LIMIT, Const(Fraction(50)))), limit=limit)
    assert (theory.prover.find(theory, C0) is not None) == is_inclusive


def test_a_patient_has_one_code_and_only_plausible_numbers():
    state = Ref("input", "state")
    theory = theory_of(
        Not(In(state, ("a", "b", "c"))), at_least(AGE, 121), guards=(Not(at_least(AGE, 0)),)
    )
    for condition in (C0, C1, Ref("rule", "R0")):
        assert theory.prover.find(theory, condition) is None
    unknown = Not(Assume(In(state, ("a", "b", "c")), default=False, why="not known"))
    assert theory.prover.find(theory, unknown) is None
    assert theory.prover.find(theory, unknown, total=False) is not None


def test_no_sample_is_later_than_the_decision():
    early = Cmp("<", NOW, Const(Fraction(721)))
    theory = theory_of(And((early, at_least(HIGHEST, 0))), And((early, at_least(FIRST, 0))))
    assert theory.prover.find(theory, C0) is None
    assert theory.prover.find(theory, C1) is not None


def test_series_with_fewer_samples_than_needed_are_named():
    many = at_least(Agg("count", "marker", None, None), 9)
    assert theory_of(many).prover.layout.cut_short == {"marker"}
    assert theory_of(at_least(HIGHEST, 9)).prover.layout.cut_short == frozenset()


# --- no answer ------------------------------------------------------------------------------------


def test_a_solver_that_runs_out_of_steps_says_so():
    made = program(Or((at_least(HIGHEST, 2_000), And((at_least(AGE, 65), at_least(FIRST, 9))))))
    prover = Prover.of([made], effort=1)
    theory = prover.theory(made)
    for _ in range(2):
        with pytest.raises(UnprovedError) as caught:
            prover.find(theory, C0)
        assert caught.value.reason == "effort"


def test_when_time_is_up_nothing_more_is_asked():
    made = program(at_least(AGE, 65), at_least(AGE, 18))
    answers = iter([False, True])
    prover = Prover.of([made], expired=lambda: next(answers))
    theory = prover.theory(made)
    assert prover.find(theory, C0) is not None
    with pytest.raises(UnprovedError) as caught:
        prover.find(theory, C1)
    assert caught.value.reason == "time"


# --- always the same ------------------------------------------------------------------------------

TWICE = """
import json, sys
sys.path.insert(0, sys.argv[1])
from enumerator import small
from guidegraph.proof import Prover, region, smallest
told = []
for seed in range(40):
    made = small(seed)
    prover = Prover.of([made.program])
    theory = prover.theory(made.program)
    for asked in made.asked:
        found = prover.find(theory, asked)
        if found is not None:
            told.append(smallest(theory, asked, found))
            told.append(repr(region(theory, asked, found)))
print(json.dumps(told))
"""


def test_the_same_questions_have_the_same_answers_to_the_last_byte():
    here = str(Path(__file__).parent)
    told = [
        subprocess.run(
            [sys.executable, "-c", TWICE, here],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in (1, 2)
    ]
    assert told[0] == told[1]
    assert len(json.loads(told[0])) > 100


def test_conditions_that_say_the_same_in_two_readings_are_asked_once():
    one, other = (program(at_least(AGE, 65), Not(C0), at_least(AGE, cut)) for cut in (18, 21))
    prover = Prover.of([one, other])
    first, second = prover.theory(one), prover.theory(other)
    assert first.sign(C1) == second.sign(C1)
    assert first.sign(Ref("criterion", "C2")) != second.sign(Ref("criterion", "C2"))
    prover.find(first, C1)
    asked = prover.asked
    prover.find(second, C1)
    assert prover.asked == asked
