"""The pathways: a flowchart each, and the same content as a nested list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from guidegraph.criteria import Criterion, YesNoCriterion
from guidegraph.entity import Entity, references
from guidegraph.model import (
    ActionNode,
    Branch,
    CarePathway,
    DecisionNode,
    EndNode,
    PathwayNode,
    StartNode,
)
from guidegraph.pathway import WHEN_UNKNOWN, Step, outlines, recommendations_at
from guidegraph.site.addresses import page_path
from guidegraph.site.blocks import (
    Beside,
    Card,
    Cards,
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
from guidegraph.site.drawings import drawn_at, nodes_in
from guidegraph.site.pages.drawn import placed
from guidegraph.site.pages.index import index_page
from guidegraph.site.pages.provenance import note, passages, questions, record, used_by
from guidegraph.site.pages.steps import step_path
from guidegraph.site.pages.walked import has_simulator, way_of_a_patient
from guidegraph.site.parts import PATH
from guidegraph.site.safe import slug
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import View, modality, status
from guidegraph.wording import plural

KINDS: tuple[tuple[type[PathwayNode], str], ...] = (
    (StartNode, "Start"),
    (DecisionNode, "Decision"),
    (ActionNode, "Action"),
    (EndNode, "End"),
)
IN_WORDS = "The same in words"
UNFOLDED = (
    "Step by step, with every way out. A step reached by several ways is unfolded once; elsewhere "
    "it is linked."
)


def pages(seen: View) -> Iterator[Page]:
    """The index and one page per pathway."""
    found = seen.guideline.all(CarePathway)
    if not found:
        return
    cards = tuple(_card(seen, each) for each in found)
    yield index_page(
        seen,
        PATHWAYS,
        "The order in which questions are asked, each with its ways out. "
        "Every decision says what to do when the answer is not known.",
        Section("", (Cards(cards),)),
    )
    for each in found:
        yield _page(seen, each)


def _card(seen: View, pathway: CarePathway) -> Card:
    inside = [each for each in seen.guideline.all(PathwayNode) if each.pathway == pathway.id]
    asked = sum(isinstance(each, DecisionNode) for each in inside)
    count = f"{plural(asked, 'decision')}, {plural(len(inside), 'step')}"
    about = str(pathway.definition) or str(pathway.note)
    return Card(str(pathway.label), page_path(pathway) or "", "", f"{count}. {about}".strip())


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
            _flowchart(seen, pathway),
            questions(seen, list(_questions(seen, pathway))),
            used_by(seen, pathway, "gg:continuesIn"),
            passages(seen, pathway),
            record(seen, pathway),
        ),
        structured=guideline_data(seen),
        style="wide",
        parts=(PATH,) if has_simulator(seen) else (),
    )


def _flowchart(seen: View, pathway: CarePathway) -> Section:
    """The drawing and the same in words; where nothing was drawn, the words alone."""
    told = Items(tuple(_in_words(seen, pathway)), "outline")
    svg = seen.content.flowcharts.get(pathway.id)
    if svg is None:
        return Section(IN_WORDS, (told,), anchor="in-words", note=UNFOLDED)
    caption = f"{pathway.label}. Each step leads to its description in words."
    figure = placed(seen, svg, page_path(pathway) or "", caption)
    beside = Beside(figure, IN_WORDS, "in-words", UNFOLDED, told)
    walked = (way_of_a_patient(seen, pathway),) if has_simulator(seen) else ()
    return Section("Flowchart", (*walked, beside), anchor="flowchart")


def _in_words(seen: View, pathway: CarePathway) -> Iterator[Item]:
    if seen.guideline.get(pathway.start_node, PathwayNode) is None:
        return
    for whole in outlines(seen.guideline, pathway.id):
        yield from _steps(seen, whole)


def _steps(seen: View, step: Step) -> tuple[Item, ...]:
    """A step and what follows: one after the other, or under the ways out of a decision."""
    node = step.node
    if step.is_repeated:
        again = (Span(str(node.label), to=seen.addresses.of(node.id)), Span(" (see above)"))
        return (Item(again, style="again"),)
    kind = next((name for known, name in KINDS if isinstance(node, known)), "Step")
    ways = tuple(_way(seen, each) for each in step.steps if each.branch)
    here = Item(
        (*_said(seen, node), *_ending(seen, node), *_about(node)),
        (*_advice(seen, node), *ways),
        label=(Span(kind, style=f"tag {kind.lower()}"),),
        anchor=slug(node.id),
    )
    onward = (_steps(seen, each) for each in step.steps if each.branch is None)
    return (here, *(item for found in onward for item in found))


def _way(seen: View, step: Step) -> Item:
    """A branch: its label, the criterion that decides it, and the steps it leads to."""
    branch = step.branch
    anchor = slug(branch.id) if branch else ""
    return Item(_branch(seen, branch), _steps(seen, step), anchor=anchor)


def _said(seen: View, node: PathwayNode) -> Line:
    """The question of a decision, the label of any other step; it leads to the step's box."""
    asked = node.question if isinstance(node, DecisionNode) else None
    line = seen.wording.said(asked or node.label, style="step") or words(node.id, style="step")
    page = seen.addresses.of(node.pathway)
    svg = seen.content.flowcharts.get(node.pathway)
    if page is None or svg is None or node.id not in nodes_in(svg):
        return line
    return tuple(replace(each, to=f"{page}#{drawn_at(node.id)}") for each in line)


def _about(node: PathwayNode) -> Line:
    """The way to the page of a decision."""
    if not isinstance(node, DecisionNode):
        return ()
    return (Span(" "), Span("About this decision", to=step_path(node), style="quiet"))


def _ending(seen: View, node: PathwayNode) -> Line:
    """Why the pathway ends here, and where it goes on."""
    if not isinstance(node, EndNode):
        return ()
    reason = seen.guideline.words(node.end_reason) if node.end_reason else ""
    onward = seen.wording.name(node.continues_in)
    gap = (Span(": "),) if reason and onward else ()
    told = (*words(reason, style="quiet"), *gap, *onward)
    return (Span(" — "), *told) if told else ()


def _branch(seen: View, branch: Branch | None) -> Line:
    """The label of a branch, and the criterion behind it unless it repeats the question."""
    if branch is None:
        return ()
    style = "way unknown" if branch.role == WHEN_UNKNOWN else "way"
    label = Span(str(branch.label) or seen.guideline.words(branch.role), style=style)
    criterion = seen.guideline.get(branch.criterion, Criterion)
    if criterion is None:
        return (label,)
    if isinstance(criterion, YesNoCriterion):
        return (Span(label.text, to=seen.addresses.of(criterion.id), style=style),)
    if any(seen.guideline.get(name, Criterion) for _, name in references(criterion)):
        return (label, Span(" — "), *seen.wording.name(criterion.id))
    return (label, Span(" — "), *seen.wording.line(criterion))


def _advice(seen: View, node: PathwayNode) -> tuple[Item, ...]:
    """Actions of a step (unless its label names them) and the recommendations it carries out."""
    found = []
    for name in node.actions if isinstance(node, ActionNode) else ():
        action = seen.guideline.entities.get(name)
        if action is None or str(action.label) != str(node.label):
            found.append(Item((Span("Do: "), *seen.wording.name(name)), style="aside"))
    for each in recommendations_at(seen.guideline, node.id):
        line = (*seen.wording.name(each.id), Span(" "), modality(seen, each.modality))
        found.append(Item(line, style="aside"))
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
