"""The releases there are already, in the folder that releases are written to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from guidegraph.errors import ReadError
from guidegraph.release.archive import opened
from guidegraph.release.record import RECORD, Record, read_record

GUIDELINE = "guideline"
"""The folder of a release that holds the guideline's files as they were."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A release that was made before, and where it is."""

    path: Path
    record: Record


def release_at(path: Path) -> Earlier:
    """The release in a folder or zip file.

    Raises:
        ReadError: if it is none.
    """
    with opened(path) as store:
        return Earlier(path, read_record(store.record(), store.place))


def releases_in(folder: Path) -> Iterator[Earlier]:
    """Every release directly below a folder; what is none is passed over."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if (path / RECORD).is_file() or (path.suffix == ".zip" and path.is_file()):
            try:
                yield release_at(path)
            except ReadError:
                continue


def highest(found: Iterable[Earlier]) -> Earlier | None:
    """The release with the highest version; a folder rather than its zip."""
    best = None
    for each in found:
        if best is None or each.record.version.follows(best.record.version):
            best = each
    return best
