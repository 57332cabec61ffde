"""The shipped guideline on Virtuoso: published, read back, and asked all named queries.

``pytest -m slow tests/test_remote_virtuoso.py``; skipped where ``virtuoso-t`` is not installed
(Debian: ``virtuoso-opensource-7`` and ``virtuoso-opensource-7-bin``).

Answers are compared as multisets of typed cells. Virtuoso spells numbers and truth values in its
own way (1.50 as 1.5, true as 1), so these are compared by exact value and datatype.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import pairwise

import pytest

from conftest import REPOSITORY
from guidegraph.errors import RemoteError
from guidegraph.query import engine, graph
from guidegraph.query.named import NamedQuery, named, parse_query
from guidegraph.query.results import Cell, Result
from guidegraph.remote import (
    Endpoint,
    Exchange,
    Graphs,
    Made,
    Publication,
    Terms,
    addresses,
    ask,
    content,
    publish,
    version_graph,
)
from guidegraph.remote.contents import altered
from guidegraph.remote.credentials import Login
from virtuoso_example import program, virtuoso

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(program() is None, reason="virtuoso-t is not installed"),
]
FOLDER = REPOSITORY / "guideline" / "covid19-coagulopathy"
XSD = "http://www.w3.org/2001/XMLSchema#"
INEXACT = '"0.000000000000000001"'
"""What one femtolitre is of a litre, in the list of units: Virtuoso keeps 15 decimals."""


class Shipped:
    """The shipped guideline on a server, and here."""

    def __init__(self, at: str) -> None:
        self.exchange = Exchange(Terms(seconds=120), lambda host: Login("dba", "dba"))
        self.graphs = Graphs(addresses(f"{at}/sparql-graph-crud-auth"), self.exchange)
        self.content = content(FOLDER)
        self.here = graph.load(FOLDER)
        self.header = _header()
        self.name = version_graph(self.header)

    def publication(self, token: str, accepts: bool = True) -> Publication:
        made = Made(header=self.header, when="2026-11-22T05:00:00Z")
        return Publication(
            graph=self.name, content=self.content, made=made, token=token, accepts=accepts
        )

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(self.graphs.addresses.query, self.exchange, (self.name,))


def _header():
    from guidegraph.lift import lift
    from guidegraph.read import read

    found, _ = lift(read(FOLDER))
    assert found is not None
    return found.header


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    with virtuoso(tmp_path_factory.mktemp("virtuoso")) as at:
        found = Shipped(at)
        with pytest.raises(RemoteError) as stop:
            publish(found.publication("first", accepts=False), found.graphs)
        assert {each.code for each in stop.value.findings} == {"Y112", "Y116"}
        told = publish(found.publication("second"), found.graphs)
        assert (told.state, [each.code for each in told.findings]) == ("published", ["Y117"])
        yield found


def value(cell: Cell | None) -> tuple[object, ...]:
    """A cell by its exact value."""
    if cell is None:
        return ()
    if cell.kind == "blank":
        return ("blank",)
    written: object = cell.value
    if cell.datatype in (XSD + "decimal", XSD + "integer"):
        written = Decimal(cell.value)
    elif cell.datatype == XSD + "boolean":
        written = {"1": "true", "0": "false"}.get(cell.value, cell.value)
    return (cell.kind, written, cell.datatype, cell.language)


def values(result: Result) -> Counter[tuple[tuple[object, ...], ...]]:
    return Counter(tuple(map(value, row)) for row in result.rows)


def ways(query: NamedQuery) -> list[dict[str, str]]:
    """The parameters with which a query is asked: none, and those of its example."""
    words = (query.example or "").split()
    example = dict(word.split("=", 1) for before, word in pairwise(words) if before == "--param")
    needed = any(each.default is None for each in query.parameters)
    return [each for each in ({}, example) if each or not needed] if example else [{}]


def test_only_one_number_is_stored_as_another(shipped):
    there = altered(shipped.content.triples, shipped.graphs.read(shipped.name))
    assert there.numbers_only
    assert [INEXACT in each for each in there.sent] == [True]


@pytest.mark.parametrize("query", named(FOLDER), ids=lambda each: each.name)
def test_named_query_has_the_same_answer(shipped, query):
    for params in ways(query):
        here = engine.run(query, shipped.here, params, rows=None)
        there = ask(query, shipped.endpoint, params, rows=None)
        assert there.columns == here.columns
        assert values(there) == values(here), params


def test_every_named_query_is_asked_with_values_it_needs():
    silent = [
        each.name
        for each in named(FOLDER)
        if any(one.default is None for one in each.parameters) and not each.example
    ]
    assert not silent


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "CONSTRUCT WHERE { ?s ?p ?o }",
        "DESCRIBE d:guideline",
    ],
)
def test_an_answer_that_virtuoso_shortens_is_not_taken(shipped, text):
    with pytest.raises(RemoteError) as stop:
        ask(parse_query(text, "q", "q"), shipped.endpoint, {}, rows=None)
    assert [each.code for each in stop.value.findings] == ["Y105"]


def test_a_graph_that_virtuoso_sends_whole_is_taken(shipped):
    text = "CONSTRUCT { ?t rdfs:label ?l } WHERE { ?t a gg:Threshold ; rdfs:label ?l }"
    query = parse_query(text, "q", "q")
    here = engine.run(query, shipped.here, {}, rows=None)
    assert values(ask(query, shipped.endpoint, {}, rows=None)) == values(here)


def test_a_replacement_leaves_nothing_behind(shipped):
    told = publish(shipped.publication("third"), shipped.graphs)
    assert told.state == "replaced"
    rows = Endpoint(shipped.graphs.addresses.query, shipped.exchange).rows(
        f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s ?p ?o }} "
        f'FILTER(STRSTARTS(STR(?g), "{shipped.name}")) }}'
    )
    assert {each[0].value for each in rows} == {shipped.name, f"{shipped.name}/provenance"}
