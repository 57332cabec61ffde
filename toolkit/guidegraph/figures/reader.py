"""From numbers to figures: comparators, units, ranges, shares as counted, P values, group sizes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from guidegraph.figures.marks import (
    comparator_after,
    comparator_before,
    keyword_before,
    power_after,
    unit_after,
)
from guidegraph.figures.numerals import Numeral, numerals

Kind = Literal["number", "percent", "p", "n", "fraction", "range"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as printed: ``text`` stands from ``start`` to ``end`` of what was read.

    A single number is both ``low`` and ``high``. A fraction ("15 of 21") is a count (``low``) of a
    total (``high``). ``comparator`` is ``<``, ``≤``, ``>``, ``≥`` or ``=``, in signs or in words.
    ``decimals`` is how many are printed (of a range: the more). ``unit`` is as printed, but for
    powers of ten, whose raised digits are often lost: ``* 109/L`` is ``10*9/L``.
    """

    text: str
    start: int
    end: int
    kind: Kind
    comparator: str | None
    low: Fraction | None
    high: Fraction | None
    decimals: int
    unit: str | None


_TO = re.compile(r"\s*%?\s*(?:[-–—‐‑−]|to)\s*")
_AND = re.compile(r"\s*%?\s*and\s*")
_BETWEEN = re.compile(r"between\s*$", re.IGNORECASE)
_OF = re.compile(r"\s*(?:\([^()]*%\)\s*)?(?:out\s*)?of\s*(?:the\s*|these\s*|all\s*)?")


def read(text: str) -> tuple[Figure, ...]:
    """Every figure printed in a text, by where it starts.

    A share may lie inside a fraction: "117 (68%) of 172" gives the fraction and its percentage.
    """
    found: list[Figure] = []
    every = tuple(numerals(text))
    totals, used = set(), 0
    for index, numeral in enumerate(every):
        following = every[index + 1 : index + 3]
        if numeral in totals or numeral.start < used:
            continue
        if total := _total(text, numeral, following):
            totals.add(total)
            found.append(_fraction(text, numeral, total))
            continue
        if following and _is_range(text, numeral, following[0]):
            found.append(_figure(text, numeral, following[0]))
        elif numeral.value != 1 or not numeral.in_words:
            found.append(_figure(text, numeral, numeral))
        used = found[-1].end if found else 0
    return tuple(found)


def _total(text: str, count: Numeral, following: Sequence[Numeral]) -> Numeral | None:
    """The number of which ``count`` is a part: "15 of 21", "6/41", "117 (68%) of 172"."""
    for each in following:
        whole = count.decimals == each.decimals == 0 and count.value >= 0
        stroke = text[count.end : each.start] == "/" and count.value <= each.value
        if whole and (stroke or _OF.fullmatch(text, count.end, each.start)):
            return each
    return None


def _fraction(text: str, count: Numeral, total: Numeral) -> Figure:
    return Figure(
        text=text[count.start : total.end],
        start=count.start,
        end=total.end,
        kind="fraction",
        comparator=None,
        low=count.value,
        high=total.value,
        decimals=0,
        unit=None,
    )


def _is_range(text: str, low: Numeral, high: Numeral) -> bool:
    if low.in_words or high.in_words:
        return False
    if _TO.fullmatch(text, low.end, high.start):
        return True
    between = _BETWEEN.search(text, max(0, low.start - 16), low.start)
    return between is not None and _AND.fullmatch(text, low.end, high.start) is not None


def _figure(text: str, low: Numeral, high: Numeral) -> Figure:
    """A single number or a range, with what stands around it."""
    start, end = low.start, high.end
    kind: Kind = "number" if low is high else "range"
    comparator = unit = None
    if before := comparator_before(text, start):
        comparator, start = before
        if keyword := keyword_before(text, start):
            kind, start = ("p" if keyword[0] == "p" else "n"), keyword[1]
        elif comparator == "=":
            comparator, start = None, low.start
    enclosed = text[low.start - 1 : low.start] in ("(", "[") and text[end : end + 1] in (")", "]")
    if after := (power_after(text, end + 1) if enclosed else unit_after(text, end)):
        unit, end = after
        start -= enclosed
    if kind == "number" and unit == "%":
        kind = "percent"
    if comparator is None and (behind := comparator_after(text, end)):
        comparator, end = behind
    if kind in ("n", "p"):
        unit = None
    decimals = max(low.decimals, high.decimals)
    return Figure(
        text[start:end], start, end, kind, comparator, low.value, high.value, decimals, unit
    )


def decimals_of(value: Decimal, text: str) -> int:
    """How many decimals a value is printed with in a text; if it is not there, as few as it needs.

    ``0.50`` in the text gives two for 0.5; the first place where the value stands counts.
    """
    exact = Fraction(value)
    for each in numerals(text):
        if each.value == exact:
            return each.decimals
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
