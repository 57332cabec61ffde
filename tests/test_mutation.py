"""Faults put into a guideline on purpose: the cases notice them, or it is said why not."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
import yaml

import shipped_example
from conftest import GUIDELINE
from guidegraph.cases import read_cases, run
from guidegraph.lower import LowerError
from guidegraph.model import Guideline
from guidegraph.mutation import survivors
from guidegraph.mutation.killing import kill
from guidegraph.mutation.mutants import Mutant, mutants
from guidegraph.mutation.report import MutationReport, run_folder
from guidegraph.mutation.report import run as run_mutants
from guidegraph.mutation.suggestion import in_yaml
from guidegraph.pipeline import load
from guidegraph.scaffold import new
from test_cli import invoke

WANTED = 99
"""Of a hundred faults that matter, how many the cases of the shipped guideline must notice."""

ALL_TRIED = survivors.TRIED


def silent(label: str, done: int, total: int) -> None:
    """No progress."""


@pytest.fixture(scope="module", autouse=True)
def fewer_patients():
    """A tenth of the patients shows nearly as much; that a fault changes nothing is proved."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(survivors, "TRIED", 400)
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("mutation") / "example-marker"
    new(place)
    return place


@pytest.fixture(scope="module")
def guideline(folder) -> Guideline:
    found = load(folder).guideline
    assert found is not None
    return found


@pytest.fixture(scope="module")
def report(guideline, folder) -> MutationReport:
    return run_folder(guideline, folder, silent)


shipped = shipped_example.guideline


def of(guideline: Guideline, subject: str) -> list[Mutant]:
    return [each for each in mutants(guideline) if each.subject == subject]


def told(guideline: Guideline, subject: str) -> list[str]:
    return [each.words for each in of(guideline, subject)]


# --- what is made ---------------------------------------------------------------------------------


def test_a_limit_is_moved_by_one_step_and_misread_in_another_unit():
    assert told(shipped(), "THR-ddimer-strong-2000") == [
        "THR-ddimer-strong-2000, executableQuantity: 1,999.999 µg/L instead of 2,000 µg/L",
        "THR-ddimer-strong-2000, executableQuantity: 2,000.001 µg/L instead of 2,000 µg/L",
        "THR-ddimer-strong-2000, executableQuantity: 2,000 mg/L instead of 2,000 µg/L",
    ]


def test_a_comparator_loses_its_equal_and_turns_round(guideline):
    assert [each.becomes for each in of(guideline, "CRIT-low") if each.term == "gg:comparator"] == [
        "AtMost",
        "AtLeast",
    ]


def test_every_kind_of_fault_is_made_of_the_shipped_guideline():
    made = Counter(each.term for each in mutants(shipped()))
    assert set(made) >= {
        "gg:executableQuantity",
        "gg:comparator",
        "gg:operator",
        "gg:operand",
        "gg:observationSelector",
        "gg:timeRange",
        "gg:lowInclusive",
        "gg:expected",
        "gg:codedValue",
        "gg:modality",
        "gg:recommendsAction",
        "gg:overrides",
        "gg:points",
        "gg:minimumScore",
        "gg:defaultReading",
    }


def test_each_mutant_differs_in_one_thing_only(guideline):
    for each in mutants(guideline):
        changed = [
            name
            for name, entity in each.guideline.entities.items()
            if entity != guideline.entities[name]
        ]
        assert changed == [each.subject]


def test_each_mutant_is_another_one(guideline):
    words = [each.words for each in mutants(guideline)]
    assert len(words) == len(set(words))


# --- what becomes of it ---------------------------------------------------------------------------


def test_a_mutant_is_killed_exactly_if_a_case_fails_on_it(guideline, folder):
    cases, _ = read_cases((folder / "cases.yaml").read_text("utf-8"), "cases.yaml", guideline)
    for each in kill(guideline, cases, mutants(guideline), silent):
        if each.mutant.term in ("gg:modality", "gg:recommendsAction"):
            continue
        try:
            failed = {e.case.id for e in run(each.mutant.guideline, cases).outcomes if not e.passed}
        except LowerError:
            assert each.is_refused
            continue
        assert (each.killed_by in failed) if failed else each.survives, each.mutant.words


