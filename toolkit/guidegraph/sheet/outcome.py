"""What comes of the cells of a workbook: taken, in conflict or refused, and the changes to make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from guidegraph.diagnostic import Diagnostic, Severity, in_order
from guidegraph.sheet.faults import CellPlace
from guidegraph.turtle.changes import Change


class Outcome(StrEnum):
    """What comes of a changed cell."""

    APPLIED = "applied"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A changed cell: the thing and column, what stood in it, what stands in it now."""

    at: CellPlace
    thing: str
    heading: str
    old: str
    new: str
    outcome: Outcome
    findings: tuple[Diagnostic, ...] = ()
    is_new: bool = False


@dataclass(frozen=True)
class Merged:
    """Everything that a workbook changes; ``findings`` holds those of the cells as well."""

    edits: tuple[Edit, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    changes: tuple[Change, ...] = field(default=(), repr=False)

    @property
    def is_blocked(self) -> bool:
        """Whether nothing may be written."""
        return any(each.severity is Severity.ERROR for each in self.findings)

    @property
    def counts(self) -> dict[str, int]:
        """How many cells have each outcome."""
        found = Counter(each.outcome for each in self.edits)
        return {each.value: found[each] for each in Outcome}


@dataclass(slots=True)
class Tally:
    """What is found, while the cells are gone through."""

    edits: list[Edit] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)

    def all_findings(self) -> tuple[Diagnostic, ...]:
        """In the order of the workbook, the note on its sheets included."""
        return in_order(self._findings())

    def _findings(self) -> Iterator[Diagnostic]:
        yield from self.findings
        for each in self.edits:
            yield from each.findings
