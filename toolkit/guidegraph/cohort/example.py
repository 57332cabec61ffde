"""A made-up cohort with known answers, in each layout that is read: no real data is in it.

Made-up patients at the limits of the guideline (``probe``) are decided by the reference; every
person is a copy of one of them with an own admission, so that a cohort of any size is made quickly.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guidegraph import units
from guidegraph.cohort.engine import insert
from guidegraph.cohort.judging import NONE
from guidegraph.cohort.keys import quoted
from guidegraph.evaluate.status import Standing
from guidegraph.kernel import Meaning
from guidegraph.probe import patients
from guidegraph.program import Input, Program
from guidegraph.wire import values
from guidegraph.wording import plain

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MODELS = 400
LOCAL = 2_000_000_000
"""OMOP leaves concepts from here on to each site."""
SYSTEM = "https://example.org/made-up"
FIRST_DAY = "TIMESTAMP '2020-03-02 08:00:00'"
OTHER_UNITS = {"ug/L": "mg/L", "mg/L": "g/L", "g/L": "g/dL"}
NOTICE = """\
This cohort is made up. No person in it exists, and no real data were used: the persons are copies
of made-up patients that stand at the limits of the guideline, so the counts say nothing about any
hospital. answers.csv holds what the reference evaluator says about each of them.
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How large an example is, and which."""

    persons: int
    seed: int = 0


def write_example(
    database: DuckDBPyConnection, program: Program, folder: Path, wanted: Wanted
) -> tuple[Path, ...]:
    """Write the cohort into a new folder: the files that were written.

    The same program, size and seed give the same files.
    """
    _fill(database, program, wanted)
    written = [*_rows(database, folder), *_fhir(database, program, folder)]
    written += [*_omop(database, program, folder), *_answers(database, folder)]
    notice = folder / "README.txt"
    notice.write_text(NOTICE, encoding="utf-8")
    return (notice, *written)


def _fill(database: DuckDBPyConnection, program: Program, wanted: Wanted) -> None:
    """The tables ``said`` (all rows of all persons), ``starts`` and ``expected``."""
    count = min(MODELS, wanted.persons)
    models = list(islice(patients(program, wanted.seed, count * 3), 0, count * 3, 3))
    database.execute(
        "CREATE TABLE models (model INTEGER, observable VARCHAR, kind VARCHAR, value VARCHAR,"
        " unit VARCHAR, assay VARCHAR, minute BIGINT)"
    )
    database.execute(
        "CREATE TABLE statuses (model INTEGER, place INTEGER, recommendation VARCHAR,"
        " status VARCHAR)"
    )
    facts = [_in_time(program, each["facts"]) for each in models]
    rows = [[n, *row] for n, each in enumerate(facts) for row in _facts(program, each, n)]
    insert(database, "models", rows)
    told = [[n, *row] for n, each in enumerate(facts) for row in _statuses(program, each)]
    insert(database, "statuses", told)
    database.execute("CREATE TABLE anchors AS SELECT ? AS observable", [program.anchor])
    database.execute(
        f"CREATE TABLE starts AS SELECT 'P' || lpad((range + 1)::VARCHAR, 8, '0') AS person,"
        f" range AS n,"
        f" range % {count} AS model, {FIRST_DAY} + INTERVAL (range % 60) DAY AS start"
        f" FROM range({wanted.persons})"
    )
    database.execute(
        "CREATE VIEW said AS SELECT s.person, s.n, s.start, m.*,"
        " strftime(s.start + INTERVAL (m.minute) MINUTE, '%Y-%m-%dT%H:%M:%SZ') AS instant_text"
        " FROM starts AS s JOIN models AS m ON m.model = s.model"
    )


def _in_time(program: Program, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same facts, decided about no earlier than the last sample was taken."""
    series = (facts.get(each.name) or () for each in program.inputs if each.kind == "series")
    minutes = [minute for each in series for minute, _ in each]
    now = facts.get("now")
    return facts if now is None else {**facts, "now": max([now, *minutes])}


