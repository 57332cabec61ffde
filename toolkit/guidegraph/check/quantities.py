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
from guidegraph.criteria import Limited
from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.entity import Entity, Quantity, QuantityRange
from guidegraph.lower import DIMENSIONLESS, PURE
from guidegraph.model import (
    Guideline,
    LaboratoryTestAction,
    Observable,
    Reading,
    SiteParameter,
    Threshold,
    TimeWindow,
)
from guidegraph.wording import unit_label

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
    yield from _times(guideline)
    for threshold in guideline.all(Threshold):
        yield from _threshold(guideline, threshold)
    for criterion in guideline.criteria:
        for use in criterion.limits():
            yield from _own_quantity(guideline, criterion, use)
    yield from _boundaries(guideline)


def _threshold(guideline: Guideline, threshold: Threshold) -> Iterator[Diagnostic]:
    observable = guideline.get(threshold.observable, Observable)
    quantity = threshold.executable_quantity
    if observable is None or quantity is None:
        return
    at = threshold.place_of("gg:executableQuantity")
    counts = [each in DIMENSIONLESS for each in _selectors(guideline, threshold)]
    if any(counts):
        yield from _number_of_samples(threshold, quantity, at)
    if counts and all(counts):
        return
    wrong_unit = list(_unit(threshold, quantity.unit, observable, at))
    yield from wrong_unit
    if not wrong_unit and observable.canonical_unit:
        yield from _plausible(threshold, quantity, observable, at)
        yield from _resolution(threshold, quantity, observable, at)


def _selectors(guideline: Guideline, threshold: Threshold) -> Iterator[str | None]:
    """How each criterion that uses a threshold selects what it compares with it."""
    for criterion in guideline.criteria:
        for use in criterion.limits():
            if use.threshold == threshold.id:
                yield use.selector


def _own_quantity(guideline: Guideline, owner: Entity, use: Limited) -> Iterator[Diagnostic]:
    """A number that a criterion gives itself is in the unit of what it is compared with."""
    observable = guideline.get(use.observable, Observable)
    if observable is None or use.quantity is None:
        return
    at = owner.place_of(use.term)
    if use.selector in DIMENSIONLESS:
        yield from _number_of_samples(owner, use.quantity, at)
    else:
        yield from _unit(owner, use.quantity.unit, observable, at)


def _number_of_samples(owner: Entity, quantity: Quantity, at: Location) -> Iterator[Diagnostic]:
    """What is compared with a number of samples is a pure number."""
    if quantity.unit == PURE:
        return
    yield Diagnostic(
        code="U102",
        severity=Severity.ERROR,
        message=f"`{owner.id}` is in {_named(quantity.unit)}, but is compared with how many "
        "samples there are.",
        at=at,
        why="A number of samples is a pure number, whatever the samples are measured in.",
        help="Use u:one, or select a value instead of a number of samples.",
        subject=owner.id,
    )


def _unit(owner: Entity, unit: str, observable: Observable, at: Location) -> Iterator[Diagnostic]:
    """The unit is one we can convert to the observable's own."""
    canonical = observable.canonical_unit
    try:
        units.parse(unit)
        if canonical:
            units.ratio(unit, canonical)
    except units.UnknownUnitError as unknown:
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
        measured = _named(canonical)
        yield Diagnostic(
            code="U102",
            severity=Severity.ERROR,
            message=f"`{owner.id}` is in {_named(unit)}, which cannot be converted to {measured}.",
            at=at,
            why=f"`{observable.id}` ({observable.label}) is measured in {measured}.",
            help="Check the unit, or which observable is meant.",
            subject=owner.id,
            related=((observable.place_of("gg:canonicalUnit"), f"declared in {measured}"),),
        )


def _plausible(
    threshold: Entity, quantity: Quantity, observable: Observable, at: Location
) -> Iterator[Diagnostic]:
    plausible = observable.plausible_range
    if plausible is None or within(quantity, plausible) is not False:
        return
    yield Diagnostic(
        code="U103",
        severity=Severity.ERROR,
        message=f"{threshold.label or threshold.id}: {quantity} lies outside "
        f"what is plausible for {observable.label} ({plausible}).",
        at=at,
        why="A limit that no patient can meet is usually a wrong unit.",
        help="Check the unit. If the source printed it this way, keep it under gg:reportedText, "
        "enter the corrected value here, and link a gg:Discrepancy.",
        subject=threshold.id,
        related=((observable.place_of("gg:plausibleRange"), "the plausible range"),),
    )


