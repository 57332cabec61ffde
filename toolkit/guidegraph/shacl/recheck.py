"""A check that is kept, so that after a file was saved only what the change may concern is judged.

The report is that of a full check of the files as they are then, places included. What is judged by
queries may have to be judged again as a whole (``queries.predicates`` knows when), and what is left
to pySHACL always is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, compress

import numpy as np

from guidegraph.columns.columns import Codes, Triples
from guidegraph.columns.reading import Loaded
from guidegraph.columns.rereading import reread
from guidegraph.diagnostic import Diagnostic
from guidegraph.shacl.components.constraint import EverythingError
from guidegraph.shacl.data import Data, Mask
from guidegraph.shacl.engine import Batch, Engine, unjudged
from guidegraph.shacl.reach import Reach
from guidegraph.shacl.results import Result, results
from guidegraph.shacl.shapes import Shape, UnjudgedError
from guidegraph.shacl.validation import Asked, Report


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """What one shape found: for each result the node that was judged; or why it found nothing."""

    roots: Codes
    found: tuple[Result, ...]
    trouble: Diagnostic | None = None

    def where(self, chosen: Mask) -> _Judged:
        """Some of the results."""
        return _Judged(self.roots[chosen], tuple(compress(self.found, chosen.tolist())))

    def joined(self, other: _Judged) -> _Judged:
        """Both."""
        return _Judged(np.concatenate([self.roots, other.roots]), self.found + other.found)


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """The report after a change, and which of its results were not there before, or are no more.

    Results are the same if they say the same of the same nodes, wherever these stand now.
    """

    report: Report
    come: tuple[Result, ...]
    gone: tuple[Result, ...]


class Kept:
    """Data and shapes, and what was found: ``report`` is always that of the data as they are.

    Data and shapes must not be one graph: a change of shapes needs a full check.
    """

    def __init__(self, data: Loaded, shapes: Loaded, engine: str = "auto") -> None:
        self._asked = Asked.of(shapes, engine)
        self._use(data, Data(data.columns))
        self._judged = {each: self._all(each) for each in self._seeking()}
        self._finish()

    def _use(self, loaded: Loaded, data: Data) -> None:
        self.data = loaded
        self._data = data
        self._engine = Engine(data, self._asked.shapes)

    def _finish(self) -> None:
        self._others, troubles = self._asked.by_pyshacl(self.data)
        judged = self._judged.values()
        own = (each.trouble for each in judged if each.trouble)
        self.report = Report(
            (*chain.from_iterable(each.found for each in judged), *self._others),
            (*self._asked.findings, *own, *troubles),
            self._asked.aimed,
        )

    def after(self, saved: Mapping[str, bytes]) -> Change:
        """Judge again after files got another content; each is called as when it was read.

        Raises ``SyntaxError`` where a file is not what it says, and ``KeyError`` where it is none
        of the data; everything stays as it was then.
        """
        loaded, before, others = self.data, self._data, self._others
        touched: list[Triples] = []
        numbers = {each.file: number for number, each in enumerate(loaded.texts)}
        for file, content in saved.items():
            found = reread(loaded, numbers[file], content)
            loaded = found.loaded
            touched.append(found.touched)
        subjects, predicates, objects = map(np.concatenate, zip(*touched, strict=True))
        if not len(subjects):
            self.data = loaded
            return Change(self.report, (), ())
        every = (subjects, predicates, objects)
        self._use(loaded, before.after(loaded.columns, every))
        reach = Reach(before, self._data, self._asked.shapes, every)
        met = [self._again(each, reach) for each in self._judged]
        self._finish()
        return _change(self.report, [*met, (others, self._others)])

    def _seeking(self) -> Iterator[Shape]:
        if self._asked.engine != "pyshacl":
            for each in self._asked.shapes.by_node.values():
                if each.targets and not each.deactivated:
                    yield each

    def _all(self, shape: Shape) -> _Judged:
        return self._of(shape, self._engine.targets(shape))

    def _of(self, shape: Shape, foci: Codes) -> _Judged:
        """What a shape finds in some nodes."""
        batches: tuple[Batch, ...] = ()
        trouble = None
        try:
            batches = tuple(self._engine.judged(shape, foci))
        except UnjudgedError as fault:
            trouble = unjudged(shape, fault)
        roots = [np.empty(0, dtype=np.int32), *(foci[each.roots] for each in batches)]
        return _Judged(np.concatenate(roots), tuple(results(self._data, batches)), trouble)

    def _again(self, shape: Shape, reach: Reach) -> Pair:
        """Judge by a shape after a change; gives the results that went and those that came."""
        old = self._judged[shape]
        try:
            reached = None if old.trouble else reach.foci(shape)
        except EverythingError:
            reached = None
        if reached is None:
            new = self._judged[shape] = self._all(shape)
            return old.found, new.found
        concerned = np.isin(old.roots, reached) | (old.roots >= reach.size_before)
        foci = self._engine.sought(shape, reached)
        gone = old.where(concerned) if concerned.any() else _NOTHING
        new = self._of(shape, foci) if len(foci) else _NOTHING
        if new.trouble:
            self._judged[shape] = new
            return old.found, ()
        kept = old.where(~concerned) if gone.found else old
        self._judged[shape] = kept.joined(new) if new.found else kept
        return gone.found, new.found


_NOTHING = _Judged(np.empty(0, dtype=np.int32), ())
Pair = tuple[Iterable[Result], Iterable[Result]]
"""Results before a change and after it."""


def _change(report: Report, met: Iterable[Pair]) -> Change:
    old, new = (tuple(chain.from_iterable(each)) for each in zip(*met, strict=True))
    come, gone = _only(new, old), _only(old, new)
    return Change(report, tuple(come), tuple(gone))


def _only(these: Iterable[Result], those: Iterable[Result]) -> Iterator[Result]:
    """Results that the others do not have, or not as often."""
    left = Counter(map(_says, those))
    for each in these:
        if left[_says(each)]:
            left[_says(each)] -= 1
        else:
            yield each


def _says(result: Result) -> tuple[object, ...]:
    return (
        *(result.focus, result.path, result.value, result.component, result.shape, result.source),
        *(result.severity, result.said),
    )
