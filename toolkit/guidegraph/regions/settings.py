"""Which values of a site's numeric settings can make a difference, and putting them in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations, pairwise
from typing import TypeGuard

from guidegraph.kernel import (
    And,
    Arith,
    Assume,
    Bool,
    Cmp,
    Const,
    Datum,
    In,
    Leaf,
    Not,
    Num,
    Or,
    Ref,
    Score,
    linear_terms,
    replace_leaves,
)
from guidegraph.program import Setting

Form = tuple[tuple[Datum, Fraction], ...]
"""A linear form with leading coefficient 1: ``((atom, coefficient), ...)``, sorted."""
Affine = tuple[tuple[tuple[str, Fraction], ...], Fraction]
"""``sum(factor * setting) + constant``, by the names of the settings, sorted."""


def setting_values(
    conditions: tuple[Bool, ...], settings: Iterable[Setting]
) -> Iterator[dict[str, Fraction]]:
    """Every distinguishable choice of the numeric settings that the conditions refer to.

    What can be told apart is in which order the limits of the same data come, and on which side of
    each other settings lie. Every such order that the permitted ranges allow is given once or more,
    with the ends and the defaults.
    """
    compared = [leaf for each in conditions for leaf in leaves(each) if isinstance(leaf, Cmp)]
    used = {atom.name for each in compared for atom in linear_terms(each)[0] if _is_setting(atom)}
    numeric = [each for each in settings if each.name in used and each.kind == "quantity"]
    cuts: dict[Form, dict[Affine, None]] = {}
    for each in compared:
        form, cut = _cut(each)
        cuts.setdefault(form, {})[cut] = None
    borders = [_minus(one, other) for held in cuts.values() for one, other in combinations(held, 2)]
    borders += [cut for form, held in cuts.items() if not form for cut in held]
    yield from _orders(tuple(dict.fromkeys(borders)), tuple(numeric))


def _is_setting(atom: Num) -> TypeGuard[Ref]:
    return isinstance(atom, Ref) and atom.kind == "setting"


def _cut(comparison: Cmp) -> tuple[Form, Affine]:
    """A comparison as data and what they are compared with, a sum of settings."""
    factors, constant = linear_terms(comparison)
    data = {atom: factor for atom, factor in factors.items() if not _is_setting(atom)}
    ordered = sorted(data.items(), key=lambda each: repr(each[0]))
    lead = next((factor for _, factor in ordered if factor), None)
    form = tuple((atom, factor / lead) for atom, factor in ordered) if lead else ()
    scale = -1 / (lead or Fraction(1))
    chosen = [
        (atom.name, factor * scale)
        for atom, factor in factors.items()
        if _is_setting(atom) and factor
    ]
    return form, (tuple(sorted(chosen)), constant * scale)


def _minus(one: Affine, other: Affine) -> Affine:
    factors = dict(one[0])
    for name, factor in other[0]:
        factors[name] = factors.get(name, Fraction(0)) - factor
    kept = tuple(sorted((name, factor) for name, factor in factors.items() if factor))
    return kept, one[1] - other[1]


def _orders(
    borders: tuple[Affine, ...], settings: tuple[Setting, ...]
) -> Iterator[dict[str, Fraction]]:
    """Values of settings on, and between, all borders (where one of the sums is 0).

    The last setting is solved for: its values are the roots of the borders that speak of it, given
    values of the others; those are chosen on and between where two such roots change places.
    """
    if not settings:
        yield {}
        return
    *before, last = settings
    low, high = _permitted(last)
    ends: list[Affine] = [((), low), ((), high)]
    others: dict[Affine, None] = {}
    roots: dict[Affine, None] = dict.fromkeys(ends)
    for factors, constant in borders:
        own = dict(factors).get(last.name)
        rest = tuple((name, factor) for name, factor in factors if name != last.name)
        if own is None:
            others[rest, constant] = None
        else:
            solved = tuple((name, -factor / own) for name, factor in rest)
            roots[solved, -constant / own] = None
    others.update(dict.fromkeys(_minus(one, other) for one, other in combinations(roots, 2)))
    apart = tuple(each for each in others if each[0])
    for values in _orders(apart, tuple(before)):
        met = {sum((k * values[name] for name, k in each), constant) for each, constant in roots}
        if isinstance(last.default, Fraction):
            met.add(last.default)
        known = sorted(each for each in met if low <= each <= high)
        between = {(first + second) / 2 for first, second in pairwise(known)}
        for value in sorted({*known, *between}):
            if _is_permitted(last, value):
                yield {**values, last.name: value}


def _permitted(setting: Setting) -> tuple[Fraction, Fraction]:
    """The least and the greatest value of a setting; its default where no range is given."""
    known = [each for each in (setting.low, setting.high, setting.default) if each is not None]
    numbers = [each for each in known if isinstance(each, Fraction)]
    return min(numbers), max(numbers)


def _is_permitted(setting: Setting, value: Fraction) -> bool:
    """Whether an end of the range that is not included is left out."""
    is_low = value == setting.low and not setting.low_inclusive
    is_high = value == setting.high and not setting.high_inclusive
    return not (is_low or is_high)


def with_settings(condition: Bool, values: Mapping[str, Fraction]) -> Bool:
    """The condition with numbers put in for numeric settings."""

    def fixed(number: Num) -> Num:
        if _is_setting(number) and number.name in values:
            return Const(values[number.name])
        if isinstance(number, Arith):
            return Arith(tuple((k, fixed(part)) for k, part in number.terms), number.constant)
        return number

    return replace_leaves(
        condition,
        lambda leaf: (
            Cmp(leaf.op, fixed(leaf.left), fixed(leaf.right)) if isinstance(leaf, Cmp) else leaf
        ),
    )


def leaves(condition: Bool) -> Iterator[Leaf]:
    """The comparisons, memberships and yes/no inputs that a condition is made of."""
    match condition:
        case Ref() | Cmp() | In():
            yield condition
        case Not(operand) | Assume(operand):
            yield from leaves(operand)
        case And(operands) | Or(operands):
            for each in operands:
                yield from leaves(each)
        case Score(_, items):
            for each, _ in items:
                yield from leaves(each)
