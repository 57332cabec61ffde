"""What came of a comparison, as values and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guidegraph.agree.base import WirePatient
from guidegraph.kernel import Truth

SILENT = "nothing"
"""What is reported as the status where a target does not speak of a recommendation at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How one target fared: what it was asked, and how often it said something else."""

    target: str
    patients: int
    evaluations: int
    """Statuses compared: recommendations × patients."""
    divergences: int
    seconds: float
    """Time spent waiting for it, over all processes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """The first criterion of which a target says something else than the reference."""

    criterion: str
    expected: Truth
    told: Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterexample:
    """A patient about whom a target disagrees, as small as it could be made."""

    target: str
    rule: str
    patient: WirePatient
    expected: str
    """The status by the reference, from ``guard`` and ``effective``."""
    guard: Truth
    effective: Truth
    told: str
    """The status by the target; ``nothing`` where it has none."""
    parting: Parting | None
    """Where the target's reasons go apart, if it gives reasons."""
    place: int
    """Which patient of the seed it was shrunk from, counted from 0."""

    def to_json(self) -> dict[str, Any]:
        """The counterexample with the patient to replay it."""
        return {
            "target": self.target,
            "recommendation": self.rule,
            "reference": {
                "status": self.expected,
                "guard": self.guard,
                "effective": self.effective,
            },
            "told": self.told,
            "criterion": None
            if self.parting is None
            else {
                "id": self.parting.criterion,
                "reference": self.parting.expected,
                "told": self.parting.told,
            },
            "patient": self.patient,
            "shrunkFrom": self.place,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was compared, and where targets did not say what the reference says."""

    guideline: str
    readings: Mapping[str, str]
    seed: int
    patients: int
    tallies: tuple[Tally, ...]
    skipped: Mapping[str, str]
    """Targets that did not run, and why."""
    errors: Mapping[str, str]
    """Targets that stopped, and their last words."""
    examples: tuple[Counterexample, ...]

    @property
    def evaluations(self) -> int:
        """Statuses compared, over all targets."""
        return sum(each.evaluations for each in self.tallies)

    @property
    def divergences(self) -> int:
        """Statuses in which a target differs from the reference."""
        return sum(each.divergences for each in self.tallies)

    @property
    def is_agreed(self) -> bool:
        """Whether at least one target ran, none stopped, and all said what the reference says."""
        return bool(self.tallies) and not self.errors and not self.divergences

    def to_json(self) -> dict[str, Any]:
        """The report; ``targets`` ran, ``skipped`` did not, ``errors`` stopped."""
        return {
            "patients": self.patients,
            "evaluations": self.evaluations,
            "divergences": self.divergences,
            "targets": [each.target for each in self.tallies],
            "skipped": [{"target": name, "why": why} for name, why in self.skipped.items()],
            "errors": [{"target": name, "why": why} for name, why in self.errors.items()],
            "guideline": self.guideline,
            "readings": dict(self.readings),
            "seed": self.seed,
            "perTarget": [
                {
                    "target": each.target,
                    "patients": each.patients,
                    "evaluations": each.evaluations,
                    "divergences": each.divergences,
                    "seconds": round(each.seconds, 3),
                }
                for each in self.tallies
            ],
            "examples": [each.to_json() for each in self.examples],
        }
