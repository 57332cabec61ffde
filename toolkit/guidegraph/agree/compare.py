"""Every target on the same patients, in one process or several; what differs is shrunk."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from multiprocessing import get_context
from multiprocessing.util import Finalize

from guidegraph.agree.base import Executor, RunError
from guidegraph.agree.crew import Chunk, Clock, Contender, Crew, Found
from guidegraph.agree.report import Counterexample, Report, Tally
from guidegraph.agree.shrink import shrink
from guidegraph.export import ExportInput
from guidegraph.probe import Probe

CHUNK = 500
"""Patients per batch: enough for an engine's start of a batch not to matter, small in memory."""
EXAMPLES = 3
"""Counterexamples shrunk per target: the first recommendations that differ."""

Progress = Callable[[int, int], None]


Given = tuple[ExportInput, Sequence[Contender], int, Clock]
"""What makes a crew."""


def _timeless() -> float:
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How a comparison is done; it changes how long it takes and what is left out, nothing else.

    ``process_patients`` is a cap for targets that are not fast, ``skipped`` names targets that were
    left out before, and why, ``clock`` gives seconds.
    """

    jobs: int = 1
    process_patients: int | None = None
    skipped: Mapping[str, str] = field(default_factory=dict)
    clock: Clock = _timeless


def agree(
    loaded: ExportInput,
    executors: Sequence[Executor],
    seed: int = 0,
    patients: int = 1000,
    progress: Progress = lambda done, total: None,
    how: How | None = None,
) -> Report:
    """Compare each target with the reference on the first patients of a seed.

    Targets that cannot run here are added to those skipped; one that stops is reported with its
    last words while the others go on. ``progress`` is told how many patients are done and to do.
    The same arguments give the same report, seconds apart.

    Raises:
        RunError: if one of several processes was killed from outside.
    """
    how = how or How()
    missing = {each.name: each.missing() for each in executors}
    present = [each for each in executors if missing[each.name] is None]
    cap = patients if how.process_patients is None else min(how.process_patients, patients)
    contenders = [Contender(each, patients if each.is_fast else cap) for each in present]
    found = _compare((loaded, contenders, seed, how.clock), how.jobs, progress)
    return Report(
        guideline=loaded.guideline_id,
        readings=loaded.program.readings,
        seed=seed,
        patients=patients,
        tallies=tuple(_tally(name, each) for name, each in found.items() if each.patients),
        skipped={**how.skipped, **{name: why for name, why in missing.items() if why}},
        errors={name: each.error for name, each in found.items() if each.error is not None},
        examples=tuple(
            example
            for each in present
            for example in _examples(loaded, each, found[each.name], seed)
        ),
    )


def _tally(name: str, found: Found) -> Tally:
    return Tally(
        target=name,
        patients=found.patients,
        evaluations=found.evaluations,
        divergences=found.divergences,
        seconds=found.seconds,
    )


def _compare(given: Given, jobs: int, progress: Progress) -> dict[str, Found]:
    """What each target did, by name. Engines that are heavy to start run once, not per process."""
    loaded, contenders, seed, clock = given
    light = [each for each in contenders if each.executor.is_routine]
    groups = [light, *([each] for each in contenders if not each.executor.is_routine)]
    totals = [max((each.patients for each in group), default=0) for group in groups]
    found = {each.executor.name: Found() for each in contenders}
    done = 0
    for group, total in zip(groups, totals, strict=True):
        chunks = [Chunk(start, min(CHUNK, total - start)) for start in range(0, total, CHUNK)]
        processes = min(jobs, len(chunks)) if group is light else 1
        for chunk, told in _run((loaded, group, seed, clock), chunks, processes):
            for name, each in told.items():
                found[name].add(each)
            done += chunk.count
            progress(done, sum(totals))
    return found


def _run(
    given: Given, chunks: Sequence[Chunk], jobs: int
) -> Iterator[tuple[Chunk, dict[str, Found]]]:
    """The chunks with what was found, in order."""
    if jobs <= 1:
        with closing(Crew(*given)) as crew:
            for chunk in chunks:
                yield chunk, crew.compare(chunk)
        return
    given = (replace(given[0], sources=None), *given[1:])
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _begin, given)
    try:
        yield from _ordered(pool, chunks, jobs)
    except BrokenProcessPool:
        raise RunError("a process of the comparison ended unexpectedly (out of memory?)") from None
    finally:
        pool.shutdown(cancel_futures=True)


def _ordered(
    pool: ProcessPoolExecutor, chunks: Sequence[Chunk], jobs: int
) -> Iterator[tuple[Chunk, dict[str, Found]]]:
    """Answers in the order of the chunks, with a few chunks always waiting."""
    coming = iter(chunks)
    waiting: list[tuple[Chunk, Future[dict[str, Found]]]] = []
    while True:
        more = islice(coming, 2 * jobs - len(waiting))
        waiting += [(chunk, pool.submit(_compare_chunk, chunk)) for chunk in more]
        if not waiting:
            return
        chunk, answer = waiting.pop(0)
        yield chunk, answer.result()


_crew: list[Crew] = []
"""The targets of this process, where it is one of several."""


def _begin(*given: *Given) -> None:
    """Prepare a process: engines are stopped when it ends; Ctrl-C is for the process above."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    crew = Crew(*given)
    _crew.append(crew)
    Finalize(crew, crew.close, exitpriority=10)


def _compare_chunk(chunk: Chunk) -> dict[str, Found]:
    return _crew[0].compare(chunk)


def _examples(
    loaded: ExportInput, executor: Executor, found: Found, seed: int
) -> Iterator[Counterexample]:
    """The first divergences of a target, shrunk; none where it no longer starts."""
    chosen = sorted(found.first.items(), key=lambda each: (each[1], each[0]))[:EXAMPLES]
    if not chosen:
        return
    try:
        with executor.start(loaded) as runner:
            for rule, place in chosen:
                (patient,) = Probe(loaded.program, seed).patients(place, 1)
                yield shrink(loaded.program, executor.name, runner, rule, patient, place)
    except RunError:
        return
