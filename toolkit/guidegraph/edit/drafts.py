"""What is being edited, written down step by step, so that it survives a crash.

``.guidegraph/draft.jsonl`` has one record in a line, each with its checksum: first the files from
which the draft began, then every step, undoing and redoing. A record is on the disk before anybody
is told that it was made. Half a last line is left out when the file is read again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guidegraph.diagnostic import Diagnostic
from guidegraph.edit import faults
from guidegraph.errors import UsageError
from guidegraph.workspace.lock import HIDDEN, hidden_folder
from guidegraph.workspace.writing import digest, new_token, sync_folder, write_all

FORM = "guidegraph draft 1"
_NAME = "draft.jsonl"
_PLAIN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """What was found: the files from which the draft began, and its records."""

    files: Mapping[str, str]
    records: tuple[Record, ...]
    findings: tuple[Diagnostic, ...] = ()


def draft_of(folder: Path) -> Path:
    """Where the draft of a guideline folder is."""
    return folder / HIDDEN / _NAME


def found(folder: Path) -> Kept | None:
    """The draft that was kept, or None; a damaged one is set aside and told."""
    place = draft_of(folder)
    try:
        data = place.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as stop:
        raise UsageError([faults.not_kept(place, stop)]) from stop
    lines = data.split(b"\n")
    whole = [_record(line) for line in lines]
    good = [each for each in whole if each is not None]
    # A line that could not be written whole may also stand in the middle: the next ones count on.
    is_cut = any(line and record is None for line, record in zip(lines, whole, strict=True))
    counted = [each["n"] for each in good]
    begun = good and good[0].get("form") == FORM and counted == list(range(len(good)))
    if not begun:
        return Kept({}, (), (faults.damaged(set_aside(folder)),))
    told = (faults.cut_off(len(good) - 1),) if is_cut else ()
    return Kept(good[0]["files"], tuple(good[1:]), told)


def _record(line: bytes) -> dict[str, Any] | None:
    known, _, told = line.partition(b" ")
    if not told or digest(told)[:16].encode() != known:
        return None
    held = json.loads(told)
    return held if isinstance(held, dict) and "n" in held else None


def set_aside(folder: Path) -> Path:
    """Keep the draft under another name; where it is then."""
    place = draft_of(folder)
    kept = place.with_name(f"draft-{new_token()}.jsonl")
    try:
        place.replace(kept)
        sync_folder(place.parent)
    except OSError as stop:
        raise UsageError([faults.not_kept(place, stop)]) from stop
    return kept


class Log:
    """The draft on the disk; it begins with the first record."""

    def __init__(self, folder: Path, count: int = 0) -> None:
        self._folder = folder
        self._count = count

    @property
    def path(self) -> Path:
        """Where it is."""
        return draft_of(self._folder)

    def begin(self, files: Mapping[str, str], records: tuple[Record, ...] = ()) -> None:
        """A new draft on these files, with what was done already; it takes the old one's place."""
        first = {"form": FORM, "files": dict(files)}
        data = b"".join(_line({**e, "n": n}) for n, e in enumerate((first, *records)))
        new = self.path.with_name(f".{_NAME}.{new_token()}.new")
        try:
            hidden_folder(self._folder)
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _PLAIN, 0o600)
            try:
                write_all(handle, data)
                os.fsync(handle)
            finally:
                os.close(handle)
            new.replace(self.path)
            sync_folder(self.path.parent)
        except OSError as stop:
            with suppress(OSError):
                new.unlink(missing_ok=True)
            raise UsageError([faults.not_kept(self.path, stop)]) from stop
        self._count = len(records) + 1

    def add(self, record: Record) -> None:
        """Write a record at the end; when this returns it is on the disk."""
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_APPEND | _PLAIN)
            try:
                _append(handle, _line({**record, "n": self._count}))
            finally:
                os.close(handle)
        except OSError as stop:
            raise UsageError([faults.not_kept(self.path, stop)]) from stop
        self._count += 1

    @property
    def is_begun(self) -> bool:
        """Whether there is a draft."""
        return self._count > 0 and self.path.exists()

    def end(self) -> None:
        """Forget the draft: it is saved. If it stays, its saving is found to be done later."""
        self._count = 0
        with suppress(OSError):
            self.path.unlink(missing_ok=True)
            sync_folder(self.path.parent)

    def discard(self) -> None:
        """Forget the draft: it is not wanted; the last of such drafts is kept for a while."""
        if not self.path.exists():
            return
        try:
            self.path.replace(self.path.with_name("discarded.jsonl"))
            sync_folder(self.path.parent)
        except OSError as stop:
            raise UsageError([faults.not_kept(self.path, stop)]) from stop
        self._count = 0


def _line(record: Record) -> bytes:
    told = json.dumps(record, ensure_ascii=True, separators=(",", ":")).encode()
    return digest(told)[:16].encode() + b" " + told + b"\n"


def _append(handle: int, data: bytes) -> None:
    """All of it, or nothing as far as that can be: what half was written is taken away again."""
    size = os.fstat(handle).st_size
    try:
        if size:
            os.lseek(handle, size - 1, os.SEEK_SET)
            data = data if os.read(handle, 1) == b"\n" else b"\n" + data
        write_all(handle, data)
        os.fsync(handle)
    except OSError:
        with suppress(OSError):
            os.ftruncate(handle, size)
            os.fsync(handle)
        raise
