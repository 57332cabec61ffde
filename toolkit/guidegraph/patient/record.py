"""What is known about a patient after normalisation, and where each value came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from guidegraph.diagnostic import Location
from guidegraph.kernel import Value

Reason = Literal[
    "missing",
    "null",
    "conflict",
    "type",
    "number",
    "censored",
    "unit",
    "basis",
    "code",
    "time",
    "future",
    "implausible",
    "resolution",
    "expired",
]
"""Why an input is unknown.

``missing``: the file does not speak of it. ``null``: it says that it is not known. ``conflict``:
two values for one moment. ``type``: not the form this input has. ``number``, ``unit``, ``basis``,
``code``, ``time``: that part cannot be used. ``censored``: only a limit is given ("<500").
``future``: later than now. ``implausible``, ``resolution``: outside what the guideline declares.
``expired``: too old. A reason explains; it never changes what is true.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Datum:
    """One value of a patient file, for the trace.

    ``text``, ``unit`` and ``basis`` are as written; ``minute`` counts from the reference anchor;
    ``value`` is in the canonical unit, and None where the text could not be used.
    """

    text: str
    at: Location
    value: Fraction | bool | str | None
    unit: str | None = None
    basis: str | None = None
    minute: int | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """A patient as the kernel sees it.

    ``inputs`` has every input of the program and ``now`` (minutes from the reference anchor), each
    a ``kernel.Value`` in canonical units; None is unknown and has its reason in ``unknown``.
    ``settings`` has every setting of the program. ``data`` holds what the file said, in the order
    of time, also for inputs that became unknown.
    """

    inputs: Mapping[str, Value]
    settings: Mapping[str, Value]
    unknown: Mapping[str, Reason]
    data: Mapping[str, tuple[Datum, ...]]

    @property
    def now(self) -> int | None:
        """The minute of the decision, counted from the reference anchor; None if not known."""
        held = self.inputs["now"]
        return int(held) if isinstance(held, Fraction) else None
