"""The one form in which anything wrong with content is told: code, severity, place, why, help.

Faults in *content* (a guideline folder, a patient file, a query) are ``Diagnostic`` values: they
are collected, sorted and all shown. They are never raised one by one; see ``errors`` for what is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is. Errors stop a build, warnings are findings too, notes are not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file. ``line`` and ``column`` count from 1; column 0 means "not known"."""

    file: str
    line: int
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" + (f":{self.column}" if self.column else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One finding.

    ``message`` says what is wrong in one sentence a clinician understands, ``why`` says why it
    matters or how it was found, ``help`` says what to do next (never a clinical choice). The local
    name of what it is about is the ``subject``; ``related`` points at other places involved.
    """

    code: str
    severity: Severity
    message: str
    at: Location | None = None
    why: str | None = None
    help: str | None = None
    subject: str | None = None
    related: tuple[tuple[Location, str], ...] = ()

    def seen_from(self, folder: str) -> Diagnostic:
        """The same with its places as seen from a folder, wherever that folder stands."""

        def seen(at: Location) -> Location:
            return replace(at, file=at.file.removeprefix(f"{folder}/"))

        return replace(
            self,
            at=self.at and seen(self.at),
            related=tuple((seen(at), words) for at, words in self.related),
        )

    @property
    def order(self) -> tuple[object, ...]:
        """Sort key: by file and line, then severity, code and message."""
        at = self.at or Location("", 0)
        return (at.file, at.line, at.column, _RANK[self.severity], self.code, self.message)


def in_order(findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each distinct finding once, in the order in which people read files."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda each: each.order))


def has_errors(findings: Iterable[Diagnostic]) -> bool:
    """Whether any finding is an error (which stops everything that follows)."""
    return any(each.severity is Severity.ERROR for each in findings)


def has_findings(findings: Iterable[Diagnostic]) -> bool:
    """Whether any finding is more than a note (which makes a command exit with 1)."""
    return any(each.severity is not Severity.NOTE for each in findings)
