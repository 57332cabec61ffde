"""Where the faulty rows are: looked for only when the gathering has counted some."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guidegraph.cohort.faults import CODES, fault
from guidegraph.cohort.judging import clock_rows, judged
from guidegraph.cohort.keys import listed, quoted
from guidegraph.cohort.loading import Source, Understood
from guidegraph.diagnostic import Diagnostic
from guidegraph.wording import plain, plural

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KEPT = ", file, row, observable, unit, assay"
ORDER = "file, row, person, observable, value, unit, assay, instant_text, minutes, fault"
SHOWN = 5
"""How many rows of each fault are told one by one."""
MESSAGES = {
    "K111": "A value of `{observable}` is not a decimal number.",
    "K114": "`{observable}` is implausible.",
    "K115": "`{observable}` is finer than the guideline can compare, or has too many digits.",
    "K116": "A time of `{observable}` cannot be used.",
    "K117": "`{observable}` has two different values where there can be one.",
    "K119": "The row belongs to nobody that is known.",
}
HELP = {
    "K111": "Write digits with at most one point. A limit such as <500 is no value: it can only be "
    "set aside.",
    "K114": "Check the number and its unit.",
    "K115": "Give the value as the laboratory reported it; nothing is rounded.",
    "K116": "Write date, time and offset from UTC, or whole minutes from the anchor, not both; "
    "nothing can be later than now, and dates need the anchor of the person.",
    "K117": "Correct the value or the time of one of them.",
    "K119": "Give the row its person, or the person a row in the table of persons.",
}


@dataclass(frozen=True, slots=True)
class Faulty:
    """How many rows cannot be used, by code; and the first of each as findings."""

    rows: dict[str, int]
    findings: tuple[Diagnostic, ...]

    @property
    def count(self) -> int:
        """All of them."""
        return sum(self.rows.values())


def counted(database: DuckDBPyConnection, source: Source) -> int:
    """How many faults the gathering has met."""
    parts = [
        f"(SELECT coalesce(sum(faults), 0) FROM {each})"
        for each in ("answered", "measured", "clocks")
    ]
    parts.append("(SELECT count(*) FROM conflicts)")
    if source.people:
        parts += [
            f"(SELECT count(*) FROM {each} ANTI JOIN everybody USING (person))"
            for each in ("answered", "measured", "clocks")
        ]
    row = database.execute(f"SELECT {' + '.join(parts)}").fetchone()
    return int(row[0]) if row else 0


def find(database: DuckDBPyConnection, source: Source, lists: Understood) -> Faulty:
    """Every faulty row with its file and place, as the table ``faulty``; the first as findings."""
    database.execute("SET preserve_insertion_order = true")  # rows are counted in their order
    database.execute(f"CREATE OR REPLACE VIEW placed AS {source.rows(places=True)}")
    timed, clocks = sorted(lists.timed), source.known.clocks
    parts = [
        judged("placed", lists.keys, f"r.observable IN ({listed(timed)})", True, KEPT),
        judged(
            "placed",
            lists.keys,
            f"r.observable NOT IN ({listed([*timed, *clocks])})",
            False,
            KEPT,
        ),
        clock_rows(
            "placed",
            source.known,
            f"{KEPT.replace(', observable', '')}, value, instant_text, minutes",
        ),
    ]
    queries = [f"SELECT {ORDER} FROM ({part}) WHERE fault IS NOT NULL" for part in parts]
    queries += _contradictions(source, lists)
    if source.people:
        queries.append(
            f"SELECT {ORDER.replace('fault', '')}'K119' FROM placed"
            " ANTI JOIN everybody USING (person)"
            " WHERE person <> ''"
        )
    database.execute(
        f"CREATE OR REPLACE TABLE faulty AS SELECT * FROM ({' UNION ALL '.join(queries)})"
        " QUALIFY row_number() OVER (PARTITION BY file, row, observable"
        " ORDER BY fault <> 'K119', fault = 'K117', fault) = 1"
    )
    rows = dict(
        database.execute("SELECT fault, count(*) FROM faulty GROUP BY 1 ORDER BY 1").fetchall()
    )
    return Faulty(rows, tuple(_findings(database, source, lists, rows)))


def _contradictions(source: Source, lists: Understood) -> Iterator[str]:
    """The rows that say something in two ways."""
    yield (
        f"SELECT {_of('p')}, 'K117'"
        " FROM placed AS p JOIN conflicts AS c ON c.person = p.person"
        " AND c.observable = p.observable WHERE c.minute IS NULL"
    )
    inner = judged(
        "placed", lists.keys, f"r.observable IN ({listed(sorted(lists.timed))})", True, KEPT
    )
    yield (
        f"SELECT {_of('t')}, 'K117'"
        f" FROM ({inner}) AS t JOIN conflicts AS c ON c.person = t.person"
        " AND c.observable = t.observable AND c.minute = t.minute WHERE t.fault IS NULL"
    )


def _of(alias: str) -> str:
    """The columns of a faulty row but for its fault, of one relation."""
    return ", ".join(f"{alias}.{each}" for each in ORDER.split(", ") if each != "fault")


def _findings(
    database: DuckDBPyConnection, source: Source, lists: Understood, rows: dict[str, int]
) -> Iterator[Diagnostic]:
    by_way = {
        (e.way.observable, e.way.unit, e.way.assay, e.fault): (e.message, e.help)
        for e in lists.meanings
    }
    firsts = {
        code: database.execute(
            f"SELECT {ORDER} FROM faulty WHERE fault = {quoted(code)}"
            f" ORDER BY file, row LIMIT {SHOWN}"
        ).fetchall()
        for code in rows
    }
    told = [row[:2] for first in firsts.values() for row in first]
    places = {
        file: table.places({place for number, place in told if number == file})
        for file, table in enumerate(source.files)
    }
    for code, first in firsts.items():
        for number, row in enumerate(first, 1):
            file, place, _, observable, _, unit, assay, *_ = row
            message, help_ = by_way.get((observable, unit, assay, code), ("", ""))
            why = _why(code, row, source)
            if number == SHOWN and rows[code] > SHOWN:
                why += f". {plural(rows[code] - SHOWN, 'more row')} with this fault"
            yield fault(
                code,
                message or MESSAGES[code].format(observable=observable[:60]),
                places[file][place],
                f"{why}.",
                help_ or HELP[code],
            )


def _why(code: str, row: tuple[Any, ...], source: Source) -> str:
    """Row, column and what stands there; of an implausible number also what is plausible."""
    _, place, person, observable, value, unit, assay, instant, minutes, _ = row
    shown = {
        "observable": observable,
        "value": value,
        "unit": unit,
        "assay": assay,
        "time": instant or minutes,
        "person": person,
    }
    column = CODES[code]
    why = f"Row {place:,}, column `{column}`: `{shown[column][:60] or '(nothing)'}`"
    known = source.known.by_name.get(observable)
    if code != "K114" or known is None:
        return why
    limits = known.declared
    low, high = (plain(e) if e is not None else "any" for e in (limits.low, limits.high))
    return f"{why} {unit[:20]}; plausible is {low} to {high} {limits.unit}"


def write_faulty(database: DuckDBPyConnection, source: Source, path: Path) -> None:
    """All faulty rows as CSV, with file, row, what they say and the code of the fault."""
    cases = " ".join(
        f"WHEN {number} THEN {quoted(str(each.path))}" for number, each in enumerate(source.files)
    )
    database.execute(
        f"COPY (SELECT CASE file {cases} END AS file, row, person, observable, value, unit, assay,"
        f" instant_text AS time, minutes, fault FROM faulty ORDER BY ALL) TO {quoted(str(path))}"
        " (FORMAT csv, HEADER)"
    )
