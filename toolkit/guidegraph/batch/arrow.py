"""Arrow columns as NumPy arrays, through pyarrow where it is installed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guidegraph.batch.columns import Coded, Mask, Series
from guidegraph.batch.exact import Exact
from guidegraph.batch.faults import refuse, refuse_argument, without
from guidegraph.evaluate import STATUSES

PLACES = 18
"""The decimal places that 64 bits can still hold beside one digit."""


def is_arrow(value: object) -> bool:
    """Whether an object hands over its data as Arrow does (``__arrow_c_array__`` and the like)."""
    return hasattr(value, "__arrow_c_array__") or hasattr(value, "__arrow_c_stream__")


def table(value: Any) -> dict[str, object]:
    """The columns of a table, record batch or data frame by name.

    Raises:
        UsageError: if pyarrow is not installed.
    """
    arrow = _pyarrow()
    try:
        read = arrow.table(value)
    except (arrow.ArrowException, ValueError, TypeError) as fault:
        refuse_argument("columns", value, "a table that Arrow reads", f"{str(fault)[:200]}.")
    for name in read.column_names:
        if read.column_names.count(name) > 1:
            refuse("M102", name, f"Two columns are named `{name}`.", "Name every column once.")
    return {name: read.column(name) for name in read.column_names}


def array(name: str, value: Any) -> tuple[NDArray[Any], Mask | None] | Coded | Series | Exact:
    """A column as an array and what is missing, or in the form its type asks for."""
    arrow = _pyarrow()
    try:
        return _read(arrow, name, _plain(arrow, _in_one_piece(arrow, value)))
    except arrow.ArrowException as fault:
        what = f"Column `{name}` cannot be read: {str(fault)[:120]}."
        return refuse("M103", name, what, "Give integers, decimals, texts or booleans.")


def _plain(arrow: Any, held: Any) -> Any:
    """The same values in a form that is read below: runs and lists of values are written out."""
    kind = held.type
    if arrow.types.is_run_end_encoded(kind):
        return _plain(arrow, arrow.compute.run_end_decode(held))
    if arrow.types.is_dictionary(kind):
        texts = (arrow.string(), arrow.large_string(), arrow.string_view())
        if kind.value_type not in texts or held.dictionary.null_count:
            return _plain(arrow, held.dictionary_decode())
    return held.cast(arrow.string()) if arrow.types.is_string_view(kind) else held


def _read(
    arrow: Any, name: str, held: Any
) -> tuple[NDArray[Any], Mask | None] | Coded | Series | Exact:
    kind = held.type
    if arrow.types.is_dictionary(kind) or arrow.types.is_string(kind):
        return _coded(arrow, held)
    if arrow.types.is_large_string(kind):
        return _coded(arrow, held)
    if arrow.types.is_decimal(kind):
        return _decimals(arrow, name, held)
    if arrow.types.is_list(kind) or arrow.types.is_large_list(kind):
        return _series(arrow, name, held)
    missing = _missing(held)
    if arrow.types.is_null(kind):
        return np.zeros(len(held), dtype=np.int64), np.ones(len(held), dtype=bool)
    if arrow.types.is_boolean(kind):
        held = held.fill_null(False)
    elif missing is not None and not arrow.types.is_floating(kind):
        held = held.fill_null(0)
    return held.to_numpy(zero_copy_only=False), missing


def status_table(codes: Mapping[str, NDArray[np.uint8]]) -> Any:
    """A table of status words, one column per recommendation."""
    arrow = _pyarrow()
    words = arrow.array(STATUSES)
    held = {
        name: arrow.DictionaryArray.from_arrays(arrow.array(each.astype(np.int8)), words)
        for name, each in codes.items()
    }
    return arrow.table(held)


def _pyarrow() -> Any:
    try:
        import pyarrow
        import pyarrow.compute
    except ImportError:
        raise without("pyarrow", "A table in Arrow form", "pip install pyarrow") from None
    return pyarrow


def _in_one_piece(arrow: Any, value: Any) -> Any:
    if not isinstance(value, arrow.Array | arrow.ChunkedArray):
        value = arrow.chunked_array(value) if hasattr(value, "__arrow_c_stream__") else value
        value = value if isinstance(value, arrow.ChunkedArray) else arrow.array(value)
    if isinstance(value, arrow.ChunkedArray):
        value = value.chunk(0) if value.num_chunks == 1 else value.combine_chunks()
    return value


def _missing(held: Any) -> Mask | None:
    if not held.null_count:
        return None
    found: Mask = held.is_null().to_numpy(zero_copy_only=False)
    return found


def _coded(arrow: Any, held: Any) -> Coded:
    """Texts and categories: places in a list of texts."""
    if not arrow.types.is_dictionary(held.type):
        held = held.dictionary_encode()
    places = held.indices.cast(arrow.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
    return Coded(places=places, codes=[str(each) for each in held.dictionary.to_pylist()])


def _decimals(arrow: Any, name: str, held: Any) -> Exact:
    """A decimal column: 128 bits each, of which the lower 64 must hold the number."""
    places = held.type.scale
    if places > PLACES or places < 0:
        refuse(
            "M105",
            name,
            f"Column `{name}` has {places} decimal places, more than can be compared exactly.",
            f"Cast it to at most {PLACES} decimal places.",
        )
    held = held.cast(arrow.decimal128(38, places))
    missing = _missing(held)
    halves = np.frombuffer(held.buffers()[1], dtype="<i8").reshape(-1, 2)
    halves = halves[held.offset : held.offset + len(held)]
    low, high = halves[:, 0].copy(), halves[:, 1]
    fits = high == low >> 63
    if missing is not None:
        low[missing] = 0
        fits = fits | missing
    if not fits.all():
        row = int(np.argmin(fits))
        refuse(
            "M105",
            name,
            f"Column `{name}`, row {row + 1}: {held[row]} is too large to be compared exactly.",
            "Check the number and its unit; leave it missing if it is not known.",
        )
    return Exact(low, missing, places)


def _series(arrow: Any, name: str, held: Any) -> Series:
    """Lists of ``{minute, value}``."""
    inner = held.type.value_type
    fields = [inner.field(i).name for i in range(inner.num_fields)]
    if not arrow.types.is_struct(inner) or not {"minute", "value"} <= set(fields):
        refuse(
            "M103",
            name,
            f"Column `{name}` is a list, but not of measurements.",
            "Each entry must be a struct with the fields minute and value.",
        )
    offsets = held.offsets.to_numpy().astype(np.int64)
    missing = _missing(held)
    first, last = int(offsets[0]), int(offsets[-1])
    samples = held.values.slice(first, last - first)
    parts = dict(zip(fields, samples.flatten(), strict=True))  # with what is null of the structs
    return Series(
        offsets=offsets - first,
        minutes=parts["minute"],
        values=parts["value"],
        missing=np.zeros(len(held), dtype=bool) if missing is None else missing,
    )
