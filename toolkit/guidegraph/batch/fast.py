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

from guidegraph.batch import loops, vectors
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
CONSTANTS = {"OFF": 0, "FIRST": 1, "ON": 2**64 - 1}
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
    names |= {"uint64": np.uint64, "int64": np.int64, **vectors.instructions()}
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
    names: dict[Datum, str] = field(default_factory=dict)

    def number(self, value: int) -> str:
        """A local that holds a whole number."""
        self.numbers.append(value)
        return f"n{len(self.numbers) - 1}"

    def column(self, datum: Datum) -> str:
        """The name of the array of a column."""
        if datum not in self.names:
            self.names[datum] = name = f"c{len(self.names)}"
            self.arrays[name] = _native(self.held[datum].values)
        return self.names[datum]

    def leaves(self) -> _Lines:
        """The wires of all leaves: 64 entries at a look, or one by one where they are summed."""
        sums: dict[tuple[Datum, ...], list[tuple[int, Holds]]] = {}
        for wire, gate in enumerate(self.gates):
            match gate:
                case Holds(terms) if len(terms) > 1:
                    sums.setdefault(leaf_data(gate), []).append((wire, gate))
                case Known() | Strange() | Holds() | Yes() | Among():
                    yield f"w{wire} = {self._leaf(gate)}"
                case _:
                    pass
        for data, leaves in sums.items():
            yield from self._sums(data, leaves)

    def _leaf(self, leaf: Leaf) -> str:
        """A word with a bit of each of 64 patients."""
        (datum,) = leaf_data(leaf)
        held, column = self.held[datum], self.column(datum)
        equal = "byte_equal" if _is_bytes(held) else "equal"
        match leaf:
            case Holds(_, op, number):
                compared = "at_least" if op == ">=" else "equal"
                return f"{compared}({column}, w, {self.number(number)})"
            case Among(_, places):
                return " | ".join(f"{equal}({column}, w, {each})" for each in places)
            case Yes():
                return f"byte_equal({column}, w, 1)"
            case Known():
                return self._known(held, column)
            case Strange():
                return self._strange(held, column)
            case _:
                assert_never(leaf)

    def _known(self, held: Flat, column: str) -> str:
        if isinstance(held, Answers):
            return f"~byte_above({column}, w, 1)"
        if isinstance(held, Codes):
            return (
                f"~byte_above({column}, w, 127)" if _is_bytes(held) else f"at_least({column}, w, 0)"
            )
        return f"{self._possible(held, column)}{self._there(held, column)}"

    def _strange(self, held: Flat, column: str) -> str:
        if isinstance(held, Numbers):
            return f"~({self._possible(held, column)}){self._there(held, column)}"
        return f"byte_above({column}, w, 2)"

    def _possible(self, held: Numbers, column: str) -> str:
        low, high = self.number(held.low), self.number(held.high)
        return f"at_least({column}, w, {low}) & at_most({column}, w, {high})"

    def _there(self, held: Numbers, column: str) -> str:
        """Without those of whom the number is missing."""
        if held.missing is None:
            return ""
        name = f"m{column}"
        self.arrays[name] = _native(held.missing.view(np.int8))
        return f" & byte_equal({name}, w, 0)"

    def _sums(self, data: tuple[Datum, ...], leaves: list[tuple[int, Holds]]) -> _Lines:
        """One look at each number of the columns, for all that their sums are compared with."""
        for wire, _ in leaves:
            yield f"w{wire} = OFF"
        yield "for j in range(64):"
        yield "    bit = FIRST << uint64(j)"
        names = [self.column(datum) for datum in data]
        for name in names:
            yield f"    x{name} = int64({name}[w * 64 + j])"
        for wire, leaf in leaves:
            parts = [
                f"{self.number(factor)} * x{self.column(datum)}" for factor, datum in leaf.terms
            ]
            sign = ">=" if leaf.op == ">=" else "=="
            test = f"({' + '.join(parts)}) {sign} {self.number(leaf.number)}"
            yield f"    w{wire} |= bit if {test} else OFF"

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


def _is_bytes(held: Flat) -> bool:
    return not isinstance(held, Numbers) and held.values.dtype == np.int8


def _native(values: NDArray[Any]) -> NDArray[Any]:
    """One entry after the other, as the processor reads them."""
    return np.require(values, values.dtype.newbyteorder("="), ("C", "A"))
