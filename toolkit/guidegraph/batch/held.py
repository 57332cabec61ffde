"""A column as it is given, in one of four forms, before anything is said about what it means."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from guidegraph.batch import arrow
from guidegraph.batch.columns import Coded, Mask, Series
from guidegraph.batch.exact import Exact, from_array, from_objects
from guidegraph.batch.faults import refuse, refuse_row

Held: TypeAlias = tuple[NDArray[Any], Mask | None] | Coded | Series | Exact
"""An array and what is missing of it, codes, a series, or numbers that are exact already."""


def held(name: str, source: Any) -> Held:
    """The form of a column: NumPy, masked, Arrow, or anything NumPy makes an array of."""
    if isinstance(source, Series):
        return source
    if isinstance(source, Coded):
        return _coded(name, source)
    if isinstance(source, np.ma.MaskedArray):
        mask = None if source.mask is np.ma.nomask else np.ma.getmaskarray(source)
        return np.asarray(source.data), mask
    if not isinstance(source, np.ndarray) and arrow.is_arrow(source):
        return arrow.array(name, source)
    try:
        values = np.asarray(source)
    except ValueError:  # lists of several lengths
        values = np.zeros((0, 0))
    if values.ndim != 1:
        refuse(
            "M102",
            name,
            f"Column `{name}` has {values.ndim} dimensions, not one.",
            "Every column has one entry per patient; several measurements are a Series.",
        )
    if not values.size and isinstance(source, list | tuple):
        values = values.astype(object)  # NumPy makes doubles of nothing
    return values, None


def _coded(name: str, given: Coded) -> Coded:
    """Codes of which every place is one of their list.

    Raises:
        ReadError: one is not, or the list is none.
    """
    places, how = np.asarray(given.places), "Count from 0; a negative place is unknown."
    if places.ndim != 1 or (places.size and places.dtype.kind not in "iu"):
        what = f"The places of column `{name}` are {places.dtype}, not integers in a row."
        refuse("M103", name, what, how)
    if isinstance(given.codes, str) or not hasattr(given.codes, "__len__"):
        refuse("M103", name, f"The codes of column `{name}` are no list.", "Give a list of texts.")
    if places.size and int(places.max()) >= len(given.codes):
        row = int(np.argmax(places))
        what = f"{places[row]} is no place in a list of {len(given.codes)} codes."
        refuse_row("M104", name, row, what, how)
    return given


def exact(name: str, given: Held, decimals: int | None) -> Exact:
    """The numbers of a column, exactly.

    Raises:
        ReadError: it holds something else, or a number that cannot be read exactly.
    """
    if isinstance(given, Exact):
        return given
    if isinstance(given, Coded):
        return _of_texts(name, given)
    if isinstance(given, Series):
        return refuse(
            "M103",
            name,
            f"Column `{name}` holds a series, but one number per patient is wanted.",
            "Give one number per patient.",
        )
    return from_array(name, *given, decimals)


def _of_texts(name: str, given: Coded) -> Exact:
    """Numbers written as texts: each different text is read once, and told at its first row."""
    places = np.asarray(given.places)
    used, first, back = np.unique(places, return_index=True, return_inverse=True)
    texts = [given.codes[place] if place >= 0 else None for place in used]
    read = from_objects(name, texts, None, rows=first.tolist())
    gone = None if read.missing is None else read.missing[back]
    return Exact(read.values[back], gone, read.places)
