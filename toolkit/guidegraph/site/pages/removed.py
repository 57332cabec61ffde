"""What is left of things that are gone: each keeps its address, with what became of it.

A thing with a page of its own leaves a page; one with a place on another page leaves the place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from guidegraph.entity import Entity
from guidegraph.model import Withdrawn
from guidegraph.site.addresses import former_kind
from guidegraph.site.blocks import (
    Facts,
    Item,
    Items,
    Line,
    Page,
    Prose,
    Section,
    Span,
    fact,
    facts,
    sections,
    words,
)
from guidegraph.site.chapters import CHANGES, CHAPTERS
from guidegraph.site.history import Gone
from guidegraph.site.safe import slug
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import View, joined
from guidegraph.terms import compact

HEADING = "No longer part of this guideline"
EMPTY = "This page is no longer made"


def gone(seen: View) -> tuple[Gone, ...]:
    """Everything that is gone: withdrawn by name, or in an earlier release and in this no more."""
    named = tuple(_withdrawn(seen, each) for each in seen.guideline.all(Withdrawn))
    return (*named, *seen.content.history.gone)


def place_on_changes(thing: Gone) -> bool:
    """Whether the page of changes is the only place that is left of a thing."""
    return not thing.address or thing.address.partition("#")[0] == CHANGES.index


def link(seen: View, name: str) -> str | None:
    """Where a thing is shown, or what is left of it."""
    if to := seen.addresses.of(name):
        return to
    return next((address(each) for each in gone(seen) if each.name == name), None)


def address(thing: Gone) -> str:
    """Where what is left of a thing stands."""
    return f"{CHANGES.index}#{slug(thing.name)}" if place_on_changes(thing) else thing.address


def _withdrawn(seen: View, thing: Withdrawn) -> Gone:
    kind: type[Entity] | None = former_kind(thing)
    return Gone(
        name=thing.id,
        iri=thing.iri,
        label=str(thing.label) or thing.id,
        kind=kind_words(kind.CLASS if kind else compact(thing.former_class)),
        address=seen.addresses.of(thing.id) or "",
        version=thing.version or "",
        replaced_by=thing.replaced_by,
        reason=str(thing.rationale),
    )


def kind_words(kind: str) -> str:
    """``clinical finding`` for ``gg:ClinicalFinding``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.rpartition(":")[2]).lower()


def with_what_is_left(seen: View, made: Iterable[Page]) -> Iterator[Page]:
    """The pages, those with places of what is gone, and the pages that only stand for it."""
    places: dict[str, list[Gone]] = {}
    for each in gone(seen):
        if not place_on_changes(each):
            places.setdefault(each.address.partition("#")[0], []).append(each)
    paths = set()
    for page in made:
        paths.add(page.path)
        left = [each for each in places.get(page.path, ()) if "#" in each.address]
        yield replace(page, sections=(*page.sections, *_left(seen, left))) if left else page
    for path, found in places.items():
        if path not in paths:
            paths.add(path)
            yield _page(seen, path, found)
    yield from _empty(seen, paths)


def _left(seen: View, found: list[Gone]) -> tuple[Section, ...]:
    items = tuple(
        Item(
            (Span(each.label), Span(" "), Span(each.name, style="code"), *_where(seen, each)),
            anchor=each.address.partition("#")[2],
        )
        for each in found
    )
    return sections(Section(HEADING, (Items(items, "plain"),), anchor="gone"))


def _where(seen: View, thing: Gone) -> Line:
    """The last version that had it, and what took its place."""
    told: Line = words(f", last in version {thing.version}" if thing.version else "")
    if thing.replaced_by:
        after = joined([seen.wording.name(name) for name in thing.replaced_by])
        told = (*told, Span("; replaced by "), *after)
    return told


def _page(seen: View, path: str, found: list[Gone]) -> Page:
    """A page at the old address of a thing, with what else had its place there."""
    own = next((each for each in found if "#" not in each.address), None)
    inside = [each for each in found if "#" in each.address]
    title = own.label if own else HEADING
    return Page(
        path=path,
        index=_chapter(path),
        title=title,
        eyebrow=words(HEADING),
        badges=(Span("No longer in use", style="badge error", mark="✕"),),
        lead=words("Do not use it. The guideline no longer contains it."),
        sections=sections(
            Section("What became of it", (_facts(seen, own),), anchor="fate") if own else None,
            *_left(seen, inside),
        ),
        structured=guideline_data(seen),
    )


def _facts(seen: View, thing: Gone) -> Facts:
    after = joined([seen.wording.name(name) for name in thing.replaced_by])
    to = f"{CHANGES.index}#section-gone"
    if thing.until:
        to = f"{CHANGES.index}#section-version-{slug(thing.until)}"
    return facts(
        fact("What it was", words(thing.kind)),
        fact("Name", words(thing.iri, style="code")),
        fact("Last in version", words(thing.version)),
        fact("Replaced by", after or words("nothing is stated", style="quiet")),
        fact("Why", words(thing.reason)),
        fact(
            "When it went",
            words(f"Changes of version {thing.until}" if thing.until else "Changes", to=to),
        ),
    )


def _chapter(path: str) -> str:
    """The chapter to which a page belongs by its folder."""
    index = f"{path.partition('/')[0]}/index.html"
    return index if index in {each.index for each in CHAPTERS} else CHANGES.index


def _empty(seen: View, made: set[str]) -> Iterator[Page]:
    """A page for each page of an earlier site that this one has not."""
    after = words("What changed since then", to=CHANGES.index)
    folder = seen.content.pages
    written = {f"{each.stem}.html" for each in folder.glob("*.md")} if folder else set()
    for path, version in seen.content.history.pages:
        if path in made or path in written:
            continue
        yield Page(
            path=path,
            index=_chapter(path),
            title=EMPTY,
            lead=words(f"The site of version {version} had a page here; this one has none."),
            sections=(Section("", (Prose((after,)),)),),
            structured=guideline_data(seen),
        )
