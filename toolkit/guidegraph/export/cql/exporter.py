"""The guideline as CQL libraries and their ELM: logic, and the data it decides about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from guidegraph.export import notes
from guidegraph.export.base import Artifact, ExportInput, Gap
from guidegraph.export.cql import elm, text
from guidegraph.export.cql.data import wire_data
from guidegraph.export.cql.fhir_data import fhir_data
from guidegraph.export.cql.logic import Logic
from guidegraph.export.cql.names import DATA, definitions, library_names
from guidegraph.export.cql.tree import Library
from guidegraph.kernel import Cmp, walk
from guidegraph.model import Action
from guidegraph.program import Named
from guidegraph.wire import conditions

BEYOND = (
    "it adds up numbers beyond 2^39, which cql-execution 3.3 makes null of (engines with true"
    " decimals do not), so it is unknown there."
)


@dataclass(frozen=True, slots=True)
class CqlExporter:
    """``cql/<Name>Logic`` and ``cql/<Name>Data``, each as ``.cql`` and ``.elm.json``.

    In ``cql/fhir/`` are the same logic over FHIR resources, and ``<Name>FHIRData.cql``.
    """

    name: str = "cql"
    description: str = "CQL libraries of logic and data, with their ELM"

    def export(self, loaded: ExportInput) -> Iterator[Artifact]:
        """The libraries of a guideline under the readings in force."""
        names = library_names(loaded)
        for made in (logic_library(loaded, names.data), data_library(loaded)):
            yield Artifact(f"cql/{made.name}.cql", text.library(made))
            yield Artifact(f"cql/{made.name}.elm.json", elm.library(made))
        over_fhir = logic_library(loaded, names.fhir_data)
        yield Artifact(f"cql/fhir/{over_fhir.name}.cql", text.library(over_fhir))
        yield Artifact(f"cql/fhir/{over_fhir.name}.elm.json", elm.library(over_fhir))
        yield Artifact(f"cql/fhir/{names.fhir_data}.cql", fhir_data(loaded))

    def gaps(self, loaded: ExportInput) -> Iterator[Gap]:
        """Comparisons that the usual engine cannot compute."""
        logic = Logic(loaded.program, loaded.guideline.anchor_words)
        for name, condition in conditions(loaded.program):
            compared = [each for each in walk(condition) if isinstance(each, Cmp)]
            if any(logic.is_beyond_engines(logic.form.linear(each)) for each in compared):
                yield Gap(self.name, name, BEYOND)


def data_library(loaded: ExportInput) -> Library:
    """The library of data in wire form."""
    program, anchor = loaded.program, loaded.guideline.anchor_words
    return wire_data(library_names(loaded).data, program, anchor, definitions(program))


def logic_library(loaded: ExportInput, data: str) -> Library:
    """The library of logic over the data library of that name.

    Nothing but the name differs from one data library to the other.
    """
    guideline, program = loaded.guideline, loaded.program
    logic = Logic(program, guideline.anchor_words)
    for each in program.definitions:
        if isinstance(each, Named):
            logic.criterion(each.name, each.condition, [notes.of_criterion(guideline, each)])
        else:
            logic.rule(each, notes.of_rule(guideline, each))
    place = {each.id: number for number, each in enumerate(guideline.recommendations)}
    rules = sorted(program.rules, key=lambda each: place.get(each.name, len(place)))
    actions = [guideline.get(each.action, Action) for each in rules]
    words = [str(each.label) if each else "" for each in actions]
    named = [said or rule.action or "" for rule, said in zip(rules, words, strict=True)]
    logic.recommendations(zip(rules, named, strict=True))
    return Library(
        name=library_names(loaded).logic,
        version=program.version,
        comments=tuple(_about(loaded)),
        includes=((data, DATA),),
        definitions=tuple(logic.made),
    )


def _about(loaded: ExportInput) -> Iterator[str]:
    yield notes.title(loaded.guideline)
    yield from notes.about(loaded)
    found = list(notes.readings(loaded))
    if found:
        yield "Readings in force:"
        yield from found
    yield (
        "The statuses of a recommendation: applies; provisional (it is not known whether an"
        " exception holds); defeated (one does); undetermined; notApplicable."
    )
