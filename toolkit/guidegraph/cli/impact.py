"""``guidegraph impact``: what depends on a study, document, claim or threshold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guidegraph.cli import options

if TYPE_CHECKING:
    from guidegraph.model import Guideline

CHANGES = ("retracted", "withdrawn", "downgraded", "corrected")


@click.command(
    "impact",
    epilog="Example: guidegraph impact doi:10.1111/jth.14817 guideline/covid19-coagulopathy",
)
@click.argument("entity", metavar="ENTITY")
@options.guideline_argument
@click.option(
    "--if",
    "change",
    type=click.Choice(CHANGES),
    default="retracted",
    show_default=True,
    help="What becomes of it: it counts no more, or it is to be looked at again.",
)
@options.format_option("text", "json")
def command(entity: str, guideline: Path | None, change: str, form: str) -> None:
    """Show what depends on a piece of evidence, and what would remain without it.

    ENTITY is a local name, an IRI, a number printed in the source or a DOI. Everything that rests
    on it, directly or through others, is listed with the way that leads to it; recommendations with
    the support that would be left. This is a question and no check: it exits with 0.
    """
    from guidegraph.impact import UnknownThingError, find, impact, text
    from guidegraph.report import visible

    known = _read(guideline, form)
    try:
        name = find(known, entity)
    except UnknownThingError as unknown:
        raise click.UsageError(visible(f"{unknown} {unknown.advice}")) from None
    found = impact(known, (name,))
    pages = _pages(known)
    if form == "json":
        told = text.as_json(known, found, change, pages)
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for line in text.in_words(known, found, change, pages):
        click.echo(visible(line))


def _read(folder: Path | None, form: str) -> Guideline:
    """The guideline, even if it has faults: a retracted paper is one, and asks for an answer."""
    from guidegraph.lift import lift
    from guidegraph.read import read

    known, _ = lift(read(options.folder_of(folder)))
    if known is None:
        options.finish(options.load(folder).findings, form)
    return known


def _pages(guideline: Guideline) -> dict[str, str]:
    """The address on the site of everything that has one."""
    from guidegraph.site.addresses import Addresses

    addresses = Addresses(guideline)
    found = {name: addresses.of(name) for name in guideline.entities}
    return {name: address for name, address in found.items() if address}
