"""``guidegraph test``: run the cases of a guideline and say what they cover."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from guidegraph.cli import options


@click.command(
    "test",
    epilog="Example: guidegraph test guideline/covid19-coagulopathy --format github",
)
@options.guideline_argument
@options.format_option(*options.REPORTS)
def command(guideline: Path | None, form: str) -> None:
    """Run the patients in cases.yaml and compare with what is expected of the guideline.

    Prints how often each recommendation was seen with each status and each branch was taken, then
    every case that is not as expected, at its line. Exits with 0 if all are, with 1 otherwise.
    """
    from guidegraph.cases import run_folder
    from guidegraph.cases.text import render
    from guidegraph.diagnostic import has_findings
    from guidegraph.report import render as render_findings

    loaded, found = options.load_sound(guideline, form)
    with options.Progress() as progress:
        report = run_folder(found, loaded.sources.root, progress.step)
    if form == "json":
        told = json.loads(render_findings(report.findings, "json", color=False))
        answer = {**report.to_json(), **told}
        click.echo(json.dumps(answer, indent=2, ensure_ascii=False))
        sys.exit(1 if has_findings(report.findings) else 0)
    if form == "text":
        click.echo(render(report).rstrip("\n"))
    options.finish(report.findings, form)
