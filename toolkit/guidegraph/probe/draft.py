"""A patient in the making: each datum can be given the value that something needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Any

from guidegraph.kernel import Agg, Datum
from guidegraph.probe.layout import HOUR, Layout, is_counted, place

MOST_SAMPLES = 12


@dataclass(slots=True)
class Draft:
    """Facts and settings in wire form, being changed."""

    layout: Layout
    chance: Random
    facts: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)

    def patient(self) -> dict[str, Any]:
        """What it is by now; later changes do not reach it."""
        facts = {
            name: [list(each) for each in value] if isinstance(value, list) else value
            for name, value in self.facts.items()
        }
        return {"facts": facts, "settings": dict(self.settings)}

    def number(self, datum: Datum) -> int | None:
        """The whole number a datum has now; None where it is unknown."""
        if not isinstance(datum, Agg):
            if datum.kind == "setting":
                return self._setting(datum.name)
            held = self.facts.get(datum.name)
            return held if isinstance(held, int) else None
        if self.facts.get(datum.series) is None:
            return None
        values = [value for _, value in self.inside(datum)]
        if datum.fn == "count":
            return len(values)
        if not values:
            return None
        if datum.fn == "run":
            breaks = [n for n, (one, other) in enumerate(pairwise(values), 1) if one >= other]
            return len(values) - (breaks[-1] if breaks else 0)
        ends = {"first": values[0], "last": values[-1], "max": max(values), "min": min(values)}
        return ends[datum.fn]

    def some(self, datum: Datum) -> int:
        """A number at which something changes in this datum."""
        if is_counted(datum):
            return self.chance.randint(1, 3)
        name = place(datum)
        return self.chance.choice(self.layout.marks[name] or self.layout.bounds[name][:1])

    def inside(self, datum: Agg) -> list[list[int]]:
        """The samples in the window of an aggregate."""
        return [each for each in self.facts.get(datum.series) or () if _contains(datum, each[0])]

    def give(self, datum: Datum, number: int) -> bool:
        """Make a datum be a number; False where it cannot."""
        if not isinstance(datum, Agg):
            low, high = self.layout.bounds[datum.name]
            if low <= number <= high:
                (self.settings if datum.kind == "setting" else self.facts)[datum.name] = number
            return low <= number <= high
        if is_counted(datum):
            return self._give_length(datum, number)
        low, high = self.layout.bounds[datum.series]
        if not low <= number <= high:
            return False
        return self._give_value(datum, number)

    def forget(self, datum: Datum) -> bool:
        """Make a datum unknown: a series as a whole, or only what is in the window."""
        if not isinstance(datum, Agg):
            if datum.kind == "setting":
                return False
            self.facts[datum.name] = None
        elif datum.fn == "count" or self.chance.random() < 0.3:
            self.facts[datum.series] = None
        else:
            kept = [e for e in self.facts.get(datum.series) or () if not _contains(datum, e[0])]
            self.facts[datum.series] = kept
        return True

    def _setting(self, name: str) -> int | None:
        if name in self.settings:
            held = self.settings[name]
        else:
            setting = self.layout.settings[name]
            held = setting.default
            if not isinstance(held, str) and held is not None:
                held = int(held * 10**setting.scale)
        return held if isinstance(held, int) else None

    def _give_value(self, datum: Agg, number: int) -> bool:
        samples = self.inside(datum)
        if not samples:
            return self._add(datum, number)
        if datum.fn in ("first", "last"):
            samples[0 if datum.fn == "first" else -1][1] = number
            return True
        beyond = max if datum.fn == "max" else min
        chosen = beyond(samples, key=lambda each: each[1])
        chosen[1] = number
        for each in samples:
            if each is not chosen and beyond(each[1], number) == each[1]:
                each[1] = number
        return True

    def _give_length(self, datum: Agg, length: int) -> bool:
        if not (0 if datum.fn == "count" else 1) <= length <= MOST_SAMPLES:
            return False
        minutes = self._free_minutes(datum, length)
        if len(minutes) < length:
            return False
        low, high = self.layout.bounds[datum.series]
        start = self.chance.choice(self.layout.marks[datum.series] or (low,))
        start = max(low, min(start, high - length))
        rest = [e for e in self.facts.get(datum.series) or () if not _contains(datum, e[0])]
        rising = [[minute, start + step] for step, minute in enumerate(minutes)]
        self.facts[datum.series] = sorted(rest + rising)
        return True

    def _free_minutes(self, datum: Agg, count: int) -> list[int]:
        """So many different minutes of a window, its ends among them where it has any."""
        low, high = datum.low, datum.high
        start = low if low is not None else (0 if high is None else high - count * HOUR)
        end = high if high is not None else start + count * HOUR
        step = max(1, (end - start) // max(1, count - 1))
        return list(range(start, end + 1, step))[:count]

    def _add(self, datum: Agg, number: int) -> bool:
        """A sample where the window has none; False where no minute can lie in it."""
        inside = [
            near
            for each in self.layout.minutes
            for near in (each - 1, each, each + 1, each + HOUR)
            if _contains(datum, near)
        ]
        if inside:
            others = self.facts.get(datum.series) or []
            self.facts[datum.series] = sorted([*others, [self.chance.choice(inside), number]])
        return bool(inside)


def _contains(datum: Agg, minute: int) -> bool:
    return (datum.low is None or minute >= datum.low) and (
        datum.high is None or minute <= datum.high
    )
