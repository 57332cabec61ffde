"""A version of a guideline becomes a named graph of another machine: at once, or not at all.

The new statements are stored under another name and read back; only if they are all there does one
SPARQL Update move them, with their provenance, to the name of the version. Then they are read
again. What was there before is kept here until all is well, and is put back if need be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from guidegraph.diagnostic import Diagnostic
from guidegraph.errors import RemoteError
from guidegraph.remote import faults
from guidegraph.remote.contents import (
    Altered,
    Content,
    Sums,
    altered,
    differences,
    of_triples,
    sums,
)
from guidegraph.remote.exchange import Request
from guidegraph.remote.graphs import Graphs
from guidegraph.remote.provenance import Made, provenance

_SHOWN = 20

Pair = tuple[Content, Content]
"""What a version and its provenance hold."""


@dataclass(frozen=True, kw_only=True)
class Publication:
    """A version that is to be published.

    ``graph`` is its name (the IRI of the version), ``token`` distinguishes this attempt from every
    other. ``accepts`` says that a server may store some numbers as others, which is then told.
    """

    graph: str
    content: Content
    made: Made
    token: str
    accepts: bool = False

    @property
    def graphs(self) -> tuple[str, str]:
        """The graph of the version, and the one that says how it came there."""
        return (self.graph, f"{self.graph}/provenance")

    @property
    def staged(self) -> tuple[str, str]:
        """The names under which both are stored first."""
        version, told = self.graphs
        return (f"{version}/staging/{self.token}", f"{told}/staging/{self.token}")

    @cached_property
    def contents(self) -> Pair:
        """What both are to hold."""
        return (self.content, provenance(self.graph, self.content, self.made))

    @property
    def swap(self) -> str:
        """The update that gives both their new statements."""
        moves = zip(self.staged, self.graphs, strict=True)
        return " ;\n".join(f"MOVE GRAPH <{old}> TO GRAPH <{new}>" for old, new in moves)


@dataclass(frozen=True, slots=True)
class Told:
    """What became of it: "published", "replaced" or "already there".

    ``before`` are the sums of the graph that was there, if it was another.
    """

    state: str
    sums: Sums
    before: Sums | None = None
    findings: tuple[Diagnostic, ...] = ()


def requests(publication: Publication, graphs: Graphs) -> tuple[Request, ...]:
    """Every request that changes something, in order, as it is sent where all goes well."""
    both = zip(publication.staged, publication.contents, strict=True)
    return (*(graphs.put(name, each.data) for name, each in both), graphs.update(publication.swap))


def publish(
    publication: Publication, graphs: Graphs, progress: Callable[[str], None] = lambda label: None
) -> Told:
    """Publish a version, and prove that it is there.

    Raises:
        RemoteError: if it is not; the findings say in which state the graph is.
    """
    wanted = publication.content.sums
    progress("Reading what is there")
    version, told = (of_triples(graphs.read(each)) for each in publication.graphs)
    if version.sums == wanted and told.data:
        return Told("already there", wanted)
    attempt = _Attempt(publication, graphs, (version, told))
    progress("Sending")
    stored, notes = attempt.stage()
    progress("Replacing")
    failure = attempt.swap()
    progress("Reading again")
    attempt.settle(stored, failure)
    notes += attempt.cleared() if failure else ()
    if version.data:
        return Told("replaced", stored[0], version.sums, notes)
    return Told("published", stored[0], None, notes)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One attempt to publish; ``before`` is what both graphs held."""

    publication: Publication
    graphs: Graphs
    before: Pair

    def stage(self) -> tuple[tuple[Sums, Sums], tuple[Diagnostic, ...]]:
        """Store both under other names, and read them back: what they come to, and what to tell.

        Raises:
            RemoteError: if they are not there; the graphs themselves have not been touched.
        """
        try:
            (version, notes), (told, more) = (
                self._stored(name, wanted)
                for name, wanted in zip(
                    self.publication.staged, self.publication.contents, strict=True
                )
            )
        except RemoteError as stop:
            told_then = self._not_published("has not been touched")
            raise RemoteError([*stop.findings, told_then, *self.cleared()]) from None
        return (version, told), notes + more

    def _stored(self, name: str, wanted: Content) -> tuple[Sums, tuple[Diagnostic, ...]]:
        self.graphs.send(self.graphs.put(name, wanted.data))
        triples = self.graphs.read(name)
        found = sums(triples)
        if found == wanted.sums:
            return found, ()
        other = altered(wanted.triples, triples)
        accepted = (
            self.publication.accepts and other.numbers_only and found.nodes == wanted.sums.nodes
        )
        how = _shown(other) or "; ".join(differences(wanted.sums, found))
        place = str(self.graphs.addresses.graphs)
        told = faults.altered(place, how, accepted, other.numbers_only)
        if not accepted:
            raise RemoteError([told])
        return found, (told,)

    def swap(self) -> RemoteError | None:
        """Give both their new statements. What went wrong may have happened before or after."""
        try:
            self.graphs.send(self.graphs.update(self.publication.swap))
        except RemoteError as stop:
            return stop
        return None

    def settle(self, stored: tuple[Sums, Sums], failure: RemoteError | None) -> None:
        """Make sure that both hold what was stored, or else what they held before.

        Raises:
            RemoteError: if it is not the former.
        """
        causes = failure.findings if failure else ()
        try:
            if found := self._differences(stored):
                causes = causes or (faults.not_whole(str(self.graphs.addresses.graphs), found),)
                untouched = not self._differences(self._had)
                if not untouched:
                    self._restore()
                kept = "is as it was" if untouched else "was changed, and has been put back"
                told = self._not_published(kept)
                raise RemoteError([*causes, told, *self.cleared()])
        except RemoteError as stop:
            if any(each.code == "Y112" for each in stop.findings):
                raise
            told = faults.uncertain(self.publication.graph)
            raise RemoteError([*causes, *stop.findings, told]) from None

    def cleared(self) -> tuple[Diagnostic, ...]:
        """Remove what was stored under other names; what could not be removed is told."""
        left = []
        for name in self.publication.staged:
            try:
                self.graphs.send(self.graphs.delete(name))
            except RemoteError:
                left.append(f"<{name}>")
        return (faults.left_over(", ".join(left)),) if left else ()

    def _restore(self) -> None:
        for name, was in zip(self.publication.graphs, self.before, strict=True):
            had = was.data
            self.graphs.send(self.graphs.put(name, had) if had else self.graphs.delete(name))
        if found := self._differences(self._had):
            raise RemoteError([faults.not_whole(str(self.graphs.addresses.graphs), found)])

    @property
    def _had(self) -> tuple[Sums, Sums]:
        return (self.before[0].sums, self.before[1].sums)

    def _differences(self, wanted: tuple[Sums, Sums]) -> str:
        """How both graphs differ from what is wanted, in words; nothing where they do not."""
        told: list[str] = []
        for name, each in zip(self.publication.graphs, wanted, strict=True):
            told += differences(each, sums(self.graphs.read(name)))
        return "; ".join(told)

    def _not_published(self, kept: str) -> Diagnostic:
        return faults.not_published(self.publication.graph, kept, is_new=not self.before[0].data)


def _shown(other: Altered) -> str:
    """The first few statements that are stored as others."""
    pairs = list(zip(other.sent, other.found, strict=False))
    told = "; ".join(f"{was} as {now}" for was, now in pairs[:_SHOWN])
    more = max(len(other.sent), len(other.found)) - min(len(pairs), _SHOWN)
    return f"{told}; and {more} more" if told and more else told
