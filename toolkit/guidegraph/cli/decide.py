"""``guidegraph decide``: what a guideline says about one patient, and why."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
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
@options.overlay_option
@click.option("--all", "show_all", is_flag=True, help="Give reasons also for what does not apply.")
@click.option(
    "--why",
    "--why-not",
    "asked",
    multiple=True,
    metavar="RECOMMENDATION",
    help="Explain one recommendation: what suffices for its status, what would change it and what "
    "to find out next. Can be given several times.",
)
def command(
    patient: Path,
    guideline: Path | None,
    form: str,
    readings: Mapping[str, str],
    settings: Mapping[str, str],
    overlay: Path | None,
    show_all: bool,
    asked: tuple[str, ...],
) -> None:
    """Say which recommendations hold for the patient in the file PATIENT (JSON or YAML).

    For each: whether it applies, applies unless something not yet known, cannot be determined, is
    set aside or does not apply; why, down to the datum, the threshold and the passage; and which
    datum would settle most next. What is wrong with the patient file goes to stderr. Exits with 0
    if there is nothing beyond notes, with 1 otherwise.
    """
    from guidegraph.evaluate import decide
    from guidegraph.evaluate.explanation import explain
    from guidegraph.evaluate.explanation_text import render_explanations
    from guidegraph.evaluate.text import render
    from guidegraph.patient import read_patient

    _, found = options.load_sound(guideline, form, overlay=overlay)
    program = options.lowered(found, readings)
    _check_names(asked, [each.name for each in program.rules])
    read, findings = read_patient(patient, program, settings)
    if read is None:
        options.finish(findings, form)
    decision = decide(found, program, read, findings)
    explained = explain(found, program, read, asked)
    if form == "json":
        told = decision.to_json()
        if asked:
            told["explanations"] = [each.to_json() for each in explained]
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    elif asked:
        click.echo(render_explanations(decision, explained).rstrip("\n"))
    else:
        click.echo(render(decision, show_all).rstrip("\n"))
    options.finish(findings, "text")


def _check_names(names: Iterable[str], known: Collection[str]) -> None:
    from guidegraph.suggestion import did_you_mean

    for name in names:
        if name not in known:
            hint = did_you_mean(name, known)
            raise click.UsageError(f"`{name}` is no recommendation that can be decided. {hint}")
