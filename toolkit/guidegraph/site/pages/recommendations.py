"""The recommendations: an index grouped as printed, and a page for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from guidegraph.entity import Entity
from guidegraph.model import (
    InterpretationPoint,
    PathwayNode,
    Recommendation,
    RecommendationGroup,
)
from guidegraph.site.addresses import page_path
from guidegraph.site.blocks import (
    Fact,
    Facts,
    Item,
    Items,
    Line,
    Page,
    Prose,
    Row,
    Section,
    Span,
    Table,
    fact,
    facts,
    sections,
    words,
)
from guidegraph.site.chapters import RECOMMENDATIONS
from guidegraph.site.pages import proofs
from guidegraph.site.pages.appraisal import appraisal
from guidegraph.site.pages.audit import findings
from guidegraph.site.pages.claims import relations
from guidegraph.site.pages.drawn import around
from guidegraph.site.pages.index import index_page
from guidegraph.site.pages.provenance import passages, questions, record
from guidegraph.site.pages.thresholds import threshold_table, thresholds_in
from guidegraph.site.safe import slug
from guidegraph.site.structured import recommendation_data
from guidegraph.site.view import View, grade, joined, modality, status
from guidegraph.wording import plural

INDEX_NOTE = (
    "The wording tells how binding the advice is, in the source's own terms. It says nothing about "
    "the strength of the evidence."
)


def pages(seen: View) -> Iterator[Page]:
    """The index and one page per recommendation."""
    if not seen.guideline.recommendations:
        return
    yield _index(seen)
    for each in seen.guideline.recommendations:
        yield _page(seen, each)


def _index(seen: View) -> Page:
    guideline = seen.guideline
    return index_page(
        seen,
        RECOMMENDATIONS,
        f"{plural(len(guideline.recommendations), 'recommendation')}. {INDEX_NOTE}",
        *grouped(seen),
    )


def grouped(seen: View) -> list[Section]:
    """Every recommendation as a row of a table, a section for each group of the source."""
    groups = seen.guideline.all(RecommendationGroup)
    inside = {name for group in groups for name in _members(seen, group)}
    rest = tuple(each for each in seen.guideline.recommendations if each.id not in inside)
    found = [
        Section(
            str(group.label),
            (
                Prose((seen.wording.said(group.note) or seen.wording.said(group.definition),)),
                _index_table(seen, _members(seen, group).values(), str(group.label)),
            ),
            thing=slug(group.id),
        )
        for group in groups
    ]
    if rest:
        title = "Other recommendations" if groups else "All recommendations"
        found.append(Section(title, (_index_table(seen, rest, title),), anchor="other"))
    return found


def _members(seen: View, group: RecommendationGroup) -> dict[str, Recommendation]:
    """The recommendations of a group and those that are part of them, in file order."""
    inside = {group.id}
    found: dict[str, Recommendation] = {}
    grown = True
    while grown:
        grown = False
        for each in seen.guideline.recommendations:
            if each.id not in found and not inside.isdisjoint(each.part_of):
                found[each.id] = each
                inside.add(each.id)
                grown = True
    order = [each.id for each in seen.guideline.recommendations]
    return dict(sorted(found.items(), key=lambda item: order.index(item[0])))


def _index_table(seen: View, found: Iterable[Recommendation], caption: str) -> Table:
    """Recommendations as a table: advice (with its printed number), for whom, how binding."""
    rows = tuple(
        Row(
            (
                seen.wording.name(each.id),
                seen.wording.name(each.population) or words("everyone", style="quiet"),
                (modality(seen, each.modality),),
            )
        )
        for each in found
    )
    return Table(caption, ("Recommendation", "For whom", "Wording"), rows, "advice")


def _page(seen: View, advice: Recommendation) -> Page:
    return Page(
        path=page_path(advice) or "",
        index=RECOMMENDATIONS.index,
        title=str(advice.label),
        eyebrow=(
            Span("Recommendation "),
            Span(advice.id, style="code"),
            *_within(seen, advice),
        ),
        heading=seen.wording.said(advice.label),
        lead=seen.wording.said(advice.statement),
        badges=(
            modality(seen, advice.modality),
            grade(seen, "Strength", advice.strength),
            grade(seen, "Certainty", advice.certainty),
            *status(seen, advice),
        ),
        sections=sections(
            _summary(seen, advice),
            _condition(seen, advice),
            _relations(seen, advice),
            _placed(seen, advice),
            _numbers(seen, advice),
            questions(seen, _questions(seen, advice)),
            relations(seen, advice.id),
            appraisal(seen, advice),
            findings(seen, advice.id),
            proofs.findings(seen, advice.id),
            around(seen, advice),
            passages(seen, advice),
            record(seen, advice),
        ),
        structured=recommendation_data(seen, advice),
        style="recommendation",
    )


def _within(seen: View, advice: Recommendation) -> Line:
    """`` · part of …`` for everything it is printed under."""
    within = [seen.wording.name(each) for each in advice.part_of]
    return (Span(" · part of "), *joined(within)) if within else ()


def _summary(seen: View, advice: Recommendation) -> Section:
    population = seen.wording.population(advice.population)
    direction = seen.guideline.words(advice.direction).capitalize()
    runs = "" if advice.is_executable else "No: a statement to read, not a rule that is evaluated"
    return Section(
        "At a glance",
        (
            facts(
                fact("What to do", seen.wording.name(advice.action)),
                fact("For whom", population.line if population else words("Everyone")),
                fact("Direction", words(direction)),
                fact("Executed", words(runs)),
                fact("Why", seen.wording.said(advice.rationale)),
                fact("Note", seen.wording.said(advice.note)),
            ),
        ),
        anchor="at-a-glance",
        style="glance",
    )


def _condition(seen: View, advice: Recommendation) -> Section:
    population = seen.wording.population(advice.population)
    condition = seen.wording.criterion(advice.condition)
    found = []
    if population and population.parts:
        found.append(Item(words("The patient belongs to the population"), population.parts))
    if condition:
        found.append(condition)
    else:
        found.append(Item(words("No further condition")))
    return Section("When it applies", (Items(tuple(found), "criteria"),), anchor="condition")


def _relations(seen: View, advice: Recommendation) -> Section | None:
    """Exceptions, reinforcements and other recommendations that bear on it."""
    wording = seen.wording
    blocks = []
    for title, name in (
        ("It does not apply if", advice.exception),
        ("All the more so if (not required)", advice.reinforced_by),
    ):
        item = wording.criterion(name)
        if item:
            blocks.append(Items((Item(words(title, style="strong"), (item,)),), "criteria"))
    listed = (
        _advices(seen, "Takes precedence over", advice.overrides),
        _advices(seen, "Gives way to", _ids(seen.links.to(advice.id, "gg:overrides"))),
        _advices(seen, "Alternative to", advice.alternative_to),
        _advices(seen, "Has the alternative", _ids(seen.links.to(advice.id, "gg:alternativeTo"))),
        _advices(seen, "Parts", _ids(seen.links.to(advice.id, "dcterms:isPartOf"))),
    )
    return Section("Exceptions and related advice", (*blocks, *_shown(listed)), anchor="related")


def _shown(listed: tuple[Fact, ...]) -> tuple[Facts, ...]:
    held = facts(*listed)
    return (held,) if held.facts else ()


def _advices(seen: View, name: str, found: tuple[str, ...]) -> Fact:
    return fact(name, *(seen.wording.name(each) for each in found))


def _ids(things: tuple[Entity, ...]) -> tuple[str, ...]:
    return tuple(each.id for each in things)


def _placed(seen: View, advice: Recommendation) -> Section | None:
    """The steps of the flowcharts that carry it out."""
    items = []
    for name in advice.implemented_by:
        node = seen.guideline.get(name, PathwayNode)
        if node:
            pathway = seen.wording.name(node.pathway)
            items.append(Item((*pathway, Span(" → "), *seen.wording.name(name))))
    return Section("Where it sits", (Items(tuple(items), "plain"),), anchor="pathway")


def _numbers(seen: View, advice: Recommendation) -> Section | None:
    found = thresholds_in(seen, seen.links.basis(advice))
    return Section(
        "The numbers, as printed and as executed",
        (threshold_table(seen, found, "Thresholds this recommendation rests on"),),
        anchor="thresholds",
    )


def _questions(seen: View, advice: Recommendation) -> list[Entity]:
    basis = seen.links.basis(advice)
    points = [each for each in seen.guideline.all(InterpretationPoint) if each.id in basis]
    return [*points, *seen.links.discrepancies_of(advice)]
