"""What is local is said in the words of the guideline, so that no target and no page hides it.

Three marks: of what the adaptation describes or sets, of recommendations with an added exception,
and of all that rests on a replaced limit, because its own words may still name the other number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from guidegraph.criteria import Criterion, ScoreItem
from guidegraph.entity import Entity, Text, references
from guidegraph.model import (
    Adaptation,
    Branch,
    ClinicalDefinition,
    DecisionNode,
    Guideline,
    LocalException,
    Observable,
    Population,
    Recommendation,
    SiteParameter,
    Threshold,
    ThresholdReplacement,
)

Words = Mapping[str, str]
LOCAL: Words = {"en": "local", "nl": "lokaal"}
EXCEPTED: Words = {"en": "with a local exception", "nl": "met een lokale uitzondering"}
RESTING: Words = {"en": "a limit is replaced locally", "nl": "een grens is lokaal vervangen"}
MARKED = (Criterion, Threshold, SiteParameter, Observable)
"""What is marked as local where the adaptation describes or sets it."""
CALIBRATED = Observable
"""A changed calibration is no other observable, so its own words stay."""
ON_LIMITS = (
    Criterion,
    ScoreItem,
    Population,
    ClinicalDefinition,
    Recommendation,
    DecisionNode,
    Branch,
)
"""What can rest on a limit."""
RESTS_BY = frozenset(
    {
        "gg:threshold",
        "gg:lowThreshold",
        "gg:highThreshold",
        "gg:operand",
        "gg:scoreItem",
        "gg:definingCriterion",
        "gg:appliesTo",
        "gg:condition",
        "gg:exception",
        "gg:reinforcedBy",
        "gg:recommendation",
        "gg:branchCriterion",
        "gg:hasBranch",
    }
)
"""The properties by which one thing rests on another."""


def marked(guideline: Guideline, adaptation: Adaptation) -> Iterator[Entity]:
    """Every thing whose words say that it is local, or rests on what is, as it is then."""
    in_force = [each.change for each in adaptation.changes if each.is_in_force]
    changed = {each.changes for each in in_force}
    excepted = {each.changes for each in in_force if isinstance(each, LocalException)}
    replaced = {each.changes for each in in_force if isinstance(each, ThresholdReplacement)}
    resting = _resting(guideline, replaced)
    for name, each in guideline.entities.items():
        is_set = name in changed and not isinstance(each, CALIBRATED)
        if isinstance(each, MARKED) and (name in adaptation.own or is_set):
            yield _mark(each, LOCAL)
        elif name in resting and name in excepted:
            yield _mark(_mark(each, EXCEPTED), RESTING)
        elif name in excepted:
            yield _mark(each, EXCEPTED)
        elif name in resting:
            yield _mark(each, RESTING)


def _resting(guideline: Guideline, replaced: Collection[str]) -> frozenset[str]:
    """All that rests on one of these limits, directly or through others."""
    users: dict[str, list[Entity]] = {}
    for each in guideline.entities.values():
        for term, name in references(each) if isinstance(each, ON_LIMITS) else ():
            if term in RESTS_BY:
                users.setdefault(name, []).append(each)
    found: set[str] = set()
    ahead = list(replaced)
    while ahead:
        for each in users.get(ahead.pop(), ()):
            if each.id not in found:
                found.add(each.id)
                ahead.append(each.id)
    return frozenset(found)


def _mark(thing: Entity, words: Words) -> Entity:
    """The thing with these words in brackets behind its label and its question."""
    label = thing.label or Text((("en", thing.id),))
    new = replace(thing, label=_after(label, words))
    if isinstance(new, DecisionNode):
        return replace(new, question=_after(new.question, words))
    return new


def _after(text: Text, words: Words) -> Text:
    said = ((tag, f"{each} ({words.get(tag, words['en'])})") for tag, each in text.words)
    return Text(tuple(said))
