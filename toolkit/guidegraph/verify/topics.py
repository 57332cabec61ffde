"""Which recommendations answer the same question, and how a number parts patients among them.

A *topic* is a group of recommendations, a recommendation with its parts, or a pathway with what it
carries out. Where advice of a topic depends on a number, every recommendation has a *band* on that
number: the values with which it can hold. Between bands there may be holes, and bands may overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from guidegraph.kernel import (
    NOW,
    Agg,
    And,
    Bool,
    Cmp,
    Const,
    In,
    Not,
    Ref,
    linear_terms,
    walk,
)
from guidegraph.lower import executable
from guidegraph.model import CarePathway, Guideline, PathwayNode, RecommendationGroup
from guidegraph.pathway import all_of, belongs, reach
from guidegraph.program import Rule
from guidegraph.proof.boxes import with_refs
from guidegraph.regions import Between, Form, linear, with_settings
from guidegraph.verify.base import Case
from guidegraph.verify.kinds import members


@dataclass(frozen=True, slots=True)
class Topic:
    """A group, a recommendation with parts, or a pathway, and its executable recommendations."""

    name: str
    label: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """A topic as far as it is about one population.

    ``inside`` is the condition of belonging to it. ``rules`` are meant for everybody in it, and not
    everybody gets them; ``others`` are the rest of the topic that somebody may not get.
    """

    topic: Topic
    population: str | None
    inside: Bool
    rules: tuple[Rule, ...]
    others: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """Recommendations that can hold in the same cells of a number."""

    cells: frozenset[int]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A number that parts the patients of a scope into bands.

    Its values are told apart in cells: an odd one is a cut, an even one lies below, between or
    above cuts. ``cells`` are those that somebody can have; ``fixed`` says that settings are the
    default; ``speakers`` are all recommendations of the topic that ask for the same observables as
    those with a band.
    """

    scope: Scope
    form: Form
    cuts: tuple[Fraction, ...]
    cells: tuple[int, ...]
    bands: tuple[Band, ...]
    fixed: Bool
    speakers: tuple[Rule, ...]

    @property
    def given(self) -> Bool:
        """Who is asked about: the population, at a site with the default settings."""
        return And((self.scope.inside, self.fixed))

    def between(self, first: int, last: int) -> Between:
        """The values of the cells from ``first`` to ``last``."""
        return stretch(self.form, self.cuts, first, last)

    @property
    def runs(self) -> tuple[tuple[int, int], ...]:
        """Neighbouring cells that lie in the same bands, each run as its first and last cell."""
        found: list[tuple[int, int]] = []
        before: frozenset[int] | None = None
        for cell in self.cells:
            meant = frozenset(place for place, band in enumerate(self.bands) if cell in band.cells)
            if meant == before:
                found[-1] = (found[-1][0], cell)
            else:
                found.append((cell, cell))
            before = meant
        return tuple(found)

    @property
    def parted(self) -> int:
        """How many recommendations have a band."""
        return sum(len(each.rules) for each in self.bands)

    @property
    def side_by_side(self) -> tuple[tuple[Band, Band], ...]:
        """Pairs of bands of which neither lies within the other; they may share cells."""
        return tuple(
            (one, other)
            for one, other in combinations(self.bands, 2)
            if not (one.cells <= other.cells or other.cells <= one.cells)
        )


# --- topics ---------------------------------------------------------------------------------------


def topics(guideline: Guideline) -> tuple[Topic, ...]:
    """Every topic of two recommendations or more, the smallest first; each set of them once."""
    whole = {part for each in guideline.recommendations for part in each.part_of}
    found: list[Topic] = [
        Topic(each.id, str(each.label), members(guideline, each.id))
        for each in (*guideline.all(RecommendationGroup), *guideline.recommendations)
        if isinstance(each, RecommendationGroup) or each.id in whole
    ]
    for pathway in guideline.all(CarePathway):
        nodes = {each.id for each in guideline.all(PathwayNode) if each.pathway == pathway.id}
        carried = (
            each for each in executable(guideline) if nodes.intersection(each.implemented_by)
        )
        found.append(Topic(pathway.id, str(pathway.label), tuple(each.id for each in carried)))
    once: dict[frozenset[str], Topic] = {}
    for topic in sorted(found, key=lambda each: len(each.members)):
        if len(topic.members) > 1:
            once.setdefault(frozenset(topic.members), topic)
    return tuple(once.values())


