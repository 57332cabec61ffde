"""What runs a target: patients in wire form go in, the status of every recommendation comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, runtime_checkable

from guidegraph.export import ExportInput
from guidegraph.kernel import Truth

WirePatient = Mapping[str, Any]
"""``{"facts": {...}, "settings": {...}}`` as ``patient.to_wire`` writes it."""

Statuses = Mapping[str, str]
"""The status of every rule by name, as in ``evaluate.status``."""


class Runner(Protocol):
    """A target of one guideline, ready to decide."""

    def statuses(self, patients: Sequence[WirePatient]) -> Sequence[Statuses]:
        """The statuses of each patient, in order.

        Raises:
            RunError: if the target stops working; the message says what it said.
        """


@runtime_checkable
class Tracing(Protocol):
    """A runner that can also say what it makes of each criterion."""

    def truths(self, patient: WirePatient) -> Mapping[str, Truth]:
        """The truth of every criterion by name, for one patient."""


class Executor(Protocol):
    """A way to run a target. New ones are a module here and a line in ``EXECUTORS``.

    An executor is sent to other processes before it is started: it holds nothing but settings.
    """

    @property
    def name(self) -> str:
        """The word for it in reports: the target and, where there are several, the engine."""

    @property
    def is_fast(self) -> bool:
        """Whether a million patients take minutes and not hours."""

    @property
    def is_routine(self) -> bool:
        """Whether it runs unless asked not to. Spark takes half a minute to start: it does not."""

    def missing(self) -> str | None:
        """What must be installed before it can run here, and how; None if it can."""

    def start(self, loaded: ExportInput) -> AbstractContextManager[Runner]:
        """The target, generated and started.

        Raises:
            RunError: if what was generated does not even load.
        """


class RunError(Exception):
    """An engine stopped or answered what no engine should; the text is for people."""
