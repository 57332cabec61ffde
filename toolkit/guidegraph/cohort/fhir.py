"""FHIR resources, one on a line: Observation, Condition, Encounter and Patient as rows.

Numbers are taken as they are written: a number of more digits than JSON readers keep is cut out of
the line, known by the binary number that they make of it. Where a record says its own value, or why
it has none, the mapping says none for it. What is not final, amended or corrected is not used; it
is counted (``unmapped``), and that nothing else is there does not mean ``absent`` (``withheld``).
"""

from __future__ import annotations

from guidegraph.cohort.keys import listed, quoted
from guidegraph.cohort.mapping import Mapping

CODING = '[{"system": "VARCHAR", "code": "VARCHAR"}]'
SHAPE = (
    '{"resourceType": "VARCHAR", "id": "VARCHAR", "status": "VARCHAR",'
    ' "subject": {"reference": "VARCHAR"}, "effectiveDateTime": "VARCHAR",'
    ' "effectiveInstant": "VARCHAR", "period": {"start": "VARCHAR"},'
    f' "code": {{"coding": {CODING}}},'
    ' "valueQuantity": {"value": "VARCHAR", "unit": "VARCHAR", "system": "VARCHAR",'
    ' "code": "VARCHAR", "comparator": "VARCHAR"}, "valueBoolean": "VARCHAR",'
    f' "valueInteger": "VARCHAR", "valueString": "VARCHAR",'
    f' "valueCodeableConcept": {{"coding": {CODING}}},'
    f' "verificationStatus": {{"coding": {CODING}}}}}'
)
USED = ("final", "amended", "corrected")
MISTAKEN = "entered-in-error"
REFUTED, CONFIRMED = "refuted", "confirmed"
_LONG = r'"value"\s*:\s*(-?[0-9.]{16,}(?:[eE][-+]?[0-9]+)?)'
_PERSON = "regexp_replace(coalesce(f.subject.reference, ''), '^.*Patient/|^urn:uuid:', '')"


def parsed(source: str, kept: str) -> str:
    """The resources of a file; ``kept`` are columns of its lines (``", file, row"``)."""
    return (
        f"SELECT line, json_valid(line) AS sound, CASE WHEN json_valid(line) THEN"
        f" json_transform(line, {quoted(SHAPE)}) END AS f{kept} FROM {source}"
        " WHERE trim(line) <> ''"
    )


def broken(resources: str) -> str:
    """How many lines are no JSON object, and the first of them."""
    return f"SELECT count(*), min(row) FROM ({resources}) WHERE NOT sound OR f.resourceType IS NULL"


def people(resources: str) -> str:
    """The persons: every Patient."""
    return f"SELECT f.id AS person FROM ({resources}) WHERE f.resourceType = 'Patient'"


def select(resources: str, codes: Mapping, kept: str) -> str:
    """Rows of the Observations and Conditions whose code is mapped, and of the Encounters."""
    parts = [_observations(resources, kept), _conditions(resources, kept)]
    if codes.anchor == "encounter":
        parts.append(
            f"SELECT {_PERSON} AS person, anchor AS observable, '' AS value, '' AS unit,"
            f" '' AS assay, coalesce(f.period.start, '') AS instant_text, '' AS minutes{kept}"
            f" FROM ({resources}), (SELECT name AS anchor FROM moments)"
            " WHERE f.resourceType = 'Encounter'"
        )
    return "\nUNION ALL ".join(parts)


def unmapped(resources: str) -> str:
    """What is not used: what it is, and how many resources."""
    joined = "coalesce(c.system, '') || '|' || coalesce(c.code, '')"
    codes = f"list_transform(f.code.coding, lambda c: {joined})"
    return (
        f"SELECT CASE WHEN f.resourceType NOT IN ('Observation', 'Condition', 'Patient',"
        f" 'Encounter') THEN f.resourceType WHEN NOT coalesce({_is_used()}, FALSE)"
        f" THEN f.resourceType || ' that is ' || coalesce(f.status, 'without status')"
        f" ELSE coalesce(nullif(array_to_string({codes}, ', '), ''),"
        f" f.resourceType || ' without code') END AS what, count(*) AS rows"
        f" FROM ({resources}) WHERE f.resourceType NOT IN ('Patient', 'Encounter') AND ("
        f"NOT coalesce({_is_used()}, FALSE) OR NOT coalesce(list_has_any({codes},"
        " (SELECT list(code) FROM codes)), FALSE)) GROUP BY what"
    )


