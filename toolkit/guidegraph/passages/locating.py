"""Offsets and hashes for a passage that is to be encoded, from its words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from guidegraph.model import Selector
from guidegraph.passages.normal import Normal, normalise
from guidegraph.passages.standing import selector_for

_GAP = re.compile(r"…|\[\.\.\.\]")


@dataclass(frozen=True, slots=True)
class Located:
    """A place where words stand: its parts, and the lines of the text from first to last."""

    parts: tuple[Selector, ...]
    first_line: int
    last_line: int


def locate(words: str, text: Normal) -> tuple[Located, ...]:
    """Every place where words stand in a text; white space and hyphens need not be the same.

    ``…`` stands for words that are left out: the passage then has several parts, each of which is
    taken from where it next occurs.
    """
    parts = [each for each in _GAP.split(words) if normalise(each)]
    if not parts:
        return ()
    found = []
    for start, end in text.find(parts[0]):
        places = [(start, end)]
        for part in parts[1:]:
            following = [each for each in text.find(part) if each[0] >= places[-1][1]]
            if not following:
                break
            places.append(following[0])
        if len(places) == len(parts):
            found.append(_located(places, text.text))
    return tuple(found)


def _located(places: list[tuple[int, int]], text: str) -> Located:
    return Located(
        parts=tuple(selector_for(text[start:end], start) for start, end in places),
        first_line=text.count("\n", 0, places[0][0]) + 1,
        last_line=text.count("\n", 0, places[-1][1] - 1) + 1,
    )
