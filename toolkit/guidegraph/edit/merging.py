"""Files changed underneath: making the steps again on top, and settling what both sides changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Literal

from guidegraph.edit.steps import Step
from guidegraph.turtle.changes import Change, Create, Put, Remove
from guidegraph.workspace.stale import Conflict, Stale, held_against
from guidegraph.workspace.workspace import Draft, Workspace

Choice = Literal["yours", "theirs"]
Choices = Mapping[tuple[str, str], Choice]


def met(draft: Draft, now: Workspace) -> tuple[Conflict, ...]:
    """What both sides changed, each in another way."""
    try:
        held_against(draft, now)
    except Stale as stale:
        return stale.conflicts
    return ()


def replayed(now: Workspace, steps: Iterable[Step]) -> tuple[list[Step], list[Workspace]]:
    """The steps made again, with the files after each; a step that changes nothing falls away.

    A ``UsageError`` where one cannot be made any more.
    """
    kept, results = [], []
    at = now
    for step in steps:
        made = at.draft(step.changes)
        if not made.is_empty:
            at = made.result
            kept.append(step)
            results.append(at)
    return kept, results


def made(
    steps: tuple[Step, ...],
    draft: Draft,
    now: Workspace,
    conflicts: Iterable[Conflict],
    how: Choices,
    last: tuple[int, datetime],
) -> tuple[list[Step], list[Workspace]]:
    """The steps on the files of the others, with one more (its number and time are ``last``).

    That one puts what is not yet as it was chosen. A ``UsageError`` where a step cannot be made.
    """
    met = tuple(conflicts)
    kept, results = replayed(now, settled(steps, draft, now, met, how))
    at = results[-1] if results else now
    if more := closing(draft, at, met, how):
        number, when = last
        kept.append(Step(number, tuple(more), "What both sides had changed was settled", when))
        results.append(at.draft(more).result)
    return kept, results


def settled(
    steps: Iterable[Step], draft: Draft, now: Workspace, conflicts: Iterable[Conflict], how: Choices
) -> tuple[Step, ...]:
    """The steps as they have to be made on the files of the others, after everything is settled."""
    found = tuple(conflicts)
    theirs = {(e.subject, e.predicate) for e in found if how[e.subject, e.predicate] == "theirs"}
    yours = {(e.subject, e.predicate) for e in found if how[e.subject, e.predicate] == "yours"}
    there = set(now.subjects)
    made = []
    for step in steps:
        changes = [one for each in step.changes for one in _kept(each, theirs, there)]
        if changes:
            made.append(replace(step, changes=tuple(changes)))
    again = []
    for subject in dict.fromkeys(e for e, _ in yours):
        was, meant = draft.base.describe(subject), draft.result.describe(subject)
        if meant and was and subject not in there:  # they took it away, and it is to stay
            again.append(Create(subject, tuple(was.items())))
    if again and made:
        made[0] = replace(made[0], changes=(*again, *made[0].changes))
    return tuple(made)


def closing(draft: Draft, at: Workspace, conflicts: Iterable[Conflict], how: Choices) -> list[Put]:
    """What is still to be put so that each property is as it was chosen."""
    found = []
    for each in conflicts:
        wanted = each.ours if how[each.subject, each.predicate] == "yours" else each.theirs
        now = at.describe(each.subject)
        if now and now.get(each.predicate, ()) != wanted:
            found.append(Put(each.subject, each.predicate, wanted))
    return found


def _kept(change: Change, theirs: set[tuple[str, str]], there: set[str]) -> Iterable[Change]:
    match change:
        case Put(subject, predicate, _):
            return () if (subject, predicate) in theirs else (change,)
        case Remove(subject):
            return () if any(each == subject for each, _ in theirs) else (change,)
        case Create(subject, statements, _) if subject in there:
            return [
                Put(subject, path, values)
                for path, values in statements
                if (subject, path) not in theirs
            ]
        case _:
            return (change,)
