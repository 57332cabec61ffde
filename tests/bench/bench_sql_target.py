"""How the generated SQL compares with SQL written by hand, in DuckDB over many persons.

::

    python tests/bench/bench_sql_target.py [PERSONS]

The logic has twelve criteria and six recommendations, one of which overrides another. The SQL by
hand is what a careful engineer writes: only the columns needed, three-valued, no comments. Both are
counted by recommendation and status. Three forms: no series, one series (of about two samples a
person), and columns only (the statuses of a person side by side, without a row for each).

Prints seconds, best and median of several rounds taken in turn, and the ratio generated / by hand.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb

sys.path.insert(0, str(Path(__file__).parents[1]))

import pathway_example as example
from guidegraph.export import ExportInput
from guidegraph.export.sql import DUCKDB, script, views
from guidegraph.kernel import Agg, And, Bool, Const, In, Not, Or, Ref, Score, compare
from guidegraph.program import Input, Named, Program, Rule

ROUNDS = 9
STATUSES = ("applies", "provisional", "undetermined", "defeated", "notApplicable")


def number(name: str) -> Input:
    """A whole number."""
    return Input(name=name, label=name, question="", kind="quantity", unit="1")


def yes_no(name: str) -> Input:
    """A yes/no datum."""
    return Input(name=name, label=name, question="", kind="boolean")


INPUTS = (
    number("age"),
    number("rate"),
    number("saturation"),
    number("platelets"),
    yes_no("admitted"),
    yes_no("bleeding"),
    yes_no("suspected"),
    Input(name="state", label="state", question="", kind="code", codes=("a", "b", "c")),
)
MARKER = Input(name="marker", label="marker", question="", kind="series", unit="1")


def program(with_series: bool) -> Program:
    """Twelve criteria and six recommendations."""

    def over(name: str, limit: int, op: Any = ">=") -> Bool:
        return compare(op, Ref("input", name), Const(Fraction(limit)))

    first = Agg("first", "marker", -720, 720) if with_series else Ref("input", "platelets")
    highest = Agg("max", "marker", 721) if with_series else Ref("input", "rate")

    def use(name: str) -> Ref:
        return Ref("criterion", name)

    conditions: dict[str, Bool] = {
        "old": over("age", 65),
        "fast": over("rate", 30),
        "low-oxygen": over("saturation", 93, "<="),
        "few-platelets": over("platelets", 100, "<"),
        "ill": In(Ref("input", "state"), ("a", "b")),
        "in-hospital": And((Ref("input", "admitted"), use("ill"))),
        "severe": Or((use("fast"), use("low-oxygen"))),
        "bleeds": Ref("input", "bleeding"),
        "safe": And((Not(use("bleeds")), Not(use("few-platelets")))),
        "low-marker": compare("<", first, Const(Fraction(100))),
        "risen": compare(">", highest, Const(Fraction(25))),
        "points": Score(3, ((use("old"), 1), (use("severe"), 2), (use("risen"), 1))),
    }
    guards: dict[str, tuple[Bool, tuple[Ref, ...]]] = {
        "R-1": (And((use("in-hospital"), Ref("input", "suspected"))), ()),
        "R-2": (use("in-hospital"), (Ref("rule", "R-1"),)),
        "R-3": (And((use("in-hospital"), use("points"))), (use("bleeds"),)),
        "R-4": (And((use("in-hospital"), use("low-marker"), Not(use("risen")))), ()),
        "R-5": (And((use("in-hospital"), use("low-marker"), use("risen"))), ()),
        "R-6": (And((use("severe"), use("safe"))), ()),
    }
    return Program(
        guideline="bench",
        version="1",
        anchor="admission",
        inputs=(*INPUTS, MARKER) if with_series else INPUTS,
        settings=(),
        criteria=tuple(Named(name=n, label=n, condition=c) for n, c in conditions.items()),
        rules=tuple(
            Rule(name=n, label=n, guard=g, unless=u, modality="Should", norm="should")
            for n, (g, u) in guards.items()
        ),
        incompatible=(),
        readings={},
    )


SERIES_BY_HAND = """
  LEFT JOIN (
    SELECT person,
      arg_min(value, minute) FILTER (minute BETWEEN -720 AND 720) AS first_marker,
      max(value) FILTER (minute >= 721) AS max_marker
    FROM samples WHERE input = 'marker' GROUP BY person
  ) s USING (person)"""

BY_HAND = """
CREATE OR REPLACE TEMPORARY VIEW hand_columns AS
WITH f AS (
  SELECT *, {first} AS first_value, {highest} AS highest_value FROM persons {join}
), g AS (
  SELECT person, suspected, bleeding, platelets,
    admitted AND state IN ('a', 'b') AS in_hospital,
    rate >= 30 OR saturation <= 93 AS severe,
    first_value < 100 AS low,
    highest_value > 25 AS risen,
    age >= 65 AS old
  FROM f
), h AS (
  SELECT *, CASE
    WHEN CASE WHEN old THEN 1 ELSE 0 END + CASE WHEN severe THEN 2 ELSE 0 END
       + CASE WHEN risen THEN 1 ELSE 0 END >= 3 THEN TRUE
    WHEN CASE WHEN NOT old THEN 0 ELSE 1 END + CASE WHEN NOT severe THEN 0 ELSE 2 END
       + CASE WHEN NOT risen THEN 0 ELSE 1 END < 3 THEN FALSE END AS points
  FROM g
), k AS (
  SELECT person,
    in_hospital AND suspected AS g1,
    in_hospital AS g2, in_hospital AND NOT (in_hospital AND suspected) AS e2,
    in_hospital AND points AS g3, in_hospital AND points AND NOT bleeding AS e3,
    in_hospital AND low AND NOT risen AS g4,
    in_hospital AND low AND risen AS g5,
    severe AND NOT bleeding AND NOT platelets < 100 AS g6
  FROM h
)
SELECT person, g1, g2, e2, g3, e3, g4, g5, g6,
  {statuses}
