"""RDF as columns: the same triples as pyoxigraph reads, and where each of them stands."""

from __future__ import annotations

from random import Random

import numpy as np
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guidegraph.columns import reading
from guidegraph.columns.columns import BLANK, IRI, LITERAL
from guidegraph.columns.places import Places
from guidegraph.read import turtle
from turtle_texts import Maker

TURTLE = ox.RdfFormat.TURTLE
EX = "http://example.org/"
TEXT = f"""@prefix ex: <{EX}> .

ex:a a ex:Thing ;
    ex:value 1.50 , 2 ;
    ex:part [ ex:value 1.50 ] .

ex:b ex:next ex:a , ex:a .
ex:b ex:words \"\"\"first.
ex:c a ex:Nothing .
\"\"\" .
ex:d ex:list ( "x" "y" ) .
"""

RDF_XML = """<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="x:">
<r:Description r:about="x:a"><x:p>1</x:p>
  <x:p>
  2</x:p></r:Description></r:RDF>"""


def load(*texts: str) -> reading.Loaded:
    return reading.read((f"{n}.ttl", each.encode(), TURTLE) for n, each in enumerate(texts))


def number(loaded: reading.Loaded, name: str) -> int:
    return loaded.columns.terms.number(ox.NamedNode(EX + name))


def test_terms_keep_their_spelling_and_their_kind():
    terms = load(TEXT).columns.terms
    kinds = {type(term): kind for term, kind in zip(terms.all, terms.kinds, strict=True)}
    assert kinds == {ox.NamedNode: IRI, ox.BlankNode: BLANK, ox.Literal: LITERAL}
    assert "1.50" in {each.value for each in terms.all}
    assert all(terms.number(each) == n for n, each in enumerate(terms.all))
    assert terms.number(ox.NamedNode("x:none")) == -1


def test_a_triple_that_is_written_twice_is_one_pair():
    loaded = load(TEXT)
    following = loaded.columns.pairs(number(loaded, "next"))
    assert len(following) == 1
    assert following.subjects[0] == number(loaded, "b")
    assert following.inverse.subjects[0] == number(loaded, "a")
    assert len(loaded.columns) == len(list(loaded.columns.triples())) + 1


def test_pairs_are_ordered_and_unknown_predicates_have_none():
    loaded = load(TEXT)
    pairs = loaded.columns.pairs(number(loaded, "value"))
    keys = pairs.subjects.astype(np.int64) << 32 | pairs.objects
    assert len(pairs) == 3
    assert (np.diff(keys) > 0).all()
    assert not len(loaded.columns.pairs(-1))
    assert not len(loaded.columns.pairs(number(loaded, "a")))


def test_blank_nodes_of_two_files_stay_apart():
    loaded = load("_:x <x:p> 1 .", "_:x <x:p> 1 .")
    assert len(set(loaded.columns.subjects.tolist())) == 2


def test_places_are_those_of_object_and_verb():
    loaded = load(TEXT)
    places = Places(loaded)
    at = {(str(s), str(p), str(o)): row for row, (s, p, o) in enumerate(loaded.columns.triples())}
    decimal = '"1.50"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    row = at[f"<{EX}a>", f"<{EX}value>", decimal]
    assert str(places.of_object(row)) == "0.ttl:4:14"
    assert str(places.of_verb(row)) == "0.ttl:4:5"
    a, next_, b = (number(loaded, each) for each in ("a", "next", "b"))
    assert str(places.of_triple(b, next_, a)) == "0.ttl:7:14"
    assert str(places.of_node(number(loaded, "d"))) == "0.ttl:11:6"
    assert places.of_triple(a, next_, b) is None
    assert places.of_node(number(loaded, "Thing")) is None


@pytest.mark.parametrize(
    ("name", "text", "spots"),
    [
        ("a.nq", '<x:a> <x:p> "1" <x:g> .\n# no\n<x:a><x:p> "2" .\n', [(1, 13), (3, 12)]),
        ("a.trig", '@prefix x: <x:> .\nx:g { x:a x:p "1" ;\n  x:q 2 }\n', [(2, 0), (3, 0)]),
        ("a.rdf", RDF_XML, [(2, 0), (4, 0)]),
        ("a.jsonld", '[\n{"@id": "x:a", "x:p": ["1",\n"2"]}]', [(1, 0), (1, 0)]),
    ],
)
def test_other_formats_name_file_and_line_and_json_the_file(name, text, spots):
    kind = reading.format_of(name)
    assert kind is not None
    before = ("0.ttl", b"<x:a> <x:p> 1 .\n\n", ox.RdfFormat.TURTLE)
    for others in ([], [before, before]):
        places = Places(reading.read([*others, (name, text.encode(), kind)]))
        found = [places.of_object(row) for row in range(len(others), len(others) + 2)]
        told = [(each.file, (each.line, each.column)) for each in found]
        assert told == [(name, at) for at in spots]


def test_a_broken_file_is_named_with_its_line():
    with pytest.raises(SyntaxError) as caught:
        load("<x:a> <x:p> 1 .", "<x:a> <x:p> 1 .\n<x:b> <x:p> ;; .\n")
    assert (caught.value.filename, caught.value.lineno) == ("1.ttl", 2)


@given(seed=st.integers(0, 2**32), piece=st.sampled_from([1, 40, 512]))
@settings(max_examples=120, deadline=None)
def test_random_texts_have_the_places_that_the_guideline_reader_gives(seed, piece):
    text = Maker(Random(seed)).text().replace("\r\n", "\n").replace("\r", "\n")
    parsed = turtle.parse(text.removeprefix("\ufeff"), "0.ttl", "b")
    expected = sorted([*parsed.places.values(), *(at for _, at in parsed.repeats)])
    before, reading.PIECE = reading.PIECE, piece
    try:
        loaded = load(text)
    finally:
        reading.PIECE = before
    places = Places(loaded)
    assert sorted(places.of_object(row) for row in range(len(loaded.columns))) == expected


def test_reading_leaves_the_garbage_collector_as_it_was():
    import gc

    load(TEXT)
    assert gc.isenabled()


@pytest.mark.parametrize("length", [5_000, 300_000])
def test_a_statement_of_any_length_is_read(length):
    words = "x" * length
    loaded = load(f'<x:a> <x:p> "{words}" ; <x:q> "{words}y" .\n<x:b> <x:p> 1 .\n')
    assert len(loaded.columns) == 3
    assert str(Places(loaded).of_object(2)) == "0.ttl:2:13"
