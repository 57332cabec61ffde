"""One process's targets: started once, asked chunk by chunk, and what differs counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from guidegraph.agree.base import Executor, RunError, Runner, Statuses, WirePatient
from guidegraph.agree.reference import Reference
from guidegraph.export import ExportInput
from guidegraph.probe import Probe

Clock = Callable[[], float]
"""Seconds since some moment."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A target that takes part, with how many of the patients it gets (always the first ones)."""

    executor: Executor
    patients: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of the patients of a seed."""

    start: int
    count: int


@dataclass(slots=True)
class Found:
    """What one target did in a chunk. ``first`` has, per recommendation, the first patient."""

    patients: int = 0
    evaluations: int = 0
    divergences: int = 0
    seconds: float = 0
    first: dict[str, int] = field(default_factory=dict)
    error: str | None = None

    def add(self, other: Found) -> None:
        """Count what was found elsewhere too."""
        self.patients += other.patients
        self.evaluations += other.evaluations
        self.divergences += other.divergences
        self.seconds += other.seconds
        for rule, place in other.first.items():
            self.first[rule] = min(place, self.first.get(rule, place))
        self.error = self.error or other.error


class Crew:
    """Targets of one guideline that are running, beside the reference."""

    def __init__(
        self, loaded: ExportInput, contenders: Sequence[Contender], seed: int, clock: Clock
    ) -> None:
        self.loaded = loaded
        self.clock = clock
        self.reference = Reference(loaded.program)
        self._contenders = contenders
        self._probe = Probe(loaded.program, seed)
        self._exits = ExitStack()
        self._running: dict[str, Runner] = {}
        self._stopped: set[str] = set()

    def close(self) -> None:
        """Stop all engines."""
        self._exits.close()

    def compare(self, chunk: Chunk) -> dict[str, Found]:
        """Ask every target that gets these patients; a target that stops is not asked again."""
        patients = list(self._probe.patients(chunk.start, chunk.count))
        expected = [self.reference.statuses(each) for each in patients]
        found: dict[str, Found] = {}
        for each in self._contenders:
            name, share = each.executor.name, max(0, each.patients - chunk.start)
            if share and name not in self._stopped:
                found[name] = self._ask(each.executor, patients[:share], expected, chunk.start)
        return found

    def _ask(
        self,
        executor: Executor,
        patients: Sequence[WirePatient],
        expected: Sequence[Statuses],
        start: int,
    ) -> Found:
        found = Found()
        before = self.clock()
        try:
            told = self._runner(executor).statuses(patients)
            if len(told) != len(patients):
                raise RunError(f"{len(told)} answers about {len(patients)} patients")
        except Exception as stop:
            self._stopped.add(executor.name)
            found.error = last_words(stop)
            return found
        found.seconds = self.clock() - before
        for place, (answer, wanted) in enumerate(zip(told, expected, strict=False), start):
            found.patients += 1
            found.evaluations += len(wanted)
            if answer != wanted:
                differing = parted(wanted, answer)
                found.divergences += len(differing)
                for rule in differing:
                    found.first.setdefault(rule, place)
        return found

    def _runner(self, executor: Executor) -> Runner:
        name = executor.name
        if name not in self._running:
            self._running[name] = self._exits.enter_context(executor.start(self.loaded))
        return self._running[name]


def last_words(stop: Exception) -> str:
    """Why a target stopped; what no executor has foreseen is named by its kind."""
    return str(stop) if isinstance(stop, RunError) else f"{type(stop).__name__}: {stop}"


def parted(wanted: Statuses, told: Statuses) -> list[str]:
    """The recommendations about which two answers differ; one that a side does not know, too."""
    unheard = [each for each in told if each not in wanted]
    return [each for each, status in wanted.items() if told.get(each) != status] + unheard
