"""The same action advised to one patient twice, and not equally strongly."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import combinations

from guidegraph.diagnostic import Severity
from guidegraph.evaluate.status import FORCES
from guidegraph.kernel import And
from guidegraph.program import Rule
from guidegraph.verify.base import Case, Entry, Held, Refuted, rule
from guidegraph.verify.kinds import encodings, members

CODE = "L415"


def check_modalities(case: Case) -> Iterator[Entry]:
    """Pairs of recommendations with one action and two modalities, without an order."""
    told_twice = {
        frozenset((one, other))
        for first, second in encodings(case.guideline)
        for one in members(case.guideline, first)
        for other in members(case.guideline, second)
    }
    for one, other in combinations(case.rules.values(), 2):
        if _differ(one, other) and frozenset((one.name, other.name)) not in told_twice:
            names = (one.name, other.name)
            yield from case.attempt(CODE, names, partial(_pair, case, one, other))


def _differ(one: Rule, other: Rule) -> bool:
    """Whether two rules say different things of one action, and not opposite ones (a conflict)."""
    if one.action is None or one.action != other.action or one.norm == other.norm:
        return False
    if "remark" in (one.norm, other.norm):
        return False
    against = [FORCES.get(each.norm) == "prohibition" for each in (one, other)]
    ordered = one.name in other.alternative_to or other.name in one.alternative_to
    return against[0] == against[1] and not ordered


def _pair(case: Case, one: Rule, other: Rule) -> Iterator[Entry]:
    names = (one.name, other.name)
    both = And((rule(one.name), rule(other.name)))
    shown = case.show(both, given=And((case.population(one.name), case.population(other.name))))
    if shown is None:
        yield Held(code=CODE, subjects=names)
        return
    words = [case.guideline.words(each.modality) for each in (one, other)]
    yield Refuted(
        code=CODE,
        severity=Severity.WARNING,
        subjects=names,
        message=f"“{one.label}” and “{other.label}” both hold for some patients and say different "
        f"things of “{case.label(one.action or '')}”: “{words[0]}” and “{words[1]}”.",
        why="How strongly the action is advised is left to the reader.",
        help="Say with gg:overrides or gg:alternativeTo which goes first, or narrow a condition.",
        witness=shown.witness,
        where=shown.where,
        patient=shown.patient,
        region=shown.region,
    )
