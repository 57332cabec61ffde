"""The pages about the whole: the overview, and the guideline's own record."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
    Section,
    Span,
    fact,
    facts,
    sections,
    words,
)
from guidegraph.site.chapters import (
    CLAIMS,
    GUIDELINE,
    HOME,
    LOCAL,
    PATHWAYS,
    QUESTIONS,
    RECOMMENDATIONS,
    SIMULATOR,
    SOURCES,
    THRESHOLDS,
    VERIFICATION,
)
from guidegraph.site.pages.changes import news
from guidegraph.site.pages.provenance import record
from guidegraph.site.pages.simulator import is_published
from guidegraph.site.pages.whom import for_whom
from guidegraph.site.safe import external, slug
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import View, joined, status
from guidegraph.wording import readable

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


PRIVACY = (
    words(
        "The site asks no other server for anything, sends nothing anywhere and sets no cookies. "
        "What is typed into it stays in the browser and is gone when the page is closed."
    ),
    words(
        "One thing is remembered, and only on the reader's own device: the language that was "
        "chosen for the guideline's words. A browser that keeps nothing shows English on every "
        "page until a language is chosen."
    ),
    words(
        "Words in other languages than English were translated by the encoders. Where the English "
        "words have changed since, the translation is marked with △ as older."
    ),
)


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
            news(seen),
            *for_whom(seen),
        ),
        structured=guideline_data(seen),
        style="home",
    )


def _cards(seen: View) -> tuple[Card, ...]:
    guideline = seen.guideline
    questions = len(guideline.all(InterpretationPoint)) + len(guideline.all(Discrepancy))
    changes = len(guideline.adaptation.changes) if guideline.adaptation else 0
    counted = (
        (LOCAL, changes, "What is changed here, and why"),
        (RECOMMENDATIONS, len(guideline.recommendations), "What to do, for whom, and when"),
        (PATHWAYS, len(guideline.all(CarePathway)), "Flowcharts, and the same in words"),
        (THRESHOLDS, len(guideline.all(Threshold)), "As printed and as executed"),
        (QUESTIONS, questions, "Several readings, and faults of the source"),
        (CLAIMS, len(guideline.all(EvidenceClaim)), "What the sources state, and on what ground"),
        (SOURCES, len(guideline.all(SourceDocument)), "Documents and passages"),
    )
    cards = [Card(c.title, c.index, readable(n), about) for c, n, about in counted if n]
    if is_published(seen):
        told = "What the advice is for a made-up patient, and why"
        cards.insert(0, Card(SIMULATOR.title, SIMULATOR.index, "", told))
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


def is_day(text: str | None) -> bool:
    """Whether a text is a day, written as years, months and days."""
    return bool(text and DAY.fullmatch(text))


def years(seen: View) -> list[str]:
    """The years in which the sources were published, as their references say."""
    found = [seen.guideline.get(each, SourceDocument) for each in seen.guideline.header.sources]
    return sorted({year for each in found if each for year in YEAR.findall(each.citation)})


def evidence(seen: View) -> Line:
    """From which years the sources are, as their references say."""
    found = years(seen)
    if not found:
        return words("as old as its sources (see there); later studies are not considered")
    span = found[0] if len(found) == 1 else f"{found[0]} to {found[-1]}"
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
            Section("What this site keeps", (Prose(PRIVACY),), anchor="privacy"),
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
