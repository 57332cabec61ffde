"""What depends on a piece of evidence, and what would remain if it were taken away.

Something is *removed* (a study, document, claim, passage, threshold: anything of the guideline).
Everything else is then *lost*, *weakened* or untouched; a thing that is lost takes others with it,
until nothing changes any more. A thing is

- lost, if all of what it cannot do without is lost. A passage, a printed table and a citation
  cannot do without their document; a study without a paper that reports it (one of several is
  enough; if none is named, without a passage that tells of it); an arm and an assay without their
  study. A claim cannot do without the study it is about, without one of the citations it gives and
  without one of its passages: what cites several papers is not lost with one of them, for the
  others may say it as well, but what is about one study is lost with that study. A number is lost
  with its claim, with a group it was measured in or the assay; a relation with its evidence or its
  target; a causal step when every claim that asserts it is. A recommendation, threshold, setting or
  definition is lost when no source prints it any more (one from outside: when every work it cites
  is gone), never because its evidence goes.
- weakened, if it stays and rests on less: one of several is gone, or what it needs is itself
  weakened; a claim, threshold or recommendation that loses a claim which supports it (Supports,
  PartlySupports); a rule (criterion, population, step, definition) that refers to something lost or
  weakened; a step of a pathway that carries out a weakened recommendation; an appraisal of what is
  touched. The other bearings (Disputes, Qualifies, Restates, SameStudy, Inconclusive,
  ComparableWith) support nothing, so that losing one weakens nobody.

The support of a recommendation is counted in claims and studies: the claims that bear on it by
Supports or PartlySupports, the claims that support these, and the studies they are about. It says
nothing about how good they are. Removing more never leaves more support; removing nothing changes
nothing; what remains is what the guideline without all that is lost has. Discrepancies, omissions
and accepted findings record facts about the sources; they rest on nothing.

If something is not taken away but downgraded or corrected, the same things depend on it: they are
to be looked at again, and what would remain without it says how much depends on that look.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from guidegraph.impact.naming import UnknownThingError, find
from guidegraph.impact.rests import Rest, rests
from guidegraph.impact.spread import Spread, Step, spread
from guidegraph.impact.support import Support, supports
from guidegraph.model import Guideline

CHANGES = ("retracted", "withdrawn", "downgraded", "corrected")
REMOVING = ("retracted", "withdrawn")
"""The changes after which it counts no more; after the others it is to be looked at again."""

Verdict = Literal["nothing", "less", "weaker"]


@dataclass(frozen=True, slots=True)
class Remaining:
    """A recommendation whose support is touched: what it was, and what of it remains.

    ``verdict``: ``nothing`` remains; ``less``; or as many as before, some of them ``weaker``.
    """

    recommendation: str
    before: Support
    after: Support
    weakened: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """How bad it is."""
        if not self.after.claims:
            return "nothing"
        return "less" if self.before != self.after else "weaker"


@dataclass(frozen=True, slots=True)
class Impact:
    """What depends on ``removed``: ``spread`` says what and why, ``remaining`` what is left."""

    removed: tuple[str, ...]
    spread: Spread
    remaining: tuple[Remaining, ...]

    @property
    def lost(self) -> tuple[str, ...]:
        """What would be lost, without what was removed itself, in the order of the files."""
        return tuple(name for name, step in self.spread.lost.items() if step)

    @property
    def weakened(self) -> tuple[str, ...]:
        """What would be weakened, in the order of the files."""
        return tuple(self.spread.weakened)

    @property
    def dependants(self) -> tuple[str, ...]:
        """All that is touched."""
        return (*self.lost, *self.weakened)


class Dependencies:
    """What rests on what in one guideline; worked out once, for as many questions as there are."""

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline
        self.resting = rests(guideline)
        self.supports = supports(guideline)

    def impact(self, removed: Iterable[str]) -> Impact:
        """What depends on these things together."""
        names = tuple(dict.fromkeys(removed))
        found = spread(self.resting, names)
        order = {name: place for place, name in enumerate(self.guideline.entities)}
        lost = dict(sorted(found.lost.items(), key=lambda each: order[each[0]]))
        weakened = dict(sorted(found.weakened.items(), key=lambda each: order[each[0]]))
        return Impact(names, Spread(lost, weakened), tuple(self._remaining(found)))

    def _remaining(self, found: Spread) -> Iterable[Remaining]:
        left = supports(self.guideline, found.lost)
        for name, before in self.supports.items():
            if name not in left:
                continue
            weakened = tuple(each for each in left[name].claims if each in found.weakened)
            if before != left[name] or weakened:
                yield Remaining(name, before, left[name], weakened)


def impact(guideline: Guideline, removed: Iterable[str]) -> Impact:
    """What depends on these things (local names) of a guideline."""
    return Dependencies(guideline).impact(removed)


__all__ = [
    "CHANGES",
    "REMOVING",
    "Dependencies",
    "Impact",
    "Remaining",
    "Rest",
    "Spread",
    "Step",
    "Support",
    "UnknownThingError",
    "Verdict",
    "find",
    "impact",
    "rests",
    "spread",
    "supports",
]
