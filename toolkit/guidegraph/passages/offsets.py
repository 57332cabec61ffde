"""Where the offsets of passages are written in the Turtle files, and writing new ones there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rdflib import URIRef

from guidegraph.diagnostic import Location
from guidegraph.passages.standing import Standing
from guidegraph.read import Sources
from guidegraph.read.folder import display, turtle_files
from guidegraph.terms import expand

_HAS_SELECTOR = URIRef(expand("oa:hasSelector"))
_START = URIRef(expand("oa:start"))
_END = URIRef(expand("oa:end"))
_INTEGER = re.compile(r"0|[1-9][0-9]*")


@dataclass(frozen=True, slots=True)
class Offsets:
    """The places of both numbers of every part of a passage, by passage, start and end."""

    places: Mapping[tuple[str, int, int], tuple[Location, Location]]

    @classmethod
    def of(cls, sources: Sources) -> Offsets:
        """Those of a guideline folder."""
        graph, places = sources.graph, {}
        for passage, _, part in graph.triples((None, _HAS_SELECTOR, None)):
            for start in graph.triples((part, _START, None)):
                for end in graph.triples((part, _END, None)):
                    key = (str(passage), int(str(start[2])), int(str(end[2])))
                    places[key] = (sources.places[start], sources.places[end])
        return cls(places)

    def both(self, standing: Standing) -> tuple[Location, Location]:
        """Where the two offsets of a part are written."""
        part = standing.selector
        return self.places[standing.passage.iri, part.start, part.end]

    def at(self, standing: Standing) -> Location:
        """The line to show for a part of a passage."""
        return self.both(standing)[0]


def repair(sources: Sources, moved: Iterable[Standing]) -> tuple[Standing, ...]:
    """Write the new offsets of parts that have moved; nothing else in the files is touched.

    Returns what was written. A number that does not stand where it was read is left alone.

    Raises:
        OSError: a file cannot be written.
    """
    offsets = Offsets.of(sources)
    changes: dict[str, list[_Change]] = {}
    for each in moved:
        if each.outcome == "moved":
            places = offsets.both(each)
            for at, change in zip(places, _changes(each), strict=True):
                changes.setdefault(at.file, []).append(_Change(each, at, *change))
    written: list[Standing] = []
    files, _ = turtle_files(sources.root)
    for path in files:
        if wanted := changes.get(display(path)):
            written += _rewrite(path, wanted)
    return tuple(dict.fromkeys(written))


@dataclass(frozen=True, slots=True)
class _Change:
    """One number of a file that becomes another."""

    standing: Standing
    at: Location
    before: int
    after: int


def _changes(standing: Standing) -> tuple[tuple[int, int], tuple[int, int]]:
    part, (start, end) = standing.selector, standing.places[0]
    return (part.start, start), (part.end, end)


def _rewrite(path: Path, wanted: Sequence[_Change]) -> Iterator[Standing]:
    """Replace numbers from the end of a file to its beginning; says for which parts it did."""
    lines = path.read_bytes().decode("utf-8").split("\n")
    lost = {each.standing for each in wanted if _written(lines, each) != each.before}
    for each in sorted(wanted, key=lambda each: each.at, reverse=True):
        if each.standing not in lost:
            line, column = lines[each.at.line - 1], each.at.column - 1
            rest = line[column:].removeprefix(str(each.before))
            lines[each.at.line - 1] = f"{line[:column]}{each.after}{rest}"
            yield each.standing
    path.write_bytes("\n".join(lines).encode())


def _written(lines: Sequence[str], change: _Change) -> int | None:
    """The number that stands where one was read; None if there is none in plain digits."""
    line = lines[change.at.line - 1] if change.at.line <= len(lines) else ""
    found = _INTEGER.match(line, max(0, change.at.column - 1))
    return int(found[0]) if found else None
