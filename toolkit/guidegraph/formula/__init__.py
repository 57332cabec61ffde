"""Formulas for limits that depend on the patient, written as text and lowered to the kernel.

A formula is a small part of CQL's expressions: ``if "age" > 50 'a' then "age" * 10 'ug/L/a' else
500 'ug/L'``. ``parse`` reads it, ``meaning`` gives the exact kernel number in a unit, ``said`` and
``worked`` put it into words, ``value`` calculates it for one patient. What is wrong is a
``FormulaError`` that names the place in the text.
"""

from guidegraph.formula.meaning import Meant, Names, condition, datum, meaning
from guidegraph.formula.syntax import (
    COMPARISONS,
    Amount,
    Binary,
    Expression,
    FormulaError,
    If,
    Name,
    Pick,
    names,
    parse,
    walk,
)
from guidegraph.formula.words import picked, said, value, worked

__all__ = [
    "COMPARISONS",
    "Amount",
    "Binary",
    "Expression",
    "FormulaError",
    "If",
    "Meant",
    "Name",
    "Names",
    "Pick",
    "condition",
    "datum",
    "meaning",
    "names",
    "parse",
    "picked",
    "said",
    "value",
    "walk",
    "worked",
]
