"""How far it goes when something is taken away: what is lost with it, and what is weakened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from guidegraph.impact.rests import Rest


@dataclass(frozen=True, slots=True)
class Step:
    """Why a thing is touched: by this property it rests on ``cause``, which is."""

    thing: str
    term: str
    cause: str


@dataclass(frozen=True, slots=True)
class Spread:
    """What is lost (what was taken away included) and what is weakened, each with the step to it.

    What was taken away has no step.
    """

    lost: Mapping[str, Step | None]
    weakened: Mapping[str, Step]

    def path(self, name: str) -> tuple[Step, ...]:
        """Why a thing is touched, from it back to what was taken away."""
        steps = []
        while step := self.lost[name] if name in self.lost else self.weakened.get(name):
            steps.append(step)
            name = step.cause
        return tuple(steps)


def spread(resting: Mapping[str, tuple[Rest, ...]], removed: Iterable[str]) -> Spread:
    """The fixed point of losing, and then that of weakening.

    Both go round by round, so that the step to each thing lies on a shortest way. A thing is lost
    only through what is lost, so no way leads in a circle.
    """
    lost: dict[str, Step | None] = dict.fromkeys(removed)
    while found := _round(resting, lost, lambda rest: _loss(rest, lost)):
        lost.update(found)
    weakened: dict[str, Step] = {}
    while found := _round(
        resting, {**lost, **weakened}, lambda rest: _weakness(rest, lost, weakened)
    ):
        weakened.update(found)
    return Spread(lost, weakened)


def _round(
    resting: Mapping[str, tuple[Rest, ...]],
    touched: Mapping[str, Step | None],
    cause: Callable[[Rest], str | None],
) -> dict[str, Step]:
    """The things that are touched now and were not before."""
    found: dict[str, Step] = {}
    for name, held in resting.items():
        if name in touched:
            continue
        for rest in held:
            if by := cause(rest):
                found[name] = Step(name, rest.term, by)
                break
    return found


def _loss(rest: Rest, lost: Mapping[str, Step | None]) -> str | None:
    """By what a thing is lost that rests so: all it could rest on is gone."""
    if rest.how in ("needs", "belongs") and all(each in lost for each in rest.names):
        return rest.names[0]
    return None


def _weakness(
    rest: Rest, lost: Mapping[str, Step | None], weakened: Mapping[str, Step]
) -> str | None:
    """By what a thing is weakened that rests so."""
    if rest.how == "belongs":
        return None
    gone = next((each for each in rest.names if each in lost), None)
    if gone or rest.how == "mentions":
        return gone
    return next((each for each in rest.names if each in weakened), None)
