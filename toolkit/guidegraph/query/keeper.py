"""A process that keeps a graph loaded and answers each question in a copy of itself.

A copy (``fork``) shares the memory of the graph, is there in milliseconds, and is ended at the
limits without harm to anything else. Each question has two pipes: one for the answer, whose other
end the copy alone holds, so that half an answer is never taken for a whole one; and one on which
the keeper says how the copy ended, and from which it notices that nobody waits any more.

Where the system cannot copy processes (Windows), ``CAN_COPY`` is false and there is no keeper;
``worker.run_within`` loads the graph for each question.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing import reduction, util
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import cast

from guidegraph.diagnostic import Diagnostic
from guidegraph.errors import GuidelineError, QueryError
from guidegraph.query import faults
from guidegraph.query.engine import LostError
from guidegraph.query.limits import Limits, open_nothing_more, say_nothing
from guidegraph.query.sources import Ready, Source
from guidegraph.query.worker import Answer, Asked, answered, unpacked

CAN_COPY = sys.platform != "win32"
_GRACE = 5
"""Seconds beyond the limit after which it is the keeper that is taken to have failed."""
_LOOK = 0.2
"""Seconds after which it is looked whether anybody still waits."""


class GoneError(Exception):
    """The keeper is no more."""


class Keeper:
    """The process that keeps one state of a graph. ``size`` is the number of its statements."""

    def __init__(self, source: Source, limits: Limits) -> None:
        """Begin to load; ``wait`` says when it is there."""
        self.limits = limits
        self.size = 0
        self._lock = threading.Lock()
        context = multiprocessing.get_context("spawn")
        self._control, theirs = context.Pipe(duplex=True)
        self._process = context.Process(target=_keep, args=(theirs, source, limits))
        self._process.start()
        theirs.close()
        util.Finalize(self, self._control.close, exitpriority=10)

    def wait(self) -> tuple[Diagnostic, ...]:
        """Wait until the graph is there; what is to be told of its store.

        Raises:
            GuidelineError: if the graph cannot be read.
            GoneError: if the process ended.
        """
        try:
            told = self._control.recv()
        except (EOFError, OSError):
            raise GoneError from None
        if isinstance(told, _Kept):
            self.size = told.size
            return told.notes
        unpacked(told)
        raise GoneError

    def ask(self, asked: Asked, gave_up: Callable[[], bool] = lambda: False) -> Answer:
        """The answer to a question, unless whoever asked gave up.

        Raises:
            LostError: if the graph could not be read, or the process ended for no limit.
            QueryError: as ``engine.run``; and if a limit was reached.
            GoneError: if the keeper is no more, or nobody waits for the answer.
        """
        answers, answering = multiprocessing.Pipe(duplex=True)
        ended, ending = multiprocessing.Pipe(duplex=True)
        with answers, ended:
            try:
                with self._lock, answering, ending:
                    for each in (answering, ending):
                        reduction.send_handle(self._control, each.fileno(), self._process.pid)
                answers.send(asked)
            except OSError:
                raise GoneError from None
            return unpacked(self._received(asked, answers, ended, gave_up))

    def _received(
        self, asked: Asked, answers: Connection, ended: Connection, gave_up: Callable[[], bool]
    ) -> object:
        for _ in range(int((self.limits.seconds + _GRACE) / _LOOK)):
            try:
                if answers.poll(_LOOK):
                    return answers.recv()
            except (EOFError, OSError):
                break
            if gave_up():
                raise GoneError
        else:
            raise QueryError([faults.too_long(asked.query, self.limits.seconds)])
        try:
            code = ended.recv()
        except (EOFError, OSError):
            raise GoneError from None
        found = self.limits.broken(asked.query, code)
        raise (LostError if found.code == "Q012" else QueryError)([found])

    def retire(self) -> None:
        """Take no more questions; end when the last has its answer."""
        self._control.close()

    def close(self) -> None:
        """End at once."""
        self.retire()
        self._process.terminate()
        self._process.join()


# ---- in the other process --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Kept:
    """The graph is there."""

    size: int
    notes: tuple[Diagnostic, ...]


@dataclass(slots=True)
class _Copies:
    """The copies that are answering, each by what tells that it has ended."""

    ready: Ready
    limits: Limits
    running: dict[int, tuple[BaseProcess, Connection]] = field(default_factory=dict)

    def begin(self, answering: Connection, ending: Connection) -> None:
        """Answer one question in a copy."""
        copy = multiprocessing.get_context("fork").Process(
            target=_answer, args=(answering, self.ready, self.limits), daemon=True
        )
        copy.start()
        answering.close()
        self.running[copy.sentinel] = (copy, ending)

    def watch(self, control: Sequence[Connection]) -> bool:
        """Wait for something to happen; whether there is something on ``control``."""
        endings = {ending: copy for copy, ending in self.running.values()}
        happened = wait([*control, *self.running, *endings])
        for each in happened:
            if isinstance(each, Connection) and each in endings:
                endings[each].kill()  # nobody waits for it
        for each in happened:
            if isinstance(each, int):
                self._end(each)
        return any(each in happened for each in control)

    def _end(self, sentinel: int) -> None:
        copy, ending = self.running.pop(sentinel)
        copy.join()
        with contextlib.suppress(OSError):
            ending.send(copy.exitcode)
        ending.close()
        copy.close()

    def stop(self) -> None:
        """End all of them, and this process."""
        for copy, _ in self.running.values():
            copy.kill()
        os._exit(0)


def _keep(control: Connection, source: Source, limits: Limits) -> None:
    """Load, and answer until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ready = _made(source)
    if not isinstance(ready, Ready):
        control.send(ready)
        return
    say_nothing()
    gc.collect()
    gc.freeze()
    copies = _Copies(ready, limits)
    signal.signal(signal.SIGTERM, lambda *_: copies.stop())
    control.send(_Kept(ready.size, ready.notes))
    open_to_questions = [control]
    while open_to_questions or copies.running:
        if copies.watch(open_to_questions):
            try:
                handles = [reduction.recv_handle(control) for _ in range(2)]
                copies.begin(*map(Connection, handles))
            except (EOFError, OSError):
                open_to_questions = []


