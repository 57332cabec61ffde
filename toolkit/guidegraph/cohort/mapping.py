"""Which codes of a hospital's data are which observables of a guideline: a small YAML file.

::

    observables:
      d-dimer:
        codes: ["http://loinc.org|48065-7"]     # FHIR: system|code
        concepts: [3051714]                     # OMOP concept ids
        assay: FEU                              # what results under these codes are expressed in
        absent: none-taken                      # no row means: no sample was taken
      covid-status:
        codes: [{code: "http://snomed.info/sct|840539006", value: confirmed}]
      pe-confirmed:
        concepts: [{concept: 440417, value: true}]
        absent: false                           # no row means: no
    units: {8842: ng/mL}                        # OMOP unit concepts as UCUM
    offset: "+01:00"                            # of times that are written without one
    anchor: encounter                           # or visit: its start is the anchor of times

Codes that the guideline itself states for its observables (LOINC) are taken without a mapping.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from guidegraph.cohort.faults import fault
from guidegraph.cohort.places import Place, Places
from guidegraph.diagnostic import Diagnostic, Location
from guidegraph.model import Guideline, Observable
from guidegraph.patient.document import Entry, Node, Scalar, Sequence, read_document, read_file
from guidegraph.patient.document import Mapping as Tree
from guidegraph.suggestion import did_you_mean

PARTS = ("observables", "units", "offset", "anchor")
OF_OBSERVABLE = ("codes", "concepts", "assay", "absent", "answers")
ANCHORS = ("encounter", "visit")
_LOINC = re.compile(r"https?://loinc\.org/(?:rdf/)?([0-9]+-[0-9])")
_OFFSET = re.compile(r"Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9]")
_WRITTEN = {"code": re.compile(r"[^|]*\|[^|]+"), "concept": re.compile("[0-9]+")}
"""How a code of FHIR and a concept of OMOP are written."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A code and the observable it is; ``value`` is what a record with it means, if not its own."""

    code: str
    observable: str
    assay: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a mapping file says. Codes are ``system|code``, concepts numbers, all as text."""

    codes: tuple[Coded, ...] = ()
    answers: dict[tuple[str, str], str] = field(default_factory=dict)
    """What a coded value means, by observable and code."""
    units: dict[str, str] = field(default_factory=dict)
    offset: str = ""
    anchor: str = ""
    absent: dict[str, str] = field(default_factory=dict)


def of_guideline(guideline: Guideline, known: Places) -> Iterator[Coded]:
    """The LOINC codes that the guideline states for its observables."""
    for each in known.all:
        observable = guideline.get(each.name, Observable)
        for iri in (*observable.exact_matches, *observable.narrow_matches) if observable else ():
            if found := _LOINC.fullmatch(str(iri)):
                yield Coded(f"http://loinc.org|{found[1]}", each.name)


def read_mapping(
    path: Path | None, guideline: Guideline, known: Places
) -> tuple[Mapping, tuple[Diagnostic, ...]]:
    """The mapping of a file over the codes of the guideline, and what is wrong with the file."""
    own = tuple(of_guideline(guideline, known))
    if path is None:
        return Mapping(codes=own), ()
    text, findings = read_file(path)
    node, more = read_document(text, str(path)) if text is not None else (None, ())
    if node is None:
        return Mapping(codes=own), (*findings, *more)
    reading = _Reading(known)
    found = reading.whole(node)
    stated = {each.code for each in found.codes}
    codes = (*found.codes, *(each for each in own if each.code not in stated))
    made = Mapping(codes, found.answers, found.units, found.offset, found.anchor, found.absent)
    return made, (*more, *reading.findings)


class _Reading:
    """One reading of a mapping file."""

    def __init__(self, known: Places) -> None:
        self.known = known.by_name
        self.findings: list[Diagnostic] = []
        self.codes: list[Coded] = []
        self.answers: dict[tuple[str, str], str] = {}
        self.absent: dict[str, str] = {}

    def fault(self, at: Location, message: str, help: str) -> None:
        self.findings.append(fault("K103", message, at, help=help))

    def whole(self, node: Node) -> Mapping:
        units: dict[str, str] = {}
        told = {"offset": "", "anchor": ""}
        for entry in self.entries(node, PARTS, "A mapping file"):
            if entry.key == "observables":
                for each in self.entries(entry.value, tuple(self.known), "The guideline"):
                    self.observable(each)
            elif entry.key == "units":
                units = {each.key: self.text(each.value) for each in self.entries(entry.value)}
            else:
                told[entry.key] = self.text(entry.value)
                self.check(entry, told[entry.key])
        return Mapping(
            tuple(self.codes), self.answers, units, told["offset"], told["anchor"], self.absent
        )

    def check(self, entry: Entry, text: str) -> None:
        """``offset`` and ``anchor`` have only some values."""
        if entry.key == "offset" and not _OFFSET.fullmatch(text):
            help_ = 'Write how far its clock is from UTC, such as "+01:00".'
            self.fault(entry.value.at, f"`{text[:40]}` is no offset from UTC.", help_)
        if entry.key == "anchor" and text not in ANCHORS:
            help_ = did_you_mean(text, ANCHORS)
            self.fault(entry.value.at, f"`{text[:40]}` has no start to count from.", help_)

    def observable(self, entry: Entry) -> None:
        """Codes and conventions of one observable."""
        place = self.known[entry.key]
        parts = {
            each.key: each.value
            for each in self.entries(entry.value, OF_OBSERVABLE, "An observable")
        }
        assay = self.text(parts["assay"]) if "assay" in parts else ""
        for key in ("codes", "concepts"):
            listed = parts.get(key)
            if listed is not None:
                items = listed.items if isinstance(listed, Sequence) else (listed,)
                for item in items:
                    self.add(item, self.coded(item, place, assay, key.removesuffix("s")))
        if "answers" in parts:
            for each in self.entries(parts["answers"]):
                self.answers[place.name, each.key] = self.text(each.value)
                self.answer(each.value, self.answers[place.name, each.key], place)
        if "absent" in parts:
            self.conventions(parts["absent"], place)

    def add(self, node: Node, coded: Coded) -> None:
        """One code more, which the observable does not have yet."""
        if any((e.code, e.observable) == (coded.code, coded.observable) for e in self.codes):
            help_ = "Name it once, with one value and one assay."
            self.fault(node.at, f"`{coded.observable}` has `{coded.code[:60]}` twice.", help_)
        self.codes.append(coded)

    def answer(self, node: Node, value: str, place: Place) -> None:
        """See that a value is an answer to the observable."""
        if value and value not in place.answers:
            help_ = (
                did_you_mean(value, place.answers)
                if place.answers
                else f"`{place.name}` is a number: leave the value out."
            )
            self.fault(node.at, f"`{value[:40]}` is not an answer to `{place.name}`.", help_)

    def coded(self, node: Node, place: Place, assay: str, key: str) -> Coded:
        """A code or concept (``key``) by itself, or with what a record with it means."""
        told = len(self.findings)
        if isinstance(node, Tree):
            parts = {
                each.key: self.text(each.value)
                for each in self.entries(node, ("code", "concept", "value", "assay"), "A code")
            }
            if len(named := [each for each in ("code", "concept") if each in parts]) == 1:
                key = named[0]
            code = parts.get(key, "") if len(named) == 1 else ""
            value, assay = parts.get("value", ""), parts.get("assay", assay)
        else:
            code, value = self.text(node), ""
        if len(self.findings) == told and not _WRITTEN[key].fullmatch(code):
            help_ = "Write a code as system|code, a concept as its whole number; one of the two."
            self.fault(node.at, f"`{code[:60]}` is no {key}.", help_)
        self.answer(node, value, place)
        return Coded(code, place.name, assay, value)

    def conventions(self, node: Node, place: Place) -> None:
        """What it means that nothing is recorded."""
        text = self.text(node)
        meant = {"series": "none-taken", "boolean": "false"}.get(place.declared.kind)
        if meant is None or text != meant:
            help_ = (
                f"For `{place.name}` it can only be {meant}; without it, it is unknown."
                if meant
                else f"Leave it out: what is not recorded of `{place.name}` is unknown."
            )
            self.fault(node.at, f"`absent` of `{place.name}` cannot be `{text[:40]}`.", help_)
        else:
            self.absent[place.name] = text

    def entries(self, node: Node, names: tuple[str, ...] = (), what: str = "") -> Iterator[Entry]:
        """The entries of a mapping; a name that is not among ``names`` is told."""
        if not isinstance(node, Tree):
            self.fault(
                node.at, "Names with values are expected here.", "See `guidegraph explain K103`."
            )
            return
        for each in node.entries:
            if names and each.key not in names:
                self.fault(
                    each.at, f"{what} has no `{each.key[:40]}`.", did_you_mean(each.key, names)
                )
            else:
                yield each

    def text(self, node: Node) -> str:
        """The text of a single value."""
        if isinstance(node, Scalar) and node.kind != "null":
            return node.text
        self.fault(node.at, "One value is expected here.", "See `guidegraph explain K103`.")
        return ""
