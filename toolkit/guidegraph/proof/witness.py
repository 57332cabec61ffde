"""The smallest patient who shows something: as few data as will do, and round numbers.

What is dropped or rounded is tried on the reference evaluator, so a witness is always one about
whom ``decide`` says just what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from guidegraph.kernel import Agg, Bool, Cmp, Meaning, linear_terms
from guidegraph.proof.boxes import with_refs
from guidegraph.proof.prover import Theory, WirePatient
from guidegraph.regions import with_settings
from guidegraph.wire import values

Holds = Callable[[WirePatient], bool]


def is_true_of(theory: Theory, condition: Bool, patient: WirePatient) -> bool:
    """What the reference semantics says of a condition and a patient in wire form."""
    inputs, settings = values(theory.program, patient["facts"], patient["settings"])
    return Meaning(inputs, settings, theory.conditions).truth(condition) is True


def smallest(
    theory: Theory, condition: Bool, patient: WirePatient, keep: frozenset[str] = frozenset()
) -> WirePatient:
    """The patient with all data left out that the condition does without, and round numbers.

    Data named in ``keep`` stay. The condition must be true of the patient.

    Raises:
        AssertionError: the condition is not true of the patient, so solver and reference disagree.
    """
    assert is_true_of(theory, condition, patient), "solver and reference semantics disagree"

    def holds(each: WirePatient) -> bool:
        return is_true_of(theory, condition, each)

    return reduced(theory, condition, patient, holds, keep)


def reduced(
    theory: Theory,
    condition: Bool,
    patient: WirePatient,
    holds: Holds,
    keep: frozenset[str] = frozenset(),
) -> WirePatient:
    """The same for anything that ``holds`` of a patient and speaks of the data of a condition."""
    patient = _default_settings(theory, patient, holds)
    patient = _fewer_data(theory, patient, holds, keep)
    patient = _first_answers(theory, patient, holds)
    return _round_numbers(theory, condition, patient, holds)


def _default_settings(theory: Theory, patient: WirePatient, holds: Holds) -> WirePatient:
    defaults = theory.prover.defaults()
    for name in patient["settings"]:
        if name in defaults:
            changed = _with(patient, "settings", name, defaults[name])
            patient = changed if holds(changed) else patient
    return patient


def _fewer_data(
    theory: Theory, patient: WirePatient, holds: Holds, keep: frozenset[str]
) -> WirePatient:
    """Without what is not needed, the costliest first."""
    inputs = theory.prover.wire.inputs
    for name in sorted(inputs, key=lambda each: (-inputs[each].cost, each)):
        held = patient["facts"].get(name)
        if held is None or name in keep:
            continue
        without = _with(patient, "facts", name, None)
        if holds(without):
            patient = without
        elif isinstance(held, list):
            patient = _fewer_samples(name, patient, holds)
    return _now(theory, patient, holds)


def _fewer_samples(name: str, patient: WirePatient, holds: Holds) -> WirePatient:
    for sample in reversed(patient["facts"][name]):
        rest = [each for each in patient["facts"][name] if each != sample]
        fewer = _with(patient, "facts", name, rest)
        patient = fewer if holds(fewer) else patient
    return patient


def _now(theory: Theory, patient: WirePatient, holds: Holds) -> WirePatient:
    """The decision is made at the last sample, or at the anchor."""
    facts = patient["facts"]
    minutes = [
        minute
        for name, each in theory.prover.wire.inputs.items()
        if each.kind == "series"
        for minute, _ in facts.get(name) or ()
    ]
    earliest = _with(patient, "facts", "now", max([0, *minutes]))
    return earliest if holds(earliest) else patient


def _first_answers(theory: Theory, patient: WirePatient, holds: Holds) -> WirePatient:
    """Of several answers that would do, the first: which one is told must not be chance."""
    for name, each in theory.prover.wire.inputs.items():
        held = patient["facts"].get(name)
        answers: tuple[Any, ...] = {"boolean": (True,), "code": each.codes}.get(each.kind, ())
        for answer in answers if held is not None else ():
            first = _with(patient, "facts", name, answer)
            if holds(first):
                patient = first
                break
    return patient


# --- round numbers --------------------------------------------------------------------------------


def _round_numbers(
    theory: Theory, condition: Bool, patient: WirePatient, holds: Holds
) -> WirePatient:
    limits = _limits(theory, condition, patient)
    for name, each in theory.prover.wire.inputs.items():
        held = patient["facts"].get(name)
        if each.kind == "quantity" and held is not None:
            for value in _rounder(theory, name, limits.get(name, ()), held):
                rounder = _with(patient, "facts", name, value)
                if holds(rounder):
                    patient = rounder
                    break
        elif each.kind == "series" and held:
            patient = _round_samples(theory, name, limits.get(name, ()), patient, holds)
    return patient


def _round_samples(
    theory: Theory, name: str, limits: Sequence[Fraction], patient: WirePatient, holds: Holds
) -> WirePatient:
    for place in range(len(patient["facts"][name])):
        minute, held = patient["facts"][name][place]
        for value in _rounder(theory, name, limits, held):
            samples: list[Any] = list(patient["facts"][name])
            samples[place] = [minute, value]
            rounder = _with(patient, "facts", name, samples)
            if holds(rounder):
                patient = rounder
                break
    return patient


def _limits(
    theory: Theory, condition: Bool, patient: WirePatient
) -> dict[str, tuple[Fraction, ...]]:
    """The numbers with which each input alone is compared at the patient's site, in wire form."""
    _, settings = values(theory.program, patient["facts"], patient["settings"])
    numbers = {name: each for name, each in settings.items() if isinstance(each, Fraction)}
    found: dict[str, set[Fraction]] = {}
    for leaf in with_refs(theory, condition):
        if isinstance(leaf, Cmp):
            compared = with_settings(leaf, numbers)
            assert isinstance(compared, Cmp), "settings are put in for numbers only"
            factors, constant = linear_terms(compared)
            for datum, factor in factors.items():
                name = datum.series if isinstance(datum, Agg) else datum.name
                if factor and name in theory.prover.wire.inputs:
                    scale = theory.prover.wire.inputs[name].scale
                    limit = abs(constant / factor) * 10**scale
                    found.setdefault(name, set()).add(limit)
    return {name: tuple(sorted(each)) for name, each in found.items()}


