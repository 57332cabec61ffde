"""Patient files: what is known is exact, what is not has a reason, and nothing is guessed."""

from __future__ import annotations

import json
import re
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from guidegraph.diagnostic import Severity
from guidegraph.patient import from_node, read_patient, to_wire, wire_value
from guidegraph.patient.document import LONGEST_JSON, LONGEST_YAML, read_document
from guidegraph.patient.faults import NOTES, WARNINGS
from guidegraph.patient.tree import DEEPEST, Mapping
from guidegraph.program import Input, Program, Setting
from guidegraph.resources import PACKAGE, explanations_folder, schemas_folder
from guidegraph.wording import plain

F = Fraction


def declared(name, kind, **more):
    return Input(name=name, label=name, question=f"{name}?", kind=kind, **more)


PROGRAM = Program(
    guideline="guideline",
    version="1",
    anchor="admission",
    inputs=(
        declared("d-dimer", "series", unit="ug/L", scale=3, low=F(10), high=F(10**6), basis="FEU"),
        declared("platelets", "series", unit="10*9/L", low=F(0), high=F(3000)),
        declared("age", "quantity", unit="a", low=F(0), high=F(125)),
        declared("admitted", "boolean"),
        declared("bleeding-risk-acceptable", "boolean", valid_for=1440),
        declared("covid-status", "code", codes=("suspected", "confirmed", "excluded")),
    ),
    settings=(
        Setting(
            name="strong-rise",
            label="",
            kind="quantity",
            default=F(2000),
            unit="ug/L",
            scale=3,
            low=F(2000),
            high=F(4000),
            high_inclusive=False,
        ),
        Setting(name="algorithm", label="", kind="code", default="years", codes=("years", "wells")),
    ),
    criteria=(),
    rules=(),
    incompatible=(),
    readings={},
)
ANCHORS = {"admission": "2020-04-01T08:00:00Z"}
NOW = "2020-04-03T09:00:00Z"


def read(facts, **parts):
    """Patient and findings of a file with these facts."""
    whole = {"now": NOW, "anchors": ANCHORS, "facts": facts, **parts}
    return read_patient(json.dumps(whole, ensure_ascii=False), PROGRAM, name="p.json")


def codes_of(findings):
    return [each.code for each in findings]


def of(name, value, **parts):
    """The value of one fact, why it is unknown, and the codes of the findings."""
    patient, findings = read({name: value}, **parts)
    assert patient is not None, findings
    return patient.inputs[name], patient.unknown.get(name), codes_of(findings)


def sample(value="840", unit="ug/L", basis="FEU", **when):
    return {"value": value, "unit": unit, "basis": basis, **(when or {"minutes": 70})}


def test_whole_file_becomes_exact_values_and_integers():
    patient, findings = read(
        {
            "covid-status": "confirmed",
            "admitted": True,
            "age": {"value": "71", "unit": "a"},
            "d-dimer": [
                {"minutes": 2880, "value": 2.4, "unit": "mg/L", "basis": "FEU"},
                sample(at="2020-04-01T11:10:59+02:00"),
            ],
            "platelets": [],
            "bleeding-risk-acceptable": None,
        },
        settings={"strong-rise": {"value": "2.5", "unit": "mg/L"}},
    )
    assert findings == ()
    assert patient.inputs == {
        "now": F(2940),
        "d-dimer": ((70, F(840)), (2880, F(2400))),
        "platelets": (),
        "age": F(71),
        "admitted": True,
        "bleeding-risk-acceptable": None,
        "covid-status": "confirmed",
    }
    assert patient.settings == {"strong-rise": F(2500), "algorithm": "years"}
    assert patient.unknown == {"bleeding-risk-acceptable": "null"}
    assert patient.now == 2940
    assert to_wire(patient, PROGRAM) == {
        "facts": {
            "now": 2940,
            "d-dimer": [[70, 840000], [2880, 2400000]],
            "platelets": [],
            "age": 71,
            "admitted": True,
            "bleeding-risk-acceptable": None,
            "covid-status": "confirmed",
        },
        "settings": {"strong-rise": 2500000, "algorithm": "years"},
    }


def test_data_keep_what_was_written_and_where():
    text = '{"anchors": {"admission": "2020-04-01T08:00:00Z"},\n "facts": {"d-dimer": [\n'
    text += '  {"at": "2020-04-02T08:00:00Z", "value": "0.90", "unit": "mg/L", "basis": "FEU"},\n'
    text += '  {"minutes": 5, "value": 840, "unit": "ug/L", "basis": "FEU", "by": "lab"}]}}'
    patient, _ = read_patient(text, PROGRAM, name="p.json")
    first, second = patient.data["d-dimer"]
    assert (first.text, first.unit, first.basis, first.minute) == ("840", "ug/L", "FEU", 5)
    assert (first.by, first.value, first.at.line) == ("lab", F(840), 4)
    assert (second.text, second.unit, second.value, second.at.line) == ("0.90", "mg/L", 900, 3)


