"""Every check of the verification, in the order in which its findings are told."""

from __future__ import annotations

from guidegraph.verify.base import Check
from guidegraph.verify.boundaries import check_boundaries
from guidegraph.verify.conflicts import check_conflicts
from guidegraph.verify.encodings import check_encodings
from guidegraph.verify.gaps import check_gaps
from guidegraph.verify.limits import check_limits, check_printed_limits
from guidegraph.verify.missing import check_blocking
from guidegraph.verify.modalities import check_modalities
from guidegraph.verify.monotonicity import check_monotonicity
from guidegraph.verify.overlaps import check_overlaps
from guidegraph.verify.pathways import check_pathways
from guidegraph.verify.reachability import check_branches, check_criteria, check_recommendations
from guidegraph.verify.redundancy import check_dead_parts, check_restated
from guidegraph.verify.settings import check_settings
from guidegraph.verify.settled import check_settled

CHECKS: tuple[Check, ...] = (
    check_gaps,
    check_overlaps,
    check_conflicts,
    check_modalities,
    check_monotonicity,
    check_encodings,
    check_recommendations,
    check_branches,
    check_criteria,
    check_dead_parts,
    check_restated,
    check_limits,
    check_boundaries,
    check_settings,
    check_blocking,
    check_settled,
    check_pathways,
)
"""Those that are asked under each reading."""

GUIDELINE_CHECKS: tuple[Check, ...] = (check_printed_limits,)
"""Those whose answer is the same under every reading; they are asked once."""
