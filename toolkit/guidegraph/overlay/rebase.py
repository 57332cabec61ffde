"""What a new version of the guideline means for a local adaptation, change by change.

Nothing is edited. Both versions are read with the same overlay; each change is looked at with what
it is about and with all that its own conditions name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from typing import Literal

from guidegraph.entity import Entity, Text, references
from guidegraph.model import (
    Guideline,
    LocalAdaptation,
    LocalCalibration,
    LocalChange,
    LocalException,
    LocalSetting,
    Observable,
    Recommendation,
    SiteParameter,
    Threshold,
    ThresholdReplacement,
)
from guidegraph.overlay.calibration import NOT_STATED
from guidegraph.overlay.effects import choice, executed, is_permitted, may_choose, same
from guidegraph.overlay.faults import named
from guidegraph.suggestion import alike

Kind = Literal["removed", "notPermitted", "value", "obsolete", "changed"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that the new version means for a change, in words."""

    kind: Kind
    words: str


@dataclass(frozen=True, slots=True)
class Item:
    """One change of the adaptation, with what the new version means for it; empty: nothing."""

    change: LocalChange
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebase:
    """What a new version means for an adaptation. Versions are those of the guideline."""

    header: LocalAdaptation
    old_version: str
    new_version: str
    items: tuple[Item, ...]

    @property
    def affected(self) -> tuple[Item, ...]:
        """The changes that somebody has to look at."""
        return tuple(each for each in self.items if each.verdicts)


def rebase(local: Guideline, old: Guideline, new: Guideline) -> Rebase:
    """Look at each change of ``local`` between two versions of its guideline.

    ``local`` is a guideline read with the overlay, applied or not; ``old`` and ``new`` are read
    without it.
    """
    header = local.all(LocalAdaptation)[0]
    space = header.namespace
    own = {name for name, each in local.entities.items() if space and each.iri.startswith(space)}
    items = tuple(
        Item(change, tuple(_verdicts(local, own, change, old, new)))
        for change in local.all(LocalChange)
    )
    return Rebase(
        header=header,
        old_version=old.header.version,
        new_version=new.header.version,
        items=items,
    )


def _verdicts(
    local: Guideline, own: set[str], change: LocalChange, old: Guideline, new: Guideline
) -> Iterator[Verdict]:
    told: list[Verdict] = []
    before, after = old.entities.get(change.changes), new.entities.get(change.changes)
    if before is not None and after is not None:
        told += _about(change, before, after, old, new)
    yield from told
    skip = {change.changes} if told else set()
    for name in sorted(_named_by(local, own, change) - skip):
        before, after = old.entities.get(name), new.entities.get(name)
        if before is not None and after is None:
            yield Verdict("removed", _removed(before, old, new))
        elif before is not None and after is not None and (terms := _differences(before, after)):
            yield Verdict("changed", f"{named(after)} has changed: {', '.join(terms)}.")


def _named_by(local: Guideline, own: set[str], change: LocalChange) -> set[str]:
    """The things of the guideline that a change names, directly or through its own conditions."""
    found: set[str] = set()
    met = {change.id}
    ahead: list[Entity] = [change]
    while ahead:
        for _, name in references(ahead.pop()):
            if name not in own:
                found.add(name)
            elif name not in met and (thing := local.entities.get(name)):
                met.add(name)
                ahead.append(thing)
    return found


def _removed(thing: Entity, old: Guideline, new: Guideline) -> str:
    """That a thing is gone, and which new one may be the same."""
    gone = f"{named(thing)} (`{thing.id}`) is no longer in the guideline."
    fresh = [
        each
        for each in new.entities.values()
        if isinstance(each, type(thing)) and each.id not in old.entities
    ]
    likely = [each for each in fresh if each.label == thing.label and each.label]
    likely += [e for e in fresh if e.id in alike(thing.id, [each.id for each in fresh], 0.6)]
    if not likely:
        return gone
    return f"{gone} Perhaps it is now {named(likely[0])} (`{likely[0].id}`)."


def _about(
    change: LocalChange, before: Entity, after: Entity, old: Guideline, new: Guideline
) -> Iterator[Verdict]:
    """What became of the one thing that a change is about."""
    was, now = _says(before, old), _says(after, new)
    if _already(change, after, new) and not _already(change, before, old):
        yield Verdict("obsolete", f"{named(after)} now says the same ({now}); remove the change.")
    elif isinstance(change, LocalSetting) and not _still_permitted(change, after):
        permitted = may_choose(new, after) if isinstance(after, SiteParameter) else ""
        chosen = choice(new, change.quantity, change.coded_value)
        yield Verdict(
            "notPermitted",
            f"{named(after)} now permits {permitted}; {chosen} is chosen here.",
        )
    elif was != now:
        yield Verdict("value", f"{named(after)} was {was} when it was changed and is now {now}.")
    terms = _differences(before, after, _VALUES)
    if terms:
        yield Verdict("changed", f"{named(after)} has changed: {', '.join(terms)}.")


def _says(thing: Entity, guideline: Guideline) -> str:
    """What the guideline says where a change says something else, in words."""
    match thing:
        case SiteParameter():
            default = choice(guideline, thing.default_quantity, thing.default_coded_value)
            return f"{default or 'no default'} (permitted: {may_choose(guideline, thing)})"
        case Threshold():
            return executed(guideline, thing)
        case Observable():
            return guideline.words(thing.calibration) or "not stated"
        case Recommendation():
            stated = guideline.entities.get(thing.exception or "")
            return f"except {named(stated)}" if stated else "without an exception"
        case _:
            return ""


def _already(change: LocalChange, thing: Entity, guideline: Guideline) -> bool:
    """Whether the guideline itself says what a change says."""
    match change, thing:
        case LocalSetting(), SiteParameter():
            coded = change.coded_value is not None and change.coded_value == (
                thing.default_coded_value
            )
            return coded or same(change.quantity, thing.default_quantity)
        case ThresholdReplacement(), Threshold():
            parameter = guideline.get(thing.site_parameter, SiteParameter)
            runs = parameter.default_quantity if parameter else thing.executable_quantity
            return same(change.quantity, runs)
        case LocalException(), Recommendation():
            return thing.exception == change.exception
        case LocalCalibration(), Observable():
            return thing.calibration not in NOT_STATED and thing.calibration == change.calibration
        case _:
            return False


def _still_permitted(change: LocalSetting, thing: Entity) -> bool:
    return isinstance(thing, SiteParameter) and is_permitted(thing, change)


_VALUES = (
    "gg:executableQuantity",
    "gg:siteParameter",
    "gg:formula",
    "gg:defaultQuantity",
    "gg:defaultCodedValue",
    "gg:permittedRange",
    "gg:calibration",
    "gg:exception",
)
"""Properties that are told as what the guideline says, not by their names."""


def _differences(before: Entity, after: Entity, told: Collection[str] = ()) -> list[str]:
    """The properties that differ, in words; not those that are told otherwise."""
    if type(before) is not type(after):
        return ["its kind"]
    return [
        _words(each.metadata["term"])
        for each in fields(before)
        if "term" in each.metadata
        and each.metadata["term"] not in told
        and _plain(getattr(before, each.name)) != _plain(getattr(after, each.name))
    ]


def _words(term: str) -> str:
    """``reported text`` for ``gg:reportedText``."""
    name = term.partition(":")[2]
    return "".join(f" {sign.lower()}" if sign.isupper() else sign for sign in name)


def _plain(value: object) -> object:
    """A value in which the order of names and of languages does not count."""
    if isinstance(value, Text):
        return frozenset(value.words)
    return frozenset(value) if isinstance(value, tuple) else value
