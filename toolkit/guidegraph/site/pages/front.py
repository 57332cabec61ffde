"""The pages about the whole: overview, downloads, and the guideline's own record."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from urllib.parse import quote

from guidegraph.model import (
    Agent,
    CarePathway,
    Discrepancy,
    EvidenceClaim,
    Header,
    InterpretationPoint,
    SourceDocument,
    Threshold,
)
from guidegraph.site.blocks import (
    Card,
    Cards,
    Facts,
    Item,
    Items,
    Line,
    Page,
    Prose,
    Row,
    Section,
    Span,
    Table,
    fact,
    facts,
    sections,
    words,
)
from guidegraph.site.chapters import (
    CLAIMS,
    DOWNLOADS,
    GUIDELINE,
    HOME,
    PATHWAYS,
    QUESTIONS,
    RECOMMENDATIONS,
    SOURCES,
    THRESHOLDS,
    VERIFICATION,
)
from guidegraph.site.content import Download
from guidegraph.site.figures import size
from guidegraph.site.pages.provenance import record
from guidegraph.site.pages.recommendations import grouped
from guidegraph.site.safe import external, slug
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import View, joined, status
from guidegraph.wording import readable

FORMS = {
    ".ttl": "The graph in Turtle",
    ".jsonld": "The graph as JSON-LD",
    ".nt": "The graph as N-Triples",
    ".py": "The decision logic as one Python module without dependencies",
    ".mjs": "The decision logic as one JavaScript module without dependencies",
    ".duckdb.sql": "The decision logic as SQL for DuckDB",
    ".spark.sql": "The decision logic as SQL for Spark",
    ".dmn": "The decision logic as DMN decisions and tables",
    ".cql": "A CQL library",
    ".elm.json": "A CQL library, translated to ELM",
    ".schema.json": "A JSON Schema",
    ".svg": "Flowchart",
    ".mmd": "Flowchart as Mermaid text",
    ".dot": "Flowchart as Graphviz text",
}
"""What a download is by its ending, where nothing else is said."""
TARGETS = {
    "javascript": "JavaScript",
    "sql": "SQL",
    "dmn": "DMN",
    "cql": "CQL",
    "fhir": "FHIR",
}
"""The headings of targets that are not just their names with a capital."""
YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def home(seen: View) -> Iterator[Page]:
    """What the guideline is, how old it and its evidence are, and where to go."""
    header = seen.guideline.header
    yield Page(
        path=HOME.index,
        index=HOME.index,
        title=str(header.title) or str(header.label),
        eyebrow=words("Clinical guideline as a knowledge graph"),
        heading=seen.wording.said(header.title) or seen.wording.said(header.label),
        lead=seen.wording.said(header.description),
        badges=status(seen, header),
        sections=sections(
            Section("", (dates(seen),), style="dates"),
            Section("", (Cards(_cards(seen)),), anchor="contents"),
            *grouped(seen),
        ),
        structured=guideline_data(seen),
        style="home",
    )


def _cards(seen: View) -> tuple[Card, ...]:
    guideline = seen.guideline
    questions = len(guideline.all(InterpretationPoint)) + len(guideline.all(Discrepancy))
    counted = (
        (RECOMMENDATIONS, len(guideline.recommendations), "What to do, for whom, and when"),
        (PATHWAYS, len(guideline.all(CarePathway)), "Flowcharts, and the same in words"),
        (THRESHOLDS, len(guideline.all(Threshold)), "As printed and as executed"),
        (QUESTIONS, questions, "Several readings, and faults of the source"),
        (CLAIMS, len(guideline.all(EvidenceClaim)), "What the sources state, and on what ground"),
        (SOURCES, len(guideline.all(SourceDocument)), "Documents and passages"),
    )
    cards = [Card(c.title, c.index, readable(n), about) for c, n, about in counted if n]
    report = seen.content.cases
    if report and report.outcomes:
        tried = len(report.outcomes)
        told = f"{readable(tried - len(report.failed))} of {readable(tried)} patients as expected"
        cards.append(Card(VERIFICATION.title, VERIFICATION.index, "", told))
    return tuple(cards)


def dates(seen: View) -> Facts:
    """Version and dates, and how old the evidence is. No clock is read: dates are compared."""
    header = seen.guideline.header
    return facts(
        fact("Version", words(header.version)),
        fact("Issued", words(header.issued or "")),
        fact("Last changed", words(header.modified or "")),
        fact("Review by", review(seen)),
        fact("Where", seen.wording.said(header.jurisdiction)),
        fact("Evidence", evidence(seen)),
    )


def review(seen: View) -> Line:
    """The review date, flagged where the last change was after it."""
    header = seen.guideline.header
    if header.review_by is None:
        return words("no date stated", style="badge warning", mark="△")
    due = Span(header.review_by)
    if is_past_due(header):
        return (due, Span(" "), Span("past due at the last change", style="badge error", mark="✕"))
    return (due,)


def is_past_due(header: Header) -> bool:
    """Whether the guideline was last changed after its review date."""
    return bool(header.review_by and header.modified and header.modified > header.review_by)


def evidence(seen: View) -> Line:
    """From which years the sources are, as their references say."""
    found = [seen.guideline.get(each, SourceDocument) for each in seen.guideline.header.sources]
    years = sorted({year for each in found if each for year in YEAR.findall(each.citation)})
    if not years:
        return words("as old as its sources (see there); later studies are not considered")
    span = years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}"
    return words(f"as of {span}, when its sources were published; later studies are not considered")


def guideline_page(seen: View) -> Iterator[Page]:
    """Intended use, people, licence and record of the guideline."""
    header = seen.guideline.header
    found = [seen.guideline.get(each, SourceDocument) for each in header.sources]
    terms = words(header.license or "", out=external(header.license or "") or "")
    agents = tuple(
        Item(seen.wording.said(each.label) or words(each.id), anchor=slug(each.id))
        for each in seen.guideline.all(Agent)
    )
    yield Page(
        path=GUIDELINE.index,
        index=GUIDELINE.index,
        title=GUIDELINE.title,
        lead=seen.wording.said(header.description),
        sections=sections(
            Section(
                "Intended use",
                (Prose((seen.wording.said(header.intended_use),)),),
                anchor="intended-use",
            ),
            Section(
                "Dates", (dates(seen), Prose((seen.wording.said(header.note),))), anchor="dates"
            ),
            Section(
                "People and terms",
                (
                    facts(
                        fact("Encoded by", *(words(each) for each in header.creators)),
                        fact("Published by", words(header.publisher or "")),
                        fact("Licence", terms),
                        fact("Encoded from", joined([seen.wording.name(e.id) for e in found if e])),
                    ),
                ),
                anchor="people",
            ),
            Section("Who encoded and judged", (Items(agents, "plain"),), anchor="agents"),
            record(seen, header),
        ),
        structured=guideline_data(seen),
    )


def _form(seen: View, path: PurePosixPath) -> str:
    """What a download is by its ending; of a pathway, also which."""
    form = next((words for end, words in FORMS.items() if path.name.endswith(end)), "")
    pathway = seen.guideline.get(path.stem, CarePathway)
    return f"{form}: {pathway.label}" if pathway and form else form


def downloads(seen: View) -> Iterator[Page]:
    """What can be taken away, by target, with size and hash."""
    found = seen.content.downloads
    if not found:
        return
    targets: dict[str, list[Download]] = {}
    for each in found:
        targets.setdefault(each.target, []).append(each)
    yield Page(
        path=DOWNLOADS.index,
        index=DOWNLOADS.index,
        title=DOWNLOADS.title,
        lead=words("The guideline in other forms. All are generated from the same content."),
        sections=sections(*(_target(seen, files) for files in targets.values())),
        structured=guideline_data(seen),
        style="wide",
    )


def _target(seen: View, files: Sequence[Download]) -> Section:
    """The files of one target."""
    rows = tuple(
        Row(
            (
                (Span(each.title, to="downloads/" + quote(each.path)),),
                words(each.description or _form(seen, PurePosixPath(each.path))),
                words(size(len(each.text.encode())), style="figure"),
                words(hashlib.sha256(each.text.encode()).hexdigest(), style="code hash"),
            )
        )
        for each in files
    )
    columns = ("File", "What it is", "Size", "SHA-256")
    name, about = files[0].target, files[0].about
    caption = f"Files of the target {name}" if name else "Files"
    title = TARGETS.get(name, name.capitalize())
    return Section(title, (Table(caption, columns, rows),), note=_sentence(about))


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}." if text else ""
