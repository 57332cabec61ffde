"""Evidence: claims, the judged links between them and the advice, studies and sources."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.entity import Entity
from guidegraph.model import (
    Citation,
    EvidenceClaim,
    EvidenceRelation,
    SourceDocument,
    SourcePassage,
    Study,
)
from guidegraph.site.addresses import page_path
from guidegraph.site.blocks import (
    Fact,
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
from guidegraph.site.chapters import CLAIMS, SOURCES, STUDIES, Chapter
from guidegraph.site.pages.provenance import (
    EXTERNAL_NOTE,
    PASSAGE_NOTE,
    note,
    passage_row,
    passage_table,
    passages,
    record,
    used_by,
)
from guidegraph.site.safe import external, slug
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import View, joined, numbered, short, status, sure
from guidegraph.wording import plural, readable


def relations(seen: View, name: str) -> Section | None:
    """The claims that were judged to bear on a thing, and how."""
    rows = tuple(_relation_row(seen, each) for each in seen.links.evidence_for(name))
    columns = ("Claim", "Bearing", "Patients", "Why judged so")
    return Section(
        "Evidence",
        (Table("Claims judged to bear on this", columns, rows),),
        anchor="evidence",
        note="Each link was judged by the encoders; the source grades nothing.",
    )


def _relation_row(seen: View, relation: EvidenceRelation) -> Row:
    claim = seen.guideline.get(relation.evidence, EvidenceClaim)
    size = claim.sample_size if claim else None
    return Row(
        (
            seen.wording.name(relation.evidence),
            words(seen.guideline.words(relation.relation_type), style="tag"),
            words(readable(size), style="figure") if size else words("not stated", style="quiet"),
            seen.wording.said(relation.rationale),
        )
    )


def claims(seen: View) -> Iterator[Page]:
    """The index of claims and one page per claim."""
    found = seen.guideline.all(EvidenceClaim)
    rows = tuple(
        Row(
            (
                seen.wording.name(each.id),
                words(seen.guideline.words(each.claim_type), style="tag"),
                seen.wording.name(each.study),
            )
        )
        for each in found
    )
    table = Table("Claims", ("Claim", "Kind", "Study"), rows)
    if found:
        lead = (
            f"{plural(len(found), 'statement')} of the sources that can be supported or disputed."
        )
        yield _index(seen, CLAIMS, lead, table)
    for claim in found:
        yield _claim_page(seen, claim)


def _claim_page(seen: View, claim: EvidenceClaim) -> Page:
    size = readable(claim.sample_size) if claim.sample_size else ""
    printed = joined([words(each, style="printed") for each in claim.reported_texts], " · ")
    return Page(
        path=page_path(claim) or "",
        index=CLAIMS.index,
        title=str(claim.label),
        eyebrow=numbered("Claim", claim),
        heading=seen.wording.said(claim.label),
        lead=seen.wording.said(claim.statement),
        badges=status(seen, claim),
        sections=sections(
            Section(
                "",
                (
                    facts(
                        fact("Kind", words(seen.guideline.words(claim.claim_type))),
                        fact("Said as", words(seen.guideline.words(claim.assertion_certainty))),
                        fact("Study", seen.wording.name(claim.study)),
                        fact("Patients", words(size)),
                        fact("Population", seen.wording.name(claim.population)),
                        fact("About", *(seen.wording.name(each) for each in claim.observables)),
                        fact("Printed figures", printed),
                        fact("Cites", *(seen.wording.name(each) for each in claim.citations)),
                    ),
                ),
            ),
            _bearings(seen, claim),
            relations(seen, claim.id),
            passages(seen, claim),
            record(seen, claim),
        ),
        structured=guideline_data(seen),
    )


def _bearings(seen: View, claim: EvidenceClaim) -> Section:
    """What the claim was judged to bear on; each row is the place of the judgement."""
    rows = tuple(
        Row(
            (
                seen.wording.name(each.target),
                words(seen.guideline.words(each.relation_type), style="tag"),
                seen.wording.said(each.rationale),
                joined([seen.wording.name(agent) for agent in each.attributed_to]),
            ),
            anchor=slug(each.id),
        )
        for each in seen.guideline.all(EvidenceRelation)
        if each.evidence == claim.id
    )
    columns = ("Bears on", "How", "Why judged so", "Judged by")
    return Section("What it bears on", (Table("Judged links", columns, rows),), anchor="bears-on")


def studies(seen: View) -> Iterator[Page]:
    """The index of studies and one page per study."""
    found = seen.guideline.all(Study)
    rows = tuple(
        Row(
            (
                seen.wording.name(each.id),
                words(seen.guideline.words(each.design)),
                words(readable(each.sample_size) if each.sample_size else "", style="figure"),
            )
        )
        for each in found
    )
    if found:
        table = Table("Studies", ("Study", "Design", "Patients"), rows)
        yield _index(seen, STUDIES, "Studies and data sets, apart from the papers on them.", table)
    for study in found:
        yield Page(
            path=page_path(study) or "",
            index=STUDIES.index,
            title=str(study.label),
            eyebrow=words("Study"),
            heading=seen.wording.said(study.label),
            sections=sections(
                Section("", (note(seen, study), facts(*_study_facts(seen, study)))),
                used_by(seen, study),
                passages(seen, study),
                record(seen, study),
            ),
            structured=guideline_data(seen),
        )


def _study_facts(seen: View, study: Study) -> tuple[Fact, ...]:
    size = readable(study.sample_size) if study.sample_size else ""
    return (
        fact("Design", words(seen.guideline.words(study.design))),
        fact("Patients", words(size)),
        fact("Setting", seen.wording.said(study.setting)),
        fact("Reported in", *(seen.wording.name(each) for each in study.reported_in)),
    )


def sources(seen: View) -> Iterator[Page]:
    """The index of source documents and one page per document."""
    found = seen.guideline.all(SourceDocument)
    encoded = {each.document for each in seen.guideline.all(SourcePassage)}
    quoted = [each for each in found if each.id in encoded or each.id in _own(seen)]
    cited = [each for each in found if each not in quoted]
    if found:
        yield Page(
            path=SOURCES.index,
            index=SOURCES.index,
            title=SOURCES.title,
            lead=words("Documents this guideline was encoded from, and documents they cite."),
            sections=sections(
                Section("Encoded from", (_document_table(seen, quoted, "Encoded documents"),)),
                Section("Cited", (_document_table(seen, cited, "Cited documents"),)),
            ),
            structured=guideline_data(seen),
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
    found = [e for e in seen.guideline.all(SourcePassage) if e.document == document.id]
    rows = tuple(passage_row(seen, each, True) for each in found)
    return Page(
        path=page_path(document) or "",
        index=SOURCES.index,
        title=str(document.title) or str(document.label),
        eyebrow=(Span("Source "), Span(short(document), style="code")),
        heading=seen.wording.said(document.title) or seen.wording.said(document.label),
        sections=sections(
            Section(
                "",
                (
                    facts(
                        fact("Reference", words(document.citation)),
                        fact("Identifier", _identifiers(document)),
                        fact("SHA-256 of the text", words(document.sha256 or "", style="code")),
                        fact("Note", seen.wording.said(document.note)),
                    ),
                ),
            ),
            Section(
                "Passages",
                (passage_table(rows, "Passages of this document"),),
                anchor="passages",
                note=PASSAGE_NOTE,
            ),
            _citations(seen, document),
            _lent(seen, document),
            used_by(seen, document, "cito:hasCitedEntity", "gg:reportedIn"),
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
            ),
            anchor=slug(each.id),
        )
        for each in seen.guideline.all(Citation)
        if each.citing == document.id
    )
    columns = ("No.", "What it points to", "How sure")
    return Section("References", (Table("References", columns, rows),), anchor="references")


def _lent(seen: View, document: SourceDocument) -> Section:
    """What the encoders took from a document that no source of the guideline prints."""
    found = [e for e in seen.guideline.all(Citation) if e.is_external and e.cited == document.id]
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
    """What rests on an external citation and has a page of its own."""
    users = seen.links.to(citation.id, "gg:citation")
    return [each for each in users if page_path(each)]


def _index(seen: View, chapter: Chapter, lead: str, table: Table) -> Page:
    return Page(
        path=chapter.index,
        index=chapter.index,
        title=chapter.title,
        lead=words(lead),
        sections=sections(Section("", (table,))),
        structured=guideline_data(seen),
    )
