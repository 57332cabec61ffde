"""A circuit compiled by Numba: one loop over all patients, 64 of them in each step, no branch.

The text of the loop is written from the circuit; what it compares with is handed over as numbers,
so that another setting needs no other loop. Numba is optional: the extra ``fast``.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, assert_never

import numpy as np
from numpy.typing import NDArray

from guidegraph.batch import loops
from guidegraph.batch.blocks import Columns, Run, parts, width
from guidegraph.batch.circuit import (
    Among,
    Both,
    Circuit,
    Either,
    Holds,
    Known,
    Leaf,
    Made,
    Strange,
    Without,
    Yes,
    leaf_data,
)
from guidegraph.batch.columns import Answers, Codes, Numbers, Samples
from guidegraph.kernel import Datum

STEP = 1 << 20
"""Patients at a time where series become numbers first; a multiple of 64."""
Flat = Numbers | Answers | Codes
Held = Mapping[Datum, Flat]
CONSTANTS = {
    "OFF": 0,
    "FIRST": 1,
    "SIGN": 7,
    "TOP": 56,
    "OTHERS": 0xFCFCFCFCFCFCFCFC,
    "SEVEN": 0x7F7F7F7F7F7F7F7F,
    "ONES": 0x0101010101010101,
    "GATHER": 0x0102040810204080,
    "ON": 2**64 - 1,
}
"""``(eight bytes of 0 or 1) * GATHER >> TOP`` is one byte with a bit of each."""
INDENT = " " * 8
_Lines = Iterator[str]


def is_there() -> bool:
    """Whether Numba is installed."""
    try:
        return importlib.util.find_spec("numba") is not None
    except ValueError:  # barred from being imported
        return False


def run(circuit: Circuit, columns: Columns, patients: int) -> Run:
    """The bits of every output wire, one row each, and what is strange; as ``blocks.run``."""
    strange = np.zeros(len(circuit.strange), dtype=np.uint64)
    found = np.empty((len(circuit.outputs), width(patients)), dtype=np.uint8)
    words = found.view(np.uint64)
    has_series = any(isinstance(each, Samples) for each in columns.values())
    step = STEP if has_series else max(patients, 1)
    for start in range(0, patients, step):
        stop = min(start + step, patients)
        held = parts(circuit, columns, (start, stop), loops.aggregate)
        whole = (stop - start) // 64 * 64
        at = start // 64
        if whole:
            _run(circuit, _cut(held, 0, whole), words[:, at : at + whole // 64], strange)
        if whole < stop - start:
            rest = _padded(_cut(held, whole, stop - start))
            last = at + whole // 64
            _run(circuit, rest, words[:, last : last + 1], strange)
    return found, [wire for wire, held in zip(circuit.strange, strange, strict=True) if held]


def _run(
    circuit: Circuit, held: Held, words: NDArray[np.uint64], strange: NDArray[np.uint64]
) -> None:
    """Run the loop over columns whose length is a multiple of 64."""
    text, arguments = _written(circuit, held)
    _compiled(text)(words.shape[1], *arguments, words, strange)


def _cut(held: Held, start: int, stop: int) -> Held:
    return {datum: each.part(start, stop) for datum, each in held.items()}


def _padded(held: Held) -> Held:
    """Fewer than 64 patients, filled up to 64 with the last of them."""

    def filled(values: NDArray[Any]) -> NDArray[Any]:
        return np.pad(values, (0, 64 - values.size), mode="edge")

    found: dict[Datum, Flat] = {}
    for datum, each in held.items():
        if isinstance(each, Numbers):
            missing = None if each.missing is None else filled(each.missing)
            low, high = each.low, each.high
            found[datum] = Numbers(values=filled(each.values), missing=missing, low=low, high=high)
        elif isinstance(each, Answers):
            found[datum] = Answers(filled(each.values))
        else:
            found[datum] = Codes(filled(each.values))
    return found


@lru_cache(maxsize=64)
def _compiled(text: str) -> Callable[..., None]:
    """The loop of a text, kept for as long as the process runs."""
    import numba

    names: dict[str, Any] = {name: np.uint64(value) for name, value in CONSTANTS.items()}
    names |= {"uint64": np.uint64, "int64": np.int64}
    exec(compile(text, "<circuit>", "exec"), names)  # noqa: S102
    compiled: Callable[..., None] = numba.njit(names["run"], error_model="numpy")
    return compiled


# --- the text -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Writing:
    """The text of a loop in the making, and what it is called with."""

    held: Held
    gates: tuple[Made, ...]
    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    places: dict[Datum, int] = field(default_factory=dict)

    def number(self, value: int) -> str:
        """A local that holds a whole number."""
        self.numbers.append(value)
        return f"n{len(self.numbers) - 1}"

    def place(self, datum: Datum) -> int:
        """The place of a column; its array is ``c<place>``."""
        if datum not in self.places:
            self.places[datum] = place = len(self.places)
            values = self.held[datum].values
            is_bytes = not isinstance(self.held[datum], Numbers) and values.dtype == np.int8
            self.arrays[f"c{place}"] = _words(values) if is_bytes else np.ascontiguousarray(values)
        return self.places[datum]

    def leaves(self) -> _Lines:
        """The wires of the leaves of each column, and of the sums of several."""
        groups: dict[tuple[Datum, ...], list[tuple[int, Leaf]]] = {}
        for wire, gate in enumerate(self.gates):
            if data := leaf_data(gate):
                assert isinstance(gate, Leaf)
                groups.setdefault(data, []).append((wire, gate))
        for data, leaves in groups.items():
            column = self.held[data[0]]
            if isinstance(column, Answers):
                yield from self._answers(self.place(data[0]), leaves)
            elif isinstance(column, Codes) and column.values.dtype == np.int8:
                yield from self._coded(self.place(data[0]), leaves)
            else:
                yield from self._compared(data, leaves)

    def _answers(self, place: int, leaves: list[tuple[int, Leaf]]) -> _Lines:
        """Eight answers in a word: the lowest bit of a byte is "yes", the next one "unknown".

        Where one of 64 is none of the three, all of them count as strange; reading then looks.
        """
        yes, unknown, strange = f"y{place}", f"u{place}", f"s{place}"
        yield f"{yes} = {unknown} = any = both = OFF"
        yield "for q in range(8):"
        yield f"    v = c{place}[w * 8 + q]"
        yield f"    {yes} |= (((v & ONES) * GATHER) >> TOP) << uint64(8 * q)"
        yield f"    {unknown} |= ((((v >> FIRST) & ONES) * GATHER) >> TOP) << uint64(8 * q)"
        yield "    any |= v"
        yield "    both |= v & (v >> FIRST)"
        yield f"{strange} = ON if (any & OTHERS) | (both & ONES) else OFF"
        for wire, leaf in leaves:
            known = f"~({unknown} | {strange})"
            held = {Yes: yes, Strange: strange}.get(type(leaf), known)
            yield f"w{wire} = {held}"

    def _coded(self, place: int, leaves: list[tuple[int, Leaf]]) -> _Lines:
        """Eight codes in a word: a byte equals a code where their difference is zero."""
        wanted = sorted(
            {each for _, leaf in leaves if isinstance(leaf, Among) for each in leaf.places}
        )
        for each in wanted:
            yield f"e{place}_{each} = OFF"
        yield f"k{place} = OFF"
        yield "for q in range(8):"
        yield f"    v = c{place}[w * 8 + q]"
        yield f"    k{place} |= ((((~v >> SIGN) & ONES) * GATHER) >> TOP) << uint64(8 * q)"
        for each in wanted:
            yield f"    d = v ^ (ONES * uint64({each}))"
            yield "    d = ~(((d & SEVEN) + SEVEN) | d | SEVEN) >> SIGN"
            yield f"    e{place}_{each} |= ((d * GATHER) >> TOP) << uint64(8 * q)"
        for wire, leaf in leaves:
            named = [f"e{place}_{each}" for each in leaf.places] if isinstance(leaf, Among) else []
            yield f"w{wire} = {' | '.join(named) if named else f'k{place}'}"

    def _compared(self, data: tuple[Datum, ...], leaves: list[tuple[int, Leaf]]) -> _Lines:
        """One look at each number of the columns, for all that is compared with it."""
        for wire, _ in leaves:
            yield f"w{wire} = OFF"
        yield "for j in range(64):"
        yield "    bit = FIRST << uint64(j)"
        for datum in data:
            place = self.place(datum)
            yield f"    x{place} = int64(c{place}[w * 64 + j])"
        for wire, leaf in leaves:
            if not isinstance(leaf, Strange):
                yield f"    w{wire} |= bit if {self._test(leaf)} else OFF"
        known = next((wire for wire, leaf in leaves if isinstance(leaf, Known)), None)
        for wire, leaf in leaves:
            if isinstance(leaf, Strange):
                yield f"w{wire} = ~w{known}"
        for wire, leaf in leaves:
            if isinstance(leaf, Known | Strange):
                yield from self._without_missing(wire, leaf.datum)

    def _test(self, leaf: Leaf) -> str:
        match leaf:
            case Known(datum):
                column, x = self.held[datum], f"x{self.place(datum)}"
                if isinstance(column, Numbers):
                    low, high = self.number(column.low), self.number(column.high)
                    return f"({x} >= {low}) & ({x} <= {high})"
                return f"{x} >= 0"
            case Among(datum, places):
                x = f"x{self.place(datum)}"
                return " | ".join(f"({x} == {each})" for each in places)
            case Holds(terms, op, number):
                parts = [
                    f"x{self.place(datum)}"
                    if factor == 1
                    else f"{self.number(factor)} * x{self.place(datum)}"
                    for factor, datum in terms
                ]
                sign = "==" if op == "=" else op
                return f"({' + '.join(parts)}) {sign} {self.number(number)}"
            case Yes() | Strange():
                msg = "this is no comparison of a number"
                raise TypeError(msg)
            case _:
                assert_never(leaf)

    def _without_missing(self, wire: int, datum: Datum) -> _Lines:
        column = self.held[datum]
        if not isinstance(column, Numbers) or column.missing is None:
            return
        name = f"m{self.place(datum)}"
        self.arrays[name] = _words(column.missing)
        yield "gone = OFF"
        yield "for q in range(8):"
        yield f"    gone |= (({name}[w * 8 + q] * GATHER) >> TOP) << uint64(8 * q)"
        yield f"w{wire} &= ~gone"

    def logic(self) -> _Lines:
        """The wires of all other gates."""
        yield "w0 = OFF"
        yield "w1 = ON"
        for wire, gate in enumerate(self.gates):
            match gate:
                case Both(one, other):
                    yield f"w{wire} = w{one} & w{other}"
                case Either(one, other):
                    yield f"w{wire} = w{one} | w{other}"
                case Without(one, other):
                    yield f"w{wire} = w{one} & ~w{other}"
                case _:
                    pass


def _written(circuit: Circuit, held: Held) -> tuple[str, list[NDArray[Any]]]:
    """The text of the loop of a circuit over columns of these forms, and what to call it with."""
    writing = _Writing(held, circuit.gates)
    inner = [*writing.leaves(), *writing.logic()]
    inner += [f"out[{row}, w] = w{wire}" for row, wire in enumerate(circuit.outputs)]
    inner += [f"b{at} |= w{wire}" for at, wire in enumerate(circuit.strange)]
    head = f"def run(words, {', '.join([*writing.arrays, 'numbers'])}, out, strange):"
    locals_ = [f"    n{place} = numbers[{place}]" for place in range(len(writing.numbers))]
    begun = [f"    b{at} = strange[{at}]" for at in range(len(circuit.strange))]
    ended = [f"    strange[{at}] = b{at}" for at in range(len(circuit.strange))]
    loop = ["    for w in range(words):", *(INDENT + each for each in inner)]
    text = [head, *locals_, *begun, *loop, *ended, ""]
    numbers = np.array(writing.numbers, dtype=np.int64)
    return "\n".join(text), [*writing.arrays.values(), numbers]


def _words(values: NDArray[Any]) -> NDArray[np.uint64]:
    """Bytes, eight in a word."""
    held = np.ascontiguousarray(values)
    if held.ctypes.data % 8:
        held = held.copy()
    return held.view(np.uint64)
