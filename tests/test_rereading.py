"""A file that was saved again: the graph and its places are those of reading everything anew."""

from __future__ import annotations

from random import Random

import numpy as np
import pyoxigraph as ox
import pytest

import columns_edits
from guidegraph.columns import reading
from guidegraph.columns.places import Places
from guidegraph.columns.reading import Loaded, read
from guidegraph.columns.rereading import reread
from turtle_texts import Maker

TURTLE = ox.RdfFormat.TURTLE


def load(*texts: str) -> Loaded:
    return read((f"{n}.ttl", each.encode(), TURTLE) for n, each in enumerate(texts))


def rows(loaded: Loaded) -> list[tuple[str, ...]]:
    """Every row, blank nodes numbered as they come."""
    met: dict[object, str] = {}
    columns, found = loaded.columns, []
    for triple in zip(*(each.tolist() for each in columns.triples_of()), strict=True):
        terms = [columns.terms[each] for each in triple]
        found.append(
            tuple(
                met.setdefault(each, f"_:{len(met)}")
                if isinstance(each, ox.BlankNode)
                else str(each)
                for each in terms
            )
        )
    return found


def assert_same(edited: Loaded, fresh: Loaded, seed: object = None) -> None:
    """One is what the other is: triples in their order, pairs, order of subjects, places."""
    assert rows(edited) == rows(fresh), seed
    ours, theirs = edited.columns, fresh.columns
    assert np.array_equal(ours.by_subject, np.argsort(ours.subjects, kind="stable")), seed
    for predicate in {each for _, each, _ in theirs.triples()}:
        mine = ours.pairs(ours.terms.number(predicate))
        other = theirs.pairs(theirs.terms.number(predicate))
        assert sorted(mine.rows.tolist()) == sorted(other.rows.tolist()), seed
        keys = mine.subjects.astype(np.int64) << 32 | mine.objects
        assert (np.diff(keys) > 0).all(), seed
        back = mine.inverse
        assert sorted(zip(back.objects.tolist(), back.subjects.tolist(), strict=True)) == list(
            zip(mine.subjects.tolist(), mine.objects.tolist(), strict=True)
        ), seed
    here, there = Places(edited), Places(fresh)
    for row in range(len(theirs)):
        assert here.of_object(row) == there.of_object(row), seed
        assert here.of_verb(row) == there.of_verb(row), seed
    assert edited.prefixes == fresh.prefixes, seed


def warm(loaded: Loaded) -> None:
    """Find out what is kept and taken over later."""
    for predicate in loaded.columns.used_predicates.tolist():
        assert len(loaded.columns.pairs(predicate).inverse)
    assert len(loaded.columns.by_subject) == len(loaded.columns)
    assert all(len(each.line_ends) >= 0 for each in loaded.texts)


@pytest.mark.parametrize("piece", [1, 60, 512])
def test_random_edits_of_odd_texts_are_read_as_a_whole_reading_does(piece, monkeypatch):
    monkeypatch.setattr(reading, "PIECE", piece)
    for seed in range(16):
        rng = Random(seed)
        texts = [Maker(rng).text(), Maker(rng).text()]
        loaded = load(*texts)
        warm(loaded)
        for step in range(5):
            number = rng.randrange(2)
            changed = columns_edits.edited(rng, texts[number])
            try:
                fresh = load(*texts[:number], changed, *texts[number + 1 :])
            except SyntaxError as fault:
                with pytest.raises(SyntaxError) as caught:
                    reread(loaded, number, changed.encode())
                assert (caught.value.lineno, caught.value.offset) == (fault.lineno, fault.offset)
                continue
            texts[number] = changed
            loaded = reread(loaded, number, changed.encode()).loaded
            assert_same(loaded, fresh, (seed, step))


TEXT = """@prefix ex: <http://example.org/> .

ex:a ex:p 1 ;
    ex:part [ ex:value 1 ; ex:unit ex:g ] , [ ex:value 2 ] .

_:n ex:p 2 .

ex:b ex:p 3 ;
    ex:list ( 1 2 3 ) .

ex:c ex:next _:n .
"""


def touched(before: str, after: str, *others: str) -> set[str]:
    """The triples that a change touches, in the words of N-Triples."""
    loaded = load(before, *others)
    found = reread(loaded, 0, after.encode())
    assert_same(found.loaded, load(after, *others))
    terms = found.loaded.columns.terms
    return {
        " ".join(str(terms[each]) if terms.kinds[each] != 1 else "_:" for each in triple)
        for triple in zip(*(each.tolist() for each in found.touched), strict=True)
    }


