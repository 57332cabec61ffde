"""What a guideline says about every person: the generated SQL over the gathered tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from guidegraph.cohort import gathering
from guidegraph.cohort.engine import insert
from guidegraph.cohort.keys import quoted
from guidegraph.cohort.places import Places
from guidegraph.evaluate.status import STATUSES
from guidegraph.export import ExportInput
from guidegraph.export.sql import DUCKDB, WORD, Lacking, lacking, script, tables, views
from guidegraph.export.words import Words
from guidegraph.kernel import Agg
from guidegraph.wire import wire

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

COMPRESSED = "FORMAT parquet, COMPRESSION zstd"


@dataclass(frozen=True, slots=True)
class Decided:
    """How the table ``decided`` is read: a row per person, columns of statuses and masks."""

    lacks: Lacking
    rules: tuple[str, ...]

    @property
    def statuses(self) -> tuple[str, ...]:
        """The columns of statuses, in the order of the recommendations."""
        return tuple(self.lacks.statuses[each] for each in self.rules)

    @property
    def words(self) -> int:
        """How many masks a recommendation has."""
        return len(self.lacks.data) // WORD + 1

    def mask(self, rule: str, word: int) -> str:
        """The column of a mask, or 0 where no datum of that word matters."""
        return dict(self.lacks.masks[rule]).get(word, "0::BIGINT")


def prepare(
    database: DuckDBPyConnection,
    loaded: ExportInput,
    known: Places,
    settings: Mapping[str, int | str],
    absent: Mapping[str, str],
) -> Decided:
    """The tables and views of the generated SQL; nothing is decided yet."""
    needed = tables(loaded.program)
    database.execute(gathering.persons(needed, known, settings, absent))
    database.execute(
        "CREATE OR REPLACE VIEW samples AS SELECT person, name AS input, minute, value"
        " FROM merged JOIN places USING (number) WHERE value = other"
    )
    database.execute(script(loaded, DUCKDB))
    lacks = lacking(loaded, DUCKDB)
    database.execute(lacks.statement)
    order = {each.id: place for place, each in enumerate(loaded.guideline.recommendations)}
    rules = sorted(
        (each.name for each in loaded.program.rules), key=lambda name: order.get(name, 0)
    )
    return Decided(lacks, tuple(rules))


def decide(database: DuckDBPyConnection, decided: Decided) -> None:
    """The table ``decided``: statuses as texts of few values, masks as numbers."""
    listed = ", ".join(map(quoted, STATUSES))
    database.execute(f"CREATE TYPE status AS ENUM ({listed})")
    columns = [f"{each}::status AS {each}" for each in decided.statuses]
    for rule in decided.rules:
        columns += [name for _, name in decided.lacks.masks[rule]]
    database.execute(
        f"CREATE OR REPLACE TABLE decided AS SELECT person, {', '.join(columns)}"
        f" FROM {decided.lacks.view}"
    )


def name_masks(database: DuckDBPyConnection, loaded: ExportInput, decided: Decided) -> None:
    """The table ``lacking``: for each mask that occurs, the data it stands for, as a text."""
    says = names(loaded, decided)
    database.execute("CREATE OR REPLACE TABLE lacking (word INTEGER, mask BIGINT, data VARCHAR)")
    for word in range(decided.words):
        columns = [
            name for name in (decided.mask(r, word) for r in decided.rules) if "::" not in name
        ]
        parts = " UNION ".join(f"SELECT DISTINCT {name} AS mask FROM decided" for name in columns)
        masks = [mask for (mask,) in database.execute(parts).fetchall()] if parts else []
        rows = [
            [
                word,
                mask,
                "; ".join(
                    each
                    for place, each in enumerate(says[word * WORD :][:WORD])
                    if mask >> place & 1
                ),
            ]
            for mask in sorted(masks)
        ]
        insert(database, "lacking", rows)


def names(loaded: ExportInput, decided: Decided) -> list[str]:
    """What each datum is called: the name of its input; of samples, which of them."""
    words = Words(wire(loaded.program), loaded.guideline.anchor_words)
    return [
        words.number(each) if isinstance(each, Agg) else each.name for each in decided.lacks.data
    ]


def write_rows(database: DuckDBPyConnection, decided: Decided, path: Path, form: str) -> None:
    """A row per person and recommendation: person, recommendation, status, lacking.

    Persons stand in the order of their names (of code points), recommendations in that of the
    guideline.
    """
    rules = ", ".join(map(quoted, decided.rules))
    unnested = [
        f"unnest({list(range(len(decided.rules)))}) AS place",
        f"unnest([{rules}]) AS recommendation",
        f"unnest([{', '.join(decided.statuses)}]) AS status",
    ]
    for word in range(decided.words):
        masks = ", ".join(decided.mask(each, word) for each in decided.rules)
        unnested.append(f"unnest([{masks}]) AS mask_{word}")
    joins = " ".join(
        f"LEFT JOIN lacking AS l{word} ON l{word}.word = {word} AND l{word}.mask = d.mask_{word}"
        for word in range(decided.words)
    )
    texts = ", ".join(f"nullif(l{word}.data, '')" for word in range(decided.words))
    database.execute(
        f"COPY (SELECT person, recommendation, status::VARCHAR AS status,"
        f" concat_ws('; ', {texts}) AS lacking"
        f" FROM (SELECT person, {', '.join(unnested)} FROM decided) AS d {joins}"
        " ORDER BY person, place)"
        f" TO {quoted(str(path))} ({form})"
    )


def counts(database: DuckDBPyConnection, decided: Decided) -> dict[str, dict[str, int]]:
    """How many persons have each status, by recommendation."""
    found: dict[str, dict[str, int]] = {}
    for rule in decided.rules:
        column = decided.lacks.statuses[rule]
        rows = database.execute(f"SELECT {column}, count(*) FROM decided GROUP BY 1").fetchall()
        told = {str(status): int(count) for status, count in rows}
        found[rule] = {each: told.get(each, 0) for each in STATUSES}
    return found


def lacked(database: DuckDBPyConnection, decided: Decided) -> dict[str, dict[int, int]]:
    """Of how many persons a datum is lacking for a recommendation, by its place among the data."""
    found: dict[str, dict[int, int]] = {}
    for rule in decided.rules:
        of_rule: dict[int, int] = {}
        for word, column in decided.lacks.masks[rule]:
            rows = database.execute(f"SELECT {column}, count(*) FROM decided GROUP BY 1").fetchall()
            for mask, count in rows:
                for place in range(WORD):
                    if mask >> place & 1:
                        datum = word * WORD + place
                        of_rule[datum] = of_rule.get(datum, 0) + count
        found[rule] = of_rule
    return found


def swept(
    database: DuckDBPyConnection, loaded: ExportInput, decided: Decided, setting: str, value: int
) -> dict[str, dict[str, int]]:
    """How many persons have each status when one site parameter has another value (wire form)."""
    column = next(
        each.column
        for each in tables(loaded.program).persons
        if each.name == setting and each.kind == "setting"
    )
    database.execute("ALTER TABLE persons RENAME TO persons_as_set")
    try:
        database.execute(
            f"CREATE VIEW persons AS SELECT * REPLACE ({value}::BIGINT AS {column})"
            " FROM persons_as_set"
        )
        wide, _ = views(loaded)
        asked = [
            f"count(CASE WHEN {name} = {quoted(status)} THEN 1 END)"
            for name in decided.statuses
            for status in STATUSES
        ]
        row = database.execute(f"SELECT {', '.join(asked)} FROM {wide}").fetchone() or ()
    finally:
        database.execute("DROP VIEW IF EXISTS persons")
        database.execute("ALTER TABLE persons_as_set RENAME TO persons")
    told = iter(row)
    return {rule: {status: next(told) for status in STATUSES} for rule in decided.rules}
