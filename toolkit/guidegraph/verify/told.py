"""A verification as people read it on a terminal, and as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.lower import lower
from guidegraph.model import AcceptedFinding, Guideline
from guidegraph.patient import written
from guidegraph.program import Program
from guidegraph.proof import WirePatient
from guidegraph.readings import Robustness
from guidegraph.verify.result import Finding, Open, Proved, VerificationReport
from guidegraph.verify.shortfalls import named, shortfalls, title
from guidegraph.wording import plural, readable

REASONS = {"effort": "more steps than allowed", "time": "no time left"}
"""Why something is not proved."""


def counted(report: VerificationReport) -> str:
    """``1 error, 2 warnings, 0 notes; 1 accepted; 3 not proved``."""
    counts = Counter(each.severity for each in report.open_findings)
    told = ", ".join(plural(counts[each], each.value) for each in Severity)
    if accepted := len(report.accepted_findings):
        told += f"; {readable(accepted)} accepted"
    return told + (f"; {readable(len(report.open))} not proved" if report.open else "")


def examined(report: VerificationReport) -> str:
    """How many readings were looked at: ``72 of 72 readings``."""
    total = report.readings.total
    word = "reading" if total == 1 else "readings"
    return f"{readable(len(report.readings.choices))} of {readable(total)} {word}"


def only_if(guideline: Guideline, holds: Robustness) -> str:
    """With which interpretations something holds; empty where none decides it.

    ``with “Which ends belong to a band?” read as “Both” or “The lower”, or with …``
    """

    def point(name: str, readings: tuple[str, ...]) -> str:
        taken = " or ".join(named(guideline, (each,)) for each in readings)
        return f"{named(guideline, (name,))} read as {taken}"

    return ", or with ".join(
        " and ".join(point(name, readings) for name, readings in choice) for choice in holds.only_if
    )


# --- for a terminal -------------------------------------------------------------------------------


def in_words(guideline: Guideline, report: VerificationReport) -> Iterator[str]:
    """The lines of the report; paragraphs are parted by an empty one."""
    partial = "; the result is partial" if report.is_partial else ""
    yield f"{guideline.header.label}: {counted(report)}."
    yield f"Looked at {examined(report)}, all patients{partial}."
    for finding in (*report.open_findings, *report.accepted_findings):
        yield ""
        yield from _finding(guideline, finding)
    for besides in shortfalls(guideline, report):
        yield ""
        yield from _besides(besides)
    if report.proved:
        yield ""
        yield "Proved, as declared"
        yield from (f"  {line}" for each in report.proved for line in _proved(guideline, each))
    if report.open:
        yield ""
        yield "Not proved"
        yield from (f"  {_open(guideline, each)}" for each in report.open)


def _finding(guideline: Guideline, each: Finding) -> Iterator[str]:
    shown, at = each.shown, each.diagnostic.at
    yield f"{each.severity}[{each.code}]: {shown.message}"
    if at:
        yield f"  --> {at} ({', '.join(shown.subjects)})"
    if shown.where:
        yield from _region("  where: ", shown.where)
    if shown.witness:
        yield f"  for example: {shown.witness}"
    yield from _robust(guideline, each.robustness)
    for variant in each.variants[1:]:
        told = f"  but in {readable(len(variant.readings))} of them: "
        if variant.shown.message != shown.message:
            yield told + variant.shown.message
        elif variant.shown.where:
            yield from _region(f"{told}where ", variant.shown.where)
    if shown.why:
        yield f"  why: {shown.why}"
    if each.recorded:
        labels = (f"{named(guideline, (name,))} ({name})" for name in each.recorded)
        yield f"  recorded as: {'; '.join(labels)}"
    if each.accepted:
        yield f"  accepted: {each.accepted.told}"
    elif shown.help:
        yield f"  help: {shown.help}"


def _region(before: str, where: str) -> Iterator[str]:
    """A region in one line, or each of its boxes in a line of its own."""
    boxes = where.split("; or ")
    if len(boxes) == 1:
        yield before + where
        return
    yield f"{before}any of"
    yield from (f"    - {box}" for box in boxes)


def _robust(guideline: Guideline, holds: Robustness) -> Iterator[str]:
    """In how many readings; each choice with which alone it holds in a line of its own."""
    if len(holds.only_if) < 2:
        yield f"  in {robust(guideline, holds)}"
        return
    yield f"  in {holds}, only with one of"
    for choice in holds.only_if:
        yield f"    - {only_if(guideline, replace(holds, only_if=(choice,)))}"


def robust(guideline: Guideline, holds: Robustness) -> str:
    """``36 of 72 readings, only with “Which ends belong …” read as “Both”``."""
    decided = only_if(guideline, holds)
    return f"{holds}, only with {decided}" if decided else str(holds)


def _besides(each: Diagnostic) -> Iterator[str]:
    yield f"{each.severity}[{each.code}]: {each.message}"
    if each.at:
        yield f"  --> {each.at} ({each.subject})"
    yield f"  why: {each.why}"
    yield f"  help: {each.help}"


def _proved(guideline: Guideline, each: Proved) -> Iterator[str]:
    yield f"{each.what} ({', '.join(each.subjects)}), in {robust(guideline, each.robustness)}"


def _open(guideline: Guideline, each: Open) -> str:
    why = " and ".join(REASONS.get(reason, reason) for reason in each.reasons)
    return f"{title(each.code)} about {named(guideline, each.subjects)}: {why}, {each.robustness}"


# --- as data --------------------------------------------------------------------------------------


def as_data(guideline: Guideline, report: VerificationReport) -> dict[str, Any]:
    """All of a verification as plain values, for JSON.

    Witnesses are in the form of a patient file: ``guidegraph decide`` takes them as they are, with
    the readings that stand beside them.
    """
    header = guideline.header
    program = lower(guideline)
    counts = Counter(each.severity for each in report.open_findings)
    return {
        "guideline": header.iri,
        "version": header.version,
        "counts": {
            **{each.value: counts[each] for each in Severity},
            "accepted": len(report.accepted_findings),
            "proved": dict(sorted(report.held.items())),
            "notProved": len(report.open),
        },
        "partial": report.is_partial,
        "readings": {
            "examined": len(report.readings.choices),
            "total": report.readings.total,
        },
        "boundedSeries": list(report.cut_short),
        "findings": [_finding_data(program, report, each) for each in report.findings],
        "proved": [
            {
                "code": each.code,
                "subjects": list(each.subjects),
                "what": each.what,
                "readings": _readings_data(each.robustness),
            }
            for each in report.proved
        ],
        "notProved": [
            {
                "code": each.code,
                "subjects": list(each.subjects),
                "reasons": list(each.reasons),
                "readings": _readings_data(each.robustness),
            }
            for each in report.open
        ],
        "shortfalls": [
            {"code": each.code, "severity": each.severity.value, "message": each.message}
            for each in shortfalls(guideline, report)
        ],
    }


def _finding_data(program: Program, report: VerificationReport, each: Finding) -> dict[str, Any]:
    shown, at = each.shown, each.diagnostic.at
    return {
        "code": each.code,
        "severity": each.severity.value,
        "message": shown.message,
        "subjects": list(shown.subjects),
        "detail": shown.detail,
        "file": at.file if at else None,
        "line": at.line if at else None,
        "where": shown.where,
        "witness": {
            "words": shown.witness,
            "patient": _patient(program, shown.patient),
            "other": _patient(program, shown.other),
            "readings": _choice(program, report, each),
        },
        "why": shown.why,
        "help": shown.help,
        "readings": _readings_data(each.robustness),
        "variants": [
            {
                "message": variant.shown.message,
                "where": variant.shown.where,
                "witness": variant.shown.witness,
                "readings": len(variant.readings),
            }
            for variant in each.variants
        ],
        "accepted": _accepted(each.accepted),
        "recorded": list(each.recorded),
    }


def _patient(program: Program, patient: WirePatient | None) -> dict[str, Any] | None:
    return None if patient is None else written(program, patient)


def _choice(program: Program, report: VerificationReport, each: Finding) -> dict[str, str]:
    """The readings of the witness, as far as they are not the defaults."""
    places = [place for variant in each.variants[:1] for place in variant.readings[:1]]
    chosen: Mapping[str, str] = report.readings.choices[places[0]] if places else {}
    return {
        point: reading
        for point, reading in chosen.items()
        if program.readings.get(point) != reading
    }


def _readings_data(holds: Robustness) -> dict[str, Any]:
    return {
        "count": holds.count,
        "of": holds.of,
        "inDefault": holds.in_default,
        "decidedBy": list(holds.decided_by),
        "onlyIf": [
            {point: list(readings) for point, readings in choice} for choice in holds.only_if
        ],
    }


def _accepted(entry: AcceptedFinding | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    return {
        "by": list(entry.attributed_to),
        "on": entry.accepted_on,
        "why": str(entry.rationale),
        "entry": entry.id,
    }
