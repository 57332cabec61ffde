"""A condition taken apart into comparisons that can be edited where they stand.

Each comparison belongs to an input (an observable, with which of its values and in which window).
What is no simple comparison is told in words and leads to its form.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from guidegraph.criteria import (
    AssumedCriterion,
    ComparisonCriterion,
    Criterion,
    InterpretedCriterion,
    LogicalCriterion,
    MembershipCriterion,
    RangeCriterion,
    TrendCriterion,
    YesNoCriterion,
)
from guidegraph.criteria.base import SELECTED
from guidegraph.edit.pages.cells import Cell, Cells
from guidegraph.edit.pages.phrases import named, phrase
from guidegraph.model import Guideline, SiteParameter, Threshold, TimeWindow

_DEEPEST = 6
Key = tuple[str, str, str]
ELSE: Key = ("", "", "")
"""The column of all that is no comparison of one input."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operand:
    """One side of a comparison: its controls, and the thing they belong to.

    ``shared`` is how many things use it: whoever edits it here edits it for all of them.
    """

    cells: tuple[Cell, ...]
    iri: str
    label: str
    note: str = ""
    shared: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One condition of a row. ``words`` says it as a whole; ``key`` is its column.

    ``inner`` are the conditions it is made of, where it is no comparison itself.
    """

    key: Key
    iri: str
    label: str
    words: str
    cells: tuple[Cell, ...] = ()
    operands: tuple[Operand, ...] = ()
    inner: tuple[Test, ...] = ()

    @property
    def is_simple(self) -> bool:
        """Whether it can be edited here."""
        return bool(self.cells or self.operands)


class Conditions:
    """Takes the conditions of one guideline apart."""

    def __init__(self, guideline: Guideline, cells: Cells) -> None:
        self.guideline, self.cells = guideline, cells

    def tests(self, name: str | None, depth: int = 0) -> Iterator[Test]:
        """The comparisons that must all hold; one in words where it is anything else."""
        criterion = self.guideline.get(name, Criterion)
        if criterion is None:
            return
        is_all = isinstance(criterion, LogicalCriterion) and criterion.operator == "AllOf"
        if is_all and depth < _DEEPEST:
            for each in getattr(criterion, "operands", ()):
                yield from self.tests(each, depth + 1)
            return
        yield self._test(criterion, depth)

    def column(self, key: Key) -> str:
        """What a column is called: ``First D-dimer (on admission)``."""
        observable, selector, window = key
        if key == ELSE:
            return "Other conditions"
        label = named(self.guideline, observable)
        before = SELECTED.get(selector, "")
        span = self.guideline.get(window, TimeWindow)
        words = f"{before} {label}" if before else label
        return f"{words} ({span.label})" if span else words

    def _test(self, criterion: Criterion, depth: int) -> Test:
        words = phrase(self.guideline, criterion)
        cells, operands = self._controls(criterion)
        return Test(
            key=self._key(criterion) if cells or operands else ELSE,
            iri=criterion.iri,
            label=str(criterion.label) or criterion.id,
            words=words,
            cells=cells,
            operands=operands,
            inner=() if cells or operands else tuple(self._inner(criterion, depth + 1)),
        )

    def _inner(self, criterion: Criterion, depth: int) -> Iterator[Test]:
        """What a condition that is no comparison is made of."""
        made_of = (LogicalCriterion, InterpretedCriterion)
        held = criterion.operands if isinstance(criterion, made_of) else ()
        if isinstance(criterion, AssumedCriterion):
            held = (criterion.operand,)
        for each in held if depth < _DEEPEST else ():
            yield from self.tests(each, depth)

    def _key(self, criterion: Criterion) -> Key:
        return (
            str(getattr(criterion, "observable", None) or getattr(criterion, "site_parameter", "")),
            str(getattr(criterion, "observation_selector", None) or ""),
            str(getattr(criterion, "time_window", None) or ""),
        )

    def _controls(self, each: Criterion) -> tuple[tuple[Cell, ...], tuple[Operand, ...]]:
        match each:
            case ComparisonCriterion():
                return self._own(each, "gg:comparator"), self._limits(each.threshold)
            case RangeCriterion():
                low = self._limits(each.low_threshold, "from", each, "gg:lowInclusive")
                high = self._limits(each.high_threshold, "to", each, "gg:highInclusive")
                return (), (*low, *high)
            case TrendCriterion():
                own = self._own(each, "gg:comparator")
                amounts = [
                    term
                    for term, held in (
                        ("gg:minimumRatio", each.minimum_ratio),
                        ("gg:minimumChange", each.minimum_change),
                    )
                    if held is not None
                ]
                return (*own, *self._own(each, *amounts)), ()
            case YesNoCriterion():
                return self._own(each, "gg:expected"), ()
            case MembershipCriterion():
                return self._own(each, "gg:codedValue"), ()
            case _:
                return (), ()

    def _own(self, each: Criterion, *terms: str) -> tuple[Cell, ...]:
        label = str(each.label) or each.id
        found = (self.cells.cell(each.iri, term, label) for term in terms)
        return tuple(cell for cell in found if cell is not None)

    def _limits(
        self, name: str, note: str = "", owner: Criterion | None = None, inclusive: str = ""
    ) -> tuple[Operand, ...]:
        threshold = self.guideline.get(name, Threshold)
        if threshold is None:
            return ()
        setting = self.guideline.get(threshold.site_parameter, SiteParameter)
        holder = setting or threshold
        term = "gg:executableQuantity" if threshold.executable_quantity else "gg:formula"
        term = "gg:defaultQuantity" if setting else term
        cell = self.cells.cell(holder.iri, term, str(holder.label) or holder.id)
        cells = [] if cell is None else [cell]
        if owner is not None and inclusive:
            end = self.cells.cell(owner.iri, inclusive, f"{owner.label}")
            cells += [] if end is None else [end]
        notes = [note, "unless a site sets another:" if setting else ""]
        return (
            Operand(
                cells=tuple(cells),
                iri=holder.iri,
                label=str(holder.label) or holder.id,
                note=", ".join(each for each in notes if each),
                shared=len(self.cells.catalogue.uses(threshold.iri)),
            ),
        )
