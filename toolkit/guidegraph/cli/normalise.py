"""``guidegraph normalise``: a patient file as the integers that generated targets read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import click

from guidegraph.cli import options


@click.command(
    "normalise",
    epilog="Example: guidegraph normalise patient.json guideline/covid19-coagulopathy",
)
@click.argument("patient", type=click.Path(path_type=Path), metavar="PATIENT")
@options.guideline_argument
@options.setting_option
def command(patient: Path, guideline: Path | None, settings: Mapping[str, str]) -> None:
    """Print the patient in the file PATIENT (JSON or YAML) in the form that targets read.

    Units, bases, times and settings have been resolved: what is printed is JSON with whole numbers,
    true and false, codes and null (unknown), under "facts" and "settings". What is wrong with the
    patient file goes to stderr. Exits with 0 if there is nothing beyond notes, with 1 otherwise.
    """
    from guidegraph.patient import read_patient, to_wire

    _, found = options.load_sound(guideline, "text")
    program = options.lowered(found, {})
    read, findings = read_patient(patient, program, settings)
    if read is not None:
        click.echo(json.dumps(to_wire(read, program), ensure_ascii=False, indent=2))
    options.finish(findings, "text")
