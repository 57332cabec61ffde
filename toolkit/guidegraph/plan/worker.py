"""What a second process does meanwhile: read the old version, and write the targets of both."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType

from guidegraph.model import Guideline
from guidegraph.plan.sides import Side, load_side

_held: list[Guideline] = []
"""The old version, in the process that has read it."""


class Worker:
    """A second process; ``targets`` may be asked once the old version has been asked for."""

    def __init__(self) -> None:
        # Spawned and not forked: it is the same everywhere, and inherits no threads.
        self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def old(self, folder: Path, shown: str) -> Future[Side]:
        """The old version."""
        return self._pool.submit(_load, folder, shown)

    def targets(
        self, new: Guideline, readings: Mapping[str, str], slow: bool
    ) -> Future[tuple[dict[str, str], dict[str, str]]]:
        """The hashes of the targets of both versions."""
        return self._pool.submit(_write, new, dict(readings), slow)


def _load(folder: Path, shown: str) -> Side:
    side = load_side(folder, shown)
    _held[:] = [side.guideline] if side.guideline else []
    return side


def _write(
    new: Guideline, readings: Mapping[str, str], slow: bool
) -> tuple[dict[str, str], dict[str, str]]:
    # Only here are they needed, and to import them takes long.
    from guidegraph.lower import LowerError
    from guidegraph.plan.targets import digests

    found = []
    for each in (*_held, new):
        try:
            found.append(digests(each, readings, slow))
        except (LowerError, KeyError, TypeError, AttributeError):
            found.append({})
    return found[0], found[-1]
