"""Patients mixed at random from others, with data at, beside and between the marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from guidegraph.probe.draft import Draft
from guidegraph.probe.layout import HOUR, NOW, Layout
from guidegraph.probe.repair import pin
from guidegraph.program import Input, Setting

Maker = Callable[[], Any]


class Mixer:
    """Makes one patient after the other from ``chance``; ``pool`` are patients to start from."""

    def __init__(self, layout: Layout, chance: Random, pool: Sequence[dict[str, Any]] = ()) -> None:
        self.layout = layout
        self.chance = chance
        self.pool = pool
        self.facts = {each.name: self._fact(each) for each in layout.program.inputs}
        self.facts[NOW] = self._unless_unknown(self._minute)
        self.settings = {each.name: self._setting(each) for each in layout.program.settings}
        self._names = list(self.facts)
        self._lines = [each for each in layout.lines.values() if each.terms]

    def patient(self) -> dict[str, Any]:
        """A patient of the pool with a few data changed; sometimes one entirely at random."""
        chance = self.chance
        if not self.pool or chance.random() < 0.15:
            return self.fresh()
        base = chance.choice(self.pool)
        facts, settings = dict(base["facts"]), dict(base["settings"])
        for _ in range(chance.choice((0, 1, 1, 2, 2, 3, 5, 8))):
            name = chance.choice(self._names)
            facts[name] = self.facts[name]()
        if self.settings and chance.random() < 0.2:
            self._set(settings, chance.choice(list(self.settings)))
        if self._lines and chance.random() < 0.2:
            facts = _copied(facts)
            draft = Draft(self.layout, chance, facts, settings)
            pin(draft, chance.choice(self._lines), chance.choice((-1, 0, 1)))
        return {"facts": facts, "settings": settings}

    def fresh(self) -> dict[str, Any]:
        """A patient at random; about one datum in thirty is not mentioned at all."""
        chance = self.chance
        facts = {name: make() for name, make in self.facts.items() if chance.random() < 0.97}
        settings: dict[str, Any] = {}
        for name in self.settings:
            if chance.random() < 0.5:
                self._set(settings, name)
        return {"facts": facts, "settings": settings}

    def _set(self, settings: dict[str, Any], name: str) -> None:
        """Choose a setting, or leave it at its default."""
        value = self.settings[name]()
        if value is None:
            settings.pop(name, None)
        else:
            settings[name] = value

    def _fact(self, declared: Input) -> Maker:
        chance = self.chance
        if declared.kind == "boolean":
            return lambda: chance.choice((True, True, False, False, None))
        if declared.kind == "code":
            codes = (*declared.codes, None)
            return lambda: chance.choice(codes)
        number = self._number(declared.name)
        if declared.kind == "quantity":
            return self._unless_unknown(number)
        return lambda: self._series(number)

    def _setting(self, declared: Setting) -> Maker:
        """None stands for the default."""
        if declared.kind == "code":
            codes = (*declared.codes, None) if declared.default is not None else declared.codes
            return lambda: self.chance.choice(codes)
        return self._number(declared.name)

    def _unless_unknown(self, make: Maker) -> Maker:
        return lambda: make() if self.chance.random() < 0.85 else None

    def _number(self, name: str) -> Callable[[], int]:
        """Numbers at marks and one beside, ends of what is plausible, and anything between."""
        chance = self.chance
        low, high = self.layout.bounds[name]
        marks = self.layout.marks[name]
        near = {each + step for each in marks for step in (-1, 0, 1)}
        ends: tuple[int, ...] = (
            (low, high) if name in self.layout.settings or high - low < 10**9 else ()
        )
        special = sorted(each for each in (*near, *ends) if low <= each <= high)
        points = marks or (max(low, min(high, 0)),)
        spread = max(100, *map(abs, points))
        lowest, highest = max(low, points[0] - spread), min(high, points[-1] + spread)

        def number() -> int:
            if special and chance.random() < 0.7:
                return special[int(chance.random() * len(special))]
            return lowest + int(chance.random() * (highest - lowest + 1))

        return number

    def _minute(self) -> int:
        chance = self.chance
        mark = self.layout.minutes[int(chance.random() * len(self.layout.minutes))]
        return mark + chance.choice((-1, 0, 1, 0, HOUR, -HOUR, 300))

    def _series(self, number: Callable[[], int]) -> list[list[int]] | None:
        chance = self.chance
        count = chance.choice((None, 0, 1, 1, 2, 2, 3, 3, 4, 6))
        if count is None:
            return None
        minutes = sorted({self._minute() for _ in range(count)})
        form = chance.random()
        if form < 0.15:
            value = number()
            return [[minute, value] for minute in minutes]
        values = [number() for _ in minutes]
        if form < 0.35:
            values.sort()
        return [[minute, value] for minute, value in zip(minutes, values, strict=True)]


def _copied(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts whose series can be changed without changing those of others."""
    return {
        name: [list(each) for each in value] if type(value) is list else value
        for name, value in facts.items()
    }
