"""What a comparison need not decide again: rules that no change can reach."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

import random_programs
from guidegraph.kernel import Not
from guidegraph.plan.merged import decided_otherwise


@given(random_programs.programs(), random_programs.programs(), st.data())
@settings(max_examples=80, deadline=None)
def test_rules_that_are_not_named_stand_where_they_stood(old, other, data):
    """Some criteria, rules and defaults of a program are replaced; everybody else decides alike."""
    criteria = {each.name: each for each in other.criteria}
    taken = data.draw(st.sets(st.sampled_from([each.name for each in old.criteria])))
    new = replace(
        old,
        criteria=tuple(
            replace(each, condition=criteria[each.name].condition)
            if each.name in taken and each.name in criteria
            else each
            for each in old.criteria
        ),
        rules=tuple(
            replace(each, guard=Not(each.guard)) if data.draw(st.integers(0, 5)) == 0 else each
            for each in old.rules
        ),
        settings=tuple(
            replace(each, default=each.default + Fraction(1, 2))
            if each.kind == "quantity" and data.draw(st.booleans())
            else each
            for each in old.settings
        ),
    )
    anew = decided_otherwise(old, new)
    for facts, chosen in random_programs.patients(old, data.draw(st.integers(0, 99)), 12):
        before = random_programs.statuses(old, random_programs.meaning(old, facts, chosen))
        after = random_programs.statuses(new, random_programs.meaning(new, facts, chosen))
        assert {name for name in after if before[name] != after[name]} <= anew


@given(random_programs.programs())
@settings(max_examples=20, deadline=None)
def test_nothing_is_decided_again_where_nothing_changed(program):
    assert decided_otherwise(program, program) == frozenset()
