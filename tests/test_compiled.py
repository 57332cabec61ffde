"""A program compiled for single decisions says what the kernel says, of every condition."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

import random_programs
from guidegraph import wire
from guidegraph.evaluate.compiled import compiled
from guidegraph.evaluate.status import STATUS_OF, Standing
from guidegraph.kernel import TRUE
from guidegraph.lower import lower
from guidegraph.model import Guideline
from guidegraph.probe import patients
from guidegraph.program import Program
from random_programs import rule


@settings(max_examples=60, deadline=None)
@given(source=random_programs.programs(), seed=st.integers(0, 1000))
def test_every_truth_of_a_random_program_is_that_of_the_kernel(source: Program, seed: int) -> None:
    made = compiled(source)
    for facts, chosen in random_programs.patients(source, seed, 20):
        meant = random_programs.meaning(source, facts, chosen)
        statuses, truths = made.answer(*wire.values(source, facts, chosen))
        told = tuple(truths[made.places[id(node)]] for node in made.nodes)
        assert told == tuple(meant.truth(node) for node in made.nodes)
        assert {id(each) for each in source.conditions.values()} <= set(made.places)
        assert statuses == random_programs.statuses(source, meant)


def test_every_status_of_the_shipped_guideline_is_that_of_the_kernel(guideline: Guideline) -> None:
    source = lower(guideline)
    made = compiled(source)
    for each in patients(source, 3, 300):
        meant = random_programs.meaning(source, each["facts"], each["settings"])
        held = wire.values(source, each["facts"], each["settings"])
        assert made.answer(*held)[0] == random_programs.statuses(source, meant)


def test_an_empty_program_is_compiled() -> None:
    assert compiled(random_programs.program()).answer({}, {}) == ({}, ())


def test_the_status_table_is_complete() -> None:
    truths = (True, None, False)
    assert set(STATUS_OF) == {(guard, effect) for guard in truths for effect in truths}
    assert Standing(rule("R", TRUE), True, None).status == "provisional"
