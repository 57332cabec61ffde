"""From a patient file to a ``Patient``: exact, complete about what is wrong, never guessing.

The form of the file is described by ``schemas/patient.schema.json``. A datum that cannot be used is
unknown, with its reason, and the rest is decided without it. Two things stop everything: a document
that is no patient file, and any fault in ``settings`` or a name that stands twice. A setting is the
policy of a site and always has a value; deciding with another one than was asked for would be wrong
without anybody noticing.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from guidegraph.diagnostic import Diagnostic, has_errors, in_order
from guidegraph.kernel import Value
from guidegraph.patient.clock import Clock
from guidegraph.patient.document import read_document, read_file
from guidegraph.patient.facts import Fact, read_fact
from guidegraph.patient.faults import Faults, shown
from guidegraph.patient.record import Patient, Reason
from guidegraph.patient.settings import read_settings
from guidegraph.patient.tree import Mapping, Node
from guidegraph.program import Program
from guidegraph.suggestion import did_you_mean

PARTS = ("now", "anchors", "facts", "settings")
_ALSO = ("$schema",)
_FORM = 'A patient file begins with {"now": …, "anchors": {…}, "facts": {…}}.'

Found = tuple[Patient | None, tuple[Diagnostic, ...]]


def read_patient(
    source: str | Path,
    program: Program,
    settings: MappingOf[str, str] | None = None,
    name: str = "patient",
) -> Found:
    """A patient from a file (``Path``) or a text, and everything that is worth saying about it.

    ``settings`` are choices made elsewhere (``{"marker-high": "2000 ug/L"}``); they take the place
    of those in the file. ``name`` stands for the file where a text is given.
    """
    text: str | None
    if isinstance(source, Path):
        name = str(source)
        text, unread = read_file(source)
        if text is None:
            return None, unread
    else:
        text = source
    node, findings = read_document(text, name)
    if node is None:
        return None, findings
    patient, more = from_node(node, program, settings)
    return None if has_errors(findings) else patient, in_order((*findings, *more))


def from_node(node: Node, program: Program, settings: MappingOf[str, str] | None = None) -> Found:
    """A patient from an already read document (as in a case), and everything wrong with it."""
    faults = Faults()
    facts = node.get("facts") if isinstance(node, Mapping) else None
    if not isinstance(node, Mapping) or not isinstance(facts, Mapping):
        faults.add(
            "E010",
            (facts or node).at,
            "This is not a patient file: there are no `facts`."
            if isinstance(node, Mapping)
            else "This is not a patient file.",
            help=_FORM,
        )
        return None, in_order(faults.found)
    _check_names(node, faults)
    clock = Clock(node, program.anchor, faults)
    found = _facts(facts, program, clock, faults)
    chosen = read_settings(node.get("settings"), settings or {}, program.settings, faults)
    patient = None if chosen is None else _patient(found, clock, chosen)
    return patient, in_order(faults.found)


def with_settings(patient: Patient, node: Node, program: Program) -> Found:
    """The same data, read from ``node`` before, under the settings of a program that asks for the
    same data."""
    faults = Faults()
    told = node.get("settings") if isinstance(node, Mapping) else None
    chosen = read_settings(told, {}, program.settings, faults)
    found = None if chosen is None else replace(patient, settings=chosen)
    return found, in_order(faults.found)


def _check_names(root: Mapping, faults: Faults) -> None:
    for each in root.entries:
        if each.key not in (*PARTS, *_ALSO):
            faults.add(
                "E101",
                each.at,
                f"A patient file has no part {shown(each.key)}; it is not used.",
                help=did_you_mean(each.key, PARTS),
            )


def _facts(facts: Mapping, program: Program, clock: Clock, faults: Faults) -> dict[str, Fact]:
    """Every input of the program with what the file says about it."""
    expected = {each.name: each for each in program.inputs if each.name != "now"}
    for entry in facts.entries:
        if entry.key not in expected:
            faults.add(
                "E102",
                entry.at,
                f"The guideline does not know {shown(entry.key)}; it is not used.",
                help=did_you_mean(entry.key, expected),
                subject=entry.key,
            )
    return {
        name: read_fact(each, facts.get(name), clock, faults) for name, each in expected.items()
    }


def _patient(found: dict[str, Fact], clock: Clock, settings: dict[str, Value]) -> Patient:
    now = None if clock.now is None else Fraction(clock.now)
    inputs: dict[str, Value] = {"now": now, **{name: fact.value for name, fact in found.items()}}
    unknown: dict[str, Reason] = {"now": clock.now_unknown} if clock.now_unknown else {}
    unknown |= {name: fact.reason for name, fact in found.items() if fact.reason}
    return Patient(
        inputs=inputs,
        settings=settings,
        unknown=unknown,
        data={name: fact.data for name, fact in found.items() if fact.data},
    )
