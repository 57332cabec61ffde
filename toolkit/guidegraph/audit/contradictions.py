"""Claims against claims: disputes that are recorded, disputes that follow, support in a circle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import networkx

from guidegraph.audit.base import Finding, finding
from guidegraph.audit.index import Index, listed, quoted
from guidegraph.diagnostic import Severity
from guidegraph.entity import Entity
from guidegraph.model import SUPPORTING, EvidenceClaim, Guideline

LONGEST = 4
"""Steps of an argument that are followed at most (ours); longer ones convince nobody."""

RESTATING = frozenset({"restates", "is restated by"})
"""Steps of an argument between claims that say the same."""


def audit_contradictions(guideline: Guideline) -> Iterator[Finding]:
    """Everything this module audits."""
    index = Index(guideline)
    yield from _recorded(index)
    yield from _derived(index)
    yield from _circles(index)


def _recorded(index: Index) -> Iterator[Finding]:
    """What is disputed, once for each thing that is; a gap that a finding fills is a doubt."""
    disputed: dict[str, list[EvidenceClaim]] = {}
    for each in index.relations:
        evidence = index.guideline.get(each.evidence, EvidenceClaim)
        if (
            each.relation_type == "Disputes"
            and evidence
            and each.target in index.guideline.entities
        ):
            disputed.setdefault(each.target, []).append(evidence)
    for name, against in disputed.items():
        target = index.guideline.entities[name]
        filling = [
            each
            for each in against
            if isinstance(target, EvidenceClaim)
            and target.claim_type == "EvidenceGap"
            and each.claim_type == "StudyFinding"
            and index.documents(each) & index.documents(target)
        ]
        if filling and isinstance(target, EvidenceClaim):
            yield _filled_gap(index, target, filling)
        rest = [each for each in against if each not in filling]
        if rest:
            yield _dispute(index, target, rest)


def _filled_gap(index: Index, target: EvidenceClaim, filling: list[EvidenceClaim]) -> Finding:
    return finding(
        "A507",
        Severity.WARNING,
        f"`{target.id}` says that something is not known, and the same document gives it in "
        f"{quoted(each.id for each in filling)}.",
        at=target.at,
        why="A statement that there is no evidence holds only until one piece of it turns up.",
        remedy="Compare both with the source. If both stand there, record it as a gg:Discrepancy "
        "or accept the finding; if they speak of different things, correct the relation.",
        subject=target.id,
        involved=(each.id for each in filling),
        arithmetic=(f"{each.id} disputes {target.id}" for each in filling),
    )


def _dispute(index: Index, target: Entity, against: list[EvidenceClaim]) -> Finding:
    documents = index.documents(target).union(*(index.documents(each) for each in against))
    inside = "within" if len(documents) == 1 else "between"
    return finding(
        "A504",
        Severity.NOTE,
        f"`{target.id}` is disputed by {quoted(each.id for each in against)} ({inside} "
        f"{index.titles(documents)}).",
        at=target.at,
        why="Both were judged to contradict each other; whoever uses one should know the other.",
        remedy="Nothing need be done; when it is settled which holds, say so and accept the "
        "finding.",
        subject=target.id,
        involved=(each.id for each in against),
        arithmetic=(f"{each.id} disputes {target.id}" for each in against),
    )


@dataclass(frozen=True, slots=True)
class _Walk:
    """An argument from a claim to what it bears on, step by step, and whether it is for it."""

    nodes: tuple[str, ...]
    steps: tuple[str, ...]
    speaks_for: bool

    def __str__(self) -> str:
        told = [self.nodes[0]]
        for step, node in zip(self.steps, self.nodes[1:], strict=True):
            told.append(f"{step} {node}")
        return ", which ".join([" ".join(told[:2]), *told[2:]])


def _derived(index: Index) -> Iterator[Finding]:
    """A claim that speaks for something by one argument and against it by another.

    Only the shortest: where a shorter argument already shows it, the longer one is left out.
    """
    steps = _steps(index)
    told: set[tuple[str, str]] = set()
    circles: set[frozenset[str]] = set()
    for length in range(2, 2 * LONGEST + 1):
        for start in sorted(steps):
            walks = _walks(steps, start)
            circle = _circle(walks)
            if circle and len(circle.steps) == length and frozenset(circle.nodes) not in circles:
                circles.add(frozenset(circle.nodes))
                yield _against_itself(index, start, circle)
            for end, (favour, against) in sorted(_both(walks).items()):
                if len(favour.steps) + len(against.steps) != length:
                    continue
                pairs = {(a, b) for walk in (favour, against) for a, b in _inner(walk)}
                if pairs & told:
                    continue
                told.add((start, end))
                yield _conflict(index, start, end, favour, against)


def _steps(index: Index) -> dict[str, list[tuple[str, str, bool]]]:
    """From each claim, the steps of an argument: to what, how it is called, whether it is for."""
    steps: dict[str, list[tuple[str, str, bool]]] = {}
    for each in index.relations:
        if each.relation_type in (*SUPPORTING, "Restates"):
            word = "restates" if each.relation_type == "Restates" else "supports"
            steps.setdefault(each.evidence, []).append((each.target, word, True))
        if each.relation_type == "Restates":
            steps.setdefault(each.target, []).append((each.evidence, "is restated by", True))
        if each.relation_type == "Disputes":
            steps.setdefault(each.evidence, []).append((each.target, "disputes", False))
    return steps


def _walks(steps: dict[str, list[tuple[str, str, bool]]], start: str) -> list[_Walk]:
    """Every argument of at most ``LONGEST`` steps with at most one dispute in it.

    What speaks against an opponent of something need not speak for it: two disputes prove nothing.
    """
    found = []
    ahead = [_Walk((start,), (), speaks_for=True)]
    while ahead:
        walk = ahead.pop(0)
        if walk.steps:
            found.append(walk)
        if len(walk.steps) == LONGEST or walk.nodes[-1] in walk.nodes[:-1]:
            continue
        for target, word, is_for in sorted(steps.get(walk.nodes[-1], [])):
            comes_back = target == start and walk.steps and not (walk.speaks_for and is_for)
            if (comes_back or target not in walk.nodes) and (is_for or walk.speaks_for):
                nodes, told = (*walk.nodes, target), (*walk.steps, word)
                ahead.append(_Walk(nodes, told, walk.speaks_for and is_for))
    return found


def _both(walks: list[_Walk]) -> dict[str, tuple[_Walk, _Walk]]:
    """The ends that are reached both ways, each with its shortest arguments."""
    favour: dict[str, _Walk] = {}
    against: dict[str, _Walk] = {}
    for walk in walks:
        (favour if walk.speaks_for else against).setdefault(walk.nodes[-1], walk)
    return {end: (favour[end], against[end]) for end in favour if end in against}


def _circle(walks: list[_Walk]) -> _Walk | None:
    """The shortest argument by which a claim speaks against itself.

    One that leads over claims that say the same is told as an argument for and against.
    """
    closed = (each for each in walks if each.nodes[0] == each.nodes[-1])
    return next((each for each in closed if not RESTATING.intersection(each.steps)), None)


def _inner(walk: _Walk) -> Iterator[tuple[str, str]]:
    for start in range(len(walk.nodes)):
        for end in range(start + 1, len(walk.nodes)):
            yield walk.nodes[start], walk.nodes[end]


def _conflict(index: Index, start: str, end: str, favour: _Walk, against: _Walk) -> Finding:
    thing = index.guideline.entities[start]
    return finding(
        "A505",
        Severity.WARNING,
        f"By the recorded relations `{start}` speaks both for and against `{end}`.",
        at=thing.at,
        why="Support of what disputes something speaks against it. Nobody has written this "
        "contradiction down; it follows from relations that were judged one by one.",
        remedy="Look at each step. One relation may be too strong (a support that is partial, a "
        "dispute that only qualifies); if all hold, record it as a gg:Discrepancy or accept the "
        "finding.",
        subject=start,
        involved=(*favour.nodes, *against.nodes),
        arithmetic=(f"for: {favour}", f"against: {against}"),
    )


def _against_itself(index: Index, start: str, circle: _Walk) -> Finding:
    return finding(
        "A505",
        Severity.WARNING,
        f"By the recorded relations `{start}` speaks against itself.",
        at=index.guideline.entities[start].at,
        why="It supports what disputes it. If it holds, so does what says that it does not.",
        remedy="Look at each step. One relation may be too strong (a support that is partial, a "
        "dispute that only qualifies); if all hold, record it as a gg:Discrepancy or accept the "
        "finding.",
        subject=start,
        involved=circle.nodes,
        arithmetic=(f"against: {circle}",),
    )


def _circles(index: Index) -> Iterator[Finding]:
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_edges_from((a.id, b.id) for a, b, _ in index.pairs(*SUPPORTING))
    rings = [
        each
        for each in networkx.strongly_connected_components(graph)
        if len(each) > 1 or any(graph.has_edge(name, name) for name in each)
    ]
    for ring in sorted(sorted(each) for each in rings):
        first = index.guideline.entities[ring[0]]
        edges = sorted((a, b) for a, b in graph.edges if a in ring and b in ring)
        yield finding(
            "A506",
            Severity.WARNING,
            f"{listed(f'`{each}`' for each in ring)} "
            f"{'supports itself' if len(ring) == 1 else 'support each other in a circle'}.",
            at=first.at,
            why="Evidence that comes round to itself adds nothing.",
            remedy="Remove the relation that does not hold; claims that say the same thing are "
            "joined by code:Restates.",
            subject=ring[0],
            involved=ring,
            arithmetic=(f"{a} supports {b}" for a, b in edges),
        )
