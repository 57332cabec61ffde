"""What a saving is about to do, written down first, so that it can be finished after a cut.

``.guidegraph/journal.json`` holds every new text and by what the old one is recognised. It takes
its place by renaming, complete and on the disk, before the first file changes, and goes when the
last one has. Whoever finds it finishes the saving; doing that twice changes nothing more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from guidegraph.diagnostic import Diagnostic
from guidegraph.errors import UsageError
from guidegraph.workspace import faults
from guidegraph.workspace.lock import HIDDEN
from guidegraph.workspace.writing import (
    digest,
    digest_of,
    stage,
    staged_name,
    sync_folder,
    target_of,
)

_FORM = "guidegraph journal 1"
_STAGED = re.compile(r"\..+\.[0-9a-f]{16}\.new")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: by what it is recognised before (nothing if it is new), and its new text."""

    file: str
    before: str
    text: str

    @property
    def data(self) -> bytes:
        """The new file."""
        return self.text.encode()


@dataclass(frozen=True, slots=True)
class Journal:
    """One saving."""

    token: str
    entries: tuple[Entry, ...]


def journal_of(folder: Path) -> Path:
    """Where the journal of a guideline folder is."""
    return folder / HIDDEN / "journal.json"


def begin(folder: Path, journal: Journal) -> None:
    """Write down what is about to happen; from here on it will."""
    told = json.dumps([_FORM, asdict(journal)], ensure_ascii=False)
    data = f"{digest(told.encode())}\n{told}\n".encode()
    place = journal_of(folder)
    new = stage(place, data, journal.token)
    try:
        new.replace(place)
    except BaseException:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise
    sync_folder(place.parent)


def end(folder: Path) -> None:
    """Forget the saving; should the journal come back after a power cut, nothing is left to do."""
    journal_of(folder).unlink(missing_ok=True)
    with suppress(OSError):
        sync_folder(folder / HIDDEN)


def states(folder: Path, journal: Journal) -> dict[str, str]:
    """Of each file whether it is as ``before``, as ``after``, or something ``other``."""
    found = {}
    for each in journal.entries:
        now = digest_of(target_of(folder, each.file))
        found[each.file] = (
            "after" if now == digest(each.data) else "before" if now == each.before else "other"
        )
    return found


def take_place(folder: Path, entries: Iterable[Entry], token: str) -> Iterator[Path]:
    """Put each new text in its place; given is what is there now, one by one."""
    folders: dict[Path, None] = {}
    for each in entries:
        target = target_of(folder, each.file)
        new = staged_name(target, token)
        try:
            if not new.exists() or digest_of(new) != digest(each.data):
                new.unlink(missing_ok=True)
                stage(target, each.data, token)
            new.replace(target)
        except OSError as fault:
            fault.filename = str(folder / each.file)
            raise
        folders[target.parent] = None
        yield target
    for parent in folders:
        sync_folder(parent)


def recover(folder: Path, was_cut_off: bool) -> None:
    """Finish a saving that was cut off, or take away what it left if it had not begun.

    For the holder of the lock. A ``UsageError`` if files changed since in another way.
    """
    place = journal_of(folder)
    try:
        journal = _read(place)
        if journal is not None:
            _finish(folder, journal)
            was_cut_off = True
        if place.exists():
            end(folder)
        if was_cut_off:
            _sweep(folder)
    except OSError as fault:
        raise UsageError([faults.unfinished(place, fault)]) from fault


def _finish(folder: Path, journal: Journal) -> None:
    try:
        found = states(folder, journal)
    except UsageError:
        found = {each.file: "other" for each in journal.entries}
    if not journal.entries or "other" in found.values():
        raise UsageError([_set_aside(folder, found)])
    rest = [each for each in journal.entries if found[each.file] == "before"]
    for _ in take_place(folder, rest, journal.token):
        pass
    for parent in {target_of(folder, each.file).parent for each in journal.entries}:
        sync_folder(parent)


def _set_aside(folder: Path, found: Mapping[str, str]) -> Diagnostic:
    place = journal_of(folder)
    kept = place.with_name(f"cut-off-{digest_of(place)[:12]}.json")
    place.replace(kept)
    sync_folder(place.parent)
    _sweep(folder)
    return faults.set_aside(folder, found, kept)


def _read(place: Path) -> Journal | None:
    """The journal, or None where there is none that is complete."""
    try:
        known, _, told = place.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    if digest(told.removesuffix(b"\n")).encode() != known:
        return None
    form, content = json.loads(told)
    if form != _FORM:
        return Journal("", ())
    return Journal(content["token"], tuple(Entry(**each) for each in content["entries"]))


def _sweep(folder: Path) -> None:
    """Take away new texts that never came into their place."""
    with suppress(OSError):  # hidden files do no harm
        for parent in (folder, *_below(folder)):
            for path in parent.iterdir():
                if _STAGED.fullmatch(path.name) and path.is_file():
                    path.unlink(missing_ok=True)


def _below(folder: Path) -> Iterator[Path]:
    """The folders that are read, and the one for saving."""
    for path in folder.iterdir():
        is_read = not path.name.startswith(".") and path.name != "build"
        if path.is_dir() and not path.is_symlink() and (is_read or path.name == HIDDEN):
            yield path
            yield from _below(path)
