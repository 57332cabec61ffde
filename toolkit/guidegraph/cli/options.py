"""What the commands share: arguments, loading a guideline, showing findings, progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from guidegraph.diagnostic import Diagnostic, has_errors, has_findings

if TYPE_CHECKING:
    from guidegraph.model import Guideline
    from guidegraph.pipeline import Loaded, Ways
    from guidegraph.program import Program
    from guidegraph.read import Sources
    from guidegraph.report import SourceLine

F = TypeVar("F", bound=Callable[..., Any])
REPORTS = ("text", "json", "github", "sarif")


def guideline_argument(function: F) -> F:
    """``[GUIDELINE]``: a guideline folder; by default the only one under ``guideline/``."""
    return click.argument(
        "guideline", required=False, type=click.Path(path_type=Path), metavar="[GUIDELINE]"
    )(function)


def port_option(function: F) -> F:
    """``--port``: where a server listens."""
    return click.option(
        "--port",
        type=click.IntRange(0, 65535),
        default=8765,
        show_default=True,
        help="The port on this machine; if it is in use, the next one that is free.",
    )(function)


def format_option(*formats: str) -> Callable[[F], F]:
    """``--format``: the first is the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(formats or ("text", "json")),
        default=(formats or ("text",))[0],
        show_default=True,
        help="Form of the output.",
    )


def reading_option(function: F) -> F:
    """``--reading POINT=CHOICE``, repeatable."""
    return click.option(
        "--reading",
        "readings",
        multiple=True,
        metavar="POINT=CHOICE",
        callback=_pairs,
        help="Take another reading of an interpretation point (repeatable).",
    )(function)


def setting_option(function: F) -> F:
    """``--setting NAME=VALUE``, repeatable."""
    return click.option(
        "--setting",
        "settings",
        multiple=True,
        metavar="NAME=VALUE",
        callback=_pairs,
        help='Set a site parameter, e.g. "ddimer-strong-rise=3000 ug/L" (repeatable).',
    )(function)


def retractions_option(function: F) -> F:
    """``--retractions FILE``: publications that were retracted, withdrawn, doubted or corrected."""
    return click.option(
        "--retractions",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="CSV file with the columns doi, status, date: what became of publications.",
    )(function)


def overlay_option(function: F) -> F:
    """``--overlay DIR``: a local adaptation that is laid over the guideline."""
    return click.option(
        "--overlay",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Lay a local adaptation over the guideline.",
    )(function)


def limit_options(rows: int) -> Callable[[F], F]:
    """``--timeout``, ``--rows`` and ``--memory``: how much a query may take."""
    limits = (
        ("--timeout", click.IntRange(1, 3600), 30, "SECONDS", "Stop a query after this time."),
        ("--rows", click.IntRange(1), rows, "N", "Rows of an answer at most."),
        ("--memory", click.IntRange(16), 2048, "MB", "Memory of a query at most (on Linux)."),
    )

    def taken(function: F) -> F:
        for name, kind, default, unit, words in reversed(limits):
            function = click.option(
                name, type=kind, default=default, show_default=True, metavar=unit, help=words
            )(function)
        return function

    return taken


def store_option(function: F) -> F:
    """``--store DIR``: keep the graph on the disk."""
    return click.option(
        "--store",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help="Keep the graph in this folder, so that a large one is not read anew each time.",
    )(function)


def _pairs(ctx: click.Context, param: click.Parameter, values: Iterable[str]) -> dict[str, str]:
    pairs = {}
    for value in values:
        name, _, choice = (part.strip() for part in value.partition("="))
        if not (name and choice):
            raise click.BadParameter(f"write {param.metavar}, not {value!r}.", ctx, param)
        if name in pairs:
            raise click.BadParameter(f"`{name}` is given twice.", ctx, param)
        pairs[name] = choice
    return pairs


def folder_of(guideline: Path | None) -> Path:
    """The guideline folder that is meant; a usage error where that is not clear."""
    if guideline is not None:
        return guideline
    here = Path()
    if any(here.glob("*.ttl")):
        return here
    folders = sorted({each.parent for each in Path("guideline").glob("*/*.ttl")})
    if len(folders) == 1:
        return folders[0]
    if folders:
        names = ", ".join(str(each) for each in folders)
        raise click.UsageError(f"There are several guidelines; name one of: {names}")
    raise click.UsageError(
        "There is no guideline here. Name a guideline folder, or run `guidegraph new DIR`."
    )


