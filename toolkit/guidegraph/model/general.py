"""The guideline itself, and what everything else speaks of: moments, agents, concepts, codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from guidegraph.entity import Entity, Iri, QuantityRange, Ref, Text, many, of


@dataclass(frozen=True, slots=True, kw_only=True)
class Header(Entity):
    """The guideline itself: title, version, dates, licence, intended use."""

    CLASS: ClassVar[str] = "gg:Guideline"

    title: Text = of("dcterms:title", Text())
    description: Text = of("dcterms:description", Text())
    version: str = of("owl:versionInfo", "")
    namespace: str = of("vann:preferredNamespaceUri", "")
    prefix: str = of("vann:preferredNamespacePrefix", "")
    issued: str | None = of("dcterms:issued")
    modified: str | None = of("dcterms:modified")
    review_by: str | None = of("gg:reviewBy")
    license: Iri | None = of("dcterms:license")
    creators: tuple[str, ...] = many("dcterms:creator")
    publisher: str | None = of("dcterms:publisher")
    jurisdiction: Text = of("dcterms:spatial", Text())
    intended_use: Text = of("gg:intendedUse", Text())
    sources: tuple[Ref, ...] = many("dcterms:source")
    reference_anchor: Ref | None = of("gg:referenceAnchor")
    publishes_simulator: bool = of("gg:publishesSimulator", True)
    problems_to: Iri | None = of("gg:problemsTo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor(Entity):
    """A moment in a patient's course from which times are counted (admission)."""

    CLASS: ClassVar[str] = "gg:Anchor"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWindow(Entity):
    """A stretch of time counted from the reference anchor; its ends are whole minutes."""

    CLASS: ClassVar[str] = "gg:TimeWindow"

    time_range: QuantityRange = of("gg:timeRange")
    rationale: Text = of("gg:rationale", Text())


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent(Entity):
    """Who encoded, judged or reviewed something."""

    CLASS: ClassVar[str] = "prov:Agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept(Entity):
    """A disease, substance, exposure or outcome that other things are about."""

    CLASS: ClassVar[str] = "skos:Concept"

    matches: tuple[Iri, ...] = many("skos:exactMatch")
    broader: tuple[Ref, ...] = many("skos:broader")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedValue(Concept):
    """One value of a coded observable or site parameter; its notation is what patient files use."""

    CLASS: ClassVar[str] = "gg:CodedValue"

    @property
    def wire_code(self) -> str:
        """The string that stands for this value in patient files and targets."""
        return self.notation[0] if self.notation else self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTerm(Entity):
    """A term of one of the ontology's code lists, with its label and, for modalities, its norm.

    ``schemes`` are the lists it belongs to; ``allows`` are the judgements of a domain of appraisal.
    """

    norm: str | None = None
    rank: int | None = None
    schemes: tuple[str, ...] = ()
    allows: tuple[str, ...] = ()
