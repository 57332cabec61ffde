"""Axes: where a number stands, and which round numbers are written below it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

MANY_TICKS = 7
"""A step between ticks is no smaller than this part of the axis."""
MANY_POWERS = 9
"""From more ticks than this on, only the powers of ten are written below a logarithmic axis."""
WIDE_RATIO = 50
"""From this ratio of the largest to the smallest number on, an axis of positive numbers is
logarithmic."""

Number = Decimal | Fraction | int


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers from ``low`` to ``high`` along ``length`` pixels that begin at ``start``.

    ``step`` is the distance between ticks; a logarithmic axis has none.
    """

    low: Fraction
    high: Fraction
    start: float
    length: float
    step: Fraction | None

    @property
    def is_logarithmic(self) -> bool:
        """Whether equal lengths stand for equal ratios."""
        return self.step is None

    def at(self, value: Number) -> float:
        """Where a number stands; what lies beyond an end stands at it."""
        number = min(max(Fraction(value), self.low), self.high)
        if self.is_logarithmic:
            part = math.log10(number / self.low) / math.log10(self.high / self.low)
        else:
            part = float((number - self.low) / (self.high - self.low))
        return self.start + part * self.length

    def holds(self, value: Number) -> bool:
        """Whether a number lies on the axis."""
        return self.low <= Fraction(value) <= self.high

    @property
    def ticks(self) -> tuple[Fraction, ...]:
        """Round numbers along the axis, from low to high."""
        if self.step is not None:
            return tuple(_multiples(self.step, self.low, self.high))
        found = [each for each in _round(self.low, self.high) if self.holds(each)]
        powers = [each for each in found if _is_power(each)]
        return tuple(powers if len(found) > MANY_POWERS else found)


def scale(
    values: Iterable[Number], start: float, length: float, logarithmic: bool | None = None
) -> Scale:
    """An axis on which all the numbers have a place, with round ends.

    On a logarithmic axis (by default for positive numbers that lie far apart) numbers that are not
    positive have none: they stand at its lower end.
    """
    numbers = sorted(Fraction(each) for each in values) or [Fraction(0), Fraction(1)]
    positive = [each for each in numbers if each > 0]
    far = bool(positive) and positive[-1] / positive[0] >= WIDE_RATIO
    if positive and (far if logarithmic is None else logarithmic):
        marks = tuple(_round(positive[0], positive[-1]))
        low = max(each for each in marks if each <= positive[0])
        high = min(each for each in marks if each >= positive[-1] and each > low)
        return Scale(low, high, start, length, None)
    low, high = numbers[0], numbers[-1]
    step = _step(high - low or abs(high) or Fraction(1))
    low, high = math.floor(low / step) * step, math.ceil(high / step) * step
    return Scale(low, high if high > low else low + step, start, length, step)


def _step(span: Fraction) -> Fraction:
    """A round distance between ticks: 1, 2 or 5 times a power of ten."""
    rough = span / MANY_TICKS
    power = Fraction(10) ** math.floor(math.log10(rough))
    return next(each * power for each in (1, 2, 5, 10) if each * power >= rough)


def _multiples(step: Fraction, low: Fraction, high: Fraction) -> Iterator[Fraction]:
    for number in range(math.ceil(low / step), math.floor(high / step) + 1):
        yield number * step


def _round(low: Fraction, high: Fraction) -> Iterator[Fraction]:
    """1, 2 and 5 times the powers of ten around two positive numbers, from low to high."""
    for power in range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 2):
        for each in (1, 2, 5):
            yield each * Fraction(10) ** power


def _is_power(number: Fraction) -> bool:
    """Whether a number is a power of ten."""
    return str(max(number.numerator, number.denominator)).strip("0") == "1" and 1 in (
        number.numerator,
        number.denominator,
    )
