"""The files of a cohort: what layout each has, and how it becomes rows of texts.

Every file yields the same relation: person, observable, value, unit, assay, instant_text, minutes,
all texts, empty where nothing is written; with places also ``file`` and ``row``.
"""

from __future__ import annotations

import contextlib
import csv
import glob
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from guidegraph.cohort.faults import fault, stop
from guidegraph.cohort.keys import quoted
from guidegraph.diagnostic import Diagnostic, Location
from guidegraph.suggestion import did_you_mean

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Layout = Literal[
    "rows", "fhir", "person", "measurement", "condition_occurrence", "visit_occurrence"
]
COLUMNS = ("person", "observable", "value", "unit", "assay", "time", "minutes")
NEEDED: Mapping[Layout, tuple[str, ...]] = {
    "rows": ("person", "observable", "value"),
    "person": ("person_id",),
    "measurement": (
        "person_id",
        "measurement_concept_id",
        "value_as_number",
        "measurement_datetime",
    ),
    "condition_occurrence": ("person_id", "condition_concept_id"),
    "visit_occurrence": ("person_id", "visit_start_datetime"),
}
OF_PERSONS = ("gender_", "race_", "ethnicity_")
"""How the concepts begin that the table of persons has itself."""
ENDINGS = (".csv", ".tsv", ".parquet", ".ndjson")
BINARY = ("DOUBLE", "FLOAT")


@dataclass(frozen=True, slots=True)
class Table:
    """One file: its layout, and the SQL that reads it with a column ``row``.

    ``columns`` has the type of each column; CSV files have only texts.
    """

    path: Path
    layout: Layout
    columns: Mapping[str, str]
    reading: str
    numbered: str
    stamp: tuple[int, ...]
    """What tells whether the file was changed since."""

    def places(self, rows: Iterable[int]) -> dict[int, Location]:
        """Where rows stand: blank lines are no rows, and a quoted value may have several lines."""
        lines = {each: each for each in rows}
        if self.path.suffix.lower() in (".csv", ".tsv"):
            lines = _lines(self.path, lines)
        return {row: Location(str(self.path), line) for row, line in lines.items()}

    def place(self, row: int) -> Location:
        """Where a row stands."""
        return self.places((row,))[row]

    def check(self) -> None:
        """See that the file is still what it was.

        Raises:
            CohortError: it was changed or removed since it was recognised.
        """
        if stamp(self.path) != self.stamp:
            message = "The file was changed or removed while it was read."
            help_ = "Run again when nothing writes to it any more."
            raise stop([fault("K101", message, Location(str(self.path), 1), help=help_)])

    def text(self, column: str, doubles: bool = False) -> str:
        """A column as text, empty where it is missing or the file does not have it.

        Raises:
            CohortError: it holds binary numbers, and these are not to be taken.
        """
        kind = self.columns.get(column)
        if kind is None:
            return "''"
        if kind == "TIMESTAMP WITH TIME ZONE":
            utc = f"(\"{column}\" AT TIME ZONE 'UTC')"
            return f"coalesce(strftime({utc}, '%Y-%m-%dT%H:%M:%SZ'), '')"
        if kind.startswith("TIMESTAMP"):
            return f"coalesce(strftime(\"{column}\", '%Y-%m-%dT%H:%M:%S'), '')"
        if kind in BINARY and not doubles:
            raise stop([_binary(self, column, kind)])
        text = f'"{column}"' if kind == "VARCHAR" else f'"{column}"::VARCHAR'
        return f"coalesce({text}, '')"


def tables(database: DuckDBPyConnection, data: Iterable[Path]) -> tuple[Table, ...]:
    """The files of a cohort; of a folder all that have an ending we know.

    Raises:
        CohortError: a file has no layout that is known, or cannot be read at all.
    """
    found = [each for path in data for each in _files(path)]
    return tuple(_table(database, each) for each in found)


def stamp(path: Path) -> tuple[int, ...]:
    """What changes when a file does; nothing if it is not there."""
    try:
        now = path.stat()
    except OSError:
        return ()
    return now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns


def _files(path: Path) -> Sequence[Path]:
    if path.is_dir():
        inside = sorted(each for each in path.iterdir() if each.suffix.lower() in ENDINGS)
        if not inside:
            message = "The folder has no file that could be a cohort."
            raise stop([fault("K101", message, Location(str(path), 1), help=_ENDINGS)])
        return inside
    if not path.is_file():
        message = "There is no such file."
        raise stop([fault("K101", message, Location(str(path), 1), help="Check its name.")])
    return [path]


_ENDINGS = f"Name files that end with one of {', '.join(ENDINGS)}."


def _table(database: DuckDBPyConnection, path: Path) -> Table:
    ending = path.suffix.lower()
    if ending == ".ndjson":
        lines = (
            f"read_csv({_exactly(path)}, columns = {{'line': 'VARCHAR'}}, header = false,"
            " auto_detect = false, delim = '\\x01', quote = '', escape = '',"
            " max_line_size = 20000000)"
        )
        numbered = f"(SELECT *, row_number() OVER () AS row FROM {lines})"
        return Table(path, "fhir", {"line": "VARCHAR"}, lines, numbered, stamp(path))
    if ending in (".csv", ".tsv"):
        return _text_table(path)
    if ending == ".parquet":
        return _parquet(database, path)
    message = "The ending of the file does not say what it is."
    raise stop([fault("K101", message, Location(str(path), 1), help=_ENDINGS)])


