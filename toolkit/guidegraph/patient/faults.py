"""What is found wrong while a patient file is read: one list, every finding with its place."""

from __future__ import annotations

from typing import get_args

from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.patient.record import Reason

WARNINGS = ("E113", "E120", "E121", "E122", "E123")
"""The file is sound, but a value cannot be used as it stands."""

NOTES = ("E119", "E124")
"""Nothing is wrong; it is worth knowing."""

_LONGEST_QUOTE = 60


class Faults:
    """Collects findings. ``errors`` counts those that are errors."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []
        self.errors = 0

    def add(
        self,
        code: str,
        at: Location | None,
        message: str,
        *,
        why: str | None = None,
        help: str | None = None,
        subject: str | None = None,
    ) -> None:
        """Add a finding; its severity belongs to the code."""
        severity = Severity.ERROR
        if code in WARNINGS:
            severity = Severity.WARNING
        elif code in NOTES:
            severity = Severity.NOTE
        self.errors += severity is Severity.ERROR
        self.found.append(
            Diagnostic(
                code=code,
                severity=severity,
                message=message,
                at=at,
                why=why,
                help=help,
                subject=subject,
            )
        )


class Report:
    """Reports what is wrong with one input, and remembers why it is therefore unknown."""

    def __init__(self, name: str, faults: Faults) -> None:
        self.name = name
        self.reasons: set[Reason] = set()
        self._faults = faults

    def fault(
        self,
        reason: Reason,
        code: str,
        at: Location | None,
        message: str,
        *,
        why: str | None = None,
        help: str | None = None,
    ) -> None:
        """Add a finding about this input, and the reason it gives."""
        self._faults.add(code, at, message, why=why, help=help, subject=self.name)
        self.reasons.add(reason)

    def note(self, code: str, at: Location | None, message: str, *, why: str, help: str) -> None:
        """Add what is worth knowing about this input; said once, and the input stays known."""
        if not any(each.code == code and each.message == message for each in self._faults.found):
            self._faults.add(code, at, message, why=why, help=help, subject=self.name)

    def part(self) -> Report:
        """A report of its own for one part of the same input; ``include`` it when it is done."""
        return Report(self.name, self._faults)

    def include(self, part: Report) -> None:
        """Take over the reasons of a part."""
        self.reasons |= part.reasons

    @property
    def reason(self) -> Reason | None:
        """The reason to name: the first of ``Reason`` among those found, None if there is none."""
        return min(self.reasons, key=get_args(Reason).index, default=None)


def shown(text: str) -> str:
    """Text of a file as it can be printed: short, one line, no control characters."""
    printable = "".join(
        each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text
    )
    if len(printable) > _LONGEST_QUOTE:
        printable = f"{printable[: _LONGEST_QUOTE - 1]}…"
    return f"`{printable}`"
