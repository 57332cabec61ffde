"""``guidegraph new``: start a guideline of one's own, or add a thing to one."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from guidegraph.cli.new_thing import thing_commands

EPILOG = 'Example: guidegraph new my-guideline --title "Antibiotics before surgery"'
GUIDELINE = "guideline"
_LIKE = 0.85
"""How like a kind of thing one word must be for a slip of the keyboard; `my-guideline` is none."""


class _NewGroup(click.Group):
    """``new DIR`` is short for ``new guideline DIR``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        asks_for_help = args and args[0] in ctx.help_option_names
        if args and not asks_for_help and args[0] not in self.commands:
            self._refuse_slip(ctx, args[0])
            args = [GUIDELINE, *args]
        return super().parse_args(ctx, args)

    def _refuse_slip(self, ctx: click.Context, word: str) -> None:
        from guidegraph.suggestion import alike

        near = alike(word, self.commands, cutoff=_LIKE) if word.isalpha() else ()
        if near and not Path(word).is_dir():
            ctx.fail(
                f"Did you mean `guidegraph new {near[0]}`? For a guideline in a folder of this "
                f"name, write `guidegraph new {GUIDELINE} {word}`."
            )


@click.group(
    "new",
    cls=_NewGroup,
    epilog=EPILOG,
    subcommand_metavar="DIR | KIND [ARGS]...",
)
def command() -> None:
    """Start a guideline in DIR, or add a thing of a KIND to one.

    `guidegraph new DIR` writes a small valid guideline into DIR, to change into your own. The other
    kinds are added to a guideline that there is: what must be known is asked, each answer is
    checked at once, and valid Turtle is written.
    """


@command.command(GUIDELINE, epilog=EPILOG)
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--title", help="Title of the guideline; by default made of the folder's name.")
def guideline(folder: Path, title: str | None) -> None:
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


for each in thing_commands():
    command.add_command(each)
