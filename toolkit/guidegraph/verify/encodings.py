"""Two encodings of one advice, compared: who is advised what by one and not by the other.

They are compared by kind of action (see ``kinds``). What the rest of the guideline advises to a
patient anyway, at least as strongly, makes no difference to anybody and is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import cast

from guidegraph.check.logic import STRENGTH
from guidegraph.diagnostic import Severity
from guidegraph.kernel import Agg, And, Bool, In, Not, Ref, walk
from guidegraph.model import Recommendation
from guidegraph.pathway import any_of
from guidegraph.program import Rule
from guidegraph.proof import region, smallest
from guidegraph.proof.boxes import with_refs
from guidegraph.verify.base import Case, Entry, Held, Refuted, Shown
from guidegraph.verify.kinds import Kind, any_rule, by_kind, encodings, members
from guidegraph.verify.pairs import Pair, differing

DIFFERENT, DROPPED = "L451", "L416"


@dataclass(frozen=True, slots=True)
class Side:
    """What one encoding says of one kind of action: its rules, and its name in words."""

    name: str
    words: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A kind of action in two encodings; ``rest`` are the rules of neither that say it, too."""

    kind: Kind
    sides: tuple[Side, Side]
    rest: tuple[Rule, ...]

    @property
    def mirrored(self) -> Compared:
        """The same, the second encoding first."""
        return Compared(self.kind, self.sides[::-1], self.rest)


def check_encodings(case: Case) -> Iterator[Entry]:
    """Every group that restates something, compared with it in both directions."""
    for pair in encodings(case.guideline):
        key = ("compared", pair)
        if key not in case.memory:
            case.memory[key] = tuple(_compared(case, pair))
        for each in cast("tuple[Compared, ...]", case.memory[key]):
            for one in (each, each.mirrored):
                first, second = one.sides
                if first.rules and not second.rules:
                    yield _alone(one)
                elif first.rules:
                    names = _subjects(first, second)
                    yield from case.attempt(DIFFERENT, names, partial(_advised, case, one))
                    yield from case.attempt(DROPPED, names, partial(_dropped, case, one))
            if all(side.rules for side in each.sides):
                names = _subjects(*each.sides)
                yield from case.attempt(DIFFERENT, names, partial(_modalities, case, each))


def _compared(case: Case, pair: tuple[str, str]) -> Iterator[Compared]:
    """Each kind of action that one of two encodings speaks of."""
    inside = [members(case.guideline, each) for each in pair]
    kinds = [by_kind(case, names) for names in inside]
    others = by_kind(case, [each for each in case.rules if each not in {*inside[0], *inside[1]}])
    for kind in {**kinds[0], **kinds[1]}:
        first, second = (
            Side(name, _called(case, name), tuple(held.get(kind, ())))
            for name, held in zip(pair, kinds, strict=True)
        )
        yield Compared(kind, (first, second), tuple(others.get(kind, ())))


def _called(case: Case, name: str) -> str:
    """The label of an encoding; of a recommendation with parts, that they are meant as well."""
    has_parts = len(members(case.guideline, name)) > 1
    parts = " with its parts" if case.guideline.get(name, Recommendation) and has_parts else ""
    return f"“{case.label(name)}”{parts}"


def _subjects(first: Side, second: Side) -> tuple[str, ...]:
    """The rules that say something, and the encoding that does not."""
    return (*(each.name for each in first.rules), second.name)


# --- who is advised -------------------------------------------------------------------------------


def _alone(compared: Compared) -> Refuted:
    first, second = compared.sides
    kind = compared.kind
    return Refuted(
        code=DIFFERENT,
        severity=Severity.WARNING,
        subjects=_subjects(first, second),
        detail=f"only: {kind.label}",
        message=f"Only {first.words} {kind.verb} {kind.label}; {second.words} never does.",
        why="The two are meant to say the same, and whoever reads the other one misses this.",
        help=HELP,
    )


HELP = (
    "Compare both with the source. If the source itself differs, record a gg:Discrepancy, and say "
    "with a gg:AcceptedFinding who looked and why it stays."
)


def _advised(case: Case, compared: Compared) -> Iterator[Entry]:
    """Who is advised by the first encoding and not by the second."""
    first, second = compared.sides
    kind = compared.kind
    names = _subjects(first, second)
    anyway = any_rule(_as_strong(compared.rest, first.rules))
    differs = And((any_rule(first.rules), Not(any_rule(second.rules))))
    shown = _show(case, differs, anyway, (*first.rules, *second.rules))
    if shown is None:
        yield Held(code=DIFFERENT, subjects=names)
        return
    yield Refuted(
        code=DIFFERENT,
        severity=Severity.WARNING,
        subjects=names,
        detail=f"who: {kind.label}",
        message=f"{first.words} {kind.verb} {kind.label} for some patients for whom {second.words} "
        "does not.",
        why="The two are meant to say the same; what a patient gets depends on which one is read.",
        help=HELP,
        witness=shown.witness,
        where=shown.where,
        patient=shown.patient,
        region=shown.region,
    )


