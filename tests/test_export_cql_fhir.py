"""The data library over FHIR: what it makes of resources is what the wire form says, or unknown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

import pathway_example as example
import random_programs
import shipped_example
from guidegraph.agree import node
from guidegraph.agree.cql import CqlExecutor
from guidegraph.export import ExportInput
from guidegraph.export.cql import RECOMMENDATIONS, CqlExporter, library_names
from guidegraph.export.cql.fhir_data import code_system
from guidegraph.kernel import NOW, Agg, Bool, Const, In, Ref, compare
from guidegraph.program import Input, Program, Rule
from guidegraph.wording import plain

ANCHOR = datetime.fromisoformat("2020-04-01T08:00:00+00:00")
UCUM = "http://unitsofmeasure.org"


def libraries(loaded: ExportInput) -> list[str]:
    names = library_names(loaded)
    made = {each.path: each.text for each in CqlExporter().export(loaded)}
    return [made[f"cql/fhir/{name}.cql"] for name in (names.fhir_data, names.logic)]


@contextmanager
def engine(loaded: ExportInput) -> Iterator[node.NodeRunner]:
    if lacking := CqlExecutor().missing():
        pytest.skip(f"needs cql-execution and the CQL translator: {lacking}")
    start = {
        "texts": libraries(loaded),
        "logic": library_names(loaded).logic,
        "definition": RECOMMENDATIONS,
        "parameters": [],
    }
    with node.node("cql over FHIR", "cql.mjs", start) as runner:
        yield runner


def at(minute: int) -> str:
    return (ANCHOR + timedelta(minutes=minute)).isoformat()


def observation(loaded: ExportInput, name: str, minute: int | None, **value: Any) -> dict[str, Any]:
    when = {} if minute is None else {"effectiveDateTime": at(minute)}
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": code_system(loaded), "code": name}]},
        "subject": {"reference": "Patient/p"},
        **when,
        **value,
    }


def quantity(value: str, unit: str, **more: Any) -> dict[str, Any]:
    number = float(Decimal(value))
    return {"valueQuantity": {"value": number, "system": UCUM, "code": unit, **more}}


def patient(
    observations: list[dict[str, Any]], now: int | None = 3000, **values: Any
) -> dict[str, Any]:
    born = {"resourceType": "Patient", "id": "p", "birthDate": "1950-04-01"}
    entries = [born, *({**each, "id": f"o{at}"} for at, each in enumerate(observations))]
    return {
        "bundle": {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": each} for each in entries],
        },
        "moments": {"anchor": at(0), **({} if now is None else {"decision time": at(now)})},
        "values": values,
    }


# --- one datum at a time --------------------------------------------------------------------------

MARKER = Input(
    name="marker",
    label="Marker",
    question="",
    kind="series",
    unit="ug/L",
    scale=3,
    low=Fraction(10),
    high=Fraction(200000),
    basis="FEU",
)
AGE = Input(name="age", label="Age", question="", kind="quantity", unit="a")
BLEEDS = Input(name="bleeds", label="Bleeds", question="", kind="boolean", valid_for=60)
STATE = Input(name="state", label="State", question="", kind="code", codes=("good", "it's bad"))


def rule(name: str, guard: Bool) -> Rule:
    return Rule(name=name, label=name, guard=guard, modality="Should", norm="should")


def small() -> ExportInput:
    last = Agg("last", "marker")
    rules = (
        rule("570", compare("=", last, Const(Fraction("570.001")))),
        rule("none", compare("=", Agg("count", "marker"), Const(Fraction(0)))),
        rule("old", compare(">=", Ref("input", "age"), Const(Fraction(70)))),
        rule("bleeds", Ref("input", "bleeds")),
        rule("bad", In(Ref("input", "state"), ("it's bad",))),
        rule("now", compare("=", NOW, Const(Fraction(3000)))),
    )
    made = Program(
        guideline="small",
        version="1",
        anchor="admission",
        inputs=(MARKER, AGE, BLEEDS, STATE),
        settings=(),
        criteria=(),
        rules=rules,
        incompatible=(),
        readings={},
    )
    return ExportInput(guideline=example.guideline(), program=made)


def marker(minute: int | None, value: str, unit: str, **more: Any) -> dict[str, Any]:
    return observation(small(), "marker", minute, **quantity(value, unit, **more))


def method(each: dict[str, Any], basis: str) -> dict[str, Any]:
    coding = {"system": code_system(small()), "code": basis}
    return {**each, "method": {"coding": [coding]}}


def answer(minute: int | None, value: bool) -> dict[str, Any]:
    return observation(small(), "bleeds", minute, valueBoolean=value)


def state(*codes: str, system: str | None = None) -> dict[str, Any]:
    found = [{"system": system or code_system(small()), "code": code} for code in codes]
    return observation(small(), "state", 5, valueCodeableConcept={"coding": found})


YES, NO, OPEN = "applies", "notApplicable", "undetermined"
RIGHT = marker(0, "570.001", "ug/L{FEU}")
CASES: dict[str, tuple[str, str, list[dict[str, Any]]]] = {
    "canonical unit": ("570", YES, [RIGHT]),
    "note inside the unit": ("570", YES, [marker(0, "570.001", "ug{FEU}/L")]),
    "method states the basis": ("570", YES, [method(marker(0, "570.001", "ug/L"), "FEU")]),
    "another unit is exact": ("570", YES, [marker(0, "0.000570001", "g/L{FEU}")]),
    "another value": ("570", NO, [marker(0, "570.002", "ug/L{FEU}")]),
    "basis not stated": ("570", OPEN, [marker(0, "570.001", "ug/L")]),
    "another basis": ("570", OPEN, [marker(0, "570.001", "ug/L{DDU}")]),
    "another method": ("570", OPEN, [method(RIGHT, "DDU")]),
    "unit of another kind": ("570", OPEN, [marker(0, "570.001", "mmol/L{FEU}")]),
    "too fine": ("570", OPEN, [marker(0, "570.0014", "ug/L{FEU}")]),
    "implausible": ("570", OPEN, [marker(0, "9.999", "ug/L{FEU}")]),
    "a limit": ("570", OPEN, [marker(0, "570.001", "ug/L{FEU}", comparator="<")]),
    "one bad result spoils the series": ("570", OPEN, [marker(-9, "1", "furlong"), RIGHT]),
    "no time": ("570", OPEN, [marker(None, "570.001", "ug/L{FEU}")]),
    "equal in a minute": ("570", YES, [RIGHT, RIGHT]),
    "different in a minute": ("570", OPEN, [RIGHT, marker(0, "571", "ug/L{FEU}")]),
    "newest is last": ("570", YES, [RIGHT, marker(-1, "571", "ug/L{FEU}")]),
    "after the decision": ("570", YES, [RIGHT, marker(3001, "571", "ug/L{FEU}")]),
    "entered in error": (
        "570",
        YES,
        [RIGHT, {**marker(1, "571", "ug/L{FEU}"), "status": "entered-in-error"}],
    ),
    "nothing recorded": ("none", OPEN, []),
    "something recorded": ("none", NO, [RIGHT]),
    "born 70 years ago": ("old", YES, []),
    "age recorded": ("old", NO, [observation(small(), "age", 0, **quantity("69", "a"))]),
    "answered": ("bleeds", YES, [answer(2990, True)]),
    "answered no": ("bleeds", NO, [answer(2990, False)]),
    "not answered": ("bleeds", OPEN, []),
    "just not expired": ("bleeds", YES, [answer(2940, True)]),
    "expired": ("bleeds", OPEN, [answer(2939, True)]),
    "newest answer": ("bleeds", YES, [answer(2980, False), answer(2990, True)]),
    "two answers": ("bleeds", OPEN, [answer(2990, False), answer(2990, True)]),
    "code": ("bad", YES, [state("it's bad")]),
    "other code": ("bad", NO, [state("good")]),
    "two codes": ("bad", OPEN, [state("good", "it's bad")]),
    "code of another system": ("bad", OPEN, [state("good", system="http://example.org")]),
    "unknown code": ("bad", OPEN, [state("middling")]),
    "minute of the decision": ("now", YES, []),
}


def test_each_resource_says_what_the_wire_form_would_or_nothing() -> None:
    with engine(small()) as runner:
        found = runner.statuses([patient(given) for _, _, given in CASES.values()])
    got = {
        title: answers[name]
        for (title, (name, _, _)), answers in zip(CASES.items(), found, strict=True)
    }
    assert got == {title: expected for title, (_, expected, _) in CASES.items()}


def test_no_result_means_none_taken_only_in_a_complete_record() -> None:
    with engine(small()) as runner:
        known, unknown = runner.statuses(
            [patient([], **{"record is complete": each}) for each in (True, False)]
        )
    assert (known["none"], unknown["none"]) == (YES, OPEN)


def test_hostile_names_labels_and_codes_change_nothing() -> None:
    hostile = 'a "b" \'c\' \\\\ */ /* // --> \\n define "x": true \u2028 \u202e {{ 7 }}'
    flag = Input(name=hostile, label=hostile, question="", kind="boolean")
    anchored = Input(name="anchor", label="", question="", kind="boolean")
    coded = Input(name="k", label=hostile, question="", kind="code", codes=(hostile, "x"))
    guards = [Ref("input", hostile), Ref("input", "anchor"), In(Ref("input", "k"), (hostile,))]
    rules = tuple(rule(f"R-{number}", guard) for number, guard in enumerate(guards))
    base = small()
    made = replace(base.program, inputs=(flag, anchored, coded), rules=rules)
    given = ExportInput(guideline=base.guideline, program=made)
    facts = {hostile: True, "anchor": False, "k": hostile}
    with engine(given) as runner:
        (found,) = runner.statuses([patient(list(resources(given, facts)))])
    assert found == {"R-0": YES, "R-1": NO, "R-2": YES}


# --- the shipped guideline ------------------------------------------------------------------------


@cache
def covid() -> ExportInput:
    return ExportInput(guideline=shipped_example.guideline(), program=shipped_example.program())


def plausible(each: Input, value: Any) -> bool:
    exact = Fraction(value, 10**each.scale)
    return (each.low is None or each.low <= exact) and (each.high is None or exact <= each.high)


def usable(program: Program, facts: dict[str, Any]) -> dict[str, Any]:
    """Facts as a record can hold them: plausible, and nothing from after the decision."""
    kept: dict[str, Any] = {"now": facts.get("now") or 0}
    for each in program.inputs:
        value = facts.get(each.name)
        if each.kind == "series" and value:
            value = [[m, v] for m, v in value if m <= kept["now"] and plausible(each, v)] or None
        elif each.kind == "quantity" and value is not None and not plausible(each, value):
            value = None
        kept[each.name] = value or (value if value in (0, False) else None)
    kept["age"] = kept["age"] if kept["age"] is not None else 70
    return kept


def resources(loaded: ExportInput, facts: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for each in loaded.program.inputs:
        value = facts[each.name]
        if value is None:
            continue
        match each.kind:
            case "boolean":
                yield observation(loaded, each.name, None, valueBoolean=value)
            case "code":
                coding = {"system": code_system(loaded), "code": value}
                told = {"valueCodeableConcept": {"coding": [coding]}}
                yield observation(loaded, each.name, None, **told)
            case "quantity":
                yield observation(loaded, each.name, None, **stated(each, value))
            case _:
                for minute, number in value:
                    yield observation(loaded, each.name, minute, **stated(each, number))


def stated(each: Input, value: int) -> dict[str, Any]:
    basis = f"{{{each.basis}}}" if each.basis else ""
    return quantity(plain(Fraction(value, 10**each.scale)), f"{each.unit or 1}{basis}")


def test_shipped_guideline_decides_about_fhir_as_the_reference_does_about_the_wire_form() -> None:
    loaded = covid()
    program, given, expected = loaded.program, [], []
    for facts, _ in random_programs.patients(program, 11, 6):
        kept = usable(program, facts)
        given.append(patient(list(resources(loaded, kept)), kept["now"]))
        reference = random_programs.meaning(program, kept, {})
        expected.append(random_programs.statuses(program, reference))
    with engine(loaded) as runner:
        found = runner.statuses(given)
    assert list(found) == expected
    assert len({status for each in expected for status in each.values()}) >= 4


def test_loinc_codes_that_mean_exactly_the_same_are_accepted() -> None:
    data, _ = libraries(covid())
    assert "Tuple { \"system\": 'http://loinc.org', \"code\": '9279-1' }" in data
    assert "48065-7" not in data


def test_both_data_libraries_define_the_same_data() -> None:
    import re

    names = library_names(covid())
    made = {each.path: each.text for each in CqlExporter().export(covid())}
    over_wire, over_fhir = (
        set(re.findall(r'^define "([^"]+)":', made[path], re.MULTILINE))
        for path in (f"cql/{names.data}.cql", f"cql/fhir/{names.fhir_data}.cql")
    )
    assert over_wire <= over_fhir