def _resolution(
    threshold: Entity, quantity: Quantity, observable: Observable, at: Location
) -> Iterator[Diagnostic]:
    """The limit can be met exactly at the precision to which values are known."""
    assert observable.canonical_unit
    exact = Fraction(quantity.value) * units.ratio(quantity.unit, observable.canonical_unit)
    if (exact * Fraction(10) ** observable.decimal_places).denominator != 1:
        yield Diagnostic(
            code="U106",
            severity=Severity.ERROR,
            message=f"{quantity} is finer than `{observable.id}` is known "
            f"({observable.decimal_places} decimal places in {_named(observable.canonical_unit)}).",
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
        if observable.canonical_unit:
            yield from _resolution(parameter, default, observable, at)
    if permitted and default and within(default, permitted) is False:
        yield Diagnostic(
            code="U104",
            severity=Severity.ERROR,
            message=f"{parameter.label}: the chosen value ({default}) lies "
            f"outside the range the source allows ({permitted}).",
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
        message=f"The range of `{owner.id}` is empty: {found}.",
        at=at,
        why="Its low end is not below its high end, so nothing can lie inside.",
        help="Check the two ends and whether they belong to the range.",
        subject=owner.id,
    )


def _times(guideline: Guideline) -> Iterator[Diagnostic]:
    """Windows, times of repetition and how long an answer holds: stretches of time, not empty."""
    stretches: list[tuple[Entity, QuantityRange, str]] = [
        (window, window.time_range, "gg:timeRange") for window in guideline.all(TimeWindow)
    ]
    stretches += [
        (test, test.repeat_after, "gg:repeatAfter")
        for test in guideline.all(LaboratoryTestAction)
        if test.repeat_after
    ]
    for owner, stretch, term in stretches:
        yield from _range(owner, stretch, owner.place_of(term))
        yield from _time(owner, stretch.unit, owner.place_of(term))
    for observable in guideline.all(Observable):
        if observable.valid_for:
            at = observable.place_of("gg:validFor")
            yield from _time(observable, observable.valid_for.unit, at)
            lasting = QuantityRange(
                low=Decimal(0), high=observable.valid_for.value, unit=observable.valid_for.unit
            )
            yield from _range(observable, lasting, at)


def _time(owner: Entity, unit: str, at: Location) -> Iterator[Diagnostic]:
    try:
        units.ratio(unit, "min")
    except ValueError:
        yield Diagnostic(
            code="U108",
            severity=Severity.ERROR,
            message=f"`{owner.id}` gives a time in {_named(unit)}, which is not a unit of time.",
            at=at,
            why="How long something lasts, or when it is due, can only be counted in units of "
            "time.",
            help="Use min, h, d or wk.",
            subject=owner.id,
        )


def within(quantity: Quantity, bounds: QuantityRange) -> bool | None:
    """Whether a quantity lies inside a range; None where their units cannot be compared."""
    try:
        value = Fraction(quantity.value) * units.ratio(quantity.unit, bounds.unit)
    except ValueError:
        return None
    above = (
        bounds.low is None or value > bounds.low or (bounds.low_inclusive and value == bounds.low)
    )
    below = (
        bounds.high is None
        or value < bounds.high
        or (bounds.high_inclusive and value == bounds.high)
    )
    return above and below


def _named(unit: str | None) -> str:
    """A unit as it stands after "in"."""
    return unit_label(unit) or "pure numbers"


@dataclass(frozen=True, slots=True)
class _Use:
    """One place where a criterion uses a threshold, and which side the limit itself falls on."""

    criterion: Entity
    threshold: str
    sides: tuple[str, ...]


def _boundaries(guideline: Guideline) -> Iterator[Diagnostic]:
    """What runs puts the limit on the side on which it is printed, unless that is accounted for."""
    accounted = guideline.in_discrepancies | {
        name for each in guideline.all(Reading) for name in each.selects
    }
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
    for criterion in guideline.criteria:
        for use in criterion.limits():
            if use.threshold and use.comparator in (*UPPER, *LOWER):
                sides = UPPER if use.comparator in UPPER else LOWER
                yield _Use(criterion, use.threshold, sides)
