"""Asking within limits: in a process of its own, which is ended when a limit is reached.

The process may open nothing once the graph is in memory, so that not even a query which deceived
``refuse`` could reach the network. ``run_within`` loads the graph for one question; ``keeper``
keeps it loaded for many.
"""

from __future__ import annotations

import multiprocessing
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection

from guidegraph.diagnostic import Diagnostic
from guidegraph.errors import GuidelineError, QueryError
from guidegraph.query import delivery, engine, faults
from guidegraph.query.graph import Graph
from guidegraph.query.limits import MEGABYTE, Limits, open_nothing_more, say_nothing
from guidegraph.query.named import NamedQuery, parse_query
from guidegraph.query.results import Result
from guidegraph.query.sources import Source

VALUES = "values"
"""The form of an answer that is a ``Result``."""
_PARAMETER = re.compile(r"^[ \t]*#[ \t]*param\b", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, its values, and how it is to be answered.

    ``table`` and ``graph`` name the forms (``delivery.FORMS``) in which rows and graphs are wanted:
    ``VALUES`` for a ``Result``, None where none will do. An answer that is not ``whole`` may have
    lost rows to the limit, and says so. A query that was ``typed`` has not been read: that is done
    within the limits, too, for a text can be made to take long to read.
    """

    query: NamedQuery
    params: Mapping[str, str]
    table: str | None = VALUES
    graph: str | None = VALUES
    whole: bool = True
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer as bytes, in the form that is named."""

    form: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Unfit:
    """There is an answer, but in no form that is wanted; ``kind`` is "table" or "graph"."""

    kind: str


Answer = Result | Sent | Unfit


def run_within(
    asked: Asked, source: Source, limits: Limits
) -> tuple[Answer, tuple[Diagnostic, ...]]:
    """The answer to a question within limits, and what is to be told of its store.

    Loading counts as time.

    Raises:
        QueryError: as ``engine.run``; and if a limit was reached, or the process ended early.
        ReadError: if the folder cannot be read.
        RuntimeError: for a fault of ours in the other process.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, asked, source, limits), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(limits.seconds):
            raise QueryError([faults.too_long(asked.query, limits.seconds)])
        answer, notes = ours.recv()
    except EOFError:
        process.join()
        raise QueryError([limits.broken(asked.query, process.exitcode)]) from None
    finally:
        process.kill()
        process.join()
        ours.close()
    return unpacked(answer), notes


def unpacked(answer: object) -> Answer:
    """What another process answered; what it raised is raised here."""
    if isinstance(answer, Result | Sent | Unfit):
        return answer
    assert isinstance(answer, tuple)
    kind, told = answer
    raise kind(told)


def answered(asked: Asked, graph: Graph, limits: Limits) -> object:
    """The answer, or what was raised in its stead, as it goes to another process."""
    try:
        if asked.typed:
            asked = replace(asked, query=_read(asked.query))
        return _answer(asked, graph, limits)
    except GuidelineError as stop:
        return type(stop), stop.findings
    except MemoryError:
        return QueryError, (faults.too_large(asked.query, limits.megabytes),)
    except Exception as bug:
        return RuntimeError, f"{type(bug).__name__}: {bug}"


def _read(query: NamedQuery) -> NamedQuery:
    """A typed query with its parameters; any other comment at its head is only a comment."""
    try:
        return parse_query(query.text, query.name, query.file)
    except QueryError:
        if _PARAMETER.search(query.text):
            raise
        return query


def _answer(asked: Asked, graph: Graph, limits: Limits) -> Answer:
    answer = engine.ask(asked.query, graph, asked.params)
    kind = engine.kind_of(answer)
    name = asked.graph if kind == "graph" else asked.table
    if name is None:
        return Unfit(kind)
    megabytes = limits.page if name == VALUES else limits.answer
    most = megabytes * MEGABYTE
    try:
        with engine.carried_out(asked.query):
            if name == VALUES:
                whole = most if asked.whole else None
                return engine.collected(answer, asked.query, graph.prefixes, limits.rows, whole)
            form = delivery.BY_NAME[name]
            return Sent(name, delivery.written(answer, form, limits.rows, most))
    except delivery.TooManyError:
        raise QueryError([faults.too_many(asked.query, limits.rows or 0)]) from None
    except delivery.TooLongError:
        raise QueryError([faults.too_long_an_answer(asked.query, megabytes)]) from None


def _work(answers: Connection, asked: Asked, source: Source, limits: Limits) -> None:
    """Load, ask and send back the result or the findings (in the other process)."""
    try:
        ready = source.ready()
        graph = ready.open()
        notes = ready.notes
    except GuidelineError as stop:
        answers.send(((type(stop), stop.findings), ()))
        return
    except Exception as bug:
        answers.send(((RuntimeError, f"{type(bug).__name__}: {bug}"), ()))
        return
    say_nothing()
    limits.begin()
    open_nothing_more()
    answer = answered(asked, graph, limits)
    limits.end()
    answers.send((answer, notes))
