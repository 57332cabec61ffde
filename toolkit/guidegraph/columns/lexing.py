"""Where in a Turtle text one may begin to read: what is no string, no comment, no directive.

A statement ends with a full stop. A full stop at the end of a line is one unless it stands in a
string of several lines or in a comment; nothing else in Turtle can go beyond a line and hold one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from guidegraph.columns.columns import Rows

_LEXEMES = re.compile(
    rb'"""(?:"{0,2}(?:[^"\\]|\\[\s\S]))*"""'
    rb"|'''(?:'{0,2}(?:[^'\\]|\\[\s\S]))*'''"
    rb'|"(?:[^"\\\n\r]|\\.)*"'
    rb"|'(?:[^'\\\n\r]|\\.)*'"
    rb'|<[^<>"{}|^`\\\x00-\x20]*>'
    rb"|\\."
    rb"|\#[^\n\r]*"
)
"""What may hold any character: strings, IRIs, characters of names after a backslash, comments."""

_LONG = (b'"""', b"'''")
_DIRECTIVES = (b"prefix", b"base")


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """From where to where the strings of several lines stand, in their order."""

    starts: Rows
    stops: Rows

    def spliced(self, begin: int, end: int, new: Spans, longer: int) -> Spans:
        """After a piece from ``begin`` to ``end`` was replaced by one that is longer by so much."""
        first, last = np.searchsorted(self.starts, [begin, end])
        return Spans(
            *(
                np.concatenate([own[:first], added + begin, own[last:] + longer])
                for own, added in ((self.starts, new.starts), (self.stops, new.stops))
            )
        )


def long_strings(data: bytes) -> Spans:
    """The strings of several lines in a text that begins where a statement may begin."""
    found: list[tuple[int, int]] = []
    if any(each in data for each in _LONG):
        spans = (each.span() for each in _LEXEMES.finditer(data))
        found = [each for each in spans if data[each[0] : each[0] + 3] in _LONG]
    table = np.array(found, dtype=np.int64).reshape(-1, 2)
    return Spans(table[:, 0].copy(), table[:, 1].copy())


def ends_statement(data: bytes, offset: int, strings: Spans) -> bool:
    """Whether a statement ends before an offset, which follows a line that ends with a full stop.

    False where this cannot be told from the line alone.
    """
    if offset == 0:
        return True
    before = int(np.searchsorted(strings.starts, offset)) - 1
    inside = int(strings.stops[before]) if before >= 0 else 0
    if inside > offset:
        return False
    line = data[max(data.rfind(b"\n", 0, offset - 1) + 1, inside) : offset]
    return not any(each[0].startswith(b"#") for each in _LEXEMES.finditer(line))


def last_directive(data: bytes, strings: Spans) -> int:
    """Where the last thing begins that may be a directive; -1 if there is none."""
    lowered = data.lower()
    return max(_last(each, lowered, strings) for each in _DIRECTIVES)


def _last(word: bytes, data: bytes, strings: Spans) -> int:
    at = data.rfind(word)
    while at >= 0 and not _is_directive(data, at, at + len(word), strings):
        at = data.rfind(word, 0, at)
    return at


def _is_directive(data: bytes, at: int, stop: int, strings: Spans) -> bool:
    """Whether a word stands alone, outside of everything that may hold any character."""
    if data[at - 1 : at].isalnum() or data[stop : stop + 1].isalnum():
        return False
    before = int(np.searchsorted(strings.starts, at, side="right")) - 1
    inside = int(strings.stops[before]) if before >= 0 else 0
    if inside > at:
        return False
    begin = max(data.rfind(b"\n", 0, at) + 1, inside)
    end = data.find(b"\n", at)
    line = data[begin : len(data) if end < 0 else end]
    spans = (each.span() for each in _LEXEMES.finditer(line))
    return not any(first <= at - begin < last for first, last in spans)
