"""What could be left out: parts of conditions that change nothing, advice that another one gives.

A part is dead only if leaving it out changes nothing for anybody, also while data are unknown, and
under no reading of the phrases it is made of: what makes an answer known earlier does something.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations

from guidegraph.criteria import LogicalCriterion
from guidegraph.diagnostic import Severity
from guidegraph.entity import Ref as Name
from guidegraph.entity import references
from guidegraph.kernel import TRUE, And, Bool, Or, Ref
from guidegraph.lower import GuidelineScope
from guidegraph.model import Branch, Guideline, Recommendation
from guidegraph.model import RecommendationGroup as Group
from guidegraph.program import Rule
from guidegraph.verify.asking import (
    conjuncts,
    every_reading,
    implies,
    is_constant,
    is_possible,
    is_same,
    listed,
    told,
)
from guidegraph.verify.base import Case, Entry, Held, Refuted, rule


def check_dead_parts(case: Case) -> Iterator[Entry]:
    """Operands, and parts of a recommendation's condition, that change nothing."""
    for each in case.guideline.all(LogicalCriterion):
        if len(each.operands) > 1:
            yield from case.attempt("L425", (each.id,), partial(_operands, case, each))
    for name in case.rules:
        found = case.recommendation(name)
        if found.condition and found.population:
            yield from case.attempt("L425", (name,), partial(_within, case, found))


def check_restated(case: Case) -> Iterator[Entry]:
    """Recommendations that say to fewer patients what another one says already."""
    for one, other in combinations(case.rules.values(), 2):
        if one.action and one.action == other.action and one.norm == other.norm:
            found = [case.recommendation(each.name) for each in (one, other)]
            if _of_one_list(case.guideline, *found) and not _is_ordered(*found):
                yield from case.attempt(
                    "L426", (one.name, other.name), partial(_restated, case, one, other)
                )


# --- operands of a criterion ----------------------------------------------------------------------


def _operands(case: Case, each: LogicalCriterion) -> Iterator[Entry]:
    """The operands that can be left out, one after the other, so that what stays is needed."""
    if is_constant(case, Ref("criterion", each.id)) is not None:
        return  # told by L424
    kept = list(each.operands)
    for operand in each.operands:
        rest = [other for other in kept if other != operand]
        if not rest or is_constant(case, Ref("criterion", operand)) is not None:
            continue
        if _is_dead(case, each, kept, rest) and all(
            _is_dead(other, each, kept, rest) for other in every_reading(case, each.id)
        ):
            kept = rest
            yield _dead_operand(case, each, operand, rest)
        else:
            yield Held(code="L425", subjects=(each.id, operand))


def _is_dead(
    case: Case, each: LogicalCriterion, kept: Sequence[Name], rest: Sequence[Name]
) -> bool:
    scope = GuidelineScope(case.guideline, case.program.readings)
    with_it, without = (replace(each, operands=tuple(one)).lower(scope) for one in (kept, rest))
    return is_same(case, with_it, without)


def _dead_operand(
    case: Case, each: LogicalCriterion, operand: Name, rest: Sequence[Name]
) -> Refuted:
    return Refuted(
        code="L425",
        severity=Severity.WARNING,
        subjects=(each.id, operand),
        message=f"In “{case.label(each.id)}”, “{case.label(operand)}” changes the answer for "
        "nobody.",
        why=_because(case, each, operand, rest),
        help="Leave the part out, or correct it (or the others) if it was meant to say more.",
    )


def _because(case: Case, each: LogicalCriterion, operand: Name, rest: Sequence[Name]) -> str:
    """Which other parts make a part needless."""
    one = Ref("criterion", operand)
    others = [Ref("criterion", name) for name in rest]
    label = told(case, one)
    if each.operator == "AllOf":
        needed = [*others]
        for other in others:
            fewer = [kept for kept in needed if kept != other]
            if implies(case, And(tuple(fewer)), one):
                needed = fewer
        return f"Whoever has {listed([told(case, other) for other in needed])} has {label} anyway."
    if each.operator in ("AnyOf", "NoneOf"):
        needed = [*others]
        for other in others:
            fewer = [kept for kept in needed if kept != other]
            if fewer and implies(case, one, Or(tuple(fewer))):
                needed = fewer
        words = [told(case, other) for other in needed]
        return (
            f"Whoever has {label} has {words[0]} anyway."
            if len(words) == 1
            else (f"Whoever has {label} has one of {listed(words)} anyway.")
        )
    return "As many of the others hold with it as without it."


# --- parts of a recommendation's condition --------------------------------------------------------


