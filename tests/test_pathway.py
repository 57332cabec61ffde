"""Pathways: their graph, the conditions of arriving, and their outline."""

from __future__ import annotations

import itertools
import subprocess
import sys
from dataclasses import replace

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pathway_example as example
from guidegraph import pathway
from guidegraph.entity import Code, Entity, Ref
from guidegraph.kernel import FALSE, TRUE, And, Bool, Meaning, Not, Or, Truth
from guidegraph.kernel import Ref as KernelRef
from guidegraph.model import (
    ActionNode,
    CarePathway,
    DecisionNode,
    EndNode,
    Guideline,
    PathwayNode,
    Recommendation,
    StartNode,
)

LOW = KernelRef("criterion", "low")
RISEN = KernelRef("criterion", "risen")


def with_change(guideline: Guideline, name: str, **changes: object) -> Guideline:
    changed = replace(guideline.entities[name], **changes)  # type: ignore[arg-type]
    return replace(guideline, entities={**guideline.entities, name: changed})


def truth(condition: Bool, answers: dict[str, Truth]) -> Truth:
    named: dict[KernelRef, Bool] = {
        KernelRef("criterion", name): KernelRef("input", name) for name in answers
    }
    return Meaning(inputs=answers, settings={}, named=named).truth(condition)


# --- the graph ------------------------------------------------------------------------------------


def test_branches_come_in_the_order_of_their_positions() -> None:
    names = [each.id for each in pathway.branches(example.small(), "first")]
    assert names == ["first-1", "first-2", "first-3"]


def test_graph_has_every_node_and_every_way_with_its_words() -> None:
    graph = pathway.graph(example.small(), "path")
    assert list(graph) == ["start", "first", "second", "image", "measure", "done", "wait"]
    assert graph.edges["first", "second"]["label"] == "low"
    assert graph.edges["start", "first"]["branches"] == ()
    assert graph.nodes["first"]["entity"].label
    assert graph.number_of_edges() == 9


def test_two_branches_to_one_node_are_both_kept_on_the_edge() -> None:
    guideline = with_change(example.small(), "second-2", leads_to=Ref("image"))
    edge = pathway.graph(guideline, "path").edges["second", "image"]
    assert edge["label"] == "risen / Otherwise"
    assert [each.id for each in edge["branches"]] == ["second-1", "second-2"]


def test_a_sound_pathway_has_no_cycle_no_dead_end_and_nothing_unreachable() -> None:
    small = example.small()
    assert pathway.cycles(small, "path") == ()
    assert pathway.dead_ends(small, "path") == ()
    assert pathway.unreachable(small, "path") == ()


def test_a_cycle_is_told_in_walking_order() -> None:
    guideline = with_change(example.small(), "image", leads_to=Ref("first"))
    (circle,) = pathway.cycles(guideline, "path")
    assert set(circle) >= {"first", "image"}
    known = {(way.source, way.target) for way in pathway.ways(guideline, "path")}
    assert set(zip(circle, circle[1:] + circle[:1], strict=True)) <= known


def test_a_node_leading_to_itself_is_a_cycle() -> None:
    guideline = with_change(example.small(), "measure", leads_to=Ref("measure"))
    assert pathway.cycles(guideline, "path") == (("measure",),)


def test_node_without_a_way_out_is_a_dead_end_but_an_end_is_not() -> None:
    guideline = with_change(example.small(), "image", leads_to=None)
    guideline = with_change(guideline, "second", branches=())
    assert pathway.dead_ends(guideline, "path") == ("second", "image")


def test_a_way_to_a_node_that_does_not_exist_is_left_out() -> None:
    guideline = with_change(example.small(), "measure", leads_to=Ref("nowhere"))
    assert pathway.dead_ends(guideline, "path") == ("measure",)


def test_nodes_no_way_leads_to_are_unreachable() -> None:
    guideline = with_change(example.small(), "first-1", leads_to=Ref("image"))
    assert pathway.unreachable(guideline, "path") == ("second",)


