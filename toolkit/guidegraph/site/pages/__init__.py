"""Every page of a site. ``KINDS`` is the whole list: each entry makes the pages of one kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from guidegraph.site.blocks import Page
from guidegraph.site.pages import (
    audit,
    claims,
    codes,
    downloads,
    drawn,
    front,
    local,
    pathways,
    queries,
    questions,
    recommendations,
    reference,
    sources,
    studies,
    tables,
    thresholds,
    verification,
)
from guidegraph.site.view import View

KINDS: tuple[Callable[[View], Iterator[Page]], ...] = (
    front.home,
    local.pages,
    recommendations.pages,
    pathways.pages,
    thresholds.pages,
    questions.pages,
    reference.observables,
    reference.actions,
    reference.populations,
    reference.definitions,
    reference.criteria,
    reference.concepts,
    reference.vocabulary,
    claims.claims,
    drawn.estimates,
    tables.tables,
    drawn.mechanism,
    studies.studies,
    sources.sources,
    audit.pages,
    verification.pages,
    queries.pages,
    codes.pages,
    downloads.pages,
    front.guideline_page,
)


def all_pages(seen: View) -> Iterator[Page]:
    """Every page, chapter by chapter."""
    for kind in KINDS:
        yield from kind(seen)
