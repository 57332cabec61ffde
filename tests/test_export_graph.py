"""The graph in three syntaxes: the same triples, the same bytes every time, nothing rewritten."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import RDF, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

import pathway_example as example
from guidegraph.export import ExportInput
from guidegraph.export.graph import GraphExporter
from guidegraph.read import Sources, read
from test_export_python import ADVICE

D = Namespace(example.NAMESPACE)
GG = Namespace("https://w3id.org/guidegraph/ns#")
FORMATS = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt"}
SHIPPED = Path(__file__).parents[1] / "guideline" / "covid19-coagulopathy"


def exported(graph: Graph, prefix: str = "d") -> dict[str, str]:
    small = example.guideline()
    small = replace(small, header=replace(small.header, prefix=prefix))
    sources = cast("Sources", SimpleNamespace(graph=graph))
    loaded = ExportInput(guideline=small, program=ADVICE, sources=sources)
    return {each.path.rsplit(".")[-1]: each.text for each in GraphExporter().export(loaded)}


def parsed(text: str, extension: str) -> Graph:
    return Graph().parse(data=text, format=FORMATS[extension])


def shuffled(graph: Graph, seed: int) -> Graph:
    """The same triples in another order, with other blank nodes."""
    renamed: dict[Any, BNode] = {}
    triples = [
        tuple(renamed.setdefault(t, BNode()) if isinstance(t, BNode) else t for t in triple)
        for triple in graph
    ]
    random.Random(seed).shuffle(triples)
    other = Graph()
    for triple in triples:
        other.add(cast("Any", triple))
    return other


def literal(text: str, datatype: URIRef) -> Literal:
    return Literal(text, datatype=datatype, normalize=False)


VALUES = [
    D["a"],
    D["b-1.x"],
    URIRef("https://example.org/small/with/slash"),
    URIRef("https://example.org/small/"),
    URIRef("http://purl.org/dc/terms/title."),
    URIRef("urn:uuid:1"),
    Literal("plain"),
    Literal('"quoted" \\ and\nbroken\tup\r', lang="nl"),
    Literal("<1,000 µg/L"),
    literal("1000.0", XSD.decimal),
    literal("2.30", XSD.decimal),
    literal("007", XSD.integer),
    literal("1E3", XSD.decimal),
    literal(".5", XSD.decimal),
    literal("5.", XSD.decimal),
    literal("true", XSD.boolean),
    literal("1", XSD.boolean),
    literal("PT24H", XSD.duration),
    literal("x", URIRef("urn:type")),
]
BLANKS = [BNode() for _ in range(5)]


def graphs() -> st.SearchStrategy[Graph]:
    subjects = st.sampled_from([D["a"], D["b"], *BLANKS])
    predicates = st.sampled_from([RDF.type, GG.value, D["says"]])
    values = st.sampled_from([*VALUES, *BLANKS, *BLANKS])

    def build(triples: list[Any]) -> Graph:
        graph = Graph()
        for subject, predicate, value in triples:
            is_odd_type = predicate == RDF.type and isinstance(value, Literal)
            graph.add((subject, GG.value if is_odd_type else predicate, value))
        return graph

    return st.lists(st.tuples(subjects, predicates, values), max_size=14).map(build)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(graphs(), st.integers(0, 1000))
def test_every_syntax_says_the_same_triples_in_the_same_bytes(graph: Graph, seed: int) -> None:
    texts = exported(graph)
    assert texts == exported(shuffled(graph, seed))
    for extension, text in texts.items():
        assert isomorphic(parsed(text, extension), parsed(texts["nt"], "nt"))
    assert len(texts["nt"].splitlines()) == len(graph)


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize("value", VALUES, ids=str)
def test_no_value_is_rewritten(value: Any, extension: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rdflib.NORMALIZE_LITERALS", False)
    graph = Graph()
    graph.add((D["a"], GG.value, value))
    (found,) = parsed(exported(graph)[extension], extension).objects()
    assert found == value
    assert str(found) == str(value)


def test_blank_nodes_that_are_quite_alike_are_kept_apart() -> None:
    graph = Graph()
    for _ in range(3):
        graph.add((D["a"], GG.executableQuantity, inner := BNode()))
        graph.add((inner, GG.unit, nested := BNode()))
        graph.add((nested, GG.value, Literal("1.0", datatype=XSD.decimal)))
    texts = exported(graph)
    assert texts == exported(shuffled(graph, 1)) == exported(shuffled(graph, 2))
    assert all(len(parsed(text, extension)) == 9 for extension, text in texts.items())


def test_a_quantity_stands_inside_its_owner() -> None:
    graph = Graph()
    graph.add((D["THR"], GG.executableQuantity, inner := BNode()))
    graph.add((inner, RDF.type, GG.Quantity))
    graph.add((inner, GG.value, literal("1000.0", XSD.decimal)))
    texts = exported(graph)
    assert texts["ttl"].endswith(
        "d:THR gg:executableQuantity [\n      a gg:Quantity ;\n      gg:value 1000.0\n    ] .\n"
    )
    (node,) = json.loads(texts["jsonld"])["@graph"]
    assert node["gg:executableQuantity"] == {
        "@type": ["gg:Quantity"],
        "gg:value": {"@value": "1000.0", "@type": "xsd:decimal"},
    }


def test_json_ld_brings_its_whole_context_along() -> None:
    graph = Graph()
    graph.add((D["a"], RDF.type, GG.Action))
    context = json.loads(exported(graph)["jsonld"])["@context"]
    assert context["d"] == example.NAMESPACE
    assert all(isinstance(each, str) for each in context.values())


def test_a_prefix_that_is_the_scheme_of_an_iri_is_not_used() -> None:
    graph = Graph()
    graph.add((D["a"], GG.value, URIRef("urn:isbn:1")))
    text = exported(graph, prefix="urn")
    assert isomorphic(parsed(text["jsonld"], "jsonld"), graph)
    assert "urn" not in json.loads(text["jsonld"])["@context"]


def test_nothing_is_exported_without_sources() -> None:
    loaded = ExportInput(guideline=example.guideline(), program=ADVICE)
    assert list(GraphExporter().export(loaded)) == []


def test_shipped_graph_comes_back_from_every_syntax(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rdflib.NORMALIZE_LITERALS", False)
    sources = read(SHIPPED)
    texts = exported(sources.graph)
    assert len(texts["nt"].splitlines()) == len(sources.graph)
    for extension, text in texts.items():
        assert exported(parsed(text, extension))["nt"] == texts["nt"]
