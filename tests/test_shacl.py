"""Shapes over columns: literals, patterns, places, what is refused, and the check of guidelines."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph

from guidegraph.check.validation import Result, results, results_by_pyshacl
from guidegraph.columns.reading import read
from guidegraph.read import read as read_guideline
from guidegraph.scaffold import new
from guidegraph.shacl import lexical, patterns
from guidegraph.shacl.names import XSD
from guidegraph.shacl.report import Telling
from guidegraph.shacl.shapes import UnjudgedError
from guidegraph.shacl.validation import Report, validate

BAD = Path(__file__).parent / "bad"
GUIDELINE = Path(__file__).resolve().parents[1] / "guideline" / "covid19-coagulopathy"
PREFIXES = (
    "@prefix ex: <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
)


def judged(data: str, shapes: str, engine: str = "auto") -> tuple[Report, list[str]]:
    loaded = read([("data.ttl", (PREFIXES + data).encode(), ox.RdfFormat.TURTLE)])
    asked = read([("shapes.ttl", (PREFIXES + shapes).encode(), ox.RdfFormat.TURTLE)])
    report = validate(loaded, asked, engine)
    telling = Telling(loaded, asked)
    found = (telling.finding(each) for each in report.results)
    return report, sorted(f"{each.at}: {each.message}" for each in found)


@pytest.mark.parametrize(
    ("datatype", "right", "wrong"),
    [
        ("integer", ("0", "-007", "+5", " 5 "), ("", "1.0", "1_000", "٣", "five")),
        ("decimal", ("1.50", ".5", "1.", "-0"), ("1e3", "1,5", "INF", ".")),
        ("double", ("1e3", "INF", "NaN", "-0.0"), ("inf", "nan", "1_0", "1e")),
        ("byte", ("-128", "127"), ("128", "-129")),
        ("positiveInteger", ("1",), ("0",)),
        ("boolean", ("true", "0"), ("True", "yes")),
        ("dateTime", ("2024-02-29T24:00:00", "-0044-03-15T12:00:00.5Z"), ("2023-02-29T12:00:00",)),
        ("dateTimeStamp", ("2026-01-01T00:00:00Z",), ("2026-01-01T00:00:00",)),
        ("date", ("2026-01-31+14:00",), ("2026-02-30", "26-01-01", "2026-01-01+14:30")),
        ("time", ("23:59:59.999Z",), ("25:00:00", "24:00:01")),
        ("duration", ("P1Y2M3DT4H5M6.7S", "-PT36H"), ("P", "PT", "P1S", "1D")),
        ("dayTimeDuration", ("P3DT4H",), ("P1M",)),
        ("hexBinary", ("0aFF",), ("0aF",)),
        ("base64Binary", ("", "QUJD", "QUI="), ("QUJ", "Q===")),
    ],
)
def test_literals_are_written_as_their_datatype_asks(datatype, right, wrong):
    read_literal = lexical.READERS[XSD + datatype]
    assert all(read_literal(each) for each in right)
    assert not any(read_literal(each) for each in wrong)


def test_numbers_are_compared_exactly():
    value = "0.1000000000000000055511151231257827021181583404541015625"
    shape = (
        f"ex:S sh:targetSubjectsOf ex:n ; sh:property [ sh:path ex:n ; sh:minExclusive {value} ]"
    )
    _, found = judged(f"ex:a ex:n {value}1 . ex:b ex:n {value} . ex:c ex:n 1e-1 .", f"{shape} .")
    assert {each.split()[1] for each in found} == {"ex:b,", "ex:c,"}  # 1e-1 is this number


def test_moments_with_and_without_a_zone_are_not_compared():
    data = (
        'ex:a ex:t "2026-01-01T13:00:00+01:00"^^xsd:dateTime .\n'
        'ex:b ex:t "2026-06-01T12:00:00"^^xsd:dateTime .\n'
    )
    shape = (
        "ex:S sh:targetSubjectsOf ex:t ; sh:property [ sh:path ex:t ; "
        'sh:minInclusive "2026-01-01T12:00:00Z"^^xsd:dateTime ] .'
    )
    _, found = judged(data, shape)
    assert len(found) == 1
    assert "ex:b" in found[0]


def test_a_stamp_is_compared_as_a_moment_with_a_zone():
    shape = "ex:S sh:targetSubjectsOf ex:t ; sh:path ex:t ; sh:minInclusive "
    limit = '"2026-01-01T12:00:00Z"^^xsd:dateTime .'
    data = 'ex:a ex:t "2026-01-01T13:00:00+01:00"^^xsd:dateTimeStamp .'
    assert judged(data, shape + limit)[1] == []


def test_a_count_may_be_greater_than_any_number_of_values():
    shape = f"ex:S sh:targetNode ex:a ; sh:path ex:b ; sh:maxCount {'9' * 5000} ; sh:minCount 1 ."
    report, found = judged("ex:a ex:b 1 .", shape)
    assert (found, report.findings) == ([], ())


def test_a_hostile_pattern_takes_no_longer_than_another():
    start = time.process_time()
    assert patterns.Pattern("^(a+)+$", "").matched(["a" * 5000 + "!", "aaa"]) == {"aaa"}
    assert patterns.Pattern("(x+x+)+y", "").matched(["x" * 5000]) == set()
    assert time.process_time() - start < 2


@pytest.mark.parametrize("pattern", ["(", "^(?=a)(a+)+$", "(?<!a)a*b*", r"(a)\1"])
def test_patterns_that_could_take_long_are_refused(pattern):
    with pytest.raises(patterns.UnusablePatternError):
        patterns.Pattern(pattern, "")


def test_patterns_may_look_ahead_in_short_texts():
    ahead = patterns.Pattern("^(?!secret)[a-z]+$", "")
    assert ahead.matched(["secrets", "open"]) == {"open"}
    with pytest.raises(UnjudgedError):
        ahead.matched(["a" * 3000])


def test_findings_stand_at_the_value_or_else_at_the_node():
    data = "ex:a a ex:C ;\n  ex:p 5 , 50 .\nex:b a ex:C .\n"
    shape = (
        "ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:maxInclusive 9 ; "
        'sh:minCount 1 ; sh:message "Wrong."@en , "Fout."@nl ] .'
    )
    _, found = judged(data, shape)
    assert found == ["data.ttl:4:12: ex:a, ex:p: Wrong.", "data.ttl:5:6: ex:b, ex:p: Wrong."]


def test_a_property_shape_that_is_reached_twice_tells_twice():
    data = "ex:a ex:p ex:v . ex:b ex:p ex:v . ex:v ex:q 1 ."
    shape = (
        "ex:S sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; "
        "sh:property [ sh:path ex:q ; sh:maxInclusive 0 ] ] ."
    )
    report, _ = judged(data, shape)
    assert [each.focus.value for each in report.results] == ["https://example.org/v"] * 2


def test_blank_nodes_of_shapes_are_not_those_of_the_data():
    report, _ = judged("_:x ex:p _:y .", "ex:S sh:targetSubjectsOf ex:p ; sh:in ( _:x ) .")
    assert len(report.results) == 1


RECURSIVE = (
    "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:node ex:S ] .\n"
    "ex:T a sh:NodeShape ; sh:targetNode ex:a ; sh:property [ sh:path ex:q ; sh:minCount 1 ] ."
)


def test_shapes_that_refer_to_themselves_go_to_pyshacl_and_the_report_says_so():
    report, _ = judged("ex:a ex:p ex:b . ex:b ex:p ex:a .", RECURSIVE)
    assert [(each.code, str(each.severity)) for each in report.findings] == [("Z103", "note")]
    assert len(report.results) == 1
    strict, _ = judged("ex:a ex:p ex:b . ex:b ex:p ex:a .", RECURSIVE, "compiled")
    assert {(each.code, str(each.severity)) for each in strict.findings} == {("Z103", "error")}


@pytest.mark.parametrize(
    "shape",
    [
        "sh:property [ sh:path ex:p , ex:q ]",
        "sh:property [ sh:path [ sh:zeroOrMorePath ex:p , ex:q ] ]",
        "sh:property [ sh:path [ ] ]",
        'sh:property [ sh:path "p" ]',
        "sh:property [ sh:path ( ex:p ) ]",
        "sh:property [ sh:minCount 1 ]",
        "sh:property [ sh:path ex:p ; sh:minCount 1.5 ]",
        "sh:property [ sh:path ex:p ; sh:minCount 1 , 2 ]",
        "sh:minCount 1",
        "sh:in ex:nolist",
        "sh:or ( )",
        'sh:or ( "x" )',
        "sh:nodeKind sh:Iri",
        'sh:datatype "xsd:integer"',
        "sh:minInclusive ex:five",
        "sh:lessThan ex:p",
        'sh:pattern "("',
        'sh:closed "perhaps"',
        "sh:ignoredProperties ( ex:p )",
        "sh:property [ sh:path ex:p ; sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] ]",
        "sh:node [ sh:path ex:p ]",
        "sh:sparql [ ]",
        'sh:sparql [ sh:select "SELECT" ]',
        'sh:sparql [ sh:select "SELECT $this { $this nope:p ?o }" ]',
    ],
)
def test_shapes_that_are_not_well_formed_are_told_and_not_applied(shape):
    report, _ = judged("ex:a a ex:C .", f"ex:S a sh:NodeShape ; sh:targetClass ex:C ; {shape} .")
    assert {each.code for each in report.findings} & {"Z101", "Z104"}
    assert all(each.at is not None for each in report.findings)
    assert not report.results
    assert not report.conforms


def test_the_room_needs_no_rdflib():
    code = (
        "import sys; import guidegraph.shacl.validation, guidegraph.shacl.files, "
        "guidegraph.shacl.report; "
        "print([m for m in ('rdflib', 'pyshacl', 'networkx', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def told(found: tuple[Result, ...]) -> Counter[Result]:
    return Counter(found)


def test_a_guideline_with_faults_is_found_as_pyshacl_finds_it(tmp_path):
    folder = tmp_path / "example-marker"
    new(folder)
    for name in ("S410", "S531", "S110", "S600"):
        for example in BAD.glob(f"{name}-*.ttl"):
            shutil.copy(example, folder)
    sources = read_guideline(folder)
    ours = results(sources.graph, sources.ontology)
    assert ours
    assert told(ours) == told(results_by_pyshacl(sources.graph, sources.ontology))


@pytest.mark.slow
def test_the_shipped_guideline_is_found_as_pyshacl_finds_it():
    sources = read_guideline(GUIDELINE)
    ours = results(sources.graph, sources.ontology)
    assert told(ours) == told(results_by_pyshacl(sources.graph, sources.ontology))


@pytest.mark.slow
def test_every_bad_example_is_found_as_pyshacl_finds_it(tmp_path):
    folder = tmp_path / "example-marker"
    new(folder)
    base = read_guideline(folder)
    for example in sorted(BAD.glob("[SFLU]*.ttl")):
        graph = Graph()
        for triple in base.graph:
            graph.add(triple)
        try:
            graph.parse(example, format="turtle")
        except Exception:
            continue
        ours = results(graph, base.ontology)
        assert told(ours) == told(results_by_pyshacl(graph, base.ontology)), example.name
