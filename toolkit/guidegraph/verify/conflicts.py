"""Two pieces of advice that cannot both be followed, though one patient gets both.

What counts as a conflict is what ``decide`` says of one patient (``evaluate.status.clash``); here
it is asked of all patients at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import combinations

from guidegraph.diagnostic import Severity
from guidegraph.evaluate.status import ConflictKind, clash
from guidegraph.kernel import And
from guidegraph.program import Rule
from guidegraph.verify.base import Case, Entry, Held, Refuted, rule

CODES: dict[ConflictKind, tuple[str, Severity, str]] = {
    "hard": ("L412", Severity.ERROR, "One of them has to be broken"),
    "soft": ("L413", Severity.WARNING, "Whoever follows the one goes against the other"),
    "choice": ("L414", Severity.NOTE, "Only one of the two options can be taken"),
}


def check_conflicts(case: Case) -> Iterator[Entry]:
    """Pairs of recommendations in force whose actions exclude each other, without an order."""
    for one, other in combinations(case.rules.values(), 2):
        kind = clash(case.program, one, other)
        if kind is not None:
            names = (one.name, other.name)
            yield from case.attempt(CODES[kind][0], names, partial(_pair, case, one, other, kind))


def _pair(case: Case, one: Rule, other: Rule, kind: ConflictKind) -> Iterator[Entry]:
    code, severity, why = CODES[kind]
    names = (one.name, other.name)
    population = case.population(one.name)
    shown = case.show(And((rule(one.name), rule(other.name))), given=population)
    if shown is None:
        yield Held(code=code, subjects=names)
        return
    yield Refuted(
        code=code,
        severity=severity,
        subjects=names,
        message=f"“{one.label}” and “{other.label}” both hold for some patients, but "
        f"{_clash(case, one, other)}.",
        why=f"{why}; no override and no alternative says which.",
        help="Say with gg:overrides or gg:alternativeTo which goes first, or narrow a condition.",
        witness=shown.witness,
        where=shown.where,
        patient=shown.patient,
        region=shown.region,
    )


def _clash(case: Case, one: Rule, other: Rule) -> str:
    """In which way they clash: two actions, or one that is advised and advised against."""
    actions = [case.label(each.action or "") for each in (one, other)]
    if one.action != other.action:
        return f"their actions “{actions[0]}” and “{actions[1]}” exclude each other"
    words = [case.guideline.words(each.modality) for each in (one, other)]
    return f"they say opposite things of “{actions[0]}”: “{words[0]}” and “{words[1]}”"
