"""Conditions over numbers and times: limits, ranges, trends and repeated measurements."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from guidegraph.criteria.base import (
    OPS,
    Criterion,
    Limited,
    Named,
    Phrase,
    Scope,
    compared,
    selected,
)
from guidegraph.entity import Code, Quantity, Ref, of
from guidegraph.kernel import NOW, And, Arith, Bool, Cmp, Const, compare
from guidegraph.wording import readable


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonCriterion(Criterion):
    """Compares one selected observation with a threshold."""

    CLASS: ClassVar[str] = "gg:ComparisonCriterion"

    observable: Ref = of("gg:observable")
    observation_selector: Code | None = of("gg:observationSelector")
    time_window: Ref | None = of("gg:timeWindow")
    comparator: Code = of("gg:comparator")
    threshold: Ref = of("gg:threshold")

    def lower(self, scope: Scope) -> Bool:
        """``measure OP limit``."""
        return compare(
            OPS[self.comparator],
            scope.measure(self.observable, self.observation_selector, self.time_window),
            scope.limit(self.threshold, self.observable, self.observation_selector),
        )

    def phrase(self) -> Phrase:
        """``First D-dimer (on admission) below 1,000 µg/L``."""
        measured = selected(self.observable, self.observation_selector, self.time_window)
        return (*measured, f" {compared(self.comparator)} ", Named(self.threshold))

    def limits(self) -> tuple[Limited, ...]:
        """Its threshold."""
        return (
            Limited(
                term="gg:threshold",
                observable=self.observable,
                selector=self.observation_selector,
                comparator=self.comparator,
                threshold=self.threshold,
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeCriterion(Criterion):
    """One selected observation lies between two thresholds; each end says whether it belongs."""

    CLASS: ClassVar[str] = "gg:RangeCriterion"

    observable: Ref = of("gg:observable")
    observation_selector: Code | None = of("gg:observationSelector")
    time_window: Ref | None = of("gg:timeWindow")
    low_threshold: Ref = of("gg:lowThreshold")
    high_threshold: Ref = of("gg:highThreshold")
    low_inclusive: bool = of("gg:lowInclusive")
    high_inclusive: bool = of("gg:highInclusive")

    def lower(self, scope: Scope) -> Bool:
        """``low OP measure`` and ``measure OP high``."""
        selector = self.observation_selector
        measure = scope.measure(self.observable, selector, self.time_window)
        low = scope.limit(self.low_threshold, self.observable, selector)
        high = scope.limit(self.high_threshold, self.observable, selector)
        return And(
            (
                compare(">=" if self.low_inclusive else ">", measure, low),
                compare("<=" if self.high_inclusive else "<", measure, high),
            )
        )

    def phrase(self) -> Phrase:
        """``D-dimer from 1,000 µg/L (included) to 2,000 µg/L (not included)``."""
        low = "included" if self.low_inclusive else "not included"
        high = "included" if self.high_inclusive else "not included"
        return (
            *selected(self.observable, self.observation_selector, self.time_window),
            " from ",
            Named(self.low_threshold),
            f" ({low}) to ",
            Named(self.high_threshold),
            f" ({high})",
        )

    def limits(self) -> tuple[Limited, ...]:
        """Its two ends."""
        return (
            Limited(
                term="gg:lowThreshold",
                observable=self.observable,
                selector=self.observation_selector,
                comparator="AtLeast" if self.low_inclusive else "GreaterThan",
                threshold=self.low_threshold,
            ),
            Limited(
                term="gg:highThreshold",
                observable=self.observable,
                selector=self.observation_selector,
                comparator="AtMost" if self.high_inclusive else "LessThan",
                threshold=self.high_threshold,
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendCriterion(Criterion):
    """Compares one selected observation with an earlier one of the same observable.

    With ``minimum_ratio`` the earlier value is multiplied by it, with ``minimum_change`` that much
    is added; with neither, the two are compared as they are.
    """

    CLASS: ClassVar[str] = "gg:TrendCriterion"

    observable: Ref = of("gg:observable")
    observation_selector: Code = of("gg:observationSelector")
    time_window: Ref | None = of("gg:timeWindow")
    comparator: Code = of("gg:comparator")
    trend_baseline: Code = of("gg:trendBaseline")
    baseline_window: Ref | None = of("gg:baselineWindow")
    minimum_change: Quantity | None = of("gg:minimumChange")
    minimum_ratio: Decimal | None = of("gg:minimumRatio")

    def lower(self, scope: Scope) -> Bool:
        """``later OP ratio * earlier + change``."""
        later = scope.measure(self.observable, self.observation_selector, self.time_window)
        earlier = scope.measure(self.observable, self.trend_baseline, self.baseline_window)
        ratio = Fraction(self.minimum_ratio) if self.minimum_ratio is not None else Fraction(1)
        change = Fraction(0)
        if self.minimum_change is not None:
            change = scope.amount(self.minimum_change, self.observable, self.observation_selector)
        return compare(OPS[self.comparator], later, Arith(((ratio, earlier),), change))

    def phrase(self) -> Phrase:
        """``Highest D-dimer (follow-up) at least 2 times the first D-dimer (on admission)``."""
        first, *rest = selected(self.observable, self.trend_baseline, self.baseline_window)
        times = f"{readable(self.minimum_ratio)} times the " if self.minimum_ratio else "the "
        return (
            *selected(self.observable, self.observation_selector, self.time_window),
            f" {compared(self.comparator)} {times}",
            first[:1].lower() + first[1:] if isinstance(first, str) else first,
            *rest,
            *((" plus ", self.minimum_change) if self.minimum_change else ()),
        )

    def limits(self) -> tuple[Limited, ...]:
        """The change it asks for."""
        if self.minimum_change is None:
            return ()
        return (
            Limited(
                term="gg:minimumChange",
                observable=self.observable,
                selector=self.observation_selector,
                quantity=self.minimum_change,
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RetestCriterion(Criterion):
    """A measurement that is to be repeated within a time is done, due now, or overdue."""

    CLASS: ClassVar[str] = "gg:RetestCriterion"

    observable: Ref = of("gg:observable")
    time_window: Ref = of("gg:timeWindow")
    retest_state: Code = of("gg:retestState")

    def lower(self, scope: Scope) -> Bool:
        """Done: a sample in the window. Due and overdue: none yet, inside the window or after."""
        low, high = scope.stretch(self.time_window)
        count = scope.measure(self.observable, Code("Count"), self.time_window)
        none_yet = Cmp("=", count, Const(Fraction(0)))
        match self.retest_state:
            case "Done":
                return Cmp(">=", count, Const(Fraction(1)))
            case "Due":
                begun = Cmp(">=", NOW, Const(Fraction(low)))
                still_open = Cmp("<=", NOW, Const(Fraction(high)))
                return And((begun, still_open, none_yet))
            case _:
                return And((Cmp(">", NOW, Const(Fraction(high))), none_yet))

    def phrase(self) -> Phrase:
        """``D-dimer measured (24 to 48 hours)``, or that it is due or overdue."""
        measured, window = Named(self.observable), Named(self.time_window)
        match self.retest_state:
            case "Done":
                return (measured, " measured", window)
            case "Due":
                return (measured, " due now: not measured yet", window)
            case _:
                return (measured, " overdue: the time has passed and it was not measured", window)
