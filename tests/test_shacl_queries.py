"""One query for all focus nodes answers as one query for each of them would."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pyoxigraph as ox
import pytest

import shacl_worlds
from guidegraph.columns.reading import read
from guidegraph.shacl.data import Data
from guidegraph.shacl.queries.answers import answers
from guidegraph.shacl.queries.binding import prepared
from guidegraph.shacl.queries.tokens import MalformedError
from guidegraph.shacl.results import Result
from guidegraph.shacl.validation import validate

EX = {"ex": "https://example.org/"}
TOGETHER = (
    "SELECT $this ?value { $this ex:p ?value }",
    "SELECT ?value WHERE { $this ex:p ?value }",
    "SELECT DISTINCT $this { $this ?path ?x . ?x ex:q ?y FILTER(?y != $this) }",
    "SELECT $this { FILTER NOT EXISTS { $this ex:p/ex:q ?x } }",
    "SELECT $this ?value { $this ex:p ?value FILTER NOT EXISTS { ?value ex:q* ex:n1 } }",
    "SELECT $this ?value { $this ex:p ?value FILTER NOT EXISTS { ?value ex:q+ ?x . ?x a ex:C } }",
    "SELECT $this ?value { $this ex:p ?value FILTER EXISTS { $this ex:p*/ex:q ?value } }",
    "SELECT $this ?value { $this ex:p ?value FILTER EXISTS { ?value ex:q ?x . ?x ex:p ?y } }",
    "SELECT $this ?value { $this ex:p ?x OPTIONAL { ?x ex:q ?value FILTER(?value != $this) } }",
    "SELECT $this { { $this a ex:C } UNION { FILTER($this = ex:n2) } UNION { $this ex:p $this } }",
    "SELECT $this ?x { { { FILTER(isIRI($this)) } FILTER(bound($this)) } ex:n1 ex:p ?x }",
    "SELECT $this ?x { BIND(STR($this) AS ?x) FILTER(isIRI($this)) }",
    "SELECT $this ?x { $this ex:p ?x { SELECT $this ?x { $this ex:p ?x . ?x ex:q ?y } } }",
    "SELECT $this { $this ex:n ?a , ?b FILTER(?a < ?b && NOT EXISTS { $this ex:m ?a }) }",
    "SELECT $this { $this ex:p ?x FILTER NOT EXISTS { ?x ex:p ?z FILTER(?z = $this) } }",
    "SELECT $this { $this ex:p ?x FILTER NOT EXISTS { ?x ex:p ?z FILTER(?z != ?x) } }",
    'SELECT $this ?message { $this ex:w ?w BIND(CONCAT("has {", STR(?w)) AS ?message) } # }',
    "ASK { $this ex:p ?x FILTER(?x != $value) }",
    "ASK { FILTER(isIRI($value)) }",
)
ALONE = (
    "SELECT $this ?value { $this ex:p ?value } ORDER BY ?value LIMIT 1",
    "SELECT (COUNT(?x) AS ?value) { $this ex:p ?x } HAVING (COUNT(?x) > 1)",
    "SELECT $this (COUNT(?x) AS ?n) { $this ex:p ?x } GROUP BY $this HAVING (COUNT(?x) > 1)",
)


@pytest.mark.parametrize("text", [*TOGETHER, *ALONE])
def test_all_at_once_says_the_same_as_one_by_one(text: str) -> None:
    query = prepared(text, ("this", "value") if "ASK" in text else ("this",), {}, "")
    assert query.together == (text in TOGETHER)
    rng = Random(text)
    for _ in range(6):
        loaded = read([("a.ttl", shacl_worlds.data(rng).encode(), ox.RdfFormat.TURTLE)])
        data = Data(loaded.columns)
        nodes = np.unique(loaded.columns.subjects)
        values = nodes[::-1].copy()
        bound = {"this": nodes, "value": values}
        single = replace(query, together=False)
        found, expected = (
            sorted((each.row, sorted(_told(each.values))) for each in answers(data, way, EX, bound))
            for way in (query, single)
        )
        assert found == expected


def _told(values: dict[str, object]) -> list[str]:
    return [f"{name} {value}" for name, value in values.items() if name != "this"]


def test_values_are_told_as_the_data_write_them() -> None:
    text = b"@prefix ex: <https://example.org/> . ex:a ex:n 1.50 . ex:b ex:n 1.5 ."
    data = Data(read([("a.ttl", text, ox.RdfFormat.TURTLE)]).columns)
    nodes = data.columns.subjects
    query = prepared("SELECT $this ?value { $this ex:n ?value }", ("this",), {}, "")
    found = {
        each.row: each.values["value"].value for each in answers(data, query, EX, {"this": nodes})
    }
    assert found == {0: "1.50", 1: "1.5"}


def test_a_parameter_is_put_in_everywhere() -> None:
    fixed = {"limit": ox.Literal("a b"), "shape": ox.NamedNode("https://example.org/S")}
    text = "ASK { FILTER(bound($limit) && ?value = $limit) $shape $PATH ?value }"
    query = prepared(text, ("value",), fixed, "<x:p>/<x:q>")
    assert 'true && ?value = "a b") <https://example.org/S> <x:p>/<x:q> ?value' in query.text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("SELECT $this { $this ?p ?o MINUS { $this ?p 1 } }", "MINUS"),
        ("SELECT $this { VALUES ?x { 1 } }", "VALUES"),
        ("SELECT $this { service <x:y> { ?a ?b ?c } }", "network"),
        ("SELECT $this FROM <x:y> { ?a ?b ?c }", "another set"),
        ("SELECT $this { BIND(1 AS $this) }", "already"),
        ("SELECT $this { { SELECT ?x { ?x ?y ?z } } }", "does not select $this"),
        ("SELECT $this { $this ?p ?o", "curly"),
        ("SELECT $this $PATH ?x }", "not open"),
        ("SELECT $this { $this $PATH ?x }", "no sh:path"),
        ("SELECT $this { GRAPH $shapesGraph { ?s ?p ?o } }", "$shapesGraph"),
        ("DELETE WHERE { ?s ?p ?o }", "neither"),
    ],
)
def test_what_constraints_must_not_do_is_refused(text: str, says: str) -> None:
    with pytest.raises(MalformedError, match=says.replace("$", r"\$")):
        prepared(text, ("this",), {}, "")


def test_words_in_texts_and_comments_are_no_keywords() -> None:
    text = 'SELECT $this { # no MINUS here {\n $this ex:says "SERVICE { VALUES" }'
    assert prepared(text, ("this",), {}, "").together


def _found(data: str, shape: str) -> tuple[tuple[Result, ...], list[str]]:
    files = [
        read([("a.ttl", (PREFIXES + text).encode(), ox.RdfFormat.TURTLE)]) for text in (data, shape)
    ]
    report = validate(files[0], files[1], "compiled")
    return report.results, [each.code for each in report.findings]


PREFIXES = (
    "@prefix ex: <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
)


def _shape(query: str, more: str = "") -> str:
    text = query.replace("ex:n", "<https://example.org/n>")
    return f'ex:S sh:targetNode ex:a ; {more} sh:sparql [ sh:select "{text}" ] .'


def test_a_query_within_may_group_by_the_focus_node() -> None:
    inner = "SELECT $this (MAX(?x) AS ?value) { $this ex:n ?x } GROUP BY $this"
    query = f"SELECT $this ?value {{ {{ {inner} }} }}"
    found, findings = _found("ex:a ex:n 2 , 3 .", _shape(query))
    assert ([str(each.value) for each in found], findings) == ([str(ox.Literal(3))], [])


def test_values_keep_the_datatype_that_the_data_give_them() -> None:
    data = 'ex:b ex:n 2 . ex:a ex:n "02"^^xsd:long .'
    ((found,), _) = _found(data, _shape("SELECT $this ?value { $this ex:n ?value }"))
    assert str(found.value) == '"02"^^<http://www.w3.org/2001/XMLSchema#long>'
    assert -1 not in found.rows[::2]


def test_a_datatype_that_the_store_does_not_keep_is_not_asked_for() -> None:
    shape = _shape("SELECT $this { $this ex:n ?x FILTER(DATATYPE(?x) != xsd:long) }")
    assert _found('ex:a ex:n "2"^^xsd:long .', shape) == ((), ["Z107"])
    found, findings = _found("ex:a ex:n 2 .", shape)
    assert (len(found), findings) == (1, [])


def test_messages_of_the_shape_are_filled_and_a_node_shape_has_a_value() -> None:
    more = 'sh:message "{?value} of {$this} has {?x}" ;'
    ((found,), _) = _found("ex:a ex:n 2 .", _shape("SELECT $this ?x { $this ex:n ?x }", more))
    iri = "https://example.org/a"
    assert [each.value for each in found.said] == [f"{iri} of {iri} has 2"]


def test_a_question_where_answers_are_asked_for_is_refused() -> None:
    assert _found("ex:a ex:n 2 .", _shape("ASK { $this ex:n ?x }")) == ((), ["Z104"])
