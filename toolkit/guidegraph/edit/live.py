"""A folder as it is saved and as it is drafted: checked, lifted and compared while people type.

Everything is as `guidegraph check` and `guidegraph plan` say it. What makes it quick is that little
changes from one look to the next: only files with another text are read, only what they may concern
is judged by the shapes, and only what they describe is lifted anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from rdflib import URIRef
from rdflib.term import Node

from guidegraph import pipeline
from guidegraph.check.edited import Edit, results_after
from guidegraph.check.validation import Result, validated
from guidegraph.collecting import without_collecting
from guidegraph.diagnostic import Diagnostic
from guidegraph.edit.state import Signature, signature
from guidegraph.entity import Entity
from guidegraph.lift import NAMESPACE, NOTATION
from guidegraph.model import Guideline
from guidegraph.plan.behaviour import Comparison
from guidegraph.plan.people import Kept, compare_cases
from guidegraph.plan.plan import Plan, compare
from guidegraph.read import Sources, Triple
from guidegraph.read.recovery import Recovered, recover

NOTHING: Mapping[str, str] = MappingProxyType({})
TEXTS = 8
"""So many texts of one file are remembered: steps are undone and done again."""
LOOKS = 3
"""So many looks are remembered: what was checked while somebody typed is often recorded next."""


@dataclass(frozen=True, eq=False)
class Looked:
    """What was found in the texts of a folder."""

    sources: Sources
    guideline: Guideline | None
    findings: tuple[Diagnostic, ...]


@dataclass(slots=True)
class _Look:
    """One look while it is taken, and what the next one can use of it."""

    files: dict[str, Recovered] = field(default_factory=dict)
    results: tuple[Result, ...] = ()
    entities: Mapping[str, Entity] = field(default_factory=dict)
    told: frozenset[str | None] = frozenset()

    def changed_since(self, before: _Look) -> list[tuple[Set[Triple], Set[Triple]]]:
        """What each file that was another one said then, and what it says now."""
        return [
            (_said(one), _said(other))
            for file in {**before.files, **self.files}
            for one, other in [(before.files.get(file), self.files.get(file))]
            if one is not other
        ]


def _said(found: Recovered | None) -> Set[Triple]:
    return found.parsed.places.keys() if found else frozenset()


class Live:
    """One open folder. It is not safe for threads: who asks waits for the one before."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._names: dict[str, str] = {}
        self._texts: dict[str, dict[str, Recovered]] = {}
        self._before: _Look | None = None
        self._looked: dict[tuple[Signature, frozenset[tuple[str, str]]], Looked] = {}
        self._decided = Kept()

    def look(self, texts: Mapping[str, str] = NOTHING) -> Looked:
        """The folder, with some of its files (by relative path) as they are drafted."""
        asked = signature(self.folder), frozenset(texts.items())
        found = self._looked.pop(asked, None) or self._look(texts)
        self._looked[asked] = found
        while len(self._looked) > LOOKS:
            del self._looked[next(iter(self._looked))]
        return found

    def _look(self, texts: Mapping[str, str]) -> Looked:
        now = _Look()
        drafted = {
            self.folder / file: text.encode("utf-8", "surrogateescape")
            for file, text in texts.items()
        }
        ways = pipeline.Ways(
            recover=lambda text, file, _: self._recovered(now, text, file),
            validated=lambda sources: self._validated(now, sources),
            known=lambda _: self._known(now),
            drafted=drafted,
        )
        with without_collecting():
            loaded = pipeline.load(self.folder, ways=ways)
        now.entities = loaded.guideline.entities if loaded.guideline else {}
        now.told = frozenset(each.subject for each in loaded.findings)
        self._before = now
        return Looked(loaded.sources, loaded.guideline, loaded.findings)

    def plan(self, saved: Looked, drafted: Looked, *, everywhere: bool = True) -> Plan | None:
        """What is different from what is saved, and for whom; None where one is no guideline.

        Unless ``everywhere``, only under the default readings, which takes a fraction of the time.
        Where nothing is drafted, the cases are decided about all the same: the next plan needs it.
        """
        if saved.guideline is None or drafted.guideline is None:
            return None
        with without_collecting():
            if drafted is saved:
                same = Comparison(saved.guideline, saved.guideline, (), everywhere=False)
                compare_cases(same, saved.guideline, self.folder, (), self._decided)
            return compare(
                saved.guideline,
                drafted.guideline,
                folder=self.folder,
                everywhere=everywhere,
                kept=self._decided,
            )

    def _recovered(self, now: _Look, text: str, file: str) -> Recovered:
        own = self._names.setdefault(file, f"f{len(self._names):04}")  # whatever its place now
        known = self._texts.setdefault(file, {})
        found = known.pop(text, None) or recover(text, file, own)
        known[text] = found
        while len(known) > TEXTS:
            del known[next(iter(known))]
        now.files[file] = found
        return found

    def _validated(self, now: _Look, sources: Sources) -> tuple[Result, ...]:
        if self._before is None:
            now.results = validated(sources)
        else:
            edit = Edit.between(sources.graph, now.changed_since(self._before))
            now.results = results_after(edit, self._before.results, sources.ontology)
        return now.results

    def _known(self, now: _Look) -> Mapping[Node, Entity]:
        """What was lifted before, stands where it stood, and had no finding."""
        before = self._before
        if before is None:
            return {}
        things = {URIRef(each.iri): each for each in before.entities.values()}
        # Every statement of such a file counts: its place may be another, too.
        touched = {each for pair in now.changed_since(before) for side in pair for each in side}
        for subject, predicate, _ in touched:
            # The names of all things rest on the one, those with a unit of one's own on the other.
            if predicate == NAMESPACE or (predicate == NOTATION and subject not in things):
                return {}
        subjects = {each[0] for each in touched}
        return {
            subject: each
            for subject, each in things.items()
            if subject not in subjects and each.id not in before.told
        }
