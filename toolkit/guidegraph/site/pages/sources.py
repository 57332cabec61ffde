"""Source documents: their passages, what they cite, and what was taken from them."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.entity import Entity
from guidegraph.model import (
    AnnouncedResult,
    Citation,
    Discrepancy,
    Omission,
    SourceDocument,
    SourcePassage,
    SourceTable,
)
from guidegraph.site.addresses import page_path
from guidegraph.site.blocks import (
    Line,
    Page,
    Row,
    Section,
    Span,
    Table,
    fact,
    facts,
    filled,
    sections,
    words,
)
from guidegraph.site.chapters import SOURCES
from guidegraph.site.pages.index import index_page
from guidegraph.site.pages.provenance import (
    EXTERNAL_NOTE,
    faults,
    passage_note,
    passage_row,
    passage_table,
    record,
    used_by,
)
from guidegraph.site.safe import external, slug
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import View, joined, short, status, sure


def sources(seen: View) -> Iterator[Page]:
    """The index of source documents and one page per document."""
    found = seen.guideline.all(SourceDocument)
    encoded = {each.document for each in seen.guideline.all(SourcePassage)}
    quoted = [each for each in found if each.id in encoded or each.id in _own(seen)]
    cited = [each for each in found if each not in quoted]
    if found:
        yield index_page(
            seen,
            SOURCES,
            "Documents this guideline was encoded from, and documents they cite.",
            Section("Encoded from", (_document_table(seen, quoted, "Encoded documents"),)),
            Section("Cited", (_document_table(seen, cited, "Cited documents"),)),
        )
    for document in found:
        yield _source_page(seen, document)


def _own(seen: View) -> tuple[str, ...]:
    return tuple(seen.guideline.header.sources)


def _document_table(seen: View, found: list[SourceDocument], caption: str) -> Table:
    rows = tuple(
        Row(
            (
                words(short(each), style="code"),
                seen.wording.link(each, str(each.title) or str(each.label) or each.id),
                _identifiers(each),
            )
        )
        for each in found
    )
    return Table(caption, ("Key", "Document", "Identifier"), rows)


def _identifiers(document: SourceDocument) -> Line:
    return joined([words(each, out=external(each) or "") for each in document.identifiers])


def _source_page(seen: View, document: SourceDocument) -> Page:
    found = seen.links.of(SourcePassage, document.id, "oa:hasSource")
    rows = tuple(passage_row(seen, each, True) for each in found)
    return Page(
        path=page_path(document) or "",
        index=SOURCES.index,
        title=str(document.title) or str(document.label),
        eyebrow=(Span("Source "), Span(short(document), style="code")),
        heading=seen.wording.said(document.title) or seen.wording.said(document.label),
        badges=status(seen, document),
        sections=sections(
            Section(
                "",
                (
                    facts(
                        fact("Reference", words(document.citation)),
                        fact("Identifier", _identifiers(document)),
                        fact(
                            "Since publication",
                            words(seen.guideline.words(document.publication_status)),
                        ),
                        fact("SHA-256 of the text", words(document.sha256 or "", style="code")),
                        fact("Note", seen.wording.said(document.note)),
                    ),
                ),
            ),
            _tables(seen, document),
            _announced(seen, document),
            _omitted(seen, document),
            _citations(seen, document),
            _lent(seen, document),
            Section(
                "Passages",
                (passage_table(seen, rows, "Passages of this document"),),
                anchor="passages",
                note=passage_note(seen),
            ),
            used_by(seen, document, "cito:hasCitedEntity", "gg:reportedIn"),
            faults(seen, document),
            record(seen, document),
        ),
        structured=guideline_data(seen),
    )


def _citations(seen: View, document: SourceDocument) -> Section:
    """The numbered references of a document, and how sure each identification is."""
    rows = tuple(
        Row(
            (
                words(short(each), style="code"),
                seen.wording.name(each.cited) or words("not identified", style="quiet"),
                sure(seen, each.status),
                joined([seen.wording.name(user.id) for user in _takers(seen, each)], "; "),
                joined([seen.wording.name(fault.id) for fault in _doubts(seen, each)], "; "),
            ),
            anchor=slug(each.id),
        )
        for each in seen.links.of(Citation, document.id, "cito:hasCitingEntity")
    )
    columns = ("No.", "What it points to", "How sure", "Cited for", "Recorded faults")
    table = filled(Table("References", columns, rows, "references"))
    return Section("References", (table,), anchor="references")


def _doubts(seen: View, citation: Citation) -> tuple[Discrepancy, ...]:
    """The recorded faults that concern a reference."""
    return seen.links.of(Discrepancy, citation.id, "gg:concerns")


def _lent(seen: View, document: SourceDocument) -> Section:
    """What the encoders took from a document that no source of the guideline prints."""
    cited = seen.links.of(Citation, document.id, "cito:hasCitedEntity")
    found = [each for each in cited if each.is_external]
    rows = tuple(
        Row(
            (
                seen.wording.said(each.label),
                joined([seen.wording.name(user.id) for user in _takers(seen, each)]),
                sure(seen, each.status),
            ),
            anchor=slug(each.id),
        )
        for each in found
    )
    columns = ("For what", "Used by", "How sure")
    table = Table("Taken from this document", columns, rows, "advice")
    return Section("Brought in from outside", (table,), anchor="external", note=EXTERNAL_NOTE)


def _takers(seen: View, citation: Citation) -> list[Entity]:
    """What cites by a reference and has a page of its own."""
    users = seen.links.to(citation.id, "gg:citation")
    return [each for each in users if page_path(each)]


def _tables(seen: View, document: SourceDocument) -> Section:
    """The tables of a document that were encoded row by row."""
    rows = tuple(
        Row((seen.wording.name(each.id), seen.wording.said(each.note)))
        for each in seen.links.of(SourceTable, document.id, "oa:hasSource")
    )
    table = filled(Table("Encoded tables", ("Table", "Note"), rows))
    return Section("Tables", (table,), anchor="tables")


def _announced(seen: View, document: SourceDocument) -> Section:
    """What a document announces, and whether it gives it."""
    rows = tuple(
        Row(
            (
                seen.wording.said(each.label),
                joined([seen.wording.name(name) for name in each.given_by])
                or words("never given", style="quiet"),
                seen.wording.said(each.note),
            ),
            anchor=slug(each.id),
        )
        for each in seen.guideline.all(AnnouncedResult)
        if document.id in seen.guideline.documents_of(each)
    )
    columns = ("Announced", "Given by", "Note")
    table = filled(Table("Results this document announces", columns, rows))
    return Section("Announced results", (table,), anchor="announced")


def _omitted(seen: View, document: SourceDocument) -> Section:
    """What was deliberately not encoded of a document."""
    rows = tuple(
        Row((seen.wording.said(each.label), seen.wording.said(each.rationale)), slug(each.id))
        for each in seen.guideline.all(Omission)
        if document.id in seen.guideline.documents_of(each)
    )
    return Section("Left out", (Table("Left out", ("What", "Why"), rows),), anchor="omitted")
