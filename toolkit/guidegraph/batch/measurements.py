"""Series in order: every patient's measurements by time, one for each minute."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from guidegraph.batch.columns import Mask, Samples, Series
from guidegraph.batch.exact import Exact
from guidegraph.batch.faults import Faults, refuse

_HOW = "Patient i has the measurements from offsets[i] to offsets[i + 1]; Series.of_rows makes it."


def in_order(name: str, given: Series, minutes: Exact, values: Exact, faults: Faults) -> Samples:
    """The samples of every patient in order.

    Equal measurements of one minute are one; different ones, and any measurement that cannot be
    used, make the whole series of that patient unknown.

    Raises:
        ReadError: offsets, minutes and values do not fit together.
    """
    offsets = _offsets(name, given, len(values.values), len(minutes.values))
    patients = len(offsets) - 1
    gone = np.zeros(patients, dtype=bool)
    if given.missing is not None:
        gone |= _gone(name, given.missing)
    when = minutes.values.astype(np.int64, copy=False)
    held = values.values
    rows: NDArray[Any] | None = None
    for part in (minutes.missing, values.missing):
        if part is not None and part.any():
            rows = _rows(offsets) if rows is None else rows
            gone[rows[part]] = True
    follows = np.ones(when.size, dtype=bool)
    follows[1:] = when[1:] > when[:-1]
    starts = offsets[:-1]
    follows[starts[starts < when.size]] = True
    if follows.all():
        return Samples(offsets, when, held, gone)
    return _sorted(name, (offsets, when, held, gone), faults)


def _offsets(name: str, given: Series, values: int, minutes: int) -> NDArray[np.int64]:
    offsets = np.asarray(given.offsets)
    is_fine = (
        offsets.ndim == 1
        and offsets.size > 0
        and offsets.dtype.kind in "iu"
        and offsets[0] == 0
        and offsets[-1] == values == minutes
        and not (offsets[1:] < offsets[:-1]).any()
        and (given.missing is None or np.shape(given.missing) == (offsets.size - 1,))
    )
    if not is_fine:
        refuse(
            "M102",
            name,
            f"The series of column `{name}` do not fit together: {values} values, {minutes} "
            f"minutes, {offsets.size} offsets.",
            _HOW,
        )
    return offsets.astype(np.int64)


def _gone(name: str, missing: object) -> Mask:
    """Of whom nothing is known: yes or no of everybody.

    Raises:
        ReadError: it is neither of somebody.
    """
    told = np.asarray(missing)
    if told.dtype.kind != "b" and not all(
        isinstance(each, int) and each in (0, 1) for each in told.tolist()
    ):
        what = f"`missing` of the series of column `{name}` is not yes or no of every patient."
        refuse("M103", name, what, "Give one boolean per patient.")
    return told.astype(bool)


def _rows(offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """The patient of each sample."""
    return np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))


def _sorted(
    name: str,
    held: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[Any], Mask],
    faults: Faults,
) -> Samples:
    offsets, minutes, values, gone = held
    rows = _rows(offsets)
    order = np.lexsort((minutes, rows))
    rows, minutes, values = rows[order], minutes[order], values[order]
    again = np.zeros(rows.size, dtype=bool)
    again[1:] = (rows[1:] == rows[:-1]) & (minutes[1:] == minutes[:-1])
    differs = again.copy()
    differs[1:] &= values[1:] != values[:-1]
    clash = np.zeros(gone.size, dtype=bool)
    clash[rows[differs]] = True
    clash &= ~gone
    faults.unusable(
        "M109",
        name,
        clash,
        "has two different values for the same minute",
        "Which of them is right decides what applies; none is picked.",
        "Correct the time or the value of one of them.",
    )
    kept = ~again
    counts = np.bincount(rows[kept], minlength=gone.size)
    starts = np.concatenate(([0], np.cumsum(counts)))
    return Samples(starts, minutes[kept], values[kept], gone | clash)
