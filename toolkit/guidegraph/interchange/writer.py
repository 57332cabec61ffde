"""A program as JSON."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, assert_never

from guidegraph.interchange.base import FORMAT, LARGEST
from guidegraph.kernel import (
    Agg,
    And,
    Arith,
    Assume,
    Bool,
    Cmp,
    Cond,
    Const,
    In,
    Not,
    Num,
    Or,
    Ref,
    Score,
)
from guidegraph.program import Input, Named, Program, Rule, Setting

Object = dict[str, Any]


def to_json(program: Program) -> Object:
    """A program as a value that ``json.dumps`` writes; ``from_json`` gives an equal program.

    Raises:
        ValueError: if a count (of minutes, points, decimal places) is ``2**53`` or more in size.
    """
    return {
        "format": FORMAT,
        "guideline": program.guideline,
        "version": program.version,
        "anchor": program.anchor,
        "inputs": [_input(each) for each in program.inputs],
        "settings": [_setting(each) for each in program.settings],
        "criteria": [_named(each) for each in program.criteria],
        "rules": [_rule(each) for each in program.rules],
        "incompatible": [list(pair) for pair in program.incompatible],
        "readings": dict(sorted(program.readings.items())),
    }


def condition(node: Bool) -> Object:
    """A condition as JSON."""
    match node:
        case Ref(kind, name):
            return {kind: name}
        case Cmp(op, left, right):
            return {"compare": op, "left": number(left), "right": number(right)}
        case In(code, codes):
            return {"in": list(codes), "code": {code.kind: code.name}}
        case Not(operand):
            return {"not": condition(operand)}
        case And(operands):
            return {"and": [condition(each) for each in operands]}
        case Or(operands):
            return {"or": [condition(each) for each in operands]}
        case Score(at_least, items):
            scored = [{"if": condition(e), "points": _count(points)} for e, points in items]
            return {"score": scored, "atLeast": _count(at_least)}
        case Assume(operand, default, why):
            return {"assume": default, "of": condition(operand), "why": why}
        case _:
            assert_never(node)


def number(node: Num) -> Object:
    """A number as JSON."""
    match node:
        case Const(value):
            return {"number": str(value)}
        case Ref(kind, name):
            return {kind: name}
        case Agg(fn, series, low, high):
            ends = {"from": low, "to": high}
            told = {name: _count(end) for name, end in ends.items() if end is not None}
            return {"aggregate": fn, "series": series, **told}
        case Arith(terms, constant):
            summed = [{"times": str(factor), "of": number(part)} for factor, part in terms]
            return {"sum": summed, "plus": str(constant)}
        case Cond():
            msg = "Cond stands only inside a comparison: build comparisons with compare()"
            raise TypeError(msg)
        case _:
            assert_never(node)


def _count(value: int) -> int:
    if abs(value) > LARGEST:
        msg = f"{value} is too large for a count in JSON"
        raise ValueError(msg)
    return value


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _stated(told: Object) -> Object:
    """What says something."""
    return {name: value for name, value in told.items() if value not in (None, [], ())}


def _input(each: Input) -> Object:
    return _stated(
        {
            "name": each.name,
            "label": each.label,
            "question": each.question,
            "kind": each.kind,
            "unit": each.unit,
            "scale": _count(each.scale),
            "low": _exact(each.low),
            "high": _exact(each.high),
            "basis": each.basis,
            "codes": list(each.codes),
            "validFor": None if each.valid_for is None else _count(each.valid_for),
            "cost": _count(each.cost),
        }
    )


def _setting(each: Setting) -> Object:
    default = each.default
    return _stated(
        {
            "name": each.name,
            "label": each.label,
            "kind": each.kind,
            "default": str(default) if isinstance(default, Fraction) else default,
            "unit": each.unit,
            "scale": _count(each.scale),
            "low": _exact(each.low),
            "high": _exact(each.high),
            "lowInclusive": each.low_inclusive,
            "highInclusive": each.high_inclusive,
            "codes": list(each.codes),
        }
    )


def _named(each: Named) -> Object:
    return {"name": each.name, "label": each.label, "condition": condition(each.condition)}


def _rule(each: Rule) -> Object:
    return _stated(
        {
            "name": each.name,
            "label": each.label,
            "guard": condition(each.guard),
            "unless": [{ref.kind: ref.name} for ref in each.unless],
            "modality": each.modality,
            "norm": each.norm,
            "action": each.action,
            "alternativeTo": list(each.alternative_to),
        }
    )
