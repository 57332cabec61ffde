"""The graph that is judged: its columns, and numbers also for terms that only shapes mention."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyoxigraph as ox

from guidegraph.columns.columns import (
    BLANK,
    IRI,
    LITERAL,
    Codes,
    Columns,
    Pairs,
    Term,
    Triples,
)
from guidegraph.shacl.lexical import READERS, WHOLE
from guidegraph.shacl.names import SUBCLASS, TYPE, XSD

Mask = npt.NDArray[np.bool_]
Index = npt.NDArray[np.int64]
FEW = 64
"""So many nodes are looked up one by one, in however few pairs; for more an index pays."""
NONE = -1
"""Stands for no term."""
STORED_AS = {
    **dict.fromkeys(WHOLE - {f"{XSD}integer"}, f"{XSD}integer"),
    f"{XSD}dateTimeStamp": f"{XSD}dateTime",
}
"""The datatypes that a store takes for another one, and for which."""


class Data:
    """A graph with its terms. A blank node of the shapes is another thing than one of the data.

    ``own`` says that shapes and data are one graph, so that blank nodes are the same.
    """

    def __init__(self, columns: Columns, *, own: bool = False) -> None:
        self.columns = columns
        self.own = own
        self._known = columns.terms.all
        self._size = len(columns.terms)
        self._more: list[Term] = []
        self._numbers: dict[Term, int] = {}
        self._kinds = columns.terms.kinds
        self._instances: dict[Term, Codes] = {}
        self._values: dict[str, dict[object, list[int]]] = {}
        self._looked_up = 0

    def __len__(self) -> int:
        return self._size + len(self._more)

    def term(self, code: int) -> Term:
        """The term with a number."""
        return self._known[code] if code < self._size else self._more[code - self._size]

    def terms(self, codes: Codes) -> list[Term]:
        """The terms with some numbers."""
        numbers = codes.tolist()
        if not len(self._more):
            return list(map(self._known.__getitem__, numbers))
        return list(map(self.term, numbers))

    def number(self, term: Term, *, foreign: bool = False) -> int:
        """The number of a term, a new one if needed. ``foreign`` blank nodes are of the shapes."""
        if not (foreign and not self.own and isinstance(term, ox.BlankNode)):
            if (code := self.columns.terms.number(term)) >= 0:
                return code
        else:
            term = ox.BlankNode(f"shapes{term.value}")
        if (found := self._numbers.get(term)) is None:
            found = self._numbers[term] = len(self)
            self._more.append(term)
        return found

    def numbers(self, terms: Iterable[Term]) -> Codes:
        """Numbers of terms of the shapes, ordered, each once."""
        codes = [self.number(each, foreign=True) for each in terms]
        return self.ordered(np.array(codes, dtype=np.int32))

    def ordered(self, codes: Codes) -> Codes:
        """The same numbers, ordered, each once."""
        if increasing(codes):
            return codes
        return np.flatnonzero(self.members(codes)).astype(np.int32)

    def distinct(self, codes: Codes) -> tuple[Codes, Index]:
        """The same numbers, ordered, each once, and for each number its position in them."""
        if increasing(codes):
            return codes, np.arange(len(codes))
        found = self.ordered(codes)
        position = np.empty(len(self), dtype=np.int64)
        position[found] = np.arange(len(found))
        return found, position[codes]

    def after(self, columns: Columns, touched: Triples) -> Data:
        """The data after an edit; those before it must not be asked in queries any more."""
        data = Data(columns, own=self.own)
        predicates = set(np.unique(touched[1]).tolist())
        number = columns.terms.number
        if predicates.isdisjoint((number(TYPE), number(SUBCLASS))):
            data._instances = self._instances
        if "store" in self.__dict__:
            store = data.__dict__["store"] = self.__dict__.pop("store")
            data._restate(store, set(zip(touched[0].tolist(), touched[1].tolist(), strict=True)))
        return data

    def _restate(self, store: ox.Store, touched: Iterable[tuple[int, int]]) -> None:
        """Put into a store what is said now about some subjects with some predicates.

        All of it: the store takes 1.5 and 1.50 for one, and would forget both with one of them.
        """
        for subject, predicate in touched:
            pairs = self.columns.pairs(predicate)
            start, stop = pairs.of(subject)
            about = (self._known[subject], self._known[predicate])
            for old in list(store.quads_for_pattern(*about, None, ox.DefaultGraph())):  # type: ignore[arg-type]
                store.remove(old)
            values = map(self._known.__getitem__, pairs.objects[start:stop].tolist())
            store.extend(ox.Quad(*about, each) for each in values)  # type: ignore[arg-type]

    def in_graph(self, codes: Codes) -> Mask:
        """Which of some terms are the subject or the object of a triple."""
        known: Mask = codes < self._size
        known[known] = self.columns.used[codes[known]]
        return known

    @cached_property
    def store(self) -> ox.Store:
        """The same graph for queries."""
        store = ox.Store()
        columns, terms = self.columns, self._known
        each = (columns.subjects, columns.predicates, columns.objects)
        parts = (map(terms.__getitem__, column.tolist()) for column in each)
        store.bulk_extend(map(ox.Quad, *parts))
        return store

    def as_written(self, literal: ox.Literal, subject: int) -> Term:
        """A literal as the data write it: one with the same value, of a subject if there is one."""
        reader = READERS.get(literal.datatype.value)
        value = reader(literal.value) if reader else None
        found = self._written(literal.datatype.value).get(value) if value else None
        if not found:
            return literal
        _, rows = self.said(np.array([subject], dtype=np.int32))
        own = set(self.columns.objects[rows].tolist())
        exact = self.columns.terms.number(literal)
        best = max(found, key=lambda each: (each in own, each == exact))  # the first of the best
        return self._known[best]

    def _written(self, datatype: str) -> dict[object, list[int]]:
        """Literals of a datatype by their value."""
        if (found := self._values.get(datatype)) is None:
            found = self._values[datatype] = {}
            reader = READERS[datatype]
            for number, term in self._literals():
                own = term.datatype.value
                if STORED_AS.get(own, own) == datatype:
                    found.setdefault(reader(term.value), []).append(number)
            if self.columns.edited:
                for each in found.values():
                    each.sort(key=self._first_use)
        return found

    @cached_property
    def datatypes(self) -> frozenset[str]:
        """The datatypes of all literals."""
        return frozenset(each.datatype.value for _, each in self._literals())

    def _literals(self) -> Iterator[tuple[int, ox.Literal]]:
        """Every literal that is used, with its number."""
        used = np.flatnonzero(self.columns.used & (self.columns.terms.kinds == LITERAL))
        for number in used.tolist():
            term = self._known[number]
            assert isinstance(term, ox.Literal)
            yield number, term

    def _first_use(self, number: int) -> int:
        """The first row in which a literal is used; in a graph as it was read, numbers say this."""
        return int((self.columns.objects == number).argmax())

    def said(self, nodes: Codes) -> tuple[Index, Index]:
        """All that is said about nodes: the position of a node and the row."""
        self._looked_up += len(nodes)
        if self._looked_up < FEW:
            about = [self.columns.rows_about(each) for each in nodes.tolist()]
            at = np.repeat(np.arange(len(nodes)), [len(each) for each in about])
            return at, np.concatenate([np.empty(0, dtype=np.int64), *about])
        order, subjects = self._by_subject
        starts = np.searchsorted(subjects, nodes)
        counts = np.searchsorted(subjects, nodes, side="right") - starts
        at = np.repeat(np.arange(len(nodes)), counts)
        within = np.arange(len(at)) - np.repeat(np.cumsum(counts) - counts, counts)
        return at, order[np.repeat(starts, counts) + within]

    @cached_property
    def _by_subject(self) -> tuple[Index, Codes]:
        order = self.columns.by_subject
        return order, self.columns.subjects[order]

    def kinds(self, codes: Codes) -> npt.NDArray[np.uint8]:
        """IRI, BLANK or LITERAL for each."""
        if len(self._kinds) < len(self):
            new = self._more[len(self._kinds) - self._size :]
            self._kinds = np.concatenate([self._kinds, [kind_of(each) for each in new]]).astype(
                np.uint8
            )
        return self._kinds[codes]

    def pairs(self, predicate: Term) -> Pairs:
        """Who is connected to what by a predicate."""
        return self.columns.pairs(self.columns.terms.number(predicate))

    def members(self, codes: Codes) -> Mask:
        """A mask over all terms: those of a set."""
        mask = np.zeros(len(self), dtype=np.bool_)
        mask[codes] = True
        return mask

    def instances(self, kind: Term) -> Codes:
        """Everything whose type is a class or one under it, ordered."""
        if (found := self._instances.get(kind)) is None:
            types = self.pairs(TYPE)
            of_kind = self.members(self._under(kind))[types.objects]
            found = self.ordered(types.subjects[of_kind])
            self._instances[kind] = found
        return found

    def _under(self, kind: Term) -> Codes:
        """A class and all under it."""
        above = self.pairs(SUBCLASS).inverse
        under = np.array([self.number(kind, foreign=True)], dtype=np.int32)
        while True:
            more = self.ordered(np.concatenate([under, expand(above, under)[1]]))
            if len(more) == len(under):
                return under
            under = more


def kind_of(term: Term) -> int:
    """IRI, BLANK or LITERAL."""
    if isinstance(term, ox.Literal):
        return LITERAL
    return BLANK if isinstance(term, ox.BlankNode) else IRI


def expand(pairs: Pairs, nodes: Codes) -> tuple[Index, Codes]:
    """What nodes are connected to: for each pair the position of its node, and the other end."""
    if len(nodes) * 8 < len(pairs) or len(nodes) < FEW:
        starts = np.searchsorted(pairs.subjects, nodes)
        counts = np.searchsorted(pairs.subjects, nodes, side="right") - starts
        at = np.repeat(np.arange(len(nodes)), counts)
        within = np.arange(len(at)) - np.repeat(np.cumsum(counts) - counts, counts)
        return at, pairs.objects[np.repeat(starts, counts) + within]
    if not len(pairs) or not len(nodes):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int32)
    top = int(max(pairs.subjects[-1], nodes.max())) + 1
    if increasing(nodes):
        position = np.full(top, NONE, dtype=np.int64)
        position[nodes] = np.arange(len(nodes))
        rows = position[pairs.subjects]
        chosen = rows >= 0
        return rows[chosen], pairs.objects[chosen]
    first, back = np.unique(nodes, return_inverse=True)
    at, ends = expand(pairs, first)
    return join(back, at, ends)


def once_said(columns: Columns, at: Index, rows: Index) -> tuple[Index, Index]:
    """Of rows that say the same about the same node only the first."""
    predicates, objects = columns.predicates[rows], columns.objects[rows]
    keys = np.lexsort((rows, objects, predicates, at))
    told = np.stack([at[keys], predicates[keys], objects[keys]])
    first = np.concatenate([[True], (told[:, 1:] != told[:, :-1]).any(axis=0)])[: len(at)]
    return at[keys[first]], rows[keys[first]]


def join(middle: Index, at: Index, ends: Codes) -> tuple[Index, Codes]:
    """For each position of ``middle`` the ends that stand at its value in ``at`` (ordered)."""
    starts = np.searchsorted(at, middle)
    counts = np.searchsorted(at, middle, side="right") - starts
    rows = np.repeat(np.arange(len(middle)), counts)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    return rows, ends[np.repeat(starts, counts) + within]


def increasing(codes: Codes | Index) -> bool:
    """Whether numbers are ordered, and none is there twice."""
    return bool((codes[1:] > codes[:-1]).all())


def distinct(at: Index, ends: Codes) -> tuple[Index, Codes]:
    """The same pairs, ordered, none twice."""
    both = at << 32 | ends
    return (at, ends) if increasing(both) else apart(once(both))


def once(both: Index) -> Index:
    """The same numbers, ordered, none twice."""
    both = np.sort(both)
    first: Mask = np.concatenate([[True], both[1:] != both[:-1]])
    return both[first[: len(both)]]


def apart(both: Index) -> tuple[Index, Codes]:
    """Pairs that stood in one number each."""
    return both >> 32, (both & 0xFFFFFFFF).astype(np.int32)


class Memo:
    """A fact about each term, found out once and only for those that are asked about."""

    def __init__(
        self,
        data: Data,
        find: Callable[[Codes, list[Term]], Iterable[int]],
        kind: npt.DTypeLike = np.int64,
    ) -> None:
        self._data = data
        self._find = find
        self._known = np.zeros(len(data), dtype=np.bool_)
        self._held: npt.NDArray[np.generic] = np.zeros(len(data), dtype=kind)

    def __getitem__(self, codes: Codes) -> npt.NDArray[np.int64]:
        if (lacking := len(self._data) - len(self._known)) > 0:
            self._known = np.concatenate([self._known, np.zeros(lacking, dtype=np.bool_)])
            more = np.zeros(lacking, dtype=self._held.dtype)
            self._held = np.concatenate([self._held, more])
        todo = self._data.ordered(codes[~self._known[codes]])
        if len(todo):
            found = self._find(todo, self._data.terms(todo))
            self._held[todo] = np.fromiter(found, self._held.dtype, len(todo))
            self._known[todo] = True
        return self._held[codes]  # type: ignore[return-value]  # whole numbers or truth values
