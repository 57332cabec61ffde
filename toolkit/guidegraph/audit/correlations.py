"""Correlations: the P value that a coefficient has among so many participants."""

from __future__ import annotations

import math
from collections.abc import Iterator

from guidegraph.audit.base import Entry, Examination, finding
from guidegraph.audit.distributions import normal_two_sided, t_two_sided
from guidegraph.audit.reported import Reported, reported
from guidegraph.audit.rounding import Interval, outward
from guidegraph.diagnostic import Severity
from guidegraph.model import Guideline

CORRELATIONS = frozenset({"PearsonCorrelation", "SpearmanCorrelation", "Correlation"})
FEWEST = 4
APPROXIMATION = 1.5
"""The factor by which the P value of a rank correlation may miss both of its approximations."""


def audit_correlations(guideline: Guideline) -> Iterator[Entry]:
    """Everything this module examines."""
    for each in reported(guideline):
        if each.kind in CORRELATIONS and each.value is not None:
            yield from _examined(each, each.value, each.p)


def p_of_correlation(coefficient: Interval, size: int) -> tuple[Interval, Interval]:
    """The t statistic and the two-sided P value of a correlation among ``size`` participants."""
    ends = (abs(float(coefficient.low)), abs(float(coefficient.high)))
    nearest = 0.0 if 0 in coefficient else min(ends)

    def t(r: float) -> float:
        return math.inf if r >= 1 else r * math.sqrt((size - 2) / (1 - r * r))

    statistic = outward(t(nearest), t(max(ends)))
    return statistic, statistic.through(lambda value: t_two_sided(value, size - 2))


def p_of_ranks(coefficient: Interval, size: int) -> Interval:
    """The P values that a rank correlation can have among ``size`` participants.

    Papers give the exact P value or one of two approximations. In the tail that of the t
    distribution is the smallest of the three and that of the normal distribution the largest, by
    far where there are few participants.
    """
    _, p = p_of_correlation(coefficient, size)
    ends = (abs(float(coefficient.low)), abs(float(coefficient.high)))
    nearest = 0.0 if 0 in coefficient else min(ends)
    z = Interval(nearest * math.sqrt(size - 1), max(ends) * math.sqrt(size - 1))
    both = p.span(z.through(normal_two_sided))
    return Interval(float(both.low) / APPROXIMATION, min(1.0, float(both.high) * APPROXIMATION))


def _examined(each: Reported, coefficient: Interval, printed: Interval | None) -> Iterator[Entry]:
    size = each.size or each.total
    reason = ""
    if printed is None:
        reason = "No P value is printed with it."
    elif size is None:
        reason = "It is not printed of how many."
    elif size < FEWEST:
        reason = "There are too few participants."
    elif not each.is_exact or coefficient.low > 1 or coefficient.high < -1:
        reason = "The coefficient is not printed as a number from −1 to 1."
    if reason or size is None or printed is None:
        yield _examination(each, None, reason=reason)
        return
    statistic, p = p_of_correlation(coefficient, size)
    ranked = each.kind != "PearsonCorrelation"
    if ranked:
        p = p_of_ranks(coefficient, size)
    fits = p.meets(printed)
    arithmetic = (
        f"n = {size}{'' if each.size else ', taken from the claim or study'}",
        f"t = r √((n − 2) / (1 − r²)) = {statistic} (without its sign)",
        f"P = {p}{' (approximate for ranks)' if ranked else ''}; printed {each.p_words}",
    )
    yield _examination(each, p, arithmetic, fits)
    if not fits:
        yield finding(
            "A209",
            Severity.WARNING,
            f"`{each.id}` is printed with {each.p_words}; r = {each.value_words} among {size} "
            f"gives P = {p}.",
            at=each.result.place_of("gg:pValue"),
            why="The P value of a correlation follows from the coefficient and the number of "
            "participants.",
            remedy="Compare the coefficient, P and gg:sampleSize with the source. If values of "
            "some participants are missing and the source says so, give the number that is left.",
            subject=each.id,
            arithmetic=arithmetic,
        )


def _examination(
    each: Reported,
    p: Interval | None,
    arithmetic: tuple[str, ...] = (),
    fits: bool = False,
    reason: str = "",
) -> Examination:
    return Examination(
        subject=each.id,
        table=each.table,
        what="P value of a correlation",
        printed=f"r = {each.value_words}" + (f", {each.p_words}" if each.p is not None else ""),
        outcome="not checkable" if p is None else "consistent" if fits else "inconsistent",
        recomputed="" if p is None else f"P = {p}",
        arithmetic=arithmetic,
        reason=reason,
    )
