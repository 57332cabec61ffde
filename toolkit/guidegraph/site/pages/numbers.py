"""The numbers of a claim as printed and as understood, and the cells of comparing tables."""

from __future__ import annotations

from guidegraph.model import EvidenceClaim, FeatureRating, StatisticalResult
from guidegraph.site.blocks import Line, Row, Section, Span, Table, filled, words
from guidegraph.site.safe import slug
from guidegraph.site.view import View, joined
from guidegraph.wording import COMPARATOR_SIGNS, amount, readable, unit_label

COLUMNS = ("Number", "Printed", "Value", "Interval", "Group", "P")


def results(seen: View, claim: EvidenceClaim) -> Section | None:
    """The numbers a claim states, each with its place on the page."""
    found = [e for name in claim.results if (e := seen.guideline.get(name, StatisticalResult))]
    if not found:
        return None
    rows = tuple(_result_row(seen, each) for each in found)
    return Section(
        "Numbers",
        (filled(Table("Numbers of this claim", COLUMNS, rows)),),
        anchor="numbers",
        note="The value is what the printed figure stands for; nothing is rounded or filled in.",
    )


def _result_row(seen: View, result: StatisticalResult) -> Row:
    groups = [seen.wording.name(each) for each in result.arms]
    against = seen.wording.name(result.reference_arm)
    group = joined(groups) + ((Span(" against "), *against) if against else ())
    return Row(
        (
            seen.wording.said(result.label) or words(seen.guideline.words(result.statistic_type)),
            words(result.reported_text, style="printed"),
            words(value(result), style="figure"),
            _interval(seen, result),
            group,
            words(probability(result), style="figure"),
        ),
        anchor=slug(result.id),
    )


def value(result: StatisticalResult) -> str:
    """The number in its unit, with its sign; a share also as counted."""
    parts = []
    if result.value is not None:
        sign = COMPARATOR_SIGNS.get(result.comparator or "", "")
        parts.append(sign + amount(result.value, result.unit))
    if result.count is not None:
        of = f" of {readable(result.sample_size)}" if result.sample_size else ""
        parts.append(readable(result.count) + of)
    elif result.sample_size is not None:
        parts.append(f"n = {readable(result.sample_size)}")
    return ", ".join(parts)


def _interval(seen: View, result: StatisticalResult) -> Line:
    if result.low is None and result.high is None:
        return ()
    ends = [readable(each) if each is not None else "…" for each in (result.low, result.high)]
    said = seen.guideline.words(result.interval_type)
    shown = f"{ends[0]} to {ends[1]} {unit_label(result.unit)}".strip()
    return (Span(shown, style="figure"), Span(f" ({said})", style="quiet"))


def probability(result: StatisticalResult) -> str:
    """The P value with its sign: ``<0.001``, ``0.42``."""
    if result.p_value is None:
        return ""
    sign = COMPARATOR_SIGNS.get(result.p_value_comparator or "", "")
    return sign + readable(result.p_value)


def ratings(seen: View, claim: EvidenceClaim) -> Section | None:
    """The cells of a row that compares conditions."""
    found = [e for name in claim.ratings if (e := seen.guideline.get(name, FeatureRating))]
    if not found:
        return None
    rows = tuple(
        Row(
            (
                seen.wording.name(each.rated_for),
                *rating_cells(seen, each),
            ),
            anchor=slug(each.id),
        )
        for each in found
    )
    columns = ("In", "Printed", "Means", "In our words")
    table = filled(Table("Ratings", columns, rows))
    return Section("In each condition", (table,), anchor="ratings")


def rating_cells(seen: View, rating: FeatureRating) -> tuple[Line, Line, Line]:
    """A rating: as printed, its meaning, and what is said beside it."""
    return (
        words(rating.reported_text, style="printed"),
        words(seen.guideline.words(rating.rating)),
        seen.wording.said(rating.note),
    )
