"""What is left of things that a guideline no longer has: names are never used again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from guidegraph.entity import Entity, Iri, Ref, Text, many, of


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(Entity):
    """A name that stood for something and stands for nothing now; nothing may refer to it.

    ``former_class`` is what it was, ``version`` the last version it was in, ``replaced_by`` what
    took its place.
    """

    CLASS: ClassVar[str] = "gg:Withdrawn"

    former_class: Iri = of("gg:formerClass")
    version: str | None = of("owl:versionInfo")
    replaced_by: tuple[Ref, ...] = many("dcterms:isReplacedBy")
    rationale: Text = of("gg:rationale", Text())
