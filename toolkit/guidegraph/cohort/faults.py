"""What is found wrong with the data of a cohort, as findings with file, row and column."""

from __future__ import annotations

from collections.abc import Iterable

from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.errors import GuidelineError

CODES = {
    "K110": "observable",
    "K111": "value",
    "K112": "unit",
    "K113": "assay",
    "K114": "value",
    "K115": "value",
    "K116": "time",
    "K117": "value",
    "K118": "value",
    "K119": "person",
}
"""The column that each fault of a row is about."""


class CohortError(GuidelineError):
    """The data of a cohort cannot be decided about; nothing has been written."""


def fault(
    code: str,
    message: str,
    at: Location | None = None,
    why: str | None = None,
    help: str | None = None,
    severity: Severity = Severity.ERROR,
) -> Diagnostic:
    """One finding about a cohort; an error unless it is said otherwise."""
    return Diagnostic(code=code, severity=severity, message=message, at=at, why=why, help=help)


def stop(findings: Iterable[Diagnostic]) -> CohortError:
    """What is raised where nothing can be decided."""
    return CohortError(findings)
