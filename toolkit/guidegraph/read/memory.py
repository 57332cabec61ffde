"""The graph of a guideline in memory: filled at once, and asked far more often than changed.

rdflib's own ``SimpleMemory`` compares every part of every question with ``None`` by way of
``Node.__eq__``, and takes triples one by one. Everything else about it is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rdflib import Graph
from rdflib.plugins.stores.memory import SimpleMemory
from rdflib.term import Node

Triple = tuple[Node, Node, Node]
Index = dict[Node, dict[Node, dict[Node, None]]]


def in_memory(triples: Iterable[Triple]) -> Graph:
    """A graph of these triples; it has no contexts, for nobody here has several graphs in one."""
    store = Memory()
    store.fill(triples)
    return Graph(store=store)


class Memory(SimpleMemory):
    """Triples by subject, by predicate and by object."""

    def __init__(self, configuration: str | None = None, identifier: Any = None) -> None:
        super().__init__(configuration, identifier)
        self._values: Index = {}
        self._subjects: Index = {}
        self._predicates: Index = {}
        self._size = 0

    def fill(self, triples: Iterable[Triple]) -> None:
        """Add all of them; they are terms, and nobody looks whether they are."""
        values, subjects, predicates = self._values, self._subjects, self._predicates
        for subject, predicate, value in triples:
            if (stated := values.get(subject)) is None:
                stated = values[subject] = {}
            if (held := stated.get(predicate)) is None:
                held = stated[predicate] = {}
            if value in held:
                continue
            self._size += 1
            held[value] = None
            if (of := subjects.get(predicate)) is None:
                of = subjects[predicate] = {}
            of.setdefault(value, {})[subject] = None
            predicates.setdefault(value, {}).setdefault(subject, {})[predicate] = None

    def add(self, triple: Triple, context: Any, quoted: bool = False) -> None:
        """Add one."""
        self.fill((triple,))

    def remove(self, triple_pattern: Any, context: Any = None) -> None:
        """Remove what fits the pattern."""
        for (subject, predicate, value), _ in list(self.triples(triple_pattern)):
            _drop(self._values, subject, predicate, value)
            _drop(self._subjects, predicate, value, subject)
            _drop(self._predicates, value, subject, predicate)
            self._size -= 1

    def triples(self, triple_pattern: Any, context: Any = None) -> Iterator[tuple[Any, Any]]:
        """What fits the pattern, each with no context."""
        return ((each, _NOWHERE) for each in self._fitting(*triple_pattern))

    def _fitting(
        self, subject: Node | None, predicate: Node | None, value: Node | None
    ) -> Iterator[Triple]:
        if subject is not None:
            stated = self._values.get(subject, {})
            wanted = stated.items() if predicate is None else _only(stated, predicate)
            for verb, held in wanted:
                if value is None:
                    for each in held:
                        yield subject, verb, each
                elif value in held:
                    yield subject, verb, value
        elif predicate is not None:
            of = self._subjects.get(predicate, {})
            for each, known in of.items() if value is None else _only(of, value):
                for one in known:
                    yield one, predicate, each
        elif value is not None:
            for one, verbs in self._predicates.get(value, {}).items():
                for verb in verbs:
                    yield one, verb, value
        else:
            for one, stated in self._values.items():
                for verb, held in stated.items():
                    for each in held:
                        yield one, verb, each

    def __len__(self, context: Any = None) -> int:
        return self._size


_NOWHERE: Iterator[Any] = iter(())


def _only(
    index: dict[Node, dict[Node, None]], key: Node
) -> tuple[tuple[Node, dict[Node, None]], ...]:
    found = index.get(key)
    return () if found is None else ((key, found),)


def _drop(index: Index, one: Node, two: Node, three: Node) -> None:
    """Take one entry out, and what is empty then."""
    inner = index[one]
    del inner[two][three]
    if not inner[two]:
        del inner[two]
    if not inner:
        del index[one]