def withheld(resources: str) -> str:
    """Who has an Observation of what that cannot be used and is no mistake: not final yet, say."""
    return (
        f"SELECT DISTINCT {_PERSON} AS person, k.observable"
        f" FROM (SELECT *, unnest(f.code.coding) AS c FROM ({resources})"
        f" WHERE f.resourceType = 'Observation' AND coalesce(f.status NOT IN"
        f" ({listed((*USED, MISTAKEN))}), TRUE)) AS r"
        " JOIN codes AS k ON k.code = coalesce(c.system, '') || '|' || c.code"
    )


def _is_used() -> str:
    return f"(f.resourceType <> 'Observation' OR f.status IN ({listed(USED)}))"


def _observations(resources: str, kept: str) -> str:
    written = (
        f"coalesce(list_filter(regexp_extract_all(line, {quoted(_LONG)}, 1), lambda n:"
        " TRY_CAST(n AS DOUBLE) = TRY_CAST(f.valueQuantity.value AS DOUBLE))[1],"
        " f.valueQuantity.value)"
    )
    says_nothing = (
        "len(list_filter(json_keys(line), lambda n:"
        " starts_with(n, 'value') OR n = 'dataAbsentReason')) = 0"
    )
    answered = (
        "(SELECT min(a.answer) FROM answers AS a WHERE a.observable = k.observable AND"
        " list_contains(list_transform(f.valueCodeableConcept.coding, lambda c:"
        " coalesce(c.system, '') || '|' || coalesce(c.code, '')), a.code))"
    )
    return f"""
SELECT DISTINCT {_PERSON} AS person, k.observable,
  CASE WHEN f.valueQuantity IS NOT NULL
      THEN coalesce(f.valueQuantity.comparator, '') || coalesce({written}, '')
    ELSE coalesce(f.valueBoolean, f.valueInteger, {answered},
      list_extract(f.valueCodeableConcept.coding, 1).code, f.valueString,
      CASE WHEN {says_nothing} THEN k.value END, '') END AS value,
  coalesce(CASE WHEN f.valueQuantity.system = 'http://unitsofmeasure.org'
    THEN f.valueQuantity.code END, f.valueQuantity.unit, f.valueQuantity.code, '') AS unit,
  k.assay, coalesce(f.effectiveDateTime, f.effectiveInstant, '') AS instant_text,
  '' AS minutes{kept}
FROM (SELECT *, unnest(f.code.coding) AS c FROM ({resources})
  WHERE f.resourceType = 'Observation' AND {_is_used()}) AS r
JOIN codes AS k ON k.code = coalesce(c.system, '') || '|' || c.code"""


def _conditions(resources: str, kept: str) -> str:
    return f"""
SELECT DISTINCT {_PERSON} AS person, k.observable,
  CASE coalesce(list_extract(f.verificationStatus.coding, 1).code, '{CONFIRMED}')
    WHEN '{CONFIRMED}' THEN coalesce(nullif(k.value, ''), 'true')
    WHEN '{REFUTED}' THEN CASE WHEN coalesce(nullif(k.value, ''), 'true') = 'true'
      THEN 'false' ELSE '' END
    ELSE '' END AS value,
  '' AS unit, '' AS assay, '' AS instant_text, '' AS minutes{kept}
FROM (SELECT *, unnest(f.code.coding) AS c FROM ({resources})
  WHERE f.resourceType = 'Condition') AS r
JOIN codes AS k ON k.code = coalesce(c.system, '') || '|' || c.code
WHERE coalesce(list_extract(f.verificationStatus.coding, 1).code, '') <> '{MISTAKEN}'"""
