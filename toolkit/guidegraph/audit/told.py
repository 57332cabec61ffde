"""An audit as people read it on a terminal, and as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from guidegraph.audit.base import OUTCOMES, AuditReport, Examination, Finding, Inference
from guidegraph.diagnostic import Severity
from guidegraph.model import Guideline
from guidegraph.wording import plural

SEVERITY_WORDS = {Severity.ERROR: "error", Severity.WARNING: "doubt", Severity.NOTE: "note"}
"""What people read: a warning of the audit is a doubt about the sources."""
ELSEWHERE = "not in a table"


def has_open_errors(report: AuditReport) -> bool:
    """Whether something is proved wrong that nobody has accepted."""
    return any(each.diagnostic.severity is Severity.ERROR for each in report.open_findings)


def counted(report: AuditReport) -> str:
    """How many findings there are of each severity: ``1 error, 2 doubts, 3 notes; 1 accepted``."""
    counts = Counter(each.diagnostic.severity for each in report.open_findings)
    told = [plural(counts[severity], word) for severity, word in SEVERITY_WORDS.items()]
    accepted = len(report.accepted_findings)
    return ", ".join(told) + (f"; {accepted} accepted" if accepted else "")


def in_words(guideline: Guideline, report: AuditReport, everything: bool = False) -> Iterator[str]:
    """The lines of the report; ``everything`` also lists what is consistent."""
    yield f"{guideline.header.label}: {counted(report)}."
    if report.examinations:
        yield ""
        yield from _tables(guideline, report)
    for inference in report.inferences:
        yield ""
        yield from _inference(guideline, inference)
    if everything and report.examinations:
        yield ""
        yield "Everything that was examined"
        for each in report.examinations:
            yield from _examination(each)
    for found in (*by_severity(report.open_findings), *by_severity(report.accepted_findings)):
        yield ""
        yield from _finding(found)


def by_severity(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The gravest first; otherwise in their order."""
    rank = list(SEVERITY_WORDS)
    return tuple(sorted(findings, key=lambda each: rank.index(each.diagnostic.severity)))


def _tables(guideline: Guideline, report: AuditReport) -> Iterator[str]:
    """How many numbers came out how, table by table."""
    rows = [("numbers checked", "all", *OUTCOMES)]
    outside = [each for each in report.examinations if each.table is None]
    rows += [
        (_name(guideline, table), *_counts(list(report.tally(table).values())))
        for table in report.tables
    ]
    if outside:
        counts = Counter(each.outcome for each in outside)
        rows.append((ELSEWHERE, *_counts([counts[outcome] for outcome in OUTCOMES])))
    if len(rows) > 2:
        rows.append(("together", *_counts(list(report.tally().values()))))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        first, *rest = (
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join([first, *rest]).rstrip()


def _counts(counts: list[int]) -> tuple[str, ...]:
    return (str(sum(counts)), *map(str, counts))


def _name(guideline: Guideline, name: str) -> str:
    thing = guideline.entities.get(name)
    return str(thing.label) if thing and thing.label else name


def _inference(guideline: Guideline, each: Inference) -> Iterator[str]:
    yield f"inference: {each.text}"
    yield f"  about {_name(guideline, each.subject)}: {each.what}"
    for answer, votes in each.votes:
        yield f"  {answer}: {votes} of {each.cast}"


def _examination(each: Examination) -> Iterator[str]:
    yield f"  {each.outcome}: {each.subject}: {each.what}, printed {each.printed}" + (
        f", comes out as {each.recomputed}" if each.recomputed else ""
    )
    yield from (f"      {line}" for line in each.arithmetic)
    if each.reason:
        yield f"      {each.reason}"


def _finding(each: Finding) -> Iterator[str]:
    found = each.diagnostic
    word = SEVERITY_WORDS[found.severity]
    yield f"{word}[{found.code}]: {found.message}"
    if found.at:
        yield f"  --> {found.at} ({found.subject})"
    yield from (f"      {line}" for line in each.arithmetic)
    if found.why:
        yield f"  why: {found.why}"
    if each.accepted:
        yield f"  accepted: {each.accepted.told}"
    else:
        yield f"  to settle it: {each.remedy}"
    if each.recorded:
        yield f"  recorded as: {', '.join(each.recorded)}"


def as_data(guideline: Guideline, report: AuditReport) -> dict[str, Any]:
    """All of an audit as plain values, for JSON."""
    header = guideline.header
    severities = Counter(SEVERITY_WORDS[e.diagnostic.severity] for e in report.open_findings)
    return {
        "guideline": header.iri,
        "version": header.version,
        "summary": {
            "open": {word: severities[word] for word in SEVERITY_WORDS.values()},
            "accepted": len(report.accepted_findings),
            "examined": dict(report.tally()),
        },
        "tables": [{"table": each, **report.tally(each)} for each in report.tables],
        "inferences": [
            {
                "subject": each.subject,
                "table": each.table,
                "what": each.what,
                "text": each.text,
                "votes": dict(each.votes),
                "cast": each.cast,
            }
            for each in report.inferences
        ],
        "examinations": [
            {
                "subject": each.subject,
                "table": each.table,
                "what": each.what,
                "printed": each.printed,
                "outcome": each.outcome,
                "recomputed": each.recomputed,
                "arithmetic": list(each.arithmetic),
                "reason": each.reason,
            }
            for each in report.examinations
        ],
        "findings": [_finding_data(each) for each in report.findings],
    }


def _finding_data(each: Finding) -> dict[str, Any]:
    found, accepted = each.diagnostic, each.accepted
    return {
        "code": found.code,
        "severity": SEVERITY_WORDS[found.severity],
        "subject": found.subject,
        "message": found.message,
        "file": found.at.file if found.at else None,
        "line": found.at.line if found.at else None,
        "why": found.why,
        "remedy": each.remedy,
        "arithmetic": list(each.arithmetic),
        "involved": list(each.involved),
        "recorded": list(each.recorded),
        "accepted": {
            "by": list(accepted.attributed_to),
            "on": accepted.accepted_on,
            "why": str(accepted.rationale),
            "entry": accepted.id,
        }
        if accepted
        else None,
    }
