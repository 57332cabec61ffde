"""What a guideline claims of itself, so that it can be proved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from guidegraph.entity import Code, Entity, Ref, Text, many, of


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationLevel(Entity):
    """Actions that count as equally much advice; higher positions are more."""

    CLASS: ClassVar[str] = "gg:ObligationLevel"

    position: int = of("schema:position")
    actions: tuple[Ref, ...] = many("gg:recommendsAction")


@dataclass(frozen=True, slots=True, kw_only=True)
class MonotonicityObligation(Entity):
    """The claim that who is further in one direction of an observable never gets less advice.

    ``concerns`` are the recommendations and groups it speaks of; all if there are none.
    """

    CLASS: ClassVar[str] = "gg:MonotonicityObligation"

    observable: Ref = of("gg:observable")
    monotonic_direction: Code = of("gg:monotonicDirection", Code("NonDecreasing"))
    levels: tuple[Ref, ...] = many("gg:hasLevel")
    concerns: tuple[Ref, ...] = many("gg:concerns")
    rationale: Text = of("gg:rationale", Text())
    attributed_to: tuple[Ref, ...] = many("prov:wasAttributedTo")
