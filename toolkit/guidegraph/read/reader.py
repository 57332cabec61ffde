"""The stage itself: the files of a folder, one after the other, into ``Sources``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from rdflib import OWL

from guidegraph.diagnostic import Diagnostic, Location, Severity, in_order
from guidegraph.read.folder import decoded, display, load, turtle_files
from guidegraph.read.memory import in_memory
from guidegraph.read.ontology import ontology
from guidegraph.read.recovery import Recovered, recover
from guidegraph.read.sources import Sources
from guidegraph.read.turtle import Parsed

NOTHING: Mapping[Path, bytes] = MappingProxyType({})
_IMPORTS = OWL.imports
Recover = Callable[[str, str, str], Recovered]


def read(
    folder: Path,
    overlay: Path | None = None,
    recover: Recover = recover,
    drafted: Mapping[Path, bytes] = NOTHING,
) -> Sources:
    """Read every Turtle file of a guideline folder, and of an overlay that is laid over it.

    ``recover`` reads one file; who has read it before may know another way to the same. ``drafted``
    are files of the folder as they would be saved, new ones among them. Whatever is wrong with the
    folder or its files is a finding of the result; what can be read is read. Nothing is fetched,
    and nothing is raised.
    """
    saved, findings = turtle_files(folder)
    files = (*saved, *sorted(drafted.keys() - set(saved)))
    local, faults = turtle_files(overlay) if overlay else ((), ())
    whole = _Whole(findings=[*findings, *faults], recover=recover)
    for number, path in enumerate((*files, *local)):
        here = drafted.get(path)
        text, faults = load(path) if here is None else decoded(here, display(path))
        whole.findings += faults
        if text is not None:
            whole.add(text, display(path), f"f{number:04}")
    found = whole.sources(folder, tuple(display(each) for each in (*files, *local)))
    return replace(found, overlay=overlay, local_files=frozenset(map(display, local)))


@dataclass(slots=True)
class _Whole:
    """The graph as it grows, file by file."""

    findings: list[Diagnostic]
    recover: Recover
    parsed: Parsed = field(default_factory=Parsed)
    broken: set[str] = field(default_factory=set)

    def add(self, text: str, file: str, name: str) -> None:
        """Read one file into the whole."""
        recovered = self.recover(text, file, name)
        self.findings += recovered.findings
        self.broken |= recovered.broken
        one, whole = recovered.parsed, self.parsed
        again = whole.places.keys() & one.places.keys()
        whole.repeats += [(each, at) for each, at in one.places.items() if each in again]
        first = {each: (whole.places[each], whole.verbs[each]) for each in again}
        whole.places.update(one.places)
        whole.verbs.update(one.verbs)
        for each, (place, verb) in first.items():
            whole.places[each], whole.verbs[each] = place, verb
        for subject, places in one.subjects.items():
            whole.subjects.setdefault(subject, []).extend(places)
        whole.repeats += one.repeats
        whole.prefixes += one.prefixes
        self.findings += _split_numbers(one.split)
        self.findings += _imports(one)

    def sources(self, root: Path, files: tuple[str, ...]) -> Sources:
        """What has been read, finished."""
        whole = self.parsed
        graph = in_memory(whole.places)
        for prefix in whole.prefixes:
            graph.bind(prefix.name, prefix.namespace)
        return Sources(
            root=root,
            files=files,
            graph=graph,
            ontology=ontology(),
            places=whole.places,
            verbs=whole.verbs,
            subjects={each: tuple(sorted(places)) for each, places in whole.subjects.items()},
            repeats=tuple(whole.repeats),
            prefixes=tuple(whole.prefixes),
            broken=frozenset(self.broken),
            findings=in_order(self.findings),
        )


def _split_numbers(split: Iterable[tuple[str, Location]]) -> Iterator[Diagnostic]:
    for written, at in split:
        parts = written.split(",")
        yield Diagnostic(
            code="R014",
            severity=Severity.ERROR,
            message=f"`{written}` is not one number here but {len(parts)}: {' and '.join(parts)}.",
            at=at,
            why="In Turtle a comma separates values; it never stands inside a number.",
            help="Write the number without a thousands separator and with a decimal point: "
            "`2000`, or `0.5`. If several values are meant, put a space after each comma.",
        )


def _imports(parsed: Parsed) -> Iterator[Diagnostic]:
    for triple, place in parsed.places.items():
        if triple[1] != _IMPORTS:
            continue
        yield Diagnostic(
            code="R021",
            severity=Severity.ERROR,
            message=f"This asks to import `{triple[2]}`, and nothing is ever fetched.",
            at=place,
            why="A guideline means the same on every machine and on every day, so it consists of "
            "the files of its folder and nothing else.",
            help="Remove the import. If its terms are needed, put a copy of the file into the "
            "guideline folder.",
        )
