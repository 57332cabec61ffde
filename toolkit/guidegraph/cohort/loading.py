"""Files to tables: everything that is said of the persons, judged, with nothing lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from guidegraph.cohort import fhir, gathering, judging, long, omop
from guidegraph.cohort.engine import insert
from guidegraph.cohort.faults import CohortError, fault, stop
from guidegraph.cohort.keys import Keys, keys
from guidegraph.cohort.mapping import Mapping
from guidegraph.cohort.meanings import MOST_WAYS, Meaning, Way, meanings
from guidegraph.cohort.places import Places
from guidegraph.cohort.sources import Table, tables
from guidegraph.diagnostic import Location
from guidegraph.wording import plural

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Source:
    """The files of a cohort and how their codes are meant.

    ``doubles``: binary numbers stand for their shortest decimals.
    """

    files: tuple[Table, ...]
    codes: Mapping
    known: Places
    doubles: bool = False

    def rows(self, places: bool = False) -> str:
        """All rows of all files; with ``places`` also the number of the file and the row."""
        parts = []
        for number, table in enumerate(self.files):
            kept = f", {number} AS file, row" if places else ""
            source = table.numbered if places else table.reading
            if table.layout == "rows":
                parts.append(long.select(table, self.doubles, source, kept))
            elif table.layout == "fhir":
                inner = fhir.parsed(source, ", row" if places else "")
                parts.append(fhir.select(inner, self.codes, kept))
            elif part := omop.select(table, self.doubles, source, self.codes, kept):
                parts.append(part)
        return "\nUNION ALL ".join(parts)

    def check(self) -> None:
        """See that no file was changed since it was recognised.

        Raises:
            CohortError: one was.
        """
        for each in self.files:
            each.check()

    @property
    def withheld(self) -> str:
        """What is recorded of persons and cannot be used; empty where no file can tell."""
        resources = (fhir.parsed(e.reading, "") for e in self.files if e.layout == "fhir")
        return "\nUNION ".join(map(fhir.withheld, resources)) if self.codes.absent else ""

    @property
    def people(self) -> str:
        """The persons that files list; empty where none does."""
        parts = []
        for table in self.files:
            if table.layout == "person":
                parts.append(omop.people(table))
            elif table.layout == "fhir":
                parts.append(fhir.people(fhir.parsed(table.reading, "")))
        return "\nUNION ".join(parts)


def opened(
    database: DuckDBPyConnection,
    data: Iterable[Path],
    codes: Mapping,
    known: Places,
    doubles: bool = False,
) -> Source:
    """The files of a cohort, recognised, and the tables of codes that their reading needs."""
    source = Source(tables(database, data), codes, known, doubles)
    for each in judging.macros().split(";\n"):
        if each.strip():
            database.execute(each)
    database.execute(
        "CREATE TABLE codes (code VARCHAR, observable VARCHAR, assay VARCHAR, value VARCHAR)"
    )
    insert(database, "codes", [[e.code, e.observable, e.assay, e.value] for e in codes.codes])
    database.execute("CREATE TABLE answers (observable VARCHAR, code VARCHAR, answer VARCHAR)")
    insert(database, "answers", [[*key, answer] for key, answer in codes.answers.items()])
    database.execute("CREATE TABLE places (number INTEGER, name VARCHAR)")
    database.execute("CREATE TABLE moments AS SELECT ? AS name", [known.anchor])
    for table in source.files:
        if table.layout == "fhir":
            _check_lines(database, table)
    if not source.rows():
        raise _nobody(source)
    # Resources are parsed once: of files of columns a view is read as often as it is asked for.
    kind = "TABLE" if any(each.layout == "fhir" for each in source.files) else "VIEW"
    database.execute(f"CREATE {kind} raw AS {source.rows()}")
    return source


def _check_lines(database: DuckDBPyConnection, table: Table) -> None:
    asked = fhir.broken(fhir.parsed(table.numbered, ", row"))
    count, first = database.execute(asked).fetchone() or (0, None)
    if count:
        message = f"{plural(count, 'line')} cannot be read as a FHIR resource, from this one on."
        help_ = "Each line must be one resource as JSON. Was the file cut off?"
        raise stop([fault("K101", message, table.place(first), help=help_)])


def check_people(database: DuckDBPyConnection, source: Source) -> None:
    """See that there is somebody to decide about.

    Raises:
        CohortError: no file names a person.
    """
    if not database.execute("SELECT 1 FROM everybody LIMIT 1").fetchone():
        raise _nobody(source)


def _nobody(source: Source) -> CohortError:
    at = Location(str(source.files[0].path), 1)
    help_ = "Is it the right file, and was it written to its end?"
    return stop([fault("K101", "No file says anything about a person.", at, help=help_)])


@dataclass(frozen=True, slots=True)
class Understood:
    """How rows find their meaning: the lists, every meaning, and what is given with times."""

    keys: Keys
    meanings: tuple[Meaning, ...]
    timed: frozenset[str]


def understood(database: DuckDBPyConnection, known: Places) -> Understood:
    """Every way in which rows are written with its meaning, also as the table ``meanings``.

    Raises:
        CohortError: there are far too many ways.
    """
    lists = keys(known)
    rows = database.execute(
        f"SELECT observable, unit, assay, {lists.word()} AS word, count(*),"
        " count(CASE WHEN instant_text <> '' OR minutes <> '' THEN 1 END)"
        f" FROM raw AS r GROUP BY ALL ORDER BY ALL LIMIT {MOST_WAYS + 1}"
    ).fetchall()
    if len(rows) > MOST_WAYS:
        message = f"Observables, units and assays are written in more than {MOST_WAYS:,} ways."
        help_ = "Are the columns in the right place?"
        raise stop([fault("K110", message, help=help_)])
    answers = ("", *lists.words)
    ways = [Way(o, u, a, w, answers[w], *counts) for o, u, a, w, *counts in rows]
    found = tuple(meanings(ways, known))
    lists = replace(
        lists,
        units=tuple(sorted({each.unit for each in ways})),
        assays=tuple(sorted({each.assay for each in ways})),
    )
    timed = {each.way.observable for each in found if each.way.timed or each.kind == "series"}
    database.execute(
        "CREATE TABLE meanings (key BIGINT, kind VARCHAR, is_number BOOLEAN, number INTEGER,"
        " factor HUGEINT, divisor BIGINT, low BIGINT, high BIGINT, col INTEGER, bit BIGINT,"
        " valid_for BIGINT, way_fault VARCHAR)"
    )
    by_key = {lists.number(e.way.observable, e.way.unit, e.way.assay, e.way.word): e for e in found}
    insert(database, "meanings", [[key, *_row(each)] for key, each in by_key.items()])
    insert(database, "places", [[each.number, each.name] for each in known.all])
    clocks = frozenset(known.clocks)
    return Understood(lists, found, frozenset(timed & set(lists.names)) - clocks)


def _row(each: Meaning) -> list[object]:
    is_number = each.kind in ("quantity", "series")
    return [
        each.kind, is_number, each.number, each.factor, each.divisor, each.low, each.high,
        each.column, each.bit, each.valid_for, each.fault,
    ]  # fmt: skip


def gather(database: DuckDBPyConnection, source: Source, lists: Understood, step: Step) -> None:
    """The tables ``clocks timed merged answered measured everybody withheld conflicts``."""
    known = source.known
    step("Reading moments")
    database.execute(judging.clocks(known))
    step("Reading measurements")
    database.execute(gathering.timed_rows(lists.keys, lists.timed))
    database.execute(gathering.SAMPLES)
    answers, numbers = gathering.gathered(lists.keys, lists.timed, known)
    step("Gathering answers")
    database.execute(answers)
    step("Gathering numbers")
    database.execute(numbers)
    tables = ("answered", "measured", "clocks")
    people = source.people or " UNION ALL ".join(f"SELECT person FROM {each}" for each in tables)
    database.execute(
        f"CREATE TABLE everybody AS SELECT DISTINCT person FROM ({people}) WHERE person <> ''"
    )
    database.execute("CREATE TABLE withheld (person VARCHAR, observable VARCHAR)")
    if source.withheld:
        database.execute(
            f"INSERT INTO withheld SELECT person, observable FROM ({source.withheld})"
            " ANTI JOIN raw USING (person, observable)"
        )
    step("Looking for contradictions")
    database.execute(gathering.conflicts(known))
