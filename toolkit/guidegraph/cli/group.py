"""The click group behind the command line: commands are imported only when used."""

from __future__ import annotations

import importlib

import click

from guidegraph import __version__
from guidegraph.cli import COMMANDS, INTERRUPTED, help_text


class _Lazy(click.Group):
    """A group whose commands are imported only when used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"guidegraph.cli.{cmd_name}").command
        return command if isinstance(command, click.Command) else None

    def get_help(self, ctx: click.Context) -> str:
        return help_text().rstrip("\n")

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from guidegraph.suggestion import alike

            near = alike(args[0], COMMANDS)
            hint = f" Did you mean `{near[0]}`?" if near else ""
            ctx.fail(f"There is no command `{args[0]}`.{hint}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        from guidegraph.errors import GuidelineError

        try:
            return super().invoke(ctx)
        except GuidelineError as stop:
            from guidegraph.cli.options import show

            show(stop.findings, "text")
            ctx.exit(1)
        except KeyboardInterrupt:
            click.echo("\nInterrupted.", err=True)
            ctx.exit(INTERRUPTED)


@click.group(
    cls=_Lazy,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "--version", prog_name="guidegraph")
def cli() -> None:
    """Write clinical guidelines as a knowledge graph: checked, executable, published."""
