"""The normal form in which passages are hashed and compared, and the way back to the text.

White space and hyphens are taken away, because they change whenever a text is extracted from its
pages; the dash of ranges (U+2013) and the minus sign (U+2212) stay. The rest is composed (NFC),
never made compatible (NFKC), which would turn one micro sign into another.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

_TAKEN_AWAY = re.compile(
    "[\\s\N{NO-BREAK SPACE}\N{SOFT HYPHEN}\N{HYPHEN}\N{NON-BREAKING HYPHEN}-]+"
)


def normalise(text: str) -> str:
    """A text without white space and hyphens, composed."""
    return unicodedata.normalize("NFC", _TAKEN_AWAY.sub("", text))


def hash_of(text: str) -> str:
    """The SHA-256 of a text in normal form, in hexadecimal digits."""
    return hashlib.sha256(normalise(text).encode()).hexdigest()


@dataclass(frozen=True)
class Normal:
    """A text with its normal form; every sign of it knows the stretch of the text it came from."""

    text: str

    @cached_property
    def _clusters(self) -> tuple[tuple[str, int, int], ...]:
        """Each sign in normal form with the code points of the text that it stands for."""
        return tuple(_composed(self.text))

    @cached_property
    def form(self) -> str:
        """The text in normal form."""
        return "".join(sign for sign, _, _ in self._clusters)

    @cached_property
    def boundaries(self) -> tuple[int, ...]:
        """Where words and numbers begin and end in the normal form."""
        inner = [
            index
            for index in range(1, len(self._clusters))
            if not _joins(self._clusters[index - 1], self._clusters[index])
        ]
        return (0, *inner, len(self._clusters))

    def stretch(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of the normal form stands in the text."""
        return self._clusters[start][1], self._clusters[end - 1][2]

    def find(self, words: str) -> tuple[tuple[int, int], ...]:
        """Every place of the text where these words stand, but for white space and hyphens."""
        wanted = normalise(words)
        return tuple(self.stretch(at, at + len(wanted)) for at in _occurrences(wanted, self.form))

    def whole(self, start: int, end: int) -> bool:
        """Whether a stretch of the text cuts no word and no number at its ends."""
        return not (_runs_on(self.text, start) or _runs_on(self.text, end))

    def find_hashes(
        self, hashes: Container[bytes], lengths: Container[int], longest: int
    ) -> Iterator[tuple[bytes, int, int]]:
        """Every stretch of whole words with one of these hashes, given as bytes.

        Only stretches that are so many signs long in normal form are looked at.
        """
        encoded = self.form.encode()
        at = (0, *accumulate(len(sign.encode()) for sign in self.form))
        ends = self.boundaries
        for index, start in enumerate(ends):
            for end in ends[index + 1 : bisect_right(ends, start + longest)]:
                if end - start in lengths:
                    found = hashlib.sha256(encoded[at[start] : at[end]]).digest()
                    if found in hashes:
                        yield found, *self.stretch(start, end)


def _composed(text: str) -> Iterator[tuple[str, int, int]]:
    """Every sign of the normal form with where it comes from; several may come from one place."""
    start = end = 0
    held = ""
    for at, sign in enumerate(text):
        if _TAKEN_AWAY.match(sign):
            continue
        joined = held + sign
        if held and (sign.isascii() or not _combines(held, sign)):
            yield from ((each, start, end) for each in unicodedata.normalize("NFC", held))
            joined = sign
        if joined == sign:
            start = at
        held, end = joined, at + 1
    yield from ((each, start, end) for each in unicodedata.normalize("NFC", held))


def _combines(held: str, sign: str) -> bool:
    """Whether a sign changes what comes before it when both are composed."""
    if unicodedata.combining(sign):
        return True
    apart = unicodedata.normalize("NFC", held) + unicodedata.normalize("NFC", sign)
    return unicodedata.normalize("NFC", held + sign) != apart


def _joins(one: tuple[str, int, int], other: tuple[str, int, int]) -> bool:
    """Whether two signs in a row belong to one word or number."""
    return other[1] <= one[2] and _alike(one[0], other[0])


def _alike(one: str, other: str) -> bool:
    return (one.isalpha() and other.isalpha()) or (one.isdigit() and other.isdigit())


def _runs_on(text: str, at: int) -> bool:
    """Whether a word or number, or a row of equal signs such as ``++``, goes on across a place."""
    before, after = text[max(0, at - 2) : at], text[at : at + 2]
    if not before or not after:
        return False
    if _alike(before[-1], after[0]) or (before[-1] == after[0] == "+"):
        return True
    if after[0] in ".·," and before[-1].isdigit():
        return after[1:].isdigit()
    return before[-1] in ".·," and after[0].isdigit() and before[:-1].isdigit()


def _occurrences(wanted: str, form: str) -> Iterator[int]:
    at = form.find(wanted) if wanted else -1
    while at >= 0:
        yield at
        at = form.find(wanted, at + 1)
