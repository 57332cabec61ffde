"""The CQL target on cql-execution: from its text by the reference translator, or from our own ELM.

A translator of its own checks the text; engines that have none run the ELM. Both must say the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from guidegraph.agree import node
from guidegraph.agree.base import Runner
from guidegraph.export import ExportInput
from guidegraph.export.base import Artifact
from guidegraph.export.cql import RECOMMENDATIONS, CqlExporter, library_names
from guidegraph.export.cql.names import data_of, parameter

SCRIPT = "cql.mjs"
ENGINE = "cql-execution"
TRANSLATOR = ("@cqframework/cql", "@lhncbc/ucum-lhc", "cql-exec-fhir")
TEXT, ELM = ".cql", ".elm.json"


@dataclass(frozen=True, slots=True)
class CqlExecutor:
    """The text: ``cql/<Name>Logic.cql`` over ``cql/<Name>Data.cql``."""

    name: str = "cql"
    is_fast: bool = False
    is_routine: bool = True

    def missing(self) -> str | None:
        """Node, the translator (with units and the model of FHIR) or the engine."""
        return node.missing(ENGINE, *TRANSLATOR)

    def start(self, loaded: ExportInput) -> AbstractContextManager[Runner]:
        """Node with the text translated. What the translator objects to is a ``RunError``."""
        texts = [each.text for each in libraries(loaded, TEXT)]
        return node.node(self.name, SCRIPT, {**_common(loaded), "texts": texts})


@dataclass(frozen=True, slots=True)
class ElmExecutor:
    """The ELM that guidegraph writes itself: ``cql/<Name>Logic.elm.json`` and its data."""

    name: str = "elm"
    is_fast: bool = False
    is_routine: bool = True

    def missing(self) -> str | None:
        """Node or the engine."""
        return node.missing(ENGINE)

    def start(self, loaded: ExportInput) -> AbstractContextManager[Runner]:
        """Node with the libraries loaded."""
        read = [json.loads(each.text) for each in libraries(loaded, ELM)]
        return node.node(self.name, SCRIPT, {**_common(loaded), "libraries": read})


def libraries(loaded: ExportInput, ending: str) -> Iterator[Artifact]:
    """The logic and the wire form's data library, data first, as text or as ELM."""
    names = library_names(loaded)
    made = {each.path: each for each in CqlExporter().export(loaded)}
    for name in (names.data, names.logic):
        yield made[f"cql/{name}{ending}"]


def _common(loaded: ExportInput) -> dict[str, Any]:
    """What the runner must know beside the libraries: where facts and settings go."""
    sent = [
        {
            "from": "settings" if ref.kind == "setting" else "facts",
            "name": ref.name,
            "parameter": parameter(ref),
        }
        for ref in data_of(loaded.program)
    ]
    names = library_names(loaded)
    return {"logic": names.logic, "definition": RECOMMENDATIONS, "parameters": sent}
