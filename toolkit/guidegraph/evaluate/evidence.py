"""What stands behind a recommendation, criterion or threshold: passages and judged claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from guidegraph.entity import Entity
from guidegraph.evaluate.fields import present
from guidegraph.model import (
    Citation,
    EvidenceClaim,
    EvidenceRelation,
    Guideline,
    SiteParameter,
    SourceDocument,
    SourcePassage,
    Study,
    Threshold,
)
from guidegraph.units import ratio
from guidegraph.wording import amount, plain


@dataclass(frozen=True, slots=True)
class PassageUse:
    """A passage of a source: where it stands, never its words."""

    id: str
    locator: str
    document: str

    def to_json(self) -> dict[str, Any]:
        """``{"id", "locator", "document"}``."""
        return {"id": self.id, "locator": self.locator, "document": self.document}


@dataclass(frozen=True, slots=True)
class ClaimUse:
    """A claim and how it bears on the thing it was judged against."""

    id: str
    statement: str
    relation: str
    study: str | None
    citations: tuple[str, ...]
    passages: tuple[PassageUse, ...]

    def to_json(self) -> dict[str, Any]:
        """``{"id", "statement", "relation", "study", "citations", "passages"}``."""
        return present(
            id=self.id,
            statement=self.statement,
            relation=self.relation,
            study=self.study,
            citations=list(self.citations),
            passages=[each.to_json() for each in self.passages],
        )


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold as printed in the source and as executed here (``value`` is in ``unit``).

    ``working`` says how a formula came to the value: ``= Age (71 years) × 10 µg/L/a``. ``works``
    are those an external limit was taken from, with how surely each is known. ``is_local`` is
    whether a local adaptation put this value in place of the guideline's.
    """

    id: str
    label: str
    printed: str
    value: Fraction | None
    unit: str | None
    setting: str | None
    passages: tuple[PassageUse, ...]
    claims: tuple[ClaimUse, ...]
    working: str | None = None
    works: tuple[str, ...] = ()
    is_local: bool = False

    @property
    def words(self) -> str:
        """What was executed, with its unit; empty if no number was."""
        return "" if self.value is None else amount(self.value, self.unit)

    def to_json(self) -> dict[str, Any]:
        """``{"id", "label", "printed", "value", "unit", "setting", "working", …}``."""
        return present(
            id=self.id,
            label=self.label,
            printed=self.printed,
            value=None if self.value is None else plain(self.value),
            unit=self.unit,
            setting=self.setting,
            isLocal=self.is_local or None,
            working=self.working,
            works=list(self.works),
            passages=[each.to_json() for each in self.passages],
            claims=[each.to_json() for each in self.claims],
        )


class Evidence:
    """Looks up what stands behind a thing of the guideline."""

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline
        self._relations: Mapping[str, tuple[EvidenceRelation, ...]] = _by_target(guideline)
        self._told_passages: dict[tuple[str, ...], tuple[PassageUse, ...]] = {}
        self._told_claims: dict[str, tuple[ClaimUse, ...]] = {}

    def passages(self, thing: Entity) -> tuple[PassageUse, ...]:
        """The passages a thing was derived from."""
        names = tuple(thing.passages)
        if names not in self._told_passages:
            self._told_passages[names] = tuple(self._passages(names))
        return self._told_passages[names]

    def claims(self, name: str) -> tuple[ClaimUse, ...]:
        """The claims judged to bear on the thing of this name, in the order of the files."""
        if name not in self._told_claims:
            self._told_claims[name] = tuple(self._claims(name))
        return self._told_claims[name]

    def limit(
        self,
        threshold: Threshold,
        value: Fraction | None,
        unit: str | None,
        working: str | None = None,
    ) -> Limit:
        """A threshold with what stands behind it; ``value`` and ``unit`` are what was executed."""
        return Limit(
            id=threshold.id,
            label=str(threshold.label),
            printed=threshold.reported_text,
            value=value,
            unit=unit,
            setting=threshold.site_parameter,
            passages=self.passages(threshold),
            claims=self.claims(threshold.id),
            working=working,
            works=tuple(self._works(threshold)),
            is_local=self._is_local(threshold, value, unit),
        )

    def _is_local(self, threshold: Threshold, value: Fraction | None, unit: str | None) -> bool:
        """Whether a local adaptation gives the limit; a patient file may give another setting."""
        parameter = self.guideline.get(threshold.site_parameter, SiteParameter)
        chosen = parameter.default_quantity if parameter else None
        if parameter is None or chosen is None or value is None:
            return self.guideline.is_local(threshold.id)
        amount_here = Fraction(chosen.value) * ratio(chosen.unit, unit or chosen.unit)
        return self.guideline.is_local(parameter.id) and value == amount_here

    def _works(self, thing: Entity) -> Iterator[str]:
        """``Iba and others 2017: SIC score (general knowledge, not looked up)``."""
        for name in thing.citations if thing.is_external else ():
            citation = self.guideline.get(name, Citation)
            work = self.guideline.get(citation.cited, SourceDocument) if citation else None
            if citation and work:
                yield f"{work.label} ({self.guideline.words(citation.status)})"

    def _passages(self, names: Iterable[str]) -> Iterator[PassageUse]:
        for name in names:
            if found := self.guideline.get(name, SourcePassage):
                yield PassageUse(found.id, found.locator, self._document(found.document))

    def _document(self, name: str) -> str:
        """The short name of a document: its notation if it has one, else its label or title."""
        found = self.guideline.get(name, SourceDocument)
        if found is None:
            return name
        return next(iter(found.notation), "") or str(found.label or found.title) or name

    def _claims(self, name: str) -> Iterator[ClaimUse]:
        for relation in self._relations.get(name, ()):
            claim = self.guideline.get(relation.evidence, EvidenceClaim)
            if claim is None:
                continue
            study = self.guideline.get(claim.study, Study)
            yield ClaimUse(
                id=claim.id,
                statement=str(claim.statement or claim.label),
                relation=self.guideline.words(relation.relation_type),
                study=str(study.label) if study else None,
                citations=tuple(self._citation(each) for each in claim.citations),
                passages=self.passages(claim),
            )

    def _citation(self, name: str) -> str:
        """What a numbered reference points to, in words."""
        found = self.guideline.get(name, Citation)
        if found is None:
            return name
        cited = self.guideline.get(found.cited, SourceDocument)
        told = (cited.citation or str(cited.title or cited.label)) if cited else ""
        return told or str(found.label) or name


def _by_target(guideline: Guideline) -> dict[str, tuple[EvidenceRelation, ...]]:
    found: dict[str, tuple[EvidenceRelation, ...]] = {}
    for relation in guideline.all(EvidenceRelation):
        found[relation.target] = (*found.get(relation.target, ()), relation)
    return found
