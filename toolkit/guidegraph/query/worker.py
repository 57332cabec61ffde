"""Asking with a time limit: in a process of its own, which is ended when the time is over.

The process may open nothing once the graph is in memory, so that not even a query which deceived
``refuse`` could reach the network.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path

from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.errors import GuidelineError, QueryError
from guidegraph.query.named import NamedQuery
from guidegraph.query.results import Result


def run_within(
    seconds: int, query: NamedQuery, folder: Path, params: Mapping[str, str], rows: int | None
) -> Result:
    """The answer of a guideline folder to a query, if it comes within ``seconds``.

    Raises:
        QueryError: as ``engine.run``; and if the time is over or the process ended early.
        ReadError: if the folder cannot be read.
        RuntimeError: for a fault of ours in the other process.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(
        target=_work, args=(theirs, query, folder, dict(params), rows), daemon=True
    )
    process.start()
    theirs.close()
    try:
        if not ours.poll(seconds):
            raise QueryError([_too_long(query, seconds)])
        answer = ours.recv()
    except EOFError:
        raise QueryError([_ended(query)]) from None
    finally:
        process.kill()
        process.join()
        ours.close()
    if isinstance(answer, Result):
        return answer
    kind, told = answer
    raise kind(told)


def _work(
    answers: Connection, query: NamedQuery, folder: Path, params: dict[str, str], rows: int | None
) -> None:
    """Load, ask and send back the result or the findings (in the other process)."""
    from guidegraph.query import engine, graph

    try:
        loaded = graph.load(folder)
        _open_nothing_more()
        answers.send(engine.run(query, loaded, params, rows))
    except GuidelineError as stop:
        answers.send((type(stop), stop.findings))
    except Exception as bug:
        answers.send((RuntimeError, f"{type(bug).__name__}: {bug}"))


def _open_nothing_more() -> None:
    """From now on this process can open no file and no connection (where the system allows)."""
    if sys.platform == "win32":
        return
    import resource

    lowest_free = os.open(os.devnull, os.O_RDONLY)
    os.close(lowest_free)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, lowest_free))


def _too_long(query: NamedQuery, seconds: int) -> Diagnostic:
    return Diagnostic(
        code="Q011",
        severity=Severity.ERROR,
        message=f"The query was stopped: it had no answer after {seconds} s.",
        at=query.at(),
        why="Patterns that share no variable are combined each with each, which grows without end.",
        help="Connect the patterns by a variable, add a LIMIT, or allow more time (--timeout).",
    )


def _ended(query: NamedQuery) -> Diagnostic:
    return Diagnostic(
        code="Q012",
        severity=Severity.ERROR,
        message="The query cannot be carried out.",
        at=query.at(),
        why="The process that answered it ended, most likely for lack of memory.",
        help="Ask for less: connect the patterns by a variable, or add a LIMIT.",
    )
