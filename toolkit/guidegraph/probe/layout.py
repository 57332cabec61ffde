"""What the data of a program may be, and the numbers and minutes at which something changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from math import ceil, floor

from guidegraph.kernel import Agg, Bool, Cmp, Datum, Leaf, Node, Ref, children
from guidegraph.program import Input, Program, Setting
from guidegraph.regions import Space
from guidegraph.wire import Linear, wire

NOW = "now"
FAR = 10**9
"""Where a guideline states no plausible range, numbers stay below this, either sign."""
HOUR = 60


class Layout:
    """The data of a program in wire form. All numbers here are whole, as targets see them."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.inputs: Mapping[str, Input] = {each.name: each for each in program.inputs}
        self.settings: Mapping[str, Setting] = {each.name: each for each in program.settings}
        space = Space(program)
        self.conditions: Mapping[Ref, Bool] = space.conditions
        self.guards = {each.name: space.resolved(each.guard) for each in program.rules}
        self.leaves = tuple(dict.fromkeys(leaves(self.conditions.values())))
        form = wire(program)
        self.lines: Mapping[Cmp, Linear] = {
            each: form.linear(each) for each in self.leaves if isinstance(each, Cmp)
        }
        data = dict.fromkeys(datum for line in self.lines.values() for _, datum in line.terms)
        self.aggregates = tuple(each for each in data if isinstance(each, Agg))
        self.minutes = tuple(sorted({0, *self._window_ends()}))
        self.bounds = {name: self._bounds(name) for name in self._numeric()}
        self.marks: Mapping[str, tuple[int, ...]] = self._marks()

    def _numeric(self) -> Iterator[str]:
        yield NOW
        yield from (
            each.name for each in self.inputs.values() if each.kind in ("quantity", "series")
        )
        yield from (each.name for each in self.settings.values() if each.kind == "quantity")

    def _bounds(self, name: str) -> tuple[int, int]:
        """The smallest and largest whole number a patient or site may have."""
        declared = self.inputs.get(name) or self.settings.get(name)
        if declared is None or declared.low is None or declared.high is None:
            return -FAR, FAR
        steps = 10**declared.scale
        low, high = ceil(declared.low * steps), floor(declared.high * steps)
        if isinstance(declared, Setting):
            low += not declared.low_inclusive and low == declared.low * steps
            high -= not declared.high_inclusive and high == declared.high * steps
        return low, high

    def _window_ends(self) -> Iterator[int]:
        for each in self.aggregates:
            yield from (end for end in (each.low, each.high) if end is not None)

    def _marks(self) -> dict[str, tuple[int, ...]]:
        """Where the comparisons of each datum change: alone first, then against the others."""
        marks: dict[str, set[int]] = {name: set() for name in self.bounds}
        marks[NOW].update(self.minutes)
        for setting in self.settings.values():
            if setting.kind == "quantity":
                marks[setting.name].update(self.bounds[setting.name])
                if isinstance(setting.default, Fraction):
                    marks[setting.name].add(int(setting.default * 10**setting.scale))
        lines = sorted(self.lines.values(), key=lambda each: len(each.terms))
        for line in lines:
            for datum in (datum for factor, datum in line.terms if factor):
                marks[place(datum)].update(_crossings(line, datum, marks))
        return {name: tuple(sorted(self._permitted(name, found))) for name, found in marks.items()}

    def _permitted(self, name: str, numbers: Iterable[int]) -> Iterator[int]:
        low, high = self.bounds[name]
        return (each for each in numbers if low <= each <= high)


def place(datum: Datum) -> str:
    """The input or setting whose numbers a datum is compared by; counts go with ``now``."""
    if isinstance(datum, Agg):
        return NOW if is_counted(datum) else datum.series
    return datum.name


def is_counted(datum: Datum) -> bool:
    """Whether a datum is a number of samples."""
    return isinstance(datum, Agg) and datum.fn in ("count", "run")


def _crossings(line: Linear, datum: Datum, marks: Mapping[str, set[int]]) -> Iterator[int]:
    """Where a comparison changes in one datum, the first other one standing at its marks."""
    if is_counted(datum):
        return
    factor = next(each for each, other in line.terms if other == datum)
    others = [(each, other) for each, other in line.terms if other != datum]
    if not others:
        yield round(Fraction(-line.constant, factor))
    elif len(others) == 1:
        for mark in sorted(marks[place(others[0][1])])[:20]:
            yield round(Fraction(-line.constant - others[0][0] * mark, factor))


def leaves(conditions: Iterable[Bool]) -> Iterator[Leaf]:
    """The comparisons, memberships and answers that conditions are made of, shared parts once."""
    seen: set[int] = set()
    stack: list[Node] = list(conditions)
    stack.reverse()
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Leaf):
            yield node
        else:
            stack.extend(reversed(list(children(node))))
