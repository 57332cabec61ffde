"""One patient asked of every target: to look again at a divergence, or at any patient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guidegraph.agree.base import Executor, Statuses, WirePatient
from guidegraph.agree.crew import last_words, parted
from guidegraph.agree.reference import Reference
from guidegraph.export import ExportInput
from guidegraph.program import Input, Program, Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """The statuses of one patient by the reference and by each target that ran."""

    patient: WirePatient
    reference: Statuses
    told: Mapping[str, Statuses]
    skipped: Mapping[str, str]
    errors: Mapping[str, str]

    def differing(self, target: str) -> list[str]:
        """The recommendations about which a target says something else."""
        return parted(self.reference, self.told[target])

    @property
    def is_agreed(self) -> bool:
        """Whether at least one target ran, none stopped, and all say what the reference says."""
        return bool(self.told) and not self.errors and not any(map(self.differing, self.told))

    def to_json(self) -> dict[str, Any]:
        """The same keys as a report on many patients, and what everyone says."""
        return {
            "patients": 1,
            "evaluations": len(self.reference) * len(self.told),
            "divergences": sum(len(self.differing(each)) for each in self.told),
            "targets": list(self.told),
            "skipped": [{"target": name, "why": why} for name, why in self.skipped.items()],
            "errors": [{"target": name, "why": why} for name, why in self.errors.items()],
            "patient": self.patient,
            "reference": self.reference,
            "told": dict(self.told),
        }


def replay(
    loaded: ExportInput,
    executors: Sequence[Executor],
    patient: WirePatient,
    skipped: Mapping[str, str],
) -> Replay:
    """Ask the reference and every target about one patient."""
    told: dict[str, Statuses] = {}
    errors: dict[str, str] = {}
    left_out = dict(skipped)
    for each in executors:
        if why := each.missing():
            left_out[each.name] = why
            continue
        try:
            with each.start(loaded) as runner:
                told[each.name] = runner.statuses([patient])[0]
        except Exception as stop:
            errors[each.name] = last_words(stop)
    return Replay(
        patient=patient,
        reference=Reference(loaded.program).statuses(patient),
        told=told,
        skipped=left_out,
        errors=errors,
    )


def wire_patient(program: Program, document: Any) -> WirePatient | None:
    """A JSON document as a wire patient; None if it is not one (but perhaps a patient file)."""
    if not isinstance(document, dict) or not set(document) <= {"facts", "settings"}:
        return None
    facts, settings = document.get("facts", {}), document.get("settings", {})
    if not isinstance(facts, dict) or not isinstance(settings, dict):
        return None
    inputs = {each.name: each for each in program.inputs}
    chosen = {each.name: each for each in program.settings}
    now = facts.get("now")
    fits = all(
        name == "now" or (name in inputs and _fits(inputs[name], value))
        for name, value in facts.items()
    )
    fits_settings = all(
        name in chosen and value is not None and _fits(chosen[name], value)
        for name, value in settings.items()
    )
    if not (fits and fits_settings and (now is None or _is_whole(now))):
        return None
    return {"facts": facts, "settings": settings}


def _fits(declared: Input | Setting, value: Any) -> bool:
    if value is None:
        return True
    match declared.kind:
        case "boolean":
            return isinstance(value, bool)
        case "code":
            return value in declared.codes
        case "quantity":
            return _is_whole(value)
        case "series":
            return isinstance(value, list) and all(
                isinstance(each, list) and len(each) == 2 and all(map(_is_whole, each))
                for each in value
            )


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
