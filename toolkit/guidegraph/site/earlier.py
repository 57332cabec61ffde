"""What of an earlier build can stay: pages made of the same values by the same toolkit.

A page is told by the digest of its values and of all that pages share (configuration, theme, code,
versions). Its two files stay where they are if they still have the hashes they were written with;
so a build that was broken off, or a folder that somebody changed, does no harm.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from guidegraph.cache import Cache, digest, toolkit
from guidegraph.site.blocks import Page

STAGE = "pages"
_LINK = re.compile(r"\]\s*[(\[:]")
"""How Markdown of ours may link or refer. mkdocs looks such links up among all other pages."""


@dataclass(slots=True)
class Earlier:
    """The pages of a build folder, by their keys. ``shared`` is the digest of what all share.

    Without a cache nothing is known and nothing is kept.
    """

    output: Path
    cache: Cache | None
    shared: str
    known: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, output: Path, cache: Cache | None, *shared: str) -> Earlier:
        """What is known of the pages in ``output``."""
        found = cls(output, cache, digest(toolkit(), *shared))
        told = cache.get(STAGE, found.shared) if cache else None
        if isinstance(told, dict) and _is_plain(output / "pages") and _is_plain(output / "site"):
            found.known = {
                path: (entry[0], entry[1], entry[2])
                for path, entry in told.items()
                if isinstance(entry, list) and len(entry) == 3
            }
        return found

    def still_fit(self, pages: Iterable[Page]) -> frozenset[str]:
        """The addresses of the pages that are there as they would be made again."""
        self.keys = {each.path: digest(repr(each)) for each in pages} if self.cache else {}
        return frozenset(path for path, key in self.keys.items() if self._fits(path, key))

    def remember(self) -> None:
        """Keep what the pages were made of, for the next build.

        Pages with links that mkdocs looks up are left out: these links depend on other pages.
        """
        if self.cache is None:
            return
        entries = {
            path: [key, *self._hashes(path)]
            for path, key in self.keys.items()
            if not _LINK.search(self._files(path)[0].read_text("utf-8"))
        }
        self.cache.put(STAGE, self.shared, entries)

    def forget(self) -> None:
        """Keep nothing: mkdocs has warned, and must do so again."""
        if self.cache is not None:
            self.cache.drop(STAGE)

    def _fits(self, path: str, key: str) -> bool:
        known = self.known.get(path)
        return known is not None and known[0] == key and self._hashes(path) == list(known[1:])

    def _hashes(self, path: str) -> list[str]:
        """The hashes of the Markdown and the HTML of a page; empty where a file is missing."""
        try:
            return [hashlib.sha256(file.read_bytes()).hexdigest() for file in self._files(path)]
        except OSError:
            return ["", ""]

    def _files(self, path: str) -> tuple[Path, Path]:
        return self.output / "pages" / source(path), self.output / "site" / path


def source(path: str) -> str:
    """The Markdown file behind an address."""
    return path.removesuffix(".html") + ".md"


def sweep(folder: Path, wanted: Collection[str]) -> None:
    """Remove everything below a folder but the files that are wanted, given by their paths."""
    for place, folders, files in os.walk(folder, topdown=False):
        inside = Path(place).relative_to(folder)
        for name in files:
            if (inside / name).as_posix() not in wanted:
                (Path(place) / name).unlink()
        for name in folders:
            below = Path(place) / name
            if not any(below.iterdir()):
                below.rmdir()


def move_over(fresh: Path, folder: Path) -> None:
    """Move every file below ``fresh`` to the same place below ``folder``."""
    for place, _, files in os.walk(fresh):
        target = folder / Path(place).relative_to(fresh)
        target.mkdir(parents=True, exist_ok=True)
        for name in files:
            (Path(place) / name).replace(target / name)
    shutil.rmtree(fresh)


def _is_plain(folder: Path) -> bool:
    """Whether a folder holds files and folders, and no link to elsewhere."""
    return not folder.is_symlink() and not any(
        Path(place, name).is_symlink()
        for place, folders, files in os.walk(folder)
        for name in (*folders, *files)
    )
