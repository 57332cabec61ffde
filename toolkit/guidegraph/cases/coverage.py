"""What the cases exercise: every status of every recommendation, every branch of every decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.evaluate import STATUSES, Standing, Status
from guidegraph.kernel import And, Meaning
from guidegraph.model import CarePathway, DecisionNode, Guideline, Recommendation
from guidegraph.pathway import WHEN_UNKNOWN, belongs, branches, reach, taken

ALWAYS: tuple[Status, ...] = ("applies", "undetermined", "notApplicable")
WITH_EXCEPTION: tuple[Status, ...] = ("provisional", "defeated")
"""Statuses that only a recommendation with exceptions can have."""

STATUS_WORDS: dict[Status, str] = {
    "applies": "applies",
    "provisional": "applies provisionally",
    "undetermined": "undetermined",
    "defeated": "defeated",
    "notApplicable": "not applicable",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCoverage:
    """In how many cases a recommendation has each status it should be seen with."""

    rule: str
    at: Location
    counts: Mapping[Status, int]

    @property
    def missing(self) -> tuple[Status, ...]:
        """The statuses no case shows."""
        return tuple(status for status, count in self.counts.items() if not count)


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchCoverage:
    """In how many cases a branch of a decision is taken."""

    pathway: str
    node: str
    branch: str
    label: str
    at: Location
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What all cases together exercise."""

    rules: tuple[RuleCoverage, ...]
    branches: tuple[BranchCoverage, ...]

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """A note for each recommendation and decision that the cases do not exercise fully."""
        return (*self._rule_notes(), *self._branch_notes())

    def to_json(self) -> dict[str, Any]:
        """``{"recommendations": {id: {status: count}}, "branches": [...]}``."""
        return {
            "recommendations": {each.rule: dict(each.counts) for each in self.rules},
            "branches": [
                {
                    "pathway": each.pathway,
                    "node": each.node,
                    "branch": each.branch,
                    "label": each.label,
                    "taken": each.count,
                }
                for each in self.branches
            ],
        }

    def _rule_notes(self) -> Iterator[Diagnostic]:
        for each in self.rules:
            if each.missing:
                listed = ", ".join(STATUS_WORDS[status] for status in each.missing)
                yield Diagnostic(
                    code="T201",
                    severity=Severity.NOTE,
                    message=f"No case shows `{each.rule}` as: {listed}.",
                    at=each.at,
                    why="What no case shows can go wrong unseen.",
                    help="Add a patient for it to cases.yaml.",
                    subject=each.rule,
                )

    def _branch_notes(self) -> Iterator[Diagnostic]:
        left_out: dict[str, list[BranchCoverage]] = {}
        for each in self.branches:
            if not each.count:
                left_out.setdefault(each.node, []).append(each)
        for node, found in left_out.items():
            listed = ", ".join(f"“{each.label}”" for each in found)
            yield Diagnostic(
                code="T202",
                severity=Severity.NOTE,
                message=f"No case takes from `{node}` the way: {listed}.",
                at=found[0].at,
                why="What no case shows can go wrong unseen.",
                help="Add a patient who takes it to cases.yaml.",
                subject=node,
            )


Seen = tuple[tuple[Standing, ...], Meaning | None]
"""Where every rule stands in a case, and what conditions mean for its patient."""


def coverage(guideline: Guideline, seen: Sequence[Seen]) -> Coverage:
    """Count statuses and branches over all cases."""
    return Coverage(
        rules=tuple(_rules(guideline, [found for found, _ in seen])),
        branches=tuple(_branches(guideline, [meant for _, meant in seen if meant])),
    )


def _rules(guideline: Guideline, seen: Sequence[Iterable[Standing]]) -> Iterator[RuleCoverage]:
    counted: dict[tuple[str, Status], int] = {}
    for found in seen:
        for standing in found:
            key = (standing.rule.name, standing.status)
            counted[key] = counted.get(key, 0) + 1
    for each in guideline.recommendations:
        if each.is_executable:
            wanted = (*ALWAYS, *(WITH_EXCEPTION if _has_exception(guideline, each) else ()))
            counts = {
                status: counted.get((each.id, status), 0) for status in STATUSES if status in wanted
            }
            yield RuleCoverage(rule=each.id, at=each.at, counts=counts)


def _has_exception(guideline: Guideline, recommendation: Recommendation) -> bool:
    return recommendation.exception is not None or any(
        recommendation.id in each.overrides for each in guideline.recommendations
    )


def _branches(guideline: Guideline, seen: Sequence[Meaning]) -> Iterator[BranchCoverage]:
    for pathway in guideline.all(CarePathway):
        arriving = reach(guideline, pathway.id)
        inside = belongs(guideline, pathway.population)
        for node in guideline.all(DecisionNode):
            if node.pathway != pathway.id:
                continue
            here = And((inside, arriving[node.id]))
            arrived = [meant for meant in seen if meant.truth(here) is True]
            taking = [_taken(guideline, node, meant) for meant in arrived]
            for branch in branches(guideline, node.id):
                yield BranchCoverage(
                    pathway=pathway.id,
                    node=node.id,
                    branch=branch.id,
                    label=str(branch.label),
                    at=branch.at,
                    count=sum(branch.id in names for names in taking),
                )


def _taken(guideline: Guideline, node: DecisionNode, meant: Meaning) -> set[str]:
    """The branches a patient who has arrived takes; "when unknown" if that cannot be told."""
    known = branches(guideline, node.id)
    conditions = taken(guideline, node.id)
    answers = {each.id: meant.truth(conditions[each.id]) for each in known}
    found = {name for name, answer in answers.items() if answer is True}
    if not found and None in answers.values():
        found = {each.id for each in known if each.role == WHEN_UNKNOWN}
    return found
