"""The shapes after an edit: only what the edit may concern is judged anew.

The answer is the same as judging everything, because a node's results depend on nothing but what
its shapes read from it, and ``footprint`` knows what they read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field

from rdflib import RDFS, Graph
from rdflib.term import Node

from guidegraph.check.footprint import START, CannotFollowError, Footprint, Step, footprint
from guidegraph.check.validation import Result, results
from guidegraph.read import Triple

Spot = tuple[Node, int]
"""A node, and the state in which shapes come to it."""

TOO_MANY = 4
"""If more than one node in so many is concerned, judging all takes no longer."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What an edit took from a graph and what it brought; ``graph`` is the one after it."""

    graph: Graph
    gone: frozenset[Triple]
    come: frozenset[Triple]

    @classmethod
    def between(cls, graph: Graph, files: Iterable[tuple[Set[Triple], Set[Triple]]]) -> Edit:
        """The edit that made ``graph`` out of another: what each file said before it, and after."""
        gone: set[Triple] = set()
        come: set[Triple] = set()
        for before, after in files:
            gone |= before - after
            come |= after - before
        return cls(graph, frozenset(gone), frozenset(come))

    @property
    def touched(self) -> frozenset[Triple]:
        """Every triple that is in one of the two graphs only."""
        return self.gone | self.come


def results_after(edit: Edit, before: Iterable[Result], ontology: Graph) -> tuple[Result, ...]:
    """What the shapes find after an edit, given what they found before it."""
    if not edit.touched:
        return tuple(before)
    concerned = _concerned(edit, ontology)
    if concerned is None:
        return results(edit.graph, ontology)
    foci, neighbourhood = concerned
    kept = (each for each in before if each.focus not in foci)
    anew = (each for each in results(neighbourhood, ontology) if each.focus in foci)
    return (*kept, *anew)


def _concerned(edit: Edit, ontology: Graph) -> tuple[set[Node], set[Triple]] | None:
    """The nodes an edit may concern, with all that their shapes read; None: perhaps all of them."""
    if any(triple[1] == RDFS.subClassOf for triple in edit.touched):
        return None
    try:
        walk = _Walk(edit, footprint(ontology))
    except CannotFollowError:
        return None
    foci = walk.readers()
    if len(foci) * TOO_MANY > len(set(edit.graph.subjects())):
        return None
    return foci, walk.read(foci)


@dataclass(slots=True)
class _Walk:
    """Walks of the automaton over the graph after an edit and what the edit took away."""

    edit: Edit
    shapes: Footprint
    _gone_to: dict[tuple[Node, Node], list[Node]] = field(default_factory=lambda: defaultdict(list))
    _gone_from: dict[tuple[Node, Node], list[Node]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def __post_init__(self) -> None:
        for subject, predicate, value in self.edit.gone:
            self._gone_to[value, predicate].append(subject)
            self._gone_from[subject, predicate].append(value)

    def _touched(self) -> Iterator[Spot]:
        """Where a triple of the edit is read, or makes its subject or value a node to be judged."""
        for subject, predicate, value in self.edit.touched:
            yield subject, START
            if predicate in self.shapes.uses:
                yield value, START
            for step in (*self._reading(predicate), *self._reading(None)):
                yield (value if step.backwards else subject), step.state

    def _reading(self, predicate: Node | None) -> tuple[Step, ...]:
        return self.shapes.reading.get(predicate, ())

    def readers(self) -> set[Node]:
        """The nodes from which shapes come to what was edited, before or after the edit."""
        waiting = list(self._touched())
        met = set(waiting)
        while waiting:
            node, state = waiting.pop()
            further = [(node, each) for each in self.shapes.freed.get(state, ())]
            for step in self.shapes.entering.get(state, ()):
                further += [(each, step.state) for each in self._before(node, step)]
            waiting += [each for each in dict.fromkeys(further) if each not in met]
            met.update(further)
        return {node for node, state in met if state == START}

    def _before(self, node: Node, step: Step) -> Iterator[Node]:
        """From where a step comes to a node."""
        graph, predicate = self.edit.graph, step.predicate
        if predicate is None:  # only into states from which nothing is read
            return
        if step.backwards:
            yield from graph.objects(node, predicate)
            yield from self._gone_from.get((node, predicate), ())
        else:
            yield from graph.subjects(predicate, node)
            yield from self._gone_to.get((node, predicate), ())

    def read(self, foci: Iterable[Node]) -> set[Triple]:
        """All that shapes read of these nodes after the edit, and what classes are under which."""
        graph = self.edit.graph
        waiting: list[Spot] = [(each, START) for each in foci]
        met = set(waiting)
        found = set(graph.triples((None, RDFS.subClassOf, None)))
        for node, _ in waiting:
            found.update(graph.triples((node, None, None)))
            for use in self.shapes.uses:
                found.update(graph.triples((None, use, node)))
        while waiting:
            node, state = waiting.pop()
            further = [(node, each) for each in self.shapes.free.get(state, ())]
            for step in self.shapes.leaving.get(state, ()):
                ends = (
                    (None, step.predicate, node) if step.backwards else (node, step.predicate, None)
                )
                for triple in graph.triples(ends):
                    found.add(triple)
                    further.append((triple[0] if step.backwards else triple[2], step.after))
            waiting += [each for each in dict.fromkeys(further) if each not in met]
            met.update(further)
        return found
