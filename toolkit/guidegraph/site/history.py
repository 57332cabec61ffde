"""What became of a guideline, version by version, as plain values that pages show.

Who makes a site compares the versions (``release.history``); the site only shows what was found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

EVENTS = {"added": "New", "removed": "Removed", "changed": "Changed", "renamed": "Renamed"}
"""What happens to things, as it stands in front of their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that is different since the version before.

    ``how`` is a key of ``EVENTS``, ``rank`` what the change asks of those who use the guideline
    (editorial, evidence, behaviour, breaking), ``effect`` the same in words. ``details`` are the
    properties that say something else, ``advice`` the recommendations that differ for somebody.
    """

    how: str
    name: str
    old_name: str
    label: str
    kind: str
    rank: str
    effect: str
    details: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """A recommendation that some patients get otherwise: what becomes of it, and for whom."""

    name: str
    title: str
    patients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version and what it changed. ``is_first`` says that nothing is known before it.

    ``is_released`` is false for the state a site is made from where nobody froze it. ``rank`` is
    the gravest class of its changes; ``partial`` says what could not be compared.
    """

    version: str
    date: str = ""
    title: str = ""
    before: str = ""
    is_first: bool = False
    is_released: bool = True
    rank: str = ""
    summary: tuple[str, ...] = ()
    affected: tuple[Affected, ...] = ()
    events: tuple[Event, ...] = ()
    partial: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """Something an earlier version had and this one has not.

    ``address`` is where the site showed it, ``version`` the last that had it, ``until`` the one
    that removed it, ``replaced_by`` the names of what took its place, ``reason`` why, where that is
    stated.
    """

    name: str
    iri: str
    label: str
    kind: str
    address: str
    version: str = ""
    until: str = ""
    replaced_by: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The versions of a guideline, the newest first; what is gone; pages that earlier sites had."""

    versions: tuple[Version, ...] = ()
    gone: tuple[Gone, ...] = ()
    pages: tuple[tuple[str, str], ...] = ()
    """Pages of earlier sites with the last version that had each."""

    @property
    def latest(self) -> Version | None:
        """The version the site is made from."""
        return self.versions[0] if self.versions else None

    def of(self, name: str) -> tuple[tuple[Version, Event], ...]:
        """What happened to a thing, the newest first; followed back through its renamings."""
        return tuple(self._of(name))

    def _of(self, name: str) -> Iterator[tuple[Version, Event]]:
        for version in self.versions:
            for event in version.events:
                if event.name == name:
                    yield version, event
                    name = event.old_name or name
                    break

    def affecting(self, name: str) -> tuple[tuple[Version, Affected], ...]:
        """In which versions a recommendation came to apply to other patients, the newest first."""
        return tuple(
            (version, each)
            for version in self.versions
            for each in version.affected
            if each.name == name
        )
