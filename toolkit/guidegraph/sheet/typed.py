"""What was typed into a cell, as text; what a program made of it is told, not guessed."""

from __future__ import annotations

import re
from fractions import Fraction

from guidegraph.diagnostic import Diagnostic
from guidegraph.forms import faults as answers
from guidegraph.forms.form import Field
from guidegraph.forms.numbers import decimal
from guidegraph.sheet import cells, faults, incoming
from guidegraph.sheet.faults import CellPlace
from guidegraph.sheet.incoming import Raw
from guidegraph.terms import local_name
from guidegraph.turtle.values import XSD_BOOLEAN

_MONTHS = (
    "jan|feb|mar|mrt|mär|apr|may|mei|mai|jun|jul|aug|sep|okt|oct|nov|dec|dez|"
    "january|february|march|april|june|july|august|september|october|november|december"
)
_DAYS = re.compile(
    rf"\d{{1,2}}[-/. ](?:{_MONTHS})\.?(?:[-/. ]\d{{2,4}})?|(?:{_MONTHS})\.?[-/. ]\d{{2,4}}"
    r"|\d{4}-\d{2}-\d{2}[ T]00:00(?::00)?",
    re.IGNORECASE,
)
_MAYBE_DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}")
_RANGE = re.compile(r"\d+\s*[-/.–]\s*\d+")
_ROUNDED = re.compile(r"[-+]?\d(?:[.,]\d+)?E[-+]?\d+")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_ERRORS = re.compile(r"#(?:REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|N/A|SPILL!|CALC!)")
_MOST_DIGITS = 15
"""Digits that a number of a spreadsheet keeps."""


def typed(raw: Raw, asks: Field | None, before: str, at: CellPlace) -> str | Diagnostic:
    """The text of a cell; ``before`` is what was exported, ``asks`` says what may stand."""
    kinds = [local_name(each) for each in asks.datatypes] if asks else []
    if raw.kind in (incoming.TEXT, incoming.EMPTY):
        return _text(raw.text, kinds, before, at)
    if raw.kind == incoming.FORMULA:
        told = raw.text if raw.text.startswith("=") else f"={raw.text}"
        return faults.formula(at, f"a formula: `{told[:80]}`")
    if raw.kind == incoming.ERROR:
        return faults.formula(at, f"`{raw.text}`, the trace of a formula that went wrong")
    if raw.kind == incoming.DATE:
        day = re.fullmatch(r"(\d{4}-\d{2}-\d{2})(?: 00:00:00)?", raw.text)
        if day and kinds[:1] == ["date"]:
            return day[1]
        return faults.became_date(at, before, raw.text.removesuffix(" 00:00:00"))
    if raw.kind == incoming.TRUTH:
        if asks is not None and asks.datatypes[:1] == (XSD_BOOLEAN,):
            return "yes" if raw.text == "TRUE" else "no"
        return before if raw.text == before else faults.became_number(at, before, raw.text)
    return _number(raw, kinds, before, at)


def takes_numbers(kinds: list[str]) -> bool:
    """Whether a field of these datatypes holds numbers."""
    return any(each == "decimal" or each.endswith(("nteger", "int", "long")) for each in kinds)


def _number(raw: Raw, kinds: list[str], before: str, at: CellPlace) -> str | Diagnostic:
    """A number as the program keeps it: taken where its shortest form is what it was to be."""
    if raw.text == before:
        return before
    plain = raw.text.removesuffix(".0")
    if "%" in raw.form or not _NUMBER.fullmatch(plain):
        return faults.became_number(at, before, f"the number {plain} in another form")
    if len(re.sub(r"\D", "", plain).lstrip("0")) > _MOST_DIGITS:
        return faults.became_number(at, before, f"the rounded number {plain}")
    if not takes_numbers(kinds):
        return faults.became_number(at, before, f"the number {plain}")
    return before if _same(plain, before) else plain


def _text(told: str, kinds: list[str], before: str, at: CellPlace) -> str | Diagnostic:
    if told == before:
        return before
    if hidden := cells.unfit(told):
        return answers.unseen(told, hidden)
    plain = told.strip()
    if _ERRORS.fullmatch(plain):
        return faults.formula(at, f"`{plain}`, the trace of a formula that went wrong")
    if not {"date", "dateTime"} & set(kinds) and (
        _DAYS.fullmatch(plain) or (_MAYBE_DAY.fullmatch(plain) and _RANGE.fullmatch(before))
    ):
        return faults.became_date(at, before, plain)
    if _ROUNDED.fullmatch(plain):
        return faults.became_number(at, before, f"the rounded number {plain}")
    if takes_numbers(kinds):
        return before if _same(plain, before) else told
    if _NUMBER.fullmatch(plain) and _NUMBER.fullmatch(before) and _same(plain, before):
        return faults.became_number(at, before, f"the number {plain}")
    return told


def _same(plain: str, before: str) -> bool:
    """Whether both are the same number, in another spelling; what is ambiguous is none."""
    if not _NUMBER.fullmatch(before):
        return False
    read = plain if _NUMBER.fullmatch(plain) and not _is_asked(plain) else decimal(plain)
    return isinstance(read, str) and Fraction(read) == Fraction(before)


def _is_asked(plain: str) -> bool:
    return not isinstance(decimal(plain), str)
