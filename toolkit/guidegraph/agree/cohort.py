"""Patients in wire form as the rows of the two tables that the SQL reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from guidegraph.agree.base import WirePatient
from guidegraph.export.sql import Tables

Row = dict[str, Any]
Columns = dict[str, str]
"""The type of each column by its name."""

SAMPLES: Columns = {"person": "BIGINT", "input": "STRING", "minute": "BIGINT", "value": "BIGINT"}


def person_columns(needed: Tables) -> Columns:
    """The columns of the table of persons."""
    return {"person": "BIGINT", **{each.column: each.form for each in needed.persons}}


def write(
    folder: Path, needed: Tables, patients: Sequence[WirePatient]
) -> Iterator[tuple[str, Path, Columns]]:
    """Both tables as files of JSON lines: name, file and columns of each.

    Engines read a file many times faster than they take rows one by one.
    """
    for name, columns, rows in (
        ("persons", person_columns(needed), persons(needed, patients)),
        ("samples", SAMPLES, samples(needed, patients)),
    ):
        path = folder / f"{name}.json"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
        yield name, path, columns


def persons(needed: Tables, patients: Sequence[WirePatient]) -> Iterator[Row]:
    """A row per patient; ``person`` is the patient's place in the sequence."""
    for number, patient in enumerate(patients):
        facts, settings = patient["facts"], patient.get("settings") or {}
        row: Row = {"person": number}
        for each in needed.persons:
            if each.kind == "known":
                row[each.column] = facts.get(each.name) is not None
            else:
                row[each.column] = (settings if each.kind == "setting" else facts).get(each.name)
        yield row


def samples(needed: Tables, patients: Sequence[WirePatient]) -> Iterator[Row]:
    """A row per sample."""
    for number, patient in enumerate(patients):
        for series in needed.series:
            for minute, value in patient["facts"].get(series) or ():
                yield {"person": number, "input": series, "minute": minute, "value": value}
