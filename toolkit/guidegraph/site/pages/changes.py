"""What every version changed, and what is new in this one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from guidegraph.site.blocks import (
    Block,
    Details,
    Item,
    Items,
    Line,
    Page,
    Prose,
    Row,
    Section,
    Span,
    Table,
    sections,
    words,
)
from guidegraph.site.chapters import CHANGES, LOCAL
from guidegraph.site.history import EVENTS, Event, Version
from guidegraph.site.pages.removed import gone, link, place_on_changes
from guidegraph.site.safe import slug
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import View, joined
from guidegraph.wording import plural

RANKS = {
    "breaking": ("What was written for the version before no longer works", "badge error", "✕"),
    "behaviour": ("Some patients get something else", "badge warning", "△"),
    "evidence": ("What the advice rests on", "badge stated", "◆"),
    "editorial": ("Words only, no patient gets anything else", "badge status", "○"),
}
"""What a change asks of those who use the guideline: words, style and sign of its badge."""

NOTE = (
    "Versions are compared as `guidegraph plan` does it: for each recommendation it is proved for "
    "which patients it is another one. Nothing is guessed from what was edited."
).replace("`", "")
FIRST = "This is the first version: there is none before it with which it could be compared."
UNKNOWN = "No earlier version is known to this site."
SHOWN = 6
"""How many recommendations the overview names."""


def pages(seen: View) -> Iterator[Page]:
    """The change log."""
    versions = seen.content.history.versions
    told = (plural(len(versions), "version"), plural(len(gone(seen)), "name"))
    lead = words(f"{told[0]}. {told[1]} no longer in use. {NOTE}" if versions else UNKNOWN)
    yield Page(
        path=CHANGES.index,
        index=CHANGES.index,
        title=CHANGES.title,
        lead=_of_adaptation(seen) or lead,
        sections=sections(*(_version(seen, each) for each in versions), _removed(seen)),
        structured=guideline_data(seen),
    )


def _of_adaptation(seen: View) -> Line:
    """What a local adaptation is made for, and where versions are told; empty for a guideline."""
    adaptation = seen.guideline.adaptation
    if adaptation is None:
        return ()
    header, upstream = adaptation.header, adaptation.upstream
    made = f" version {header.adapted_version}" if header.adapted_version else ""
    own = f", version {header.version}," if header.version else ""
    return (
        Span(f"This is a local adaptation{own} of{made} of “{upstream.title or upstream.label}”. "),
        Span("What it changes", to=LOCAL.index),
        Span(
            " is told in full; how the guideline itself came to this version is told on the "
            "guideline's own site."
        ),
    )


def anchor(version: Version) -> str:
    """The place of a version on the page, without what stands before every section's."""
    return f"version-{slug(version.version)}"


def badge(rank: str) -> Line:
    """The class of a change, in words, with a sign."""
    if rank not in RANKS:
        return ()
    said, style, mark = RANKS[rank]
    return (Span(said, style=style, mark=mark),)


def _heading(version: Version) -> str:
    dated = f" ({version.date})" if version.date else ""
    state = "" if version.is_released else ", not yet released"
    return f"Version {version.version or 'without a number'}{dated}{state}"


def _version(seen: View, version: Version) -> Section:
    """A version: its class, for whom something is different, and every change."""
    blocks: tuple[Block, ...] = (
        Prose((badge(version.rank),)),
        Prose(tuple(words(each) for each in version.summary)),
        Prose((words(FIRST),) if version.is_first else ()),
        Prose(tuple(words(f"Not compared: {each}") for each in version.partial), "note"),
        Items(tuple(_affected(seen, version)), "questions"),
        *_events(seen, version),
    )
    return Section(_heading(version), blocks, anchor=anchor(version))


def _affected(seen: View, version: Version) -> Iterator[Item]:
    """The recommendations that somebody gets otherwise, and who that is."""
    for each in version.affected:
        line = (*words(each.title), Span(" "), Span(each.name, style="code"))
        to = link(seen, each.name)
        if to is not None:
            line = (Span(each.title, to=to), *line[1:])
        yield Item(line, tuple(Item(words(told)) for told in each.patients))


