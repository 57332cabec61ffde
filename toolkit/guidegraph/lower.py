"""From the guideline as people write it to the program that runs: one choice of readings applied.

``lower`` turns every criterion into the kernel, converts every number once and exactly into the
canonical unit of what it is compared with, and puts criteria and rules into dependency order. It
expects a guideline that ``check`` found sound; what it meets otherwise is a ``LowerError``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from typing import cast

from guidegraph import formula, units
from guidegraph.criteria import Criterion, ScoreItem
from guidegraph.entity import Code, Quantity, QuantityRange, Ref, Ucum
from guidegraph.kernel import TRUE, Agg, Bool, Const, Fn, Num
from guidegraph.kernel import Ref as KernelRef
from guidegraph.model import (
    Action,
    CodedValue,
    Guideline,
    InterpretationPoint,
    Observable,
    Reading,
    Recommendation,
    SiteParameter,
    Threshold,
    TimeWindow,
)
from guidegraph.pathway import all_of, belongs, paths_condition
from guidegraph.program import (
    CircleError,
    Input,
    InputKind,
    Named,
    Norm,
    Program,
    Rule,
    Setting,
)

SELECTORS: dict[str, Fn] = {
    "First": "first",
    "Latest": "last",
    "Highest": "max",
    "Lowest": "min",
    "Count": "count",
    "RisingRun": "run",
}
KINDS: dict[str, InputKind] = {
    "Series": "series",
    "Quantity": "quantity",
    "Boolean": "boolean",
    "CodedValue": "code",
}
DIMENSIONLESS = ("Count", "RisingRun")
"""Selectors that make a number of samples of a series, whatever its unit."""
PURE = Ucum("1")
MINUTES = "min"


class LowerError(ValueError):
    """The guideline does not mean anything executable; ``name`` says where."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


class UnknownReadingError(LowerError):
    """A reading was asked for that the guideline does not have; ``known`` lists those it has."""

    def __init__(self, name: str, message: str, known: Iterable[str]) -> None:
        super().__init__(name, message)
        self.known = tuple(known)


def lower(guideline: Guideline, readings: Mapping[str, str] | None = None) -> Program:
    """The program of a guideline under ``readings`` (point → reading; defaults where not named).

    Raises:
        UnknownReadingError: a point or reading that does not exist.
        LowerError: a cycle, or something that ``check`` would have reported.
    """
    return Lowering(guideline).program(readings)


@dataclass(frozen=True, eq=False)
class Lowering:
    """A guideline to be lowered under several choices of readings: what they share is done once."""

    guideline: Guideline

    def program(self, readings: Mapping[str, str] | None = None) -> Program:
        """The program under ``readings``; for its errors see ``lower``."""
        guideline = self.guideline
        chosen = choose(guideline, readings or {})
        scope = GuidelineScope(guideline, chosen)
        program = Program(
            guideline=guideline.header.id,
            version=guideline.header.version,
            anchor=guideline.header.reference_anchor or "",
            inputs=self._inputs,
            settings=self._settings,
            criteria=tuple(
                Named(name=each.id, label=str(each.label), condition=each.lower(scope))
                for each in guideline.criteria
            ),
            rules=self._rules,
            incompatible=_incompatible(guideline),
            readings=chosen,
        )
        return _in_order(program)

    @cached_property
    def _inputs(self) -> tuple[Input, ...]:
        known = self.guideline.all(Observable)
        return tuple(_input(self.guideline, each) for each in known if each.value_kind)

    @cached_property
    def _settings(self) -> tuple[Setting, ...]:
        known = self.guideline.all(SiteParameter)
        return tuple(_setting(self.guideline, each) for each in known)

    @cached_property
    def _rules(self) -> tuple[Rule, ...]:
        return tuple(_rule(self.guideline, each) for each in executable(self.guideline))


def executable(guideline: Guideline) -> tuple[Recommendation, ...]:
    """The recommendations that can be decided about a patient."""
    return tuple(each for each in guideline.recommendations if each.is_executable)


def choose(guideline: Guideline, readings: Mapping[str, str]) -> dict[str, str]:
    """The reading in force of every interpretation point, by local name.

    A choice may be a reading's local name or its notation.
    """
    points = {each.id: each for each in guideline.all(InterpretationPoint)}
    for point in readings:
        if point not in points:
            raise UnknownReadingError(point, f"There is no interpretation point `{point}`.", points)
    chosen: dict[str, str] = {}
    for name, each in points.items():
        wanted = readings.get(name, each.default_reading)
        names = {
            key: reading for reading in each.readings for key in _names(guideline, Ref(reading))
        }
        if wanted not in names:
            message = f"`{wanted}` is not a reading of `{name}`."
            raise UnknownReadingError(wanted, message, dict.fromkeys(names))
        chosen[name] = names[wanted]
    return chosen


