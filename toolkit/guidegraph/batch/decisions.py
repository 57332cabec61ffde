"""What was decided about many patients: three-valued columns, and their statuses in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guidegraph.batch.circuit import ONE, ZERO, Gate, Pair
from guidegraph.batch.columns import Bits
from guidegraph.diagnostic import Diagnostic
from guidegraph.evaluate import STATUSES, Status
from guidegraph.suggestion import did_you_mean

APPLIES, PROVISIONAL, UNDETERMINED, DEFEATED, NOT_APPLICABLE = range(5)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decisions:
    """The decisions about many patients, in the order of the columns.

    They are kept as bits: eight patients a byte. ``recommendations`` names the rules; ``absent``
    the inputs that had no column, so that they are unknown of everybody; ``findings`` says what in
    the columns could not be used and is therefore unknown.
    """

    patients: int
    recommendations: tuple[str, ...]
    absent: tuple[str, ...]
    findings: tuple[Diagnostic, ...]
    standings: Mapping[str, tuple[Pair, Pair]]
    bits: Mapping[Gate, Bits]

    def guard(self, name: str) -> NDArray[np.int8]:
        """Whether the condition of a recommendation holds: 0 no, 1 yes, 2 unknown."""
        return self._truth(self._standing(name)[0])

    def effective(self, name: str) -> NDArray[np.int8]:
        """Whether it holds and none of its exceptions does: 0 no, 1 yes, 2 unknown."""
        return self._truth(self._standing(name)[1])

    def codes(self, name: str) -> NDArray[np.uint8]:
        """The status of a recommendation as places in ``evaluate.STATUSES``."""
        found = np.full(self.patients, NOT_APPLICABLE, dtype=np.uint8)
        for place, row in self._by_status(name).items():
            found -= self._unpacked(row).view(np.uint8) * np.uint8(NOT_APPLICABLE - place)
        return found

    def words(self, name: str) -> NDArray[np.str_]:
        """The status of a recommendation in words: ``applies``, ``undetermined`` …"""
        return np.array(STATUSES)[self.codes(name)]

    def counts(self, name: str) -> dict[Status, int]:
        """How many patients have each status."""
        told = {place: count(row, self.patients) for place, row in self._by_status(name).items()}
        told[NOT_APPLICABLE] = self.patients - sum(told.values())
        return {status: told[place] for place, status in enumerate(STATUSES)}

    def statuses(self, patient: int) -> dict[str, Status]:
        """The status of every recommendation for one patient, by place."""
        if not 0 <= patient < self.patients:
            raise IndexError(patient)
        byte, bit = divmod(patient, 8)
        return {
            name: next(
                (STATUSES[at] for at, row in self._by_status(name, byte).items() if row >> bit & 1),
                STATUSES[NOT_APPLICABLE],
            )
            for name in self.recommendations
        }

    def to_arrow(self) -> Any:
        """A ``pyarrow.Table`` with a column of status words per recommendation."""
        from guidegraph.batch.arrow import status_table

        return status_table({name: self.codes(name) for name in self.recommendations})

    def _standing(self, name: str) -> tuple[Pair, Pair]:
        if name not in self.standings:
            raise KeyError(f"`{name}` is no recommendation. {did_you_mean(name, self.standings)}")
        return self.standings[name]

    def _truth(self, pair: Pair) -> NDArray[np.int8]:
        true, false = (self._unpacked(self._row(wire)) for wire in pair)
        return np.where(true, 1, np.where(false, 0, 2)).astype(np.int8)

    def _by_status(self, name: str, byte: int | None = None) -> dict[int, Any]:
        """The bits of every status but "not applicable": of all patients, or one byte of them."""
        (holds, fails), (acts, rests) = (
            tuple(self._row(wire) if byte is None else int(self._row(wire)[byte]) for wire in pair)
            for pair in self._standing(name)
        )
        return {
            APPLIES: holds & acts,
            PROVISIONAL: holds & ~(acts | rests),
            UNDETERMINED: ~(holds | fails | rests),
            DEFEATED: holds & rests,
        }

    def _row(self, wire: Gate) -> Bits:
        if wire in (ZERO, ONE):
            return np.full(-(-self.patients // 8), 255 * wire, dtype=np.uint8)
        return self.bits[wire][: -(-self.patients // 8)]

    def _unpacked(self, row: Bits) -> NDArray[np.bool_]:
        return np.unpackbits(row, count=self.patients, bitorder="little").view(np.bool_)


def count(row: Bits, patients: int) -> int:
    """How many bits are on, without those after the last patient."""
    row = row[: -(-patients // 8)]
    over = patients % 8
    last = int(row[-1]) >> over << over if over else 0
    return int(np.bitwise_count(row).sum(dtype=np.int64)) - last.bit_count()
