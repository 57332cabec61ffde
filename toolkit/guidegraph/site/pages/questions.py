"""Open questions: phrases with several readings, and recorded faults of the sources."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.criteria import InterpretedCriterion
from guidegraph.model import Discrepancy, InterpretationPoint, Reading
from guidegraph.site.addresses import page_path
from guidegraph.site.blocks import (
    Item,
    Items,
    Line,
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
from guidegraph.site.chapters import QUESTIONS
from guidegraph.site.pages.index import index_page
from guidegraph.site.pages.provenance import note, passages, record, resting
from guidegraph.site.safe import slug
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import View, status
from guidegraph.wording import plural, readable


def pages(seen: View) -> Iterator[Page]:
    """The index, a page per interpretation point and one per discrepancy."""
    points = seen.guideline.all(InterpretationPoint)
    faults = seen.guideline.all(Discrepancy)
    if not points and not faults:
        return
    yield index_page(
        seen,
        QUESTIONS,
        f"{plural(len(points), 'phrase')} with several defensible meanings and "
        f"{plural(len(faults), 'recorded fault')} of the sources. Nothing was settled silently.",
        Section("Phrases with several readings", (_points(seen, points),), anchor="readings"),
        Section("Recorded faults", (_faults(seen, faults),), anchor="faults"),
    )
    for point in points:
        yield _point_page(seen, point)
    for fault in faults:
        yield _fault_page(seen, fault)


def _points(seen: View, points: tuple[InterpretationPoint, ...]) -> Table:
    rows = tuple(
        Row(
            (
                seen.wording.name(each.id),
                words(readable(len(each.readings)), style="figure"),
                seen.wording.name(each.default_reading),
                _touched(seen, each),
            )
        )
        for each in points
    )
    columns = ("Phrase", "Readings", "Taken by default", "Recommendations touched")
    return Table("Phrases with several readings", columns, rows)


def _touched(seen: View, point: InterpretationPoint) -> Line:
    """How many recommendations a phrase touches, linked to their names."""
    count = len(seen.links.resting_on(point.id))
    shown = f"{readable(count)} of {readable(len(seen.guideline.recommendations))}"
    return (Span(shown, to=f"{page_path(point)}#section-rests" if count else None),)


def _faults(seen: View, faults: tuple[Discrepancy, ...]) -> Table:
    rows = tuple(
        Row(
            (
                seen.wording.name(each.id),
                words(seen.guideline.words(each.discrepancy_type), style="tag"),
                seen.wording.said(each.resolution),
            )
        )
        for each in faults
    )
    return Table("Recorded faults", ("What", "Kind", "What the encoding does"), rows)


def _point_page(seen: View, point: InterpretationPoint) -> Page:
    readings = [seen.guideline.get(each, Reading) for each in point.readings]
    found = tuple(_reading(seen, point, each) for each in readings if each)
    return Page(
        path=page_path(point) or "",
        index=QUESTIONS.index,
        title=str(point.label),
        eyebrow=words("A phrase with several readings"),
        heading=seen.wording.said(point.label),
        badges=status(seen, point),
        sections=sections(
            Section("", (note(seen, point),)),
            Section(
                "",
                (
                    facts(
                        fact("Taken by default", seen.wording.name(point.default_reading)),
                        fact("Why", seen.wording.said(point.rationale)),
                        fact("Chosen by", *(seen.wording.name(e) for e in point.attributed_to)),
                    ),
                ),
            ),
            Section("Readings", (Items(found, "criteria"),), anchor="readings"),
            resting(seen, point, "Recommendations touched"),
            passages(seen, point),
            record(seen, point),
        ),
        structured=guideline_data(seen),
    )


def _reading(seen: View, point: InterpretationPoint, reading: Reading) -> Item:
    """A reading with what each phrase means under it."""
    is_default = reading.id == point.default_reading
    label = (Span("runs by default", style="reading default"),) if is_default else ()
    operands = {
        name
        for each in seen.guideline.all(InterpretedCriterion)
        if each.interpretation_point == point.id
        for name in each.operands
    }
    parts = [seen.wording.criterion(each) for each in reading.selects if each in operands]
    about = seen.wording.said(reading.definition) or seen.wording.said(reading.note)
    told = (Item(about, style="aside"),) if about else ()
    return Item(
        seen.wording.said(reading.label),
        (*told, *(part for part in parts if part)),
        label=label,
        anchor=slug(reading.id),
    )


def _fault_page(seen: View, fault: Discrepancy) -> Page:
    return Page(
        path=page_path(fault) or "",
        index=QUESTIONS.index,
        title=str(fault.label),
        eyebrow=(
            Span("Recorded fault "),
            Span(seen.guideline.words(fault.discrepancy_type), style="tag"),
        ),
        heading=seen.wording.said(fault.label),
        badges=status(seen, fault),
        sections=sections(
            Section("", (note(seen, fault),)),
            Section(
                "",
                (
                    facts(
                        fact("What the encoding does", seen.wording.said(fault.resolution)),
                        fact("Why", seen.wording.said(fault.rationale)),
                        fact("Concerns", *(seen.wording.name(each) for each in fault.concerns)),
                        fact("Decided by", *(seen.wording.name(e) for e in fault.attributed_to)),
                    ),
                ),
            ),
            passages(seen, fault),
            record(seen, fault),
        ),
        structured=guideline_data(seen),
    )
