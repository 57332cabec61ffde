"""Where a guideline falls silent although the patient is one of those it is about.

This is not the same as "no clear guidance" (the guideline says that it has none) and not the same
as an undetermined advice (too little is known).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from guidegraph.evaluate.status import Standing, is_covered
from guidegraph.kernel import Meaning, Ref
from guidegraph.model import (
    CarePathway,
    Guideline,
    PathwayNode,
    Population,
    RecommendationGroup,
)


@dataclass(frozen=True, slots=True)
class Gap:
    """A pathway or group of recommendations whose population the patient belongs to in vain."""

    scope: str
    label: str

    @property
    def message(self) -> str:
        """The gap in words."""
        return f"The patient is one of those “{self.label}” is about, but none of it applies."

    def to_json(self) -> dict[str, Any]:
        """``{"scope", "label", "message"}``."""
        return {"scope": self.scope, "label": self.label, "message": self.message}


def gaps(guideline: Guideline, found: Iterable[Standing], meant: Meaning) -> tuple[Gap, ...]:
    """Pathways, then groups of recommendations outside pathways, in which nothing applies."""
    standing = {each.rule.name: each for each in found}
    return tuple(
        Gap(scope, label)
        for scope, label, populations, members in scopes(guideline)
        if (known := [standing[each] for each in members if each in standing])
        and not is_covered(known)
        and any(_is_in(guideline, each, meant) for each in populations)
    )


Scope = tuple[str, str, tuple[str, ...], tuple[str, ...]]
"""Name, label, populations, recommendations."""


def scopes(guideline: Guideline) -> Iterator[Scope]:
    """Every pathway with what it carries out, then each group with what stands in no pathway."""
    pathways: dict[str, tuple[str, ...]] = {
        each.id: tuple(
            node.pathway
            for place in each.implemented_by
            if (node := guideline.get(place, PathwayNode))
        )
        for each in guideline.recommendations
    }
    for pathway in guideline.all(CarePathway):
        carried = tuple(name for name, holders in pathways.items() if pathway.id in holders)
        if pathway.population:
            yield pathway.id, str(pathway.label), (pathway.population,), carried
    for group in guideline.all(RecommendationGroup):
        members = [
            each
            for each in guideline.recommendations
            if group.id in each.part_of and not pathways[each.id]
        ]
        populations = tuple(dict.fromkeys(each.population for each in members if each.population))
        yield group.id, str(group.label), populations, tuple(each.id for each in members)


def _is_in(guideline: Guideline, population: str, meant: Meaning) -> bool:
    found = guideline.get(population, Population)
    if found is None or found.defining_criterion is None:
        return False
    return meant.truth(Ref("criterion", found.defining_criterion)) is True
