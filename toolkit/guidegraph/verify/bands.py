"""What the bands of a number are called, and which limits of the guideline end them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from guidegraph.criteria import ComparisonCriterion, Criterion, RangeCriterion
from guidegraph.entity import Ref as Name
from guidegraph.entity import references
from guidegraph.kernel import TRUE, Bool, Cmp, Const, In, Ref, replace_refs, walk
from guidegraph.lower import GuidelineScope
from guidegraph.model import Recommendation, Threshold
from guidegraph.program import Rule
from guidegraph.regions import Between, leaves, linear, put, with_settings
from guidegraph.verify.base import Case, Refuted, Shown
from guidegraph.verify.topics import Band, Line, default_numbers
from guidegraph.wording import amount, readable


def seen(found: Refuted, shown: Shown) -> Refuted:
    """What was found, with the patient who shows it and the region of all of them."""
    return replace(
        found,
        witness=shown.witness,
        where=shown.where,
        patient=shown.patient,
        region=shown.region,
    )


def among(case: Case, population: str | None) -> str:
    """``Among “Patients in hospital with COVID-19”``."""
    return f"Among “{case.label(population)}”" if population else "Among all patients"


def band_label(case: Case, line: Line, band: Band) -> str:
    """The label of the criterion that is just this band, or that of its first recommendation."""
    shared = [dict.fromkeys(_criteria(case, rule.guard)) for rule in band.rules]
    for ref in shared[0]:
        if all(ref in each for each in shared) and _cells(case, line, ref) == band.cells:
            return case.label(ref.name)
    return band.rules[0].label


def _criteria(case: Case, condition: Bool) -> Iterator[Ref]:
    """The criteria that a condition refers to, those it names itself first."""
    queue = [condition]
    met: set[Ref] = set()
    while queue:
        for node in walk(queue.pop(0)):
            if isinstance(node, Ref) and node.kind == "criterion" and node not in met:
                met.add(node)
                yield node
                queue.append(case.theory.conditions[node])


def _cells(case: Case, line: Line, ref: Ref) -> frozenset[int] | None:
    """Where a criterion is true that asks for the number of a line only; None if for others."""
    whole = with_settings(_resolved(case, ref), default_numbers(case))
    values = {cell: put(whole, line.form, _value(line.cuts, cell)) for cell in line.cells}
    if any(isinstance(each, Cmp | In | Ref) for held in values.values() for each in walk(held)):
        return None
    return frozenset(cell for cell, held in values.items() if held == TRUE)


def _resolved(case: Case, condition: Bool) -> Bool:
    return replace_refs(condition, lambda ref: _resolved(case, case.theory.conditions[ref]))


def _value(cuts: tuple[Fraction, ...], cell: int) -> Fraction:
    """A number of a cell."""
    if cell % 2:
        return cuts[cell // 2]
    if cell == 0:
        return cuts[0] - 1
    return cuts[-1] + 1 if cell == 2 * len(cuts) else (cuts[cell // 2 - 1] + cuts[cell // 2]) / 2


# --- the things a finding is about ----------------------------------------------------------------


def values_of(case: Case, within: Between) -> str:
    """The values of a stretch without their comparators: ``1,000–2,000 µg/L``.

    It stays the same whether ends are included or not.
    """
    unit = case.words.unit(within.form[0][0])
    low, high = within.low, within.high
    if high is None:
        return f"above {amount(low, unit)}" if low is not None else "any"
    if low is None:
        return f"below {amount(high, unit)}"
    return amount(low, unit) if low == high else f"{readable(low)}–{amount(high, unit)}"


def conditions(case: Case, rules: Iterable[Rule]) -> tuple[str, ...]:
    """The stated conditions of recommendations, or themselves where a flowchart gives theirs."""
    found = (case.recommendation(each.name) for each in rules)
    return tuple(dict.fromkeys(_condition(each) for each in found))


def _condition(recommendation: Recommendation) -> str:
    return recommendation.condition or recommendation.id


def limits(
    case: Case, line: Line, bands: Iterable[Band], ends: Iterable[Fraction | None]
) -> tuple[str, ...]:
    """The thresholds, as they are read here, with which bands begin or end at these numbers."""
    guards = [each.guard for band in bands for each in band.rules]
    met = dict.fromkeys(ref for each in guards for ref in _criteria(case, each))
    found = (
        name
        for end in ends
        for ref in met
        if end is not None and (line.form, end) in set(_cuts(case, ref))
        for name in _thresholds(case, ref, end)
    )
    return tuple(dict.fromkeys(found))


def _cuts(case: Case, ref: Ref) -> Iterator[object]:
    """What a criterion itself compares, and with which number."""
    for leaf in leaves(with_settings(case.theory.conditions[ref], default_numbers(case))):
        if isinstance(leaf, Cmp):
            yield linear(leaf)[:2]


def _thresholds(case: Case, ref: Ref, value: Fraction) -> Iterator[str]:
    """The thresholds of a criterion that are executed as this number."""
    criterion = case.guideline.one(ref.name, Criterion)
    if not isinstance(criterion, ComparisonCriterion | RangeCriterion):
        return
    scope = GuidelineScope(case.guideline, case.program.readings)
    defaults = default_numbers(case)
    for _, name in references(criterion):
        if case.guideline.get(name, Threshold) is not None:
            number = scope.limit(Name(name), criterion.observable, criterion.observation_selector)
            default = defaults.get(number.name) if isinstance(number, Ref) else None
            if (number.value if isinstance(number, Const) else default) == value:
                yield name
