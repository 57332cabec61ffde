"""Comparing targets: faults are found and shrunk, counts are right, all is accounted for."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings

import pathway_example
import random_programs
from conftest import GUIDELINE
from guidegraph.agree import EXECUTORS, How, agree
from guidegraph.agree.reference import Reference
from guidegraph.agree.replay import wire_patient
from guidegraph.agree.report import SILENT
from guidegraph.agree.selection import UnavailableError, select
from guidegraph.agree.text import render
from guidegraph.cli.group import cli
from guidegraph.export import ExportInput
from guidegraph.kernel import (
    Agg,
    And,
    Assume,
    Bool,
    Cmp,
    Const,
    Leaf,
    Not,
    Num,
    Or,
    Ref,
    Score,
    compare,
    replace_leaves,
)
from guidegraph.probe import Probe
from guidegraph.program import Input, Named, Program, Rule, Setting
from mistaken_target import Mistaken, Traced

pytestmark = pytest.mark.usefixtures("loaded_once")

STAY = (-720, 720)


def first_marker() -> Num:
    return Agg("first", "marker", *STAY)


def rule(name: str, guard: Bool, *unless: Ref) -> Rule:
    return Rule(
        name=name,
        label=f"Rule {name}",
        guard=guard,
        unless=unless,
        modality="Should",
        norm="should",
    )


SMALL = Program(
    guideline="small",
    version="1",
    anchor="admission",
    inputs=(
        Input(
            name="marker",
            label="Marker",
            question="?",
            kind="series",
            unit="ug/L",
            scale=3,
            low=Fraction(10),
            high=Fraction(200_000),
        ),
        Input(name="age", label="Age", question="?", kind="quantity", unit="a"),
        Input(name="in", label="Admitted", question="?", kind="boolean"),
        Input(name="bleeding", label="Bleeding", question="?", kind="boolean"),
    ),
    settings=(
        Setting(
            name="limit",
            label="Limit",
            kind="quantity",
            default=Fraction(2000),
            low=Fraction(1000),
            high=Fraction(4000),
            scale=3,
        ),
    ),
    criteria=(
        Named(
            name="LOW",
            label="Marker is low",
            condition=compare("<=", first_marker(), Const(Fraction(1000))),
        ),
        Named(
            name="RISE",
            label="Marker rises",
            condition=compare(">", Agg("max", "marker", 721, None), Ref("setting", "limit")),
        ),
    ),
    rules=(
        rule("R-STOP", And((Ref("input", "in"), Ref("input", "bleeding")))),
        rule("R-LOW", And((Ref("input", "in"), Ref("criterion", "LOW"))), Ref("rule", "R-STOP")),
        rule(
            "R-RISE",
            Or(
                (
                    And((Ref("criterion", "LOW"), Ref("criterion", "RISE"))),
                    Score(2, ((Ref("input", "in"), 1), (Ref("criterion", "RISE"), 1))),
                )
            ),
        ),
    ),
    incompatible=(),
    readings={},
)


def loaded(program: Program = SMALL) -> ExportInput:
    return ExportInput(guideline=pathway_example.guideline(), program=program)


def changed(program: Program, change: Any) -> Program:
    """The program with each leaf of each condition changed."""
    return replace(
        program,
        criteria=tuple(
            replace(each, condition=replace_leaves(each.condition, change))
            for each in program.criteria
        ),
        rules=tuple(
            replace(each, guard=replace_leaves(each.guard, change)) for each in program.rules
        ),
    )


def strict(leaf: Leaf) -> Bool:
    """``<`` for ``<=``."""
    return Cmp("<", leaf.left, leaf.right) if isinstance(leaf, Cmp) and leaf.op == "<=" else leaf


def two_valued(leaf: Leaf) -> Bool:
    """What is unknown is false."""
    return Assume(leaf, False, "wrong") if isinstance(leaf, Cmp) else leaf


def short_window(leaf: Leaf) -> Bool:
    """The last minute of each window is left out."""

    def shorter(number: Num) -> Num:
        if isinstance(number, Agg) and number.high is not None:
            return replace(number, high=number.high - 1)
        return number

    return Cmp(leaf.op, shorter(leaf.left), leaf.right) if isinstance(leaf, Cmp) else leaf


def without_overrides(program: Program) -> Program:
    return replace(program, rules=tuple(replace(each, unless=()) for each in program.rules))


def inverted_override(program: Program) -> Program:
    """The rule that is set aside is another one."""
    swapped = {"R-LOW": (), "R-RISE": (Ref("rule", "R-LOW"),)}
    return replace(
        program,
        rules=tuple(replace(e, unless=swapped.get(e.name, e.unless)) for e in program.rules),
    )


def samples(patient: Any) -> list[list[int]]:
    return [each for v in patient["facts"].values() if isinstance(v, list) for each in v]


MISTAKES = {
    "strict": (changed(SMALL, strict), 2, 1),
    "two-valued": (changed(SMALL, two_valued), 1, 0),
    "short window": (changed(SMALL, short_window), 2, 1),
    "no overrides": (without_overrides(SMALL), 3, 1),
    "wrong override": (inverted_override(SMALL), 3, 2),
}
"""For each: the wrong program, the most facts and the most samples a counterexample needs."""


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_found_and_shrunk(mistake):
    wrong, most_facts, most_samples = MISTAKES[mistake]
    report = agree(loaded(), [Mistaken(wrong)], seed=3, patients=1500)
    assert report.divergences > 0
    assert not report.is_agreed
    smallest = min(report.examples, key=lambda each: len(each.patient["facts"]))
    assert len(smallest.patient["facts"]) <= most_facts
    assert len(samples(smallest.patient)) <= most_samples
    for each in report.examples:
        assert Reference(SMALL).statuses(each.patient)[each.rule] == each.expected
        assert Reference(wrong).statuses(each.patient)[each.rule] == each.told != each.expected


def test_a_limit_is_shrunk_to_the_limit_itself():
    report = agree(loaded(), [Mistaken(changed(SMALL, strict))], patients=1500)
    found = next(each for each in report.examples if each.rule == "R-LOW")
    assert [value for _, value in samples(found.patient)] == [1_000_000]
    assert found.patient["settings"] == {}


def test_a_window_is_shrunk_to_its_end():
    report = agree(loaded(), [Mistaken(changed(SMALL, short_window))], patients=1500)
    minutes = [minute for each in report.examples for minute, _ in samples(each.patient)]
    assert 720 in minutes


@pytest.mark.parametrize("kind", [strict, short_window, two_valued])
def test_mistakes_are_found_in_the_shipped_guideline(kind, guideline, program):
    given = ExportInput(guideline=guideline, program=program)
    report = agree(given, [Mistaken(changed(program, kind))], patients=1000)
    assert report.divergences
    assert all(len(each.patient["facts"]) <= 5 for each in report.examples)


def test_a_criterion_is_named_where_the_target_gives_reasons():
    report = agree(loaded(), [Traced(changed(SMALL, strict))], patients=1500)
    parting = report.examples[0].parting
    assert parting is not None
    assert (parting.criterion, parting.expected, parting.told) == ("LOW", True, False)


def test_the_counts_are_right():
    report = agree(loaded(), [Mistaken(SMALL), Mistaken(SMALL, name="twin")], patients=1234)
    assert [each.evaluations for each in report.tallies] == [3 * 1234] * 2
    told = report.to_json()
    assert told["patients"] == 1234
    assert told["evaluations"] == 2 * 3 * 1234
    assert told["divergences"] == 0
    assert told["targets"] == ["mistaken", "twin"]
    assert told["skipped"] == told["errors"] == told["examples"] == []
    assert report.is_agreed


def test_divergences_are_counted_for_each_recommendation_and_patient():
    wrong = changed(SMALL, two_valued)
    report = agree(loaded(), [Mistaken(wrong)], seed=5, patients=300)
    right, other = Reference(SMALL), Reference(wrong)
    counted = 0
    for each in Probe(SMALL, 5).patients(0, 300):
        wanted, told = right.statuses(each), other.statuses(each)
        counted += sum(told[name] != status for name, status in wanted.items())
    assert report.divergences == counted > 0


def test_a_seed_is_reproduced_and_another_seed_is_another_one():
    def told(seed: int) -> Any:
        report = agree(loaded(), [Mistaken(changed(SMALL, two_valued))], seed, 700)
        return report.to_json()

    assert told(1) == told(1)
    assert told(1)["divergences"] != told(2)["divergences"]


def test_several_processes_find_the_same():
    contenders = [Mistaken(changed(SMALL, strict)), Mistaken(SMALL, name="right", is_fast=False)]
    alone = agree(loaded(), contenders, 1, 3000)
    shared = agree(loaded(), contenders, 1, 3000, how=How(jobs=2))
    assert shared.to_json() == alone.to_json()
    assert alone.divergences


def test_a_slow_target_gets_fewer_patients_only_where_that_is_asked_for():
    slow = Mistaken(SMALL, is_fast=False)
    assert agree(loaded(), [slow], patients=1500).tallies[0].patients == 1500
    capped = agree(loaded(), [slow], patients=1500, how=How(process_patients=1200))
    assert capped.tallies[0].patients == 1200
    assert "1,200 patients (fewer than asked)" in render(capped, pathway_example.guideline(), SMALL)


def test_a_target_that_stops_is_told_with_its_last_words_and_others_go_on():
    stopping = Mistaken(SMALL, name="stopping", stops_after=1000)
    report = agree(loaded(), [stopping, Mistaken(SMALL)], patients=2500)
    assert report.errors == {"stopping": "engine: out of paper"}
    assert {each.target: each.patients for each in report.tallies} == {
        "stopping": 1000,
        "mistaken": 2500,
    }
    assert not report.is_agreed


def test_a_recommendation_that_a_target_forgets_is_a_divergence():
    report = agree(loaded(), [Mistaken(SMALL, forgets="R-LOW")], patients=100)
    assert report.divergences == 100
    assert report.examples[0].told == SILENT
    assert report.examples[0].patient["facts"] == {}


def test_a_target_that_is_not_installed_is_skipped_with_its_reason():
    absent = Mistaken(SMALL, name="absent", lacks="absent is not installed: pip install absent")
    report = agree(loaded(), [absent, Mistaken(SMALL)], patients=10)
    assert report.skipped == {"absent": absent.lacks}
    assert report.is_agreed
    assert not agree(loaded(), [absent], patients=10).is_agreed


def test_every_target_takes_part_or_is_skipped_with_a_reason():
    quick, slow = Mistaken(SMALL, name="quick"), Mistaken(SMALL, name="slow", is_routine=False)
    absent = Mistaken(SMALL, name="absent", lacks="not here")
    known = [quick, slow, absent]
    usual = select(known)
    assert usual.executors == (quick,)
    assert set(usual.skipped) == {"slow", "absent"}
    assert all(usual.skipped.values())
    assert select(known, everything=True).executors == (quick, slow)
    assert select(known, ["slow"]).executors == (slow,)
    with pytest.raises(UnavailableError, match="not here"):
        select(known, ["absent"])
    with pytest.raises(UnavailableError, match="quick, slow, absent"):
        select(known, ["quik"])


def test_a_counterexample_is_told_in_words_with_what_replays_it():
    report = agree(loaded(), [Traced(changed(SMALL, strict))], patients=1500)
    told = render(report, pathway_example.guideline(), SMALL)
    assert "mistaken disagrees on R-LOW  Rule R-LOW" in told
    assert "Marker: 1,000 µg/L" in told
    assert "they part at LOW (Marker is low): reference true, mistaken false" in told
    written = next(line for line in told.splitlines() if line.strip().startswith('{"facts"'))
    again = wire_patient(SMALL, json.loads(written))
    assert again is not None
    found = report.examples[0]
    assert Reference(SMALL).statuses(again)[found.rule] == found.expected


def test_a_patient_file_is_not_taken_for_a_wire_patient():
    facts = {"age": {"value": "71", "unit": "a"}}
    assert wire_patient(SMALL, {"facts": facts}) is None
    assert wire_patient(SMALL, {"now": "2020-04-01T08:00:00Z", "facts": {}}) is None
    assert wire_patient(SMALL, {"facts": {"marker": [{"minutes": 1, "value": "2"}]}}) is None
    assert wire_patient(SMALL, {"facts": {"in": True, "age": 71}}) is not None


# --- the targets that exist ---

ROUTINE = [each for each in EXECUTORS if each.is_routine]


@pytest.mark.parametrize("executor", ROUTINE, ids=lambda each: each.name)
def test_a_target_agrees_on_patients_of_the_shipped_guideline(
    executor, guideline, program, shipped
):
    """On 300 patients each; ``.ci/run`` asks all targets about 1,000."""
    if why := executor.missing():
        pytest.skip(f"needs an engine: {why}")
    given = ExportInput(guideline=guideline, program=program, sources=shipped.sources)
    report = agree(given, [executor], patients=300)
    assert report.is_agreed, render(report, guideline, program)
    assert report.evaluations == 300 * len(program.rules)


@settings(
    max_examples=4,
    phases=(Phase.explicit, Phase.generate),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(random_programs.programs())
def test_targets_agree_on_random_programs(program):
    ready = [each for each in ROUTINE if each.missing() is None]
    report = agree(loaded(program), ready, patients=150)
    assert report.is_agreed, render(report, pathway_example.guideline(), program)


def invoke(*arguments: object) -> Any:
    return CliRunner().invoke(cli, ["agree", *map(str, arguments)])


def test_the_command_answers_in_json_with_what_was_promised():
    told = invoke(GUIDELINE, "--patients", 50, "--target", "python", "--format", "json")
    assert told.exit_code == 0, told.stderr
    answer = json.loads(told.stdout)
    assert answer["patients"] == 50
    assert answer["targets"] == ["python"]
    assert answer["divergences"] == 0
    assert answer["evaluations"] > 0
    names = {each.name for each in EXECUTORS} - {"python"}
    assert {each["target"] for each in answer["skipped"]} == names
    assert all(each["why"] for each in answer["skipped"])


def test_a_divergence_makes_the_command_exit_with_1(monkeypatch, program, tmp_path):
    wrong = Mistaken(changed(program, strict), name="python")
    monkeypatch.setattr("guidegraph.agree.EXECUTORS", (wrong,))
    told = invoke(GUIDELINE, "--patients", 600, "--jobs", 1)
    assert told.exit_code == 1
    assert "python disagrees on" in told.stdout
    written = next(line for line in told.stdout.splitlines() if '{"facts"' in line)
    (tmp_path / "patient.json").write_text(written, encoding="utf-8")
    again = invoke(GUIDELINE, "--patient", tmp_path / "patient.json")
    assert again.exit_code == 1
    assert "python disagrees" in again.stdout


def test_a_patient_file_is_asked_of_every_target(tmp_path):
    file = tmp_path / "patient.json"
    file.write_text('{"facts": {"admitted": true, "covid-status": "confirmed"}}', encoding="utf-8")
    told = invoke(GUIDELINE, "--patient", file, "--target", "python", "--format", "json")
    assert told.exit_code == 0, told.output
    answer = json.loads(told.stdout)
    assert answer["reference"] == answer["told"]["python"]


def test_an_unknown_target_is_a_usage_error():
    told = invoke(GUIDELINE, "--target", "pyhton")
    assert told.exit_code == 2
    assert "There is no target `pyhton`" in told.stderr


def test_a_target_asked_for_by_name_must_be_installed(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    told = invoke(GUIDELINE, "--target", "javascript")
    assert told.exit_code == 2
    assert "`javascript` cannot run here" in told.stderr


def test_not_is_understood_by_the_reference_as_by_the_kernel():
    assert Reference(SMALL).truths({"facts": {}})["LOW"] is None
    assert Reference(replace(SMALL, rules=(rule("R", Not(Ref("input", "in"))),))).statuses(
        {"facts": {"in": False}}
    ) == {"R": "applies"}
