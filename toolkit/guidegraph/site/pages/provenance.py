"""What stands on every page about a thing: passages, open questions, how to cite it, its place."""

from __future__ import annotations

from dataclasses import replace

from guidegraph.criteria import Criterion
from guidegraph.diagnostic import Location
from guidegraph.entity import Entity
from guidegraph.model import (
    Action,
    Citation,
    ClinicalDefinition,
    Discrepancy,
    EvidenceClaim,
    Header,
    InterpretationPoint,
    PathwayNode,
    Population,
    Recommendation,
    SiteParameter,
    SourceDocument,
    SourcePassage,
    Study,
    Threshold,
)
from guidegraph.site.blocks import (
    Item,
    Items,
    Line,
    Prose,
    Row,
    Section,
    Span,
    Table,
    fact,
    facts,
    words,
)
from guidegraph.site.content import QUOTES_NOTE
from guidegraph.site.safe import external, slug
from guidegraph.site.view import View, joined, modality, short, sure
from guidegraph.terms import compact
from guidegraph.wording import readable

PASSAGE_NOTE = (
    "A passage is given by its place, a hash of its words and the figures printed in it. "
    "The words themselves belong to the source and are not reproduced."
)
EXTERNAL_NOTE = (
    "No source of this guideline prints this: a source names it, and the encoders took it from "
    "elsewhere."
)
FAMILIES: tuple[tuple[type[Entity], str], ...] = (
    (Recommendation, "Recommendations"),
    (PathwayNode, "Steps of pathways"),
    (Threshold, "Thresholds"),
    (SiteParameter, "Site settings"),
    (Criterion, "Criteria"),
    (Population, "Populations"),
    (ClinicalDefinition, "Definitions"),
    (Action, "Actions"),
    (EvidenceClaim, "Claims"),
    (Study, "Studies"),
    (InterpretationPoint, "Phrases with several readings"),
    (Discrepancy, "Recorded faults"),
)
"""The headings under which the users of a thing are listed, in their order."""


def passages(seen: View, thing: Entity) -> Section:
    """The passages a thing was encoded from."""
    found = [seen.guideline.get(each, SourcePassage) for each in thing.passages]
    rows = tuple(passage_row(seen, each, False) for each in found if each)
    return Section(
        "Where it comes from",
        (passage_table(seen, rows, "Passages behind this page"),),
        note=passage_note(seen),
        anchor="passages",
    )


def brought_in(seen: View, thing: Entity) -> Section | None:
    """The works that something external was taken from, and how surely each is known."""
    found = [seen.guideline.get(each, Citation) for each in thing.citations]
    rows = tuple(_work(seen, each) for each in found if each and thing.is_external)
    if not rows:
        return None
    columns = ("Work", "Published", "How sure")
    return Section(
        "Brought in from outside",
        (Table("Works behind this page", columns, rows),),
        note=EXTERNAL_NOTE,
        anchor="external",
    )


def _work(seen: View, citation: Citation) -> Row:
    document = seen.guideline.get(citation.cited, SourceDocument)
    return Row(
        (
            seen.wording.name(citation.cited) or words("not identified", style="quiet"),
            words(document.citation if document else ""),
            sure(seen, citation.status),
        )
    )


def passage_note(seen: View) -> str:
    """What is said under every table of passages."""
    return QUOTES_NOTE if seen.content.quotes else PASSAGE_NOTE


def passage_table(seen: View, rows: tuple[Row, ...], caption: str) -> Table:
    """A table of passages, with their words where the site is built with quotes."""
    quoted = ("Words of the source",) if seen.content.quotes else ()
    columns = ("Passage", "Where", "Printed figures", "Characters and hash of the words", *quoted)
    return Table(caption, columns, rows, "passages")


def passage_row(seen: View, passage: SourcePassage, at_home: bool) -> Row:
    """One passage; ``at_home`` on the page of its document, where links to it arrive."""
    document = seen.guideline.get(passage.document, SourceDocument)
    source = seen.wording.link(document, short(document)) if document else ()
    name: Line = (
        words(short(passage), style="code")
        if at_home
        else (Span(short(passage), to=seen.addresses.of(passage.id), style="code"),)
    )
    where = joined([source, words(passage.locator)]) if not at_home else words(passage.locator)
    hashes = [
        (
            Span(f"{readable(each.start)} to {readable(each.end)}"),
            Span(" "),
            Span(each.sha256 if at_home else f"{each.sha256[:12]}…", style="code hash"),
        )
        for each in passage.selectors
    ]
    printed = joined([words(each, style="printed") for each in passage.reported_texts], " · ")
    return Row(
        (
            *(name, where, printed or words("none", style="quiet"), joined(hashes, "; ")),
            *_quoted(seen, passage),
        ),
        anchor=slug(passage.id) if at_home else "",
    )


def _quoted(seen: View, passage: SourcePassage) -> tuple[Line, ...]:
    """The words of a passage as a cell; no cell where the site is built without quotes."""
    if not seen.content.quotes:
        return ()
    parts = [" ".join(each.split()) for each in seen.content.quotes.get(passage.id, ())]
    quote = " … ".join(parts)
    return (words(f"“{quote}”") if quote else words("not at hand", style="quiet"),)


