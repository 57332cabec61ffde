"""Guidelines with exactly one fault each: what a slip of the pen could make of the shipped one.

A mutant changes one property of one thing: a limit by one step or in another unit, a comparator, a
connective, a part left out, a window by a minute, an expected answer, points, an outcome. It is
made on the model, so that it can be told in the words of the guideline and at a line of its files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import Field, dataclass, fields, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from guidegraph import units
from guidegraph.criteria import Criterion, InterpretedCriterion, ScoreItem
from guidegraph.diagnostic import Location
from guidegraph.entity import Code, Entity, Formula, Quantity, QuantityRange, Ref, Ucum
from guidegraph.lower import MINUTES, executable
from guidegraph.model import (
    Action,
    Guideline,
    InterpretationPoint,
    Observable,
    Recommendation,
    SiteParameter,
    Threshold,
    TimeWindow,
)
from guidegraph.wording import plain

OTHERS: dict[str, dict[str, tuple[str, ...]]] = {
    "gg:comparator": {
        "LessThan": ("AtMost", "AtLeast"),
        "AtMost": ("LessThan", "GreaterThan"),
        "Equal": ("AtMost", "AtLeast"),
        "AtLeast": ("GreaterThan", "LessThan"),
        "GreaterThan": ("AtLeast", "AtMost"),
    },
    "gg:operator": {
        "AllOf": ("AnyOf", "NoneOf"),
        "AnyOf": ("AllOf", "NoneOf"),
        "NoneOf": ("AnyOf",),
        "AtLeast": ("AnyOf", "AllOf"),
    },
    "gg:observationSelector": {
        "First": ("Latest",),
        "Latest": ("First",),
        "Highest": ("Latest", "Lowest"),
        "Lowest": ("Latest", "Highest"),
    },
    "gg:retestState": {"Done": ("Overdue",), "Due": ("Done",), "Overdue": ("Due",)},
}
"""What each code could be confused with, by property."""

OTHERS["gg:trendBaseline"] = OTHERS["gg:observationSelector"]
FLIPPED = ("gg:lowInclusive", "gg:highInclusive", "gg:expected", "gg:assumed")
COUNTS = ("gg:minimumCount", "gg:minimumScore", "gg:points")
PARTS = ("gg:operand", "gg:scoreItem", "gg:codedValue", "gg:overrides", "gg:alternativeTo")
LEFT_OUT = ("gg:exception", "gg:appliesTo", "gg:timeWindow", "gg:baselineWindow")
UNITS = ("ug/L", "mg/L", "g/L", "min", "h", "d", "mo", "a", "10*9/L", "10*6/L", "kPa", "mm[Hg]")
"""Units in which a number is easily misread."""
TENTH = Decimal("0.1")
NUMBER = re.compile(r"(?<![\w.\"'])\d+(?:\.\d+)?")

Value = Any
"""What a field of the model holds: a code, number, quantity, name, or a tuple of names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A guideline in which one property (``term``) of one thing (``subject``) is other."""

    subject: str
    term: str
    was: str
    becomes: str
    at: Location
    guideline: Guideline

    @property
    def words(self) -> str:
        """``CRIT-x, comparator: AtLeast instead of GreaterThan``."""
        name = self.term.partition(":")[2]
        if not self.becomes:
            return f"{self.subject}, {name}: without {self.was}"
        return f"{self.subject}, {name}: {self.becomes} instead of {self.was}"


def mutants(guideline: Guideline) -> Iterator[Mutant]:
    """Every mutant, in the order of the files; all are made while they are asked for."""
    rules = {each.id for each in executable(guideline)}
    for entity in guideline.entities.values():
        if isinstance(entity, Recommendation) and entity.id not in rules:
            continue
        for each in fields(entity):
            term, value = each.metadata.get("term"), getattr(entity, each.name)
            if term is not None and value not in (None, ()):
                for other, was, becomes in _others(guideline, entity, term, value):
                    yield _mutant(guideline, entity, each, other, was, becomes)


def _mutant(
    guideline: Guideline, entity: Entity, changed: Field[Any], other: Value, was: str, becomes: str
) -> Mutant:
    term = changed.metadata["term"]
    mutated: Entity = replace(entity, **{changed.name: other})
    return Mutant(
        subject=entity.id,
        term=term,
        was=was,
        becomes=becomes,
        at=entity.place_of(term),
        guideline=replace(guideline, entities={**guideline.entities, entity.id: mutated}),
    )


Other = tuple[Value, str, str]
"""Another value of a field, and both in words; the second is empty where something is left out."""


def _others(guideline: Guideline, entity: Entity, term: str, value: Value) -> Iterator[Other]:
    match entity:
        case InterpretationPoint() if term == "gg:defaultReading":
            readings = (each for each in entity.readings if each != value)
            yield from ((each, value, each) for each in readings)
        case Threshold() if term == "gg:executableQuantity":
            observable = guideline.get(entity.observable, Observable)
            yield from _quantities(value, observable)
        case Threshold() if term == "gg:formula":
            yield from _formulas(value)
        case SiteParameter() if term == "gg:defaultQuantity":
            yield from _quantities(value, guideline.get(entity.observable, Observable))
        case TimeWindow() if term == "gg:timeRange":
            yield from _windows(value)
        case Recommendation():
            yield from _outcomes(guideline, entity, term, value)
        case Action() if term == "gg:incompatibleWith":
            yield from _without(value)
        case Criterion() | ScoreItem() if not isinstance(entity, InterpretedCriterion):
            yield from _forms(guideline, entity, term, value)


def _forms(guideline: Guideline, entity: Entity, term: str, value: Value) -> Iterator[Other]:
    """Other values of the properties of a criterion, whatever its form."""
    if term in FLIPPED:
        yield not value, _yes_no(value), _yes_no(not value)
    elif term in COUNTS:
        near = (each for each in (value - 1, value + 1) if each >= 1)
        yield from ((each, str(value), str(each)) for each in near)
    elif term in OTHERS:
        yield from ((Code(each), value, each) for each in OTHERS[term].get(value, ()))
    elif term in PARTS and isinstance(value, tuple):
        yield from _without(value) if len(value) > 1 else ()
    elif term in LEFT_OUT:
        yield None, value, ""
    elif term == "gg:minimumRatio":
        near = (each for each in (value - TENTH, value + TENTH) if each > 0)
        yield from ((each, str(value), str(each)) for each in near)
    elif term == "gg:minimumChange":
        observable = guideline.get(getattr(entity, "observable", None), Observable)
        yield from _quantities(value, observable)


def _outcomes(
    guideline: Guideline, rule: Recommendation, term: str, value: Value
) -> Iterator[Other]:
    """Another modality or action; without its exception, its population, an override."""
    if term == "gg:modality":
        norm = guideline.codes[value].norm
        for code, found in guideline.codes.items():
            if found.norm and found.norm != norm:
                yield Code(code), value, code
                return
    elif term == "gg:recommendsAction":
        others = (each.id for each in guideline.all(Action) if each.id != value)
        if (other := next(others, None)) is not None:
            yield Ref(other), value, other
    elif term in PARTS:
        yield from _without(value)
    elif term in LEFT_OUT:
        yield None, value, ""


def _quantities(value: Quantity, observable: Observable | None) -> Iterator[Other]:
    """One step of the observable down and up, and the same number in another unit."""
    unit = observable.canonical_unit if observable else None
    factor = _ratio(value.unit, unit or value.unit)
    if factor is not None and unit is not None and observable is not None:
        step = Fraction(1, 10**observable.decimal_places)
        for moved in (Fraction(value.value) * factor - step, Fraction(value.value) * factor + step):
            near = Quantity(value=Decimal(plain(moved)), unit=unit)
            yield near, str(value), str(near)
    for other in UNITS:
        if _ratio(other, value.unit) not in (None, 1):
            misread = Quantity(value=value.value, unit=Ucum(other))
            yield misread, str(value), str(misread)
            return


def _ratio(source: str, target: str) -> Fraction | None:
    """The factor between two units; None where they measure different things."""
    try:
        return units.ratio(source, target)
    except units.UnitError:
        return None


def _formulas(value: Formula) -> Iterator[Other]:
    """Each number of a formula one larger."""
    for found in NUMBER.finditer(value):
        larger = str(Decimal(found[0]) + 1)
        other = value[: found.start()] + larger + value[found.end() :]
        yield Formula(other), value, other


def _windows(value: QuantityRange) -> Iterator[Other]:
    """Each end of a window a minute earlier and later."""
    low, high = (None if each is None else Decimal(each) for each in value.closed_minutes)
    whole = QuantityRange(low=low, high=high, unit=Ucum(MINUTES))
    for step in (-1, 1):
        moved = [] if low is None else [replace(whole, low=low + step)]
        moved += [] if high is None else [replace(whole, high=high + step)]
        yield from ((each, str(value), str(each)) for each in moved)


def _without(value: tuple[Ref, ...]) -> Iterator[Other]:
    for each in value:
        yield tuple(other for other in value if other != each), each, ""


def _yes_no(value: bool) -> str:
    return "true" if value else "false"
