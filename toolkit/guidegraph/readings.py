"""Over how many readings a finding holds, and which interpretation decides it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product
from math import prod

from guidegraph.model import Guideline, InterpretationPoint

MOST_READINGS = 256
"""How many readings are looked at; of more, those nearest the defaults."""

Choice = Mapping[str, str]
"""The reading taken of each interpretation point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """The readings that were looked at, the default first, and how many there are."""

    choices: tuple[Choice, ...]
    total: int

    @property
    def is_complete(self) -> bool:
        """Whether every reading was looked at."""
        return len(self.choices) == self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Robustness:
    """In which readings something holds.

    ``count`` of ``of`` readings; ``decided_by`` names the interpretation points on which it
    depends, ``only_if`` the choices with which it holds, each as readings by point (empty where it
    holds always); ``in_default`` says whether it holds in the default reading.
    """

    count: int
    of: int
    in_default: bool
    decided_by: tuple[str, ...] = ()
    only_if: tuple[tuple[tuple[str, tuple[str, ...]], ...], ...] = ()

    def __str__(self) -> str:
        return f"{self.count} of {self.of} " + ("reading" if self.of == 1 else "readings")


def all_readings(guideline: Guideline, fixed: Choice | None = None) -> Readings:
    """Every choice of readings, the defaults first; ``fixed`` points keep their reading."""
    held = fixed or {}
    points = guideline.all(InterpretationPoint)
    default = {each.id: held.get(each.id, each.default_reading) for each in points}
    free = [each for each in points if each.id not in held]
    total = prod(len(each.readings) for each in free)
    return Readings(
        choices=tuple(islice(_nearest_first(default, free), MOST_READINGS)), total=total
    )


def one_reading(choice: Choice) -> Readings:
    """A single choice of readings."""
    return Readings(choices=(dict(choice),), total=1)


def _nearest_first(default: Choice, free: Sequence[InterpretationPoint]) -> Iterator[Choice]:
    """The choices that differ from the defaults in no point, in one, in two, and so on."""
    for size in range(len(free) + 1):
        for changed in combinations(free, size):
            others = [
                [reading for reading in each.readings if reading != default[each.id]]
                for each in changed
            ]
            for picked in product(*others):
                names = (each.id for each in changed)
                yield {**default, **dict(zip(names, map(str, picked), strict=True))}


def robustness(readings: Readings, holds: Sequence[int]) -> Robustness:
    """What it means that something holds in the readings of these places."""
    choices = readings.choices
    found = frozenset(holds)
    outcome = {tuple(sorted(each.items())): place in found for place, each in enumerate(choices)}
    deciding = tuple(point for point in (choices[0] if choices else {}) if _decides(point, outcome))
    return Robustness(
        count=len(found),
        of=len(choices),
        in_default=0 in found,
        decided_by=deciding,
        only_if=_only_if(deciding, [choices[place] for place in sorted(found)]) if deciding else (),
    )


def _decides(point: str, outcome: Mapping[tuple[tuple[str, str], ...], bool]) -> bool:
    """Whether two readings that differ in this point alone have different outcomes."""
    seen: dict[tuple[tuple[str, str], ...], bool] = {}
    for choice, holds in outcome.items():
        rest = tuple(pair for pair in choice if pair[0] != point)
        if seen.setdefault(rest, holds) != holds:
            return True
    return False


def _only_if(
    deciding: Sequence[str], held: Sequence[Choice]
) -> tuple[tuple[tuple[str, tuple[str, ...]], ...], ...]:
    """The choices of the deciding points, as few products of readings as one merging pass gives."""
    rows: list[tuple[tuple[str, ...], ...]] = [
        tuple((each[point],) for point in deciding) for each in held
    ]
    merged: list[tuple[tuple[str, ...], ...]] = list(dict.fromkeys(rows))
    for place in range(len(deciding)):
        by_rest: dict[tuple[tuple[str, ...], ...], list[str]] = {}
        for row in merged:
            rest = (*row[:place], *row[place + 1 :])
            by_rest.setdefault(rest, []).extend(row[place])
        merged = [
            (*rest[:place], tuple(dict.fromkeys(names)), *rest[place:])
            for rest, names in by_rest.items()
        ]
    return tuple(tuple(zip(deciding, row, strict=True)) for row in merged)
