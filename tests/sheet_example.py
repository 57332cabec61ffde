"""A guideline as a workbook that somebody edits: cells by sheet, thing and heading."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from guidegraph.cli.group import cli
from guidegraph.scaffold import new
from guidegraph.sheet.book import Book, book
from guidegraph.sheet.formats import files_of
from guidegraph.sheet.pages import HEADINGS
from guidegraph.sheet.scene import Scene, scene
from guidegraph.turtle.changes import Change
from guidegraph.workspace.saving import save
from guidegraph.workspace.workspace import Workspace

Act = Callable[[Workbook], object]
NAMESPACE = "https://example.org/guideline/example-marker/"
SPECIMEN = """\
@prefix gg: <https://w3id.org/guidegraph/ns#> .
@prefix code: <https://w3id.org/guidegraph/code/> .
@prefix u: <https://w3id.org/guidegraph/unit/> .
@prefix d: <https://example.org/guideline/example-marker/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

# A limit with every sort of value that a cell can hold.
d:THR-range a gg:Threshold ;
  rdfs:label "An invented limit"@en , "Een verzonnen grens"@nl ;   # two languages
  skos:altLabel "first" , "=SUM(A1)" , "-minus" ;
  gg:observable d:example-marker ;
  gg:reportedText "2-4" ;
  gg:comparator code:AtLeast ;
  gg:executableQuantity [ a gg:Quantity ; gg:value 2.50 ; gg:unit u:mg-per-L ] ;
  prov:wasDerivedFrom d:EX-P-3 , d:EX-P-4 ;
  gg:status code:Draft .
"""


@cache
def _folder() -> Path:
    place = Path(tempfile.mkdtemp()) / "example-marker"
    new(place)
    (place / "specimen.ttl").write_text(SPECIMEN, encoding="utf-8")
    return place


@cache
def _exported(folder: Path) -> tuple[Book, bytes]:
    there = scene(Workspace.open(folder))
    made = book(there)
    return made, file_of(made, there)


def file_of(made: Book, there: Scene, form: str = "xlsx") -> bytes:
    """A book as a file."""
    (data,) = files_of(Path(f"book.{form}"), made, there).values()
    return data


@cache
def there() -> Scene:
    """The small guideline with everything that is known of it."""
    return scene(Workspace.open(_folder()))


def make(place: Path) -> Path:
    """The small guideline with a limit for trying things out."""
    folder = place / "example-marker"
    shutil.copytree(_folder(), folder)
    return folder


def exported() -> bytes:
    """The small guideline as a workbook."""
    return _exported(_folder())[1]


def the_book() -> Book:
    """The same as values."""
    return _exported(_folder())[0]


def edited(*acts: Act) -> bytes:
    """The workbook after somebody has edited it."""
    made = load_workbook(io.BytesIO(exported()))
    for act in acts:
        act(made)
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def column(sheet: Worksheet, heading: str) -> int:
    """Where a heading stands."""
    return next(c.column for c in sheet[HEADINGS] if c.value == heading)


def row(sheet: Worksheet, thing: str) -> int:
    """Where a thing stands."""
    ids = (cells[0] for cells in sheet.iter_rows(max_col=1))
    return next(c.row for c in ids if str(c.value).endswith(f"/{thing}"))


def put(sheet: str, thing: str, heading: str, value: Any, form: str = "") -> Act:
    """Type something into a cell; a text stays a text, also one that begins with ``=``."""

    def act(made: Workbook) -> None:
        there = made[sheet]
        cell = there.cell(row(there, thing), column(there, heading))
        cell.value = value
        if isinstance(value, str) and form != "formula":
            cell.data_type = "s"
        if form and form != "formula":
            cell.number_format = form

    return act


def add(sheet: str, **said: Any) -> Act:
    """Write a new row under the others."""

    def act(made: Workbook) -> None:
        there = made[sheet]
        at = there.max_row + 1
        for heading, value in said.items():
            there.cell(at, column(there, heading.replace("_", " "))).value = value

    return act


def texts(folder: Path) -> dict[str, bytes]:
    """The files of a folder."""
    return {
        each.relative_to(folder).as_posix(): each.read_bytes()
        for each in sorted(folder.rglob("*.ttl"))
    }


def come_back(folder: Path, data: bytes, *options: str) -> Result:
    """Import a workbook."""
    file = folder.parent / "book.xlsx"
    file.write_bytes(data)
    return CliRunner().invoke(cli, ["sheet", "import", str(file), str(folder), *options])


def plan(folder: Path, data: bytes, *options: str) -> dict[str, Any]:
    """What an import would do, as data."""
    result = come_back(folder, data, "--dry-run", "--format", "json", *options)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def meanwhile(folder: Path, *changes: Change) -> None:
    """Somebody changes the files."""
    save(folder, Workspace.open(folder).draft(changes))