def test_only_what_differs_is_touched_blank_nodes_included():
    number = '"{}"^^<http://www.w3.org/2001/XMLSchema#integer>'
    value = f"_: <http://example.org/value> {number}"
    assert touched(TEXT, TEXT.replace("value 2", "value 7")) == {value.format(2), value.format(7)}
    assert touched(TEXT, TEXT.replace("ex:b ", "\n\n# Moved.\nex:b ")) == set()
    assert touched(TEXT, TEXT) == set()
    link = "<http://example.org/c> <http://example.org/next> _:"
    assert touched(TEXT, TEXT.replace("next _:n", "next _:n , _:m"), "_:m <x:p> 1 .") == {link}


def test_earlier_graphs_stay_as_they_are():
    loaded = load(TEXT)
    before, size = rows(loaded), len(loaded.columns.terms)
    first = reread(loaded, 0, TEXT.replace("1", "10").encode()).loaded
    second = reread(loaded, 0, TEXT.replace("1", "11").encode()).loaded
    assert rows(loaded) == before
    assert len(loaded.columns.terms) == size == len(loaded.columns.terms.kinds)
    assert rows(first) == rows(load(TEXT.replace("1", "10")))
    assert rows(second) == rows(load(TEXT.replace("1", "11")))
    new = ox.Literal("11", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    assert loaded.columns.terms.number(new) == -1


def test_a_label_belongs_to_its_file_however_often_it_goes_and_comes():
    first, second = "<x:a> <x:p> 1 .\n", "_:n <x:p> 2 .\n<x:b> <x:q> _:n .\n"
    loaded = load(first, second)
    for text in (first + "_:n <x:p> 3 .\n", first, first + "_:n <x:p> 3 .\n_:n <x:p> 4 .\n"):
        loaded = reread(loaded, 0, text.encode()).loaded
        assert_same(loaded, load(text, second))
        assert len(set(loaded.columns.subjects.tolist())) == 3 + ("_" in text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<x:a> <x:p> """\n<x:b> <x:q> 1 .\n""" .\n<x:c> <x:p> 1 .\n', ("q> 1", "q> 2")),
        ("<x:a> <x:p> 1 ;\n# so.\n<x:q> 2 .\n<x:c> <x:p> 1 .\n", ("q> 2", "q> 3")),
        ("<x:a> <x:p> 1 .\n<x:b> <x:p> 2 .\n", ("1 .\n", "1 . # ")),
        ('<x:a> <x:p> "1" .\n<x:b> <x:p> "2" .\n', ('"1" .', '"""1" .')),
        ("PREFIX e: <x:>\ne:a e:p 1 .\nPREFIX e: <y:>\ne:b e:p 2 .\n", ("a e:p 1", "a e:p 3")),
        ("@base <x:/y/> .\n<a> <p> 1 .\n<b> <p> 2 .\n", ("<b> <p> 2", "<b> <p> 3")),
        ("<x:a> <x:p> 1 .\n<x:b> <x:p> 2 .\n", ("<x:b> <x:p> 2 .\n", "")),
        ("<x:a> <x:p> 1 .\n", ("<x:a> <x:p> 1 .\n", "")),
        ("", ("", "<x:a> <x:p> 1 .\n")),
    ],
)
def test_what_only_looks_like_the_end_of_a_statement_is_none(before, after, monkeypatch):
    monkeypatch.setattr(reading, "PIECE", 1)
    changed = before.replace(*after, 1)
    try:
        fresh = load(changed)
    except SyntaxError:
        with pytest.raises(SyntaxError):
            reread(load(before), 0, changed.encode())
        return
    loaded = load(before)
    warm(loaded)
    assert_same(reread(loaded, 0, changed.encode()).loaded, fresh)


@pytest.mark.parametrize("kind", [ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS])
def test_other_formats_are_read_again_too(kind):
    lines = [f'_:n{each} <x:p#> "{each}" .\n' for each in range(40)]
    loaded = read([("a", "".join(lines).encode(), kind)])
    lines[7] = '_:n7 <x:p#> "other" .\n_:n7 <x:q#> _:n8 .\n'
    data = "".join(lines).encode()
    found = reread(loaded, 0, data)
    assert_same(found.loaded, read([("a", data, kind)]))
    assert len(found.touched[0]) <= 3 or kind == ox.RdfFormat.N_QUADS
