"""The recommendations: an index grouped as printed, and a page for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from guidegraph.entity import Entity
from guidegraph.model import PathwayNode, Recommendation, RecommendationGroup
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
from guidegraph.site.pages.afterwards import citing, folded, history, problems
from guidegraph.site.pages.applies import condition, glance, not_for, remarks
from guidegraph.site.pages.appraisal import appraisal
from guidegraph.site.pages.audit import findings
from guidegraph.site.pages.drawn import sits
from guidegraph.site.pages.evidence import drawing, drawings, relations
from guidegraph.site.pages.index import index_page
from guidegraph.site.pages.open_points import touching
from guidegraph.site.pages.printed import passages_and_numbers
from guidegraph.site.pages.provenance import record
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
    yield from drawings(seen)


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
    inside = {name for group in groups for name in members(seen, group)}
    rest = tuple(each for each in seen.guideline.recommendations if each.id not in inside)
    found = [
        Section(
            str(group.label),
            (
                Prose((seen.wording.said(group.note) or seen.wording.said(group.definition),)),
                _index_table(seen, members(seen, group).values(), str(group.label)),
            ),
            thing=slug(group.id),
        )
        for group in groups
    ]
    if rest:
        title = "Other recommendations" if groups else "All recommendations"
        found.append(Section(title, (_index_table(seen, rest, title),), anchor="other"))
    return found


def members(seen: View, group: RecommendationGroup) -> dict[str, Recommendation]:
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
            glance(seen, advice),
            condition(seen, advice),
            not_for(seen, advice),
            remarks(seen, advice),
            _placed(seen, advice),
            _related(seen, advice),
            relations(seen, advice.id, is_expected=True),
            drawing(seen, advice),
            passages_and_numbers(seen, advice),
            touching(seen, advice),
            folded("What was judged, and what was not", appraisal(seen, advice)),
            folded("What the audit found", findings(seen, advice.id)),
            folded("What was proved about it", proofs.findings(seen, advice.id)),
            history(seen, advice),
            citing(seen, advice),
            problems(seen, advice),
            folded("Names, place and version", record(seen, advice)),
        ),
        structured=recommendation_data(seen, advice),
        style="recommendation",
    )


def _within(seen: View, advice: Recommendation) -> Line:
    """`` · part of …`` for everything it is printed under."""
    within = [seen.wording.name(each) for each in advice.part_of]
    return (Span(" · part of "), *joined(within)) if within else ()


def _related(seen: View, advice: Recommendation) -> Section | None:
    """Other recommendations that bear on it."""
    listed = (
        _advices(seen, "Takes precedence over", advice.overrides),
        _advices(seen, "Gives way to", _ids(seen.links.to(advice.id, "gg:overrides"))),
        _advices(seen, "Alternative to", advice.alternative_to),
        _advices(seen, "Has the alternative", _ids(seen.links.to(advice.id, "gg:alternativeTo"))),
        _advices(seen, "Parts", _ids(seen.links.to(advice.id, "dcterms:isPartOf"))),
        _advices(seen, "Encodes again", _restated(seen, advice)),
        _advices(seen, "Encoded again in", _ids(seen.links.to(advice.id, "gg:restates"))),
    )
    return Section("Related advice", _shown(listed), anchor="related")


def _restated(seen: View, advice: Recommendation) -> tuple[str, ...]:
    """What the group it is printed in is a second encoding of."""
    groups = [seen.guideline.get(each, RecommendationGroup) for each in advice.part_of]
    return tuple(name for group in groups if group for name in group.restates)


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
    drawn = sits(seen, advice.implemented_by, page_path(advice) or "")
    return Section("Where it sits", (Items(tuple(items), "plain"), *drawn), anchor="pathway")
