"""Limits that tell nobody apart: no plausible value meets them, or every one does.

What runs is asked of the solver, so formulas, differences and the choices of a site are covered.
What is printed is read from ``gg:reportedText`` and converted exactly: a slip of the unit that was
corrected for execution still stands in the source, and whoever reads the source meets it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from guidegraph import figures, units
from guidegraph.criteria import ComparisonCriterion, Criterion, RangeCriterion, TrendCriterion
from guidegraph.criteria.base import COMPARED, SELECTED
from guidegraph.diagnostic import Severity
from guidegraph.entity import Quantity, QuantityRange
from guidegraph.kernel import And, Bool, Ref
from guidegraph.lower import DIMENSIONLESS
from guidegraph.model import Guideline, Observable, SiteParameter, Threshold
from guidegraph.verify.asking import is_constant
from guidegraph.verify.base import Case, Entry, Held, Refuted
from guidegraph.wording import COMPARATOR_SIGNS, amount

UPWARDS, DOWNWARDS = (">", "≥"), ("<", "≤")


def check_limits(case: Case) -> Iterator[Entry]:
    """Comparisons that no plausible value meets, or every one."""
    for each in case.guideline.criteria:
        for place, condition in enumerate(_comparisons(case, each)):
            yield from case.attempt("L427", (each.id,), partial(_met, case, each, place, condition))


def check_printed_limits(case: Case) -> Iterator[Entry]:
    """Limits as printed: what their figures come to in the unit of the observable."""
    texts: dict[tuple[str, str], list[Threshold]] = {}
    for each in case.guideline.all(Threshold):
        if each.observable and each.reported_text:
            texts.setdefault((each.observable, each.reported_text), []).append(each)
    for (name, text), thresholds in texts.items():
        observable = case.guideline.get(name, Observable)
        if observable is not None and observable.plausible_range and observable.canonical_unit:
            yield from _printed(case.guideline, observable, text, thresholds)


# --- as executed ----------------------------------------------------------------------------------


def _comparisons(case: Case, each: Criterion) -> tuple[Bool, ...]:
    """The conditions of which each is one comparison: a criterion, or the two ends of a range."""
    ref = Ref("criterion", each.id)
    if isinstance(each, RangeCriterion):
        ends = case.theory.conditions[ref]
        assert isinstance(ends, And)
        return ends.operands
    return (ref,) if isinstance(each, ComparisonCriterion | TrendCriterion) else ()


def _met(case: Case, each: Criterion, place: int, condition: Bool) -> Iterator[Entry]:
    limits = each.limits()
    limit = limits[place] if limits else None
    threshold = case.guideline.get(limit.threshold, Threshold) if limit else None
    subjects = (each.id, *((threshold.id,) if threshold else ()))
    constant = is_constant(case, condition)
    if constant is None or (constant and isinstance(each, RangeCriterion)):
        yield Held(code="L427", subjects=subjects)  # an end that all meet only closes the range
        return
    effect = "always true" if constant else "never true"
    if threshold and limit and limit.comparator:
        who = "Every" if constant else "No"
        message = (
            f"{who} {_plausible(case.guideline, limit.observable, limit.selector)} is "
            f"{COMPARED[limit.comparator]} {_executed(case.guideline, threshold)}, so "
            f"“{case.label(each.id)}” is {effect}."
        )
    else:
        message = f"No two plausible values make a difference to “{case.label(each.id)}”: it is "
        message += f"{effect}."
    yield Refuted(
        code="L427",
        severity=Severity.WARNING,
        subjects=subjects,
        detail=limit.term if limit else "",
        message=message,
        why="A limit that tells no patients apart is usually a wrong number, unit or range.",
        help="Correct the limit, its comparator or the plausible range of what is compared.",
        at=each.place_of(limit.term) if limit else None,
    )


def _plausible(guideline: Guideline, name: str, selector: str | None = None) -> str:
    """``plausible value of D-dimer (10 to 200,000 µg/L)``, or a number of measurements."""
    observable = guideline.one(name, Observable)
    if selector in DIMENSIONLESS:
        words = SELECTED[selector or ""]
        return f"{words[:1].lower()}{words[1:]} {observable.label}"
    within = f" ({observable.plausible_range})" if observable.plausible_range else ""
    return f"plausible value of {observable.label}{within}"


def _executed(guideline: Guideline, threshold: Threshold) -> str:
    """What is executed: ``500 µg/L``, or the choice of a site with what it may be."""
    if threshold.executable_quantity is not None:
        return str(threshold.executable_quantity)
    parameter = guideline.get(threshold.site_parameter, SiteParameter)
    if parameter is None:
        return f"“{threshold.label}”"
    within = f" ({parameter.permitted_range})" if parameter.permitted_range else ""
    return f"“{parameter.label}”{within}"


# --- as printed -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Printed:
    """A printed figure in the unit of its observable; both ends are the same for one number."""

    low: Fraction
    high: Fraction
    comparator: str | None
    unit: str

    def __str__(self) -> str:
        if self.low == self.high:
            return amount(self.low, self.unit)
        return f"{amount(self.low, None)} to {amount(self.high, self.unit)}"


def _printed(
    guideline: Guideline, observable: Observable, text: str, thresholds: Sequence[Threshold]
) -> Iterator[Entry]:
    subjects = tuple(each.id for each in thresholds)
    executed = {value for each in thresholds for value in _values(guideline, observable, each)}
    sign = COMPARATOR_SIGNS.get(thresholds[0].comparator)
    for figure in _figures(observable, text, sign):
        side = _off(observable, figure)
        if side is None or {figure.low, figure.high} <= executed:
            yield Held(code="L428", subjects=subjects)
            continue
        upwards = figure.comparator in UPWARDS
        downwards = figure.comparator in DOWNWARDS
        if figure.comparator is None:
            effect = "it would tell no patients apart"
        elif (upwards and side == "below") or (downwards and side == "above"):
            effect = "everybody would meet it"
        else:
            effect = "nobody would meet it"
        reached = "no {} reaches it" if side == "above" else "every {} is above it"
        runs = " and ".join(dict.fromkeys(_executed(guideline, each) for each in thresholds))
        yield Refuted(
            code="L428",
            severity=Severity.WARNING,
            subjects=subjects,
            detail=str(figure),
            message=f"As printed, “{text}” is {figure}: "
            f"{reached.format(_plausible(guideline, observable.id))}, so "
            f"{effect}.",
            why=f"A limit that tells no patients apart is usually a wrong unit. What is executed "
            f"is {runs}.",
            help="Find out which unit is meant. If the source prints it this way, keep it under "
            "gg:reportedText, and link a gg:Discrepancy that says why another one runs.",
            at=thresholds[0].place_of("gg:reportedText"),
        )


def _figures(observable: Observable, text: str, sign: str | None) -> Iterator[_Printed]:
    """The figures of a printed limit that have a unit of the observable's kind."""
    unit = observable.canonical_unit
    for each in figures.read(text):
        if unit is None or each.unit is None or each.low is None or each.high is None:
            continue
        try:
            factor = units.ratio(each.unit, unit)
        except units.UnitError:
            continue
        yield _Printed(each.low * factor, each.high * factor, each.comparator or sign, unit)


