"""The patients of a seed: first those that are built for a goal, then mixtures of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from random import Random
from typing import Any

from guidegraph.kernel import Agg, Cmp
from guidegraph.probe.draft import Draft
from guidegraph.probe.goals import Goal, goals
from guidegraph.probe.layout import Layout
from guidegraph.probe.mixing import Mixer
from guidegraph.probe.repair import reach
from guidegraph.probe.variants import around
from guidegraph.program import Program

WirePatient = dict[str, Any]
BLOCK = 500
"""Mixtures that share a state of chance: any block can be made without those before it."""


class Probe:
    """The patients of a program and a seed, by place. The built ones are kept in memory."""

    def __init__(self, program: Program, seed: int) -> None:
        self.layout = Layout(program)
        self.seed = seed
        self.built: list[WirePatient] = []
        """Those that are built for a goal, as far as they have been asked for."""
        self._coming = self._build()

    def patients(self, start: int, count: int) -> Iterator[WirePatient]:
        """``count`` patients from place ``start``; the same ones whatever was asked before."""
        self.built.extend(islice(self._coming, max(0, start + count - len(self.built))))
        built = self.built[start : start + count]
        yield from built
        left, place = count - len(built), max(0, start - len(self.built))
        while left > 0:
            block, offset = divmod(place, BLOCK)
            wanted = min(left, BLOCK - offset)
            yield from islice(self._mixed(block), offset, offset + wanted)
            left, place = left - wanted, place + wanted

    def _mixed(self, block: int) -> Iterator[WirePatient]:
        mixer = Mixer(self.layout, Random(f"{self.seed}/{block}"), self.built)  # noqa: S311
        return (mixer.patient() for _ in range(BLOCK))

    def _build(self) -> Iterator[WirePatient]:
        yield {"facts": {}, "settings": {}}
        chance = Random(f"{self.seed}")  # noqa: S311
        mixer = Mixer(self.layout, chance)
        base = mixer.fresh()
        told: set[str] = set()
        for goal in goals(self.layout):
            for patient in self._for(goal, base, mixer):
                if (shown := repr(patient)) not in told:
                    told.add(shown)
                    yield patient
                base = patient

    def _for(self, goal: Goal, base: WirePatient, mixer: Mixer) -> Iterator[WirePatient]:
        """A patient for a goal, from the one before or afresh, and its variants."""
        for start in (base, mixer.fresh(), mixer.fresh()):
            draft = self._draft(start, mixer.chance)
            if reach(draft, [*goal.must, *goal.beside]):
                break
        else:
            reach(draft, [*goal.must])
        yield draft.patient()
        for datum in self._aggregates(goal):
            yield from around(draft, datum)

    def _draft(self, patient: Mapping[str, Any], chance: Random) -> Draft:
        copy = Draft(self.layout, chance, patient["facts"], patient["settings"]).patient()
        return Draft(self.layout, chance, copy["facts"], copy["settings"])

    def _aggregates(self, goal: Goal) -> Iterator[Agg]:
        """The aggregates a goal is about."""
        line = self.layout.lines[goal.leaf] if isinstance(goal.leaf, Cmp) else None
        for _, datum in line.terms if line else ():
            if isinstance(datum, Agg):
                yield datum
