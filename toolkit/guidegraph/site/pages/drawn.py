"""Pages and sections that are pictures: estimates, levels and limits, mechanism, bearing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from guidegraph.model import (
    Assay,
    CausalStep,
    EvidenceClaim,
    Observable,
    PathwayNode,
    ReferenceInterval,
)
from guidegraph.pictures.mechanism import commonest
from guidegraph.site.addresses import page_path
from guidegraph.site.blocks import (
    Beside,
    Block,
    Details,
    Figure,
    Fold,
    Page,
    Prose,
    Row,
    Section,
    Table,
    filled,
    words,
)
from guidegraph.site.chapters import ESTIMATES, MECHANISM
from guidegraph.site.drawings import lies, linked, zooms
from guidegraph.site.pages.index import index_page
from guidegraph.site.parts import DRAWING
from guidegraph.site.safe import relative, slug
from guidegraph.site.view import View, joined
from guidegraph.wording import plural

FAMILIES = {
    "ratios": "Ratios",
    "correlations": "Correlations",
    "shares": "Shares of patients",
}
"""The pictures of estimates and their headings, in their order."""


def picture(seen: View, name: str, here: str, caption: str) -> Figure | None:
    """A picture of the evidence on a page; None if it was not drawn."""
    svg = seen.content.pictures.get(name)
    return None if svg is None else placed(seen, svg, here, caption)


def placed(seen: View, svg: str, here: str, caption: str) -> Figure:
    """A drawing with its links set for the page it stands on."""

    def way_to(thing: str) -> str | None:
        address = seen.addresses.of(thing)
        return relative(address, here) if address else None

    return Figure(linked(svg, way_to), caption, zooms=zooms(svg), lies=lies(svg))


def with_parts(page: Page) -> Page:
    """The page with what its drawings need, if one of them zooms or stands beside its words."""
    found = (block for section in page.sections for block in section.blocks)
    return replace(page, parts=(*page.parts, DRAWING)) if any(map(_needs, found)) else page


def _needs(block: Block) -> bool:
    match block:
        case Beside():
            return True
        case Figure(zooms=needed):
            return needed
        case Details(figures=drawn):
            return any(each.zooms for each in drawn)
        case Fold(blocks=inner):
            return any(map(_needs, inner))
        case _:
            return False


def sits(seen: View, places: Iterable[str], here: str) -> Iterator[Figure]:
    """A piece of the flowchart for each of these nodes: the node and the decisions before it.

    There is none where the flowchart itself was not drawn.
    """
    from guidegraph.export.flowchart.extract import extract
    from guidegraph.pictures.diagram import draw

    for name in places:
        node = seen.guideline.get(name, PathwayNode)
        if node is None or node.pathway not in seen.content.flowcharts:
            continue
        chart = extract(seen.guideline, name)
        caption = f"{chart.title}. Each step leads to its place in the flowchart."
        yield replace(placed(seen, draw(chart), here, caption), zooms=False)


def estimates(seen: View) -> Iterator[Page]:
    """Every estimate of the claims, kind by kind on one axis."""
    shown = [
        Section(heading, (figure,), anchor=name)
        for name, heading in FAMILIES.items()
        if (figure := picture(seen, f"estimates-{name}", ESTIMATES.index, _caption(heading)))
    ]
    if shown:
        yield index_page(
            seen,
            ESTIMATES,
            "What the claims estimate. An interval is drawn where the source prints one; none "
            "is computed. A broken line is an interval of which the source does not say what "
            "it is. A share of which only the counts are printed stands where they place it.",
            *shown,
            style="wide",
        )


def _caption(heading: str) -> str:
    return f"{heading} as the sources print them. Each row leads to its claim."


def mechanism(seen: View) -> Iterator[Page]:
    """The causal steps as a picture and as a table."""
    steps = seen.guideline.all(CausalStep)
    if not steps:
        return
    caption = (
        "What is thought to bring about what. A broken arrow is not stated firmly; an arrow "
        f"without words says “{commonest(seen.guideline)}”."
    )
    drawn = picture(seen, "mechanism", MECHANISM.index, caption)
    rows = tuple(
        Row(
            (
                seen.wording.name(each.cause),
                words(seen.guideline.words(each.causal_type), style="tag"),
                seen.wording.name(each.effect),
                joined([seen.wording.name(name) for name in each.asserted_by]),
                joined([words(text) for text in _firmness(seen, each)]),
            ),
            anchor=slug(each.id),
        )
        for each in steps
    )
    columns = ("Cause", "What it does", "Effect", "Stated by", "Said as")
    yield index_page(
        seen,
        MECHANISM,
        f"{plural(len(steps), 'step')} that sources propose; none is a fact of ours.",
        Section("Drawing", (drawn, *_alone(seen)) if drawn else (), anchor="drawing"),
        Section("Steps", (Table("Causal steps", columns, rows),), anchor="steps"),
        style="wide",
    )


def _alone(seen: View) -> Iterator[Prose]:
    """The way to the drawing as a file, which a browser shows as large as somebody likes."""
    path = "pictures/mechanism.svg"
    if any(each.path == path for each in seen.content.downloads):
        yield Prose((words("The drawing by itself", to=f"downloads/{path}"),))


def _firmness(seen: View, step: CausalStep) -> list[str]:
    """How firmly the claims word it, each word once."""
    claims = (seen.guideline.get(name, EvidenceClaim) for name in step.asserted_by)
    said = (seen.guideline.words(each.assertion_certainty) for each in claims if each)
    return list(dict.fromkeys(text for text in said if text))


def level(seen: View, observable: Observable) -> Section | None:
    """An observable's measured values, normal ranges and limits on one axis, or limits alone."""
    here = page_path(observable) or ""
    caption = f"{observable.label}: measured values, normal ranges and limits on one axis."
    drawn = picture(seen, f"levels-{observable.id}", here, caption)
    drawn = drawn or limits(seen, observable, here)
    return Section("Levels and limits", (drawn,), anchor="levels") if drawn else None


def limits(seen: View, observable: Observable, here: str) -> Figure | None:
    """Every limit of an observable on one number line, source by source."""
    caption = (
        f"{observable.label}: every limit that has a number, source by source, on one line. An "
        "arrow points to the values that a limit lets through. Each row leads to its limit."
    )
    return picture(seen, f"limits-{observable.id}", here, caption)


def normal(seen: View, observable: Observable) -> Section:
    """The normal ranges of an observable, and how it was measured."""
    found = seen.links.of(ReferenceInterval, observable.id, "gg:observable")
    used = {each.assay for each in found}
    rows = tuple(
        Row(
            (
                seen.wording.said(each.label),
                words(each.reported_text, style="printed"),
                seen.wording.name(each.assay) or words("not stated", style="quiet"),
                seen.wording.said(each.note),
            ),
            anchor=slug(each.id),
        )
        for each in found
    )
    methods = tuple(
        Row(
            (
                words("no normal range with it", style="quiet"),
                (),
                seen.wording.name(each.id),
                words(each.platform),
            )
        )
        for each in seen.links.of(Assay, observable.id, "gg:observable")
        if each.id not in used
    )
    columns = ("Normal range", "Printed", "Measured by", "Note")
    return Section(
        "Normal ranges and methods",
        (filled(Table("Normal ranges, source by source", columns, rows + methods)),),
        anchor="normal",
        note="Each source and laboratory has its own; they are not merged.",
    )
