"""How long a cohort takes, beside SQL written by hand over the same Parquet files.

::

    python tests/bench/bench_cohort.py [PERSONS [ROUNDS]]

The file has a row for each value of each person, in our own layout; the guideline has twelve
criteria, six recommendations and a series. The SQL by hand is what a careful engineer writes who
trusts the file: it turns the rows into columns, converts units with a CASE, decides with a CASE,
and writes a row per person and recommendation as Parquet. It checks nothing. The run of
the command does the same and also judges every row (numbers, units, plausibility, times,
contradictions), says for lack of which datum a recommendation is open, has a sample decided again
by the reference, counts, and writes the report. Both give the same statuses; this is asserted.

The decision alone is measured over the tables that ``--tables`` keeps (a row per person, a row per
sample): the generated SQL and the CASE by hand read the same two Parquet files and write a row per
person and recommendation.

Prints processor and elapsed seconds, medians of rounds taken in turn, and the ratio.
"""

from __future__ import annotations

import os
import platform
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))

import bench_sql_target as target

import pathway_example as example
from guidegraph.cohort import Request, run
from guidegraph.export import ExportInput
from guidegraph.export.sql import DUCKDB, script, views

NUMBERS = ("age", "rate", "saturation", "platelets")
ANSWERS = ("admitted", "bleeding", "suspected")


def write(database: Any, persons: int, path: Path) -> None:
    """The rows of random persons as a Parquet file."""
    target.fill(database, persons)
    parts = [
        f"SELECT person, '{name}' AS observable, {name}::VARCHAR AS value, '1' AS unit,"
        f" NULL::BIGINT AS minutes FROM persons WHERE {name} IS NOT NULL"
        for name in NUMBERS
    ]
    parts += [
        f"SELECT person, '{name}', {name}::VARCHAR, NULL, NULL FROM persons"
        f" WHERE {name} IS NOT NULL"
        for name in (*ANSWERS, "state")
    ]
    parts += [
        "SELECT person, 'now', NULL, NULL, 5000 FROM persons",
        (
            "SELECT s.person, s.input, value::VARCHAR, '1', minute FROM samples AS s"
            " JOIN persons AS p ON p.person = s.person WHERE marker_known"
        ),
        (
            "SELECT p.person, 'marker', 'none', NULL, NULL FROM persons AS p"
            " ANTI JOIN samples AS s ON s.person = p.person WHERE marker_known"
        ),
    ]
    rows = " UNION ALL ".join(parts)
    database.execute(
        f"COPY (SELECT 'P' || lpad(person::VARCHAR, 9, '0') AS person, * EXCLUDE (person)"
        f" FROM ({rows}) AS r ORDER BY r.person, observable, minutes) TO '{path}' (FORMAT parquet)"
    )


def by_hand(path: Path, made: Path) -> None:
    """The cohort with SQL by hand: rows to columns, decide, a row per recommendation."""
    columns = [f"max(CASE WHEN observable = '{n}' THEN value::BIGINT END) AS {n}" for n in NUMBERS]
    columns += [
        f"bool_or(CASE WHEN observable = '{n}' THEN value = 'true' END) AS {n}" for n in ANSWERS
    ]
    columns += [
        "max(CASE WHEN observable = 'state' THEN value END) AS state",
        "coalesce(bool_or(observable = 'marker'), FALSE) AS marker_known",
    ]
    view, ways = target.by_hand(with_series=True)
    with duckdb.connect(str(made.with_suffix(".duckdb"))) as database:
        database.execute(
            f"CREATE TABLE persons AS SELECT person, {', '.join(columns)} FROM '{path}'"
            " GROUP BY person"
        )
        database.execute(
            "CREATE TABLE samples AS SELECT person, 'marker' AS input, minutes AS minute,"
            " (value::DECIMAL(18, 3) * CASE unit WHEN '1' THEN 1 WHEN '10' THEN 10 END)::BIGINT"
            f" AS value FROM '{path}' WHERE observable = 'marker' AND value <> 'none'"
        )
        database.execute(view)
        database.execute(
            f"COPY (SELECT person, recommendation, status FROM ({ways['UNNEST']})) TO '{made}'"
            " (FORMAT parquet, COMPRESSION zstd)"
        )


