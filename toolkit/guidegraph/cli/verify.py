"""``guidegraph verify``: is the guideline complete, free of conflicts, and what does it rest on?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from guidegraph.cli import options


@click.command("verify", epilog="Example: guidegraph verify guideline/covid19-coagulopathy")
@options.guideline_argument
@options.format_option(*options.REPORTS)
def command(guideline: Path | None, form: str) -> None:
    """Prove what holds for all patients under every reading; show a patient where it does not."""
    from guidegraph.diagnostic import has_findings
    from guidegraph.report import render
    from guidegraph.verify import verify

    _, sound = options.load_sound(guideline, form)
    with options.Progress() as progress:
        report = verify(sound, progress=progress.step)
    found = [each.diagnostic for each in report.open_findings]
    click.echo(render(found, form).rstrip("\n"))
    sys.exit(1 if has_findings(found) else 0)
