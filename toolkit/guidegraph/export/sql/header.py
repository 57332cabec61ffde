"""What stands above the SQL: what it is, the tables it reads, how to check them, how to count."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.export import notes
from guidegraph.export.base import ExportInput
from guidegraph.export.sql.dialect import WIDTH, Dialect, comment
from guidegraph.export.sql.tables import Column, Tables, default
from guidegraph.export.words import clean
from guidegraph.program import Input, Setting
from guidegraph.wording import unit_label

RULE = "-- " + "-" * 95


def header(
    loaded: ExportInput, dialect: Dialect, needed: Tables, views: tuple[str, str]
) -> Iterator[str]:
    """The comments at the top of a script."""
    guideline = loaded.guideline
    yield from comment(notes.title(guideline))
    yield from comment(f"SQL for {dialect.title}: what the guideline says about every person.")
    for paragraph in notes.about(loaded):
        yield "--"
        yield from comment(paragraph, hang="")
    if readings := list(notes.readings(loaded)):
        yield "--"
        yield "-- Readings in force:"
        for each in readings:
            yield from comment(f"  {each}", hang="    ")
    has_rules = bool(loaded.program.rules)
    yield from _section("What it makes", _made(views, has_rules))
    yield from _section("What it reads", _read(loaded, dialect, needed))
    yield from _section("Questions that must have no answer before the result is used", ())
    yield from _checks(dialect, needed)
    if has_rules:
        yield from _section("Counting a cohort", ())
        yield from _count(views[1])
    yield RULE


def _section(title: str, paragraphs: Iterator[str] | tuple[str, ...]) -> Iterator[str]:
    yield RULE
    yield from comment(title)
    for each in paragraphs:
        if each.startswith("--"):
            yield each
        else:
            yield "--"
            yield from comment(each, hang="")


def _made(views: tuple[str, str], has_rules: bool) -> Iterator[str]:
    wide, long = views
    if has_rules:
        yield (
            f"{long}: one row per person and recommendation: person, place (in the order of the "
            "guideline), recommendation, label, modality, status, guard, effective."
        )
    yield (
        f"{wide}: one row per person, with a column for each criterion, and for guard, effect and "
        "status of each recommendation: how the statuses came about."
    )
    yield (
        "NULL is unknown, never false. The guard is population and condition; a recommendation is "
        "effective when its guard holds and no exception to it does. Status: 'applies'; "
        "'provisional' (applies unless an exception that is not known); 'undetermined' (not enough "
        "is known); 'defeated' (by an exception); 'notApplicable'. Read all of them: a WHERE on "
        "'applies' alone loses those of whom too little is known."
    )


def _read(loaded: ExportInput, dialect: Dialect, needed: Tables) -> Iterator[str]:
    anchor = loaded.guideline.anchor_words
    yield (
        "Tables or views that the site provides; person may have any type. Numbers are whole: "
        "the value in the stated unit times the stated factor, never rounded (what is measured "
        f"more finely is unknown). Times are whole minutes from {anchor}. NULL is unknown."
    )
    yield "--"
    yield "--   CREATE TABLE persons (  -- one row per person"
    columns = [("person", "STRING", "who")]
    columns += [(each.column, each.form, _what(each, dialect, anchor)) for each in needed.persons]
    yield from _definition(columns)
    if needed.series:
        yield "--"
        yield "--   CREATE TABLE samples (  -- one row per person, input and minute"
        listed = ", ".join(map(dialect.literal, needed.series))
        yield from _definition(
            [
                ("person", "STRING", "who"),
                ("input", "STRING", f"the series: {listed}"),
                ("minute", "BIGINT", f"when the sample was taken, from {anchor}"),
                ("value", "BIGINT", "the whole number of steps stated at the series above"),
            ]
        )
        yield (
            "A series is NULL or FALSE in its column of persons if it is not known what was taken; "
            "TRUE without a sample says that none was taken. A sample whose minute or value is "
            "NULL makes the whole series of that person unknown: nothing is left out silently. "
            "A person who stands in persons twice is decided about twice."
        )


def _definition(columns: list[tuple[str, str, str]]) -> Iterator[str]:
    widest = max(len(f"{name} {form}") for name, form, _ in columns) + 1
    for place, (name, form, what) in enumerate(columns, 1):
        end = "," if place < len(columns) else ""
        text = f"{name} {form}{end}".ljust(widest)
        (first, *rest) = comment(what, width=max(40, WIDTH - 9 - widest))
        yield f"--     {text}  {first}"
        yield from (f"--     {' ' * widest}  {line}" for line in rest)
    yield "--   );"


def _what(column: Column, dialect: Dialect, anchor: str) -> str:
    declared = column.declared
    if declared is None:
        return f"the minute of the decision, from {anchor}"
    told = [clean(declared.label) or declared.name, *_form(declared, dialect)]
    if column.kind == "known":
        told.insert(0, "whether it is known which samples there are")
    if isinstance(declared, Setting):
        held = default(declared)
        told.append("NULL: " + ("unknown" if held is None else f"{held}"))
    return "; ".join(told)


def _form(declared: Input | Setting, dialect: Dialect) -> Iterator[str]:
    if declared.kind == "code":
        yield " or ".join(map(dialect.literal, declared.codes))
    elif declared.kind != "boolean":
        unit = unit_label(declared.unit)
        factor = f"times {10**declared.scale:,}" if declared.scale else ""
        if told := " ".join(each for each in (unit, factor) if each):
            yield told
    if isinstance(declared, Input) and declared.basis:
        yield f"calibrated as {declared.basis}"


def _checks(dialect: Dialect, needed: Tables) -> Iterator[str]:
    yield "--"
    yield "--   SELECT person FROM persons GROUP BY person HAVING COUNT(*) > 1;"
    if not needed.series:
        return
    listed = ", ".join(map(dialect.literal, needed.series))
    yield "--   SELECT person, input, minute FROM samples GROUP BY person, input, minute"
    yield "--     HAVING COUNT(*) > 1;"
    yield "--   SELECT samples.person FROM samples"
    yield "--     LEFT JOIN persons ON persons.person = samples.person"
    yield "--     WHERE persons.person IS NULL;"
    yield "--   SELECT * FROM samples WHERE minute IS NULL OR value IS NULL"
    yield f"--     OR input IS NULL OR NOT input IN ({listed});"


def _count(long: str) -> Iterator[str]:
    yield "--"
    yield "--   SELECT place, recommendation,"
    for status in ("applies", "provisional", "undetermined", "defeated", "notApplicable"):
        name = "not_applicable" if status == "notApplicable" else status
        end = "," if status != "notApplicable" else ""
        yield f"--     COUNT(CASE WHEN status = '{status}' THEN 1 END) AS {name}{end}"
    yield f"--   FROM {long}"
    yield "--   GROUP BY place, recommendation ORDER BY place;"
