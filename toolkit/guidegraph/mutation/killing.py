"""Running the cases on guidelines with one fault: which faults do they notice?

A case passes on the guideline as it stands, so it notices a fault exactly where the faulty
guideline says something else about its patient: another status, another conflict, another answer
of a criterion the case speaks of, or another outcome of a recommendation that it states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from guidegraph.cases.reading import Case
from guidegraph.evaluate.status import Standing, conflicts, meaning, standings
from guidegraph.kernel import Meaning, Ref
from guidegraph.lower import LowerError, lower
from guidegraph.model import Guideline, SiteParameter
from guidegraph.mutation.mutants import Mutant
from guidegraph.patient import Patient, from_node
from guidegraph.program import Named, Program, Rule, needs

Chosen = tuple[tuple[str, str], ...]
"""Readings, as pairs of point and choice."""
Clashes = frozenset[tuple[frozenset[str], str]]
"""Pairs of recommendations in conflict, each with its kind."""
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Killing:
    """What became of one mutant.

    ``killed_by`` is the first case that notices the fault, ``is_refused`` that the guideline could
    not even be run with it; with neither, it survives.
    """

    mutant: Mutant
    killed_by: str | None = None
    is_refused: bool = False

    @property
    def survives(self) -> bool:
        """Whether no case noticed."""
        return self.killed_by is None and not self.is_refused


def kill(
    guideline: Guideline, cases: Iterable[Case], faults: Iterable[Mutant], progress: Progress
) -> tuple[Killing, ...]:
    """Run the cases on every mutant, in their order."""
    bench = Bench(guideline, cases)
    waiting = tuple(faults)
    found = []
    for done, mutant in enumerate(waiting):
        progress("Trying faults", done, len(waiting))
        found.append(bench.try_out(mutant))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Subject:
    """The patient of a case, and what the guideline says about it."""

    case: Case
    patient: Patient
    meant: Meaning
    statuses: Mapping[str, str]
    clashes: Clashes


class Bench:
    """The cases of a guideline, ready to be run on mutants of it."""

    def __init__(self, guideline: Guideline, cases: Iterable[Case]) -> None:
        self.guideline = guideline
        self._programs: dict[Chosen, Program] = {}
        self._cases = tuple(cases)
        self._subjects = list(self._read())

    def try_out(self, mutant: Mutant) -> Killing:
        """What becomes of a mutant. Cases that noticed the last fault are tried first."""
        if mutant.term in ("gg:modality", "gg:recommendsAction"):
            return self._outcome(mutant)
        pairs: dict[Chosen, Pair] = {}
        try:
            for place, subject in enumerate(self._subjects):
                key = chosen(subject.case)
                if key not in pairs:
                    pairs[key] = Pair(self._program(key), lower(mutant.guideline, dict(key)))
                if self._notices(subject, pairs[key], mutant):
                    self._subjects.insert(0, self._subjects.pop(place))
                    return Killing(mutant=mutant, killed_by=subject.case.id)
        except LowerError:
            return Killing(mutant=mutant, is_refused=True)
        return Killing(mutant=mutant)

    def _read(self) -> Iterator[_Subject]:
        for case in self._cases:
            program = self._program(chosen(case))
            patient, _ = from_node(case.patient, program)
            if patient is not None:
                meant = meaning(program, patient.inputs, patient.settings)
                found = standings(program.rules, meant)
                statuses = {each.rule.name: each.status for each in found}
                yield _Subject(case, patient, meant, statuses, _clashes(program, found))

    def _program(self, key: Chosen) -> Program:
        if key not in self._programs:
            self._programs[key] = lower(self.guideline, dict(key))
        return self._programs[key]

    def _notices(self, subject: _Subject, pair: Pair, mutant: Mutant) -> bool:
        if pair.is_same:
            return False
        patient: Patient | None = subject.patient
        if isinstance(self.guideline[mutant.subject], SiteParameter):
            patient, _ = from_node(subject.case.patient, pair.faulty)
        if patient is None:
            return True
        meant = meaning(pair.faulty, patient.inputs, patient.settings)
        touched = [each for each in pair.faulty.rules if each.name in pair.touched]
        if any(e.status != subject.statuses[e.rule.name] for e in standings(touched, meant)):
            return True
        if any(meant.truth(Ref("criterion", e)) is not a for e, a in subject.case.criteria.items()):
            return True
        if not pair.has_other_relations:
            return False
        everywhere = standings(pair.faulty.rules, meant)
        return _clashes(pair.faulty, everywhere) != subject.clashes

    def _outcome(self, mutant: Mutant) -> Killing:
        """Modality and action are noticed where a case states them of the recommendation."""
        for case in self._cases:
            if mutant.subject in case.outcomes:
                return Killing(mutant=mutant, killed_by=case.id)
        return Killing(mutant=mutant)


class Pair:
    """A program and the same with a fault."""

    def __init__(self, sound: Program, faulty: Program) -> None:
        self.sound = sound
        self.faulty = faulty

    @cached_property
    def is_same(self) -> bool:
        """Whether the fault makes no difference to what runs."""
        return self.sound == self.faulty

    @cached_property
    def has_other_relations(self) -> bool:
        """Whether the same statuses could make another conflict."""
        return _relations(self.sound) != _relations(self.faulty)

    @cached_property
    def touched(self) -> frozenset[str]:
        """The criteria and rules that the fault may change: those that differ, or need one."""
        before = {ref_of(each): each for each in self.sound.definitions}
        if self.sound.settings != self.faulty.settings:
            return frozenset(ref.name for ref in before)
        found: set[Ref] = set()
        for each in self.faulty.definitions:
            if each != before.get(ref_of(each)) or any(ref in found for ref in needs(each)):
                found.add(ref_of(each))
        return frozenset(ref.name for ref in found)


def _relations(program: Program) -> object:
    """All that decides, beside the statuses, which recommendations are in conflict."""
    rules = {e.name: (e.norm, e.action, set(e.unless), e.alternative_to) for e in program.rules}
    return program.incompatible, rules


def chosen(case: Case) -> Chosen:
    """The readings of a case."""
    return tuple(sorted(case.readings.items()))


def ref_of(definition: Named | Rule) -> Ref:
    """How a criterion or rule is referred to."""
    return Ref("criterion" if isinstance(definition, Named) else "rule", definition.name)


def _clashes(program: Program, found: Iterable[Standing]) -> Clashes:
    return frozenset((frozenset(each.rules), each.kind) for each in conflicts(program, found))
