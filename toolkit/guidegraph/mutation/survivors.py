"""Why a fault was not noticed: it changes nothing, or a case is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Literal

from guidegraph import probe
from guidegraph.evaluate.status import meaning, standings
from guidegraph.kernel import Bool, Ref
from guidegraph.lower import LowerError, lower
from guidegraph.model import Guideline, InterpretationPoint
from guidegraph.mutation.killing import Killing, Pair
from guidegraph.program import Program, needs
from guidegraph.regions import TRUTHS, Space, TooManyRegionsError
from guidegraph.wire import values

Reason = Literal["unused", "equivalent", "missing case", "not found"]
WORDS: dict[Reason, str] = {
    "unused": "nothing that is decided depends on it",
    "equivalent": "proved to decide the same about every patient",
    "missing case": "no case has a patient who shows it, but there are such patients",
    "not found": "no patient who shows it was found",
}
TRIED = 4000
"""How many patients are tried to tell a fault from the guideline as it stands."""

WirePatient = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A patient who shows some fault under ``readings``: by an advice, or by ``criteria``."""

    readings: Mapping[str, str]
    patient: WirePatient
    criteria: frozenset[str]

    def tells(self, different: Iterable[Ref]) -> bool:
        """Whether a case about the patient would notice that these are decided otherwise."""
        return any(each.kind == "rule" or each.name in self.criteria for each in different)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survivor:
    """A fault that no case notices. ``patient`` is one who would show it, in wire form.

    ``decides`` names what the fault decides otherwise for that patient, under ``readings``.
    """

    killing: Killing
    reason: Reason
    readings: Mapping[str, str] = field(default_factory=dict)
    patient: WirePatient | None = None
    decides: tuple[str, ...] = ()

    @property
    def is_harmless(self) -> bool:
        """Whether the fault changes nothing that anybody could see."""
        return self.reason in ("unused", "equivalent")


def explain(
    guideline: Guideline, killing: Killing, known: Iterable[Shown], seed: int = 0
) -> Survivor:
    """Why a mutant survives: under the default readings, or else under one that is not.

    ``known`` are patients who show other faults; one who shows this one too is preferred.
    """
    unsettled: Survivor | None = None
    tried = tuple(known)
    for readings in each_reading(guideline):
        try:
            pair = Pair(lower(guideline, readings), lower(killing.mutant.guideline, readings))
        except LowerError:
            continue
        if pair.is_same or not (names := watched(pair)):
            continue
        alike = [each for each in tried if each.readings == readings]
        if found := _shown(pair, names, alike, seed):
            patient, decides = found
            return Survivor(
                killing=killing,
                reason="missing case",
                readings=readings,
                patient=patient,
                decides=tuple(each.name for each in decides),
            )
        reason: Reason = "equivalent" if _is_proved_equal(pair, names) else "not found"
        if unsettled is None or reason == "not found":
            unsettled = Survivor(killing=killing, reason=reason, readings=readings)
    return unsettled or Survivor(killing=killing, reason="unused")


def _shown(
    pair: Pair, names: Sequence[Ref], known: Iterable[Shown], seed: int
) -> tuple[WirePatient, tuple[Ref, ...]] | None:
    """A patient about whom a fault decides otherwise, and what it decides otherwise."""
    told_apart = Separation(pair, names)
    for each in known:
        if each.tells(different := told_apart.by(each.patient)):
            return each.patient, different
    made = (probe.patients(each, seed, TRIED // 2) for each in (pair.faulty, pair.sound))
    for patient in chain(*made):
        if different := told_apart.by(patient):
            return patient, different
    return None


def each_reading(guideline: Guideline) -> Iterator[Mapping[str, str]]:
    """The default readings, then every other reading with the defaults of all other points."""
    yield {}
    for point in guideline.all(InterpretationPoint):
        others = (each for each in point.readings if each != point.default_reading)
        yield from ({point.id: each} for each in others)


def watched(pair: Pair) -> tuple[Ref, ...]:
    """The rules a fault may decide otherwise, and the criteria that stand on their own."""
    used = {ref for each in pair.sound.definitions for ref in needs(each)}
    found = [Ref("rule", each.name) for each in pair.sound.rules if each.name in pair.touched]
    found += [
        ref
        for each in pair.sound.criteria
        if each.name in pair.touched and (ref := Ref("criterion", each.name)) not in used
    ]
    return tuple(found)


class Separation:
    """Tells a fault from the guideline as it stands by what they say about a patient."""

    def __init__(self, pair: Pair, names: Sequence[Ref]) -> None:
        self._programs = (pair.sound, pair.faulty)
        self._names = names

    def by(self, patient: WirePatient) -> tuple[Ref, ...]:
        """The recommendations and criteria that are decided otherwise; often none.

        A patient with a sample from after the decision is nobody's case: the file would be refused.
        """
        if not _is_possible(patient["facts"]):
            return ()
        sound, faulty = (dict(self._answers(each, patient)) for each in self._programs)
        return tuple(ref for ref in self._names if sound[ref] != faulty[ref])

    def _answers(self, program: Program, patient: WirePatient) -> Iterable[tuple[Ref, object]]:
        inputs, settings = values(program, patient["facts"], patient["settings"])
        meant = meaning(program, inputs, settings)
        rules = {each.name: each for each in program.rules}
        for ref in self._names:
            if ref.kind == "rule":
                (standing,) = standings([rules[ref.name]], meant)
                yield ref, standing.status
            else:
                yield ref, meant.truth(ref)


def _is_possible(facts: Mapping[str, Any]) -> bool:
    now = facts.get("now")
    series = (each for each in facts.values() if isinstance(each, list))
    return now is None or all(minute <= now for each in series for minute, _ in each)


def _is_proved_equal(pair: Pair, names: Sequence[Ref]) -> bool:
    """Whether guards and effective conditions are the same for all patients and settings."""
    sides = [tuple(_conditions(each, names)) for each in (pair.sound, pair.faulty)]
    space = Space(pair.sound)
    try:
        return all(
            space.search((one, other), _differ) is None
            for one, other in zip(*sides, strict=True)
            if one != other
        )
    except TooManyRegionsError:
        return False


def _conditions(program: Program, names: Sequence[Ref]) -> Iterable[Bool]:
    """Everything that is decided about the names, with no references left."""
    space = Space(program)
    rules = {each.name: each for each in program.rules}
    for ref in names:
        if ref.kind == "rule":
            yield space.resolved(rules[ref.name].guard)
            yield space.resolved(rules[ref.name].effective)
        else:
            yield space.conditions[ref]


def _differ(decided: tuple[Bool, ...]) -> bool | None:
    one, other = decided
    if one == other:
        return False
    return True if one in TRUTHS and other in TRUTHS else None
