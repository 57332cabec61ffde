"""Every page of a site. ``KINDS`` is the whole list: each entry makes the pages of one kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from guidegraph.site.blocks import Page
from guidegraph.site.pages import (
    audit,
    changes,
    claims,
    codes,
    downloads,
    drawn,
    front,
    local,
    names,
    ontology,
    pathways,
    queries,
    questions,
    recommendations,
    reference,
    removed,
    search,
    simulator,
    sources,
    steps,
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
    steps.pages,
    thresholds.pages,
    simulator.pages,
    questions.pages,
    reference.observables,
    reference.actions,
    reference.populations,
    reference.definitions,
    reference.criteria,
    reference.concepts,
    reference.vocabulary,
    ontology.pages,
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
    names.pages,
    changes.pages,
    downloads.pages,
    front.guideline_page,
    search.page,
)


def all_pages(seen: View) -> Iterator[Page]:
    """Every page, chapter by chapter."""
    made = (page for kind in KINDS for page in map(drawn.with_parts, kind(seen)))
    yield from removed.with_what_is_left(seen, made)
