"""The gates a guideline passes before it is released: check, audit, verify, test and agree.

No gate can be left out. What a gate counts goes into ``release.json``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from guidegraph import agree as comparing
from guidegraph import cases, solver
from guidegraph.agree.selection import select
from guidegraph.audit import AuditReport
from guidegraph.audit.told import counted, has_open_errors
from guidegraph.diagnostic import Diagnostic, Severity, has_findings
from guidegraph.export import ExportInput
from guidegraph.model import Guideline
from guidegraph.release.faults import fault
from guidegraph.wording import plural, readable

if TYPE_CHECKING:  # the solver may be missing
    from guidegraph.verify import VerificationReport

SEED = 0
"""The patients of the gate *agree* are the same for everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What came of one gate: ``told`` in words, ``figures`` as data.

    ``findings`` are what keeps it shut; ``help`` says how to look closer; ``aside`` is what it
    could not look at here, line by line.
    """

    name: str
    passed: bool
    told: str
    help: str
    figures: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Diagnostic, ...] = ()
    aside: tuple[str, ...] = ()

    @property
    def fault(self) -> Diagnostic:
        """That it is not passed, as a finding."""
        return fault(
            "B107",
            f"The gate “{self.name}” is not passed: {self.told}.",
            "Whoever uses a release relies on every gate; none can be left out.",
            self.help,
        )


def not_reached(name: str) -> Gate:
    """A gate that could not be tried, because an earlier one found the guideline unsound."""
    told = "not tried, because the guideline has errors"
    return Gate(name=name, passed=False, told=told, help="Correct the errors first.")


def check_gate(findings: tuple[Diagnostic, ...]) -> Gate:
    """No errors and no warnings."""
    counts = _severities(findings)
    return Gate(
        name="check",
        passed=not has_findings(findings),
        told=_counted(counts),
        help="Correct what is found above; `guidegraph check` lists it.",
        figures=counts,
        findings=tuple(each for each in findings if each.severity is not Severity.NOTE),
    )


def audit_gate(report: AuditReport) -> Gate:
    """No errors that nobody has accepted."""
    open_findings = tuple(each.diagnostic for each in report.open_findings)
    return Gate(
        name="audit",
        passed=not has_open_errors(report),
        told=counted(report),
        help="Correct the errors, or accept them with a reason; `guidegraph audit` lists them.",
        figures={**_severities(open_findings), "accepted": len(report.accepted_findings)},
        findings=_errors(open_findings),
    )


def verify_gate(guideline: Guideline, report: VerificationReport | None) -> Gate:
    """No errors that nobody has accepted, and nothing left unproved."""
    if report is None:
        missing = solver.missing()
        return Gate(
            name="verify",
            passed=False,
            told="it could not run",
            help=(missing and missing.help) or "`guidegraph verify` does the same by itself.",
            findings=(missing,) if missing else (),
        )
    from guidegraph.verify import told
    from guidegraph.verify.shortfalls import shortfalls

    open_findings = tuple(each.diagnostic for each in report.open_findings)
    short = tuple(shortfalls(guideline, report)) if report.is_partial else ()
    return Gate(
        name="verify",
        passed=not report.is_partial and not _errors(open_findings),
        told=f"{told.counted(report)}, in {told.examined(report)}",
        help="Correct the errors, or accept them with a reason; `guidegraph verify` tells of each.",
        figures={
            **_severities(open_findings),
            "accepted": len(report.accepted_findings),
            "proved": dict(sorted(report.held.items())),
            "notProved": len(report.open),
            "readings": {"examined": len(report.readings.choices), "of": report.readings.total},
        },
        findings=(*_errors(open_findings), *short),
    )


def test_gate(report: cases.Report) -> Gate:
    """Every case as expected."""
    number, failed = len(report.outcomes), len(report.failed)
    told = f"{plural(number, 'case')}, {readable(failed)} not as expected"
    return Gate(
        name="test",
        passed=bool(number) and not has_findings(report.findings),
        told=told,
        help="Correct the guideline or its cases.yaml; `guidegraph test` tells of each.",
        figures={"cases": number, "failed": failed},
        findings=tuple(each for each in report.findings if each.severity is not Severity.NOTE),
    )


def agree_gate(given: ExportInput, patients: int, everything: bool, jobs: int) -> Gate:
    """All targets that can run here say what the reference says.

    With ``everything``, every target there is must run.
    """
    chosen = select(comparing.EXECUTORS, everything=everything)
    how = comparing.How(jobs=jobs, skipped=chosen.skipped)
    try:
        report = comparing.agree(given, chosen.executors, SEED, patients, how=how)
    except comparing.RunError as stop:
        return Gate(
            name="agree",
            passed=False,
            told=f"it could not run: {stop}",
            help="Run it again; `guidegraph agree` does the same by itself.",
        )
    lacking = everything and bool(report.skipped)
    return Gate(
        name="agree",
        passed=report.is_agreed and not lacking,
        told=_agreement(report) + ("; not all targets ran" if lacking else ""),
        help="Install what is missing, or release without --require-all-targets."
        if report.is_agreed
        else "`guidegraph agree` shows for each target the smallest patient that it gets wrong.",
        figures={
            "patients": patients,
            "seed": SEED,
            "targets": {
                each.target: {"evaluations": each.evaluations, "divergences": each.divergences}
                for each in report.tallies
            },
            "notRun": dict(report.skipped),
        },
        aside=tuple(f"{name} not run: {why}" for name, why in report.skipped.items()),
    )


def _agreement(report: comparing.Report) -> str:
    names = ", ".join(each.target for each in report.tallies) or "no target"
    told = f"{names} on {plural(report.patients, 'patient')}: "
    told += plural(report.divergences, "answer") + " other than the reference"
    return told + "".join(f"; {name} stopped: {why}" for name, why in report.errors.items())


def _severities(findings: tuple[Diagnostic, ...]) -> dict[str, int]:
    counts = Counter(each.severity for each in findings)
    return {f"{each.value}s": counts[each] for each in Severity}


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(plural(counts[f"{each.value}s"], each.value) for each in Severity)


def _errors(findings: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    return tuple(each for each in findings if each.severity is Severity.ERROR)