def _names(guideline: Guideline, reading: Ref) -> tuple[str, ...]:
    found = guideline.get(reading, Reading)
    return (*(found.notation if found else ()), reading)


@dataclass(frozen=True, slots=True)
class GuidelineScope:
    """What criteria ask of the guideline while they are lowered (see ``criteria.Scope``)."""

    guideline: Guideline
    readings: Mapping[str, str]

    def measure(self, observable: Ref, selector: Code | None, window: Ref | None) -> Num:
        """A single quantity, or one number made of a series inside a window."""
        found = self.guideline.one(observable, Observable)
        if found.value_kind != "Series":
            return KernelRef("input", observable)
        low, high = self._minutes(window)
        return Agg(SELECTORS[selector or "Latest"], observable, low, high)

    def limit(self, threshold: Ref, like: Ref, selector: Code | None) -> Num:
        """A threshold in the unit of what it limits; a site parameter stays a reference."""
        found = self.guideline.one(threshold, Threshold)
        if found.site_parameter:
            return KernelRef("setting", found.site_parameter)
        if found.formula:
            unit = self._unit(like, selector) or PURE
            try:
                return formula.meaning(formula.parse(found.formula), self, unit)
            except formula.FormulaError as error:
                raise LowerError(threshold, f"The formula of `{threshold}` {error}.") from None
        if found.executable_quantity is None:
            raise LowerError(threshold, f"`{threshold}` has no number to compare with.")
        return Const(self.amount(found.executable_quantity, like, selector))

    def amount(self, quantity: Quantity, like: Ref, selector: Code | None) -> Fraction:
        """A quantity in the canonical unit of ``like``; a number of samples is a pure number."""
        unit = self._unit(like, selector)
        return Fraction(quantity.value) * units.ratio(quantity.unit, unit or quantity.unit)

    def _unit(self, like: Ref, selector: Code | None) -> Ucum | None:
        unit = self.guideline.one(like, Observable).canonical_unit
        return PURE if selector in DIMENSIONLESS else unit

    def codes(self, values: tuple[Ref, ...]) -> tuple[str, ...]:
        """The wire codes of coded values, sorted."""
        return tuple(sorted(self.guideline.one(each, CodedValue).wire_code for each in values))

    def chosen(self, point: Ref, among: tuple[Ref, ...]) -> Ref:
        """The operand that the reading in force selects."""
        reading = self.guideline.one(self.readings[point], Reading)
        selected = [each for each in among if each in reading.selects]
        if len(selected) != 1:
            raise LowerError(reading.id, f"`{reading.id}` selects {len(selected)} of {among}.")
        return selected[0]

    def stretch(self, window: Ref) -> tuple[int, int]:
        """The first and last minute of a window."""
        low, high = self._minutes(window)
        if low is None or high is None:
            raise LowerError(window, f"`{window}` has an open end, so nothing is ever due or late.")
        return low, high

    def item(self, name: Ref) -> ScoreItem:
        """An item of a score."""
        return self.guideline.one(name, ScoreItem)

    def rule(self, recommendation: Ref) -> KernelRef:
        """That a recommendation is in force."""
        if not self.guideline.one(recommendation, Recommendation).is_executable:
            raise LowerError(
                recommendation, f"`{recommendation}` is never decided about a patient."
            )
        return KernelRef("rule", recommendation)

    def meant(self, name: str) -> formula.Meant | None:
        """What a name in a formula stands for (see ``formula.Names``)."""
        found = self.guideline.entities.get(name)
        match found:
            case None:
                return None
            case Observable(value_kind="Quantity"):
                return formula.Meant("number", "a quantity", found.canonical_unit or PURE)
            case Observable(value_kind="Series"):
                return formula.Meant("series", "a series", found.canonical_unit or PURE)
            case SiteParameter(value_kind="Quantity"):
                unit = _setting(self.guideline, found).unit or PURE
                return formula.Meant("setting", "a site parameter", unit)
            case Criterion():
                return formula.Meant("criterion", "a criterion")
            case TimeWindow():
                return formula.Meant("window", "a time window", window=self._minutes(Ref(name)))
            case Observable() | SiteParameter():
                return formula.Meant("other", "not a number")
            case _:
                return formula.Meant("other", f"a {type(found).CLASS}")

    def numbers(self) -> Iterator[str]:
        """The names of all numbers that a formula can use."""
        numeric = ("Quantity", "Series")
        for each in self.guideline.entities.values():
            if isinstance(each, Observable | SiteParameter) and each.value_kind in numeric:
                yield each.id

    def _minutes(self, window: Ref | None) -> tuple[int | None, int | None]:
        found = self.guideline.get(window, TimeWindow)
        return found.time_range.closed_minutes if found else (None, None)


