"""What it means that the local laboratory calibrates its assay in this way or that.

A result on another basis than its limits is never converted, it is unknown. The basis expected of
results is therefore the one that *all* limits are on: that of the guideline, or the local one once
every limit that is compared with this observable has been replaced.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from guidegraph.entity import Entity, references
from guidegraph.lower import DIMENSIONLESS
from guidegraph.model import (
    Applied,
    Guideline,
    LocalCalibration,
    Observable,
    Threshold,
)
from guidegraph.overlay import faults
from guidegraph.overlay.effects import Effect, places

NOT_STATED = (None, "CalibrationNotStated")


def calibration(
    guideline: Guideline, change: LocalCalibration, replaced: Collection[str], own: Collection[str]
) -> Effect | None:
    """The basis that results must be on; ``replaced`` and ``own`` are thresholds and all local."""
    observable = guideline.get(change.observable, Observable)
    if observable is None:
        return None
    reported = guideline.words(change.calibration)
    stated = observable.calibration
    says = guideline.words(stated) if stated else "not stated"
    applied = Applied(change=change, upstream=says, local=reported)
    if not observable.needs_calibration:
        told = faults.without_basis(change, observable)
        return Effect(applied=replace(applied, is_in_force=False), findings=(told,))
    if stated == change.calibration:
        same = replace(applied, is_permitted=True)
        return Effect(applied=same, findings=(faults.idle(change, observable, says),))
    local = replace(
        observable,
        calibration=change.calibration,
        places=places(change, observable, "gg:calibration"),
    )
    if stated in NOT_STATED:
        told = faults.taken_for(change, observable, reported)
        return Effect(applied=applied, things=(local,), findings=(told,))
    limits = tuple(dict.fromkeys(_limits(guideline, observable)))
    left = [each for each in limits if each.id not in replaced and each.id not in own]
    if not left:
        return Effect(applied=applied, things=(local,))
    tell = faults.all_unknown if len(left) == len(limits) else faults.mixed
    words = [str(each.label) or each.id for each in left]
    return Effect(
        applied=replace(applied, is_in_force=False),
        findings=(tell(change, observable, reported, says, words),),
    )


def _limits(guideline: Guideline, observable: Observable) -> Iterator[Entity]:
    """Everything that holds a number which this observable is compared with.

    That is a threshold, a criterion with a number of its own, or a formula over the observable.
    """
    for criterion in guideline.criteria:
        for use in criterion.limits():
            if use.observable != observable.id or use.selector in DIMENSIONLESS:
                continue
            threshold = guideline.get(use.threshold, Threshold)
            if threshold or use.quantity:
                yield threshold or criterion
    for threshold in guideline.all(Threshold):
        speaks = {name for term, name in references(threshold) if term == "gg:formula"}
        if observable.id in speaks:
            yield threshold
