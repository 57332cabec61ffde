"""The pathways: a flowchart each, and the same content as a nested list."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.entity import Entity
from guidegraph.model import (
    ActionNode,
    Branch,
    CarePathway,
    DecisionNode,
    EndNode,
    PathwayNode,
    StartNode,
)
from guidegraph.pathway import Step, outline, recommendations_at
from guidegraph.site.addresses import page_path
from guidegraph.site.blocks import (
    Block,
    Card,
    Cards,
    Figure,
    Item,
    Items,
    Line,
    Page,
    Section,
    Span,
    fact,
    facts,
    sections,
    words,
)
from guidegraph.site.chapters import PATHWAYS
from guidegraph.site.figures import plural
from guidegraph.site.pages.provenance import note, passages, questions, record, used_by
from guidegraph.site.safe import slug
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import View, modality, short, status

KINDS: tuple[tuple[type[PathwayNode], str], ...] = (
    (StartNode, "Start"),
    (DecisionNode, "Decision"),
    (ActionNode, "Action"),
    (EndNode, "End"),
)


def pages(seen: View) -> Iterator[Page]:
    """The index and one page per pathway."""
    found = seen.guideline.all(CarePathway)
    if not found:
        return
    cards = tuple(_card(seen, each) for each in found)
    yield Page(
        path=PATHWAYS.index,
        index=PATHWAYS.index,
        title=PATHWAYS.title,
        lead=words(
            "The order in which questions are asked, each with its ways out. "
            "Every decision says what to do when the answer is not known."
        ),
        sections=sections(Section("", (Cards(cards),))),
        structured=guideline_data(seen),
    )
    for each in found:
        yield _page(seen, each)


def _card(seen: View, pathway: CarePathway) -> Card:
    inside = [each for each in seen.guideline.all(PathwayNode) if each.pathway == pathway.id]
    asked = sum(isinstance(each, DecisionNode) for each in inside)
    count = f"{plural(asked, 'decision')}, {plural(len(inside), 'step')}"
    about = str(pathway.definition) or str(pathway.note)
    return Card(str(pathway.label), page_path(pathway) or "", count, about)


def _page(seen: View, pathway: CarePathway) -> Page:
    population = seen.wording.population(pathway.population)
    return Page(
        path=page_path(pathway) or "",
        index=PATHWAYS.index,
        title=str(pathway.label),
        eyebrow=words("Pathway"),
        heading=seen.wording.said(pathway.label),
        badges=status(seen, pathway),
        sections=sections(
            Section(
                "",
                (
                    note(seen, pathway),
                    facts(fact("For whom", population.line if population else words("Everyone"))),
                ),
            ),
            Section("Flowchart", _flowchart(seen, pathway), anchor="flowchart"),
            Section(
                "The same in words",
                _in_words(seen, pathway),
                anchor="in-words",
                note="Step by step, with every way out. A step reached by several ways is "
                "unfolded once; elsewhere it is linked.",
            ),
            questions(seen, list(_questions(seen, pathway))),
            used_by(seen, pathway, "gg:continuesIn"),
            passages(seen, pathway),
            record(seen, pathway),
        ),
        structured=guideline_data(seen),
        style="wide",
    )


def _flowchart(seen: View, pathway: CarePathway) -> tuple[Block, ...]:
    svg = seen.content.flowcharts.get(pathway.id)
    caption = f"{pathway.label}. Each step leads to its description below."
    return (Figure(svg, caption),) if svg else ()


def _in_words(seen: View, pathway: CarePathway) -> tuple[Block, ...]:
    if seen.guideline.get(pathway.start_node, PathwayNode) is None:
        return ()
    placed: set[str] = set()
    whole = _step(seen, outline(seen.guideline, pathway.id), placed)
    inside = (e for e in seen.guideline.all(PathwayNode) if e.pathway == pathway.id)
    apart = tuple(_step(seen, Step(node=each), placed) for each in inside if each.id not in placed)
    return (Items((whole, *apart), "outline"),)


def _step(seen: View, step: Step, placed: set[str]) -> Item:
    """A step, the branch that led to it, what it asks or advises, and what follows."""
    node = step.node
    kind = next((name for known, name in KINDS if isinstance(node, known)), "Step")
    branch = _branch(seen, step.branch)
    anchor = slug(step.branch.id) if step.branch else ""
    if step.is_repeated:
        again = (Span(f"{node.label} ", to=seen.addresses.of(node.id)), Span("(see above)"))
        return Item(again, label=branch, anchor=anchor, style="again")
    placed.add(node.id)
    line = (
        Span(kind, style=f"tag {kind.lower()}"),
        Span(" "),
        Span(str(_asked(node)), style="step"),
    )
    following = tuple(_step(seen, each, placed) for each in step.steps)
    inner = Item(line, (*_advice(seen, node), *following), anchor=slug(node.id), style=kind.lower())
    return Item(branch, (inner,), anchor=anchor, style="branch") if branch else inner


def _asked(node: PathwayNode) -> object:
    """The question of a decision, the label of any other step."""
    return (node.question if isinstance(node, DecisionNode) else None) or node.label


def _branch(seen: View, branch: Branch | None) -> Line:
    """The label of a branch, and the criterion that decides it."""
    if branch is None:
        return ()
    style = "way unknown" if branch.role == "WhenUnknown" else "way"
    label = Span(str(branch.label) or seen.guideline.words(branch.role), style=style)
    if branch.criterion is None:
        return (label,)
    criterion = seen.wording.criterion(branch.criterion)
    meant = criterion.line if criterion else seen.wording.name(branch.criterion)
    where = (Span("criterion", to=seen.addresses.of(branch.criterion), style="quiet"),)
    if criterion and criterion.parts:
        return (label, Span(" — "), *where)
    return (label, Span(" — "), *meant)


def _advice(seen: View, node: PathwayNode) -> tuple[Item, ...]:
    """Actions of a step, the recommendations it carries out, and where an end leads."""
    found = []
    if isinstance(node, ActionNode):
        found += [
            Item((Span("Do: "), *seen.wording.name(each)), style="aside") for each in node.actions
        ]
    for each in recommendations_at(seen.guideline, node.id):
        line = (
            Span(f"{short(each)} ", style="code"),
            *seen.wording.name(each.id),
            Span(" "),
            modality(seen, each.modality),
        )
        found.append(Item(line, style="aside"))
    if isinstance(node, EndNode):
        reason = seen.guideline.words(node.end_reason) if node.end_reason else ""
        onward = seen.wording.name(node.continues_in)
        if reason or onward:
            gap = (Span(": "),) if reason and onward else ()
            found.append(Item((*words(reason), *gap, *onward), style="aside"))
    return tuple(found)


def _questions(seen: View, pathway: CarePathway) -> Iterator[Entity]:
    """Discrepancies that concern the pathway or one of its steps."""
    names = [
        pathway.id,
        *(e.id for e in seen.guideline.all(PathwayNode) if e.pathway == pathway.id),
    ]
    shown: set[str] = set()
    for name in names:
        for each in seen.links.to(name, "gg:concerns"):
            if each.id not in shown:
                shown.add(each.id)
                yield each