def _as_strong(rest: Iterable[Rule], rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Those of ``rest`` that say it at least as strongly as any of the rules."""
    strongest = max(STRENGTH[each.norm] for each in rules)
    return tuple(each for each in rest if STRENGTH[each.norm] >= strongest)


def _show(case: Case, differs: Bool, anyway: Bool, rules: Iterable[Rule]) -> Shown | None:
    """For whom two encodings differ, shown by a patient for whom the rest does not make up for it.

    None where it does so for everybody.
    """
    population = any_of(
        case.population(each) for each in dict.fromkeys(each.name for each in rules)
    )
    matters = And((population, differs, Not(anyway)))
    found = case.some(matters)
    if found is None:
        return None
    key = ("differs", case.theory.sign(matters))
    if key not in case.memory:
        patient = smallest(case.theory, matters, found)
        within = region(case.theory, differs, found, population)
        case.memory[key] = Shown(
            patient=patient,
            witness=case.told(patient),
            region=within,
            where=case.words.region(within),
        )
    return cast("Shown", case.memory[key])


# --- how strongly ---------------------------------------------------------------------------------


def _modalities(case: Case, compared: Compared) -> Iterator[Entry]:
    """Who is advised by both, and not equally strongly."""
    first, second = compared.sides
    for one in _strengths(first):
        for other in _strengths(second):
            if one == other:
                continue
            mine, theirs = _of_strength(first, one), _of_strength(second, other)
            names = tuple(each.name for each in (*mine, *theirs))
            anyway = any_rule(_as_strong(compared.rest, mine if one > other else theirs))
            both = And((_strongest(first, one), _strongest(second, other)))
            shown = _show(case, both, anyway, (*first.rules, *second.rules))
            if shown is None:
                yield Held(code=DIFFERENT, subjects=names)
                continue
            said = [_said(case, each) for each in (mine, theirs)]
            yield Refuted(
                code=DIFFERENT,
                severity=Severity.WARNING,
                subjects=names,
                detail=f"how strongly: {compared.kind.label}",
                message=f"For some patients {first.words} says “{said[0]}” of "
                f"{compared.kind.label}, and {second.words} says “{said[1]}”.",
                why="The two are meant to say the same; how strongly depends on which one is read.",
                help=HELP,
                witness=shown.witness,
                where=shown.where,
                patient=shown.patient,
                region=shown.region,
            )


def _strengths(side: Side) -> list[int]:
    return sorted({STRENGTH[each.norm] for each in side.rules}, reverse=True)


def _of_strength(side: Side, strength: int) -> tuple[Rule, ...]:
    return tuple(each for each in side.rules if STRENGTH[each.norm] == strength)


def _strongest(side: Side, strength: int) -> Bool:
    """That the strongest rule in force of a side has this strength."""
    stronger = [each for each in side.rules if STRENGTH[each.norm] > strength]
    return And((any_rule(_of_strength(side, strength)), Not(any_rule(stronger))))


def _said(case: Case, rules: Iterable[Rule]) -> str:
    words = [case.guideline.words(each.modality) for each in rules]
    return "” or “".join(dict.fromkeys(words))


# --- what is asked --------------------------------------------------------------------------------


def _dropped(case: Case, compared: Compared) -> Iterator[Entry]:
    """The data on which advice depends in the first encoding, and the second never looks at."""
    first, second = compared.sides
    names = _subjects(first, second)
    depends = any_rule(first.rules)
    elsewhere = set(_data(case, any_rule((*second.rules, *compared.rest))))
    for datum in _data(case, depends):
        pair = None if datum in elsewhere else differing(case, depends, datum)
        if pair is None:
            yield Held(code=DROPPED, subjects=(*names, datum))
        else:
            yield _asked(case, compared, datum, pair)


def _data(case: Case, condition: Bool) -> list[str]:
    """The inputs of which a condition speaks, through all that it refers to."""
    known = case.theory.prover.wire.inputs
    found: dict[str, None] = {}
    for leaf in with_refs(case.theory, condition):
        for node in (leaf.code,) if isinstance(leaf, In) else walk(leaf):
            name = (
                node.series if isinstance(node, Agg) else node.name if isinstance(node, Ref) else ""
            )
            if name in known:
                found[name] = None
    return list(found)


def _asked(case: Case, compared: Compared, datum: str, pair: Pair) -> Refuted:
    first, second = compared.sides
    kind = compared.kind
    label = case.label(datum)
    against = {"facts": {datum: pair.other["facts"][datum]}, "settings": {}}
    return Refuted(
        code=DROPPED,
        severity=Severity.WARNING,
        subjects=(*_subjects(first, second), datum),
        detail=kind.label,
        message=f"Whether {first.words} {kind.verb} {kind.label} can depend on “{label}”; "
        f"{second.words} {kind.verb} it as well and never asks for that.",
        why="A condition of one of the two is missing in the other.",
        help=HELP,
        witness=f"{case.told(pair.one)}: advised; with {case.told(against)}: not advised",
        patient=pair.one,
        other=pair.other,
    )
