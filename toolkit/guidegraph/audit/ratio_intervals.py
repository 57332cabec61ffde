"""Confidence intervals of odds and risk ratios, held against the counts of the two groups."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from guidegraph.audit.base import Entry, Examination, Outcome, finding
from guidegraph.audit.comparisons import ADJUSTED, CRUDE, Pair, pair_of
from guidegraph.audit.fourfold import Fourfold
from guidegraph.audit.reported import by_claim
from guidegraph.audit.rounding import Interval, shown
from guidegraph.diagnostic import Severity
from guidegraph.model import Guideline

NARROWER = 0.9
WIDER = 1.4
"""How far the halves of an interval by another method (exact, score) may be from those of Wald's,
as a factor on the log scale (ours)."""
WIDER_OF_FEW = 2.0
"""The same where a cell of the table holds only a few participants."""
FEW = 5
"""A cell of fewer participants than this holds only a few."""
_WHAT = "confidence interval of a ratio of two shares"


def audit_ratio_intervals(guideline: Guideline) -> Iterator[Entry]:
    """Everything this module examines."""
    for results in by_claim(guideline).values():
        for each in results:
            pair = pair_of(each, results) if each.kind in CRUDE and each.is_exact else None
            defined = each.result.interval_type == "ConfidenceInterval95"
            if pair and defined and each.value and each.low and each.high:
                yield from _examined(pair, each.value, each.low, each.high)


def _examined(pair: Pair, value: Interval, low: Interval, high: Interval) -> Iterator[Entry]:
    """Whether a table that gives the ratio gives its interval, too."""
    kind = pair.of.kind
    tables = [
        (turned, ends)
        for table in pair.tables or ()
        for turned in pair.turns(table)
        if (ratio := turned.ratio(kind)) is not None and ratio in value
        if (ends := turned.interval(kind)) is not None
    ]
    if not tables:
        return
    table, ends = min(tables, key=lambda each: _apart(each[1], low, high))
    recomputed = f"{shown(ends[0])} to {shown(ends[1])}"
    arithmetic = (
        f"{table}: ratio {shown(table.ratio(kind) or 0)}",
        f"standard error of its logarithm = {shown(table.standard_error(kind) or 0)}",
        f"ratio × exp(± 1.96 × standard error) = {recomputed}",
    )
    if ends[0] in low and ends[1] in high:
        yield _examination(pair, "consistent", recomputed, arithmetic)
    elif pair.of.result.method in ADJUSTED:
        reason = "An interval from a model may be adjusted for other things."
        yield _examination(pair, "not checkable", recomputed, arithmetic, reason)
    else:
        yield _examination(pair, "inconsistent", recomputed, arithmetic)
        ours = pair.of.words(pair.of.result.low), pair.of.words(pair.of.result.high)
        yield finding(
            "A213",
            Severity.NOTE
            if _is_of_another_method(table, ends, pair, low, high)
            else Severity.WARNING,
            f"The confidence interval of `{pair.of.id}` is {ours[0]} to {ours[1]}; the counts of "
            f"the two groups give {recomputed}.",
            at=pair.of.result.place_of("gg:low"),
            why="The interval of a crude ratio follows from the counts. Exact and other methods "
            "give somewhat wider ones, and a model may adjust.",
            remedy="Compare the figures with the source. If the interval comes from a model, name "
            "it with gg:statisticalMethod; if it is as printed, record a gg:Discrepancy, or accept "
            "the finding if the source names another method.",
            subject=pair.of.id,
            arithmetic=arithmetic,
            involved=pair.names,
        )


def _apart(ends: Sequence[float], low: Interval, high: Interval) -> float:
    """How far an interval is from the printed one on the log scale."""
    return sum(
        abs(math.log(end / max(float(printed.high), 1e-9)))
        for end, printed in zip(ends, (low, high), strict=True)
        if end not in printed
    )


def _is_of_another_method(
    table: Fourfold, ends: Sequence[float], pair: Pair, low: Interval, high: Interval
) -> bool:
    """Whether the printed interval is one that a usual method other than Wald's may give."""
    ratio = float(table.ratio(pair.of.kind) or 1)
    cells = (table.one, table.first - table.one, table.two, table.second - table.two)
    most = WIDER_OF_FEW if min(cells) < FEW else WIDER
    if float(low.low) <= 0:
        return True
    below = Interval(math.log(ratio / float(low.high)), math.log(ratio / float(low.low)))
    above = Interval(math.log(float(high.low) / ratio), math.log(float(high.high) / ratio))
    halves = (math.log(ratio / ends[0]), math.log(ends[1] / ratio))
    return all(
        printed.meets(Interval(half * NARROWER, half * most))
        for printed, half in zip((below, above), halves, strict=True)
    )


def _examination(
    pair: Pair,
    outcome: Outcome,
    recomputed: str,
    arithmetic: tuple[str, ...],
    reason: str = "",
) -> Examination:
    return Examination(
        subject=pair.of.id,
        table=pair.of.table,
        what=_WHAT,
        printed=pair.of.result.reported_text,
        outcome=outcome,
        recomputed=recomputed,
        arithmetic=arithmetic,
        reason=reason,
    )
