"""Patients exactly at a limit of which the source does not say on which side it belongs.

The limit is taken the other way wherever it is used, and what changes is told: whose advice hangs
on a choice that nobody printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from guidegraph.criteria import ComparisonCriterion, Criterion, Limited, RangeCriterion
from guidegraph.diagnostic import Severity
from guidegraph.entity import Code
from guidegraph.entity import Ref as Name
from guidegraph.kernel import Agg, And, Bool, Const, Not, Num, Ref, replace_refs
from guidegraph.lower import GuidelineScope
from guidegraph.model import InterpretationPoint, Reading, Threshold
from guidegraph.regions import Between, Box, Region
from guidegraph.verify.asking import is_shown, listed, named, witness
from guidegraph.verify.base import Case, Entry, Held, Refuted, rule
from guidegraph.wording import amount

NOT_STATED = "ComparatorNotStated"
OTHER_SIDE = {
    "LessThan": "AtMost",
    "AtMost": "LessThan",
    "AtLeast": "GreaterThan",
    "GreaterThan": "AtLeast",
}
"""The comparator that differs only at the limit itself."""
UPPER = ("LessThan", "AtLeast")
"""Comparators with which the limit itself belongs to the values above it."""


@dataclass(frozen=True, slots=True)
class _Use:
    """A criterion in force that compares something with a threshold."""

    criterion: Criterion
    limit: Limited
    measure: Num
    value: Num


def check_boundaries(case: Case) -> Iterator[Entry]:
    """Limits without a printed comparator, taken the other way."""
    in_force = _in_force(case)
    for threshold in case.guideline.all(Threshold):
        if threshold.comparator == NOT_STATED:
            uses = tuple(_uses(case, threshold, in_force))
            if uses:
                yield from case.attempt(
                    "L431", (threshold.id,), partial(_boundary, case, threshold, uses)
                )


def _in_force(case: Case) -> frozenset[Ref]:
    """The criteria and rules on which some recommendation depends in this reading."""
    met: set[Ref] = set()
    stack = [rule(name) for name in case.rules]
    while stack:
        ref = stack.pop()
        if ref not in met:
            met.add(ref)
            stack.extend(named(case.theory.conditions[ref]))
    return frozenset(met)


def _uses(case: Case, threshold: Threshold, in_force: frozenset[Ref]) -> Iterator[_Use]:
    scope = GuidelineScope(case.guideline, case.program.readings)
    for each in case.guideline.criteria:
        if Ref("criterion", each.id) not in in_force:
            continue
        for limit in each.limits():
            if limit.threshold == threshold.id and limit.comparator in OTHER_SIDE:
                measure = scope.measure(limit.observable, limit.selector, _window(each))
                value = scope.limit(Name(threshold.id), limit.observable, limit.selector)
                yield _Use(each, limit, measure, value)


def _window(each: Criterion) -> Name | None:
    return each.time_window if isinstance(each, ComparisonCriterion | RangeCriterion) else None


# --- taking it the other way ----------------------------------------------------------------------


def _boundary(case: Case, threshold: Threshold, uses: Sequence[_Use]) -> Iterator[Entry]:
    subjects = (threshold.id, *_points(case, threshold))
    changes = tuple(_changes(case, _Otherwise(case, uses)))
    if not changes:
        yield Held(code="L431", subjects=subjects)
        return
    shared = _in_one(case, changes)
    patient = witness(case, And(tuple(each.condition for each in shared))) if shared else None
    settled = _settled(case, uses[0]) or _by_neighbour(case, threshold, uses[0])
    yield Refuted(
        code="L431",
        severity=Severity.NOTE if settled else Severity.WARNING,
        subjects=subjects,
        message=f"“{case.label(threshold.id)}” (“{threshold.reported_text}”) does not say whether "
        f"the limit itself belongs: taken the other way, {_told(case, uses, changes, shared)}.",
        why=settled or "Nothing says that somebody chose the side on which the limit is put.",
        help="Nothing need be done; a clinician should know of it."
        if settled
        else "Make it a gg:InterpretationPoint with a reading for either side, or link a "
        "gg:Discrepancy that says why the limit belongs where it is put.",
        witness=case.told(patient) if patient else "",
        where=_who(case, uses),
        patient=patient,
        region=_region(uses),
    )


@dataclass(frozen=True, slots=True)
class _Change:
    """A recommendation that somebody gains or loses; ``condition`` says who."""

    name: str
    is_gained: bool
    condition: Bool


def _changes(case: Case, otherwise: _Otherwise) -> Iterator[_Change]:
    """What is lost, then what is gained: only what a patient shows."""
    rules = [(name, rule(name), otherwise.rule(name)) for name in case.rules]
    for is_gained in (False, True):
        for name, now, then in rules:
            one, other = (then, now) if is_gained else (now, then)
            condition = And((one, Not(other)))
            if one != other and is_shown(case, condition):
                yield _Change(name, is_gained, condition)


def _in_one(case: Case, changes: Sequence[_Change]) -> tuple[_Change, ...]:
    """As many changes, the first ones first, as one patient of whom all is known can have."""
    kept: tuple[_Change, ...] = ()
    for each in changes:
        tried = (*kept, each)
        if case.some(And(tuple(one.condition for one in tried))) is not None:
            kept = tried
    return kept


class _Otherwise:
    """The conditions of a program in which some limits lie on the other side."""

    def __init__(self, case: Case, uses: Sequence[_Use]) -> None:
        self.case = case
        scope = GuidelineScope(case.guideline, case.program.readings)
        self.changed: dict[Ref, Bool] = {
            Ref("criterion", each.criterion.id): _flipped(each).lower(scope) for each in uses
        }

    def rule(self, name: str) -> Bool:
        """That a recommendation is in force then; itself where nothing changes."""
        return self._of(rule(name))

    def _of(self, ref: Ref) -> Bool:
        known = self.changed.get(ref)
        if known is None:
            held = self.case.theory.conditions[ref]
            other = replace_refs(held, self._of)
            known = self.changed[ref] = ref if other == held else other
        return known


def _flipped(use: _Use) -> Criterion:
    """The criterion with the limit on the other side."""
    each = use.criterion
    if isinstance(each, RangeCriterion):
        if use.limit.term == "gg:lowThreshold":
            return replace(each, low_inclusive=not each.low_inclusive)
        return replace(each, high_inclusive=not each.high_inclusive)
    assert isinstance(each, ComparisonCriterion)
    return replace(each, comparator=Code(OTHER_SIDE[each.comparator]))


# --- whether somebody chose -----------------------------------------------------------------------


def _points(case: Case, threshold: Threshold) -> tuple[str, ...]:
    """The interpretation points one of whose readings selects a criterion with this limit."""
    using = {
        each.id
        for each in case.guideline.criteria
        if any(limit.threshold == threshold.id for limit in each.limits())
    }
    return tuple(
        point.id
        for point in case.guideline.all(InterpretationPoint)
        if any(using & set(_selected(case, name)) for name in point.readings)
    )


def _selected(case: Case, reading: str) -> tuple[Name, ...]:
    found = case.guideline.get(reading, Reading)
    return found.selects if found else ()


def _settled(case: Case, use: _Use) -> str:
    """The interpretation point whose reading in force selects the criterion, in a sentence."""
    for point in case.guideline.all(InterpretationPoint):
        chosen = case.program.readings[point.id]
        if use.criterion.id not in _selected(case, chosen):
            continue
        taken = f"The reading “{case.label(chosen)}” of “{case.label(point.id)}” takes it this way"
        others = [
            f"“{case.label(other)}”" for other in point.readings if _opposes(case, other, use)
        ]
        return f"{taken}, {listed(others)} the other way." if others else f"{taken}."
    return ""


def _opposes(case: Case, reading: str, use: _Use) -> bool:
    """Whether a reading selects a criterion that takes the same limit the other way."""
    wanted = OTHER_SIDE[use.limit.comparator or ""]
    chosen = [case.guideline.one(name, Criterion) for name in _selected(case, reading)]
    return any(
        limit.threshold == use.limit.threshold
        and limit.comparator == wanted
        and limit.selector == use.limit.selector
        for each in chosen
        for limit in each.limits()
    )


def _by_neighbour(case: Case, threshold: Threshold, use: _Use) -> str:
    """A printed limit at the same number that puts it where it is put, in a sentence."""
    scope = GuidelineScope(case.guideline, case.program.readings)
    side = use.limit.comparator in UPPER
    found = []
    for each in case.guideline.criteria:
        for limit in each.limits():
            beside = case.guideline.get(limit.threshold, Threshold)
            if beside is None or beside.comparator not in OTHER_SIDE:
                continue
            if limit.observable != use.limit.observable or (beside.comparator in UPPER) != side:
                continue
            measure = scope.measure(limit.observable, limit.selector, _window(each))
            value = scope.limit(Name(beside.id), limit.observable, limit.selector)
            if (measure, value) == (use.measure, use.value):
                found.append(beside)
    if not found:
        return ""
    nearest = min(found, key=lambda each: _distance(threshold, each))
    return (
        f"The limit beside it, “{case.label(nearest.id)}”, is printed (“{nearest.reported_text}”) "
        "so that it belongs where it is put."
    )


def _distance(one: Threshold, other: Threshold) -> tuple[bool, int]:
    return one.at.file != other.at.file, abs(one.at.line - other.at.line)


# --- words ----------------------------------------------------------------------------------------


def _who(case: Case, uses: Sequence[_Use], *, is_sentence: bool = False) -> str:
    """``First D-dimer (on admission) exactly 1,000 µg/L``, and as it stands after "whose"."""
    words = []
    for each in uses:
        measured = case.words.number(each.measure)
        if isinstance(each.value, Const):
            limit = amount(each.value.value, case.words.unit(each.measure))
        elif isinstance(each.value, Ref):
            limit = f"“{case.words.number(each.value)}”"
        else:
            limit = f"“{case.label(each.limit.threshold or '')}”"
        if is_sentence and isinstance(each.measure, Agg):
            measured = measured[:1].lower() + measured[1:]
        words.append(f"{measured} {'is ' if is_sentence else ''}exactly {limit}")
    return " or ".join(dict.fromkeys(words))


def _told(
    case: Case, uses: Sequence[_Use], changes: Sequence[_Change], shared: Sequence[_Change]
) -> str:
    """``a patient whose age is exactly 60 years would get “4b”, and no longer “4a”``.

    Where no one patient has all the changes, that some have the one and some the other.
    """
    is_one = len(shared) == len(changes)
    joint = "and" if is_one else "or"
    more, less = (
        listed(
            [f"“{case.label(each.name)}”" for each in changes if each.is_gained is gained], joint
        )
        for gained in (True, False)
    )
    who, others = ("a patient", "") if is_one else ("some patients", "some ")
    start = f"{who} whose {_who(case, uses, is_sentence=True)} would"
    if more and less:
        return f"{start} get {more}, and {others}no longer {less}"
    return f"{start} get {more}" if more else f"{start} no longer get {less}"


def _region(uses: Sequence[_Use]) -> Region | None:
    """Where what is compared has exactly the value of the limit, if that is a number."""
    boxes: dict[Box, None] = {}
    for each in uses:
        if not isinstance(each.value, Const) or not isinstance(each.measure, Ref | Agg):
            return None
        form = ((each.measure, Fraction(1)),)
        boxes[Box((Between(form, each.value.value, each.value.value),))] = None
    return Region(tuple(boxes))
