"""Numbers and units as a reader expects them: exact, with thousands separators."""

from __future__ import annotations

from decimal import Decimal

from guidegraph.entity import Quantity, QuantityRange

UNITS = {
    "1": "",
    "a": "years",
    "mo": "months",
    "wk": "weeks",
    "d": "days",
    "h": "h",
    "min": "min",
    "mm[Hg]": "mmHg",
    "10*9/L": "× 10⁹/L",
    "10*12/L": "× 10¹²/L",
}


def number(value: Decimal | int) -> str:
    """An exact number: ``1,000``, ``0.5``; no trailing zeros, a real minus sign."""
    written = f"{Decimal(value):,f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if written in ("-0", "") else written.replace("-", "−")


def unit(code: str) -> str:
    """The unit behind a UCUM code in print: ``ug/L`` is ``µg/L``; annotations lose their braces."""
    if code in UNITS:
        return UNITS[code]
    parts = code.replace("{", "").replace("}", "").split("/")
    return "/".join("µ" + part[1:] if _is_micro(part) else part for part in parts)


def _is_micro(part: str) -> bool:
    return part.startswith("u") and part[1:] in ("g", "L", "mol", "m", "s", "U", "[IU]")


def quantity(held: Quantity) -> str:
    """A quantity in words: ``1,000 µg/L``."""
    return _joined(number(held.value), held.unit)


def span(held: QuantityRange) -> str:
    """A range in words; an end that does not belong to it says so."""
    low = "" if held.low is None else number(held.low)
    high = "" if held.high is None else number(held.high)
    if low and not held.low_inclusive:
        low += " (not included)"
    ending = "" if held.high is None or held.high_inclusive else " (not included)"
    if low and high:
        return f"{low} to {_joined(high, held.unit)}{ending}"
    if low:
        return f"from {_joined(low, held.unit)}"
    return f"up to {_joined(high, held.unit)}{ending}" if high else "not limited"


def size(count: int) -> str:
    """A file size: bytes below one kilobyte, else kilobytes or megabytes of 1,000."""
    if count < 1000:
        return f"{count} bytes"
    scaled, name = (
        (Decimal(count) / 1000, "kB") if count < 10**6 else (Decimal(count) / 10**6, "MB")
    )
    return f"{number(scaled.quantize(Decimal('0.1')))} {name}"


def plural(count: int, one: str, several: str = "") -> str:
    """A count with its noun: ``1 case``, ``2 cases``."""
    return f"{number(count)} {one if count == 1 else several or one + 's'}"


def _joined(figure: str, code: str) -> str:
    name = unit(code)
    gap = "" if name in ("", "%") else "\u00a0"
    return f"{figure}{gap}{name}"
