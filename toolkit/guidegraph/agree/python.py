"""The generated Python module, within this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from guidegraph.agree.base import RunError, Runner, Statuses, WirePatient
from guidegraph.export import ExportInput
from guidegraph.export.python import PythonExporter


@dataclass(frozen=True, slots=True)
class PythonExecutor:
    """``python/<guideline>.py``."""

    name: str = "python"
    is_fast: bool = True
    is_routine: bool = True

    def missing(self) -> str | None:
        """Nothing: Python is here."""
        return None

    def start(self, loaded: ExportInput) -> AbstractContextManager[Runner]:
        """The module, imported."""
        return _started(loaded)


@contextmanager
def _started(loaded: ExportInput) -> Iterator[Runner]:
    (artifact,) = PythonExporter().export(loaded)
    module = ModuleType("generated")
    try:
        exec(compile(artifact.text, artifact.path, "exec"), module.__dict__)  # noqa: S102
    except Exception as error:
        raise RunError(f"{artifact.path} does not load: {error!r}") from error
    yield PythonRunner(module.decide)


@dataclass(frozen=True, slots=True)
class PythonRunner:
    """The ``decide`` of a generated module."""

    decide: Callable[[Mapping[str, Any], Mapping[str, Any]], Statuses]

    def statuses(self, patients: Sequence[WirePatient]) -> Sequence[Statuses]:
        """The statuses of each patient, in order."""
        try:
            return [self.decide(each["facts"], each.get("settings") or {}) for each in patients]
        except Exception as error:
            raise RunError(f"python: {error!r}") from error
