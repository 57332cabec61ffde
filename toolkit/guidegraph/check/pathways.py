"""Whether every pathway can be walked: no circles, nothing out of reach, no way to nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph import pathway
from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.model import CarePathway, DecisionNode, Guideline, PathwayNode, StartNode


def check_pathways(guideline: Guideline) -> Iterator[Diagnostic]:
    """Circles, unreachable nodes, dead ends and ways into other pathways."""
    for each in guideline.all(CarePathway):
        if guideline.get(each.start_node, StartNode) is None:
            continue
        yield from _circles(guideline, each)
        yield from _unreachable(guideline, each)
        yield from _dead_ends(guideline, each)
        yield from _strays(guideline, each)


def _circles(guideline: Guideline, each: CarePathway) -> Iterator[Diagnostic]:
    for circle in pathway.cycles(guideline, each.id):
        first = guideline.one(circle[0], PathwayNode)
        yield Diagnostic(
            code="L201",
            severity=Severity.ERROR,
            message=f"The pathway `{each.id}` goes round in a circle: "
            + " → ".join((*circle, circle[0]))
            + ".",
            at=first.at,
            why="Nobody could say when a patient has finished; repeated tests belong to an action.",
            help="End the pathway and let the end point to the next one with gg:continuesIn.",
            subject=first.id,
        )


def _unreachable(guideline: Guideline, each: CarePathway) -> Iterator[Diagnostic]:
    for name in pathway.unreachable(guideline, each.id):
        node = guideline.one(name, PathwayNode)
        if node.pathway == each.id:
            yield Diagnostic(
                code="L202",
                severity=Severity.ERROR,
                message=f"No way leads to `{name}`.",
                at=node.at,
                why=f"From the start of `{each.id}` this node is never reached.",
                help="Let a branch lead to it, or remove it.",
                subject=name,
            )


def _dead_ends(guideline: Guideline, each: CarePathway) -> Iterator[Diagnostic]:
    for name in pathway.dead_ends(guideline, each.id):
        node = guideline.one(name, PathwayNode)
        kind = "decision" if isinstance(node, DecisionNode) else "node"
        yield Diagnostic(
            code="L203",
            severity=Severity.ERROR,
            message=f"The {kind} `{name}` has no way out.",
            at=node.at,
            why="A patient who arrives here would be left without an answer.",
            help="Say where it leads to (gg:leadsTo, or a branch), or make it a gg:EndNode.",
            subject=name,
        )


def _strays(guideline: Guideline, each: CarePathway) -> Iterator[Diagnostic]:
    for way in pathway.ways(guideline, each.id):
        target = guideline.one(way.target, PathwayNode)
        if target.pathway != each.id:
            owner = guideline[way.branch.id if way.branch else way.source]
            yield Diagnostic(
                code="L204",
                severity=Severity.ERROR,
                message=f"`{owner.id}` leads into another pathway (`{target.pathway}`).",
                at=owner.place_of("gg:leadsTo"),
                why="A pathway must be readable by itself.",
                help="Lead to an end of this pathway and give that end gg:continuesIn.",
                subject=owner.id,
            )
