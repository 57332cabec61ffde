"""The conformance suite: its files are what its script makes, it misses no fault, all pass it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from conformance import normalising
from conformance.equivalent import EQUIVALENT
from conformance.make import FOLDER, content, files
from conformance.mutants import mutants
from conformance.oracle import AND, NOT, OR, PLAIN, STATUS, Patient
from conformance.suites import suites
from guidegraph import resources
from guidegraph.agree import EXECUTORS
from guidegraph.evaluate.status import meaning, standings
from guidegraph.explain import codes
from guidegraph.export import ExportInput
from guidegraph.interchange import from_json
from guidegraph.kernel import Ref
from guidegraph.patient import read_patient, to_wire
from guidegraph.wire import values
from program_example import guideline_for

FILES = {each.name: content(each) for each in suites()}
NAMES = sorted(FILES)
ALL = [pytest.param(name, id=name) for name in NAMES]


def test_the_files_are_what_the_script_makes(accept: bool) -> None:
    made = files()
    for name, written in made.items():
        if accept:
            (FOLDER / name).write_text(written, encoding="utf-8")
        assert (FOLDER / name).read_text(encoding="utf-8") == written, name
    assert {each.name for each in FOLDER.glob("*.json")} == set(made)


def test_there_are_enough_vectors_and_each_has_its_name_and_words() -> None:
    vectors = [vector for each in FILES.values() for vector in each["vectors"]]
    assert len(vectors) >= 700
    assert len({each["id"] for each in vectors}) == len(vectors)
    assert all(each["about"] for each in vectors)


def test_every_form_of_the_language_is_in_the_suite() -> None:
    text = json.dumps(FILES)
    schema = json.loads((resources.schemas_folder() / "model.schema.json").read_text("utf-8"))
    forms = schema["$defs"]["condition"]["oneOf"] + schema["$defs"]["number"]["oneOf"]
    keys = {next(iter(each["properties"])) for each in forms}
    assert len(keys) == 15
    assert [key for key in sorted(keys) if f'{{"{key}": ' not in text] == []
    for word in ("first", "last", "max", "min", "count", "run"):
        assert f'"aggregate": "{word}"' in text
    for sign in ("<", "<=", ">", ">=", "=", "!="):
        assert f'"compare": "{sign}"' in text


# --- what is expected -----------------------------------------------------------------------------


def test_the_tables_are_those_of_strong_kleene_logic() -> None:
    """False is least, unknown between, true most: and is the lesser, or the greater."""
    rank = {"F": 0, "U": 1, "T": 2}
    for one in rank:
        for other in rank:
            assert AND[one + other] == min(one, other, key=rank.__getitem__)
            assert OR[one + other] == max(one, other, key=rank.__getitem__)
        assert rank[NOT[one]] == 2 - rank[one]
    assert len(AND) == len(OR) == 9


BY_HAND: list[tuple[str, dict[str, Any], dict[str, Any], str, Any]] = [
    ("connectives", {"a": True, "b": None, "c": False}, {}, "exactly-one", None),
    ("connectives", {"a": None, "b": False, "c": False}, {}, "excluded-middle", None),
    ("connectives", {"a": False, "b": None, "c": None}, {}, "and", False),
    ("connectives", {"a": True, "b": None, "c": None}, {}, "or", True),
    ("connectives", {}, {}, "and-of-nothing", True),
    ("connectives", {}, {}, "or-of-nothing", False),
    ("comparisons", {"x": 25, "y": 2500}, {}, "x-equal-y", True),
    ("comparisons", {"x": 25, "y": None}, {}, "x-from-y", None),
    ("comparisons", {"x": None}, {}, "itself", None),
    ("comparisons", {"y": 2333}, {}, "third", True),
    ("comparisons", {"y": 2334}, {}, "third", False),
    ("arithmetic", {"x": 20, "y": None}, {}, "no-part-of-more", None),
    ("arithmetic", {"x": None}, {}, "cancelled", None),
    ("conditional-numbers", {"g": None, "x": 3, "y": 4}, {}, "either-side", True),
    ("conditional-numbers", {"g": None, "x": 3, "y": 5}, {}, "either-side", None),
    ("conditional-numbers", {"g": True, "x": 3, "y": None}, {}, "either-side", True),
    ("conditional-numbers", {"g": None, "x": 1, "y": 2}, {}, "same-test-twice", None),
    ("conditional-numbers", {"age": None, "marker": 4999}, {}, "age-adjusted", None),
    ("conditional-numbers", {"age": 51, "marker": 5099}, {}, "age-adjusted", True),
    ("conditional-numbers", {"age": 51, "marker": 5100}, {}, "age-adjusted", False),
    ("membership", {"state": None}, {}, "none", None),
    ("membership", {"state": "a"}, {}, "none", False),
    ("membership", {"state": "a"}, {"policy": "strict"}, "site", True),
    ("scores", {"a": True, "b": None, "c": False}, {}, "two-of-three", None),
    ("scores", {"a": None, "b": False, "c": False}, {}, "two-of-three", False),
    ("scores", {"a": True, "b": True, "c": None}, {}, "two-of-three", True),
    ("scores", {"a": True, "b": True, "c": False, "count": None}, {}, "bands", None),
    ("scores", {"a": False, "b": True, "c": False, "count": None}, {}, "bands", False),
    ("assumptions", {"a": None}, {}, "yes", True),
    ("assumptions", {"a": None}, {}, "not-assumed", True),
    ("assumptions", {"a": None, "b": True}, {}, "in-a-score", True),
    ("windows", {"m": []}, {}, "count-in", False),
    ("windows", {"m": []}, {}, "backwards", True),
    ("windows", {"m": None}, {}, "backwards", None),
    ("windows", {"m": []}, {}, "max-in", None),
    ("windows", {"m": [[-60, 8]]}, {}, "max-in", True),
    ("windows", {"m": [[-61, 8]]}, {}, "max-in", None),
    ("windows", {"m": [[1, 4], [2, 4]]}, {}, "run", False),
    ("trends", {"m": [[0, 10000], [61, 20000]]}, {}, "doubled", True),
    ("trends", {"m": [[0, 10000]]}, {}, "doubled", None),
    ("clock", {"m": [], "now": 2881}, {}, "overdue", True),
    ("clock", {"m": [], "now": 2880}, {}, "overdue", False),
    ("clock", {"m": None, "now": 2881}, {}, "overdue", None),
    ("definitions", {"a": True, "b": None, "x": 4}, {}, "late", None),
    ("settings", {"x": 20100}, {"limit": 201}, "above", False),
    ("settings", {"x": 20001}, {}, "above", True),
    ("units", {"d-dimer": 999999}, {}, "d-dimer-high", False),
    ("exactness", {"tenth": 1}, {}, "three-tenths", True),
]
"""Answers worked out by hand from the semantics: file, facts, settings, criterion, answer."""


@pytest.mark.parametrize(("name", "facts", "chosen", "criterion", "answer"), BY_HAND)
def test_what_is_expected_agrees_with_what_was_worked_out_by_hand(
    name, facts, chosen, criterion, answer
) -> None:
    patient = Patient(FILES[name]["program"], {"facts": facts, "settings": chosen})
    assert patient.answer("criteria", criterion) is answer


T, U, F = True, None, False
STANDINGS = [
    ("one", {"a": T, "b": F}, (T, T, "applies")),
    ("one", {"a": T, "b": U}, (T, U, "provisional")),
    ("one", {"a": T, "b": T}, (T, F, "defeated")),
    ("one", {"a": U, "b": F}, (U, U, "undetermined")),
    ("one", {"a": U, "b": T}, (U, F, "notApplicable")),
    ("one", {"a": F, "b": U}, (F, F, "notApplicable")),
    ("chain-1", {"a": T, "b": T, "c": F}, (T, F, "defeated")),
    ("chain-1", {"a": T, "b": T, "c": T}, (T, T, "applies")),
    ("chain-1", {"a": T, "b": T, "c": U}, (T, U, "provisional")),
    ("chain-1", {"a": T, "b": F, "c": U}, (T, T, "applies")),
]


@pytest.mark.parametrize(("rule", "facts", "standing"), STANDINGS)
def test_statuses_agree_with_what_was_worked_out_by_hand(rule, facts, standing) -> None:
    patient = Patient(FILES["overrides"]["program"], {"facts": facts, "settings": {}})
    assert tuple(patient.answer("rules", rule).values()) == standing


def test_every_status_and_every_answer_occurs() -> None:
    rules = [
        r for each in FILES.values() for v in each["vectors"] for r in v["expect"]["rules"].values()
    ]
    assert {each["status"] for each in rules} == set(STATUS.values())
    seen: dict[tuple[str, str], set[Any]] = {}
    for name, each in FILES.items():
        for vector in each["vectors"]:
            for criterion, answer in vector["expect"]["criteria"].items():
                seen.setdefault((name, criterion), set()).add(answer)
    fixed = {where for where, answers in seen.items() if len(answers) == 1}
    assert {name for _, name in fixed} == {
        "and-of-nothing", "or-of-nothing", "constant", "constants", "none-needed", "no-items",
    }  # fmt: skip
    assert set(PLAIN.values()) <= {answer for answers in seen.values() for answer in answers}


# --- power ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_every_fault_that_can_show_is_found_by_a_vector(name: str) -> None:
    made = list(mutants(FILES[name]["program"]))
    names = [each.name for each in made]
    assert len(made) > 40
    assert len(set(names)) == len(names)
    missed = {each.name for each in made if not each.is_killed(FILES[name]["vectors"])}
    assert missed == set(EQUIVALENT.get(name, {}))


# --- who passes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_the_program_is_valid_by_the_published_schema(name: str) -> None:
    schema = json.loads((resources.schemas_folder() / "model.schema.json").read_text("utf-8"))
    form = {"$ref": "#/$defs/program", "$defs": schema["$defs"]}
    Draft202012Validator(form).validate(FILES[name]["program"])


@pytest.mark.parametrize("name", ALL)
def test_the_reference_passes(name: str) -> None:
    program = from_json(FILES[name]["program"])
    for vector in FILES[name]["vectors"]:
        meant = meaning(program, *values(program, vector["facts"], vector["settings"]))
        criteria = {
            each.name: meant.truth(Ref("criterion", each.name)) for each in program.criteria
        }
        rules = {
            each.rule.name: {
                "guard": each.guard,
                "effective": each.effective,
                "status": each.status,
            }
            for each in standings(program.rules, meant)
        }
        assert {"criteria": criteria, "rules": rules} == vector["expect"], vector["id"]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("executor", EXECUTORS, ids=lambda each: each.name)
def test_every_target_passes(executor, name: str) -> None:
    if lacking := executor.missing():
        pytest.skip(f"needs {lacking}")
    if not executor.is_routine:
        pytest.skip("takes long to start: run `guidegraph agree` for it")
    program = from_json(FILES[name]["program"])
    vectors = FILES[name]["vectors"]
    loaded = ExportInput(guideline=guideline_for(program), program=program)
    with executor.start(loaded) as runner:
        found = runner.statuses([{k: each[k] for k in ("facts", "settings")} for each in vectors])
    wrong = {
        each["id"]: (each["about"], dict(told), expected)
        for each, told in zip(vectors, found, strict=True)
        if dict(told) != (expected := statuses(each))
    }
    assert wrong == {}


def statuses(vector: dict[str, Any]) -> dict[str, str]:
    return {name: each["status"] for name, each in vector["expect"]["rules"].items()}


# --- patient documents ----------------------------------------------------------------------------

NORMALISED = dict(normalising.contents())
DOCUMENTS = [each for told in NORMALISED.values() for each in told["vectors"]]


@pytest.mark.parametrize("vector", DOCUMENTS, ids=lambda each: each["id"])
def test_a_document_becomes_what_is_expected(vector: dict[str, Any]) -> None:
    program = from_json(normalising.PROGRAM)
    text = json.dumps(vector["document"], ensure_ascii=False)
    patient, findings = read_patient(text, program, name="p.json")
    wire = None if patient is None else to_wire(patient, program)
    told = {"wire": wire, "codes": sorted(each.code for each in findings)}
    assert told == vector["expect"], vector["about"]


def test_the_documents_meet_every_fault_of_data() -> None:
    met = {code for each in DOCUMENTS for code in each["expect"]["codes"]}
    data = {code for code in codes() if "E102" <= code <= "E141"}
    assert data - met == {"E104"}  # a further anchor, which is only ignored
    assert len({each["id"] for each in DOCUMENTS}) == len(DOCUMENTS) >= 100


def test_nothing_of_the_oracle_comes_from_guidegraph() -> None:
    for path in sorted(FOLDER.glob("*.py")):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not line.strip().startswith(("import guidegraph", "from guidegraph")), path