def test_a_node_of_another_pathway_is_shown_but_not_walked_through() -> None:
    small = example.small()
    other = example.node(ActionNode, "far", pathway="elsewhere", leads_to=Ref("done"))
    guideline = replace(small, entities={**small.entities, "far": other})
    guideline = with_change(guideline, "measure", leads_to=Ref("far"))
    assert "far" in [each.id for each in pathway.nodes(guideline, "path")]
    assert "far" not in [way.source for way in pathway.ways(guideline, "path")]


def test_every_node_stands_in_a_layer_below_all_that_lead_to_it() -> None:
    small = example.small()
    layers = pathway.layers(small, "path")
    row = {name: number for number, names in enumerate(layers) for name in names}
    assert layers[0] == ("start",)
    assert all(row[way.source] < row[way.target] for way in pathway.ways(small, "path"))


def test_layers_of_a_pathway_with_a_cycle_are_refused() -> None:
    guideline = with_change(example.small(), "image", leads_to=Ref("first"))
    with pytest.raises(networkx.NetworkXUnfeasible):
        pathway.layers(guideline, "path")


# --- the conditions -------------------------------------------------------------------------------


def test_taken_is_the_criterion_its_absence_or_never() -> None:
    assert pathway.taken(example.small(), "first") == {
        "first-1": LOW,
        "first-2": Not(LOW),
        "first-3": FALSE,
    }


def test_reach_is_the_disjunction_over_the_ways_that_lead_there() -> None:
    reach = pathway.reach(example.small(), "path")
    assert reach["start"] == reach["first"] == TRUE
    assert reach["second"] == LOW
    assert set(_operands(reach["image"])) == {Not(LOW), And((LOW, RISEN))}
    assert reach["measure"] == reach["wait"] == FALSE


def test_reach_ignores_a_way_back_into_a_cycle() -> None:
    guideline = with_change(example.small(), "image", leads_to=Ref("first"))
    assert pathway.reach(guideline, "path")["first"] == TRUE


def test_reach_of_what_no_way_leads_to_is_false() -> None:
    guideline = with_change(example.small(), "first-1", leads_to=Ref("image"))
    assert pathway.reach(guideline, "path")["second"] == FALSE


def test_paths_condition_is_reach_of_the_implementing_nodes() -> None:
    small = example.small()
    recommendation = small.one("REC-1", Recommendation)
    assert pathway.paths_condition(small, recommendation) == pathway.reach(small, "path")["image"]
    both = replace(recommendation, implemented_by=(Ref("image"), Ref("second")))
    condition = pathway.paths_condition(small, both)
    assert condition is not None
    assert truth(condition, {"low": True, "risen": False}) is True


def test_recommendation_without_a_node_has_no_paths_condition() -> None:
    small = example.small()
    assert pathway.paths_condition(small, small.one("REC-2", Recommendation)) is None


def test_recommendations_at_a_node_are_those_it_implements() -> None:
    small = example.small()
    assert [each.id for each in pathway.recommendations_at(small, "image")] == ["REC-1"]
    assert pathway.recommendations_at(small, "measure") == ()


@given(st.data())
def test_joining_conditions_keeps_their_kleene_meaning(data: st.DataObject) -> None:
    atoms = st.sampled_from([LOW, RISEN, Not(LOW), TRUE, FALSE])
    conditions = st.recursive(
        atoms, lambda inner: st.lists(inner, max_size=3).map(tuple).flatmap(_and_or)
    )
    parts = data.draw(st.lists(conditions, max_size=4))
    answers = data.draw(st.fixed_dictionaries({"low": _truths(), "risen": _truths()}))
    assert truth(pathway.all_of(parts), answers) is truth(And(tuple(parts)), answers)
    assert truth(pathway.any_of(parts), answers) is truth(Or(tuple(parts)), answers)


@given(st.data())
def test_reach_agrees_with_walking_the_pathway(data: st.DataObject) -> None:
    guideline, names = data.draw(_random_pathways())
    reach = pathway.reach(guideline, "path")
    for values in itertools.product((True, False), repeat=len(names)):
        answers: dict[str, Truth] = dict(zip(names, values, strict=True))
        walked = _walk(guideline, answers)
        assert {
            name for name, arriving in reach.items() if truth(arriving, dict(answers))
        } == walked


