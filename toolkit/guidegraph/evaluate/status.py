"""Where every rule stands for one patient: the status table, conflicts and gaps.

A rule has a *guard* (population and condition) and is *effective* when the guard holds and no
exception or overriding rule does. Both are read, so that an exception nobody has asked about yet
makes an advice provisional instead of silencing it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from guidegraph.kernel import Bool, Meaning, Ref, Truth, Value
from guidegraph.program import Norm, Program, Rule

Status = Literal["applies", "provisional", "undetermined", "defeated", "notApplicable"]
STATUSES: tuple[Status, ...] = (
    "applies",
    "provisional",
    "undetermined",
    "defeated",
    "notApplicable",
)
"""Every status, in the order in which people read a decision."""

STATUS_OF: Mapping[tuple[Truth, Truth], Status] = {
    (True, True): "applies",
    (True, None): "provisional",
    (True, False): "defeated",
    (None, True): "undetermined",
    (None, None): "undetermined",
    (None, False): "notApplicable",
    (False, True): "notApplicable",
    (False, None): "notApplicable",
    (False, False): "notApplicable",
}
"""The status table: guard, then what exceptions and overriding rules leave of it."""
OPEN: frozenset[Status] = frozenset(("undetermined", "provisional"))
"""What learning more could still change."""

ConflictKind = Literal["hard", "soft", "choice"]
Force = Literal["obligation", "consideration", "permission", "prohibition"]

FORCES: dict[Norm, Force] = {
    "must": "obligation",
    "should": "obligation",
    "shouldConsider": "consideration",
    "may": "permission",
    "shouldNot": "prohibition",
    "mustNot": "prohibition",
}
"""How strongly a norm binds. Remarks and "no clear guidance" bind nobody."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one rule stands: its status, and the two truths it follows from."""

    rule: Rule
    guard: Truth
    effective: Truth

    @property
    def status(self) -> Status:
        """The status by the table."""
        return STATUS_OF[self.guard, self.effective]

    @property
    def is_in_force(self) -> bool:
        """Whether the rule speaks: it applies, or applies unless something not yet known."""
        return self.status in ("applies", "provisional")

    @property
    def is_open(self) -> bool:
        """Whether learning more could still change the status."""
        return self.status in OPEN


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two rules in force that cannot both be followed."""

    rules: tuple[str, str]
    actions: tuple[str, str]
    kind: ConflictKind


@dataclass(slots=True)
class Answered(Meaning):
    """The meaning for a patient of whom some conditions are answered already.

    ``places`` says where among the ``truths`` a condition is, by its ``id``.
    """

    places: Mapping[int, int]
    truths: tuple[Truth, ...]

    def truth(self, node: Bool) -> Truth:
        """True, False or None (unknown)."""
        place = self.places.get(id(node))
        return Meaning.truth(self, node) if place is None else self.truths[place]


def meaning(
    program: Program, inputs: Mapping[str, Value], settings: Mapping[str, Value]
) -> Meaning:
    """The reference semantics of a program for one patient's data and one site's settings."""
    return Meaning(inputs, settings, program.conditions)


def standings(rules: Iterable[Rule], meant: Meaning) -> tuple[Standing, ...]:
    """Where each rule stands, in the order given."""
    return tuple(
        Standing(rule, meant.truth(rule.guard), meant.truth(rule.effective)) for rule in rules
    )


def is_covered(found: Iterable[Standing]) -> bool:
    """Whether the guideline speaks to this patient, or might once more is known.

    A defeated advice counts: the guideline knows the situation and makes an exception for it.
    """
    return any(each.status != "notApplicable" for each in found)


def conflicts(program: Program, found: Iterable[Standing]) -> tuple[Conflict, ...]:
    """Pairs of rules in force that cannot both be followed and are not ordered by the guideline.

    Two advices to do something clash when their actions are declared incompatible. An advice
    against an action clashes with an advice for the same action. A pair in which one rule
    overrides the other, or is offered as its alternative, is no conflict.
    """
    speaking = [each.rule for each in found if each.is_in_force]
    return tuple(_conflicts(program, speaking))


def _conflicts(program: Program, speaking: Iterable[Rule]) -> Iterator[Conflict]:
    for one, other in combinations(speaking, 2):
        kind = clash(program, one, other)
        if kind is not None:
            yield Conflict((one.name, other.name), (one.action or "", other.action or ""), kind)


def clash(program: Program, one: Rule, other: Rule) -> ConflictKind | None:
    """How two rules clash if both are in force; None where they do not, or are ordered."""
    kind = _kind(one.norm, other.norm)
    if kind is None or not (one.action and other.action) or _are_ordered(one, other):
        return None
    opposed = "prohibition" in (FORCES[one.norm], FORCES[other.norm])
    if opposed:
        return kind if one.action == other.action else None
    pair = {one.action, other.action}
    return kind if any(pair == set(each) for each in program.incompatible) else None


def _are_ordered(one: Rule, other: Rule) -> bool:
    return (
        Ref("rule", one.name) in other.unless
        or Ref("rule", other.name) in one.unless
        or one.name in other.alternative_to
        or other.name in one.alternative_to
    )


def _kind(one: Norm, other: Norm) -> ConflictKind | None:
    """How bad it is that two norms clash; None where they cannot."""
    forces = [FORCES[norm] for norm in (one, other) if norm in FORCES]
    if len(forces) < 2 or forces == ["prohibition", "prohibition"]:
        return None
    if all(force in ("obligation", "prohibition") for force in forces):
        return "hard"
    if "obligation" in forces or "prohibition" in forces:
        return "soft"
    return "choice"
