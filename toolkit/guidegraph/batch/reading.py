"""A table of patients as the kernels read it; what cannot be used is told, with column and row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from guidegraph.batch import arrow
from guidegraph.batch.answers import answers, codes
from guidegraph.batch.circuit import Circuit
from guidegraph.batch.columns import (
    UNKNOWN_ANSWER,
    Answers,
    Coded,
    Codes,
    Column,
    Numbers,
    Samples,
    Series,
    Written,
)
from guidegraph.batch.faults import Faults, refuse, refuse_argument, refuse_names
from guidegraph.batch.held import held
from guidegraph.batch.numbers import MINUTES, Amounts
from guidegraph.kernel import Agg
from guidegraph.program import Input, Program


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The columns that a circuit reads; ``absent`` are the inputs that have none."""

    columns: Mapping[str, Column]
    inputs: Mapping[str, Input]
    patients: int
    absent: tuple[str, ...]
    amounts: Amounts


def read_table(
    program: Program,
    circuit: Circuit,
    source: Any,
    written: Mapping[str, Written] | None,
    ignore: Collection[str],
) -> Table:
    """Read the columns that a circuit needs; of all others only the names are looked at.

    Raises:
        UsageError: a column, or a name in ``written``, is no input of the guideline.
        ReadError: a column cannot be used; its finding names column and row.
    """
    given = _columns(source, ignore)
    inputs = {each.name: each for each in (MINUTES, *program.inputs)}
    refuse_names((*given, *(written or ())), inputs)
    names = (each.series if isinstance(each, Agg) else each.name for each in circuit.data)
    needed = tuple(dict.fromkeys(names))
    amounts = Amounts(circuit, written, Faults())
    patients = _patients(given)
    columns: dict[str, Column] = {}
    for name in needed:
        if name not in given:
            columns[name] = _unknown(inputs[name], patients)
            continue
        columns[name] = _column(inputs[name], given[name], amounts)
        _check_length(name, columns[name], patients)
    absent = tuple(name for name in needed if name not in given)
    return Table(columns=columns, inputs=inputs, patients=patients, absent=absent, amounts=amounts)


def _columns(source: Any, ignore: Collection[str]) -> dict[str, Any]:
    if isinstance(source, Mapping):
        found = dict(source)
    elif arrow.is_arrow(source):
        if hasattr(source, "iloc"):  # pandas: what is left alone need not be readable
            wanted = [name not in ignore for name in source.columns]
            source = source.loc[:, wanted].reset_index(drop=True)
        found = arrow.table(source)
    elif hasattr(source, "collect"):
        refuse_argument("columns", source, "a table that is there already", "Pass `.collect()`.")
    elif hasattr(source, "columns"):
        found = {name: source[name] for name in source.columns}
    else:
        told = "Pass arrays by the name of the input, an Arrow table or a data frame."
        refuse_argument("columns", source, "a table", told)
    return {str(name): each for name, each in found.items() if name not in ignore}


def _patients(given: Mapping[str, Any]) -> int:
    """As many as most columns have rows; no column, no patient."""
    counts = [_length(name, each) for name, each in given.items()]
    return max(counts, key=counts.count, default=0)


def _length(name: str, source: Any) -> int:
    if isinstance(source, Series):
        return np.asarray(source.offsets).size - 1
    try:
        return len(source.places if isinstance(source, Coded) else source)  # type: ignore[arg-type]
    except TypeError:
        return refuse(
            "M102",
            name,
            f"Column `{name}` is a single value ({type(source).__name__}), not a column.",
            "Every column has one row per patient; what is not known is missing in its place.",
        )


def _column(declared: Input, source: Any, amounts: Amounts) -> Column:
    given = held(declared.name, source)
    match declared.kind:
        case "boolean":
            return answers(declared.name, given)
        case "code":
            return codes(declared.name, given, amounts.circuit.codes[declared.name])
        case "series":
            return amounts.series(declared, given)
        case _:
            return amounts.numbers(declared, given)


def _check_length(name: str, column: Column, patients: int) -> None:
    rows = column.missing.size if isinstance(column, Samples) else column.values.size
    if rows != patients:
        refuse(
            "M102",
            name,
            f"Column `{name}` has {rows} rows, most others have {patients}.",
            "Every column has one row per patient; what is not known is missing in its place.",
        )


def _unknown(declared: Input, patients: int) -> Column:
    """The column of an input of which nothing is known."""
    gone = np.ones(patients, dtype=bool)
    match declared.kind:
        case "boolean":
            return Answers(np.full(patients, UNKNOWN_ANSWER, dtype=np.int8))
        case "code":
            return Codes(np.full(patients, -1, dtype=np.int8))
        case "series":
            none = np.zeros(0, dtype=np.int64)
            return Samples(np.zeros(patients + 1, dtype=np.int64), none, none, gone)
        case _:
            return Numbers(values=np.zeros(patients, dtype=np.int8), missing=gone, low=0, high=0)
