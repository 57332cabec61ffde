"""What became of a guideline over its releases, as the site tells it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from guidegraph import solver
from guidegraph.diagnostic import Severity
from guidegraph.model import Guideline
from guidegraph.release.previous import GUIDELINE, Earlier
from guidegraph.release.versions import version
from guidegraph.site.addresses import Addresses
from guidegraph.site.history import Affected, Event, Gone, History, Version

if TYPE_CHECKING:  # the solver may be missing
    from guidegraph.plan.classes import Change
    from guidegraph.plan.plan import Plan
    from guidegraph.plan.sides import Side

SITE = "build/site/"
UNREADABLE = (
    "What changed cannot be told: this version of guidegraph does not read the files of that "
    "release as a guideline."
)
UNSOLVED = "What changed is not known: the solver that compares versions is not installed."
PAGE = re.compile(re.escape(SITE) + r"[A-Za-z0-9._/-]+\.html")
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class _State:
    """A guideline at one version; ``release`` is None for the files a site is made from."""

    guideline: Guideline
    folder: Path | None
    release: Earlier | None
    partial: tuple[str, ...] = ()


def history(
    guideline: Guideline,
    folder: Path,
    found: Iterable[Earlier],
    progress: Progress = lambda label, done, of: None,
    released: bool = False,
) -> History:
    """What happened to a guideline since its first release, the newest version first.

    ``found`` are releases, in any order; those of other guidelines, and those that do not come
    before this version, say nothing. ``folder`` is the guideline's, ``released`` whether this very
    state is being released.
    """
    earlier = before(guideline, found)
    if solver.missing(Severity.NOTE) is not None:
        return _unsolved(guideline, earlier, released)
    states: list[_State] = []
    unread: dict[str, tuple[str, ...]] = {}
    for each in earlier:
        side = read_release(each, folder)
        number = str(each.record.version)
        if side.guideline is None:
            unread[number] = (UNREADABLE,)
        else:
            states.append(_State(side.guideline, folder, each, _older(side, each)))
    states.append(_State(guideline, folder, None))
    versions = []
    for place, state in enumerate(states):
        progress("Comparing versions", place, len(states))
        versions.append(_version(states[place - 1] if place else None, state, released))
    versions += [_unread(each, unread) for each in earlier if str(each.record.version) in unread]
    order = {str(each.record.version): place for place, each in enumerate(earlier)}
    versions.sort(key=lambda each: order.get(each.version, len(order)), reverse=True)
    return History(
        versions=tuple(versions),
        gone=tuple(_gone(states)),
        pages=tuple(_pages(earlier)),
    )


def _unsolved(guideline: Guideline, earlier: tuple[Earlier, ...], released: bool) -> History:
    """The versions alone: without the solver none is compared."""
    partial = (UNSOLVED,)
    own = replace(_about(_State(guideline, None, None), released), partial=partial)
    known = [_unread(each, {str(each.record.version): partial}) for each in earlier]
    if known:
        known[0] = replace(known[0], is_first=True, partial=())
    first = replace(own, is_first=True, partial=())
    versions = (own if earlier else first, *reversed(known))
    return History(versions=versions, pages=tuple(_pages(earlier)))


def before(guideline: Guideline, found: Iterable[Earlier]) -> tuple[Earlier, ...]:
    """The releases of a guideline with a lower version, each once, in the order of versions."""
    own = version(guideline.header.version)
    kept: dict[str, Earlier] = {}
    for each in found:
        if each.record.guideline != guideline.header.iri:
            continue
        if own is None or own.follows(each.record.version):
            kept.setdefault(str(each.record.version), each)
    return tuple(sorted(kept.values(), key=lambda each: each.record.version.rank))


def read_release(release: Earlier, folder: Path) -> Side:
    """The guideline of a release, as far as it can be read today."""
    from guidegraph.plan.revisions import revision
    from guidegraph.plan.sides import load_side

    place = release.path / GUIDELINE if release.path.is_dir() else release.path
    with revision(str(place), folder) as old:
        return load_side(old, release.record.title)


def _older(side: Side, release: Earlier) -> tuple[str, ...]:
    from guidegraph.plan.sides import older_ontology

    return tuple(each.message for each in older_ontology(side, release.record.title))


# --- one version ----------------------------------------------------------------------------------


def _version(old: _State | None, new: _State, released: bool) -> Version:
    about = _about(new, released)
    return replace(about, is_first=True) if old is None else _compared(about, old, new)


def _about(new: _State, released: bool) -> Version:
    header, release = new.guideline.header, new.release
    return Version(
        version=header.version,
        date=(release.record.issued if release else header.modified or header.issued) or "",
        title=str(header.title) or str(header.label),
        is_released=released or release is not None,
    )


def _unread(release: Earlier, unread: dict[str, tuple[str, ...]]) -> Version:
    record = release.record
    number = str(record.version)
    return Version(version=number, date=record.issued, title=record.name, partial=unread[number])


def _compared(about: Version, old: _State, new: _State) -> Version:
    """What changed from one state to the next."""
    from guidegraph.plan.plan import compare
    from guidegraph.plan.sentences import summary

    plan = compare(old.guideline, new.guideline)
    return replace(
        about,
        before=old.guideline.header.version,
        rank=str(plan.rank) if plan.changes else "",
        summary=tuple(summary(plan)),
        affected=tuple(_affected(plan)),
        events=tuple(_event(each) for each in sorted(plan.changes, key=lambda e: -e.rank)),
        partial=(*(each.message for each in plan.findings), *old.partial),
    )


def _event(change: Change) -> Event:
    from guidegraph.plan.sentences import detail_words

    each = change.difference
    return Event(
        how=each.how,
        name=each.name,
        old_name=each.old_name,
        label=each.label,
        kind=each.kind,
        rank=str(change.rank),
        effect=change.effect,
        details=tuple(detail_words(detail) for detail in each.details),
        advice=change.advice,
    )


def _affected(plan: Plan) -> Iterator[Affected]:
    from guidegraph.plan.sentences import detail_words, title, who

    for each in plan.behaviour.advice if plan.behaviour else ():
        told = [f"{who(group)}. For example: {group.witness}" for group in each.groups]
        if each.unproved:
            told.append("For whom it changes is not proved.")
        told += [detail_words(detail) for detail in each.content]
        said = title(each).replace("STOPS", "stops").replace("is REMOVED", "is removed")
        yield Affected(name=each.name, title=said, patients=tuple(told))


# --- what is gone ---------------------------------------------------------------------------------


def _gone(states: list[_State]) -> Iterator[Gone]:
    """What some state had and the last has not; the last that had it says what it was."""
    from guidegraph.plan.changes import differences, property_words

    present = {each.iri for each in states[-1].guideline.entities.values()}
    told: set[str] = set()
    for old, new in reversed(list(pairwise(states))):
        removed = [
            each
            for each in old.guideline.entities.values()
            if each.iri not in present and each.iri not in told
        ]
        if not removed:
            continue
        moved = differences(old.guideline, new.guideline).renames
        addresses = Addresses(old.guideline)
        for each in removed:
            told.add(each.iri)
            yield Gone(
                name=each.id,
                iri=each.iri,
                label=str(each.label) or each.id,
                kind=property_words(each.CLASS),
                address=addresses.of(each.id) or "",
                version=old.guideline.header.version,
                until=new.guideline.header.version,
                replaced_by=(moved[each.id],) if each.id in moved else (),
            )


def _pages(earlier: Iterable[Earlier]) -> Iterator[tuple[str, str]]:
    """Every page of an earlier site, with the last version whose site had it."""
    last: dict[str, str] = {}
    for each in earlier:
        for file in each.record.files:
            if PAGE.fullmatch(file.path):
                last[file.path.removeprefix(SITE)] = str(each.record.version)
    yield from sorted(last.items())
