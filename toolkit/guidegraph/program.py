"""A guideline lowered to the kernel: what evaluators, targets and proofs work on.

A ``Program`` is made by ``lower`` for one choice of readings. Criteria and rules may refer to each
other in any way that goes in no circle; ``definitions`` lists both in an order in which each stands
after all that it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Literal, TypeVar

from guidegraph.kernel import And, Bool, Not, Ref, walk

N = TypeVar("N")

InputKind = Literal["quantity", "boolean", "code", "series"]
Norm = Literal[
    "must",
    "should",
    "shouldConsider",
    "may",
    "noClearGuidance",
    "shouldNot",
    "mustNot",
    "remark",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One datum a patient file may hold.

    Numbers are known to ``scale`` decimal places of the canonical unit ``unit`` (a UCUM code), so a
    target sees the integer ``value * 10**scale``. ``low`` and ``high`` bound what is plausible.
    ``basis`` names the calibration (FEU, DDU) a sample must state; None where none is needed.
    """

    name: str
    label: str
    question: str
    kind: InputKind
    unit: str | None = None
    scale: int = 0
    low: Fraction | None = None
    high: Fraction | None = None
    basis: str | None = None
    codes: tuple[str, ...] = ()
    valid_for: int | None = None
    """Minutes after which the answer expires."""
    cost: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One choice of a site. ``low`` to ``high`` is what the guideline permits (ends as stated)."""

    name: str
    label: str
    kind: Literal["quantity", "code"]
    default: Fraction | str | None
    unit: str | None = None
    scale: int = 0
    low: Fraction | None = None
    high: Fraction | None = None
    low_inclusive: bool = True
    high_inclusive: bool = True
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A named criterion and its condition."""

    name: str
    label: str
    condition: Bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A recommendation as a guarded norm.

    ``guard`` is population and condition; the rule is *effective* when the guard holds and none of
    ``unless`` does: references to exceptions (criteria) and to rules that override it. A reference
    to a rule means that rule is effective.
    """

    name: str
    label: str
    guard: Bool
    unless: tuple[Ref, ...] = ()
    modality: str
    norm: Norm
    action: str | None = None
    alternative_to: tuple[str, ...] = ()
    effective: Bool = field(init=False, repr=False, compare=False)
    """The condition that the guard holds and nothing defeats it."""

    def __post_init__(self) -> None:
        effective = And((self.guard, *(Not(each) for each in self.unless)))
        object.__setattr__(self, "effective", effective)


@dataclass(frozen=True, kw_only=True)
class Program:
    """Everything needed to decide about a patient, for one choice of readings."""

    guideline: str
    version: str
    anchor: str
    """The anchor from which all times are counted."""
    inputs: tuple[Input, ...]
    settings: tuple[Setting, ...]
    criteria: tuple[Named, ...]
    rules: tuple[Rule, ...]
    incompatible: tuple[tuple[str, str], ...]
    """Pairs of actions that cannot both be done."""
    readings: Mapping[str, str]
    """The reading taken of each interpretation point."""

    @cached_property
    def definitions(self) -> tuple[Named | Rule, ...]:
        """Every criterion and rule, each after those it refers to; otherwise in their order."""
        named: dict[Ref, Named | Rule] = {
            Ref("criterion", each.name): each for each in self.criteria
        }
        named.update({Ref("rule", each.name): each for each in self.rules})
        return tuple(named[ref] for ref in sort_by_need(named, lambda ref: needs(named[ref])))

    @cached_property
    def conditions(self) -> Mapping[Ref, Bool]:
        """What every reference to a criterion or rule stands for."""
        named: dict[Ref, Bool] = {
            Ref("criterion", each.name): each.condition for each in self.criteria
        }
        named.update({Ref("rule", each.name): each.effective for each in self.rules})
        return named


class CircleError(ValueError):
    """Something needs itself; ``trail`` goes once around."""

    def __init__(self, trail: tuple[object, ...]) -> None:
        super().__init__(" → ".join(map(str, trail)))
        self.trail = trail


def needs(definition: Named | Rule) -> Iterator[Ref]:
    """The criteria and rules that a criterion or rule refers to directly."""
    if isinstance(definition, Named):
        parts: tuple[Bool, ...] = (definition.condition,)
    else:
        parts = (definition.guard, *definition.unless)
    for part in parts:
        for node in walk(part):
            if isinstance(node, Ref) and node.kind in ("criterion", "rule"):
                yield node


def sort_by_need(things: Iterable[N], needed: Callable[[N], Iterable[N]]) -> tuple[N, ...]:
    """Things so that each stands after what it needs; otherwise in the order given.

    Raises:
        CircleError: if something needs itself.
    """
    done: dict[N, None] = {}

    def visit(thing: N, trail: tuple[N, ...]) -> None:
        if thing in done:
            return
        if thing in trail:
            raise CircleError((*trail[trail.index(thing) :], thing))
        for other in needed(thing):
            visit(other, (*trail, thing))
        done[thing] = None

    for thing in things:
        visit(thing, ())
    return tuple(done)