def _facts(program: Program, facts: Mapping[str, Any], number: int) -> Iterator[list[object]]:
    """What is said of a made-up patient: observable, kind, value, unit, assay, minute."""
    for each in program.inputs:
        value = facts.get(each.name)
        if each.name == "now" or value is None:
            continue
        if each.kind == "series":
            for minute, steps in value:
                yield [each.name, "series", *_amount(each, steps, number), each.basis or "", minute]
            if not value:
                yield [each.name, "none", NONE, "", "", None]
        elif each.kind == "quantity":
            yield [each.name, "quantity", *_amount(each, value, number), each.basis or "", None]
        else:
            text = str(value).lower() if isinstance(value, bool) else value
            yield [each.name, each.kind, text, "", "", None]
    if facts.get("now") is not None:
        yield ["now", "now", "", "", "", facts["now"]]


def _amount(each: Input, steps: int, number: int) -> tuple[str, str]:
    """A value and its unit; every third patient's laboratory uses another unit."""
    unit = each.unit or "1"
    value = Fraction(steps, 10**each.scale)
    if number % 3 == 0 and unit in OTHER_UNITS:
        other = OTHER_UNITS[unit]
        return plain(value * units.ratio(unit, other)), other
    return plain(value), unit


def _statuses(program: Program, facts: Mapping[str, Any]) -> Iterator[list[object]]:
    inputs, settings = values(program, facts, {})
    meant = Meaning(inputs, settings, program.conditions)
    for place, rule in enumerate(program.rules, 1):
        standing = Standing(rule, meant.truth(rule.guard), meant.truth(rule.effective))
        yield [place, rule.name, standing.status]


def _copy(
    database: DuckDBPyConnection, query: str, path: Path, form: str = "FORMAT csv, HEADER"
) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    database.execute(f"COPY ({query}) TO {quoted(str(path))} ({form})")
    return path


def _rows(database: DuckDBPyConnection, folder: Path) -> Iterator[Path]:
    """Our own layout, as CSV and as Parquet; half of the times are instants, half are counted."""
    anchor = "(SELECT observable FROM anchors)"
    query = f"""
SELECT person, observable, value, unit, assay, CASE WHEN n % 2 = 0 THEN instant_text END AS time,
  CASE WHEN n % 2 = 1 THEN minute END AS minutes FROM said
UNION ALL SELECT person, {anchor}, '', '', '', strftime(start, '%Y-%m-%dT%H:%M:%SZ'),
  NULL FROM starts
ORDER BY person, observable, time, minutes"""
    yield _copy(database, query, folder / "rows.csv")
    yield _copy(database, query, folder / "rows.parquet", "FORMAT parquet")


def _answers(database: DuckDBPyConnection, folder: Path) -> Iterator[Path]:
    yield _copy(
        database,
        "SELECT person, recommendation, status FROM starts JOIN statuses USING (model)"
        " ORDER BY person, place",
        folder / "answers.csv",
    )


def _moments(database: DuckDBPyConnection, path: Path) -> Path:
    """What FHIR and OMOP have no place for: the moment of the decision, and that none was taken."""
    query = (
        "SELECT person, observable, value, minute AS minutes FROM said"
        " WHERE kind IN ('now', 'none') ORDER BY ALL"
    )
    return _copy(database, query, path)


