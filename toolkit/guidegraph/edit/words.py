"""What changes mean, in one sentence for the list of changes and the message of a commit."""

from __future__ import annotations

from collections.abc import Iterable

from guidegraph.edit.steps import briefly
from guidegraph.plan.changes import property_words
from guidegraph.terms import NAMESPACES, compact, expand, local_name
from guidegraph.turtle.changes import Change, Create, Put, Remove, Rename
from guidegraph.turtle.values import RDF_TYPE, Iri, Literal, Part, Value
from guidegraph.workspace.stale import Conflict
from guidegraph.workspace.workspace import Workspace

_LABEL = expand("rdfs:label")
_UNITS = NAMESPACES["u"]
_MOST = 3


def sentence(changes: Iterable[Change], before: Workspace, after: Workspace) -> str:
    """One sentence for changes that are made at once."""
    told = list(dict.fromkeys(_told(each, before, after) for each in changes))
    more = len(told) - _MOST
    return "; ".join(told[:_MOST]) + (f"; and {more} more" if more > 0 else "")


def named(iri: str, workspace: Workspace) -> str:
    """What a thing is called: its English label, else its name in the files."""
    said = [e for e in workspace.describe(iri).get(_LABEL, ()) if isinstance(e, Literal)]
    best = [each for each in said if each.language.lower().startswith("en")] or said
    return best[0].lexical if best else local_name(iri)


def kind(iri: str, workspace: Workspace) -> str:
    """What a thing is, as people say it: ``recommendation``."""
    types = [e.iri for e in workspace.describe(iri).get(RDF_TYPE, ()) if isinstance(e, Iri)]
    return property_words(compact(types[0])) if types else "thing"


def both(conflict: Conflict, before: Workspace, after: Workspace) -> str:
    """What both sides changed, in words."""
    there = before if before.describe(conflict.subject) else after
    what = property_words(compact(conflict.predicate))
    return f"“{named(conflict.subject, there)}” ({what})"


def _told(change: Change, before: Workspace, after: Workspace) -> str:
    match change:
        case Put(subject, predicate, values):
            was = before.describe(subject).get(predicate, ())
            name = named(subject, before if before.describe(subject) else after)
            return f"{name}: {property_words(compact(predicate))} {_moved(was, values, before)}"
        case Create(subject, _, _):
            return f"New {kind(subject, after)}: {named(subject, after)}"
        case Remove(subject):
            return f"Removed: {named(subject, before)}"
        case Rename(old, new):
            return f"{named(old, before)}: renamed from {local_name(old)} to {local_name(new)}"


def _moved(was: tuple[Value, ...], now: tuple[Value, ...], workspace: Workspace) -> str:
    gone = [each for each in was if each not in now]
    come = [each for each in now if each not in was]
    if len(gone) == len(come) == 1 and isinstance(gone[0], Part) and isinstance(come[0], Part):
        old, new = gone[0].statements, come[0].statements
        gone_in = [each for each in old if each not in new]
        come_in = [each for each in new if each not in old]
        inner = {path for path, _ in (*gone_in, *come_in)}
        if len(inner) == 1:
            gone, come = [e for _, e in gone_in], [e for _, e in come_in]
    told = [briefly(_with_labels(each, workspace)) for each in (gone, come)]
    if not gone:
        return f"now has {told[1]}" if was else told[1]
    return f"no longer has {told[0]}" if not come else f"{told[0]} → {told[1]}"


def _with_labels(values: Iterable[Value], workspace: Workspace) -> list[Value]:
    return [_with_label(each, workspace) for each in values]


def _with_label(value: Value, workspace: Workspace) -> Value:
    match value:
        case Iri(iri) if iri.startswith(_UNITS):
            return Literal(iri.removeprefix(_UNITS).replace("-per-", "/"))
        case Iri(iri):
            return Literal(named(iri, workspace))
        case Part(statements):
            return Part(tuple((path, _with_label(e, workspace)) for path, e in statements))
        case _:
            return value
