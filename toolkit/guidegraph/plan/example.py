"""A witness as a patient file, which people and ``guidegraph decide`` read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any

from guidegraph.patient import written
from guidegraph.program import Program
from guidegraph.proof import WirePatient


def patient_file(
    program: Program,
    patient: WirePatient,
    chosen: Mapping[str, Fraction | str],
    at_default: Collection[str],
) -> dict[str, Any]:
    """The patient file of a patient in wire form.

    ``chosen`` are settings that hold on both sides; those ``at_default`` have another default on
    each side, so the file leaves them out.
    """
    scales = {each.name: each.scale for each in program.settings}
    settings = {
        name: each for name, each in patient["settings"].items() if name not in at_default
    } | {
        name: int(each * 10 ** scales[name]) if isinstance(each, Fraction) else each
        for name, each in chosen.items()
        if name in scales
    }
    return written(program, {"facts": patient["facts"], "settings": settings})
