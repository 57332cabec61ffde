"""The command line: the only room that prints, exits or reads the clock.

Each command is a module of this package that exports ``command``; it is imported when it is asked
for, so that ``guidegraph --help`` stays quick.
"""

from __future__ import annotations

import errno
import importlib
import os
import sys
from typing import NoReturn

import click

from guidegraph import __version__

COMMANDS = {
    "build": "Check a guideline and write graph, decision logic, flowcharts and site.",
    "check": "Find faults in a guideline; print each with place, reason and help.",
    "decide": "Say which recommendations hold for a patient, and why.",
    "explain": "Explain a diagnostic code.",
    "new": "Start a guideline of your own.",
    "normalise": "Print a patient file in the form that generated targets read.",
    "query": "Ask the graph a question in SPARQL.",
    "test": "Run the cases of a guideline and report what they cover.",
}

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells give it."""

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""Why output cannot be written although everything is right."""


class _Lazy(click.Group):
    """A group whose commands are imported only when used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"guidegraph.cli.{cmd_name}").command
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

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
    epilog="Example: guidegraph build guideline/covid19-coagulopathy",
)
@click.version_option(__version__, "--version", prog_name="guidegraph")
def cli() -> None:
    """Write clinical guidelines as a knowledge graph: checked, executable, published."""


def main() -> None:
    """Run the command line; exit 0 clean, 1 findings, 2 usage, 3 our fault, 130 interrupted."""
    _open_closed_streams()
    try:
        cli(prog_name="guidegraph")
    except BrokenPipeError:
        _write_no_more()
        sys.exit(1)
    except OSError as fault:
        if fault.errno not in _NO_ROOM:
            _blame_ourselves(fault)
        _write_no_more()
        click.echo(f"The output could not be written: {fault.strerror}.", err=True)
        sys.exit(1)
    except Exception as fault:
        _blame_ourselves(fault)


def _open_closed_streams() -> None:
    """Where standard output or error has been closed, what is said there goes nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            setattr(sys, name, os.fdopen(nowhere, "w", encoding="utf-8"))


def _write_no_more() -> None:
    """Let what is still to be written go nowhere, or Python complains about it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _blame_ourselves(fault: Exception) -> NoReturn:
    """Say that this is a bug, and how to show where, and exit."""
    if os.environ.get("GUIDEGRAPH_TRACEBACK"):
        raise fault
    click.echo(
        f"guidegraph has failed: {type(fault).__name__}: {fault}\n"
        "This is a fault of guidegraph, not of your guideline. Please report it; run again "
        "with GUIDEGRAPH_TRACEBACK=1 to see where it happened.",
        err=True,
    )
    sys.exit(3)
