"""``guidegraph cohort``: what a guideline says about a whole population."""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guidegraph.cli import options

if TYPE_CHECKING:
    from guidegraph.export import ExportInput

_SIZE = re.compile(r"[0-9]+(\.[0-9]+)? *([KMGT]i?B|%)", re.IGNORECASE)


@click.command(
    "cohort",
    epilog="Example: guidegraph cohort --example made-up --persons 1000 && guidegraph cohort "
    "made-up/rows.parquet --sweep ddimer-strong-rise",
)
@click.argument("data", nargs=-1, type=click.Path(path_type=Path), metavar="DATA...")
@click.option("--guideline", type=click.Path(path_type=Path), metavar="DIR", help="The guideline.")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("cohort"),
    show_default=True,
    metavar="DIR",
    help="Folder for the results; it appears when all of them are there.",
)
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="YAML: which codes of FHIR or OMOP are which observables.",
)
@click.option("--sweep", "sweeps", multiple=True, metavar="PARAMETER", help="Move a site parameter "
              "over its permitted range (repeatable).")  # fmt: skip
@click.option("--set-aside", is_flag=True, help="Go on without faulty rows: what they are about is "
              "unknown; they are listed in set-aside.csv.")  # fmt: skip
@click.option("--doubles", type=click.Choice(["refuse", "shortest"]), default="refuse",
              show_default=True, help="Binary numbers in Parquet: refuse them, or take for each "
              "the shortest decimal that is stored as it.")  # fmt: skip
@click.option("--sample", type=click.IntRange(1), default=200, show_default=True, metavar="N",
              help="Persons that the reference evaluator decides again.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True,
              help="Another seed, another sample (or another example).")  # fmt: skip
@click.option("--csv", is_flag=True, help="Write the rows also as CSV.")
@click.option("--tables", is_flag=True, help="Keep the tables that the generated SQL reads.")
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb",
              show_default=True, help="What runs the generated SQL.")  # fmt: skip
@click.option("--memory", metavar="SIZE", help='Most memory for DuckDB, such as "4GB"; what does '
              "not fit goes to the disk.")  # fmt: skip
@click.option("--example", type=click.Path(path_type=Path), metavar="DIR",
              help="Write a made-up cohort with known answers into a new folder.")  # fmt: skip
@click.option("--persons", type=click.IntRange(1), default=1000, show_default=True, metavar="N",
              help="How many persons the example has.")  # fmt: skip
@options.reading_option
@options.setting_option
@options.format_option("text", "json")
def command(
    data: tuple[Path, ...],
    guideline: Path | None,
    output: Path,
    mapping: Path | None,
    sweeps: tuple[str, ...],
    set_aside: bool,
    doubles: str,
    sample: int,
    seed: int,
    csv: bool,
    tables: bool,
    engine: str,
    memory: str | None,
    example: Path | None,
    persons: int,
    readings: Mapping[str, str],
    settings: Mapping[str, str],
    form: str,
) -> None:
    """Say what a guideline recommends for every person of a population.

    DATA are files or folders: Parquet or CSV with a row for each value (person, observable, value,
    unit, assay, time or minutes), FHIR resources as NDJSON, or tables of OMOP. Rows that cannot be
    used stop everything, with file, row and column, before any result is written. In every run a
    sample is decided again by the reference evaluator; a difference stops the run. Exits with 0 if
    there is nothing beyond notes, with 1 otherwise.
    """
    from guidegraph.cohort import Request, missing

    if (told := missing()) is not None:
        raise click.ClickException(told)
    if not data and example is None:
        raise click.UsageError("Name the files of a cohort, or --example DIR to make one up.")
    if data and example is not None:
        raise click.UsageError("--example makes a cohort up; decide about it in a second command.")
    given = _given(guideline, readings, form)
    if example is not None:
        _write_example(given, example, persons, seed)
        return
    _check(given, output, sweeps, engine)
    if memory is not None and not _SIZE.fullmatch(memory):
        raise click.UsageError(f'`{memory}` is no amount of memory; write such as "4GB".')
    request = Request(
        data=data,
        mapping=mapping,
        settings=settings,
        set_aside=set_aside,
        doubles=doubles == "shortest",
        sample=sample,
        seed=seed,
        sweeps=tuple(dict.fromkeys(sweeps)),
        csv=csv,
        memory=memory,
        engine=engine,
        tables=tables,
    )
    _run(given, request, output, form)


def _run(given: ExportInput, request: object, output: Path, form: str) -> None:
    from guidegraph.cohort import CohortError, Request, as_text, run

    assert isinstance(request, Request)
    with options.Progress() as progress:
        try:
            report, notes = run(given, request, output, progress.step)
        except CohortError as stopped:
            progress.step("")
            options.finish(stopped.findings, form)
        except OSError as stop:
            raise click.UsageError(f"Cannot write to {output}: {stop}") from None
    if form == "json":
        click.echo(json.dumps(report.to_json(), indent=2, ensure_ascii=False))
    else:
        click.echo(as_text(report).rstrip("\n"))
        click.echo(
            f"\nWritten to {output}: {', '.join(sorted(each.name for each in output.iterdir()))}"
        )
    options.finish(notes, "text")


def _given(guideline: Path | None, readings: Mapping[str, str], form: str) -> ExportInput:
    from guidegraph.export import ExportInput

    loaded, found = options.load_sound(guideline, form)
    program = options.lowered(found, readings)
    return ExportInput(guideline=found, program=program, sources=loaded.sources)


def _check(given: ExportInput, output: Path, sweeps: tuple[str, ...], engine: str) -> None:
    """What can be said against a request before anything is read."""
    from guidegraph.cohort import can_move
    from guidegraph.suggestion import did_you_mean

    if output.exists() and not (output / "report.json").is_file():
        raise click.UsageError(
            f"{output} is there and holds no earlier result; name another folder."
        )
    known = [each.name for each in given.program.settings if can_move(each)]
    for name in sweeps:
        if name not in known:
            raise click.UsageError(
                f"`{name}` is no site parameter with a permitted range. {did_you_mean(name, known)}"
            )
    if engine == "spark":
        from guidegraph.agree.spark import SparkExecutor

        if (told := SparkExecutor().missing()) is not None:
            raise click.ClickException(told)


def _write_example(given: ExportInput, folder: Path, persons: int, seed: int) -> None:
    import duckdb

    from guidegraph.cohort import Wanted, database, write_example

    if folder.exists():
        raise click.UsageError(f"{folder} is there already; name a new folder.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        made = work / "made"
        try:
            made.mkdir()
            with options.Progress() as progress, database(work) as connection:
                progress.step("Making up a cohort")
                written = write_example(connection, given.program, made, Wanted(persons, seed))
            names = [str(each.relative_to(made)) for each in written]
            made.rename(folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except (OSError, duckdb.IOException) as stop:
        raise click.UsageError(f"Cannot write to {folder}: {stop}") from None
    click.echo(f"{persons:,} made-up persons in {folder}: {', '.join(names)}")
    sys.exit(0)
