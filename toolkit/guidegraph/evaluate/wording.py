"""Exact numbers and times in words, the same way everywhere in a decision."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any


def present(**fields: Any) -> dict[str, Any]:
    """The fields that say something: those that are not None and not an empty collection."""
    return {
        name: value
        for name, value in fields.items()
        if value is not None and not (isinstance(value, list | str) and not value)
    }


def number(value: Fraction | Decimal | int) -> str:
    """An exact number: ``2.4`` where it has an end, else a fraction (``7/3``)."""
    exact = Fraction(value)
    rest = exact.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{exact.numerator}/{exact.denominator}"
    places = 0
    while (exact * 10**places).denominator != 1:
        places += 1
    scaled = exact * 10**places
    digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
    sign = "-" if exact < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def one_decimal(value: Fraction) -> str:
    """A non-negative number rounded half up to one decimal place: for averages, never for data."""
    tenths = int(value * 10 + Fraction(1, 2))
    return f"{tenths // 10}.{tenths % 10}"


def duration(minutes: int) -> str:
    """A length of time: ``36 h``, ``12 h 1 min``, ``5 min``."""
    hours, rest = divmod(abs(minutes), 60)
    parts = [f"{hours} h"] if hours else []
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


def unit_words(unit: str | None) -> str:
    """A UCUM code as printed after a number; nothing for pure numbers."""
    return "" if unit in (None, "1") else f" {unit}"
