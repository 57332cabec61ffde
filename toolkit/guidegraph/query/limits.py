"""How much a query may take, and how that is held: in a process that the system itself ends.

Time and memory are limits of the operating system (an alarm, the size of the address space), so
they hold whatever the engine is doing. The memory limit holds on Linux; elsewhere there are the
limits of time, rows and size only.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from guidegraph.diagnostic import Diagnostic
from guidegraph.query import faults
from guidegraph.query.named import NamedQuery

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one query may take. ``rows`` of None: all of them.

    ``megabytes`` is the memory beside that of the graph itself, ``answer`` the size of an answer in
    megabytes, and ``page`` that of one which becomes a page for people.
    """

    seconds: int = 30
    rows: int | None = 10_000
    megabytes: int = 2048
    answer: int = 256
    page: int = 16

    def begin(self) -> None:
        """Hold this process to its memory and, where the system can, to its time."""
        if sys.platform == "win32":
            return
        import resource

        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(self.seconds)
        if sys.platform.startswith("linux"):
            most = _address_space() + self.megabytes * MEGABYTE
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(resource.RLIMIT_AS, (most, most))

    def end(self) -> None:
        """The answer is there; whoever waits for it decides how long it may take to be sent."""
        if sys.platform != "win32":
            signal.alarm(0)

    def broken(self, query: NamedQuery, exit_code: int | None) -> Diagnostic:
        """Which limit ended the process of a query; exit codes are as multiprocessing has them."""
        if sys.platform != "win32" and exit_code == -signal.SIGALRM:
            return faults.too_long(query, self.seconds)
        if sys.platform != "win32" and exit_code in (-signal.SIGABRT, -signal.SIGKILL):
            return faults.too_large(query, self.megabytes)
        return faults.ended(query)


def open_nothing_more() -> None:
    """From now on this process can open no file and no connection (where the system allows)."""
    if sys.platform == "win32":
        return
    import resource

    lowest_free = os.open(os.devnull, os.O_RDONLY)
    os.close(lowest_free)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, lowest_free))


def say_nothing() -> None:
    """What the engine prints when it has no memory left is for nobody."""
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 2)
    os.close(silent)


def _address_space() -> int:
    """Bytes of the address space of this process."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
