"""Numbers as people type them, exactly: a point or a comma that may mean two things is asked."""

from __future__ import annotations

import re

from guidegraph.diagnostic import Diagnostic
from guidegraph.forms import faults

POINT, COMMA = ".", ","
_MINUS = str.maketrans({"\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "\N{FIGURE DASH}": "-"})
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FIGURES = re.compile(r"([-+]?)([0-9.,]+)")
_GROUPS = {
    POINT: re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+"),
    COMMA: re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+"),
}
_HINT = "Write it in figures, such as `1500` or `0.5`, without a unit, an exponent or a range."


def whole(typed: str, mark: str = "") -> str | Diagnostic:
    """A whole number as it is written in a file."""
    read = decimal(typed, mark)
    if not isinstance(read, str):
        return read
    digits, _, after = read.partition(POINT)
    if after.strip("0") or (after and after != "0"):
        return faults.no_number(typed.strip(), "a whole number", "Write it without decimals.")
    return digits


def decimal(typed: str, mark: str = "") -> str | Diagnostic:
    """A decimal number as it is written in a file: ``50`` is ``50.0``, ``1,50`` is ``1.50``.

    ``mark`` is the sign that parts the decimals (``POINT`` or ``COMMA``) where that is known; the
    other one may then part thousands. Where it is not known, nothing is guessed.
    """
    plain = typed.strip().translate(_MINUS)
    found = _FIGURES.fullmatch(plain)
    if not found:
        return faults.no_number(typed.strip(), "a number", _HINT)
    sign, figures = found.groups()
    read = _with_mark(figures, mark) if mark else _without_mark(typed.strip(), sign, figures)
    if isinstance(read, Diagnostic):
        return read
    before, _, after = (read or "").partition(POINT)
    if read is None or not _WHOLE.fullmatch(before or "0") or (POINT in read and not after):
        return faults.no_number(typed.strip(), "a number", _HINT)
    return f"{sign.replace('+', '')}{before or '0'}.{after or '0'}"


def _with_mark(figures: str, mark: str) -> str | None:
    other = COMMA if mark == POINT else POINT
    before, *after = figures.split(mark)
    if len(after) > 1 or any(other in each for each in after):
        return None
    if other in before:
        if not _GROUPS[other].fullmatch(before):
            return None
        before = before.replace(other, "")
    return POINT.join([before, *after])


def _without_mark(typed: str, sign: str, figures: str) -> str | Diagnostic | None:
    marks = [each for each in figures if each in (POINT, COMMA)]
    if not marks:
        return figures
    last = max(figures.rfind(POINT), figures.rfind(COMMA))
    before, after = figures[:last], figures[last + 1 :]
    grouped = re.fullmatch(r"[1-9][0-9]{0,2}", before) and len(after) == 3
    if len(marks) == 1 and not grouped:
        return f"{before}{POINT}{after}"
    if len(set(marks)) == 1 and len(marks) > 1 and not _GROUPS[marks[0]].fullmatch(figures):
        return None
    if len(marks) > 1:
        is_grouped = len(set(marks)) == 1
        if not is_grouped and not _GROUPS[marks[0]].fullmatch(before):
            return None
        meant = re.sub(r"[.,]", "", before) + ("" if is_grouped else POINT) + after
        return faults.thousands(typed, sign + meant)
    small = f"{before}{POINT}{after.rstrip('0') or '0'}"
    again = f"{small}0" if len(after.rstrip("0")) == len(after) else small
    return faults.two_numbers(typed, (f"{sign}{before}{after}", f"{sign}{again}"))
