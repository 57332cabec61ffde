"""Columns of answers and codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guidegraph.batch.columns import (
    UNKNOWN_ANSWER,
    Answers,
    Coded,
    Codes,
    Mask,
    Whole,
    is_missing,
)
from guidegraph.batch.faults import refuse, refuse_row
from guidegraph.batch.held import Held
from guidegraph.suggestion import did_you_mean

MOST_OF_BYTE = 127
_HOW = "Give booleans (masked or null where unknown), or integers: 0 no, 1 yes, 2 unknown."


def answers(name: str, given: Held) -> Answers:
    """Yes, no or unknown.

    Raises:
        ReadError: a value is none of these.
    """
    if not isinstance(given, tuple):
        return _refuse_kind(name)
    values, missing = given
    if values.dtype == np.bool_:
        found = np.ascontiguousarray(values).view(np.int8)
    elif values.dtype.kind in "iu":
        found = _whole_answers(name, values, missing)
    elif values.dtype.kind == "O":
        found = _told_answers(name, values)
    else:
        return _refuse_kind(name)
    if missing is not None:
        found = np.where(missing, np.int8(UNKNOWN_ANSWER), found)
    return Answers(found)


def _refuse_kind(name: str) -> Answers:
    return refuse("M103", name, f"Column `{name}` must hold answers: yes, no or unknown.", _HOW)


def _whole_answers(name: str, values: NDArray[Any], missing: Mask | None) -> NDArray[np.int8]:
    """Bytes are looked at while deciding (``refuse_strange``), wider integers here."""
    if missing is not None:
        values = np.where(missing, UNKNOWN_ANSWER, values)
    if values.dtype.itemsize == 1:
        return values.view(np.int8)
    wrong = (values < 0) | (values > UNKNOWN_ANSWER)
    if wrong.any():
        _refuse(name, int(np.argmax(wrong)), values)
    return values.astype(np.int8)


def refuse_strange(name: str, column: Answers) -> None:
    """Refuse the first value of a column that is no answer; there must be one.

    Raises:
        ReadError: always.
    """
    _refuse(name, int(np.argmax(column.strange())), column.values)


def _refuse(name: str, row: int, values: NDArray[Any]) -> None:
    refuse_row("M104", name, row, f"{values[row]} is neither yes, no nor unknown.", _HOW)


def _told_answers(name: str, values: NDArray[Any]) -> NDArray[np.int8]:
    found = np.full(values.size, UNKNOWN_ANSWER, dtype=np.int8)
    for row, value in enumerate(values.tolist()):
        if isinstance(value, bool | np.bool_):
            found[row] = value
        elif not is_missing(value):
            refuse_row("M104", name, row, f"{value!r:.60} is neither yes, no nor unknown.", _HOW)
    return found


def codes(name: str, given: Held, declared: Sequence[str]) -> Codes:
    """Codes by their places among the declared ones.

    Raises:
        ReadError: a text is no code of the input.
    """
    if isinstance(given, Coded):
        return Codes(_placed(name, given, declared))
    if isinstance(given, tuple) and given[0].dtype.kind in "OU":
        values, missing = given
        listed: dict[str, int] = {}
        places = np.fromiter(
            (
                -1 if is_missing(each) else listed.setdefault(str(each), len(listed))
                for each in values
            ),
            dtype=np.int64,
            count=values.size,
        )
        if missing is not None:
            places[missing] = -1
        return Codes(_placed(name, Coded(places=places, codes=list(listed)), declared))
    return refuse(
        "M103",
        name,
        f"Column `{name}` must hold the codes of the guideline.",
        f"Give texts or categories: {', '.join(declared)}.",
    )


def _placed(name: str, given: Coded, declared: Sequence[str]) -> Whole:
    """Places in the declared list; the column itself where the lists are the same."""
    places = np.asarray(given.places)
    listed = [str(each) for each in given.codes]
    if listed == list(declared)[: len(listed)]:
        if places.dtype == np.int8:
            return places
        kept = np.maximum(places.astype(np.int64), np.int64(-1))
        return kept.astype(np.int8) if len(listed) <= MOST_OF_BYTE else kept
    for place, code in enumerate(listed):
        if code not in declared and (places == place).any():
            row = int(np.argmax(places == place))
            hint = did_you_mean(code, declared)
            refuse_row("M104", name, row, f"{code!r:.60} is not a value of `{name}`.", hint)
    known = [list(declared).index(each) if each in declared else -1 for each in listed]
    kind = np.int8 if len(declared) <= MOST_OF_BYTE else np.int64
    index: Any = np.maximum(places.astype(np.int64), -1)
    moved: Whole = np.array([*known, -1], dtype=kind)[index]
    return moved
