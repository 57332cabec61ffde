"""The report of a verification: its words, its data, its exit code, and where it falls short."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import verify_example as example
from guidegraph.cli.group import cli
from guidegraph.diagnostic import Location, Severity
from guidegraph.entity import Text
from guidegraph.lower import lower
from guidegraph.model import AcceptedFinding, Guideline
from guidegraph.patient import written
from guidegraph.pipeline import load
from guidegraph.scaffold import new
from guidegraph.verify import Readings, all_readings, verify
from guidegraph.verify.shortfalls import shortfalls
from guidegraph.verify.told import as_data, in_words

BASE = "example-marker"
CLASH = Path(__file__).parent / "bad" / "L413-an-option-not-given.ttl"
FILES = ["index.html", "verification.json", "verification.sarif"]
ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scaffold guideline with advice against what it offers."""
    made = tmp_path_factory.mktemp("verify") / BASE
    new(made)
    shutil.copy(CLASH, made / "clash.ttl")
    return made


@pytest.fixture(scope="module")
def marker(folder: Path) -> Guideline:
    found = load(folder).guideline
    assert found is not None
    return found


def choices(guideline: Guideline) -> tuple[dict[str, str], ...]:
    return tuple(dict(each) for each in all_readings(guideline).choices)


def entry(code: str, *concerns: str) -> AcceptedFinding:
    return AcceptedFinding(
        id="ACC-1",
        iri="https://example.org/ACC-1",
        at=Location("accepted.ttl", 1),
        label=Text((("en", "Accepted"),)),
        finding_code=code,
        concerns=concerns,
        rationale=Text((("en", "Meant so."),)),
        attributed_to=("encoder",),
        accepted_on="2026-11-21",
    )


def told(guideline: Guideline, *findings, **given) -> str:
    return "\n".join(in_words(guideline, example.report(choices(guideline), findings, **given)))


# --- in words -------------------------------------------------------------------------------------


def test_the_first_lines_count_what_was_found_and_looked_at(marker: Guideline) -> None:
    found = (
        example.finding(example.refuted("L412", ERROR, "REC-1"), example.everywhere(2)),
        example.finding(example.refuted("L413", WARNING, "REC-2"), example.everywhere(2)),
        example.finding(
            example.refuted("L414", NOTE, "REC-3"),
            example.everywhere(2),
            accepted=entry("L414", "REC-3"),
        ),
    )
    lines = told(marker, *found, open=(example.unproved("L421", "REC-4"),)).splitlines()
    assert lines[0] == ("Example marker: 1 error, 1 warning, 0 notes; 1 accepted; 1 not proved.")
    assert lines[1] == "Looked at 2 of 2 readings, all patients; the result is partial."


def test_a_finding_says_where_for_whom_and_what_decides_it(marker: Guideline) -> None:
    shown = example.refuted("L413", WARNING, "REC-2", "REC-9")
    found = example.finding(
        shown, example.decided("IP-high", "READ-from-limit"), recorded=("DISC-range",)
    )
    assert told(marker, found).split("\n\n")[1].splitlines() == [
        "warning[L413]: Message of L413.",
        "  where: Where of L413",
        "  for example: Witness of L413",
        (
            "  in 1 of 2 readings, only with “Does a value equal to the limit count as high?” read "
            "as “Yes: high begins at the limit”"
        ),
        "  why: Why of L413.",
        "  recorded as: “A range is printed where one limit is needed” (DISC-range)",
        "  help: Help of L413.",
    ]


def test_a_region_that_differs_between_readings_is_told_for_each(marker: Guideline) -> None:
    shown = example.refuted("L413", WARNING, "REC-2")
    other = example.refuted("L413", WARNING, "REC-2", where="Elsewhere")
    lines = told(marker, example.finding(shown, example.everywhere(2), other)).splitlines()
    assert "  where: Where of L413" in lines
    assert "  but in 1 of them: where Elsewhere" in lines


def test_every_box_of_a_region_has_its_own_line(marker: Guideline) -> None:
    shown = example.refuted("L413", WARNING, "REC-2", where="Age below 60; or Age above 80")
    lines = told(marker, example.finding(shown, example.everywhere(2))).splitlines()
    at = lines.index("  where: any of")
    assert lines[at + 1 : at + 3] == ["    - Age below 60", "    - Age above 80"]


def test_an_accepted_finding_says_who_when_and_why_and_no_help(marker: Guideline) -> None:
    shown = example.refuted("L413", WARNING, "REC-2")
    held = told(
        marker,
        example.finding(shown, example.everywhere(2), accepted=entry("L413", "REC-2")),
    )
    assert "  accepted: Meant so. (encoder, 2026-11-21; ACC-1)" in held.splitlines()
    assert "Help of L413" not in held


def test_what_is_proved_and_what_is_not_is_listed(marker: Guideline) -> None:
    words = told(
        marker,
        proved=(example.proved("L441", "A higher marker never means less", "REC-2"),),
        open=(example.unproved("L412", "REC-1", "REC-2", reasons=("effort", "time")),),
    )
    assert "  A higher marker never means less (REC-2), in 2 of 2 readings" in words
    assert "more steps than allowed and no time left, 2 of 2 readings" in words


