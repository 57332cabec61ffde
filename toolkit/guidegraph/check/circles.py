"""Whether anything needs itself: criteria, overrides, or both together.

A criterion needs what it names, through the items of a score and the formula of a limit too; a
recommendation needs its population, its condition, its exception, the criteria on the pathway that
leads to it, and the recommendations that override it. Which parts a form has is read from its
fields, so a new form is followed without a word here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from guidegraph.criteria import Criterion, ScoreItem
from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.entity import Entity, references
from guidegraph.kernel import TRUE, Ref, walk
from guidegraph.model import (
    CarePathway,
    Guideline,
    PathwayNode,
    Population,
    Recommendation,
    Threshold,
)
from guidegraph.pathway import paths_condition
from guidegraph.program import CircleError, sort_by_need

MEANT_BY = (Criterion, ScoreItem, Threshold)
"""Kinds through which a criterion may depend on another."""
ASKED_OF = ("gg:appliesTo", "gg:condition", "gg:exception")
"""What a recommendation rests on; what reinforces it or stands beside it decides nothing."""


def check_circles(guideline: Guideline) -> Iterator[Diagnostic]:
    """A finding for a circle among criteria, among overrides, or through both."""
    links = _Links(guideline)
    conditions = [each.id for each in guideline.all(Entity) if isinstance(each, MEANT_BY)]
    advice = [each.id for each in guideline.recommendations]
    alone = [
        *_circle("L101", conditions, links.among(MEANT_BY), links),
        *_circle("L102", advice, links.overrides, links),
    ]
    yield from alone or _circle("L109", advice, links.all, links)


WHY = {
    "L101": "A criterion that is part of itself can never be decided.",
    "L102": "If each overrides the other, none of them can ever hold.",
    "L109": "Whether it is in force would have to be known before it can be known.",
}


def _circle(
    code: str, names: Iterable[str], needs: Callable[[str], Iterable[str]], links: _Links
) -> Iterator[Diagnostic]:
    try:
        sort_by_need(names, needs)
    except CircleError as circle:
        trail = [str(each) for each in circle.trail]
        at = links.guideline[trail[0]]
        yield Diagnostic(
            code=code,
            severity=Severity.ERROR,
            message=f"`{at.id}` depends on itself: {circle}.",
            at=links.place(trail[0], trail[1]),
            why=WHY[code],
            help="Take one of the links out of the circle.",
            subject=at.id,
            related=tuple(
                (links.place(one, other), f"`{one}` needs `{other}` here")
                for one, other in pairwise(trail[1:])
                if code == "L109"
            ),
        )


class _Links:
    """What each thing of a guideline needs in order to be decided."""

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline
        self.overriders: dict[str, list[str]] = {}
        for each in guideline.recommendations:
            for name in each.overrides:
                self.overriders.setdefault(name, []).append(each.id)

    def overrides(self, name: str) -> Iterable[str]:
        """The recommendations that one overrides."""
        found = self.guideline.one(name, Recommendation)
        return [each for each in found.overrides if self.guideline.get(each, Recommendation)]

    def among(self, kinds: tuple[type[Entity], ...]) -> Callable[[str], Iterable[str]]:
        """What a thing names of some kinds."""

        def needed(name: str) -> Iterable[str]:
            named = (other for _, other in references(self.guideline[name]))
            return [e for e in named if isinstance(self.guideline.entities.get(e), kinds)]

        return needed

    def all(self, name: str) -> Iterable[str]:
        """Everything that a thing needs, recommendations and their pathways included."""
        found = self.guideline.entities.get(name)
        match found:
            case Criterion() | ScoreItem() | Threshold():
                return self.among((*MEANT_BY, Recommendation))(name)
            case Recommendation():
                return [*self._rests_on(found), *self.overriders.get(name, ())]
            case Population(defining_criterion=criterion) if criterion:
                return self._known(criterion)
            case _:
                return ()

    def _rests_on(self, found: Recommendation) -> Iterator[str]:
        if not found.is_executable:
            return
        for term, name in references(found):
            if term in ASKED_OF:
                yield from self._known(name)
        places = [self.guideline.get(each, PathwayNode) for each in found.implemented_by]
        known = (each and self.guideline.get(each.pathway, CarePathway) for each in places)
        if not found.condition and all(known):
            for node in walk(paths_condition(self.guideline, found) or TRUE):
                if isinstance(node, Ref):
                    yield from self._known(node.name)

    def _known(self, name: str | None) -> tuple[str, ...]:
        return (name,) if name and name in self.guideline.entities else ()

    def place(self, one: str, other: str) -> Location:
        """Where one thing names another (or else where it is described)."""
        found = self.guideline[one]
        terms = [term for term, name in references(found) if name == other]
        if not terms and other in self.overriders.get(one, ()):
            return self.guideline[other].place_of("gg:overrides")
        return found.place_of(terms[0] if terms else "gg:implementedBy")
