"""A pathway as a tree of steps and branches, each edited where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from guidegraph.edit.pages.cells import Cell
from guidegraph.edit.pages.conditions import Test
from guidegraph.edit.pages.table import Given, Link, Tables, kind_of, link
from guidegraph.model import DecisionNode, PathwayNode, StartNode
from guidegraph.pathway import Step, outlines


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way out of a decision, with the steps that it leads to."""

    link: Link
    label: Cell | None
    role: Cell | None
    tests: tuple[Test, ...]
    leads_to: Cell | None
    steps: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A step of the tree. One that was met before is only named."""

    link: Link
    kind: str
    node: str
    is_again: bool = False
    label: Cell | None = None
    cells: tuple[Cell, ...] = ()
    given: tuple[Given, ...] = ()
    ways: tuple[Way, ...] = ()


def tree(made: Tables, pathway: str) -> tuple[Place, ...]:
    """The steps from the start; then those that nothing leads to."""
    found = outlines(made.guideline, pathway)
    return tuple(place for whole in found for place in _places(made, whole))


def _places(made: Tables, step: Step) -> tuple[Place, ...]:
    """A step, and those that follow without anything to choose."""
    node = step.node
    if step.is_repeated:
        return (Place(link=link(node), kind=kind_of(node), node=node.id, is_again=True),)
    here = Place(
        link=link(node),
        kind=kind_of(node),
        node=node.id,
        label=made.named(node, "gg:question" if _asks(node) else "rdfs:label"),
        cells=tuple(_cells(made, node)),
        given=tuple(made.given(node)),
        ways=tuple(_way(made, each) for each in step.steps if each.branch is not None),
    )
    onward = (_places(made, each) for each in step.steps if each.branch is None)
    return (here, *(each for found in onward for each in found))


def _asks(node: PathwayNode) -> bool:
    return isinstance(node, DecisionNode) and bool(node.question)


def _cells(made: Tables, node: PathwayNode) -> list[Cell]:
    terms = ["gg:hitPolicy"] if isinstance(node, DecisionNode) else []
    onward = [] if isinstance(node, DecisionNode | StartNode) else list(made.actions(node))
    told = (made.named(node, each) for each in terms)
    return [*(each for each in told if each is not None), *onward]


def _way(made: Tables, step: Step) -> Way:
    branch = step.branch
    assert branch is not None
    tests = tuple(made.conditions.tests(branch.criterion))
    row = made.branch_row(branch, tests, ())
    return Way(
        link=row.link,
        label=row.label,
        role=row.role,
        tests=tests,
        leads_to=row.leads_to,
        steps=_places(made, Step(node=step.node, is_repeated=step.is_repeated, steps=step.steps)),
    )
