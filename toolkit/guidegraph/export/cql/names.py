"""What libraries, definitions and parameters are called. Other targets (FHIR) point to these."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from guidegraph.export.base import ExportInput
from guidegraph.kernel import NOW, Ref
from guidegraph.program import Program

DATA = "Data"
"""What the logic calls the data library it includes."""
RECOMMENDATIONS = "Recommendations"
"""The definition that lists every recommendation with its status."""

PATIENT = "Patient"
JAVASCRIPT = (
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
)
"""Names an engine written in JavaScript would take for its own."""
RESERVED = frozenset((PATIENT, *JAVASCRIPT))
FHIR_OWN = ("Results", "decided at", "anchor", "decision time", "record is complete")
"""What the library of FHIR data defines for itself."""


@dataclass(frozen=True, slots=True)
class LibraryNames:
    """The libraries of a guideline: its logic, and the two libraries of data it can include."""

    logic: str
    data: str
    fhir_data: str


def library_names(loaded: ExportInput) -> LibraryNames:
    """The names of a guideline's libraries: ``Covid19CoagulopathyLogic`` and so on."""
    words = re.findall(r"[A-Za-z0-9]+", loaded.guideline_id)
    stem = "".join(each[0].upper() + each[1:] for each in words) or "Guideline"
    if stem[0].isdigit():
        stem = f"Guideline{stem}"
    return LibraryNames(f"{stem}Logic", f"{stem}Data", f"{stem}FHIRData")


@dataclass(frozen=True, slots=True)
class Definitions:
    """The names of definitions, by the names of criteria, rules and data.

    ``criteria``, ``guards``, ``effective`` and ``statuses`` are in the logic, ``data`` in either
    data library.
    """

    criteria: dict[str, str]
    guards: dict[str, str]
    effective: dict[str, str]
    statuses: dict[str, str]
    data: dict[Ref, str]
    taken: set[str]

    def of(self, ref: Ref) -> str:
        """The definition that answers a reference; ``data`` ones are in the data library."""
        match ref.kind:
            case "criterion":
                return self.criteria[ref.name]
            case "rule":
                return self.effective[ref.name]
            case _:
                return self.data[ref]


def definitions(program: Program) -> Definitions:
    """The names of a program's definitions: those of the guideline, wherever they are free."""
    taken = {*RESERVED, DATA, RECOMMENDATIONS}
    rules = [each.name for each in program.rules]
    effective = {name: free(name, taken) for name in rules}
    criteria = {each.name: free(each.name, taken) for each in program.criteria}
    guards = {name: free(f"{name} guard", taken) for name in rules}
    statuses = {name: free(f"{name} status", taken) for name in rules}
    used = {*RESERVED, *FHIR_OWN}
    data = {ref: free(ref.name, used) for ref in data_of(program)}
    return Definitions(criteria, guards, effective, statuses, data, taken)


def data_of(program: Program) -> Iterable[Ref]:
    """References to every datum: the inputs, the minute of the decision, the settings."""
    inputs = [Ref("input", each.name) for each in program.inputs]
    settings = [Ref("setting", each.name) for each in program.settings]
    return dict.fromkeys([*inputs, NOW, *settings])


def free(wanted: str, taken: set[str]) -> str:
    """A name nobody has, like ``wanted``; it is taken from now on."""
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted} ({count})"
    taken.add(name)
    return name


def parameter(ref: Ref) -> str:
    """The parameter of the wire form's data library that brings a datum."""
    return f"setting {ref.name}" if ref.kind == "setting" else f"fact {ref.name}"