def refuse_inside(folder: Path, output: Path) -> None:
    """Refuse to write among the files of the guideline, where it would be read as part of it."""
    inner, outer = output.resolve(), folder.resolve()
    if inner == outer or (
        inner.is_relative_to(outer) and "build" not in inner.relative_to(outer).parts
    ):
        raise click.UsageError(
            f"{output} lies in the guideline folder, where what is written would be read as part "
            f"of the guideline. Choose another folder, such as {folder / 'build'}."
        )


def load(
    guideline: Path | None,
    retractions: Path | None = None,
    overlay: Path | None = None,
    ways: Ways | None = None,
) -> Loaded:
    """Read, check and lift a guideline, showing progress on a terminal.

    ``ways`` are those of an earlier build.
    """
    from guidegraph.pipeline import load as load_folder

    folder = folder_of(guideline)
    if overlay is not None and overlay.resolve().is_relative_to(folder.resolve()):
        raise click.UsageError(
            f"The overlay {overlay} lies in the folder of the guideline and would be read as part "
            "of it. Keep it in a folder of its own."
        )
    with Progress() as progress:
        return load_folder(folder, progress.step, retractions, overlay, ways)


def load_sound(
    guideline: Path | None,
    form: str,
    retractions: Path | None = None,
    overlay: Path | None = None,
    ways: Ways | None = None,
) -> tuple[Loaded, Guideline]:
    """A guideline without errors; otherwise show them in this form and exit with 1."""
    loaded = load(guideline, retractions, overlay, ways)
    if loaded.guideline is None or has_errors(loaded.findings):
        finish(loaded.findings, form)
    return loaded, loaded.guideline


def load_unchecked(guideline: Path | None, form: str) -> tuple[Sources, Guideline]:
    """A guideline as far as it can be read, for questions that need no sound one.

    What cannot be read at all is shown in this form, and the command exits with 1.
    """
    from guidegraph.lift import lift
    from guidegraph.read import read

    with Progress() as progress:
        progress.step("Reading")
        sources = read(folder_of(guideline))
        found, unfit = lift(sources)
    if found is None or has_errors(sources.findings):
        finish(sources.findings or unfit, form)
    return sources, found


def lowered(guideline: Guideline, readings: Mapping[str, str]) -> Program:
    """The program under these readings; an unknown one is a usage error with a suggestion."""
    from guidegraph.lower import UnknownReadingError, lower
    from guidegraph.suggestion import did_you_mean

    try:
        return lower(guideline, readings)
    except UnknownReadingError as unknown:
        raise click.UsageError(f"{unknown} {did_you_mean(unknown.name, unknown.known)}") from None


def show(findings: Iterable[Diagnostic], form: str, source_line: SourceLine | None = None) -> None:
    """Print findings: text to stderr, machine forms to stdout."""
    from guidegraph.report import render

    found = tuple(findings)
    if form == "text" and not found:
        return
    to_people = form == "text"
    color = to_people and wants_colour(sys.stderr)
    text = render(found, form, color=color, source_line=source_line)
    click.echo(text.rstrip("\n"), err=to_people)


def finish(findings: Iterable[Diagnostic], form: str) -> NoReturn:
    """Show the findings and exit: 0 if there is nothing beyond notes, else 1."""
    found = tuple(findings)
    show(found, form)
    sys.exit(1 if has_findings(found) else 0)


def wants_colour(stream: Any) -> bool:
    """Colour only on a terminal, and not where NO_COLOR is set."""
    return bool(stream.isatty()) and "NO_COLOR" not in os.environ


class Progress:
    """One line on stderr that says what is being done; silent unless stderr is a terminal."""

    def __init__(self) -> None:
        self.visible = sys.stderr.isatty()
        self.width = 0

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self._write("")

    def step(self, label: str, done: int = 0, total: int = 0) -> None:
        """Say what is being done now, and how far along it is."""
        self._write(f"{label} {done}/{total}" if total else f"{label} …")

    def _write(self, line: str) -> None:
        if self.visible:
            sys.stderr.write("\r" + line.ljust(self.width) + ("" if line else "\r"))
            sys.stderr.flush()
            self.width = len(line)
