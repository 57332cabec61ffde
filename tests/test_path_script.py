"""The way of a patient through a flowchart: the script takes the ways the pathway room takes."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

import pathway_example as example
import random_pathways
import random_programs
from conftest import GUIDELINE
from guidegraph import probe
from guidegraph.cases import run_folder
from guidegraph.criteria import Criterion
from guidegraph.kernel import FALSE, TRUE, And, Bool, Meaning, Not, Or, Truth
from guidegraph.kernel import Ref as KernelRef
from guidegraph.model import CarePathway, DecisionNode, EndNode, Guideline
from guidegraph.pathway import WHEN_UNKNOWN, belongs, branches, nodes, reach, taken, ways_out
from guidegraph.program import Program
from guidegraph.site.content import SiteContent
from guidegraph.site.pages.walked import pathway_data
from guidegraph.site.view import view

SCRIPT = Path(__file__).parents[1] / "toolkit/guidegraph/site/theme/assets/path.js"
CALLS = Path(__file__).parent / "path_calls.mjs"
Answers = Mapping[str, Truth]


class Walker:
    """One Node for all tests."""

    def __init__(self) -> None:
        command = [shutil.which("node") or "node", str(CALLS), str(SCRIPT)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def __call__(
        self, guideline: Guideline, pathway: CarePathway, answers: Sequence[Answers]
    ) -> list[Any]:
        data = pathway_data(view(SiteContent(guideline=guideline)), pathway)
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps({"pathway": data, "answers": answers}) + "\n")
        self.process.stdin.flush()
        found = json.loads(self.process.stdout.readline())
        assert isinstance(found, list)
        return found


@pytest.fixture(scope="module")
def walk() -> Iterator[Walker]:
    if shutil.which("node") is None:
        pytest.skip("Node.js is not installed")
    started = Walker()
    yield started
    started.process.kill()
    started.process.communicate()


# --- what the pathway room says -------------------------------------------------------------------


def truth(condition: Bool, answers: Answers) -> Truth:
    """A condition over named criteria, in strong Kleene logic."""
    match condition:
        case KernelRef(name=name):
            return answers.get(name)
        case Not(operand=inner):
            held = truth(inner, answers)
            return None if held is None else not held
        case And(operands=inner):
            found = [truth(each, answers) for each in inner]
            return False if False in found else None if None in found else True
        case Or(operands=inner):
            found = [truth(each, answers) for each in inner]
            return True if True in found else None if None in found else False
    assert condition in (TRUE, FALSE)
    return condition == TRUE


def agrees(guideline: Guideline, pathway: CarePathway, answers: Answers, walked: Any) -> None:
    """The walk arrives where the conditions of the pathway room hold, and nowhere else."""
    enters = truth(belongs(guideline, pathway.population), answers)
    assert walked["enters"] is enters
    arriving = reach(guideline, pathway.id)
    sure = {each["id"] for each in walked["nodes"] if not each["isSeeking"]}
    assert sure == {name for name, here in arriving.items() if enters and truth(here, answers)}
    if not enters:
        assert walked["nodes"] == walked["ways"] == walked["ends"] == walked["open"] == []
        stops = [each["node"] for each in walked["stops"]]
        assert stops == ([pathway.start_node] if enters is None else [])
        return
    ends = {each.id for each in nodes(guideline, pathway.id) if isinstance(each, EndNode)}
    assert set(walked["ends"]) == sure & ends
    chosen = {each["branch"]: each["isSeeking"] for each in walked["ways"] if each["branch"]}
    for name in sure:
        node = guideline.entities[name]
        if not isinstance(node, DecisionNode):
            continue
        asked = {each: truth(way, answers) for each, way in taken(guideline, name).items()}
        known = [each.id for each in branches(guideline, name)]
        held = {each for each in known if asked[each] is True}
        stops = [each for each in walked["stops"] if each["node"] == name]
        if held:
            assert {each for each in known if each in chosen} == held
            assert not stops
            assert not any(chosen[each] for each in held)
            continue
        assert len(stops) == 1
        wanted = {e.id for e in branches(guideline, name) if e.role == WHEN_UNKNOWN}
        asking = wanted if None in asked.values() else set()
        assert {each for each in known if each in chosen} == asking
        assert all(chosen[each] for each in asking)
        tested = {each.criterion for each in branches(guideline, name) if each.criterion}
        unknown = {each for each in tested if answers.get(each) is None}
        assert set(stops[0]["unknown"]) == unknown
        assert bool(unknown) == (None in asked.values())


def is_connected(guideline: Guideline, pathway: CarePathway, told: Any) -> None:
    """Every way was there to be taken; nodes come after one that leads to them; chains are ways."""
    walked = told["walked"]
    met: set[str] = set()
    for each in walked["nodes"]:
        before = {way["from"] for way in walked["ways"] if way["to"] == each["id"]}
        assert each["id"] == pathway.start_node or met & before
        met.add(each["id"])
    assert len(met) == len(walked["nodes"])
    for way in walked["ways"]:
        known = {
            (e.target, e.branch and e.branch.id) for e in ways_out(guideline, _node(guideline, way))
        }
        assert (way["to"], way["branch"]) in known
    shown = {step["node"] for chain in told["chains"] for step in chain if "node" in step}
    assert shown == met
    for chain in told["chains"]:
        assert chain[0]["node"] == pathway.start_node
        steps = [each["isSeeking"] for each in chain]
        assert steps == sorted(steps), "what is sought is never found on the way"


def _node(guideline: Guideline, way: Any) -> Any:
    return guideline.entities[way["from"]]


# --- the script says the same ---------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(40))
def test_the_script_walks_made_up_pathways_as_their_conditions_say(walk: Walker, seed: int) -> None:
    guideline = random_pathways.guideline(seed, 3)
    chance = random.Random(seed)
    answers = [random_pathways.answers(chance) for _ in range(40)]
    for pathway in guideline.all(CarePathway):
        for given, told in zip(answers, walk(guideline, pathway, answers), strict=True):
            agrees(guideline, pathway, given, told["walked"])
            is_connected(guideline, pathway, told)


def criteria_of(guideline: Guideline, meant: Meaning) -> dict[str, Truth]:
    return {
        each.id: meant.truth(KernelRef("criterion", each.id)) for each in guideline.all(Criterion)
    }


def all_agree(walk: Walker, guideline: Guideline, given: list[dict[str, Truth]]) -> int:
    """How many ways stopped before an end, once every walk was as the reference decides."""
    stopped = 0
    for pathway in guideline.all(CarePathway):
        for answers, told in zip(given, walk(guideline, pathway, given), strict=True):
            agrees(guideline, pathway, answers, told["walked"])
            is_connected(guideline, pathway, told)
            stopped += bool(told["walked"]["stops"])
    return stopped


def test_the_script_walks_every_case_as_the_reference_decides(
    walk: Walker, guideline: Guideline
) -> None:
    outcomes = run_folder(guideline, GUIDELINE).outcomes
    given = [criteria_of(guideline, each.meant) for each in outcomes if each.meant]
    assert len(given) > 200
    assert all_agree(walk, guideline, given) > 0


def test_the_script_walks_made_up_patients_as_the_reference_decides(
    walk: Walker, guideline: Guideline, program: Program
) -> None:
    found = probe.patients(program, 7, 300)
    given = [
        criteria_of(guideline, random_programs.meaning(program, each["facts"], each["settings"]))
        for each in found
    ]
    assert all_agree(walk, guideline, given) > 0


def test_an_unknown_answer_stops_the_way_and_says_what_would_find_out(walk: Walker) -> None:
    guideline = example.small()
    (pathway,) = guideline.all(CarePathway)
    known, unknown = walk(guideline, pathway, [{"low": True, "risen": False}, {"low": True}])
    assert [each["id"] for each in known["walked"]["nodes"]] == ["start", "first", "second", "done"]
    assert known["walked"]["ends"] == ["done"]
    assert unknown["walked"]["stops"] == [{"node": "second", "unknown": ["risen"]}]
    assert unknown["walked"]["ends"] == []
    assert [(each["id"], each["isSeeking"]) for each in unknown["walked"]["nodes"]] == [
        ("start", False),
        ("first", False),
        ("second", False),
        ("measure", True),
        ("wait", True),
    ]


def test_a_pathway_that_goes_in_circles_is_walked_once(walk: Walker) -> None:
    guideline = example.guideline(
        *example.criteria(["low"]),
        *[
            each
            for each in example.small().entities.values()
            if each.id in ("path", "start", "done")
        ],
        *example.decision("first", "Low?", ("low", "second"), ("Otherwise", "done")),
        *example.decision("second", "Again?", ("low", "first"), ("Otherwise", "done")),
    )
    (pathway,) = guideline.all(CarePathway)
    (told,) = walk(guideline, pathway, [{"low": True}])
    assert [each["id"] for each in told["walked"]["nodes"]] == ["start", "first", "second"]
    assert len(told["chains"]) == 1


def test_answers_that_are_no_own_names_are_not_known(walk: Walker) -> None:
    guideline = example.small()
    (pathway,) = guideline.all(CarePathway)
    data = pathway_data(view(SiteContent(guideline=guideline)), pathway)
    assert json.loads(json.dumps(data)) == data
    (told,) = walk(guideline, pathway, [{}])
    assert [each["node"] for each in told["walked"]["stops"]] == ["first"]
