"""Whether a study is told in the same way wherever it is told: design, size, results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from guidegraph.audit.base import Finding, finding
from guidegraph.audit.index import Index, quoted
from guidegraph.diagnostic import Severity
from guidegraph.entity import Entity
from guidegraph.figures import decimals_of
from guidegraph.model import (
    EvidenceClaim,
    Guideline,
    StatisticalResult,
    Study,
)
from guidegraph.wording import amount, readable

INCLUDES = {
    "RetrospectiveObservational": (
        *("RetrospectiveCohort", "CaseSeries", "CrossSectional", "Autopsy"),
    ),
}
"""Designs that are another word for several narrower ones; the two do not contradict each other."""
LESS = ("LessThan", "AtMost")
MORE = ("GreaterThan", "AtLeast")
_Kind = tuple[str, frozenset[str], frozenset[str], str | None]
"""Type of statistic, observables, groups and reference group of a result."""
_Stated = tuple[StatisticalResult, EvidenceClaim]
COARSEST = 5
"""A rounded size has at least so many of the steps it was rounded to (ours)."""


def audit_studies(guideline: Guideline) -> Iterator[Finding]:
    """Everything this module audits."""
    index = Index(guideline)
    for study in guideline.all(Study):
        claims = [each for each in index.claims if each.study == study.id]
        yield from _designs(index, study, claims)
        yield from _sizes(index, study, claims)
        yield from _results(index, study, claims)


def _designs(index: Index, study: Study, claims: list[EvidenceClaim]) -> Iterator[Finding]:
    told: dict[str, list[Entity]] = {}
    owners: list[Study | EvidenceClaim] = [study, *claims]
    for each in owners:
        if each.design and each.design != "NotStated":
            told.setdefault(each.design, []).append(each)
    apart = [(a, b) for a, b in combinations(told, 2) if not _compatible(a, b)]
    if not apart:
        return
    yield finding(
        "A405",
        Severity.WARNING,
        f"{study.label or study.id} is described as "
        f"{' and as '.join(index.guideline.words(each) for each in told)}.",
        at=told[apart[0][1]][0].place_of("gg:studyDesign"),
        why="How strong a study is depends on its design, and it can have only one.",
        remedy="Look the study up and correct its gg:studyDesign. If the sources differ, record "
        "it as a gg:Discrepancy or accept the finding.",
        subject=study.id,
        involved=(each.id for found in told.values() for each in found),
        arithmetic=(
            f"{index.guideline.words(design)}: {quoted(each.id for each in found)}"
            for design, found in told.items()
        ),
    )


def _compatible(a: str, b: str) -> bool:
    return b in INCLUDES.get(a, ()) or a in INCLUDES.get(b, ())


@dataclass(frozen=True, slots=True)
class _Size:
    """How many participants something says a study has (or at least has)."""

    owner: Entity
    size: int


def _sizes(index: Index, study: Study, claims: list[EvidenceClaim]) -> Iterator[Finding]:
    """Descriptions of the whole study that give another size; parts that are larger than it.

    Groups of participants are compared with their study elsewhere (A104, A105). Where the study
    itself has no size, its first description stands for it.
    """
    whole = [
        _Size(each, each.sample_size)
        for each in claims
        if each.claim_type == "StudyDescription" and each.sample_size and not each.results
    ]
    parts = [_Size(each, each.sample_size) for each in claims if each.sample_size]
    parts += [
        _Size(result, result.sample_size)
        for claim in claims
        for name in claim.results
        if (result := index.guideline.get(name, StatisticalResult)) and result.sample_size
    ]
    told = [_Size(study, study.sample_size)] if study.sample_size else whole
    if not told:
        return
    known = told[0]
    larger = [each for each in parts if each.size > known.size]
    differing = [each for each in whole if each.size < known.size]
    odd = [each for each in (*larger, *differing) if not _rounded(each.size, known.size)]
    if not odd:
        return
    yield finding(
        "A406",
        Severity.WARNING,
        f"{study.label or study.id} has {readable(known.size)} participants, and elsewhere "
        f"{' or '.join(readable(size) for size in dict.fromkeys(each.size for each in odd))}.",
        at=odd[0].owner.place_of("gg:sampleSize"),
        why="Shares, intervals and P values depend on the number of participants.",
        remedy="Compare both with the source. If they stand there, record it as a gg:Discrepancy "
        "or accept the finding; if one of them counts samples or another group, say so.",
        subject=study.id,
        involved=(each.owner.id for each in odd),
        arithmetic=(
            f"{known.owner.id}: {readable(known.size)}",
            *(f"{each.owner.id}: {readable(each.size)}" for each in odd),
        ),
    )


def _rounded(a: int, b: int) -> bool:
    """Whether one number is the other, rounded to a ten, a hundred or more: 450 for 449.

    Nobody rounds 120 participants to 100: a step is small beside the number that is left.
    """
    for rough, exact in ((a, b), (b, a)):
        step = 10
        while rough and rough % step == 0 and step * COARSEST <= rough:
            if Fraction(abs(rough - exact)) <= Fraction(step, 2):
                return True
            step *= 10
    return a == b


def _results(index: Index, study: Study, claims: list[EvidenceClaim]) -> Iterator[Finding]:
    """The same statistic of the same groups, or of claims that restate each other, told twice."""
    told: set[frozenset[str]] = set()
    for same in _same(index, claims):
        for place, (x, _) in enumerate(same):
            others = [each for each in same[place + 1 :] if not _agree(x, each[0])]
            if others:
                pair = frozenset((x.id, others[0][0].id))
                if pair not in told:
                    yield _told_twice(study, same[place], others)
                told.add(pair)
                break


def _told_twice(study: Study, first: _Stated, others: list[_Stated]) -> Finding:
    x, y = first[0], others[0][0]
    return finding(
        "A407",
        Severity.WARNING,
        f"{study.label or study.id}: the same statistic is printed as "
        f'"{x.reported_text}" and as "{y.reported_text}".',
        at=y.at,
        why="One study has one such result; a difference beyond rounding is a slip, or two "
        "groups that are not told apart.",
        remedy="Compare both with the sources. If they stand there, record it as a "
        "gg:Discrepancy or accept the finding; if they are of different groups, name "
        "these with gg:arm.",
        subject=y.id,
        involved=(*(each.id for told in (first, *others) for each in told), study.id),
        arithmetic=(f"{each.id}: {_told(each)}" for each, _ in (first, *others)),
    )


def _same(index: Index, claims: list[EvidenceClaim]) -> Iterator[list[_Stated]]:
    """Results that must be one number: each the only one of its kind in its claim.

    They are of the same groups, participants and outcome, or their claims restate each other.
    """
    single = {each.id: _single(index, each) for each in claims}
    alike: dict[tuple[object, ...], list[_Stated]] = {}
    for claim in claims:
        for kind, result in single[claim.id].items():
            if kind[2]:
                key = (kind, claim.population, claim.exposure, claim.outcome)
                alike.setdefault(key, []).append((result, claim))
    yield from (each for each in alike.values() if len(each) > 1)
    order = {each.id: place for place, each in enumerate(claims)}
    for pair in index.pairs("Restates"):
        if pair[0].id in order and pair[1].id in order:
            a, b = sorted(pair[:2], key=lambda each: order[each.id])
            for kind in [each for each in single[a.id] if each in single[b.id]]:
                yield [(single[a.id][kind], a), (single[b.id][kind], b)]


def _single(index: Index, claim: EvidenceClaim) -> dict[_Kind, StatisticalResult]:
    """The results of a claim that are the only ones of their kind in it."""
    found: dict[_Kind, list[StatisticalResult]] = {}
    for name in claim.results:
        if each := index.guideline.get(name, StatisticalResult):
            observables = frozenset(each.observables or claim.observables)
            key = (each.statistic_type, observables, frozenset(each.arms), each.reference_arm)
            found.setdefault(key, []).append(each)
    return {kind: results[0] for kind, results in found.items() if len(results) == 1}


def _agree(x: StatisticalResult, y: StatisticalResult) -> bool:
    """Whether two printed results can be the same number: values, units and P values."""
    if x.value is not None and y.value is not None:
        if x.unit != y.unit:
            return True  # amounts in several units are compared elsewhere (A304)
        if not _may_be(x.value, x.comparator, x.reported_text, y):
            return False
    if x.p_value is not None and y.p_value is not None:
        return _p_values_agree(x, y)
    return True


def _may_be(value: Decimal, comparator: str | None, text: str, y: StatisticalResult) -> bool:
    """Whether a value and that of another result differ by no more than rounding."""
    assert y.value is not None
    if comparator not in (None, "Equal") or y.comparator not in (None, "Equal"):
        return True
    places = min(decimals_of(value, text), decimals_of(y.value, y.reported_text))
    return abs(Fraction(value) - Fraction(y.value)) <= Fraction(1, 10**places)


def _p_values_agree(x: StatisticalResult, y: StatisticalResult) -> bool:
    assert x.p_value is not None and y.p_value is not None
    for a, b in ((x, y), (y, x)):
        assert a.p_value is not None and b.p_value is not None
        exact = b.p_value_comparator in (None, "Equal")
        above = exact or b.p_value_comparator in MORE
        if a.p_value_comparator in LESS and above and b.p_value > a.p_value:
            return False
        if a.p_value_comparator in MORE and exact and b.p_value < a.p_value:
            return False
    both = {x.p_value_comparator or "Equal", y.p_value_comparator or "Equal"} == {"Equal"}
    if not both:
        return True
    places = min(decimals_of(x.p_value, x.reported_text), decimals_of(y.p_value, y.reported_text))
    return abs(Fraction(x.p_value) - Fraction(y.p_value)) <= Fraction(1, 10**places)


def _told(each: StatisticalResult) -> str:
    value = amount(each.value, each.unit) if each.value is not None else "no value"
    return f'{value}, printed "{each.reported_text}"'
