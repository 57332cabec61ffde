"""What people and laboratories write for a unit: the one table, and what may be meant by it.

Every entry is a statement, not a guess: the word on the left means exactly the UCUM code on the
right wherever it occurs. What has more than one meaning stands in ``SEVERAL``; what is measured
settles it, or it is asked. Reading a patient file tells what was understood (see ``patient``).

No word here is a code of the UCUM atoms that are read (``atoms``); a test holds this.
"""

from __future__ import annotations

import re

PARTS = {
    # time
    "day": "d",
    "days": "d",
    "hour": "h",
    "hours": "h",
    "hr": "h",
    "hrs": "h",
    "minute": "min",
    "minutes": "min",
    "mins": "min",
    "month": "mo",
    "months": "mo",
    "sec": "s",
    "second": "s",
    "seconds": "s",
    "secs": "s",
    "week": "wk",
    "weeks": "wk",
    "y": "a",
    "year": "a",
    "years": "a",
    "yr": "a",
    "yrs": "a",
    # mass, volume, pressure, temperature, share
    "cmm": "mm3",
    "cumm": "mm3",
    "gm": "g",
    "liter": "L",
    "liters": "L",
    "litre": "L",
    "litres": "L",
    "mmHg": "mm[Hg]",
    "percent": "%",
    "°C": "Cel",
    "℃": "Cel",
    "degC": "Cel",
    # international units, and what is merely counted
    "IU": "[iU]",
    "cells": "1",
    "iU": "[iU]",
}
"""Words for a part of a unit, between strokes: ``mg/day``, ``mmHg``, ``IU/mL``."""

WHOLE = {
    "MMHG": "mm[Hg]",
    "SEC": "s",
    "beats/min": "/min",
    "bpm": "/min",
    "breaths/min": "/min",
    # capitals throughout, as some laboratory systems print
    "FL": "fL",
    "G/DL": "g/dL",
    "IU/L": "[iU]/L",
    "IU/ML": "[iU]/mL",
    "MCG/L": "ug/L",
    "MCG/ML": "ug/mL",
    "MG/DL": "mg/dL",
    "MG/L": "mg/L",
    "MG/ML": "mg/mL",
    "MIU/L": "m[iU]/L",
    "MIU/ML": "m[iU]/mL",
    "MMOL/L": "mmol/L",
    "NG/L": "ng/L",
    "NG/ML": "ng/mL",
    "NMOL/L": "nmol/L",
    "PG/ML": "pg/mL",
    "PMOL/L": "pmol/L",
    "UG/L": "ug/L",
    "UG/ML": "ug/mL",
    "UMOL/L": "umol/L",
    # cells: thousands, millions and milliards
    "Gpt/L": "10*9/L",
    "Gpt/l": "10*9/L",
    "K/UL": "10*3/uL",
    "K/mm3": "10*3/mm3",
    "K/uL": "10*3/uL",
    "K/ul": "10*3/uL",
    "Mio/uL": "10*6/uL",
    "Mio/ul": "10*6/uL",
    "T/L": "10*12/L",
    "Thou/uL": "10*3/uL",
    "Tpt/L": "10*12/L",
    "Tpt/l": "10*12/L",
    "Tsd/uL": "10*3/uL",
    "Tsd/ul": "10*3/uL",
    "thou/uL": "10*3/uL",
    # per decilitre, as a percentage
    "g%": "g/dL",
    "mg%": "mg/dL",
}
"""Spellings of a whole unit."""

SEVERAL = {
    "G/L": ("10*9/L", "g/L"),
    "M/UL": ("10*6/uL", "10*3/uL"),
    "M/uL": ("10*6/uL", "10*3/uL"),
    "M/ul": ("10*6/uL", "10*3/uL"),
    "mil/uL": ("10*6/uL", "10*3/uL"),
    "mil/ul": ("10*6/uL", "10*3/uL"),
}
"""Spellings with several meanings: G is milliard or gram, M is million or (Roman) thousand."""

SPELLINGS = {**PARTS, **WHOLE}
"""Every word that means exactly one UCUM code."""

COUNTED = ("beats", "breaths", "cells", "count")
"""Annotations that only say what is counted."""

COMMON = (
    *("ug/L", "mg/L", "g/L", "ng/mL", "ug/mL", "pg/mL", "mg/dL", "g/dL", "ng/L", "kg/m2"),
    *("mmol/L", "umol/L", "nmol/L", "pmol/L", "mol/L", "U/L", "k[iU]/L", "[iU]/mL", "[iU]/L"),
    *("10*9/L", "10*12/L", "10*3/uL", "10*6/uL", "fL", "pg", "%", "1", "mm[Hg]", "kPa", "/min"),
    *("mL/min", "mL/min/{1.73_m2}", "a", "mo", "wk", "d", "h", "min", "s", "mm", "cm", "m"),
    *("kg", "g", "mg", "ug", "mg/d", "mL", "L", "L/min", "mm/h", "[iU]/kg", "mg/kg", "Cel"),
)
"""Codes offered as "did you mean"."""

_PREFIXES = ("k", "m", "u", "n", "p", "M")
_SIGNS = str.maketrans({"µ": "u", "μ": "u", "×": "x", "·": ".", "⋅": "."})
_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_RAISED = re.compile(r"(?P<ten>(?<!\d)10)?(?P<exponent>[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_POWER_OF_TEN = re.compile(
    r"^(?:[x*]\s*)?10\s*(?:(?:\*\*|[*^eE])\s*(-?\d+)|\((\d+)\))\s*(?:cells)?(?=$|[/.])"
)
_PER_MEGALITRE = re.compile(r"/ML(?![A-Za-z])")


def typeset(written: str) -> str:
    """A unit in UCUM's signs: no spaces around strokes, ``µ`` as ``u``, ``10⁹`` as ``10*9``."""
    text = _RAISED.sub(_lowered, written.strip().translate(_SIGNS))
    return re.sub(r"\s*/\s*", "/", text).replace("10^", "10*")


def spelled(text: str) -> str:
    """A typeset unit with usual spellings replaced by the UCUM code of exactly the same unit."""
    text = text.replace("mm Hg", "mm[Hg]").replace("deg C", "Cel")
    text = _POWER_OF_TEN.sub(lambda found: f"10*{found[1] or found[2]}", text)
    if text in WHOLE:
        return WHOLE[text]
    return "/".join(_part(part) for part in text.split("/"))


def several(text: str) -> tuple[str, ...]:
    """The UCUM codes that a typeset unit may mean where there is more than one; else nothing.

    A capital ``ML`` under the stroke is a megalitre in UCUM and a millilitre on most reports.
    """
    if text in SEVERAL:
        return SEVERAL[text]
    if text not in WHOLE and _PER_MEGALITRE.search(text):
        return (spelled(_PER_MEGALITRE.sub("/mL", text)), spelled(text))
    return ()


def _lowered(raised: re.Match[str]) -> str:
    """A superscript number as an exponent: ``10⁹`` is ``10*9``, ``m²`` is ``m2``."""
    ten = "10*" if raised["ten"] else ""
    return ten + raised["exponent"].translate(_SUPERSCRIPTS)


def _part(part: str) -> str:
    if part.startswith("mcg"):
        return "ug" + part[3:]
    if part.endswith("IU") and part[:-2] in _PREFIXES:
        return f"{part[:-2]}[iU]"
    return PARTS.get(part, part)
