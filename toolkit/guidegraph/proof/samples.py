"""How many samples of a series a proof must look at, and when: enough for every patient.

The ends of all windows cut time into stretches. Within one stretch a window sees all samples or
none, so what the aggregates tell apart is kept by very few of them: the first, the latest, the
highest and the lowest, as far as any aggregate asks for it, and for a number of samples or a rising
run one more than the largest number it is compared with. Every patient can be thinned out to such a
one without any condition noticing. What is proved of these holds for all, as long as no stretch was
``cut_short``.

Where a condition reads the time of the decision, samples stand as early in their stretch as they
can, so that none is thought to be later than now; elsewhere they stand at round hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import floor

from guidegraph.kernel import NOW, Agg, Bool, Cmp, linear_terms, walk
from guidegraph.program import Program
from guidegraph.wire import TEN_YEARS, conditions

EXTREMES = ("first", "last", "max", "min")
HOUR = 60
DAY = 24 * HOUR
MOST = 4
"""How many samples are looked at for a number of samples or a run, in one stretch at most."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The minutes at which samples of one stretch of time are taken, in order."""

    minutes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The stretches of each series; ``cut_short`` names those with fewer samples than needed."""

    stretches: Mapping[str, tuple[Stretch, ...]]
    cut_short: frozenset[str]

    @classmethod
    def of(cls, programs: Iterable[Program]) -> Layout:
        """A layout that serves all programs (the readings of one guideline)."""
        held = list(programs)
        asked: dict[str, dict[Agg, int]] = {}
        early = False
        for program in held:
            for _, condition in conditions(program):
                early = early or any(node == NOW for node in walk(condition))
                for each, most in _aggregates(condition):
                    known = asked.setdefault(each.series, {})
                    known[each] = max(most, known.get(each, 0))
        stretches: dict[str, tuple[Stretch, ...]] = {}
        short = set()
        for series in (each.name for each in held[0].inputs if each.kind == "series"):
            known = asked.get(series, {})
            found = [_stretch(known, *ends, early) for ends in _ends(known)]
            stretches[series] = tuple(stretch for stretch, _ in found if stretch.minutes)
            if any(is_short for _, is_short in found):
                short.add(series)
        return cls(stretches, frozenset(short))

    def minutes(self, series: str) -> tuple[int, ...]:
        """Every minute at which a sample of the series may stand."""
        return tuple(minute for each in self.stretches[series] for minute in each.minutes)


def _aggregates(condition: Bool) -> Iterator[tuple[Agg, int]]:
    """Each aggregate in a condition, with the largest number that a count is compared with."""
    for node in walk(condition):
        if isinstance(node, Cmp):
            factors, constant = linear_terms(node)
            for each, factor in factors.items():
                if isinstance(each, Agg):
                    alone = len(factors) == 1 and factor != 0
                    limit = floor(abs(Fraction(constant) / factor)) if alone else MOST
                    yield each, 0 if each.fn in EXTREMES else limit + 1


def _ends(asked: Mapping[Agg, int]) -> Iterator[tuple[int | None, int | None]]:
    """The stretches into which the windows cut time, from the first to the last."""
    starts = {each.low for each in asked if each.low is not None}
    starts |= {each.high + 1 for each in asked if each.high is not None}
    cuts: list[int | None] = [None, *sorted(starts), None]
    for low, after in pairwise(cuts):
        yield low, None if after is None else after - 1


def _stretch(
    asked: Mapping[Agg, int], low: int | None, high: int | None, early: bool
) -> tuple[Stretch, bool]:
    """The samples of a stretch, and whether there should have been more."""
    inside = low if low is not None else high if high is not None else 0
    seen = [each for each in asked if each.spans(inside)]
    extremes = {each.fn for each in seen if each.fn in EXTREMES}
    needed = max((asked[each] for each in seen if each.fn not in EXTREMES), default=0)
    first = -TEN_YEARS if low is None and early else low
    wanted = len(extremes) + min(needed, MOST)
    start, step = _begin(first, high, wanted) if not early else (first or 0, 1)
    minutes = tuple(start + step * place for place in range(wanted))
    kept = tuple(each for each in minutes if high is None or each <= high)
    return Stretch(kept), needed > MOST


def _begin(low: int | None, high: int | None, count: int) -> tuple[int, int]:
    """A round minute to begin with, and the step to the next: whole days and hours if they fit."""
    for unit in (DAY, DAY // 2, HOUR):
        if low is None:
            start = 0 if high is None or high >= HOUR * count else (high // unit - count) * unit
        else:
            start = -(-low // unit) * unit
        if high is None or start + HOUR * (count - 1) <= high:
            return start, HOUR
    return (high - count + 1 if low is None and high is not None else low or 0), 1