# --- as data --------------------------------------------------------------------------------------


def test_data_have_stable_keys(marker: Guideline) -> None:
    shown = example.refuted("L413", WARNING, "REC-2")
    found = example.finding(shown, example.decided("IP-high", "READ-from-limit"))
    data = as_data(marker, example.report(choices(marker), (found,), cut_short=("example-marker",)))
    assert list(data) == [
        "guideline",
        "version",
        "counts",
        "partial",
        "readings",
        "boundedSeries",
        "findings",
        "proved",
        "notProved",
        "shortfalls",
    ]
    (one,) = data["findings"]
    assert (one["code"], one["severity"], one["subjects"]) == ("L413", "warning", ["REC-2"])
    assert one["readings"] == {
        "count": 1,
        "of": 2,
        "inDefault": True,
        "decidedBy": ["IP-high"],
        "onlyIf": [{"IP-high": ["READ-from-limit"]}],
    }
    assert data["boundedSeries"] == ["example-marker"]
    assert data["counts"]["warning"] == 1
    json.dumps(data)


def test_a_witness_is_a_patient_file_that_shows_the_finding(
    folder: Path, tmp_path: Path, marker: Guideline
) -> None:
    data = as_data(marker, verify(marker))
    (clash,) = (each for each in data["findings"] if each["code"] == "L413")
    patient = tmp_path / "witness.json"
    patient.write_text(json.dumps(clash["witness"]["patient"]))
    asked = ["decide", str(patient), str(folder), "--format", "json"]
    for point, reading in clash["witness"]["readings"].items():
        asked += ["--reading", f"{point}={reading}"]
    answer = json.loads(CliRunner().invoke(cli, asked).stdout)
    assert [sorted(each["recommendations"]) for each in answer["conflicts"]] == [
        sorted(clash["subjects"])
    ]


def test_a_written_patient_leaves_out_what_is_as_beneath(marker: Guideline) -> None:
    program = lower(marker)
    patient = {"facts": {"now": 0, "age": 70, "admitted": True}, "settings": {}}
    beneath = {"facts": {"now": 0, "admitted": True}, "settings": {}}
    assert written(program, patient, beneath) == {"facts": {"age": {"value": "70", "unit": "a"}}}
    assert written(program, patient)["now"] == {"minutes": 0}


# --- where it falls short -------------------------------------------------------------------------


def codes(guideline: Guideline, *findings, **given) -> list[str]:
    made = example.report(choices(guideline), findings, **given)
    return [each.code for each in shortfalls(guideline, made)]


def test_a_complete_report_falls_short_of_nothing(marker: Guideline) -> None:
    assert codes(marker) == []


def test_what_took_too_many_steps_is_told_once_for_each_code(marker: Guideline) -> None:
    unproved = [example.unproved(code, f"REC-{n}") for code in ("L412", "L421") for n in (1, 2, 3)]
    assert codes(marker, open=tuple(unproved)) == ["L491", "L491"]


def test_what_time_did_not_allow_is_told_once(marker: Guideline) -> None:
    late = [example.unproved("L412", f"REC-{n}", reasons=("time",)) for n in range(1, 10)]
    (found,) = shortfalls(marker, example.report(choices(marker), (), open=tuple(late)))
    assert found.code == "L492"
    assert "9 questions" in found.message
    assert (found.why or "").count("“") == 3
    assert "and 6 more" in (found.why or "")


def test_readings_that_were_not_looked_at_are_told(marker: Guideline) -> None:
    some = Readings(choices=choices(marker), total=512)
    assert codes(marker, readings=some) == ["L493"]


def test_an_acceptance_that_fits_nothing_is_told(marker: Guideline) -> None:
    accepting = example.with_entry(marker, entry("L412", "REC-1"))
    assert codes(accepting) == ["L494"]


def test_an_acceptance_that_fits_is_not(marker: Guideline) -> None:
    accepting = example.with_entry(marker, entry("L412", "REC-1"))
    shown = example.refuted("L412", ERROR, "REC-1", "REC-2")
    assert codes(accepting, example.finding(shown, example.everywhere(2))) == []


@pytest.mark.parametrize("code", ["A301", "L301", "L999"])
def test_acceptances_of_other_commands_are_left_to_them(marker: Guideline, code: str) -> None:
    assert codes(example.with_entry(marker, entry(code, "REC-1"))) == []


def test_acceptances_are_not_looked_for_where_something_is_unknown(marker: Guideline) -> None:
    accepting = example.with_entry(marker, entry("L412", "REC-1"))
    unproved = (example.unproved("L412", "REC-1"),)
    assert codes(accepting, open=unproved) == ["L491"]
    one = Readings(choices=choices(marker)[:1], total=1)
    assert codes(accepting, readings=one) == []


