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
from guidegraph.site.handwritten import Handwritten

STAGE = "pages"
_LINK = re.compile(r"\]\s*[(\[:]")
"""How Markdown may link or refer. mkdocs looks such links up among the names of all files."""


@dataclass(slots=True)
class Earlier:
    """The pages of a build folder, by their keys. ``shared`` is the digest of what all share.

    Without a cache nothing is known and nothing is kept.
    """

    output: Path
    cache: Cache | None
    shared: str
    known: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    names: str = ""
    kept: frozenset[str] = frozenset()

    @classmethod
    def of(cls, output: Path, cache: Cache | None, *shared: str) -> Earlier:
        """What is known of the pages in ``output``."""
        found = cls(output, cache, digest(toolkit(), *shared))
        told = cache.get(STAGE, found.shared) if cache else None
        if isinstance(told, dict) and _is_plain(output / "pages") and _is_plain(output / "site"):
            found.known = {
                path: tuple(map(str, entry))
                for path, entry in told.items()
                if isinstance(entry, list) and len(entry) == 4
            }
        return found

    def still_fit(
        self, pages: Iterable[Page], written: Iterable[Handwritten], others: Iterable[str]
    ) -> frozenset[str]:
        """The addresses of the pages that are there as they would be made again.

        ``others`` are the files beside the pages; a page with links depends on all their names.
        """
        if self.cache is not None:
            every: tuple[Page | Handwritten, ...] = (*pages, *written)
            self.keys = {each.path: digest(repr(each)) for each in every}
            self.names = digest(*sorted((*self.keys, *others)))
            self.kept = frozenset(path for path, key in self.keys.items() if self._fits(path, key))
        return self.kept

    def remember(self) -> None:
        """Keep what the pages were made of, for the next build."""
        if self.cache is not None:
            entries = {path: list(self._entry(path, key)) for path, key in self.keys.items()}
            self.cache.put(STAGE, self.shared, entries)

    def forget(self) -> None:
        """Keep nothing: mkdocs has warned, and must do so again."""
        if self.cache is not None:
            self.cache.drop(STAGE)

    def _entry(self, path: str, key: str) -> tuple[str, ...]:
        """The key of a page, the hashes of its files, and the names its links are looked up in."""
        if path in self.kept:
            return self.known[path]
        has_links = _LINK.search(self._files(path)[0].read_text("utf-8"))
        return key, *self._hashes(path), self.names if has_links else ""

    def _fits(self, path: str, key: str) -> bool:
        known = self.known.get(path)
        if known is None or known[0] != key or known[3] not in ("", self.names):
            return False
        return self._hashes(path) == known[1:3]

    def _hashes(self, path: str) -> tuple[str, ...]:
        """The hashes of the Markdown and the HTML of a page; none where a file is missing."""
        try:
            return tuple(
                hashlib.sha256(file.read_bytes()).hexdigest() for file in self._files(path)
            )
        except OSError:
            return ()

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
