"""``guidegraph decide``: what a guideline says about one patient, and why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import click

from guidegraph.cli import options


@click.command(
    "decide",
    epilog="Example: guidegraph decide patient.json guideline/covid19-coagulopathy --all "
    '--setting "ddimer-strong-rise=3000 ug/L"',
)
@click.argument("patient", type=click.Path(path_type=Path), metavar="PATIENT")
@options.guideline_argument
@options.format_option("text", "json")
@options.reading_option
@options.setting_option
@click.option("--all", "show_all", is_flag=True, help="Give reasons also for what does not apply.")
def command(
    patient: Path,
    guideline: Path | None,
    form: str,
    readings: Mapping[str, str],
    settings: Mapping[str, str],
    show_all: bool,
) -> None:
    """Say which recommendations hold for the patient in the file PATIENT (JSON or YAML).

    For each: whether it applies, applies unless something not yet known, cannot be determined, is
    set aside or does not apply; why, down to the datum, the threshold and the passage; and which
    datum would settle most next. What is wrong with the patient file goes to stderr. Exits with 0
    if there is nothing beyond notes, with 1 otherwise.
    """
    from guidegraph.evaluate import decide
    from guidegraph.evaluate.text import render
    from guidegraph.patient import read_patient

    _, found = options.load_sound(guideline, form)
    program = options.lowered(found, readings)
    read, findings = read_patient(patient, program, settings)
    if read is None:
        options.finish(findings, form)
    decision = decide(found, program, read, findings)
    if form == "json":
        click.echo(json.dumps(decision.to_json(), indent=2, ensure_ascii=False))
    else:
        click.echo(render(decision, show_all).rstrip("\n"))
    options.finish(findings, "text")