def test_absent_null_and_empty_are_three_things():
    assert of("admitted", True)[1] is None
    patient, _ = read({"d-dimer": [], "platelets": None})
    assert patient.inputs["d-dimer"] == ()
    assert patient.unknown["platelets"] == "null"
    assert patient.unknown["age"] == "missing"
    assert "d-dimer" not in patient.unknown


def test_yaml_and_json_say_the_same():
    yaml = """
    now: 2020-04-03T09:00:00Z
    anchors: {admission: 2020-04-01T08:00:00Z}
    facts:
      admitted: true
      covid-status: confirmed
      age: {value: 71, unit: a}
      d-dimer:
        - {minutes: 70, value: "840", unit: ug/L, basis: FEU}
    """
    one, none = read_patient(yaml, PROGRAM, name="p.yaml")
    other, _ = read(
        {
            "admitted": True,
            "covid-status": "confirmed",
            "age": {"value": 71, "unit": "a"},
            "d-dimer": [sample()],
        }
    )
    assert none == ()
    assert one.inputs == other.inputs


FAULTY = [
    # name, value, reason, codes
    ("d-dimer", [sample("<500")], "censored", ["E113"]),
    ("d-dimer", [sample("≥ 500")], "censored", ["E113"]),
    ("d-dimer", [sample("1,000")], "number", ["E112"]),
    ("d-dimer", [sample("0,84")], "number", ["E112"]),
    ("d-dimer", [sample("840.")], "number", ["E112"]),
    ("d-dimer", [sample("0840")], "number", ["E112"]),
    ("d-dimer", [sample("+840")], "number", ["E112"]),
    ("d-dimer", [sample("1e999")], "number", ["E112"]),
    ("d-dimer", [sample("8 40")], "number", ["E112"]),
    ("d-dimer", [sample("NaN")], "number", ["E112"]),
    ("d-dimer", [sample("9" * 41)], "number", ["E112"]),
    ("d-dimer", [sample(True)], "number", ["E112"]),
    ("d-dimer", [sample(None)], "number", ["E112"]),
    ("d-dimer", [sample(["840"])], "number", ["E112"]),
    ("d-dimer", [{"minutes": 1, "unit": "ug/L", "basis": "FEU"}], "number", ["E112"]),
    ("d-dimer", [{"minutes": 1, "value": "840", "basis": "FEU"}], "unit", ["E111"]),
    ("d-dimer", [840], "unit", ["E111"]),
    ("d-dimer", ["840 ug/L"], "unit", ["E111"]),
    ("d-dimer", [None], "type", ["E110"]),
    ("d-dimer", [sample(unit="Ug/L")], "unit", ["E114"]),
    ("d-dimer", [sample(unit="ng/ML")], "unit", ["E118"]),
    ("d-dimer", [sample(unit="ng FEU/mL")], "basis", ["E116"]),
    ("platelets", [{"value": 150, "unit": "M/uL", "minutes": 0}], "unit", ["E118"]),
    ("d-dimer", [sample(unit=1)], "unit", ["E114"]),
    ("d-dimer", [sample(), sample(minutes=80, unit="furlong")], "unit", ["E114"]),
    ("d-dimer", [sample(unit="mmol/L")], "unit", ["E115"]),
    ("d-dimer", [sample(unit="ug{FEU}/L")], "basis", ["E116"]),
    ("d-dimer", [sample(unit="ug/L FEU", basis=None)], "basis", ["E116"]),
    ("d-dimer", [sample(basis="DDU")], "basis", ["E122"]),
    ("d-dimer", [sample(basis="feu")], "basis", ["E122"]),
    ("d-dimer", [sample(basis=None)], "basis", ["E122"]),
    ("d-dimer", [sample(), sample(minutes=80, basis="DDU")], "basis", ["E122"]),
    ("d-dimer", [sample(basis=5)], "basis", ["E110"]),
    ("d-dimer", [sample("9.999")], "implausible", ["E120"]),
    ("d-dimer", [sample(), sample("840", "g/L", minutes=90)], "implausible", ["E120"]),
    ("d-dimer", [sample("840.0001")], "resolution", ["E121"]),
    ("d-dimer", [sample(), sample("841")], "conflict", ["E123"]),
    ("d-dimer", [sample(minutes=1.5)], "time", ["E130"]),
    ("d-dimer", [sample(minutes="1:10")], "time", ["E130"]),
    ("d-dimer", [sample(at="2020-04-01T09:10:00")], "time", ["E130"]),
    ("d-dimer", [sample(at="2020-04-01 09:10:00Z")], "time", ["E130"]),
    ("d-dimer", [sample(at="2020-04-01")], "time", ["E130"]),
    ("d-dimer", [sample(at="2020-02-30T09:10:00Z")], "time", ["E130"]),
    ("d-dimer", [sample(at="2020-04-01T24:10:00Z")], "time", ["E130"]),
    ("d-dimer", [sample(at="2020-04-01T09:10:00+24:00")], "time", ["E130"]),
    ("d-dimer", [sample(at="2020-04-01T09:10:00+01:60")], "time", ["E130"]),
    ("d-dimer", [sample(at=1585732200)], "time", ["E130"]),
    ("d-dimer", [sample(at=None)], "time", ["E130"]),
    ("d-dimer", [sample(minutes=1, at="2020-04-01T09:10:00Z")], "time", ["E131"]),
    ("d-dimer", [{"value": "840", "unit": "ug/L", "basis": "FEU"}], "time", ["E131"]),
    ("d-dimer", [sample(minutes=2941)], "future", ["E133"]),
    ("d-dimer", [sample(), sample(at="2020-04-03T09:01:00Z")], "future", ["E133"]),
    ("d-dimer", [sample(at="0220-04-01T09:10:00Z")], "time", ["E134"]),
    ("d-dimer", [sample(minutes=-9999999999)], "time", ["E134"]),
    ("d-dimer", sample(), "type", ["E110"]),
    ("d-dimer", 840, "type", ["E110"]),
    ("d-dimer", [{**sample(), "qualifier": "<"}], "type", ["E105"]),
    ("d-dimer", [{**sample(), "by": 7}], "type", ["E110"]),
    ("age", 71, "unit", ["E111"]),
    ("age", "71", "unit", ["E111"]),
    ("age", [71], "type", ["E110"]),
    ("age", {"value": "71.5", "unit": "a"}, "resolution", ["E121"]),
    ("age", {"value": "126", "unit": "a"}, "implausible", ["E120"]),
    ("age", {"value": "-1", "unit": "a"}, "implausible", ["E120"]),
    ("admitted", "yes", "type", ["E110"]),
    ("admitted", "true", "type", ["E110"]),
    ("admitted", 1, "type", ["E110"]),
    ("admitted", {"value": 0}, "type", ["E110"]),
    ("admitted", {}, "type", ["E110"]),
    ("admitted", {"value": True, "unit": "1"}, "type", ["E105"]),
    ("admitted", {"value": True, "minutes": 2941}, "future", ["E133"]),
    ("covid-status", "Confirmed", "code", ["E117"]),
    ("covid-status", True, "type", ["E110"]),
]


