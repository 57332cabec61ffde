"""Arithmetic with numbers as they are printed: each stands for all that would be printed like it.

``0.37`` stands for everything from 0.365 to 0.375. What is computed from such numbers is again an
interval, and it is wide enough: no value that the printed numbers allow is outside. Two statements
fit each other if their intervals meet. Rational arithmetic is exact; where a function has no
rational value, the ends are floats moved outwards.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from guidegraph.figures import decimals_of

Number = Fraction | float
LONGEST = 7
"""Numbers of more leading decimal places are shown with a power of ten."""
MARGIN = 1e-9
"""By how much of its size the end of an interval of floats is moved outwards."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Every number from ``low`` to ``high``, both included; an end may be infinite."""

    low: Number
    high: Number

    def meets(self, other: Interval) -> bool:
        """Whether some number is in both."""
        return self.low <= other.high and other.low <= self.high

    def common(self, other: Interval) -> Interval | None:
        """What is in both, if anything is."""
        if not self.meets(other):
            return None
        return Interval(max(self.low, other.low), min(self.high, other.high))

    def span(self, other: Interval) -> Interval:
        """The smallest interval that holds both."""
        return Interval(min(self.low, other.low), max(self.high, other.high))

    def __contains__(self, number: Number) -> bool:
        return self.low <= number <= self.high

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Interval) -> Interval:
        corners = [one * two for one in (self.low, self.high) for two in (other.low, other.high)]
        return Interval(min(corners), max(corners))

    def __truediv__(self, other: Interval) -> Interval:
        """The quotient of intervals that are not negative; by zero it has no upper end."""
        low = self.low / other.high if other.high else 0
        return Interval(low, self.high / other.low if other.low else math.inf)

    def scaled(self, factor: Number) -> Interval:
        """Every number of it times a number that is not negative."""
        return Interval(self.low * factor, self.high * factor)

    def through(self, function: Callable[[float], float]) -> Interval:
        """Its image under a function that rises or falls throughout."""
        return outward(function(float(self.low)), function(float(self.high)))

    def __str__(self) -> str:
        for digits in (3, 4, 5, 6):
            low, high = shown(self.low, digits), shown(self.high, digits)
            if low != high:
                return f"{low} to {high}"
        return shown(self.low, 4)


def exactly(number: Number) -> Interval:
    """The interval of one number."""
    return Interval(number, number)


def outward(one: float, two: float) -> Interval:
    """The interval between two computed floats, wide enough to hold the true ends."""
    low, high = (0.0 if math.isinf(end) else MARGIN * abs(end) for end in (one, two))
    if one <= two:
        return Interval(one - low, two + high)
    return Interval(two - high, one + low)


def as_printed(value: Decimal, text: str) -> Interval:
    """Every number that is printed like this one, by the decimals it has in ``text``."""
    half = Fraction(1, 2 * 10 ** decimals_of(value, text))
    return Interval(Fraction(value) - half, Fraction(value) + half)


def cut_off(value: Decimal, text: str) -> Interval:
    """Every number that gives this one if further decimals are dropped instead of rounded."""
    step = Fraction(1, 10 ** decimals_of(value, text))
    exact = Fraction(value)
    return Interval(exact, exact + step) if exact >= 0 else Interval(exact - step, exact)


def compared(value: Decimal, text: str, comparator: str | None) -> Interval:
    """What a printed number with its comparator stands for: ``<0.001`` is all up to 0.001."""
    if comparator in ("LessThan", "AtMost"):
        return Interval(-math.inf, Fraction(value))
    if comparator in ("GreaterThan", "AtLeast"):
        return Interval(Fraction(value), math.inf)
    return as_printed(value, text)


def shown(number: Number, digits: int = 3) -> str:
    """A number in a line of arithmetic, to three significant digits (whole ones in full)."""
    value = float(number)
    if math.isinf(value):
        return "no limit"
    if value == int(value) and abs(value) < 10**9:
        return str(int(value)).replace("-", "−")
    if abs(value) < 10**-LONGEST:
        return f"{value:.{digits - 1}e}".replace("e-0", "e-").replace("-", "−")
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:.{places}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")
