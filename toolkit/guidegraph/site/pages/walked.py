"""A pathway as data for the script that shows the way of one patient through it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from guidegraph.model import (
    ActionNode,
    Branch,
    CarePathway,
    DecisionNode,
    EndNode,
    PathwayNode,
    Population,
    StartNode,
)
from guidegraph.pathway import branches, nodes, ways_out
from guidegraph.site.addresses import page_path
from guidegraph.site.blocks import Panel, Span
from guidegraph.site.parts import REASONING
from guidegraph.site.safe import plain, slug
from guidegraph.site.view import View

SIMULATOR = "simulator.html"
READER = "patient.js"
"""The last script of the reasoning that is needed to read a patient."""
KINDS: tuple[tuple[type[PathwayNode], str], ...] = (
    (StartNode, "start"),
    (DecisionNode, "decision"),
    (ActionNode, "action"),
    (EndNode, "end"),
)


def has_simulator(seen: View) -> bool:
    """Whether the site decides about patients at all."""
    return seen.content.program is not None and seen.guideline.header.publishes_simulator


def way_of_a_patient(seen: View, pathway: CarePathway) -> Panel:
    """The place where the way of one patient is told, with the pathway as data beside it."""
    line = (
        Span("The way of one patient: fill in "),
        Span("Try a patient", to=SIMULATOR),
        Span(" and follow its link to this pathway."),
    )
    return Panel("patient-path", (line,), pathway_data(seen, pathway))


def pathway_data(seen: View, pathway: CarePathway) -> dict[str, object]:
    """The pathway: its nodes with their ways on, and every criterion that decides."""
    found = nodes(seen.guideline, pathway.id)
    population = seen.guideline.get(pathway.population, Population)
    entry = population.defining_criterion if population else None
    deciding = (
        branch.criterion
        for node in found
        if isinstance(node, DecisionNode)
        for branch in branches(seen.guideline, node.id)
    )
    return {
        "label": plain(pathway.label),
        "population": entry,
        "populationLabel": plain(population.label) if population else "",
        "start": pathway.start_node,
        "nodes": [_node(seen, each, pathway) for each in found],
        "criteria": _labels(seen, (entry, *deciding)),
        "simulator": SIMULATOR,
        "scripts": list(REASONING.scripts[: REASONING.scripts.index(READER) + 1]),
    }


def _node(seen: View, node: PathwayNode, pathway: CarePathway) -> dict[str, Any]:
    """A node; one of another pathway has no ways on from here."""
    kind = next((name for known, name in KINDS if isinstance(node, known)), "action")
    shown: dict[str, Any] = {
        "id": node.id,
        "kind": kind,
        "label": plain(node.label) or node.id,
        "place": slug(node.id),
        "leadsTo": None,
        "branches": [],
    }
    if node.pathway != pathway.id:
        return {**shown, "place": None}
    if isinstance(node, DecisionNode):
        shown["hitPolicy"] = node.hit_policy
        shown["branches"] = [
            _branch(seen, each)
            for each in branches(seen.guideline, node.id)
            if seen.guideline.get(each.leads_to, PathwayNode)
        ]
    else:
        shown["leadsTo"] = next((way.target for way in ways_out(seen.guideline, node)), None)
    if isinstance(node, EndNode):
        onward = seen.guideline.get(node.continues_in, CarePathway)
        shown["endReason"] = plain(seen.guideline.words(node.end_reason)) if node.end_reason else ""
        if onward is not None:
            shown["continuesIn"] = {"label": plain(onward.label), "page": page_path(onward)}
    return shown


def _branch(seen: View, branch: Branch) -> dict[str, Any]:
    return {
        "id": branch.id,
        "label": plain(branch.label) or plain(seen.guideline.words(branch.role)),
        "place": slug(branch.id),
        "criterion": branch.criterion,
        "role": branch.role,
        "target": branch.leads_to,
    }


def _labels(seen: View, names: Iterable[str | None]) -> dict[str, dict[str, object]]:
    """The words and the address of each criterion."""
    found = ((name, seen.guideline.entities.get(name)) for name in names if name)
    return {
        name: {"label": plain(each.label) or name, "page": seen.addresses.of(name)}
        for name, each in found
        if each is not None
    }
