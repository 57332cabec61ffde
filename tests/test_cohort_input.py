"""Cohorts as they are found: odd files and rows, and what a run does where it has to stop."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from guidegraph.cohort import CohortError, Request, run
from guidegraph.cohort.mapping import read_mapping
from guidegraph.cohort.places import places
from guidegraph.cohort.run import _put
from guidegraph.diagnostic import Diagnostic
from guidegraph.export import ExportInput
from guidegraph.lower import lower
from guidegraph.patient.clock import absolute_minute
from program_example import scaffold

HEAD = "person,observable,value,unit,assay,time,minutes"
START = "admission,,,,2020-01-01T00:00:00Z,"
MAPPING = """\
anchor: encounter
observables:
  example-marker: {codes: ["x|m"], absent: none-taken}
  treatment-refused: {codes: ["x|r"], absent: false}
  infection-status: {codes: [{code: "x|i", value: confirmed}]}
"""


@pytest.fixture(scope="module")
def given() -> ExportInput:
    return ExportInput(guideline=scaffold(), program=lower(scaffold()))


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


ODD = {
    "blanks": ["example-marker,\t1000,ug/L,,,60", "example-marker,\u00a01000,ug/L,,,30"],
    "two-clocks": ["admission,,,,2020-01-01T00:00:00Z,60", "example-marker,1000,ug/L,,,60"],
    "two-nows": [START, "now,,,,2020-01-01T02:00:00Z,100", "example-marker,1000,ug/L,,,60"],
    "mixed-case": [START, "treatment-refused,tRue,,,,", "admitted,true,,,,"],
    "half-minute": [START, "treatment-refused,,,,,1.5", "treatment-refused,true,,,,"],
    "year-0": ["admission,,,,0000-01-01T00:00:00Z,", "example-marker,1,ug/L,,0000-01-01T01:00Z,"],
    "long": [f"example-marker,1000.{'0' * 40},ug/L,,,60", "admitted,true,,,,"],
    "expired": [
        START,
        "now,,,,,2000",
        "treatment-refused,true,,,,0",
        "treatment-refused,false,,,,",
    ],
}


def test_what_is_set_aside_is_set_aside_for_the_reference_too(given, tmp_path):
    lines = [f"{person},{line}" for person, said in ODD.items() for line in said]
    report, _ = made(given, tmp_path, rows(*lines), set_aside=True)
    assert report.compared.persons == len(ODD)


def test_no_instant_for_a_patient_file_is_none_for_a_cohort(given, tmp_path):
    texts = [" 969-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "2020-01-01T00:00:00+02:60"]
    assert [absolute_minute(each) for each in texts] == [None, None, None]
    lines = [f"{person},admission,,,,{text}," for person, text in zip("abc", texts, strict=True)]
    assert found(given, tmp_path, rows(*lines)) == [("K116", 2), ("K116", 3), ("K116", 4)]


def test_lines_are_counted_over_blank_lines_and_quoted_ones(given, tmp_path):
    text = f'{HEAD}\n\n"a\nb",admitted,true,,,,\n\nc,example-marker,x,ug/L,,,60\n'
    assert found(given, tmp_path, text) == [("K111", 6)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (rows(), ("K101", 1)),
        (rows(f"a,{START}").encode() + b"M\xfcller,admitted,true,,,,\n", ("K101", 3)),
        (f"{HEAD}\na,now,,,,,1\r\nb,now,,,,,2\r\n", ("K101", 2)),
        ("person,Person,observable,value\na,a,admitted,true\n", ("K102", 1)),
    ],
)
def test_a_file_that_is_no_cohort_is_named_with_its_line(given, tmp_path, text, expected):
    assert found(given, tmp_path, text) == [expected]


def test_names_with_stars_and_quotes_are_names(given, tmp_path):
    place = tmp_path / "o'clock"
    place.mkdir()
    (place / "rows-2.csv").write_text(rows("b,admitted,true,,,,"), encoding="utf-8")
    report, _ = made(given, place, rows("a,admitted,true,,,,"), "rows-*.csv")
    assert report.persons == 1
    assert (place / "out" / "persons.parquet").is_file()


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


# --- FHIR -----------------------------------------------------------------------------------------


def resources(**recorded: dict) -> str:
    """A patient and an encounter for each, and what is recorded of it."""
    listed = []
    for person, each in recorded.items():
        subject = {"reference": f"Patient/{person}"}
        listed += [
            {"resourceType": "Patient", "id": person},
            {"resourceType": "Encounter", "subject": subject, "period": {"start": START[13:33]}},
            {"status": "final", "subject": subject, **each},
        ]
    return "\n".join(map(json.dumps, listed)) + "\n"


def coded(kind: str, code: str, **parts: object) -> dict:
    return {"resourceType": kind, "code": {"coding": [{"system": "x", "code": code}]}, **parts}


def mapping(place: Path) -> Path:
    path = place / "mapping.yaml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


DOUBT = {"coding": [{"code": "provisional"}]}
REASON = {"coding": [{"code": "unknown"}]}
MARKER = {
    "effectiveDateTime": "2020-01-01T01:00:00Z",
    "valueQuantity": {"value": 1000, "unit": "ug/L"},
}
RECORDED = {
    "doubted": coded("Condition", "r", verificationStatus=DOUBT),
    "long": coded(
        "Observation", "m", **MARKER, referenceRange=[{"low": {"value": 0.1234567890123456}}]
    ),
    "mistaken": coded("Observation", "m", **MARKER, status="entered-in-error"),
    "mistaken-no": coded("Observation", "r", valueBoolean=True, status="entered-in-error"),
    "nothing": {"resourceType": "Patient", "id": "nothing"},
    "preliminary": coded("Observation", "m", **MARKER, status="preliminary"),
    "registered": coded("Observation", "m", status="registered"),
    "registered-no": coded("Observation", "r", status="registered"),
    "statusless": coded("Observation", "m", **MARKER, status=None),
    "why-not": coded("Observation", "i", dataAbsentReason=REASON),
}


@pytest.fixture(scope="module")
def recorded(given, tmp_path_factory) -> Path:
    """The result about them all; every one is decided again by the reference."""
    place = tmp_path_factory.mktemp("fhir")
    made(given, place, resources(**RECORDED), "a.ndjson", mapping=mapping(place))
    return place


def of(place: Path, column: str) -> dict[str, object]:
    return dict(zip(sorted(RECORDED), facts(place, column), strict=True))


def test_what_is_recorded_without_an_answer_is_not_absent(recorded):
    refused = of(recorded, "treatment_refused")
    assert {who for who, answer in refused.items() if answer is None} == {
        "doubted",
        "registered-no",
    }


def test_a_measurement_that_is_not_final_is_not_none_taken(recorded):
    known = of(recorded, "example_marker_known")
    assert {who for who, answer in known.items() if answer is None} == {
        "preliminary",
        "registered",
        "statusless",
    }


def test_a_record_that_says_why_it_has_no_value_gets_none_of_the_mapping(recorded):
    assert of(recorded, "infection_status")["why-not"] is None


def test_a_long_number_elsewhere_in_the_record_is_not_its_value(recorded):
    import duckdb

    asked = f"SELECT value FROM '{recorded}/out/samples.parquet'"
    assert duckdb.execute(asked).fetchall() == [(1_000_000,)]


def test_a_text_that_contradicts_the_mapping_is_not_overruled_by_it(given, tmp_path):
    text = resources(a=coded("Observation", "i", valueString="negative"))
    assert found(given, tmp_path, text, "a.ndjson", mapping=mapping(tmp_path)) == [("K118", 3)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('offset: "+99:00"', 1),
        ('admitted: {codes: ["x|a", "x|a"]}', 2),
        ('admitted: {codes: [""]}', 2),
        ("admitted: {codes: [a]}", 2),
        ("admitted: {codes: [{value: true}]}", 2),
        ('admitted: {codes: [{code: "x|a", concept: 1}]}', 2),
        ("admitted: {concepts: [0x10]}", 2),
        ('infection-status: {answers: {"x|1": nonsense}}', 2),
        ('age: {answers: {"x|1": 5}}', 2),
    ],
)
def test_a_mapping_that_could_never_be_met_is_refused(given, tmp_path, text, line):
    path = tmp_path / "mapping.yaml"
    path.write_text(text if line == 1 else f"observables:\n  {text}\n", encoding="utf-8")
    _, findings = read_mapping(path, given.guideline, places(given.program))
    assert [(each.code, each.at and each.at.line) for each in findings] == [("K103", line)]


# --- OMOP -----------------------------------------------------------------------------------------

CONCEPTS = """\
offset: "+01:00"
anchor: visit
observables:
  example-marker: {concepts: [1], absent: none-taken}
  infection-status: {concepts: [{concept: 2, value: confirmed}]}
