"""Whether every number makes sense: its unit, its range, its precision, its side of the boundary.

All arithmetic is exact. A threshold is compared with the plausible range of what it is about, which
catches most unit errors; a factor of two (FEU and DDU) cannot be caught this way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from guidegraph import units
from guidegraph.criteria import ComparisonCriterion, RangeCriterion
from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.entity import Entity, Quantity, QuantityRange
from guidegraph.lower import DIMENSIONLESS
from guidegraph.model import (
    Discrepancy,
    Guideline,
    Observable,
    Reading,
    SiteParameter,
    Threshold,
    TimeWindow,
)

UPPER = ("LessThan", "AtLeast")
"""Comparators for which the limit itself belongs to the upper side."""
LOWER = ("AtMost", "GreaterThan")


def check_quantities(guideline: Guideline) -> Iterator[Diagnostic]:
    """Everything this module checks."""
    for observable in guideline.all(Observable):
        if observable.plausible_range:
            at = observable.place_of("gg:plausibleRange")
            yield from _range(observable, observable.plausible_range, at)
            yield from _unit(observable, observable.plausible_range.unit, observable, at)
    for parameter in guideline.all(SiteParameter):
        yield from _parameter(guideline, parameter)
    for window in guideline.all(TimeWindow):
        yield from _range(window, window.time_range, window.place_of("gg:timeRange"))
        yield from _time(window)
    for threshold in guideline.all(Threshold):
        yield from _threshold(guideline, threshold)
    yield from _boundaries(guideline)


def _threshold(guideline: Guideline, threshold: Threshold) -> Iterator[Diagnostic]:
    observable = guideline.get(threshold.observable, Observable)
    quantity = threshold.executable_quantity
    if observable is None or quantity is None or _counts(guideline, threshold):
        return
    at = threshold.place_of("gg:executableQuantity")
    wrong_unit = list(_unit(threshold, quantity.unit, observable, at))
    yield from wrong_unit
    if not wrong_unit and observable.canonical_unit:
        yield from _plausible(threshold, quantity, observable, at)
        yield from _resolution(threshold, quantity, observable, at)


def _counts(guideline: Guideline, threshold: Threshold) -> bool:
    """Whether a threshold is about how many samples there are, not about their value."""
    return any(
        each.threshold == threshold.id and each.observation_selector in DIMENSIONLESS
        for each in guideline.all(ComparisonCriterion)
    )


def _unit(owner: Entity, unit: str, observable: Observable, at: Location) -> Iterator[Diagnostic]:
    """The unit is one we can convert to the observable's own."""
    canonical = observable.canonical_unit
    try:
        units.parse(unit)
        if canonical:
            units.ratio(unit, canonical)
    except units.UnknownUnit as unknown:
        yield Diagnostic(
            code="U101",
            severity=Severity.ERROR,
            message=f"`{unit}` is not a unit that can be converted.",
            at=at,
            why="Units are UCUM codes; the exact part of UCUM that is known is listed in the docs.",
            help=f"Did you mean {' or '.join(unknown.suggestions)}?"
            if unknown.suggestions
            else "Use a UCUM code such as ug/L, mg/L, /min, a or h.",
            subject=owner.id,
        )
    except ValueError:
        yield Diagnostic(
            code="U102",
            severity=Severity.ERROR,
            message=f"`{owner.id}` is in {unit}, which cannot be converted to {canonical}.",
            at=at,
            why=f"`{observable.id}` ({observable.label}) is measured in {canonical}.",
            help="Check the unit, or which observable is meant.",
            subject=owner.id,
            related=((observable.place_of("gg:canonicalUnit"), f"declared in {canonical}"),),
        )


def _plausible(
    threshold: Entity, quantity: Quantity, observable: Observable, at: Location
) -> Iterator[Diagnostic]:
    plausible = observable.plausible_range
    if plausible is None or within(quantity, plausible):
        return
    yield Diagnostic(
        code="U103",
        severity=Severity.ERROR,
        message=f"{threshold.label or threshold.id}: {quantity.value} {quantity.unit} lies outside "
        f"what is plausible for {observable.label} ({_shown(plausible)}).",
        at=at,
        why="A limit that no patient can meet is usually a wrong unit.",
        help="Check the unit. If the source printed it this way, keep it under gg:reportedText, "
        "enter the corrected value here, and link a gg:Discrepancy.",
        subject=threshold.id,
        related=((observable.place_of("gg:plausibleRange"), "the plausible range"),),
    )


def _resolution(
    threshold: Threshold, quantity: Quantity, observable: Observable, at: Location
) -> Iterator[Diagnostic]:
    """The limit can be met exactly at the precision to which values are known."""
    assert observable.canonical_unit
    exact = Fraction(quantity.value) * units.ratio(quantity.unit, observable.canonical_unit)
    if (exact * 10**observable.decimal_places).denominator != 1:
        yield Diagnostic(
            code="U106",
            severity=Severity.ERROR,
            message=f"{quantity.value} {quantity.unit} is finer than `{observable.id}` is known "
            f"({observable.decimal_places} decimal places in {observable.canonical_unit}).",
            at=at,
            why="Values are whole numbers of the finest step, so that every target agrees exactly.",
            help=f"Raise gg:decimalPlaces of `{observable.id}`.",
            subject=threshold.id,
            related=((observable.at, "the observable"),),
        )


