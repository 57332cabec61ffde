"""Where a graph comes from: the files of a folder, or the store on a disk that was made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from guidegraph import resources
from guidegraph.diagnostic import Diagnostic
from guidegraph.query.graph import Graph, load

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Ready:
    """A graph that can be opened, how many statements it has, and what is to be told of it."""

    open: Callable[[], Graph]
    size: int
    notes: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A guideline folder, and the folder of its store if it is to have one."""

    folder: Path
    store: Path | None = None

    def stamp(self) -> tuple[object, ...]:
        """What is another as soon as a file is; looks at the files without reading them."""
        return tuple(sorted(_seen(each) for each in self._files()))

    def ready(self) -> Ready:
        """The graph as the files are now.

        Raises:
            ReadError: if the folder or one of its files cannot be read.
            QueryError: if the store cannot be used.
        """
        for _ in range(_TRIES):
            before = self.stamp()
            found = self._read()
            if self.stamp() == before:
                break
        return found

    def _read(self) -> Ready:
        if self.store is not None:
            from guidegraph.query.store import Kept

            kept = Kept(self.store)
            notes = kept.bring_up_to_date(self.folder)
            return Ready(kept.open, kept.size, notes)
        graph = load(self.folder)
        return Ready(lambda: graph, len(graph.store))

    def _files(self) -> Iterator[Path]:
        yield from self.folder.rglob("*.ttl")
        yield from (self.folder / "queries").glob("*.rq")
        yield from resources.queries_folder().glob("*.rq")
        yield from resources.ontology_folder().rglob("*.ttl")


def _seen(path: Path) -> tuple[object, ...]:
    try:
        found = path.stat()
    except OSError:
        return (str(path),)
    return (str(path), found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