def _within(case: Case, each: Recommendation) -> Iterator[Entry]:
    """A part of the condition that whoever is meant, and has the other parts, has anyway."""
    condition = Ref("criterion", each.condition or "")
    meant = And((case.population(each.id), condition))
    if case.population(each.id) == TRUE or is_constant(case, meant) is not None:
        return
    if _is_given(case, each, condition, (condition,)):
        yield _dead_part(case, each, condition, ())
    elif _is_own(case, each):
        parts = tuple(dict.fromkeys(conjuncts(case, condition)))
        for part in parts:
            rest = tuple(other for other in parts if other != part)
            if is_constant(case, part) is not None or is_same(case, And(parts), And(rest)):
                continue  # told of the criterion
            if _is_given(case, each, part, parts):
                yield _dead_part(case, each, part, rest)


def _is_given(case: Case, each: Recommendation, part: Bool, parts: Sequence[Bool]) -> bool:
    """Whether whoever is meant, and has the other parts, has this one anyway, in every reading."""
    population = case.population(each.id)
    whole = And((population, *parts))
    rest = And((population, *(other for other in parts if other != part)))
    names = (each.condition or "", each.population or "")
    return is_same(case, whole, rest) and all(
        is_same(other, whole, rest) for other in every_reading(case, *names)
    )


def _is_own(case: Case, each: Recommendation) -> bool:
    """Whether no other thing but a branch of a flowchart refers to its condition."""
    if "uses" not in case.memory:
        case.memory["uses"] = Counter(
            name
            for thing in case.guideline.entities.values()
            if not isinstance(thing, Branch)
            for _, name in set(references(thing))
        )
    uses = case.memory["uses"]
    assert isinstance(uses, Counter)
    return uses[each.condition] == 1


def _dead_part(case: Case, each: Recommendation, part: Bool, others: Sequence[Bool]) -> Refuted:
    words = told(case, part)
    within = f" and {listed([told(case, other) for other in others])}" if others else ""
    return Refuted(
        code="L425",
        severity=Severity.WARNING,
        subjects=(each.id,),
        detail=words,
        message=f"In the condition of “{case.label(each.id)}”, {words} changes the answer for "
        "nobody whom it is about.",
        why=f"Whoever belongs to “{case.label(each.population or '')}”{within} has it anyway.",
        help="Leave the part out, or correct it (or the population) if it was meant to say more.",
    )


# --- recommendations that another one contains ----------------------------------------------------


def _restated(case: Case, one: Rule, other: Rule) -> Iterator[Entry]:
    forth, back = rule(one.name), rule(other.name)
    if not (is_possible(case, forth) and is_possible(case, back)):
        return
    if implies(case, forth, back):
        yield _adds_nothing(case, one, other, is_both=implies(case, back, forth))
    elif implies(case, back, forth):
        yield _adds_nothing(case, other, one, is_both=False)
    else:
        yield Held(code="L426", subjects=(one.name, other.name))


def _adds_nothing(case: Case, inner: Rule, outer: Rule, *, is_both: bool) -> Refuted:
    action = case.label(inner.action or "")
    return Refuted(
        code="L426",
        severity=Severity.NOTE,
        subjects=(inner.name, outer.name),
        message=f"“{inner.label}” and “{outer.label}” ask for the same (“{action}”) in the same "
        "patients."
        if is_both
        else f"“{inner.label}” adds nothing to “{outer.label}”: whoever gets the first gets the "
        f"second as well, and both ask for “{action}”.",
        why="Advice that is given twice is maintained twice, and may come to differ.",
        help="Leave one of them out, narrow the wider one, or say with gg:overrides or "
        "gg:alternativeTo how they go together.",
    )


def _is_ordered(one: Recommendation, other: Recommendation) -> bool:
    """Whether the guideline says how two go together, or one carries reasons of its own."""
    named = (*one.overrides, *one.alternative_to)
    back = (*other.overrides, *other.alternative_to)
    return other.id in named or one.id in back or one.reinforced_by != other.reinforced_by


def _of_one_list(guideline: Guideline, one: Recommendation, other: Recommendation) -> bool:
    """Whether two stand in the same list; a second encoding of a list repeats it on purpose."""
    lists = [_lists(guideline, each) for each in (one, other)]
    return lists[0] == lists[1] or bool(lists[0] & lists[1])


def _lists(guideline: Guideline, each: Recommendation) -> frozenset[str]:
    """The lists (groups) that a recommendation belongs to, directly or through another one."""
    found: set[str] = set()
    met: set[str] = set()
    stack = list(each.part_of)
    while stack:
        name = stack.pop()
        if name in met:
            continue
        met.add(name)
        if guideline.get(name, Group):
            found.add(name)
        elif part := guideline.get(name, Recommendation):
            stack.extend(part.part_of)
    return frozenset(found)
