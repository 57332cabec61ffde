"""Conditions over answers: yes or no, and one of several coded values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from guidegraph.criteria.base import Asked, Criterion, Named, Phrase, Scope, Styled
from guidegraph.entity import Ref, Text, many, of
from guidegraph.kernel import Bool, In, Kind, Not
from guidegraph.kernel import Ref as KernelRef


@dataclass(frozen=True, slots=True, kw_only=True)
class YesNoCriterion(Criterion):
    """The answer to a yes/no question about the patient is the expected one (use a subclass)."""

    observable: Ref = of("gg:observable")
    expected: bool = of("gg:expected", True)

    def lower(self, scope: Scope) -> Bool:
        """The answer itself, or its negation."""
        answer = KernelRef("input", self.observable)
        return answer if self.expected else Not(answer)

    def phrase(self) -> Phrase:
        """``Bleeding: yes``."""
        return (Named(self.observable), ": ", self.answer)

    @property
    def answer(self) -> Styled:
        """The answer that makes it true."""
        return Styled("yes" if self.expected else "no", "answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingCriterion(YesNoCriterion):
    """A finding, condition or therapy is present (or, with ``expected`` false, absent)."""

    CLASS: ClassVar[str] = "gg:FindingCriterion"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementCriterion(YesNoCriterion):
    """A question a clinician answers: yes, no or not known. Used where the source gives no rule."""

    CLASS: ClassVar[str] = "gg:JudgementCriterion"

    question: Text = of("gg:question", Text())

    def phrase(self) -> Phrase:
        """``Can a scan be done? no``."""
        return (Asked(self.observable, str(self.question)), " ", self.answer)


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
        return In(KernelRef(kind, self.subject), scope.codes(self.coded_values))

    def phrase(self) -> Phrase:
        """``Illness is “suspected” or “confirmed”``."""
        last = len(self.coded_values) - 1
        told: list[str | Named] = []
        for place, each in enumerate(self.coded_values):
            if place:
                told.append(" or " if place == last else ", ")
            told.append(Named(each))
        return (Named(self.subject), " is ", *told)

    @property
    def subject(self) -> Ref:
        """What is one of the values."""
        return self.observable or self.site_parameter or Ref("")
