"""What a guideline says about one patient.

``status`` (where every rule stands) → ``trace`` (why) → ``questions`` (what to ask next) →
``decision`` (all of it, and its JSON) → ``text`` (for a terminal). The meaning of a condition is
the kernel's; nothing here decides anything by itself.
"""

from __future__ import annotations

from guidegraph.evaluate.decision import Advice, Decision, decide
from guidegraph.evaluate.status import STATUSES, Standing, Status

__all__ = ["STATUSES", "Advice", "Decision", "Standing", "Status", "decide"]
