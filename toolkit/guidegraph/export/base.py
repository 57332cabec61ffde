"""What every exporter takes and gives: a loaded guideline in, files of text out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.model import Guideline
from guidegraph.program import Program
from guidegraph.terms import local_name

if TYPE_CHECKING:
    from guidegraph.read import Sources


@dataclass(frozen=True, slots=True)
class Artifact:
    """One generated file: its path below the build folder, with ``/`` between parts, and its text.

    Equal input gives equal text: no dates, no absolute paths, nothing in the order of a set.
    """

    path: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportInput:
    """A checked guideline, its program under the readings in force and, if at hand, its sources."""

    guideline: Guideline
    program: Program
    sources: Sources | None = None

    @property
    def guideline_id(self) -> str:
        """The name of the guideline in file names: the last part of its namespace."""
        header = self.guideline.header
        return local_name(header.namespace.rstrip("/#")) or header.id


class Exporter(Protocol):
    """One target. The command line writes what it yields; it never touches the disk itself."""

    @property
    def name(self) -> str:
        """The word that chooses this target on the command line."""

    @property
    def description(self) -> str:
        """What is made, in one line."""

    def export(self, loaded: ExportInput) -> Iterator[Artifact]:
        """The files of this target."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something of a guideline that a target cannot say.

    ``target`` is the name of the exporter, ``subject`` the local name of what is left out (a
    recommendation, a criterion, a datum), ``what`` one sentence that says what is missing there and
    what stands in its place.
    """

    target: str
    subject: str
    what: str


@runtime_checkable
class HasGaps(Protocol):
    """An exporter that cannot say everything. One that can needs no method for it."""

    def gaps(self, loaded: ExportInput) -> Iterator[Gap]:
        """What is left out of the files of this guideline."""


def gaps(exporter: Exporter, loaded: ExportInput) -> tuple[Gap, ...]:
    """What a target leaves out of a guideline, each once, by subject; nothing for most targets."""
    found = exporter.gaps(loaded) if isinstance(exporter, HasGaps) else ()
    return tuple(sorted(set(found), key=lambda each: (each.subject, each.what)))


def gap_notes(found: Iterable[Gap]) -> Iterator[Diagnostic]:
    """Gaps as people are told of them: one note for each thing in each target."""
    told: dict[tuple[str, str], list[str]] = {}
    for each in found:
        sentence = f"{each.what[:1].upper()}{each.what[1:]}"
        told.setdefault((each.target, each.subject), []).append(sentence)
    for (target, subject), sentences in told.items():
        yield Diagnostic(
            code="X101",
            severity=Severity.NOTE,
            message=f"The target `{target}` cannot say all of `{subject}`.",
            why=" ".join(sentences),
            help="Use another target for this, or add by hand what is missing.",
            subject=subject,
        )


def gap_summary(found: Iterable[Gap]) -> Iterator[Diagnostic]:
    """The same in short, for all targets at once: one note a target, with the names."""
    told: dict[str, list[str]] = {}
    for each in found:
        told.setdefault(each.target, []).append(f"`{each.subject}`")
    for target, names in told.items():
        listed = ", ".join(dict.fromkeys(names))
        yield Diagnostic(
            code="X101",
            severity=Severity.NOTE,
            message=f"The target `{target}` cannot say all of {listed}.",
            why="Whoever uses the generated files must know what is not in them.",
            help=f"`guidegraph export {target}` tells of each what is missing.",
            subject=target,
        )
