"""Numbers of a column as exact whole numbers: never rounded, never through a binary fraction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from guidegraph.batch.columns import Mask, Whole, is_missing
from guidegraph.batch.faults import refuse, refuse_row
from guidegraph.wording import plain

LARGEST = 2**63 - 1
_LARGEST_DOUBLE = 2**51
"""Up to here the nearest whole number to a product of doubles is the right one."""
_NUMBER = re.compile(r"[-+]?[0-9]{1,30}(?:\.([0-9]{1,30}))?")


@dataclass(frozen=True, slots=True, eq=False)
class Exact:
    """Whole numbers of ``1 / 10**places``; nothing is known where ``missing`` is true."""

    values: Whole
    missing: Mask | None
    places: int = 0


def from_array(
    name: str, values: NDArray[Any], missing: Mask | None, decimals: int | None
) -> Exact:
    """The numbers of an array of integers, doubles, decimals or texts."""
    kind = values.dtype.kind
    if kind == "i":
        return Exact(values, missing)
    if kind == "u":
        return Exact(_signed(name, values, missing), missing)
    if kind == "f":
        return _from_doubles(name, values, missing, decimals)
    if kind in "OUST":
        return from_objects(name, values.tolist(), missing)
    return refuse(
        "M103",
        name,
        f"Column `{name}` holds {values.dtype}, not numbers.",
        "Give integers, decimals, or texts such as “2.4”.",
    )


def _signed(name: str, values: NDArray[Any], missing: Mask | None) -> Whole:
    if values.dtype.itemsize < 8:
        return values.astype(np.int64)
    large = values > LARGEST
    _refuse_large(name, large if missing is None else large & ~missing, values)
    return values.astype(np.int64)


def _refuse_large(name: str, large: Mask, values: Any) -> None:
    if large.any():
        row = int(np.argmax(large))
        refuse_row(
            "M105",
            name,
            row,
            f"{values[row]} is too large to be compared exactly.",
            "Check the number and its unit; leave it missing if it is not known.",
            why="Whole numbers are compared in 64 bits.",
        )


def _from_doubles(
    name: str, values: NDArray[Any], missing: Mask | None, decimals: int | None
) -> Exact:
    """Doubles as the decimal numbers they were printed as.

    ``number / 10**decimals`` is rounded to the nearest double once, so comparing it with the double
    that was given shows that this is the decimal number which was meant.
    """
    if decimals is None or values.dtype.itemsize != 8 or not 0 <= decimals <= 15:
        refuse(
            "M103",
            name,
            f"Column `{name}` holds binary floating-point numbers ({values.dtype}).",
            "Give integers, decimals or texts; or say with how many decimal places (0 to 15) the "
            'numbers of a float64 column were printed: Written(unit="…", decimals=1).',
            why="A binary number such as 0.1 is not the decimal number that was measured, and "
            "at a limit the difference decides.",
        )
    gone = np.isnan(values) if missing is None else np.isnan(values) | missing
    held = np.where(gone, 0.0, values)
    with np.errstate(over="ignore"):
        scaled = held * 10.0**decimals
    _refuse_large(name, ~(np.abs(scaled) < _LARGEST_DOUBLE), values)
    whole = np.rint(scaled)
    other = whole / 10.0**decimals != held
    if other.any():
        row = int(np.argmax(other))
        refuse_row(
            "M104",
            name,
            row,
            f"{float(values[row])!r} is no number of {decimals} decimal places.",
            "State the number of decimal places with which the column was printed.",
            why="Nothing is rounded: rounding could carry a value over a limit.",
        )
    return Exact(whole.astype(np.int64), gone, decimals)


def from_objects(
    name: str,
    values: Sequence[object],
    missing: Mask | None,
    rows: Sequence[int] | None = None,
) -> Exact:
    """Texts, ``Decimal`` and ``int`` values; None and NaN are missing.

    ``rows`` are the rows of the values for messages, where these are not simply in order.
    """
    read = [
        None
        if missing is not None and missing[place]
        else _number(name, rows[place] if rows else place, value)
        for place, value in enumerate(values)
    ]
    places = max((_places(each) for each in read if each is not None), default=0)
    scale = 10**places
    gone = np.array([each is None for each in read], dtype=bool)
    whole = [0 if each is None else int(each * scale) for each in read]
    large = np.array([abs(each) > LARGEST for each in whole], dtype=bool)
    if large.any():
        _refuse_long(name, read, int(np.argmax(large)), rows or range(len(read)))
    return Exact(np.array(whole, dtype=np.int64), gone, places)


def _refuse_long(
    name: str, read: Sequence[Fraction | None], large: int, rows: Sequence[int]
) -> NoReturn:
    """Refuse a number that is too large, or the one whose decimal places make it so."""
    value = read[large] or Fraction(0)
    if abs(value) > LARGEST:
        message = f"{plain(value)[:60]} is too large to be compared exactly."
        help_ = "Check the number and its unit; leave it missing if it is not known."
    else:
        places = [0 if each is None else _places(each) for each in read]
        large = places.index(max(places))
        message = f"{max(places)} decimal places are too many beside the other numbers."
        help_ = "Give the values as the laboratory reported them."
    why = "Whole numbers are compared in 64 bits."
    refuse_row("M105", name, rows[large], message, help_, why=why)


def _number(name: str, row: int, value: object) -> Fraction | None:
    if is_missing(value):
        return None
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return Fraction(int(value))
    if isinstance(value, Decimal) and value.is_finite():
        return Fraction(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return Fraction(value.strip())
    kind = "a text" if isinstance(value, str) else f"of the type {type(value).__name__}"
    return refuse_row(
        "M104",
        name,
        row,
        f"{value!r:.60} is {kind}, not an exact number.",
        "Write digits with at most one point, such as 840 or 0.84; leave out what is not known.",
    )


def _places(value: Fraction) -> int:
    """Decimal places of a decimal number."""
    rest, places = value.denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest //= prime
            power += 1
        places = max(places, power)
    return places


@dataclass(frozen=True, slots=True, eq=False)
class Converted:
    """Wire values, and where a number has none: it is finer than one step, or beyond 64 bits."""

    values: Whole
    finer: Mask
    beyond: Mask


def converted(exact: Exact, factor: Fraction) -> Converted:
    """Every number times ``factor``, as whole numbers."""
    step = factor / 10**exact.places
    values = exact.values
    most = LARGEST // step.numerator
    if step == 1 or not values.size:
        nowhere = np.zeros(values.size, dtype=bool)
        return Converted(values, nowhere, nowhere)
    held = values.astype(np.int64)
    beyond = (held > most) | (held < -most)
    scaled = np.where(beyond, 0, held) * step.numerator
    if step.denominator > LARGEST:
        return Converted(np.zeros_like(scaled), scaled != 0, beyond)
    whole, rest = np.divmod(scaled, step.denominator)
    return Converted(whole, rest != 0, beyond)
