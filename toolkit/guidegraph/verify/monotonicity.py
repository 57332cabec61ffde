"""Declared obligations: who is further in one direction of an observable never gets less advice.

Two patients are looked for who have the same data but for the values of the observable, taken at
the same times, none of them the wrong way, and of whom the second is at a lower level.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import cast

from guidegraph.diagnostic import Severity
from guidegraph.model import MonotonicityObligation, ObligationLevel
from guidegraph.program import Rule
from guidegraph.proof import WirePatient
from guidegraph.proof.witness import is_true_of
from guidegraph.verify.base import Case, Entry, Held, Refuted
from guidegraph.verify.kinds import advises, any_rule, members
from guidegraph.verify.pairs import Pair, differing

CODE = "L441"
Level = tuple[ObligationLevel, tuple[Rule, ...]]
ORDERS = {"NonDecreasing": 1, "NonIncreasing": -1}


def check_monotonicity(case: Case) -> Iterator[Entry]:
    """Each declared obligation: proved, or refuted by two patients."""
    for each in case.guideline.all(MonotonicityObligation):
        yield from case.attempt(CODE, (each.id,), partial(_obligation, case, each))


def _obligation(case: Case, obligation: MonotonicityObligation) -> Iterator[Entry]:
    order = ORDERS[obligation.monotonic_direction]
    is_held = True
    for level, rules in levels(case, obligation):
        pair = differing(case, any_rule(rules), obligation.observable, order)
        if pair is not None:
            is_held = False
            yield _refuted(case, obligation, level, rules, pair)
    if is_held:
        yield Held(code=CODE, subjects=(obligation.id,), what=str(obligation.label), is_told=True)


def levels(case: Case, obligation: MonotonicityObligation) -> tuple[Level, ...]:
    """Each level, the highest first, with the rules that lead to it or higher."""
    key = ("levels", obligation.id)
    if key not in case.memory:
        case.memory[key] = tuple(_levels(case, obligation))
    return cast("tuple[Level, ...]", case.memory[key])


def _levels(case: Case, obligation: MonotonicityObligation) -> Iterator[Level]:
    names = obligation.concerns
    concerned = {each for name in names for each in members(case.guideline, name)}
    rules = [each for name, each in case.rules.items() if not names or name in concerned]
    found = [case.guideline.one(each, ObligationLevel) for each in obligation.levels]
    actions: set[str] = set()
    for level in sorted(found, key=lambda each: (-each.position, each.id)):
        actions |= set(level.actions)
        yield level, tuple(each for each in rules if advises(each) and each.action in actions)


def _refuted(
    case: Case,
    obligation: MonotonicityObligation,
    level: ObligationLevel,
    rules: tuple[Rule, ...],
    pair: Pair,
) -> Refuted:
    further = "higher" if ORDERS[obligation.monotonic_direction] > 0 else "lower"
    observable = case.label(obligation.observable)
    return Refuted(
        code=CODE,
        severity=Severity.WARNING,
        subjects=(obligation.id, *(each.name for each in rules)),
        detail=str(level.label),
        message=f"“{obligation.label}” does not hold: for some patients “{level.label}” is "
        f"advised, and for the same patients with a {further} {observable} it is not.",
        why=f"Of two patients who differ in {observable} only, the one with the {further} values "
        "gets less.",
        help="Close the gap in the advice, or take the obligation back if the difference is meant.",
        witness=_witness(case, obligation, pair),
        patient=pair.one,
        other=pair.other,
    )


def _witness(case: Case, obligation: MonotonicityObligation, pair: Pair) -> str:
    """What both have in common, then the values and the level of each."""
    name = obligation.observable
    shared = case.told({**pair.one, "facts": {**pair.one["facts"], name: None}})
    is_any = shared != case.told({"facts": {}, "settings": {}})
    told = [
        f"{_values(case, name, each)}: {_level(case, obligation, each)}"
        for each in (pair.one, pair.other)
    ]
    return (f"{shared}; " if is_any else "") + f"{told[0]}; with {told[1]}"


def _values(case: Case, name: str, patient: WirePatient) -> str:
    return case.told({"facts": {name: patient["facts"][name]}, "settings": {}})


def _level(case: Case, obligation: MonotonicityObligation, patient: WirePatient) -> str:
    """The level of a patient in words."""
    for level, rules in levels(case, obligation):
        if is_true_of(case.theory, any_rule(rules), patient):
            return f"“{level.label}”"
    return "none of it"
