"""Patients to whom two bands of one topic apply at once, or two branches that exclude each other.

Bands that partly overlap are seldom meant: whoever lies where they do gets the advice of both. A
band within another is a special case of it, and no overlap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from guidegraph.diagnostic import Severity
from guidegraph.kernel import And, Bool
from guidegraph.model import Branch, DecisionNode
from guidegraph.pathway import all_of, any_of, taken
from guidegraph.program import Rule
from guidegraph.regions import Between, Hulls, meeting
from guidegraph.verify.bands import among, band_label, conditions, limits, seen
from guidegraph.verify.base import Case, Entry, Held, Refuted, rule
from guidegraph.verify.topics import Band, Line, Scope, arriving, lines

Told = set[frozenset[str]]
"""Pairs of recommendations of which an overlap is told already."""

HELP = (
    "Let one band leave its end out, or say with gg:overrides or gg:alternativeTo which advice "
    "goes first."
)


@dataclass(frozen=True, slots=True)
class Apart:
    """Two bands that part the patients of a scope by one number in some reading."""

    scope: Scope
    rules: tuple[tuple[Rule, ...], tuple[Rule, ...]]
    labels: tuple[str, str]

    @property
    def first(self) -> tuple[Rule, ...]:
        """The first recommendation of each band."""
        return tuple(each[0] for each in self.rules)


def check_overlaps(case: Case) -> Iterator[Entry]:
    """Bands that partly overlap, and unique branches that can both be taken."""
    yield from case.attempt("L411", (case.guideline.header.id,), partial(_topics, case))
    for node in case.guideline.all(DecisionNode):
        if node.hit_policy == "Unique":
            yield from _decision(case, node)


def _topics(case: Case) -> Iterator[Entry]:
    told: Told = set()
    found = tuple(lines(case))
    for line in found:
        topic = (line.scope.topic.name,)
        yield from case.attempt("L411", topic, partial(_line, case, line, told))
    parted = case.memory.setdefault("bands that part patients", {})
    assert isinstance(parted, dict)
    beside = {_pair(one, other) for line in found for one, other in line.side_by_side}
    for pair, apart in parted.items():
        if pair not in beside:
            names = (apart.scope.topic.name, *conditions(case, apart.first))
            yield from case.attempt("L411", names, partial(_elsewhere, case, apart, told, names))
    for line in found:
        for one, other in line.side_by_side:
            labels = (band_label(case, line, one), band_label(case, line, other))
            apart = Apart(line.scope, (one.rules, other.rules), labels)
            parted.setdefault(_pair(one, other), apart)


def _line(case: Case, line: Line, told: Told) -> Iterator[Entry]:
    found = False
    for one, other in line.side_by_side:
        for entry in _bands(case, line, one, other, told):
            found = True
            yield entry
    if not found:
        topic = line.scope.topic
        yield Held(code="L411", subjects=(topic.name,), what=case.words.form(line.form))


def _bands(case: Case, line: Line, one: Band, other: Band, told: Told) -> Iterator[Refuted]:
    """Somebody gets advice of both bands, in which nothing is offered instead of the other."""
    pairs = [(a, b) for a in one.rules for b in other.rules if _is_side_by_side(a, b, told)]
    both = any_of(all_of((rule(a.name), rule(b.name))) for a, b in pairs)
    shared = _shared(line, one, other)
    found = shown = None
    if shared:
        within = any_of(each.condition for each in shared)
        shown = case.show(And((within, both)), given=line.given)
        found = _overlap(case, line, one, other, shared)
    if shown is None:
        shown = case.show(both, given=line.scope.inside)
        found = _at_settings(case, line, one, other)
    if shown is not None and found is not None:
        told.update(frozenset((a.name, b.name)) for a, b in pairs)
        yield seen(found, shown)


def _shared(line: Line, one: Band, other: Band) -> tuple[Between, ...]:
    """The values that lie in both bands, in as many stretches as there are."""
    found: list[tuple[int, int]] = []
    is_going_on = False
    for cell in line.cells:
        is_shared = cell in one.cells & other.cells
        if is_shared:
            found = [*found[:-1], (found[-1][0], cell)] if is_going_on else [*found, (cell, cell)]
        is_going_on = is_shared
    return tuple(line.between(*each) for each in found)


def _is_side_by_side(one: Rule, other: Rule, told: Told) -> bool:
    """Whether neither is offered as an alternative to the other, and the two are not told yet."""
    is_option = other.name in one.alternative_to or one.name in other.alternative_to
    return not is_option and frozenset((one.name, other.name)) not in told


def _overlap(
    case: Case, line: Line, one: Band, other: Band, shared: tuple[Between, ...]
) -> Refuted:
    topic, labels = line.scope.topic, [band_label(case, line, each) for each in (one, other)]
    cuts = [end for each in shared for end in (each.low, each.high)]
    ends = limits(case, line, (one, other), cuts)
    values = " or ".join(case.words.side(each) for each in shared)
    return Refuted(
        code="L411",
        severity=Severity.WARNING,
        subjects=(topic.name, *(ends or conditions(case, (one.rules[0], other.rules[0])))),
        detail=case.words.form(line.form),
        message=f"{among(case, line.scope.population)}, {values} lies in two "
        f"bands of “{topic.label}”: in “{labels[0]}” and in “{labels[1]}”.",
        why="The bands overlap only in part, so this is seldom meant; the advice of both holds.",
        help=HELP,
    )


def _at_settings(case: Case, line: Line, one: Band, other: Band) -> Refuted:
    """An overlap that only sites have which chose other settings than the defaults."""
    topic, labels = line.scope.topic, [band_label(case, line, each) for each in (one, other)]
    return Refuted(
        code="L411",
        severity=Severity.WARNING,
        subjects=(topic.name, *conditions(case, (one.rules[0], other.rules[0]))),
        detail=f"{case.words.form(line.form)}: settings",
        message=f"{among(case, line.scope.population)}, two bands of “{topic.label}” overlap where "
        f"a site chooses another setting than the default: “{labels[0]}” and “{labels[1]}”.",
        why="At the default settings they part patients; the guideline permits others.",
        help=HELP,
    )


def _pair(one: Band, other: Band) -> frozenset[tuple[str, ...]]:
    """Two bands by what they recommend, in whatever reading they stand."""
    return frozenset(tuple(each.name for each in band.rules) for band in (one, other))


def _elsewhere(case: Case, apart: Apart, told: Told, names: tuple[str, ...]) -> Iterator[Entry]:
    """Bands of one number in another reading, which speak of different numbers in this one."""
    pairs = [(a, b) for a in apart.rules[0] for b in apart.rules[1] if _is_side_by_side(a, b, told)]
    both = any_of(all_of((rule(a.name), rule(b.name))) for a, b in pairs)
    shown = case.show(both, given=apart.scope.inside)
    if shown is None:
        yield Held(code="L411", subjects=names)
        return
    found = Refuted(
        code="L411",
        severity=Severity.WARNING,
        subjects=names,
        detail="different numbers",
        message=f"{among(case, apart.scope.population)}, “{apart.labels[0]}” and "
        f"“{apart.labels[1]}” of “{apart.scope.topic.label}” part patients in another reading; "
        "in this one they speak of different numbers, and both hold for some.",
        why="The reading makes bands overlap that stand side by side otherwise.",
        help="Choose the reading in which the bands part patients, or say with gg:overrides or "
        "gg:alternativeTo which advice goes first.",
    )
    yield seen(found, shown)


# --- branches -------------------------------------------------------------------------------------


def _decision(case: Case, node: DecisionNode) -> Iterator[Entry]:
    """Pairs of branches of a decision that promises one way out."""
    ways = taken(case.guideline, node.id)
    tested = [each for each in ways if case.guideline.one(each, Branch).criterion]
    hulls = Hulls(case.program.conditions)
    near = set(meeting([hulls.of(ways[each]) for each in tested]))
    for place, other in combinations(range(len(tested)), 2):
        both = And((ways[tested[place]], ways[tested[other]]))
        names = (node.id, tested[place], tested[other])
        if (place, other) not in near:
            yield Held(code="L411", subjects=names)
            continue
        yield from case.attempt("L411", names, partial(_branches, case, node, names, both))


def _branches(
    case: Case, node: DecisionNode, names: tuple[str, str, str], both: Bool
) -> Iterator[Entry]:
    shown = case.show(both, given=arriving(case, node))
    if shown is None:
        yield Held(code="L411", subjects=names)
        return
    labels = [case.label(each) for each in names[1:]]
    found = Refuted(
        code="L411",
        severity=Severity.ERROR,
        subjects=names,
        message=f"“{node.label}” promises one way out, but “{labels[0]}” and “{labels[1]}” can "
        "both be true.",
        why="Its hit policy is Unique: at most one branch may ever be taken.",
        help="Make the criteria exclude each other, or declare hit policy Collect.",
    )
    yield seen(found, shown)
