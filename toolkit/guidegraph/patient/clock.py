"""Time in a patient file: every moment becomes a whole minute from the reference anchor."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from guidegraph.patient.amounts import Fault
from guidegraph.patient.faults import Faults, did_you_mean, shown
from guidegraph.patient.record import Reason
from guidegraph.patient.tree import Mapping, Node, Scalar

REFERENCE_ANCHOR = "admission"
"""The anchor from which minutes are counted."""

FARTHEST = 130 * 366 * 24 * 60
"""A moment farther than this from the anchor (130 years) is a mistake of writing."""

_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(?P<offset>Z|[+-]\d{2}:\d{2})?", re.ASCII
)
_EPOCH = datetime(1, 1, 1)  # noqa: DTZ001  (a count of minutes, not a moment)
_AS_IN = "Write date, time and offset from UTC, as in 2020-04-01T09:10:00+02:00."


def absolute_minute(text: str) -> int | None:
    """An ISO 8601 instant with offset as a count of whole minutes in UTC; None if it is not one."""
    found = _INSTANT.fullmatch(text)
    if found is None or found["offset"] is None:
        return None
    try:
        instant = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    offset = instant.utcoffset() or timedelta()
    return (instant.replace(tzinfo=None) - _EPOCH - offset) // timedelta(minutes=1)


class Clock:
    """The anchor and ``now`` of one patient file, and how its moments become minutes."""

    def __init__(self, root: Mapping, faults: Faults) -> None:
        self._faults = faults
        self._may_tell_missing_anchor = True
        self._zero = self._anchor(root.get("anchors"))
        self.now: int | None = None
        self.now_unknown: Reason | None = None
        self._read_now(root.get("now"))

    def minute(self, written: Mapping, name: str, fault: Fault, *, required: bool) -> int | None:
        """The minute of a datum; None where none is given or it cannot be used."""
        at, minutes = written.get("at"), written.get("minutes")
        if at is not None and minutes is not None:
            fault(
                "time",
                "E131",
                minutes.at,
                f"A value of `{name}` has both `at` and `minutes`.",
                help="Keep the one that was recorded.",
            )
            return None
        if at is not None:
            minute = self._instant(at, name, fault)
        elif minutes is not None:
            minute = _count(minutes, name, fault)
        else:
            if required:
                fault(
                    "time",
                    "E131",
                    written.at,
                    f"A value of `{name}` has no time.",
                    why="The guideline asks when a measurement was taken.",
                    help='Add "at" with date, time and offset, or "minutes" from admission.',
                )
            return None
        return self._possible(minute, (at or minutes or written), name, fault)

    def _possible(self, minute: int | None, node: Node, name: str, fault: Fault) -> int | None:
        """The minute, unless it is absurdly far away or still to come."""
        if minute is None or not _near(minute, node, name, fault):
            return None
        if self.now is not None and minute > self.now:
            fault(
                "future",
                "E133",
                node.at,
                f"A value of `{name}` was taken after `now`.",
                why="What is decided now cannot rest on what is measured later.",
                help="Correct the time, or move `now`.",
            )
            return None
        return minute

    def _anchor(self, node: Node | None) -> int | None:
        """The absolute minute of the reference anchor, if the file gives it."""
        if node is None or _is_null(node):
            return None
        if not isinstance(node, Mapping):
            self._faults.add(
                "E110",
                node.at,
                "`anchors` must hold names with moments.",
                help=f'Write {{"{REFERENCE_ANCHOR}": "2020-04-01T08:00:00Z"}}.',
            )
            return None
        for each in node.entries:
            if each.key != REFERENCE_ANCHOR:
                self._faults.add(
                    "E104",
                    each.at,
                    f"The guideline has no anchor {shown(each.key)}; it is not used.",
                    help=did_you_mean(each.key, (REFERENCE_ANCHOR,)),
                )
        value = node.get(REFERENCE_ANCHOR)
        if value is None or _is_null(value):
            return None
        zero = absolute_minute(value.text) if _is_string(value) else None
        if zero is None:
            self._bad_instant(value, f"anchor `{REFERENCE_ANCHOR}`")
            self._may_tell_missing_anchor = False
        return zero

    def _read_now(self, node: Node | None) -> None:
        """``now`` as an instant or as ``{"minutes": 2880}``."""

        def fault(reason: Reason, code: str, at: object, message: str, **more: str | None) -> None:
            self._faults.add(code, node.at if node else None, message, **more)
            self.now_unknown = reason

        if node is None or _is_null(node):
            self.now_unknown = "missing" if node is None else "null"
            return
        if isinstance(node, Mapping) and [each.key for each in node.entries] == ["minutes"]:
            minute = _count(node.entries[0].value, "now", fault)
        else:
            minute = self._instant(node, "now", fault)
        if minute is not None and _near(minute, node, "now", fault):
            self.now = minute
        elif self.now_unknown is None:
            self.now_unknown = "time"

    def _instant(self, node: Node, name: str, fault: Fault) -> int | None:
        minute = absolute_minute(node.text) if _is_string(node) else None
        if minute is None:
            message, help_ = _what_is_wrong(node, f"time of `{name}`")
            fault("time", "E130", node.at, message, help=help_)
            return None
        if self._zero is None:
            self._missing_anchor(node, fault)
            return None
        return minute - self._zero
