"""The published model: valid by its schema, the whole program, and the texts beside it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from guidegraph.agree.json import JsonExecutor
from guidegraph.agree.reference import Reference
from guidegraph.entity import Text
from guidegraph.export import ExportInput
from guidegraph.export.model import ModelExporter
from guidegraph.interchange import from_json
from guidegraph.lower import lower
from guidegraph.model import InterpretationPoint, Recommendation
from pathway_example import make
from program_example import guideline_for, rule, scaffold, truth
from program_example import program as program_of
from random_programs import patients


def exported(loaded: ExportInput) -> tuple[Any, Draft202012Validator]:
    model, schema = ModelExporter().export(loaded)
    assert schema.path == "model/model.schema.json"
    Draft202012Validator.check_schema(json.loads(schema.text))
    return json.loads(model.text), Draft202012Validator(json.loads(schema.text))


@pytest.fixture(scope="module")
def loaded(guideline, program) -> ExportInput:
    return ExportInput(guideline=guideline, program=program)


def test_the_model_is_valid_and_holds_the_program(loaded) -> None:
    model, validator = exported(loaded)
    validator.validate(model)
    assert from_json(model["program"]) == loaded.program


def test_every_reading_of_the_guideline_gives_a_valid_model(guideline) -> None:
    points = [each for each in guideline.entities.values() if isinstance(each, InterpretationPoint)]
    assert points
    for point in points:
        for reading in point.readings:
            program = lower(guideline, {point.id: reading})
            model, validator = exported(ExportInput(guideline=guideline, program=program))
            validator.validate(model)
            assert model["program"]["readings"][point.id] == reading
            assert set(model["readings"]) == set(program.readings)


def test_the_scaffold_gives_a_valid_model() -> None:
    model, validator = exported(ExportInput(guideline=scaffold(), program=lower(scaffold())))
    validator.validate(model)


def test_texts_printed_figures_and_passages_stand_beside_the_program(loaded) -> None:
    model, _ = exported(loaded)
    guideline = loaded.guideline
    assert model["guideline"]["title"] == str(guideline.header.title)
    assert set(model["recommendations"]) == {each.name for each in loaded.program.rules}
    assert set(model["criteria"]) == {each.name for each in loaded.program.criteria}
    for name, told in model["recommendations"].items():
        assert told["statement"] == str(guideline.get(name, Recommendation).statement)
        assert told["passages"]
    assert any(each["printed"] for each in model["criteria"].values())
    assert any(each["claims"] for each in model["recommendations"].values())


HOSTILE = "\"'`\\ \n */ --> \u2028\u202e\u0000 ]]> </script> ${x} 'end"


def test_hostile_words_come_back_as_they_were() -> None:
    small = program_of([], [rule("R", truth("now"))], {})
    recommendation = make(
        Recommendation, "R", statement=Text((("en", HOSTILE),)), label=Text((("en", HOSTILE),))
    )
    found = guideline_for(small, recommendation)
    model, validator = exported(ExportInput(guideline=found, program=small))
    validator.validate(model)
    assert model["recommendations"]["R"]["statement"] == HOSTILE


def test_the_same_input_gives_the_same_bytes(loaded) -> None:
    assert list(ModelExporter().export(loaded)) == list(ModelExporter().export(loaded))


@pytest.mark.parametrize(
    "path",
    ["format", "program", "readings", "recommendations", "criteria", "guideline"],
)
def test_a_model_without_a_part_is_refused(loaded, path) -> None:
    model, validator = exported(loaded)
    del model[path]
    assert not validator.is_valid(model)


def test_the_json_executor_says_what_the_reference_says(loaded) -> None:
    given = [
        {"facts": facts, "settings": chosen} for facts, chosen in patients(loaded.program, 5, 50)
    ]
    reference = Reference(loaded.program)
    with JsonExecutor().start(loaded) as runner:
        assert runner.statuses(given) == [reference.statuses(each) for each in given]