def _input(guideline: Guideline, observable: Observable) -> Input:
    low, high = _plausible(observable)
    valid_for = observable.valid_for
    return Input(
        name=observable.id,
        label=str(observable.label),
        question=str(observable.question or observable.label),
        kind=KINDS[observable.value_kind or ""],
        unit=observable.canonical_unit,
        scale=observable.decimal_places,
        low=low,
        high=high,
        basis=_basis(observable),
        codes=_wire_codes(guideline, observable.coded_values),
        valid_for=_until(valid_for).closed_minutes[1] if valid_for else None,
        cost=observable.asking_cost,
    )


def _plausible(observable: Observable) -> tuple[Fraction | None, Fraction | None]:
    """The smallest and largest plausible value: an excluded end moves by one step of the datum."""
    within = observable.plausible_range
    low, high = _bounds(within, observable.canonical_unit)
    steps = 10**observable.decimal_places
    if within and low is not None and not within.low_inclusive:
        low = Fraction(floor(low * steps) + 1, steps)
    if within and high is not None and not within.high_inclusive:
        high = Fraction(ceil(high * steps) - 1, steps)
    return low, high


def _basis(observable: Observable) -> str | None:
    """The calibration a sample must state; none where the guideline itself states none."""
    stated = observable.calibration if observable.needs_calibration else None
    return None if stated == "CalibrationNotStated" else stated


def _until(quantity: Quantity) -> QuantityRange:
    return QuantityRange(low=None, high=quantity.value, unit=quantity.unit)


def _setting(guideline: Guideline, parameter: SiteParameter) -> Setting:
    observable = guideline.get(parameter.observable, Observable)
    stated = parameter.permitted_range or parameter.default_quantity
    unit = (observable.canonical_unit if observable else None) or (stated.unit if stated else None)
    default: Fraction | str | None = None
    if parameter.default_quantity is not None:
        quantity = parameter.default_quantity
        default = Fraction(quantity.value) * units.ratio(quantity.unit, unit or quantity.unit)
    elif coded := guideline.get(parameter.default_coded_value, CodedValue):
        default = coded.wire_code
    permitted = parameter.permitted_range
    low, high = _bounds(permitted, unit)
    return Setting(
        name=parameter.id,
        label=str(parameter.label),
        kind="quantity" if parameter.value_kind == "Quantity" else "code",
        default=default,
        unit=unit,
        scale=observable.decimal_places if observable else 0,
        low=low,
        high=high,
        low_inclusive=permitted.low_inclusive if permitted else True,
        high_inclusive=permitted.high_inclusive if permitted else True,
        codes=_wire_codes(guideline, parameter.coded_values),
    )


def _bounds(
    within: QuantityRange | None, unit: str | None
) -> tuple[Fraction | None, Fraction | None]:
    if within is None:
        return None, None
    factor = units.ratio(within.unit, unit or within.unit)
    ends = (None if end is None else Fraction(end) * factor for end in (within.low, within.high))
    return cast("tuple[Fraction | None, Fraction | None]", tuple(ends))


def _wire_codes(guideline: Guideline, values: tuple[Ref, ...]) -> tuple[str, ...]:
    return tuple(guideline.one(each, CodedValue).wire_code for each in values)


def _rule(guideline: Guideline, recommendation: Recommendation) -> Rule:
    overriders = [each.id for each in executable(guideline) if recommendation.id in each.overrides]
    unless = [KernelRef("rule", each) for each in overriders]
    if recommendation.exception:
        unless.insert(0, KernelRef("criterion", recommendation.exception))
    return Rule(
        name=recommendation.id,
        label=str(recommendation.label),
        guard=guard(guideline, recommendation),
        unless=tuple(unless),
        modality=recommendation.modality,
        norm=cast("Norm", guideline.codes[recommendation.modality].norm),
        action=recommendation.action,
        alternative_to=recommendation.alternative_to,
    )


def guard(guideline: Guideline, recommendation: Recommendation) -> Bool:
    """Population and condition; the condition comes from the pathways where it is not stated."""
    stated = recommendation.condition
    condition = (
        KernelRef("criterion", stated) if stated else paths_condition(guideline, recommendation)
    )
    return all_of((belongs(guideline, recommendation.population), condition or TRUE))


def _incompatible(guideline: Guideline) -> tuple[tuple[str, str], ...]:
    pairs = {
        cast("tuple[str, str]", tuple(sorted((action.id, other))))
        for action in guideline.all(Action)
        for other in action.incompatible_with
    }
    return tuple(sorted(pairs))


def _in_order(program: Program) -> Program:
    """The program with criteria and rules in an order in which each stands after what it needs."""
    try:
        ordered = program.definitions
    except CircleError as circle:
        names = [each.name for each in circle.trail if isinstance(each, KernelRef)]
        message = f"`{names[0]}` depends on itself: {' → '.join(names)}."
        raise LowerError(names[0], message) from None
    return replace(
        program,
        criteria=tuple(each for each in ordered if isinstance(each, Named)),
        rules=tuple(each for each in ordered if isinstance(each, Rule)),
    )
