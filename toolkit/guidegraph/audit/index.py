"""What the audits look up again and again: who speaks of what, and how claims hang together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from guidegraph.entity import Entity
from guidegraph.model import (
    SUPPORTING,
    Citation,
    EvidenceClaim,
    EvidenceRelation,
    Guideline,
    Population,
    StatisticalResult,
    Study,
)


class Index:
    """The claims, relations and citations of one guideline, by what they are about."""

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline
        self.claims = guideline.all(EvidenceClaim)
        self.relations = guideline.all(EvidenceRelation)

    @cached_property
    def claim_of(self) -> dict[str, EvidenceClaim]:
        """The claim that states each result."""
        return {name: claim for claim in self.claims for name in claim.results}

    @cached_property
    def claims_with(self) -> dict[str, list[EvidenceClaim]]:
        """The claims that speak of each threshold."""
        found: dict[str, list[EvidenceClaim]] = {}
        for claim in self.claims:
            for name in claim.thresholds:
                found.setdefault(name, []).append(claim)
        return found

    def supporters(self, name: str) -> tuple[EvidenceClaim, ...]:
        """The claims that were judged to support something, wholly or partly."""
        found = [
            self.guideline.get(each.evidence, EvidenceClaim)
            for each in self.relations
            if each.target == name and each.relation_type in SUPPORTING
        ]
        return tuple(dict.fromkeys(each for each in found if each))

    def pairs(self, *kinds: str) -> Iterator[tuple[EvidenceClaim, EvidenceClaim, EvidenceRelation]]:
        """The claims joined by a relation of one of these kinds: from which, to which, by which."""
        for each in self.relations:
            evidence = self.guideline.get(each.evidence, EvidenceClaim)
            target = self.guideline.get(each.target, EvidenceClaim)
            if each.relation_type in kinds and evidence and target:
                yield evidence, target, each

    def documents(self, thing: Entity) -> frozenset[str]:
        """The documents in which a thing is printed."""
        if isinstance(thing, StatisticalResult) and not thing.passages:
            thing = self.claim_of.get(thing.id, thing)
        return frozenset(self.guideline.documents_of(thing))

    def cited(self, claim: EvidenceClaim) -> frozenset[str]:
        """The documents that the citations of a claim stand for, as far as they are known."""
        found = [self.guideline.get(name, Citation) for name in claim.citations]
        return frozenset(each.cited for each in found if each and each.cited)

    def unidentified(self, claim: EvidenceClaim) -> tuple[Citation, ...]:
        """The citations of a claim of which nobody knows what they stand for."""
        found = [self.guideline.get(name, Citation) for name in claim.citations]
        return tuple(each for each in found if each and not each.cited)

    def study(self, claim: EvidenceClaim) -> Study | None:
        """The study that a claim is about."""
        return self.guideline.get(claim.study, Study)

    def size(self, claim: EvidenceClaim) -> int | None:
        """How many participants stand behind a claim: as it says itself, or as its study has."""
        study = self.study(claim)
        return claim.sample_size or (study.sample_size if study else None)

    def design(self, claim: EvidenceClaim) -> str | None:
        """The design behind a claim: as it says itself, or as its study has; None if not stated."""
        study = self.study(claim)
        told = [claim.design, study.design if study else None]
        return next((each for each in told if each and each != "NotStated"), None)

    def wider(self, name: str | None) -> frozenset[str]:
        """The populations that include another, as far as the guideline says; not itself."""
        found: set[str] = set()
        ahead = [name] if name else []
        while ahead:
            population = self.guideline.get(ahead.pop(), Population)
            new = [each for each in population.broader if each not in found] if population else []
            found.update(new)
            ahead += new
        return frozenset(found - {name})

    def label(self, name: str | None) -> str:
        """The label of a thing, or its name."""
        thing = self.guideline.entities.get(name or "")
        return str(thing.label) if thing and thing.label else (name or "")

    def titles(self, names: Iterable[str]) -> str:
        """Short names of documents, as they stand in a sentence."""
        found = []
        for name in sorted(names):
            thing = self.guideline.entities.get(name)
            found.append(thing.notation[0] if thing and thing.notation else self.label(name))
        return listed(found)


def listed(names: Iterable[str], joint: str = "and") -> str:
    """Names as they stand in a sentence: ``a, b and c``."""
    found = list(names)
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} {joint} {found[-1]}"


def quoted(names: Iterable[str]) -> str:
    """Local names as they stand in a sentence: ```a`, `b` and `c```."""
    return listed(f"`{each}`" for each in names)
