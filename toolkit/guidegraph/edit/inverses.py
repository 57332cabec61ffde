"""The changes that take others back: the same statements as before, written where they belong."""

from __future__ import annotations

from collections.abc import Sequence

from guidegraph.turtle.changes import Change, Create, Put, Remove, Rename
from guidegraph.workspace.workspace import Workspace


def inverse(changes: Sequence[Change], before: Workspace) -> tuple[Change, ...]:
    """What takes these changes back, which were made on ``before`` one after the other."""
    found: list[Change] = []
    at = before
    apart = _are_apart(changes)
    for number, change in enumerate(changes):
        found.append(_back(change, at))
        if not apart and number + 1 < len(changes):
            at = at.draft([change]).result
    return tuple(reversed(found))


def _are_apart(changes: Sequence[Change]) -> bool:
    """Whether no change rests on one before it: what each takes back can be read at once."""
    places = {(e.subject, e.predicate) for e in changes if isinstance(e, Put)}
    made = {each.subject for each in changes if isinstance(each, Create)}
    puts = sum(isinstance(each, Put) for each in changes)
    others = len(changes) - puts - sum(isinstance(each, Create) for each in changes)
    is_alone = made.isdisjoint(subject for subject, _ in places)
    return not others and len(places) == puts and is_alone


def _back(change: Change, before: Workspace) -> Change:
    match change:
        case Put(subject, predicate, _):
            return Put(subject, predicate, before.describe(subject).get(predicate, ()))
        case Create(subject, _, _):
            return Remove(subject)
        case Remove(subject):
            said = tuple(before.describe(subject).items())
            return Create(subject, said, _one_before(subject, before))
        case Rename(old, new):
            return Rename(new, old)


def _one_before(subject: str, workspace: Workspace) -> str | None:
    """The thing after which a thing stands in its file."""
    document = workspace.documents.get(workspace.file_of(subject) or "")
    names = list(document.subjects) if document else []
    place = names.index(subject) if subject in names else 0
    return names[place - 1] if place else None
