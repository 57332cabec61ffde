"""Conditions over other conditions: connectives, scores, assumptions, readings, recommendations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from guidegraph.criteria.base import Criterion, Named, Phrase, Scope, ScoreItem, Styled
from guidegraph.entity import Code, Ref, Text, many, of
from guidegraph.kernel import And, Assume, Bool, Not, Or, Score
from guidegraph.kernel import Ref as KernelRef
from guidegraph.wording import plural, readable

CONNECTIVES = {"AllOf": "all of", "AnyOf": "any of", "NoneOf": "none of"}
HOLDS = {
    "AllOf": "all of these hold",
    "AnyOf": "any of these holds",
    "NoneOf": "none of these holds",
}


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

    def phrase(self) -> Phrase:
        """``Elevated by the fixed limit: all of these hold``."""
        several = f"at least {readable(self.minimum_count or 1)} of these hold"
        return _combined(self, HOLDS.get(self.operator, several))

    @property
    def connective(self) -> str:
        """``all of``, ``at least 2 of``."""
        return CONNECTIVES.get(self.operator, f"at least {self.minimum_count} of")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCriterion(Criterion):
    """The points of its items reach a minimum."""

    CLASS: ClassVar[str] = "gg:ScoreCriterion"

    score_items: tuple[Ref, ...] = many("gg:scoreItem")
    minimum_score: int = of("gg:minimumScore")

    def lower(self, scope: Scope) -> Bool:
        """A score in which each group adds up in steps, as in ``increments``."""
        items = [scope.item(each) for each in self.score_items]
        groups: dict[str, list[ScoreItem]] = {}
        for item in items:
            groups.setdefault(item.score_group or f"\0{item.id}", []).append(item)
        parts = (part for group in groups.values() for part in increments(group))
        return Score(self.minimum_score, tuple(parts))

    def phrase(self) -> Phrase:
        """``SIC score: at least 4 points``."""
        return _combined(self, f"at least {plural(self.minimum_score, 'point')}")

    @property
    def connective(self) -> str:
        """``at least 4 points of``."""
        return f"at least {plural(self.minimum_score, 'point')} of"


def increments(group: list[ScoreItem]) -> list[tuple[Bool, int]]:
    """Items of which only the highest that holds counts, as conditions whose points add up.

    With points ``p1 > p2 > …`` these are (any of the first i, ``p_i - p_i+1``): exact for every
    patient, and where nothing is known the group counts from 0 to its highest points.
    """
    found: list[tuple[Bool, int]] = []
    ordered = sorted(group, key=lambda each: -each.points)
    holding: list[KernelRef] = []
    for item, after in zip(ordered, [*ordered[1:], None], strict=True):
        holding.append(KernelRef("criterion", item.operand))
        points = item.points - (after.points if after else 0)
        if points:
            found.append((holding[0] if len(holding) == 1 else Or(tuple(holding)), points))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumedCriterion(Criterion):
    """A criterion that is taken as stated where its answer is not known."""

    CLASS: ClassVar[str] = "gg:AssumedCriterion"

    operand: Ref = of("gg:operand")
    assumed: bool = of("gg:assumed")
    rationale: Text = of("gg:rationale", Text())

    def lower(self, scope: Scope) -> Bool:
        """The operand, with its stated default."""
        return Assume(KernelRef("criterion", self.operand), self.assumed, str(self.rationale))

    def phrase(self) -> Phrase:
        """``Bleeding (taken as no where it is not known)``."""
        answer = "yes" if self.assumed else "no"
        return (Named(self.operand), Styled(f" (taken as {answer} where it is not known)", "quiet"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationCriterion(Criterion):
    """Another recommendation is in force: it applies and nothing sets it aside."""

    CLASS: ClassVar[str] = "gg:RecommendationCriterion"

    recommendation: Ref = of("gg:recommendation")

    def lower(self, scope: Scope) -> Bool:
        """A reference to the rule."""
        return scope.rule(self.recommendation)

    def phrase(self) -> Phrase:
        """``Recommendation in force: 4b: image the chest``."""
        return ("Recommendation in force: ", Named(self.recommendation))


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

    def phrase(self) -> Phrase:
        """``Suspected COVID-19 several readings``."""
        label = str(self.label) or "A phrase with several readings"
        return (
            Named(self.interpretation_point, label),
            " ",
            Styled("several readings", "tag"),
        )


def _combined(criterion: Criterion, words: str) -> Phrase:
    """``Elevated by the fixed limit: all of these hold``."""
    if not criterion.label:
        return (words[:1].upper() + words[1:],)
    return (Named(criterion.id), Styled(f": {words}", "connective"))
