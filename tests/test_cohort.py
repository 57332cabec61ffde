"""Cohorts: every layout gives the same answers, and they are those of the reference."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import guidegraph.cohort as cohort
from guidegraph.cli.group import cli
from guidegraph.cohort import CohortError, Request, Wanted, database, run, write_example
from guidegraph.export import ExportInput
from guidegraph.lower import lower
from guidegraph.scaffold import new
from program_example import scaffold

PERSONS = 60


@pytest.fixture(scope="module")
def given() -> ExportInput:
    return ExportInput(guideline=scaffold(), program=lower(scaffold()))


@pytest.fixture(scope="module")
def example(given, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("made-up")
    work = tmp_path_factory.mktemp("work")
    with database(work) as connection:
        write_example(connection, given.program, folder, Wanted(PERSONS, 3))
    return folder


def answers(path: Path) -> dict[tuple[str, str], str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (row["person"], row["recommendation"]): row["status"] for row in csv.DictReader(file)
        }


def decided(given: ExportInput, output: Path, *data: Path, **asked) -> dict[tuple[str, str], str]:
    run(given, Request(data=data, csv=True, **asked), output, lambda words: None)
    return answers(output / "recommendations.csv")


def lacking(path: Path, person: str, recommendation: str) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return next(
            row["lacking"]
            for row in csv.DictReader(file)
            if (row["person"], row["recommendation"]) == (person, recommendation)
        )


def rows(path: Path, *lines: str) -> Path:
    head = "person,observable,value,unit,assay,time,minutes"
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["rows.csv", "rows.parquet"])
def test_own_layout_gives_the_known_answers(given, example, tmp_path, name):
    assert decided(given, tmp_path / "out", example / name) == answers(example / "answers.csv")


def test_fhir_gives_the_known_answers(given, example, tmp_path):
    found = decided(
        given, tmp_path / "out", example / "fhir", mapping=example / "fhir-mapping.yaml"
    )
    assert found == answers(example / "answers.csv")


def test_omop_gives_the_known_answers(given, example, tmp_path):
    found = decided(
        given, tmp_path / "out", example / "omop", mapping=example / "omop-mapping.yaml"
    )
    known = answers(example / "answers.csv")
    assert found == {(str(int(person[1:])), rule): told for (person, rule), told in known.items()}


def test_the_same_seed_makes_the_same_example(given, example, tmp_path):
    (tmp_path / "again").mkdir()
    with database(tmp_path) as connection:
        write_example(connection, given.program, tmp_path / "again", Wanted(PERSONS, 3))
    for name in ("rows.csv", "answers.csv", "fhir/cohort.ndjson", "omop/measurement.csv"):
        assert (tmp_path / "again" / name).read_bytes() == (example / name).read_bytes()


def test_units_are_converted_exactly(given, tmp_path):
    limit = "1000"  # ug/L, the lower end of "high"
    data = rows(
        tmp_path / "rows.csv",
        *(
            f"{person},example-marker,{value},{unit},,,60"
            for person, value, unit in (
                ("a", limit, "ug/L"),
                ("b", "1.000", "mg/L"),
                ("c", "1e3", "ug/L"),
                ("d", "0.999999", "mg/L"),
            )
        ),
        *(f"{person},admitted,true,,,," for person in "abcd"),
        *(f"{person},infection-status,confirmed,,,," for person in "abcd"),
    )
    found = decided(given, tmp_path / "out", data)
    by_person = {p: {r: s for (q, r), s in found.items() if q == p} for p in "abcd"}
    assert by_person["a"] == by_person["b"] == by_person["c"]
    assert by_person["a"] != by_person["d"]


def test_an_open_recommendation_names_the_datum_that_matters(given, tmp_path):
    data = rows(tmp_path / "rows.csv", "a,admitted,true,,,,", "b,admitted,false,,,,")
    found = decided(given, tmp_path / "out", data)
    for (person, rule), status in found.items():
        told = lacking(tmp_path / "out" / "recommendations.csv", person, rule)
        assert bool(told) == (status in ("undetermined", "provisional"))
        assert "admitted" not in told


def test_an_answer_that_has_expired_is_unknown(given, tmp_path):
    start = "admission,,,,2020-04-01T08:00:00Z,"
    now = "now,,,,2020-04-03T08:00:00Z,"
    asked = "treatment-refused,true,,,2020-04-0{}T09:00:00Z,"
    lines = [f"{p},{each}" for p in "ab" for each in (start, now)]
    lines += [f"a,{asked.format(1)}", f"b,{asked.format(2)}"]
    data = rows(tmp_path / "rows.csv", *lines)
    report, _ = run(given, Request(data=(data,)), tmp_path / "out", lambda words: None)
    assert report.expired == 1
    assert report.compared.persons == 2


def test_none_taken_is_not_unknown(given, tmp_path):
    data = rows(tmp_path / "rows.csv", "a,example-marker,none,,,,", "b,admitted,true,,,,")
    run(given, Request(data=(data,), tables=True), tmp_path / "out", lambda words: None)
    import duckdb

    asked = f"SELECT person, example_marker_known FROM '{tmp_path}/out/persons.parquet' ORDER BY 1"
    assert duckdb.sql(asked).fetchall() == [("a", True), ("b", None)]


def test_faulty_rows_stop_before_anything_is_written(given, tmp_path):
    data = rows(tmp_path / "rows.csv", "a,age,71,a,,,", "b,age,NaN,a,,,")
    with pytest.raises(CohortError) as stopped:
        run(given, Request(data=(data,)), tmp_path / "out", lambda words: None)
    (finding,) = stopped.value.findings
    assert (finding.code, finding.at and finding.at.line) == ("K111", 3)
    assert [each.name for each in tmp_path.iterdir()] == ["rows.csv"]


def test_rows_set_aside_are_unknown_counted_and_listed(given, tmp_path):
    data = rows(
        tmp_path / "rows.csv",
        "a,age,71,a,,,",
        "a,example-marker,840,ug/L,,,60",
        "a,example-marker,99999999,mg/L,,,70",
        "b,example-marker,840,ug/L,,,60",
    )
    asked = Request(data=(data,), set_aside=True, tables=True)
    report, notes = run(given, asked, tmp_path / "out", lambda words: None)
    assert report.set_aside == {"K114": 1}
    assert [each.code for each in notes] == ["K121"]
    listed = (tmp_path / "out" / "set-aside.csv").read_text(encoding="utf-8")
    assert "a,example-marker,99999999,mg/L" in listed
    import duckdb

    told = f"SELECT person, example_marker_known FROM '{tmp_path}/out/persons.parquet' ORDER BY 1"
    assert duckdb.sql(told).fetchall() == [("a", None), ("b", True)]


def test_binary_numbers_are_refused_unless_asked_for(given, tmp_path):
    import duckdb

    path = tmp_path / "rows.parquet"
    duckdb.sql(
        f"COPY (SELECT 'a' AS person, 'age' AS observable, 71::DOUBLE AS value, 'a' AS unit)"
        f" TO '{path}'"
    )
    with pytest.raises(CohortError, match="K102"):
        run(given, Request(data=(path,)), tmp_path / "out", lambda words: None)
    report, _ = run(
        given, Request(data=(path,), doubles=True), tmp_path / "out", lambda words: None
    )
    assert report.persons == 1


def test_a_difference_from_the_reference_stops_the_run(given, example, tmp_path, monkeypatch):
    real = cohort.run.__globals__["deciding"].decide

    def mistaken(connection, found):
        real(connection, found)
        column = found.statuses[0]
        connection.execute(f"UPDATE decided SET {column} = 'defeated' WHERE person LIKE '%7'")

    monkeypatch.setattr("guidegraph.cohort.deciding.decide", mistaken)
    with pytest.raises(CohortError, match="K120"):
        run(given, Request(data=(example / "rows.csv",)), tmp_path / "out", lambda words: None)
    assert not (tmp_path / "out").exists()


def test_a_sweep_moves_the_parameter_over_its_range(given, tmp_path):
    data = rows(
        tmp_path / "rows.csv",
        *(f"{v},example-marker,{v},ug/L,,,60" for v in (900, 1100, 1600, 2100)),
        *(f"{v},admitted,true,,,," for v in (900, 1100, 1600, 2100)),
        *(f"{v},infection-status,confirmed,,,," for v in (900, 1100, 1600, 2100)),
    )
    asked = Request(data=(data,), sweeps=("marker-high",))
    report, _ = run(given, asked, tmp_path / "out", lambda words: None)
    (sweep,) = report.sweeps
    assert (sweep.steps[0], sweep.steps[-1], len(sweep.steps)) == ("1000", "2000", 9)
    for _, _, counts in sweep.lines:
        assert all(sum(each.values()) == 4 for each in counts)
    first = {name: counts[0] for name, _, counts in sweep.lines}
    told = {each.recommendation: each.counts for each in report.lines}
    assert all(told[name] == counts for name, counts in first.items())
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert (
        page.count("<svg") == 2 and "<script" not in page and "http" not in page.split("xmlns")[0]
    )


def test_report_json_is_the_report(given, example, tmp_path):
    asked = Request(data=(example / "rows.parquet",), sample=10, seed=5)
    report, _ = run(given, asked, tmp_path / "out", lambda words: None)
    told = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert told["persons"] == report.persons == PERSONS
    assert told["compared"]["persons"] == 10
    assert all(sum(each["counts"].values()) == PERSONS for each in told["lines"])


def test_command_makes_an_example_and_decides_about_it(given, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    new(tmp_path / "example-marker")
    asked = ["cohort", "--guideline", "example-marker"]
    made = CliRunner().invoke(cli, [*asked, "--example", "made-up", "--persons", "20"])
    assert made.exit_code == 0, made.output
    done = CliRunner().invoke(cli, [*asked, "made-up/rows.csv", "--sweep", "marker-high"])
    assert done.exit_code == 0, done.output
    assert "20 persons" in done.stdout and "all agree" in done.stdout
    refused = CliRunner().invoke(cli, [*asked, "made-up/rows.csv", "--output", "made-up"])
    assert refused.exit_code == 2 and Path("made-up/rows.csv").exists()
    shutil.rmtree("cohort")


@pytest.mark.slow
def test_spark_gives_the_known_answers(given, example, tmp_path):
    pytest.importorskip("pyspark")
    found = decided(given, tmp_path / "out", example / "rows.parquet", engine="spark")
    assert found == answers(example / "answers.csv")