def _text_table(path: Path) -> Table:
    known, first = stamp(path), _header(path)
    sign = _sign(first)
    names = next(csv.reader([first.strip("\r\n")], delimiter=sign), [])
    columns = {each.strip(): "VARCHAR" for each in names}
    if len({each.casefold() for each in columns}) < len(names) or "" in columns:
        message = "Two columns have the same name, or one has none."
        raise stop([fault("K102", message, Location(str(path), 1), help="Name every column once.")])
    listed = ", ".join(f"{quoted(each)}: 'VARCHAR'" for each in columns)
    reading = (
        f"read_csv({_exactly(path)}, header = true, auto_detect = false, delim = {quoted(sign)},"
        f" quote = '\"', escape = '\"', columns = {{{listed}}})"
    )
    numbered = f"(SELECT *, row_number() OVER () AS row FROM {reading})"
    return Table(path, layout_of(path, columns), columns, reading, numbered, known)


def _header(path: Path) -> str:
    """The first line of a text.

    Raises:
        CohortError: it cannot be read as UTF-8.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return file.readline()
    except OSError as error:
        line, message = 1, f"The file cannot be read: {error.strerror}."
        help_ = "See that it is there and may be read."
    except UnicodeDecodeError as error:
        line, message = _undecoded(path), f"The file is no text in UTF-8: {error.reason}."
        help_ = "Save it as CSV in UTF-8."
    raise stop([fault("K101", message, Location(str(path), line), help=help_)])


def _undecoded(path: Path) -> int:
    """The first line that is no UTF-8."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 1


def _sign(header: str) -> str:
    """What stands between the values of a text."""
    return max(",;\t", key=header.count)


def _lines(path: Path, rows: Iterable[int]) -> dict[int, int]:
    """The lines on which rows of a text begin."""
    found = {each: each + 1 for each in rows}
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        header = file.readline()
        reader = csv.reader(file, delimiter=_sign(header))
        row, line, last = 0, 2, max(found, default=0)
        with contextlib.suppress(csv.Error):
            for record in reader:
                row += bool(record)
                if record and row in found:
                    found[row] = line
                if row >= last:
                    break
                line = reader.line_num + 2
    return found


def _exactly(path: Path) -> str:
    """A path for DuckDB, in which no sign stands for others."""
    return quoted(glob.escape(str(path)))


def _parquet(database: DuckDBPyConnection, path: Path) -> Table:
    import duckdb

    known, reading = stamp(path), f"read_parquet({_exactly(path)})"
    try:
        described = database.execute(f"DESCRIBE SELECT * FROM {reading}").fetchall()
    except duckdb.Error as error:
        message = f"The file cannot be read as Parquet: {str(error).splitlines()[0]}"
        raise stop(
            [fault("K101", message, Location(str(path), 1), help="Write it again.")]
        ) from None
    columns = {name: kind for name, kind, *_ in described}
    numbered = (
        f"(SELECT *, file_row_number + 1 AS row"
        f" FROM read_parquet({_exactly(path)}, file_row_number = true))"
    )
    return Table(path, layout_of(path, columns), columns, reading, numbered, known)


def layout_of(path: Path, columns: Mapping[str, str]) -> Layout:
    """The layout of a table by its columns.

    Raises:
        CohortError: a column is missing.
    """
    kinds: dict[str, Layout] = {
        "measurement_concept_id": "measurement",
        "condition_concept_id": "condition_occurrence",
        "visit_start_datetime": "visit_occurrence",
        "observable": "rows",
    }
    named = path.stem.lower()
    layout = next((kind for column, kind in kinds.items() if column in columns), None)
    if layout is None:
        layout = next((each for each in NEEDED if each == named), None)
    if layout is None and "person_id" in columns and "person" not in columns:
        if any(e.endswith("_concept_id") and not e.startswith(OF_PERSONS) for e in columns):
            raise stop([_unread(path)])
        layout = "person"
    layout = layout or "rows"
    missing = [each for each in NEEDED[layout] if each not in columns]
    if missing:
        raise stop([_missing(path, layout, missing, columns)])
    return layout


def _unread(path: Path) -> Diagnostic:
    return fault(
        "K102",
        f"The OMOP table `{path.stem}` is not read.",
        Location(str(path), 1),
        why="If a concept of the mapping stood in it, that would be taken as absent.",
        help=f"Name the files of {', '.join(list(NEEDED)[1:])} instead of their folder.",
    )


def _missing(path: Path, layout: Layout, missing: Sequence[str], columns: Mapping[str, str]):  # type: ignore[no-untyped-def]
    words = ", ".join(f"`{each}`" for each in missing)
    what = "The file" if layout == "rows" else f"The OMOP table `{layout}`"
    return fault(
        "K102",
        f"{what} has no column {words}.",
        Location(str(path), 1),
        why=f"Its columns are {', '.join(f'`{each}`' for each in columns)[:300]}.",
        help=did_you_mean(
            missing[0],
            columns,
            f"A file of rows has {', '.join(COLUMNS)}."
            if layout == "rows"
            else f"It needs {', '.join(NEEDED[layout])}.",
        ),
    )


def _binary(table: Table, column: str, kind: str):  # type: ignore[no-untyped-def]
    is_number = column in ("value", "value_as_number")
    return fault(
        "K102",
        f"The column `{column}` holds binary floating-point numbers ({kind}).",
        Location(str(table.path), 1),
        why="A binary number is hardly ever the decimal number that was measured: 0.84 is stored "
        "as 0.83999999999999996891.",
        help="Write the column as text or DECIMAL; or give --doubles shortest, to take for each "
        "number the shortest decimal that is stored as it."
        if is_number
        else "Write the column as text or whole numbers.",
    )
