"""A circuit run in NumPy, some patients at a time, so that what is worked on stays in the cache."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from guidegraph.batch.aggregates import aggregate
from guidegraph.batch.circuit import (
    Among,
    Both,
    Circuit,
    Either,
    Gate,
    Holds,
    Known,
    Made,
    Strange,
    Without,
    Yes,
)
from guidegraph.batch.columns import (
    UNKNOWN_ANSWER,
    Answers,
    Bits,
    Codes,
    Column,
    Mask,
    Numbers,
    Samples,
)
from guidegraph.kernel import Agg, Datum

BLOCK = 1 << 16
"""Patients at a time; a multiple of 64."""

Columns = Mapping[str, Column]
"""The column of each input by name."""
Run = tuple[Bits, Collection[Gate]]
"""The bits of the output wires, and the wires of what is strange that are on for somebody."""
Aggregate = Callable[[Agg, Samples], Numbers]


def run(circuit: Circuit, columns: Columns, patients: int) -> Run:
    """The bits of every output wire, one row each; every row begins with the first patient."""
    strange: set[Gate] = set()
    found = np.empty((len(circuit.outputs), width(patients)), dtype=np.uint8)
    for start, stop in blocks(patients):
        held = parts(circuit, columns, (start, stop), aggregate)
        rows = _gates(circuit, held, stop - start)
        size = -(-(stop - start) // 8)
        for row, gate in zip(found, circuit.outputs, strict=True):
            row[start // 8 : start // 8 + size] = rows[gate]
        strange.update(wire for wire in circuit.strange if rows[wire].any())
    return found, strange


def width(patients: int) -> int:
    """The bytes that hold a bit of every patient, in whole words of 64."""
    return -(-patients // 64) * 8


def blocks(patients: int) -> Iterator[tuple[int, int]]:
    """The first patient of each block, and the first after it."""
    for start in range(0, patients, BLOCK):
        yield start, min(start + BLOCK, patients)


def parts(
    circuit: Circuit, columns: Columns, span: tuple[int, int], made: Aggregate
) -> dict[Datum, Numbers | Answers | Codes]:
    """What the leaves read, for a span of patients; ``made`` makes numbers of series."""
    cut: dict[str, Column] = {}
    found: dict[Datum, Numbers | Answers | Codes] = {}
    for datum in circuit.data:
        name = datum.series if isinstance(datum, Agg) else datum.name
        if name not in cut:
            cut[name] = columns[name].part(*span)
        column = cut[name]
        if isinstance(column, Samples):
            assert isinstance(datum, Agg)
            found[datum] = made(datum, column)
        else:
            found[datum] = column
    return found


def _gates(
    circuit: Circuit, held: Mapping[Datum, Numbers | Answers | Codes], patients: int
) -> list[Bits]:
    size = -(-patients // 8)
    rows = [np.zeros(size, dtype=np.uint8), np.full(size, 255, dtype=np.uint8)]
    for gate in circuit.gates[2:]:
        rows.append(_row(gate, rows, held))
    return rows


def _row(
    gate: Made, rows: list[Bits], held: Mapping[Datum, Numbers | Answers | Codes]
) -> NDArray[np.uint8]:
    match gate:
        case Both(one, other):
            return rows[one] & rows[other]
        case Either(one, other):
            return rows[one] | rows[other]
        case Without(one, other):
            return rows[one] & ~rows[other]
        case Known(datum):
            return packed(known(held[datum]))
        case Strange(datum):
            column = held[datum]
            assert not isinstance(column, Codes)
            return packed(column.strange())
        case Yes(datum):
            return packed(held[datum].values == 1)
        case Among(datum, places):
            return packed(_among(held[datum].values, places))
        case Holds(terms, op, number):
            total = _sum(terms, held)
            return packed(total >= number if op == ">=" else total == number)
        case bool():
            return rows[int(gate)]
        case _:
            assert_never(gate)


def known(column: Numbers | Answers | Codes) -> Mask:
    """Of whom a datum is known."""
    if isinstance(column, Answers):
        answered: Mask = column.values != UNKNOWN_ANSWER
        return answered
    if isinstance(column, Codes):
        coded: Mask = column.values >= 0
        return coded
    inside: Mask = (column.values >= column.low) & (column.values <= column.high)
    return inside if column.missing is None else inside & ~column.missing


def packed(mask: Mask) -> Bits:
    """A bit per patient; those after the last patient are off."""
    return np.packbits(mask, bitorder="little")


def _among(values: NDArray[np.signedinteger], places: tuple[Gate, ...]) -> Mask:
    found: Mask = values == places[0]
    for place in places[1:]:
        found = found | (values == place)
    return found


def _sum(
    terms: tuple[tuple[int, Datum], ...], held: Mapping[Datum, Numbers | Answers | Codes]
) -> NDArray[np.signedinteger]:
    (factor, datum), *rest = terms
    if factor == 1 and not rest:
        return held[datum].values
    total = np.multiply(held[datum].values, factor, dtype=np.int64)
    for factor, datum in rest:
        total += np.multiply(held[datum].values, factor, dtype=np.int64)
    return total
