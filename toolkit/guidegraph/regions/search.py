"""Proofs by regions: a condition over all patients, without trying every number.

What a condition can tell apart about a number are the cut points it is compared with. Each linear
form (an input, an aggregate, a difference) is therefore represented by *unknown*, its cut points,
and one value between or beyond each; a yes/no input by yes, no and unknown; a coded input by its
codes and unknown. Conditions are simplified as values are put in, so that most combinations are
never visited.

Numeric settings are put in first (``with_settings``), one representative of their permitted range
after the other. Forms that share data (the highest and the latest value of one series) are treated
as independent: that is sound for a proof ("never differs"), and may at worst show a witness that no
real patient can be. A witness over single inputs is always real.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache

from guidegraph.kernel import (
    FALSE,
    TRUE,
    And,
    Assume,
    Bool,
    Cmp,
    In,
    Not,
    Num,
    Op,
    Or,
    Ref,
    Score,
    Truth,
    holds,
    linear_terms,
    replace_refs,
)
from guidegraph.program import Named, Program
from guidegraph.regions.settings import Form, leaves, setting_values, with_settings

Atom = Form | Ref
Value = Fraction | str | bool | None
Wanted = Callable[[tuple[Bool, ...]], bool | None]
"""Whether partly decided conditions are what is searched for (see ``Regions.search``)."""
UNKNOWN: Bool = Ref("input", "")
"""The condition that is unknown whatever the patient; with TRUE and FALSE the three constants."""
CONSTANTS: dict[Truth, Bool] = {True: TRUE, False: FALSE, None: UNKNOWN}
TRUTHS: dict[Bool, Truth] = {condition: truth for truth, condition in CONSTANTS.items()}
LIMIT = 50_000


class TooManyRegionsError(Exception):
    """The proof would visit more regions than allowed: nothing is proved."""


@dataclass(frozen=True, slots=True)
class Regions:
    """Every distinguishable value of every atom of some conditions (references resolved)."""

    values: Mapping[Atom, tuple[Value, ...]]

    @classmethod
    def of(cls, conditions: tuple[Bool, ...], codes: Callable[[Ref], tuple[str, ...]]) -> Regions:
        """The regions of conditions that no longer refer to criteria or rules.

        ``codes`` gives all codes of a coded input or setting.
        """
        cuts: dict[Form, set[Fraction]] = {}
        values: dict[Atom, tuple[Value, ...]] = {}
        for leaf in (leaf for condition in conditions for leaf in leaves(condition)):
            if isinstance(leaf, Cmp):
                form, cut, _ = linear(leaf)
                cuts.setdefault(form, set()).add(cut)
            elif isinstance(leaf, In):
                values[leaf.code] = (*codes(leaf.code), *_unknown(leaf.code))
            elif leaf != UNKNOWN:
                values[leaf] = (True, False, None)
        for form, points in cuts.items():
            unknown = (None,) if any(_unknown(atom) for atom, _ in form) else ()
            values[form] = (*_representatives(sorted(points)), *unknown)
        return cls(values)

    def search(self, conditions: tuple[Bool, ...], wanted: Wanted) -> dict[Atom, Value] | None:
        """The first assignment under which ``wanted`` is True; None if there is none.

        ``wanted`` sees the conditions as far as they are decided (``TRUTHS`` knows the constants)
        and answers True (found), False (nowhere below here) or None (look further).

        Raises:
            TooManyRegionsError: after ``LIMIT`` visited assignments.
        """
        visited = 0

        def look(decided: tuple[Bool, ...]) -> dict[Atom, Value] | None:
            nonlocal visited
            visited += 1
            if visited > LIMIT:
                raise TooManyRegionsError
            verdict = wanted(decided)
            if verdict is not None:
                return {} if verdict else None
            atom = next((atom for each in decided for atom in atoms(each)), None)
            for value in self.values[atom] if atom else ():
                found = look(tuple(put(each, atom, value) for each in decided))
                if found is not None:
                    return {atom: value, **found} if atom else found
            return None

        return look(tuple(put(each, None, None) for each in conditions))


class Space:
    """All patients that a program can tell apart, under all permitted settings."""

    def __init__(self, program: Program) -> None:
        self._settings = program.settings
        self._codes = (
            *((each.name, each.codes) for each in program.inputs),
            *((each.name, each.codes) for each in program.settings),
        )
        self.conditions: dict[Ref, Bool] = {}
        """What each criterion is, and each rule when it is effective, with no references left."""
        for each in program.definitions:
            if isinstance(each, Named):
                self.conditions[Ref("criterion", each.name)] = self.resolved(each.condition)
            else:
                self.conditions[Ref("rule", each.name)] = self.resolved(each.effective)

    def resolved(self, condition: Bool) -> Bool:
        """A condition with no references left."""
        return replace_refs(condition, lambda ref: self.conditions[ref])

    def search(self, conditions: tuple[Bool, ...], wanted: Wanted) -> dict[Atom, Value] | None:
        """The first patient and settings that are wanted (see ``Regions.search``), or None.

        Raises:
            TooManyRegionsError: if nothing is proved.
        """
        for values in setting_values(conditions, self._settings):
            fixed = tuple(with_settings(each, values) for each in conditions)
            found = _searched(fixed, wanted, self._codes)
            if found is not None:
                chosen: dict[Atom, Value] = {Ref("setting", n): v for n, v in values.items()}
                return {**found, **chosen}
        return None


def put(condition: Bool, atom: Atom | None, value: Value) -> Bool:
    """The condition with ``value`` put in for ``atom``, simplified: its Kleene truth stays."""
    match condition:
        case Ref():
            return CONSTANTS[_truth(value)] if condition == atom else condition
        case Cmp():
            form, cut, op = linear(condition)
            if not form:
                return CONSTANTS[holds(op, Fraction(0), cut)]
            known = value if isinstance(value, Fraction) else None
            return CONSTANTS[holds(op, known, cut)] if form == atom else condition
        case In(code, codes):
            if code != atom:
                return condition
            return CONSTANTS[value in codes if isinstance(value, str) else None]
        case Not(operand):
            inner = put(operand, atom, value)
            opposite = {TRUE: FALSE, FALSE: TRUE, UNKNOWN: UNKNOWN}
            return opposite.get(inner) or Not(inner)
        case And(operands):
            return _connect(And, TRUE, FALSE, [put(each, atom, value) for each in operands])
        case Or(operands):
            return _connect(Or, FALSE, TRUE, [put(each, atom, value) for each in operands])
        case Score(at_least, items):
            return _score(at_least, [(put(each, atom, value), n) for each, n in items])
        case Assume(operand, default, why):
            inner = put(operand, atom, value)
            if inner == UNKNOWN:
                return CONSTANTS[default]
            return inner if inner in TRUTHS else Assume(inner, default, why)


def _truth(value: Value) -> Truth:
    return value if isinstance(value, bool) else None


def _connect(kind: type[And] | type[Or], neutral: Bool, decisive: Bool, parts: list[Bool]) -> Bool:
    kept: dict[Bool, None] = {}
    for part in parts:
        if part == decisive:
            return decisive
        if part != neutral:
            kept.update(dict.fromkeys(part.operands if isinstance(part, kind) else (part,)))
    return next(iter(kept)) if len(kept) == 1 else kind(tuple(kept))


def _score(at_least: int, items: list[tuple[Bool, int]]) -> Bool:
    open_items = tuple((each, n) for each, n in items if each not in (TRUE, FALSE))
    missing = at_least - sum(n for each, n in items if each == TRUE)
    if missing <= 0:
        return TRUE
    if sum(n for _, n in open_items) < missing:
        return FALSE
    return Score(missing, open_items) if any(e != UNKNOWN for e, _ in open_items) else UNKNOWN


@lru_cache(maxsize=2_000)
def _searched(
    conditions: tuple[Bool, ...], wanted: Wanted, codes: tuple[tuple[str, tuple[str, ...]], ...]
) -> Mapping[Atom, Value] | None:
    """The search itself; most conditions of an edited guideline are those of the one before."""
    known = dict(codes)
    return Regions.of(conditions, lambda ref: known[ref.name]).search(conditions, wanted)


@cache
def linear(node: Cmp) -> tuple[Form, Fraction, Op]:
    """A comparison as ``form OP cut``, the form having leading coefficient 1."""
    factors, constant = linear_terms(node)
    ordered = sorted(factors.items(), key=lambda each: repr(each[0]))
    lead = next((factor for _, factor in ordered if factor), Fraction(1))
    form = tuple((atom, factor / lead) for atom, factor in ordered)
    return form, -constant / lead, node.op if lead > 0 else _mirror(node.op)


def _mirror(op: Op) -> Op:
    mirrored: dict[Op, Op] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
    return mirrored.get(op, op)


def _representatives(cuts: list[Fraction]) -> Iterator[Fraction]:
    """One value below, at and between the cut points, and one above."""
    yield cuts[0] - 1
    for place, cut in enumerate(cuts):
        yield cut
        yield (cut + cuts[place + 1]) / 2 if place + 1 < len(cuts) else cut + 1


def _unknown(number: Num) -> tuple[None, ...]:
    """Whether a number or code can be unknown: everything can, except a site's settings."""
    return () if isinstance(number, Ref) and number.kind == "setting" else (None,)


def atoms(condition: Bool) -> Iterator[Atom]:
    """What a partly decided condition still depends on."""
    for leaf in leaves(condition):
        if isinstance(leaf, Cmp):
            yield linear(leaf)[0]
        elif isinstance(leaf, In):
            yield leaf.code
        elif leaf != UNKNOWN:
            yield leaf
