"""Patient documents with mistakes of every kind, as people and laboratories make them."""

from __future__ import annotations

import random
from typing import Any

from guidegraph.program import Input, Program
from guidegraph.units import COMMON, SPELLINGS
from guidegraph.units.spellings import SEVERAL

NUMBERS: list[Any] = [
    *("840", " 0.5 ", "1e3", "-1", "1.23456", "00", "1,000", "1.000,5", "<500", "≤ 3", ">10"),
    *("", "n/a", "840 ug/L", "٣", "1_000", "9" * 41, "12345678901234567890", "\ufeff5", "4E-2"),
    *(840, 0.5, 1e21, True, None, [], {}),
]
UNITS: list[Any] = [
    *SPELLINGS,
    *COMMON,
    *SEVERAL,
    *("µg/L", "μg / L", "ug{FEU}/L", "mg/L FEU", "ng/mL (DDU)", "ug/l", "UG/ML", "ng/ML"),
    *("mcg/mL", "10⁹/L", "x10^9/L", "10**9/L", "10E9/L", "10(9)/L cells", "109/L", "{cells}/uL"),
    *("24.h", "mL/min/{1.73_m2}", "mL/min/1.73.m2", "kg.m⁻²", "(mg/L)", "((g)/L", "/min", "//min"),
    *("g/", "", " ", "x" * 61, "ugg/L", "µg", "dag/L", "mm Hg", "deg C", "kIU/L", "g%", "1", "%"),
    *("10*0", "m-3", "FEU", "{score}", "{FEU}", "cells/mm3", "K/µL", "Yg/L", "da", "10*", "g0/L"),
    *("2.g/L", "u\x07g", 7, None, True, ["ug/L"], {}),
]
MINUTES: list[Any] = [0, -30, "15", 10.5, "10.0", "1e3", 10**9, None, [], "٣", True]
INSTANTS: list[Any] = [
    *("2020-04-01T09:10:00+02:00", "2020-04-01T09:10Z", "2020-04-01T09:10:59.999999999-11:59"),
    *("2020-04-01T09:10", "2020-04-01", "2020-02-30T09:10Z", "2020-02-29T24:00Z"),
    *("1900-02-29T00:00Z", "0001-01-01T00:00+05:00", "9999-12-31T23:59-10:00"),
    *("2020-04-01T09:10+02:99", "0000-01-01T00:00Z", "2020-04-01T09:10+24:00"),
    *("2020-04-01t09:10z", " 2020-04-01T09:10Z", "", 20200401, None),
]
TIMES: list[dict[str, Any]] = [
    *({"minutes": each} for each in MINUTES),
    *({"at": each} for each in INSTANTS),
    {"at": "2020-04-01T09:10Z", "minutes": 3},
    {},
]
ANSWERS: list[Any] = [
    *(True, False, None, "yes", " NEE ", "true", "maybe", 1, 0, [], {}, "confirmed", "confirmd"),
    *({"value": True}, {"value": None}, {"val": True}, {"value": "no", "minutes": -100000}),
    *({"value": True, "minutes": -100000}, {"value": True, "at": "2020-01-01T00:00Z", "by": 3}),
]
NOWS: list[Any] = [{"minutes": 3000}, {"minutes": 3000}, "2020-04-03T10:00:00Z", None, 3, "x"]


def messy(program: Program, chance: random.Random) -> dict[str, Any]:
    """A document about the data of a program, with mistakes."""
    anchor = {program.anchor: "2020-04-01T08:00:00+02:00"}
    found: dict[str, Any] = {
        "now": chance.choice(NOWS),
        "anchors": chance.choice([anchor, anchor, {}, None, {"x": 1}, 3]),
        "facts": {each.name: _fact(each, chance) for each in program.inputs if _often(chance)},
    }
    if chance.random() < 0.3:
        found["facts"][chance.choice(["d-dimr", "Age", "zzz"])] = 3
    if chance.random() < 0.3:
        found[chance.choice(["fact", "notes", "$schema"])] = 1
    if chance.random() < 0.3:
        found["settings"] = {
            each.name: chance.choice(each.codes) if each.codes else _amount(each.unit, None, chance)
            for each in program.settings
            if chance.random() < 0.5
        }
    return found


def _often(chance: random.Random) -> bool:
    return chance.random() < 0.8


def _fact(each: Input, chance: random.Random) -> Any:
    if each.kind in ("boolean", "code"):
        return chance.choice([*each.codes, *ANSWERS])
    if each.kind == "quantity":
        found = _amount(each.unit, each.basis, chance)
        is_timed = isinstance(found, dict) and chance.random() < 0.4
        return {**found, **chance.choice(TIMES)} if is_timed else found
    samples = [_amount(each.unit, each.basis, chance) for _ in range(chance.randint(0, 4))]
    return [{**one, **_time(chance)} if isinstance(one, dict) else one for one in samples]


def _time(chance: random.Random) -> dict[str, Any]:
    usual = {"minutes": chance.choice([0, 30, 2000])}
    return chance.choice(TIMES) if chance.random() < 0.2 else usual


def _amount(unit: str | None, basis: str | None, chance: random.Random) -> Any:
    value = chance.choice(NUMBERS) if chance.random() < 0.2 else str(chance.randint(0, 4000))
    other = chance.choice(UNITS) if chance.random() < 0.2 else unit or "1"
    if chance.random() < 0.05:
        return value
    found = {"value": value, "unit": other}
    if basis is not None or chance.random() < 0.05:
        found["basis"] = chance.choice([*[basis] * 8, "DDU", 1])
    if chance.random() < 0.05:
        found[chance.choice(["Unit", "note", "by"])] = "x"
    return {name: each for name, each in found.items() if chance.random() < 0.98}
