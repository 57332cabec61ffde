"""The generated SQL: it decides as the reference does, unknowns included, and can be trusted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pathway_example as example
import random_programs
import shipped_example
from guidegraph.agree.duckdb import DuckDBExecutor
from guidegraph.agree.spark import SparkExecutor, statements
from guidegraph.export import ExportInput
from guidegraph.export.sql import (
    DUCKDB,
    SPARK,
    SqlExporter,
    criterion_columns,
    script,
    tables,
    views,
)
from guidegraph.export.sql.dialect import comment, duckdb_literal, spark_literal
from guidegraph.kernel import (
    NOW,
    Agg,
    And,
    Arith,
    Assume,
    Bool,
    Cmp,
    Const,
    In,
    Not,
    Num,
    Or,
    Ref,
    Score,
    compare,
)
from guidegraph.lift import lift
from guidegraph.lower import lower
from guidegraph.model import Guideline
from guidegraph.program import Input, Named, Program, Setting
from guidegraph.read import read
from random_programs import program, rule

duckdb = pytest.importorskip("duckdb", reason='needs duckdb: pip install "guidegraph[agree]"')

SHIPPED = Path(__file__).parents[1] / "guideline" / "covid19-coagulopathy"
HOSTILE = 'it\'s "a" \\ -- */ --> ; `b` ${env:HOME} \u2028 \u202e ]]> \n DROP TABLE persons; \\'

Wire = dict[str, Any]


def loaded(program: Program, guideline: Guideline | None = None) -> ExportInput:
    return ExportInput(guideline=guideline or example.guideline(), program=program)


def wired(program: Program, seed: int, count: int) -> list[Wire]:
    made = random_programs.patients(program, seed, count)
    return [{"facts": facts, "settings": chosen} for facts, chosen in made]


def expected(program: Program, patients: Sequence[Wire]) -> list[dict[str, str]]:
    return [
        random_programs.statuses(
            program, random_programs.meaning(program, each["facts"], each["settings"])
        )
        for each in patients
    ]


def shipped() -> ExportInput:
    return loaded(shipped_example.program(), shipped_example.guideline())


def number(value: int) -> Const:
    return Const(Fraction(value))


IN, BLEEDING, STATE = (Ref("input", each) for each in ("in", "bleeding", "state"))


def decide(guard: Bool, facts: Mapping[str, Any], **chosen: Any) -> str:
    """The status in DuckDB of a recommendation with this guard and no exception."""
    asked = loaded(program(rules=(rule("R", guard),)))
    with DuckDBExecutor().start(asked) as runner:
        (found,) = runner.statuses([{"facts": facts, "settings": chosen}])
    return found["R"]


TRUE, FALSE, UNKNOWN = "applies", "notApplicable", "undetermined"


# --- the same decisions ---------------------------------------------------------------------------


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(random_programs.programs(), st.integers(0, 2**32))
def test_duckdb_decides_as_the_reference_does(program: Program, seed: int) -> None:
    patients = wired(program, seed, 40)
    with DuckDBExecutor().start(loaded(program)) as runner:
        assert list(runner.statuses(patients)) == expected(program, patients)


def test_duckdb_decides_as_the_reference_does_for_the_shipped_guideline() -> None:
    patients = wired(shipped().program, 20200401, 600)
    wanted = expected(shipped().program, patients)
    with DuckDBExecutor().start(shipped()) as runner:
        assert list(runner.statuses(patients)) == wanted
        assert list(runner.statuses(patients[:7])) == wanted[:7]
        assert list(runner.statuses([])) == []
    assert {status for each in wanted for status in each.values()} == {
        "applies",
        "provisional",
        "undetermined",
        "defeated",
        "notApplicable",
    }


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(random_programs.programs(), st.integers(0, 2**32))
def test_every_criterion_guard_and_effect_has_its_three_valued_column(
    program: Program, seed: int
) -> None:
    asked, patients = loaded(program), wired(program, seed, 20)
    wide, long = views(asked)
    with DuckDBExecutor().start(asked) as runner:
        runner.fill(patients)  # type: ignore[attr-defined]
        ask = runner.database.execute  # type: ignore[attr-defined]
        told = criterion_columns(asked)
        criteria = ", ".join(told[each.name] for each in program.criteria)
        columns = ask(f"SELECT {criteria} FROM {wide} ORDER BY person").fetchall()
        rows = ask(
            f"SELECT person, recommendation, guard, effective FROM {long} ORDER BY person, place"
        ).fetchall()
        traced = runner.truths(patients[0])  # type: ignore[attr-defined]
    wanted = []
    for number_, patient in enumerate(patients):
        meant = random_programs.meaning(program, patient["facts"], patient["settings"])
        answers = tuple(meant.truth(each.condition) for each in program.criteria)
        assert columns[number_] == answers
        wanted += [
            (number_, each.name, meant.truth(each.guard), meant.truth(Ref("rule", each.name)))
            for each in program.rules
        ]
    assert rows == wanted
    assert tuple(traced.values()) == columns[0]
    assert list(traced) == [each.name for each in program.criteria]


@pytest.mark.slow
def test_spark_decides_as_the_reference_does() -> None:
    executor = SparkExecutor()
    if missing := executor.missing():
        pytest.skip(f"needs Spark: {missing}")
    made = [(shipped(), 1, 200), (loaded(KITCHEN_SINK), 2, 200)]
    for asked, seed, count in made:
        patients = wired(asked.program, seed, count)
        with executor.start(asked) as runner:
            assert list(runner.statuses(patients)) == expected(asked.program, patients)


# --- unknowns and boundaries ----------------------------------------------------------------------

AGE = Ref("input", "age")


@pytest.mark.parametrize(
    ("guard", "facts", "status"),
    [
        (compare("<", AGE, number(65)), {"age": 64}, TRUE),
        (compare("<", AGE, number(65)), {"age": 65}, FALSE),
        (compare("<", AGE, number(65)), {"age": None}, UNKNOWN),
        (compare("!=", AGE, number(65)), {"age": 64}, TRUE),
        (compare("<", number(65), AGE), {"age": 66}, TRUE),
        (compare("<=", AGE, AGE), {"age": None}, UNKNOWN),
        (compare("<=", AGE, AGE), {"age": 1}, TRUE),
        (compare("=", Arith(((Fraction(0), AGE),)), number(0)), {}, UNKNOWN),
        (compare("=", Arith(((Fraction(0), AGE),)), number(0)), {"age": 5}, TRUE),
        (compare("<", number(1), number(2)), {}, TRUE),
        (compare(">=", NOW, number(60)), {"now": 60}, TRUE),
        (compare(">=", NOW, number(60)), {}, UNKNOWN),
        (And(()), {}, TRUE),
        (Or(()), {}, FALSE),
        (And((IN, BLEEDING)), {"in": False}, FALSE),
        (And((IN, BLEEDING)), {"in": True}, UNKNOWN),
        (Or((IN, BLEEDING)), {"in": True}, TRUE),
        (Or((IN, BLEEDING)), {"in": False}, UNKNOWN),
        (Not(Or((IN, Not(BLEEDING)))), {"in": False, "bleeding": True}, TRUE),
        (And((Or((IN, BLEEDING)), Not(And((IN, BLEEDING))))), {"in": True}, UNKNOWN),
        (In(STATE, ()), {"state": "c"}, FALSE),
        (In(STATE, ()), {}, UNKNOWN),
        (In(STATE, ("none", "c")), {"state": "c"}, TRUE),
        (In(STATE, ("none", "c")), {"state": "a or b"}, FALSE),
        (Not(In(STATE, ("none", "c"))), {}, UNKNOWN),
        (Assume(IN, True, "usual"), {}, TRUE),
        (Assume(IN, True, "usual"), {"in": False}, FALSE),
        (Assume(And((IN, BLEEDING)), False, "usual"), {"in": True}, FALSE),
        (Score(3, ((IN, 2), (BLEEDING, 1))), {"in": True}, UNKNOWN),
        (Score(3, ((IN, 2), (BLEEDING, 1))), {"in": False}, FALSE),
        (Score(2, ((IN, 2), (BLEEDING, 1))), {"in": True}, TRUE),
        (Score(1, ()), {}, FALSE),
        (Score(0, ()), {}, TRUE),
        (Score(1, ((And((IN, BLEEDING)), 1),)), {"in": False}, FALSE),
        (Score(1, ((Score(1, ((IN, 1), (BLEEDING, 1))), 1),)), {"in": False}, UNKNOWN),
    ],
)
def test_a_condition_is_true_false_or_unknown(guard: Bool, facts: Wire, status: str) -> None:
    assert decide(guard, facts) == status


def taken(fn: Any, low: int | None = None, high: int | None = None) -> Num:
    return Agg(fn, "count", low, high)


@pytest.mark.parametrize(
    ("number_", "samples", "value"),
    [
        (taken("first", 0, 100), [[-1, 9], [0, 5], [100, 7], [101, 8]], 5),
        (taken("last", 0, 100), [[-1, 9], [0, 5], [100, 7], [101, 8]], 7),
        (taken("min", 0, 100), [[-1, 1], [0, 5], [100, 7], [101, 2]], 5),
        (taken("max", 0, 100), [[-1, 9], [0, 5], [100, 7], [101, 8]], 7),
        (taken("count", 0, 100), [[-1, 9], [0, 5], [100, 7], [101, 8]], 2),
        (taken("count", 0, 100), [[-1, 9]], 0),
        (taken("count"), [], 0),
        (taken("count"), None, None),
        (taken("max", 0, 100), [[-1, 9]], None),
        (taken("first"), [], None),
        (taken("run"), [[0, 3], [1, 3], [2, 4], [3, 5]], 3),
        (taken("run"), [[0, 3], [1, 4], [2, 4]], 1),
        (taken("run", 1, 3), [[0, 1], [1, 2], [2, 3], [3, 4], [4, 1]], 3),
        (taken("run", 5, 6), [[0, 1]], None),
    ],
)
def test_a_number_of_a_series(number_: Num, samples: Any, value: int | None) -> None:
    guard = compare("=", number_, number(-1 if value is None else value))
    status = decide(guard, {"count": samples})
    assert status == (UNKNOWN if value is None else TRUE)


@pytest.mark.parametrize("sample", [(None, 3), (3, None), (None, None)])
@pytest.mark.parametrize("fn", ["first", "count", "run"])
def test_a_malformed_sample_makes_its_series_unknown_and_no_other(
    fn: Any, sample: tuple[int | None, int | None]
) -> None:
    rules = (
        rule("COUNT", compare(">=", taken(fn), number(0))),
        rule("MARKER", compare(">=", Agg(fn, "marker"), number(0))),
    )
    asked = loaded(program(rules=rules))
    facts = {"count": [[0, 1], list(sample)], "marker": [[0, 1]]}
    with DuckDBExecutor().start(asked) as runner:
        found = list(runner.statuses([{"facts": facts, "settings": {}}] * 2))
    assert found == [{"COUNT": UNKNOWN, "MARKER": TRUE}] * 2


def test_a_series_is_unknown_until_the_persons_table_says_that_it_is_known() -> None:
    asked = loaded(program(rules=(rule("R", compare("=", taken("count"), number(0))),)))
    _, long = views(asked)
    with duckdb.connect() as database:
        database.execute("CREATE TABLE persons (person BIGINT, now BIGINT, count_known BOOLEAN)")
        database.execute(
            "CREATE TABLE samples (person BIGINT, input VARCHAR, minute BIGINT, value BIGINT)"
        )
        database.execute("INSERT INTO persons VALUES (1, 0, NULL), (2, 0, FALSE), (3, 0, TRUE)")
        database.execute("INSERT INTO samples VALUES (9, 'count', 0, 1), (3, 'other', 0, 1)")
        database.execute(script(asked, DUCKDB))
        found = database.execute(f"SELECT person, status FROM {long} ORDER BY 1").fetchall()
    assert found == [(1, UNKNOWN), (2, UNKNOWN), (3, TRUE)]


@pytest.mark.parametrize(
    ("chosen", "status"), [({}, FALSE), ({"test": "y"}, TRUE), ({"test": None}, FALSE)]
)
def test_a_setting_that_is_not_given_has_its_default(chosen: Wire, status: str) -> None:
    assert decide(In(Ref("setting", "test"), ("y",)), {}, **chosen) == status


def test_an_exception_defeats_makes_provisional_or_leaves_alone() -> None:
    made = program(
        Named(name="BLEEDS", label="Bleeding", condition=BLEEDING),
        rules=(rule("R", IN, Ref("criterion", "BLEEDS")), rule("S", IN, Ref("rule", "R"))),
    )
    answers = (True, False, None)
    patients = [
        {"facts": {"in": g, "bleeding": b}, "settings": {}} for g in answers for b in answers
    ]
    with DuckDBExecutor().start(loaded(made)) as runner:
        assert list(runner.statuses(patients)) == expected(made, patients)


def test_whole_numbers_up_to_the_exact_limit_are_compared_exactly() -> None:
    limit = 2**53 - 1
    guard = compare("<", AGE, number(limit))
    assert decide(guard, {"age": limit - 1}) == TRUE
    assert decide(guard, {"age": limit}) == FALSE


# --- the text -------------------------------------------------------------------------------------

KITCHEN_SINK = program(
    Named(name="FEW", label="Few", condition=compare("<", taken("run", 0, 9), number(2))),
    Named(
        name="POINTS",
        label="Points",
        condition=Score(2, ((And((IN, BLEEDING)), 1), (In(STATE, ("c",)), 2))),
    ),
    Named(name="LATE", label="Late", condition=Assume(compare(">", NOW, number(5)), True, "why")),
    rules=(
        rule("R", Or((Ref("criterion", "POINTS"), Ref("criterion", "FEW")))),
        rule("S", Ref("criterion", "LATE"), Ref("rule", "R")),
    ),
)


def hostile() -> Program:
    named = "x'\\`${a}\u2028"
    inputs = (
        Input(name=named, label=HOSTILE, question=HOSTILE, kind="series", unit="1"),
        Input(name="state", label=HOSTILE, question="", kind="code", codes=(HOSTILE, "b")),
        Input(name="select", label="", question="", kind="boolean"),
        Input(name="SELECT", label="", question="", kind="boolean"),
    )
    condition = And(
        (
            In(STATE, (HOSTILE,)),
            compare("=", Agg("last", named), number(1)),
            Ref("input", "select"),
            Not(Ref("input", "SELECT")),
        )
    )
    wrapped = Assume(condition, False, HOSTILE)
    setting = Setting(name="where", label=HOSTILE, kind="code", default=HOSTILE, codes=(HOSTILE,))
    chosen = In(Ref("setting", "where"), (HOSTILE,))
    return program(
        Named(name="from", label=HOSTILE, condition=wrapped),
        rules=(replace(rule("R'\\", And((Ref("criterion", "from"), chosen))), label=HOSTILE),),
        inputs=inputs,
        settings=(setting,),
    )


def hostile_patients(made: Program) -> list[Wire]:
    facts = {made.inputs[0].name: [[0, 1]], "state": HOSTILE, "select": True, "SELECT": False}
    return [{"facts": each, "settings": {}} for each in (facts, {**facts, "state": "b"})]


def test_hostile_labels_codes_and_names_change_nothing() -> None:
    made = hostile()
    with DuckDBExecutor().start(loaded(made)) as runner:
        found = list(runner.statuses(hostile_patients(made)))
    assert found == [{"R'\\": TRUE}, {"R'\\": FALSE}]


@pytest.mark.slow
def test_hostile_labels_codes_and_names_change_nothing_in_spark() -> None:
    executor, made = SparkExecutor(), hostile()
    if missing := executor.missing():
        pytest.skip(f"needs Spark: {missing}")
    with executor.start(loaded(made)) as runner:
        found = list(runner.statuses(hostile_patients(made)))
    assert found == [{"R'\\": TRUE}, {"R'\\": FALSE}]


@pytest.mark.parametrize("text", ["", "'", "\\'", HOSTILE, "\u2028", "a\x00b", "\U000e0001", "''"])
def test_a_duckdb_string_means_its_text(text: str) -> None:
    with duckdb.connect() as database:
        assert database.execute(f"SELECT {duckdb_literal(text)}").fetchone() == (text,)
    assert duckdb_literal(text).isprintable()


def test_a_spark_string_escapes_what_spark_reads_specially() -> None:
    assert spark_literal("a'b\\c${d}\n\u2028\U000e0001") == (
        "'a\\'b\\\\c\\u0024{d}\\u000a\\u2028\\U000e0001'"
    )


def test_a_comment_neither_goes_on_nor_fills_in_nor_hides() -> None:
    (line,) = comment("ends in \\ ${env:HOME} \u2028 ends in \\")
    assert line == "-- ends in \\ $ {env:HOME} ends in \\ ."


@pytest.mark.parametrize("dialect", [DUCKDB, SPARK])
def test_only_comments_stand_outside_statements_and_lines_are_visible(dialect: Any) -> None:
    text = script(loaded(hostile()), dialect)
    assert all(line.isprintable() for line in text.split("\n"))
    made = statements(text)
    assert len(made) == 2
    assert all(re.search(r"^CREATE OR REPLACE TEMPORARY VIEW \w+ AS$", each, re.M) for each in made)
    told = [line for line in text.split("\n") if "DROP TABLE" in line]
    assert told
    for line in told:
        assert line.lstrip().startswith("--") or "'" in line.split("DROP TABLE")[0]


@pytest.mark.parametrize("dialect", [DUCKDB, SPARK])
@pytest.mark.parametrize("asked", ["shipped", "sink", "hostile"])
def test_both_dialects_parse(dialect: Any, asked: str) -> None:
    sqlglot = pytest.importorskip("sqlglot", reason="needs sqlglot: pip install sqlglot")
    makers = {"shipped": shipped, "sink": lambda: loaded(KITCHEN_SINK)}
    made = makers.get(asked, lambda: loaded(hostile()))()
    found = sqlglot.parse(script(made, dialect), dialect=dialect.name)
    assert [each.kind for each in found if each is not None] == ["VIEW", "VIEW"]


def test_the_dialects_differ_only_in_strings_and_the_name_of_the_engine() -> None:
    first, second = (script(shipped(), each).split("\n") for each in (DUCKDB, SPARK))
    assert [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]] == [
        (
            "-- SQL for DuckDB: what the guideline says about every person.",
            "-- SQL for Spark: what the guideline says about every person.",
        )
    ]


def test_equal_input_gives_equal_bytes() -> None:
    guideline, _ = lift(read(SHIPPED))
    assert guideline is not None
    again = loaded(lower(guideline), guideline)
    first, second = (list(SqlExporter().export(each)) for each in (shipped(), again))
    assert first == second
    assert [each.path for each in first] == [
        "sql/covid19-coagulopathy.duckdb.sql",
        "sql/covid19-coagulopathy.spark.sql",
    ]


def test_the_text_carries_statements_version_readings_and_printed_figures() -> None:
    text = " ".join(re.sub(r"\n *--( |$)+", " ", script(shipped(), DUCKDB)).split())
    guideline = shipped().guideline
    for each in guideline.recommendations:
        if each.is_executable:
            assert " ".join(str(each.statement).split()) in text
    assert f"version {guideline.header.version}" in text
    assert "Readings in force:" in text
    assert all(f"({reading})" in text for reading in shipped().program.readings.values())
    assert 'printed: "' in text
    assert "first d-dimer from 12 h before to 12 h after admission to hospital < 1,000 µg/L" in text


def test_nothing_forbidden_is_written() -> None:
    for made in (shipped(), loaded(KITCHEN_SINK)):
        code = re.sub(r"--.*", "", script(made, DUCKDB)).upper()
        for word in ("GREATEST", "LEAST", "BOOL_OR", "BOOL_AND", "NOT IN", "EVERY("):
            assert word not in code


def commented(text: str) -> Iterator[str]:
    """The statements in the comments at the top of a script."""
    head = text.partition("CREATE OR REPLACE")[0]
    lines = [line.removeprefix("--   ") for line in head.split("\n") if line.startswith("--   ")]
    return (f"{each.strip()};" for each in "\n".join(lines).split(";\n") if each.strip())


def test_the_documented_tables_checks_and_count_work_as_they_stand() -> None:
    text = script(loaded(KITCHEN_SINK), DUCKDB)
    create_persons, create_samples, *checks, count = commented(text)
    with duckdb.connect() as database:
        database.execute(create_persons)
        database.execute(create_samples)
        columns = [row[0] for row in database.execute("DESCRIBE persons").fetchall()]
        assert columns == ["person", *(each.column for each in tables(KITCHEN_SINK).persons)]
        database.execute("INSERT INTO persons BY NAME SELECT 'p' AS person, TRUE AS count_known")
        database.execute("INSERT INTO samples VALUES ('p', 'count', 1, 5)")
        database.execute(text)
        assert [database.execute(each).fetchall() for each in checks] == [[]] * 4
        rows = database.execute(count).fetchall()
        assert [row[:2] for row in rows] == [(1, "R"), (2, "S")]
        assert [sum(row[2:]) for row in rows] == [1, 1]
        database.execute("INSERT INTO persons BY NAME SELECT 'p' AS person")
        database.execute(
            "INSERT INTO samples VALUES ('p', 'count', 1, 6), ('q', 'count', 1, 6),"
            " ('p', 'Count', 1, 6)"
        )
        assert all(database.execute(each).fetchall() for each in checks)


def test_a_person_who_stands_twice_is_decided_about_twice() -> None:
    asked = loaded(program(rules=(rule("R", IN),)))
    with duckdb.connect() as database:
        database.execute("CREATE TABLE persons (person BIGINT, now BIGINT, the_in BOOLEAN)")
        database.execute("INSERT INTO persons VALUES (1, 0, TRUE), (1, 0, NULL)")
        database.execute(script(asked, DUCKDB))
        _, long = views(asked)
        found = database.execute(f"SELECT person, status FROM {long} ORDER BY status").fetchall()
    assert found == [(1, TRUE), (1, UNKNOWN)]


def test_a_guideline_without_recommendations_still_has_its_columns() -> None:
    made = loaded(program(Named(name="C", label="C", condition=IN)))
    with DuckDBExecutor().start(made) as runner:
        assert list(runner.statuses([{"facts": {"in": True}, "settings": {}}])) == [{}]
    with DuckDBExecutor().start(loaded(program())) as runner:
        assert list(runner.statuses([])) == []


def test_no_word_that_duckdb_reserves_becomes_a_column_name() -> None:
    with duckdb.connect() as database:
        words = [
            word
            for (word,) in database.execute(
                "SELECT keyword_name FROM duckdb_keywords()"
                " WHERE keyword_category IN ('reserved', 'type_function')"
            ).fetchall()
        ]
    inputs = tuple(Input(name=w, label=w, question="", kind="boolean") for w in sorted(set(words)))
    used = And(tuple(Ref("input", each.name) for each in inputs))
    made = program(Named(name="ALL", label="", condition=used), inputs=inputs)
    columns = [each.column for each in tables(made).persons]
    assert not set(columns) & set(words)
    assert len(set(columns)) == len(columns)


def test_layers_are_as_few_as_the_criteria_need() -> None:
    deep = program(
        Named(name="A", label="", condition=IN),
        Named(name="B", label="", condition=BLEEDING),
        Named(name="C", label="", condition=And((Ref("criterion", "A"), Ref("criterion", "B")))),
        rules=(rule("R", Ref("criterion", "C"), Ref("criterion", "A")),),
    )
    text = script(loaded(deep), DUCKDB)
    assert re.findall(r"^level_\d+", text, re.M) == ["level_1", "level_2", "level_3", "level_4"]


def test_a_comparison_is_written_with_its_data_on_the_left() -> None:
    text = script(loaded(program(rules=(rule("R", Cmp(">", number(65), AGE)),))), DUCKDB)
    assert "age < 65 AS r_guard" in text
