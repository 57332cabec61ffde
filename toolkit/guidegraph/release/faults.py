"""Everything that stands in the way of a release, as findings in the common form."""

from __future__ import annotations

from guidegraph.diagnostic import Diagnostic, Location, Severity


def fault(
    code: str,
    message: str,
    why: str,
    help: str,
    at: Location | None = None,
    subject: str | None = None,
    related: tuple[tuple[Location, str], ...] = (),
) -> Diagnostic:
    """An error: nothing is released, or nothing is proved of a file."""
    return Diagnostic(
        code=code,
        severity=Severity.ERROR,
        message=message,
        at=at,
        why=why,
        help=help,
        subject=subject,
        related=related,
    )
