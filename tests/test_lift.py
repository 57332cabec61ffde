"""The typed guideline is read by name, and what does not fit is told."""

from __future__ import annotations

from decimal import Decimal

import pytest
from rdflib import RDFS, SH, Graph, URIRef

from guidegraph.criteria import ComparisonCriterion, LogicalCriterion
from guidegraph.lift import lift
from guidegraph.lift.slots import slots
from guidegraph.model import CLASSES, PARTS, Observable, Recommendation, Threshold
from guidegraph.read import read
from guidegraph.resources import ontology_folder
from guidegraph.scaffold import new
from guidegraph.terms import expand


@pytest.fixture(scope="module")
def ontology():
    graph = Graph()
    for path in sorted(ontology_folder().glob("*.ttl")):
        graph.parse(path)
    return graph


@pytest.fixture
def folder(tmp_path):
    new(tmp_path / "example-marker")
    return tmp_path / "example-marker"


def test_every_field_is_read(folder):
    guideline, findings = lift(read(folder))
    assert guideline is not None
    assert not findings
    low = guideline.one("THR-low", Threshold)
    assert low.reported_text == "<50 µg/L"
    assert low.comparator == "LessThan"
    assert low.executable_quantity is not None
    assert low.executable_quantity.value == Decimal("50.0")
    assert str(low.executable_quantity.value) == "50.0"
    assert low.executable_quantity.unit == "ug/L"
    assert low.passages == ("EX-P-3",)
    marker = guideline.one("example-marker", Observable)
    assert ("nl", "Voorbeeldmarker") in marker.label.words
    assert str(marker.label) == "Example marker"
    assert marker.decimal_places == 3
    criterion = guideline.one("CRIT-low", ComparisonCriterion)
    assert criterion.threshold == "THR-low"


def test_things_know_where_they_and_their_properties_stand(folder):
    guideline, _ = lift(read(folder))
    assert guideline is not None
    rec = guideline.one("REC-2", Recommendation)
    lines = (folder / "recommendations.ttl").read_text(encoding="utf-8").splitlines()
    assert lines[rec.at.line - 1].startswith("d:REC-2 a gg:Recommendation")
    assert "gg:exception" in lines[rec.place_of("gg:exception").line - 1]


def test_operands_keep_the_order_of_the_file(folder):
    guideline, _ = lift(read(folder))
    assert guideline is not None
    population = guideline.one("CRIT-population", LogicalCriterion)
    assert population.operands == ("CRIT-admitted", "CRIT-infection")


def test_code_lists_come_with_the_norm_of_each_modality(folder):
    guideline, _ = lift(read(folder))
    assert guideline is not None
    norms = {name: guideline.codes[name].norm for name in ("Should", "CanBeConsidered")}
    assert norms == {"Should": "should", "CanBeConsidered": "may"}
    assert guideline.words("ShouldBeConsidered") == "should be considered"


def test_a_thing_without_what_its_class_needs_is_left_out(folder):
    path = folder / "criteria.ttl"
    text = path.read_text(encoding="utf-8")
    said = "  gg:observable d:admitted ;\n  gg:expected true ;\n"
    assert said in text
    path.write_text(text.replace(said, ""), "utf-8")
    guideline, findings = lift(read(folder))
    assert guideline is not None
    assert "CRIT-admitted" not in guideline.entities
    assert not findings


@pytest.mark.parametrize("kind", [*CLASSES, *PARTS], ids=lambda kind: kind.__name__)
def test_a_shape_demands_what_a_class_cannot_do_without(kind, ontology):
    classes = {URIRef(expand(c.CLASS)) for c in kind.__mro__ if c.__dict__.get("CLASS")}
    for each in tuple(classes):
        classes |= set(ontology.transitive_objects(each, RDFS.subClassOf))
    shapes = {shape for each in classes for shape in ontology.subjects(SH.targetClass, each)}
    demanded = {
        ontology.value(rule, SH.path)
        for shape in shapes
        for rule in ontology.objects(shape, SH.property)
        if ontology.value(rule, SH.minCount) or ontology.value(rule, SH.qualifiedMinCount)
    }
    needed = {slot.predicate for slot in slots(kind) if slot.required}
    assert needed <= demanded


def test_several_values_where_one_fits_are_told(folder):
    path = folder / "observables.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("gg:canonicalUnit u:year", "gg:canonicalUnit u:year , u:day"))
    _, findings = lift(read(folder))
    assert [(each.code, each.subject) for each in findings] == [("F106", "age")]


def test_two_headers_are_refused(folder):
    header = (folder / "guideline.ttl").read_text(encoding="utf-8")
    (folder / "second.ttl").write_text(header.replace("d:guideline", "d:second"), "utf-8")
    guideline, findings = lift(read(folder))
    assert guideline is None
    assert [each.code for each in findings] == ["F101"]
