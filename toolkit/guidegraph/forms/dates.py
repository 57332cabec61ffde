"""Days as people type them: only forms that mean one day everywhere."""

from __future__ import annotations

import re
from datetime import date, datetime

from guidegraph.diagnostic import Diagnostic
from guidegraph.forms import faults

_MONTHS = (
    "january januari",
    "february februari",
    "march maart",
    "april",
    "may mei",
    "june juni",
    "july juli",
    "august augustus",
    "september",
    "october oktober",
    "november",
    "december",
)
_NUMBERS = {
    short: number
    for number, names in enumerate(_MONTHS, 1)
    for name in names.split()
    for short in (name, name[:3])
} | {"mrt": 3, "sept": 9}
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_IN_WORDS = re.compile(r"([0-9]{1,2})\.?\s+([a-z]+)\.?\s+([0-9]{4})")
_IN_FIGURES = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})")
_HINT = "Write year, month and day, such as `2026-11-21`, or the month in words."


def day(typed: str) -> str | Diagnostic:
    """A day as ``YYYY-MM-DD``."""
    plain = typed.strip()
    if _ISO.fullmatch(plain):
        return _real(plain, typed)
    if found := _IN_WORDS.fullmatch(plain.casefold()):
        number, month, year = found.groups()
        if month in _NUMBERS:
            return _real(f"{year}-{_NUMBERS[month]:02}-{int(number):02}", typed)
    if found := _IN_FIGURES.fullmatch(plain):
        first, second, year = found.groups()
        forms = [f"{year}-{int(m):02}-{int(d):02}" for d, m in ((first, second), (second, first))]
        days = [f"`{each}`" for each in dict.fromkeys(forms) if _is_day(each)]
        if days:
            return faults.no_date(plain, f"Write {' or '.join(days)}.")
    return faults.no_date(plain, _HINT)


def moment(typed: str) -> str | Diagnostic:
    """A day with its time and its distance from UTC."""
    try:
        read = datetime.fromisoformat(typed.strip())
    except ValueError:
        read = None
    if read is None or read.tzinfo is None or "T" not in typed:
        hint = "Write day, time and distance from UTC, such as `2026-11-21T14:30:00+01:00`."
        return faults.no_date(typed.strip(), hint)
    return typed.strip()


def _real(iso: str, typed: str) -> str | Diagnostic:
    return iso if _is_day(iso) else faults.no_date(typed.strip(), "There is no such day.")


def _is_day(iso: str) -> bool:
    try:
        date.fromisoformat(iso)
    except ValueError:
        return False
    return True
