"""What an organisation changes of a guideline: the changes as they are written, and as applied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from guidegraph.entity import Code, Entity, Iri, Quantity, Ref, Text, many, of
from guidegraph.model.general import Header
from guidegraph.model.observables import Threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalAdaptation(Entity):
    """The header of an overlay: whose adaptation of which version of which guideline it is."""

    CLASS: ClassVar[str] = "gg:LocalAdaptation"

    adapts: Iri | None = of("gg:adapts")
    adapted_version: str = of("gg:adaptedVersion", "")
    upstream_folder: str | None = of("gg:upstreamFolder")
    description: Text = of("dcterms:description", Text())
    version: str = of("owl:versionInfo", "")
    namespace: str = of("vann:preferredNamespaceUri", "")
    prefix: str = of("vann:preferredNamespacePrefix", "")
    publisher: str | None = of("dcterms:publisher")
    created: str | None = of("dcterms:created")
    modified: str | None = of("dcterms:modified")
    review_by: str | None = of("gg:reviewBy")
    attributed_to: tuple[Ref, ...] = many("prov:wasAttributedTo")


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalChange(Entity):
    """One change; ``changes`` is the thing of the guideline that it is about."""

    CLASS: ClassVar[str] = "gg:LocalChange"

    rationale: Text = of("gg:rationale", Text())
    attributed_to: tuple[Ref, ...] = many("prov:wasAttributedTo")
    created: str | None = of("dcterms:created")

    @property
    def changes(self) -> Ref:
        """The local name of what is changed."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalSetting(LocalChange):
    """What is chosen for a site parameter, within what the guideline permits."""

    CLASS: ClassVar[str] = "gg:LocalSetting"

    site_parameter: Ref = of("gg:siteParameter")
    quantity: Quantity | None = of("gg:executableQuantity")
    coded_value: Ref | None = of("gg:codedValue")
    replaced_quantity: Quantity | None = of("gg:replacedQuantity")

    @property
    def changes(self) -> Ref:
        """The site parameter."""
        return self.site_parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdReplacement(LocalChange):
    """A number that runs in place of that of a threshold."""

    CLASS: ClassVar[str] = "gg:ThresholdReplacement"

    threshold: Ref = of("gg:threshold")
    quantity: Quantity = of("gg:executableQuantity")
    replaced_quantity: Quantity | None = of("gg:replacedQuantity")

    @property
    def changes(self) -> Ref:
        """The threshold."""
        return self.threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalException(LocalChange):
    """A condition under which a recommendation does not apply here."""

    CLASS: ClassVar[str] = "gg:LocalException"

    recommendation: Ref = of("gg:recommendation")
    exception: Ref = of("gg:exception")

    @property
    def changes(self) -> Ref:
        """The recommendation."""
        return self.recommendation


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalCalibration(LocalChange):
    """In what the local laboratory calibrates its results."""

    CLASS: ClassVar[str] = "gg:LocalCalibration"

    observable: Ref = of("gg:observable")
    calibration: Code = of("gg:calibration")

    @property
    def changes(self) -> Ref:
        """The observable."""
        return self.observable


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalThreshold(Threshold):
    """A limit of the organisation's own, for the conditions of its exceptions."""

    CLASS: ClassVar[str] = "gg:LocalThreshold"

    attributed_to: tuple[Ref, ...] = many("prov:wasAttributedTo")
    created: str | None = of("dcterms:created")


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """One change as it was applied: what the guideline says and what holds here, in words.

    ``is_permitted`` is whether the guideline leaves this choice to the site. ``is_in_force`` is
    false where the change could not take effect.
    """

    change: LocalChange
    upstream: str
    local: str
    is_permitted: bool = False
    is_in_force: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Adaptation:
    """What makes a guideline a local one: its adaptation, what it was before, every change.

    ``own`` are the names of things that only the adaptation describes.
    """

    header: LocalAdaptation
    upstream: Header
    changes: tuple[Applied, ...]
    own: frozenset[str]

    def of(self, name: str) -> Iterator[Applied]:
        """The changes of one thing."""
        return (each for each in self.changes if each.change.changes == name)

    @property
    def names(self) -> frozenset[str]:
        """The names of all that is local: described here, or changed here."""
        return self.own | {each.change.changes for each in self.changes if each.is_in_force}
