"""What supports a recommendation: the claims behind it, and the studies behind those."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from guidegraph.model import SUPPORTING, EvidenceClaim, EvidenceRelation, Guideline, Study

HEDGED = ("Hedged", "Speculative")
"""How a source says what it does not assert."""


@dataclass(frozen=True, slots=True)
class Support:
    """The claims and studies that support something, in the order of the files.

    ``hedged`` are those of the claims that their source does not assert.
    """

    claims: tuple[str, ...] = ()
    studies: tuple[str, ...] = ()
    hedged: tuple[str, ...] = ()

    @property
    def cautions(self) -> tuple[str, ...]:
        """What makes a support that is there a thin one."""
        if not self.claims:
            return ()
        found = []
        if len(self.hedged) == len(self.claims):
            found.append("hedged claims only")
        if not self.studies:
            found.append("no study")
        elif len(self.studies) == 1:
            found.append("one study only")
        return tuple(found)


def supports(guideline: Guideline, gone: Container[str] = ()) -> dict[str, Support]:
    """The support of each recommendation, without what is gone.

    A claim supports it by a relation (Supports, PartlySupports), or by supporting a claim that
    does.
    """
    links: dict[str, list[str]] = {}
    for relation in guideline.all(EvidenceRelation):
        standing = not any(each in gone for each in (relation.id, relation.evidence))
        if standing and relation.relation_type in SUPPORTING:
            links.setdefault(relation.target, []).append(relation.evidence)
    return {
        each.id: _support(guideline, each.id, links)
        for each in guideline.recommendations
        if each.id not in gone
    }


def _support(guideline: Guideline, name: str, links: dict[str, list[str]]) -> Support:
    found: set[str] = set()
    ahead = [name]
    while ahead:
        for each in links.get(ahead.pop(), ()):
            if each not in found and guideline.get(each, EvidenceClaim):
                found.add(each)
                ahead.append(each)
    claims = [each for each in guideline.all(EvidenceClaim) if each.id in found]
    behind = {each.study for each in claims if each.study}
    return Support(
        claims=tuple(each.id for each in claims),
        studies=tuple(each.id for each in guideline.all(Study) if each.id in behind),
        hedged=tuple(each.id for each in claims if each.assertion_certainty in HEDGED),
    )