@pytest.mark.parametrize(("name", "value", "reason", "codes"), FAULTY)
def test_unusable_datum_is_unknown_with_its_reason(name, value, reason, codes):
    assert of(name, value) == (None, reason, codes)


USABLE = [
    ("d-dimer", [sample("840.000")], ((70, F(840)),)),
    ("d-dimer", [sample("8.4e2"), sample(0.84, "mg/L")], ((70, F(840)),)),
    ("d-dimer", [sample(" 840 ", "µg/l")], ((70, F(840)),)),
    ("d-dimer", [sample("0.00057", "g/L")], ((70, F(570)),)),
    ("d-dimer", [sample("10"), sample("1000000", minutes=71)], ((70, F(10)), (71, F(10**6)))),
    ("d-dimer", [sample(minutes=2940)], ((2940, F(840)),)),
    ("d-dimer", [sample(minutes="-30")], ((-30, F(840)),)),
    ("d-dimer", [sample(minutes=60.0)], ((60, F(840)),)),
    ("d-dimer", [sample(at="2020-04-01T07:59:59.999Z")], ((-1, F(840)),)),
    ("d-dimer", [sample(at="2020-04-01T08:00:59Z")], ((0, F(840)),)),
    ("d-dimer", [sample(at="2020-04-01T02:00-06:00")], ((0, F(840)),)),
    ("platelets", [{"value": 150, "unit": "10^9/L", "minutes": 0}], ((0, F(150)),)),
    ("platelets", [{"value": "150000", "unit": "/uL", "minutes": 0}], ((0, F(150)),)),
    ("age", {"value": "852", "unit": "mo"}, F(71)),
    ("age", {"value": "71", "unit": "a", "at": "2020-04-01T08:00:00Z"}, F(71)),
    ("admitted", False, False),
    ("admitted", {"value": True, "minutes": 0, "by": "ward physician"}, True),
    ("covid-status", {"value": "suspected", "at": "2020-04-01T08:00:00Z"}, "suspected"),
]


