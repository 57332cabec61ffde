"""Cases: patients with the answers a clinician expects, kept beside the guideline.

``reading`` (``cases.yaml`` to cases) → ``running`` (each case against the reference evaluator) →
``coverage`` (what the cases exercise) → ``text`` (for a terminal).
"""

from __future__ import annotations

from guidegraph.cases.coverage import BranchCoverage, Coverage, RuleCoverage
from guidegraph.cases.reading import Case, read_cases, read_defaults
from guidegraph.cases.running import FILE, Outcome, Report, home, run, run_folder, run_sources

__all__ = [
    "FILE",
    "BranchCoverage",
    "Case",
    "Coverage",
    "Outcome",
    "Report",
    "RuleCoverage",
    "home",
    "read_cases",
    "read_defaults",
    "run",
    "run_folder",
    "run_sources",
]
