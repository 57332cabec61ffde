"""A small guideline with one pathway, built by hand: for tests of pathways and flowcharts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from guidegraph.criteria import JudgementCriterion
from guidegraph.diagnostic import Location
from guidegraph.entity import Code, Entity, Ref, Text
from guidegraph.model import (
    ActionNode,
    Branch,
    CarePathway,
    DecisionNode,
    EndNode,
    Guideline,
    Header,
    PathwayNode,
    Recommendation,
    StartNode,
)

E = TypeVar("E", bound=Entity)
N = TypeVar("N", bound=PathwayNode)

NAMESPACE = "https://example.org/small/"


def make(kind: type[E], name: str, label: str = "", **fields: Any) -> E:
    """An entity of the small guideline; its label defaults to its name."""
    words = Text((("en", label or name),))
    place = Location("small.ttl", 1)
    return kind(id=name, iri=NAMESPACE + name, at=place, label=words, **fields)


def guideline(*entities: Entity) -> Guideline:
    """A guideline of these things."""
    header = make(
        Header, "guideline", title=Text((("en", "A small guideline"),)), namespace=NAMESPACE
    )
    return Guideline(header=header, entities={each.id: each for each in (header, *entities)})


def node(kind: type[N], name: str, label: str = "", **fields: Any) -> N:
    """A node of the pathway ``path``, unless ``pathway`` says otherwise."""
    return make(kind, name, label, pathway=Ref(fields.pop("pathway", "path")), **fields)


def decision(name: str, label: str, *ways: tuple[str, str]) -> tuple[Entity, ...]:
    """A decision with its branches, each a criterion (or role) and the node it leads to."""
    found = [
        make(
            Branch,
            f"{name}-{position}",
            what,
            position=position,
            criterion=None if what in ("Otherwise", "WhenUnknown") else Ref(what),
            role=Code(what) if what in ("Otherwise", "WhenUnknown") else None,
            leads_to=Ref(target),
        )
        for position, (what, target) in enumerate(ways, start=1)
    ]
    # Listed backwards, so that only the positions tell the order.
    ids = tuple(Ref(each.id) for each in reversed(found))
    return (node(DecisionNode, name, label, question=Text((("en", label),)), branches=ids), *found)


def criteria(names: Iterable[str]) -> tuple[Entity, ...]:
    """A judgement criterion for each name."""
    return tuple(make(JudgementCriterion, each, observable=Ref(f"ask-{each}")) for each in names)


def small() -> Guideline:
    """Two decisions that share an action, and a measurement for what is not known."""
    return guideline(
        make(CarePathway, "path", "D-dimer on the ward", start_node=Ref("start")),
        *criteria(["low", "risen"]),
        node(StartNode, "start", "Admitted", leads_to=Ref("first")),
        *decision(
            "first",
            "Is D-dimer <1,000 µg/L & stable?",
            ("low", "second"),
            ("Otherwise", "image"),
            ("WhenUnknown", "measure"),
        ),
        *decision(
            "second",
            "Has it risen since?",
            ("risen", "image"),
            ("Otherwise", "done"),
            ("WhenUnknown", "measure"),
        ),
        node(ActionNode, "image", "Image the chest", leads_to=Ref("done")),
        node(ActionNode, "measure", "Measure D-dimer", leads_to=Ref("wait")),
        node(EndNode, "done", "Completed", end_reason=Code("Completed")),
        node(EndNode, "wait", "Come back with the result", end_reason=Code("Completed")),
        make(Recommendation, "REC-1", "Image", implemented_by=(Ref("image"),)),
        make(Recommendation, "REC-2", "Nothing in the pathway"),
    )
