"""What a generated program says about its data and rules: the same tables for every target.

Numbers are in wire form (``value * 10**scale``), everything is made of dictionaries, tuples,
strings, whole numbers, True, False and None, so that it can be written in any language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil, floor
from typing import Any

from guidegraph.entity import Entity
from guidegraph.evaluate.evidence import Evidence
from guidegraph.export import notes
from guidegraph.export.flat.flatten import data, in_order
from guidegraph.export.flat.steps import sides
from guidegraph.export.words import Words
from guidegraph.kernel import NOW, Agg, Cmp, Datum, Ref, walk
from guidegraph.model import Action, Guideline, Recommendation
from guidegraph.program import Input, Named, Program, Rule, Setting
from guidegraph.wire import EXACT_LIMIT, Wire, conditions, wire
from guidegraph.wording import SELECTORS

NOW_LABEL = "The minute of the decision"
LARGEST = EXACT_LIMIT - 1
"""The largest whole number, either side of 0, that every target holds exactly."""

Table = dict[str, dict[str, Any]]


def inputs(program: Program) -> Table:
    """Kind, label, question, unit, scale, plausible range, basis and codes of every input.

    ``largest`` is the largest number, either side of 0, with which every sum stays exact; it is
    left out where that is ``LARGEST``.
    """
    limits = largest(program)
    found = {each.name: _input(each, limits.get(each.name)) for each in program.inputs}
    now = _stated(kind="quantity", label=NOW_LABEL, unit="min", largest=limits.get("now"))
    return {**found, "now": now}


def _input(each: Input, limit: int | None) -> dict[str, Any]:
    return _stated(
        kind=each.kind,
        label=each.label,
        question=each.question,
        unit=each.unit,
        scale=each.scale or None,
        low=_whole(each.low, each.scale, up=True),
        high=_whole(each.high, each.scale, up=False),
        largest=limit,
        basis=each.basis,
        codes=tuple(each.codes),
    )


def settings(program: Program) -> Table:
    """Kind, label, unit, scale, permitted range, codes and default of every setting."""
    limits = largest(program)
    return {each.name: setting(each, limits.get(each.name)) for each in program.settings}


def setting(each: Setting, limit: int | None = None) -> dict[str, Any]:
    """What a site may choose. ``low`` and ``high`` are the ends that may still be chosen."""
    low, high = not each.low_inclusive, not each.high_inclusive
    return _stated(
        kind=each.kind,
        label=each.label,
        unit=each.unit,
        scale=each.scale or None,
        low=_whole(each.low, each.scale, up=True, inside=low),
        high=_whole(each.high, each.scale, up=False, inside=high),
        largest=limit,
        codes=tuple(each.codes),
    ) | {"default": _default(each)}


def _default(each: Setting) -> int | str | None:
    if not isinstance(each.default, Fraction):
        return each.default
    default = each.default * 10**each.scale
    if default.denominator != 1:
        msg = f"the default of {each.name} has more decimal places than are known"
        raise ValueError(msg)
    return int(default)


def recommendations(guideline: Guideline, program: Program) -> Table:
    """What every rule says, in the order of the guideline's recommendations."""
    evidence = Evidence(guideline)
    return {each.name: _rule(guideline, each, evidence) for each in in_order(guideline, program)}


def _rule(guideline: Guideline, rule: Rule, evidence: Evidence) -> dict[str, Any]:
    recommendation = guideline.get(rule.name, Recommendation)
    action = guideline.get(rule.action, Action)
    return {
        "label": rule.label,
        "statement": str(recommendation.statement) if recommendation else "",
        "modality": guideline.words(rule.modality),
        "norm": rule.norm,
        "action": str(action.label) if action else rule.action,
        "unless": tuple(each.name for each in rule.unless),
        "alternative_to": tuple(rule.alternative_to),
        "passages": tuple(notes.passages(guideline, recommendation)) if recommendation else (),
        "claims": tuple(each.id for each in evidence.claims(rule.name)),
    }


def criteria(guideline: Guideline, program: Program) -> Table:
    """What stands behind every criterion: the data it looks at itself, with what they are compared,
    the printed figures, the passages and the claims about it or its thresholds.
    """
    evidence, words = Evidence(guideline), Words(wire(program), guideline.anchor_words)
    return {each.name: _criterion(guideline, each, words, evidence) for each in program.criteria}


def _criterion(
    guideline: Guideline, named: Named, words: Words, evidence: Evidence
) -> dict[str, Any]:
    entity = guideline.entities.get(named.name)
    compared = [words.comparison(e) for e in walk(named.condition) if isinstance(e, Cmp)]
    return {
        "label": named.label,
        "compared": tuple(dict.fromkeys(compared)),
        "data": tuple(_datum(each) for each in data(named.condition)),
        "printed": tuple(notes.printed(guideline, entity)) if entity else (),
        "passages": tuple(notes.passages(guideline, entity)) if entity else (),
        "claims": tuple(_claims(guideline, entity, evidence)) if entity else (),
    }


def _datum(datum: Datum) -> dict[str, Any]:
    if isinstance(datum, Ref):
        return {datum.kind: datum.name}
    ends = _stated(**{"from": datum.low, "to": datum.high})
    return {"input": datum.series, "selector": SELECTORS[datum.fn], **ends}


def _claims(guideline: Guideline, entity: Entity, evidence: Evidence) -> Iterator[str]:
    names = [entity.id, *(each.id for each in notes.thresholds(guideline, entity))]
    yield from dict.fromkeys(claim.id for name in names for claim in evidence.claims(name))


# --- numbers --------------------------------------------------------------------------------------


def largest(program: Program) -> Mapping[str, int]:
    """The data whose sums could become inexact before they are ``LARGEST`` themselves: how large
    they may be, either side of 0.
    """
    found: dict[str, int] = {}
    form = wire(program)
    nodes = [node for _, condition in conditions(program) for node in walk(condition)]
    for comparison in (node for node in nodes if isinstance(node, Cmp)):
        for name, limit in _limits(form, comparison):
            if limit < LARGEST:
                found[name] = min(limit, found.get(name, limit))
    return found


def _limits(form: Wire, comparison: Cmp) -> Iterator[tuple[str, int]]:
    found = sides(form.linear(comparison))
    for terms, constant in ((found.left, found.low), (found.right, found.high)):
        whole = sum(coefficient for coefficient, _ in terms)
        for _, datum in terms:
            if datum == NOW or not isinstance(datum, Agg) or datum.fn not in ("count", "run"):
                name = datum.series if isinstance(datum, Agg) else datum.name
                yield name, (LARGEST - constant) // whole


def _whole(value: Fraction | None, scale: int, *, up: bool, inside: bool = False) -> int | None:
    """The wire value nearest to ``value`` that is not beyond it; ``inside`` excludes itself."""
    if value is None:
        return None
    exact = value * Fraction(10) ** scale
    near: int = ceil(exact) if up else floor(exact)
    if inside and near == exact:
        return near + 1 if up else near - 1
    return near


def _stated(**fields: Any) -> dict[str, Any]:
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value is not None and value != ()}
