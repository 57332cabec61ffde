"""From the integers that targets read back to a patient file, as people write it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from guidegraph.program import Input, Program, Setting
from guidegraph.wording import plain

NOBODY: Mapping[str, Any] = {"facts": {}, "settings": {}}
"""A patient in wire form of whom nothing is known."""


def written(
    program: Program, patient: Mapping[str, Any], beneath: Mapping[str, Any] = NOBODY
) -> dict[str, Any]:
    """What differs from the patient ``beneath`` (both in wire form), as a patient file has it."""
    inputs = {each.name: each for each in program.inputs}
    chosen = {each.name: each for each in program.settings}
    facts, told = patient["facts"], {}
    if facts.get("now") != beneath["facts"].get("now"):
        now = facts.get("now")
        told["now"] = None if now is None else {"minutes": now}
    told["facts"] = {
        name: _fact(each, facts.get(name))
        for name, each in inputs.items()
        if facts.get(name) != beneath["facts"].get(name)
    }
    settings = {
        name: _amount(each, value) if isinstance(value, int) else value
        for name, each in chosen.items()
        if (value := patient["settings"].get(name)) is not None
        and value != beneath["settings"].get(name)
    }
    return {key: value for key, value in {**told, "settings": settings}.items() if value != {}}


def _fact(declared: Input, value: Any) -> Any:
    if isinstance(value, list):
        return [{"minutes": minute, **_amount(declared, each)} for minute, each in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return _amount(declared, value)
    return value


def _amount(declared: Input | Setting, value: int) -> dict[str, str]:
    exact = plain(Fraction(value, 10**declared.scale))
    basis = declared.basis if isinstance(declared, Input) else None
    return {
        "value": exact,
        **({"unit": declared.unit} if declared.unit else {}),
        **({"basis": basis} if basis else {}),
    }
