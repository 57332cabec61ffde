"""When files changed underneath: what changed, and whether both changes can stand together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from guidegraph.errors import GuidelineError, UsageError
from guidegraph.terms import local_name
from guidegraph.turtle.changes import Put
from guidegraph.turtle.values import Value, key
from guidegraph.workspace import faults
from guidegraph.workspace.places import Documents
from guidegraph.workspace.workspace import Draft, Workspace


@dataclass(frozen=True, slots=True)
class Underneath:
    """A file that changed: as it was read, as it is now, as it was to become (None: no file)."""

    file: str
    base: str | None
    theirs: str | None
    ours: str | None

    @property
    def line(self) -> int:
        """The first line that is no longer as it was read."""
        lines = [(each or "").splitlines() for each in (self.base, self.theirs)]
        pairs = enumerate(zip_longest(*lines), 1)
        return next((number for number, (old, new) in pairs if old != new), 1)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A property of a thing that both sides changed, with its values in the three states."""

    subject: str
    predicate: str
    base: tuple[Value, ...]
    theirs: tuple[Value, ...]
    ours: tuple[Value, ...]


class Stale(GuidelineError):  # noqa: N818 - it tells of a state, and holds what is needed to go on
    """Files changed since they were read, so nothing was saved.

    ``rebased`` is the draft made anew on the files as they are now, where no property was changed
    on both sides and the changes can still be made; somebody has to look at it before it is saved.
    """

    def __init__(
        self,
        folder: Path,
        files: tuple[Underneath, ...],
        conflicts: tuple[Conflict, ...],
        rebased: Draft | None,
        refused: UsageError | None = None,
    ) -> None:
        self.files = files
        self.conflicts = conflicts
        self.rebased = rebased
        both = [f"{local_name(e.predicate)} of {local_name(e.subject)}" for e in conflicts]
        found = faults.stale(folder, files, dict.fromkeys(both))
        super().__init__([*found, *(refused.findings if refused else ())])


def held_against(draft: Draft, now: Workspace) -> None:
    """Raise ``Stale`` unless the files are as the draft takes them to be.

    Other files may have changed where the changes come out the same.
    """
    base, ours = draft.base.documents, draft.result.documents
    moved = {
        file: (base.get(file), now.documents.get(file), ours.get(file))
        for file in dict.fromkeys([*base, *now.documents])
        if _text(base, file) != _text(now.documents, file)
    }
    if not moved:
        return
    conflicts = tuple(_conflicts(draft, now))
    again, refused = None, None
    try:
        again = None if conflicts else now.draft(draft.changes)
    except UsageError as stop:
        refused = stop
    if again and again.texts == draft.texts and again.before == draft.before:
        return
    files = (Underneath(file, *(e.text if e else None for e in v)) for file, v in moved.items())
    raise Stale(now.folder, tuple(files), conflicts, again, refused)


def _text(documents: Documents, file: str) -> str | None:
    return documents[file].text if file in documents else None


def _conflicts(draft: Draft, now: Workspace) -> Iterator[Conflict]:
    """What both sides changed, each in another way.

    Who takes a thing away changes all of it; who makes a thing that the other side made as well,
    or says something of a thing that is gone, meets the other side in every property.
    """
    put = {(each.subject, each.predicate) for each in draft.changes if isinstance(each, Put)}
    for subject in _subjects(draft):
        base, theirs, ours = (e.describe(subject) for e in (draft.base, now, draft.result))
        for predicate in dict.fromkeys([*base, *theirs, *ours]):
            three = tuple(each.get(predicate, ()) for each in (base, theirs, ours))
            was, their, our = map(_said, three)
            moved, made = their != was, our != was or (subject, predicate) in put
            match bool(base), bool(theirs), bool(ours):
                case (True, False, True):
                    moved = True
                case (True, True, False):
                    made = True
                case (False, True, True):
                    moved = made = True
            if moved and made and our != their:
                yield Conflict(subject, predicate, *three)


def _subjects(draft: Draft) -> Iterable[str]:
    found = (
        each.documents[file].subjects
        for file in draft.texts
        for each in (draft.base, draft.result)
        if file in each.documents
    )
    named = [each.subject for each in draft.changes if isinstance(each, Put)]
    return dict.fromkeys([*(iri for each in found for iri in each), *named])


def _said(values: tuple[Value, ...]) -> Counter[object]:
    return Counter(map(key, values))
