"""Questions that several checks ask of everybody, whatever is known of them, and their words.

What is impossible for a patient of whom anything may be unknown is impossible for every patient.
Where fewer samples are looked at than a patient might have, nothing is called impossible.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, product
from typing import cast

from guidegraph.criteria import Criterion, InterpretedCriterion
from guidegraph.entity import Entity, references
from guidegraph.kernel import FALSE, And, Bool, Not, Or, Ref, walk
from guidegraph.lower import lower
from guidegraph.model import Guideline, InterpretationPoint, Population, Recommendation
from guidegraph.proof import WirePatient, smallest
from guidegraph.proof.encoding import any_of, negation
from guidegraph.proof.prover import aggregates
from guidegraph.readings import MOST_READINGS
from guidegraph.verify.base import Case

# --- asking ---------------------------------------------------------------------------------------


def is_possible(case: Case, condition: Bool) -> bool:
    """Whether somebody, at some permitted setting, has the condition true.

    Where fewer samples are looked at than a patient might have, nothing is called impossible.

    Raises:
        UnprovedError: the solver gave no answer.
    """
    return is_shown(case, condition) or is_cut_short(case, condition)


def is_shown(case: Case, condition: Bool) -> bool:
    """Whether a patient is found, at some permitted setting, who has the condition true.

    Raises:
        UnprovedError: the solver gave no answer.
    """
    key = ("possible", case.theory.sign(condition))
    if key not in case.memory:
        prover = case.theory.prover
        person = prover.person(total=False)
        case.memory[key] = prover.model(person, case.theory.truth(condition, person)[0]) is not None
    return bool(case.memory[key])


def witness(case: Case, condition: Bool) -> WirePatient | None:
    """The smallest fully known patient who has the condition, or None: there is none.

    Raises:
        UnprovedError: the solver gave no answer.
    """
    key = ("witness", case.theory.sign(condition))
    if key not in case.memory:
        found = case.some(condition)
        case.memory[key] = smallest(case.theory, condition, found) if found else None
    return cast("WirePatient | None", case.memory[key])


def is_cut_short(case: Case, *conditions: Bool) -> bool:
    """Whether conditions speak of a series of which not all samples are looked at."""
    short = case.theory.prover.layout.cut_short
    return bool(short) and any(
        each.series in short for one in conditions for each in aggregates(case.theory, one)
    )


def is_constant(case: Case, condition: Bool) -> bool | None:
    """Whether a condition is never true (False) or never false (True); None if it decides."""
    if not is_possible(case, condition):
        return False
    return None if is_possible(case, Not(condition)) else True


def is_same(case: Case, one: Bool, other: Bool) -> bool:
    """Whether two conditions have the same answer for everybody, whatever is unknown.

    Raises:
        UnprovedError: the solver gave no answer.
    """
    key = ("same", case.theory.sign(one), case.theory.sign(other))
    if key not in case.memory:
        person = case.theory.prover.person(total=False)
        pairs = [case.theory.truth(each, person) for each in (one, other)]
        differ = any_of(*(left != right for left, right in zip(*pairs, strict=True)))
        found = case.theory.prover.model(person, differ)
        case.memory[key] = found is None and not is_cut_short(case, one, other)
    return bool(case.memory[key])


def implies(case: Case, one: Bool, other: Bool) -> bool:
    """Whether the second is true of everybody of whom the first is, whatever is unknown."""
    key = ("implies", case.theory.sign(one), case.theory.sign(other))
    if key not in case.memory:
        person = case.theory.prover.person(total=False)
        holds, follows = (case.theory.truth(each, person)[0] for each in (one, other))
        found = case.theory.prover.model(person, holds, negation(follows))
        case.memory[key] = found is None and not is_cut_short(case, one, other)
    return bool(case.memory[key])


# --- other readings -------------------------------------------------------------------------------


def every_reading(case: Case, *names: str) -> Iterator[Case]:
    """The same questions under each reading of the phrases that things depend on.

    ``names`` are criteria and recommendations. Of very many readings, those first declared.
    """
    points = [case.guideline.one(each, InterpretationPoint) for each in _points(case, names)]
    for choice in islice(product(*(each.readings for each in points)), MOST_READINGS):
        chosen = dict(zip([each.id for each in points], map(str, choice), strict=True))
        yield _under(case, chosen)


def _under(case: Case, chosen: Mapping[str, str]) -> Case:
    """The same questions under another choice of some readings."""
    key = ("case", tuple(sorted(chosen.items())))
    if key not in case.memory:
        program = lower(case.guideline, {**case.program.readings, **chosen})
        theory = case.theory.prover.theory(program)
        case.memory[key] = replace(case, program=program, theory=theory)
    found = case.memory[key]
    assert isinstance(found, Case)
    return found


def _points(case: Case, names: Sequence[str]) -> tuple[str, ...]:
    """The interpretation points on which things depend, through all that they refer to."""
    key = ("points", *names)
    if key not in case.memory:
        case.memory[key] = tuple(
            each.interpretation_point
            for each in _behind(case.guideline, names)
            if isinstance(each, InterpretedCriterion)
        )
    found = case.memory[key]
    assert isinstance(found, tuple)
    return tuple(dict.fromkeys(found))


def _behind(guideline: Guideline, names: Sequence[str]) -> Iterator[Entity]:
    """Criteria and recommendations and all such that they refer to, each once."""
    met = set(names)
    stack = list(names)
    while stack:
        thing = guideline.entities[stack.pop()]
        yield thing
        for _, name in references(thing):
            known = guideline.entities.get(name)
            if name not in met and isinstance(known, Criterion | Population | Recommendation):
                met.add(name)
                stack.append(name)


# --- parts ---------------------------------------------------------------------------------------


def named(condition: Bool) -> Iterator[Ref]:
    """The criteria and rules that a condition refers to."""
    for node in walk(condition):
        if isinstance(node, Ref) and node.kind in ("criterion", "rule"):
            yield node


def conjuncts(case: Case, condition: Bool) -> Iterator[Bool]:
    """The named parts that must all hold, through whatever is "all of" other named things.

    A "none of" and a phrase with several readings keep their own names.
    """
    match condition:
        case And(operands):
            for each in operands:
                yield from conjuncts(case, each)
        case Not(Not(operand)):
            yield from conjuncts(case, operand)
        case Not(Or(operands)):
            for each in operands:
                yield from conjuncts(case, Not(each))
        case Ref("criterion"):
            inner = case.theory.conditions[condition]
            if isinstance(inner, And) and _are_names(inner.operands):
                yield from conjuncts(case, inner)
            else:
                yield condition
        case Not(Ref("criterion") as ref):
            inner = case.theory.conditions[ref]
            if isinstance(inner, Or) and _are_names(inner.operands):
                yield from conjuncts(case, Not(inner))
            else:
                yield condition
        case _:
            yield condition


def _are_names(operands: Sequence[Bool]) -> bool:
    return all(isinstance(each, Ref) and each.kind in ("criterion", "rule") for each in operands)


def impossible_part(case: Case, condition: Bool) -> tuple[Bool, ...]:
    """As few conjuncts of an impossible condition as are impossible together."""
    kept = list(dict.fromkeys(conjuncts(case, condition)))
    for each in tuple(kept):
        rest = [other for other in kept if other != each]
        if rest and not is_possible(case, And(tuple(rest))):
            kept = rest
    return tuple(kept)


# --- words ----------------------------------------------------------------------------------------


def told(case: Case, condition: Bool) -> str:
    """A conjunct in words: ``“Admitted”``, ``not “Admitted”``."""
    match condition:
        case Ref(_, name):
            return f"“{case.label(name)}”"
        case Not(operand):
            return f"not {told(case, operand)}"
        case _:
            return "what leads there"


def listed(words: Sequence[str], joint: str = "and") -> str:
    """``A, B and C``."""
    return f" {joint} ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def together(case: Case, parts: Sequence[Bool]) -> str:
    """Why some conjuncts are impossible, in a sentence."""
    if FALSE in parts:
        return "Its place in the pathway is reached only while something is not known."
    denied = [told(case, each.operand) for each in parts if isinstance(each, Not)]
    stated = [told(case, each) for each in parts if not isinstance(each, Not)]
    if denied and stated:
        return f"Whoever has {listed(stated)} has {listed(denied, 'or')} anyway."
    if denied:
        return f"Everybody of whom enough is known has {listed(denied, 'or')}."
    if len(stated) == 1:
        return f"Nobody can have {stated[0]}."
    return f"Nobody can have {listed(stated)} at once."
