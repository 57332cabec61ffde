"""What shapes ask for and nobody applies is named: nothing is left out in silence."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from guidegraph.columns.reading import read
from guidegraph.diagnostic import Severity
from guidegraph.shacl.validation import Report, validate

PREFIXES = """@prefix ex: <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix dash: <http://datashapes.org/dash#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
ex:Sound sh:targetClass ex:C ; sh:nodeKind sh:IRI .
<http://e> sh:declare [ sh:prefix "ex" ; sh:namespace "http://e/"^^xsd:anyURI ] .
"""
SELECT = '"SELECT ?this { ?this a ex:C }"'
FUNCTION = """ex:f a sh:SPARQLFunction ; sh:parameter [ sh:path ex:x ] ;
    sh:returnType xsd:integer ; sh:select "SELECT (1 AS ?r) {}" .
ex:S sh:targetClass ex:C ; sh:sparql [ sh:prefixes <http://e> ;
    sh:select "SELECT $this { $this ex:n ?n FILTER(ex:f(?n) > 1) }" ] ."""


def judged(shapes: str, engine: str = "auto") -> Report:
    data = read([("d.ttl", b"<http://e/a> a <http://e/C> .", ox.RdfFormat.TURTLE)])
    asked = read([("s.ttl", (PREFIXES + shapes).encode(), ox.RdfFormat.TURTLE)])
    return validate(data, asked, engine)


@pytest.mark.parametrize(
    ("shapes", "told"),
    [
        (f"ex:S sh:target [ a sh:SPARQLTarget ; sh:select {SELECT} ] .", "`sh:target` is one of"),
        ("ex:S sh:targetClass ex:C ; sh:rule [ a sh:TripleRule ; sh:object 1 ] .", "`sh:rule` is"),
        ("ex:S sh:property [ sh:path ex:p ; sh:values [ sh:path ex:q ] ] .", "`sh:values` is one"),
        ("ex:S a sh:NodeShape ; sh:expression [ sh:path ex:p ] .", "`sh:expression` is one of"),
        ('ex:S sh:targetClass ex:C ; sh:js [ sh:jsFunctionName "f" ] .', "`sh:js` is one of"),
        ("ex:S sh:targetclass ex:C ; sh:nodeKind sh:IRI .", "`sh:targetclass` is not"),
        ('ex:S sh:sparql [ sh:select "SELECT $this {}" ; sh:slect "" ] .', "`sh:slect` is not"),
        ("ex:S a sh:Nodeshape ; sh:nodeKind sh:IRI .", "`sh:Nodeshape` is no class"),
        ("ex:S sh:targetClass ex:C ; dash:closedByTypes true .", "`dash:closedByTypes` is not"),
        ("<http://e> sh:entailment <x:RDFS> .", "`sh:entailment` is not applied"),
        ("ex:S sh:targetClass [ owl:unionOf () ] ; sh:nodeKind sh:IRI .", "where an IRI is asked"),
        ("<http://e> owl:imports ex:far .", "import <http://e/far>, which is not read"),
        (FUNCTION, "The custom function <http://e/f> is not supported"),
    ],
)
def test_what_is_not_applied_is_named_once_and_with_its_line(shapes: str, told: str) -> None:
    (finding,) = judged(shapes).findings
    assert told in finding.message
    assert finding.at is not None and finding.at.line >= 6


@pytest.mark.parametrize(
    "shapes", ["<http://e> sh:entailment <x:RDFS> .", "ex:S sh:target [] .", "ex:S sh:js [] ."]
)
def test_what_is_judged_in_part_is_not_said_to_conform(shapes: str) -> None:
    for engine in ("auto", "compiled", "pyshacl"):
        assert not judged(shapes, engine).conforms


def test_a_function_that_is_not_known_is_named_also_where_pyshacl_judges() -> None:
    (finding,) = judged(FUNCTION, "pyshacl").findings
    assert (finding.code, finding.severity) == ("Z104", Severity.WARNING)


def test_what_is_applied_or_asks_for_nothing_is_not_named() -> None:
    report = judged(
        """ex:G a sh:PropertyGroup ; sh:order 1 . <http://e> owl:imports ex:here .
ex:here a owl:Ontology .
ex:One a sh:ConstraintComponent ; sh:labelTemplate "one" ; sh:parameter [ a sh:Parameter ;
        sh:path dash:singleLine ; sh:datatype xsd:boolean ; sh:optional false ] ;
    sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER(true) }" ] .
ex:S a sh:NodeShape ; sh:targetClass ex:C ; dash:singleLine true ; dash:abstract true ;
    sh:property [ sh:path [ sh:zeroOrMorePath ex:p ] ; sh:group ex:G ; sh:defaultValue 1 ] .
[] a sh:ValidationReport ; sh:conforms false ; sh:result [ a sh:ValidationResult ;
    sh:focusNode ex:a ; sh:resultSeverity sh:Info ; sh:sourceShape ex:S ] ."""
    )
    assert (report.findings, report.results) == ((), ())


@pytest.mark.parametrize("engine", ["auto", "compiled"])
def test_shapes_that_are_too_deep_are_named_once_and_never_stop_the_run(engine: str) -> None:
    for levels, results, codes in ((80, 1, []), (81, 0, ["Z101"]), (300, 0, ["Z101"])):
        steps = "".join(f"ex:L{at} sh:node ex:L{at + 1} . " for at in range(levels))
        last = f"ex:L{levels} sh:nodeKind sh:Literal ."
        report = judged(f"ex:L0 sh:targetClass ex:C . {steps} {last}", engine)
        assert (len(report.results), [each.code for each in report.findings]) == (results, codes)
