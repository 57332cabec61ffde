"""Claims: what sources state, the numbers they give, and what each was judged to bear on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from guidegraph.model import (
    EvidenceClaim,
    EvidenceRelation,
    SourceDocument,
    StatisticalResult,
)
from guidegraph.site.addresses import page_path
from guidegraph.site.blocks import (
    Card,
    Cards,
    Line,
    Page,
    Prose,
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
from guidegraph.site.chapters import CLAIMS
from guidegraph.site.pages.appraisal import judgements
from guidegraph.site.pages.audit import findings
from guidegraph.site.pages.evidence import relations
from guidegraph.site.pages.index import index_page
from guidegraph.site.pages.numbers import ratings, results
from guidegraph.site.pages.provenance import faults, note, passages, record, used_by
from guidegraph.site.safe import slug
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import View, joined, numbered, short, status
from guidegraph.wording import plural, readable

FEW_FIGURES = 4
Kinds = dict[str, list[EvidenceClaim]]
"""The claims of one source by their kind."""


def claims(seen: View) -> Iterator[Page]:
    """The index of claims, source by source, and one page per claim."""
    found = seen.guideline.all(EvidenceClaim)
    if not found:
        return
    lead = f"{plural(len(found), 'statement')} of the sources that can be supported or disputed."
    sources: dict[str, Kinds] = {}
    for each in found:
        kinds = sources.setdefault(_source(seen, each), {})
        kinds.setdefault(each.claim_type, []).append(each)
    yield index_page(
        seen,
        CLAIMS,
        lead,
        Section("", (Cards(tuple(_card(seen, *each) for each in sources.items())),)),
        *(
            _kind_section(seen, source, kind, group)
            for source, kinds in sources.items()
            for kind, group in kinds.items()
        ),
    )
    for claim in found:
        yield _claim_page(seen, claim)


def _source(seen: View, claim: EvidenceClaim) -> str:
    """The name of the document a claim was read in; none where it has no passage."""
    return next(iter(seen.guideline.documents_of(claim)), "")


def _title(seen: View, source: str) -> str:
    document = seen.guideline.get(source, SourceDocument)
    return short(document) if document else source or "Without a passage"


def _card(seen: View, source: str, kinds: Kinds) -> Card:
    """One source, how many claims were read in it, and of which kinds."""
    count = sum(map(len, kinds.values()))
    counted = (
        f"{seen.guideline.words(kind)} {readable(len(group))}" for kind, group in kinds.items()
    )
    first = _anchor(source, next(iter(kinds)))
    to = f"{CLAIMS.index}#section-{first}"
    return Card(_title(seen, source), to, plural(count, "claim"), ", ".join(counted))


def _anchor(source: str, kind: str) -> str:
    """Letters and digits alone: a heading's id must mean nothing in Markdown."""
    return "-".join(
        "".join(e if e.isascii() and e.isalnum() else f"x{ord(e):x}x" for e in name)
        for name in (source or "unplaced", kind)
    )


def _kind_section(seen: View, source: str, kind: str, group: list[EvidenceClaim]) -> Section:
    """The claims of one kind in one source; a study they are all about is named once."""
    studies = {each.study for each in group}
    shared = studies.pop() if len(studies) == 1 else None
    told = Prose(((Span("All about "), *seen.wording.name(shared)),) if shared else ())
    title = f"{_title(seen, source)}: {seen.guideline.words(kind)}"
    table = claim_table(seen, title, group, is_study_named=shared is None)
    return Section(title, (told, table), anchor=_anchor(source, kind))


def claim_table(
    seen: View, caption: str, group: Iterable[EvidenceClaim], *, is_study_named: bool = True
) -> Table:
    """Claims in rows: the figures they print, and the study they are about."""
    rows = tuple(
        Row(
            (
                seen.wording.name(each.id),
                _figures(seen, each),
                seen.wording.name(each.study if is_study_named else None),
            )
        )
        for each in group
    )
    return filled(Table(caption, ("Claim", "Printed figures", "Study"), rows, "claims"))


def _figures(seen: View, claim: EvidenceClaim) -> Line:
    """The first numbers of a claim as printed; more are on its page."""
    found = [e for name in claim.results if (e := seen.guideline.get(name, StatisticalResult))]
    shown = list(dict.fromkeys(each.reported_text for each in found))
    line = joined([words(each, style="printed") for each in shown[:FEW_FIGURES]], " · ")
    return (*line, Span(" …", style="quiet")) if len(shown) > FEW_FIGURES else line


def _claim_page(seen: View, claim: EvidenceClaim) -> Page:
    size = readable(claim.sample_size) if claim.sample_size else ""
    printed = joined([words(each, style="printed") for each in claim.reported_texts], " · ")
    name = seen.wording.name
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
                    note(seen, claim),
                    facts(
                        fact("Kind", words(seen.guideline.words(claim.claim_type))),
                        fact("Said as", words(seen.guideline.words(claim.assertion_certainty))),
                        fact("Row of", name(claim.table)),
                        fact("Study", name(claim.study)),
                        fact("Design, as said here", words(seen.guideline.words(claim.design))),
                        fact("Patients", words(size)),
                        fact("Population", name(claim.population)),
                        fact("About", *(name(each) for each in claim.observables)),
                        fact("Exposure", name(claim.exposure)),
                        fact("Outcome", name(claim.outcome)),
                        fact("First", *(name(each) for each in claim.earlier)),
                        fact("Afterwards", *(name(each) for each in claim.later)),
                        fact("Limit", *(name(each) for each in claim.thresholds)),
                        fact("Printed figures", printed),
                        fact("Cites", *(name(each) for each in claim.citations)),
                    ),
                ),
            ),
            results(seen, claim),
            ratings(seen, claim),
            _bearings(seen, claim),
            relations(seen, claim.id),
            judgements(seen, claim),
            findings(seen, claim.id, *claim.results, *claim.ratings),
            faults(seen, claim, *claim.results, *claim.ratings),
            used_by(seen, claim, "gg:assertedBy", "gg:givenBy"),
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
        for each in seen.links.of(EvidenceRelation, claim.id, "gg:evidence")
    )
    columns = ("Bears on", "How", "Why judged so", "Judged by")
    return Section("What it bears on", (Table("Judged links", columns, rows),), anchor="bears-on")
