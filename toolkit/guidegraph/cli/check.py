"""``guidegraph check``: every finding in a guideline, at its line."""

from __future__ import annotations

from pathlib import Path

import click

from guidegraph.cli import options


@click.command(
    "check",
    epilog="Example: guidegraph check guideline/covid19-coagulopathy --format sarif > check.sarif",
)
@options.guideline_argument
@options.retractions_option
@options.format_option(*options.REPORTS)
def command(guideline: Path | None, retractions: Path | None, form: str) -> None:
    """Find faults in a guideline folder.

    Prints each finding with its code, place, reason and what to do next. Exits with 0 if there is
    nothing beyond notes, with 1 otherwise. `guidegraph explain CODE` says more about a code.
    """
    loaded = options.load(guideline, retractions)
    if form == "text" and loaded.guideline is not None and not loaded.findings:
        click.echo(f"{loaded.guideline.header.label}: no findings.", err=True)
    options.finish(loaded.findings, form)