def questions(seen: View, found: list[Entity]) -> Section | None:
    """The interpretation points and discrepancies that touch a thing."""
    items = tuple(
        Item(
            seen.wording.name(each.id),
            tuple(Item(line) for line in (_decided(seen, each),) if line),
            label=(Span(_kind(seen, each), style="tag"),),
        )
        for each in found
    )
    if not items:
        return None
    return Section("Open questions", (Items(items, "questions"),), anchor="questions")


def faults(seen: View, thing: Entity, *parts: str) -> Section | None:
    """The recorded faults of the source that concern a thing, its parts or its passages."""
    meant = {thing.id, *parts, *thing.passages}
    found = [e for e in seen.guideline.all(Discrepancy) if not meant.isdisjoint(e.concerns)]
    section = questions(seen, [*found])
    return section and replace(section, title="Recorded faults", anchor="faults")


def _kind(seen: View, thing: Entity) -> str:
    if isinstance(thing, Discrepancy):
        return seen.guideline.words(thing.discrepancy_type)
    return "several readings"


def _decided(seen: View, thing: Entity) -> Line:
    if isinstance(thing, Discrepancy):
        return seen.wording.said(thing.resolution)
    if isinstance(thing, InterpretationPoint):
        return (Span("Taken by default: "), *seen.wording.name(thing.default_reading))
    return ()


def resting(seen: View, thing: Entity, title: str = "Recommendations that rest on it") -> Section:
    """The recommendations whose meaning rests on a thing, and how binding each is."""
    rows = tuple(
        Row((seen.wording.name(each.id), (modality(seen, each.modality),)))
        for each in seen.links.resting_on(thing.id)
    )
    return Section(title, (Table(title, ("Recommendation", "Wording"), rows),), anchor="rests")


def used_by(seen: View, thing: Entity, *terms: str) -> Section | None:
    """What speaks of a thing directly."""
    users = [each for each in seen.links.to(thing.id, *terms) if seen.addresses.of(each.id)]
    if not users:
        return None
    kinds: dict[str, list[Line]] = {}
    for each in users:
        kinds.setdefault(_family(each), []).append(seen.wording.name(each.id))
    first = [name for _, name in FAMILIES if name in kinds]
    order = [*first, *(kind for kind in kinds if kind not in first)]
    held = facts(*(fact(kind, *kinds[kind]) for kind in order))
    return Section("Used by", (held,), anchor="used-by")


def _family(thing: Entity) -> str:
    """The heading under which a thing is listed: that of its chapter, else its kind."""
    known = (name for kind, name in FAMILIES if isinstance(thing, kind))
    return next(known, kind_name(thing).capitalize())


def kind_name(thing: Entity) -> str:
    """The kind of a thing in words: ``comparison criterion``."""
    words_of = "".join(f" {c.lower()}" if c.isupper() else c for c in type(thing).__name__)
    return "guideline" if isinstance(thing, Header) else words_of.strip()


def record(seen: View, thing: Entity) -> Section:
    """The thing's identity: IRI, numbers, other names, and where it is written."""
    version = seen.guideline.header.version
    return Section(
        "Record",
        (
            facts(
                fact("Cite as", cite(seen, thing)),
                fact("IRI", words(thing.iri, style="code")),
                fact("Numbers", *(words(each) for each in thing.notation)),
                fact("Also called", *(words(each) for each in thing.alternative_labels)),
                fact("In other languages", *other_languages(thing)),
                fact("Status", words(seen.guideline.words(thing.status) if thing.status else "")),
                fact("Written at", words(place(seen, thing.at), style="code")),
                fact("Version", words(version)),
            ),
        ),
        anchor="record",
        style="record",
    )


def cite(seen: View, thing: Entity) -> Line:
    """How to cite a thing: guideline, version, its label and IRI."""
    header = seen.guideline.header
    title = str(header.title) or str(header.label)
    parts = [title, f"version {header.version}" if header.version else ""]
    if thing.id != header.id:
        parts.append(f"“{thing.label}” ({short(thing)})")
    parts.append(thing.iri)
    return words(". ".join(part for part in parts if part))


def place(seen: View, at: Location) -> str:
    """File and line, the file as seen from the guideline's folder: the same on every machine.

    A file of an overlay says that it is one.
    """
    overlay = f"{seen.content.overlay}/"
    if seen.content.overlay and at.file.startswith(overlay):
        return f"overlay: {at.file.removeprefix(overlay)}:{at.line}"
    return f"{at.file.removeprefix(seen.content.folder + '/')}:{at.line}"


def other_languages(thing: Entity) -> tuple[Line, ...]:
    """The labels that are not the one shown."""
    shown = str(thing.label)
    return tuple(
        (Span(label, lang=language), Span(f" ({language or 'no language stated'})", style="quiet"))
        for language, label in thing.label.words
        if label != shown
    )


def matches(iris: tuple[str, ...]) -> tuple[Line, ...]:
    """Terms of other vocabularies, linked where the address is one we link to."""
    return tuple(words(compact(each), out=external(each) or "", style="code") for each in iris)


def note(seen: View, thing: Entity) -> Prose:
    """A thing's definition and note."""
    lines = (seen.wording.said(thing.definition), seen.wording.said(thing.note))
    return Prose(tuple(line for line in lines if line))
