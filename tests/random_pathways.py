"""Made-up pathways: for tests of flowcharts, their pages, and the way of a patient through them."""

from __future__ import annotations

import random
from dataclasses import replace

import pathway_example as example
from guidegraph.entity import Code, Entity, Ref
from guidegraph.model import (
    ActionNode,
    CarePathway,
    EndNode,
    Guideline,
    PathwayNode,
    Population,
    StartNode,
)

LABELS = ("<b>bold</b>", "a & b", '" onload="alert(1)', "]]>", "é ≥ 1,000 µg/L", "`x` {y} | #35;")
CRITERIA = tuple(f"crit-{number}" for number in range(5))


def guideline(seed: int, count: int = 1) -> Guideline:
    """A guideline with some pathways, ``path-0`` and so on, over the same few criteria."""
    chance = random.Random(seed)
    found: list[Entity] = [
        *example.criteria(CRITERIA),
        example.make(Population, "some", "Some people", defining_criterion=Ref(CRITERIA[-1])),
    ]
    for number in range(count):
        found.extend(_pathway(chance, f"path-{number}", f"path-{(number + 1) % count}"))
    return example.guideline(*found)


def answers(chance: random.Random) -> dict[str, bool | None]:
    """An answer to every criterion, or none."""
    return {each: chance.choice((True, False, None)) for each in CRITERIA}


def _pathway(chance: random.Random, name: str, other: str) -> list[Entity]:
    """Steps in a row, each leading to later ones; the last is an end."""
    size = chance.randint(3, 11)
    ids = [f"{name}-node-{number}" for number in range(size)]
    people = Ref("some") if chance.random() < 0.4 else None
    found: list[Entity] = [
        example.make(
            CarePathway, name, f"Pathway {name}", start_node=Ref(ids[0]), population=people
        ),
        example.node(StartNode, ids[0], "Begin", pathway=name, leads_to=Ref(ids[1])),
    ]
    for place, each in enumerate(ids[1:-1], start=1):
        found.extend(_step(chance, each, ids[place + 1 :], name))
    last = {"continues_in": Ref(other)} if chance.random() < 0.5 else {}
    found.append(
        example.node(
            EndNode, ids[-1], "The end", pathway=name, end_reason=Code("Completed"), **last
        )
    )
    return found


def _step(chance: random.Random, name: str, later: list[str], pathway: str) -> tuple[Entity, ...]:
    words = f"{chance.choice(LABELS)} {name}" if chance.random() < 0.5 else f"Step {name}"
    kind = chance.random()
    if kind < 0.2:
        return (example.node(EndNode, name, words, pathway=pathway, end_reason=Code("NoGuidance")),)
    if kind < 0.45:
        onward = Ref(chance.choice(later))
        return (example.node(ActionNode, name, words, pathway=pathway, leads_to=onward),)
    tested = chance.sample(CRITERIA, chance.randint(1, 3))
    roles = [each for each in ("Otherwise", "WhenUnknown") if chance.random() < 0.7]
    ways = [(what, chance.choice(later)) for what in (*tested, *roles)]
    decision, *branches = example.decision(name, words, *ways)
    assert isinstance(decision, PathwayNode)
    policy = Code(chance.choice(("Collect", "Unique")))
    return (_of(decision, pathway, policy), *branches)


def _of(node: PathwayNode, pathway: str, policy: Code) -> PathwayNode:
    """The decision in its own pathway."""
    changes: dict[str, object] = {"pathway": Ref(pathway), "hit_policy": policy}
    return replace(node, **changes)  # type: ignore[arg-type]