FROM k
"""


def plain(guard: str) -> str:
    """The status of a recommendation without exceptions."""
    return (
        f"CASE WHEN {guard} THEN 'applies' WHEN NOT {guard} THEN 'notApplicable'"
        f" ELSE 'undetermined' END"
    )


def excepted(guard: str, effect: str) -> str:
    """The status of a recommendation with exceptions."""
    return (
        f"CASE WHEN {effect} THEN 'applies' WHEN {guard} AND NOT {effect} THEN 'defeated'"
        f" WHEN {guard} THEN 'provisional' WHEN NOT {effect} THEN 'notApplicable'"
        f" ELSE 'undetermined' END"
    )


COLUMNS = {1: ("g1", "g1"), 2: ("g2", "e2"), 3: ("g3", "e3"), 4: ("g4", "g4")} | {
    n: (f"g{n}", f"g{n}") for n in (5, 6)
}


def by_hand(with_series: bool) -> tuple[str, dict[str, str]]:
    """The view of columns, and the ways to make rows of it."""
    statuses = ",\n  ".join(
        f"{plain(g) if g == e else excepted(g, e)} AS s{n}" for n, (g, e) in COLUMNS.items()
    )
    known = "CASE WHEN marker_known THEN {} END"
    view = BY_HAND.format(
        first=known.format("first_marker") if with_series else "platelets",
        highest=known.format("max_marker") if with_series else "rate",
        join=SERIES_BY_HAND if with_series else "",
        statuses=statuses,
    )
    union = " UNION ALL ".join(
        f"SELECT person, 'R-{n}' AS recommendation, s{n} AS status, {g} AS guard, {e} AS effective"
        f" FROM hand_columns"
        for n, (g, e) in COLUMNS.items()
    )
    listed = ", ".join(
        f"{{'recommendation': 'R-{n}', 'status': s{n}, 'guard': {g}, 'effective': {e}}}"
        for n, (g, e) in COLUMNS.items()
    )
    unnest = f"SELECT person, unnest([{listed}], recursive := true) FROM hand_columns"
    return view, {"UNION ALL": union, "UNNEST": unnest}


def fill(database: Any, persons: int) -> None:
    """Random persons, a fifth of each datum unknown, and about two samples for each."""
    database.execute("SELECT setseed(0.4)")

    def some(value: str) -> str:
        return f"CASE WHEN random() < 0.2 THEN NULL ELSE {value} END"

    numbers = {"age": 100, "rate": 60, "saturation": 105, "platelets": 300}
    columns = [some(f"(random() * {top})::BIGINT") + f" AS {n}" for n, top in numbers.items()]
    yes_or_no = some("random() < 0.5")
    columns += [f"{yes_or_no} AS {n}" for n in ("admitted", "bleeding", "suspected")]
    code = some("['a', 'b', 'c'][1 + (random() * 2)::INT]")
    columns += [f"{code} AS state"]
    columns += [f"{some('TRUE')} AS marker_known", "0::BIGINT AS now"]
    database.execute(
        f"CREATE TABLE persons AS SELECT range AS person, {', '.join(columns)}"
        f" FROM range({persons})"
    )
    database.execute(
        "CREATE TABLE samples AS SELECT DISTINCT ON (person, minute) *"
        " FROM (SELECT (random() * ?)::BIGINT AS person, 'marker' AS input,"
        " (random() * 4000 - 800)::BIGINT AS minute, (random() * 200)::BIGINT AS value"
        " FROM range(2 * ?))",
        [persons, persons],
    )


def counted(rows: str) -> str:
    """Counts by recommendation and status of a query of rows."""
    return f"SELECT recommendation, status, count(*) FROM ({rows}) GROUP BY ALL ORDER BY ALL"


def wide(view: str, columns: list[str]) -> str:
    """Counts by status of each column of a view, without making rows."""
    each = (f"count(CASE WHEN {c} = '{s}' THEN 1 END)" for c in columns for s in STATUSES)
    return f"SELECT {', '.join(each)} FROM {view}"


def seconds(tasks: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Seconds of each task, the tasks taken in turn so that noise meets all of them."""
    taken: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(ROUNDS):
        for name, task in tasks.items():
            start = time.perf_counter()
            task()
            taken[name].append(time.perf_counter() - start)
    return taken


