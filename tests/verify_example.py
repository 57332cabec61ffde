"""A verification made by hand: one finding of each severity, one accepted, one not proved."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.kernel import Ref as Datum
from guidegraph.model import AcceptedFinding, Guideline
from guidegraph.regions import Between, Box, Form, Region
from guidegraph.verify import (
    Finding,
    Open,
    Proved,
    Readings,
    Refuted,
    Robustness,
    VerificationReport,
)
from guidegraph.verify.result import Variant


def form(name: str) -> Form:
    """The linear form of one input."""
    return ((Datum("input", name), Fraction(1)),)


def between(name: str, low: int | None, high: int | None, **ends: bool) -> Between:
    """A side of a box."""
    made = [None if each is None else Fraction(each) for each in (low, high)]
    return Between(form(name), made[0], made[1], **ends)


def region(*sides: Between) -> Region:
    """A region of one box."""
    return Region((Box(sides),))


def refuted(code: str, severity: Severity, *subjects: str, **given: Any) -> Refuted:
    """What a patient shows, in one reading."""
    held = {
        "message": f"Message of {code}.",
        "why": f"Why of {code}.",
        "help": f"Help of {code}.",
        "witness": f"Witness of {code}",
        "where": f"Where of {code}",
    }
    return Refuted(code=code, severity=severity, subjects=subjects, **{**held, **given})


def finding(
    shown: Refuted,
    holds: Robustness,
    *others: Refuted,
    accepted: AcceptedFinding | None = None,
    recorded: tuple[str, ...] = (),
) -> Finding:
    """The same over all readings; each of ``others`` is how it looks in one more."""
    looks = (shown, *others)
    return Finding(
        shown=shown,
        robustness=holds,
        variants=tuple(Variant(shown=each, readings=(n,)) for n, each in enumerate(looks)),
        diagnostic=Diagnostic(
            code=shown.code,
            severity=shown.severity,
            message=shown.message,
            subject=shown.subjects[0],
        ),
        accepted=accepted,
        recorded=recorded,
    )


def report(
    choices: tuple[dict[str, str], ...],
    findings: tuple[Finding, ...],
    **given: Any,
) -> VerificationReport:
    """A report over these choices of readings."""
    readings = given.pop("readings", Readings(choices=choices, total=len(choices)))
    return VerificationReport(
        readings=readings, findings=findings, held=given.pop("held", {}), **given
    )


def everywhere(of: int) -> Robustness:
    """What holds in every reading."""
    return Robustness(count=of, of=of, in_default=True)


def decided(point: str, reading: str, of: int = 2) -> Robustness:
    """What holds in half of the readings: with one choice of a point."""
    return Robustness(
        count=of // 2,
        of=of,
        in_default=True,
        decided_by=(point,),
        only_if=(((point, (reading,)),),),
    )


def unproved(code: str, *subjects: str, reasons: tuple[str, ...] = ("effort",)) -> Open:
    """An obligation about which the solver gave no answer."""
    return Open(code=code, subjects=subjects, reasons=reasons, robustness=everywhere(2))


def proved(code: str, what: str, *subjects: str) -> Proved:
    """A declared obligation that is proved."""
    return Proved(code=code, subjects=subjects, what=what, robustness=everywhere(2))


def with_entry(guideline: Guideline, entry: AcceptedFinding) -> Guideline:
    """A guideline in which a finding is accepted."""
    return replace(guideline, entities={**guideline.entities, entry.id: entry})
