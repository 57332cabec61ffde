"""Tables of the OMOP Common Data Model: measurement, condition, visit and person as rows.

The times of OMOP have no offset from UTC, so the mapping must state it. A result with an operator
other than ``=`` is a limit and no value.
"""

from __future__ import annotations

from guidegraph.cohort.faults import fault, stop
from guidegraph.cohort.keys import quoted
from guidegraph.cohort.mapping import Mapping
from guidegraph.cohort.sources import Table

EQUAL = ("", "0", "4172703")
"""What `operator_concept_id` holds where a value is a value."""


def select(table: Table, doubles: bool, source: str, codes: Mapping, kept: str) -> str:
    """The rows of a table whose concept is mapped; none of the table of persons.

    Raises:
        CohortError: the mapping does not say where the times of the table are.
    """
    person = table.text("person_id")
    if table.layout == "measurement":
        return _measurements(table, doubles, source, codes, kept)
    if table.layout == "condition_occurrence":
        return (
            f"SELECT {person} AS person, k.observable, coalesce(nullif(k.value, ''), 'true')"
            f" AS value, '' AS unit, '' AS assay, '' AS instant_text, '' AS minutes{kept}"
            f" FROM {source} JOIN codes AS k ON k.code = {table.text('condition_concept_id')}"
        )
    if table.layout == "visit_occurrence" and codes.anchor == "visit":
        return (
            f"SELECT {person} AS person, (SELECT name FROM moments) AS observable, '' AS value,"
            f" '' AS unit, '' AS assay,"
            f" {_moment(table, 'visit_start_datetime', codes)} AS instant_text,"
            f" '' AS minutes{kept} FROM {source}"
        )
    return ""


def people(table: Table) -> str:
    """The persons of the table of persons."""
    return f"SELECT {table.text('person_id')} AS person FROM {table.reading}"


def unmapped(table: Table) -> str:
    """The concepts that are not mapped, and how many rows each has."""
    column = table.text(
        "measurement_concept_id" if table.layout == "measurement" else "condition_concept_id"
    )
    return (
        f"SELECT '{table.layout} concept ' || {column} AS what, count(*) AS rows"
        f" FROM {table.reading} WHERE {column} NOT IN (SELECT code FROM codes) GROUP BY what"
    )


def _measurements(table: Table, doubles: bool, source: str, codes: Mapping, kept: str) -> str:
    value, concept = table.text("value_as_number", doubles), table.text("value_as_concept_id")
    listed = ", ".join(map(quoted, EQUAL))
    operator = table.text("operator_concept_id")
    named = table.text("unit_concept_id")
    cases = " ".join(f"WHEN {quoted(key)} THEN {quoted(unit)}" for key, unit in codes.units.items())
    unit = (
        f"coalesce(nullif({table.text('unit_source_value')}, ''),"
        f" 'unit concept ' || nullif(nullif({named}, '0'), ''), '')"
    )
    if cases:
        unit = f"coalesce(CASE {named} {cases} END, {unit})"
    return f"""
SELECT {table.text("person_id")} AS person, k.observable,
  CASE WHEN {operator} NOT IN ({listed}) THEN '<>' || {value}
    WHEN {value} <> '' THEN {value}
    ELSE coalesce((SELECT min(a.answer) FROM answers AS a
      WHERE a.observable = k.observable AND a.code = {concept}), nullif(nullif({concept}, '0'), ''),
      CASE WHEN {table.text("value_source_value")} = '' THEN k.value END, '')
    END AS value,
  CASE WHEN {value} <> '' THEN {unit} ELSE '' END AS unit, k.assay,
  {_moment(table, "measurement_datetime", codes)} AS instant_text, '' AS minutes{kept}
FROM {source} JOIN codes AS k ON k.code = {table.text("measurement_concept_id")}"""


def _moment(table: Table, column: str, codes: Mapping) -> str:
    """A time as an instant with its offset: its own, or the one that the mapping states."""
    if table.columns[column] == "TIMESTAMP WITH TIME ZONE":
        return table.text(column)
    if not codes.offset:
        message = f"The column `{column}` does not say how far its times are from UTC."
        help_ = 'Write offset: "+01:00" (or another) into the mapping file.'
        raise stop([fault("K102", message, table.place(1), help=help_)])
    text = f"replace({table.text(column)}, ' ', 'T')"
    own = f"regexp_matches({text}, 'T.*(Z|[+-][0-9]{{2}}:[0-9]{{2}})$')"
    return f"CASE WHEN {text} = '' OR {own} THEN {text} ELSE {text} || {quoted(codes.offset)} END"
