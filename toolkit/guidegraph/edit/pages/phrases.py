"""Conditions in one line of plain words."""

from __future__ import annotations

from guidegraph.criteria import Criterion
from guidegraph.criteria.base import Asked, Named, Styled
from guidegraph.entity import Quantity
from guidegraph.model import Guideline, Threshold, TimeWindow


def phrase(guideline: Guideline, criterion: Criterion) -> str:
    """``First D-dimer (on admission) below 1,000 µg/L``."""
    told = "".join(_piece(guideline, each) for each in criterion.phrase())
    return " ".join(told.split()) or str(criterion.label) or criterion.id


def _piece(guideline: Guideline, each: str | Quantity | Named | Asked | Styled) -> str:
    match each:
        case Named(name, words):
            return words or named(guideline, name)
        case Asked():
            return each.words or named(guideline, each.observable)
        case Styled(words):
            return words
        case _:
            return str(each)


def named(guideline: Guideline, name: str) -> str:
    """A thing as it stands in a phrase: a threshold as its limit, a window in brackets."""
    thing = guideline.entities.get(name)
    if isinstance(thing, Threshold):
        return limit(guideline, thing)
    if isinstance(thing, TimeWindow):
        return f" ({thing.label})"
    return (str(thing.label) if thing else "") or name


def limit(guideline: Guideline, threshold: Threshold) -> str:
    """The limit that is executed, as people write it."""
    if threshold.executable_quantity is not None:
        return str(threshold.executable_quantity)
    setting = guideline.entities.get(threshold.site_parameter or "")
    if setting is not None:
        return f"“{setting.label}”"
    return str(threshold.label) or threshold.id
