"""The forms in which committees write conditions, and how each is lowered to the kernel.

Every form says one thing in the words of the field, knows how to say it in the kernel and how it
reads; nothing else in the toolkit needs to know the form. A new form is a class in one of the
modules here, its class and shape in ``ontology/criteria.ttl``, and a test.
"""

from __future__ import annotations

from guidegraph.criteria import combinations, comparisons, questions
from guidegraph.criteria.base import (
    OPS,
    Asked,
    Criterion,
    Limited,
    Named,
    Phrase,
    Scope,
    ScoreItem,
    Styled,
)
from guidegraph.criteria.combinations import (
    AssumedCriterion,
    InterpretedCriterion,
    LogicalCriterion,
    RecommendationCriterion,
    ScoreCriterion,
)
from guidegraph.criteria.comparisons import (
    ComparisonCriterion,
    RangeCriterion,
    RetestCriterion,
    TrendCriterion,
)
from guidegraph.criteria.questions import (
    FindingCriterion,
    JudgementCriterion,
    MembershipCriterion,
    YesNoCriterion,
)

FORMS: tuple[type[Criterion], ...] = tuple(
    each
    for module in (comparisons, combinations, questions)
    for each in vars(module).values()
    if isinstance(each, type) and issubclass(each, Criterion) and "CLASS" in vars(each)
    if each.__module__ == module.__name__
)
"""Every form that has a class of its own in the ontology."""

__all__ = [
    "FORMS",
    "OPS",
    "Asked",
    "AssumedCriterion",
    "ComparisonCriterion",
    "Criterion",
    "FindingCriterion",
    "InterpretedCriterion",
    "JudgementCriterion",
    "Limited",
    "LogicalCriterion",
    "MembershipCriterion",
    "Named",
    "Phrase",
    "RangeCriterion",
    "RecommendationCriterion",
    "RetestCriterion",
    "Scope",
    "ScoreCriterion",
    "ScoreItem",
    "Styled",
    "TrendCriterion",
    "YesNoCriterion",
]
