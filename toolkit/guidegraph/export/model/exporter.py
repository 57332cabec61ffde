"""The program as JSON with the texts a reader needs beside it: statements, figures, passages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guidegraph import resources
from guidegraph.export import tables
from guidegraph.export.base import Artifact, ExportInput
from guidegraph.interchange import to_json

FORMAT = "guidegraph-model/1"
SCHEMA = "model.schema.json"
OF_RECOMMENDATION = ("label", "statement", "modality", "action", "passages", "claims")
OF_CRITERION = ("label", "compared", "printed", "passages", "claims")


@dataclass(frozen=True, slots=True)
class ModelExporter:
    """``model/<guideline>.json`` and ``model/model.schema.json``."""

    name: str = "model"
    description: str = "the decision logic and its texts as JSON, with a JSON Schema"

    def export(self, loaded: ExportInput) -> Iterator[Artifact]:
        """The model of a guideline under the readings in force, then the schema."""
        yield Artifact(f"model/{loaded.guideline_id}.json", _text(_model(loaded)))
        schema = (resources.schemas_folder() / SCHEMA).read_text(encoding="utf-8")
        yield Artifact(f"model/{SCHEMA}", schema)


def _text(model: Mapping[str, Any]) -> str:
    return json.dumps(model, indent=1, ensure_ascii=False) + "\n"


def _model(loaded: ExportInput) -> dict[str, Any]:
    guideline, program = loaded.guideline, loaded.program
    return {
        "$schema": SCHEMA,
        "format": FORMAT,
        "guideline": _header(loaded),
        "program": to_json(program),
        "readings": {
            point: {"label": _label(loaded, point), "reading": _label(loaded, reading)}
            for point, reading in sorted(program.readings.items())
        },
        "recommendations": {
            name: _chosen(told, OF_RECOMMENDATION)
            for name, told in tables.recommendations(guideline, program).items()
        },
        "criteria": {
            name: _chosen(told, OF_CRITERION)
            for name, told in tables.criteria(guideline, program).items()
        },
    }


def _header(loaded: ExportInput) -> dict[str, Any]:
    header = loaded.guideline.header
    told = {
        "iri": header.iri,
        "title": str(header.title or header.label),
        "version": header.version,
        "issued": header.issued,
        "modified": header.modified,
        "licence": header.license,
        "intendedUse": str(header.intended_use),
        "timesFrom": loaded.guideline.anchor_words,
    }
    return {name: value for name, value in told.items() if value}


def _label(loaded: ExportInput, name: str) -> str:
    entity = loaded.guideline.entities.get(name)
    return str(entity.label) if entity and entity.label else name


def _chosen(told: Mapping[str, Any], wanted: tuple[str, ...]) -> dict[str, Any]:
    """The parts that are wanted, lists also where they are empty."""
    return {name: told[name] for name in wanted if told.get(name) is not None}
