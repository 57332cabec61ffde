"""Exact numbers, units, amounts and times in words, the same way wherever people read them.

Two forms of a number never mix: ``plain`` is for programs (JSON, messages about files, where no
comma may stand), ``readable`` for people. Neither ever rounds.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

Number = Fraction | Decimal | int

UNIT_LABELS = {
    "1": "",
    "a": "years",
    "mo": "months",
    "wk": "weeks",
    "d": "days",
    "mm[Hg]": "mmHg",
}
"""UCUM codes that people write otherwise, apart from what the rules of ``unit_label`` say."""

SELECTORS = {
    "first": "first",
    "last": "latest",
    "max": "highest",
    "min": "lowest",
    "count": "number of results",
    "run": "rising results in a row",
}
"""What is taken of a series, by the kernel's name of the aggregate."""

_MICRO = re.compile(r"(?<![A-Za-z\[])u(?=(?:g|L|mol|m|s|U|IU|kat)\b)")
_POWER_OF_TEN = re.compile(r"^10[*^](\d+)")
_EXPONENT = re.compile(r"(?<=m)[23]\b")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def plain(value: Number) -> str:
    """An exact number for programs: ``1000``, ``2.4`` where it has an end, else ``7/3``."""
    exact = Fraction(value)
    rest, places = exact.denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest //= prime
            power += 1
        places = max(places, power)
    if rest != 1:
        return f"{exact.numerator}/{exact.denominator}"
    digits = str(abs(exact * 10**places).numerator).rjust(places + 1, "0")
    sign = "-" if exact < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


COMPARATOR_SIGNS = {"LessThan": "<", "AtMost": "≤", "AtLeast": "≥", "GreaterThan": ">"}
"""The sign with which a comparator is printed; an equal number has none."""


def readable(value: Number) -> str:
    """An exact number for people: ``1,000``, ``0.5``, ``−4``, ``1,000/3``."""
    whole = re.sub(r"(?<![.\d])\d+", lambda digits: f"{int(digits[0]):,}", plain(value))
    return whole.replace("-", "−")


def one_decimal(value: Fraction) -> str:
    """A non-negative number rounded half up to one decimal place: for averages, never for data."""
    tenths = int(value * 10 + Fraction(1, 2))
    return f"{tenths // 10}.{tenths % 10}"


def plural(count: int, one: str, several: str = "") -> str:
    """A count with its noun: ``1 case``, ``1,200 cases``."""
    return f"{readable(count)} {one if count == 1 else several or one + 's'}"


def unit_label(code: str | None) -> str:
    """A UCUM code as people write it: ``µg/L`` for ``ug/L``, ``years`` for ``a``."""
    if code is None or code in UNIT_LABELS:
        return UNIT_LABELS.get(code or "1", "")
    label = re.sub(r"\[iu\]", "IU", code, flags=re.IGNORECASE)
    label = re.sub(r"[{}]", "", label).replace("_", " ")
    label = _POWER_OF_TEN.sub(lambda ten: "× 10" + ten[1].translate(_RAISED), label)
    label = _EXPONENT.sub(lambda power: power[0].translate(_RAISED), label)
    return _MICRO.sub("µ", label)


def amount(value: Number, unit: str | None) -> str:
    """A number with its unit: ``1,000 µg/L``, ``1 year``, ``93%``, ``120/min``."""
    label = unit_label(unit)
    if value == 1 and unit in ("a", "mo", "wk", "d"):
        label = label.removesuffix("s")
    return _joined(readable(value), label)


def span(
    low: Number | None, high: Number | None, unit: str, low_inclusive: bool, high_inclusive: bool
) -> str:
    """A range; an end that does not belong to it says so: ``2 to 4 µg/L (not included)``."""
    start = "" if low is None else readable(low) + ("" if low_inclusive else " (not included)")
    label = unit_label(unit)
    if high is None:
        return f"from {_joined(start, label)}" if start else "not limited"
    end = _joined(readable(high), label) + ("" if high_inclusive else " (not included)")
    return f"{start} to {end}" if start else f"up to {end}"


def duration(minutes: int) -> str:
    """A length of time: ``36 h``, ``12 h 1 min``, ``5 min``."""
    hours, rest = divmod(abs(minutes), 60)
    parts = [f"{readable(hours)} h"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} min")
    return " ".join(parts)


def moment(minute: int, anchor: str) -> str:
    """A minute as people say it: ``36 h after admission``."""
    if minute == 0:
        return f"at {anchor}"
    return f"{duration(minute)} {'after' if minute > 0 else 'before'} {anchor}"


def stretch(low: int | None, high: int | None, anchor: str) -> str:
    """A window in words, ends included; empty where it is open at both ends."""
    if low is None:
        return "" if high is None else f"until {moment(high, anchor)}"
    if high is None:
        return f"from {moment(low, anchor)}" if low else f"from {anchor}"
    if low == 0:
        return f"from {anchor} to {duration(high)} after it"
    if high == 0:
        return f"from {duration(low)} before {anchor} up to it"
    if low < 0 < high:
        return f"from {duration(low)} before to {moment(high, anchor)}"
    return f"from {duration(low)} to {moment(high, anchor)}"


def _joined(figure: str, label: str) -> str:
    gap = "" if not label or label == "%" or label.startswith("/") else " "
    return f"{figure}{gap}{label}"
