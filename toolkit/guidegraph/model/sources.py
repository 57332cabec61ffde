"""The sources of a guideline: documents, passages, references; where they are unclear or wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from guidegraph.entity import Code, Entity, Part, Ref, Text, many, of


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument(Entity):
    """A document quoted or cited, in a stated version."""

    CLASS: ClassVar[str] = "gg:SourceDocument"

    title: Text = of("dcterms:title", Text())
    identifiers: tuple[str, ...] = many("dcterms:identifier")
    citation: str = of("dcterms:bibliographicCitation", "")
    publication_status: Code | None = of("gg:publicationStatus")
    sha256: str | None = of("schema:sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector(Part):
    """Where a passage stands: code points from ``start`` to ``end``, and the hash of its text."""

    CLASS: ClassVar[str] = "oa:TextPositionSelector"

    start: int = of("oa:start")
    end: int = of("oa:end")
    sha256: str = of("schema:sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePassage(Entity):
    """A passage of a source: where it stands and the figures printed in it, never its words."""

    CLASS: ClassVar[str] = "gg:SourcePassage"

    document: Ref = of("oa:hasSource")
    locator: str = of("bibo:locator", "")
    selectors: tuple[Selector, ...] = many("oa:hasSelector")
    reported_texts: tuple[str, ...] = many("gg:reportedText")


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation(Entity):
    """One numbered reference of a source document and what it points to.

    An external one is the encoders' own: no document contains it.
    """

    CLASS: ClassVar[str] = "gg:Citation"

    citing: Ref | None = of("cito:hasCitingEntity")
    cited: Ref | None = of("cito:hasCitedEntity")


@dataclass(frozen=True, slots=True, kw_only=True)
class InterpretationPoint(Entity):
    """A phrase of the source with several defensible meanings; one reading is the default."""

    CLASS: ClassVar[str] = "gg:InterpretationPoint"

    readings: tuple[Ref, ...] = many("gg:hasReading")
    default_reading: Ref = of("gg:defaultReading")
    rationale: Text = of("gg:rationale", Text())
    attributed_to: tuple[Ref, ...] = many("prov:wasAttributedTo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Entity):
    """One meaning of an interpretation point, and the criteria it selects."""

    CLASS: ClassVar[str] = "gg:Reading"

    selects: tuple[Ref, ...] = many("gg:selects")


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy(Entity):
    """A recorded error, gap, contradiction or ambiguity of the source, with what was decided."""

    CLASS: ClassVar[str] = "gg:Discrepancy"

    discrepancy_type: Code = of("gg:discrepancyType")
    concerns: tuple[Ref, ...] = many("gg:concerns")
    resolution: Text = of("gg:resolution", Text())
    rationale: Text = of("gg:rationale", Text())
    attributed_to: tuple[Ref, ...] = many("prov:wasAttributedTo")
