"""The wire form: the integers, answers and codes that every generated target reads."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from guidegraph.kernel import Value
from guidegraph.patient.record import Patient
from guidegraph.program import Program

Wire = int | bool | str | list[list[int]] | None


def to_wire(patient: Patient, program: Program) -> dict[str, object]:
    """A patient as generated targets receive it; no unit and no fraction is left.

    ::

        {"facts": {"now": 2940, "admitted": true, "age": 71, "covid-status": "confirmed",
                   "d-dimer": [[70, 840000], [2880, 2400000]], "imaging-feasible": null},
         "settings": {"ddimer-strong-rise": 2000000}}

    * A quantity is the integer ``value * 10**scale``: how many steps of the last declared decimal
      place of its canonical unit (``unit`` and ``scale`` of the program's ``Input``, ``Setting``).
    * A series is a list of ``[minute, integer]``, ascending, each minute once. ``[]`` means that
      none was taken.
    * A time (``now``, the minutes of a series) is a whole number of minutes from the reference
      anchor, counted in UTC; before the anchor it is negative.
    * An answer is ``true`` or ``false``, a code is a text. ``null`` is unknown, for every kind;
      every input of the program and ``now`` is there. A setting is never ``null``.

    Integers stay below ``2**53`` for plausible values, so doubles hold them exactly.
    """
    facts = {each.name: each.scale for each in program.inputs}
    settings = {each.name: each.scale for each in program.settings}
    return {
        "facts": _all(patient.inputs, {**facts, "now": 0}),
        "settings": _all(patient.settings, settings),
    }


def _all(values: Mapping[str, Value], scales: Mapping[str, int]) -> dict[str, Wire]:
    return {name: wire_value(value, scales[name]) for name, value in values.items()}


def wire_value(value: Value, scale: int) -> Wire:
    """One value of the kernel in the wire form.

    Raises:
        ValueError: a number is finer than ``scale`` decimal places, so it has no wire form.
    """
    if isinstance(value, Fraction):
        return _integer(value, scale)
    if isinstance(value, tuple):
        return [[minute, _integer(each, scale)] for minute, each in value]
    return value


def _integer(value: Fraction, scale: int) -> int:
    scaled = value * Fraction(10) ** scale
    if scaled.denominator != 1:
        msg = f"{value} is finer than {scale} decimal places"
        raise ValueError(msg)
    return scaled.numerator
