"""The plan: what differs, in which class, and who gets something else."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from conftest import GUIDELINE
from guidegraph.cli.group import cli
from guidegraph.evaluate.status import meaning
from guidegraph.kernel import Ref
from guidegraph.lower import lower
from guidegraph.model import Guideline
from guidegraph.plan.classes import Rank
from guidegraph.plan.plan import Plan, compare
from guidegraph.plan.sides import load_side
from guidegraph.plan.told import as_data, in_markdown, in_words
from guidegraph.scaffold import new as new_guideline
from guidegraph.wire import values

NAME = "example-marker"


@pytest.fixture(scope="module")
def old_folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("old") / NAME
    new_guideline(folder)
    return folder


@pytest.fixture(scope="module")
def old(old_folder) -> Guideline:
    return guideline_of(old_folder)


@pytest.fixture
def edit(old_folder, tmp_path):
    """The example with some words of some files replaced; every file if none is named."""

    def edited(*pairs: tuple[str, str], file: str = "*.ttl") -> Path:
        folder = tmp_path / NAME
        shutil.copytree(old_folder, folder)
        for before, after in pairs:
            met = 0
            for path in folder.glob(file):
                text = path.read_text(encoding="utf-8")
                met += len(re.findall(before, text))
                path.write_text(re.sub(before, after, text), encoding="utf-8")
            assert met, before
        return folder

    return edited


def guideline_of(folder: Path) -> Guideline:
    side = load_side(folder)
    assert side.guideline is not None, side.findings
    assert not side.findings
    return side.guideline


def plan_of(old: Guideline, folder: Path, **others) -> Plan:
    return compare(old, guideline_of(folder), folder=folder, **others)


def the_change(plan: Plan):
    (change,) = plan.changes
    return change


def effective(guideline: Guideline, name: str, patient) -> bool | None:
    program = lower(guideline)
    inputs, settings = values(program, patient["facts"], patient["settings"])
    return meaning(program, inputs, settings).truth(Ref("rule", name))


def test_nothing_is_different(old, old_folder):
    plan = plan_of(old, old_folder)
    assert plan.rank is Rank.NONE
    assert not plan.changes
    assert list(in_words(plan, "HEAD", {}))[-1] == "  Nothing is different."


LOW_LIMIT = (r"gg:value 50\.0", "gg:value 80.0")


def test_a_moved_limit_tells_who_loses_and_who_gains(old, edit):
    plan = plan_of(old, edit(LOW_LIMIT))
    assert plan.rank is Rank.BEHAVIOUR
    change = the_change(plan)
    (detail,) = change.difference.details
    assert (detail.what, detail.old, detail.new) == ("limit", "50 µg/L", "80 µg/L")
    assert change.advice == ("REC-3", "REC-4")
    (three, four) = plan.behaviour.advice
    assert [each.what for each in three.groups] == ["loses"]
    assert "and below 80 µg/L" in three.group("loses").where
    assert three.group("loses").among == "Patients admitted with a suspected or confirmed infection"
    assert plan.behaviour.same == ("REC-1", "REC-2")
    assert str(three.group("loses").holds) == "2 of 2 readings"
    assert four.group("gains") is None


def test_a_witness_gets_it_before_and_not_after(old, edit):
    folder = edit(LOW_LIMIT)
    new = guideline_of(folder)
    for advice in plan_of(old, folder).behaviour.advice:
        patient = advice.group("loses").patient
        assert effective(old, advice.name, patient) is True
        assert effective(new, advice.name, patient) is False


def decided(folder: Path, patient: dict, place: Path, rule: str) -> str:
    """What ``guidegraph decide`` says of a recommendation for a patient file."""
    file = place / "witness.json"
    file.write_text(json.dumps(patient), encoding="utf-8")
    ran = CliRunner().invoke(cli, ["decide", str(file), str(folder), "--format", "json"])
    told = json.loads(ran.stdout)
    return next(each["status"] for each in told["recommendations"] if each["id"] == rule)


@pytest.mark.parametrize(
    ("edited", "rule", "what", "before", "after"),
    [
        (("gg:exception d:CRIT-treatment-refused ;", ""), "REC-2", "gains", "defeated", "applies"),
        (
            (r"gg:defaultQuantity(.*)value 1000\.0", r"gg:defaultQuantity\1value 1500.0"),
            "REC-2",
            "loses",
            "applies",
            "notApplicable",
        ),
    ],
)
def test_decide_takes_the_witness_of_the_data_and_says_the_same(
    old, old_folder, edit, tmp_path, edited, rule, what, before, after
):
    folder = edit(edited)
    data = as_data(plan_of(old, folder), "HEAD", {})
    (told,) = [each for each in data["behaviour"]["recommendations"] if each["id"] == rule]
    (group,) = told["patients"]
    assert (group["what"], group["patientReadings"]) == (what, {})
    assert decided(old_folder, group["patient"], tmp_path, rule) == before
    assert decided(folder, group["patient"], tmp_path, rule) == after


def test_advice_that_does_without_data_it_needed_is_told(old, old_folder, edit):
    criteria = """d:CRIT-any-age a gg:LogicalCriterion ;
  rdfs:label "Any age"@en ; gg:operator code:AnyOf ;
  gg:operand d:CRIT-older , d:CRIT-not-older ; prov:wasDerivedFrom d:EX-P-2 .
