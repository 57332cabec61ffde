"""Facts about the literals of a graph, each found out once for each distinct term."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import repeat
from typing import Any

import numpy as np
import pyoxigraph as ox

from guidegraph.columns.columns import Codes, Term
from guidegraph.shacl import lexical
from guidegraph.shacl.data import Data, Mask, Memo

ILL = -1
"""Instead of a kind: the literal is not written as its datatype asks."""
Holds = Callable[[Any, Any], bool]
"""Whether two values of one kind stand to each other in some way."""
UNKNOWN = (lexical.Kind.NONE, 0)
WRONG = (ILL, 0)


class Literals:
    """Datatype, language, length and value of the terms of a graph."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self._datatypes: dict[str, int] = {"": 0}
        self._languages: dict[str, int] = {"": 0}
        self._values: list[lexical.Value] = []
        self._kinds = Memo(data, self._find_kinds, np.int8)
        self._places = np.zeros(0, dtype=np.int32)

    def has_datatype(self, codes: Codes, datatype: str) -> Mask:
        """Which of some terms are literals of a datatype, and written as it asks."""
        right: Mask = self._datatype[codes] == self._datatypes.get(datatype, -1)
        right[right] = self._kinds[codes[right]] != ILL
        return right

    @cached_property
    def _datatype(self) -> Memo:
        def find(_: Codes, terms: list[Term]) -> Iterator[int]:
            known = self._datatypes
            for each in terms:
                name = each.datatype.value if isinstance(each, ox.Literal) else ""
                yield known.setdefault(name, len(known))

        return Memo(self._data, find, np.int32)

    @cached_property
    def lengths(self) -> Memo:
        """How many characters a term has; -1 for a blank node."""
        return Memo(self._data, lambda _, terms: map(_length, terms), np.int64)

    @cached_property
    def languages(self) -> Memo:
        """A number for each language tag, however it is capitalised; 0 for none."""

        def find(_: Codes, terms: list[Term]) -> Iterator[int]:
            known = self._languages
            for each in terms:
                tag = (each.language or "").lower() if isinstance(each, ox.Literal) else ""
                yield known.setdefault(tag, len(known))

        return Memo(self._data, find, np.int32)

    def tags(self) -> list[str]:
        """The language tags by their numbers, as far as they have been met."""
        return list(self._languages)

    def texts(self, codes: Codes) -> list[str]:
        """The words of literals and the addresses of IRIs."""
        return [each.value for each in self._data.terms(codes)]

    def satisfying(self, codes: Codes, limit: Term, holds: Holds) -> Mask:
        """Which terms can be compared with a limit and stand to it as ``holds`` says."""
        kind, bound = _value(limit)
        distinct, back = self._data.distinct(codes)
        kinds = self._kinds[distinct]
        right: Mask = (kinds == kind) & (kind != lexical.Kind.NONE)
        ours = map(self._values.__getitem__, self._places[distinct[right]].tolist())
        right[right] = np.fromiter(map(holds, ours, repeat(bound)), np.bool_, int(right.sum()))
        return right[back]

    def compared(self, left: Codes, right: Codes, holds: Holds) -> Mask:
        """For each pair whether the two can be compared and stand to each other as said."""
        kinds = self._kinds[left]
        fit: Mask = (kinds == self._kinds[right]) & (kinds > lexical.Kind.NONE)
        value, places = self._values.__getitem__, self._places
        ours = map(value, places[left[fit]].tolist())
        theirs = map(value, places[right[fit]].tolist())
        fit[fit] = np.fromiter(map(holds, ours, theirs), np.bool_, int(fit.sum()))
        return fit

    def _find_kinds(self, codes: Codes, terms: list[Term]) -> Iterator[int]:
        if len(self._places) < len(self._data):
            more = np.zeros(len(self._data) - len(self._places), dtype=np.int32)
            self._places = np.concatenate([self._places, more])
        values, datatypes = self._values, self._datatype[codes].tolist()
        readers = [lexical.READERS.get(each) for each in self._datatypes]
        self._places[codes] = np.arange(len(values), len(values) + len(codes))
        for each, reader in zip(terms, map(readers.__getitem__, datatypes), strict=True):
            kind, value = UNKNOWN if reader is None else reader(each.value) or WRONG
            values.append(value)
            yield kind


def _value(term: Term) -> tuple[int, lexical.Value]:
    """The kind and the value of a limit."""
    reader = lexical.READERS.get(term.datatype.value) if isinstance(term, ox.Literal) else None
    return (reader and reader(term.value)) or (lexical.Kind.NONE, 0)


def _length(term: Term) -> int:
    return -1 if isinstance(term, ox.BlankNode) else len(term.value)
