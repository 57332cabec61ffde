"""``guidegraph audit``: do the printed numbers and statements of the evidence fit each other?"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from guidegraph.cli import options


@click.command(
    "audit", epilog="Example: guidegraph audit guideline/covid19-coagulopathy --format json"
)
@options.guideline_argument
@options.format_option(*options.REPORTS)
@click.option("--all", "everything", is_flag=True, help="Also list the numbers that fit (in text).")
def command(guideline: Path | None, form: str, everything: bool) -> None:
    """Audit the evidence of a guideline like a reviewer with a calculator.

    Recomputes printed shares, intervals and P values, compares what different papers say of the
    same thing, and looks at what stands under each claim and recommendation. An error is proved by
    arithmetic or by the model, a doubt is for people to settle, a note is good to know. Every
    finding says what would settle it; a gg:AcceptedFinding in the guideline puts it aside, and is
    shown.

    Exits with 1 if there are errors that nobody has accepted, or if the guideline has faults;
    doubts and notes are no failure, because papers are as they are. `guidegraph explain CODE` says
    more about a code.
    """
    from guidegraph.audit import audit
    from guidegraph.audit.told import as_data, has_open_errors, in_words
    from guidegraph.report import render, visible

    _, sound = options.load_sound(guideline, form)
    with options.Progress() as progress:
        progress.step("Auditing")
        report = audit(sound)
    if form == "json":
        click.echo(json.dumps(as_data(sound, report), indent=2, ensure_ascii=False))
    elif form == "text":
        click.echo("\n".join(map(visible, in_words(sound, report, everything))))
    else:
        found = [each.diagnostic for each in report.open_findings]
        click.echo(render(found, form).rstrip("\n"))
    sys.exit(1 if has_open_errors(report) else 0)