def scopes(case: Case) -> Iterator[Scope]:
    """Every topic by population, the smallest topic and in it the widest population first.

    Where two topics say the same to a population, the smaller one stands for both.

    Raises:
        UnprovedError: the solver gave no answer.
    """
    met: set[object] = set()
    rules = case.rules
    for topic in topics(case.guideline):
        for population in _widest_first(case, topic):
            inside = belongs(case.guideline, population)
            meant: list[Rule] = []
            others: list[Rule] = []
            for name in topic.members:
                rule = rules[name]
                if not some(case, inside, Not(rule.guard)):
                    continue
                is_meant = _is_within(case, inside, case.population(name))
                (meant if is_meant else others).append(rule)
            key = (inside, *(frozenset(each.name for each in part) for part in (meant, others)))
            if len(meant) > 1 and key not in met:
                yield Scope(topic, population, inside, tuple(meant), tuple(others))
            met.add(key)


def _widest_first(case: Case, topic: Topic) -> list[str | None]:
    named = dict.fromkeys(case.recommendation(each).population for each in topic.members)
    everyone = [belongs(case.guideline, each) for each in named]

    def wider(name: str | None) -> int:
        inside = belongs(case.guideline, name)
        return sum(_is_within(case, inside, each) for each in everyone)

    return sorted(named, key=wider)


def _is_within(case: Case, inner: Bool, outer: Bool) -> bool:
    """Whether everybody in the one population is in the other."""
    return inner == outer or not some(case, inner, Not(outer))


def some(case: Case, *conditions: Bool) -> bool:
    """Whether there is a patient with all data known for whom all conditions are true.

    Raises:
        UnprovedError: the solver gave no answer.
    """
    signs = tuple(case.theory.sign(each) for each in conditions)
    key = ("some", signs)
    if key not in case.memory:
        prover = case.theory.prover
        for sign, each in zip(signs, conditions, strict=True):
            if ("true", sign) not in case.memory:
                case.memory["true", sign] = case.theory.truth(each, prover.person())[0]
        wanted = (case.memory["true", sign] for sign in signs)
        case.memory[key] = prover.model(prover.person(), *wanted) is not None
    return bool(case.memory[key])


# --- numbers --------------------------------------------------------------------------------------


def lines(case: Case) -> tuple[Line, ...]:
    """The numbers on which bands lie side by side, by topic, for each the most parting first.

    A number that parts patients in a larger topic just as in a smaller one is told of the smaller.

    Raises:
        UnprovedError: the solver gave no answer.
    """
    key = ("lines", case.theory.sign(And(tuple(each.guard for each in case.rules.values()))))
    if key not in case.memory:
        case.memory[key] = tuple(_lines(case))
    found = case.memory[key]
    assert isinstance(found, tuple)
    return found


def _lines(case: Case) -> Iterator[Line]:
    met: dict[object, list[Bool]] = {}
    for scope in scopes(case):
        found = []
        for form, cuts in _forms(case, scope).items():
            asking = tuple(each for each in scope.rules if form in dict(_compared(case, each)))
            before = met.setdefault((form, cuts, tuple(each.name for each in asking)), [])
            if len(asking) > 1 and not any(_is_same(case, scope.inside, each) for each in before):
                before.append(scope.inside)
                found.append(_line(case, scope, form, cuts, asking))
        yield from sorted(
            (each for each in found if each.side_by_side),
            key=lambda each: (len(each.form) > 1, -each.parted, -len(each.side_by_side)),
        )


def _is_same(case: Case, one: Bool, other: Bool) -> bool:
    return _is_within(case, one, other) and _is_within(case, other, one)


def _forms(case: Case, scope: Scope) -> dict[Form, tuple[Fraction, ...]]:
    """What the recommendations compare, and all numbers that it is compared with."""
    cuts: dict[Form, set[Fraction]] = {}
    for rule in (*scope.rules, *scope.others):
        for form, cut in _compared(case, rule):
            cuts.setdefault(form, set()).add(cut)
    return {form: tuple(sorted(each)) for form, each in cuts.items()}