def _rounder(theory: Theory, name: str, limits: Sequence[Fraction], held: int) -> Iterator[int]:
    """Values to try before ``held``: limits and round numbers near them, the roundest first.

    The ends of what is plausible come last: nobody has the least D-dimer that can be measured.
    """
    declared = theory.prover.wire.inputs[name]
    steps = 10**declared.scale
    low = declared.low * steps if declared.low is not None else min([Fraction(held), *limits])
    high = declared.high * steps if declared.high is not None else max([Fraction(held), *limits])
    inside = [each for each in limits if low < each < high]
    usual = {int(each) for each in inside if each.denominator == 1}
    for below, above in pairwise([low, *inside, high]):
        usual |= set(_round_between(below, above, is_lowest=below == low))
    usual |= {int(each) + step for each in inside for step in (-steps, -1, 1, steps)}
    plausible = [each for each in usual if low <= each <= high]
    yield from sorted(plausible, key=lambda each: (_digits(each), abs(each), each))
    yield from (int(each) for each in (low, high) if each.denominator == 1)


def _round_between(below: Fraction, above: Fraction, *, is_lowest: bool) -> Iterator[int]:
    """Round whole numbers strictly between two numbers, not far from a limit."""
    start = max(below, above / 2) if is_lowest else below
    end = above if is_lowest or below <= 0 else min(above, 3 * below)
    unit = 1
    while unit * 10 < end - start:
        unit *= 10
    for step in (unit, max(unit // 10, 1)):
        first = -(-start // step) * step
        middle = (start + end) / 2 // step * step
        for each in (first, first + step, middle):
            if below < each < above and start <= each <= end:
                yield int(each)


def _digits(value: int) -> int:
    """How many digits have to be written before only noughts follow."""
    return len(str(abs(value)).rstrip("0"))


def _with(patient: WirePatient, part: str, name: str, value: Any) -> WirePatient:
    return {**patient, part: {**patient[part], name: value}}
