"""Numbers made of series: first, last, highest, lowest, how many, and the rising run at the end."""

from __future__ import annotations

from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from guidegraph.batch.columns import Numbers, Samples, Whole
from guidegraph.kernel import Agg

ANY = np.iinfo(np.int64)


def aggregate(node: Agg, samples: Samples) -> Numbers:
    """The aggregate of every patient, as ``kernel.aggregate`` says for one."""
    offsets, values = _inside(node, samples)
    counts = np.diff(offsets)
    if node.fn == "count":
        return _column(counts, samples.missing)
    missing = samples.missing | (counts == 0)
    held = np.zeros(counts.size, dtype=np.int64)
    some = ~missing
    first, end = offsets[:-1][some], offsets[1:][some]
    if first.size:
        held[some] = _picked(node, values, first, end)
    return _column(held, missing)


def _column(values: Whole, missing: NDArray[np.bool_]) -> Numbers:
    return Numbers(values=values, missing=missing, low=ANY.min, high=ANY.max)


def _inside(node: Agg, samples: Samples) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Offsets and values of the samples inside the window; both ends belong to it."""
    values = samples.values.astype(np.int64, copy=False)
    if node.low is None and node.high is None:
        return samples.offsets, values
    inside = np.ones(samples.minutes.size, dtype=bool)
    if node.low is not None:
        inside &= samples.minutes >= node.low
    if node.high is not None:
        inside &= samples.minutes <= node.high
    before = np.concatenate(([0], np.cumsum(inside)))
    return before[samples.offsets], values[inside]


def _picked(
    node: Agg, values: NDArray[np.int64], first: NDArray[np.int64], end: NDArray[np.int64]
) -> Whole:
    """The aggregate of lists that are not empty, which stand from ``first`` to ``end``."""
    match node.fn:
        case "first":
            return values[first]
        case "last":
            return values[end - 1]
        case "max":
            return _reduced(np.maximum, values, first, end)
        case "min":
            return _reduced(np.minimum, values, first, end)
        case "run":
            return _rising(values, first, end)
        case "count":
            return end - first
        case _:
            assert_never(node.fn)


def _reduced(
    function: np.ufunc, values: NDArray[np.int64], first: NDArray[np.int64], end: NDArray[np.int64]
) -> Whole:
    """``reduceat`` takes pairs of ends in turn; what lies between two lists is thrown away."""
    padded = np.append(values, 0)
    ends = np.stack((first, end), axis=1).ravel()
    found: Whole = function.reduceat(padded, ends)[::2]
    return found


def _rising(values: NDArray[np.int64], first: NDArray[np.int64], end: NDArray[np.int64]) -> Whole:
    """How many of the last values each exceed the one before, counting the first of them."""
    starts = np.concatenate(([True], values[1:] <= values[:-1]))
    starts[first] = True
    latest = np.maximum.accumulate(np.where(starts, np.arange(values.size), 0))
    return end - latest[end - 1]