def _off(observable: Observable, figure: _Printed) -> str | None:
    """On which side of all that is plausible a figure lies, if it does."""
    low, high = _ends(observable, observable.plausible_range)
    if high is not None and figure.low > high:
        return "above"
    return "below" if low is not None and figure.high < low else None


def _values(
    guideline: Guideline, observable: Observable, threshold: Threshold
) -> Iterator[Fraction]:
    """The numbers that run for a threshold, in the unit of the observable.

    A number of measurements has none.
    """
    parameter = guideline.get(threshold.site_parameter, SiteParameter)
    held = [threshold.executable_quantity, parameter.default_quantity if parameter else None]
    within = parameter.permitted_range if parameter else None
    if within is not None:
        ends = (each for each in (within.low, within.high) if each is not None)
        held += [Quantity(value=each, unit=within.unit) for each in ends]
    for quantity in held:
        if quantity is not None:
            with suppress(units.UnitError):
                yield _value(observable, quantity)


def _value(observable: Observable, quantity: Quantity) -> Fraction:
    unit = observable.canonical_unit or quantity.unit
    return Fraction(quantity.value) * units.ratio(quantity.unit, unit)


def _ends(
    observable: Observable, within: QuantityRange | None
) -> tuple[Fraction | None, Fraction | None]:
    """The two ends of a range in the unit of the observable."""
    if within is None:
        return None, None
    low, high = (
        None if end is None else _value(observable, Quantity(value=end, unit=within.unit))
        for end in (within.low, within.high)
    )
    return low, high
