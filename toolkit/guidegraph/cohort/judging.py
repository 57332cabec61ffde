"""Rows of a cohort judged in SQL: each is a whole number, a bit or a moment, or has a fault.

The relation ``raw`` has only texts (empty where nothing is written): person, observable, value,
unit, assay, instant_text, minutes. Numbers go from text to whole numbers through HUGEINT; no binary
float occurs.
"""

from __future__ import annotations

from guidegraph.cohort.keys import Keys, quoted
from guidegraph.cohort.places import Places
from guidegraph.patient.amounts import LONGEST_NUMBER
from guidegraph.patient.clock import FARTHEST, FARTHEST_NOW

NUMBER = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,2})?"
INSTANT = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
)
MINUTES = r"-?(0|[1-9][0-9]{0,9})(\.0+)?"
SHORT = r"-?(0|[1-9][0-9]{0,12})(\.[0-9]{1,4})?"
"""Numbers as they nearly always are: not longer than ``DIGITS``, without an exponent."""
DIGITS = 18
"""A number of more digits than this is not computed."""
BLANKS = "".join(each for each in map(chr, range(0x3001)) if each.isspace())
"""What is no part of a number when it stands before or after it."""
NONE = "none"
"""In place of a value: it is known that no sample was taken."""


def macros() -> str:
    """What the statements below share."""
    tens = " ".join(f"WHEN {each} THEN {10**each}::HUGEINT" for each in range(DIGITS + 1))
    mantissa = "split_part(replace(v, 'E', 'e'), 'e', 1)"
    return f"""
CREATE OR REPLACE TEMP MACRO ten(k) AS CASE k {tens} END;
CREATE OR REPLACE TEMP MACRO bare(v) AS trim(v, {quoted(BLANKS)});
CREATE OR REPLACE TEMP MACRO shorter(v) AS
  CASE WHEN length(v) > {DIGITS} AND contains(v, '.') THEN rtrim(rtrim(v, '0'), '.') ELSE v END;
CREATE OR REPLACE TEMP MACRO mantissa(v) AS shorter({mantissa});
CREATE OR REPLACE TEMP MACRO decimals(m) AS
  CASE WHEN contains(m, '.') THEN length(m) - strpos(m, '.') ELSE 0 END;
CREATE OR REPLACE TEMP MACRO raised(v) AS CASE WHEN contains(lower(v), 'e')
  THEN split_part(lower(v), 'e', 2)::INTEGER ELSE 0 END;
CREATE OR REPLACE TEMP MACRO instant(t) AS CASE WHEN t < '0001' THEN NULL
  WHEN length(t) = 20 AND right(t, 1) = 'Z' AND TRY_STRPTIME(t, '%Y-%m-%dT%H:%M:%SZ') IS NOT NULL
  THEN epoch_ms(date_trunc('minute', TRY_STRPTIME(t, '%Y-%m-%dT%H:%M:%SZ'))) // 60000
  WHEN regexp_full_match(t, '{INSTANT}')
  THEN epoch_ms(TRY_CAST(substr(t, 1, 16) || ':00' AS TIMESTAMP)) // 60000
    - CASE WHEN right(t, 1) = 'Z' THEN 0
      ELSE CASE WHEN substr(t, -6, 1) = '-' THEN -1 ELSE 1 END
        * (substr(t, -5, 2)::BIGINT * 60 + substr(t, -2, 2)::BIGINT) END END;
CREATE OR REPLACE TEMP MACRO counted(t) AS CASE
  WHEN regexp_full_match(t, '-?(0|[1-9][0-9]{{0,9}})') THEN t::BIGINT
  WHEN regexp_full_match(t, '{MINUTES}') THEN split_part(t, '.', 1)::BIGINT END;
"""


def clock_rows(source: str, known: Places, extra: str = "") -> str:
    """The rows that state a moment of a person: its absolute or its counted minute."""
    anchor, now = map(quoted, known.clocks)
    return f"""
SELECT person, observable, instant, minute,
  CASE WHEN person = '' THEN 'K119'
    WHEN instant_text <> '' AND minutes <> '' OR instant_text = '' AND minutes = ''
      OR observable = {anchor} AND instant_text = ''
      OR instant_text <> '' AND instant IS NULL OR minutes <> '' AND minute IS NULL
      THEN 'K116' END AS fault{extra}
FROM (SELECT *, CASE WHEN instant_text <> '' THEN instant(instant_text) END AS instant,
    CASE WHEN minutes <> '' THEN counted(minutes) END AS minute
  FROM {source} WHERE observable IN ({anchor}, {now}))"""


