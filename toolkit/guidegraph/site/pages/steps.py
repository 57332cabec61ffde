"""The decisions of the pathways, a page each: what is asked, its ways out, what it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.entity import Entity, references
from guidegraph.model import (
    Branch,
    CarePathway,
    DecisionNode,
    InterpretationPoint,
    Recommendation,
)
from guidegraph.site.blocks import (
    Item,
    Items,
    Page,
    Row,
    Section,
    Span,
    Table,
    fact,
    facts,
    sections,
    words,
)
from guidegraph.site.chapters import PATHWAYS
from guidegraph.site.links import LOGIC
from guidegraph.site.pages.provenance import faults, note, passages, questions, record
from guidegraph.site.pages.thresholds import threshold_table, thresholds_in
from guidegraph.site.safe import slug
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import View, joined, modality, numbered, status


def step_path(node: DecisionNode) -> str:
    """The page about a decision; its place in the flowchart is that of its address."""
    return f"steps/{slug(node.id)}.html"


def pages(seen: View) -> Iterator[Page]:
    """One page per decision."""
    for node in seen.guideline.all(DecisionNode):
        yield _page(seen, node)


def _page(seen: View, node: DecisionNode) -> Page:
    found = [seen.guideline.get(name, Branch) for name in node.branches]
    branches = sorted((each for each in found if each), key=lambda each: each.position)
    basis = _basis(seen, branches)
    points = [each for each in seen.guideline.all(InterpretationPoint) if each.id in basis]
    limits = thresholds_in(seen, basis)
    pathway = seen.guideline.get(node.pathway, CarePathway)
    return Page(
        path=step_path(node),
        index=PATHWAYS.index,
        title=str(node.label) or node.id,
        eyebrow=(
            *numbered("Decision", node),
            Span(" · in "),
            *(seen.wording.name(pathway.id) if pathway else words(node.pathway)),
        ),
        heading=seen.wording.said(node.label) or words(node.id),
        lead=seen.wording.said(node.question),
        badges=status(seen, node),
        sections=sections(
            Section("", (note(seen, node),)),
            _facts(seen, node),
            Section("Ways out", (_ways(seen, branches),), anchor="ways"),
            _advice(seen, branches),
            Section(
                "Limits it looks at",
                (threshold_table(seen, limits, "Limits this decision looks at"),),
                anchor="limits",
            ),
            questions(seen, [*points]),
            faults(seen, node, *node.branches),
            passages(seen, node),
            record(seen, node),
        ),
        structured=guideline_data(seen),
    )


def _facts(seen: View, node: DecisionNode) -> Section:
    """Where it stands, how its ways out are taken, and what leads to it."""
    before = seen.links.to(node.id, "gg:leadsTo")
    place = seen.addresses.of(node.id)
    return Section(
        "",
        (
            facts(
                fact("Place", words("In the flowchart", to=place) if place else ()),
                fact("Ways out taken", words(seen.guideline.words(node.hit_policy))),
                fact("Reached from", *(_before(seen, each) for each in before)),
            ),
        ),
    )


def _before(seen: View, thing: Entity) -> tuple[Span, ...]:
    """A step, or the way out of one, that leads here."""
    owner = next(iter(seen.links.of(DecisionNode, thing.id, "gg:hasBranch")), None)
    if isinstance(thing, Branch) and owner:
        return (*seen.wording.link(owner, str(owner.label)), Span(f": {thing.label}"))
    return seen.wording.name(thing.id)


def _ways(seen: View, branches: list[Branch]) -> Items:
    """Each way out with the condition that takes it, and the step it leads to."""
    items = []
    for each in branches:
        held = seen.wording.criterion(each.criterion)
        role = words(seen.guideline.words(each.role)) if each.role else ()
        onward = (Span("leads to "), *seen.wording.name(each.leads_to))
        parts = (held,) if held else (Item(role),) if role else ()
        items.append(Item(seen.wording.said(each.label), (*parts, Item(onward))))
    return Items(tuple(items), "criteria")


def _advice(seen: View, branches: list[Branch]) -> Section:
    """The recommendations carried out by the steps right after it."""
    after = {each.leads_to for each in branches}
    rows = tuple(
        Row(
            (
                seen.wording.name(each.id),
                (modality(seen, each.modality),),
                joined([seen.wording.name(name) for name in each.implemented_by if name in after]),
            )
        )
        for each in seen.guideline.all(Recommendation)
        if not after.isdisjoint(each.implemented_by)
    )
    columns = ("Recommendation", "Wording", "Step")
    table = Table("Recommendations right after this decision", columns, rows, "advice")
    return Section("Advice right after it", (table,), anchor="advice")


def _basis(seen: View, branches: list[Branch]) -> frozenset[str]:
    """The names of all that the ways out rest on."""
    known = seen.guideline.entities
    ahead = [known[e.criterion] for e in branches if e.criterion and e.criterion in known]
    found: set[str] = set()
    while ahead:
        thing = ahead.pop()
        if thing.id in found:
            continue
        found.add(thing.id)
        for _, name in references(thing):
            other = known.get(name)
            if isinstance(other, LOGIC):
                ahead.append(other)
    return frozenset(found)
