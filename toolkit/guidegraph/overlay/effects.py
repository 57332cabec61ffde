"""What one change does to the guideline: a setting, a replaced threshold, an added exception."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from guidegraph import units
from guidegraph.check.quantities import within
from guidegraph.criteria import Criterion
from guidegraph.criteria.combinations import LogicalCriterion
from guidegraph.diagnostic import Diagnostic, Location
from guidegraph.entity import Code, Entity, Quantity, Ref, Text
from guidegraph.model import (
    Applied,
    CodedValue,
    Guideline,
    LocalChange,
    LocalException,
    LocalSetting,
    Recommendation,
    SiteParameter,
    Threshold,
    ThresholdReplacement,
)
from guidegraph.overlay import faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What becomes of a change: how it is told, the things as they are then, what to say of it."""

    applied: Applied
    things: tuple[Entity, ...] = ()
    findings: tuple[Diagnostic, ...] = ()


def setting(guideline: Guideline, change: LocalSetting) -> Effect | None:
    """The choice becomes the default of its site parameter."""
    parameter = guideline.get(change.site_parameter, SiteParameter)
    if parameter is None or (change.quantity is None and change.coded_value is None):
        return None
    chosen = choice(guideline, change.quantity, change.coded_value)
    says = choice(guideline, parameter.default_quantity, parameter.default_coded_value)
    permitted = may_choose(guideline, parameter)
    applied = Applied(
        change=change,
        upstream=f"{says or 'no default'} (permitted: {permitted})",
        local=chosen,
        is_permitted=True,
    )
    if not is_permitted(parameter, change):
        told = faults.not_permitted(change, parameter, chosen, permitted)
        refused = replace(applied, is_permitted=False, is_in_force=False)
        return Effect(applied=refused, findings=(told,))
    found = list(_moved(change.replaced_quantity, parameter.default_quantity, change, parameter))
    same_number = same(change.quantity, parameter.default_quantity)
    if same_number or (change.coded_value and change.coded_value == parameter.default_coded_value):
        found.append(faults.idle(change, parameter, says))
    stands = {
        "gg:defaultQuantity": change.place_of("gg:executableQuantity"),
        "gg:defaultCodedValue": change.place_of("gg:codedValue"),
    }
    local = replace(
        parameter,
        default_quantity=change.quantity,
        default_coded_value=change.coded_value,
        places=tuple(sorted((dict(parameter.places) | stands).items())),
    )
    return Effect(applied=applied, things=(local,), findings=tuple(found))


def choice(guideline: Guideline, quantity: Quantity | None, coded: Ref | None) -> str:
    """What is chosen, in words; empty if nothing is."""
    if quantity is not None:
        return str(quantity)
    value = guideline.get(coded, CodedValue)
    return f"“{value.label}”" if value else (coded or "")


def may_choose(guideline: Guideline, parameter: SiteParameter) -> str:
    """What a site may choose, in words."""
    if parameter.permitted_range is not None:
        return str(parameter.permitted_range)
    return " or ".join(choice(guideline, None, each) for each in parameter.coded_values)


def is_permitted(parameter: SiteParameter, change: LocalSetting) -> bool:
    """Whether a site may choose this; a unit that does not fit is told by other checks."""
    if change.quantity is None:
        return change.coded_value in parameter.coded_values
    permitted = parameter.permitted_range
    return permitted is not None and within(change.quantity, permitted) is not False


def replacement(guideline: Guideline, change: ThresholdReplacement) -> Effect | None:
    """The number runs in place of what the threshold ran with."""
    threshold = guideline.get(change.threshold, Threshold)
    if threshold is None:
        return None
    parameter = guideline.get(threshold.site_parameter, SiteParameter)
    runs = running(guideline, threshold)
    says = executed(guideline, threshold)
    permitted = parameter.permitted_range if parameter else None
    is_choice = permitted is not None and within(change.quantity, permitted) is True
    found = list(_moved(change.replaced_quantity, runs, change, threshold))
    if same(change.quantity, runs):
        found.append(faults.idle(change, threshold, says))
    elif not is_choice:
        found.append(faults.departs(change, threshold, says, str(change.quantity)))
    applied = Applied(
        change=change, upstream=says, local=str(change.quantity), is_permitted=is_choice
    )
    local = replace(
        threshold,
        executable_quantity=change.quantity,
        site_parameter=None,
        formula=None,
        places=places(change, threshold, "gg:executableQuantity"),
    )
    return Effect(applied=applied, things=(local,), findings=tuple(found))


def running(guideline: Guideline, threshold: Threshold) -> Quantity | None:
    """The number a threshold runs with, unless it is calculated for each patient."""
    parameter = guideline.get(threshold.site_parameter, SiteParameter)
    return parameter.default_quantity if parameter else threshold.executable_quantity


def executed(guideline: Guideline, threshold: Threshold) -> str:
    """What a threshold runs with, in words, and what a site may choose."""
    parameter = guideline.get(threshold.site_parameter, SiteParameter)
    if threshold.formula:
        return f"calculated: {threshold.formula}"
    if parameter is None:
        return str(threshold.executable_quantity or "no number")
    default = str(parameter.default_quantity or "no default")
    return f"{default} (permitted: {may_choose(guideline, parameter)})"


def exception(guideline: Guideline, change: LocalException) -> Effect | None:
    """The condition is added to the exceptions of its recommendation."""
    found = guideline.get(change.recommendation, Recommendation)
    added = guideline.get(change.exception, Criterion)
    if found is None or added is None:
        return None
    stated = guideline.get(found.exception, Criterion)
    applied = Applied(
        change=change,
        upstream=faults.named(stated) if stated else "no exception",
        local=f"also {faults.named(added)}" if stated else faults.named(added),
    )
    if stated is not None and stated.id == added.id:
        return Effect(applied=applied, findings=(faults.idle(change, found, "this"),))
    findings = (faults.excepted(change, found, added),)
    if stated is None:
        local = replace(found, exception=Ref(added.id))
        return Effect(applied=applied, things=(local,), findings=findings)
    either = LogicalCriterion(
        id=_new_name(guideline, f"exceptions-of-{found.id}"),
        iri="",
        at=change.at,
        label=Text((("en", f"An exception of {faults.named(found)}, stated or added"),)),
        operator=Code("AnyOf"),
        operands=(Ref(stated.id), Ref(added.id)),
    )
    local = replace(found, exception=Ref(either.id))
    return Effect(applied=applied, things=(local, either), findings=findings)


def _new_name(guideline: Guideline, wanted: str) -> str:
    """A name that nothing has yet."""
    name, number = wanted, 1
    while name in guideline.entities:
        number += 1
        name = f"{wanted}-{number}"
    return name


def places(change: LocalChange, thing: Entity, term: str) -> tuple[tuple[str, Location], ...]:
    """The places of a thing's properties, with that of ``term`` where the change states it."""
    return tuple(sorted((dict(thing.places) | {term: change.place_of(term)}).items()))


def same(one: Quantity | None, other: Quantity | None) -> bool:
    """Whether two quantities are the same amount, in whatever units; no quantity is none."""
    if one is None or other is None:
        return False
    try:
        return Fraction(one.value) * units.ratio(one.unit, other.unit) == other.value
    except ValueError:
        return False


def _moved(
    was: Quantity | None,
    now: Quantity | None,
    change: LocalSetting | ThresholdReplacement,
    thing: Entity,
) -> tuple[Diagnostic, ...]:
    """That the guideline has another value than when the change was made."""
    if was is None or same(was, now):
        return ()
    return (faults.moved(change, thing, str(was), str(now or "no fixed number")),)
