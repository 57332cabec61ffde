"""What each difference means: words, evidence, other care, or a break with what was written before.

Which patients get something else is not read off the fields: that is what the proofs say. An edit
of the logic to which no difference in advice can be traced is proved to change nobody's advice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from guidegraph.entity import Entity
from guidegraph.impact.rests import EVIDENCE
from guidegraph.model import (
    AcceptedFinding,
    Agent,
    Anchor,
    CodedValue,
    Comment,
    DeclaredInterest,
    Discrepancy,
    Dissent,
    Header,
    InterpretationPoint,
    Observable,
    Omission,
    Reading,
    Recommendation,
    RecommendationGroup,
    SiteParameter,
    SourceDocument,
    Vote,
)
from guidegraph.plan.behaviour import Behaviour
from guidegraph.plan.changes import Difference


class Rank(IntEnum):
    """How much a change asks of those who use the guideline; the highest counts for the whole."""

    NONE = 0
    EDITORIAL = 1
    EVIDENCE = 2
    BEHAVIOUR = 3
    BREAKING = 4

    def __str__(self) -> str:
        return self.name.lower()


RESTING = (*EVIDENCE, SourceDocument, Discrepancy, Omission, AcceptedFinding)
PROCESS = (Vote, DeclaredInterest, Dissent, Comment, Agent, RecommendationGroup)
WIRED = (
    Recommendation,
    Observable,
    SiteParameter,
    CodedValue,
    InterpretationPoint,
    Reading,
    Anchor,
)
"""What patient files, cases and targets call by name."""
WORDS = frozenset(
    (
        "rdfs:label",
        "rdfs:seeAlso",
        "skos:altLabel",
        "skos:broader",
        "skos:definition",
        "skos:exactMatch",
        "skos:narrowMatch",
        "skos:notation",
        "skos:scopeNote",
        "gg:askingCost",
        "gg:isIllustrative",
        "gg:question",
        "gg:rationale",
        "gg:statement",
        "gg:status",
        "gg:translation",
        "dcterms:isPartOf",
        "dcterms:title",
        "prov:wasAttributedTo",
    )
)
GROUNDS = frozenset(
    (
        "gg:certainty",
        "gg:citation",
        "gg:isExternal",
        "gg:reportedText",
        "gg:strength",
        "prov:wasDerivedFrom",
    )
)
NOT_LOGIC = WORDS | GROUNDS
DECIDED_BY_WORD = ("gg:modality", "gg:direction", "gg:recommendsAction", "gg:isExecutable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A difference and what it means.

    ``advice`` names the recommendations that differ for some patient and may depend on it.
    ``effect`` says the same in words.
    """

    difference: Difference
    rank: Rank
    effect: str
    advice: tuple[str, ...] = ()


def classified(
    difference: Difference, behaviour: Behaviour | None, reached: Callable[[str], set[str]]
) -> Change:
    """A difference with its rank; without ``behaviour`` nothing is known of who gets what."""
    told = _told(difference, behaviour)
    if told is not None:
        return Change(difference=difference, rank=told[0], effect=told[1])
    if behaviour is None:
        effect = "not known: the behaviour was not compared"
        return Change(difference=difference, rank=Rank.BEHAVIOUR, effect=effect)
    names = {difference.name, difference.old_name}
    touched = tuple(each.name for each in behaviour.advice if reached(each.name) & names)
    open_ones = [each for each in behaviour.incomparable if reached(each) & names]
    if touched:
        effect = "some patients get something else"
        return Change(difference=difference, rank=Rank.BEHAVIOUR, effect=effect, advice=touched)
    if open_ones:
        effect = "not known: it could not be compared"
        return Change(difference=difference, rank=Rank.BEHAVIOUR, effect=effect)
    effect = "changes no patient's advice: proved"
    return Change(difference=difference, rank=Rank.EDITORIAL, effect=effect)


def _told(difference: Difference, behaviour: Behaviour | None) -> tuple[Rank, str] | None:
    """What is plain from the difference itself; None for logic."""
    thing = difference.thing
    if isinstance(thing, WIRED) and difference.how in ("removed", "renamed"):
        what = "is gone" if difference.how == "removed" else "has another name"
        return Rank.BREAKING, f"{what}: what was written for it no longer works"
    if breach := _breach(difference, behaviour):
        return Rank.BREAKING, breach
    if isinstance(thing, Header):
        return _header(difference)
    if isinstance(thing, PROCESS):
        return Rank.EDITORIAL, "words"
    if isinstance(thing, RESTING):
        return Rank.EVIDENCE, "what the advice rests on"
    if isinstance(thing, Recommendation) and not _is_decided(difference):
        return _undecided(difference)
    if difference.how in ("added", "removed"):
        return None
    terms = {each.term for each in difference.details}
    if not terms <= NOT_LOGIC:
        return None
    if terms <= WORDS:
        return Rank.EDITORIAL, "words" if terms else "its name only"
    return Rank.EVIDENCE, "what the advice rests on"


def _breach(difference: Difference, behaviour: Behaviour | None) -> str | None:
    """What was written for the old version and no longer works."""
    thing, terms = difference.thing, {each.term for each in difference.details}
    if isinstance(thing, CodedValue) and difference.how == "changed" and "skos:notation" in terms:
        return "has another code: patient files that use the old one no longer work"
    if isinstance(thing, Reading) and difference.how == "changed" and "skos:notation" in terms:
        return "is chosen by another word: cases that use the old one no longer work"
    if isinstance(thing, Recommendation) and any(
        each.term == "gg:isExecutable" and each.new == "no" for each in difference.details
    ):
        return "is no longer decided about patients"
    for each in behaviour.breaches if behaviour else ():
        if each.name in (difference.name, difference.old_name):
            return each.what
    return None


def _header(difference: Difference) -> tuple[Rank, str]:
    terms = {each.term for each in difference.details}
    if "vann:preferredNamespaceUri" in terms:
        return Rank.BREAKING, "every address is another one"
    if "gg:referenceAnchor" in terms:
        return Rank.BREAKING, "times are counted from another moment"
    return Rank.EDITORIAL, "words"


def _is_decided(difference: Difference) -> bool:
    both: tuple[Entity | None, ...] = (difference.thing, difference.before)
    return any(isinstance(each, Recommendation) and each.is_executable for each in both)


def _undecided(difference: Difference) -> tuple[Rank, str]:
    """An advice that is for readers only."""
    terms = {each.term for each in difference.details}
    if difference.how == "added" or terms & set(DECIDED_BY_WORD):
        return Rank.BEHAVIOUR, "advice for readers, which is not decided about patients"
    if terms & GROUNDS:
        return Rank.EVIDENCE, "what the advice rests on"
    return Rank.EDITORIAL, "words"