def _events(seen: View, version: Version) -> Iterator[Details]:
    """Every change, folded away by class."""
    for rank, found in groupby(version.events, lambda each: each.rank):
        held = list(found)
        said = RANKS[rank][0] if rank in RANKS else rank
        yield Details(
            f"{said}: {plural(len(held), 'change')}",
            Items(tuple(_event(seen, each) for each in held), "plain"),
        )


def _event(seen: View, event: Event) -> Item:
    to = link(seen, event.name)
    name = (Span(event.label, to=to),)
    line: list[Span] = [Span(f"{EVENTS.get(event.how, event.how)}: {event.kind} "), *name]
    if event.how == "renamed":
        line += [Span(", until then "), Span(event.old_name, style="code")]
    told = [words(each) for each in event.details]
    if event.effect != "words":
        told.append(words(event.effect, style="quiet"))
    return Item(tuple(line), tuple(Item(each) for each in told))


def _removed(seen: View) -> Section:
    """Every name that is no longer in use, with the way to what is left of it."""
    rows = tuple(
        Row(
            (
                (Span(each.label, to=None if place_on_changes(each) else each.address),),
                words(each.kind),
                words(each.version),
                joined([seen.wording.name(name) for name in each.replaced_by]),
                words(each.reason),
            ),
            anchor=slug(each.name) if place_on_changes(each) else "",
        )
        for each in gone(seen)
    )
    columns = ("Name", "What it was", "Last in version", "Replaced by", "Why")
    return Section(
        "No longer part of the guideline",
        (Table("No longer part of the guideline", columns, rows),),
        anchor="gone",
        note="Each name keeps its address, and is never given to anything else.",
    )


# --- on other pages -------------------------------------------------------------------------------


def news(seen: View) -> Section | None:
    """What is new in this version, for the overview; nothing where no version is known."""
    if told := _of_adaptation(seen):
        return Section("What is new", (Prose((told,)),), anchor="new")
    latest = seen.content.history.latest
    if latest is None:
        return None
    to = f"{CHANGES.index}#section-{anchor(latest)}"
    if latest.is_first:
        return Section("What is new", (Prose((words(FIRST),)),), anchor="new")
    shown = tuple(Item(item.line) for item in tuple(_affected(seen, latest))[:SHOWN])
    rest = len(latest.affected) - len(shown)
    more = f"All changes of version {latest.version}"
    if rest > 0:
        more = f"{plural(rest, 'more recommendation')}, and all changes of version {latest.version}"
    return Section(
        "What is new",
        (
            Prose(((Span(f"Since version {latest.before}: "), *badge(latest.rank)),)),
            Prose((words(" ".join(latest.summary)),)),
            Items(shown, "plain"),
            Prose((words(more, to=to),)),
        ),
        anchor="new",
    )


def of_thing(seen: View, name: str) -> Iterator[tuple[str, Line]]:
    """What became of a thing in each version: the day, and what happened with the way to it."""
    history = seen.content.history
    people = dict(history.affecting(name))
    told: set[str] = set()
    for version, event in history.of(name):
        told.add(version.version)
        affected = people.get(version)
        yield version.date, _told(version, event, affected.title if affected else "")
    for version, affected in people.items():
        if version.version not in told:
            yield version.date, _told(version, None, affected.title)


def _told(version: Version, event: Event | None, people: str) -> Line:
    what = EVENTS.get(event.how, event.how) if event else "Other patients"
    said = [f"{what} in version {version.version}"]
    said += event.details if event else ()
    said += [people] if people else ([event.effect] if event else [])
    to = f"{CHANGES.index}#section-{anchor(version)}"
    return (Span(said[0], to=to), Span(f": {'; '.join(said[1:])}" if said[1:] else ""))
