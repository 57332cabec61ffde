"""Cases: reading them with places, running them, and what they cover."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from guidegraph.cases import Report, read_cases, run, run_folder
from guidegraph.cases.text import render
from guidegraph.cli.group import cli
from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.scaffold import TEMPLATE
from program_example import scaffold

DEFAULTS = """\
defaults:
  patient:
    now: "2026-01-01T20:00:00Z"
    anchors: {admission: "2026-01-01T08:00:00Z"}
    facts: {admitted: true, infection-status: confirmed, treatment-refused: false}
cases:
"""
HIGH = 'patient: {facts: {example-marker: [{minutes: 30, value: "1500", unit: "ug/L"}]}}'


def report(*cases: str, defaults: str = DEFAULTS) -> Report:
    """The report on these cases (each the inside of a case, one entry a line)."""
    listed = ["  - " + case.strip().replace("\n", "\n    ") for case in cases]
    text = defaults + "\n".join(listed) + "\n"
    found, findings = read_cases(text, "cases.yaml", scaffold())
    return run(scaffold(), found, findings)


def failures(found: Report) -> list[Diagnostic]:
    return [each for each in found.findings if each.severity is not Severity.NOTE]


def told(found: Report) -> list[tuple[str, int]]:
    """Codes and lines of everything beyond notes."""
    return [(each.code, each.at.line if each.at else 0) for each in failures(found)]


# --- running ------------------------------------------------------------------------------------


def test_the_cases_of_the_scaffold_pass_and_cover_everything() -> None:
    found = run_folder(scaffold(), TEMPLATE)
    assert found.findings == ()
    assert len(found.outcomes) > 10
    assert found.failed == ()


def test_every_recommendation_that_is_not_listed_must_be_not_applicable() -> None:
    found = report(f"id: high\n{HIGH}\nexpect: {{applies: [REC-1]}}")
    (failure,) = failures(found)
    assert (failure.code, failure.subject) == ("T101", "REC-2")
    assert "`REC-2` applies, but the case expects that it does not apply" in failure.message


def test_a_wrong_status_is_told_where_it_is_expected_with_the_datum_that_decides() -> None:
    marker = HIGH.replace("1500", "49.999")
    found = report(f"id: low\n{marker}\nexpect: {{applies: [REC-1, REC-3]}}")
    (failure,) = failures(found)
    assert failure.at is not None
    assert (failure.at.line, failure.at.column) == (9, 31)
    assert failure.why == "Marker low on admission: yes (49.999 µg/L, limit 50 µg/L)."


def test_a_provisional_status_is_explained_by_its_exception() -> None:
    facts = HIGH.replace("facts: {", "facts: {treatment-refused: null, ")
    found = report(f"id: high\n{facts}\nexpect: {{applies: [REC-1, REC-2]}}")
    assert [each.why for each in failures(found)] == [
        "The patient refuses the treatment: not known."
    ]


def test_null_in_a_case_overrides_the_default() -> None:
    found = report(
        "id: nothing\npatient: {facts: {admitted: null}}\nexpect: {undetermined: "
        "[REC-1, REC-2, REC-3, REC-4]}"
    )
    assert told(found) == []


def test_facts_merge_name_by_name_and_other_parts_as_a_whole() -> None:
    later = 'now: "2026-01-05T08:00:00Z"'
    inside = HIGH.replace("facts:", f"{later}, facts:")
    found = report(f"id: later\n{inside}\nexpect: {{applies: [REC-1, REC-2]}}")
    assert told(found) == []


def test_settings_and_readings_of_a_case_are_used() -> None:
    at_limit = HIGH.replace("1500", "1000")
    setting = at_limit.replace(
        "patient: {", 'patient: {settings: {marker-high: {value: "2000", unit: "ug/L"}}, '
    )
    age = "age: {value: '50', unit: a}, "
    found = report(
        f"id: a\n{at_limit}\nexpect: {{applies: [REC-1, REC-2]}}",
        f"id: b\n{at_limit.replace('facts: {', 'facts: {' + age)}\n"
        "readings: {IP-high: above-limit}\nexpect: {applies: [REC-1, REC-3]}",
        f"id: c\n{setting.replace('facts: {', 'facts: {' + age)}\n"
        "expect: {applies: [REC-1, REC-3]}",
    )
    assert told(found) == []


def test_not_covered_is_checked_only_if_it_is_stated() -> None:
    outside = "patient: {facts: {infection-status: excluded}}"
    found = report(
        f"id: a\n{outside}\nexpect: {{}}",
        f"id: b\n{outside}\nexpect: {{notCovered: true}}",
        f"id: c\n{outside}\nexpect: {{notCovered: false}}",
    )
    assert told(found) == [("T103", 13)]


WRONG_UNIT = HIGH.replace("ug/L", "mmol/L")
OPEN = "applies: [REC-1], undetermined: [REC-2, REC-3, REC-4]"


def test_messages_of_the_patient_must_be_expected() -> None:
    found = report(f"id: unit\n{WRONG_UNIT}\nexpect: {{{OPEN}}}")
    (failure,) = failures(found)
    assert failure.code == "T102"
    ((place, words),) = failure.related
    assert place.line == 8
    assert "mmol/L" in words


def test_expected_messages_must_come() -> None:
    found = report(f"id: unit\n{WRONG_UNIT}\nexpect: {{{OPEN}}}")
    code = failures(found)[0].related[0][1].split(":")[0]
    assert told(report(f"id: unit\n{WRONG_UNIT}\nexpect: {{{OPEN}, messages: [{code}]}}")) == []
    missing = report(f"id: high\n{HIGH}\nexpect: {{applies: [REC-1, REC-2], messages: [{code}]}}")
    assert told(missing) == [("T102", 7)]


def test_a_patient_that_cannot_be_read_fails_the_case() -> None:
    patient = "patient: {settings: {no-such: 1}}"
    found = report(f"id: wrong\n{patient}\nexpect: {{applies: [REC-1]}}")
    assert told(found) == [("T102", 7)]
    assert found.outcomes[0].standings == ()


def test_expected_conflicts_must_be_there() -> None:
    expect = "expect: {applies: [REC-1, REC-2], conflicts: [[REC-2, REC-1]]}"
    assert told(report(f"id: high\n{HIGH}\n{expect}")) == [("T104", 7)]


def test_a_conflict_must_be_expected() -> None:
    from dataclasses import replace

    from guidegraph.model import Action

    known = scaffold()
    action = known.one("ACT-treat", Action)
    clashing = replace(action, incompatible_with=("ACT-measure",))
    source = replace(known, entities={**known.entities, "ACT-treat": clashing})
    text = DEFAULTS + f"  - id: high\n    {HIGH}\n    expect: {{applies: [REC-1, REC-2]%s}}\n"
    for expected, codes in (("", ["T104"]), (", conflicts: [[REC-1, REC-2]]", [])):
        cases, findings = read_cases(text % expected, "cases.yaml", source)
        assert [each.code for each in failures(run(source, cases, findings))] == codes


# --- reading ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("id: a\nexpect: [REC-1]", [("T001", 8)]),
        ("name: a\nexpect: {}", [("T001", 7)]),
        ("id: a", [("T001", 7)]),
        ("id: a\nexpect: {notCovered: maybe}", [("T001", 8)]),
        ("id: a\nexpect: {applies: REC-1}", [("T001", 8)]),
        ("id: a\nexpect: {conflicts: [[REC-1]]}", [("T001", 8)]),
        ("id: a\nexpect: {applies: [REC-11]}", [("T002", 8)]),
        ("id: a\nreadings: {IP-lo: x}\nexpect: {}", [("T002", 8)]),
        ("id: a\nreadings: {IP-high: x}\nexpect: {}", [("T002", 8)]),
        ("id: a\nexpect: {}\nexpects: {}", [("T003", 9)]),
        ("id: a\nexpect: {apply: [REC-1]}", [("T003", 8)]),
        ("id: a\nexpect: {applies: [REC-1], defeated: [REC-1]}", [("T005", 8)]),
        ("- a", [("T001", 7)]),
    ],
)
def test_a_fault_in_a_case_is_told_at_its_line_and_the_case_is_not_run(
    case: str, expected: list[tuple[str, int]]
) -> None:
    found = report(case)
    assert told(found) == expected
    assert found.outcomes == ()


def test_a_wrong_name_gets_a_suggestion() -> None:
    helps = [
        failures(report(case))[0].help
        for case in (
            "id: a\nexpect: {applies: [rec-1]}",
            "id: a\nreadings: {IP-hihg: x}\nexpect: {}",
            "id: a\nreadings: {IP-high: above-limits}\nexpect: {}",
            "id: a\nexpect: {}\npatiant: {}",
        )
    ]
    assert helps == [
        "Did you mean `REC-1`?",
        "Did you mean `IP-high`?",
        "Did you mean `above-limit`?",
        "Did you mean `patient`?",
    ]


def test_the_second_of_two_equal_ids_is_told_and_not_run() -> None:
    case = f"id: high\n{HIGH}\nexpect: {{applies: [REC-1, REC-2]}}"
    found = report(case, case)
    assert told(found) == [("T004", 10)]
    assert len(found.outcomes) == 1


def test_a_file_without_cases_is_a_warning() -> None:
    assert told(report(defaults="cases: []\n")) == [("T006", 1)]
    assert told(report(defaults="defaults: {patient: {facts: {}}}\n")) == [("T006", 1)]


def test_a_missing_file_is_a_warning(tmp_path: Path) -> None:
    found = run_folder(scaffold(), tmp_path)
    assert [each.code for each in found.findings] == ["T006"]


def test_faults_of_the_document_are_told() -> None:
    assert told(report(defaults="cases: [\n")) != []
    assert [code for code, _ in told(report(defaults="- a\n"))] == ["T001"]


# --- coverage -----------------------------------------------------------------------------------

UNKNOWN = "id: unknown\nexpect: {applies: [REC-1], undetermined: [REC-2, REC-3, REC-4]}"


def counts(found: Report) -> dict[str, int]:
    return {each.branch: each.count for each in found.coverage.branches}


def test_statuses_are_counted_and_exceptions_ask_for_more() -> None:
    found = report(UNKNOWN, f"id: high\n{HIGH}\nexpect: {{applies: [REC-1, REC-2]}}")
    covered = {each.rule: dict(each.counts) for each in found.coverage.rules}
    assert covered["REC-1"] == {"applies": 2, "undetermined": 0, "notApplicable": 0}
    assert covered["REC-2"] == {
        "applies": 1,
        "provisional": 0,
        "undetermined": 1,
        "defeated": 0,
        "notApplicable": 0,
    }


def test_a_branch_is_taken_by_those_who_arrive_and_fulfil_it() -> None:
    found = counts(report(f"id: high\n{HIGH}\nexpect: {{applies: [REC-1, REC-2]}}"))
    assert {name for name, count in found.items() if count} == {"B-level-high"}


def test_otherwise_is_taken_when_every_other_branch_is_false() -> None:
    between = HIGH.replace("1500", "200").replace("facts: {", "facts: {age: {value: 50, unit: a}, ")
    found = counts(report(f"id: b\n{between}\nexpect: {{applies: [REC-1, REC-3]}}"))
    assert {name for name, count in found.items() if count} == {"B-level-between", "B-older-no"}


def test_when_unknown_is_taken_when_no_branch_can_be_chosen() -> None:
    found = counts(report(UNKNOWN))
    assert {name for name, count in found.items() if count} == {"B-level-unknown"}


def test_nobody_outside_the_population_takes_a_branch() -> None:
    outside = "id: out\npatient: {facts: {infection-status: excluded}}\nexpect: {notCovered: true}"
    assert sum(counts(report(outside)).values()) == 0


def test_what_is_not_covered_is_noted_once_every_case_passes() -> None:
    high = f"id: high\n{HIGH}\nexpect: {{applies: [REC-1%s]}}"
    noted = report(high % ", REC-2").findings
    assert {each.code for each in noted} == {"T201", "T202"}
    assert {each.severity for each in noted} == {Severity.NOTE}
    assert {each.code for each in report(high % "").findings} == {"T101"}


def test_the_table_marks_what_no_case_shows() -> None:
    lines = render(report(UNKNOWN)).splitlines()
    first = next(line for line in lines if line.startswith("REC-1"))
    assert first.split() == ["REC-1", "1", "·", "0", "!", "·", "0", "!"]
    assert lines[-1].startswith("1 of 1 cases as expected; 4 of 14 statuses and 1 of 7 branches")


# --- the command --------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from guidegraph.scaffold import new

    monkeypatch.chdir(tmp_path)
    new(Path("example-marker"))
    return Path("example-marker")


def test_test_prints_tables_on_stdout_and_findings_on_stderr(folder: Path) -> None:
    (folder / "cases.yaml").write_text(
        f"{DEFAULTS}  - {{id: a, {HIGH}, expect: {{applies: [REC-1, REC-2]}}}}\n", encoding="utf-8"
    )
    result = CliRunner().invoke(cli, ["test", str(folder)])
    assert result.exit_code == 0, result.stderr
    assert "1 of 1 cases as expected" in result.stdout
    assert "note[T202]" in result.stderr


def test_test_in_json_is_one_document(folder: Path) -> None:
    result = CliRunner().invoke(cli, ["test", str(folder), "--format", "json"])
    answer = json.loads(result.stdout)
    assert (answer["passed"], answer["failed"]) == (len(answer["cases"]), 0)
    assert answer["cases"][0] == {
        "id": "low",
        "name": "Marker just below the low limit, so nothing follows but the measurement",
        "passed": True,
    }
    assert answer["findings"] == []
    assert set(answer["coverage"]) == {"recommendations", "branches"}


def test_test_exits_with_1_when_a_case_fails(folder: Path) -> None:
    path = folder / "cases.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[REC-1, REC-4]", "[REC-1, REC-3]"), encoding="utf-8")
    for form in ("text", "json", "github", "sarif"):
        assert CliRunner().invoke(cli, ["test", str(folder), "--format", form]).exit_code == 1


def test_decide_prints_text_or_json_alone_on_stdout(folder: Path) -> None:
    patient = str(folder / "patient.json")
    text = CliRunner().invoke(cli, ["decide", patient, str(folder)])
    assert (text.exit_code, text.stderr) == (0, "")
    assert "Find out next" in text.stdout
    answer = CliRunner().invoke(cli, ["decide", patient, str(folder), "--format", "json"])
    assert json.loads(answer.stdout)["notCovered"] is False


def test_decide_takes_settings_and_readings(folder: Path) -> None:
    patient = str(folder / "patient.json")
    arguments = ["decide", patient, str(folder), "--format", "json"]
    changed = CliRunner().invoke(cli, [*arguments, "--setting", "marker-high=1500 ug/L"])
    statuses = {
        each["id"]: each["status"] for each in json.loads(changed.stdout)["recommendations"]
    }
    assert statuses["REC-2"] == "notApplicable"
    wrong = CliRunner().invoke(cli, [*arguments, "--reading", "IP-hihg=above-limit"])
    assert wrong.exit_code == 2
    assert "Did you mean `IP-high`?" in wrong.stderr


def test_decide_tells_faults_of_the_patient_file_on_stderr_and_exits_with_1(folder: Path) -> None:
    Path("patient.json").write_text('{"facts": {"admittted": true}}', encoding="utf-8")
    result = CliRunner().invoke(cli, ["decide", "patient.json", str(folder)])
    assert result.exit_code == 1
    assert "Did you mean `admitted`?" in result.stderr
    assert "Not determined" in result.stdout
    nothing = CliRunner().invoke(cli, ["decide", "nothing.json", str(folder)])
    assert (nothing.exit_code, nothing.stdout) == (1, "")