@pytest.mark.parametrize(("name", "value", "expected"), USABLE)
def test_usable_datum_is_known_exactly(name, value, expected):
    assert of(name, value) == (expected, None, [])


RESPELLED = [
    ("d-dimer", [sample(unit="NG/ML")], ((70, F(840)),), "ng/mL"),
    ("d-dimer", [sample(unit="mcg/L")], ((70, F(840)),), "ug/L"),
    ("d-dimer", [sample("0.00084", "G/L")], ((70, F(840)),), "g/L"),
    ("platelets", [{"value": 150, "unit": "G/L", "minutes": 0}], ((0, F(150)),), "10*9/L"),
    ("platelets", [{"value": 150, "unit": "K/µL", "minutes": 0}], ((0, F(150)),), "10*3/uL"),
    ("platelets", [{"value": 150, "unit": "x10E9/L", "minutes": 0}], ((0, F(150)),), "10*9/L"),
    ("age", {"value": "71", "unit": "years"}, F(71), "a"),
]


@pytest.mark.parametrize(("name", "value", "expected", "understood"), RESPELLED)
def test_a_laboratory_spelling_is_used_and_told(name, value, expected, understood):
    assert of(name, value) == (expected, None, ["E119"])
    assert f"was understood as `{understood}`" in read({name: value})[1][0].message


def test_a_spelling_is_told_once_for_a_series():
    series = [sample(unit="NG/ML", minutes=each) for each in (0, 60, 120)]
    assert [each.code for each in read({"d-dimer": series})[1]] == ["E119"]


@pytest.mark.parametrize(
    ("written", "readings"),
    [("2,4", ("`2.4`", "`24`")), ("1,000", ("`1.000`", "`1000`")), ("1,234.5", ())],
)
def test_a_comma_is_asked_with_the_numbers_it_may_mean(written, readings):
    fault = read({"d-dimer": [sample(written)]})[1][0]
    assert fault.code == "E112"
    assert fault.why.endswith("guessed.")
    assert all(each in fault.why for each in readings)


@pytest.mark.parametrize(
    ("minutes", "expected"), [(1500, (True, None, [])), (1499, (None, "expired", ["E124"]))]
)
def test_judgement_expires_after_its_time(minutes, expected):
    value = {"value": True, "minutes": minutes}
    assert of("bleeding-risk-acceptable", value) == expected


def test_dated_judgement_is_unknown_without_now():
    value = {"value": True, "minutes": 0}
    assert of("bleeding-risk-acceptable", value, now=None)[1:] == ("expired", ["E124"])
    assert of("admitted", value, now=None) == (True, None, [])


def test_expiry_is_a_note_and_poor_data_are_warnings():
    by_code = dict.fromkeys(WARNINGS, Severity.WARNING) | dict.fromkeys(NOTES, Severity.NOTE)
    for name, value, _, codes in FAULTY:
        for each in read({name: value})[1]:
            assert each.severity is by_code.get(each.code, Severity.ERROR), codes
    _, findings = read({"bleeding-risk-acceptable": {"value": True, "minutes": 0}})
    assert [each.severity for each in findings] == [Severity.NOTE]


def test_instants_need_an_anchor_and_this_is_said_once():
    samples = [sample(at="2020-04-01T09:10:00Z"), sample(at="2020-04-02T09:10:00Z")]
    patient, findings = read({"d-dimer": samples}, anchors={"admission": None}, now=None)
    assert codes_of(findings) == ["E132"]
    assert patient.unknown["d-dimer"] == "time"


def test_minutes_need_no_anchor():
    patient, findings = read({"d-dimer": [sample()]}, anchors={}, now={"minutes": 100})
    assert findings == ()
    assert (patient.now, patient.inputs["d-dimer"]) == (100, ((70, F(840)),))


@pytest.mark.parametrize(
    ("now", "reason", "codes"),
    [
        (None, "null", []),
        ("2020-04-03", "time", ["E130"]),
        ({"minutes": "x"}, "time", ["E130"]),
        ({"hours": 3}, "time", ["E130"]),
        (True, "time", ["E130"]),
        ("2040-04-03T09:00:00Z", "time", ["E134"]),
    ],
)
def test_now_that_cannot_be_read_is_unknown(now, reason, codes):
    patient, findings = read({"admitted": True}, now=now)
    assert (patient.now, patient.unknown["now"]) == (None, reason)
    assert codes_of(findings) == codes
    assert patient.inputs["admitted"] is True


