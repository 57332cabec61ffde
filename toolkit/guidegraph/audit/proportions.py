"""Shares and counts: is 15 of 21 really 71 %, and can 29 % of 9 people exist?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from guidegraph.audit.base import Entry, Examination, Outcome, finding
from guidegraph.audit.comparisons import pair_of
from guidegraph.audit.fourfold import possible_counts
from guidegraph.audit.reported import SHARES, Reported, by_claim, reported
from guidegraph.audit.rounding import Interval, cut_off, shown
from guidegraph.diagnostic import Severity
from guidegraph.model import Guideline

UNKNOWN_SIZE = "It is not printed of how many."


def audit_proportions(guideline: Guideline) -> Iterator[Entry]:
    """Everything this module examines; shares that are compared are examined together."""
    compared = {
        name
        for results in by_claim(guideline).values()
        for each in results
        if (pair := pair_of(each, results)) is not None
        for name in pair.names
    }
    for each in reported(guideline):
        count, size = each.result.count, each.result.sample_size
        if count is not None and size is not None and count > size:
            yield from _more_than_all(each, count, size)
        elif each.kind in SHARES and each.share is not None:
            if count is not None:
                yield from _share_of_count(each, each.share, count)
            elif each.size and each.kind == "Proportion":
                yield from _share_of_some_count(each, each.share, each.size)
            elif each.id not in compared:
                yield _examined(each, "not checkable", "", reason=UNKNOWN_SIZE)


def _more_than_all(each: Reported, count: int, size: int) -> Iterator[Entry]:
    arithmetic = (f"{count} > {size}",)
    yield _examined(each, "inconsistent", f"at most {size}", arithmetic, f"{count} of {size}")
    yield finding(
        "A102",
        Severity.ERROR,
        f"`{each.id}` counts {count} of {size}: more than there are.",
        at=each.result.place_of("gg:count"),
        why="A part cannot be larger than the whole it is a part of.",
        remedy="Compare gg:count and gg:sampleSize with the source; if it really prints this, "
        "record a gg:Discrepancy and accept the finding.",
        subject=each.id,
        arithmetic=arithmetic,
    )


def _share_of_count(each: Reported, share: Interval, count: int) -> Iterator[Entry]:
    size = each.result.sample_size
    if not size:
        yield _share_of_a_known_group(each, share, count)
        return
    exact = Fraction(count, size)
    arithmetic = (
        f"{count}/{size} = {shown(exact * 100, 4)}%",
        f'"{each.value_words}" stands for {_in_percent(share)}',
    )
    fits = exact in share
    outcome: Outcome = "consistent" if fits else "inconsistent"
    yield _examined(each, outcome, f"{shown(exact * 100, 4)}%", arithmetic)
    if fits:
        return
    if _is_cut_off(each, exact):
        yield finding(
            "A106",
            Severity.NOTE,
            f"`{each.id}` is printed as {each.value_words}, and {count} of {size} is "
            f"{shown(exact * 100, 4)}%: the number was cut off, not rounded.",
            at=each.result.place_of("gg:value"),
            why="The share differs from the rounded one by one in its last digit.",
            remedy="Nothing has to be done; accept the finding if it should not be shown again.",
            subject=each.id,
            arithmetic=arithmetic,
        )
        return
    yield finding(
        "A101",
        Severity.ERROR,
        f"`{each.id}` is printed as {each.value_words}, but {count} of {size} is "
        f"{shown(exact * 100, 4)}%.",
        at=each.result.place_of("gg:value"),
        why="The count, the size of the group and the share cannot all be right.",
        remedy="Compare gg:count, gg:sampleSize and gg:value with the source; if it prints them "
        "like this, record a gg:Discrepancy and accept the finding.",
        subject=each.id,
        arithmetic=arithmetic,
    )


def _share_of_a_known_group(each: Reported, share: Interval, count: int) -> Examination:
    """A count with a share and no size: does one of the sizes that are known give the share?"""
    known = {
        "the group": each.size,
        "the participants of the claim": each.claim.sample_size,
        "the study": each.study.sample_size if each.study else None,
    }
    for whose, size in known.items():
        if size and Fraction(count, size) in share:
            exact = f"{shown(Fraction(count, size) * 100, 4)}%"
            return _examined(each, "consistent", exact, (f"{count}/{size} ({whose}) = {exact}",))
    return _examined(each, "not checkable", "", reason=UNKNOWN_SIZE)


def _share_of_some_count(each: Reported, share: Interval, size: int) -> Iterator[Entry]:
    counts = possible_counts(share, size)
    if share.high - share.low >= Fraction(1, size):
        reason = f"Among {size} every share printed like this is possible."
        yield _examined(each, "not checkable", "", reason=reason)
        return
    if counts:
        some = f"{counts[0]}/{size} = {shown(Fraction(counts[0], size) * 100, 4)}%"
        yield _examined(each, "consistent", f"{counts[0]} of {size}", (some,))
        return
    below = math.floor(share.low * size)
    arithmetic = tuple(
        f"{count}/{size} = {shown(Fraction(count, size) * 100, 4)}%"
        for count in (below, below + 1)
        if 0 <= count <= size
    )
    yield _examined(each, "inconsistent", "no whole number", arithmetic)
    yield finding(
        "A103",
        Severity.WARNING,
        f"`{each.id}` is printed as {each.value_words} of {size}, and no whole number of {size} "
        "gives this share.",
        at=each.result.place_of("gg:value"),
        why="The share was computed from another number of participants, or one of the two "
        "numbers is wrong.",
        remedy="If the source says of how many the share is (values may be missing), give that "
        "number as gg:sampleSize of the result; otherwise record a gg:Discrepancy.",
        subject=each.id,
        arithmetic=arithmetic,
    )


def _is_cut_off(each: Reported, exact: Fraction) -> bool:
    value = each.result.value
    if value is None or not each.is_exact:
        return False
    scale = 100 if each.result.unit == "%" else 1
    return exact * scale in cut_off(value, each.text_with(value))


def _in_percent(share: Interval) -> str:
    return f"{share.scaled(100)}%"


def _examined(
    each: Reported,
    outcome: Outcome,
    recomputed: str,
    arithmetic: tuple[str, ...] = (),
    printed: str = "",
    reason: str = "",
) -> Examination:
    return Examination(
        subject=each.id,
        table=each.table,
        what="share of a group",
        printed=printed or each.result.reported_text,
        outcome=outcome,
        recomputed=recomputed,
        arithmetic=arithmetic,
        reason=reason,
    )
