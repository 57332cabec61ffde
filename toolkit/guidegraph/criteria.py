"""The forms in which committees write conditions, and how each is lowered to the kernel.

Every form says one thing in the words of the field and knows how to say it in the kernel; nothing
else in the toolkit needs to know the form. A new form is a class here, its class and shape in
``ontology/criteria.ttl``, and a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Protocol

from guidegraph.entity import Code, Entity, Quantity, Ref, Text, many, of
from guidegraph.kernel import And, Arith, Bool, Const, In, Kind, Not, Num, Op, Or, Score, compare
from guidegraph.kernel import Ref as KernelRef

OPS: dict[str, Op] = {
    "LessThan": "<",
    "AtMost": "<=",
    "Equal": "=",
    "AtLeast": ">=",
    "GreaterThan": ">",
}


class Scope(Protocol):
    """What a criterion may ask of the guideline while it is lowered."""

    def measure(self, observable: Ref, selector: Code | None, window: Ref | None) -> Num:
        """The number meant by "the latest D-dimer in this window" (or by a single quantity)."""

    def limit(self, threshold: Ref, like: Ref, selector: Code | None) -> Num:
        """A threshold's value in the unit of ``measure(like, selector, …)``, or its setting."""

    def amount(self, quantity: Quantity, like: Ref, selector: Code | None) -> Fraction:
        """A quantity in the unit of ``measure(like, selector, …)``."""

    def codes(self, values: tuple[Ref, ...]) -> tuple[str, ...]:
        """The wire codes of coded values, sorted."""

    def chosen(self, point: Ref, among: tuple[Ref, ...]) -> Ref:
        """The one criterion that the active reading of an interpretation point selects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(Entity):
    """Something that is true, false or unknown for a patient at a time."""

    CLASS: ClassVar[str] = "gg:Criterion"

    is_illustrative: bool = of("gg:isIllustrative", False)

    def lower(self, scope: Scope) -> Bool:
        """The criterion in the kernel."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonCriterion(Criterion):
    """Compares one selected observation with a threshold."""

    CLASS: ClassVar[str] = "gg:ComparisonCriterion"

    observable: Ref = of("gg:observable")
    observation_selector: Code | None = of("gg:observationSelector")
    time_window: Ref | None = of("gg:timeWindow")
    comparator: Code = of("gg:comparator")
    threshold: Ref = of("gg:threshold")

    def lower(self, scope: Scope) -> Bool:
        """``measure OP limit``."""
        return compare(
            OPS[self.comparator],
            scope.measure(self.observable, self.observation_selector, self.time_window),
            scope.limit(self.threshold, self.observable, self.observation_selector),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeCriterion(Criterion):
    """One selected observation lies between two thresholds; each end says whether it belongs."""

    CLASS: ClassVar[str] = "gg:RangeCriterion"

    observable: Ref = of("gg:observable")
    observation_selector: Code | None = of("gg:observationSelector")
    time_window: Ref | None = of("gg:timeWindow")
    low_threshold: Ref = of("gg:lowThreshold")
    high_threshold: Ref = of("gg:highThreshold")
    low_inclusive: bool = of("gg:lowInclusive")
    high_inclusive: bool = of("gg:highInclusive")

    def lower(self, scope: Scope) -> Bool:
        """``low OP measure`` and ``measure OP high``."""
        selector = self.observation_selector
        measure = scope.measure(self.observable, selector, self.time_window)
        low = scope.limit(self.low_threshold, self.observable, selector)
        high = scope.limit(self.high_threshold, self.observable, selector)
        return And(
            (
                compare(">=" if self.low_inclusive else ">", measure, low),
                compare("<=" if self.high_inclusive else "<", measure, high),
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendCriterion(Criterion):
    """Compares one selected observation with an earlier one of the same observable.

    With ``minimum_ratio`` the earlier value is multiplied by it, with ``minimum_change`` that much
    is added; with neither, the two are compared as they are.
    """

    CLASS: ClassVar[str] = "gg:TrendCriterion"

    observable: Ref = of("gg:observable")
    observation_selector: Code = of("gg:observationSelector")
    time_window: Ref | None = of("gg:timeWindow")
    comparator: Code = of("gg:comparator")
    trend_baseline: Code = of("gg:trendBaseline")
    baseline_window: Ref | None = of("gg:baselineWindow")
    minimum_change: Quantity | None = of("gg:minimumChange")
    minimum_ratio: Decimal | None = of("gg:minimumRatio")

    def lower(self, scope: Scope) -> Bool:
        """``later OP ratio * earlier + change``."""
        later = scope.measure(self.observable, self.observation_selector, self.time_window)
        earlier = scope.measure(self.observable, self.trend_baseline, self.baseline_window)
        ratio = Fraction(self.minimum_ratio) if self.minimum_ratio is not None else Fraction(1)
        change = Fraction(0)
        if self.minimum_change is not None:
            change = scope.amount(self.minimum_change, self.observable, self.observation_selector)
        return compare(OPS[self.comparator], later, Arith(((ratio, earlier),), change))


@dataclass(frozen=True, slots=True, kw_only=True)
class LogicalCriterion(Criterion):
    """All of, any of, none of, or at least n of other criteria."""

    CLASS: ClassVar[str] = "gg:LogicalCriterion"

    operator: Code = of("gg:operator")
    operands: tuple[Ref, ...] = many("gg:operand")
    minimum_count: int | None = of("gg:minimumCount")

    def lower(self, scope: Scope) -> Bool:
        """The kernel's connective over references to the operands."""
        parts: tuple[Bool, ...] = tuple(KernelRef("criterion", each) for each in self.operands)
        match self.operator:
            case "AllOf":
                return And(parts)
            case "AnyOf":
                return Or(parts)
            case "NoneOf":
                return And(tuple(Not(each) for each in parts))
            case _:
                return Score(self.minimum_count or 1, tuple((each, 1) for each in parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class YesNoCriterion(Criterion):
    """The answer to a yes/no question about the patient is the expected one (use a subclass)."""

    observable: Ref = of("gg:observable")
    expected: bool = of("gg:expected", True)

    def lower(self, scope: Scope) -> Bool:
        """The answer itself, or its negation."""
        answer = KernelRef("input", self.observable)
        return answer if self.expected else Not(answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingCriterion(YesNoCriterion):
    """A finding, condition or therapy is present (or, with ``expected`` false, absent)."""

    CLASS: ClassVar[str] = "gg:FindingCriterion"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementCriterion(YesNoCriterion):
    """A question a clinician answers: yes, no or not known. Used where the source gives no rule."""

    CLASS: ClassVar[str] = "gg:JudgementCriterion"

    question: Text = of("gg:question", Text())


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipCriterion(Criterion):
    """A coded observable, or a coded site parameter, has one of some values."""

    CLASS: ClassVar[str] = "gg:MembershipCriterion"

    observable: Ref | None = of("gg:observable")
    site_parameter: Ref | None = of("gg:siteParameter")
    coded_values: tuple[Ref, ...] = many("gg:codedValue")

    def lower(self, scope: Scope) -> Bool:
        """``code in codes``."""
        kind: Kind = "input" if self.observable else "setting"
        name = self.observable or self.site_parameter or Ref("")
        return In(KernelRef(kind, name), scope.codes(self.coded_values))


@dataclass(frozen=True, slots=True, kw_only=True)
class InterpretedCriterion(Criterion):
    """A phrase with several meanings: the active reading of its point picks one operand."""

    CLASS: ClassVar[str] = "gg:InterpretedCriterion"

    interpretation_point: Ref = of("gg:interpretationPoint")
    operands: tuple[Ref, ...] = many("gg:operand")

    def lower(self, scope: Scope) -> Bool:
        """The operand that the active reading selects."""
        chosen = scope.chosen(self.interpretation_point, self.operands)
        return KernelRef("criterion", chosen)


FORMS: tuple[type[Criterion], ...] = (
    ComparisonCriterion,
    RangeCriterion,
    TrendCriterion,
    LogicalCriterion,
    FindingCriterion,
    JudgementCriterion,
    MembershipCriterion,
    InterpretedCriterion,
)
__all__ = ["FORMS", "OPS", "Const", "Criterion", "Scope", *(form.__name__ for form in FORMS)]
