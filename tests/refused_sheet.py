"""A workbook that is refused, and what is told then; the example guideline lies beside it."""

from __future__ import annotations

import datetime
import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook

import sheet_example as example
from guidegraph.cli.group import cli
from guidegraph.terms import expand
from guidegraph.turtle.changes import Put
from guidegraph.turtle.values import Literal

BOOK = "book.xlsx"
SHEET = "Thresholds"
THING = "THR-low"
PRINTED = "Text as printed"
Act = Callable[[Workbook], object]


def told(source: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, int]:
    """What a person is told of the workbook that a file names in one word, and the exit code."""
    name = source.read_text(encoding="utf-8").strip()
    if name == "two-ways":  # a thing of two classes stands on two sheets
        also = f"<{example.NAMESPACE}{THING}> a <{expand('gg:Study')}> .\n"
        (folder / "also.ttl").write_text(also, encoding="utf-8")
    _run("export", folder.name, "-o", BOOK)
    if name in ACTS:
        made = load_workbook(BOOK)
        ACTS[name](made)
        made.save(BOOK)
    elif name in FILES:
        FILES[name](Path(BOOK))
    elif name == "meanwhile":
        made = load_workbook(BOOK)
        example.put(SHEET, THING, PRINTED, "<60 µg/L")(made)
        made.save(BOOK)
        iri = example.NAMESPACE + THING
        example.meanwhile(folder, Put(iri, expand("gg:reportedText"), (Literal("<55 µg/L"),)))
    elif name == "no-library":
        monkeypatch.setitem(sys.modules, "openpyxl", None)
    elif name == "there-already":
        Path(BOOK).write_bytes(b"edited by somebody")
        return _run("export", folder.name, "-o", BOOK)
    return _run("import", BOOK, folder.name, "--dry-run")


def _run(*arguments: str) -> tuple[str, int]:
    result = CliRunner().invoke(cli, ["sheet", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result.stderr, result.exit_code


def _cell(heading: str, value: object, form: str = "") -> Act:
    return example.put(SHEET, THING, heading, value, form)


def _rename(made: Workbook) -> None:
    sheet = made[SHEET]
    sheet.cell(3, example.column(sheet, PRINTED)).value = "Text as printed in the source"


def _copy(made: Workbook) -> None:
    sheet = made[SHEET]
    at, last = example.row(sheet, THING), sheet.max_row + 1
    for cell in list(sheet[at]):
        sheet.cell(last, cell.column).value = cell.value


def _delete(made: Workbook) -> None:
    sheet = made[SHEET]
    sheet.delete_rows(example.row(sheet, THING))


def _drop(made: Workbook) -> None:
    del made[SHEET]


def _notes(made: Workbook) -> None:
    made.create_sheet("Our notes")["A1"] = "Ask the laboratory."


def _actions(made: Workbook) -> None:
    sheet = next(each for each in made.worksheets if each.title.startswith("Table "))
    sheet.cell(5, example.column(sheet, "Actions")).value = "Something else"


def _two_ways(made: Workbook) -> None:
    example.put(SHEET, THING, "Label (en)", "One label")(made)
    example.put("Studies", THING, "Label (en)", "Another label")(made)


def _cut(book: Path) -> None:
    book.write_bytes(book.read_bytes()[:-999])


def _with_macros(book: Path) -> None:
    with zipfile.ZipFile(book, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"")


def _bomb(book: Path) -> None:
    with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", b"\0" * (8 * 2**20))


def _without_ledger(book: Path) -> None:
    made = load_workbook(io.BytesIO(book.read_bytes()))
    del made["guidegraph"]
    made.save(book)


ACTS: dict[str, Act] = {
    "day": _cell(PRINTED, datetime.datetime(2026, 4, 2)),
    "number": _cell(PRINTED, 24),
    "formula": _cell(PRINTED, "=1+1", "formula"),
    "merged": lambda made: made[SHEET].merge_cells("D4:E4"),
    "renamed": _rename,
    "copied": _copy,
    "deleted": _delete,
    "dropped": _drop,
    "notes": _notes,
    "actions": _actions,
    "two-ways": _two_ways,
    "new-step": example.add("Steps", **{"Label_(en)": "Another step"}),
}
FILES: dict[str, Callable[[Path], None]] = {
    "cut-off": _cut,
    "bomb": _bomb,
    "macros": _with_macros,
    "ledger": _without_ledger,
}
