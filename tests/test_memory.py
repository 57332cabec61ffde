"""The graph in memory answers every question as rdflib's own store does."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from rdflib import XSD, BNode, Graph, Literal, URIRef

from guidegraph.read.memory import in_memory

SUBJECTS = (URIRef("x:a"), URIRef("x:b"), BNode("c"))
PREDICATES = (URIRef("x:p"), URIRef("x:q"))
VALUES = (URIRef("x:a"), BNode("c"), Literal("1"), Literal("1", datatype=XSD.integer))
triples = st.tuples(*map(st.sampled_from, (SUBJECTS, PREDICATES, VALUES)))
steps = st.lists(st.tuples(st.booleans(), triples), max_size=20)
EVERY_QUESTION = list(product((None, *SUBJECTS), (None, *PREDICATES), (None, *VALUES)))


@given(st.lists(triples), steps)
def test_it_answers_as_rdflib_does(filled, changes):
    ours, theirs = in_memory(filled), Graph()
    for each in filled:
        theirs.add(each)
    for is_new, triple in changes:
        for graph in (ours, theirs):
            graph.add(triple) if is_new else graph.remove(triple)
    assert len(ours) == len(theirs)
    for question in EVERY_QUESTION:
        assert sorted(ours.triples(question)) == sorted(theirs.triples(question))
        assert (question in ours) == (question in theirs)


def test_a_pattern_removes_all_that_fits_it():
    graph = in_memory([(s, p, o) for s in SUBJECTS for p in PREDICATES for o in VALUES])
    graph.remove((SUBJECTS[0], None, None))
    graph.remove((None, PREDICATES[1], None))
    assert len(graph) == 2 * 4
    assert set(graph.predicates()) == {PREDICATES[0]}
    assert not list(graph.predicate_objects(SUBJECTS[0]))


def test_prefixes_are_kept():
    graph = in_memory(())
    graph.bind("x", "https://example.org/x/")
    assert dict(graph.namespaces())["x"] == URIRef("https://example.org/x/")
