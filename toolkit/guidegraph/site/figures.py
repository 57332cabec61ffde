"""Amounts that do not break before their unit, and the sizes of files."""

from __future__ import annotations

from decimal import Decimal

from guidegraph.entity import Quantity, QuantityRange
from guidegraph.wording import readable, unit_label


def figure(held: Quantity | QuantityRange) -> str:
    """A quantity or a range in words: ``1,000 µg/L`` with a space that does not break."""
    label = unit_label(held.unit)
    tied = f" {label}".replace(" ", "\u00a0")
    return str(held).replace(f" {label}", tied) if label else str(held)


def size(count: int) -> str:
    """A file size: bytes below one kilobyte, else kilobytes or megabytes of 1,000."""
    if count < 1000:
        return f"{count} bytes"
    scaled, name = (
        (Decimal(count) / 1000, "kB") if count < 10**6 else (Decimal(count) / 10**6, "MB")
    )
    return f"{readable(scaled.quantize(Decimal('0.1')))} {name}"
