"""Every amount of an observable as it is printed: in limits, normal ranges, results and claims.

Executed quantities are not read here. Where a unit was corrected for execution, the audit has to
see what the paper prints.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from guidegraph import figures, units
from guidegraph.audit.index import Index
from guidegraph.diagnostic import Location
from guidegraph.entity import Entity
from guidegraph.model import (
    Assay,
    EvidenceClaim,
    Observable,
    ReferenceInterval,
    StatisticalResult,
    Threshold,
)
from guidegraph.wording import amount

Role = Literal["limit", "normal limit", "result"]
MEASURED = ("Mean", "Median", "SingleValue", "ValueRange")
"""Statistics that are values of the observable itself, in its unit."""

_LITRE = re.compile(r"l(?![A-Za-z])")
"""Both signs of the litre are one unit; which one was typeset says nothing."""
_PURE: units.Dimension = ()
_TIME = units.parse("s").dimension


@dataclass(frozen=True, slots=True)
class Amount:
    """One printed number of an observable with its unit, and what states it.

    ``claims`` are the claims that state it or speak of it, ``documents`` where it is printed.
    """

    owner: Entity
    observable: Observable
    number: Fraction
    unit: str
    role: Role
    at: Location
    claims: tuple[EvidenceClaim, ...]
    documents: frozenset[str]
    calibration: str | None = None

    @property
    def value(self) -> Fraction:
        """The number in base units, which can be compared with others of the same dimension."""
        return self.number * self.factor

    @property
    def factor(self) -> Fraction:
        """How many base units the printed unit is."""
        return units.parse(self.unit).factor

    @property
    def dimension(self) -> units.Dimension:
        """What the printed unit measures."""
        return units.parse(self.unit).dimension

    def in_unit(self, unit: str) -> Fraction:
        """The number in another unit of the same dimension."""
        return self.value / units.parse(unit).factor

    def __str__(self) -> str:
        return f"{amount(self.number, self.unit)} ({self.owner.id})"


def printed_amounts(index: Index) -> Iterator[Amount]:
    """Every printed amount of an observable, in the order of the files, kind by kind."""
    guideline = index.guideline
    for threshold in guideline.all(Threshold):
        claims = tuple(index.claims_with.get(threshold.id, ()))
        observable = guideline.get(threshold.observable, Observable)
        if observable:
            found = _read(observable, [threshold.reported_text])
            at = threshold.place_of("gg:reportedText")
            yield from _amounts(index, threshold, observable, found, "limit", at, claims)
    for interval in guideline.all(ReferenceInterval):
        observable = guideline.get(interval.observable, Observable)
        ends = [each for each in (interval.low, interval.high) if each is not None]
        if observable and known(interval.unit):
            pairs = [(Fraction(each), interval.unit) for each in ends]
            yield from _amounts(index, interval, observable, pairs, "normal limit", interval.at, ())
    for result in guideline.all(StatisticalResult):
        claim = index.claim_of.get(result.id)
        observable = of_result(index, result)
        if observable and result.value is not None and result.unit and known(result.unit):
            pairs = [(Fraction(result.value), result.unit)]
            yield from _amounts(
                index, result, observable, pairs, "result", result.at, (claim,) if claim else ()
            )
    for claim in index.claims:
        yield from _of_claim(index, claim)


def of_result(index: Index, result: StatisticalResult) -> Observable | None:
    """The one observable that a result is a value of, if it is a value at all."""
    if result.statistic_type not in MEASURED:
        return None
    claim = index.claim_of.get(result.id)
    names = result.observables or (claim.observables if claim else ())
    found = index.guideline.get(names[0], Observable) if len(names) == 1 else None
    if found is None or result.observables or _may_measure(found, result.unit):
        return found
    return None


def _may_measure(observable: Observable, unit: str | None) -> bool:
    """Whether a unit may be that of an observable that only the claim names.

    A time is most often how long something took, not a value of what the claim is about.
    """
    if not (unit and known(unit)) or units.parse(unit).dimension != _TIME:
        return True
    return _dimension(observable) == _TIME


def known(unit: str) -> bool:
    """Whether a unit is one that can be converted."""
    try:
        units.parse(unit)
    except units.UnitError:
        return False
    return True


def _of_claim(index: Index, claim: EvidenceClaim) -> Iterator[Amount]:
    """Amounts in the loose figures of a claim about one observable that has a unit of its own.

    Times and pure numbers are left out: nearly every claim prints some that measure nothing.
    """
    found = [index.guideline.get(each, Observable) for each in claim.observables]
    measured = [each for each in found if each and _dimension(each) not in (None, _PURE, _TIME)]
    if len(measured) != 1:
        return
    pairs = _read(measured[0], claim.reported_texts)
    at = claim.place_of("gg:reportedText")
    yield from _amounts(index, claim, measured[0], pairs, "limit", at, (claim,))


def _dimension(observable: Observable) -> units.Dimension | None:
    unit = observable.canonical_unit
    return units.parse(unit).dimension if unit and known(unit) else None


def _read(observable: Observable, texts: Iterable[str]) -> list[tuple[Fraction, str]]:
    """The numbers of printed texts whose unit fits the observable, with that unit as a code."""
    canonical = observable.canonical_unit
    found = []
    for figure in (each for text in texts for each in figures.read(text)):
        if not (canonical and figure.unit):
            continue
        try:
            code = _LITRE.sub("L", units.meant(figure.unit, canonical).code)
        except units.UnitError:
            continue
        ends = (each for each in (figure.low, figure.high) if each is not None)
        found += [(each, code) for each in dict.fromkeys(ends)]
    return found


def _amounts(
    index: Index,
    owner: Entity,
    observable: Observable,
    pairs: Iterable[tuple[Fraction, str]],
    role: Role,
    at: Location,
    claims: tuple[EvidenceClaim, ...],
) -> Iterator[Amount]:
    documents = index.documents(owner)
    assay = index.guideline.get(getattr(owner, "assay", None), Assay)
    for number, unit in pairs:
        yield Amount(
            owner,
            observable,
            number,
            unit,
            role,
            at,
            claims,
            documents,
            assay.calibration if assay else None,
        )


def is_outside(each: Amount) -> bool:
    """Whether an amount lies outside the plausible range of its observable."""
    plausible = each.observable.plausible_range
    if plausible is None or not known(plausible.unit):
        return False
    if units.parse(plausible.unit).dimension != each.dimension:
        return False
    value = each.in_unit(plausible.unit)
    below = plausible.low is not None and value < Fraction(plausible.low)
    above = plausible.high is not None and value > Fraction(plausible.high)
    return below or above
