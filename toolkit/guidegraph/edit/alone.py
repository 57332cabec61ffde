"""One editor for one folder: a lock that the operating system takes back from a dead process."""

from __future__ import annotations

import json
import os
import platform
import sys
from contextlib import suppress
from pathlib import Path

from guidegraph.edit import faults
from guidegraph.errors import UsageError
from guidegraph.workspace.lock import HIDDEN, hidden_folder
from guidegraph.workspace.writing import write_all

_NO_LINK = getattr(os, "O_NOFOLLOW", 0)

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        os.lseek(handle, 1 << 30, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Alone:
    """The right to edit a folder; given back by ``release``, or when the process ends."""

    def __init__(self, folder: Path) -> None:
        """A ``UsageError`` that says where the other editor is, if there is one."""
        path = folder / HIDDEN / "editor"
        try:
            hidden_folder(folder)
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | _NO_LINK, 0o600)
        except OSError as stop:
            raise UsageError([faults.not_kept(path, stop)]) from stop
        try:
            _take(self._handle)
        except OSError:
            owner, address = _owner(self._handle)
            os.close(self._handle)
            raise UsageError([faults.occupied(folder, owner, address)]) from None
        self.says("")

    def says(self, address: str) -> None:
        """Write down where the editor listens, for whoever tries to start another."""
        who = {"process": os.getpid(), "computer": platform.node(), "address": address}
        with suppress(OSError):
            os.ftruncate(self._handle, 0)
            os.lseek(self._handle, 0, os.SEEK_SET)
            write_all(self._handle, json.dumps(who).encode())

    def release(self) -> None:
        """Let others edit."""
        if self._handle >= 0:
            with suppress(OSError):
                os.ftruncate(self._handle, 0)
            os.close(self._handle)
            self._handle = -1


def _owner(handle: int) -> tuple[str, str]:
    try:
        os.lseek(handle, 0, os.SEEK_SET)
        told = json.loads(os.read(handle, 1000))
        return f"process {told['process']} on {told['computer']}", str(told["address"])
    except (OSError, ValueError, KeyError, TypeError):
        return "an unknown process", ""