def test_faulty_anchor_is_told_once_and_leaves_dates_unknown():
    patient, findings = read(
        {"d-dimer": [sample(at="2020-04-01T09:10:00Z")]}, anchors={"admission": "2020-04-01"}
    )
    assert codes_of(findings) == ["E130"]
    assert patient.unknown["d-dimer"] == "time"


def test_misspelt_names_are_told_with_the_right_one():
    _, findings = read(
        {"d-dimmer": None, "Admitted": True},
        anchors={"admision": ANCHORS["admission"]},
        now=None,
        setings={},
    )
    told = {each.code: each.help for each in findings}
    assert told == {
        "E101": "Did you mean `settings`?",
        "E102": told["E102"],
        "E104": "Did you mean `admission`?",
    }
    helps = {each.subject: each.help for each in findings if each.code == "E102"}
    assert helps == {"d-dimmer": "Did you mean `d-dimer`?", "Admitted": "Did you mean `admitted`?"}


@pytest.mark.parametrize(
    ("chosen", "codes"),
    [
        ({"strong-rise": {"value": "1999.999", "unit": "ug/L"}}, ["E140"]),
        ({"strong-rise": {"value": "4", "unit": "mg/L"}}, ["E140"]),
        ({"strong-rise": {"value": "2000.0001", "unit": "ug/L"}}, ["E140"]),
        ({"strong-rise": {"value": "2000", "unit": "mmol/L"}}, ["E115"]),
        ({"strong-rise": 2000}, ["E111"]),
        ({"strong-rise": {"value": "2000", "unit": "ug/L", "at": "now"}}, ["E105"]),
        ({"strong-rise": None}, ["E141"]),
        ({"strong-rse": {"value": "2000", "unit": "ug/L"}}, ["E103"]),
        ({"algorithm": "age"}, ["E140"]),
        ({"algorithm": {"value": "wells"}}, ["E140"]),
        ("strong", ["E110"]),
    ],
)
def test_nothing_is_decided_with_a_faulty_setting(chosen, codes):
    patient, findings = read({"admitted": True}, settings=chosen)
    assert patient is None
    assert codes_of(findings) == codes


def test_settings_of_the_caller_replace_those_of_the_file():
    text = json.dumps({"facts": {}, "settings": {"strong-rise": None, "algorithm": "years"}})
    chosen = {"strong-rise": "2.5 mg/L", "algorithm": "wells"}
    patient, findings = read_patient(text, PROGRAM, chosen)
    assert findings == ()
    assert patient.settings == {"strong-rise": F(2500), "algorithm": "wells"}


def test_setting_without_a_default_must_be_chosen():
    from dataclasses import replace

    program = replace(PROGRAM, settings=(replace(PROGRAM.settings[1], default=None),))
    assert codes_of(read_patient('{"facts": {}}', program)[1]) == ["E141"]
    patient, _ = read_patient('{"facts": {}}', program, {"algorithm": "wells"})
    assert patient.settings == {"algorithm": "wells"}


def test_all_findings_are_told_in_one_run_from_top_to_bottom():
    text = (
        '{"facts": {\n"age": 71,\n"admitted": "ja",\n"d-dimer": [{\n"value": "1,5",\n"unit": "x"}],'
        '\n"unknown": 1},\n"settings": {"algorithm": 3}}'
    )
    patient, findings = read_patient(text, PROGRAM, name="p.json")
    assert patient is None
    assert [(each.code, each.at.line) for each in findings] == [
        ("E111", 2),
        ("E110", 3),
        ("E131", 4),
        ("E122", 4),
        ("E112", 5),
        ("E114", 6),
        ("E102", 7),
        ("E140", 8),
    ]
    assert all(str(each.at).startswith("p.json:") for each in findings)