def test_the_audit_leaves_acceptances_of_the_verification_alone(marker: Guideline) -> None:
    from guidegraph.audit import audit

    accepting = example.with_entry(marker, entry("L412", "REC-1"))
    assert "A901" not in {each.diagnostic.code for each in audit(accepting).findings}
    unknown = example.with_entry(marker, entry("L999", "REC-1"))
    assert "A903" in {each.diagnostic.code for each in audit(unknown).findings}


# --- the command ----------------------------------------------------------------------------------


def run(folder: Path, output: Path, *more: str) -> Result:
    result = CliRunner().invoke(cli, ["verify", str(folder), "-o", str(output), *more])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scaffold guideline as it is."""
    made = tmp_path_factory.mktemp("quiet") / BASE
    new(made)
    return made


def test_warnings_fail_and_the_report_is_written(folder: Path, tmp_path: Path) -> None:
    result = run(folder, tmp_path / "out")
    assert result.exit_code == 1
    assert "warning[L413]" in result.stdout
    page = tmp_path / "out" / "verification" / "index.html"
    assert str(page) in result.stderr
    names = sorted(each.name for each in page.parent.iterdir())
    assert names == FILES
    assert "REC-9" in page.read_text("utf-8")


def test_a_fixed_reading_leaves_the_others_free(folder: Path, tmp_path: Path) -> None:
    fixed = run(folder, tmp_path, "--reading", "IP-high=above-limit", "--format", "json")
    data = json.loads(fixed.stdout)
    assert data["readings"] == {"examined": 1, "total": 1}
    (clash,) = (each for each in data["findings"] if each["code"] == "L413")
    assert "above 1,000" in clash["where"]
    assert clash["witness"]["readings"] == {"IP-high": "READ-above-limit"}


def test_the_default_reading_alone_is_no_partial_result(folder: Path, tmp_path: Path) -> None:
    data = json.loads(run(folder, tmp_path, "--default-reading", "--format", "json").stdout)
    assert (data["readings"], data["partial"]) == ({"examined": 1, "total": 1}, False)


def test_an_unknown_reading_is_a_usage_error(folder: Path, tmp_path: Path) -> None:
    result = run(folder, tmp_path, "--reading", "IP-hihg=above-limit")
    assert result.exit_code == 2
    assert "IP-high" in result.stderr


def test_sarif_holds_findings_and_what_was_not_proved(folder: Path, tmp_path: Path) -> None:
    result = run(folder, tmp_path, "--effort", "1", "--format", "sarif")
    found = {each["ruleId"] for each in json.loads(result.stdout)["runs"][0]["results"]}
    assert "L491" in found
    written_one = (tmp_path / "verification" / "verification.sarif").read_text("utf-8")
    assert json.loads(written_one) == json.loads(result.stdout)


def test_annotations_of_github_hold_findings(folder: Path, tmp_path: Path) -> None:
    assert "title=L413" in run(folder, tmp_path, "--format", "github").stdout


@pytest.mark.parametrize("limit", [("--time-limit", "0"), ("--effort", "1")])
def test_what_is_not_proved_fails_only_where_strict(
    folder: Path, tmp_path: Path, limit: tuple[str, str]
) -> None:
    lenient = run(folder, tmp_path, *limit)
    strict = run(folder, tmp_path, *limit, "--strict")
    assert "the result is partial" in lenient.stdout
    assert (lenient.exit_code, strict.exit_code) == (0, 1)


def test_output_among_the_files_of_the_guideline_is_refused(folder: Path) -> None:
    assert run(folder, folder / "report").exit_code == 2
    assert not (folder / "report").exists()


def test_without_the_solver_it_says_how_to_install_it(
    quiet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)
    result = run(quiet, tmp_path / "out")
    assert result.exit_code == 1
    assert "error[L495]" in result.stdout
    assert 'pip install "z3-solver>=4.13"' in result.stdout
    assert not (tmp_path / "out").exists()


def test_without_the_solver_a_build_goes_on(
    quiet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)
    result = CliRunner().invoke(cli, ["build", str(quiet), "--output", str(tmp_path)])
    assert "note[L495]" in result.stderr
    assert result.exit_code == 0
    assert (tmp_path / "site" / "verification" / "index.html").is_file()
    assert not (tmp_path / "verification").exists()


def test_the_manifest_of_a_build_knows_a_later_verification(folder: Path, tmp_path: Path) -> None:
    CliRunner().invoke(cli, ["build", str(folder), "--output", str(tmp_path)])
    assert len(listed(tmp_path) & {f"verification/{name}" for name in FILES}) == len(FILES)
    before = (tmp_path / "verification" / "verification.json").read_bytes()
    run(folder, tmp_path, "--default-reading")
    assert (tmp_path / "verification" / "verification.json").read_bytes() != before
    assert len(listed(tmp_path) & {f"verification/{name}" for name in FILES}) == len(FILES)


def listed(output: Path) -> set[str]:
    """The paths in a manifest, each listed once and with the hash of what is there."""
    found = json.loads((output / "manifest.json").read_text("utf-8"))["artefacts"]
    for each in found:
        content = (output / each["path"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == each["sha256"], each["path"]
        assert len(content) == each["bytes"]
    paths = {each["path"] for each in found}
    assert len(paths) == len(found)
    return paths
