"""One observable on one axis: what studies measured, what is normal, and every limit.

Its limits alone stand on a line of their own, source by source.

Everything is converted exactly to the unit in which the observable is decided upon. A limit stands
where it is executed; how it is printed stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from guidegraph import figures, units
from guidegraph.entity import Entity, Quantity
from guidegraph.model import (
    EvidenceClaim,
    Guideline,
    Observable,
    ReferenceInterval,
    SourceDocument,
    StatisticalResult,
    StudyArm,
    Threshold,
)
from guidegraph.pictures.rows import SIDES, Mark, Plot, told
from guidegraph.pictures.scale import Number
from guidegraph.wording import plural, unit_label

MEASURED = ("Mean", "Median", "SingleValue", "ValueRange")


def levels(guideline: Guideline, name: str) -> Plot | None:
    """The plot of an observable; None if nothing is measured, or there is nothing to compare."""
    observable = guideline.get(name, Observable)
    if observable is None or observable.canonical_unit is None:
        return None
    groups = tuple(
        (heading, marks)
        for heading, marks in (
            ("Measured", tuple(_measured(guideline, observable))),
            ("Normal range", tuple(_normal(guideline, observable))),
            ("Limits", tuple(sorted(_limits(guideline, observable), key=_from_low))),
        )
        if marks
    )
    if len(groups) < 2:
        return None
    unit = unit_label(observable.canonical_unit)
    shown = sum(len(marks) for _, marks in groups)
    return Plot(
        id=name,
        title=f"{observable.label}: measured values, normal ranges and limits",
        description=f"{plural(shown, 'row')} on one axis in {unit or 'numbers'}. {told(groups)}",
        axis=f"{observable.label}, {unit}" if unit else str(observable.label),
        groups=groups,
    )


def limits(guideline: Guideline, name: str) -> Plot | None:
    """Every limit of an observable on one number line, source by source; None below two.

    A limit that a hospital sets or that is computed has no fixed place, so it is not among them.
    """
    observable = guideline.get(name, Observable)
    if observable is None or observable.canonical_unit is None:
        return None
    found: dict[str, list[Mark]] = {}
    for threshold in sorted(guideline.all(Threshold), key=lambda each: each.is_external):
        for mark in _limit(observable, threshold, str(threshold.label)):
            found.setdefault(_origin(guideline, threshold), []).append(mark)
    groups = tuple((origin, tuple(sorted(held, key=_from_low))) for origin, held in found.items())
    shown = sum(len(marks) for _, marks in groups)
    if shown < 2:
        return None
    unit = unit_label(observable.canonical_unit)
    return Plot(
        id=f"limits-{name}",
        title=f"{observable.label}: every limit, source by source",
        description=f"{plural(shown, 'limit')} on one number line in {unit or 'numbers'}. An "
        f"arrow points to the values that a limit lets through. {told(groups)}",
        axis=f"{observable.label}, {unit}" if unit else str(observable.label),
        groups=groups,
    )


def _measured(guideline: Guideline, observable: Observable) -> Iterator[Mark]:
    for claim in guideline.all(EvidenceClaim):
        for name in claim.results:
            result = guideline.get(name, StatisticalResult)
            if result is None or result.statistic_type not in MEASURED:
                continue
            about = result.observables or claim.observables
            if observable.id not in about:
                continue
            mark = _mark(guideline, claim, result, observable)
            if mark is not None:
                yield mark


def _mark(
    guideline: Guideline, claim: EvidenceClaim, result: StatisticalResult, observable: Observable
) -> Mark | None:
    value, low, high = (
        _converted(each, result.unit, observable)
        for each in (result.value, result.low, result.high)
    )
    if value is None and low is None and high is None:
        return None
    arms = [str(arm.label) for each in result.arms if (arm := guideline.get(each, StudyArm))]
    whose = " and ".join(arms) or str(claim.label)
    return Mark(
        name=claim.id,
        words=f"{_source(guideline, claim)}: {whose}",
        printed=_printed(result.reported_text, result.unit),
        value=value,
        low=low,
        high=high,
        is_open=result.interval_type == "IntervalNotStated",
        side=SIDES.get(result.comparator or "", "") if low is None and high is None else "",
    )


def _normal(guideline: Guideline, observable: Observable) -> Iterator[Mark]:
    for each in guideline.all(ReferenceInterval):
        if each.observable == observable.id:
            low, high = (
                _converted(number, each.unit, observable) for number in (each.low, each.high)
            )
            if low is None and high is None:
                continue
            yield Mark(
                name=each.id,
                words=f"{_source(guideline, each)}: normal range",
                printed=each.reported_text,
                low=low,
                high=high,
                side="below" if low is None else "above" if high is None else "",
                is_limit=low is None or high is None,
            )


def _limits(guideline: Guideline, observable: Observable) -> Iterator[Mark]:
    for each in guideline.all(Threshold):
        words = f"{_origin(guideline, each)}: {each.label}"
        yield from _limit(observable, each, words)


def _limit(observable: Observable, threshold: Threshold, words: str) -> Iterator[Mark]:
    """A limit where it is executed; nothing if it is another observable's or has no number."""
    quantity = threshold.executable_quantity
    if threshold.observable != observable.id or quantity is None:
        return
    value = _converted(quantity.value, quantity.unit, observable)
    if value is not None:
        yield Mark(
            name=threshold.id,
            words=words,
            printed=_executed(threshold.reported_text, quantity),
            value=value,
            side=SIDES.get(threshold.comparator, ""),
            is_limit=True,
        )


def _from_low(mark: Mark) -> Number:
    return mark.value if mark.value is not None else 0


def _executed(printed: str, quantity: Quantity) -> str:
    """How a limit is printed, and as what it is executed where other words are printed."""
    if any(_is_said(figure, quantity) for figure in figures.read(printed)):
        return printed
    return f"{printed}, executed as {quantity}" if printed else f"executed as {quantity}"


def _is_said(figure: figures.Figure, quantity: Quantity) -> bool:
    """Whether a printed figure is this quantity, in its unit."""
    if Fraction(quantity.value) not in (figure.low, figure.high):
        return False
    if figure.unit is None:
        return not unit_label(quantity.unit)
    try:
        return units.ratio(figure.unit, quantity.unit) == 1
    except units.UnitError:
        return figure.unit == unit_label(quantity.unit)


def _origin(guideline: Guideline, threshold: Threshold) -> str:
    """The document that prints a limit, or that no source does."""
    if threshold.is_external:
        return "From outside the sources"
    return _source(guideline, threshold)


def _converted(number: Decimal | None, unit: str | None, observable: Observable) -> Fraction | None:
    """A number in the observable's unit; None where its unit measures something else."""
    if number is None or unit is None or observable.canonical_unit is None:
        return None
    try:
        return Fraction(number) * units.ratio(unit, observable.canonical_unit)
    except units.UnitError:
        return None


def _printed(text: str, unit: str | None) -> str:
    """The printed figure; in a table its unit stands elsewhere and is added."""
    label = unit_label(unit)
    return text if not label or any(each.isalpha() for each in text) else f"{text} {label}"


def _source(guideline: Guideline, thing: Entity) -> str:
    """The key of the document that prints it."""
    for name in guideline.documents_of(thing):
        document = guideline.get(name, SourceDocument)
        if document:
            return document.notation[0] if document.notation else str(document.label)
    return "Without a passage"
