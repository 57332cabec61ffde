"""Two by two tables: those that the printed shares and sizes allow, and what follows from each."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from guidegraph.audit.distributions import NORMAL_975, chi_squared, fisher, normal_two_sided
from guidegraph.audit.rounding import Interval

MOST_TABLES = 2_000
"""Where more tables than this fit the shares, nearly every P value fits some of them."""
TESTS = {
    "ChiSquaredTest": ("chi-squared", "chi-squared with Yates' correction"),
    "FisherExactTest": ("Fisher's exact test",),
}
"""The tests that a method named by a source may mean; without a name, any of them."""
ALL_TESTS = ("chi-squared", "chi-squared with Yates' correction", "Fisher's exact test")
WALD = "Wald test of the ratio"


@dataclass(frozen=True, slots=True)
class Side:
    """What is known of one group: a share or a count, and the size, as far as printed."""

    share: Interval | None
    count: int | None
    size: int | None

    def counts(self, size: int) -> range:
        """The counts that are possible in a group of this size."""
        if self.count is not None:
            return range(self.count, self.count + 1) if self.count <= size else range(0)
        return possible_counts(self.share, size) if self.share else range(0)


@dataclass(frozen=True, slots=True, order=True)
class Fourfold:
    """``one`` of ``first`` and ``two`` of ``second`` participants."""

    one: int
    first: int
    two: int
    second: int

    def __str__(self) -> str:
        return f"{self.one} of {self.first} and {self.two} of {self.second}"

    @property
    def turned(self) -> Fourfold:
        """The same table with its groups in the other order."""
        return Fourfold(self.two, self.second, self.one, self.first)

    def p(self, test: str, kind: str = "OddsRatio") -> float | None:
        """The two-sided P value of a test; of Wald's there is none if a cell is empty."""
        if test == WALD:
            ratio, error = self.ratio(kind), self.standard_error(kind)
            return normal_two_sided(math.log(ratio) / error) if ratio and error else None
        rest = (self.one, self.first - self.one, self.two, self.second - self.two)
        if test == "Fisher's exact test":
            return float(fisher(*rest))
        return chi_squared(*rest, corrected=test != "chi-squared")

    def ratio(self, kind: str) -> Fraction | None:
        """The odds or risk ratio of the first group against the second, if it is a number."""
        if kind == "RiskRatio":
            above, below = self.one * self.second, self.two * self.first
        else:
            above = self.one * (self.second - self.two)
            below = self.two * (self.first - self.one)
        return Fraction(above, below) if below else None

    def standard_error(self, kind: str) -> float | None:
        """The standard error of the logarithm of the ratio, unless a cell is empty."""
        cells = (self.one, self.first - self.one, self.two, self.second - self.two)
        if 0 in cells:
            return None
        if kind == "RiskRatio":
            return math.sqrt(1 / self.one - 1 / self.first + 1 / self.two - 1 / self.second)
        return math.sqrt(sum(1 / cell for cell in cells))

    def interval(self, kind: str) -> tuple[float, float] | None:
        """The 95 % confidence interval of the ratio from its standard error."""
        ratio, error = self.ratio(kind), self.standard_error(kind)
        if not ratio or not error:
            return None
        factor = math.exp(NORMAL_975 * error)
        return float(ratio) / factor, float(ratio) * factor


def possible_counts(share: Interval, size: int) -> range:
    """The whole numbers of ``size`` that give a share."""
    low = max(0, math.ceil(share.low * size)) if share.low > 0 else 0
    high = size if math.isinf(share.high) else min(size, math.floor(share.high * size))
    return range(low, high + 1)


def is_searched(one: Side, two: Side) -> bool:
    """Whether the sizes of the groups are not known and have to be searched."""
    return one.size is None or two.size is None


def possible_tables(one: Side, two: Side, total: int | None) -> Iterator[Fourfold]:
    """Every table that fits what is printed; none if neither sizes nor a total are known."""
    for first, second in _sizes(one, two, total):
        for count in one.counts(first):
            for other in two.counts(second):
                yield Fourfold(count, first, other, second)


def _sizes(one: Side, two: Side, total: int | None) -> Iterator[tuple[int, int]]:
    if one.size is not None and two.size is not None:
        yield one.size, two.size
    elif total is not None:
        for first in range(1, total):
            if one.size in (None, first) and two.size in (None, total - first):
                yield first, total - first


def ratio_of_shares(one: Interval, two: Interval, kind: str) -> Interval:
    """The odds or risk ratios that two shares allow, whatever the sizes of the groups."""
    if kind == "RiskRatio":
        return one / two
    return _odds(one) / _odds(two)


def _odds(share: Interval) -> Interval:
    return Interval(
        share.low / (1 - share.low) if share.low < 1 else math.inf,
        share.high / (1 - share.high) if share.high < 1 else math.inf,
    )