def _line(
    case: Case, scope: Scope, form: Form, cuts: tuple[Fraction, ...], asking: tuple[Rule, ...]
) -> Line:
    everyone = (*scope.rules, *scope.others)
    fixed = at_defaults(case, [each.guard for each in everyone])
    given = And((scope.inside, fixed))
    cells = _cells(case, form, cuts, range(2 * len(cuts) + 1), given)
    bands: dict[frozenset[int], list[Rule]] = {}
    for rule in asking:
        held = frozenset(_cells(case, form, cuts, cells, And((given, rule.guard))))
        if held and len(held) < len(cells):
            bands.setdefault(held, []).append(rule)
    about = {name for rule in asking for name in _observables(case, rule)}
    speakers = tuple(each for each in everyone if about.intersection(_observables(case, each)))
    ordered = sorted(bands.items(), key=lambda each: sorted(each[0]))
    parted = tuple(Band(held, tuple(rules)) for held, rules in ordered)
    return Line(scope, form, cuts, cells, parted, fixed, speakers)


def _cells(
    case: Case, form: Form, cuts: tuple[Fraction, ...], among: Iterable[int], condition: Bool
) -> tuple[int, ...]:
    """The cells in which a condition can be true."""
    key = ("cells", form, cuts, tuple(among), case.theory.sign(condition))
    if key not in case.memory:
        case.memory[key] = tuple(
            cell
            for cell in among
            if some(case, condition, stretch(form, cuts, cell, cell).condition)
        )
    found = case.memory[key]
    assert isinstance(found, tuple)
    return found


def _compared(case: Case, rule: Rule) -> tuple[tuple[Form, Fraction], ...]:
    """The numbers that a recommendation compares, beside its population, and with what.

    The time of the decision is left out: it is nothing a patient has.
    """
    key = ("compared", rule.name, case.theory.sign(rule.guard))
    if key not in case.memory:
        inside = case.population(rule.name)
        parts = rule.guard.operands if isinstance(rule.guard, And) else (rule.guard,)
        stated = And(tuple(each for each in parts if each != inside))
        case.memory[key] = tuple(dict.fromkeys(_comparisons(case, stated)))
    found = case.memory[key]
    assert isinstance(found, tuple)
    return found


def _comparisons(case: Case, condition: Bool) -> Iterator[tuple[Form, Fraction]]:
    values = default_numbers(case)
    for leaf in with_refs(case.theory, condition):
        if isinstance(leaf, Cmp):
            plain = with_settings(leaf, values)
            assert isinstance(plain, Cmp)
            numbers = linear_terms(plain)[0]
            if numbers and NOW not in numbers:
                form, cut, _ = linear(plain)
                yield form, cut


def _observables(case: Case, rule: Rule) -> Iterator[str]:
    """What the numbers that a recommendation compares are measurements of."""
    for form, _ in _compared(case, rule):
        for datum, _ in form:
            yield datum.series if isinstance(datum, Agg) else datum.name


def stretch(form: Form, cuts: tuple[Fraction, ...], first: int, last: int) -> Between:
    """The values of the cells ``first`` to ``last``: odd ones are a cut, even ones lie between."""
    low = None if first == 0 else cuts[(first - 1) // 2]
    high = None if last == 2 * len(cuts) else cuts[last // 2]
    return Between(form, low, high, first % 2 == 1, last % 2 == 1)


# --- the flowchart --------------------------------------------------------------------------------


def arriving(case: Case, node: PathwayNode) -> Bool:
    """The condition of arriving, from outside, at a node of a pathway."""
    key = ("arriving", node.pathway)
    if key not in case.memory:
        pathway = case.guideline.one(node.pathway, CarePathway)
        inside = belongs(case.guideline, pathway.population)
        there = reach(case.guideline, pathway.id)
        case.memory[key] = {name: all_of((inside, each)) for name, each in there.items()}
    found = case.memory[key]
    assert isinstance(found, dict)
    held: Bool = found[node.id]
    return held


# --- settings -------------------------------------------------------------------------------------


def default_numbers(case: Case) -> dict[str, Fraction]:
    """The default of every numeric setting."""
    settings = case.program.settings
    return {each.name: each.default for each in settings if isinstance(each.default, Fraction)}


def at_defaults(case: Case, conditions: Iterable[Bool]) -> Bool:
    """That every setting of which the conditions speak is the default."""
    used = {ref for each in conditions for ref in _settings(case, each)}
    parts: list[Bool] = []
    for each in case.program.settings:
        ref = Ref("setting", each.name)
        if ref in used and isinstance(each.default, Fraction):
            parts.append(Cmp("=", ref, Const(each.default)))
        elif ref in used and isinstance(each.default, str):
            parts.append(In(ref, (each.default,)))
    return And(tuple(parts))


def _settings(case: Case, condition: Bool) -> Iterator[Ref]:
    for leaf in with_refs(case.theory, condition):
        for node in walk(leaf):
            if isinstance(node, Ref) and node.kind == "setting":
                yield node
