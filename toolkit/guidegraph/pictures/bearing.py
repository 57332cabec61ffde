"""The evidence around a recommendation: papers, studies, claims, and how they bear on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from guidegraph.entity import Entity
from guidegraph.model import (
    SUPPORTING,
    Citation,
    EvidenceClaim,
    EvidenceRelation,
    Guideline,
    Recommendation,
    SourceDocument,
    Study,
)
from guidegraph.pictures.diagram import Arrow, Box, Diagram
from guidegraph.wording import plural

AGAINST = ("Disputes", "Qualifies", "Inconclusive")
"""Relations that are drawn with a broken line: they do not carry the advice."""
BETWEEN_CLAIMS = (*SUPPORTING, "Disputes")
"""Relations between claims that belong to the evidence around an advice."""
KINDS: tuple[tuple[type[Entity], str], ...] = (
    (Recommendation, "recommendation"),
    (EvidenceClaim, "claim"),
    (Study, "study"),
    (SourceDocument, "document"),
)


def bearing(guideline: Guideline, name: str) -> Diagram | None:
    """The diagram around a recommendation; None if no claim bears on it."""
    recommendation = guideline.one(name, Recommendation)
    drawn = _Drawn(guideline)
    drawn.box(recommendation)
    relations = guideline.all(EvidenceRelation)
    for relation in relations:
        if relation.target == name:
            drawn.relation(relation)
    inside = {each.id for each in drawn.of(EvidenceClaim)}
    if not inside:
        return None
    for relation in relations:
        if relation.target in inside and relation.relation_type in BETWEEN_CLAIMS:
            drawn.relation(relation)
    for claim in list(drawn.of(EvidenceClaim)):
        drawn.grounds(claim)
    count = [f"{plural(len(list(drawn.of(kind))), word)}" for kind, word in KINDS[1:]]
    return Diagram(
        id=name,
        kind="evidence",
        title=f"Evidence around: {recommendation.label}",
        description=f"A diagram of {', '.join(count)}. Arrows lead from what supports to what is "
        f"supported; a broken arrow qualifies, disputes or leaves open. {drawn.told}",
        rows=tuple(tuple(each.id for each in drawn.of(kind)) for kind, _ in reversed(KINDS)),
        boxes=tuple(drawn.boxes.values()),
        arrows=tuple(dict.fromkeys(drawn.arrows)),
    )


@dataclass(slots=True)
class _Drawn:
    """What a diagram holds so far."""

    guideline: Guideline
    boxes: dict[str, Box] = field(default_factory=dict)
    arrows: list[Arrow] = field(default_factory=list)

    def of(self, kind: type[Entity]) -> Iterator[Entity]:
        """Everything of a kind that is drawn."""
        return (e for name in self.boxes if (e := self.guideline.get(name, kind)) is not None)

    def box(self, thing: Entity) -> None:
        """Draw a thing once."""
        kind, word = next((word, word) for known, word in KINDS if isinstance(thing, known))
        words = str(thing.label) or thing.id
        in_full = f"{word.capitalize()}: {words}"
        self.boxes.setdefault(thing.id, Box(thing.id, kind, words, in_full, f"#{thing.id}"))

    def relation(self, relation: EvidenceRelation) -> None:
        """Draw a judged link and the claim it starts from."""
        claim = self.guideline.get(relation.evidence, EvidenceClaim)
        if claim is None or relation.target not in self.boxes:
            return
        self.box(claim)
        words = self.guideline.words(relation.relation_type)
        against = relation.relation_type in AGAINST
        self.arrows.append(Arrow(claim.id, relation.target, words, is_dashed=against))

    def grounds(self, claim: Entity) -> None:
        """Draw what a claim rests on: its study and the papers on it, else the papers it cites."""
        assert isinstance(claim, EvidenceClaim)
        study = self.guideline.get(claim.study, Study)
        if study is not None:
            self.box(study)
            self.arrows.append(Arrow(study.id, claim.id, ""))
            self._papers(study.reported_in, study.id)
            return
        cited = (self.guideline.get(each, Citation) for each in claim.citations)
        self._papers(tuple(each.cited for each in cited if each and each.cited), claim.id)

    def _papers(self, names: tuple[str, ...], target: str) -> None:
        for name in names:
            document = self.guideline.get(name, SourceDocument)
            if document is not None:
                self.box(document)
                self.arrows.append(Arrow(document.id, target, ""))

    @property
    def told(self) -> str:
        """Every arrow in words."""
        return " ".join(
            f"“{self.boxes[each.source].words}” {each.words or 'stands behind'} "
            f"“{self.boxes[each.target].words}”."
            for each in dict.fromkeys(self.arrows)
        )
