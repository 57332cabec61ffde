"""Axes: where a number stands, and which round numbers are written below it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

MANY_TICKS = 7
WIDE_RATIO = 50
"""From this ratio of the largest to the smallest number on, an axis of positive numbers is
logarithmic."""

Number = Decimal | Fraction | int


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers from ``low`` to ``high`` along ``length`` pixels that begin at ``start``."""

    low: float
    high: float
    start: float
    length: float
    is_logarithmic: bool = False

    def at(self, value: Number) -> float:
        """Where a number stands; what lies beyond an end stands at it."""
        number = min(max(float(value), self.low), self.high)
        low, high = self.low, self.high
        if self.is_logarithmic:
            number, low, high = math.log10(number), math.log10(low), math.log10(high)
        return self.start + (number - low) / (high - low) * self.length

    def holds(self, value: Number) -> bool:
        """Whether a number lies on the axis."""
        return self.low <= float(value) <= self.high

    @property
    def ticks(self) -> tuple[Fraction, ...]:
        """Round numbers along the axis."""
        return _powers(self) if self.is_logarithmic else _steps(self)


def scale(
    values: Iterable[Number], start: float, length: float, logarithmic: bool | None = None
) -> Scale:
    """An axis on which all the numbers have a place, with round ends.

    On a logarithmic axis (by default for positive numbers that lie far apart) numbers that are not
    positive have none: they stand at its lower end.
    """
    numbers = sorted(Fraction(each) for each in values)
    positive = [each for each in numbers if each > 0]
    far = bool(positive) and positive[-1] / positive[0] >= WIDE_RATIO
    if logarithmic or (logarithmic is None and far):
        low = 10.0 ** math.floor(math.log10(positive[0]))
        high = 10.0 ** math.ceil(math.log10(positive[-1]))
        return Scale(low, max(high, low * 10), start, length, True)
    low, high = (float(numbers[0]), float(numbers[-1])) if numbers else (0.0, 1.0)
    step = _step(high - low or abs(high) or 1.0)
    return Scale(math.floor(low / step) * step, math.ceil(high / step) * step, start, length)


def _step(span: float) -> float:
    """A round distance between ticks: 1, 2 or 5 times a power of ten."""
    rough = span / MANY_TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    return next(each * power for each in (1, 2, 5, 10) if each * power >= rough)


def _steps(axis: Scale) -> tuple[Fraction, ...]:
    step = Fraction(repr(_step(axis.high - axis.low))).limit_denominator(10**9)
    first = math.ceil(Fraction(repr(axis.low)) / step)
    last = math.floor(Fraction(repr(axis.high)) / step)
    return tuple(number * step for number in range(first, last + 1))


def _powers(axis: Scale) -> tuple[Fraction, ...]:
    powers = range(round(math.log10(axis.low)), round(math.log10(axis.high)) + 1)
    return tuple(Fraction(10) ** power for power in powers)
