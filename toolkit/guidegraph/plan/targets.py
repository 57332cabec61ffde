"""Which targets come out otherwise: what they would write, told apart by hash."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from guidegraph.lower import lower
from guidegraph.model import Guideline

EVERY_STATEMENT = ("graph",)
"""Targets that write every statement of the files: they change with anything."""
SLOW = ("pictures",)
"""Targets that take longer than all others together; compared when asked for."""


def digests(guideline: Guideline, readings: Mapping[str, str], slow: bool) -> dict[str, str]:
    """A hash of all files of each target."""
    from guidegraph.export import EXPORTERS, ExportInput  # it takes long, and not all need it

    given = ExportInput(guideline=guideline, program=lower(guideline, readings))
    found = {}
    for each in EXPORTERS:
        if each.name not in EVERY_STATEMENT and (slow or each.name not in SLOW):
            total = sha256()
            for artifact in each.export(given):
                total.update(f"{artifact.path}\0{artifact.text}\0".encode())
            found[each.name] = total.hexdigest()
    return found


def compare_targets(
    old: Mapping[str, str], new: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The targets that come out otherwise, and those that do not, of those compared."""
    if not (old and new):
        return EVERY_STATEMENT, ()
    changed = [name for name in new if old.get(name) != new[name]]
    return (*EVERY_STATEMENT, *changed), tuple(each for each in new if each not in changed)


def not_compared(slow: bool, old: Mapping[str, str], new: Mapping[str, str]) -> tuple[str, ...]:
    """The targets that were not compared: all of them where one version cannot be run."""
    if not (old and new):
        from guidegraph.export import EXPORTERS

        return tuple(each.name for each in EXPORTERS if each.name not in EVERY_STATEMENT)
    return () if slow else SLOW
