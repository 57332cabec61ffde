"""Columns as the kernels read them: whole numbers, answers and codes, each with what is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isnan
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Whole: TypeAlias = NDArray[np.signedinteger[Any]]
Mask: TypeAlias = NDArray[np.bool_]
Bits: TypeAlias = NDArray[np.uint8]
"""Eight patients a byte, the first one in the lowest bit."""
UNKNOWN_ANSWER = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Numbers:
    """Whole numbers in wire form, one per patient.

    Where ``missing`` is true nothing is known (None: all are known). A number outside ``low`` to
    ``high`` is unknown too.
    """

    values: Whole
    missing: Mask | None
    low: int
    high: int

    def part(self, start: int, stop: int) -> Numbers:
        """The column of some patients."""
        return Numbers(
            values=self.values[start:stop],
            missing=None if self.missing is None else self.missing[start:stop],
            low=self.low,
            high=self.high,
        )

    def strange(self) -> Mask:
        """Where a number is there that lies outside what it can be."""
        outside: Mask = (self.values < self.low) | (self.values > self.high)
        return outside if self.missing is None else outside & ~self.missing


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Yes/no answers: 0 is no, 1 is yes, 2 is unknown."""

    values: NDArray[np.int8]

    def part(self, start: int, stop: int) -> Answers:
        """The column of some patients."""
        return Answers(self.values[start:stop])

    def strange(self) -> Mask:
        """Where something else stands."""
        found: Mask = self.values.view(np.uint8) > UNKNOWN_ANSWER
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Codes:
    """Codes by their places in the list of codes; a negative number is unknown."""

    values: Whole

    def part(self, start: int, stop: int) -> Codes:
        """The column of some patients."""
        return Codes(self.values[start:stop])


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """A series per patient: the samples of patient ``i`` stand from ``offsets[i]`` to
    ``offsets[i + 1]``, in the order of their minutes, each minute once.

    ``missing`` says of whom it is not known whether any were taken, or what they were.
    """

    offsets: NDArray[np.int64]
    minutes: NDArray[np.int64]
    values: Whole
    missing: Mask

    def part(self, start: int, stop: int) -> Samples:
        """The series of some patients."""
        first, last = int(self.offsets[start]), int(self.offsets[stop])
        return Samples(
            self.offsets[start : stop + 1] - first,
            self.minutes[first:last],
            self.values[first:last],
            self.missing[start:stop],
        )


Column = Numbers | Answers | Codes | Samples


def is_missing(value: object) -> bool:
    """Whether a value of an object array stands for nothing: None, NaN or NA."""
    if isinstance(value, float):
        return isnan(value)
    if isinstance(value, Decimal):
        return value.is_nan()
    return value is None or type(value).__name__ in ("NAType", "NaTType")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How the numbers of a column are written.

    ``unit`` is a UCUM code or a usual spelling of one; the numbers are converted exactly. ``basis``
    states the calibration (such as FEU) where the guideline wants one. ``decimals`` is needed for
    columns of binary floating-point numbers alone: with how many decimal places they were printed
    where they came from. A number is then taken for the decimal number of that many places whose
    nearest double it is, and refused if there is none.
    """

    unit: str
    basis: str | None = None
    decimals: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """Several measurements per patient, as arrays.

    The measurements of patient ``i`` are those from ``offsets[i]`` to ``offsets[i + 1]`` (as in an
    Arrow list); ``minutes`` count from the reference anchor. ``missing`` (one entry per patient,
    None: nobody) says of whom it is not known whether any were taken; no measurements mean that
    none was taken.
    """

    offsets: ArrayLike
    minutes: ArrayLike
    values: Any
    missing: ArrayLike | None = None

    @classmethod
    def of_rows(cls, rows: ArrayLike, minutes: ArrayLike, values: Any, patients: int) -> Series:
        """The series of a long table with one measurement a line, in any order.

        ``rows`` is the place of the patient of each measurement (0 to ``patients - 1``).

        Raises:
            ValueError: a row is no place of a patient, or there are not as many of each.
        """
        counts = {np.shape(rows), np.shape(minutes), np.shape(values)}
        if len(counts) > 1 or len(np.shape(rows)) != 1:
            msg = f"rows, minutes and values must be lists of one length, not {sorted(counts)}"
            raise ValueError(msg)
        if not isinstance(patients, int | np.integer) or patients < 0:
            msg = f"patients must be how many there are, not {patients!r}"
            raise ValueError(msg)
        told = np.asarray(rows)
        if told.size and told.dtype.kind not in "iu":
            msg = f"the rows of patients must be integers, not {told.dtype}"
            raise ValueError(msg)
        places = told.astype(np.int64)
        if places.size and not 0 <= int(places.min()) <= int(places.max()) < patients:
            msg = f"the rows of patients must be 0 to {patients - 1}"
            raise ValueError(msg)
        order = np.lexsort((np.asarray(minutes), places))
        taken = np.bincount(places, minlength=patients)
        return cls(
            offsets=np.concatenate(([0], np.cumsum(taken))),
            minutes=_array(minutes)[order],
            values=_array(values)[order],
        )


def _array(values: Any) -> NDArray[Any]:
    """An array; of nothing NumPy would make doubles."""
    if isinstance(values, np.ndarray) or len(values):
        return np.asarray(values)
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coded:
    """Codes as places in a list of codes; a negative place is unknown."""

    places: ArrayLike
    codes: Sequence[str]