@given(st.data())
def test_an_unknown_answer_never_makes_reach_true_wrongly(data: st.DataObject) -> None:
    guideline, names = data.draw(_random_pathways())
    answers = data.draw(st.fixed_dictionaries({name: _truths() for name in names}))
    unknown = [name for name, answer in answers.items() if answer is None]
    completions = [
        _walk(guideline, {**answers, **dict(zip(unknown, values, strict=True))})
        for values in itertools.product((True, False), repeat=len(unknown))
    ]
    for name, arriving in pathway.reach(guideline, "path").items():
        answer = truth(arriving, answers)
        if answer is not None:
            assert all((name in walked) is answer for walked in completions)


def _operands(condition: Bool) -> tuple[Bool, ...]:
    assert isinstance(condition, Or)
    return condition.operands


def _and_or(parts: tuple[Bool, ...]) -> st.SearchStrategy[Bool]:
    return st.sampled_from([And(parts), Or(parts)])


def _truths() -> st.SearchStrategy[Truth]:
    return st.sampled_from([True, False, None])


@st.composite
def _random_pathways(draw: st.DrawFn) -> tuple[Guideline, list[str]]:
    """Decisions n0, n1 ... whose branches lead to later ones or to the end."""
    names = ["a", "b", "c"]
    size = draw(st.integers(1, 5))
    entities: list[Entity] = []
    for number in range(size):
        later = st.sampled_from([*(f"n{each}" for each in range(number + 1, size)), "end"])
        chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
        ways = [(each, draw(later)) for each in chosen]
        ways += [("Otherwise", draw(later)), ("WhenUnknown", draw(later))]
        entities.extend(example.decision(f"n{number}", "?", *ways))
    guideline = example.guideline(
        example.make(CarePathway, "path", start_node=Ref("start")),
        *example.criteria(names),
        example.node(StartNode, "start", leads_to=Ref("n0")),
        *entities,
        example.node(EndNode, "end", end_reason=Code("Completed")),
    )
    return guideline, names


def _walk(guideline: Guideline, answers: dict[str, Truth]) -> set[str]:
    """The nodes someone passes for whom every answer is known."""
    met: set[str] = set()
    ahead = ["start"]
    while ahead:
        name = ahead.pop()
        met.add(name)
        node = guideline.one(name, PathwayNode)
        if isinstance(node, StartNode):
            ahead.append(node.leads_to)
        elif isinstance(node, DecisionNode):
            found = pathway.branches(guideline, name)
            matching = [each for each in found if each.criterion and answers[each.criterion]]
            matching = matching or [each for each in found if each.role == "Otherwise"]
            ahead.extend(each.leads_to for each in matching)
    return met


# --- the outline ----------------------------------------------------------------------------------


def test_outline_follows_the_branches_and_shows_each_node_once() -> None:
    lines: list[str] = []

    def note(step: pathway.Step, depth: int) -> None:
        lines.append("  " * depth + step.node.id + (" (above)" if step.is_repeated else ""))
        for following in step.steps:
            note(following, depth + 1)

    note(pathway.outline(example.small(), "path"), 0)
    assert lines == [
        "start",
        "  first",
        "    second",
        "      image",
        "        done",
        "      done (above)",
        "      measure",
        "        wait",
        "    image (above)",
        "    measure (above)",
    ]


def test_outline_of_a_cycle_ends() -> None:
    guideline = with_change(example.small(), "image", leads_to=Ref("first"))
    first = pathway.outline(guideline, "path").steps[0]
    assert first.steps[0].steps[0].steps[0].is_repeated


def test_reach_and_outline_need_no_networkx() -> None:
    code = (
        "import sys; sys.modules['networkx'] = None\n"
        "import pathway_example as example\n"
        "from guidegraph import pathway\n"
        "pathway.reach(example.small(), 'path'); pathway.outline(example.small(), 'path')"
    )
    environment = {"PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
