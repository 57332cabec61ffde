"""The guideline as it holds in one organisation: every change applied, everything local marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from guidegraph.diagnostic import Diagnostic, in_order
from guidegraph.entity import Entity, Text
from guidegraph.model import (
    Adaptation,
    Applied,
    Guideline,
    Header,
    LocalAdaptation,
    LocalCalibration,
    LocalChange,
    LocalException,
    LocalSetting,
    ThresholdReplacement,
)
from guidegraph.overlay import faults
from guidegraph.overlay.calibration import calibration
from guidegraph.overlay.effects import Effect, exception, replacement, setting
from guidegraph.overlay.marks import marked


def apply(guideline: Guideline) -> tuple[Guideline, tuple[Diagnostic, ...]]:
    """The local guideline, and what is to be said of its changes.

    ``guideline`` was read together with an overlay. Nothing is raised: a change that cannot take
    effect (because what it changes is not there, or as a finding says) leaves the guideline as it
    is. Without an adaptation, or with one of another guideline, nothing is applied.
    """
    headers = guideline.all(LocalAdaptation)
    if len(headers) != 1:
        return guideline, ()
    header = headers[0]
    if header.adapts is None:
        return guideline, ()
    if header.adapts != guideline.header.iri:
        return guideline, (faults.other_guideline(header, guideline.header),)
    work = _Application(guideline, header)
    work.run()
    return work.result(), in_order(work.findings)


@dataclass(slots=True)
class _Application:
    """One adaptation being applied, change by change."""

    guideline: Guideline
    header: LocalAdaptation
    findings: list[Diagnostic] = field(default_factory=list)
    applied: list[Applied] = field(default_factory=list)

    def run(self) -> None:
        """Apply every change; calibrations last, because they ask what has been replaced."""
        upstream = self.guideline.header
        if self.header.adapted_version and self.header.adapted_version != upstream.version:
            self.findings.append(faults.other_version(self.header, upstream))
        changes = list(self._distinct())
        for change in changes:
            if not isinstance(change, LocalCalibration):
                self._take(self._effect(change))
        for change in changes:
            if isinstance(change, LocalCalibration):
                self._take(calibration(self.guideline, change, self._replaced(), self.own))

    def _distinct(self) -> Iterator[LocalChange]:
        """Every change, but of two that change the same thing only the first."""
        seen: dict[tuple[object, ...], LocalChange] = {}
        for change in self.guideline.all(LocalChange):
            condition = change.exception if isinstance(change, LocalException) else None
            first = seen.setdefault((type(change), change.changes, condition), change)
            if first is change:
                yield change
            elif thing := self.guideline.entities.get(change.changes):
                self.findings.append(faults.twice(change, first, thing))

    def _effect(self, change: LocalChange) -> Effect | None:
        match change:
            case LocalSetting():
                return setting(self.guideline, change)
            case ThresholdReplacement():
                return replacement(self.guideline, change)
            case LocalException():
                return exception(self.guideline, change)
            case _:
                return None

    def _take(self, effect: Effect | None) -> None:
        if effect is None:
            return
        self.findings += effect.findings
        self.applied.append(effect.applied)
        space = self.header.namespace
        named = (each if each.iri else replace(each, iri=space + each.id) for each in effect.things)
        self._put({each.id: each for each in named})

    def _put(self, things: Mapping[str, Entity]) -> None:
        self.guideline = replace(self.guideline, entities={**self.guideline.entities, **things})

    def _replaced(self) -> frozenset[str]:
        """The thresholds that have been replaced."""
        found = (each.change for each in self.applied)
        return frozenset(each.changes for each in found if isinstance(each, ThresholdReplacement))

    @property
    def own(self) -> frozenset[str]:
        """The names of all that the adaptation describes."""
        space = self.header.namespace
        mine = (
            name
            for name, each in self.guideline.entities.items()
            if space and each.iri.startswith(space)
        )
        return frozenset(mine)

    def result(self) -> Guideline:
        """The guideline with its changes, its marks, and a header that says whose it is."""
        order = {each.id: place for place, each in enumerate(self.guideline.all(LocalChange))}
        adaptation = Adaptation(
            header=self.header,
            upstream=self.guideline.header,
            changes=tuple(sorted(self.applied, key=lambda each: order[each.change.id])),
            own=self.own,
        )
        self._put({each.id: each for each in marked(self.guideline, adaptation)})
        header = local_header(self.guideline.header, self.header)
        self._put({header.id: header})
        return replace(self.guideline, header=header, adaptation=adaptation)


def local_header(upstream: Header, adaptation: LocalAdaptation) -> Header:
    """The header of the local guideline: whose it is, and of what it is an adaptation."""
    whose = adaptation.publisher or str(adaptation.label)
    about = (
        f"Local adaptation of “{upstream.title or upstream.label}”, version {upstream.version}, by "
        f"{whose}. What is local is marked as such; all else is as in the guideline."
    )
    own = str(adaptation.description)
    return replace(
        upstream,
        iri=adaptation.iri,
        at=adaptation.at,
        places=adaptation.places,
        label=adaptation.label,
        title=adaptation.label,
        description=Text((("en", f"{about} {own}".strip()),)),
        version=adaptation.version,
        namespace=adaptation.namespace or upstream.namespace,
        prefix=adaptation.prefix or upstream.prefix,
        issued=adaptation.created,
        modified=adaptation.modified or adaptation.created,
        review_by=adaptation.review_by or upstream.review_by,
        publisher=adaptation.publisher,
        status=adaptation.status,
    )
