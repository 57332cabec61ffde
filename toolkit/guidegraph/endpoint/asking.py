"""Questions of many to one graph that changes: a bounded number at once, to what is saved now."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from guidegraph.endpoint import faults
from guidegraph.errors import GuidelineError, ReadError
from guidegraph.query import worker
from guidegraph.query.engine import LostError
from guidegraph.query.keeper import CAN_COPY, GoneError, Keeper
from guidegraph.query.limits import Limits
from guidegraph.query.named import NamedQuery, survey
from guidegraph.query.sources import Source
from guidegraph.query.worker import Answer, Asked

_LOG = logging.getLogger("guidegraph.endpoint")
AT_ONCE = 4
"""Queries that run at the same time."""
WAITING = 8
"""Queries that may wait until one of them has ended."""
PATIENCE = 5
"""Seconds that they wait."""
_TRIES = 3
"""Keepers that are begun for one question: one may end, or be replaced after a save, meanwhile."""


class BusyError(GuidelineError):
    """Too many ask at the same time."""


class NotReadyError(GuidelineError):
    """The graph cannot be asked as its files are now."""


class Answers:
    """The graph of one source, kept loaded and loaded anew when its files have changed."""

    def __init__(self, source: Source, limits: Limits) -> None:
        """Begin to load in the background, so that the first question need not wait for it."""
        self.source = source
        self.limits = limits
        self._lock = threading.Lock()
        self._free = threading.BoundedSemaphore(AT_ONCE)
        self._counting = threading.Lock()
        self._present = 0
        self._keeper: Keeper | None = None
        self._stamp: object = None
        self._refused: ReadError | None = None
        self._queries: tuple[object, tuple[NamedQuery, ...]] = (None, ())
        if CAN_COPY:
            threading.Thread(target=self._begin, name="guidegraph-graph", daemon=True).start()

    def close(self) -> None:
        """End everything that runs."""
        with self._lock:
            if self._keeper:
                self._keeper.close()
            self._keeper = self._stamp = None

    def queries(self) -> tuple[NamedQuery, ...]:
        """The queries that have a name, as their files are now."""
        stamp = self.source.stamp()
        if self._queries[0] != stamp:
            self._queries = (stamp, survey(self.source.folder)[0])
        return self._queries[1]

    def size(self) -> int:
        """The number of statements; 0 where it is not known."""
        return self._current().size if CAN_COPY else 0

    def ask(self, asked: Asked, gave_up: Callable[[], bool] = lambda: False) -> Answer:
        """The answer to a question.

        Raises:
            QueryError: as ``engine.run``; and if a limit was reached.
            BusyError: if too many ask at the same time.
            NotReadyError: if the guideline cannot be read as it is now.
            GoneError: if whoever asked gave up.
        """
        with self._turn():
            if not CAN_COPY:
                return worker.run_within(asked, self.source, self.limits)[0]
            for attempt in range(_TRIES):
                keeper = self._current()
                try:
                    return keeper.ask(asked, gave_up)
                except LostError:  # a store that is damaged is built anew, once
                    if attempt or self.source.store is None:
                        raise
                    self._forget(keeper)
                except GoneError:
                    if gave_up():
                        raise
                    self._forget(keeper)
            raise NotReadyError([faults.not_loaded()])

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for a place, not too long and not among too many."""
        with self._counting:
            if self._present >= AT_ONCE + WAITING:
                raise BusyError([faults.busy(AT_ONCE)])
            self._present += 1
        try:
            if not self._free.acquire(timeout=PATIENCE):
                raise BusyError([faults.busy(AT_ONCE)])
            try:
                yield
            finally:
                self._free.release()
        finally:
            with self._counting:
                self._present -= 1

    # ---- the graph as it is now --------------------------------------------------------------

    def _current(self) -> Keeper:
        """The keeper of the files as they are now; whoever is first waits until it has loaded."""
        with self._lock:
            stamp = self.source.stamp()
            if self._keeper and stamp == self._stamp:
                return self._keeper
            if self._refused and stamp == self._stamp:
                raise NotReadyError(self._refused.findings)
            if self._keeper:
                self._keeper.retire()
            self._keeper, self._stamp, self._refused = None, stamp, None
            self._keeper = self._loaded()
            return self._keeper

    def _loaded(self) -> Keeper:
        keeper = Keeper(self.source, self.limits)
        try:
            for each in keeper.wait():
                _LOG.warning("%s: %s", each.code, each.message)
        except GuidelineError as stop:
            keeper.close()
            self._refused = stop if isinstance(stop, ReadError) else None
            raise NotReadyError(stop.findings) from None
        except GoneError:
            keeper.close()
            raise NotReadyError([faults.not_loaded()]) from None
        return keeper

    def _forget(self, keeper: Keeper) -> None:
        """A keeper that is no more is replaced."""
        with self._lock:
            if self._keeper is keeper:
                keeper.retire()
                self._keeper = self._stamp = None

    def _begin(self) -> None:
        with suppress(NotReadyError):
            self._current()
