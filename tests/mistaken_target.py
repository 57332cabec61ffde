"""A target that is wrong on purpose, in a module that other processes can load."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from guidegraph.agree import RunError
from guidegraph.agree.reference import Reference
from guidegraph.export import ExportInput
from guidegraph.program import Program


@dataclass(frozen=True)
class Mistaken:
    """A target that decides by a program of its own, or breaks off."""

    decides_by: Program
    name: str = "mistaken"
    is_fast: bool = True
    is_routine: bool = True
    stops_after: int | None = None
    forgets: str | None = None
    lacks: str | None = None

    def missing(self) -> str | None:
        return self.lacks

    @contextmanager
    def start(self, loaded: ExportInput) -> Iterator[MistakenRunner]:
        yield MistakenRunner(self)


class MistakenRunner:
    def __init__(self, executor: Mistaken) -> None:
        self.executor = executor
        self.reference = Reference(executor.decides_by)
        self.asked = 0

    def statuses(self, patients: Sequence[Any]) -> list[dict[str, str]]:
        self.asked += len(patients)
        limit = self.executor.stops_after
        if limit is not None and self.asked > limit:
            raise RunError("engine: out of paper")
        told = [dict(self.reference.statuses(each)) for each in patients]
        for each in told:
            each.pop(self.executor.forgets or "", None)
        return told


class TracingRunner(MistakenRunner):
    def truths(self, patient: Any) -> dict[str, bool | None]:
        return self.reference.truths(patient)


@dataclass(frozen=True)
class Traced(Mistaken):
    """A mistaken target that gives its reasons."""

    @contextmanager
    def start(self, loaded: ExportInput) -> Iterator[TracingRunner]:
        yield TracingRunner(self)
