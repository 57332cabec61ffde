"""Figures as papers print them, read exactly: ``≥500 mg/L``, ``15 of 21 (71%)``, ``P<0.001``.

One function reads a text and returns its figures in their order. What is not clear is left out
rather than guessed: names that hold digits (``COVID-19``, ``IL-6``, ``ACE2``), raised numbers of
references (``mortality.48``), versions, and digits run together by taking their hyphen away.

A text without any white space is read as one that was normalised before it was compared: there a
digit may follow a word directly (``morethan3mm``).
"""

from __future__ import annotations

from guidegraph.figures.numerals import numbers
from guidegraph.figures.reader import Figure, Kind, decimals_of, read

__all__ = ["Figure", "Kind", "decimals_of", "numbers", "read"]
