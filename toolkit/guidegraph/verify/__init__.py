"""The verification: what is proved of a whole guideline before it is published.

Every check is asked of the chained model under each choice of readings. What is found has a patient
as witness, on whom the reference evaluator agrees; what could not be proved is told as such.
"""

from __future__ import annotations

from collections.abc import Callable

from guidegraph.lower import Lowering
from guidegraph.model import Guideline
from guidegraph.proof import EFFORT, Prover
from guidegraph.readings import Choice, Readings, Robustness, all_readings, one_reading
from guidegraph.regions import Words
from guidegraph.verify.base import Case, Check, Entry, Held, Refuted, Shown, Unproved
from guidegraph.verify.checks import CHECKS, GUIDELINE_CHECKS
from guidegraph.verify.result import Finding, Open, Proved, VerificationReport, assemble

Progress = Callable[[str, int, int], None]


def verify(
    guideline: Guideline,
    readings: Readings | None = None,
    *,
    effort: int = EFFORT,
    expired: Callable[[], bool] = lambda: False,
    progress: Progress = lambda label, done, of: None,
) -> VerificationReport:
    """Every check under every reading (or those given); a sound guideline is expected.

    ``effort`` bounds the solver's steps for one question, ``expired`` says when time is up: what
    is not answered by then is reported as not proved.

    Raises:
        LowerError: a reading that the guideline does not have.
    """
    chosen = readings or all_readings(guideline)
    lowering = Lowering(guideline)
    programs = [lowering.program(each) for each in chosen.choices]
    prover = Prover.of(programs, effort=effort, expired=expired)
    words = Words(guideline, programs[0])
    memory: dict[object, object] = {}
    entries: list[tuple[int, Entry]] = []
    for place, program in enumerate(programs):
        progress("Proving", place, len(programs))
        case = Case(guideline, program, prover.theory(program), words, memory)
        entries += ((place, entry) for check in CHECKS for entry in check(case))
        if place == 0:
            once = [entry for check in GUIDELINE_CHECKS for entry in check(case)]
            entries += ((each, entry) for entry in once for each in range(len(programs)))
    return assemble(guideline, chosen, entries, prover)


__all__ = [
    "CHECKS",
    "GUIDELINE_CHECKS",
    "Case",
    "Check",
    "Choice",
    "Entry",
    "Finding",
    "Held",
    "Open",
    "Proved",
    "Readings",
    "Refuted",
    "Robustness",
    "Shown",
    "Unproved",
    "VerificationReport",
    "all_readings",
    "one_reading",
    "verify",
]
