"""Whether every formula means something: readable, linear, of the right kind, and ever plausible.

What is wrong is told with the piece of the formula that it is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from guidegraph import formula, units
from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.entity import Ucum
from guidegraph.formula import Binary, Expression, FormulaError, If
from guidegraph.kernel import Agg, Arith, Cmp, Cond, Const, Num, holds, linear_terms
from guidegraph.lower import DIMENSIONLESS, PURE, GuidelineScope
from guidegraph.model import Guideline, Observable, Threshold
from guidegraph.program import Input, Program, Setting
from guidegraph.wording import amount, span

LONGEST_EXCERPT = 40
Interval = tuple[Fraction | None, Fraction | None]
"""From the least to the greatest value; None where nothing bounds it."""


def check_formulas(guideline: Guideline) -> Iterator[Diagnostic]:
    """A finding for every formula that cannot be read or means nothing."""
    scope = GuidelineScope(guideline, {})  # no formula depends on a reading
    for threshold in guideline.all(Threshold):
        if threshold.formula is None:
            continue
        try:
            tree = formula.parse(threshold.formula)
            for unit in _units(guideline, threshold):
                formula.meaning(tree, scope, unit)
        except FormulaError as error:
            yield _wrong(threshold, error)
        except units.UnitError:
            continue  # a unit of the guideline itself, reported where it stands


def check_reach(guideline: Guideline, program: Program) -> Iterator[Diagnostic]:
    """A finding for every part of a formula that no plausible patient can meet."""
    for threshold in guideline.all(Threshold):
        if threshold.formula is not None:
            yield from _Reach(guideline, program, threshold).findings()


def _units(guideline: Guideline, threshold: Threshold) -> Iterator[str]:
    """The units in which the criteria that use a threshold need it."""
    found: dict[str, None] = {}
    observable = guideline.get(threshold.observable, Observable)
    for criterion in guideline.criteria:
        for use in criterion.limits():
            if use.threshold == threshold.id and use.selector in DIMENSIONLESS:
                found[PURE] = None
            elif use.threshold == threshold.id and observable and observable.canonical_unit:
                found[observable.canonical_unit] = None
    if not found and observable and observable.canonical_unit:
        found[observable.canonical_unit] = None
    return iter(found)


def _wrong(
    threshold: Threshold, error: FormulaError, related: Observable | None = None
) -> Diagnostic:
    text = " ".join((threshold.formula or "")[error.start : error.end].split())
    if len(text) > LONGEST_EXCERPT:
        text = text[:LONGEST_EXCERPT] + "…"
    shown = f" (from character {error.start + 1}: {text})" if text else ""
    near = ((related.place_of("gg:plausibleRange"), "the plausible range"),) if related else ()
    return Diagnostic(
        code=error.code,
        severity=Severity.ERROR,
        message=f"The formula of `{threshold.id}` {error}{shown}.",
        at=threshold.place_of("gg:formula"),
        why=error.why,
        help=error.help or None,
        subject=threshold.id,
        related=near,
    )


class _Reach:
    """Which values the parts of one formula can have, within what is plausible."""

    def __init__(self, guideline: Guideline, program: Program, threshold: Threshold) -> None:
        self.threshold = threshold
        self.scope = GuidelineScope(guideline, program.readings)
        self.observable = guideline.one(threshold.observable or "", Observable)
        self.counted = any(unit == PURE for unit in _units(guideline, threshold))
        self.declared: dict[str, Input | Setting] = {}
        self.declared |= {each.name: each for each in program.inputs}
        self.declared |= {each.name: each for each in program.settings}

    def findings(self) -> Iterator[Diagnostic]:
        """What can never be met, and what is always met."""
        tree = formula.parse(self.threshold.formula or "")
        unit = self.observable.canonical_unit
        if unit and not self.counted:
            for outcome in _outcomes(tree):
                yield from self._outcome(outcome, unit)
        for each in formula.walk(tree):
            if isinstance(each, Binary) and each.sign in formula.COMPARISONS:
                yield from self._comparison(each)

    def _outcome(self, tree: Expression, unit: Ucum) -> Iterator[Diagnostic]:
        """An outcome that lies wholly outside what is plausible for the observable."""
        own = self.declared.get(self.observable.id)
        low, high = self.interval(formula.meaning(tree, self.scope, unit))
        if own is None or not _apart((low, high), (own.low, own.high)):
            return
        shown = (
            amount(low, unit)
            if low == high and low is not None
            else span(low, high, unit, True, True)
        )
        error = FormulaError(
            "U103",
            tree.at,
            f"comes out at {shown}, outside what is plausible for {self.observable.label} "
            f"({self.observable.plausible_range})",
            "A limit that no patient can meet is usually a wrong unit.",
            "Check the numbers of the formula and their units.",
        )
        yield _wrong(self.threshold, error, self.observable)

    def _comparison(self, tree: Binary) -> Iterator[Diagnostic]:
        """A comparison that comes out the same for every plausible patient."""
        found = formula.condition(tree, self.scope)
        if not isinstance(found, Cmp):
            return
        factors, constant = linear_terms(found)
        terms = tuple((factor, datum) for datum, factor in factors.items())
        low, high = self.interval(Arith(terms, constant))
        if low is None or high is None:
            return
        ends = {holds(found.op, end, Fraction(0)) for end in (low, high)}
        between = low < 0 < high and found.op in ("=", "!=")
        if len(ends) > 1 or between:
            return
        error = FormulaError(
            "U103",
            tree.at,
            f"asks something that is {'true' if True in ends else 'false'} for every plausible "
            "patient",
            "A choice that always comes out the same is usually a wrong unit.",
            "Check the numbers and their units, or leave the choice out.",
        )
        yield _wrong(self.threshold, error)

    def interval(self, number: Num) -> Interval:
        """The least and greatest value a number can have."""
        match number:
            case Const(value):
                return value, value
            case Arith(terms, constant):
                low: Fraction | None = constant
                high: Fraction | None = constant
                for factor, part in terms:
                    ends = [_times(factor, end) for end in self.interval(part)]
                    first, last = ends if factor >= 0 else reversed(ends)
                    low, high = _plus(low, first), _plus(high, last)
                return low, high
            case Cond(_, then, otherwise):
                one, other = self.interval(then), self.interval(otherwise)
                lows, highs = (one[0], other[0]), (one[1], other[1])
                return _least(lows), _greatest(highs)
            case _:
                held = self.declared[number.series if isinstance(number, Agg) else number.name]
                return held.low, held.high


def _outcomes(tree: Expression) -> Iterator[Expression]:
    """What a formula may come out as: each outcome of the choices at its top."""
    if isinstance(tree, If):
        yield from _outcomes(tree.then)
        yield from _outcomes(tree.otherwise)
    else:
        yield tree


def _apart(one: Interval, other: Interval) -> bool:
    """Whether two intervals have nothing in common."""
    return any(
        high is not None and low is not None and high < low
        for high, low in ((one[1], other[0]), (other[1], one[0]))
    )


def _times(factor: Fraction, end: Fraction | None) -> Fraction | None:
    return Fraction(0) if not factor else None if end is None else factor * end


def _plus(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one + other


def _least(ends: tuple[Fraction | None, ...]) -> Fraction | None:
    known = [each for each in ends if each is not None]
    return min(known) if len(known) == len(ends) else None


def _greatest(ends: tuple[Fraction | None, ...]) -> Fraction | None:
    known = [each for each in ends if each is not None]
    return max(known) if len(known) == len(ends) else None
