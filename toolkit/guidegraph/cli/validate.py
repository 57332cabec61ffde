"""``guidegraph validate``: any RDF against any SHACL shapes."""

from __future__ import annotations

import signal
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from guidegraph.cli import options
from guidegraph.diagnostic import Diagnostic, Severity, has_findings
from guidegraph.errors import ReadError
from guidegraph.wording import plural

if TYPE_CHECKING:
    from guidegraph.columns.reading import Loaded
    from guidegraph.shacl.validation import Report

LONGEST = 600
"""Seconds that pySHACL may take for shapes that are not compiled."""


@click.command("validate", epilog="Example: guidegraph validate patients.ttl shapes.ttl")
@click.argument("files", nargs=-1, required=True, metavar="DATA... SHAPES")
@click.option(
    "--shapes",
    "shapes_files",
    metavar="FILE",
    multiple=True,
    help="The shapes; then all other files are data. May be given several times.",
)
@click.option(
    "--engine",
    type=click.Choice(["auto", "compiled", "pyshacl"]),
    default="auto",
    show_default=True,
    help="Who judges: our engine, pySHACL what ours does not compile (auto), or pySHACL all.",
)
@click.option(
    "--watch",
    is_flag=True,
    help="Judge again when a file is saved; tell what is new and what is gone. Ctrl-C ends.",
)
@options.format_option("text", "json", "turtle")
def command(
    files: tuple[str, ...], shapes_files: tuple[str, ...], engine: str, watch: bool, form: str
) -> None:
    """Judge RDF data by SHACL shapes; no guideline is needed.

    The last file has the shapes (a file may be both: name it once, with --shapes again). Turtle,
    N-Triples, N-Quads, TriG, N3, RDF/XML and JSON-LD are read, by their endings. Nothing is fetched
    from the network: no imports, no remote contexts, no SERVICE.

    Findings name file, line and column. JSON has `conforms`, `results` and `findings`, with --watch
    one object a line with `new` and `gone`; Turtle is a sh:ValidationReport. Exit status: 0 nothing
    found, 1 findings, 2 usage.
    """
    data, shapes = (files, shapes_files) if shapes_files else (files[:-1], files[-1:])
    if not data:
        raise click.UsageError("Give the data and then the shapes.")
    from guidegraph.collecting import without_collecting

    data_files, asked = _each_once(data), _each_once(shapes)
    if watch:
        _refuse_to_watch(data_files, asked, form)
        from guidegraph.cli.watching import watched

        sys.exit(watched(data_files, asked, engine, form))
    with without_collecting():  # graphs live as long as the command
        _judge(data_files, asked, engine, form)


def _each_once(files: Iterable[str]) -> list[Path]:
    """Files as they are named first, each once, however it is named again."""
    found: dict[Path, Path] = {}
    for each in map(Path, files):
        found.setdefault(each.resolve(), each)
    return list(found.values())


def _resolved(files: Iterable[Path]) -> set[Path]:
    return {each.resolve() for each in files}


def _refuse_to_watch(data_files: list[Path], shapes_files: list[Path], form: str) -> None:
    if form == "turtle":
        raise click.UsageError("--watch tells what changes, in text or as JSON, not as Turtle.")
    if _resolved(data_files) & _resolved(shapes_files):
        raise click.UsageError("--watch needs data and shapes in different files.")


def _judge(data_files: list[Path], shapes_files: list[Path], engine: str, form: str) -> NoReturn:
    """Read, judge, tell and exit."""
    from guidegraph.shacl.files import load
    from guidegraph.shacl.validation import validate

    try:
        data = load(data_files)
        are_one = _resolved(data_files) == _resolved(shapes_files)
        shapes = data if are_one else load(shapes_files)
    except ReadError as stop:
        options.finish(stop.findings, "json" if form == "json" else "text")
    with limited():
        report = validate(data, shapes, engine)
    if form == "text":
        _in_words(data, shapes, report)
    else:
        _as_data(data, shapes, report, form)
    sys.exit(1 if report.results or has_findings(report.findings) else 0)


@contextmanager
def limited() -> Iterator[None]:
    """No more than so many seconds: pySHACL has no limit of its own."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(LONGEST)
    try:
        yield
    except TimeoutError:
        options.finish([_too_long()], "text")
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _too_long() -> Diagnostic:
    return Diagnostic(
        code="Z105",
        severity=Severity.ERROR,
        message=f"The shapes could not be applied within {LONGEST} seconds.",
        why="pySHACL judges by shapes that refer to themselves, and can go round for very long.",
        help="Use `--engine compiled`, which names these shapes and leaves them out.",
    )


def _in_words(data: Loaded, shapes: Loaded, report: Report) -> None:
    from guidegraph.shacl.report import Telling, ordered

    told = Telling(data, shapes)
    findings = [each for each, _ in ordered(told, report.results)]
    options.show(report.findings, "text")
    options.show(findings, "text", told.line)
    severities = Counter(each.severity for each in findings)
    click.echo(total(severities, len(data.columns), report.shapes))


def total(found: Counter[Severity], triples: int, shapes: int) -> str:
    """How much was found, in one line."""
    counts = [plural(found[each], word) for each, word in _WORDS.items() if found[each]]
    said = ", ".join(counts) or "nothing found"
    applied = f"{plural(triples, 'triple')}, {plural(shapes, 'shape')} applied."
    return f"{said[0].upper()}{said[1:]}. {applied}"


_WORDS = {
    Severity.ERROR: "violation",
    Severity.WARNING: "warning",
    Severity.NOTE: "note",
}


def _as_data(data: Loaded, shapes: Loaded, report: Report, form: str) -> None:
    from guidegraph.shacl import report as forms

    told = forms.Telling(data, shapes)
    if form == "json":
        import json

        from guidegraph.report import render

        notes = json.loads(render(report.findings, "json"))["findings"]
        click.echo(forms.as_json(report, told, notes), nl=False)
        return
    options.show(report.findings, "text")
    sys.stdout.buffer.write(forms.as_turtle(report, told))
