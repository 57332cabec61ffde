"""Shares that stand in a printed text with their counts: "15 of 21 (71%)", encoded or not.

A claim may give its figures as text only, and a result may give the count or the share of a text
that prints both. What is printed together has to fit all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from guidegraph.audit.base import Entry, Examination, finding
from guidegraph.audit.rounding import Interval, shown
from guidegraph.diagnostic import Severity
from guidegraph.figures import Figure, read
from guidegraph.model import EvidenceClaim, Guideline, StatisticalResult

NEAR = 2
"""Signs between a count and the share in brackets behind it."""


def audit_texts(guideline: Guideline) -> Iterator[Entry]:
    """Everything this module examines."""
    for claim in guideline.all(EvidenceClaim):
        for text in claim.reported_texts:
            yield from _shares(claim, text, claim.table)
        for name in claim.results:
            result = guideline.get(name, StatisticalResult)
            if result and (result.count is None or result.value is None):
                yield from _shares(result, result.reported_text, claim.table)


def _shares(
    owner: EvidenceClaim | StatisticalResult, text: str, table: str | None
) -> Iterator[Entry]:
    for count, whole, share in _counted_shares(text):
        half = Fraction(1, 2 * 10**share.decimals)
        printed = share.low or Fraction(0)
        exact = 100 * count / whole
        fits = exact in Interval(printed - half, printed + half)
        arithmetic = (f"{shown(count)}/{shown(whole)} = {shown(exact, 4)}%",)
        yield Examination(
            subject=owner.id,
            table=table,
            what="share of a group",
            printed=text,
            outcome="consistent" if fits else "inconsistent",
            recomputed=f"{shown(exact, 4)}%",
            arithmetic=arithmetic,
        )
        if not fits:
            yield finding(
                "A101",
                Severity.ERROR,
                f'`{owner.id}` gives "{text}", but {shown(count)} of {shown(whole)} is '
                f"{shown(exact, 4)}%.",
                at=owner.place_of("gg:reportedText"),
                why="The count, the size of the group and the share cannot all be right.",
                remedy="Compare the figures with the source; if it prints them like this, record a "
                "gg:Discrepancy and accept the finding.",
                subject=owner.id,
                arithmetic=arithmetic,
            )


def _counted_shares(text: str) -> Iterator[tuple[Fraction, Fraction, Figure]]:
    """Each count and total of a text with the percentage printed inside or right behind them."""
    figures = read(text)
    for one in figures:
        if one.kind != "fraction" or one.low is None or not one.high:
            continue
        for other in figures:
            inside = one.start <= other.start < one.end
            behind = 0 <= other.start - one.end <= NEAR
            if other.kind == "percent" and other.comparator is None and (inside or behind):
                yield one.low, one.high, other
                break
