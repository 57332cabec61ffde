"""What an audit says: what was examined and came out, what was found, what was inferred.

An examination is one comparison that was made, whatever came out. A finding is what somebody has to
look at: an error where arithmetic or the model proves a fault, a warning where there is doubt, a
note where it is good to know. An inference is a conclusion of the audit itself, and says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.model import AcceptedFinding, Discrepancy
from guidegraph.recording import recorded_in

Outcome = Literal["consistent", "inconsistent", "not checkable"]
OUTCOMES: tuple[Outcome, ...] = ("consistent", "inconsistent", "not checkable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """One check that was made: what was printed, what comes out, and the arithmetic between.

    ``subject`` is the local name of what was examined, ``table`` that of the source table it is
    printed in. ``reason`` says why something cannot be checked.
    """

    subject: str
    table: str | None = None
    what: str
    printed: str
    outcome: Outcome
    recomputed: str = ""
    arithmetic: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something to look at, and what would make it go away.

    ``involved`` names the other things it is about, ``recorded`` the discrepancies in which people
    have written it down. ``accepted`` is the entry by which somebody took it to be right as it is.
    """

    diagnostic: Diagnostic
    arithmetic: tuple[str, ...] = ()
    remedy: str
    involved: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()
    accepted: AcceptedFinding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """What the audit concludes from many numbers together; never a fact of the source.

    ``votes`` gives for each possible answer how many of the ``cast`` numbers speak for it.
    """

    subject: str
    table: str | None = None
    what: str
    text: str
    votes: tuple[tuple[str, int], ...] = ()
    cast: int = 0


Entry = Examination | Finding | Inference


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """All that an audit made of a guideline; findings in the order in which people read files."""

    examinations: tuple[Examination, ...] = ()
    findings: tuple[Finding, ...] = ()
    inferences: tuple[Inference, ...] = ()

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        """The findings that nobody has accepted."""
        return tuple(each for each in self.findings if each.accepted is None)

    @property
    def accepted_findings(self) -> tuple[Finding, ...]:
        """The findings that somebody has accepted, with who and why."""
        return tuple(each for each in self.findings if each.accepted is not None)

    def tally(self, table: str | None = None) -> Mapping[Outcome, int]:
        """How many examinations came out how: of one table, or of everything."""
        counted = Counter(each.outcome for each in self.examinations if table in (None, each.table))
        return {outcome: counted[outcome] for outcome in OUTCOMES}

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables of which something was examined, in the order of their examinations."""
        return tuple(dict.fromkeys(each.table for each in self.examinations if each.table))


def finding(
    code: str,
    severity: Severity,
    message: str,
    *,
    at: Location,
    why: str,
    remedy: str,
    subject: str,
    arithmetic: Iterable[str] = (),
    related: tuple[tuple[Location, str], ...] = (),
    involved: Iterable[str] = (),
) -> Finding:
    """A finding whose remedy is also the help of its diagnostic."""
    diagnostic = Diagnostic(
        code=code,
        severity=severity,
        message=message,
        at=at,
        why=why,
        help=remedy,
        subject=subject,
        related=related,
    )
    others = tuple(dict.fromkeys(name for name in involved if name != subject))
    return Finding(
        diagnostic=diagnostic, arithmetic=tuple(arithmetic), remedy=remedy, involved=others
    )


def assemble(
    entries: Iterable[Entry],
    accepted: Iterable[AcceptedFinding] = (),
    discrepancies: Iterable[Discrepancy] = (),
) -> AuditReport:
    """The report: examinations and inferences as they came, each finding once and in order.

    A finding is accepted by an entry that names its code and its subject. It is recorded in a
    discrepancy that concerns its subject, or something else the finding is about.
    """
    written = tuple(discrepancies)
    by_cause: dict[tuple[str, str], AcceptedFinding] = {}
    for each in accepted:
        by_cause.update(((each.finding_code, name), each) for name in each.concerns)
    examinations, inferences, findings = [], [], []
    for entry in entries:
        if isinstance(entry, Examination):
            examinations.append(entry)
        elif isinstance(entry, Inference):
            inferences.append(entry)
        else:
            cause = (entry.diagnostic.code, entry.diagnostic.subject or "")
            recorded = recorded_in(cause[0], frozenset((cause[1], *entry.involved)), written)
            findings.append(replace(entry, accepted=by_cause.get(cause), recorded=recorded))
    once = {found.diagnostic: found for found in reversed(findings)}
    return AuditReport(
        examinations=tuple(examinations),
        findings=tuple(sorted(once.values(), key=lambda found: found.diagnostic.order)),
        inferences=tuple(inferences),
    )
