"""Whether scores can be reached, their groups are what they seem, and what is asked is decided."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.criteria import Criterion, RecommendationCriterion, ScoreCriterion, ScoreItem
from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.entity import references
from guidegraph.model import Guideline, Observable, Recommendation
from guidegraph.wording import plural


def check_scores(guideline: Guideline) -> Iterator[Diagnostic]:
    """Scores out of reach, groups of one item or of unlike items, and advice never decided."""
    for score in guideline.all(ScoreCriterion):
        items = [each for name in score.score_items if (each := guideline.get(name, ScoreItem))]
        if items and len(items) == len(score.score_items):
            yield from _out_of_reach(score, items)
        groups: dict[str, list[ScoreItem]] = {}
        for item in items:
            if item.score_group:
                groups.setdefault(item.score_group, []).append(item)
        for name, group in groups.items():
            yield from _group(guideline, score, name, group)
    for asked in guideline.all(RecommendationCriterion):
        yield from _never_decided(guideline, asked)


def _out_of_reach(score: ScoreCriterion, items: list[ScoreItem]) -> Iterator[Diagnostic]:
    best: dict[str, int] = {}
    for item in items:
        group = item.score_group or f"\0{item.id}"
        best[group] = max(item.points, best.get(group, 0))
    most = sum(best.values())
    if most >= score.minimum_score:
        return
    yield Diagnostic(
        code="L114",
        severity=Severity.ERROR,
        message=f"`{score.id}` asks for at least {plural(score.minimum_score, 'point')}, but all "
        f"its items together give {most}.",
        at=score.place_of("gg:minimumScore"),
        why="Of the items of one group only the highest counts, so it could never be reached.",
        help="Check the points, the groups and the minimum; perhaps an item is missing.",
        subject=score.id,
    )


def _group(
    guideline: Guideline, score: ScoreCriterion, name: str, group: list[ScoreItem]
) -> Iterator[Diagnostic]:
    """A group holds two or more items, about the same thing."""
    about = [set(_observables(guideline, each.operand)) for each in group]
    if len(group) > 1 and set.intersection(*about):
        return
    alone = f'`{group[0].id}` is the only item of the group "{name}" of `{score.id}`.'
    mixed = f'The items of the group "{name}" of `{score.id}` are about different things.'
    yield Diagnostic(
        code="L115",
        severity=Severity.WARNING,
        message=alone if len(group) == 1 else mixed,
        at=group[0].place_of("gg:scoreGroup"),
        why="Of the items of one group only the highest counts. That is meant for steps of one "
        "measurement; points for different things are added up.",
        help="Check the spelling of the group's name, or leave gg:scoreGroup out.",
        subject=group[0].id,
        related=tuple((each.place_of("gg:scoreGroup"), "in the same group") for each in group[1:]),
    )


def _observables(guideline: Guideline, name: str) -> Iterator[str]:
    """Everything that a criterion observes, through its parts."""
    ahead, met = [name], {name}
    while ahead:
        thing = guideline.entities.get(ahead.pop())
        for _, other in references(thing) if thing else ():
            found = guideline.entities.get(other)
            if isinstance(found, Observable):
                yield other
            elif isinstance(found, Criterion | ScoreItem) and other not in met:
                met.add(other)
                ahead.append(other)


def _never_decided(guideline: Guideline, found: RecommendationCriterion) -> Iterator[Diagnostic]:
    recommendation = guideline.get(found.recommendation, Recommendation)
    if recommendation is None or recommendation.is_executable:
        return
    yield Diagnostic(
        code="L116",
        severity=Severity.ERROR,
        message=f"`{found.id}` asks whether `{recommendation.id}` is in force, which is never "
        "decided about a patient.",
        at=found.place_of("gg:recommendation"),
        why=f"`{recommendation.id}` is marked gg:isExecutable false.",
        help="Name a recommendation that can be decided, or a criterion that says what is meant.",
        subject=found.id,
        related=((recommendation.place_of("gg:isExecutable"), "said here"),),
    )
