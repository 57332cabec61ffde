"""Diagnostic codes: the explanation of each, as ``guidegraph explain`` shows it."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.explain import Explanation
from guidegraph.site.blocks import (
    Markdown,
    Page,
    Row,
    Section,
    Span,
    Table,
    words,
)
from guidegraph.site.chapters import CODES
from guidegraph.site.pages.index import index_page
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import SEVERITY_MARKS, View
from guidegraph.wording import plural

ROOMS = {
    "R": "Reading",
    "S": "Shapes",
    "U": "Units and quantities",
    "L": "Logic and pathways",
    "F": "Fit of graph and model",
    "E": "Patients",
    "T": "Cases",
    "A": "Figures of the sources",
    "P": "Passages",
    "V": "Retractions",
    "Q": "Queries",
    "D": "Plans",
    "B": "Releases",
    "X": "Targets",
    "C": "Commands",
    "W": "Text of files and saving",
    "N": "Answers and new things",
    "H": "Workbooks",
    "G": "Editor",
    "K": "Cohorts",
    "J": "Endpoint",
    "M": "Columns of patients",
    "Y": "Other machines",
    "Z": "Shapes of any data",
}
"""What the first letter of a code stands for."""


def pages(seen: View) -> Iterator[Page]:
    """The index by first letter and one page per code."""
    found = sorted(seen.content.explanations, key=lambda each: each.code)
    if not found:
        return
    rooms = {
        title: tuple(_row(each) for each in found if each.code.startswith(letter))
        for letter, title in ROOMS.items()
    }
    yield index_page(
        seen,
        CODES,
        f"{plural(len(found), 'code')}. Every message of guidegraph has a code; each is "
        "explained here and by guidegraph explain CODE.",
        *(
            Section(title, (Table(title, ("Code", "Meaning", "Severity"), rows),))
            for title, rows in rooms.items()
        ),
    )
    for each in found:
        yield _page(seen, each)


def _row(told: Explanation) -> Row:
    return Row(
        (
            (Span(told.code, to=f"codes/{told.code}.html", style="code"),),
            words(told.title),
            (_badge(told),),
        )
    )


def _badge(told: Explanation) -> Span:
    name = told.severity.value
    return Span(name, style=f"badge {name}", mark=SEVERITY_MARKS[name])


def _page(seen: View, told: Explanation) -> Page:
    return Page(
        path=f"codes/{told.code}.html",
        index=CODES.index,
        title=f"{told.code}: {told.title}",
        eyebrow=words("Diagnostic code"),
        badges=(_badge(told),),
        sections=tuple(Section(name, (Markdown(text),)) for name, text in told.sections),
        structured=guideline_data(seen),
    )
