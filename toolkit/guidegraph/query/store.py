"""A graph kept on the disk, so that a large one is not read anew each time.

::

    DIR/guidegraph-store.json      which graph is in which folder, the digests of its files and of
                                   what is said here; written last and at once
    DIR/graph-<number>/            the store of the engine
    DIR/guidegraph-store.lock      held by whoever builds

The digest is that of all texts the graph is made of, of the version of this form and of the engine.
A store with another digest, or whose files are not those that were written, is built again. Only
folders with names as above are ever removed, and only below a folder that was empty when it became
a store. Nothing is written where somebody may be reading: each building has a folder of its own.
"""

from __future__ import annotations

import gc
import json
import os
import re
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import IO, Any

import pyoxigraph as ox

from guidegraph.diagnostic import Diagnostic
from guidegraph.errors import QueryError
from guidegraph.query import faults
from guidegraph.query.graph import Graph, load, texts

VERSION = 2
MARK, LOCK = "guidegraph-store.json", "guidegraph-store.lock"
_OWN = re.compile(r"graph-[0-9a-f]{16}")
_PASSING = ("LOCK", "LOG")
"""Files of the engine that say nothing of the graph."""

if sys.platform == "win32":
    import msvcrt

    def hold(handle: int, *, alone: bool) -> None:
        """Take a lock on an open file, alone or together with other readers, or raise OSError."""
        if alone:  # what is open cannot be removed here, so that readers need no lock
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def hold(handle: int, *, alone: bool) -> None:
        """Take a lock on an open file, alone or together with other readers, or raise OSError."""
        fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)


@dataclass(slots=True)
class Kept:
    """The store in a folder. ``size`` is the number of its statements once it is up to date."""

    folder: Path
    size: int = 0
    _at: Path | None = None
    _namespace: str | None = None
    _reading: IO[bytes] | None = None

    def bring_up_to_date(self, guideline: Path) -> tuple[Diagnostic, ...]:
        """Build the store of a guideline folder, unless it is there and whole; what is to be told.

        Raises:
            ReadError: if the guideline cannot be read.
            QueryError: if the folder is not a store, is being built by another process, or cannot
                be read or written.
        """
        try:
            return self._brought(guideline)
        except OSError as stop:
            raise QueryError([faults.not_kept(self.folder, stop)]) from None

    def open(self) -> Graph:
        """The graph, to be read only."""
        assert self._at is not None
        try:
            return Graph(ox.Store.read_only(str(self._at)), self._namespace)
        except OSError as stop:
            raise QueryError([faults.not_kept(self.folder, stop)]) from None

    def _brought(self, guideline: Path) -> tuple[Diagnostic, ...]:
        self._claim()
        digest = _digest(guideline)
        if self._take(digest):
            return ()
        with self._building():
            if self._take(digest):  # another process was quicker
                return ()
            was_damaged = self._said().get("digest") == digest
            self._build(*_read(guideline))
            if not self._take(self._said().get("digest", "")):
                raise OSError("what was written cannot be read")
            self._clear()
        return (faults.damaged(self.folder),) if was_damaged else ()

    # ---- what is there -----------------------------------------------------------------------

    def _claim(self) -> None:
        """Make the folder, or see that it is one of ours."""
        self.folder.mkdir(parents=True, exist_ok=True)
        names = {each.name for each in self.folder.iterdir()}
        if names and not names & {MARK, LOCK}:
            raise QueryError([faults.foreign(self.folder)])
        (self.folder / LOCK).touch()

    def _said(self) -> dict[str, Any]:
        """The mark; empty where there is none that can be understood."""
        try:
            told = json.loads((self.folder / MARK).read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return told if isinstance(told, dict) and told.get("version") == VERSION else {}

    def _take(self, digest: str) -> bool:
        """Hold on to the graph with this digest, if it is there as it was written.

        The engine is not asked: it would begin threads, and such a process cannot be copied.
        """
        told = self._said()
        name = str(told.get("folder"))
        if told.get("digest") != digest or not _OWN.fullmatch(name) or not _is_as_written(told):
            return False
        at = self.folder / name
        self._release()
        try:
            self._reading = (at / "IDENTITY").open("rb")
            hold(self._reading.fileno(), alone=False)
            if _files(at) != told.get("files"):
                return False
        except OSError:
            return False
        size, namespace = told.get("size"), told.get("namespace")
        if not isinstance(size, int) or not isinstance(namespace, str | None):
            return False
        self.size, self._namespace, self._at = size, namespace, at
        return True

    def _release(self) -> None:
        if self._reading is not None:
            self._reading.close()
            self._reading = None

    # ---- building ----------------------------------------------------------------------------

    @contextmanager
    def _building(self) -> Iterator[None]:
        """One builds at a time; a lock that the system takes back from a dead process."""
        with (self.folder / LOCK).open("r+b") as lock:
            try:
                hold(lock.fileno(), alone=True)
            except OSError:
                raise QueryError([faults.occupied(self.folder)]) from None
            yield

    def _build(self, graph: Graph, digest: str) -> None:
        self._release()
        at = self.folder / f"graph-{secrets.token_hex(8)}"
        store = ox.Store(str(at))
        store.bulk_extend(graph.store.quads_for_pattern(None, None, None))
        store.flush()
        del store
        gc.collect()
        told = {
            "version": VERSION,
            "digest": digest,
            "folder": at.name,
            "size": len(graph.store),
            "namespace": graph.namespace,
            "files": _files(at),
        }
        told["sum"] = _sum(told)
        beside = self.folder / f"{MARK}.new"
        with beside.open("wb") as file:
            file.write(json.dumps(told, indent=1, sort_keys=True).encode())
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.folder / MARK)

    def _clear(self) -> None:
        """Remove older graphs that nobody reads."""
        for each in self.folder.iterdir():
            if _OWN.fullmatch(each.name) and each != self._at and not each.is_symlink():
                with suppress(OSError):
                    if (each / "IDENTITY").exists():
                        with (each / "IDENTITY").open("rb") as reading:
                            hold(reading.fileno(), alone=True)
                    shutil.rmtree(each)


def _sum(told: dict[str, Any]) -> str:
    """The digest of what a mark says."""
    said = {name: value for name, value in told.items() if name != "sum"}
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _is_as_written(told: dict[str, Any]) -> bool:
    return told.get("sum") == _sum(told)


def _read(guideline: Path) -> tuple[Graph, str]:
    """The graph of a folder with its digest, both of the same state of the files."""
    while True:
        digest, graph = _digest(guideline), load(guideline)
        if _digest(guideline) == digest:
            return graph, digest


def _digest(guideline: Path) -> str:
    """That of everything the graph of a folder is made of."""
    digest = sha256(f"{VERSION} {ox.__version__}".encode())
    for each in texts(guideline):
        data = each.encode("utf-8", "surrogatepass")
        digest.update(f" {len(data)} ".encode() + data)
    return digest.hexdigest()


def _files(at: Path) -> dict[str, list[object]]:
    """The files of the engine that hold the graph, each with its size and digest."""
    found: dict[str, list[object]] = {}
    for each in sorted(at.iterdir()):
        if not each.name.startswith(_PASSING):
            with each.open("rb") as file:
                found[each.name] = [each.stat().st_size, file_digest(file, "blake2b").hexdigest()]
    return found
