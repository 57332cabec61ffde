"""``guidegraph sheet``: a guideline as a workbook for a committee, and what came back of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from guidegraph.cli import options
from guidegraph.wording import plural

if TYPE_CHECKING:
    from guidegraph.diagnostic import Diagnostic
    from guidegraph.sheet.outcome import Merged
    from guidegraph.workspace.workspace import Draft

_DECIMALS = {"point": ".", "comma": ","}
_XLSX = ".xlsx"
_NOT_WRITTEN = {
    ".xls": "The old type XLS is not written here. Write XLSX or ODS.",
    ".xlsm": "Workbooks with macros are not written here. Write XLSX or ODS.",
    ".fods": "Workbooks of the type FODS are not written here. Write ODS or XLSX.",
    ".csv": "A guideline has several sheets. Name a folder for the CSV files: `-o DIR/`.",
}


@click.group(
    "sheet", epilog="Example: guidegraph sheet export guideline/covid19-coagulopathy -o book.xlsx"
)
def command() -> None:
    """Edit a guideline in a spreadsheet: export a workbook, and import what was changed in it.

    Only cells that somebody changed are written back, each where it belongs; the rest of the files
    stays as it is, to the byte.
    """


@command.command(
    "export",
    epilog="Example: guidegraph sheet export guideline/covid19-coagulopathy -o book.xlsx",
    short_help="Write a workbook (XLSX, ODS), or a folder of CSV files.",
)
@options.guideline_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE.xlsx|FILE.ods|DIR/",
    help="The workbook, or a folder for CSV files; by default NAME-OF-THE-FOLDER.xlsx here.",
)
@click.option("--overwrite", is_flag=True, help="Replace a workbook that is there already.")
def export_command(guideline: Path | None, output: Path | None, overwrite: bool) -> None:
    """Write the guideline as a workbook that a committee can edit.

    It has a read-me sheet, a decision table for each pathway, and sheets for recommendations,
    thresholds, claims, studies, observables, pathways and their steps. All cells are text; units
    stand in columns of their own; code lists are drop-down lists. The same files make the same
    bytes.

    A workbook that is there and differs is not replaced unless --overwrite says so: somebody may
    have edited it.
    """
    from guidegraph.sheet import formats
    from guidegraph.sheet.book import book
    from guidegraph.sheet.scene import scene
    from guidegraph.workspace.workspace import Workspace

    folder = options.folder_of(guideline)
    target = output or Path(f"{folder.resolve().name}{_XLSX}")
    suffix = target.suffix.lower()
    if suffix in _NOT_WRITTEN:
        raise click.UsageError(_NOT_WRITTEN[suffix])
    formats.need_library(suffix)
    with options.Progress() as progress:
        progress.step("Reading")
        there = scene(Workspace.open(folder))
        progress.step("Laying out")
        made = book(there)
        progress.step("Writing")
        files = formats.files_of(target, made, there)
        _write(files, overwrite)
    rows = sum(len(each.rows) for each in made.tables)
    sheets = plural(len(made.tables), "sheet")
    click.echo(f"Wrote {target}: {plural(rows, 'row')} on {sheets}.", err=True)


def _write(files: dict[Path, bytes], overwrite: bool) -> None:
    """Write files where nothing is lost by it."""
    from guidegraph.errors import UsageError
    from guidegraph.sheet.faults import unwritten

    try:
        differing = [
            path for path, data in files.items() if path.exists() and path.read_bytes() != data
        ]
        if differing and not overwrite:
            reason = "there is another one of this name"
            help = "Give another name, or say --overwrite if nobody has edited it."
            raise UsageError([unwritten(str(differing[0]), reason, help)])
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            new = path.with_name(f".{path.name}.new")
            try:
                new.write_bytes(data)
                new.replace(path)
            finally:
                new.unlink(missing_ok=True)
    except OSError as fault:
        reason = (fault.strerror or str(fault)).rstrip(".").lower()
        help = "Look at who may write there and how much room the disk has."
        raise UsageError([unwritten(str(next(iter(files))), reason, help)]) from fault


# ---- coming back -----------------------------------------------------------------------------


@command.command(
    "import",
    epilog="Example: guidegraph sheet import book.xlsx guideline/covid19-coagulopathy --dry-run",
    short_help="Write the changed cells of a workbook into the files.",
)
@click.argument("workbook", type=click.Path(path_type=Path), metavar="FILE.xlsx|FILE.ods|DIR")
@options.guideline_argument
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@click.option(
    "--decimal",
    type=click.Choice(tuple(_DECIMALS)),
    help="How decimals are typed in it, where numbers such as 1.500 would be asked about.",
)
@options.format_option("text", "json")
def import_command(
    workbook: Path, guideline: Path | None, dry_run: bool, decimal: str | None, form: str
) -> None:
    """Write the changed cells of a workbook into the files of the guideline.

    Every changed cell is held against what was exported and what the files say now. Where both
    were changed it is a conflict; what cannot be read in one way is refused. While there is one of
    these nothing is written at all. --dry-run shows every cell with its old and new words.

    Afterwards the guideline is checked, and what is found about the changed things is shown.
    """
    folder = options.folder_of(guideline)
    with options.Progress() as progress:
        found = _merged(workbook, folder, decimal, progress)
    if form == "text":
        _tell(found)
    if found.merged.is_blocked or dry_run or found.draft.is_empty:
        _end_without_writing(found, form, dry_run)
    _save(found, folder, form)


@dataclass(frozen=True)
class _Found:
    """A workbook held against a folder."""

    name: str
    merged: Merged
    draft: Draft

    @property
    def files(self) -> tuple[str, ...]:
        """The files that change."""
        return () if self.merged.is_blocked else tuple(self.draft.texts)


def _merged(
    workbook: Path, folder: Path, decimal: str | None, progress: options.Progress
) -> _Found:
    from guidegraph.forms.reading import Habits
    from guidegraph.sheet import formats
    from guidegraph.sheet.merge import merged
    from guidegraph.sheet.scene import scene
    from guidegraph.sheet.structure import ledger_of
    from guidegraph.workspace.workspace import Workspace

    progress.step("Opening the workbook")
    book = formats.opened(workbook)
    progress.step("Reading the guideline")
    there = scene(Workspace.open(folder))
    base = ledger_of(book, there.namespace)
    progress.step("Comparing")
    made = merged(there, book, base, Habits(mark=_DECIMALS.get(decimal or "", "")))
    draft = there.workspace.draft(() if made.is_blocked else made.changes)
    return _Found(str(workbook), made, draft)


def _tell(found: _Found) -> None:
    from guidegraph.report import visible
    from guidegraph.sheet.told import in_words

    for line in in_words(found.merged):
        click.echo(visible(line))


def _tell_programs(
    found: _Found, findings: tuple[Diagnostic, ...], files: Iterable[str], saved: bool
) -> NoReturn:
    """Everything as JSON; the exit status says whether there are findings."""
    from guidegraph.diagnostic import has_findings
    from guidegraph.report import render
    from guidegraph.sheet.told import as_data

    told = as_data(found.merged, found.name, files, saved)
    told |= json.loads(render(findings, "json"))
    click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    sys.exit(1 if has_findings(findings) else 0)


def _end_without_writing(found: _Found, form: str, dry_run: bool) -> NoReturn:
    if form == "json":
        _tell_programs(found, found.merged.findings, found.files, False)
    if found.merged.is_blocked:
        click.echo("Nothing was written: correct the cells named below, and import again.")
    elif dry_run and found.files:
        click.echo(f"Nothing was written yet. These would change: {', '.join(found.files)}.")
    else:
        click.echo("The files stay as they are.")
    options.finish(found.merged.findings, "text")


def _save(found: _Found, folder: Path, form: str) -> None:
    """Save, check the whole, and show what is found about the changed things."""
    from guidegraph.diagnostic import in_order
    from guidegraph.pipeline import load
    from guidegraph.workspace.saving import save

    saved = save(folder, found.draft)
    if form == "text":
        for file in saved.files:
            click.echo(f"Wrote {folder / file}.", err=True)
    with options.Progress() as progress:
        checked = load(folder, progress.step).findings
    about = [each for each in checked if _is_about(each, found)]
    findings = in_order([*found.merged.findings, *about])
    if form == "json":
        _tell_programs(found, findings, saved.files, True)
    if others := len(checked) - len(about):
        told = plural(others, "other finding")
        click.echo(f"The guideline has {told}; see `guidegraph check`.", err=True)
    if not about:
        click.echo("The check has no findings about what was changed.", err=True)
    options.finish(findings, "text")


def _is_about(finding: Diagnostic, found: _Found) -> bool:
    """Whether a finding names a changed thing, or stands in its lines."""
    from guidegraph.terms import local_name
    from guidegraph.turtle.changes import Create, Put

    at = finding.at
    changes = found.draft.changes
    for iri in dict.fromkeys(e.subject for e in changes if isinstance(e, Put | Create)):
        if finding.subject == local_name(iri):
            return True
        for document in found.draft.result.documents.values():
            spans = document.lines(iri) if at and at.file == document.file else ()
            if at and any(first <= at.line <= last for first, last in spans):
                return True
    return False
