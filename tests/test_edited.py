"""Judging anew only what an edit concerns comes to the same as judging everything."""

from __future__ import annotations

import random

import pytest
from rdflib import RDF, SH, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from guidegraph.check import edited
from guidegraph.check.edited import Edit, results_after
from guidegraph.check.footprint import CannotFollowError, footprint
from guidegraph.check.validation import Result, results
from guidegraph.read import Sources, Triple, read
from guidegraph.scaffold import new
from guidegraph.terms import expand

EX = Namespace("https://example.org/")


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    folder = tmp_path_factory.mktemp("example") / "example-marker"
    new(folder)
    return read(folder)


def shapes(text: str) -> Graph:
    prefixes = (
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> . "
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . "
    )
    return Graph().parse(data=prefixes + text, format="turtle")


def graph(*triples: Triple) -> Graph:
    made = Graph()
    for each in triples:
        made.add(each)
    return made


def edit(before: Graph, gone: set[Triple], come: set[Triple]) -> Edit:
    after = graph(*(set(before) - gone | come))
    return Edit(after, frozenset(gone - set(after)), frozenset(come - set(before)))


def random_edit(triples: list[Triple], chance: random.Random) -> tuple[set[Triple], set[Triple]]:
    """Some statements taken away, and some made of parts of others."""
    gone = set(chance.sample(triples, chance.choice((0, 1, 1, 2, 6))))
    come = set()
    for _ in range(chance.choice((0, 1, 2, 4))):
        subject, predicate, value = chance.choice(triples)
        kind = chance.random()
        if kind < 0.3:
            value = chance.choice(triples)[2]
        elif kind < 0.5:
            subject = chance.choice(triples)[0]
        elif kind < 0.6:
            value = Literal("0.50")
        elif kind < 0.7:
            predicate, value = RDF.type, chance.choice(triples)[2]
        come.add((subject, predicate, value))
    return gone, come


@pytest.mark.parametrize("seed", range(40))
def test_after_any_edit_of_a_guideline(sources: Sources, seed: int) -> None:
    chance = random.Random(seed)
    now, known = sources.graph, results(sources.graph, sources.ontology)
    for _ in range(3):  # one edit after the other, each on what the one before has left
        made = edit(now, *random_edit(sorted(now), chance))
        after = results_after(made, known, sources.ontology)
        assert sorted(after, key=str) == sorted(results(made.graph, sources.ontology), key=str)
        now, known = made.graph, after


PATHS = {
    "a property": "ex:p",
    "against it": "[ sh:inversePath ex:p ]",
    "one after the other": "( ex:p [ sh:inversePath ex:q ] ex:p )",
    "either": "[ sh:alternativePath ( ex:p ( ex:q ex:p ) ) ]",
    "any number": "[ sh:zeroOrMorePath ex:p ]",
    "at least one": "[ sh:oneOrMorePath [ sh:inversePath ex:p ] ]",
    "perhaps one": "( [ sh:zeroOrOnePath ex:p ] ex:q )",
    "loops inside": "[ sh:zeroOrMorePath ( ex:p ex:q ) ]",
}
CONSTRAINTS = {
    "count": "sh:minCount 2",
    "class": "sh:class ex:C",
    "values": "sh:hasValue ex:n1",
    "not": "sh:not [ sh:path ex:q ; sh:hasValue ex:n2 ]",
    "or": "sh:or ( [ sh:class ex:C ] [ sh:path ex:p ; sh:minCount 1 ] )",
    "qualified": "sh:qualifiedValueShape [ sh:path ex:q ; sh:minCount 1 ] ; sh:qualifiedMinCount 1",
    "node": "sh:node [ sh:property [ sh:path ( ex:p ex:q ) ; sh:minCount 1 ] ]",
    "closed": "sh:node [ sh:closed true ; sh:property [ sh:path ex:p ] ]",
    "equals": "sh:equals ex:q",
}
TARGETS = {
    "class": "sh:targetClass ex:C",
    "subjects": "sh:targetSubjectsOf ex:q",
    "objects": "sh:targetObjectsOf ex:p",
    "node": "sh:targetNode ex:n1",
}


