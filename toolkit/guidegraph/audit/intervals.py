"""A value and its own interval: inside it, in its middle, and of one mind with the P value."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from guidegraph.audit.base import Entry, Examination, finding
from guidegraph.audit.comparisons import are_of_one_table, pair_of
from guidegraph.audit.distributions import NORMAL_975, normal_two_sided
from guidegraph.audit.reported import RATIOS, Reported, by_claim, reported
from guidegraph.audit.rounding import Interval, outward
from guidegraph.diagnostic import Severity
from guidegraph.model import Guideline

LEVEL = Fraction(1, 20)
"""The P value at which a 95 % confidence interval begins to hold the value of no effect."""
MAY_BE_OUTSIDE = frozenset({("Mean", "InterquartileRange"), ("Mean", "IntervalNotStated")})
"""A mean may lie outside the quartiles; of an interval that is not defined nobody knows."""


def audit_intervals(guideline: Guideline) -> Iterator[Entry]:
    """Everything this module examines."""
    together = by_claim(guideline)
    for each in reported(guideline):
        value, low, high = each.value, each.low, each.high
        if value is None:
            continue
        if each.kind in RATIOS and low is None and high is None:
            if pair_of(each, together[each.claim.id]) is None:
                yield _alone(each)
            continue
        if not each.is_exact:
            continue
        if (each.kind, each.result.interval_type) not in MAY_BE_OUTSIDE:
            yield from _inside(each, value, low, high)
            if _is_outside(value, low, high):
                continue
        effect = each.kind in RATIOS or each.kind == "Difference"
        if effect and each.result.interval_type == "ConfidenceInterval95" and low and high:
            ratio = each.kind in RATIOS
            if ratio and min(low.low, value.low) <= 0:
                continue
            yield from _in_the_middle(each, value, low, high, ratio)
            if each.p is not None:
                pair = pair_of(each, together[each.claim.id])
                if pair is None or not are_of_one_table(pair):
                    yield from _of_one_mind(each, each.p, (value, low, high), ratio)


def _alone(each: Reported) -> Examination:
    return Examination(
        subject=each.id,
        table=each.table,
        what="ratio",
        printed=each.result.reported_text,
        outcome="not checkable",
        reason="Neither an interval nor the shares of two groups are printed with it.",
    )


def _inside(
    each: Reported, value: Interval, low: Interval | None, high: Interval | None
) -> Iterator[Entry]:
    """Whether the value lies in its own interval."""
    if low is None and high is None:
        return
    outside, below = _is_outside(value, low, high), low is not None and value.high < low.low
    arithmetic = _order(each)
    yield Examination(
        subject=each.id,
        table=each.table,
        what="value inside its own interval",
        printed=each.result.reported_text,
        outcome="inconsistent" if outside else "consistent",
        arithmetic=(arithmetic,),
    )
    if outside:
        yield finding(
            "A201",
            Severity.ERROR,
            f"`{each.id}` is {each.value_words}, which is {'below' if below else 'above'} its own "
            f"interval ({each.result.reported_text}).",
            at=each.result.place_of("gg:value"),
            why="An estimate lies inside its confidence interval, a median inside its quartiles, "
            "and every value inside the range.",
            remedy="Compare gg:value, gg:low and gg:high with the source; if it prints them like "
            "this, record a gg:Discrepancy and accept the finding.",
            subject=each.id,
            arithmetic=(arithmetic,),
        )


def _is_outside(value: Interval, low: Interval | None, high: Interval | None) -> bool:
    return (low is not None and value.high < low.low) or (
        high is not None and value.low > high.high
    )


def _order(each: Reported) -> str:
    ends = (each.result.low, each.result.value, each.result.high)
    return " … ".join(each.words(end) for end in ends if end is not None)


def _in_the_middle(
    each: Reported, value: Interval, low: Interval, high: Interval, ratio: bool
) -> Iterator[Entry]:
    """Whether an effect lies in the middle of its interval, for ratios on the log scale."""
    if ratio:
        middle = outward(math.sqrt(low.low * high.low), math.sqrt(low.high * high.high))
        line = f"√({each.words(each.result.low)} × {each.words(each.result.high)}) = {middle}"
    else:
        middle = (low + high).scaled(Fraction(1, 2))
        line = f"({each.words(each.result.low)} + {each.words(each.result.high)}) / 2 = {middle}"
    arithmetic = (line, f'"{each.value_words}" stands for {value}')
    fits = middle.meets(value)
    yield Examination(
        subject=each.id,
        table=each.table,
        what="effect in the middle of its confidence interval",
        printed=each.result.reported_text,
        outcome="consistent" if fits else "inconsistent",
        recomputed=str(middle),
        arithmetic=arithmetic,
    )
    if not fits:
        yield finding(
            "A203",
            Severity.NOTE,
            f"`{each.id}` is {each.value_words}, and the middle of its confidence interval is "
            f"{middle}.",
            at=each.result.place_of("gg:value"),
            why="An interval from a standard error has the effect in its middle (for ratios on "
            "the log scale). Other methods give other intervals, and figures get misprinted.",
            remedy="Compare the three figures with the source. If they are as printed, accept the "
            "finding, naming the method if the source does.",
            subject=each.id,
            arithmetic=arithmetic,
        )


def p_of_interval(
    value: Interval, low: Interval, high: Interval, ratio: bool
) -> tuple[Interval, Interval]:
    """The z statistic and the P value that an effect and its 95 % confidence interval give."""
    if ratio:
        value, low, high = (each.through(math.log) for each in (value, low, high))
    width = high - low
    error = outward(max(float(width.low), 0.0) / 2 / NORMAL_975, float(width.high) / 2 / NORMAL_975)
    ends = (abs(float(value.low)), abs(float(value.high)))
    nearest = 0.0 if 0 in value else min(ends)
    z = outward(
        nearest / float(error.high) if error.high else 0.0,
        max(ends) / float(error.low) if error.low else math.inf,
    )
    return z, z.through(normal_two_sided)


def _of_one_mind(
    each: Reported, printed: Interval, estimate: tuple[Interval, Interval, Interval], ratio: bool
) -> Iterator[Entry]:
    """Whether P value and confidence interval say the same."""
    _, low, high = estimate
    z, p = p_of_interval(*estimate, ratio)
    scale = "ln " if ratio else ""
    ends = (each.words(each.result.high), each.words(each.result.low))
    arithmetic = (
        f"standard error = ({scale}{ends[0]} − {scale}{ends[1]}) / 3.92",
        f"z = {scale}{each.value_words} / standard error = {z} (without its sign)",
        f"P = {p}; printed {each.p_words}",
    )
    fits = p.meets(printed)
    yield Examination(
        subject=each.id,
        table=each.table,
        what="P value against the confidence interval",
        printed=each.p_words,
        outcome="consistent" if fits else "inconsistent",
        recomputed=f"P = {p}",
        arithmetic=arithmetic,
    )
    if fits:
        return
    nothing = 1 if ratio else 0
    excluded = low.low > nothing or high.high < nothing
    included = low.high < nothing < high.low
    opposed = (excluded and printed.low > LEVEL) or (included and printed.high < LEVEL)
    told = f"`{each.id}` is printed with {each.p_words}, and its confidence interval "
    remedy = (
        "Compare the figures with the source. If they are as printed, record a gg:Discrepancy, "
        "or accept the finding if the source uses different methods for the two."
    )
    if opposed:
        yield finding(
            "A204",
            Severity.WARNING,
            told + f"{'leaves out' if excluded else 'holds'} the value of no effect ({nothing}).",
            at=each.result.place_of("gg:pValue"),
            why="A 95 % confidence interval leaves out no effect where P is below 0.05, and holds "
            "it where P is above.",
            remedy=remedy,
            subject=each.id,
            arithmetic=arithmetic,
        )
        return
    yield finding(
        "A205",
        Severity.NOTE,
        told + f"gives P = {p}.",
        at=each.result.place_of("gg:pValue"),
        why="Both come from one standard error in the usual methods; a P value of another test "
        "may differ somewhat.",
        remedy=remedy,
        subject=each.id,
        arithmetic=arithmetic,
    )
