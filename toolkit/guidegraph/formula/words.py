"""A formula in words, and how it came to its value for one patient."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import assert_never

from guidegraph.formula.meaning import Names, condition
from guidegraph.formula.syntax import (
    Amount,
    Binary,
    Expression,
    If,
    Name,
    Pick,
    Unary,
)
from guidegraph.kernel import Arith, Cond, Meaning, Num, Truth
from guidegraph.wording import SELECTORS, amount

SIGNS = {"*": "×", "-": "−", "<=": "≤", ">=": "≥", "!=": "≠"}
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}
BINDING = {"or": 1, "and": 2, "+": 4, "-": 4, "*": 5, "/": 5}
"""How closely a sign binds; comparisons stand between ``and`` and ``+``."""
COMPARED, PREFIXED = 3, 6
Told = Callable[[Name | Pick], str]


def said(tree: Expression, told: Told) -> str:
    """A formula in words: ``Age × 10 µg/L/a if Age > 50 years, otherwise 500 µg/L``.

    ``told`` says what is named.
    """
    match tree:
        case Amount(value, unit):
            return amount(value, unit)
        case Name() | Pick():
            return told(tree)
        case Unary("not", operand):
            return f"not {_inner(operand, PREFIXED, told)}"
        case Unary(_, operand):
            return f"−{_inner(operand, PREFIXED, told)}"
        case Binary(sign, left, right):
            binds = BINDING.get(sign, COMPARED)
            first, second = _inner(left, binds, told), _inner(right, binds + 1, told)
            return f"{first} {SIGNS.get(sign, sign)} {second}"
        case If(test, then, otherwise):
            outcomes = f"{_inner(then, 1, told)} if {said(test, told)}, otherwise "
            return outcomes + said(otherwise, told)
        case _:
            assert_never(tree)


def _inner(tree: Expression, least: int, told: Told) -> str:
    """An operand, in brackets where its own sign binds less than ``least``."""
    binds = PREFIXED + 1
    if isinstance(tree, If):
        binds = 0
    elif isinstance(tree, Binary):
        binds = BINDING.get(tree.sign, COMPARED)
    words = said(tree, told)
    return f"({words})" if binds < least else words


def picked(tree: Name | Pick, label: Callable[[str], str]) -> str:
    """What is named, by its label: ``Age``, ``highest D-dimer (follow-up)``."""
    if isinstance(tree, Name):
        return label(tree.name)
    window = f" ({label(tree.window.name)})" if tree.window else ""
    return f"{SELECTORS[tree.fn]} {label(tree.series.name)}{window}"


def worked(tree: Expression, told: Told, names: Names, meant: Meaning) -> str:
    """How a formula came to its value, as words that follow the value.

    ``= Age (71 years) × 10 µg/L/a, as Age (71 years) > 50 years``: of each choice only the outcome
    taken is shown; the whole formula where it is not known which.
    """
    reasons: list[str] = []
    taken = _taken(tree, told, names, meant, reasons)
    if taken is None:
        return f"= {said(tree, told)}"
    calculated = () if isinstance(taken, Amount) else (f"= {said(taken, told)}",)
    because = (f"as {' and '.join(reasons)}",) if reasons else ()
    return ", ".join([*calculated, *because])


def _taken(
    tree: Expression, told: Told, names: Names, meant: Meaning, reasons: list[str]
) -> Expression | None:
    """A formula with each choice replaced by the outcome taken; its reasons are added."""
    match tree:
        case If(test, then, otherwise):
            holds: Truth = meant.truth(condition(test, names))
            if holds is None:
                return None
            reasons.append(said(test if holds else _negated(test), told))
            return _taken(then if holds else otherwise, told, names, meant, reasons)
        case Unary("-", operand):
            inner = _taken(operand, told, names, meant, reasons)
            return inner and Unary("-", inner, tree.at)
        case Binary(sign, left, right):
            first = _taken(left, told, names, meant, reasons)
            second = _taken(right, told, names, meant, reasons)
            return Binary(sign, first, second, tree.at) if first and second else None
        case _:
            return tree


def _negated(test: Expression) -> Expression:
    """What holds where a condition, known to be false, does not."""
    if isinstance(test, Binary) and test.sign in OPPOSITE:
        return Binary(OPPOSITE[test.sign], test.left, test.right, test.at)
    return Unary("not", test, test.at)


def value(number: Num, meant: Meaning) -> Fraction | None:
    """A number for one patient, choices included; None where it is not known.

    Where a choice is open, the value is still known if both outcomes are the same.
    """
    match number:
        case Cond(test, then, otherwise):
            holds = meant.truth(test)
            outcomes = {value(each, meant) for each in _open(holds, then, otherwise)}
            return outcomes.pop() if len(outcomes) == 1 else None
        case Arith(terms, constant):
            total = constant
            for factor, part in terms:
                each = value(part, meant)
                if each is None:
                    return None
                total += factor * each
            return total
        case _:
            return meant.number(number)


def _open(holds: Truth, then: Num, otherwise: Num) -> Iterator[Num]:
    """The outcomes that a choice may still have."""
    if holds is not False:
        yield then
    if holds is not True:
        yield otherwise
