"""Whether the guideline means anything: one meaning a reading, overrides and limits that fit."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.criteria import InterpretedCriterion
from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.entity import Entity
from guidegraph.model import (
    Guideline,
    InterpretationPoint,
    Reading,
    Recommendation,
    SiteParameter,
    Threshold,
)

STRENGTH = {"must": 3, "mustNot": 3, "should": 2, "shouldNot": 2, "shouldConsider": 1, "may": 0}


def check_logic(guideline: Guideline) -> Iterator[Diagnostic]:
    """Everything this module checks."""
    for point in guideline.all(InterpretationPoint):
        yield from _default_reading(point)
    for criterion in guideline.all(InterpretedCriterion):
        yield from _readings(guideline, criterion)
    for recommendation in guideline.recommendations:
        yield from _overrides(guideline, recommendation)
        yield from _for_whom(recommendation)
    for parameter in guideline.all(SiteParameter):
        yield from _default_choice(parameter)
    yield from _limits(guideline)


def _default_reading(point: InterpretationPoint) -> Iterator[Diagnostic]:
    if point.default_reading not in point.readings:
        yield Diagnostic(
            code="L104",
            severity=Severity.ERROR,
            message=f"The default of `{point.id}` is `{point.default_reading}`, "
            "which is not one of its readings.",
            at=point.place_of("gg:defaultReading"),
            why="Without a default reading nobody knows what the guideline means by itself.",
            help=f"Choose one of: {', '.join(point.readings) or 'none are listed'}.",
            subject=point.id,
        )


def _readings(guideline: Guideline, criterion: InterpretedCriterion) -> Iterator[Diagnostic]:
    """Each reading of the point picks exactly one operand of the criterion."""
    point = guideline.get(criterion.interpretation_point, InterpretationPoint)
    for name in point.readings if point else ():
        reading = guideline.get(name, Reading)
        if reading is None:
            continue
        selected = [each for each in criterion.operands if each in reading.selects]
        if len(selected) != 1:
            yield Diagnostic(
                code="L103",
                severity=Severity.ERROR,
                message=f"Reading `{name}` selects {len(selected) or 'none'} of the meanings of "
                f"`{criterion.id}`; it must select exactly one.",
                at=reading.place_of("gg:selects"),
                why="Every reading must say what the phrase means.",
                help="Add gg:selects with one of: " + ", ".join(criterion.operands) + "."
                if not selected
                else "Keep one of: " + ", ".join(selected) + ".",
                subject=name,
                related=((criterion.at, "the criterion with the meanings to choose from"),),
            )


def _overrides(guideline: Guideline, recommendation: Recommendation) -> Iterator[Diagnostic]:
    """An option cannot switch off an obligation; it can only stand beside it."""
    own = _norm_strength(guideline, recommendation)
    for name in recommendation.overrides:
        other = guideline.get(name, Recommendation)
        theirs = _norm_strength(guideline, other) if other else None
        if own is None or theirs is None or own >= theirs or own > 0:
            continue
        yield Diagnostic(
            code="L105",
            severity=Severity.ERROR,
            message=f"`{recommendation.id}` only may be done, yet it overrides `{name}`, "
            "which is stronger.",
            at=recommendation.place_of("gg:overrides"),
            why="An option must not silence an obligation.",
            help="Say gg:alternativeTo instead of gg:overrides: both are then shown.",
            subject=recommendation.id,
        )


def _norm_strength(guideline: Guideline, recommendation: Recommendation) -> int | None:
    term = guideline.codes.get(recommendation.modality)
    return STRENGTH.get(term.norm or "") if term else None


def _for_whom(recommendation: Recommendation) -> Iterator[Diagnostic]:
    """An executable recommendation says for whom or when it holds."""
    stated: tuple[object, ...] = (
        recommendation.population,
        recommendation.condition,
        *recommendation.implemented_by,
    )
    if recommendation.is_executable and not any(stated):
        yield Diagnostic(
            code="L106",
            severity=Severity.WARNING,
            message=f"`{recommendation.id}` would apply to everybody.",
            at=recommendation.at,
            why="It has no population, no condition and no place in a pathway.",
            help="Say for whom it holds, or mark it gg:isExecutable false.",
            subject=recommendation.id,
        )


def _default_choice(parameter: SiteParameter) -> Iterator[Diagnostic]:
    default = parameter.default_coded_value
    if default and default not in parameter.coded_values:
        yield Diagnostic(
            code="L107",
            severity=Severity.ERROR,
            message=f"The default of `{parameter.id}` is `{default}`, which is not permitted.",
            at=parameter.place_of("gg:defaultCodedValue"),
            why="A default outside what is permitted could never be chosen by a site.",
            help=f"Choose one of: {', '.join(parameter.coded_values) or 'none are listed'}.",
            subject=parameter.id,
        )


def _limits(guideline: Guideline) -> Iterator[Diagnostic]:
    """What is compared, its limit, and the choice behind the limit are about one observable."""
    for each in guideline.criteria:
        for use in each.limits():
            yield from _same_observable(guideline, each, use.observable, use.term, use.threshold)
    for threshold in guideline.all(Threshold):
        name = threshold.site_parameter
        yield from _same_observable(
            guideline, threshold, threshold.observable, "gg:siteParameter", name
        )


def _same_observable(
    guideline: Guideline, user: Entity, observable: str | None, link: str, name: str | None
) -> Iterator[Diagnostic]:
    limit = guideline.get(name, Threshold) or guideline.get(name, SiteParameter)
    if limit is None or None in (observable, limit.observable):
        return
    if limit.observable != observable:
        yield Diagnostic(
            code="L108",
            severity=Severity.ERROR,
            message=f"`{user.id}` is about `{observable}`, but its limit `{limit.id}` is "
            f"about `{limit.observable}`.",
            at=user.place_of(link),
            why="A limit says nothing about another observable, even if the units agree.",
            help="Check which of the two is meant.",
            subject=user.id,
            related=((limit.place_of("gg:observable"), "what the limit is about"),),
        )
