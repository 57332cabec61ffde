"""``guidegraph new``: start a guideline of one's own."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

EPILOG = 'Example: guidegraph new my-guideline --title "Antibiotics before surgery"'


@click.command("new", epilog=EPILOG)
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--title", help="Title of the guideline; by default made of the folder's name.")
def command(folder: Path, title: str | None) -> None:
    """Write a small valid guideline into DIR, to change into your own.

    Its content is invented and shows every form once. DIR must be new or empty; its name becomes
    part of the guideline's namespace.
    """
    from guidegraph.scaffold import ScaffoldError, new

    try:
        written = new(folder, title)
    except ScaffoldError as refused:
        raise click.UsageError(f"{refused} {refused.advice}") from None
    place = shlex.quote(str(folder))
    click.echo(f"Wrote {len(written)} files to {folder}:", err=True)
    for name in written:
        click.echo(f"  {name}", err=True)
    click.echo(
        f"\nNext:\n"
        f"  guidegraph build {place}\n"
        f"  guidegraph decide {shlex.quote(str(folder / 'patient.json'))} {place}\n"
        f"Then read {folder / 'README.md'}: it says what to change, and in which order.",
        err=True,
    )
