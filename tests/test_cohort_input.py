"""Cohorts as they are found: odd files and rows, and what a run does where it has to stop."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from guidegraph.cohort import CohortError, Request, run
from guidegraph.cohort.run import _put
from guidegraph.export import ExportInput
from guidegraph.lower import lower
from guidegraph.patient.clock import absolute_minute
from guidegraph.pipeline import load
from guidegraph.scaffold import new

HEAD = "person,observable,value,unit,assay,time,minutes"
START = "a,admission,,,,2020-01-01T00:00:00Z,"
MAPPING = """\
anchor: encounter
observables:
  example-marker: {codes: ["x|m"]}
  treatment-refused: {codes: ["x|r"], absent: false}
  infection-status: {codes: [{code: "x|i", value: confirmed}]}
"""


@pytest.fixture(scope="module")
def given(tmp_path_factory) -> ExportInput:
    folder = tmp_path_factory.mktemp("cohort") / "example-marker"
    new(folder)
    guideline = load(folder).guideline
    assert guideline is not None
    return ExportInput(guideline=guideline, program=lower(guideline))


def made(given: ExportInput, place: Path, text: str | bytes, name: str = "rows.csv", **asked):
    """A run over one file, every person decided again by the reference."""
    data = place / name
    data.write_bytes(text if isinstance(text, bytes) else text.encode())
    request = Request(data=(data,), sample=1000, tables=True, **asked)
    return run(given, request, place / "out", asked.get("step", lambda words: None))


def found(given: ExportInput, place: Path, text: str | bytes, name: str = "rows.csv", **asked):
    """The findings of a run that stops, as (code, line)."""
    with pytest.raises(CohortError) as stopped:
        made(given, place, text, name, **asked)
    assert not (place / "out").exists()
    return [(each.code, each.at.line if each.at else 0) for each in stopped.value.findings]


def facts(place: Path, column: str) -> list[object]:
    import duckdb

    asked = f"SELECT {column} FROM '{place}/out/persons.parquet' ORDER BY person"
    return [value for (value,) in duckdb.execute(asked).fetchall()]


def rows(*lines: str) -> str:
    return "\n".join([HEAD, *lines]) + "\n"


@pytest.mark.parametrize(
    "lines",
    [
        ["a,example-marker,\t1000,ug/L,,,60", "a,example-marker,\u00a01000,ug/L,,,30"],
        ["a,admission,,,,2020-01-01T00:00:00Z,60", "a,example-marker,1000,ug/L,,,60"],
        [START, "a,now,,,,2020-01-01T02:00:00Z,100", "a,example-marker,1000,ug/L,,,60"],
        [START, "a,treatment-refused,tRue,,,,", "a,admitted,true,,,,"],
        [START, "a,treatment-refused,,,,,1.5", "a,treatment-refused,true,,,,"],
        ["a,admission,,,,0000-01-01T00:00:00Z,", "a,example-marker,1000,ug/L,,0000-01-01T01:00Z,"],
        [f"a,example-marker,1000.{'0' * 40},ug/L,,,60", "a,admitted,true,,,,"],
        [START, "a,now,,,,,2000", "a,treatment-refused,true,,,,0", "a,treatment-refused,false,,,,"],
    ],
)
def test_what_is_set_aside_is_set_aside_for_the_reference_too(given, tmp_path, lines):
    report, _ = made(given, tmp_path, rows(*lines), set_aside=True)
    assert report.compared.persons == 1


@pytest.mark.parametrize(
    "text", [" 969-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "2020-01-01T00:00:00+02:60"]
)
def test_no_instant_for_a_patient_file_is_none_for_a_cohort(given, tmp_path, text):
    assert absolute_minute(text) is None
    assert found(given, tmp_path, rows(f"a,admission,,,,{text},")) == [("K116", 2)]


def test_lines_are_counted_over_blank_lines_and_quoted_ones(given, tmp_path):
    text = f'{HEAD}\n\n"a\nb",admitted,true,,,,\n\nc,example-marker,x,ug/L,,,60\n'
    assert found(given, tmp_path, text) == [("K111", 6)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (rows(), ("K101", 1)),
        (rows(START).encode() + b"M\xfcller,admitted,true,,,,\n", ("K101", 3)),
        (f"{HEAD}\na,now,,,,,1\r\nb,now,,,,,2\r\n", ("K101", 2)),
        ("person,Person,observable,value\na,a,admitted,true\n", ("K102", 1)),
    ],
)
def test_a_file_that_is_no_cohort_is_named_with_its_line(given, tmp_path, text, expected):
    assert found(given, tmp_path, text) == [expected]


def test_a_name_with_a_star_is_one_file(given, tmp_path):
    (tmp_path / "rows-2.csv").write_text(rows("b,admitted,true,,,,"), encoding="utf-8")
    report, _ = made(given, tmp_path, rows("a,admitted,true,,,,"), "rows-*.csv")
    assert report.persons == 1


def test_a_file_that_changes_meanwhile_stops_the_run(given, tmp_path):
    data = tmp_path / "rows.csv"
    data.write_text(rows("a,admitted,true,,,,"), encoding="utf-8")

    def step(words: str) -> None:
        if words == "Counting":
            data.write_text(rows("a,admitted,false,,,,"), encoding="utf-8")

    with pytest.raises(CohortError, match="changed or removed"):
        run(given, Request(data=(data,)), tmp_path / "out", step)
    assert not (tmp_path / "out").exists()


def test_an_earlier_result_stays_where_the_new_one_cannot_take_its_place(tmp_path):
    earlier = tmp_path / "out"
    earlier.mkdir()
    (earlier / "report.json").write_text("{}", encoding="utf-8")
    (tmp_path / "work").mkdir()
    with pytest.raises(OSError, match="result"):
        _put(tmp_path / "work" / "result", earlier)
    assert (earlier / "report.json").read_text(encoding="utf-8") == "{}"


def test_a_folder_with_a_quote_in_its_name_takes_every_table(given, tmp_path):
    place = tmp_path / "o'clock"
    place.mkdir()
    made(given, place, rows("a,admitted,true,,,,"))
    assert (place / "out" / "persons.parquet").is_file()


# --- FHIR -----------------------------------------------------------------------------------------


def resources(*more: dict) -> str:
    subject = {"reference": "Patient/a"}
    listed = [
        {"resourceType": "Patient", "id": "a"},
        {"resourceType": "Encounter", "subject": subject, "period": {"start": START[15:35]}},
        *({"status": "final", "subject": subject, **each} for each in more),
    ]
    return "\n".join(map(json.dumps, listed)) + "\n"


def coded(kind: str, code: str, **parts: object) -> dict:
    return {"resourceType": kind, "code": {"coding": [{"system": "x", "code": code}]}, **parts}


def mapping(place: Path) -> Path:
    path = place / "mapping.yaml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


def test_what_is_recorded_without_an_answer_is_not_absent(given, tmp_path):
    doubt = {"coding": [{"code": "provisional"}]}
    text = resources(coded("Condition", "r", verificationStatus=doubt))
    made(given, tmp_path, text, "a.ndjson", mapping=mapping(tmp_path))
    assert facts(tmp_path, "treatment_refused") == [None]


def test_a_record_that_says_why_it_has_no_value_gets_none_of_the_mapping(given, tmp_path):
    reason = {"coding": [{"code": "unknown"}]}
    text = resources(coded("Observation", "i", dataAbsentReason=reason))
    made(given, tmp_path, text, "a.ndjson", mapping=mapping(tmp_path))
    assert facts(tmp_path, "infection_status") == [None]


def test_a_text_that_contradicts_the_mapping_is_not_overruled_by_it(given, tmp_path):
    text = resources(coded("Observation", "i", valueString="negative"))
    assert found(given, tmp_path, text, "a.ndjson", mapping=mapping(tmp_path)) == [("K118", 3)]


def test_a_long_number_elsewhere_in_the_record_is_not_its_value(given, tmp_path):
    import duckdb

    amount = {"value": 1000, "unit": "ug/L"}
    low = [{"low": {"value": 0.12345678901234567}}]
    more = {"effectiveDateTime": "2020-01-01T01:00:00Z", "valueQuantity": amount}
    text = resources(coded("Observation", "m", referenceRange=low, **more))
    made(given, tmp_path, text, "a.ndjson", mapping=mapping(tmp_path))
    asked = f"SELECT value FROM '{tmp_path}/out/samples.parquet'"
    assert duckdb.execute(asked).fetchall() == [(1_000_000,)]
