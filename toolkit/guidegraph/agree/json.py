"""The model as JSON, read back and decided by the reference: JSON carries the whole meaning."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from guidegraph.agree.base import Statuses, WirePatient
from guidegraph.agree.reference import Reference
from guidegraph.export import ExportInput
from guidegraph.export.model import ModelExporter
from guidegraph.interchange import from_json


@dataclass(frozen=True, slots=True)
class JsonRunner:
    """The reference for a program that has been JSON."""

    reference: Reference

    def statuses(self, patients: Sequence[WirePatient]) -> Sequence[Statuses]:
        """The statuses of each patient, in order."""
        return [self.reference.statuses(each) for each in patients]


@dataclass(frozen=True, slots=True)
class JsonExecutor:
    """``model/<guideline>.json``, read back."""

    name: str = "json"
    is_fast: bool = True
    is_routine: bool = True

    def missing(self) -> str | None:
        """Nothing: it needs only guidegraph."""
        return None

    @contextmanager
    def start(self, loaded: ExportInput) -> Iterator[JsonRunner]:
        """The program as it is in the file."""
        written = next(ModelExporter().export(loaded))
        yield JsonRunner(Reference(from_json(json.loads(written.text)["program"])))
