"""Every check of the verification, in the order in which its findings are told."""

from __future__ import annotations

from guidegraph.verify.base import Check
from guidegraph.verify.conflicts import check_conflicts

CHECKS: tuple[Check, ...] = (check_conflicts,)
"""Those that are asked under each reading."""

GUIDELINE_CHECKS: tuple[Check, ...] = ()
"""Those whose answer is the same under every reading; they are asked once."""
