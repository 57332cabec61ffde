"""What the shapes found in an earlier build, so that only what was edited is judged anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from guidegraph.cache.reading import Files, term, written
from guidegraph.cache.store import Cache
from guidegraph.cache.toolkit import toolkit
from guidegraph.check.edited import Edit, results_after
from guidegraph.check.validation import Result, validated
from guidegraph.read import Sources

STAGE = "shapes"
_FAULTS = (AttributeError, IndexError, KeyError, TypeError, ValueError)


@dataclass(slots=True)
class Shapes:
    """The results of the shapes, and in which files; ``keep`` is for the next build."""

    cache: Cache
    files: Files
    _found: tuple[Result, ...] | None = field(default=None, init=False)

    def validated(self, sources: Sources) -> tuple[Result, ...]:
        """``check.validation.validated``, from the results of an earlier build and what differs."""
        self._found = self._after(sources) if self.files.is_whole else None
        if self._found is None:
            self._found = validated(sources)
        return self._found

    def keep(self) -> None:
        """Keep what was found, if all of the guideline could be read."""
        if self._found is None or not self.files.is_whole:
            return
        keys = {stage: key for stage, (key, _) in self.files.sound.items()}
        results = sorted([written(each) for each in _terms(one)] for one in self._found)
        self.cache.put(STAGE, toolkit(), [keys, results])

    def _after(self, sources: Sources) -> tuple[Result, ...] | None:
        """The results by way of those of an earlier build; None where there are none."""
        if (told := self.cache.get(STAGE, toolkit())) is None:
            return None
        try:
            keys, results = cast("Any", told)
            before = [_result(each) for each in results]
            edit = self._edit(sources, keys)
        except _FAULTS:
            self.cache.drop(STAGE)
            return None
        return results_after(edit, before, sources.ontology) if edit else None

    def _edit(self, sources: Sources, keys: dict[str, str]) -> Edit | None:
        """What differs from the earlier build; None where that cannot be told."""
        now = self.files.sound
        if keys.keys() != now.keys():
            return None
        files = []
        for stage, (key, parsed) in now.items():
            if keys[stage] == key:
                continue
            if (earlier := self.files.kept(stage, keys[stage])) is None:
                return None
            files.append((earlier.places.keys(), parsed.places.keys()))
        return Edit.between(sources.graph, files)


def _terms(result: Result) -> Iterable[Any]:
    value = () if result.value is None else (result.value,)
    return (result.shape, result.component, result.focus, *value)


def _result(told: list[list[str]]) -> Result:
    shape, component, focus, *value = (term(*each) for each in told)
    return Result(shape, component, focus, value[0] if value else None)
