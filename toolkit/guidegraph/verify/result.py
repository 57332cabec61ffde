"""The findings of all readings put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.model import AcceptedFinding, Discrepancy, Guideline
from guidegraph.proof import Prover
from guidegraph.readings import Readings, Robustness, robustness
from guidegraph.recording import recorded_in
from guidegraph.verify.base import Entry, Held, Refuted, Unproved

RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
Key = tuple[str, tuple[str, ...], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """How a finding looks in some readings: its message, its region in words, how many readings."""

    shown: Refuted
    readings: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a patient shows, in some or all readings.

    ``shown`` is how it looks in the default reading, or else in the first in which it holds;
    ``variants`` has every way it looks. ``accepted`` is the entry by which somebody took it to be
    right as it is, ``recorded`` names the discrepancies in which the same things are written down.
    """

    shown: Refuted
    robustness: Robustness
    variants: tuple[Variant, ...]
    diagnostic: Diagnostic
    accepted: AcceptedFinding | None = None
    recorded: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """Its code."""
        return self.shown.code

    @property
    def severity(self) -> Severity:
        """Its severity."""
        return self.shown.severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """An obligation that could not be proved in some readings."""

    code: str
    subjects: tuple[str, ...]
    reasons: tuple[str, ...]
    robustness: Robustness


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """A declared obligation that is proved in some or all readings."""

    code: str
    subjects: tuple[str, ...]
    what: str
    robustness: Robustness


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationReport:
    """All that a verification made of a guideline.

    ``held`` counts by code the obligations proved in every reading that was looked at; ``asked``
    is how many questions the solver was asked; ``cut_short`` names the series of which a proof
    looks at fewer samples than a patient might have.
    """

    readings: Readings
    findings: tuple[Finding, ...] = ()
    proved: tuple[Proved, ...] = ()
    open: tuple[Open, ...] = ()
    held: Mapping[str, int]
    asked: int = 0
    cut_short: tuple[str, ...] = ()

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        """The findings that nobody has accepted."""
        return tuple(each for each in self.findings if each.accepted is None)

    @property
    def accepted_findings(self) -> tuple[Finding, ...]:
        """The findings that somebody has accepted, with who and why."""
        return tuple(each for each in self.findings if each.accepted is not None)

    @property
    def is_partial(self) -> bool:
        """Whether something was not proved, or not looked at."""
        return bool(self.open) or not self.readings.is_complete


def assemble(
    guideline: Guideline,
    readings: Readings,
    entries: Iterable[tuple[int, Entry]],
    prover: Prover,
) -> VerificationReport:
    """The report: the same refutation in several readings is one finding."""
    refuted: dict[Key, dict[int, Refuted]] = {}
    unproved: dict[tuple[str, tuple[str, ...]], dict[int, str]] = {}
    held: dict[tuple[str, tuple[str, ...], str], dict[int, Held]] = {}
    for place, entry in entries:
        if isinstance(entry, Refuted):
            refuted.setdefault((entry.code, entry.subjects, entry.detail), {})[place] = entry
        elif isinstance(entry, Unproved):
            unproved.setdefault((entry.code, entry.subjects), {})[place] = entry.reason
        else:
            held.setdefault((entry.code, entry.subjects, entry.what), {})[place] = entry
    everywhere = len(readings.choices)
    return VerificationReport(
        readings=readings,
        findings=_findings(guideline, readings, refuted),
        proved=tuple(
            Proved(
                code=code,
                subjects=subjects,
                what=what,
                robustness=robustness(readings, tuple(places)),
            )
            for (code, subjects, what), places in held.items()
            if any(each.is_told for each in places.values())
        ),
        open=tuple(
            Open(
                code=code,
                subjects=subjects,
                reasons=tuple(sorted(set(places.values()))),
                robustness=robustness(readings, tuple(places)),
            )
            for (code, subjects), places in unproved.items()
        ),
        held=dict(
            Counter(code for (code, _, _), places in held.items() if len(places) == everywhere)
        ),
        asked=prover.asked,
        cut_short=tuple(sorted(prover.layout.cut_short)),
    )


def _findings(
    guideline: Guideline, readings: Readings, refuted: Mapping[Key, Mapping[int, Refuted]]
) -> tuple[Finding, ...]:
    accepted: dict[tuple[str, str], AcceptedFinding] = {
        (each.finding_code, name): each
        for each in guideline.all(AcceptedFinding)
        for name in each.concerns
    }
    written = guideline.all(Discrepancy)
    found = []
    for (code, subjects, _), places in refuted.items():
        shown = places[min(places)]
        holds = robustness(readings, tuple(places))
        by_look: dict[tuple[str, str], list[int]] = {}
        for place, each in sorted(places.items()):
            by_look.setdefault((each.message, each.where), []).append(place)
        cause = next((accepted[code, each] for each in subjects if (code, each) in accepted), None)
        found.append(
            Finding(
                shown=shown,
                robustness=holds,
                variants=tuple(
                    Variant(shown=places[look[0]], readings=tuple(look))
                    for look in by_look.values()
                ),
                diagnostic=_diagnostic(guideline, shown, holds),
                accepted=cause,
                recorded=recorded_in(code, frozenset(subjects), written),
            )
        )
    return tuple(sorted(found, key=lambda each: (RANK[each.severity], each.code)))


def _diagnostic(guideline: Guideline, shown: Refuted, holds: Robustness) -> Diagnostic:
    """A finding in the common form, for SARIF and annotations."""
    known = [guideline.entities[each] for each in shown.subjects if each in guideline.entities]
    message = shown.message if not shown.where else f"{shown.message} Where: {shown.where}."
    why = [shown.why] if shown.why else []
    why += [f"A patient who shows it: {shown.witness}."] if shown.witness else []
    why += [f"Holds in {holds}."]
    return Diagnostic(
        code=shown.code,
        severity=shown.severity,
        message=message,
        at=shown.at or (known[0].at if known else None),
        why=" ".join(why),
        help=shown.help or None,
        subject=shown.subjects[0] if shown.subjects else None,
        related=tuple((each.at, str(each.label) or each.id) for each in known[1:]),
    )


__all__ = ["Finding", "Open", "Proved", "Variant", "VerificationReport", "assemble"]
