"""How a committee appraised its evidence: judgements, votes, dissent, comments, interests.

Nothing here is ever inferred. What a guideline does not record is not recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from guidegraph.entity import Code, Entity, Ref, Text, many, of


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal(Entity):
    """One judgement about a recommendation, claim or study: who made it, when and why."""

    CLASS: ClassVar[str] = "gg:Appraisal"

    appraises: Ref = of("gg:appraises")
    domain: Code = of("gg:appraisalDomain")
    judgement: Code = of("gg:judgement")
    rationale: Text = of("gg:rationale", Text())
    attributed_to: tuple[Ref, ...] = many("prov:wasAttributedTo")
    created: str | None = of("dcterms:created")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredInterest(Entity):
    """An interest that somebody who took part declared, and what was done about it."""

    CLASS: ClassVar[str] = "gg:DeclaredInterest"

    attributed_to: tuple[Ref, ...] = many("prov:wasAttributedTo")
    statement: Text = of("gg:statement", Text())
    management: Text = of("gg:management", Text())
    concerns: tuple[Ref, ...] = many("gg:concerns")
    created: str | None = of("dcterms:created")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote(Entity):
    """How a group voted on a recommendation. ``quorum`` is how many votes had to be cast."""

    CLASS: ClassVar[str] = "gg:Vote"

    voted_on: Ref = of("gg:votedOn")
    votes_for: int = of("gg:votesFor")
    votes_against: int = of("gg:votesAgainst")
    abstentions: int = of("gg:abstentions")
    quorum: int | None = of("gg:quorum")
    attributed_to: tuple[Ref, ...] = many("prov:wasAttributedTo")
    created: str | None = of("dcterms:created")

    @property
    def cast(self) -> int:
        """How many took part in the vote, those who abstained included."""
        return self.votes_for + self.votes_against + self.abstentions


@dataclass(frozen=True, slots=True, kw_only=True)
class Dissent(Entity):
    """That somebody who took part does not agree, with what, and why."""

    CLASS: ClassVar[str] = "gg:Dissent"

    concerns: tuple[Ref, ...] = many("gg:concerns")
    rationale: Text = of("gg:rationale", Text())
    attributed_to: tuple[Ref, ...] = many("prov:wasAttributedTo")
    created: str | None = of("dcterms:created")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment(Entity):
    """What somebody who took part remarked about something while the guideline was written."""

    CLASS: ClassVar[str] = "gg:Comment"

    concerns: tuple[Ref, ...] = many("gg:concerns")
    statement: Text = of("gg:statement", Text())
    attributed_to: tuple[Ref, ...] = many("prov:wasAttributedTo")
    created: str | None = of("dcterms:created")
