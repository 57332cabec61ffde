"""Which things speak of which: the way back along every reference of the model."""

from __future__ import annotations

from functools import cached_property
from typing import TypeVar

from guidegraph.criteria import Criterion, ScoreItem
from guidegraph.entity import Entity, references
from guidegraph.model import (
    Action,
    CodedValue,
    Discrepancy,
    EvidenceRelation,
    Guideline,
    InterpretationPoint,
    Observable,
    Population,
    Reading,
    Recommendation,
    SiteParameter,
    SourcePassage,
    Threshold,
    TimeWindow,
)

E = TypeVar("E", bound=Entity)
LOGIC = (
    Criterion,
    ScoreItem,
    Threshold,
    SiteParameter,
    Observable,
    Population,
    CodedValue,
    TimeWindow,
    InterpretationPoint,
    Reading,
    Action,
)
"""Kinds on which what a recommendation means can rest."""


class Links:
    """The references of one guideline, forwards and backwards."""

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline

    def to(self, name: str, *terms: str) -> tuple[Entity, ...]:
        """Everything that refers to ``name`` (by one of these properties, if any are given)."""
        found = [
            self.guideline.entities[source]
            for source, term in self._back.get(name, ())
            if not terms or term in terms
        ]
        return tuple(dict.fromkeys(found))

    def of(self, kind: type[E], name: str, *terms: str) -> tuple[E, ...]:
        """The things of one kind that refer to ``name``, in the order of the files."""
        return tuple(each for each in self.to(name, *terms) if isinstance(each, kind))

    def basis(self, recommendation: Recommendation) -> frozenset[str]:
        """The names of all that the meaning of a recommendation rests on, itself included.

        Its passages and those of what it rests on belong to it; other recommendations do not.
        """
        return self._bases[recommendation.id]

    def resting_on(self, name: str) -> tuple[Recommendation, ...]:
        """The recommendations whose meaning rests on a thing."""
        return tuple(
            each for each in self.guideline.recommendations if name in self._bases[each.id]
        )

    def discrepancies_of(self, recommendation: Recommendation) -> tuple[Discrepancy, ...]:
        """The recorded faults of the source that concern a recommendation or what it rests on."""
        basis = self.basis(recommendation)
        return tuple(
            each for each in self.guideline.all(Discrepancy) if not basis.isdisjoint(each.concerns)
        )

    def evidence_for(self, name: str) -> tuple[EvidenceRelation, ...]:
        """The judged links from claims to a thing."""
        return self.of(EvidenceRelation, name, "gg:target")

    @cached_property
    def _back(self) -> dict[str, list[tuple[str, str]]]:
        back: dict[str, list[tuple[str, str]]] = {}
        for source, thing in self.guideline.entities.items():
            for term, name in references(thing):
                back.setdefault(name, []).append((source, term))
        return back

    @cached_property
    def _bases(self) -> dict[str, frozenset[str]]:
        return {each.id: self._basis(each) for each in self.guideline.recommendations}

    def _basis(self, recommendation: Recommendation) -> frozenset[str]:
        found = {recommendation.id}
        ahead: list[Entity] = [recommendation]
        while ahead:
            for _, name in references(ahead.pop()):
                thing = self.guideline.entities.get(name)
                if thing is None or name in found:
                    continue
                if isinstance(thing, SourcePassage):
                    found.add(name)
                elif isinstance(thing, LOGIC):
                    found.add(name)
                    ahead.append(thing)
        return frozenset(found)
