"""Who gets something else, worked out beside what people do: nobody who types waits for it."""

from __future__ import annotations

from threading import Lock

from guidegraph.edit.live import Live, Looked
from guidegraph.plan.plan import Plan


class Planner:
    """Plans of the draft as it is; one is made at a time, and the last ones are kept."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._lock = Lock()
        self._revision = ""
        self._made: dict[bool, Plan | None] = {}

    def plan(
        self, revision: str, saved: Looked, drafted: Looked, *, everywhere: bool
    ) -> Plan | None:
        """The plan from what is saved to what is drafted, which ``revision`` stands for."""
        with self._lock:
            if self._revision != revision:
                self._revision, self._made = revision, {}
            if everywhere not in self._made:
                made = self._live.plan(saved, drafted, everywhere=everywhere)
                self._made[everywhere] = made
            return self._made[everywhere]
