"""Our own words that repeat those of a source: seven or more in a row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields

from guidegraph.diagnostic import Diagnostic
from guidegraph.entity import Entity, Text
from guidegraph.model import Guideline
from guidegraph.passages import faults

LONGEST = 6
"""So many words in a row may be the same."""

_NOT_OURS = ("dcterms:title", "dcterms:spatial")
_WORD = re.compile(r"[^\W\d_]+")
_LETTERS = re.compile(r"[^\W\d_]")


def check_repeated(guideline: Guideline, texts: Iterable[str]) -> Iterator[Diagnostic]:
    """Every text of the guideline against the texts of the sources.

    Only letters are compared: figures may be repeated, and words that a source breaks at the end of
    a line are still the same words.
    """
    sources = ["".join(_LETTERS.findall(text.casefold())) for text in texts]
    for thing in guideline.entities.values():
        for term, written in _own_words(thing):
            if found := _longest_run(_WORD.findall(written), sources):
                yield faults.repeated(thing, term, " ".join(found), thing.place_of(term))


def _own_words(thing: Entity) -> Iterator[tuple[str, str]]:
    """Each text that we wrote ourselves, with its property."""
    for each in fields(thing):
        held = getattr(thing, each.name)
        term = str(each.metadata.get("term", each.name))
        if isinstance(held, Text) and term not in _NOT_OURS:
            for _, written in held.words:
                yield term, written


def _longest_run(words: list[str], sources: list[str]) -> list[str]:
    """The first run of words that is too long, as far as it goes; empty if there is none."""
    for start in range(len(words) - LONGEST):
        end = start + LONGEST + 1
        while end <= len(words) and _stands("".join(words[start:end]).casefold(), sources):
            end += 1
        if end > start + LONGEST + 1:
            return words[start : end - 1]
    return []


def _stands(letters: str, sources: list[str]) -> bool:
    return any(letters in source for source in sources)
