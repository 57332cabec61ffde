"""The statements of a graph in an order, and with blank node labels, that are the same every time.

rdflib gives blank nodes new labels in every run. Here a label is made from what the node says and
who refers to it, by colour refinement: a node's colour is made of its statements and of its
neighbours' colours, again and again until no more nodes can be told apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

Triple = tuple["Node", "Node", "Node"]
Key = tuple[int, str, str, str]


class Statements:
    """A graph whose nodes can be listed, and named, in one order only."""

    def __init__(self, graph: Graph) -> None:
        self.triples: tuple[Triple, ...] = tuple(graph)
        self.labels = stable_labels(self.triples)
        self._order = {node: key(node, self.labels) for triple in graph for node in triple}

    @cached_property
    def roots(self) -> list[Node]:
        """The subjects that stand on their own: IRIs, then blank nodes that no one holds."""
        return self.in_order(each for each in self._described if each not in self.held)

    def about(self, subject: Node) -> list[tuple[Node, list[Node]]]:
        """What is said of a subject: each property with its values."""
        said = self._described.get(subject, {})
        return [(each, self.in_order(said[each])) for each in self.in_order(said)]

    def in_order(self, nodes: Iterable[Node]) -> list[Node]:
        """Nodes by kind (IRI, blank node, literal), then by text."""
        return sorted(nodes, key=self._order.__getitem__)

    @cached_property
    def held(self) -> frozenset[Node]:
        """The blank nodes that one statement alone refers to: they can be written inside it."""
        referring: dict[Node, list[Node]] = {each: [] for each in self.labels}
        for subject, _, value in self.triples:
            if value in referring:
                referring[value].append(subject)
        holder = {node: found[0] for node, found in referring.items() if len(found) == 1}
        return frozenset(each for each in holder if not _goes_in_circles(each, holder))

    @cached_property
    def _described(self) -> dict[Node, dict[Node, list[Node]]]:
        found: dict[Node, dict[Node, list[Node]]] = {}
        for subject, predicate, value in self.triples:
            found.setdefault(subject, {}).setdefault(predicate, []).append(value)
        return found


def key(node: Node, labels: dict[Node, str]) -> Key:
    """The place of a node in every listing."""
    from rdflib.term import Literal

    if node in labels:
        return (1, labels[node], "", "")
    if isinstance(node, Literal):
        return (2, str(node), node.language or "", str(node.datatype or ""))
    return (0, str(node), "", "")


def stable_labels(triples: Iterable[Triple]) -> dict[Node, str]:
    """A label for each blank node that depends on the statements alone.

    Nodes that are alike in everything are told apart one at a time, which gives the same graph
    whichever of them comes first.
    """
    from rdflib.term import BNode

    touching = [
        each for each in triples if isinstance(each[0], BNode) or isinstance(each[2], BNode)
    ]
    blank = {node for subject, _, value in touching for node in (subject, value)}
    colours = _refined({node: "" for node in blank if isinstance(node, BNode)}, touching)
    while (count := Counter(colours.values())) and max(count.values()) > 1:
        alike = min(colour for colour, number in count.items() if number > 1)
        first = next(node for node, colour in colours.items() if colour == alike)
        colours = _refined({**colours, first: _hashed([alike, "first"])}, touching)
    return {node: f"b{colour[:16]}" for node, colour in colours.items()}


def _refined(colours: dict[Node, str], touching: list[Triple]) -> dict[Node, str]:
    """Colours that tell apart whatever differs in its statements, however far away."""
    kinds = 0
    while len(set(colours.values())) > kinds:
        kinds = len(set(colours.values()))
        around: dict[Node, list[str]] = {each: [] for each in colours}
        for subject, predicate, value in touching:
            if subject in around:
                around[subject].append(f"> {predicate} {_named(value, colours)}")
            if value in around:
                around[value].append(f"< {predicate} {_named(subject, colours)}")
        colours = {each: _hashed([colours[each], *sorted(around[each])]) for each in around}
    return colours


def _named(node: Node, colours: dict[Node, str]) -> str:
    return f"_:{colours[node]}" if node in colours else node.n3()


def _hashed(parts: Iterable[str]) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()


def _goes_in_circles(node: Node, holder: dict[Node, Node]) -> bool:
    """Whether the holders of a blank node lead back to it."""
    met: set[Node] = set()
    while node in holder:
        if node in met:
            return True
        met.add(node)
        node = holder[node]
    return False
