"""After any edit a kept check says what a full check says: findings, messages and places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from random import Random

import pyoxigraph as ox
import pytest

import shacl_worlds
from guidegraph.columns import reading
from guidegraph.columns.places import Places
from guidegraph.columns.reading import Loaded, read
from guidegraph.shacl.recheck import Kept
from guidegraph.shacl.report import Telling
from guidegraph.shacl.results import Result
from guidegraph.shacl.validation import validate

MORE = (
    "ex:n1 ex:p [ ex:q ex:n2 ; a ex:C ; ex:n 3 ] , [ a ex:D ] .",
    "ex:n2 ex:q [ ex:p [ ex:q ex:n1 ] ; ex:w 'a'@en , 'b'@en ] .",
    "_:b1 ex:p ( ex:n1 2 _:b2 ) .",
    "ex:E rdfs:subClassOf ex:D .",
    "ex:C rdfs:subClassOf ex:E .",
    "ex:n3 a ex:E , ex:C .",
    "ex:nowhere ex:q 1 , 1.0 , 01 .",
    "ex:n4 ex:m 2.0 , 2.00 ; ex:n 2 .",
    "[] ex:w 'a', 'ab'@en .",
)
QUERIES = (
    "SELECT $this ?value { $this ex:p ?value . ?value ex:q ?x }",
    "SELECT $this ?value { $this ex:p/ex:n ?value FILTER(?value > 1) }",
    "SELECT $this { FILTER NOT EXISTS { $this ex:p* ex:n1 } }",
    "SELECT $this ?value { $this ex:m ?value FILTER NOT EXISTS { $this ?path 2 } }",
    "SELECT $this { $this a ex:C }",
)


def told(data: Loaded, shapes: Loaded, results: Iterable[Result]) -> Counter[tuple[object, ...]]:
    """Everything that is said of results; blank nodes are known by their places."""
    telling, places = Telling(data, shapes), Places(data)

    def name(term: object) -> object:
        if isinstance(term, ox.BlankNode) and (number := data.columns.terms.number(term)) >= 0:
            return str(places.of_node(number))
        return str(term)

    return Counter(
        (
            *(name(each.focus), str(each.path), name(each.value), each.component, each.severity),
            *(each.source, each.said, str(telling.finding(each))),
            None if isinstance(each.shape, ox.BlankNode) else each.shape,
        )
        for each in results
    )


def load(*texts: str) -> Loaded:
    return read((f"{n}.ttl", each.encode(), ox.RdfFormat.TURTLE) for n, each in enumerate(texts))


def assert_as_full(kept: Kept, texts: list[str], shapes: Loaded, seed: object = None) -> None:
    fresh = load(*texts)
    full = validate(fresh, shapes)
    ours, theirs = told(kept.data, shapes, kept.report.results), told(fresh, shapes, full.results)
    assert ours == theirs, (seed, ours - theirs, theirs - ours, texts)
    assert set(kept.report.findings) == set(full.findings), seed


def asked(rng: Random) -> str:
    """Random shapes, sometimes one with a query."""
    text = shacl_worlds.shapes(rng)
    if rng.random() < 0.4:
        query = rng.choice(QUERIES)
        text += (
            '<x:o> sh:declare [ sh:prefix "ex" ; sh:namespace "https://example.org/" ] .\n'
            f'ex:Q sh:targetSubjectsOf ex:p , ex:m ; sh:sparql [ sh:select "{query}" ;'
            " sh:prefixes <x:o> ] .\n"
        )
    return text


def edited(rng: Random, text: str) -> str:
    """Statements gone, new, moved, exchanged."""
    head, lines = text.splitlines()[:5], text.splitlines()[5:]
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        at = rng.randrange(len(lines) + 1)
        new = rng.choice((*MORE, *shacl_worlds.data(rng).splitlines()[5:]))
        kind = rng.randrange(5)
        if kind == 0:
            del lines[at : at + rng.randrange(1, 4)]
        elif kind == 1 and lines:
            lines.insert(at, lines.pop(rng.randrange(len(lines))))
        elif kind == 2:
            lines[at : at + 1] = [new]
        else:
            lines.insert(at, rng.choice((new, new, new, "# No change.", "")))
    return "\n".join([*head, *lines]) + "\n"


def compare(seed: int) -> None:
    rng = Random(seed)
    shapes = load(asked(rng))
    texts = [shacl_worlds.data(rng) for _ in range(rng.choice((1, 1, 2)))]
    kept = Kept(load(*texts), shapes)
    assert_as_full(kept, texts, shapes, seed)
    for step in range(4):
        before = kept.report.results
        number = rng.randrange(len(texts))
        texts[number] = edited(rng, texts[number])
        change = kept.after({f"{number}.ttl": texts[number].encode()})
        assert_as_full(kept, texts, shapes, (seed, step))
        news = len(change.come) - len(change.gone)
        assert news == len(change.report.results) - len(before), (seed, step)


@pytest.mark.parametrize("piece", [1, 512])
def test_a_kept_check_says_what_a_full_check_says(piece, monkeypatch):
    monkeypatch.setattr(reading, "PIECE", piece)
    for seed in range(12):
        compare(seed)


@pytest.mark.slow
def test_a_kept_check_says_what_a_full_check_says_thousands_of_times(monkeypatch):
    for piece in (1, 60, 512):
        monkeypatch.setattr(reading, "PIECE", piece)
        for seed in range(1000 + piece, 2000 + piece):
            compare(seed)


HEAD = shacl_worlds.PREFIXES
FOOTPRINTS = {
    "class of a value": (
        "sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:class ex:C ]",
        ("ex:a ex:p ex:b .", "ex:b a ex:C ."),
    ),
    "class above the class of a value": (
        "sh:targetNode ex:a ; sh:property [ sh:path ( ex:p ex:q ) ; sh:class ex:C ]",
        (
            "ex:a ex:p [ ex:q ex:b ] . ex:b a ex:D . ex:D rdfs:subClassOf ex:E .",
            "ex:E rdfs:subClassOf ex:C .",
        ),
    ),
    "what is said of a value of a closed shape": (
        "sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:node [ sh:closed true ] ]",
        ("ex:a ex:p ex:b .", "ex:b ex:q 1 ."),
    ),
    "the property that values are held against": (
        "sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:disjoint ex:q ]",
        ("ex:a ex:p 1 .", "ex:a ex:q 1 ."),
    ),
    "a step far behind": (
        (
            "sh:targetNode ex:a ; sh:property [ sh:maxCount 3 ;"
            " sh:path ( ex:q [ sh:zeroOrMorePath [ sh:alternativePath ( ex:p ex:q ) ] ] ) ]"
        ),
        ("ex:a ex:q ex:b . ex:b ex:p [ ex:q ex:c ] .", "ex:c ex:p ex:d ."),
    ),
    "a step backwards": (
        "sh:targetNode ex:a ; sh:property [ sh:path [ sh:inversePath ex:p ] ; sh:maxCount 0 ]",
        ("ex:b ex:q ex:a .", "ex:b ex:p ex:a ."),
    ),
    "a shape within a shape within a shape": (
        (
            "sh:targetNode ex:a ; sh:not [ sh:or ( [ sh:property [ sh:path ex:p ; "
            "sh:qualifiedValueShape [ sh:property [ sh:path ex:q ; sh:hasValue 1 ] ] ;"
            " sh:qualifiedMinCount 1 ] ] ) ]"
        ),
        ("ex:a ex:p ex:b .", "ex:b ex:q 1 ."),
    ),
    "a target that was nowhere": (
        "sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:maxCount 0 ]",
        ("ex:b ex:q 1 .", "ex:a ex:p 1 ."),
    ),
    "a node that becomes one": (
        "sh:targetClass ex:C ; sh:nodeKind sh:Literal",
        ("ex:a a ex:D .", "ex:D rdfs:subClassOf ex:C ."),
    ),
}


@pytest.mark.parametrize("name", FOOTPRINTS)
def test_an_edit_far_from_the_focus_node_is_seen_coming_and_going(name):
    shape, (always, sometimes) = FOOTPRINTS[name]
    shapes = load(f"{HEAD}ex:S {shape} .")
    without, whole = (f"{HEAD}{text}\n" for text in (always, f"{always}\n{sometimes}"))
    kept = Kept(load(without), shapes)
    counts = {len(kept.report.results)}
    for text in (whole, without, whole):
        kept.after({"0.ttl": text.encode()})
        assert_as_full(kept, [text], shapes)
        counts.add(len(kept.report.results))
    assert len(counts) == 2  # the edit matters
