"""Saving a draft: all its files or none, and what was saved survives a power cut.

All new texts are written beside their files first, so that a full disk stops the saving before it
has changed anything. Then the journal says what is about to happen, then each text takes its place
by renaming, then the journal goes. Only programs that change files without asking for the lock in
the moment between the last look and the renaming can be overtaken.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from guidegraph.errors import UsageError
from guidegraph.workspace import faults
from guidegraph.workspace.journal import (
    Entry,
    Journal,
    begin,
    end,
    journal_of,
    recover,
    states,
    take_place,
)
from guidegraph.workspace.lock import saving
from guidegraph.workspace.places import in_order
from guidegraph.workspace.stale import held_against
from guidegraph.workspace.workspace import Draft, Workspace, read_folder
from guidegraph.workspace.writing import new_token, stage, staged_name, target_of


@dataclass(frozen=True)
class Saved:
    """What was saved: the files that were written, and the folder as it is now."""

    files: tuple[str, ...]
    workspace: Workspace


def save(folder: Path | str, draft: Draft) -> Saved:
    """Write the files of a draft, all or none; when this returns they are on the disk.

    ``Stale`` if files changed since the draft was made; a ``UsageError`` if another program is
    saving, or if it cannot be done.
    """
    folder = Path(folder)
    if draft.is_empty:
        return Saved((), draft.result)
    with saving(folder) as was_cut_off:
        recover(folder, was_cut_off)
        now = read_folder(folder, draft.base.documents)
        if draft.texts.items() <= {f: each.text for f, each in now.documents.items()}.items():
            return Saved((), now)  # a saving that was cut off has just been finished
        held_against(draft, now)
        entries = tuple(Entry(e, draft.before[e], text) for e, text in draft.texts.items())
        journal = Journal(new_token(), entries)
        _prepare(folder, journal, draft)
        _carry_out(folder, journal)
    changed = {file: draft.result.documents[file] for file in draft.texts}
    after = in_order({**now.documents, **changed})
    return Saved(tuple(changed), Workspace(folder, after, now.findings))


def _prepare(folder: Path, journal: Journal, draft: Draft) -> None:
    """Write all that is needed beside the files, then the journal: from there on it is saved."""
    path = folder
    try:
        for each in journal.entries:
            path = folder / each.file
            stage(target_of(folder, each.file), each.data, journal.token)
        found = states(folder, journal)
        if other := [file for file, state in found.items() if state != "before"]:
            held_against(draft, read_folder(folder, draft.base.documents))
            path = folder / other[0]
            raise OSError(0, "it was changed meanwhile by another program")
        path = journal_of(folder)
        begin(folder, journal)
    except OSError as fault:
        raise _refused(folder, journal, path, fault) from fault
    except BaseException:
        _undo(folder, journal)
        raise


def _carry_out(folder: Path, journal: Journal) -> None:
    """Put every text in its place, then forget the journal."""
    done = 0
    try:
        for done, _ in enumerate(take_place(folder, journal.entries, journal.token), 1):  # noqa: B007
            pass
        end(folder)
    except OSError as fault:
        if not done:
            path = folder / journal.entries[0].file
            raise _refused(folder, journal, path, fault) from fault
        raise UsageError([faults.unfinished(journal_of(folder), fault)]) from fault


def _refused(folder: Path, journal: Journal, path: Path, fault: OSError) -> UsageError:
    """Take everything back; where even that fails the journal holds and is finished later."""
    _undo(folder, journal)
    if journal_of(folder).exists():
        return UsageError([faults.unfinished(journal_of(folder), fault)])
    return UsageError([faults.not_saved(path, fault)])


def _undo(folder: Path, journal: Journal) -> None:
    with suppress(OSError):
        end(folder)
    for each in journal.entries:
        with suppress(OSError, UsageError):
            staged_name(target_of(folder, each.file), journal.token).unlink(missing_ok=True)