DOCUMENTS = [
    ("p.json", "", "E002", 1),
    ("p.json", " \n ", "E002", 1),
    ("p.yaml", "# nothing\n", "E002", 1),
    ("p.json", '{"facts": ' + "[" * DEEPEST + "]" * DEEPEST + "}", "E003", 1),
    ("p.json", "[" * 100_000, "E003", 1),
    ("p.yaml", "[" * 100_000, "E003", 1),
    ("p.yaml", "- " * 40 + "1", "E003", 1),
    ("p.json", " " * (LONGEST_JSON + 1), "E003", 1),
    ("p.yaml", "#" * (LONGEST_YAML + 1), "E003", 1),
    ("p.json", "{\n'facts': {}}", "E004", 2),
    ("p.json", '{"facts": {},}', "E004", 1),
    ("p.json", '{"facts": {"age":\nNaN}}', "E004", 2),
    ("p.json", '{"facts": {"age": -Infinity}}', "E004", 1),
    ("p.json", '{"facts": {"age": 007}}', "E004", 1),
    ("p.json", '{"facts": {"admitted": True}}', "E004", 1),
    ("p.json", '{"facts": {}} {}', "E004", 1),
    ("p.json", '{"facts": {}\n', "E004", 2),
    ("p.json", '{"facts": {"\\ud800": 1}}', "E004", 1),
    ("p.json", '{"facts": {}} // remark', "E004", 1),
    ("p.yaml", "facts:\n\tadmitted: true", "E005", 2),
    ("p.yaml", "facts:\n  admitted: true\n age: 1", "E005", 3),
    ("p.yaml", "facts: {admitted: true", "E005", 1),
    ("p.yaml", "facts: a: b", "E005", 1),
    ("p.yaml", "facts: \x00", "E005", 1),
    ("p.json", '{"facts": {"age": null,\n"age": 71}}', "E006", 2),
    ("p.yaml", "facts:\n  admitted: true\n  admitted: false", "E006", 3),
    ("p.yaml", "facts: &a {}", "E007", 1),
    ("p.yaml", "facts: {}\nnow: *a", "E007", 2),
    ("p.yaml", "facts: !!map {}", "E007", 1),
    ("p.yaml", "facts: !!python/object/apply:os.abort []", "E007", 1),
    ("p.yaml", "facts:\n  <<: {admitted: true}", "E007", 2),
    ("p.yaml", "facts: {}\n---\nfacts: {}", "E007", 2),
    ("p.yaml", "? [a]\n: b", "E007", 1),
    ("p.json", "[]", "E010", 1),
    ("p.json", "1e99999999", "E010", 1),
    ("p.json", '{"admitted": true}', "E010", 1),
    ("p.json", '{"now": null,\n"facts": []}', "E010", 2),
    ("p.yaml", "just words", "E010", 1),
]


@pytest.mark.parametrize(("name", "text", "code", "line"), DOCUMENTS)
def test_document_fault_is_told_at_its_line_and_nothing_is_decided(name, text, code, line):
    patient, findings = read_patient(text, PROGRAM, name=name)
    assert patient is None
    assert (code, line) in [(each.code, each.at.line) for each in findings]


def test_alias_bomb_is_refused_without_being_built():
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    for one, other in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{other}: &{other} [{', '.join([f'*{one}'] * 10)}]")
    node, findings = read_document("\n".join(lines), "bomb.yaml")
    assert isinstance(node, Mapping)
    assert set(codes_of(findings)) == {"E007"}


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("true", "boolean"),
        ("null", "null"),
        ("~", "null"),
        ("", "null"),
        ("840", "number"),
        ("-1.50", "number"),
        ("1e3", "number"),
        ("yes", "string"),
        ("no", "string"),
        ("on", "string"),
        ("True", "string"),
        ("0x1F", "string"),
        ("0840", "string"),
        ("0o17", "string"),
        ("1_000", "string"),
        ("1:30", "string"),
        (".5", "string"),
        (".inf", "string"),
        (".nan", "string"),
        ("2020-04-01", "string"),
        ("2020-04-01T09:10:00Z", "string"),
        ("'840'", "string"),
        ('"true"', "string"),
    ],
)
def test_yaml_knows_only_the_values_of_json(written, kind):
    node, findings = read_document(f"key: {written}", "x.yaml")
    assert findings == ()
    assert node.get("key").kind == kind


def test_numbers_keep_their_digits():
    node, _ = read_document("[0.10, 1E+2, 123456789012345678901234567890, -0]", "x.json")
    texts = [each.text for each in node.items]
    assert texts == ["0.10", "1E+2", "123456789012345678901234567890", "-0"]


def test_places_count_lines_and_columns_from_one():
    node, _ = read_document('{\n  "a": [1,\n "x\\"]{", {"b": null}]}', "x.json")
    entry = node.entries[0]
    assert (entry.at.line, entry.at.column) == (2, 3)
    places = [(each.at.line, each.at.column) for each in entry.value.items]
    assert places == [(2, 9), (3, 2), (3, 11)]
    assert entry.value.items[1].text == 'x"]{'


