"""What several recommendations advise, told apart by kind of action rather than by action.

Two encodings of one advice seldom name the same action: "imaging" here is "CT angiography" there.
They are the same kind of thing to be done if they are doses of the same intensity, imaging
for a common condition, or measurements of the same observable; any other action is its own kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from guidegraph.evaluate.status import FORCES
from guidegraph.kernel import Bool
from guidegraph.lower import executable
from guidegraph.model import (
    Action,
    Guideline,
    ImagingAction,
    LaboratoryTestAction,
    MedicationAction,
    RecommendationGroup,
)
from guidegraph.pathway import any_of
from guidegraph.program import Rule
from guidegraph.verify.base import Case, rule


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing to do, or not to do; ``label`` stands behind ``verb``."""

    key: str
    label: str
    is_against: bool

    @property
    def verb(self) -> str:
        """``advises`` or ``advises against``."""
        return "advises against" if self.is_against else "advises"


def encodings(guideline: Guideline) -> tuple[tuple[str, str], ...]:
    """Each group that restates something, and what it restates."""
    groups = guideline.all(RecommendationGroup)
    return tuple((each.id, other) for each in groups for other in each.restates)


def members(guideline: Guideline, name: str) -> tuple[str, ...]:
    """The executable recommendations in a group, or a recommendation and all of its parts."""
    found = {name}
    while True:
        more = {
            each.id for each in guideline.recommendations if found.intersection(each.part_of)
        } - found
        if not more:
            break
        found |= more
    return tuple(each.id for each in executable(guideline) if each.id in found)


def advises(held: Rule) -> bool:
    """Whether a rule, where it is in force, says to do its action (or that one can)."""
    return held.action is not None and FORCES.get(held.norm, "prohibition") != "prohibition"


def any_rule(rules: Iterable[Rule]) -> Bool:
    """That some of these rules is effective."""
    return any_of(rule(each.name) for each in rules)


def by_kind(case: Case, names: Iterable[str]) -> dict[Kind, list[Rule]]:
    """The rules that say to do something, or not to, by what they say it of."""
    found: dict[Kind, list[Rule]] = {}
    rules = case.rules
    for name in names:
        held = rules[name]
        action = case.guideline.get(held.action, Action)
        if action is not None and held.norm in FORCES:
            key, label = _kind(case, action)
            against = FORCES[held.norm] == "prohibition"
            found.setdefault(Kind(key, label, against), []).append(held)
    return found


def _kind(case: Case, action: Action) -> tuple[str, str]:
    match action:
        case MedicationAction(dose_intensity=str() as dose):
            return f"dose {dose}", f"a {case.guideline.words(dose)} dose"
        case LaboratoryTestAction(observable=str() as observable):
            return f"test {observable}", f"the measurement of {case.label(observable)}"
        case ImagingAction() if action.target_conditions:
            targets = _searched_together(case.guideline, action)
            labels = " or ".join(case.label(each) for each in targets)
            return f"imaging {' '.join(targets)}", f"imaging for {labels}"
        case _:
            return f"action {action.id}", f"“{action.label}”"


def _searched_together(guideline: Guideline, action: ImagingAction) -> tuple[str, ...]:
    """The conditions for which imaging is done that has one in common with the action."""
    found: set[str] = set(action.target_conditions)
    every = [set(each.target_conditions) for each in guideline.all(ImagingAction)]
    while True:
        more = {name for each in every if each & found for name in each} - found
        if not more:
            return tuple(sorted(found))
        found |= more
