"""What a target makes of a guideline, kept by all that it can see.

A target that asks what the evidence says, or for the statements of the files, is made anew.
"""

from __future__ import annotations

from typing import Any, cast

from guidegraph.cache.store import Cache
from guidegraph.cache.toolkit import digest
from guidegraph.cache.visible import Visible
from guidegraph.export import Artifact, Exporter, ExportInput, Gap, gaps

Made = tuple[list[Artifact], tuple[Gap, ...]]


def exported(exporter: Exporter, given: ExportInput, visible: Visible, cache: Cache | None) -> Made:
    """The files of a target and what they leave out, from the cache where they are there."""
    if cache is None or visible.key is None:
        return _made(exporter, given)
    key = digest(
        visible.key, *(f"{point}={held}" for point, held in given.program.readings.items())
    )
    stage = f"target-{exporter.name}"
    if (told := cast("Any", cache.get(stage, key))) is not None:
        files, missing = told
        return [Artifact(*each) for each in files], tuple(Gap(*each) for each in missing)
    try:
        made, missing = _made(exporter, _seen(given, visible))
    except AttributeError:  # the target looked at more: then its files are not kept
        return _made(exporter, given)
    files = [[each.path, each.text] for each in made]
    cache.put(stage, key, [files, [[each.target, each.subject, each.what] for each in missing]])
    return made, missing


def _made(exporter: Exporter, given: ExportInput) -> Made:
    return list(exporter.export(given)), gaps(exporter, given)


def _seen(given: ExportInput, visible: Visible) -> ExportInput:
    """The same with what can be seen, and without sources."""
    seen = object.__new__(ExportInput)
    object.__setattr__(seen, "guideline", visible.guideline)
    object.__setattr__(seen, "program", given.program)
    return seen
