"""The page with all results of a search; without scripts it says where else to look."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.model import EvidenceClaim, Observable
from guidegraph.site.blocks import Line, Page, Panel, Section, Span, sections, words
from guidegraph.site.chapters import (
    CLAIMS,
    HOME,
    OBSERVABLES,
    RECOMMENDATIONS,
    SEARCH,
    VOCABULARY,
)
from guidegraph.site.parts import SEARCH_PAGE
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import View, joined


def page(seen: View) -> Iterator[Page]:
    """``search.html``."""
    lead = "Every page, and everything that has a place on one: by name, number, code or word."
    yield Page(
        path=SEARCH.index,
        index=SEARCH.index,
        title=SEARCH.title,
        lead=words(lead),
        sections=sections(Section("", (Panel("search-results", _instead(seen)),))),
        structured=guideline_data(seen),
        parts=(SEARCH_PAGE,),
    )


def _instead(seen: View) -> tuple[Line, ...]:
    """Where to look without a script: the chapters and the list of words."""
    guideline = seen.guideline
    there = (
        (HOME, True),
        (RECOMMENDATIONS, guideline.recommendations),
        (OBSERVABLES, guideline.all(Observable)),
        (CLAIMS, guideline.all(EvidenceClaim)),
        (VOCABULARY, any(each.schemes for each in guideline.codes.values())),
    )
    ways = [(Span(each.title, to=each.index),) for each, made in there if made]
    return (
        words("The search needs scripts, which this browser does not run."),
        (
            Span("Each chapter in the menu begins with a list of all it holds: "),
            *joined(ways),
            Span("."),
        ),
    )
