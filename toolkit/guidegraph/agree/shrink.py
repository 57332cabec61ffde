"""A divergence made as small as it gets: fewer facts, fewer samples, simpler numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from guidegraph import probe
from guidegraph.agree.base import RunError, Runner, Tracing, WirePatient
from guidegraph.agree.reference import Reference
from guidegraph.agree.report import SILENT, Counterexample, Parting
from guidegraph.evaluate.status import Standing
from guidegraph.program import Program

MOST_ROUNDS = 500
"""Steps of shrinking; each makes the patient smaller, so few patients ever need as many."""


def shrink(
    program: Program, target: str, runner: Runner, rule: str, patient: WirePatient, place: int
) -> Counterexample:
    """The smallest patient found about whom the target still disagrees on this recommendation.

    If the target stops on the way, the smallest until then is taken.
    """
    shrinker = _Shrinker(program, runner, rule)
    smallest = shrinker.smallest(patient)
    standing = shrinker.standing(smallest)
    return Counterexample(
        target=target,
        rule=rule,
        patient=smallest,
        expected=standing.status if standing else SILENT,
        guard=standing.guard if standing else None,
        effective=standing.effective if standing else None,
        told=shrinker.told(smallest),
        parting=shrinker.parting(smallest),
        place=place,
    )


class _Shrinker:
    def __init__(self, program: Program, runner: Runner, rule: str) -> None:
        self.program = program
        self.runner = runner
        self.rule = rule
        self.reference = Reference(program)
        layout = probe.Layout(program)
        self.marks, self.bounds = layout.marks, layout.bounds

    def smallest(self, patient: WirePatient) -> WirePatient:
        """Take the first smaller patient that still tells target and reference apart; again."""
        for _ in range(MOST_ROUNDS):
            smaller = sorted(self._smaller(patient), key=self._size)
            size = self._size(patient)
            smaller = [each for each in smaller if self._size(each) < size]
            try:
                found = next((each for each in self._diverging(smaller)), None)
            except RunError:
                return patient
            if found is None:
                return patient
            patient = found
        return patient

    def standing(self, patient: WirePatient) -> Standing | None:
        """What the reference says; None about a recommendation it does not have."""
        found = self.reference.standings(patient)
        return next((each for each in found if each.rule.name == self.rule), None)

    def told(self, patient: WirePatient) -> str:
        """What the target says."""
        return self.runner.statuses([patient])[0].get(self.rule, SILENT)

    def parting(self, patient: WirePatient) -> Parting | None:
        """The first criterion, in order of need, of which the target says something else."""
        if not isinstance(self.runner, Tracing):
            return None
        told = self.runner.truths(patient)
        for name, expected in self.reference.truths(patient).items():
            if name in told and told[name] != expected:
                return Parting(criterion=name, expected=expected, told=told[name])
        return None

    def _diverging(self, patients: list[WirePatient]) -> Iterator[WirePatient]:
        """Those about whom they differ, asked in batches that grow."""
        start, count = 0, 8
        while start < len(patients):
            batch = patients[start : start + count]
            for patient, answer in zip(batch, self.runner.statuses(batch), strict=True):
                wanted = self.reference.statuses(patient)
                if answer.get(self.rule) != wanted.get(self.rule):
                    yield patient
            start, count = start + count, count * 2

    # --- what is smaller ---

    def _size(self, patient: WirePatient) -> tuple[object, ...]:
        """How much there is to read: data, samples, then how odd the numbers are."""
        facts, settings = patient["facts"], patient["settings"]
        series = [each for each in facts.values() if isinstance(each, list)]
        numbers = [
            self._oddity(name, value)
            for name, value in (*facts.items(), *settings.items())
            for value in _numbers(value)
        ]
        minutes = [self._oddity("now", each[0]) for taken in series for each in taken]
        return (
            len(facts) + len(settings),
            sum(map(len, series)),
            sum(each is None for each in facts.values()),
            sorted(numbers + minutes, reverse=True),
        )

    def _oddity(self, name: str, value: int) -> tuple[int, int, int]:
        """Numbers that stand in the guideline first, then round ones, then small ones."""
        stands = value in self.marks[name]
        return (0 if stands else len(str(abs(value)).rstrip("0")) + 1, abs(value), value < 0)

    def _smaller(self, patient: WirePatient) -> Iterator[WirePatient]:
        for part in ("facts", "settings"):
            held = patient[part]
            names = list(held)
            for size in _halvings(len(names)):
                for start in range(0, len(names), size):
                    gone = names[start : start + size]
                    yield {**patient, part: {k: v for k, v in held.items() if k not in gone}}
            for name in names:
                for value in self._simpler(name, held[name]):
                    yield {**patient, part: {**held, name: value}}

    def _simpler(self, name: str, value: Any) -> Iterator[Any]:
        if isinstance(value, list):
            for place, (minute, each) in enumerate(value):
                before, after = value[:place], value[place + 1 :]
                yield [*before, *after]
                for other in self._nearer(name, each):
                    yield [*before, [minute, other], *after]
                for other in self._nearer("now", minute):
                    if all(other != taken for taken, _ in (*before, *after)):
                        yield sorted([*before, [other, each], *after])
        elif isinstance(value, int) and not isinstance(value, bool):
            yield from self._nearer(name, value)

    def _nearer(self, name: str, value: int) -> Iterator[int]:
        """Simpler numbers to try instead: marks, zero, and the same with fewer digits."""
        low, high = self.bounds[name]
        powers = (10**power for power in range(1, len(str(abs(value)))))
        found = (*self.marks[name], 0, *(value // step * step for step in powers))
        return (each for each in found if low <= each <= high)


def _numbers(value: Any) -> Iterator[int]:
    if isinstance(value, list):
        yield from (each for _, each in value)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield value


def _halvings(count: int) -> Iterator[int]:
    while count:
        yield count
        count //= 2
