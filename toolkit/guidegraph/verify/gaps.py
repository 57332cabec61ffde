"""Patients whom a guideline is about and to whom it says nothing: by accident, or openly.

A hole lies between the bands of a topic (``topics``), or in a band whose recommendations leave
somebody out; an open end lies beyond the last band. Where the flowchart comes to a completed end or
goes on elsewhere, somebody thought of these patients: that is no hole. A recommendation without
clear guidance, and an end without guidance, are silence that is declared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from guidegraph.diagnostic import Severity
from guidegraph.kernel import FALSE, TRUE, And, Arith, Assume, Bool, Cmp, Not
from guidegraph.model import CarePathway, DecisionNode, EndNode, PathwayNode
from guidegraph.pathway import all_of, belongs, taken
from guidegraph.program import Rule
from guidegraph.regions import Between
from guidegraph.verify.bands import among, band_label, conditions, limits, seen, values_of
from guidegraph.verify.base import Case, Entry, Held, Refuted, Shown, rule
from guidegraph.verify.topics import Band, Line, Scope, arriving, lines, some

SILENT = "NoGuidance"
"""The reason of an end that says openly that there is no advice."""
WHY = "Nothing says whether no advice is meant."
HELP = (
    "Let the bands meet, or say with a recommendation of modality code:NoClearGuidance that there "
    "is no advice."
)


@dataclass(slots=True)
class _Holes:
    """What was found so far in one reading: the members of a topic, and who is in its hole."""

    found: list[tuple[frozenset[str], Bool]] = field(default_factory=list)

    def add(self, scope: Scope, hole: Bool) -> None:
        """A hole of a topic."""
        self.found.append((frozenset(scope.topic.members), hole))

    def within(self, members: Iterable[str]) -> Iterator[Bool]:
        """The holes of topics that lie within these members."""
        whole = frozenset(members)
        return (each for topic, each in self.found if topic <= whole)

    def everyone(self) -> Iterator[Bool]:
        """Whoever is in a hole."""
        return (each for _, each in self.found)


@dataclass(frozen=True, slots=True)
class _Hole:
    """Who in neighbouring cells of a number gets no advice.

    ``rules`` are the advice that is not ruled out there.
    """

    line: Line
    first: int
    last: int
    condition: Bool
    shown: Shown
    rules: tuple[Rule, ...]

    @property
    def within(self) -> Between:
        """The values of these cells."""
        return self.line.between(self.first, self.last)


def check_gaps(case: Case) -> Iterator[Entry]:
    """Holes between bands and beyond them, decisions without a way on, and declared silence."""
    holes = _Holes()
    yield from case.attempt("L401", (case.guideline.header.id,), partial(_topics, case, holes))
    for node in case.guideline.all(DecisionNode):
        yield from case.attempt("L401", (node.id,), partial(_decision, case, node, holes))
    for each in case.rules.values():
        if each.norm == "noClearGuidance":
            yield from case.attempt("L402", (each.name,), partial(_unclear, case, each))
    for end in case.guideline.all(EndNode):
        if end.end_reason == SILENT:
            yield from case.attempt("L402", (end.id,), partial(_silent_end, case, end, holes))


# --- holes of a topic -----------------------------------------------------------------------------


def _topics(case: Case, holes: _Holes) -> Iterator[Entry]:
    for line in lines(case):
        topic = (line.scope.topic.name,)
        yield from case.attempt("L401", topic, partial(_line, case, line, holes))


def _line(case: Case, line: Line, holes: _Holes) -> Iterator[Entry]:
    """The holes on one number; at settings other than the defaults only if there are none."""
    scope = line.scope
    before = tuple(holes.within(scope.topic.members))
    found = [hole for run in line.runs for hole in _hole(case, line, run, before)]
    for hole in found:
        holes.add(scope, And((scope.inside, hole.condition)))
        yield _told(case, hole)
    if not found:
        shown = None if before else _at_settings(case, line)
        yield shown or Held(
            code="L401", subjects=(scope.topic.name,), what=case.words.form(line.form)
        )


def _hole(
    case: Case, line: Line, run: tuple[int, int], before: tuple[Bool, ...]
) -> Iterator[_Hole]:
    """Who in neighbouring cells gets no advice, and is in no hole that was found ``before``."""
    within = line.between(*run).condition
    guards = dict.fromkeys(each.guard for each in line.speakers)
    still = [each for each in guards if _is_open(case, line, within, each)]
    condition = _silent(case, line, within, still, before)
    shown = case.show(condition, given=line.given) if condition is not None else None
    if condition is not None and shown is not None:
        rules = tuple(each for each in line.speakers if each.guard in still)
        yield _Hole(line, *run, condition, shown, rules)


def _is_open(case: Case, line: Line, within: Bool, condition: Bool) -> bool:
    """Whether somebody there has the condition true or unknown."""
    is_false = _surely(Not(condition))
    return some(case, line.given, within, Not(is_false))


def _silent(
    case: Case, line: Line, within: Bool, guards: Iterable[Bool], before: Iterable[Bool]
) -> Bool | None:
    """To be there, get none of the advice, and be dealt with neither elsewhere nor before.

    None where everybody gets some of it.
    """
    nothing = all_of((within, *(Not(each) for each in guards)))
    if not some(case, line.given, nothing):
        return None
    dealt_with = [
        Not(_surely(each))
        for each in (*_ends(case, line, is_silent=False).values(), *before)
        if some(case, line.given, nothing, each)
    ]
    return all_of((nothing, *dealt_with))


def _told(case: Case, hole: _Hole) -> Refuted:
    here = And((hole.line.given, hole.within.condition))
    said = [each for each in hole.rules if some(case, here, each.guard)]
    found = _left_out(case, hole, said) if said else _in_no_band(case, hole)
    return seen(found, hole.shown)


def _in_no_band(case: Case, hole: _Hole) -> Refuted:
    """Values that no band has: between two bands, or beyond all."""
    line, within = hole.line, hole.within
    topic = line.scope.topic.label
    nearest = [*_next(line, hole.first, -1), *_next(line, hole.last, 1)]
    labels = [f"“{band_label(case, line, each)}”" for each in nearest]
    is_end = len(nearest) == 1
    if is_end:
        says = f"lies beyond the bands of “{topic}”, of which the last is {labels[0]}"
    else:
        says = f"lies in no band of “{topic}”, neither in {' nor in '.join(labels)}"
    ends = (within.low, within.high)
    return Refuted(
        code="L403" if is_end else "L401",
        severity=Severity.WARNING,
        subjects=(line.scope.topic.name, *limits(case, line, nearest, ends)),
        detail=_detail(case, hole),
        message=f"{among(case, line.scope.population)}, {case.words.side(within)} {says}.",
        why=_why(case, hole),
        help=HELP,
    )


def _next(line: Line, cell: int, step: int) -> Iterator[Band]:
    """The nearest band below or above a cell."""
    beside = [each for each in line.cells if (each - cell) * step > 0]
    for each in sorted(beside, key=lambda other: abs(other - cell)):
        found = [band for band in line.bands if each in band.cells]
        if found:
            yield found[0]
            return


def _left_out(case: Case, hole: _Hole, said: list[Rule]) -> Refuted:
    """Values with which somebody gets advice, and somebody does not."""
    line = hole.line
    banded = {each.name for band in line.bands if hole.first in band.cells for each in band.rules}
    meant = _widest(case, hole, [each for each in said if each.name in banded] or said)
    labels = [f"“{each.label}”" for each in meant]
    nobody = f"neither {' nor '.join(labels)} holds" if labels[1:] else f"{labels[0]} does not hold"
    return Refuted(
        code="L401",
        severity=Severity.WARNING,
        subjects=(line.scope.topic.name, *conditions(case, meant)),
        detail=_detail(case, hole),
        message=f"{among(case, line.scope.population)}, “{line.scope.topic.label}” has no advice "
        f"for some with {case.words.side(hole.within)}: {nobody} for them.",
        why=_why(case, hole),
        help=HELP,
    )


def _widest(case: Case, hole: _Hole, rules: list[Rule]) -> list[Rule]:
    """Without advice that nobody there gets who does not get other advice of these as well."""
    here = And((hole.line.given, hole.within.condition))

    def is_within(one: Rule, other: Rule) -> bool:
        return not some(case, here, one.guard, Not(other.guard))

    kept: list[Rule] = []
    for each in rules:
        if not any(is_within(each, other) for other in kept):
            kept = [*(other for other in kept if not is_within(other, each)), each]
    return kept


def _detail(case: Case, hole: _Hole) -> str:
    return f"{case.words.form(hole.line.form)}: {values_of(case, hole.within)}"


def _why(case: Case, hole: _Hole) -> str:
    """That nothing says so, and what the flowchart shows instead."""
    given = And((hole.line.given, hole.condition))
    silent = [
        name
        for name, there in _ends(case, hole.line, is_silent=True).items()
        if some(case, given, there)
    ]
    if not silent:
        return WHY
    drawn = ", ".join(f"“{case.label(each)}”" for each in silent)
    return f"{WHY} The flowchart ends there without guidance: {drawn}."


def _at_settings(case: Case, line: Line) -> Refuted | None:
    """A hole that only sites have which chose other settings than the defaults."""
    number = Arith(tuple((factor, datum) for datum, factor in line.form))
    guards = [each.guard for each in line.speakers]
    everywhere = replace(line, fixed=TRUE)
    silent = _silent(case, everywhere, Cmp("=", number, number), guards, ())
    shown = case.show(silent, given=everywhere.given) if silent is not None else None
    if shown is None:
        return None
    topic, form = line.scope.topic, case.words.form(line.form)
    found = Refuted(
        code="L401",
        severity=Severity.WARNING,
        subjects=(topic.name, *conditions(case, line.speakers)),
        detail=f"{form}: settings",
        message=f"{among(case, line.scope.population)}, the bands of {form} in “{topic.label}” "
        "do not meet where a site chooses another setting than the default.",
        why="At the default settings nobody is left out, but the guideline permits others.",
        help="Let both bands use the same setting, or narrow its permitted range.",
    )
    return seen(found, shown)


# --- the flowchart --------------------------------------------------------------------------------


def _ends(case: Case, line: Line, *, is_silent: bool) -> dict[str, Bool]:
    """The ends, with or without guidance, of pathways that carry out the recommendations."""
    places = {
        place for each in line.speakers for place in case.recommendation(each.name).implemented_by
    }
    nodes = case.guideline.all(PathwayNode)
    pathways = {each.pathway for each in nodes if each.id in places}
    return {
        each.id: arriving(case, each)
        for each in nodes
        if isinstance(each, EndNode) and each.pathway in pathways
        if each.end_reason is not None and (each.end_reason == SILENT) == is_silent
    }


def _surely(condition: Bool) -> Bool:
    """That a condition is known to be true."""
    return Assume(condition, default=False, why="only what is known counts")


def _decision(case: Case, node: DecisionNode, holes: _Holes) -> Iterator[Entry]:
    """Somebody arrives at a decision and takes no branch, and no hole of a topic says so."""
    chosen = taken(case.guideline, node.id).values()
    stuck = all_of(Not(each) for each in chosen if each != FALSE)
    here = arriving(case, node)
    shown = _untold(case, stuck, here, holes.everyone())
    if shown is None:
        yield Held(code="L401", subjects=(node.id,))
        return
    found = Refuted(
        code="L401",
        severity=Severity.WARNING,
        subjects=(node.id,),
        message=f"Some patients who come to “{node.label}” take none of its branches.",
        why="No criterion is true of them, and there is no branch for everybody else.",
        help="Add a branch with gg:branchRole code:Otherwise, or let the criteria meet.",
    )
    yield seen(found, shown)


def _untold(case: Case, condition: Bool, given: Bool, told: Iterable[Bool]) -> Shown | None:
    """Who has a condition true, unless all of them are told of already."""
    both = And((given, condition))
    if not some(case, both):
        return None
    met = [Not(_surely(each)) for each in told if some(case, both, each)]
    return case.show(condition, given=given) if some(case, both, *met) else None


# --- declared silence -----------------------------------------------------------------------------


def _unclear(case: Case, held: Rule) -> Iterator[Entry]:
    """Who gets a recommendation that says that there is no clear guidance."""
    population = case.recommendation(held.name).population
    shown = case.show(rule(held.name), given=case.population(held.name))
    if shown is None:
        return
    found = Refuted(
        code="L402",
        severity=Severity.NOTE,
        subjects=(held.name,),
        message=f"{among(case, population)}, “{held.label}” says openly that there is no clear "
        "guidance.",
        why="This silence is declared, so it is no gap; these are the patients it is about.",
    )
    yield seen(found, shown)


def _silent_end(case: Case, end: EndNode, holes: _Holes) -> Iterator[Entry]:
    """Who comes to an end without guidance, unless a hole or a recommendation tells it all."""
    unclear = (rule(each.name) for each in case.rules.values() if each.norm == "noClearGuidance")
    pathway = case.guideline.one(end.pathway, CarePathway)
    inside = belongs(case.guideline, pathway.population)
    shown = _untold(case, arriving(case, end), inside, (*holes.everyone(), *unclear))
    if shown is None:
        return
    found = Refuted(
        code="L402",
        severity=Severity.NOTE,
        subjects=(end.id,),
        message=f"{among(case, pathway.population)}, “{pathway.label}” ends without guidance at "
        f"“{end.label}”.",
        why="This silence is declared, so it is no gap; these are the patients it is about.",
    )
    yield seen(found, shown)
