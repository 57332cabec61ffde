"""What the settings of a site, a missing datum and the flowchart make of advice."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from enumerator import Small, definitions, patients, small
from guidegraph.kernel import Agg, Meaning, Ref, walk
from guidegraph.model import Guideline
from guidegraph.pipeline import load
from guidegraph.program import Program
from guidegraph.proof import Prover
from guidegraph.scaffold import new
from guidegraph.verify import Refuted, VerificationReport, verify
from guidegraph.verify import checks as registered
from guidegraph.verify.missing import Lack, Lacking
from guidegraph.verify.pathways import check_pathways
from guidegraph.verify.settings import check_settings
from guidegraph.verify.settled import check_settled, settled
from guidegraph.wire import values

BAD = Path(__file__).parent / "bad"


def guideline_with(folder: Path, *names: str) -> Guideline:
    new(folder)
    for name in names:
        (found,) = BAD.glob(f"{name}-*.ttl")
        copy(found, folder)
    guideline = load(folder).guideline
    assert guideline is not None
    return guideline


@pytest.fixture
def only(monkeypatch):
    """Runs some checks and no others."""

    def run(guideline: Guideline, *checks: Any) -> VerificationReport:
        monkeypatch.setattr("guidegraph.verify.CHECKS", checks)
        monkeypatch.setattr("guidegraph.verify.GUIDELINE_CHECKS", ())
        return verify(guideline)

    return run


# --- settings -------------------------------------------------------------------------------------


def test_a_numeric_setting_is_told_from_one_end_of_its_range_to_the_other(tmp_path, only):
    report = only(guideline_with(tmp_path / "g", "L461"), check_settings)
    found = {each.shown.subjects[0]: each for each in report.findings}
    assert set(found) == {"old-from", "marker-high"}
    shown = found["old-from"].shown
    assert shown.where == "Age from 70 and below 90 years"
    assert shown.patient is not None and shown.other is not None
    assert shown.patient["settings"]["old-from"] == 70
    assert shown.other["settings"]["old-from"] == 90
    assert shown.patient["facts"] == shown.other["facts"]
    assert found["old-from"].robustness.count == 2


def test_the_two_patients_of_a_setting_are_told_different_things(tmp_path, only):
    from guidegraph.evaluate.status import meaning
    from guidegraph.lower import lower

    guideline = guideline_with(tmp_path / "g", "L461")
    report = only(guideline, check_settings)
    for finding in report.findings:
        for variant in finding.variants:
            shown = variant.shown
            choice = report.readings.choices[variant.readings[0]]
            program = lower(guideline, choice)
            told = []
            for patient in (shown.patient, shown.other):
                assert patient is not None
                meant = meaning(program, *values(program, patient["facts"], patient["settings"]))
                told.append([meant.truth(Ref("rule", each.name)) for each in program.rules])
            assert told[0] != told[1]


def test_a_setting_on_which_nothing_depends_is_not_told(tmp_path, only):
    text = (BAD / "L461-sites-choose-an-age.ttl").read_text(encoding="utf-8")
    folder = tmp_path / "g"
    new(folder)
    (folder / "more.ttl").write_text(
        text.replace("gg:low 70.0", "gg:low 130.0")
        .replace("gg:high 90.0", "gg:high 140.0")
        .replace("gg:value 70.0", "gg:value 130.0"),
        encoding="utf-8",
    )
    guideline = load(folder).guideline
    assert guideline is not None
    report = only(guideline, check_settings)
    assert [each.shown.subjects for each in report.findings] == [("marker-high",)]
    assert report.held["L461"] == 1


# --- a missing datum ------------------------------------------------------------------------------


def test_a_window_that_ends_is_told_with_its_end(tmp_path):
    report = verify(guideline_with(tmp_path / "g"))
    (blocked,) = [
        each.shown
        for each in report.findings
        if each.code == "L471" and "example-marker" in each.shown.subjects
    ]
    assert "until 12 h after admission to the hospital and never after" in blocked.message
    assert blocked.patient is not None
    assert not blocked.patient["facts"]["example-marker"]


def settled_by_hand(program: Program, name: str, ref: Ref) -> bool:
    """Somebody without one datum has an unknown answer that is the same with each of its values."""
    named = definitions(program)
    values_of: dict[Any, set[Any]] = {}
    without: dict[Any, Any] = {}
    for facts, settings in patients(program):
        rest = {key: held for key, held in facts.items() if key != name}
        if any(held is None for held in rest.values()):
            continue
        if any(settings[each.name] != default(each) for each in program.settings):
            continue
        meant = Meaning(*values(program, facts, settings), named)
        key = tuple(sorted(rest.items(), key=str))
        truth = meant.truth(ref)
        if facts[name] is None:
            without[key] = truth
        else:
            values_of.setdefault(key, set()).add(truth)
    return any(
        truth is None and values_of.get(key) in ({True}, {False}) for key, truth in without.items()
    )


def default(setting) -> Any:
    held = setting.default
    return int(held) if isinstance(held, Fraction) else held


def without_series(seeds: range) -> Iterator[Small]:
    for seed in seeds:
        made = small(seed)
        asked = [node for each in definitions(made.program).values() for node in walk(each)]
        if not any(isinstance(node, Agg) or node == Ref("input", "now") for node in asked):
            yield made


def test_settled_answers_are_those_that_trying_every_value_finds():
    found = []
    for made in without_series(range(220)):
        used = {
            node.name
            for each in definitions(made.program).values()
            for node in walk(each)
            if isinstance(node, Ref) and node.kind == "input"
        }
        theory = Prover.of([made.program]).theory(made.program)
        for name, ref in product(sorted(used), [Ref("criterion", "asked"), Ref("rule", "R0")]):
            lack = Lack(Ref("input", name))
            without = Lacking(theory.prover.person(), lack)
            is_found = settled(theory, ref, lack, without) is not None
            assert is_found == settled_by_hand(made.program, name, ref), (made, name, ref)
            found.append(is_found)
    assert 0 < sum(found) < len(found) / 2


def test_an_answer_that_waits_in_vain_is_told_with_the_datum(tmp_path, only):
    report = only(guideline_with(tmp_path / "g", "L472"), check_settled)
    found = [each.shown for each in report.findings if "REC-5" in each.shown.subjects]
    assert ("REC-5", "age") in [each.subjects for each in found]
    for each in found:
        assert each.patient is not None
        assert each.patient["facts"][each.subjects[1]] is None


# --- the flowchart --------------------------------------------------------------------------------


def test_a_flowchart_that_says_the_same_is_proved_to(tmp_path, only):
    report = only(guideline_with(tmp_path / "g"), check_pathways)
    assert report.findings == ()
    assert report.held["L481"] > 0


def test_a_flowchart_that_differs_in_one_reading_says_in_which(tmp_path, only):
    report = only(guideline_with(tmp_path / "g", "L481"), check_pathways)
    (found,) = report.findings
    assert isinstance(found.shown, Refuted)
    assert (found.robustness.count, found.robustness.of) == (1, 2)
    assert found.robustness.only_if == ((("IP-high", ("READ-above-limit",)),),)
    assert found.shown.where == "First Example marker (around admission) exactly 1,000 µg/L"


def test_the_checks_are_among_those_that_are_made():
    assert {check_settings, check_settled, check_pathways} <= set(registered.CHECKS)
