"""P values and quantiles. scipy is loaded when the first of them is asked for, not before."""

from __future__ import annotations

import math
from fractions import Fraction

NORMAL_975 = 1.959963984540054
"""The 97.5 % quantile of the standard normal distribution."""


def normal_two_sided(z: float) -> float:
    """The two-sided P value of a standard normal statistic."""
    return math.erfc(abs(z) / math.sqrt(2))


def chi_squared_one(statistic: float) -> float:
    """The P value of a chi-squared statistic with one degree of freedom."""
    return math.erfc(math.sqrt(max(statistic, 0.0) / 2))


def t_two_sided(t: float, freedom: float) -> float:
    """The two-sided P value of a t statistic."""
    from scipy.special import stdtr

    return 2 * float(stdtr(freedom, -abs(t)))


def t_975(freedom: float) -> float:
    """The 97.5 % quantile of the t distribution."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.975))


def f_upper(statistic: float, between: float, within: float) -> float:
    """The P value of an F statistic."""
    from scipy.special import fdtrc

    if math.isinf(statistic):
        return 0.0
    return float(fdtrc(between, within, max(statistic, 0.0)))


def chi_squared(a: int, b: int, c: int, d: int, corrected: bool) -> float:
    """The P value of the chi-squared test of a two by two table, with or without Yates."""
    total = a + b + c + d
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    if margins == 0:
        return 1.0
    difference = Fraction(abs(a * d - b * c))
    if corrected:
        difference = max(difference - Fraction(total, 2), Fraction(0))
    return chi_squared_one(float(total * difference**2 / margins))


def fisher(a: int, b: int, c: int, d: int) -> Fraction:
    """The exact two-sided P value of a two by two table: all tables that are no likelier."""
    first, second, with_it = a + b, c + d, a + c
    lowest, highest = max(0, with_it - second), min(first, with_it)
    ways = [
        math.comb(first, k) * math.comb(second, with_it - k) for k in range(lowest, highest + 1)
    ]
    observed = ways[a - lowest]
    return Fraction(sum(each for each in ways if each <= observed), sum(ways))
