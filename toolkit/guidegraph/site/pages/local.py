"""The local adaptation: every change with its reason, the guideline's value and the local one."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.criteria import Criterion
from guidegraph.model import Adaptation, Applied, Observable, Threshold
from guidegraph.site.blocks import (
    Facts,
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
from guidegraph.site.chapters import LOCAL
from guidegraph.site.pages.provenance import place
from guidegraph.site.safe import slug
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import View, joined, local_badge
from guidegraph.wording import plural

COLUMNS = ("Change", "Of what", "The guideline", "Here", "Why", "Decided by")
OWN = (Criterion, Threshold, Observable)
NOTE = (
    "Everything else is as in the guideline. What a departure means for patients is shown by "
    "`guidegraph overlay diff`."
)


def pages(seen: View) -> Iterator[Page]:
    """One page, where the guideline is a local adaptation."""
    adaptation = seen.guideline.adaptation
    if adaptation is None:
        return
    header = adaptation.header
    changed = plural(len(adaptation.changes), "change")
    own = [seen.guideline.entities[each] for each in sorted(adaptation.own)]
    items = tuple(Item(seen.wording.name(each.id)) for each in own if isinstance(each, OWN))
    yield Page(
        path=LOCAL.index,
        index=LOCAL.index,
        title=LOCAL.title,
        heading=words(LOCAL.title),
        eyebrow=words(changed),
        lead=seen.wording.said(seen.guideline.header.description),
        badges=local_badge(seen, header),
        sections=sections(
            Section("", (_facts(seen, adaptation),)),
            Section("What is changed", (_table(seen, adaptation),), anchor="changes", note=NOTE),
            Section("Conditions and limits of its own", (Items(items, "plain"),), anchor="own")
            if items
            else None,
        ),
        structured=guideline_data(seen),
    )


def _facts(seen: View, adaptation: Adaptation) -> Facts:
    header, upstream = adaptation.header, adaptation.upstream
    title = str(upstream.title or upstream.label)
    made = header.adapted_version
    stale = made != upstream.version
    for_version = (
        Span(f"version {made}; laid over version {upstream.version}", style="badge warning")
        if stale
        else Span(f"version {made}")
    )
    return facts(
        fact("Organisation", words(header.publisher or "")),
        fact("Guideline", words(title)),
        fact("Made for", (for_version,)),
        fact("Guideline's IRI", words(upstream.iri, style="code")),
        fact("Version of the adaptation", words(header.version)),
        fact("Made on", words(header.created or "")),
        fact("Last changed", words(header.modified or "")),
        fact("Decided by", joined([seen.wording.name(each) for each in header.attributed_to])),
    )


def _table(seen: View, adaptation: Adaptation) -> Table:
    rows = tuple(
        Row(
            (
                (*seen.wording.said(each.change.label), Span(" "), _standing(each)),
                seen.wording.name(each.change.changes),
                words(each.upstream),
                words(each.local, style="figure"),
                seen.wording.said(each.change.rationale),
                _decided(seen, each),
            ),
            anchor=slug(each.change.id),
        )
        for each in adaptation.changes
    )
    return Table("Local changes", COLUMNS, rows)


def _standing(applied: Applied) -> Span:
    """How a change stands to the guideline."""
    if not applied.is_in_force:
        return Span("not in force", style="badge error", mark="✕")
    if applied.is_permitted:
        return Span("permitted by the guideline", style="badge status", mark="◌")
    return Span("departs from the guideline", style="badge warning", mark="△")


def _decided(seen: View, applied: Applied) -> Line:
    """Who decided it, when, how far it has come, and where it is written."""
    change = applied.change
    people = joined([seen.wording.name(each) for each in change.attributed_to])
    how_far = words(seen.guideline.words(change.status))
    written = words(place(seen, change.at), style="code")
    return joined([people, words(change.created or ""), how_far, written])