units: {9: ug/L}
"""
TABLES = {
    "person.csv": "person_id\n1\n2\n3\n4\n",
    "visit_occurrence.csv": "person_id,visit_start_datetime\n"
    + "".join(f"{person},2020-01-01 01:00:00\n" for person in "123"),
    "measurement.csv": """\
person_id,measurement_concept_id,value_as_number,measurement_datetime,unit_concept_id,\
value_as_concept_id,value_source_value
1,1,1000,2020-01-01T00:30:00Z,9,0,
2,2,,2020-01-01 01:00:00,,0,
3,2,,2020-01-01 01:00:00,,0,negative
""",
}


def test_tables_of_omop(given, tmp_path):
    import duckdb

    for name, text in TABLES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    codes = tmp_path / "mapping.yaml"
    codes.write_text(CONCEPTS, encoding="utf-8")
    data = tuple(tmp_path / name for name in TABLES)
    asked = Request(data=data, mapping=codes, sample=1000, tables=True)
    report, _ = run(given, asked, tmp_path / "out", lambda words: None)
    # a concept without a value means what the mapping says, but not against the source's own text
    assert facts(tmp_path, "infection_status") == [None, "confirmed", None, None]
    assert report.compared.persons == 4
    # a time with an offset of its own keeps it: half an hour after one o'clock of +01:00
    samples = duckdb.execute(f"SELECT minute, value FROM '{tmp_path}/out/samples.parquet'")
    assert samples.fetchall() == [(30, 1_000_000)]


def test_a_unit_and_a_table_of_omop_that_are_not_known_are_named(given, tmp_path):
    codes = tmp_path / "mapping.yaml"
    codes.write_text(CONCEPTS.replace("9:", "8:"), encoding="utf-8")
    (tmp_path / "measurement").mkdir()
    (tmp_path / "measurement" / "measurement.csv").write_text(TABLES["measurement.csv"])
    data = Request(data=(tmp_path / "measurement",), mapping=codes)
    with pytest.raises(CohortError, match="`unit concept 9` is not a known unit"):
        run(given, data, tmp_path / "out", lambda words: None)
    text = "person_id,observation_concept_id\n1,1\n"
    assert found(given, tmp_path, text, "observation.csv") == [("K102", 1)]


# --- what this machine lacks ----------------------------------------------------------------------


def stopped(given: ExportInput, place: Path, monkeypatch, error: str) -> Diagnostic:
    """The finding of a run whose rows cannot be written."""
    import duckdb

    kind = duckdb.OutOfMemoryException if "memory" in error else duckdb.IOException

    def fail(*_: object) -> None:
        raise kind(error.format(next(place.glob(".out-*"))))

    monkeypatch.setattr("guidegraph.cohort.deciding.write_rows", fail)
    with pytest.raises(CohortError) as told:
        made(given, place, rows("a,admitted,true,,,,"))
    assert sorted(each.name for each in place.iterdir()) == ["rows.csv"]
    return told.value.findings[0]


def test_a_full_disk_is_told_of_the_results(given, tmp_path, monkeypatch):
    error = 'Could not write file "{}/result/x.parquet": No space left on device'
    finding = stopped(given, tmp_path, monkeypatch, error)
    assert (finding.at and finding.at.file) == str(tmp_path / "out")
    assert "No space left" in (finding.why or "")


def test_too_little_memory_names_the_option(given, tmp_path, monkeypatch):
    finding = stopped(given, tmp_path, monkeypatch, "Out of memory: failed to allocate")
    assert "not enough memory" in finding.message and "--memory" in (finding.help or "")


# --- results --------------------------------------------------------------------------------------


def test_rows_stand_by_person_and_recommendation(given, tmp_path):
    import duckdb

    text = rows(*(f"{person},admitted,true,,,," for person in ("b", "é", "B", "a10", "a9")))
    made(given, tmp_path, text)
    asked = f"SELECT person, recommendation FROM '{tmp_path}/out/recommendations.parquet'"
    told = duckdb.execute(asked).fetchall()
    names = [each.id for each in given.guideline.recommendations]
    assert told == [(who, rule) for who in ("B", "a10", "a9", "b", "é") for rule in names]
