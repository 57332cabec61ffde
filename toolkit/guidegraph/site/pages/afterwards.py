"""What stands at the end of a page: its history, how to cite it, where to report a problem."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guidegraph.entity import Entity
from guidegraph.model import (
    AcceptedFinding,
    Appraisal,
    DeclaredInterest,
    Dissent,
    Recommendation,
    Vote,
)
from guidegraph.site.blocks import (
    Block,
    Fold,
    Line,
    Listing,
    Prose,
    Reporting,
    Row,
    Section,
    Span,
    Table,
    words,
)
from guidegraph.site.citing import reference
from guidegraph.site.pages.changes import of_thing
from guidegraph.site.view import View, joined, short

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
UNSTATED = (
    "The guideline does not state to whom problems are reported. The link begins a message without "
    "an addressee: send it to whoever gave you these pages."
)


def folded(summary: str, section: Section | None) -> Section | None:
    """A section whose blocks are folded away; its note too would be noise beside them."""
    if section is None or not section.blocks:
        return None
    inside: tuple[Block, ...] = section.blocks
    if section.note:
        inside = (*inside, Prose((words(section.note),), "note"))
    blocks = (Fold(summary, inside),)
    return Section(section.title, blocks, section.anchor, "", section.style, section.thing)


def history(seen: View, advice: Recommendation) -> Section:
    """What is recorded of its past: dates and versions of the guideline, judgements, votes."""
    header = seen.guideline.header
    issued = f"This version of the guideline ({header.version}) issued"
    events: list[Event] = [
        (header.issued or "", words(issued), ()),
        (header.modified or "", words("Guideline last changed"), ()),
        *_judged(seen, advice),
        *((day, told, ()) for day, told in of_thing(seen, advice.id)),
    ]
    dated = sorted((each for each in events if _DAY.fullmatch(each[0])), key=lambda each: each[0])
    undated = [each for each in events[2:] if not _DAY.fullmatch(each[0])]
    unstated = words("not stated", style="quiet")
    rows = tuple(
        Row((words(day) or unstated, what, who or unstated))
        for day, what, who in (*dated, *undated)
    )
    columns = ("Date", "What", "By")
    none = "No earlier version is at hand to compare with. "
    if seen.guideline.adaptation:
        none = "Earlier versions are compared on the site of the guideline itself. "
    unknown = "" if seen.content.history.versions else none
    table = Table("What is recorded of the past of this recommendation", columns, rows)
    return Section(
        "History",
        (Fold("What is recorded, and by whom", (table,)),),
        anchor="history",
        note=f"{unknown}Who judged the links of the evidence above is named on the claims.",
    )


Event = tuple[str, Line, Line]


def _judged(seen: View, advice: Recommendation) -> Iterator[Event]:
    """What people recorded about it, each with its day and who it was."""
    named = seen.wording.name
    judged = [each for each in seen.guideline.all(Appraisal) if each.appraises == advice.id]
    for each in judged:
        domain, verdict = (seen.guideline.words(e) for e in (each.domain, each.judgement))
        yield _event(seen, each.created, f"Judged: {domain}, {verdict}", each.attributed_to)
    for vote in seen.guideline.all(Vote):
        if vote.voted_on == advice.id:
            yield _event(seen, vote.created, "Voted on", vote.attributed_to)
    about = {advice.id, *(each.id for each in judged)}
    for dissent in seen.guideline.all(Dissent):
        if not about.isdisjoint(dissent.concerns):
            yield _event(seen, dissent.created, "Dissent recorded", dissent.attributed_to)
    for interest in seen.guideline.all(DeclaredInterest):
        if advice.id in interest.concerns:
            yield _event(seen, interest.created, "Interest declared", interest.attributed_to)
    for accepted in seen.guideline.all(AcceptedFinding):
        if advice.id in accepted.concerns:
            who = joined([named(each) for each in accepted.attributed_to])
            told = (Span("Finding accepted: "), *named(accepted.id))
            yield accepted.accepted_on or "", told, who


def _event(seen: View, day: str | None, what: str, agents: tuple[str, ...]) -> Event:
    return day or "", words(what), joined([seen.wording.name(each) for each in agents])


def citing(seen: View, thing: Entity) -> Section:
    """How to cite it, in the forms that reference managers read."""
    page = (seen.addresses.of(thing.id) or "").partition("#")[0]
    found = reference(seen.guideline.header, thing, page)
    forms = (("BibTeX", found.bibtex), ("CSL-JSON", found.csl), ("RIS", found.ris))
    return Section(
        "Cite this",
        (
            Prose((words(found.plain),)),
            *(
                Fold(name, (Listing(text, f"Reference as {name}"),), is_printed=False)
                for name, text in forms
            ),
        ),
        anchor="cite",
    )


def problems(seen: View, thing: Entity) -> Section:
    """To whom a problem with this page is reported, with what to name in the report."""
    header = seen.guideline.header
    version = f", version {header.version}" if header.version else ""
    subject = f"{header.label}: {short(thing)}{version}"
    report = Reporting(header.problems_to or "", subject)
    unstated = () if header.problems_to else (Prose((words(UNSTATED),)),)
    return Section("Report a problem", (*unstated, report), anchor="problems")
