"""Time in a patient file: every moment becomes a whole minute from the reference anchor."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from guidegraph.patient.faults import Faults, Report, shown
from guidegraph.patient.record import Reason
from guidegraph.patient.tree import Mapping, Node, Scalar
from guidegraph.suggestion import did_you_mean

YEAR = 365 * 24 * 60
FARTHEST = 130 * YEAR
FARTHEST_NOW = 10 * YEAR
"""A moment more minutes than this away from the anchor is a mistake of writing."""

_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?P<offset>Z|[+-]\d\d:[0-5]\d)?",
    re.ASCII,
)
_MINUTES = re.compile(r"(-?(?:0|[1-9]\d{0,9}))(?:\.0+)?", re.ASCII)
_EPOCH = datetime.min
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
    """The anchor and ``now`` of one patient file, and how its moments become minutes.

    ``anchor`` is the name of the moment from which the guideline counts.
    """

    def __init__(self, root: Mapping, anchor: str, faults: Faults) -> None:
        self.anchor = anchor
        self.now: int | None = None
        self.now_unknown: Reason | None = None
        self._lacks_anchor = False
        self._zero = self._anchor(root.get("anchors"), faults)
        self._read_now(root.get("now"), Report("now", faults))

    def minute(self, written: Mapping, report: Report, *, required: bool) -> int | None:
        """The minute of a datum; None where none is given or it cannot be used."""
        at, minutes = written.get("at"), written.get("minutes")
        given = at or minutes
        if at and minutes:
            report.fault(
                "time",
                "E131",
                minutes.at,
                f"A value of `{report.name}` has both `at` and `minutes`.",
                help="Keep the one that was recorded.",
            )
            return None
        if given is None:
            if required:
                report.fault(
                    "time",
                    "E131",
                    written.at,
                    f"A value of `{report.name}` has no time.",
                    why="The guideline asks when a measurement was taken.",
                    help=f'Add "at" with date, time and offset, or "minutes" from {self.anchor}.',
                )
            return None
        minute = self._instant(at, report) if at else self._count(given, report)
        minute = self._near(minute, FARTHEST, given, report)
        if minute is not None and self.now is not None and minute > self.now:
            report.fault(
                "future",
                "E133",
                given.at,
                f"A value of `{report.name}` was taken after `now`.",
                why="What is decided now cannot rest on what is measured later.",
                help="Correct the time, or move `now`.",
            )
            return None
        return minute

    def _anchor(self, node: Node | None, faults: Faults) -> int | None:
        """The absolute minute of the reference anchor; None where the file does not give it."""
        if node is None or _is_null(node):
            self._lacks_anchor = True
            return None
        if not isinstance(node, Mapping):
            faults.add(
                "E110",
                node.at,
                "`anchors` must hold names with moments.",
                help=f'Write {{"{self.anchor}": "2020-04-01T08:00:00Z"}}.',
            )
            return None
        for each in node.entries:
            if each.key != self.anchor:
                faults.add(
                    "E104",
                    each.at,
                    f"The guideline has no anchor {shown(each.key)}; it is not used.",
                    help=did_you_mean(each.key, (self.anchor,)),
                )
        value = node.get(self.anchor)
        if value is None or _is_null(value):
            self._lacks_anchor = True
            return None
        return _absolute(value, Report(self.anchor, faults))

    def _read_now(self, node: Node | None, report: Report) -> None:
        """``now`` as an instant, or as ``{"minutes": 2880}``."""
        if node is None or _is_null(node):
            self.now_unknown = "missing" if node is None else "null"
            return
        if isinstance(node, Mapping) and [each.key for each in node.entries] == ["minutes"]:
            minute = self._count(node.entries[0].value, report)
        else:
            minute = self._instant(node, report)
        self.now = self._near(minute, FARTHEST_NOW, node, report)
        self.now_unknown = None if self.now is not None else "time"

    def _instant(self, node: Node, report: Report) -> int | None:
        """An instant as a minute from the anchor."""
        absolute = _absolute(node, report)
        if absolute is None:
            return None
        if self._zero is not None:
            return absolute - self._zero
        if self._lacks_anchor:
            self._lacks_anchor = False
            report.fault(
                "time",
                "E132",
                node.at,
                f"The file gives dates but not the moment of `{self.anchor}`.",
                why="All times are counted from it; without it no date can be placed.",
                help=f'Add "anchors": {{"{self.anchor}": "…"}}, or give "minutes" instead '
                "of dates. This is said once for the whole file.",
            )
        report.reasons.add("time")
        return None

    def _count(self, node: Node, report: Report) -> int | None:
        """A number of minutes."""
        if isinstance(node, Scalar) and (found := _MINUTES.fullmatch(node.text)):
            return int(found[1])
        report.fault(
            "time",
            "E130",
            node.at,
            f"The minutes of `{report.name}` must be a whole number.",
            help=f"Count whole minutes from {self.anchor}; before it they are negative.",
        )
        return None

    def _near(self, minute: int | None, farthest: int, node: Node, report: Report) -> int | None:
        """The minute, unless it is absurdly far away."""
        if minute is None or abs(minute) <= farthest:
            return minute
        report.fault(
            "time",
            "E134",
            node.at,
            f"The time of `{report.name}` is more than {farthest // YEAR} years from "
            f"{self.anchor}.",
            help="Check the year.",
        )
        return None


def _absolute(node: Node, report: Report) -> int | None:
    is_text = isinstance(node, Scalar) and node.kind == "string"
    text = node.text if isinstance(node, Scalar) and is_text else ""
    minute = absolute_minute(text)
    if minute is None:
        found = _INSTANT.fullmatch(text)
        if found and found["offset"] is None:
            message = f"The time {shown(text)} of `{report.name}` does not say its offset from UTC."
        elif found:
            message = f"The date or time {shown(text)} of `{report.name}` does not exist."
        elif text:
            message = f"{shown(text)} is not a date with time, so `{report.name}` has no time."
        else:
            message = f"The time of `{report.name}` must be a text with date and time."
        report.fault("time", "E130", node.at, message, help=_AS_IN)
    return minute


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.kind == "null"
