"""Comparison of means from what is printed of each group: one-way analysis of variance and Welch.

A printed mean is an interval of means, a printed spread an interval of standard deviations. The
intervals of F and P are computed, not sampled: the sum of squares between the groups is convex in
the means, so it is greatest at a corner and its least value is a problem in one unknown; the sum
within the groups rises with each standard deviation.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from guidegraph.audit.distributions import f_upper, t_two_sided
from guidegraph.audit.rounding import Interval, Number, outward

MOST_GROUPS = 12
"""The corners of more intervals of means are too many to look at."""


@dataclass(frozen=True, slots=True)
class Group:
    """One group: how many, which means and which standard deviations what is printed allows."""

    size: int
    mean: Interval
    deviation: Interval


@dataclass(frozen=True, slots=True)
class Comparison:
    """The result of an analysis of variance: intervals of F and P, and how they came about."""

    between: int
    within: int
    squares_between: Interval
    squares_within: Interval
    statistic: Interval
    p: Interval


def least_between(groups: Sequence[Group]) -> Fraction:
    """The least sum of squares between the groups that the intervals of the means allow.

    It is the least of Σ n (m − c)² over means m and any centre c: at the centre each mean is as
    near as it can be. The derivative in c rises, in pieces that are straight.
    """
    unit, means = _whole(groups)

    def slope(centre: int) -> int:
        return sum(n * (centre - min(max(centre, low), high)) for n, low, high in means)

    ends = sorted({end for _, low, high in means for end in (low, high)})
    left = max(end for end in ends if slope(end) <= 0)
    right = min(end for end in ends if slope(end) >= 0)
    rise = slope(right) - slope(left)
    centre = Fraction(left)
    if rise:
        centre -= Fraction(slope(left) * (right - left), rise)
    ends_of = ((n, Fraction(low), Fraction(high)) for n, low, high in means)
    squares = (n * (centre - min(max(centre, a), b)) ** 2 for n, a, b in ends_of)
    return sum(squares, Fraction(0)) / unit**2


def greatest_between(groups: Sequence[Group]) -> Fraction:
    """The greatest sum of squares between the groups: at a corner, since it is convex."""
    unit, means = _whole(groups)
    total = sum(size for size, _, _ in means)
    ends = [[(n * mean, n * mean * mean) for mean in (low, high)] for n, low, high in means]
    greatest = max(
        total * sum(square for _, square in corner) - sum(one for one, _ in corner) ** 2
        for corner in itertools.product(*ends)
    )
    return Fraction(greatest, total * unit**2)


def _whole(groups: Sequence[Group]) -> tuple[int, list[tuple[int, int, int]]]:
    """The sizes and the ends of the means as whole numbers, and how many of these are one."""
    exact = [(each.size, Fraction(each.mean.low), Fraction(each.mean.high)) for each in groups]
    unit = math.lcm(*(end.denominator for _, *ends in exact for end in ends))
    return unit, [(n, int(low * unit), int(high * unit)) for n, low, high in exact]


@lru_cache(maxsize=4_096)
def analysis_of_variance(groups: tuple[Group, ...]) -> Comparison:
    """Every F and P that one-way analysis of variance can give for what is printed."""
    between = len(groups) - 1
    within = sum(each.size for each in groups) - len(groups)
    squares_between = Interval(least_between(groups), greatest_between(groups))
    squares_within = outward(
        sum((each.size - 1) * float(each.deviation.low) ** 2 for each in groups),
        sum((each.size - 1) * float(each.deviation.high) ** 2 for each in groups),
    )
    ratio = (squares_between / squares_within).scaled(Fraction(within, between))
    statistic = outward(float(ratio.low), float(ratio.high))
    p = statistic.through(lambda value: f_upper(value, between, within))
    return Comparison(between, within, squares_between, squares_within, statistic, p)


def welch(sizes: Sequence[int], means: Sequence[float], deviations: Sequence[float]) -> float:
    """The P value of Welch's comparison of means, which does not take spreads to be equal."""
    weights = [n / s**2 for n, s in zip(sizes, deviations, strict=True)]
    total, count = sum(weights), len(sizes)
    centre = sum(w * m for w, m in zip(weights, means, strict=True)) / total
    between = sum(w * (m - centre) ** 2 for w, m in zip(weights, means, strict=True)) / (count - 1)
    unequal = sum((1 - w / total) ** 2 / (n - 1) for w, n in zip(weights, sizes, strict=True))
    scale = 1 + 2 * (count - 2) / (count**2 - 1) * unequal
    return f_upper(between / scale, count - 1, (count**2 - 1) / (3 * unequal))


def welch_of_two(one: Group, two: Group) -> Interval:
    """An interval that holds every P value of Welch's t test for what is printed of two groups.

    Its degrees of freedom lie between those of the smaller group and those of both together.
    """
    apart = one.mean - two.mean
    ends = (abs(float(apart.low)), abs(float(apart.high)))
    nearest = 0.0 if 0 in apart else min(ends)

    def error(a: Number, b: Number) -> float:
        return math.sqrt(float(a) ** 2 / one.size + float(b) ** 2 / two.size)

    smallest = error(one.deviation.low, two.deviation.low)
    greatest = error(one.deviation.high, two.deviation.high)
    most = t_two_sided(nearest / greatest if greatest else 0.0, min(one.size, two.size) - 1)
    least = t_two_sided(max(ends) / smallest, one.size + two.size - 2) if smallest else 0.0
    return outward(least, most)
