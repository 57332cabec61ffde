"""``guidegraph agree``: run every target and compare it with the reference."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guidegraph.cli import options

if TYPE_CHECKING:
    from guidegraph.agree import Report
    from guidegraph.agree.base import WirePatient
    from guidegraph.agree.replay import Replay
    from guidegraph.agree.selection import Selection
    from guidegraph.export import ExportInput


@click.command(
    "agree",
    epilog="Example: guidegraph agree guideline/covid19-coagulopathy --patients 10000 --seed 7 "
    "--target python --target duckdb",
)
@options.guideline_argument
@click.option("--patients", type=click.IntRange(1), default=1000, show_default=True, metavar="N")
@click.option(
    "--process-patients",
    type=click.IntRange(1),
    metavar="N",
    help="Give targets that are slow only the first N patients. Default: all get all.",
)
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Another seed, other patients."
)
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="NAME",
    help="Run only this target (repeatable). It must be installed.",
)
@click.option("--all", "everything", is_flag=True, help="Also run targets that are slow to start.")
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=os.cpu_count() or 1,
    metavar="N",
    help="Processes that share the patients. Default: one per core.",
)
@click.option(
    "--patient",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Ask about this one patient: JSON of a counterexample, or a patient file.",
)
@click.option(
    "--install-engines", is_flag=True, help="Install engines that run in Node first (once)."
)
@options.reading_option
@options.format_option("text", "json")
def command(
    guideline: Path | None,
    patients: int,
    process_patients: int | None,
    seed: int,
    targets: tuple[str, ...],
    everything: bool,
    jobs: int,
    patient: Path | None,
    install_engines: bool,
    readings: Mapping[str, str],
    form: str,
) -> None:
    """Run every target on the same patients and compare it with the reference.

    The patients are made so that every limit, window end, answer and unknown decides something;
    the same seed makes the same ones. Where a target does not say what the reference says, the
    smallest patient found that shows it is printed. Targets that are not installed are named, with
    what to install. Exits with 0 if all targets that ran agree, with 1 otherwise.
    """
    from guidegraph.agree import How, RunError, agree

    if install_engines:
        _install()
    chosen = _select(targets, everything)
    given = _given(guideline, readings, form)
    if patient is not None:
        _answer(_replay(given, chosen, patient, form), given, form)
    how = How(
        jobs=jobs,
        process_patients=process_patients,
        skipped=chosen.skipped,
        clock=time.perf_counter,
    )
    with options.Progress() as progress:
        try:
            report = agree(
                given,
                chosen.executors,
                seed,
                patients,
                lambda done, total: progress.step("Comparing", done, total),
                how,
            )
        except RunError as stop:
            raise click.ClickException(str(stop)) from None
    _answer(report, given, form)


def _install() -> None:
    from guidegraph.agree import RunError, node

    try:
        with options.Progress() as progress:
            progress.step("Installing engines")
            node.install()
    except RunError as stop:
        raise click.ClickException(str(stop)) from None


def _select(targets: tuple[str, ...], everything: bool) -> Selection:
    from guidegraph.agree import EXECUTORS
    from guidegraph.agree.selection import UnavailableError, select

    try:
        return select(EXECUTORS, targets, everything)
    except UnavailableError as unavailable:
        raise click.UsageError(str(unavailable)) from None


def _given(guideline: Path | None, readings: Mapping[str, str], form: str) -> ExportInput:
    from guidegraph.export import ExportInput

    loaded, found = options.load_sound(guideline, form)
    program = options.lowered(found, readings)
    return ExportInput(guideline=found, program=program, sources=loaded.sources)


def _replay(given: ExportInput, chosen: Selection, file: Path, form: str) -> Replay:
    from guidegraph.agree.replay import replay

    return replay(given, chosen.executors, _patient(given, file, form), chosen.skipped)


def _patient(given: ExportInput, file: Path, form: str) -> WirePatient:
    """A patient in wire form as it is; any other patient file is normalised first."""
    from guidegraph.agree.replay import wire_patient
    from guidegraph.patient import read_patient, to_wire

    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        document = None
    if (found := wire_patient(given.program, document)) is not None:
        return found
    read, findings = read_patient(file, given.program, {})
    if read is None:
        options.finish(findings, form)
    options.show(findings, "text")
    return to_wire(read, given.program)


def _answer(found: Report | Replay, given: ExportInput, form: str) -> None:
    """Print and exit."""
    from guidegraph.agree.text import render

    if form == "json":
        click.echo(json.dumps(found.to_json(), indent=2, ensure_ascii=False))
    else:
        click.echo(render(found, given.guideline, given.program).rstrip("\n"))
    sys.exit(0 if found.is_agreed else 1)