def test_byte_order_mark_is_no_fault(tmp_path):
    path = tmp_path / "patient.json"
    path.write_text('{"facts": {"admitted": true}}', encoding="utf-8-sig")
    patient, findings = read_patient(path, PROGRAM)
    assert patient.inputs["admitted"] is True
    assert findings == ()


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_file_that_is_not_utf8_is_told(tmp_path, encoding):
    path = tmp_path / "patient.json"
    path.write_bytes('{"facts": {\n"µ": 1}}'.encode(encoding))
    patient, findings = read_patient(path, PROGRAM)
    assert patient is None
    assert codes_of(findings) == ["E001"]
    assert ("UTF-16" in findings[0].message) is (encoding == "utf-16")


def test_file_that_is_not_there_or_too_large_is_told(tmp_path):
    assert codes_of(read_patient(tmp_path / "no.json", PROGRAM)[1]) == ["E001"]
    assert codes_of(read_patient(tmp_path, PROGRAM)[1]) == ["E001"]
    large = tmp_path / "large.json"
    large.write_bytes(b" " * (LONGEST_JSON + 1))
    assert codes_of(read_patient(large, PROGRAM)[1]) == ["E003"]


def test_messages_cannot_carry_control_characters_or_floods():
    _, findings = read({"\x1b[31m\n" + "x" * 5000: 1, "admitted": "\x07" * 500})
    assert findings
    for each in findings:
        said = f"{each.message}{each.why}{each.help}"
        assert said.isprintable()
        assert len(said) < 600


def test_decimals_are_written_in_full():
    numbers = [F(0), F(5, 2), F(-1, 1000), F(10**21), F(57, 100000), F(1, 3), F(100)]
    assert [plain(each) for each in numbers] == [
        *("0", "2.5", "-0.001", "1000000000000000000000", "0.00057", "1/3", "100"),
    ]


def test_number_without_a_wire_form_is_an_error():
    with pytest.raises(ValueError, match="finer"):
        wire_value(F(1, 3), 3)


# What holds for every file

TO_CANONICAL = {"ug/L": 1, "mg/L": 1000, "ng/mL": 1, "ug/mL": 1000, "g/L": 1000000}
amounts = st.decimals(min_value=10, max_value=1_000_000, places=3, allow_nan=False)
in_units = [(each, F(factor)) for each, factor in TO_CANONICAL.items()]


def written(minute, value, unit, by_date):
    """One sample of an exact number of ug/L, in a unit and with either form of time."""
    name, factor = unit
    when = {"minutes": minute}
    if by_date:
        day, rest = divmod(minute + 8 * 60, 1440)
        when = {"at": f"2020-04-{1 + day:02}T{rest // 60:02}:{rest % 60:02}:31Z"}
    return {"value": plain(F(value) / factor), "unit": name, "basis": "FEU", **when}


series = st.dictionaries(
    st.integers(0, 2940),
    st.tuples(amounts, st.sampled_from(in_units), st.booleans(), st.sampled_from(in_units)),
    max_size=6,
)


@given(series, st.randoms(use_true_random=False))
def test_order_units_and_form_of_time_do_not_matter(samples, random):
    plain = [written(m, v, in_units[0], False) for m, (v, *_) in samples.items()]
    mixed = [written(m, v, unit, date) for m, (v, unit, date, _) in samples.items()]
    mixed += [written(m, v, unit, not date) for m, (v, _, date, unit) in samples.items()]
    random.shuffle(mixed)
    one, none = read({"d-dimer": plain})
    other, nothing = read({"d-dimer": mixed})
    assert none == nothing == ()
    assert one.inputs == other.inputs
    wire = to_wire(other, PROGRAM)["facts"]["d-dimer"]
    assert wire == [[m, int(v * 1000)] for m, (v, *_) in sorted(samples.items())]
    assert all(type(number) is int for pair in wire for number in pair)


names = st.sampled_from(
    [
        *("facts", "now", "anchors", "settings", "admission", "minutes", "at", "value", "unit"),
        *("basis", "by", "d-dimer", "age", "admitted", "covid-status", "strong-rise", "x"),
        "bleeding-risk-acceptable",
    ]
)
leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["840", "ug/L", "FEU", "2020-04-01T09:10:00Z", "confirmed", "1,5", "<3"])
)
documents = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=6),
    max_leaves=25,
)
patients = st.fixed_dictionaries(
    {"facts": st.dictionaries(names, documents, max_size=6)},
    optional={"now": documents, "anchors": documents, "settings": documents},
)


