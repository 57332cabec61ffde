"""Shapes are well made, and their results are told in plain words at the right line."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, SH, SKOS, BNode, Graph, URIRef

from guidegraph import resources
from guidegraph.check.shapes import check_shapes
from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.read import read
from guidegraph.scaffold import new
from guidegraph.terms import NAMESPACES, expand

BAD = Path(__file__).parent / "bad"
CODE, HINT = URIRef(expand("gg:code")), URIRef(expand("gg:hint"))
SHARED = {"S006", "S007", "S628", "S629"}  # one question, asked of several classes
"""Codes of families of shapes: a word from another list, a different kind of thing."""

SHACL_1_0 = {
    "NodeShape",
    "Violation",
    "Warning",
    "Info",
    "IRI",
    "BlankNode",
    "Literal",
    *("targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf", "property", "path"),
    *("alternativePath", "inversePath", "minCount", "maxCount", "class", "datatype", "nodeKind"),
    *(
        "in",
        "hasValue",
        "pattern",
        "minInclusive",
        "minExclusive",
        "lessThan",
        "uniqueLang",
        "languageIn",
    ),
    *("qualifiedValueShape", "qualifiedMinCount", "qualifiedMaxCount", "or", "and", "not", "node"),
    *("message", "severity", "name", "order", "group"),
}
PREFIXES = "".join(
    f"@prefix {prefix}: <{NAMESPACES[prefix]}> .\n"
    for prefix in ("gg", "code", "u", "dcterms", "oa", "prov", "rdfs", "schema", "skos", "xsd")
)
PREFIXES += "@prefix d: <https://example.org/guideline/example-marker/> .\n"
LINES = PREFIXES.count("\n")


@pytest.fixture(scope="module")
def ontology() -> Graph:
    graph = Graph()
    for path in sorted(resources.ontology_folder().glob("*.ttl")):
        graph.parse(path)
    return graph


@pytest.fixture
def told(tmp_path):
    """What shapes say about the small valid guideline with some Turtle laid over it."""
    folder = tmp_path / "example-marker"
    new(folder)

    def tell(turtle: str = "") -> list[Diagnostic]:
        (folder / "zzz.ttl").write_text(PREFIXES + turtle, encoding="utf-8")
        return list(check_shapes(read(folder)))

    return tell


def line(finding: Diagnostic) -> int:
    """The line within the Turtle of a test, counted from 1."""
    assert finding.at is not None
    assert finding.at.file.endswith("zzz.ttl")
    return finding.at.line - LINES


def coded(graph: Graph) -> dict[str, list[URIRef | BNode]]:
    shapes: dict[str, list[URIRef | BNode]] = {}
    for shape, code in graph.subject_objects(CODE):
        shapes.setdefault(str(code), []).append(shape)
    return shapes


# ---- how the shapes are made ---------------------------------------------------------------------


def test_shapes_use_terms_of_shacl_1_0_only(ontology):
    """pySHACL ignores what SHACL 1.2 adds, without a word."""
    used = {
        str(term).removeprefix(str(SH))
        for triple in ontology
        for term in triple
        if str(term).startswith(str(SH))
    }
    assert used <= SHACL_1_0


def test_classes_are_asked_for_one_at_a_time(ontology):
    """A list under sh:class is SHACL 1.2 and gives wrong results."""
    for kind in ontology.objects(None, SH["class"]):
        assert isinstance(kind, URIRef)


def test_every_message_and_hint_has_one_english_wording(ontology):
    for predicate in (SH.message, HINT):
        for shape in set(ontology.subjects(predicate)):
            words = [o for o in ontology.objects(shape, predicate) if o.language == "en"]
            assert len(words) == 1
            assert words[0].endswith((".", "?"))


def test_code_message_and_hint_come_together(ontology):
    with_code = set(ontology.subjects(CODE))
    assert with_code
    assert set(ontology.subjects(SH.message)) == with_code
    assert set(ontology.subjects(HINT)) == with_code


def test_every_property_shape_has_a_code_and_every_node_shape_reports_under_one(ontology):
    for shape in ontology.subjects(RDF.type, SH.NodeShape):
        parts = list(ontology.objects(shape, SH.property))
        assert parts or ontology.value(shape, CODE)
        for part in parts:
            assert ontology.value(part, CODE)


def test_codes_are_unique_but_for_those_shared(ontology):
    for code, shapes in coded(ontology).items():
        assert len(shapes) == 1 or code in SHARED, code


@pytest.mark.parametrize("place", ["explanation", "example"])
def test_every_code_has_an(place, ontology):
    if place == "explanation":
        found = {each.stem for each in resources.explanations_folder().glob("S*.md")}
    else:
        found = {each.name.split("-")[0] for each in BAD.glob("S*.ttl")}
    assert found == set(coded(ontology))


def test_explanations_give_the_severity_of_their_shape(ontology):
    for code, shapes in coded(ontology).items():
        warned = ontology.value(shapes[0], SH.severity) == SH.Warning
        text = (resources.explanations_folder() / f"{code}.md").read_text(encoding="utf-8")
        assert text.splitlines()[2] == f"severity: {'warning' if warned else 'error'}", code


def test_every_coded_property_is_held_to_its_list(ontology):
    asked = {
        (prop, ontology.value(part, SH.hasValue))
        for shape, part in ontology.subject_objects(SH.property)
        for prop in ontology.objects(shape, SH.targetObjectsOf)
    }
    declared = set(ontology.subject_objects(URIRef(expand("gg:codeList"))))
    hit_policy = URIRef(expand("gg:hitPolicy"))
    assert {pair for pair in declared if pair[0] != hit_policy} == asked


def test_every_property_is_held_to_its_range(ontology):
    asked = {
        (prop, ontology.value(shape, SH["class"]))
        for shape, prop in ontology.subject_objects(SH.targetObjectsOf)
        if ontology.value(shape, SH["class"])
    }
    for prop, kind in ontology.subject_objects(RDFS.range):
        if str(kind).startswith(NAMESPACES["gg"]):
            assert (prop, kind) in asked, prop


def test_form_hints_name_fields_by_the_labels_of_their_properties(ontology):
    for shape, name in ontology.subject_objects(SH.name):
        labels = ontology.objects(ontology.value(shape, SH.path), RDFS.label)
        assert str(name) in {str(each) for each in labels}


# ---- how results are told ------------------------------------------------------------------------


def test_the_scaffold_has_no_findings(told):
    assert told() == []


def test_what_is_missing_is_reported_where_the_thing_begins(told):
    (finding,) = told(
        'd:ACT-x a gg:MedicationAction ;\n  rdfs:label "Give it"@en .\n'
        'd:x a skos:Concept ; rdfs:label "x"@en .\n'
    )
    assert (finding.code, finding.severity, line(finding)) == ("S153", Severity.ERROR, 1)
    assert finding.subject == "ACT-x"
    assert finding.message.startswith("`ACT-x`: This medication action does not say which")
    assert finding.help == "Add gg:medicationClass with the class or substance."


def test_a_wrong_value_is_reported_where_it_stands(told):
    (finding,) = told(
        "d:DISC-x a gg:Discrepancy ;\n"
        '  rdfs:label "Nothing about children"@en ;\n'
        "  gg:discrepancyType\n    code:Reviewed ;\n"
        '  gg:concerns d:EX-P-1 ; gg:resolution "Kept."@en ; gg:status code:Draft .\n'
    )
    assert (finding.code, line(finding), finding.subject) == ("S006", 4, "DISC-x")
    assert finding.message == "`code:Reviewed`: This is not one of the types of discrepancy."
    assert "code:Gap, code:ImpossibleValue" in (finding.help or "")


def test_a_value_used_wrongly_twice_is_reported_at_both_places(told):
    findings = told(
        'd:POP-x a gg:Population ; rdfs:label "x"@en ; gg:definingCriterion d:THR-low .\n'
        'd:POP-y a gg:Population ; rdfs:label "y"@en ; gg:definingCriterion d:THR-low .\n'
    )
    assert [(f.code, line(f), f.subject) for f in findings] == [
        ("S007", 1, "POP-x"),
        ("S007", 2, "POP-y"),
    ]


def test_one_value_too_many_is_reported_at_the_last_one(told):
    (finding,) = told("d:THR-low gg:siteParameter\n  d:marker-high .\n")
    assert (finding.code, line(finding)) == ("S105", 2)


def test_two_values_are_not_called_missing(told):
    (finding,) = told("d:REC-1 gg:modality code:Must .\n")
    assert (finding.code, line(finding)) == ("S202", 1)
    assert finding.message == "`REC-1`: This has more than one modality."
    assert finding.help == "Keep the one gg:modality that is meant."


def test_two_labels_in_a_language_are_reported_at_the_second(told):
    (finding,) = told(
        'd:x a skos:Concept ;\n  rdfs:label "x"@en , "ex"@nl ,\n    "the letter"@en .\n'
    )
    assert (finding.code, line(finding)) == ("S002", 3)


def test_a_part_without_a_name_is_reported_under_its_owner(told):
    (finding,) = told(
        "d:THR-x a gg:Threshold ;\n"
        '  rdfs:label "x"@en ; gg:observable d:example-marker ; gg:reportedText "≥9" ;\n'
        "  gg:comparator code:AtLeast ; prov:wasDerivedFrom d:EX-P-2 ;\n"
        "  gg:executableQuantity [ a gg:Quantity ; gg:value 9.0 ] .\n"
    )
    assert (finding.code, line(finding), finding.subject) == ("S112", 4, "THR-x")
    assert finding.message == "`THR-x`: This quantity needs exactly one unit."


def test_a_thing_without_name_or_owner_is_reported_where_it_begins(told):
    (finding,) = told('\n[] a skos:Concept ; rdfs:label "x"@en .\n')
    assert (finding.code, line(finding), finding.subject) == ("S004", 2, None)
    assert finding.message.startswith("`[...]`: This has no name of its own")


def test_a_value_reached_over_another_thing_is_reported_where_the_way_begins(told):
    (finding,) = told(
        'd:CRIT-x a gg:FindingCriterion ;\n  rdfs:label "x"@en ;\n  gg:observable d:age .\n'
    )
    assert (finding.code, line(finding)) == ("S431", 3)


def test_warnings_stay_warnings(told):
    (finding,) = told(
        'd:WIN-x a gg:TimeWindow ; rdfs:label "x"@en ; gg:timeRange [ a gg:QuantityRange ;\n'
        "  gg:low 1.0 ; gg:lowInclusive true ; gg:unit u:hour ] .\n"
    )
    assert (finding.code, finding.severity) == ("S131", Severity.WARNING)


@pytest.mark.parametrize("value", ["code:Shoud", "d:no-such-thing"])
def test_a_misspelt_name_is_left_to_the_check_of_names(told, value):
    assert told(f"d:REC-1 gg:exception {value} .\n") == []
    assert told(f"d:THR-low gg:comparator {value} .\n")[0].code == "S103"


@pytest.mark.parametrize("value", ["1.0E3", '"x"^^xsd:decimal'])
def test_a_number_of_the_wrong_type_is_left_to_the_check_of_literals(told, value):
    assert (
        told(
            "d:ACT-x a gg:LaboratoryTestAction ; rdfs:label 'x'@en ;"
            " gg:observable d:example-marker ; gg:repeatAfter [ a gg:QuantityRange ;"
            f" gg:low {value} ; gg:lowInclusive true ; gg:unit u:hour ] .\n"
        )
        == []
    )


def test_the_order_of_branches_is_refused_even_by_a_word_that_does_not_exist(told):
    (finding,) = told(
        "d:N-new a gg:Anchor ; rdfs:label 'x'@en .\nd:N-level gg:hitPolicy code:First ."
    )
    assert finding.code == "S306"
    found = told("d:N-level gg:hitPolicy code:Priority .")
    assert {each.code for each in found} == {"S306"}


def test_calibration_is_asked_for_where_the_observable_needs_it(told):
    (finding,) = told("d:example-marker gg:needsCalibration true .")
    assert finding.code == "S145"
    assert told("d:example-marker gg:needsCalibration true ; gg:calibration code:FEU .") == []
    assert told("d:example-marker gg:needsCalibration false .") == []


def test_an_observable_without_a_kind_may_be_named_but_not_used(told):
    named = 'd:padua a gg:ClinicalScore ; rdfs:label "Padua score"@en .\n'
    assert told(named) == []
    (finding,) = told(
        named + 'd:CRIT-x a gg:FindingCriterion ; rdfs:label "x"@en ; gg:observable d:padua .\n'
    )
    assert (finding.code, finding.subject) == ("S140", "padua")


def test_words_of_a_source_are_refused(told):
    (finding,) = told('d:EX-P-1 oa:exact "marker" .')
    assert (finding.code, line(finding)) == ("S003", 1)


def test_nothing_is_said_about_what_could_not_be_read(told):
    assert told("d:THR-x a gg:Threshold ;\n  gg:observable ] .\n") == []


def test_findings_come_in_the_order_of_the_files(told):
    findings = told("d:b a skos:Concept .\nd:a a skos:Concept .\nd:c a gg:Branch .\n")
    assert findings == sorted(findings, key=lambda each: each.order)
    assert len(findings) == len(set(findings)) > 3


def test_shapes_are_checked_without_the_network(told, monkeypatch):
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert told() == []


def test_nothing_is_said_about_the_ontology_itself(told, ontology):
    findings = told("d:x a skos:Concept .")
    assert {each.subject for each in findings} == {"x"}
    assert (None, SKOS.inScheme, None) in ontology
