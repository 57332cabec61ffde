"""``guidegraph test``: run the cases of a guideline and say what they cover."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from guidegraph.cli import options

if TYPE_CHECKING:
    from guidegraph.model import Guideline


@click.command(
    "test",
    epilog="Example: guidegraph test guideline/covid19-coagulopathy --format github",
)
@options.guideline_argument
@options.format_option(*options.REPORTS)
@options.overlay_option
@click.option(
    "--mutants",
    is_flag=True,
    help="Also make one fault after the other in the guideline and list those no case notices.",
)
@click.option(
    "--suggest",
    is_flag=True,
    help="Write cases, as YAML, that notice the faults no case notices yet.",
)
def command(
    guideline: Path | None, form: str, overlay: Path | None, mutants: bool, suggest: bool
) -> None:
    """Run the patients in cases.yaml and compare with what is expected of the guideline.

    Prints how often each recommendation was seen with each status and each branch was taken, then
    every case that is not as expected, at its line. Exits with 0 if all are, with 1 otherwise.

    With --mutants each limit, comparator, unit, connective, window, expected answer and outcome is
    changed in turn, and faults that no case notices are listed with the reason. --suggest writes
    the missing cases to stdout; what they expect must be confirmed before they are added.
    """
    from guidegraph.cases import home, run_sources
    from guidegraph.cases.text import render
    from guidegraph.diagnostic import has_errors, has_findings
    from guidegraph.report import render as render_findings

    loaded, found = options.load_sound(guideline, form, overlay=overlay)
    with options.Progress() as progress:
        report = run_sources(found, loaded.sources, progress.step)
    if (mutants or suggest) and not has_errors(report.findings):
        _try_faults(found, home(loaded.sources), form, suggest)
    if form == "json":
        told = json.loads(render_findings(report.findings, "json", color=False))
        answer = {**report.to_json(), **told}
        click.echo(json.dumps(answer, indent=2, ensure_ascii=False))
        sys.exit(1 if has_findings(report.findings) else 0)
    if form == "text":
        click.echo(render(report).rstrip("\n"), err=suggest)
    options.finish(report.findings, form)


def _try_faults(guideline: Guideline, folder: Path, form: str, suggest: bool) -> NoReturn:
    from guidegraph.mutation.report import run_folder
    from guidegraph.mutation.suggestion import in_yaml

    with options.Progress() as progress:
        report = run_folder(guideline, folder, progress.step)
    findings = tuple(report.findings)
    if suggest and form == "text":
        click.echo(in_yaml(report.suggestions).rstrip("\n"))
        sys.exit(0)
    if form == "json":
        click.echo(json.dumps(report.to_json(), indent=2, ensure_ascii=False))
        sys.exit(1 if findings else 0)
    if form == "text":
        click.echo(report.to_text())
    options.finish(findings, form)
