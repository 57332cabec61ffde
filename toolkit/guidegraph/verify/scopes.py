"""What recommendations belong together: those of a pathway or of a group, for one population."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from guidegraph.kernel import Bool
from guidegraph.model import CarePathway, Guideline, PathwayNode, RecommendationGroup
from guidegraph.pathway import belongs
from guidegraph.verify.base import Case


@dataclass(frozen=True, slots=True)
class Scope:
    """Recommendations (by name) that are about the same, and the condition of whom they concern."""

    name: str
    label: str
    population: Bool
    members: tuple[str, ...]


def scopes(case: Case, rules: Iterable[str]) -> Iterator[Scope]:
    """Rules of each pathway, then those of each group that stand in no pathway."""
    guideline = case.guideline
    placed = {
        each.id: frozenset(_pathways(guideline, each.implemented_by))
        for each in guideline.recommendations
    }
    for pathway in guideline.all(CarePathway):
        members = (each for each in rules if pathway.id in placed[each])
        yield from _by_population(case, pathway.id, members)
    for group in guideline.all(RecommendationGroup):
        members = (
            each
            for each in rules
            if group.id in case.recommendation(each).part_of and not placed[each]
        )
        yield from _by_population(case, group.id, members)


def _pathways(guideline: Guideline, places: tuple[str, ...]) -> Iterator[str]:
    for place in places:
        node = guideline.get(place, PathwayNode)
        if node is not None:
            yield node.pathway


def _by_population(case: Case, name: str, members: Iterator[str]) -> Iterator[Scope]:
    """Members with the same population together, in the order of the guideline."""
    held: dict[str | None, list[str]] = {}
    for each in members:
        held.setdefault(case.recommendation(each).population, []).append(each)
    for population, names in held.items():
        yield Scope(name, case.label(name), belongs(case.guideline, population), tuple(names))
