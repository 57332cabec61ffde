"""Property paths: how they are read, followed, and written as SPARQL."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyoxigraph as ox

from guidegraph.columns.columns import Codes
from guidegraph.shacl.data import Data, Index, apart, distinct, expand, join, once


@dataclass(frozen=True, slots=True)
class Step:
    """One property."""

    predicate: ox.NamedNode

    def follow(self, data: Data, nodes: Codes) -> tuple[Index, Codes]:
        """What nodes lead to: pairs of a node's position and an end, ordered, none twice."""
        return distinct(*expand(data.pairs(self.predicate), nodes))

    def backwards(self) -> Path:
        """The same path from its ends."""
        return Against(self.predicate)

    @property
    def sparql(self) -> str:
        """As SPARQL writes it."""
        return f"<{self.predicate.value}>"


@dataclass(frozen=True, slots=True)
class Against:
    """One property, from its value to whom it describes."""

    predicate: ox.NamedNode

    def follow(self, data: Data, nodes: Codes) -> tuple[Index, Codes]:
        """As in ``Step``."""
        return distinct(*expand(data.pairs(self.predicate).inverse, nodes))

    def backwards(self) -> Path:
        """As in ``Step``."""
        return Step(self.predicate)

    @property
    def sparql(self) -> str:
        """As in ``Step``."""
        return f"^<{self.predicate.value}>"


@dataclass(frozen=True, slots=True)
class Sequence:
    """One path after the other."""

    parts: tuple[Path, ...]

    def follow(self, data: Data, nodes: Codes) -> tuple[Index, Codes]:
        """As in ``Step``."""
        at, ends = self.parts[0].follow(data, nodes)
        for part in self.parts[1:]:
            middle, back = data.distinct(ends)
            rows, further = join(back, *part.follow(data, middle))
            at, ends = distinct(at[rows], further)
        return at, ends

    def backwards(self) -> Path:
        """As in ``Step``."""
        return Sequence(tuple(each.backwards() for each in reversed(self.parts)))

    @property
    def sparql(self) -> str:
        """As in ``Step``."""
        return f"({'/'.join(each.sparql for each in self.parts)})"


@dataclass(frozen=True, slots=True)
class Alternative:
    """Any of several paths."""

    parts: tuple[Path, ...]

    def follow(self, data: Data, nodes: Codes) -> tuple[Index, Codes]:
        """As in ``Step``."""
        found = [each.follow(data, nodes) for each in self.parts]
        at, ends = (np.concatenate(each) for each in zip(*found, strict=True))
        return distinct(at, ends)

    def backwards(self) -> Path:
        """As in ``Step``."""
        return Alternative(tuple(each.backwards() for each in self.parts))

    @property
    def sparql(self) -> str:
        """As in ``Step``."""
        return f"({'|'.join(each.sparql for each in self.parts)})"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A path again and again; ``skips``: also not at all, ``repeats``: more often than once."""

    part: Path
    skips: bool
    repeats: bool

    def follow(self, data: Data, nodes: Codes) -> tuple[Index, Codes]:
        """As in ``Step``."""
        first = self.part.follow(data, nodes)
        met = first[0] << 32 | first[1]
        new = met
        while self.repeats and len(new):
            at, ends = apart(new)
            middle, back = data.distinct(ends)
            rows, further = join(back, *self.part.follow(data, middle))
            reached = once(at[rows] << 32 | further)
            new = reached[~_within(met, reached)]
            met = np.sort(np.concatenate([met, new]))
        if self.skips:
            met = once(np.concatenate([met, np.arange(len(nodes)) << 32 | nodes]))
        return apart(met)

    def backwards(self) -> Path:
        """As in ``Step``."""
        return Repeat(self.part.backwards(), self.skips, self.repeats)

    @property
    def sparql(self) -> str:
        """As in ``Step``."""
        sign = ("*" if self.skips else "+") if self.repeats else "?"
        return f"({self.part.sparql}){sign}"


Path = Step | Against | Sequence | Alternative | Repeat


def _within(ordered: Index, asked: Index) -> Index:
    at = np.searchsorted(ordered, asked)
    at[at == len(ordered)] = 0
    return ordered[at] == asked if len(ordered) else np.zeros(len(asked), dtype=np.bool_)
