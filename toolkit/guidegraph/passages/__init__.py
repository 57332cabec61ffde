"""The texts of the sources, where somebody has them: is every passage there, and what rests on it?

A guideline never holds the words of its sources: a passage is an offset, a hash and the figures
printed in it. Whoever holds the texts can verify all of it here, find passages again that have
moved, and show their words beside what was encoded from them.
"""

from __future__ import annotations

from guidegraph.passages.faults import MOVED
from guidegraph.passages.locating import Located, locate
from guidegraph.passages.normal import Normal, hash_of, normalise
from guidegraph.passages.offsets import repair
from guidegraph.passages.standing import Outcome, Standing
from guidegraph.passages.texts import SourceText, Texts, documents_with_passages, text_of, texts_in
from guidegraph.passages.verification import DocumentReport, Verification, verify

__all__ = [
    "MOVED",
    "DocumentReport",
    "Located",
    "Normal",
    "Outcome",
    "SourceText",
    "Standing",
    "Texts",
    "Verification",
    "documents_with_passages",
    "hash_of",
    "locate",
    "normalise",
    "repair",
    "text_of",
    "texts_in",
    "verify",
]
