"""One saving at a time: a lock that the operating system takes back from a dead process.

The lock is held on ``.guidegraph/lock``; what stands in that file only says who holds it. It is
emptied when a saving ends, so that words in it that nobody holds tell of one that was cut off.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from guidegraph.errors import UsageError
from guidegraph.workspace import faults
from guidegraph.workspace.writing import sync_folder, write_all

HIDDEN = ".guidegraph"
"""The folder inside a guideline folder that belongs to saving; reading and git leave it alone."""

PATIENCE = 100
"""How many times another program is waited for, a twentieth of a second each."""

_IGNORED = b"*\n"
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_BUSY = (BlockingIOError, PermissionError)

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30

    def _take(handle: int, shared: bool) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)

    def _give_back(handle: int) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(handle: int, shared: bool) -> None:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)

    def _give_back(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


def lock_of(folder: Path) -> Path:
    """Where the lock of a guideline folder is."""
    return folder / HIDDEN / "lock"


def hidden_folder(folder: Path) -> Path:
    """The folder for saving, made where there is none; git ignores all that is in it."""
    hidden = folder / HIDDEN
    ignored = hidden / ".gitignore"
    for path in (hidden, ignored, lock_of(folder)):
        if path.is_symlink():
            raise UsageError([faults.outside(folder, path.relative_to(folder).as_posix())])
    if not ignored.exists() or ignored.read_bytes() != _IGNORED:
        hidden.mkdir(exist_ok=True)
        ignored.write_bytes(_IGNORED)
        sync_folder(folder)
    return hidden


@contextmanager
def saving(folder: Path) -> Iterator[bool]:
    """Hold the lock alone; what is given is whether the last saving was cut off."""
    try:
        hidden_folder(folder)
        handle = os.open(lock_of(folder), os.O_RDWR | os.O_CREAT | _NO_LINK, 0o666)
    except OSError as fault:
        raise UsageError([faults.unlockable(folder, fault)]) from fault
    with _held(folder, handle, shared=False):
        was_cut_off = bool(os.fstat(handle).st_size)
        _sign(folder, handle)
        try:
            yield was_cut_off
        finally:
            with suppress(OSError):
                os.ftruncate(handle, 0)


@contextmanager
def reading(folder: Path) -> Iterator[bool]:
    """Keep others from saving while files are read; given is whether a saving was cut off.

    Nothing is made for it: in a folder in which nobody ever saved there is nothing to hold, and
    where the drive knows no locks nobody can save.
    """
    handle = None
    with suppress(OSError):
        handle = os.open(lock_of(folder), os.O_RDONLY | _NO_LINK)
    if handle is None:
        yield False
        return
    with _held(folder, handle, shared=True):
        yield bool(os.fstat(handle).st_size)


@contextmanager
def _held(folder: Path, handle: int, shared: bool) -> Iterator[None]:
    try:
        _wait(folder, handle, shared)
        try:
            yield
        finally:
            with suppress(OSError):
                _give_back(handle)
    finally:
        os.close(handle)


def _wait(folder: Path, handle: int, shared: bool) -> None:
    for _ in range(PATIENCE):
        try:
            _take(handle, shared)
        except _BUSY:
            time.sleep(1 / 20)
        except OSError as fault:
            if not shared:
                raise UsageError([faults.unlockable(folder, fault)]) from fault
            return
        else:
            return
    raise UsageError([faults.locked(folder, *_owner(handle))])


def _sign(folder: Path, handle: int) -> None:
    """Write who holds the lock; without room on the disk it is held all the same."""
    told = json.dumps({"process": os.getpid(), "computer": platform.node()})
    try:
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        write_all(handle, told.encode())
    except OSError as fault:
        raise UsageError([faults.not_saved(lock_of(folder), fault)]) from fault


def _owner(handle: int) -> tuple[str, str]:
    """Who holds the lock, and since when (the lock file was written then)."""
    since = datetime.fromtimestamp(os.fstat(handle).st_mtime, tz=UTC)
    try:
        os.lseek(handle, 0, os.SEEK_SET)
        told = json.loads(os.read(handle, 1000))
        who = f"process {told['process']} on {told['computer']}"
    except (OSError, ValueError, KeyError, TypeError):
        who = "an unknown process"
    return who, since.strftime("%Y-%m-%d %H:%M:%S UTC")
