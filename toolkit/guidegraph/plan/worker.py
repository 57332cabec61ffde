"""What a second process does meanwhile: read the old version, and write the targets of both."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType

from guidegraph.model import Guideline
from guidegraph.plan.sides import Side, load_side

Hashes = dict[str, str]
_held: list[Guideline] = []
"""The old version, in the process that has read it."""


class Worker:
    """A second process, which does one thing after the other."""

    def __init__(self) -> None:
        # On Linux a forked process has all that is imported here; there are no threads yet.
        way = "fork" if sys.platform == "linux" else "spawn"
        self._pool = ProcessPoolExecutor(1, mp_context=get_context(way))

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def old(
        self, folder: Path, shown: str, readings: Mapping[str, str], slow: bool
    ) -> tuple[Future[Side], Future[Hashes]]:
        """The old version, and the hashes of its targets."""
        side = self._pool.submit(_load, folder, shown)
        return side, self._pool.submit(_write, None, dict(readings), slow)

    def targets(self, new: Guideline, readings: Mapping[str, str], slow: bool) -> Future[Hashes]:
        """The hashes of the targets of the new version."""
        return self._pool.submit(_write, new, dict(readings), slow)


def _load(folder: Path, shown: str) -> Side:
    side = load_side(folder, shown)
    _held[:] = [side.guideline] if side.guideline else []
    return side


def _write(new: Guideline | None, readings: Mapping[str, str], slow: bool) -> Hashes:
    """The targets of the new version, or of the old one; none where it cannot be run."""
    # Only here are they needed, and to import them takes long.
    from guidegraph.lower import LowerError
    from guidegraph.plan.targets import digests

    try:
        return digests(new or _held[0], readings, slow)
    except (LowerError, KeyError, TypeError, AttributeError, IndexError):
        return {}
