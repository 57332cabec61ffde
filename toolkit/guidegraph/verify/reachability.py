"""What nobody can ever meet: advice, branches and conditions that no plausible patient has.

Everything is asked of patients of whom anything may be unknown, at every permitted setting: what is
impossible for them is impossible for everybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from guidegraph.criteria import (
    ComparisonCriterion,
    Criterion,
    MembershipCriterion,
    RangeCriterion,
    RecommendationCriterion,
    ScoreCriterion,
    TrendCriterion,
)
from guidegraph.diagnostic import Severity
from guidegraph.kernel import FALSE, And, Bool, Not, Ref
from guidegraph.model import Branch, CarePathway, DecisionNode
from guidegraph.pathway import OTHERWISE, belongs, branches, reach, taken
from guidegraph.program import Rule
from guidegraph.verify.asking import (
    every_reading,
    impossible_part,
    is_constant,
    is_possible,
    listed,
    named,
    together,
    told,
    witness,
)
from guidegraph.verify.base import Case, Entry, Held, Refuted, rule

COMPARED_FORMS = (ComparisonCriterion, TrendCriterion)
"""Forms that are one comparison: whether it can be met is asked of its limit (L427)."""
BY_CHOICE = (ScoreCriterion, RecommendationCriterion)
"""Forms about which other findings speak: scores in ``check``, advice under its own code."""


def check_recommendations(case: Case) -> Iterator[Entry]:
    """Recommendations that hold for nobody, and those that something always sets aside."""
    for name, each in case.rules.items():
        yield from case.attempt("L421", (name,), partial(_recommendation, case, each))


def check_branches(case: Case) -> Iterator[Entry]:
    """Branches of a decision that nobody who arrives there takes."""
    for each in case.guideline.all(CarePathway):
        yield from case.attempt("L423", (each.id,), partial(_pathway, case, each))


def check_criteria(case: Case) -> Iterator[Entry]:
    """Criteria that are never true, or true of everybody of whom enough is known."""
    for each in case.guideline.criteria:
        if not isinstance(each, (*COMPARED_FORMS, *BY_CHOICE)) and not _is_setting(each):
            yield from case.attempt("L424", (each.id,), partial(_criterion, case, each))


# --- the checks -----------------------------------------------------------------------------------


def _recommendation(case: Case, each: Rule) -> Iterator[Entry]:
    if not is_possible(case, each.guard):
        yield Refuted(
            code="L421",
            severity=Severity.WARNING,
            subjects=(each.name,),
            message=f"“{each.label}” holds for no plausible patient, whatever the settings.",
            why=together(case, impossible_part(case, each.guard)),
            help="Correct the part of its condition or of its population that excludes the rest, "
            "or leave the recommendation out.",
        )
        return
    yield Held(code="L421", subjects=(each.name,))
    if not each.unless:
        return
    if is_possible(case, rule(each.name)):
        yield Held(code="L422", subjects=(each.name,))
        return
    yield from _defeated(case, each)


def _defeated(case: Case, each: Rule) -> Iterator[Entry]:
    """What sets it aside: as few exceptions and overriding recommendations as always do."""
    kept = list(each.unless)
    for one in each.unless:
        rest = [other for other in kept if other != one]
        if rest and not is_possible(case, And((each.guard, *map(Not, rest)))):
            kept = rest
    names = [told(case, one) for one in kept]
    patient = witness(case, each.guard)
    yield Refuted(
        code="L422",
        severity=Severity.WARNING,
        subjects=(each.name, *(one.name for one in kept)),
        message=f"“{each.label}” is never in force: every patient for whom it holds also has "
        f"{names[0] if len(names) == 1 else 'one of ' + listed(names)}, which sets it aside.",
        why="Advice that is always set aside reaches nobody, though it reads as if it did.",
        help="Narrow the exception or the recommendation that overrides it, or leave this one out.",
        witness=case.told(patient) if patient else "",
        patient=patient,
    )


def _pathway(case: Case, pathway: CarePathway) -> Iterator[Entry]:
    population = belongs(case.guideline, pathway.population)
    if not is_possible(case, population):
        yield Refuted(
            code="L423",
            severity=Severity.WARNING,
            subjects=(pathway.id,),
            message=f"Nobody enters the pathway “{case.label(pathway.id)}”.",
            why=together(case, impossible_part(case, population)),
            help="Correct the population of the pathway.",
        )
        return
    for branch, decision, here, way in _ways(case, pathway):
        subjects = (branch.id, decision.id)
        if is_possible(case, And((*here, way))):
            yield Held(code="L423", subjects=subjects)
        elif is_possible(case, And(here)):
            if branch.role != OTHERWISE:
                yield _not_taken(case, branch, decision, And((*here, way)))
            elif _is_never_left_over(case, And((*here, way))):
                yield _nobody_left(case, branch, decision)


def _ways(
    case: Case, pathway: CarePathway
) -> Iterator[tuple[Branch, DecisionNode, tuple[Bool, ...], Bool]]:
    """Each branch that a known answer can take: its decision, arriving there, and taking it."""
    key = ("ways", pathway.id)
    if key not in case.memory:
        arriving = reach(case.guideline, pathway.id)
        population = belongs(case.guideline, pathway.population)
        case.memory[key] = tuple(
            (branch, decision, (population, arriving[decision.id]), way)
            for decision in case.guideline.all(DecisionNode)
            if decision.pathway == pathway.id
            for branch in branches(case.guideline, decision.id)
            if (way := taken(case.guideline, decision.id)[branch.id]) != FALSE
        )
    found = case.memory[key]
    assert isinstance(found, tuple)
    yield from found


def _is_never_left_over(case: Case, condition: Bool) -> bool:
    """Whether nobody is left over under any reading: a way kept for another one is needed."""
    names = {each.name: None for each in named(condition)}
    return not any(is_possible(other, condition) for other in every_reading(case, *names))


def _not_taken(case: Case, branch: Branch, decision: DecisionNode, condition: Bool) -> Refuted:
    return Refuted(
        code="L423",
        severity=Severity.WARNING,
        subjects=(branch.id, decision.id),
        message=_for_nobody(case, branch, decision),
        why=together(case, impossible_part(case, condition)),
        help="Correct the criterion of the branch, or of those on the way to it, or leave it out.",
    )


def _nobody_left(case: Case, branch: Branch, decision: DecisionNode) -> Refuted:
    return Refuted(
        code="L423",
        severity=Severity.NOTE,
        subjects=(branch.id, decision.id),
        message=_for_nobody(case, branch, decision),
        why="The other branches leave nobody over.",
        help="Nothing need be done: the branch shows that the decision is complete.",
    )


def _for_nobody(case: Case, branch: Branch, decision: DecisionNode) -> str:
    return (
        f"Nobody who arrives at “{case.label(decision.id)}” takes the branch "
        f"“{case.label(branch.id)}” to “{case.label(branch.leads_to)}”."
    )


def _is_setting(each: Criterion) -> bool:
    """Whether a criterion only says what a site has chosen."""
    return isinstance(each, MembershipCriterion) and each.observable is None


def _criterion(case: Case, each: Criterion) -> Iterator[Entry]:
    ref = Ref("criterion", each.id)
    constant = is_constant(case, ref)
    if constant is None:
        yield Held(code="L424", subjects=(each.id,))
        return
    condition = case.theory.conditions[ref]
    if any(is_constant(case, part) is not None for part in _parts(each, condition)):
        return  # told where it comes from
    opposed = impossible_part(case, Not(ref) if constant else ref)
    yield Refuted(
        code="L424",
        severity=Severity.WARNING,
        subjects=(each.id,),
        message=f"“{case.label(each.id)}” is true of every plausible patient of whom enough is "
        "known."
        if constant
        else f"“{case.label(each.id)}” is never true of a plausible patient.",
        why=_alone(each) if opposed in ((ref,), (Not(ref),)) else together(case, opposed),
        help="Correct the criterion, or leave it out wherever it is used.",
    )


def _alone(each: Criterion) -> str:
    """Why a criterion that no others explain is the same for everybody."""
    if isinstance(each, RangeCriterion):
        return "No plausible value lies between its two limits."
    return "It tells no patients apart."


def _parts(each: Criterion, condition: Bool) -> Iterator[Bool]:
    """The conditions whose being constant another finding tells: named parts, ends of a range."""
    if isinstance(each, RangeCriterion) and isinstance(condition, And):
        yield from condition.operands
        return
    yield from named(condition)
