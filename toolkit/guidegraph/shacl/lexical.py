"""Literals by their datatype: is it written as the datatype asks, and which value is it?

Values are whole numbers, exact decimals, or what a binary floating-point datatype itself says; two
of them are compared only where XML Schema orders them.

Source: XML Schema 1.1, part 2.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from math import inf, isnan

from guidegraph.shacl.names import XSD

SPACE = " \t\r\n"
Value = int | Decimal | float | str | bool


class Kind:
    """Values of one kind can be compared with each other, those of two kinds cannot."""

    NONE, NUMBER, STRING, BOOLEAN, MOMENT, ZONED_MOMENT, DATE, ZONED_DATE = range(8)
    TIME, ZONED_TIME, SECONDS, MONTHS = range(8, 12)


Read = tuple[int, Value] | None
"""The kind of a value and the value; None where the literal is not written as it should be."""
_UNORDERED: Read = (Kind.NONE, 0)

_INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", re.ASCII)
_FLOAT = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_NAMED = {"INF": inf, "+INF": inf, "-INF": -inf, "NaN": float("nan")}
_ZONE = r"(?P<zone>Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_DAY = r"(?P<year>-?(?:[1-9][0-9]{3,}|0[0-9]{3}))-(?P<month>0[1-9]|1[0-2])-(?P<day>[0-3][0-9])"
_CLOCK = (
    r"(?:(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9]):(?P<second>[0-5][0-9](?:\.[0-9]+)?)"
    r"|(?P<midnight>24:00:00(?:\.0+)?))"
)
_MOMENT = re.compile(f"{_DAY}T{_CLOCK}{_ZONE}")
_DATE = re.compile(f"{_DAY}{_ZONE}")
_TIME = re.compile(f"{_CLOCK}{_ZONE}")
_DURATION = re.compile(
    r"(?P<sign>-)?P(?=[0-9]|T[0-9])(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?"
    r"(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?"
    r"(?:(?P<seconds>[0-9]+(?:\.[0-9]+)?)S)?)?"
)
_MINUTE, _HOUR, _DAY_LENGTH = 60, 3600, 86400


@dataclass(frozen=True, slots=True)
class _Range:
    low: int | None
    high: int | None


_RANGES = {
    "integer": _Range(None, None),
    "nonNegativeInteger": _Range(0, None),
    "positiveInteger": _Range(1, None),
    "nonPositiveInteger": _Range(None, 0),
    "negativeInteger": _Range(None, -1),
    "long": _Range(-(2**63), 2**63 - 1),
    "int": _Range(-(2**31), 2**31 - 1),
    "short": _Range(-(2**15), 2**15 - 1),
    "byte": _Range(-(2**7), 2**7 - 1),
    "unsignedLong": _Range(0, 2**64 - 1),
    "unsignedInt": _Range(0, 2**32 - 1),
    "unsignedShort": _Range(0, 2**16 - 1),
    "unsignedByte": _Range(0, 2**8 - 1),
}
WHOLE = frozenset(XSD + each for each in _RANGES)
"""Datatypes of whole numbers."""


def _integer(text: str, within: _Range) -> Read:
    if not _INTEGER.fullmatch(text := text.strip(SPACE)):
        return None
    if len(text) > 4000:  # longer than Python turns into a number in one go
        value: int | Decimal = Decimal(text)
    else:
        value = int(text)
    if within.low is not None and value < within.low:
        return None
    if within.high is not None and value > within.high:
        return None
    return Kind.NUMBER, value


def _decimal(text: str) -> Read:
    text = text.strip(SPACE)
    return (Kind.NUMBER, Decimal(text)) if _DECIMAL.fullmatch(text) else None


def _float(text: str) -> Read:
    text = text.strip(SPACE)
    if (value := _NAMED.get(text)) is None:
        if not _FLOAT.fullmatch(text):
            return None
        value = float(text)
    return _UNORDERED if isnan(value) else (Kind.NUMBER, value)


def _boolean(text: str) -> Read:
    text = text.strip(SPACE)
    return (Kind.BOOLEAN, text in ("true", "1")) if text in _TRUTH else None


_TRUTH = ("true", "false", "1", "0")


def _moment(pattern: re.Pattern[str], kinds: tuple[int, int], text: str) -> Read:
    """A point in time, in seconds; of a time of day, those since midnight."""
    if not (found := pattern.fullmatch(text.strip(SPACE))):
        return None
    part = found.groupdict()
    days = 0
    if "year" in part:
        year, month, day = int(part["year"]), int(part["month"]), int(part["day"])
        if not 1 <= day <= _length(year, month):
            return None
        days = _days(year, month, day)
    seconds = Decimal(days) * _DAY_LENGTH
    if part.get("midnight"):
        seconds += _DAY_LENGTH if "year" in part else 0
    elif "hour" in part:
        whole = int(part["hour"]) * _HOUR + int(part["minute"]) * _MINUTE
        seconds += Decimal(part["second"]) + whole
    return kinds[part["zone"] is not None], seconds - _offset(part["zone"])


def _stamp(text: str) -> Read:
    """A point in time that must have a zone."""
    found = _moment(_MOMENT, (Kind.MOMENT, Kind.ZONED_MOMENT), text)
    return found if found and found[0] == Kind.ZONED_MOMENT else None


def _offset(zone: str | None) -> int:
    if zone in (None, "Z"):
        return 0
    assert zone is not None
    size = int(zone[1:3]) * _HOUR + int(zone[4:6]) * _MINUTE
    return -size if zone[0] == "-" else size


def _length(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _days(year: int, month: int, day: int) -> int:
    """Days since the first of March of the year 0, in the Gregorian calendar."""
    year, month = (year, month - 3) if month > 2 else (year - 1, month + 9)
    return year * 365 + year // 4 - year // 100 + year // 400 + (month * 153 + 2) // 5 + day - 1


def _duration(allowed: str, text: str) -> Read:
    if not (found := _DURATION.fullmatch(text.strip(SPACE))):
        return None
    part = {name: value for name, value in found.groupdict().items() if value is not None}
    sign = -1 if part.pop("sign", None) else 1
    of_months = {"years", "months"} & part.keys()
    of_seconds = part.keys() - of_months
    if (allowed == "months" and of_seconds) or (allowed == "seconds" and of_months):
        return None
    months = int(part.get("years", 0)) * 12 + int(part.get("months", 0))
    whole = int(part.get("days", 0)) * _DAY_LENGTH + int(part.get("hours", 0)) * _HOUR
    seconds = Decimal(part.get("seconds", 0)) + int(part.get("minutes", 0)) * _MINUTE + whole
    if not months and (allowed != "months"):
        return Kind.SECONDS, sign * seconds
    return (Kind.MONTHS, sign * months) if not seconds else _UNORDERED


def _matching(pattern: str, text: str) -> Read:
    return _UNORDERED if re.fullmatch(pattern, text.strip(SPACE), re.ASCII) else None


_SIGN, _FOUR, _SIXTEEN = "[A-Za-z0-9+/] ?", "[AQgw] ?", "[AEIMQUYcgkosw048] ?"
_BASE64 = f"(?:(?:{_SIGN}){{4}})*(?:(?:{_SIGN}){{2}}{_SIXTEEN}=|{_SIGN}{_FOUR}= ?=)?"
READERS: dict[str, Callable[[str], Read]] = {
    XSD + "string": lambda text: (Kind.STRING, text),
    XSD + "boolean": _boolean,
    XSD + "decimal": _decimal,
    XSD + "float": _float,
    XSD + "double": _float,
    XSD + "dateTime": partial(_moment, _MOMENT, (Kind.MOMENT, Kind.ZONED_MOMENT)),
    XSD + "dateTimeStamp": _stamp,
    XSD + "date": partial(_moment, _DATE, (Kind.DATE, Kind.ZONED_DATE)),
    XSD + "time": partial(_moment, _TIME, (Kind.TIME, Kind.ZONED_TIME)),
    XSD + "duration": partial(_duration, "any"),
    XSD + "dayTimeDuration": partial(_duration, "seconds"),
    XSD + "yearMonthDuration": partial(_duration, "months"),
    XSD + "hexBinary": partial(_matching, "(?:[0-9A-Fa-f]{2})*"),
    XSD + "base64Binary": partial(_matching, _BASE64),
    **{XSD + name: partial(_integer, within=each) for name, each in _RANGES.items()},
}
"""For each datatype that is known here what reads its literals."""
