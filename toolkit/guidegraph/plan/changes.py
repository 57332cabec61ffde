"""What is different between two versions, thing by thing: added, removed, changed, renamed.

Things are compared by local name and field by field, apart from where they stand. The order in
which values are written means nothing. A thing that is gone and another of the same kind that has
come, with the same content, are one thing under a new name.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any, Literal, cast

from guidegraph.entity import Code, Entity, Formula, Ref, Text, Ucum
from guidegraph.impact.text import KINDS, kind_of
from guidegraph.model import Guideline
from guidegraph.wording import readable, unit_label

ASIDE = ("id", "iri", "at", "places")
"""What a thing says about its place and not about its content."""

OTHER = KINDS[-1][1]
How = Literal["added", "removed", "changed", "renamed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One property that says something else. ``old`` and ``new`` are in words; None: nothing.

    ``language`` is that of the words that changed, where there is more than one.
    """

    term: str
    what: str
    old: str | None
    new: str | None
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is different: ``name`` is its new name, ``old_name`` its old one."""

    how: How
    name: str
    old_name: str
    label: str
    kind: str
    thing: Entity
    before: Entity | None = None
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """All differences, in the order of the files, and the old guideline under the new names."""

    found: tuple[Difference, ...]
    renames: Mapping[str, str]
    old: Guideline


def differences(old: Guideline, new: Guideline) -> Differences:
    """What the new version says that the old one does not, and the other way round."""
    renames = _renames(old, new)
    moved = renamed(old, renames)
    back = {after: before for before, after in renames.items()}
    found: list[Difference] = []
    for name, thing in new.entities.items():
        before = moved.entities.get(name)
        if before is None:
            found.append(_one("added", thing, name))
            continue
        details = _details(moved, new, before, thing)
        if name in back:
            found.append(_one("renamed", thing, back[name], before, details))
        elif details:
            found.append(_one("changed", thing, name, before, details))
    gone = [each for name, each in moved.entities.items() if name not in new.entities]
    found += [_one("removed", each, each.id) for each in gone]
    return Differences(found=tuple(found), renames=renames, old=moved)


def _one(
    how: How,
    thing: Entity,
    old_name: str,
    before: Entity | None = None,
    details: tuple[Detail, ...] = (),
) -> Difference:
    return Difference(
        how=how,
        name=thing.id,
        old_name=old_name,
        label=str(thing.label) or thing.id,
        kind=_kind(thing),
        thing=thing,
        before=before,
        details=details,
    )


def _kind(thing: Entity) -> str:
    """``threshold``; for what has no name of its own there, that of its class: ``biomarker``."""
    told = kind_of(thing)[0]
    return property_words(thing.CLASS) if told == OTHER else told


# --- renaming -------------------------------------------------------------------------------------


def renamed(guideline: Guideline, names: Mapping[str, str]) -> Guideline:
    """The guideline with some of its things under other names, everywhere."""
    if not names:
        return guideline
    entities = {}
    for each in (guideline.header, *guideline.entities.values()):
        moved = _with_names(each, names)
        entities[moved.id] = moved
    header = entities[names.get(guideline.header.id, guideline.header.id)]
    return replace(guideline, header=cast("Any", header), entities=entities)


def _with_names(thing: Entity, names: Mapping[str, str]) -> Entity:
    changed: dict[str, Any] = {}
    if thing.id in names:
        changed["id"] = names[thing.id]
    for name, form in _forms(cast("Hashable", type(thing))).items():
        held = getattr(thing, name)
        if form is Ref and held:
            moved: Any = (
                tuple(names.get(each, each) for each in held)
                if isinstance(held, tuple)
                else names.get(held, held)
            )
        elif form is Formula and held:
            moved = re.sub(r'"([^"]*)"', lambda each: f'"{names.get(each[1], each[1])}"', held)
        else:
            continue
        if moved != held:
            changed[name] = moved
    return replace(thing, **changed) if changed else thing


def _renames(old: Guideline, new: Guideline) -> dict[str, str]:
    """The new names of things that are gone under their old one, where exactly one fits."""
    gone = {name: each for name, each in old.entities.items() if name not in new.entities}
    come = {name: each for name, each in new.entities.items() if name not in old.entities}
    if not (gone and come):
        return {}
    hidden = dict.fromkeys((*gone, *come), "?")
    fitting: dict[object, tuple[list[str], list[str]]] = {}
    for place, side in enumerate((gone, come)):
        for name, each in side.items():
            key = _content(_with_names(each, hidden))
            fitting.setdefault(key, ([], []))[place].append(name)
    renames = {
        before: after
        for befores, afters in fitting.values()
        if len(befores) == len(afters)
        for before, after in zip(befores, afters, strict=True)
    }
    while True:
        kept = {
            before: after
            for before, after in renames.items()
            if _content(_with_names(gone[before], renames)) == _content(come[after])
        }
        if kept == renames:
            return kept
        renames = kept


def _content(thing: Entity) -> tuple[object, ...]:
    """All that a thing says, apart from its name and place."""
    names = [each.name for each in fields(thing) if each.name not in ASIDE]
    return (type(thing), *(_unordered(getattr(thing, name)) for name in names))


def _unordered(value: Any) -> Any:
    if isinstance(value, Text):
        return frozenset(value.words)
    return frozenset(value) if isinstance(value, tuple) else value


# --- one thing ------------------------------------------------------------------------------------


def _details(old: Guideline, new: Guideline, before: Entity, after: Entity) -> tuple[Detail, ...]:
    """What two versions of a thing say differently, property by property."""
    kind = type(before)
    said = _getter(cast("Hashable", kind))
    if kind is type(after) and said(before) == said(after):
        return ()
    found: list[Detail] = []
    if kind is not type(after):
        kinds = [each.CLASS.partition(":")[2] for each in (before, after)]
        found.append(Detail(term="rdf:type", what="kind", old=kinds[0], new=kinds[1]))
    declared = {each.name: each.metadata.get("term", each.name) for each in fields(before)}
    declared |= {each.name: each.metadata.get("term", each.name) for each in fields(after)}
    for name, term in declared.items():
        values = getattr(before, name, None), getattr(after, name, None)
        if name in ASIDE or _unordered(values[0]) == _unordered(values[1]):
            continue
        if any(isinstance(each, Text) for each in values):
            found += _spoken(term, *values)
            continue
        form = _forms(cast("Hashable", type(after))).get(name)
        told = [_told(side, form, each) for side, each in zip((old, new), values, strict=True)]
        one, other = values
        if isinstance(one, tuple) and isinstance(other, tuple):
            gone = tuple(each for each in one if each not in other)
            come = tuple(each for each in other if each not in one)
            told = [_told(old, form, gone), _told(new, form, come)]
        found.append(Detail(term=term, what=property_words(term), old=told[0], new=told[1]))
    return tuple(found)


@cache
def _getter(kind: Hashable) -> Callable[[Entity], tuple[Any, ...]]:
    """What takes out of a thing all that it says, at once."""
    names = [each.name for each in fields(cast("Any", kind)) if each.name not in ASIDE]
    return attrgetter(*names)


def _spoken(term: str, before: Any, after: Any) -> list[Detail]:
    """A text, language by language."""
    old, new = dict(before.words if before else ()), dict(after.words if after else ())
    return [
        Detail(
            term=term,
            what=property_words(term),
            old=old.get(each),
            new=new.get(each),
            language=each,
        )
        for each in sorted({*old, *new})
        if old.get(each) != new.get(each)
    ]


PROPERTY_WORDS = {
    "dcterms:isPartOf": "part of",
    "gg:appliesTo": "population",
    "gg:defaultQuantity": "default",
    "gg:defaultCodedValue": "default",
    "gg:executableQuantity": "limit",
    "gg:observationSelector": "which value",
    "gg:recommendsAction": "action",
    "gg:reportedText": "as printed",
    "owl:versionInfo": "version",
    "prov:wasAttributedTo": "by whom",
    "prov:wasDerivedFrom": "passages",
    "skos:altLabel": "other names",
    "skos:notation": "code",
    "skos:scopeNote": "note",
}


def property_words(term: str) -> str:
    """What a property is called: ``time window`` for ``gg:timeWindow``."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", term.rpartition(":")[2]).lower()
    return PROPERTY_WORDS.get(term, spaced)


def _told(guideline: Guideline, form: object, value: Any) -> str | None:
    """A value in the words of its side."""
    if value is None or value == () or value == "":
        return None
    if isinstance(value, tuple):
        return ", ".join(_told(guideline, form, each) or "" for each in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | Decimal):
        return readable(value)
    if form is Ref:
        found = guideline.entities.get(value)
        return f"“{found.label}”" if found and found.label else f"`{value}`"
    if form is Code:
        return guideline.words(value)
    if form is Ucum:
        return unit_label(value) or value
    return str(value)


@cache
def _forms(kind: Hashable) -> dict[str, object]:
    """What the values of each field of a class are."""
    assert isinstance(kind, type)
    hints = typing.get_type_hints(kind)
    found: dict[str, object] = {}
    for each in fields(cast("Any", kind)):
        hint = hints[each.name]
        parts = (hint, *typing.get_args(hint))
        found[each.name] = next(
            (form for form in (Ref, Code, Ucum, Formula) if form in parts), parts[-1]
        )
    return found
