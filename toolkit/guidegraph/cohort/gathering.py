"""From judged rows to the two tables that the generated SQL reads: persons and samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from guidegraph.cohort.judging import judged
from guidegraph.cohort.keys import Keys, listed, quoted
from guidegraph.cohort.places import WORD, Place, Places
from guidegraph.export.sql import Column, Tables


def timed_rows(used: Keys, timed: frozenset[str]) -> str:
    """Rows with times, judged once and kept: samples, and whatever else is given with a time."""
    among = f"r.observable IN ({listed(sorted(timed))})"
    return f"CREATE OR REPLACE TABLE timed AS {judged('raw', used, among, is_timed=True)}"


SAMPLES = """
CREATE OR REPLACE TABLE merged AS
SELECT person, number, minute, MIN(steps) AS value, MAX(steps) AS other
FROM timed WHERE kind = 'series' AND fault IS NULL AND NOT none_taken
GROUP BY person, number, minute"""
"""One value for each person, series and minute; ``other`` differs where there are two."""


def gathered(used: Keys, timed: frozenset[str], known: Places) -> tuple[str, str]:
    """Two tables with a row per person: ``answered`` from answers, ``measured`` from numbers.

    Answers are bits; of numbers the least and the greatest stand there; inputs with a fault
    (``bad``) and inputs that are spoken of (``seen``) are bits.
    """
    numbers_given = listed(sorted(set(used.numbers) - timed))
    others = listed(sorted({*used.numbers, *used.clocks, *timed}))
    flags = []
    for word in range(known.flag_columns):
        flag = f"1::BIGINT << (number - {word * WORD})"
        within = f"number BETWEEN {word * WORD} AND {word * WORD + WORD - 1}"
        flags += [
            (
                f"bit_or(CASE WHEN fault IS NOT NULL AND {within} THEN {flag} ELSE 0 END)"
                f" AS bad_{word}"
            ),
            f"bit_or(CASE WHEN {within} THEN {flag} ELSE 0 END) AS seen_{word}",
        ]
    counts = ["COUNT(fault) AS faults", "COUNT(CASE WHEN expired THEN 1 END) AS expired"]
    answers = [
        f"bit_or(CASE WHEN col = {each} AND fault IS NULL AND NOT expired THEN bit ELSE 0 END)"
        f" AS answers_{each}"
        for each in range(known.answer_columns)
    ]
    numbers = []
    for each in known.all:
        if each.declared.kind == "quantity":
            value = f"CASE WHEN number = {each.number} AND fault IS NULL THEN steps END"
            numbers += [
                f"MIN({value}) AS least_{each.number}",
                f"MAX({value}) AS most_{each.number}",
            ]
    answers_of = judged("raw", used, f"r.observable NOT IN ({others})", is_timed=False)
    numbers_of = judged("raw", used, f"r.observable IN ({numbers_given})", is_timed=False)
    return (
        _gathered(
            "answered", [*answers, *flags, *counts], answers_of, "kind IN ('answer', 'unknown')"
        ),
        _gathered(
            "measured", [*numbers, *flags, *counts], numbers_of, "kind IN ('quantity', 'series')"
        ),
    )


def _gathered(name: str, columns: list[str], plain: str, which: str) -> str:
    taken = "person, number, kind, col, bit, steps, fault, expired"
    return f"""
