"""The reasoning of "Try a patient": what the browser says is what the command line says."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import forms_example
import random_programs
from guidegraph.cases.reading import read_cases
from guidegraph.export import ExportInput
from guidegraph.export.javascript import JavaScriptExporter, classic
from guidegraph.interchange import from_json
from guidegraph.lower import lower
from guidegraph.patient import written
from guidegraph.patient.tree import Mapping, Node, Scalar, Sequence
from guidegraph.program import Program
from guidegraph.scaffold import new
from guidegraph.site.addresses import Addresses
from guidegraph.site.reasoning import described, model_script
from guidegraph.units import ratio
from program_example import guideline_for
from reasoning_browser import Browser, compare, started
from test_export_python import SHIPPED, shipped
from test_overlay import OLDER, Bench, setting


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as found:
        yield found


def plain(tree: Node) -> Any:
    """A document as JSON has it, numbers as texts."""
    match tree:
        case Mapping():
            return {each.key: plain(each.value) for each in tree.entries}
        case Sequence():
            return [plain(each) for each in tree.items]
        case Scalar(kind="boolean"):
            return tree.text == "true"
        case Scalar(kind="null"):
            return None
        case Scalar():
            return tree.text


def shipped_cases() -> dict[str, str]:
    """The patients of the shipped cases, as JSON text."""
    guideline, _ = shipped()
    cases, _ = read_cases((SHIPPED / "cases.yaml").read_text("utf-8"), "cases.yaml", guideline)
    return {each.id: json.dumps(plain(each.patient)) for each in cases}


# --- the shipped guideline ------------------------------------------------------------------------


def test_every_shipped_case_is_decided_as_on_the_command_line(browser: Browser):
    guideline, program = shipped()
    cases = shipped_cases()
    assert len(cases) > 30
    for text in cases.values():
        compare(browser, guideline, program, text, json.loads(text), names=())


def test_recommendations_are_explained_as_on_the_command_line(browser: Browser):
    guideline, program = shipped()
    chance = random.Random(1)
    names = [each.name for each in program.rules]
    for text in chance.sample([*shipped_cases().values()], 4):
        compare(browser, guideline, program, text, names=chance.sample(names, 3))


@pytest.mark.slow
def test_every_recommendation_is_explained_for_every_shipped_case(browser: Browser):
    guideline, program = shipped()
    for text in shipped_cases().values():
        compare(browser, guideline, program, text)


# --- other guidelines -----------------------------------------------------------------------------


def compare_random(browser: Browser, program: Program, seed: int, count: int) -> None:
    guideline = guideline_for(program)
    for facts, chosen in random_programs.patients(program, seed, count):
        document = written(program, {"facts": facts, "settings": chosen})
        compare(browser, guideline, program, json.dumps(document))


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(random_programs.programs(), st.integers(0, 2**32))
def test_any_guideline_is_reasoned_about_in_the_same_way(
    browser: Browser, program: Program, seed: int
) -> None:
    compare_random(browser, program, seed, 3)


@pytest.mark.slow
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(random_programs.programs(), st.integers(0, 2**32))
def test_many_guidelines_are_reasoned_about_in_the_same_way(
    browser: Browser, program: Program, seed: int
) -> None:
    compare_random(browser, program, seed, 6)


SUITE = sorted((Path(__file__).parent / "conformance").glob("*.json"))


@pytest.mark.parametrize("file", SUITE, ids=lambda each: each.stem)
def test_the_conformance_suite_is_decided_in_the_same_way(browser: Browser, file: Path):
    content = json.loads(file.read_text("utf-8"))
    program = from_json(content["program"])
    guideline = guideline_for(program)
    for vector in content["vectors"]:
        document = vector.get("document") or written(program, vector)
        compare(browser, guideline, program, json.dumps(document), names=())


def test_every_form_of_condition_is_explained_in_the_same_way(browser: Browser):
    """Also limits by formula with their working, scores with steps, and readings."""
    guideline = forms_example.guideline()
    program = lower(guideline)
    names = [each.name for each in program.rules]
    chance = random.Random(2)
    for facts, chosen in random_programs.patients(program, 3, 25):
        text = json.dumps(written(program, {"facts": facts, "settings": chosen}))
        compare(browser, guideline, program, text, names=chance.sample(names, 3))


def test_limits_of_a_local_adaptation_are_marked_in_the_same_way(browser: Browser, tmp_path: Path):
    bench = Bench(tmp_path / "guideline", tmp_path / "overlay")
    new(bench.guideline)
    bench.overlay.mkdir()
    loaded = bench.lay(setting("2500"), OLDER).load()
    assert loaded.guideline is not None, loaded.findings
    program = lower(loaded.guideline)
    for value in (None, "2500", "3000"):
        chosen = {"marker-high": {"value": value, "unit": "ug/L"}} if value else {}
        samples = [{"minutes": each, "value": "2600", "unit": "ug/L"} for each in (0, 3000)]
        facts = {"admitted": True, "infection-status": "confirmed", "example-marker": samples}
        document = {"now": {"minutes": 4000}, "facts": facts, "settings": chosen}
        compare(browser, loaded.guideline, program, json.dumps(document))


# --- the parts ------------------------------------------------------------------------------------


def test_the_classic_script_is_the_module_without_its_exports():
    guideline, program = shipped()
    loaded = ExportInput(guideline=guideline, program=program)
    (module,) = JavaScriptExporter().export(loaded)
    script = classic(loaded, "model.js")
    body = module.text.partition("export const GUIDELINE")[2].replace("\nexport ", "\n")
    assert body in script
    assert "\nexport " not in script


def test_the_data_of_a_script_cannot_end_it():
    guideline, program = shipped()
    told = model_script(guideline, program, Addresses(guideline)).rpartition(
        "guidegraph.described ="
    )[2]
    assert told.isascii()
    assert not set("<>&'") & set(told)
    assert json.loads(told.strip().removesuffix(";"))


def test_units_to_choose_are_exact_and_start_with_the_canonical_one():
    guideline, program = shipped()
    for each in described(guideline, program, Addresses(guideline))["inputs"]:
        for place, choice in enumerate(each.get("units", ())):
            factor = Fraction(int(choice["numerator"]), int(choice["denominator"]))
            assert factor == ratio(choice["code"], each.get("unit", "1"))
            assert (place == 0) == (choice["code"] == each.get("unit", "1"))


def test_only_pages_that_exist_are_named():
    guideline, program = shipped()
    told = described(guideline, program, Addresses(guideline), {"recommendations/OUD-REC-1.html"})
    assert set(told["pages"].values()) == {"recommendations/OUD-REC-1.html"}
    assert "page" not in told["inputs"][0]
