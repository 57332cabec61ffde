"""Every triple of a text with its places: the same triples in the same order as pyoxigraph."""

from __future__ import annotations

from random import Random

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guidegraph.turtle.names import Names
from guidegraph.turtle.triples import NESTED, UnreadError, read_triples
from turtle_texts import Maker


class Told:
    """Takes triples as tuples of strings; blank nodes are numbered as they are first stated."""

    def __init__(self) -> None:
        self.triples = []
        self.places = []
        self.turns = []
        self.count = 0

    def iri(self, iri):
        return ("iri", iri)

    def literal(self, lexical, datatype, language):
        string = "http://www.w3.org/2001/XMLSchema#string"
        return ("literal", lexical, "" if language else datatype or string, language.lower())

    def blank(self, label):
        self.count += 1
        return ("blank", label or f" {self.count}")

    def put(self, triple, verb, at, turn):
        self.turns.append(turn)
        self.triples.append(triple)
        self.places.append((verb, at))

    def prefix(self, *told):
        pass

    described = split = prefix


def numbered(triples):
    names = {}

    def told(term):
        return names.setdefault(term, len(names)) if term[0] == "blank" else term

    return [tuple(map(told, triple)) for triple in triples]


def as_tuple(term):
    if isinstance(term, pyoxigraph.BlankNode):
        return ("blank", term.value)
    if isinstance(term, pyoxigraph.NamedNode):
        return ("iri", term.value)
    language = (term.language or "").lower()
    return ("literal", term.value, "" if language else term.datatype.value, language)


def read(text: str, depth: int = 100) -> Told:
    told = Told()
    read_triples(text, told, Names(), depth)
    return told


def hold(text: str) -> None:
    quads = pyoxigraph.parse(text.removeprefix("\ufeff"), format=pyoxigraph.RdfFormat.TURTLE)
    expected = [tuple(map(as_tuple, (q.subject, q.predicate, q.object))) for q in quads]
    told = read(text)
    order = sorted(range(len(told.turns)), key=lambda n: (told.turns[n], -n))
    assert numbered(told.triples[n] for n in order) == numbered(expected)


@given(st.integers(0, 2**32))
@settings(max_examples=150, deadline=None)
def test_random_texts_say_what_pyoxigraph_reads_in_its_order(seed):
    hold(Maker(Random(seed)).text())


@pytest.mark.slow
@given(st.integers(0, 2**32))
@settings(max_examples=20_000, deadline=None)
def test_many_random_texts_say_what_pyoxigraph_reads_in_its_order(seed):
    hold(Maker(Random(seed)).text())


@pytest.mark.parametrize(
    "body",
    [
        "d:s d:p [ d:q 1 ; d:r [ d:t 2 ] ] , ( 3 [ d:u 4 ] ( 5 ( ) 6 ) ) ; d:z () .",
        "( 9 ( 10 ) ) d:c 11 .",
        "[ d:a 7 ] d:b 8 . [ d:a 7 ] . [] d:b 1 . () d:b 1 .",
        "d:s a d:T ;; d:p 1.5e3,-.5 ,+1 ; .",
        "one.two-x·:s <x:y> '''a''b''' , '#' , d:a\\,b .",
        "d:s d:p ( \"x\" [ d:q ( 'y' ) ] 'z'@en ( '' ) 't'^^d:t ) . ( '' ) d:p ([]), [ d:q '' ] .",
        "d:s d:p 1. d:t d:p d:a.b.c. d:u d:p true.",
    ],
)
def test_odd_forms_say_what_pyoxigraph_reads(body):
    hold(f"@prefix d: <x:d/> . PREFIX one.two-x·: <x:o#>\n{body}")


def test_places_are_those_of_verb_and_object():
    text = '@prefix d: <x:> .\nd:s d:p "a" , [ d:q ( 1 2 ) ] .'
    told = read(text)
    stands = [(text[verb:].split()[0], text[at:].split()[0]) for verb, at in told.places]
    assert stands == [
        ("d:p", '"a"'),
        ("d:q", "("),
        ("1", "1"),
        ("1", "1"),
        ("2", "2"),
        ("2", "2"),
        ("d:p", "["),
    ]


def test_brackets_that_are_nested_too_deeply_are_refused_at_their_place():
    text = "@prefix d: <x:> .\nd:s d:p " + "[ d:p " * 5 + "1" + " ]" * 5 + " ."
    assert len(read(text, 6).triples) == 6
    with pytest.raises(UnreadError) as caught:
        read(text, 5)
    assert (caught.value.reason, caught.value.offset) == (NESTED, text.rindex("["))