CREATE OR REPLACE TABLE {name} AS SELECT person, {", ".join(columns)}
FROM (SELECT {taken} FROM ({plain}) UNION ALL SELECT {taken} FROM timed)
WHERE {which} GROUP BY person"""


def conflicts(known: Places) -> str:
    """What is said in two ways: person, observable and, of a series, the minute."""
    parts = [
        (
            "SELECT m.person, p.name AS observable, minute FROM merged AS m"
            " JOIN places AS p ON p.number = m.number WHERE value <> other"
        ),
        (
            "SELECT DISTINCT t.person, p.name, NULL::BIGINT FROM timed AS t"
            " JOIN merged AS m ON m.person = t.person AND m.number = t.number"
            " JOIN places AS p ON p.number = t.number WHERE t.none_taken"
        ),
        f"SELECT person, {quoted(known.anchor)}, NULL FROM clocks WHERE twice OR far_now",
    ]
    for each in known.all:
        test = _contradicted(each)
        if test:
            name = quoted(each.name)
            table = "measured" if each.is_number else "answered"
            parts.append(f"SELECT person, {name}, NULL FROM {table} WHERE {test}")
    return "CREATE OR REPLACE TABLE conflicts AS " + "\nUNION ALL ".join(parts)


def _contradicted(each: Place) -> str:
    """Whether an input has two values or answers."""
    if each.declared.kind == "quantity":
        return f"least_{each.number} <> most_{each.number}"
    if not each.answers:
        return ""
    column = next(iter(each.answers.values()))[0]
    bits = sum(bit for _, bit in each.answers.values())
    return f"bit_count(answers_{column} & {bits}::BIGINT) > 1"


def persons(
    needed: Tables,
    known: Places,
    settings: Mapping[str, int | str],
    absent: Mapping[str, str],
) -> str:
    """The table of persons as the generated SQL reads it.

    ``settings`` are in wire form. ``absent`` says of an input what it means that nothing is written
    of it (``none-taken``, ``false``); of what is ``withheld`` it does not.
    """
    return f"""
CREATE OR REPLACE TABLE persons AS
SELECT {", ".join(_columns(needed, known, settings, absent))}
FROM everybody AS e LEFT JOIN answered AS a ON a.person = e.person
LEFT JOIN measured AS n ON n.person = e.person LEFT JOIN clocks AS c ON c.person = e.person"""


def _columns(
    needed: Tables, known: Places, settings: Mapping[str, int | str], absent: Mapping[str, str]
) -> Iterator[str]:
    by_name = known.by_name
    yield "e.person"
    for column in needed.persons:
        if column.kind == "setting":
            held = settings[column.name]
            text = quoted(held) if isinstance(held, str) else f"{held}::BIGINT"
        elif column.name == "now":
            text = "c.now"
        else:
            text = _fact(column, by_name[column.name], absent.get(column.name))
        yield f"{text} AS {column.column}"


def _fact(column: Column, place: Place, absent: str | None) -> str:
    at, flag = place.flag
    table = "n" if place.is_number else "a"
    bad = f"{table}.bad_{at} & {flag} <> 0"
    among = f"e.person IN (SELECT person FROM {{}} WHERE observable = {quoted(place.name)})"
    is_withheld = among.format("withheld")
    if column.kind == "known":
        otherwise = f"WHEN {is_withheld} THEN NULL ELSE TRUE " if absent else ""
        doubt = f"OR {among.format('conflicts')}"
        seen = f"WHEN n.seen_{at} & {flag} <> 0 THEN TRUE"
        return f"CASE WHEN {bad} {doubt} THEN NULL {seen} {otherwise}END"
    if place.declared.kind == "quantity":
        low, high = f"n.least_{place.number}", f"n.most_{place.number}"
        return f"CASE WHEN {bad} OR {low} <> {high} THEN NULL ELSE {low} END"
    answers = next(iter(place.answers.values()))[0]
    bits = sum(bit for _, bit in place.answers.values())
    found = f"a.answers_{answers} & {bits}::BIGINT"
    words = {word: str(bit) for word, (_, bit) in place.answers.items()}
    is_code = place.declared.kind == "code"
    cases = " ".join(
        f"WHEN {bit} THEN {quoted(word) if is_code else word.upper()}"
        for word, bit in words.items()
    )
    spoken_of = f"(coalesce(a.seen_{at} & {flag}, 0) <> 0 OR {is_withheld})"
    otherwise = f" WHEN 0 THEN CASE WHEN NOT {spoken_of} THEN FALSE END" if absent else ""
    taken = f"coalesce({found}, 0)" if absent else found
    return f"CASE WHEN {bad} THEN NULL ELSE CASE {taken} {cases}{otherwise} END END"