Failed = tuple[type[Exception], object]


def _made(source: Source) -> Ready | Failed:
    """The graph, or why there is none.

    A store is built in a copy: the engine begins threads, and they would not survive a fork.
    """
    if source.store is None:
        return _opened(source)
    ours, theirs = multiprocessing.Pipe(duplex=False)
    copy = multiprocessing.get_context("fork").Process(target=_build, args=(source, theirs))
    copy.start()
    theirs.close()
    try:
        told = ours.recv()
    except EOFError:
        return RuntimeError, "The process that builds the store ended early."
    copy.join()
    if not isinstance(told, _Kept):
        return cast("Failed", told)
    ready = _opened(source)
    return replace(ready, notes=told.notes) if isinstance(ready, Ready) else ready


def _build(source: Source, tell: Connection) -> None:
    ready = _opened(source)
    tell.send(_Kept(ready.size, ready.notes) if isinstance(ready, Ready) else ready)


def _opened(source: Source) -> Ready | Failed:
    try:
        return source.ready()
    except GuidelineError as stop:
        return type(stop), stop.findings
    except Exception as bug:
        return RuntimeError, f"{type(bug).__name__}: {bug}"


def _answer(answering: Connection, ready: Ready, limits: Limits) -> None:
    """Answer one question and send it (in the copy)."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    asked = answering.recv()
    try:
        graph = ready.open()
    except QueryError as stop:
        answering.send((LostError, stop.findings))
        return
    limits.begin()
    open_nothing_more()
    found = answered(asked, graph, limits)
    limits.end()
    answering.send(found)
