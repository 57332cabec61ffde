"""``guidegraph verify``: is the guideline complete, free of conflicts, and what does it rest on?"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guidegraph.cli import options

if TYPE_CHECKING:
    from guidegraph.diagnostic import Diagnostic
    from guidegraph.model import Guideline
    from guidegraph.verify import Readings, VerificationReport


@click.command(
    "verify",
    epilog="Example: guidegraph verify guideline/covid19-coagulopathy --strict --time-limit 300",
)
@options.guideline_argument
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("build"),
    show_default=True,
    help="Folder below which verification/ is written: page, JSON and SARIF.",
)
@options.reading_option
@click.option("--default-reading", is_flag=True, help="Look at the default readings only.")
@click.option(
    "--strict",
    is_flag=True,
    help="Exit with 1 also if something is not proved or not looked at.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="Stop asking after so many seconds; what is not answered by then is not proved. By "
    "default there is no limit, because with one the answer depends on the machine.",
)
@click.option(
    "--effort",
    type=click.IntRange(min=1, max=2**32 - 1),
    metavar="STEPS",
    help="Steps the solver may take for one question; the same on every machine.",
)
@options.format_option(*options.REPORTS)
def command(
    guideline: Path | None,
    output: Path,
    readings: dict[str, str],
    default_reading: bool,
    strict: bool,
    time_limit: float | None,
    effort: int | None,
    form: str,
) -> None:
    """Prove what holds for all patients under every reading; show a patient where it does not.

    Each finding says for whom it holds, with the smallest patient who shows it, in how many
    choices of readings, and which interpretation decides it. --reading fixes one interpretation
    point; the others still take every reading. A gg:AcceptedFinding in the guideline puts a finding
    aside, and is shown. The JSON has each patient in the form that `guidegraph decide` takes.

    Exits with 1 if there are errors or warnings that nobody has accepted, or if the guideline has
    faults; notes are no failure. What is not proved is told, and fails only with --strict.
    `guidegraph explain CODE` says more about a code.
    """
    from guidegraph import solver

    options.refuse_inside(options.folder_of(guideline), output)
    if unsolved := solver.missing():
        _show([unsolved], form)
        sys.exit(1)
    loaded, sound = options.load_sound(guideline, form)
    chosen = _chosen(sound, readings, default_reading)
    report = _verified(sound, chosen, effort, _expiry(time_limit))
    page = _written(sound, report, loaded.sources.root, output)
    _tell(sound, report, form)
    click.echo(f"The report is in {page.parent}; open {page} in a browser.", err=True)
    sys.exit(_status(sound, report, strict))


def _chosen(guideline: Guideline, fixed: Mapping[str, str], default_only: bool) -> Readings:
    """The readings that are looked at; one that there is not is a usage error."""
    from guidegraph.verify import all_readings, one_reading

    program = options.lowered(guideline, fixed)
    if default_only:
        return one_reading(program.readings)
    held = {point: reading for point, reading in program.readings.items() if point in fixed}
    return all_readings(guideline, held)


def _expiry(time_limit: float | None) -> Callable[[], bool]:
    """Whether the time is up, counted from now."""
    if time_limit is None:
        return lambda: False
    end = time.monotonic() + time_limit
    return lambda: time.monotonic() >= end


def _verified(
    guideline: Guideline, chosen: Readings, effort: int | None, expired: Callable[[], bool]
) -> VerificationReport:
    from guidegraph.proof import EFFORT
    from guidegraph.verify import verify

    with options.Progress() as progress:
        return verify(
            guideline, chosen, effort=effort or EFFORT, expired=expired, progress=progress.step
        )


def _written(guideline: Guideline, report: VerificationReport, folder: Path, output: Path) -> Path:
    from guidegraph.build import write_verification

    try:
        return write_verification(guideline, report, folder, output)
    except OSError as stop:
        raise click.UsageError(f"Cannot write to {output}: {stop}") from None


def _tell(guideline: Guideline, report: VerificationReport, form: str) -> None:
    from guidegraph.report import visible
    from guidegraph.verify.shortfalls import shortfalls
    from guidegraph.verify.told import as_data, in_words

    if form == "json":
        click.echo(json.dumps(as_data(guideline, report), indent=2, ensure_ascii=False))
    elif form == "text":
        click.echo("\n".join(map(visible, in_words(guideline, report))))
    else:
        found = [each.diagnostic for each in report.open_findings]
        _show([*found, *shortfalls(guideline, report)], form)


def _show(found: list[Diagnostic], form: str) -> None:
    """Findings on stdout, in whatever form: they are the answer."""
    from guidegraph.report import render

    click.echo(render(found, form).rstrip("\n"))


def _status(guideline: Guideline, report: VerificationReport, strict: bool) -> int:
    from guidegraph.diagnostic import has_findings
    from guidegraph.verify.shortfalls import shortfalls

    besides = shortfalls(guideline, report)
    found = (*(each.diagnostic for each in report.open_findings), *besides)
    return 1 if has_findings(found) or (strict and besides) else 0