def _parameter(guideline: Guideline, parameter: SiteParameter) -> Iterator[Diagnostic]:
    permitted, default = parameter.permitted_range, parameter.default_quantity
    observable = guideline.get(parameter.observable, Observable)
    if permitted:
        at = parameter.place_of("gg:permittedRange")
        yield from _range(parameter, permitted, at)
        wrong = list(_unit(parameter, permitted.unit, observable, at)) if observable else []
        yield from wrong
        if wrong or default is None:
            return
    at = parameter.place_of("gg:defaultQuantity")
    if default and observable:
        wrong = list(_unit(parameter, default.unit, observable, at))
        yield from wrong
        if wrong:
            return
        yield from _plausible(parameter, default, observable, at)
    if permitted and default and not within(default, permitted):
        yield Diagnostic(
            code="U104",
            severity=Severity.ERROR,
            message=f"{parameter.label}: the chosen value ({default.value} {default.unit}) lies "
            f"outside the range the source allows ({_shown(permitted)}).",
            at=at,
            why="A site parameter may only be set inside its permitted range.",
            help="Choose a default inside the range, or correct the range.",
            subject=parameter.id,
        )


def _range(owner: Entity, found: QuantityRange, at: Location) -> Iterator[Diagnostic]:
    if found.low is None or found.high is None or found.low < found.high:
        return
    if found.low == found.high and found.low_inclusive and found.high_inclusive:
        return
    yield Diagnostic(
        code="U105",
        severity=Severity.ERROR,
        message=f"The range of `{owner.id}` is empty: {_shown(found)}.",
        at=at,
        why="Its low end is not below its high end, so nothing can lie inside.",
        help="Check the two ends and whether they belong to the range.",
        subject=owner.id,
    )


def _time(window: TimeWindow) -> Iterator[Diagnostic]:
    try:
        units.ratio(window.time_range.unit, "min")
    except ValueError:
        yield Diagnostic(
            code="U108",
            severity=Severity.ERROR,
            message=f"`{window.id}` is in {window.time_range.unit}, which is not a unit of time.",
            at=window.place_of("gg:timeRange"),
            why="A window is a stretch of time counted from the reference anchor.",
            help="Use min, h, d or wk.",
            subject=window.id,
        )


def within(quantity: Quantity, bounds: QuantityRange) -> bool:
    """Whether a quantity lies inside a range of the same dimension."""
    value = Fraction(quantity.value) * units.ratio(quantity.unit, bounds.unit)
    above = (
        bounds.low is None or value > bounds.low or (bounds.low_inclusive and value == bounds.low)
    )
    below = (
        bounds.high is None
        or value < bounds.high
        or (bounds.high_inclusive and value == bounds.high)
    )
    return above and below


def _shown(found: QuantityRange) -> str:
    low, high = (_plain(end) for end in (found.low, found.high))
    return f"{low} to {high} {found.unit}"


def _plain(end: Decimal | None) -> str:
    return "open" if end is None else f"{end:f}"


@dataclass(frozen=True, slots=True)
class _Use:
    """One place where a criterion uses a threshold, and which side the limit itself falls on."""

    criterion: Entity
    threshold: str
    sides: tuple[str, ...]


def _boundaries(guideline: Guideline) -> Iterator[Diagnostic]:
    """What runs puts the limit on the side on which it is printed, unless that is accounted for."""
    accounted = {name for each in guideline.all(Discrepancy) for name in each.concerns}
    accounted |= {name for each in guideline.all(Reading) for name in each.selects}
    for use in _uses(guideline):
        threshold = guideline.get(use.threshold, Threshold)
        if threshold is None or {use.criterion.id, threshold.id} & accounted:
            continue
        printed = threshold.comparator
        if printed in (*UPPER, *LOWER) and printed not in use.sides:
            yield Diagnostic(
                code="U107",
                severity=Severity.ERROR,
                message=f"`{use.criterion.id}` counts the limit `{threshold.id}` on the other side "
                f'than it is printed ("{threshold.reported_text}").',
                at=use.criterion.at,
                why="A patient exactly at the limit would be treated otherwise than printed.",
                help="Correct the comparator, make it an interpretation point, or link a "
                "gg:Discrepancy that says why.",
                subject=use.criterion.id,
                related=((threshold.place_of("gg:comparator"), f"printed as {printed}"),),
            )


def _uses(guideline: Guideline) -> Iterator[_Use]:
    for each in guideline.all(ComparisonCriterion):
        if each.comparator in (*UPPER, *LOWER):
            yield _Use(each, each.threshold, UPPER if each.comparator in UPPER else LOWER)
    for band in guideline.all(RangeCriterion):
        yield _Use(band, band.low_threshold, UPPER if band.low_inclusive else LOWER)
        yield _Use(band, band.high_threshold, LOWER if band.high_inclusive else UPPER)
