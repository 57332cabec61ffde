"""What two numbers beside a mean can be, and the standard deviation that each reading gives.

A source often prints ``0.65 (0.42–0.87)`` and does not say what the brackets are. Under each
reading the P value of the row can be recomputed; the reading that reproduces most of the printed P
values is then a conclusion, never a fact of the source.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from guidegraph.audit.distributions import NORMAL_975, t_975
from guidegraph.audit.reported import Reported
from guidegraph.audit.rounding import Interval, outward
from guidegraph.audit.variance import (
    MOST_GROUPS,
    Comparison,
    Group,
    analysis_of_variance,
    welch,
    welch_of_two,
)

NORMAL_QUARTILES = 1.3489795003921634
"""The interquartile range of a normal distribution in standard deviations."""
MOST_MISSING = 10
"""How many missing values are tried at most to explain a P value."""
MOST_TRIALS = 400


@dataclass(frozen=True, slots=True)
class Reading:
    """One meaning of an interval beside a mean.

    ``factor`` gives, for a group of a size, the standard deviation as a multiple of half the width;
    ``stated`` names the interval types of a source that mean this.
    """

    name: str
    factor: Callable[[int], float]
    stated: str | None
    symmetric: bool = True


READINGS: tuple[Reading, ...] = (
    Reading(
        "a 95 % confidence interval of the mean (t distribution)",
        lambda size: math.sqrt(size) / t_975(size - 1),
        "ConfidenceInterval95",
    ),
    Reading(
        "a 95 % confidence interval of the mean (normal distribution)",
        lambda size: math.sqrt(size) / NORMAL_975,
        "ConfidenceInterval95",
    ),
    Reading("the mean ± one standard deviation", lambda _: 1.0, "StandardDeviation"),
    Reading("the mean ± one standard error", math.sqrt, None),
    Reading(
        "an interquartile range (of a normal distribution)",
        lambda _: 2 / NORMAL_QUARTILES,
        "InterquartileRange",
        symmetric=False,
    ),
)


@dataclass(frozen=True)
class Cell:
    """The mean of one group with its interval, as printed."""

    reported: Reported
    size: int
    mean: Interval
    low: Interval
    high: Interval

    @cached_property
    def middle(self) -> Interval:
        """The middle of the interval."""
        return (self.low + self.high).scaled(Fraction(1, 2))

    @cached_property
    def is_symmetric(self) -> bool:
        """Whether the mean can be the middle of its interval."""
        return self.mean.meets(self.middle)

    @cached_property
    def estimate(self) -> Interval:
        """The means that the figures allow: of a symmetric interval only its possible middles."""
        return self.mean.common(self.middle) or self.mean

    @cached_property
    def half(self) -> Interval:
        """Half of the width of the interval; if it is not symmetric, either side is possible."""
        half = (self.high - self.low).scaled(Fraction(1, 2))
        for side in (self.mean - self.low, self.high - self.mean):
            half = (half.common(side) or half) if self.is_symmetric else half.span(side)
        return Interval(max(half.low, Fraction(0)), max(half.high, Fraction(0)))


@dataclass(frozen=True, slots=True)
class Row:
    """Means of several groups and the P value of their comparison."""

    test: Reported
    printed: Interval
    cells: tuple[Cell, ...]

    def groups(self, reading: Reading, sizes: Sequence[int] = ()) -> tuple[Group, ...]:
        """The groups under a reading; ``sizes`` replaces the printed sizes."""
        found = []
        for cell, size in zip(self.cells, sizes or self.sizes, strict=True):
            factor = reading.factor(size)
            deviation = outward(float(cell.half.low) * factor, float(cell.half.high) * factor)
            found.append(Group(size, cell.estimate, deviation))
        return tuple(found)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The sizes of the groups."""
        return tuple(cell.size for cell in self.cells)

    def comparison(self, reading: Reading, sizes: Sequence[int] = ()) -> Comparison:
        """The analysis of variance of the row under a reading."""
        return analysis_of_variance(self.groups(reading, sizes))

    def reproduces(self, reading: Reading) -> bool:
        """Whether the printed P value comes out under a reading.

        Of two groups, the t test for unequal spreads is tried as well unless the source names
        analysis of variance.
        """
        if self.comparison(reading).p.meets(self.printed):
            return True
        if len(self.cells) != 2 or self.test.result.method == "OneWayAnova":
            return False
        one, two = self.groups(reading)
        return welch_of_two(one, two).meets(self.printed)

    def unequal(self, reading: Reading) -> float | None:
        """Welch's P value from the middles of all intervals; none if a spread is zero."""
        groups = self.groups(reading)
        means = [_middle(each.mean) for each in groups]
        deviations = [_middle(each.deviation) for each in groups]
        return welch(self.sizes, means, deviations) if min(deviations) > 0 else None

    def missing(self, reading: Reading) -> tuple[int, ...] | None:
        """The sizes with the fewest values missing that reproduce the printed P value, if any."""
        trials = 0
        for absent in range(1, MOST_MISSING + 1):
            for taken in _split(absent, len(self.cells)):
                sizes = tuple(size - less for size, less in zip(self.sizes, taken, strict=True))
                if min(sizes) < 2:
                    continue
                trials += 1
                if trials > MOST_TRIALS:
                    return None
                if self.comparison(reading, sizes).p.meets(self.printed):
                    return sizes
        return None


def cell_of(each: Reported) -> Cell | None:
    """The mean as a cell, if all that is needed is printed."""
    size, mean, low, high = each.size, each.value, each.low, each.high
    if size is None or mean is None or low is None or high is None:
        return None
    if size < 2 or not each.is_exact or high.high < low.low:
        return None
    return Cell(each, size, mean, low, high)


def is_possible(row: Row) -> bool:
    """Whether the row can be computed at all."""
    return 2 <= len(row.cells) <= MOST_GROUPS


def _split(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Every way to share a total among some parts."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _split(total - first, parts - 1):
            yield (first, *rest)


def _middle(interval: Interval) -> float:
    return (float(interval.low) + float(interval.high)) / 2
