"""Values that cannot be, or hardly can: below zero, off the plausible range, in a wrong unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from guidegraph import units
from guidegraph.audit.amounts import Amount, is_outside, known, of_result, printed_amounts
from guidegraph.audit.base import Finding, finding
from guidegraph.audit.index import Index, listed
from guidegraph.diagnostic import Severity
from guidegraph.model import (
    Guideline,
    Observable,
    ReferenceInterval,
    StatisticalResult,
)
from guidegraph.wording import amount, unit_label

SEEN = ("LowestToHighest", "InterquartileRange")
"""Intervals whose ends are values that somebody had."""
NEVER_NEGATIVE = ("gram", "mole", "international unit", "equivalent", "osmole", "second", "metre")
"""Base dimensions of units in which nothing can be less than nothing (temperature is not one)."""

SHOWN = 4
"""How many figures a sentence names at most."""


def audit_values(guideline: Guideline) -> Iterator[Finding]:
    """Everything this module audits."""
    index = Index(guideline)
    for result in guideline.all(StatisticalResult):
        observable = of_result(index, result)
        if observable and result.unit and known(result.unit):
            yield from _negative(index, result, observable, result.unit)
    for interval in guideline.all(ReferenceInterval):
        observable = guideline.get(interval.observable, Observable)
        if observable and known(interval.unit):
            yield from _negative(index, interval, observable, interval.unit)
    yield from _wrong_dimension(index)
    yield from _implausible(index)


def _negative(
    index: Index,
    owner: StatisticalResult | ReferenceInterval,
    observable: Observable,
    unit: str,
) -> Iterator[Finding]:
    """A number below zero of something that cannot be less than nothing."""
    value = owner.value if isinstance(owner, StatisticalResult) else None
    below = [each for each in (value, owner.low, owner.high) if each is not None and each < 0]
    if not below or not _cannot_be_negative(observable, unit):
        return
    kind = owner.interval_type if isinstance(owner, StatisticalResult) else "LowestToHighest"
    impossible = (value is not None and value < 0) or kind in SEEN
    words = (
        index.guideline.words(kind) if isinstance(owner, StatisticalResult) else "a normal range"
    )
    yield finding(
        "A301",
        Severity.ERROR if impossible else Severity.WARNING,
        f'"{owner.reported_text}" gives {observable.label} a limit below zero '
        f"({amount(min(below), unit)}).",
        at=owner.at,
        why="Nobody can have such a value."
        if impossible
        else f"Nobody can have such a value, so the interval ({words}) cannot be a range of values "
        "that were seen. If it was worked out from a mean and its spread, the values are too "
        "skewed, or too few, for that sum to describe them.",
        remedy="Compare the figures with the source. If they stand there and are right, record it "
        "as a gg:Discrepancy or accept the finding; if the observable can be negative, let its "
        "gg:plausibleRange begin below zero.",
        subject=owner.id,
        involved=_claims(index, [owner]),
        arithmetic=(f"{amount(min(below), unit)} < 0",),
    )


def _cannot_be_negative(observable: Observable, unit: str) -> bool:
    """By its plausible range; where there is none, by what its unit measures."""
    plausible = observable.plausible_range
    if plausible is not None:
        return plausible.low is not None and plausible.low >= 0
    return any(name in NEVER_NEGATIVE for name, _ in units.parse(unit).dimension)


def _wrong_dimension(index: Index) -> Iterator[Finding]:
    """Values and normal ranges in a unit that does not measure what the observable is."""
    guideline = index.guideline
    found: dict[tuple[str, str, frozenset[str]], list[StatisticalResult | ReferenceInterval]] = {}
    given: list[StatisticalResult | ReferenceInterval] = [
        *guideline.all(ReferenceInterval),
        *guideline.all(StatisticalResult),
    ]
    for owner in given:
        observable = (
            of_result(index, owner)
            if isinstance(owner, StatisticalResult)
            else guideline.get(owner.observable, Observable)
        )
        canonical = observable.canonical_unit if observable else None
        if observable and canonical and owner.unit and not _of_one_kind(owner.unit, canonical):
            key = (observable.id, owner.unit, index.documents(owner))
            found.setdefault(key, []).append(owner)
    for (name, unit, documents), owners in found.items():
        observable = guideline.one(name, Observable)
        measured = unit_label(observable.canonical_unit) or "pure numbers"
        printed = unit_label(unit) or "pure numbers"
        where = f" in {index.titles(documents)}" if documents else ""
        yield finding(
            "A303",
            Severity.WARNING,
            f"{observable.label} is printed in {printed}{where}, but is measured in {measured}.",
            at=owners[0].place_of("gg:unit"),
            why="A unit of another kind is a slip of the unit or of the name of the test: one "
            "cannot be converted into the other.",
            remedy="Check which test is meant. If the source prints this unit, record it as a "
            "gg:Discrepancy or accept the finding; if the observable is measured this way, correct "
            "its gg:canonicalUnit.",
            subject=owners[0].id,
            involved=(*(each.id for each in owners), *_claims(index, owners)),
            arithmetic=tuple(f'{each.id}: "{each.reported_text}"' for each in owners),
        )


def _of_one_kind(unit: str, other: str) -> bool:
    """Whether two units measure the same; those that are not known are checked elsewhere."""
    readable = known(unit) and known(other)
    return not readable or units.parse(unit).dimension == units.parse(other).dimension


def _claims(index: Index, owners: Sequence[StatisticalResult | ReferenceInterval]) -> list[str]:
    """The claims that state results."""
    found = (index.claim_of.get(each.id) for each in owners)
    return [each.id for each in found if each]


def _implausible(index: Index) -> Iterator[Finding]:
    """Printed amounts outside what is plausible, once for each observable, document and unit."""
    found: dict[tuple[str, str, frozenset[str]], list[Amount]] = {}
    for each in printed_amounts(index):
        if each.number > 0 and is_outside(each):
            key = (each.observable.id, each.unit, each.documents)
            found.setdefault(key, []).append(each)
    for (_, _, documents), amounts in found.items():
        observable, first = amounts[0].observable, amounts[0]
        plausible = observable.plausible_range
        assert plausible is not None
        owners = tuple(dict.fromkeys(each.owner.id for each in amounts))
        where = f" in {index.titles(documents)}" if documents else ""
        yield finding(
            "A302",
            Severity.WARNING,
            f"{observable.label}: {_shown(amounts)}{where} "
            f"{'lies' if len(amounts) == 1 else 'lie'} outside what is plausible ({plausible}).",
            at=first.at,
            why="A value that no patient has is most often a wrong unit, or digits that slipped.",
            remedy="Check number and unit against the source. If the source prints this, record "
            "it as a gg:Discrepancy or accept the finding; if such values occur, widen the "
            "gg:plausibleRange.",
            subject=first.owner.id,
            involved=(*owners, *(c.id for each in amounts for c in each.claims)),
            arithmetic=tuple(
                f"{each} = {amount(each.in_unit(plausible.unit), plausible.unit)}"
                for each in amounts
            ),
        )


def _shown(amounts: Sequence[Amount]) -> str:
    """The amounts as printed, each once; of many, how many there are."""
    shown = tuple(dict.fromkeys(amount(each.number, each.unit) for each in amounts))
    return listed(shown if len(shown) <= SHOWN else (*shown[:SHOWN], f"{len(shown) - SHOWN} more"))