d:CRIT-high-any a gg:LogicalCriterion ;
  rdfs:label "High, any age"@en ; gg:operator code:AllOf ;
  gg:operand d:CRIT-high , d:CRIT-any-age ; prov:wasDerivedFrom d:EX-P-2 .
"""
    population = "d:POP-inpatient a gg:Population"
    folder = edit((population, criteria + population), file="criteria.ttl")
    path = folder / "recommendations.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("condition d:CRIT-high ;", "condition d:CRIT-high-any ;"), "utf-8")
    there = guideline_of(folder)
    (waits,) = plan_of(old, folder).behaviour.advice
    (sooner,) = plan_of(there, old_folder).behaviour.advice
    assert [each.what for each in waits.groups] == ["waits"]
    (group,) = sooner.groups
    assert group.what == "sooner"
    assert effective(there, "REC-2", group.patient) is None
    assert effective(old, "REC-2", group.patient) is True


def test_cases_that_get_something_else_are_named(old, edit):
    plan = plan_of(old, edit(LOW_LIMIT))
    assert [each.id for each in plan.cases.changed] == ["between-from-below"]
    assert plan.cases.changed[0].statuses == {"REC-3": ("applies", "notApplicable")}
    assert plan.cases.total == 23


def test_words_are_editorial_and_named_in_full(old, edit):
    plan = plan_of(old, edit(("Older patient", "Elderly patient"), file="thresholds.ttl"))
    assert plan.rank is Rank.EDITORIAL
    assert the_change(plan).difference.details[0].new == "Elderly patient (lower limit, included)"
    assert not plan.behaviour.advice


def test_evidence_is_evidence(old, edit):
    plan = plan_of(old, edit(("gg:count 12", "gg:count 13"), file="evidence.ttl"))
    assert plan.rank is Rank.EVIDENCE
    assert the_change(plan).difference.kind == "statistical result"


def test_a_renamed_criterion_is_one_change(old, edit):
    plan = plan_of(old, edit((r"CRIT-low\b", "CRIT-below"), file="*.*"))
    change = the_change(plan)
    assert (change.difference.how, change.difference.old_name) == ("renamed", "CRIT-low")
    assert change.rank is Rank.EDITORIAL
    assert not plan.behaviour.advice


def test_a_renamed_datum_is_breaking_and_still_compared(old, edit):
    plan = plan_of(old, edit((r"d:age\b", "d:years"), (r"gg:value 70\.0", "gg:value 75.0")))
    how = {each.difference.name: each for each in plan.changes}
    assert how["years"].difference.how == "renamed"
    assert how["years"].rank is plan.rank is Rank.BREAKING
    assert [each.name for each in plan.behaviour.advice] == ["REC-4", "REC-3"]
    assert "70" in plan.behaviour.advice[0].group("loses").where


def test_an_edit_of_logic_that_changes_nobody_is_proved_to(old, edit):
    again = "gg:operand d:CRIT-between , d:CRIT-older , d:CRIT-population ;"
    plan = plan_of(old, edit(("gg:operand d:CRIT-between , d:CRIT-older ;", again)))
    change = the_change(plan)
    assert change.rank is plan.rank is Rank.EDITORIAL
    assert change.effect == "changes no patient's advice: proved"


def test_a_recommendation_that_stops_comes_first(old, edit):
    exchanged = (
        r"(d:REC-4 a[\s\S]*?)gg:condition d:CRIT-between-older",
        r"\1gg:condition d:CRIT-low",
    )
    plan = plan_of(old, edit(LOW_LIMIT, exchanged, file="*s.ttl"))
    kinds = [[group.what for group in each.groups] for each in plan.behaviour.advice]
    assert kinds == [["loses"], ["loses", "gains"]]


def test_a_removed_recommendation_is_breaking_and_told_first(old, edit):
    folder = edit()
    path = folder / "recommendations.ttl"
    text = path.read_text(encoding="utf-8")
    start = text.index("d:REC-2 a ")
    end = text.index("\n\n", start)
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    plan = plan_of(old, folder)
    first = plan.behaviour.advice[0]
    assert plan.rank is Rank.BREAKING
    assert first.is_gone
    assert "high-at-limit" in plan.cases.unfit
    assert "“2: high marker, the treatment can be considered” is REMOVED" in "\n".join(
        in_words(plan, "HEAD", {})
    )


def test_another_modality_says_something_else_to_the_same_patients(old, edit):
    plan = plan_of(old, edit(("gg:modality code:ShouldBeConsidered", "gg:modality code:Should")))
    (advice,) = plan.behaviour.advice
    assert [each.what for each in advice.groups] == ["differs"]
    assert (advice.content[0].old, advice.content[0].new) == ("should be considered", "should")
    assert "older-70" in [each.id for each in plan.cases.changed]


def test_another_default_of_a_setting_is_behaviour(old, edit):
    before = r"gg:defaultQuantity \[ a gg:Quantity ; gg:value 1000.0"
    plan = plan_of(old, edit((before, "gg:defaultQuantity [ a gg:Quantity ; gg:value 1500.0")))
    assert plan.rank is Rank.BEHAVIOUR
    two = plan.behaviour.advice[0]
    assert two.name == "REC-2"
    assert "and below 1,500 µg/L" in two.group("loses").where
    assert plan.behaviour.at_default == ("From which value the marker counts as high",)


def test_a_difference_in_another_reading_only_is_told_as_such(old, edit):
    other = r"(CRIT-high-above-limit a[^.]*?)gg:comparator code:GreaterThan"
    plan = plan_of(old, edit((other, r"\1gg:comparator code:LessThan")))
    two = next(each for each in plan.behaviour.advice if each.name == "REC-2")
    holds = two.groups[0].holds
    assert (holds.count, holds.of, holds.in_default) == (1, 2, False)
    assert holds.decided_by == ("IP-high",)


def test_another_unit_cannot_be_compared(old, edit):
    days = (r"(d:age a[^.]*?)gg:canonicalUnit u:year", r"\1gg:canonicalUnit u:day")
    plan = plan_of(old, edit(days))
    assert plan.rank is Rank.BREAKING
    assert plan.is_partial
    assert plan.behaviour.incomparable == ("REC-3", "REC-4")
    assert [each.code for each in plan.findings] == ["D121"]


def test_translations_that_stayed_are_named(old, edit, tmp_path):
    folder = edit(('label "Older patient', 'label "Ältere"@de , "Older patient'))
    before = guideline_of(folder)
    path = folder / "thresholds.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("Older", "Aged"), encoding="utf-8")
    (stale,) = plan_of(before, folder).stale
    assert (stale.name, stale.what, stale.languages) == ("THR-older", "label", ("de",))


def test_persons_of_a_cohort_are_counted(old, edit, tmp_path):
    def person(marker: str | None) -> str:
        taken = None if marker is None else [{"minutes": 30, "value": marker, "unit": "ug/L"}]
        facts = {
            "admitted": True,
            "infection-status": "confirmed",
            "age": {"value": "50", "unit": "a"},
            "example-marker": taken,
        }
        anchors = {"admission": "2026-01-01T08:00:00Z"}
        return json.dumps({"now": "2026-01-01T20:00:00Z", "anchors": anchors, "facts": facts})

    cohort = tmp_path / "cohort.jsonl"
    people = (person("60"), person("79.999"), person("80"), person(None), "{")
    cohort.write_text("\n".join(people), encoding="utf-8")
    plan = plan_of(old, edit(LOW_LIMIT), cohort=cohort)
    assert (plan.cohort.persons, plan.cohort.changed, plan.cohort.unreadable) == (5, 2, 1)
    assert plan.cohort.counts["REC-3"] == {
        "losses": 2,
        "gains": 0,
        "otherwise": 0,
        "unknown": 1,
        "unchanged": 1,
    }
    assert [each.code for each in plan.findings] == ["D141"]


def test_markdown_escapes_what_a_guideline_says(old, edit):
    plan = plan_of(old, edit(("Older patient", "Old|er <b>patient</b>"), file="thresholds.ttl"))
    told = in_markdown(plan, "HEAD", {})
    assert "Old\\|er &lt;b&gt;patient" in told
    assert "<b>" not in told


def test_the_plan_is_the_same_every_time(old_folder, edit):
    arguments = ["plan", str(edit(LOW_LIMIT)), "--against", str(old_folder), "--format", "json"]
    told = [
        subprocess.run(
            [sys.executable, "-m", "guidegraph", *arguments],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]
    assert told[0] == told[1]
    assert json.loads(told[0])["class"] == "behaviour"


def command(*arguments: str):
    return CliRunner().invoke(cli, ["plan", *arguments])


def test_the_command_tells_and_exits_with_0(old_folder, edit):
    result = command(str(edit(LOW_LIMIT)), "--against", str(old_folder))
    assert result.exit_code == 0, result.output
    assert "BEHAVIOUR" in result.stdout.splitlines()[0]
    assert "Targets that come out otherwise: graph, python" in result.stdout
    assert "thresholds/THR-low.html" in result.stdout


@pytest.mark.parametrize(("limit", "code"), [("behaviour", 1), ("breaking", 0)])
def test_a_build_can_fail_on_a_class(old_folder, edit, limit, code):
    result = command(
        str(edit(LOW_LIMIT)), "--against", str(old_folder), "--fail-on", limit, "--format", "json"
    )
    assert result.exit_code == code
    assert json.loads(result.stdout)["class"] == "behaviour"


def test_a_threshold_of_the_shipped_guideline(guideline, tmp_path):
    folder = tmp_path / "edited"
    shutil.copytree(GUIDELINE, folder)
    path = folder / "thresholds.ttl"
    text = path.read_text(encoding="utf-8")
    place = text.index("1000.0", text.index("d:THR-ddimer-low a"))
    path.write_text(text[:place] + "1500.0" + text[place + 6 :], encoding="utf-8")
    plan = compare(guideline_of(GUIDELINE), guideline_of(folder))
    assert plan.rank is Rank.BEHAVIOUR
    assert [each.difference.name for each in plan.changes] == ["THR-ddimer-low"]
    names = ["OUD-REC-4a", "OUD-REC-4b", "OUD-REC-4b-TX"]
    assert [each.name for each in plan.behaviour.advice] == names
    assert all(
        "and below 1,500 µg/L" in each.group("gains").where for each in plan.behaviour.advice
    )
    assert len(plan.behaviour.same) == 25
