"""Which patients two hospitals treat differently, though the guideline permits what both chose.

That is no fault: a site may choose. What is told is for whom the choice matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import combinations

from guidegraph.diagnostic import Severity
from guidegraph.kernel import (
    FALSE,
    TRUE,
    And,
    Bool,
    In,
    Leaf,
    Not,
    Or,
    Ref,
    replace_leaves,
    walk,
)
from guidegraph.program import Setting
from guidegraph.proof import WirePatient
from guidegraph.proof.encoding import Formula, Person, negation
from guidegraph.regions import Region, Space, with_settings
from guidegraph.verify.asking import listed
from guidegraph.verify.base import Case, Entry, Held, Refuted, rule
from guidegraph.verify.pairs import Twin
from guidegraph.wording import amount

CODE = "L461"
MOST_CODES = 4
"""Of so many codes all pairs are compared; of more, each with the default."""

Chosen = Fraction | str
"""A value of a setting."""
Pair = tuple[Chosen, ...]
"""Two values of a setting."""


@dataclass(frozen=True, slots=True)
class _Difference:
    """Who is treated differently, by which recommendations, at which two values."""

    rules: tuple[str, ...]
    pair: Pair
    patient: WirePatient
    witness: str
    region: Region
    where: str
    is_all: bool


def check_settings(case: Case) -> Iterator[Entry]:
    """Settings of a site on which advice depends, and for whom."""
    rules = tuple(case.rules)
    for setting in case.program.settings:
        yield from case.attempt(CODE, (setting.name,), partial(_setting, case, setting, rules))


def _setting(case: Case, setting: Setting, rules: tuple[str, ...]) -> Iterator[Entry]:
    names = tuple(each for each in rules if _depends(case, rule(each), setting.name))
    key = (CODE, setting.name, tuple(case.theory.signs[rule(each)] for each in names))
    if key not in case.memory:
        case.memory[key] = _difference(case, setting, names)
    found = case.memory[key]
    if found is None:
        yield Held(code=CODE, subjects=(setting.name,))
        return
    assert isinstance(found, _Difference)
    one, other = (_told(case, setting, each) for each in found.pair)
    who = _who(case, found.rules)
    labels = [f"“{case.label(each)}”" for each in found.rules]
    yield Refuted(
        code=CODE,
        severity=Severity.NOTE,
        subjects=(setting.name,),
        message=f"Two sites may treat {who} differently: {listed(labels)} "
        f"{'depends' if len(labels) == 1 else 'depend'} on “{setting.label}”.",
        why=f"A patient is told something else at a site that chose {one} than at one that chose "
        f"{other}; the guideline permits both. "
        + (
            "No other two permitted values make a difference for anybody else."
            if found.is_all
            else "Other permitted values may make a difference for others as well."
        ),
        help="Keep the choice if it is meant to be one for each site; otherwise give a narrower "
        "permitted range, or a single value.",
        witness=f"{found.witness}; at {one} and at {other}",
        where=found.where,
        patient=_at(setting, found.patient, found.pair[0]),
        other=_at(setting, found.patient, found.pair[1]),
        region=found.region,
    )


def _who(case: Case, names: tuple[str, ...]) -> str:
    """The population in words, where it is one."""
    populations = {case.recommendation(each).population for each in names}
    (name,) = populations if len(populations) == 1 else (None,)
    return f"some of “{case.label(name)}”" if name else "some patients"


def _depends(case: Case, condition: Bool, setting: str) -> bool:
    """Whether a condition speaks of a setting, through what it refers to."""
    key = ("speaks of", case.theory.sign(condition), setting)
    if key not in case.memory:
        case.memory[key] = any(
            node == Ref("setting", setting)
            or (
                isinstance(node, Ref)
                and node in case.theory.conditions
                and _depends(case, case.theory.conditions[node], setting)
            )
            for node in walk(condition)
        )
    return bool(case.memory[key])


# --- two values -----------------------------------------------------------------------------------


def _difference(case: Case, setting: Setting, names: tuple[str, ...]) -> _Difference | None:
    """Who gets advice at one permitted value and not at another, told by pairs of values."""
    met = {each: pair for each in names if (pair := _met(case, setting, each)) is not None}
    if not met:
        return None
    space = Space(case.program)
    conditions = [space.conditions[rule(each)] for each in met]
    given = _given(case, tuple(met))
    pairs = {pair: _unlike(conditions, setting, pair) for pair in _pairs(setting)}
    told: Bool = Or(tuple(pairs.values()))
    if case.some(And((given, told))) is None:
        pair = next(iter(met.values()))
        pairs = {pair: _unlike(conditions, setting, pair)}
        told = pairs[pair]
    shown = case.show(told, given=given)
    assert shown is not None
    pair, first = next(
        (pair, found) for pair, each in pairs.items() if (found := case.show(each, given=given))
    )
    return _Difference(
        rules=tuple(met),
        pair=pair,
        patient=first.patient,
        witness=first.witness,
        region=shown.region,
        where=shown.where,
        is_all=shown.region.is_exact and _is_all(case, setting, tuple(met), told),
    )


def _unlike(conditions: Iterable[Bool], setting: Setting, pair: Pair) -> Bool:
    """That some condition is true at one of two values of a setting and false at the other."""
    return Or(
        tuple(
            Or((And((one, Not(other))), And((Not(one), other))))
            for one, other in (
                [_put(each, setting, value) for value in pair] for each in conditions
            )
        )
    )


def _given(case: Case, names: tuple[str, ...]) -> Bool:
    """The condition of their population, where recommendations have the same."""
    populations = dict.fromkeys(case.population(each) for each in names)
    return next(iter(populations)) if len(populations) == 1 else TRUE


def _met(case: Case, setting: Setting, name: str) -> Pair | None:
    """Two permitted values at which a recommendation differs for some patient; None: none."""
    key = (CODE, "met", case.theory.signs[rule(name)], setting.name)
    if key not in case.memory:
        prover = case.theory.prover
        one, other = _two(case, setting)
        model = prover.model(one, *other.rules(), *_differ(case, name, one, other))
        case.memory[key] = (
            None
            if model is None
            else tuple(_value(setting, prover.decoded(model, each)) for each in (one, other))
        )
    found = case.memory[key]
    assert found is None or isinstance(found, tuple)
    return found


def _is_all(case: Case, setting: Setting, names: tuple[str, ...], told: Bool) -> bool:
    """Whether everybody whom any two permitted values treat differently is among those told of."""
    prover = case.theory.prover
    one, other = _two(case, setting)
    outside = negation(case.theory.truth(told, one)[0])
    return all(
        prover.model(one, *other.rules(), *_differ(case, name, one, other), outside) is None
        for name in names
    )


def _two(case: Case, setting: Setting) -> tuple[Person, Person]:
    """One patient at two sites."""
    one = case.theory.prover.person()
    return one, Twin(one, setting.name)


def _differ(case: Case, name: str, one: Person, other: Person) -> tuple[Formula, Formula]:
    """That a recommendation holds at the one site and not at the other."""
    return case.theory.truth(rule(name), one)[0], case.theory.truth(rule(name), other)[1]


def _value(setting: Setting, patient: WirePatient) -> Chosen:
    held = patient["settings"][setting.name]
    return Fraction(held, 10**setting.scale) if isinstance(held, int) else str(held)


def _pairs(setting: Setting) -> Iterator[Pair]:
    """The widest pair of a range; of codes all pairs, or those with the default."""
    if setting.kind == "code":
        default = setting.default if isinstance(setting.default, str) else setting.codes[0]
        ordered = (default, *(each for each in setting.codes if each != default))
        every = len(ordered) <= MOST_CODES
        yield from combinations(ordered, 2) if every else ((default, o) for o in ordered[1:])
        return
    ends = [_end(setting, is_low) for is_low in (True, False)]
    low, high = (setting.default if end is None else end for end in ends)
    if isinstance(low, Fraction) and isinstance(high, Fraction) and low != high:
        yield low, high


def _end(setting: Setting, is_low: bool) -> Fraction | None:
    """The last permitted value at one end of the range; None where the range is open."""
    end = setting.low if is_low else setting.high
    if end is None:
        return None
    step = Fraction(1, 10**setting.scale) * (1 if is_low else -1)
    least = -(-end // abs(step)) * abs(step) if is_low else end // abs(step) * abs(step)
    is_included = setting.low_inclusive if is_low else setting.high_inclusive
    return least if is_included or least != end else least + step


# --- a condition without settings -----------------------------------------------------------------


def _put(condition: Bool, setting: Setting, value: Chosen) -> Bool:
    """A condition with a value put in for a setting."""
    if isinstance(value, Fraction):
        return with_settings(condition, {setting.name: value})

    def decided(leaf: Leaf) -> Bool:
        if isinstance(leaf, In) and leaf.code == Ref("setting", setting.name):
            return TRUE if value in leaf.codes else FALSE
        return leaf

    return replace_leaves(condition, decided)


def _at(setting: Setting, patient: WirePatient, value: Chosen) -> WirePatient:
    held = int(value * 10**setting.scale) if isinstance(value, Fraction) else value
    return {**patient, "settings": {**patient["settings"], setting.name: held}}


def _told(case: Case, setting: Setting, value: Chosen) -> str:
    """A value of a setting in words."""
    if isinstance(value, Fraction):
        return amount(value, setting.unit)
    return f"“{case.words.code(Ref('setting', setting.name), value)}”"
