"""A comparison of targets as people read it: counts, and each counterexample in words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from textwrap import wrap
from typing import Any

from guidegraph.agree.base import WirePatient
from guidegraph.agree.replay import Replay
from guidegraph.agree.report import SILENT, Counterexample, Report
from guidegraph.evaluate.status import STATUSES
from guidegraph.kernel import Truth
from guidegraph.model import Guideline
from guidegraph.program import Input, Program, Setting
from guidegraph.wording import amount, moment, plural, readable

WIDTH = 100
TRUTHS: dict[Truth, str] = {True: "true", False: "false", None: "unknown"}


def render(found: Report | Replay, guideline: Guideline, program: Program) -> str:
    """The report: a line per target, what did not run, then every counterexample.

    Of one patient: the patient in words, the statuses, and what each target says otherwise.
    """
    words = _Words(guideline, program)
    if isinstance(found, Replay):
        return "\n".join([*_replayed(found, words), *_left_out(found)]) + "\n"
    return "\n".join([*_counts(found), *_left_out(found), *_examples(found, words)]) + "\n"


def _replayed(found: Replay, words: _Words) -> Iterator[str]:
    yield from words.patient(found.patient)
    yield ""
    for rule, status in found.reference.items():
        yield f"{rule}: {status}"
    yield ""
    for target, told in found.told.items():
        differing = found.differing(target)
        yield f"{target} {'disagrees' if differing else 'agrees'}"
        for rule in differing:
            yield f"  {rule}: {_heard(told.get(rule, SILENT))}"


def _counts(report: Report) -> Iterator[str]:
    asked = plural(report.patients, "patient")
    yield f"{report.guideline}: {asked}, seed {report.seed}, {_compared(report)}"
    width = max((len(each.target) for each in report.tallies), default=0)
    for each in report.tallies:
        found = plural(each.divergences, "divergence") if each.divergences else "agrees"
        fewer = " (fewer than asked)" if each.patients < report.patients else ""
        yield (
            f"  {each.target:{width}}  {readable(each.evaluations):>13} statuses of "
            f"{plural(each.patients, 'patient')}{fewer}: {found}"
        )


def _compared(report: Report) -> str:
    total = plural(report.evaluations, "status", "statuses")
    return f"{total} compared, {plural(report.divergences, 'divergence')}"


def _left_out(report: Report | Replay) -> Iterator[str]:
    for name, why in report.errors.items():
        yield f"  {name} stopped: {why}"
    for name, why in report.skipped.items():
        yield f"  {name} did not run: {why}"


def _examples(report: Report, words: _Words) -> Iterator[str]:
    for each in report.examples:
        yield ""
        yield from words.counterexample(each)


class _Words:
    """Speaks of the data and recommendations of one guideline."""

    def __init__(self, guideline: Guideline, program: Program) -> None:
        self.anchor = guideline.anchor_words
        self.inputs = {each.name: each for each in program.inputs}
        self.settings = {each.name: each for each in program.settings}
        self.labels = {each.name: each.label for each in program.definitions}

    def counterexample(self, found: Counterexample) -> Iterator[str]:
        """What differs, about whom, and the JSON to try it again."""
        label = self.labels.get(found.rule, "")
        yield f"{found.target} disagrees on {found.rule}  {label}".rstrip()
        why = f" (guard {TRUTHS[found.guard]}, effective {TRUTHS[found.effective]})"
        yield f"  reference: {found.expected}{why if found.expected in STATUSES else ''}"
        yield f"  {found.target}: {_heard(found.told)}"
        if found.parting:
            each = found.parting
            label = self.labels.get(each.criterion, "")
            yield (
                f"  they part at {each.criterion} ({label}): reference {TRUTHS[each.expected]}, "
                f"{found.target} {TRUTHS[each.told]}"
            )
        yield "  patient:"
        for line in self.patient(found.patient):
            yield from wrap(line, WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 6)
        yield "  to try it again, save this and name it with --patient:"
        yield f"    {_json(found.patient)}"

    def patient(self, patient: WirePatient) -> Iterator[str]:
        """A line per datum and chosen setting."""
        facts, settings = patient["facts"], patient.get("settings") or {}
        for name, value in facts.items():
            if name == "now":
                yield f"decided {self._moment(value)}"
            elif name in self.inputs:
                yield f"{self.inputs[name].label}: {self._value(self.inputs[name], value)}"
        for name, value in settings.items():
            if name in self.settings:
                yield f"{self.settings[name].label} (site setting): " + self._value(
                    self.settings[name], value
                )
        if not facts:
            yield "nothing is known"

    def _moment(self, minute: int | None) -> str:
        return "at a moment not known" if minute is None else moment(minute, self.anchor)

    def _value(self, declared: Input | Setting, value: Any) -> str:
        if value is None:
            return "not known"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, str):
            return value
        if isinstance(value, int):
            return amount(Fraction(value, 10**declared.scale), declared.unit)
        samples = [
            f"{self._value(declared, each)} {moment(minute, self.anchor)}" for minute, each in value
        ]
        return "; ".join(samples) or "none taken"


def _heard(told: str) -> str:
    return "says nothing about it" if told == SILENT else told


def _json(patient: WirePatient) -> str:
    kept: Mapping[str, Any] = {
        part: patient[part] for part in ("facts", "settings") if part in patient
    }
    return json.dumps(kept, ensure_ascii=False)
