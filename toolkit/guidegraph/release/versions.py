"""Version numbers: semantic ones (``1.2.0``) and calendar ones (``2026.11`` or ``2026.11.21``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

Scheme = Literal["semantic", "calendar"]

LONGEST = 64
"""Characters of a version at most: it is part of file names."""

_NUMBER = r"(?:0|[1-9][0-9]{0,8})"
_PART = r"(?:0|[1-9][0-9]{0,8}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_SEMANTIC = re.compile(
    rf"({_NUMBER})\.({_NUMBER})\.({_NUMBER})(?:-({_PART}(?:\.{_PART})*))?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?",
    re.ASCII,
)
_CALENDAR = re.compile(r"([12][0-9]{3})\.([0-9]{1,2})(?:\.([0-9]{1,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Version:
    """A version as written, what kind it is, and its place among others."""

    text: str
    scheme: Scheme
    rank: tuple[tuple[int, int, int], tuple[object, ...]]

    def follows(self, other: Version) -> bool:
        """Whether it is higher; the years of calendar versions count as main numbers."""
        return self.rank > other.rank

    def __str__(self) -> str:
        return self.text


def version(text: str) -> Version | None:
    """What a text says as a version; None if it is none.

    A year with a month, or with a month and a day, is a calendar version; any other three numbers
    are a semantic version.
    """
    if len(text) > LONGEST:
        return None
    if (dated := _CALENDAR.fullmatch(text)) and (day := _day(*dated.groups())):
        return Version(text, "calendar", (day, (True,)))
    if found := _SEMANTIC.fullmatch(text):
        major, minor, patch, before = found.groups()
        return Version(text, "semantic", ((int(major), int(minor), int(patch)), _before(before)))
    return None


def _day(year: str, month: str, day: str | None) -> tuple[int, int, int] | None:
    try:
        date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
    return int(year), int(month), int(day or 0)


def _before(text: str | None) -> tuple[object, ...]:
    """What comes before a release (``-rc.1``) is lower than the release; numbers before words."""
    if text is None:
        return (True,)
    parts = text.split(".")
    return (False, *((0, int(each)) if each.isdigit() else (1, each) for each in parts))
