"""Columns of numbers: what they mean in wire form, and what of them cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guidegraph import units
from guidegraph.batch.circuit import EXACT, Circuit
from guidegraph.batch.columns import Mask, Numbers, Samples, Series, Written
from guidegraph.batch.exact import Converted, Exact, converted
from guidegraph.batch.faults import Faults, refuse, refuse_row
from guidegraph.batch.held import Held, exact, held
from guidegraph.batch.measurements import in_order
from guidegraph.kernel import NOW, Agg, Datum, Ref
from guidegraph.program import Input
from guidegraph.wording import plain

MINUTES = Input(name="now", label="Now", question="", kind="quantity", unit="min")
"""The time of the decision: whole minutes from the reference anchor."""
_MINUTES = "Count from the reference anchor; before it minutes are negative."


@dataclass(frozen=True, slots=True)
class Amounts:
    """Reads the columns of numbers of one table.

    ``written`` says how each is written; None: all are integers in wire form.
    """

    circuit: Circuit
    written: Mapping[str, Written] | None
    faults: Faults

    def numbers(self, declared: Input, given: Held) -> Numbers:
        """One number per patient. What is implausible is found while deciding: see ``tell``."""
        values, missing = self._wire(declared, given)
        low, high = self._span(declared)
        return Numbers(values=values, missing=missing, low=low, high=high)

    def series(self, declared: Input, given: Held) -> Samples:
        """The samples in order; whoever has one that cannot be used has an unknown series."""
        name = declared.name
        if not isinstance(given, Series):
            refuse(
                "M103",
                name,
                f"Column `{name}` must hold a series of measurements for every patient.",
                "Pass a Series, or an Arrow list of structs with the fields minute and value.",
            )
        values, missing = self._wire(declared, held(name, given.values))
        low, high = self._span(declared)
        column = Numbers(values=values, missing=missing, low=low, high=high)
        strange = column.strange()
        if strange.any():
            self.tell(declared, column)
            missing = strange if missing is None else missing | strange
        minutes = self._minutes(name, given)
        return in_order(name, given, minutes, Exact(values, missing), self.faults)

    def _minutes(self, name: str, given: Series) -> Exact:
        """The minutes of a series as whole numbers.

        Raises:
            ReadError: one is none.
        """
        read = exact(name, held(name, given.minutes), None)
        found = converted(read, Fraction(1))
        if found.finer.any():
            place = int(np.argmax(found.finer))
            text = plain(Fraction(int(read.values[place]), 10**read.places))
            what = f"The minutes of column `{name}` are not all whole: {text}."
            refuse("M104", name, what, _MINUTES)
        return Exact(found.values, read.missing)

    def tell(self, declared: Input, column: Numbers) -> None:
        """Tell what is implausible; refuse what is beyond any exact sum.

        Raises:
            ReadError: nothing declared bounds the input, and a number is too large.
        """
        strange = large = column.strange()
        steps = 10**declared.scale
        if declared.low is not None:
            large = large & (column.values >= ceil(declared.low * steps))
        if declared.high is not None:
            large = large & (column.values <= floor(declared.high * steps))
        if large.any():
            _refuse_large(declared.name, int(np.argmax(large)))
        ends = ("…" if each is None else plain(each) for each in (declared.low, declared.high))
        self.faults.unusable(
            "M107",
            declared.name,
            strange,
            "is implausible",
            f"Plausible is {' to '.join(ends)} {_named(declared)}.",
            "Check the numbers and the unit of the column.",
        )

    def _wire(self, declared: Input, given: Held) -> tuple[NDArray[Any], Mask | None]:
        """Wire values and what is missing; what has no wire value is missing and told."""
        name = declared.name
        written = self._checked(declared, given)
        read = exact(name, given, written.decimals if written else None)
        if written is None:
            return read.values, read.missing
        factor = _factor(name, written, declared) * 10**declared.scale
        found = converted(read, factor)
        gone = read.missing
        lost = found.finer | found.beyond
        if lost.any():
            lost = lost if gone is None else lost & ~gone
            self._told_lost(declared, found, lost)
            gone = lost if gone is None else gone | lost
        return found.values, gone

    def _checked(self, declared: Input, given: Held) -> Written | None:
        """How a column of numbers is written; None for wire values."""
        name = declared.name
        if self.written is None or declared is MINUTES:
            if not (isinstance(given, tuple) and given[0].dtype.kind in "iu"):
                if declared is MINUTES:
                    refuse("M103", name, "Column `now` must hold whole minutes.", _MINUTES)
                refuse(
                    "M106",
                    name,
                    f"The unit of column `{name}` is not stated.",
                    f'Pass written={{"{name}": Written(unit="{_named(declared)}")}}, with the '
                    "unit the numbers are in.",
                    why="Without a unit only integers are read: as counts of the last declared "
                    f"decimal place ({declared.scale}) of `{_named(declared)}`.",
                )
            return None
        if name not in self.written:
            refuse(
                "M106",
                name,
                f"The unit of column `{name}` is not stated, but those of others are.",
                f'Add "{name}": Written(unit="…") to `written`.',
                why="Where one column is in a unit of its own, none is assumed for the others.",
            )
        stated = self.written[name]
        if declared.basis not in (None, stated.basis):
            refuse(
                "M106",
                name,
                f"Column `{name}` must be expressed in {declared.basis}, "
                + (f"not in {stated.basis}." if stated.basis else "which is not stated."),
                f'If it is, write Written(unit="{stated.unit}", basis="{declared.basis}").',
                why="Results on another basis are other numbers for the same blood; they are "
                "never converted.",
            )
        return stated

    def _span(self, declared: Input, datum: Datum | None = None) -> tuple[int, int]:
        """The smallest and the largest wire value that is used."""
        at = datum or (NOW if declared is MINUTES else Ref("input", declared.name))
        limits = [limit for each, limit in self.circuit.limits.items() if _is_of(each, at)]
        most = min(limits, default=EXACT)
        steps = 10**declared.scale
        low = -most if declared.low is None else max(-most, ceil(declared.low * steps))
        high = most if declared.high is None else min(most, floor(declared.high * steps))
        return low, high

    def _told_lost(self, declared: Input, found: Converted, lost: Mask) -> None:
        name = declared.name
        beyond = found.beyond & lost
        if beyond.any() and (declared.low is None or declared.high is None):
            _refuse_large(name, int(np.argmax(beyond)))
        self.faults.unusable(
            "M107",
            name,
            beyond,
            "is implausible",
            "It is too large to be written as a whole number of 64 bits.",
            "Check the numbers and the unit of the column.",
        )
        self.faults.unusable(
            "M108",
            name,
            found.finer & lost,
            "is finer than the guideline can compare",
            f"In `{_named(declared)}`, {declared.scale} decimal places are declared, and nothing "
            "is rounded.",
            "Give the values as the laboratory reported them, in the unit it reported.",
        )


def _is_of(limited: Datum, datum: Datum) -> bool:
    """Whether a limit is one of a datum, or of something picked from it as a series."""
    if isinstance(limited, Agg) and isinstance(datum, Ref):
        return limited.fn not in ("count", "run") and limited.series == datum.name
    return limited == datum


def _refuse_large(name: str, row: int) -> None:
    refuse_row(
        "M105",
        name,
        row,
        "the number is too large to be compared exactly.",
        "Check the number and its unit; leave it missing if it is not known.",
        why="The guideline states no plausible range for it, and sums are made in 64 bits.",
    )


def _factor(name: str, written: Written, declared: Input) -> Fraction:
    """How many canonical units the stated unit is."""
    canonical = _named(declared)
    try:
        return units.meant(written.unit, canonical).factor / units.parse(canonical).factor
    except units.UnitError as fault:
        return refuse(
            "M106",
            name,
            f"The unit `{written.unit}` of column `{name}` cannot be converted into `{canonical}`.",
            "Write the UCUM code of the unit the numbers are in.",
            why=str(fault),
        )


def _named(declared: Input) -> str:
    return declared.unit or "1"
