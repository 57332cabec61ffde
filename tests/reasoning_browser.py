"""The scripts of "Try a patient" in Node, held to what the command line says."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from guidegraph.agree import node
from guidegraph.evaluate import decide
from guidegraph.evaluate.explanation import explain
from guidegraph.model import Guideline
from guidegraph.patient import Patient, read_patient, to_wire
from guidegraph.program import Program
from guidegraph.site.addresses import Addresses
from guidegraph.site.build import THEME
from guidegraph.site.parts import REASONING
from guidegraph.site.reasoning import model_script

CALLS = Path(__file__).parent / "reasoning_calls.mjs"


class Browser:
    """The scripts of one guideline in Node."""

    def __init__(self) -> None:
        scripts = [str(THEME / "assets" / name) for name in REASONING.scripts if name != "model.js"]
        command = [shutil.which("node") or "node", str(CALLS), *scripts]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self.program: Program | None = None

    def load(self, guideline: Guideline, program: Program) -> None:
        if program is not self.program:
            text = model_script(guideline, program, Addresses(guideline))
            assert self._say({"model": text}) is True
            self.program = program

    def ask(self, *calls: tuple[Any, ...]) -> list[Any]:
        answers = self._say({"calls": calls})
        for each in answers:
            assert not (isinstance(each, dict) and "thrown" in each), each["thrown"]
        return answers

    def _say(self, line: dict[str, Any]) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@contextmanager
def started() -> Iterator[Browser]:
    """The scripts, ready to be asked; the test is skipped where Node is not there."""
    if missing := node.missing():
        pytest.skip(missing)
    browser = Browser()
    yield browser
    browser.process.kill()
    browser.process.communicate()


# --- both sides in one form -----------------------------------------------------------------------

PLACES = ("file", "line", "path")


def placeless(told: Any) -> Any:
    """What is told without places in a file or document."""
    if isinstance(told, dict):
        return {name: placeless(each) for name, each in told.items() if name not in PLACES}
    return [placeless(each) for each in told] if isinstance(told, list) else told


def wire(value: Any) -> Any:
    """A wire value as the runner writes it: what a double cannot hold is a bigint there."""
    if isinstance(value, dict):
        return {name: wire(each) for name, each in value.items()}
    if isinstance(value, list):
        return [wire(each) for each in value]
    is_big = isinstance(value, int) and abs(value) >= 2**53
    return {"big": str(value)} if is_big else value


def reading_of(program: Program, text: str) -> tuple[Patient | None, Any, Any]:
    """What the command line reads: the patient, the same as JSON, the findings."""
    patient, findings = read_patient(text, program, name="patient.json")
    problems = [
        {
            "code": each.code,
            "severity": str(each.severity),
            "message": each.message,
            **({"why": each.why} if each.why else {}),
            **({"help": each.help} if each.help else {}),
            **({"input": each.subject} if each.subject else {}),
        }
        for each in findings
    ]
    if patient is None:
        return None, {"problems": problems}, findings
    reading = {
        **{name: wire(each) for name, each in to_wire(patient, program).items()},
        "unknown": dict(patient.unknown),
        "problems": problems,
    }
    return patient, reading, findings


def compare(
    browser: Browser,
    guideline: Guideline,
    program: Program,
    text: str,
    document: Any = None,
    names: Sequence[str] | None = None,
) -> None:
    """Hold what the browser says of a patient to what the command line says.

    ``names`` are the recommendations to explain (None: all).
    """
    browser.load(guideline, program)
    given = text if document is None else document
    patient, reading, findings = reading_of(program, text)
    found, decided = browser.ask(("patient.read", given), ("reason.decide", given))
    if patient is None:
        assert placeless(found["problems"]) == reading["problems"]
        assert found["settings"] is None
        assert decided["decided"] is False
        return
    found.pop("data")
    assert placeless(found) == reading
    decision = decide(guideline, program, patient, findings)
    assert placeless(decided) == {"decided": True, **placeless(decision.to_json())}
    if names is None:
        names = [each.recommendation.id for each in decision.advice]
    told = browser.ask(*(("reason.explain", given, each) for each in names))
    for each, wanted in zip(told, explain(guideline, program, patient, names), strict=True):
        assert placeless(each) == placeless(wanted.to_json())