def small_world(chance: random.Random) -> list[Triple]:
    """Few nodes and many statements, so that paths meet and circles close."""
    nodes: list[Node] = [EX[f"n{number}"] for number in range(6)] + [BNode("b1"), BNode("b2")]
    found: set[Triple] = set()
    for _ in range(24):
        kind = chance.random()
        subject = chance.choice(nodes)
        if kind < 0.25:
            found.add((subject, RDF.type, chance.choice((EX.C, EX.D))))
        elif kind < 0.35:
            found.add((subject, chance.choice((EX.p, EX.q)), Literal("x")))
        else:
            found.add((subject, chance.choice((EX.p, EX.q)), chance.choice(nodes)))
    return sorted(found)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("path", PATHS)
def test_after_any_edit_under_any_shape(
    path: str, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edited, "TOO_MANY", 1)  # never the whole, although the world is small
    anew: list[int] = []
    judged = edited.results
    monkeypatch.setattr(
        edited, "results", lambda triples, ontology: anew.append(1) or judged(triples, ontology)
    )
    chance = random.Random(f"{path} {target}")
    for constraint in CONSTRAINTS.values():
        if constraint.startswith("sh:equals") and not PATHS[path].startswith("ex:"):
            continue
        ontology = shapes(
            f"ex:S a sh:NodeShape ; {TARGETS[target]} ; "
            f"sh:property [ sh:path {PATHS[path]} ; {constraint} ] . "
            "ex:D rdfs:subClassOf ex:C ."
        )
        now = graph(*small_world(chance))
        known: tuple[Result, ...] = results(now, ontology)
        for _ in range(3):
            gone = set(chance.sample(sorted(now), 2))
            come = set(chance.sample(small_world(chance), 2))
            made = edit(now, gone, come)
            known = results_after(made, known, ontology)
            whole = results(made.graph, ontology)
            assert sorted(map(_told, known)) == sorted(map(_told, whole)), constraint
            now = made.graph
    assert anew


def _told(result: Result) -> str:
    """A result without the shape: nested ones have other blank nodes in each report."""
    return f"{result.component} {result.focus} {result.value}"


def test_a_small_edit_is_judged_in_a_small_part(sources: Sources) -> None:
    subject = next(sources.graph.subjects(RDF.type, URIRef(expand("gg:Threshold"))), None)
    assert subject is not None
    label = next(
        each for each in sources.graph.triples((subject, None, None)) if "label" in each[1]
    )
    made = edit(sources.graph, {label}, {(subject, label[1], Literal("New words", lang="en"))})
    concerned = edited._concerned(made, sources.ontology)
    assert concerned is not None
    foci, neighbourhood = concerned
    assert subject in foci
    assert len(neighbourhood) < len(sources.graph) / 5


def test_another_order_of_classes_concerns_everything(sources: Sources) -> None:
    triple = (EX.mine, URIRef("http://www.w3.org/2000/01/rdf-schema#subClassOf"), EX.other)
    assert edited._concerned(edit(sources.graph, set(), {triple}), sources.ontology) is None


def test_what_cannot_be_followed_is_judged_as_a_whole() -> None:
    ontology = shapes(
        "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:sparql [ sh:select 'SELECT $this {}' ] ."
    )
    with pytest.raises(CannotFollowError):
        footprint(ontology)
    nested = shapes(
        "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:p ; "
        "sh:property [ sh:path ex:q ; sh:minCount 1 ] ] ."
    )
    with pytest.raises(CannotFollowError):
        footprint(nested)
    backwards = shapes(
        "ex:S a sh:NodeShape ; sh:targetClass ex:C ; "
        "sh:property [ sh:path [ sh:inversePath ( ex:p ex:q ) ] ; sh:minCount 1 ] ."
    )
    with pytest.raises(CannotFollowError):
        footprint(backwards)
    recursive = shapes("ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:not ex:S .")
    with pytest.raises(CannotFollowError):
        footprint(recursive)


def test_every_shape_of_the_ontology_can_be_followed(sources: Sources) -> None:
    found = footprint(sources.ontology)
    read_by_shapes = set(sources.ontology.objects(None, SH.path)) - {
        each for each in sources.ontology.objects(None, SH.path) if isinstance(each, BNode)
    }
    assert read_by_shapes <= {step.predicate for steps in found.leaving.values() for step in steps}
