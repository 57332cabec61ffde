"""Patient documents in the browser: read exactly, with what the command line says of each."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

import messy_patients
from reasoning_browser import Browser, compare, placeless, reading_of, started
from test_export_python import shipped


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as found:
        yield found


def compare_messy(browser: Browser, seeds: range) -> None:
    guideline, program = shipped()
    for seed in seeds:
        document = messy_patients.messy(program, random.Random(seed))
        compare(browser, guideline, program, json.dumps(document), names=())


def test_messy_documents_are_read_as_on_the_command_line(browser: Browser):
    compare_messy(browser, range(12))


@pytest.mark.slow
def test_many_messy_documents_are_read_as_on_the_command_line(browser: Browser):
    compare_messy(browser, range(100, 600))


def of_series(samples: list[Any]) -> str:
    return json.dumps({"now": {"minutes": 9000}, "facts": {"d-dimer": samples}})


def readings(browser: Browser, text: str) -> tuple[Any, Any]:
    """What both sides read, before anything is decided."""
    guideline, program = shipped()
    browser.load(guideline, program)
    _, wanted, _ = reading_of(program, text)
    (found,) = browser.ask(("patient.read", text))
    found = placeless(found)
    return {name: found[name] for name in wanted}, wanted


@pytest.mark.parametrize("unit", ["ug/L", "10*9/L", "mm[Hg]", "a", "%", "1", "/min"])
def test_every_spelling_of_a_unit_is_understood_or_refused_alike(browser: Browser, unit: str):
    guideline, program = shipped()
    inputs = tuple(
        replace(each, unit=unit) if each.name == "d-dimer" else each for each in program.inputs
    )
    program = replace(program, inputs=inputs)
    samples = [
        {"value": "1000", "unit": each, "basis": "FEU", "minutes": place}
        for place, each in enumerate(messy_patients.UNITS)
    ]
    text = of_series(samples)
    _, _, findings = reading_of(program, text)
    browser.load(guideline, program)
    (found,) = browser.ask(("patient.read", text))
    told = [(each["code"], each["message"], each.get("help")) for each in found["problems"]]
    assert told == [(each.code, each.message, each.help) for each in findings]


def test_every_number_and_time_is_understood_or_refused_alike(browser: Browser):
    amounts = [{"value": each, "unit": "ug/L", "basis": "FEU"} for each in messy_patients.NUMBERS]
    samples = [{**each, "minutes": place} for place, each in enumerate(amounts)]
    samples += [
        {"value": "7", "unit": "ug/L", "basis": "FEU", **each} for each in messy_patients.TIMES
    ]
    for part in (samples[:9], samples[9:], samples):
        found, wanted = readings(browser, of_series(part))
        assert found == wanted
    for each in samples:
        found, wanted = readings(browser, of_series([each]))
        assert found == wanted


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "3",
        "{}",
        '{"facts": 3}',
        '{"facts": {"age": 1, "age": 2}}',
        '{"facts": {}, "now": []}',
        '{"facts": {"__proto__": 1, "constructor": 2}}',
        '{"facts": {}, "settings": []}',
        '{"facts": {}, "settings": {"x": 1}}',
        '{"facts": {"age": {"value": "\\ud800", "unit": "a"}}}',
    ],
)
def test_what_is_no_patient_document_is_refused_alike(browser: Browser, text: str):
    guideline, program = shipped()
    browser.load(guideline, program)
    wanted = reading_of(program, text)[1]["problems"]
    (found,) = browser.ask(("patient.read", text))
    told = placeless(found["problems"])
    assert [(each["code"], each["message"]) for each in told] == [
        (each["code"], each["message"]) for each in wanted
    ]


@pytest.mark.parametrize("text", ["", "{", "facts: {}", '{"facts": NaN}', "[" * 40 + "]" * 40])
def test_what_is_no_json_is_no_patient(browser: Browser, text: str):
    guideline, program = shipped()
    browser.load(guideline, program)
    (found, decided) = browser.ask(("patient.read", text), ("reason.decide", text))
    assert found["facts"] is None
    assert found["problems"][0]["code"] in ("E002", "E003", "E004")
    assert decided["decided"] is False
