"""The guideline as SQL: a view of a column per criterion, and a view of recommendations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guidegraph.export import notes
from guidegraph.export.base import Artifact, ExportInput
from guidegraph.export.names import Names
from guidegraph.export.sql.aggregates import Aggregates
from guidegraph.export.sql.dialect import (
    Dialect,
    comment,
    duckdb_literal,
    spark_literal,
)
from guidegraph.export.sql.header import header
from guidegraph.export.sql.layout import select
from guidegraph.export.sql.logic import Computed, Expression, Logic, Standing, status
from guidegraph.export.sql.tables import Tables, default, tables
from guidegraph.export.words import Words
from guidegraph.kernel import Assume, Bool, Cmp, Ref, walk
from guidegraph.model import Guideline
from guidegraph.program import Named
from guidegraph.wire import wire

DUCKDB = Dialect("duckdb", "DuckDB", duckdb_literal)
SPARK = Dialect("spark", "Spark", spark_literal)


@dataclass(frozen=True, slots=True)
class SqlExporter:
    """``sql/<guideline>.duckdb.sql`` and ``sql/<guideline>.spark.sql``."""

    name: str = "sql"
    description: str = "SQL for cohorts, in the dialects of DuckDB and Spark"

    def export(self, loaded: ExportInput) -> Iterator[Artifact]:
        """One script for each dialect: the same text but for strings."""
        for dialect in (DUCKDB, SPARK):
            path = f"sql/{loaded.guideline_id}.{dialect.name}.sql"
            yield Artifact(path, script(loaded, dialect))


def views(loaded: ExportInput) -> tuple[str, str]:
    """The names of the two views: a row per person, and a row per person and recommendation."""
    names = Names()
    start = names.give("guideline", loaded.guideline_id)
    return f"{start}_columns", f"{start}_recommendations"


def script(loaded: ExportInput, dialect: Dialect) -> str:
    """The statements that make the two views, with everything a reader needs as comments."""
    wide, long = views(loaded)
    needed = tables(loaded.program)
    words = Words(wire(loaded.program), loaded.guideline.anchor_words)
    made = Aggregates(needed, dialect.literal, words)
    logic = _logic(loaded, dialect, needed, words)
    place = {each.id: number for number, each in enumerate(loaded.guideline.recommendations)}
    standings = sorted(logic.standings, key=lambda each: place.get(each.rule.name, len(place)))
    lines = [
        *header(loaded, dialect, needed, (wide, long)),
        "",
        *comment("One row per person: facts, samples in numbers, criteria, guards, statuses."),
        f"CREATE OR REPLACE TEMPORARY VIEW {wide} AS",
        *_with(loaded, dialect, needed, made, logic.layers),
        *_statuses(logic.layers, standings),
    ]
    if standings:
        lines += ["", *comment("One row per person and recommendation.")]
        lines += [f"CREATE OR REPLACE TEMPORARY VIEW {long} AS"]
        lines += _rows(loaded.guideline, dialect, wide, standings)
    return "\n".join(lines) + "\n"


def criterion_columns(loaded: ExportInput) -> dict[str, str]:
    """The column of each criterion in the view of columns, by the name of the criterion."""
    names = logic_of(loaded, DUCKDB).names
    return {each.name: names[Ref("criterion", each.name)] for each in loaded.program.criteria}


def logic_of(loaded: ExportInput, dialect: Dialect) -> Logic:
    """The criteria and rules of a program, written, with the names of all their columns."""
    words = Words(wire(loaded.program), loaded.guideline.anchor_words)
    return _logic(loaded, dialect, tables(loaded.program), words)


def _logic(loaded: ExportInput, dialect: Dialect, needed: Tables, words: Words) -> Logic:
    """The criteria and rules of a program, written."""
    guideline = loaded.guideline
    logic = Logic(words.form, needed.names, dialect.literal)
    for each in loaded.program.definitions:
        if isinstance(each, Named):
            said = [notes.of_criterion(guideline, each), *_in_words(each.condition, words)]
            logic.criterion(each.name, each.condition, said)
        else:
            said = [*notes.of_rule(guideline, each), *_in_words(each.guard, words)]
            logic.rule(each, said)
    return logic


def _in_words(condition: Bool, words: Words) -> Iterator[str]:
    """Each comparison in canonical units, and each default with its reason."""
    told: dict[str, None] = {}
    for node in walk(condition):
        if isinstance(node, Cmp):
            told[words.comparison(node)] = None
        elif isinstance(node, Assume):
            told[f"Taken to be {str(node.default).lower()} when unknown: {node.why}"] = None
    yield from told


# --- the view of columns --------------------------------------------------------------------------


def _with(
    loaded: ExportInput,
    dialect: Dialect,
    needed: Tables,
    made: Aggregates,
    layers: Sequence[Sequence[Computed]],
) -> Iterator[str]:
    """The common table expressions: samples, facts, then criteria and guards by layer."""
    parts = [*made.expressions(), ("facts", _facts(loaded, dialect, needed, made))]
    for number, layer in enumerate(layers, 1):
        source = f"level_{number - 1}" if number > 1 else "facts"
        parts.append((f"level_{number}", _layer(source, layer)))
    for place, (name, lines) in enumerate(parts):
        yield f"{'' if place else 'WITH '}{name} AS ("
        yield from (f"  {line}" if line else "" for line in lines)
        yield ")," if place < len(parts) - 1 else ")"


def _facts(loaded: ExportInput, dialect: Dialect, needed: Tables, made: Aggregates) -> list[str]:
    names = needed.names
    columns = [Computed("person", _plain("persons.person"))]
    for each in needed.persons:
        text = f"persons.{each.column}"
        if each.kind == "setting":
            setting = next(s for s in loaded.program.settings if s.name == each.name)
            held = default(setting)
            if held is not None:
                usual = dialect.literal(held) if isinstance(held, str) else str(held)
                text = f"COALESCE({text}, {usual})"
        columns.append(Computed(each.column, _plain(text)))
    columns += [Computed(names[each], made.known(each)) for each in needed.aggregates]
    return ["SELECT", *select(columns), "FROM persons", *made.joins()]


def _layer(source: str, layer: Sequence[Computed]) -> list[str]:
    return ["SELECT", f"  {source}.*,", *select(layer), f"FROM {source}"]


def _statuses(layers: Sequence[Sequence[Computed]], standings: Sequence[Standing]) -> Iterator[str]:
    source = f"level_{len(layers)}" if layers else "facts"
    yield "SELECT"
    yield f"  {source}.*" + ("," if standings else "")
    yield from select([Computed(each.status, status(each)) for each in standings])
    yield f"FROM {source};"


def _plain(text: str) -> Expression:
    return Expression((text,))


# --- the view of recommendations ------------------------------------------------------------------


def _rows(
    guideline: Guideline, dialect: Dialect, wide: str, standings: Sequence[Standing]
) -> Iterator[str]:
    yield "SELECT"
    yield "  decided.person,"
    yield "  listed.place,"
    yield "  listed.recommendation,"
    yield "  listed.label,"
    yield "  listed.modality,"
    for column in ("status", "guard", "effective"):
        yield "  CASE listed.place"
        for place, each in enumerate(standings, 1):
            yield f"    WHEN {place} THEN decided.{getattr(each, column)}"
        yield f"  END AS {column}" + ("," if column != "effective" else "")
    yield f"FROM {wide} AS decided"
    yield "CROSS JOIN ("
    yield "  VALUES"
    for place, each in enumerate(standings, 1):
        text = (each.rule.name, each.rule.label, guideline.words(each.rule.modality))
        row = ", ".join([str(place), *map(dialect.literal, text)])
        yield f"    ({row})" + ("," if place < len(standings) else "")
    yield ") AS listed (place, recommendation, label, modality);"