def assert_sound(text, name):
    patient, findings = read_patient(text, PROGRAM, name=name)
    if patient is None:
        assert any(each.severity is Severity.ERROR for each in findings)
        return
    wire = to_wire(patient, PROGRAM)
    assert json.loads(json.dumps(wire, allow_nan=False)) == wire
    unknown = {key for key, value in patient.inputs.items() if value is None}
    assert unknown == set(patient.unknown)
    assert None not in patient.settings.values()


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(documents | patients)
def test_any_json_is_read_or_told(document):
    assert_sound(json.dumps(document), "p.json")
    assert_sound(json.dumps(document), "p.yaml")


@given(st.text() | st.text(alphabet="{}[]:,\"'\n -&*!?|>%@`#<tfacs1."))
def test_any_text_is_read_or_told(text):
    assert_sound(text, "p.json")
    assert_sound(text, "p.yaml")
    assert_sound(text, "p")


@given(patients)
def test_from_node_says_the_same_as_read_patient(document):
    text = json.dumps(document, allow_nan=True)
    node, findings = read_document(text, "p.json")
    if not findings:
        assert from_node(node, PROGRAM) == read_patient(text, PROGRAM, name="p.json")


# The published schema

SCHEMA = json.loads((schemas_folder() / "patient.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def is_valid(document):
    return VALIDATOR.is_valid(document)


def test_schema_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(("name", "value", "expected"), USABLE)
def test_what_the_reader_takes_is_valid(name, value, expected):
    assert is_valid({"now": NOW, "anchors": ANCHORS, "facts": {name: value}})


def test_scaffold_patient_and_shipped_forms_are_valid():
    example = PACKAGE / "scaffold" / "template" / "patient.json"
    assert is_valid(json.loads(example.read_text(encoding="utf-8")))
    assert is_valid({"facts": {}, "now": {"minutes": 3}, "settings": None})
    chosen = {"strong-rise": {"value": 2000, "unit": "ug/L"}, "algorithm": "wells"}
    assert is_valid({"$schema": SCHEMA["$id"], "facts": {"a": None}, "settings": chosen})


ABOUT_THE_GUIDELINE = {
    "E113",
    "E114",
    "E115",
    "E116",
    "E117",
    "E118",
    "E120",
    "E121",
    "E122",
    "E123",
}
ABOUT_TIME = {"E124", "E132", "E133", "E134"}


@pytest.mark.parametrize(("name", "value", "reason", "codes"), FAULTY)
def test_schema_rejects_only_what_the_reader_refuses(name, value, reason, codes):
    document = {"now": NOW, "anchors": ANCHORS, "facts": {name: value}}
    if not is_valid(document):
        assert codes
        return
    told = set(codes)
    fits_another_kind = name == "admitted" or name == "age" or codes == ["E110"]
    exists_not = any(
        text in json.dumps(value) for text in ("02-30", "T24:", "+24:00", "1e999", "-9999999999")
    )
    assert told <= ABOUT_THE_GUIDELINE | ABOUT_TIME or fits_another_kind or exists_not


@pytest.mark.parametrize(
    "document",
    [
        [],
        {},
        {"facts": []},
        {"facts": None},
        {"facts": {}, "extra": 1},
        {"facts": {}, "now": "2020-04-03"},
        {"facts": {}, "now": {"hours": 3}},
        {"facts": {}, "anchors": {"admission": 0}},
        {"facts": {}, "settings": {"strong-rise": 2000}},
        {"facts": {}, "settings": {"strong-rise": None}},
        {"facts": {"age": 71}},
        {"facts": {"d-dimer": [840]}},
        {"facts": {"d-dimer": [sample("1,000")]}},
        {"facts": {"d-dimer": [{**sample(), "qualifier": "<"}]}},
        {"facts": {"d-dimer": [{"value": "840", "unit": "ug/L"}]}},
    ],
)
def test_structural_fault_is_rejected_by_schema_and_reader(document):
    assert not is_valid(document)
    assert read_patient(json.dumps(document), PROGRAM, name="p.json")[1] != ()


# Explanations


def test_severity_of_each_code_is_the_one_explained():
    wrong = []
    for path in sorted(explanations_folder().glob("E*.md")):
        text = path.read_text(encoding="utf-8")
        stated = re.search(r"^severity: (\w+)$", text, re.MULTILINE)[1]
        code = path.stem
        meant = "warning" if code in WARNINGS else "note" if code in NOTES else "error"
        if stated != meant:
            wrong.append(code)
    assert wrong == []


def test_each_emitted_code_is_explained():
    sources = sorted((PACKAGE / "patient").glob("*.py"))
    emitted = {code for path in sources for code in re.findall(r'"(E\d{3})"', path.read_text())}
    explained = {each.stem for each in explanations_folder().glob("E*.md")}
    assert emitted == explained