def compared(database: Any, title: str, ours: str, theirs: dict[str, str]) -> None:
    """Print how a generated query and those by hand do; all must give the same."""
    queries = {"generated": ours, **theirs}
    answers = {name: database.execute(query).fetchall() for name, query in queries.items()}
    assert len(set(map(str, answers.values()))) == 1, f"{title}: different answers"
    tasks = {
        name: lambda query=query: database.execute(query).fetchall()
        for name, query in queries.items()
    }
    taken = seconds(tasks)
    print(title)
    for name, times in taken.items():
        line = f"  {name:12} best {min(times):.3f} s, median {statistics.median(times):.3f} s"
        if name != "generated":
            best = min(taken["generated"]) / min(times)
            middle = statistics.median(taken["generated"]) / statistics.median(times)
            line += f"; generated / by hand: best {best:.2f}, median {middle:.2f}"
        print(line)


def main() -> None:
    """Fill the tables and compare."""
    persons = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with duckdb.connect() as database:
        fill(database, persons)
        print(f"DuckDB {duckdb.__version__}, {persons:,} persons, {ROUNDS} rounds")
        for with_series in (False, True):
            asked = ExportInput(guideline=example.guideline(), program=program(with_series))
            database.execute(script(asked, DUCKDB))
            columns_view, rows_view = views(asked)
            view, ways = by_hand(with_series)
            database.execute(view)
            kind = "one series" if with_series else "no series"
            rows = {name: counted(query) for name, query in ways.items()}
            ours = counted(f"SELECT * FROM {rows_view}")
            compared(database, f"{kind}, a row per person and recommendation", ours, rows)
            names = [f"r_{n}_status" for n in COLUMNS]
            theirs = {"by hand": wide("hand_columns", [f"s{n}" for n in COLUMNS])}
            compared(database, f"{kind}, columns only", wide(columns_view, names), theirs)


if __name__ == "__main__":
    main()
