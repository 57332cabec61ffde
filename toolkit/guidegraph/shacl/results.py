"""Results as people and reports want them: in terms, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from guidegraph.columns.columns import Term
from guidegraph.shacl.components.constraint import Constraint
from guidegraph.shacl.data import NONE, Data
from guidegraph.shacl.engine import Batch
from guidegraph.shacl.names import sh


@dataclass(frozen=True, slots=True)
class Result:
    """What SHACL calls a validation result.

    ``path`` is the path as the shapes write it, or the property found wrong. ``said`` are the
    messages of the shapes; where they say nothing, ``constraint`` knows what it asks for.
    ``rows`` are the numbers of focus node, property and value in the data; -1 for none, and for
    what no triple of the data has.
    """

    focus: Term
    path: Term | None
    value: Term | None
    component: Term
    shape: Term
    severity: Term
    said: tuple[Term, ...]
    constraint: Constraint | None
    source: Term | None = None
    rows: tuple[int, int, int] = (NONE, NONE, NONE)


def results(data: Data, batches: Iterable[Batch]) -> Iterator[Result]:
    """The results of some batches, in their order."""
    for batch in batches:
        yield from _of(data, batch)


def _of(data: Data, batch: Batch) -> Iterator[Result]:
    told, shape = batch.breaches, batch.shape
    component = told.name or sh(f"{told.component}ConstraintComponent")
    path = shape.path_node if told.path is None else told.path
    number = data.columns.terms.number(path) if isinstance(path, ox.NamedNode) else NONE
    predicates = None if told.predicates is None else told.predicates.tolist()
    size = len(data.columns.terms)
    for row, (focus, value) in enumerate(
        zip(batch.foci.tolist(), told.values.tolist(), strict=True)
    ):
        predicate = number if predicates is None or predicates[row] == NONE else predicates[row]
        own = path if predicates is None or predicates[row] == NONE else data.term(predicate)
        yield Result(
            focus=data.term(focus),
            path=own,
            value=None if value == NONE else data.term(value),
            component=component,
            shape=shape.node,
            severity=shape.severity,
            said=shape.messages if told.messages is None else told.messages[row],
            constraint=batch.constraint,
            source=told.source,
            rows=tuple(each if each < size else NONE for each in (focus, predicate, value)),  # type: ignore[arg-type]
        )
