"""Columns of patients that are refused or told about, and in which words."""

from __future__ import annotations

import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from guidegraph.batch import Decisions, Series, Written, decide_many
from guidegraph.diagnostic import has_findings
from guidegraph.errors import GuidelineError
from guidegraph.kernel import Agg, And, Const, In, Ref, compare
from guidegraph.program import Input, Program
from guidegraph.report import render
from random_programs import INPUTS, program, rule

AGE = Input(
    name="age",
    label="Age",
    question="?",
    kind="quantity",
    unit="a",
    low=Fraction(0),
    high=Fraction(120),
)
D_DIMER = Input(
    name="d-dimer",
    label="D-dimer",
    question="?",
    kind="series",
    unit="ug/L",
    scale=3,
    low=Fraction(10),
    high=Fraction(200_000),
    basis="FEU",
)
WEIGHT = next(each for each in INPUTS if each.name == "weight")
STATE = next(each for each in INPUTS if each.name == "state")
ADMITTED = next(each for each in INPUTS if each.name == "in")


def table() -> Program:
    """One rule over each kind of input."""
    guard = And(
        (
            compare(">=", Ref("input", "age"), Const(Fraction(65))),
            compare("<", Agg("first", "d-dimer"), Const(Fraction(1000))),
            compare("<", Ref("input", "weight"), Const(Fraction(601, 10))),
            In(Ref("input", "state"), ("c",)),
            Ref("input", "in"),
        )
    )
    inputs = (AGE, D_DIMER, WEIGHT, STATE, ADMITTED)
    return program(rules=(rule("R", guard),), inputs=inputs)


def _decided(columns: object, **more: object) -> Decisions:
    return decide_many(table(), columns, **more)  # type: ignore[arg-type]


def _series(*samples: tuple[int, int]) -> Series:
    minutes, values = zip(*samples, strict=True)
    return Series(offsets=[0, len(samples)], minutes=minutes, values=np.array(values))


SITUATIONS: dict[str, Callable[[], Decisions]] = {
    "misspelt": lambda: _decided({"agee": np.array([71])}),
    "lengths": lambda: _decided(
        {
            "age": np.array([71, 40]),
            "weight": np.array([700, 655]),
            "in": np.array([True]),
        }
    ),
    "floats": lambda: _decided(
        {"weight": np.array([70.5])}, written={"weight": Written(unit="kg")}
    ),
    "code": lambda: _decided({"state": np.array(["none", "a or c"])}),
    "large": lambda: _decided({"weight": np.array([2**64 - 1], dtype=np.uint64)}),
    "unit": lambda: _decided({"age": np.array([71])}, written={"age": Written(unit="kg")}),
    "implausible": lambda: _decided({"age": np.array([71, 710, 40])}),
    "finer": lambda: _decided({"age": ["71", "40.5"]}, written={"age": Written(unit="a")}),
    "same-minute": lambda: _decided({"d-dimer": _series((70, 840_000), (70, 900_000))}),
    "numba": lambda: _decided({"age": np.array([71])}, engine="numba"),
}


def told(example: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, int]:
    """What a person is told in the situation that a file names in one word, and the exit code."""
    word = example.read_text(encoding="utf-8").strip()
    if word == "numba":
        monkeypatch.setitem(sys.modules, "numba", None)
    try:
        found = SITUATIONS[word]().findings
    except GuidelineError as refused:
        found = refused.findings
    return render(found, "text"), int(has_findings(found))
