"""A care pathway as a graph: its ways, what it takes to arrive at a node, and its outline.

The condition of arriving somewhere (``reach``) is what ties a flowchart to the logic: a branch
"otherwise" is taken when every sibling's criterion is false, and a branch "when unknown" says how
to resolve an unknown, so it never makes anything true. Everything here keeps the order of the
files and of the branches' positions. Only ``graph`` and what builds on it need networkx.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guidegraph.kernel import FALSE, TRUE, And, Bool, Not, Or
from guidegraph.kernel import Ref as KernelRef
from guidegraph.model import (
    ActionNode,
    Branch,
    CarePathway,
    DecisionNode,
    EndNode,
    Guideline,
    PathwayNode,
    Population,
    Recommendation,
    StartNode,
)

if TYPE_CHECKING:
    from networkx import DiGraph

OTHERWISE = "Otherwise"
WHEN_UNKNOWN = "WhenUnknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way from a node to the next; ``branch`` is the branch taken where the node decides."""

    source: str
    target: str
    branch: Branch | None = None

    @property
    def label(self) -> str:
        """The words on the arrow; empty where there is nothing to choose."""
        return str(self.branch.label) if self.branch else ""

    @property
    def is_when_unknown(self) -> bool:
        """Whether this way only says how to resolve an unknown."""
        return self.branch is not None and self.branch.role == WHEN_UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A node in the outline of a pathway, the branch that led to it, and what follows.

    A node is unfolded where it is met first; elsewhere ``is_repeated`` says "see above" and
    ``steps`` is empty.
    """

    node: PathwayNode
    branch: Branch | None = None
    is_repeated: bool = False
    steps: tuple[Step, ...] = ()


# --- the graph ------------------------------------------------------------------------------------


def nodes(guideline: Guideline, pathway_id: str) -> tuple[PathwayNode, ...]:
    """The nodes of a pathway, then nodes of other pathways that its ways lead to directly."""
    onward = _onward(guideline, pathway_id)
    led_to = [way.target for following in onward.values() for way in following]
    return tuple(guideline.one(each, PathwayNode) for each in dict.fromkeys([*onward, *led_to]))


def ways(guideline: Guideline, pathway_id: str) -> tuple[Way, ...]:
    """Every way that begins at a node of the pathway."""
    return tuple(way for each in _onward(guideline, pathway_id).values() for way in each)


def ways_out(guideline: Guideline, node: PathwayNode) -> tuple[Way, ...]:
    """The ways on from a node, in branch order. A way to something unknown is left out."""
    found: tuple[Way, ...] = ()
    if isinstance(node, DecisionNode):
        found = tuple(
            Way(source=node.id, target=branch.leads_to, branch=branch)
            for branch in branches(guideline, node.id)
        )
    elif isinstance(node, StartNode | ActionNode) and node.leads_to is not None:
        found = (Way(source=node.id, target=node.leads_to),)
    return tuple(way for way in found if guideline.get(way.target, PathwayNode))


def branches(guideline: Guideline, decision_id: str) -> tuple[Branch, ...]:
    """The branches of a decision by position."""
    decision = guideline.one(decision_id, DecisionNode)
    known = (guideline.get(each, Branch) for each in decision.branches)
    found = [each for each in known if each is not None]
    return tuple(sorted(found, key=lambda each: (each.position, each.id)))


def graph(guideline: Guideline, pathway_id: str) -> DiGraph[str]:
    """The pathway as a networkx graph.

    Nodes carry ``entity``; an edge carries ``branches`` (all that lead from one node to the other,
    empty where there is nothing to choose) and ``label``, their words.
    """
    import networkx

    drawn: DiGraph[str] = networkx.DiGraph()
    for node in nodes(guideline, pathway_id):
        drawn.add_node(node.id, entity=node)
    for way in ways(guideline, pathway_id):
        known = drawn.get_edge_data(way.source, way.target, default={}).get("branches", ())
        taken_by = (*known, way.branch) if way.branch else known
        label = " / ".join(str(each.label) for each in taken_by)
        drawn.add_edge(way.source, way.target, branches=taken_by, label=label)
    return drawn


def cycles(guideline: Guideline, pathway_id: str) -> tuple[tuple[str, ...], ...]:
    """One cycle (node ids in walking order) of every part of the pathway that goes in circles."""
    import networkx

    whole = graph(guideline, pathway_id)
    found = []
    for part in networkx.strongly_connected_components(whole):
        members = [each for each in whole if each in part]
        inner = whole.subgraph(members)
        if inner.number_of_edges():
            circle = networkx.find_cycle(inner, source=members[0])
            found.append(tuple(edge[0] for edge in circle))
    order = {name: place for place, name in enumerate(whole)}
    return tuple(sorted(found, key=lambda circle: order[circle[0]]))


def unreachable(guideline: Guideline, pathway_id: str) -> tuple[str, ...]:
    """The nodes that no way from the start leads to."""
    reached = set(_walking_order(guideline, pathway_id))
    return tuple(each.id for each in nodes(guideline, pathway_id) if each.id not in reached)


def dead_ends(guideline: Guideline, pathway_id: str) -> tuple[str, ...]:
    """The nodes that have no way out and are no end."""
    return tuple(
        each.id
        for each in nodes(guideline, pathway_id)
        if not isinstance(each, EndNode) and not ways_out(guideline, each)
    )


def layers(guideline: Guideline, pathway_id: str) -> tuple[tuple[str, ...], ...]:
    """The nodes in rows: each stands below everything that leads to it.

    Raises ``networkx.NetworkXUnfeasible`` where the pathway has a cycle (see ``cycles``).
    """
    import networkx

    whole = graph(guideline, pathway_id)
    order = {name: place for place, name in enumerate(whole)}
    rows = networkx.topological_generations(whole)
    return tuple(tuple(sorted(row, key=order.__getitem__)) for row in rows)


# --- the conditions -------------------------------------------------------------------------------


def reach(guideline: Guideline, pathway_id: str) -> dict[str, Bool]:
    """The condition of arriving at each node, for someone in the pathway's population.

    It is the disjunction over the ways that lead there of "arrived before it, and took this way".
    A node that only an unknown leads to has ``FALSE``, and so has one that cannot be reached.
    A way back into a cycle adds nothing.
    """
    arriving: dict[str, list[Bool]] = {}
    found: dict[str, Bool] = {}
    onward = _onward(guideline, pathway_id)
    start = guideline.one(pathway_id, CarePathway).start_node
    for name in _walking_order(guideline, pathway_id):
        found[name] = TRUE if name == start else any_of(arriving.get(name, ()))
        for way in onward.get(name, ()):
            chosen = taken(guideline, name)[way.branch.id] if way.branch else TRUE
            if way.target not in found:
                arriving.setdefault(way.target, []).append(all_of((found[name], chosen)))
    return {each.id: found.get(each.id, FALSE) for each in nodes(guideline, pathway_id)}


def taken(guideline: Guideline, decision_id: str) -> dict[str, Bool]:
    """The condition of taking each branch of a decision, once there."""
    known = branches(guideline, decision_id)
    tested: dict[str, Bool] = {
        each.id: KernelRef("criterion", each.criterion) for each in known if each.criterion
    }
    otherwise = all_of(Not(each) for each in tested.values())
    return {
        each.id: tested.get(each.id, otherwise if each.role == OTHERWISE else FALSE)
        for each in known
    }


def recommendations_at(guideline: Guideline, node_id: str) -> tuple[Recommendation, ...]:
    """The recommendations that a node carries out."""
    return tuple(each for each in guideline.recommendations if node_id in each.implemented_by)


def belongs(guideline: Guideline, population: str | None) -> Bool:
    """The condition of belonging to a population; everybody does where none is defined."""
    found = guideline.get(population, Population)
    if found is None or found.defining_criterion is None:
        return TRUE
    return KernelRef("criterion", found.defining_criterion)


def paths_condition(guideline: Guideline, recommendation: Recommendation) -> Bool | None:
    """The condition of arriving, from outside, at any node that carries out a recommendation.

    Someone arrives who belongs to the pathway's population and takes a way there. None without a
    node.
    """
    places = [guideline.one(each, PathwayNode) for each in recommendation.implemented_by]
    if not places:
        return None
    conditions: Mapping[str, Mapping[str, Bool]] = {
        each: reach(guideline, each) for each in dict.fromkeys(node.pathway for node in places)
    }
    return any_of(
        all_of((belongs(guideline, pathway.population), conditions[pathway.id][node.id]))
        for node in places
        for pathway in (guideline.one(node.pathway, CarePathway),)
    )


def all_of(parts: Iterable[Bool]) -> Bool:
    """A conjunction without needless nesting: equal in Kleene logic to ``And`` of the parts."""
    flat: list[Bool] = []
    for part in parts:
        if part == FALSE:
            return FALSE
        flat.extend(part.operands if isinstance(part, And) else (part,))
    kept = tuple(dict.fromkeys(flat))
    return kept[0] if len(kept) == 1 else And(kept)


def any_of(parts: Iterable[Bool]) -> Bool:
    """A disjunction without needless nesting: equal in Kleene logic to ``Or`` of the parts."""
    flat: list[Bool] = []
    for part in parts:
        if part == TRUE:
            return TRUE
        flat.extend(part.operands if isinstance(part, Or) else (part,))
    kept = tuple(dict.fromkeys(flat))
    return kept[0] if len(kept) == 1 else Or(kept)


# --- the outline ----------------------------------------------------------------------------------


def outline(guideline: Guideline, pathway_id: str) -> Step:
    """The pathway as nested steps from its start: the same content as the flowchart, in words."""
    return outlines(guideline, pathway_id)[0]


def outlines(guideline: Guideline, pathway_id: str) -> tuple[Step, ...]:
    """The outline from the start, then one for each node that none before it leads to."""
    onward = _onward(guideline, pathway_id)
    shown: set[str] = set()

    def unfold(name: str, branch: Branch | None) -> Step:
        node = guideline.one(name, PathwayNode)
        if name in shown:
            return Step(node=node, branch=branch, is_repeated=True)
        shown.add(name)
        following = tuple(unfold(way.target, way.branch) for way in onward.get(name, ()))
        return Step(node=node, branch=branch, steps=following)

    whole = unfold(guideline.one(pathway_id, CarePathway).start_node, None)
    return (whole, *(unfold(name, None) for name in onward if name not in shown))


def _onward(guideline: Guideline, pathway_id: str) -> dict[str, tuple[Way, ...]]:
    """The ways out of every node of the pathway itself."""
    return {
        each.id: ways_out(guideline, each)
        for each in guideline.all(PathwayNode)
        if each.pathway == pathway_id
    }


def _walking_order(guideline: Guideline, pathway_id: str) -> tuple[str, ...]:
    """What can be reached from the start, each node before those it leads to (cycles aside)."""
    onward = _onward(guideline, pathway_id)
    start: str = guideline.one(pathway_id, CarePathway).start_node
    finished: list[str] = []
    met = {start}
    trail = [(start, iter(onward.get(start, ())[::-1]))]
    while trail:
        name, left = trail[-1]
        way = next(left, None)
        if way is None:
            finished.append(name)
            trail.pop()
        elif way.target not in met:
            met.add(way.target)
            trail.append((way.target, iter(onward.get(way.target, ())[::-1])))
    return tuple(reversed(finished))