def clocks(known: Places) -> str:
    """A person's anchor as an absolute minute (``zero``) and ``now`` counted from it.

    Two moments for one person make it unknown (``twice``); so does a fault, or a distant ``now``.
    """
    anchor, now = map(quoted, known.clocks)

    def of(name: str, what: str, which: str) -> str:
        return f"{what}(CASE WHEN observable = {name} THEN {which} END)"

    return f"""
CREATE OR REPLACE TABLE clocks AS
WITH gathered AS (
  SELECT person,
    {of(anchor, "MIN", "instant")} AS zero, {of(anchor, "MAX", "instant")} AS last_zero,
    {of(anchor, "COUNT", "fault")} AS bad_zero, {of(now, "COUNT", "fault")} AS bad_now,
    {of(now, "MIN", "instant")} AS first, {of(now, "MAX", "instant")} AS last,
    {of(now, "MIN", "minute")} AS low, {of(now, "MAX", "minute")} AS high,
    COUNT(fault) AS faults
  FROM ({clock_rows("raw", known)}) GROUP BY person
), zeros AS (
  SELECT *, CASE WHEN zero = last_zero AND bad_zero = 0 THEN zero END AS start FROM gathered
), nows AS (
  SELECT *, coalesce(zero <> last_zero, FALSE) OR coalesce(first <> last, FALSE)
      OR coalesce(low <> high, FALSE) OR coalesce(low <> first - start, FALSE) AS twice,
    coalesce(low, first - start) AS moment
  FROM zeros
)
SELECT person, start AS zero, twice, coalesce(abs(moment) > {FARTHEST_NOW}, FALSE) AS far_now,
  faults,
  CASE WHEN bad_now = 0 AND NOT twice AND abs(moment) <= {FARTHEST_NOW} THEN moment END AS now
FROM nows"""


def judged(source: str, used: Keys, among: str, is_timed: bool, extra: str = "") -> str:
    """Rows with their meaning, ``steps``, ``minute`` and ``fault``, from a relation like ``raw``.

    ``among`` says which rows of it (``r``); ``is_timed`` whether their times count. ``extra`` are
    more columns to be kept (``", file, row"``).
    """
    join = "LEFT JOIN clocks AS c ON c.person = r.person" if is_timed else ""
    minute = "CASE WHEN {0} <> '' THEN instant({0}) - c.zero ELSE counted(r.minutes) END"
    return f"""
WITH meant AS (
  SELECT r.person, r.value, r.instant_text, r.minutes, m.* EXCLUDE (key),
    {"c.now" if is_timed else "NULL::BIGINT"} AS now,
    {minute.format("r.instant_text") if is_timed else "NULL::BIGINT"} AS minute,
    {NONE_TAKEN if is_timed else "FALSE"} AS none_taken,
    CASE WHEN m.is_number THEN CASE
      WHEN regexp_full_match(r.value, '{SHORT}') THEN r.value
      WHEN length(bare(r.value)) <= {LONGEST_NUMBER}
        AND regexp_full_match(bare(r.value), '{NUMBER}') THEN mantissa(bare(r.value))
      END END AS digits{extra.replace(", ", ", r.")}
  FROM {source} AS r JOIN meanings AS m ON m.key = {used.key()}
  {join}
  WHERE {among}
), powered AS (
  SELECT *, CASE WHEN digits IS NULL THEN NULL WHEN length(digits) = length(value) THEN 0
      ELSE raised(bare(value)) END - decimals(digits) AS power
  FROM meant
), scaled AS (
  SELECT *, CASE WHEN power < 0 THEN divisor::HUGEINT * ten(-power) ELSE divisor END AS bottom,
    CASE WHEN length(digits) + greatest(power, 0) <= {DIGITS} AND power >= -{DIGITS}
      THEN replace(digits, '.', '')::BIGINT * ten(greatest(power, 0)) * factor END AS top
  FROM powered
), divided AS (
  SELECT *, top // bottom AS whole, top % bottom AS rest,
    {EXPIRED if is_timed else "FALSE"} AS expired
  FROM scaled
), found AS (
  SELECT *, CASE WHEN person = '' THEN 'K119'
      WHEN none_taken THEN NULL
      WHEN is_number AND digits IS NULL THEN 'K111'
      WHEN way_fault IS NOT NULL THEN way_fault
      WHEN NOT is_number THEN NULL
      WHEN top IS NULL THEN 'K115'
      WHEN whole < low OR whole > high THEN 'K114'
      WHEN rest <> 0 THEN 'K115' END AS of_value
  FROM divided
)
SELECT person, number, kind, col, bit, minute, none_taken, expired,
  CASE WHEN NOT expired THEN whole::BIGINT END AS steps,
  {LATE if is_timed else "of_value"} AS fault{extra and f"{extra}, value, instant_text, minutes"}
FROM found"""


NONE_TAKEN = f"m.kind = 'series' AND r.value = '{NONE}' AND r.instant_text = '' AND r.minutes = ''"
EXPIRED = (
    "coalesce(valid_for IS NOT NULL AND minute IS NOT NULL"
    " AND (now IS NULL OR now - minute > valid_for), FALSE)"
)
"""Whether an answer is older than it may be, or may be so."""
LATE = f"""CASE WHEN of_value IS NOT NULL THEN of_value
    WHEN none_taken THEN NULL
    WHEN instant_text <> '' AND minutes <> '' THEN 'K116'
    WHEN (instant_text <> '' OR minutes <> '' OR kind = 'series') AND minute IS NULL THEN 'K116'
    WHEN abs(minute) > {FARTHEST} OR minute > now THEN 'K116' END"""
"""The fault of a row with a time: that of its value before that of its time."""
