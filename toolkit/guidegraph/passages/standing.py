"""Where each passage stands in the text at hand: there, elsewhere, several times, or nowhere."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from guidegraph.model import Selector, SourcePassage
from guidegraph.passages.normal import Normal, hash_of, normalise

Outcome = Literal["found", "moved", "several", "nowhere"]


@dataclass(frozen=True, slots=True)
class Standing:
    """One part of a passage: what was recorded of it, and every place where it was found."""

    passage: SourcePassage
    selector: Selector
    outcome: Outcome
    places: tuple[tuple[int, int], ...]


def standings(passages: Iterable[SourcePassage], text: Normal) -> tuple[Standing, ...]:
    """Where every part of these passages of one document stands in a text.

    What is not where it was recorded is looked for among all stretches of whole words that may be
    as long. Of several places that one is meant to which the parts around it have moved as well.
    """
    parts = sorted(
        ((passage, part) for passage in passages for part in passage.selectors),
        key=lambda each: (each[1].start, each[1].end, each[0].id),
    )
    missing = [part for _, part in parts if not _fits(text.text, part)]
    elsewhere = _search(missing, text) if missing else {}
    found = [_standing(passage, part, text, elsewhere) for passage, part in parts]
    before = _distances(found)
    after = reversed(_distances(found[::-1]))
    return tuple(map(_settled, found, before, after))


def _standing(
    passage: SourcePassage,
    part: Selector,
    text: Normal,
    elsewhere: Mapping[bytes, tuple[tuple[int, int], ...]],
) -> Standing:
    if _fits(text.text, part):
        return Standing(passage, part, "found", ((part.start, part.end),))
    places = elsewhere.get(_digest(part), ())
    if not places:
        return Standing(passage, part, "nowhere", ())
    return Standing(passage, part, "moved" if len(places) == 1 else "several", places)


def _distances(found: Iterable[Standing]) -> list[int | None]:
    """How far the nearest part before each one that has just one place has moved."""
    distances: list[int | None] = []
    nearest: int | None = None
    for each in found:
        distances.append(nearest)
        if len(each.places) == 1:
            nearest = each.places[0][0] - each.selector.start
    return distances


def _settled(found: Standing, before: int | None, after: int | None) -> Standing:
    """A part with several places, settled where the parts around it agree on one of them."""
    moved = {each for each in (before, after) if each is not None}
    if found.outcome != "several" or len(moved) != 1:
        return found
    (distance,) = moved
    place = (found.selector.start + distance, found.selector.end + distance)
    if place not in found.places:
        return found
    return Standing(found.passage, found.selector, "moved", (place,))


def words_of(standing: Iterable[Standing], text: Normal) -> tuple[str, ...]:
    """The words of a passage, part by part, of the parts whose place is certain."""
    ordered = sorted(standing, key=lambda each: each.passage.selectors.index(each.selector))
    places = [each.places[0] for each in ordered if each.outcome in ("found", "moved")]
    return tuple(text.text[start:end] for start, end in places)


def _fits(text: str, part: Selector) -> bool:
    words = text[part.start : part.end] if 0 <= part.start < part.end <= len(text) else ""
    return bool(words) and hash_of(words) == part.sha256.lower()


def _search(parts: Iterable[Selector], text: Normal) -> dict[bytes, tuple[tuple[int, int], ...]]:
    """The places of all of these hashes, found in one walk through the text."""
    wanted = {_digest(each) for each in parts}
    lengths: set[int] = set()
    for each in parts:
        recorded = max(1, each.end - each.start)
        lengths.update(range(max(1, recorded // 2), recorded + 1))
    found: dict[bytes, tuple[tuple[int, int], ...]] = {}
    for digest, start, end in text.find_hashes(wanted, lengths, max(lengths)):
        found[digest] = (*found.get(digest, ()), (start, end))
    return found


def _digest(part: Selector) -> bytes:
    try:
        return bytes.fromhex(part.sha256)
    except ValueError:
        return b""


def selector_for(words: str, start: int) -> Selector:
    """The selector of words that stand at a place."""
    digest = hashlib.sha256(normalise(words).encode()).hexdigest()
    return Selector(start=start, end=start + len(words), sha256=digest)