def test_an_outcome_is_noticed_only_where_a_case_states_it(guideline):
    stated = "REC-1: {modality: Should, action: ACT-measure}"
    text = f"cases: [{{id: a, patient: {{}}, expect: {{outcomes: {{{stated}}}}}}}]"
    cases, _ = read_cases(text, "cases.yaml", guideline)
    wanted = [each for each in mutants(guideline) if each.term == "gg:modality"]
    found = {e.mutant.subject: e.killed_by for e in kill(guideline, cases, wanted, silent)}
    assert found["REC-1"] == "a"
    assert found["REC-2"] is None


def test_without_cases_nothing_is_noticed(guideline, tmp_path):
    report = run_folder(guideline, tmp_path, silent)
    assert report.killed == 0
    assert report.unnoticed


def test_what_no_case_notices_is_a_finding_with_its_place(report):
    findings = list(report.findings)
    assert len(findings) == len(report.unnoticed)
    assert all(each.code == "T301" and each.at.line > 1 for each in findings)


def test_proposed_cases_pass_and_notice_what_was_not_noticed(guideline, tmp_path):
    new(tmp_path / "example-marker")
    path = tmp_path / "example-marker" / "cases.yaml"
    kept = yaml.safe_load(path.read_text("utf-8"))
    kept["cases"] = kept["cases"][:1]
    path.write_text(yaml.safe_dump(kept), "utf-8")
    before = run_folder(guideline, path.parent, silent)
    assert before.suggestions
    written = in_yaml(before.suggestions)
    assert "\n  - id: " in written and "\n- id: " not in written, "stands below other cases"
    proposed = yaml.safe_load(written)["cases"]
    path.write_text(yaml.safe_dump({**kept, "cases": [*kept["cases"], *proposed]}), "utf-8")
    cases, findings = read_cases(path.read_text("utf-8"), "cases.yaml", guideline)
    assert not findings
    assert all(each.passed for each in run(guideline, cases).outcomes)
    after = run_folder(guideline, path.parent, silent)
    missing = [each for each in after.survivors if each.reason == "missing case"]
    outcomes = ("gg:modality", "gg:recommendsAction")
    assert [e for e in missing if e.killing.mutant.term not in outcomes] == []
    assert after.killed > before.killed


def test_the_command_lists_survivors_and_proposes_cases(folder, tmp_path):
    place = tmp_path / "example-marker"
    shutil.copytree(folder, place)
    result = invoke("test", place, "--mutants", "--format", "json")
    answer = json.loads(result.stdout)
    assert answer["mutants"] == answer["killed"] + answer["refused"] + len(answer["survivors"])
    assert invoke("test", place, "--suggest").exit_code == 0


@pytest.mark.slow
def test_the_cases_of_the_shipped_guideline_notice_nearly_every_fault(monkeypatch):
    monkeypatch.setattr(survivors, "TRIED", ALL_TRIED)
    report = run_folder(shipped(), GUIDELINE, silent)
    matter = report.killed + len(report.unnoticed)
    assert report.killed * 100 >= WANTED * matter, [
        each.killing.mutant.words for each in report.unnoticed
    ]


def test_a_sample_of_faults_in_the_shipped_guideline_is_noticed():
    guideline = shipped()
    cases, _ = read_cases((GUIDELINE / "cases.yaml").read_text("utf-8"), "cases.yaml", guideline)
    sample = [each for each in mutants(guideline) if each.subject.startswith("OUD-REC-4")]
    report = run_mutants(guideline, cases, None, sample, silent)
    assert len(report.killings) > 10
    assert not report.unnoticed, [each.killing.mutant.words for each in report.unnoticed]


def test_cases_are_proposed_where_there_are_none_yet(folder, tmp_path):
    place = tmp_path / "example-marker"
    shutil.copytree(folder, place)
    (place / "cases.yaml").unlink()
    assert yaml.safe_load(invoke("test", place, "--suggest").stdout)["cases"]
