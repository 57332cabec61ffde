"""In how many readings of its interpretation points a difference is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from math import prod

from guidegraph.criteria import Criterion
from guidegraph.entity import Entity, references
from guidegraph.model import Guideline, InterpretationPoint, Recommendation
from guidegraph.plan.asking import questions
from guidegraph.plan.behaviour import Advice, Comparison, Group, Pair, What
from guidegraph.proof import UnprovedError
from guidegraph.readings import Readings, Robustness, all_readings, robustness

MOST_READINGS = 96
"""In how many readings a difference is looked for; of more, in those nearest the defaults."""
DECIDING = ("gg:appliesTo", "gg:condition", "gg:exception", "gg:recommendsAction")
GROUNDS = ("prov:wasDerivedFrom", "gg:citation", "gg:targetCondition")


def in_readings(
    compared: Comparison, names: Iterable[str], advice: dict[str, Advice]
) -> tuple[dict[str, Advice], int]:
    """The recommendations that differ in some reading, with the number of readings for each.

    The number beside them is that of all readings; where it is too great, some were not asked.

    Only points on which such a recommendation may depend are varied; each choice of theirs stands
    for all choices of the others.
    """
    edited = {each.name for each in compared.found}
    reached = reach(compared.old, compared.new)
    depends = {each: reached(each) for each in names}
    touched = [each for each in names if each in advice or depends[each] & edited]
    needed = set().union(*(depends[each] for each in touched))
    chosen, weight = _choices(compared, needed)
    pairs: list[Pair] = []
    if len(chosen.choices) > 1:
        part = replace(compared, old=_only(compared.old, needed), new=_only(compared.new, needed))
        pairs = part.pairs([part.programs(each) for each in chosen.choices])
    found = dict(advice)
    for place, name in enumerate(touched):
        compared.progress("Asking in every reading", place, len(touched))
        if name not in found:
            others = (compared.advice(pair, name) for pair in pairs[1:])
            if one := next((each for each in others if each), None):
                found[name] = one
    told = {
        name: replace(
            each,
            groups=tuple(
                _counted(group, each, name in advice, chosen, weight, pairs)
                for group in each.groups
            ),
        )
        for name, each in found.items()
    }
    return told, chosen.total * weight


def _only(guideline: Guideline, needed: set[str]) -> Guideline:
    """The guideline with no other rules than those needed: many readings of it are run."""
    kept = {
        name: each
        for name, each in guideline.entities.items()
        if name in needed or not isinstance(each, (Criterion, Recommendation))
    }
    return replace(guideline, entities=kept)


def _counted(
    group: Group,
    advice: Advice,
    in_default: bool,
    chosen: Readings,
    weight: int,
    pairs: list[Pair],
) -> Group:
    """The group with the readings in which there is one of its kind."""
    places = [0] if in_default else []
    places += [
        place for place, pair in enumerate(pairs) if place and _has(pair, advice, group.what)
    ]
    told = robustness(chosen, places)
    return replace(
        group,
        holds=Robustness(
            count=told.count * weight,
            of=told.of * weight,
            in_default=in_default,
            decided_by=told.decided_by,
            only_if=told.only_if,
        ),
    )


def _has(pair: Pair, advice: Advice, what: What) -> bool:
    for asked, condition, total in questions(pair, advice.name, bool(advice.content)):
        if asked == what:
            try:
                return pair.theory.prover.find(pair.theory, condition, total=total) is not None
            except UnprovedError:
                return False
    return False


def _choices(compared: Comparison, touched: set[str]) -> tuple[Readings, int]:
    """The readings of the points among these things, and for how many each stands."""
    points = {each.id: each for each in compared.new.all(InterpretationPoint)}
    both = {
        name
        for name, each in points.items()
        if (before := compared.old.get(name, InterpretationPoint)) is not None
        and set(before.readings) == set(each.readings)
        and before.default_reading == each.default_reading
        and name not in compared.readings
    }
    varied = touched & both
    held = {name: each.default_reading for name, each in points.items()} | dict(compared.readings)
    fixed = {name: choice for name, choice in held.items() if name not in varied}
    chosen = all_readings(compared.new, fixed)
    # A point whose default is another one now keeps the default of each side.
    free = [
        {name: choice for name, choice in each.items() if name in both | set(compared.readings)}
        for each in chosen.choices[:MOST_READINGS]
    ]
    weight = prod(len(points[name].readings) for name in both - varied)
    return Readings(choices=tuple(free), total=chosen.total), weight


def _depends(guideline: Guideline) -> Callable[[str], set[str]]:
    """What tells all that a recommendation may depend on."""
    overriders: dict[str, list[str]] = {}
    for each in guideline.recommendations:
        for other in each.overrides:
            overriders.setdefault(other, []).append(each.id)
    known: dict[str, list[str]] = {}

    def next_to(name: str) -> list[str]:
        if name not in known:
            held = guideline.entities.get(name)
            others = [
                other for term, other in (references(held) if held else ()) if _matters(held, term)
            ]
            known[name] = [*others, *overriders.get(name, ())]
        return known[name]

    def all_of(name: str) -> set[str]:
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            here = waiting.pop()
            if here not in seen:
                seen.add(here)
                waiting += next_to(here)
        return seen

    return all_of


def _matters(thing: Entity | None, term: str) -> bool:
    """Whether what a thing refers to by this property can decide who gets an advice, and which."""
    if isinstance(thing, Recommendation):
        from_pathway = term == "gg:implementedBy" and thing.condition is None
        return from_pathway or term in DECIDING
    return term not in GROUNDS


def reach(old: Guideline, new: Guideline) -> Callable[[str], set[str]]:
    """What tells all that a recommendation may depend on, on either side."""
    before, after = _depends(old), _depends(new)
    return lambda name: before(name) | after(name)
