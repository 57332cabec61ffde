"""What is asked of the solver about one recommendation of two versions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from guidegraph.kernel import And, Assume, Bool, Not

if TYPE_CHECKING:
    from guidegraph.plan.behaviour import Pair, What


def questions(pair: Pair, name: str, has_content: bool) -> Iterator[tuple[What, Bool, bool]]:
    """What is asked about a recommendation: the condition, and whether all data are known."""
    old, new = pair.condition("old", name), pair.condition("new", name)
    if not pair.is_same_rule(name):
        yield "loses", And((old, Not(_surely(new)))), True
        yield "gains", And((new, Not(_surely(old)))), True
        yield "waits", And((old, Not(_surely(new)))), False
        yield "sooner", And((new, Not(_surely(old)))), False
    if has_content:
        yield "differs", And((old, new)), True


def plainly(pair: Pair, name: str, what: What) -> Bool | None:
    """The same of patients about whom neither version waits for data; None where none is asked."""
    old, new = pair.condition("old", name), pair.condition("new", name)
    asked: dict[What, Bool] = {"loses": And((old, Not(new))), "gains": And((new, Not(old)))}
    return asked.get(what)


def _surely(condition: Bool) -> Bool:
    return Assume(condition, default=False, why="only what is sure counts")
