"""The aggregates of series as a plain loop over patients, for Numba to compile.

``aggregates`` says the same in NumPy.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from guidegraph.batch.aggregates import ANY
from guidegraph.batch.columns import Numbers, Samples
from guidegraph.kernel import Agg

FUNCTIONS = ("first", "last", "max", "min", "count", "run")
COUNT = FUNCTIONS.index("count")


def aggregate(node: Agg, samples: Samples) -> Numbers:
    """The aggregate of every patient, as ``aggregates.aggregate``."""
    values = np.zeros(samples.missing.size, dtype=np.int64)
    missing = samples.missing.copy()
    window = (
        ANY.min if node.low is None else node.low,
        ANY.max if node.high is None else node.high,
    )
    function = FUNCTIONS.index(node.fn)
    whole = samples.values.astype(np.int64, copy=False)
    held = (samples.offsets, samples.minutes, whole)
    _compiled()(function, window, held, values, missing)
    return Numbers(values=values, missing=missing, low=ANY.min, high=ANY.max)


@cache
def _compiled() -> Callable[..., None]:
    import numba

    compiled: Callable[..., None] = numba.njit(_each, error_model="numpy")
    return compiled


def _each(function: int, window: tuple[int, int], held: Any, found: Any, missing: Any) -> None:
    """Fill ``found`` and ``missing``; only simple statements, as Numba wants them."""
    low, high = window
    offsets, minutes, values = held
    for patient in range(found.size):
        count, first, last, most, least, run = 0, 0, 0, 0, 0, 0
        for place in range(offsets[patient], offsets[patient + 1]):
            minute, value = minutes[place], values[place]
            if minute < low or minute > high:
                continue
            run = run + 1 if count and value > last else 1
            first = value if count == 0 else first
            most = value if count == 0 or value > most else most
            least = value if count == 0 or value < least else least
            last = value
            count += 1
        picked = (first, last, most, least, count, run)
        found[patient] = picked[function]
        missing[patient] |= count == 0 and function != COUNT