def _fhir(database: DuckDBPyConnection, program: Program, folder: Path) -> Iterator[Path]:
    code = f"{{'coding': [{{'system': {quoted(SYSTEM)}, 'code': observable}}]}}"
    quantity = (
        "{'value': value::DECIMAL(38, 9), 'unit': unit, 'system': 'http://unitsofmeasure.org',"
        " 'code': unit}"
    )
    subject = "{'reference': 'Patient/' || person}"
    query = f"""
SELECT line FROM (
  SELECT person, 0 AS place, '' AS name,
    to_json({{'resourceType': 'Patient', 'id': person}}) AS line FROM starts
  UNION ALL SELECT person, 1, '', to_json({{'resourceType': 'Encounter', 'status': 'finished',
    'subject': {subject}, 'period': {{'start': strftime(start, '%Y-%m-%dT%H:%M:%SZ')}}}})
    FROM starts
  UNION ALL SELECT person, 2, observable || coalesce(instant_text, ''), CASE
    WHEN kind IN ('series', 'quantity') THEN replace(to_json({{'resourceType': 'Observation',
      'status': 'final', 'code': {code}, 'subject': {subject}, 'effectiveDateTime': instant_text,
      'valueQuantity': {quantity}}})::VARCHAR, '"effectiveDateTime":null,', '')
    WHEN kind = 'boolean' THEN to_json({{'resourceType': 'Observation', 'status': 'final',
      'code': {code}, 'subject': {subject}, 'valueBoolean': value = 'true'}})
    ELSE to_json({{'resourceType': 'Observation', 'status': 'final', 'code': {code},
      'subject': {subject}, 'valueCodeableConcept': {{'coding': [{{'system': {quoted(SYSTEM)},
      'code': value}}]}}}}) END FROM said WHERE kind NOT IN ('now', 'none')
) ORDER BY person, place, name"""
    yield _copy(
        database,
        query,
        folder / "fhir" / "cohort.ndjson",
        "FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\\x01'",
    )
    yield _moments(database, folder / "fhir" / "moments.csv")
    lines = ["anchor: encounter", "observables:"]
    for each in _named(program):
        lines += [f"  {each.name}:", f'    codes: ["{SYSTEM}|{each.name}"]']
        if each.basis:
            lines.append(f"    assay: {each.basis}")
        if each.codes:
            lines.append("    answers:")
            lines += [f'      "{SYSTEM}|{word}": {json.dumps(word)}' for word in each.codes]
    yield _text(folder / "fhir-mapping.yaml", lines)


def _omop(database: DuckDBPyConnection, program: Program, folder: Path) -> Iterator[Path]:
    named = list(_named(program))
    words = ["true", "false", *dict.fromkeys(word for each in named for word in each.codes)]
    database.execute("CREATE TABLE concepts (concept BIGINT, name VARCHAR, kind VARCHAR)")
    concepts = {("observable", each.name): LOCAL + n for n, each in enumerate(named, 1)}
    concepts |= {("answer", word): LOCAL + 10_000 + n for n, word in enumerate(words)}
    rows = [[concept, name, kind] for (kind, name), concept in concepts.items()]
    insert(database, "concepts", rows)
    inside = folder / "omop"
    yield _copy(
        database,
        "SELECT n + 1 AS person_id, person AS person_source_value FROM starts ORDER BY n",
        inside / "person.csv",
    )
    clock = "'%Y-%m-%d %H:%M:%S'"
    yield _copy(
        database,
        f"SELECT n + 1 AS visit_occurrence_id, n + 1 AS person_id, strftime(start, {clock})"
        " AS visit_start_datetime FROM starts ORDER BY n",
        inside / "visit_occurrence.csv",
    )
    query = f"""
SELECT n + 1 AS person_id, o.concept AS measurement_concept_id,
  strftime(start + INTERVAL (minute) MINUTE, {clock}) AS measurement_datetime,
  CASE WHEN s.kind IN ('series', 'quantity') THEN value END AS value_as_number,
  a.concept AS value_as_concept_id, nullif(unit, '') AS unit_source_value
FROM said AS s JOIN concepts AS o ON o.kind = 'observable' AND o.name = s.observable
LEFT JOIN concepts AS a ON a.kind = 'answer' AND a.name = s.value
WHERE s.kind NOT IN ('now', 'none') ORDER BY ALL"""
    yield _copy(database, query, inside / "measurement.csv")
    moments = (
        "SELECT n + 1 AS person, observable, value, minute AS minutes FROM said"
        " WHERE kind IN ('now', 'none') ORDER BY ALL"
    )
    yield _copy(database, moments, inside / "moments.csv")
    lines = ["anchor: visit", 'offset: "+00:00"', "observables:"]
    for each in named:
        lines += [f"  {each.name}:", f"    concepts: [{concepts['observable', each.name]}]"]
        if each.basis:
            lines.append(f"    assay: {each.basis}")
        codes = each.codes or (("true", "false") if each.kind == "boolean" else ())
        if codes:
            lines.append("    answers:")
            lines += [f"      {concepts['answer', word]}: {json.dumps(word)}" for word in codes]
    yield _text(folder / "omop-mapping.yaml", lines)


def _named(program: Program) -> Iterator[Input]:
    return (each for each in program.inputs if each.name != "now")


def _text(path: Path, lines: list[str]) -> Path:
    path.write_text(
        "\n".join(["# Made up, as are the data it belongs to.", *lines]) + "\n", encoding="utf-8"
    )
    return path
