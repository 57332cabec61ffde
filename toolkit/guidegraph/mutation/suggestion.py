"""Cases that would notice what no case notices, ready to be put into ``cases.yaml``.

A patient who shows a fault is made as like the patient beneath all cases as possible, so that the
case is about one thing. What is expected is what the guideline says today: it is a proposal, and a
clinician must confirm it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from textwrap import indent
from typing import Any

from guidegraph.evaluate.status import conflicts, meaning, standings
from guidegraph.kernel import Ref
from guidegraph.mutation.survivors import Shown, WirePatient
from guidegraph.patient import written
from guidegraph.program import Program
from guidegraph.wire import values

LISTED = ("applies", "provisional", "undetermined", "defeated")
HEAD = (
    "# Proposed cases. What they expect is what the guideline says today: have each confirmed\n"
    "# before it goes into cases.yaml.\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A case that notices a fault, in the form of ``cases.yaml``."""

    fault: str
    shown: Shown
    case: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """``{"fault", "case"}``."""
        return {"fault": self.fault, "case": dict(self.case)}


def simplest(
    patient: WirePatient, beneath: WirePatient, still: Callable[[WirePatient], bool]
) -> WirePatient:
    """The patient with as much as possible as it is ``beneath``, while ``still`` holds."""
    for part in ("settings", "facts"):
        for name in sorted(patient[part]):
            for other in _simpler(patient[part][name], beneath[part].get(name)):
                changed = {**patient, part: {**patient[part], name: other}}
                if part == "settings" and other is None:
                    changed = {**patient, part: _without(patient[part], name)}
                if still(changed):
                    patient = changed
                    break
    return patient


def _simpler(value: Any, beneath: Any) -> Iterator[Any]:
    """What may stand instead of a value: that of the patient beneath, or fewer samples."""
    if value == beneath:
        return
    yield beneath
    if isinstance(value, list) and len(value) > 1:
        for size in range(1, len(value)):
            yield from (value[start : start + size] for start in range(len(value) - size + 1))


def _without(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != name}


def suggestion(
    name: str, fault: str, shown: Shown, program: Program, beneath: WirePatient
) -> Suggestion:
    """A case about the patient who shows a fault, with what the program says."""
    case = {
        "id": name,
        "name": fault,
        "readings": dict(shown.readings),
        "patient": written(program, shown.patient, beneath),
        "expect": _expected(program, shown),
    }
    told = {key: value for key, value in case.items() if value != {} or key == "expect"}
    return Suggestion(fault=fault, shown=shown, case=told)


def in_yaml(found: Iterable[Suggestion]) -> str:
    """The cases as they stand in ``cases.yaml``, indented as there; empty where there are none."""
    import yaml

    cases = [dict(each.case) for each in found]
    if not cases:
        return ""
    text = yaml.safe_dump(
        cases, sort_keys=False, default_flow_style=None, width=96, allow_unicode=True
    )
    return f"{HEAD}cases:\n{indent(text, '  ')}"


def _expected(program: Program, shown: Shown) -> dict[str, Any]:
    patient = shown.patient
    inputs, settings = values(program, patient["facts"], patient["settings"])
    meant = meaning(program, inputs, settings)
    found = standings(program.rules, meant)
    by_status: dict[str, Any] = {
        status: [each.rule.name for each in found if each.status == status] for status in LISTED
    }
    answers = {name: meant.truth(Ref("criterion", name)) for name in sorted(shown.criteria)}
    clashes = [list(each.rules) for each in conflicts(program, found)]
    told = {**by_status, "criteria": answers, "conflicts": clashes}
    return {key: value for key, value in told.items() if value not in ([], {})}
