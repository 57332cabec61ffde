"""``guidegraph build``: everything that is generated from a guideline."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guidegraph.cli import options
from guidegraph.diagnostic import has_findings, in_order

if TYPE_CHECKING:
    from guidegraph.build import Outcome


@click.command(
    "build", epilog="Example: guidegraph build guideline/covid19-coagulopathy --output build"
)
@options.guideline_argument
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("build"),
    show_default=True,
    help="Folder to write to.",
)
@options.reading_option
@options.format_option("text", "json")
def command(guideline: Path | None, output: Path, readings: dict[str, str], form: str) -> None:
    """Check a guideline and write graph, decision logic, flowcharts and site.

    Nothing is written while there are errors. What a target cannot say is told by name. Identical
    input gives identical bytes. Open build/site/index.html in a browser.
    """
    options.refuse_inside(options.folder_of(guideline), output)
    loaded, sound = options.load_sound(guideline, form)
    program = options.lowered(sound, readings)
    from guidegraph.build import build
    from guidegraph.export import gap_summary

    try:
        with options.Progress() as progress:
            outcome = build(loaded, sound, program, output, progress.step)
    except OSError as stop:
        raise click.UsageError(f"Cannot write to {output}: {stop}") from None
    findings = in_order((*loaded.findings, *outcome.findings, *gap_summary(outcome.gaps)))
    if form == "json":
        click.echo(_as_json(outcome, output))
    else:
        click.echo(_in_words(outcome, output, str(sound.header.label)), err=True)
    options.show(findings, "text")
    sys.exit(1 if has_findings(findings) else 0)


def _in_words(outcome: Outcome, output: Path, name: str) -> str:
    lines = [f"{name}: {len(outcome.artefacts)} files, {len(outcome.site.pages)} pages."]
    folders = sorted({each.path.split("/")[0] for each in outcome.artefacts if "/" in each.path})
    for folder in folders:
        names = [Path(each.path).name for each in outcome.artefacts if each.path.startswith(folder)]
        shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
        lines.append(f"  {output / folder}: {shown}")
    lines.append(f"  {outcome.site.folder / 'index.html'}: open this in a browser")
    lines += [f"  mkdocs: {warning}" for warning in outcome.site.warnings]
    return "\n".join(lines)


def _as_json(outcome: Outcome, output: Path) -> str:
    told = {
        "output": output.as_posix(),
        "artefacts": [
            {"path": each.path, "bytes": each.size, "sha256": each.sha256}
            for each in outcome.artefacts
        ],
        "pages": list(outcome.site.pages),
        "gaps": [
            {"target": each.target, "subject": each.subject, "what": each.what}
            for each in outcome.gaps
        ],
    }
    return json.dumps(told, indent=2, ensure_ascii=False)