def ours(path: Path, made: Path) -> None:
    """The same with the command's room."""
    given = ExportInput(guideline=example.guideline(), program=target.program(with_series=True))
    phases: list[tuple[str, float]] = []
    run(
        given,
        Request(data=(path,), tables=True),
        made,
        lambda words: phases.append((words, time.perf_counter())),
    )
    if "--phases" in sys.argv:
        end = [*phases[1:], ("end", time.perf_counter())]
        for (words, start), (_, stop) in zip(phases, end, strict=True):
            print(f"    {words:30} {stop - start:6.2f} s")


def decision(tables: Path, made: Path, is_generated: bool) -> None:
    """The decision over Parquet files of persons and samples."""
    given = ExportInput(guideline=example.guideline(), program=target.program(with_series=True))
    with duckdb.connect() as database:
        for name in ("persons", "samples"):
            database.execute(f"CREATE VIEW {name} AS SELECT * FROM '{tables}/{name}.parquet'")
        if is_generated:
            database.execute(script(given, DUCKDB))
            asked = f"SELECT person, recommendation, status FROM {views(given)[1]}"
        else:
            view, ways = target.by_hand(with_series=True)
            database.execute(view)
            asked = f"SELECT person, recommendation, status FROM ({ways['UNNEST']})"
        database.execute(f"COPY ({asked}) TO '{made}' (FORMAT parquet, COMPRESSION zstd)")


def used(task: Callable[[], None]) -> tuple[float, float]:
    """Processor and elapsed seconds of a task."""
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    task()
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return cpu, time.perf_counter() - start


def same(one: Path, other: Path) -> int:
    """How many answers there are; all must be the same."""
    with duckdb.connect() as database:
        asked = (
            "SELECT count(*), count(CASE WHEN a.status = b.status THEN 1 END)"
            f" FROM '{one}' AS a FULL JOIN '{other}' AS b USING (person, recommendation)"
        )
        row = database.execute(asked).fetchone()
        assert row is not None and row[0] == row[1], f"different answers: {row}"
        return int(row[0])


def main() -> None:
    """Write the file, run both in turn, compare."""
    numbers = [int(each) for each in sys.argv[1:] if each.isdigit()]
    persons, rounds = (*numbers, *(1_000_000, 3)[len(numbers) :])
    place = Path(tempfile.mkdtemp(prefix="bench-cohort-"))
    try:
        path = place / "rows.parquet"
        with duckdb.connect() as database:
            write(database, persons, path)
        print(
            f"DuckDB {duckdb.__version__}, {platform.machine()}, {os.cpu_count()} cores;"
            f" {persons:,} persons, {path.stat().st_size / 1e6:.0f} MB of Parquet, {rounds} rounds"
        )
        names = ("by hand", "cohort", "CASE by hand", "generated SQL")
        taken: dict[str, list[tuple[float, float]]] = {each: [] for each in names}
        for number in range(rounds):
            hand, made = place / f"hand{number}.parquet", place / f"made{number}"
            taken["by hand"].append(used(lambda hand=hand: by_hand(path, hand)))
            taken["cohort"].append(used(lambda made=made: ours(path, made)))
            for name, generated in (("CASE by hand", False), ("generated SQL", True)):
                out = place / f"{name}.parquet"
                taken[name].append(used(lambda g=generated, o=out, m=made: decision(m, o, g)))
        print(f"{same(hand, made / 'recommendations.parquet'):,} answers, all the same")
        same(hand, place / "generated SQL.parquet")
        same(hand, place / "CASE by hand.parquet")
        for name, times in taken.items():
            cpu, wall = (statistics.median(each[n] for each in times) for n in (0, 1))
            print(f"  {name:14} processor {cpu:6.2f} s, elapsed {wall:6.2f} s (medians)")
        for ours_, theirs in (("cohort", "by hand"), ("generated SQL", "CASE by hand")):
            for n, what in enumerate(("processor", "elapsed")):
                one, other = (statistics.median(e[n] for e in taken[k]) for k in (ours_, theirs))
                print(f"  {ours_} / {theirs}, {what}: {one / other:.2f}")
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
