"""Is the solver there? Proofs need it; everything else works without."""

from __future__ import annotations

from guidegraph.diagnostic import Diagnostic, Severity


def missing(severity: Severity = Severity.ERROR) -> Diagnostic | None:
    """What to say where the solver cannot be loaded; None where it can."""
    try:
        import z3  # noqa: F401
    except ImportError:
        return Diagnostic(
            code="L495",
            severity=severity,
            message="The solver z3 is not installed, so nothing can be proved.",
            why="The verification asks it about all patients at once; without it no statement "
            "about all of them is made, and none is guessed.",
            help='Install it: pip install "z3-solver>=4.13"',
        )
    return None
